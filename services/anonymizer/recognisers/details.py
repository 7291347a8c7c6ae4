# SPDX-License-Identifier: EUPL-1.2
"""Marks exact spots: a ride with its time, a thing beside a thing, a room of a ward."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.parts import claim_parts
from services.anonymizer.recognisers.spots import (
    BESIDE,
    BESIDE_WORDS,
    NUMBERED_SPOT,
    NUMBERED_SPOTS,
)

_TIME: Final = (
    r"(?:(?:om|rond|omstreeks|tegen|vanaf|van|kwart over|kwart "
    r"voor|half|at|um|à|saat|o)\s)?(?:[01]?\d|2[0-4])(?:[:.u]\s?[0-5]\d)(?: "
    r"?(?:uur|u|h|am|pm|Uhr))?|(?:om|rond|omstreeks|at|um|saat)\s(?:[01]?\d|2[0-4]) "
    r"?(?:uur|u\b|am|pm|Uhr|h\b)|(?:rond|om)\s(?:half|kwart (?:over|voor)) \w{3,8}"
)
_VEHICLE: Final = (
    r"(?:(?:de |het )?(?:bus|tram|lijn|metro|buslijn|tramlijn|nachtbus|trein|randstadrail|"
    r"sprinter|intercity|line|linie|ligne|hat|autobus)(?: ?(?:lijn|nr\.?|nummer|line|linie))? "
    r"?[A-Z]?\d{1,4}|(?:de )?(?:sprinter|intercity|trein|bus|tram) van(?= [01]?\d[:.u]| 2[0-4][:.u]))"
)
_LINE_TIME: Final = re.compile(
    r"\b"
    + _VEHICLE
    + r"(?:[ ,](?!\n)[^\n.;!?]{0,30}?)?(?:[ ,(]{1,3})(?:"
    + _TIME
    + r")(?: (?:richting|naar|bij|vanaf|ter hoogte van) (?:de |het )?(?:halte |station "
    r")?(?-i:[A-Z])[\w'-]{1,30}(?: (?-i:[A-Z])[\w'-]{1,30}){0,2})?",
    re.IGNORECASE,
)
_LINE_STOP: Final = re.compile(
    r"\b" + _VEHICLE + r"[ ,](?:[^\n.;!?,]{0,24}?)(?:bij |op |aan |vanaf |naar |richting |at )?(?:de |het "
    r")?(?:bus|tram|metro)?(?:halte|haltes|station|stop|perron)s? (?:(?-i:[A-Z])[\w'-]{1,30}(?:[ "
    r"-](?:(?-i:[A-Z])[\w'-]{1,30}|van|de)){0,3}|[a-z]\w{2,20})",
    re.IGNORECASE,
)
_STOP_NAMED: Final = re.compile(
    r"\b(?:(?:bus|tram|metro)?(?:halte|opstapplaats)|eindpunt|eindhalte|beginpunt) (?!waar|door|toen|en\b|om\b|van "
    r"de\b|in\b|is\b|stond|stonden|omdat|zei|met|zonder|te\b|stop|werd|waren|was\b|"
    r"bij\b)[A-Za-z][\w'-]{2,30}(?:[ -](?:(?-i:[A-Z])[\w'-]{1,30})){0,3}(?:,? (?:" + _TIME + r"))?",
    re.IGNORECASE,
)
_DAYS: Final = ("maan", "dins", "woens", "donder", "vrij", "zater", "zon")
_TIMED_SPOT: Final = re.compile(
    r"(?:(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:avond|middag|ochtend|nacht)? )?(?:"
    + _TIME
    + r"),? )(?:bij|op|achter|naast|tegenover|voor|onder|in|aan|langs) (?:de |het )?(?:\w{3,30})(?: "
    r"(?-i:[A-Z])[\w'-]{1,30}){0,2}",
    re.IGNORECASE,
)
_HALVES: Final = frozenset({"half", "kwart"})
_BEFORE_CLOCK: Final = frozenset(
    [day + "dag" + part for day in _DAYS for part in ("", "avond", "middag", "ochtend", "nacht")]
    + "om rond omstreeks tegen vanaf van kwart half at um à saat o".split()
)
"""Words that open a time."""
_FLOOR: Final = re.compile(
    r"\b(?:op )?(?:de )?(?:\d{1,2}(?:e|de|ste)|begane|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|"
    r"negende|tiende|elfde|twaalfde) (?:verdieping|etage|woonlaag)(?: van (?:de |het )?(?:\w[\w'-]{1,30}))",
    re.IGNORECASE,
)
_RIDES: Final = frozenset(
    (
        "bus tram lijn metro buslijn tramlijn nachtbus trein randstadrail sprinter intercity line linie ligne hat "
        "autobus halte haltes bushalte tramhalte metrohalte opstapplaats station"
    ).split()
)


_TIME_AFTER: Final = re.compile(
    rf",? (?:{_TIME}|"
    rf"(?:om|rond|tegen) (?:(?:\w{{3,8}} )?(?:over|voor) half|een uur of|half|\w{{3,8}} (?:over|voor)) "
    r"\w{2,8})(?!\w)",
    re.IGNORECASE,
)
_SPOT_AT: Final = re.compile(
    r"\b(?:bij|op|achter|naast|tegenover|voor|in) (?:de|het) (?:\w{3,24}) (?:"
    + _TIME
    + r"|(?:om|rond|tegen) een uur of \w{2,8})(?!\w)",
    re.IGNORECASE,
)
_ROOM: Final = re.compile(
    r"\b(?:afdeling|locatie|woongroep|unit|huiskamer) ((?:De|Het|'t|Den) [A-Z][\w'-]{2,24}(?:,? kamer \d{1,3}[a-z]?)?)"
    r"|\b((?<=, )kamer \d{1,3}[a-z]?)(?!\w| (?:personen|mensen|bedden))"
)


def mark_details(reading: Reading) -> None:
    """Mark exact spots."""
    text = reading.text
    timed = reading.figures or reading.any_of(_HALVES) or "een uur of" in reading.low
    clock = bool(timed) and _CLOCK.search(text) is not None
    if clock:
        for index in sorted({*reading.indexes(_BEFORE_CLOCK), *reading.numbered}):
            match = _TIMED_SPOT.match(text, reading.starts[index])
            if match is not None:
                _claim_timed(reading, match)
        _mark_spots_at(reading)
    _mark_rooms(reading)
    _mark_spots(reading, clock=clock)
    if clock:
        _mark_times_after(reading)
    _mark_corners(reading)


def _mark_spots_at(reading: Reading) -> None:
    """Mark `bij de kaaskraam om een uur of elf`: a thing that is no everyday word, with a time."""
    for match in _SPOT_AT.finditer(reading.text):
        index = reading.word_at(match.start()) + 2
        flag = reading.flags[index]
        if not reading.kept[index] and not flag & (lex.FREQ | lex.FUNCTION | lex.HEAD | lex.TOWN | lex.ROLE):
            claim_parts(reading, *match.span(), "GEO_FINE")


def _mark_rooms(reading: Reading) -> None:
    """Mark `afdeling De Wilgen, kamer 17`."""
    if reading.any_of(_ROOMS):
        for match in _ROOM.finditer(reading.text):
            reading.claim(*match.span(match.lastindex or 0), "GEO_FINE")


def _mark_times_after(reading: Reading) -> None:
    """Mark the time right after an exact spot: together they say who was there."""
    for span in list(reading.spans):
        stop = span.kind == "ADDRESS" and _STOP_BEFORE.search(
            reading.text, max(0, span.start - _LONGEST_STOP), span.start
        )
        if span.kind == "GEO_FINE" or stop:
            match = _TIME_AFTER.match(reading.text, span.end)
            if match is not None:
                reading.claim(*match.span(), "GEO_FINE")


_STOP_BEFORE: Final = re.compile(
    r"\b(?:halte|bushalte|tramhalte|metrohalte|station|perron) (?:de |het )?$", re.IGNORECASE
)
_LONGEST_STOP: Final = 20
_ROOMS: Final = frozenset("afdeling locatie woongroep unit huiskamer kamer".split())
_STOPS: Final = frozenset(
    "halte haltes bushalte bushaltes tramhalte tramhaltes metrohalte station stations stop stops perron perrons "
    "busstation tramstop bushok opstapplaats eindpunt eindhalte beginpunt".split()
)
_SPOTS: Final = (
    (_STOPS, (_LINE_STOP, _STOP_NAMED)),
    (frozenset({"verdieping", "etage"}), (_FLOOR,)),
)
"""Words that must be there before the patterns beside them are tried."""
_CLOCK: Final = re.compile(
    r"\d ?[:.u] ?[0-5]\d|\d ?(?:uur|u|am|pm|Uhr|h)\b|\bhalf\b|\bkwart\b|\been uur of\b", re.IGNORECASE
)


def _mark_corners(reading: Reading) -> None:
    """Mark numbered spots and what stands right opposite a thing."""
    for words, pattern in ((NUMBERED_SPOTS, NUMBERED_SPOT), (BESIDE_WORDS, BESIDE)):
        if reading.any_of(words):
            for match in pattern.finditer(reading.text):
                if reading.free(*match.span()):
                    claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _mark_spots(reading: Reading, *, clock: bool) -> None:
    if clock:
        _claim_spots(reading, _RIDES, (_LINE_TIME,))
    for words, patterns in _SPOTS:
        _claim_spots(reading, words, patterns)


def _claim_spots(reading: Reading, words: frozenset[str], patterns: tuple[re.Pattern[str], ...]) -> None:
    """Claim what the patterns find in a text that holds one of the words."""
    for pattern in patterns if reading.any_of(words) else ():
        for match in pattern.finditer(reading.text):
            if pattern is not _LINE_STOP or not _tells_a_ride(reading, match):
                claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _tells_a_ride(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a verb stands between the line and the stop, so that they are two things: `lijn 4, ik stapte in bij`."""
    inside = range(reading.word_at(match.start()), reading.word_at(match.end() - 1))
    return any(reading.flags[index] & lex.VERB and not reading.flags[index] & lex.NAME for index in inside) or (
        not {"ik", "we", "wij", "hij", "zij", "ze"}.isdisjoint(reading.words[inside.start : inside.stop])
    )


def _claim_timed(reading: Reading, match: re.Match[str]) -> None:
    """Claim a time with a place, unless the place is a kind of which there are many."""
    index = reading.word_at(match.end() - 1)
    if index < len(reading.words) and not reading.kept[index] and not reading.flags[index] & lex.FREQ:
        claim_parts(reading, match.start(), match.end(), "GEO_FINE")
