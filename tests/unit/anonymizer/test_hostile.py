# SPDX-License-Identifier: EUPL-1.2
"""Work grows with the length of a text and no faster, whatever the text holds."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from services.anonymizer import words
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.recognisers.floods import MOST_NUMBERS
from services.anonymizer.redaction import redact

UNITS = [
    "1 ", "1", "a", "A", "Aa ", ".", "@", "a@", "a.", "-", "\n", "a:\n", "a_", "van ", "Van ", "de enige ",
    "bus 1 ", "bus halte ", "straat 1 ", "Dorpstraat ", "1 mei ", "een twee drie ", "Jan ", "J. ", "xqzjw ",
    "Xqzjwk ", "a@b.c ", "a punt ", "a apenstaartje ", "http://", "www.", "NL91 ", "NL91ABNA", "A1-", "AB-1234-",
    "naam ", "ik ben ", "mevr. ", '" ', "(", "\u200b", "e\u0301", "\u0430a", "\u0645\u062d ", "我", "1/", "1:2:",
    "tel 06 ", "kenteken A1 ", "ik ben 3 ", "school De ", "bij school de ", "nummer ", "1234 ab ", "halte Aaa Bbb ",
    "bij de trap naast de ", "abcdefghijklmabcdefghijklmabcdefghijklm ", "\x00", "\ud800", "nr nr ", "groet, ",
    "om 12:00 bij de ", "x en y ", "zilpa en ", "zei xqz zei ", "a1b2c3d4 ", "12-34-", "1,2 ", "#123 ",
    "1 0 5 5 x k ", "1 XI ", "o9 ", "nul ", "nul6 ", "zes 1 ", "honderd", "op de wegeen ", "5 van ",
    "Jan K. ", "a: b\n", "<a> :", "ab 12 cd ", "78 xks 5 ", "zb*114*k ", "kamer A1 bij ",
    "steiger 3 naast ", "bank bij de bank ", "(7) ", "die 7 ", "restaurant de x ", "bij t X ", "Getuige: ",
    "ene X ", "nummer vijf in de ", "straat1 ", "true", "truetruetruetrue ", "code a1. ", "chauffeur 123 ",
    "eerste dove ", "als enige ", "2e paasdag ", "tiende van de tiende maand ", "te Xqz ",
    "Xqz Ziekenhuis ", "Gemeente Xqz ", "Amsterdamse ", "heet bloem ",
    "kankerx ", "account a1b ", "kenteken A-.-b ", "a.b/c ", "nummer zes-", "de enige die de ", "de eerste dove ",
    "bij de kaas om 3 ", "v.v. Aa ", "afdeling De Aa ", "Dilara Dil ", "Jan-Piet JP ", "Naam-\n", "PERS0N ", "a0bc ",
    "Burg. Mr. ", "is en 20 ", "www punt a ", "a punt nl slash ", "the 3rd, ", "tweede van de ", "Rotterdam'da ",
    "Arabischspreken ", "school is 't ", "afdeling Zorg ", "12 kant ", "CJIB 4123 ", "Aakant 1-unit 2 ",
    "heet volgens ", "Beste ", "mr. dr. ir. ", "en Jan ", "De Zon ", "bv ", "college ",
    "klant van 81 ", "baby van 5 maanden ", "kinderen van 3 en ", "toen ik ", "v/58 ", "leeftijd: ", "doof / 77 / ",
    "l5 ", "trente-quatre ", "otuz ", "dertig geworden ", "am sixty-",
    "Laan van Aa 1/", "Aaweg 1-", "op de x nummer ", "straat: Aa ", "1 rue de ", "was at a.b/", "www . a . b / ",
    "a at b.nl ", "http:// ",
    "Aa Wasserij ", "school is Aa ", "zaak heet x ", "Aa (school) ", "Mavo ", "Aa, een school ",
    "een audi ", "II:\n", "rn", "ab-cd ", "med.:\n",
]  # fmt: skip
SHORT = 500
TIMES = 4


def calls(work: Callable[[], object]) -> int:
    """How many Python and C functions a piece of work calls; patterns that go wild are caught by the benchmark."""
    count = 0

    def tick(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tick)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_given_a_hostile_text_when_it_is_four_times_longer_then_the_work_grows_no_faster(
    unit: str, lexicon: Lexicon
) -> None:
    short = (unit * SHORT)[: SHORT * 4]
    long = unit * (len(short) * TIMES // len(unit))

    little = calls(lambda: redact(short, lexicon=lexicon))
    much = calls(lambda: redact(long, lexicon=lexicon))

    assert much <= (little + 2_000) * TIMES * 1.5


@pytest.mark.parametrize("line", ["12 aan 34, 5\n", "Jansen 06-12345678\n", "1:2:3 ", "op 3 mei bus 70\n"])
def test_given_a_text_with_a_flood_of_numbers_when_redacted_then_none_is_left_and_a_person_looks(line: str) -> None:
    text = line * (MOST_NUMBERS + 1)

    done = redact(text, lexicon=words.load())

    hidden = {at for mark in done.marks for at in range(mark.start, mark.end)}
    assert all(at in hidden for at, sign in enumerate(text) if sign.isdigit())
    assert done.review
