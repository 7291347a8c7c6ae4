# SPDX-License-Identifier: EUPL-1.2
"""Keeps words of closed classes that look like names: makes of cars, beliefs, roles cut short, misread words."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.word_lists import listed

_MAKES: Final = listed("staying", "makes")
"""Makes and models of what people drive, ride or carry."""
_OF_THINGS: Final = listed("staying", "of_things")
_BELIEFS: Final = listed("staying", "beliefs")
"""Beliefs, what they honour and wear, and other words of grounds."""
_HONOURED: Final = listed("staying", "honoured")
_OWN: Final = listed("staying", "own")
_CUT_ROLES: Final = listed("staying", "roles")
_TITLES_DECLINED: Final = listed("staying", "titles")
"""Titles in the cases that a list of titles leaves out."""
_CUT_SPEAKERS: Final = listed("staying", "speakers")
_CODES: Final = listed("staying", "codes")
_LISTED: Final = _BELIEFS | _CUT_ROLES | _TITLES_DECLINED | _MAKES | _HONOURED
"""Words of the lists above; of others only unlisted words and labels are looked at."""
_ROMAN: Final = re.compile(r"[ivx]{2,4}")
_MISREAD: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "n"))
_SHORTEST: Final = 5
_NAMES: Final = lex.FIRST | lex.STRONG


def mark_staying(reading: Reading) -> None:
    """Fill `reading.kept` for words of closed classes and for ordinary words that a scan misread or broke in two."""
    labelled = ":" in reading.text
    for index, word in enumerate(reading.words):
        if reading.kept[index] or not (
            not reading.flags[index] or word in _LISTED or (labelled and reading.opens[index])
        ):
            continue
        if word in _BELIEFS and not reading.flags[index] & lex.STRONG:
            reading.kept[index] = 1
        elif word in _CUT_ROLES or word in _TITLES_DECLINED:
            reading.kept[index] = 3
            reading.flags[index] |= lex.TITLE if word in _TITLES_DECLINED else lex.ROLE
        elif _is_thing(reading, index, word) or _labels(reading, index, word) or _is_misread(reading, index, word):
            reading.kept[index] = 3


def _is_thing(reading: Reading, index: int, word: str) -> bool:
    """Whether a make follows what says that it is a thing, or a god whose it is: `een witte Audi`, `jullie Jezus`."""
    before = reading.words[index - 1] if index else ""
    owned = (word in _MAKES and before in _OF_THINGS) or (word in _HONOURED and before in _OWN)
    return owned and reading.joined(index) and not _capital_after(reading, index)


def _capital_after(reading: Reading, index: int) -> bool:
    after = index + 1
    return after < len(reading.words) and reading.joined(after) and bool(reading.cases[after])


def _labels(reading: Reading, index: int, word: str) -> bool:
    """Whether a word at the start of a line is a number, a code or a desk cut short before a colon: `II:`, `Med.:`."""
    if not reading.opens[index] or reading.text[reading.ends[index] : reading.ends[index] + 2].lstrip(".")[:1] != ":":
        return False
    return word in _CODES or word in _CUT_SPEAKERS or _ROMAN.fullmatch(word) is not None


def _is_misread(reading: Reading, index: int, word: str) -> bool:
    """Whether an unlisted word is an ordinary one with two letters read for one, or the first half of a broken one."""
    if reading.flags[index] or word.isdigit() or (reading.cases[index] and not reading.opens[index]):
        return False
    if reading.text[reading.ends[index] : reading.ends[index] + 3].strip(" l")[:1].isdigit():
        return False
    for wrong, right in _MISREAD:
        if wrong in word and len(word) >= _SHORTEST:
            flag = reading.lexicon.flag(word.replace(wrong, right))
            if flag & lex.WORD and not flag & _NAMES:
                return True
    return "-" in reading.text and _is_half(reading, index)


def _is_half(reading: Reading, index: int) -> bool:
    """Whether a word is a half of an ordinary one that a hyphen broke; keeps both halves."""
    for first, second in ((index, index + 1), (index - 1, index)):
        if first >= 0 and second < len(reading.words) and reading.gap(second) == "-":
            flag = reading.lexicon.flag(reading.words[first] + reading.words[second])
            if flag & lex.WORD and not flag & _NAMES and not reading.flags[second] & lex.NAME:
                reading.kept[first] = reading.kept[second] = 3
                return True
    return False
