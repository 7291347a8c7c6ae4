# SPDX-License-Identifier: EUPL-1.2
"""Ages that are all that is said of somebody, and numbers that look like them."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("- mevrouw is 74\n- woont alleen", "74"),
        ("De bewoonster was 81, slecht ter been.", "81"),
        ("en ik ben vierentachtig dag", "vierentachtig"),
        ("mijn zus is tweeëntwintig hoor", "tweeëntwintig"),
        ("de klant was 45 en boos", "45"),
        ("cliënt, is 34 en moe", "34"),
        ("Onze jongste is 9.", "9"),
        ("is 17, heet verder niemand", "17"),
        ("Melder: Esra,  22 .  Zij is boos.", "22"),
    ],
)
def test_given_an_age_after_who_somebody_is_when_redacted_then_it_goes(text: str, age: str, lexicon: Lexicon) -> None:
    start = text.index(age)

    assert (start, start + len(age), "AGE") in [
        (mark.start, mark.end, mark.kind) for mark in redact(text, lexicon=lexicon).marks
    ]


@pytest.mark.parametrize(
    "text",
    [
        "mevrouw is 3 keer gevallen",
        "ik ben twintig minuten gebleven",
        "het huisnummer is 45",
        "de prijs is 25",
        "die is 50% duurder",
        "dat is 40 procent",
        "hij is 12e geworden",
        "is 3 keer gebeld",
        "de temperatuur was 21 en het regende",
    ],
)
def test_given_a_number_that_counts_something_when_redacted_then_it_stays(text: str, lexicon: Lexicon) -> None:
    assert redact(text, lexicon=lexicon).text == text
