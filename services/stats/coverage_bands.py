# SPDX-License-Identifier: EUPL-1.2
"""How well the city is heard: how many organisations report, how regularly, and what is hardly heard.

Pure. Owns the classes of regularity and the bands. Outside the bureau it works with releases alone and gives bands, so
no organisation can be picked out and none is ranked. Stats knows organisations by reference only, never by name.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.stats.facts import Facts
from services.stats.figures import source_band
from services.stats.releases import Release
from services.stats.reports import Figures

Heard = Literal["vaak", "weinig", "niet", "niet te zeggen"]
Regularity = Literal["elk kwartaal", "de meeste kwartalen", "af en toe", "niet meer"]
REGULARITIES: Final[tuple[Regularity, ...]] = ("elk kwartaal", "de meeste kwartalen", "af en toe", "niet meer")
QUARTERS: Final = 4
LITTLE: Final = 0.05  # of all reports: below this share a place or ground is hardly heard
SIGNAL_COUNT: Final = "signaal"
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class SourceMonths:
    """One organisation, by reference: in how many of the months looked at it reported, and the last one (`2026-03`)."""

    source: str
    months: int
    last: str


def regularity(present: Sequence[bool]) -> Regularity:
    """How regularly an organisation reports, from whether it did in each quarter, the oldest first.

    >>> regularity([True, True, True, True]), regularity([True, False, True, True]), regularity([True, False, False, False])
    ('elk kwartaal', 'de meeste kwartalen', 'niet meer')
    """  # noqa: E501 - a doctest line cannot be broken
    if all(present):
        return "elk kwartaal"
    if not any(present[len(present) // 2 :]):
        return "niet meer"
    return "de meeste kwartalen" if 2 * sum(present) > len(present) else "af en toe"


def bands_by_regularity(quarters: Sequence[Release]) -> Mapping[str, str]:
    """How many organisations report how regularly over these approved quarters, the oldest first, as bands."""
    senders = [_senders(one) for one in quarters]
    everyone = frozenset[str]().union(*senders)
    found = Counter(regularity([source in one for one in senders]) for source in everyone)
    return {name: source_band(found[name]) for name in REGULARITIES}


def band_of(releases: Sequence[Release]) -> str:
    """How many organisations sent signals in these releases, as a band."""
    return source_band(len(frozenset[str]().union(*(_senders(one) for one in releases))))


def _senders(release: Release) -> frozenset[str]:
    frozen = release.frozen.get(SIGNAL_COUNT)
    return frozenset(member.source for member in frozen.members) if frozen else frozenset()


def heard(figures: Figures, total: int | None) -> dict[str, Heard]:
    """How well each code of a printed table is heard. A hidden count says nothing: it may be hidden for another's sake.

    >>> heard({("a",): 60, ("b",): 2, ("c",): 0, ("d",): None}, 100)
    {'a': 'vaak', 'b': 'weinig', 'c': 'niet', 'd': 'niet te zeggen'}
    """
    return {codes[0]: _heard(number, total) for codes, number in figures.items()}


def _heard(number: int | None, total: int | None) -> Heard:
    if number is None or total is None:
        return "niet te zeggen"
    if number == 0:
        return "niet"
    return "weinig" if number < LITTLE * total else "vaak"


def by_source(facts: Iterable[Facts], *, today: dt.date) -> list[SourceMonths]:
    """Each organisation's regularity over the last twelve months, the most silent first. For the bureau alone."""
    months: dict[str, set[str]] = {}
    for one in facts:
        if one.kind == SIGNAL_COUNT:
            months.setdefault(one.source_ref, set()).add(f"{one.registered_on:%Y-%m}")
    first = months_back(today, MONTHS)
    found = [SourceMonths(source, sum(month >= first for month in seen), max(seen)) for source, seen in months.items()]
    return sorted(found, key=lambda one: (one.last, one.months, one.source))


def months_back(today: dt.date, months: int) -> str:
    """The month so many months before this one.

    >>> months_back(dt.date(2026, 3, 9), 12)
    '2025-03'
    """
    number = today.year * 12 + today.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
