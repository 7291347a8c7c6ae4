# SPDX-License-Identifier: EUPL-1.2
"""Says why a redaction may have missed something. Owns the reasons; a text with any of them waits for a person."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.normalise import Normalised
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.floods import MOST_NUMBERS

SCRIPT: Final = "onbekend-schrift"
LANGUAGE: Final = "onbekende-taal"
CAPITALS: Final = "hoofdletters-over"
DIGITS: Final = "cijfers-over"
LONG: Final = "zeer-lang"
DISGUISED: Final = "vermomde-tekens"
UNKNOWN_WORDS: Final = "onbekende-woorden"

POSSIBLE_NAME: Final = "mogelijke-naam"

REASONS: Final = (SCRIPT, LANGUAGE, CAPITALS, DIGITS, LONG, DISGUISED, UNKNOWN_WORDS, POSSIBLE_NAME)
_OTHER_SCRIPT: Final = re.compile(
    r"[^\u0000-\u024f\u02b0-\u036f\u1e00-\u1eff\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]"
)
_LONG_RUN: Final = re.compile(r"\d(?:[ .\-]?\d){3,}")
_LONGEST_SURE: Final = 6_000
_LEFT_CAPITALS: Final = 1
_READ_LANGUAGES: Final = frozenset({"nl", "en", "de", "fr", "tr", "pl", "es", "pap"})
_UNKNOWN_SHARE: Final = 0.25


def reasons(normalised: Normalised, reading: Reading) -> tuple[str, ...]:
    """The reasons to have a person look at this redaction, in a fixed order; empty when there are none."""
    found: list[str] = []
    if not normalised.text.isascii() and _OTHER_SCRIPT.search(normalised.text):
        found.append(SCRIPT)
    if reading.language not in _READ_LANGUAGES:
        found.append(LANGUAGE)
    if _capitals_left(reading) >= _LEFT_CAPITALS:
        found.append(CAPITALS)
    if reading.figures and any(reading.free(*match.span()) for match in _LONG_RUN.finditer(normalised.text)):
        found.append(DIGITS)
    if len(normalised.text) > _LONGEST_SURE or len(reading.numbered) > MOST_NUMBERS:
        found.append(LONG)
    if normalised.disguised:
        found.append(DISGUISED)
    return (*found, *_words_left(reading))


def _words_left(reading: Reading) -> tuple[str, ...]:
    """The reasons that lie in words that stay: too many nobody listed, one that may be a name."""
    unknown = _unknown_share(reading) > _UNKNOWN_SHARE
    unsure = any(not reading.taken[index] for index in reading.unsure)
    return (UNKNOWN_WORDS,) * unknown + (POSSIBLE_NAME,) * unsure


def _capitals_left(reading: Reading) -> int:
    """Capitalised words nobody listed that stand in the redacted text, wherever they stand."""
    return sum(
        1
        for index in _unlisted(reading)
        if not reading.flags[index]
        and reading.cases[index]
        and len(reading.words[index]) > 2
        and reading.words[index].isalpha()
    )


def _unlisted(reading: Reading) -> list[int]:
    """Indexes of the words that stay and that nobody listed, or only as a name."""
    return [
        index
        for index, flag in enumerate(reading.flags)
        if not flag & ~lex.NAME and not reading.taken[index] and not reading.kept[index]
    ]


def _unknown_share(reading: Reading) -> float:
    """Share of the words left that nobody listed, of texts long enough to say something."""
    left = reading.taken.count(0)
    if left < 8:
        return 0.0
    return sum(1 for index in _unlisted(reading) if not reading.words[index].isdigit()) / left
