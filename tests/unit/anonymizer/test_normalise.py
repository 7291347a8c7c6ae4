# SPDX-License-Identifier: EUPL-1.2
"""One spelling for many, with the way back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.normalise import normalise
from services.anonymizer.redaction import redact


@given(text=st.text(max_size=200))
def test_given_any_text_when_normalised_then_every_position_points_into_the_original(text: str) -> None:
    done = normalise(text)

    places = [done.original(index, index + 1) for index in range(len(done.text))]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert [start for start, _ in places] == sorted(start for start, _ in places)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda name: unicodedata.normalize("NFD", name),
        "\u200b".join,
        lambda name: name.replace("a", "\u0430"),
        lambda name: name.upper(),
        lambda name: name.replace("J", "\uff2a"),
    ],
    ids=["decomposed", "zero width", "cyrillic", "shouted", "full width"],
)
def test_given_a_disguised_name_when_redacted_then_all_of_it_goes(disguise: object, lexicon: Lexicon) -> None:
    assert callable(disguise)
    name = disguise("José Jansen")

    done = redact(f"De dader heet {name} denk ik.", lexicon=lexicon)

    assert done.text == "De dader heet [PERSOON-1] denk ik."


def test_given_eastern_digits_when_redacted_then_the_phone_goes(lexicon: Lexicon) -> None:
    done = redact("هاتفي ٠٦١٢٣٤٥٦٧٨", lexicon=lexicon)

    assert "[TELEFOON]" in done.text
