# SPDX-License-Identifier: EUPL-1.2
"""A municipality's cases as the detector reads them: dates and codes turned into numbers and back.

Pure. Owns which cases count and the numbering of days and codes. Never knows who reported, only an opaque reference.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from services.notifier.streams import ALL, Campaign, Context, Sizes, Stream

COUNTED_KIND: Final = "signaal"  # the other kinds are the bureau's own register: never summed with partners' signals
_DAY_NOUGHT: Final = dt.date(2000, 1, 3).toordinal()  # a Monday; any fixed day does


@dataclass(frozen=True, slots=True)
class SeriesCase:
    """A case as the detector counts it.

    Units: `arrived_on` is the day of registration; `happened_on` the Monday of the incident's week, or the day of
    arrival when no week is known.
    """

    case_id: str
    revision: int
    retracted: bool
    municipality: str
    kind: str
    grounds: tuple[str, ...]
    terrain: str
    district: str
    source_ref: str
    mass_event: str | None
    arrived_on: dt.date
    happened_on: dt.date


@dataclass(frozen=True, slots=True)
class Area:
    """What an alert is about; None is "not narrowed down"."""

    ground: str | None
    terrain: str | None
    district: str | None

    def holds(self, case: SeriesCase) -> bool:
        """Whether the case falls in it."""
        return (
            (self.ground is None or self.ground in case.grounds)
            and (self.terrain is None or self.terrain == case.terrain)
            and (self.district is None or self.district == case.district)
        )

    def meets(self, other: "Area") -> bool:
        """Whether a case can fall in both, apart from cases with several grounds.

        >>> Area("ras", None, "noord").meets(Area("ras", "onderwijs", None))
        True
        """
        pairs = ((self.ground, other.ground), (self.terrain, other.terrain), (self.district, other.district))
        return all(a is None or b is None or a == b for a, b in pairs)

    def within(self, other: "Area") -> bool:
        """Whether everything in this area is in the other."""
        pairs = ((self.ground, other.ground), (self.terrain, other.terrain), (self.district, other.district))
        return all(b is None or a == b for a, b in pairs)


class Period(Protocol):
    """Days on which certain grounds were more findable, both included; no grounds means all of them."""

    @property
    def start(self) -> dt.date: ...  # noqa: D102 - said by the name
    @property
    def end(self) -> dt.date: ...  # noqa: D102 - said by the name
    @property
    def grounds(self) -> Sequence[str]: ...  # noqa: D102 - said by the name


@dataclass(frozen=True, slots=True)
class Numbering:
    """The codes behind the numbers of a stream, in order."""

    grounds: tuple[str, ...]
    terrains: tuple[str, ...]
    districts: tuple[str, ...]
    partners: tuple[str, ...]

    def area(self, ground: int, terrain: int, district: int) -> Area:
        """The area that numbers stand for."""
        return Area(
            self.grounds[ground],
            None if terrain == ALL else self.terrains[terrain],
            None if district == ALL else self.districts[district],
        )


def counted(cases: Iterable[SeriesCase]) -> list[SeriesCase]:
    """The partners' own signals: no register of the bureau, and no mass report, which is one thing told many times."""
    return [c for c in cases if c.kind == COUNTED_KIND and c.mass_event is None and not c.retracted]


def numbering(
    cases: Iterable[SeriesCase], *, grounds: Sequence[str], terrains: Sequence[str], districts: Sequence[str]
) -> Numbering:
    """Numbers for the codes in use: the lists in their order, then codes that only older cases still carry."""
    listed = list(cases)
    return Numbering(
        _with_older(grounds, {g for c in listed for g in c.grounds}),
        _with_older(terrains, {c.terrain for c in listed}),
        _with_older(districts, {c.district for c in listed}),
        _by_arrivals(listed),
    )


def _by_arrivals(cases: Sequence[SeriesCase]) -> tuple[str, ...]:
    """The sources in the order in which they began: nothing may hang on their references, which are random."""
    arrivals: dict[str, list[dt.date]] = defaultdict(list)
    for case in cases:
        arrivals[case.source_ref].append(case.arrived_on)
    return tuple(sorted(arrivals, key=lambda source: (sorted(arrivals[source]), source)))


def _with_older(known: Sequence[str], found: set[str]) -> tuple[str, ...]:
    return (*known, *sorted(found - set(known)))


def number_of(day: dt.date) -> int:
    """The day as a number.

    >>> day_of(number_of(dt.date(2026, 11, 2)))
    datetime.date(2026, 11, 2)
    """
    return day.toordinal() - _DAY_NOUGHT


def day_of(number: int) -> dt.date:
    """The day a number stands for."""
    return dt.date.fromordinal(number + _DAY_NOUGHT)


def stream_of(cases: Sequence[SeriesCase], numbers: Numbering) -> Stream:
    """The cases as arrays, one element per case and ground."""
    ground = {code: index for index, code in enumerate(numbers.grounds)}
    terrain = {code: index for index, code in enumerate(numbers.terrains)}
    district = {code: index for index, code in enumerate(numbers.districts)}
    partner = {code: index for index, code in enumerate(numbers.partners)}
    rows = [
        (
            number_of(c.arrived_on),
            number_of(c.happened_on),
            ground[g],
            terrain[c.terrain],
            district[c.district],
            partner[c.source_ref],
        )
        for c in cases
        for g in c.grounds
    ]
    sizes = Sizes(len(ground), len(terrain), len(district), max(1, len(partner)))
    return Stream.of(sizes, np.array(rows, dtype=np.int64).reshape(-1, 6))


def context_of(periods: Iterable[Period], numbers: Numbering) -> Context:
    """What staff know that explains a rise."""
    every = frozenset(range(len(numbers.grounds)))
    index = {code: number for number, code in enumerate(numbers.grounds)}
    campaigns = []
    for period in periods:
        about = frozenset(index[ground] for ground in period.grounds if ground in index) or every
        campaigns.append(Campaign(number_of(period.start), number_of(period.end) + 1, about))
    return Context(tuple(campaigns))
