# SPDX-License-Identifier: EUPL-1.2
"""Marks number plates whose parts stand apart: said with `streepje`, over two lines, spelt, or misread by a scan."""

from typing import Final

from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.plates import CARS, NO_PLATE_LETTERS, is_series

_SAID: Final = {
    word: figure
    for words in (
        "nul een twee drie vier vijf zes zeven acht negen",
        "zero one two three four five six seven eight nine",
    )
    for figure, word in enumerate(words.split())
}
_FIGURES: Final = frozenset(_SAID)
_DASHES: Final = frozenset("streepje streep koppelteken dash liggend".split())
_GAPS: Final = frozenset({" ", "-", ".", "/", "-\n", " - ", "\n-", "- ", " -"})
_JOINED: Final = frozenset({"-", "/", "_", "@", "#", ".", "\\", ":"})
"""Signs beside a run that make it a part of a longer code."""
_MISREAD: Final = str.maketrans("lioszb", "110528")
_SIZE: Final = 6
_LONGEST_PART: Final = 4
_BEFORE: Final = 8
_AFTER: Final = 4
_LEAST_SPELT: Final = 2


def mark_plates_apart(reading: Reading) -> None:
    """Mark each run of parts that makes a plate exactly, where a dash or a word for a car says that it is one."""
    seen = -1
    for index in sorted([*reading.figured(), *reading.indexes(_FIGURES)]):
        if index > seen:
            first = _start(reading, index, seen + 1)
            seen = _run(reading, first)
            if seen > first:
                _mark(reading, first, seen)


def _start(reading: Reading, index: int, floor: int) -> int:
    """Index of the first part of the run that a figure stands in, not before `floor`."""
    first = index
    while first > floor and index - first < _SIZE and reading.gap(first) in _GAPS:
        if reading.words[first - 1] not in _DASHES and not _part(reading, first - 1):
            break
        first -= 1
    while first < index and reading.words[first] in _DASHES:
        first += 1
    return first


def _part(reading: Reading, index: int) -> str:
    """The letters or figures a word stands for in a plate; nothing when it is no part of one."""
    word = reading.words[index]
    if reading.taken[index]:
        return ""
    if word in _SAID:
        return str(_SAID[word])
    if len(word) > _LONGEST_PART or not word.isascii() or not word.isalnum():
        return ""
    usual = word in NO_PLATE_LETTERS and not reading.cases[index]
    return "" if word.isalpha() and (not _consonants(word) or (usual and len(word) > 1)) else word


def _consonants(word: str) -> bool:
    return not any(letter in "aeiouyqc" for letter in word)


def _run(reading: Reading, first: int) -> int:
    """Index of the last part of the run that begins at a word, or one less than the word when there is none."""
    if not _part(reading, first):
        return first - 1
    last = at = first
    while at + 1 < len(reading.words) and reading.gap(at + 1) in _GAPS and at - first < 2 * _SIZE:
        at += 1
        if reading.words[at] not in _DASHES:
            if not _part(reading, at):
                break
            last = at
    return last


def _mark(reading: Reading, first: int, last: int) -> None:
    """Claim a run that has the length and the order of a plate."""
    inside = range(first, last + 1)
    parts = [_part(reading, index) for index in inside if reading.words[index] not in _DASHES]
    read = [part.translate(_MISREAD) if part.isalnum() and any(map(str.isdigit, part)) else part for part in parts]
    if len("".join(parts)) != _SIZE or not (is_series("".join(parts)) or is_series("".join(read))):
        return
    outside = (
        reading.text[max(0, reading.starts[first] - 1) : reading.starts[first]],
        reading.text[reading.ends[last] :][:1],
    )
    if outside[0] in _JOINED or outside[1] in _JOINED - {".", ":"}:
        return
    dashed = all("-" in reading.gap(index) for index in inside[1:]) or not _DASHES.isdisjoint(reading.words[first:last])
    shown = [index for index in inside if reading.cases[index] and len(reading.words[index]) == 1]
    spelt = len(shown) >= _LEAST_SPELT and any(reading.words[index] in _SAID for index in inside)
    around = {*reading.words[max(0, first - _BEFORE) : first], *reading.words[last + 1 : last + 1 + _AFTER]}
    letters = any(part.isalpha() or any(map(str.isalpha, part)) for part in parts)
    if letters and (dashed or spelt or not CARS.isdisjoint(around)):
        reading.claim(reading.starts[first], reading.ends[last], "LICENSE_PLATE")
