# SPDX-License-Identifier: EUPL-1.2
"""Marks number plates in one word, in small letters, as scans read them, or near a word for a car or a plate."""

import re
from typing import Final

from services.anonymizer.reading import Reading, matches_at

_SERIES: Final = frozenset(
    "LLDDDD DDDDLL DDLLDD LLDDLL LLLLDD DDLLLL DDLLLD DLLLDD LLDDDL LDDDLL LLLDDL LDDLLL DLLDDD DDDLLD".split()
)
"""Orders of letters and figures of Dutch plates."""
_LIKE_POSTCODE: Final = "DDDDLL"
_CONSONANTS: Final = frozenset("bcdfghjklmnpqrstvwxyz")
_SIZE: Final = 6
_JOINED: Final = frozenset("/-_.@#\\")
"""Signs that make a word a part of a longer code; a point or a sign at the end of a sentence is looked at as well."""
_PARTS: Final = re.compile(r"(\w{1,4})(\s?[-–·.]\s?|\s)(\w{1,4})(?:(\s?[-–·.]\s?|\s)(\w{1,4}))?(?![\w-]|[.,]\d)")
_CONFUSED: Final = str.maketrans("oli", "011")
CARS: Final = frozenset(
    "auto auto's kenteken kent plaat nummerbord nummerplaat kentekenplaat wagen scooter brommer bus busje bestelbus "
    "taxi "
    "motor car plate vrachtwagen aanhanger camper golf polo opel fiat ford bmw audi mercedes toyota kia "
    "renault "
    "peugeot citroen citroën seat skoda volvo tesla suzuki hyundai nissan volkswagen vw mazda dacia".split()
)
NO_PLATE_LETTERS: Final = frozenset("km cm mm kg st nr pg wk hr dr mr ds vs zn mn mnd jr pc blz gr kr wkn dgn".split())
"""Short forms that follow a number."""
_NEAR: Final = 7
"""Words between a word for a car and its plate."""
_CUES: Final = frozenset(
    "kenteken kent kentekennr kentekennummer nummerbord nummerplaat kentekenplaat plaat numberplate kennzeichen plaka "
    "rejestracja rejestracji tablica immatriculation plaque".split()
)
_CUED: Final = re.compile(
    r"\w+\.?(?: ?(?:is|was|nr|nummer|no|iets van|begint met|eindigt op|begon met|eindigde op|deels|met|van de auto|"
    r"ongeveer|"
    r"dacht ik|geloof ik|:))*[ :=(\"']{1,3}"
    r"((?-i:[A-Z]{1,3}|[a-z]{1,3}|\d{1,4})(?:(?:[ .\-–]| [-–] ?|[-–] )?(?-i:[A-Z]{1,4}|\d{1,4}|"
    r"[b-df-hj-np-tv-z]{1,3}(?![a-z]))){1,4})(?!\w)",
    re.IGNORECASE,
)
_SEEN: Final = re.compile(
    r"[^\n.;!?]{1,40}?(?<![\w-])((?:[A-Z]{1,3}[ -]?\d{1,3}|\d{1,3}[ -]?[A-Z]{1,3})(?:[ -]?(?:[A-Z]{1,3}|"
    r"\d{1,2}))?)(?![\w-])"
)
"""`het kenteken was iets met TX 88`: capitals with figures in the same sentence."""
_SEEN_BACK: Final = 50
_SEEN_BEFORE: Final = re.compile(
    r"(?<![\w-])((?:[A-Z]{1,3}-\d{1,3}|\d{1,3}-[A-Z]{1,3})(?:-(?:[A-Z]{1,3}|\d{1,3}))?)(?![\w-])[^\n.;!?]{1,40}$"
)
_MOST_CUED: Final = 12
_LEAST_CUED: Final = 3


def mark_plates(reading: Reading) -> None:
    """Mark plates in less usual forms."""
    if not reading.figured():
        return
    if reading.any_of(_CUES):
        _mark_announced(reading)
    near = reading.any_of(CARS)
    for index in reading.figured():
        word = reading.words[index]
        if len(word) == _SIZE:
            _mark_glued(reading, index, near=near)
        elif near and len(word) < _SIZE - 1:
            _mark_parts(reading, index)


def _mark_announced(reading: Reading) -> None:
    """Mark what follows a word for a plate."""
    for match in matches_at(reading, _CUED, _CUES):
        letters = [char for char in match[1] if char.isalnum()]
        if _LEAST_CUED <= len(letters) <= _MOST_CUED and sum(map(str.isdigit, letters)) > 1:
            reading.claim(*match.span(1), "LICENSE_PLATE")
    for index in reading.indexes(_CUES):
        start = reading.starts[index]
        earlier = _SEEN_BEFORE.search(reading.text, max(0, start - _SEEN_BACK), start)
        if earlier is not None:
            reading.claim(*earlier.span(1), "LICENSE_PLATE")
        seen = _SEEN.match(reading.text, reading.ends[index])
        if seen is not None:
            reading.claim(*seen.span(1), "LICENSE_PLATE")


def _series(text: str) -> str:
    """The order of letters and figures, as in `LLDDDD`; empty with a vowel, which no Dutch plate has."""
    if not all(char.isdigit() or char in _CONSONANTS for char in text):
        return ""
    return "".join("D" if char.isdigit() else "L" for char in text)


def is_series(text: str) -> bool:
    """Whether six letters and figures stand in an order that Dutch plates have."""
    return _series(text) in _SERIES


def _mark_glued(reading: Reading, index: int, *, near: bool) -> None:
    """Mark `h712nj`: with letters on both sides, or near a word for a car."""
    around = (
        reading.text[max(0, reading.starts[index] - 1) : reading.starts[index]],
        reading.text[reading.ends[index] :][:1],
    )
    if not _JOINED.isdisjoint(around):
        return
    series = _series(reading.words[index])
    if series in _SERIES and (series != _LIKE_POSTCODE or near):
        reading.claim_words(index, index, "LICENSE_PLATE")


def _mark_parts(reading: Reading, index: int) -> None:
    """Mark `vd 55 gh` and `G-5l8-ZX` near a word for a car; a letter in a part with figures is read as one."""
    before = reading.words[max(0, index - _NEAR) : index]
    if CARS.isdisjoint(before):
        return
    for first in (max(0, index - 1), index, max(0, index - 2)):
        match = _PARTS.match(reading.text, reading.starts[first])
        if match is None or match.end() < reading.ends[index]:
            continue
        parts = [part.lower() for part in (match[1], match[3], match[5]) if part]
        read = [part.translate(_CONFUSED) if any(map(str.isdigit, part)) else part for part in parts]
        if not NO_PLATE_LETTERS.isdisjoint(match[part] or "" for part in (1, 3, 5)):
            continue
        if _series("".join(read)) in _SERIES and all(part.isalpha() or part.isdigit() for part in read):
            reading.claim(*match.span(), "LICENSE_PLATE")
            return
