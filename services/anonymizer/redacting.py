# SPDX-License-Identifier: EUPL-1.2
"""What is asked of redaction for one signal, and what comes back: the redacted text with its placeholders.

Pure. Owns the steps around the engine: what was given beside the text goes too, and more can be hidden afterwards.
The original text is not part of any answer.
"""

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import Mark, Redaction, redact

GIVEN: Final = "GEGEVEN"
_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SHORTEST_NUMBER: Final = 6  # digits of a telephone number without its prefix; fewer would hit ordinary numbers


@dataclass(frozen=True, slots=True)
class Given:
    """What the sender told beside the text about the reporter and others; known, so it must not stay in the text."""

    names: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    address: str = ""
    born_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ToRedact:
    """One text, what is known beside it, and whose local words stay; `kept` are ordinary words that stay there too."""

    text: str
    given: Given
    municipality: str
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where in the redacted text something was hidden, and of what type. Units: code points."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text with its placeholders in order, and the reasons to doubt it."""

    text: str
    placeholders: tuple[Placeholder, ...]
    doubt: tuple[str, ...]


Redact = Callable[[Sequence[ToRedact]], Awaitable[list[Redacted | None]]]
"""Redacts texts in order; None stands for a text on which redaction failed: it must be treated as unreadable."""


def redact_one(asked: ToRedact, lexicon: Lexicon) -> Redacted:
    """The redacted text. `lexicon` holds the municipality's own kept words already."""
    given = asked.given
    found = redact(asked.text, lexicon=lexicon, known=given.names)
    redacted = Redacted(found.text, tuple(_placeholders(found)), found.doubt)
    return hidden(redacted, _mentions(redacted.text, given), kind=GIVEN)


def hidden(redacted: Redacted, stretches: Iterable[tuple[int, int]], *, kind: str) -> Redacted:
    """The same text with these stretches hidden as well; one that touches a placeholder takes its place.

    >>> hidden(Redacted("Jan zag [DATUM].", (Placeholder(8, 15, "DATE"),), ()), [(0, 3)], kind="PLEK").text
    '[PLEK] zag [DATUM].'
    """
    wanted = [(start, end, "") for start, end in stretches if start < end]
    if not wanted:
        return redacted
    old = [(one.start, one.end, one.kind) for one in redacted.placeholders]
    pieces: list[str] = []
    placeholders: list[Placeholder] = []
    at = length = 0
    for start, end, was in _merged(sorted([*old, *wanted])):
        shown = redacted.text[start:end] if was else f"[{kind}]"
        before = redacted.text[at:start]
        pieces += [before, shown]
        placeholders.append(Placeholder(length + len(before), length + len(before) + len(shown), was or kind))
        length += len(before) + len(shown)
        at = end
    pieces.append(redacted.text[at:])
    return Redacted("".join(pieces), tuple(placeholders), redacted.doubt)


def _merged(stretches: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Stretches that overlap become one without a type of its own; a placeholder alone keeps its type."""
    current: tuple[int, int, str] | None = None
    for start, end, kind in stretches:
        if current is None or start >= current[1]:
            if current is not None:
                yield current
            current = (start, end, kind)
        else:
            current = (current[0], max(current[1], end), "")
    if current is not None:
        yield current


def _placeholders(found: Redaction) -> Iterator[Placeholder]:
    """The marks of the engine, which lie on the original text, moved onto the redacted one."""
    shift = 0
    mark: Mark
    for mark in found.marks:
        start = mark.start + shift
        end = start + len(mark.placeholder)
        shift += len(mark.placeholder) - (mark.end - mark.start)
        yield Placeholder(start, end, mark.kind)


def _mentions(text: str, given: Given) -> Iterator[tuple[int, int]]:
    """Where what was given stands in the text all the same, however it is spaced."""
    for expression in _expressions(given):
        for match in re.finditer(expression, text, re.IGNORECASE):
            yield match.span()


def _expressions(given: Given) -> Iterator[str]:
    if given.email:
        yield re.escape(given.email)
    digits = re.sub(r"\D", "", given.phone)[-9:].lstrip("0")
    if len(digits) >= _SHORTEST_NUMBER:
        yield r"(?:\+|\b)[\d(). \-]{0,8}?" + r"[\s.\-/()]{0,2}".join(digits) + r"\b"
    street = re.split(r"\d", given.address, maxsplit=1)[0].strip(" ,")
    if len(street) > 3:
        yield rf"\b{re.escape(street)}(?:\s{{0,2}}\d{{1,5}}\w{{0,3}})?\b"
    if given.born_on is not None:
        yield _date(given.born_on)


def _date(day: dt.date) -> str:
    """A day as people write it: in figures either way round, or with the month's name."""
    apart = r"[\s./\-]{1,2}"
    year = rf"(?:{day.year}|'?{day.year % 100:02d})"
    figures = rf"0?{day.day}{apart}0?{day.month}{apart}{year}"
    backwards = rf"{day.year}{apart}0?{day.month}{apart}0?{day.day}"
    return rf"\b(?:{figures}|{backwards}|0?{day.day}\s{_MONTHS[day.month - 1]}(?:\s{year})?)\b"
