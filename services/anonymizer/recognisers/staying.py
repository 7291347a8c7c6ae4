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
_SHORTEST: Final = 4
_LONG: Final = 9
"""From this length a capitalised word that a scan misread is not taken for a name."""
_NAMES: Final = lex.FIRST | lex.STRONG


def mark_staying(reading: Reading) -> None:
    """Fill `reading.kept` for words of closed classes and for ordinary words that a scan misread or broke in two."""
    if "-\n" in reading.text:
        _mark_broken_lines(reading)
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
        elif (
            _is_shouted(reading, index)
            or _is_thing(reading, index, word)
            or _labels(reading, index, word)
            or _is_misread(reading, index, word)
        ):
            reading.kept[index] = 3


def _mark_broken_lines(reading: Reading) -> None:
    """Keep an ordinary word that the end of a line cut in two: `kan-` and `toor`."""
    for index in range(1, len(reading.words)):
        if reading.gap(index) == "-\n" and not reading.cases[index]:
            whole = reading.lexicon.flag(reading.words[index - 1] + reading.words[index])
            if whole & lex.WORD and not whole & _NAMES:
                reading.kept[index - 1] = reading.kept[index] = 3


def _is_thing(reading: Reading, index: int, word: str) -> bool:
    """Whether a make follows what says that it is a thing, or a god whose it is: `een witte Audi`, `jullie Jezus`."""
    before = reading.words[index - 1] if index else ""
    owned = (word in _MAKES and before in _OF_THINGS) or (word in _HONOURED and before in _OWN)
    return owned and reading.joined(index) and not reading.capital_after(index)


def _labels(reading: Reading, index: int, word: str) -> bool:
    """Whether a word at the start of a line is a number, a code or a desk cut short before a colon: `II:`, `Med.:`."""
    if not reading.opens[index] or reading.text[reading.ends[index] : reading.ends[index] + 2].lstrip(".")[:1] != ":":
        return False
    return word in _CODES or word in _CUT_SPEAKERS or _ROMAN.fullmatch(word) is not None


def _is_shouted(reading: Reading, index: int) -> bool:
    """Whether a word in capitals has small letters l where a scan read an I: `MELDlNG`."""
    text = reading.text[reading.starts[index] : reading.ends[index]]
    if "l" not in text or len(text) <= _SHORTEST or not reading.cases[index]:
        return False
    read = text.replace("l", "I")
    return read.isupper() and bool(reading.lexicon.flag(read.lower()) & (lex.WORD | lex.KEEP))


def _is_misread(reading: Reading, index: int, word: str) -> bool:
    """Whether an unlisted word is an ordinary one with two letters read for one, or the first half of a broken one."""
    inside = reading.cases[index] and not reading.opens[index] and len(word) < _LONG
    if reading.flags[index] or word.isdigit() or inside:
        return False
    if reading.text[reading.ends[index] : reading.ends[index] + 3].strip(" l")[:1].isdigit():
        return False
    for wrong, right in _MISREAD:
        if wrong in word and len(word) >= _SHORTEST:
            flag = reading.lexicon.flag(word.replace(wrong, right))
            if flag & (lex.WORD | lex.KEEP) and not flag & _NAMES:
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
