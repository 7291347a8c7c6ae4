# SPDX-License-Identifier: EUPL-1.2
"""Marks what makes a spot or a stop exact before and after it: the time, the line, the carriage, the room."""

import re
from typing import Final

from services.anonymizer.reading import Reading, Span
from services.anonymizer.recognisers.parts import claim_parts
from services.anonymizer.word_lists import listed

_HOUR: Final = r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)(?:en)?"
_FIGURES: Final = (
    r"(?:[01]?\d|2[0-4])[:.u]\s?[0-5]\d(?:\s?(?:uur|u|h|am|pm|Uhr))?|(?:[01]?\d|2[0-4])\s?(?:uur|am|pm|Uhr)"
)
_SPOKEN: Final = (
    rf"(?:(?:vijf|tien|kwart|twintig|\d{{1,2}}) (?:over|voor) (?:half )?|half )(?:{_HOUR}|\d{{1,2}})(?!\w|:)"
    rf"|(?:tegen|rond|om) {_HOUR}(?!\w)"
)
_DAY: Final = r"(?:(?:ma|di|wo|do|vr|za|zo|(?:maan|dins|woens|donder|vrij|zater|zon)dag)(?:avond|middag|ochtend)?\.? )?"
_ABOUT: Final = r"(?:(?:om|rond|omstreeks|tegen|vanaf|ong\.?|ongeveer|pick-up|at|around|instap|vertrek) ){0,2}"
_PART: Final = r"(?: 's (?:avonds|ochtends|middags|nachts|morgens))?"
_TAIL: Final = re.compile(
    rf",? ?\(?(?:± ?)?(?:{_DAY}{_ABOUT}(?:{_FIGURES}|{_SPOKEN}){_PART}"
    rf"|van {_HOUR} tot {_HOUR}(?!\w)"
    r"|(?:tram|bus|metro)?(?:lijn|bus|tram|metro) \d{1,3}(?: (?:richting|naar) [\w'-]{3,24})?"
    r"|(?:het |de |in het |in de )?(?:achterste|voorste|middelste|eerste|tweede|derde|laatste) "
    r"(?:rijtuig|wagon|coupé|coupe|bak|stel|treinstel|balkon|deur|bank|rij|stoel|wagen)"
    r"|(?:vlak )?(?:naast|achter|tegenover) (?:(?:de|het) )?[a-z][\w-]{3,20}(?=[,.;)\n]|$)"
    r"|kamer \d{1,3}[a-z]?(?! ?(?:personen|mensen)))",
    re.IGNORECASE,
)
_BESIDE_ADDRESS: Final = re.compile(
    r",? (?:ter hoogte van|t\.?h\.?v\.?|schuin tegenover|tegenover|naast|achter) (?:de|het|die|dat|een) "
    r"(?:(?!de |het )\w{3,20}e )?\w{3,24}",
    re.IGNORECASE,
)
_LINE_BEFORE: Final = re.compile(
    r"(?:tram|bus|metro)?(?:lijn|bus|tram|metro) \d{1,3} (?:richting|naar) [\w'-]{3,24}(?: [A-Z][\w'-]{2,24})?,? "
    r"(?:instap|uitstap|ingestapt|uitgestapt|opstap|halte|bushalte|tramhalte)(?: (?:bij|op))?(?: halte)? $",
    re.IGNORECASE,
)
_TIME_BEFORE: Final = re.compile(
    rf"(?:{_FIGURES}),? (?:\w{{2,12}} )?(?:bij|op|aan) (?:de )?(?:halte|bushalte|tramhalte|metrohalte) $", re.IGNORECASE
)
_STOPS: Final = listed("spots", "stops")
_LONGEST_LINE: Final = 90
_BETWEEN: Final = frozenset({"tussen"})
_MOST_TAILS: Final = 3


def mark_spot_tails(reading: Reading) -> None:
    """Mark the time, the line, the carriage or the room that goes on after an exact spot or a stop, and before it."""
    for index in reading.indexes(_BETWEEN):
        match = _BETWEEN_STOPS.match(reading.text, reading.starts[index])
        if match is not None:
            claim_parts(reading, *match.span(), "GEO_FINE")
    for span in list(reading.spans):
        if span.kind == "GEO_FINE":
            _mark_tails(reading, span)
        elif span.kind == "ADDRESS":
            _mark_around_address(reading, span)
        elif span.kind == "ORGANISATION_SMALL":
            _mark_room(reading, span)


def _mark_tails(reading: Reading, span: Span) -> None:
    at = span.end
    for _ in range(_MOST_TAILS):
        match = _TAIL.match(reading.text, at)
        if match is None:
            return
        reading.claim(match.start() + len(match.group()) - len(match.group().lstrip(" ,(")), match.end(), "GEO_FINE")
        at = match.end()


def _mark_around_address(reading: Reading, span: Span) -> None:
    """Mark what makes a stop or a street an exact spot: its line and time, or what it lies beside."""
    text = reading.text
    if _after_stop(reading, span):
        for pattern in (_LINE_BEFORE, _TIME_BEFORE):
            match = pattern.search(text, max(0, span.start - _LONGEST_LINE), span.start)
            if match is not None:
                claim_parts(reading, match.start(), match.end() - 1, "GEO_FINE")
        _mark_tails(reading, span)
    beside = _BESIDE_ADDRESS.match(text, span.end)
    if beside is not None:
        claim_parts(reading, beside.start() + 1, beside.end(), "GEO_FINE")


def _after_stop(reading: Reading, span: Span) -> bool:
    """Whether a stop or getting on or off stands right before an address, an article aside."""
    before = reading.word_at(span.start) - 1
    if before > 0 and reading.words[before] in {"de", "het"}:
        before -= 1
    return before >= 0 and reading.words[before] in _STOPS


def _mark_room(reading: Reading, span: Span) -> None:
    """Mark the room of a house or the team of a club right after its name."""
    match = _ROOM.match(reading.text, span.end)
    if match is not None:
        reading.claim(*match.span(1), "GEO_FINE")
    match = _TEAM.match(reading.text, span.end)
    if match is not None:
        reading.claim(*match.span(1), "ORGANISATION_SMALL")


_ROOM: Final = re.compile(r",? (kamer \d{1,3}[a-z]?)(?!\w| (?:personen|mensen|bedden))", re.IGNORECASE)
_TEAM: Final = re.compile(
    r",? ((?:dames|heren|meisjes|jongens|veteranen|junioren|zaterdag|zondag|JO|MO)[ -]?\d{1,2}(?:-\d)?)(?!\w)",
    re.IGNORECASE,
)
"""A team of a club: `dames 2`, `JO13-1`."""
_PLACE: Final = r"(?:de )?[A-Z][\w'-]{2,24}(?: [A-Z][\w'-]{1,24})?"
_BETWEEN_STOPS: Final = re.compile(rf"tussen {_PLACE} en {_PLACE},? {_ABOUT}(?:{_FIGURES})")
"""A stretch of a ride with its time: `tussen Voorweg en Leidschenveen, 22.35 uur`."""
