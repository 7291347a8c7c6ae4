# SPDX-License-Identifier: EUPL-1.2
"""The privacy gate: whether an alert may be shown at all, about how coarse a place, and in which bands.

Pure. Owns the rule that no alert rests on fewer signals, organisations or days than agreed, nor on one organisation.
Only bands leave it, never a count.

Why alerts cannot be subtracted: what is shown never overlaps (an alarm that meets an alert joins it), and an alert that
changes is shown anew only when the smallest and the largest band together leave room for `signals` cases.
Why not from released tables: a release covers a closed quarter of registration days and comes after it, an alert looks
at the days before it was raised, so no later alert is known to be part of an earlier table.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.notifier.series import Area, SeriesCase

Refusal = Literal["few-signals", "few-partners", "few-days", "one-source"]
VAGUE: Final = "onbekend"  # codes that begin so name no place and no subject
PLACELESS: Final = ("online",)
_SIZES: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class GateRule:
    """What an alert must rest on. Units: cases, organisations, days of arrival, share of the largest organisation.

    `beside_two_share`: of the cases, at least this share (rounded down) comes from others than the two largest, so that
    two organisations together cannot raise one either.
    """

    signals: int = 5
    partners: int = 3
    days: int = 2
    largest_share: float = 0.6
    beside_two_share: float = 0.15


@dataclass(frozen=True, slots=True)
class Band:
    """A range that a true number lies in, both ends included."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What lies behind an area in a window; stays inside."""

    signals: int
    partners: int
    days: int
    largest_share: float
    two_largest: int = 0


def tally(cases: Iterable[SeriesCase], area: Area, *, since: dt.date, until: dt.date, known_on: dt.date) -> Tally:
    """What was known on a day about an area between two days, both included."""
    inside = [c for c in cases if since <= c.happened_on <= until and c.arrived_on <= known_on and area.holds(c)]
    sources = Counter(c.source_ref for c in inside)
    most = [number for _, number in sources.most_common(2)]
    days = len({c.arrived_on for c in inside})
    return Tally(len(inside), len(sources), days, max(most, default=0) / max(1, len(inside)), sum(most))


def refusal(found: Tally, rule: GateRule) -> Refusal | None:
    """Why this may not be shown, or None when it may.

    >>> refusal(Tally(5, 3, 2, 0.6), GateRule()), refusal(Tally(5, 2, 2, 0.6), GateRule())
    (None, 'few-partners')
    """
    if found.signals < rule.signals:
        return "few-signals"
    if found.partners < rule.partners:
        return "few-partners"
    beside = found.signals - found.two_largest
    if found.largest_share > rule.largest_share or beside < int(rule.beside_two_share * found.signals):
        return "one-source"
    return "few-days" if found.days < rule.days else None


def climb(area: Area) -> Iterator[Area]:
    """The area and what holds it, from narrow to wide: first the setting is left out, then the place, then the ground.

    >>> [(a.terrain, a.district) for a in climb(Area("ras", "onderwijs", "noord")) if a.ground]
    [('onderwijs', 'noord'), (None, 'noord'), ('onderwijs', None), (None, None)]
    """
    ground, terrain = _named(area.ground), _named(area.terrain)
    district = None if area.district in PLACELESS else _named(area.district)
    steps = (
        Area(ground, terrain, district),
        Area(ground, None, district),
        Area(ground, terrain, None),
        Area(ground, None, None),
        Area(None, None, None),
    )
    yield from dict.fromkeys(steps)


def _named(code: str | None) -> str | None:
    return None if code is None or code.startswith(VAGUE) else code


def band(count: int, *, smallest: int) -> Band:
    """The band a number falls in. The bands are fixed, so that two looks at the same cases never narrow them.

    >>> str(band(7, smallest=5)), str(band(10, smallest=5)), str(band(3, smallest=3))
    ('5-9', '10-19', '3-4')
    """
    edges = [smallest, *(edge for edge in ((5,) if smallest < 5 else ()) + _SIZES if edge > smallest)]
    if count < smallest:
        raise ValueError("nothing under the smallest is ever put in a band")
    low = max(edge for edge in edges if edge <= count)
    higher = [edge for edge in edges if edge > low]
    return Band(low, higher[0] - 1 if higher else 10 * low)


def may_change(shown: Band, new: Band, *, rule: GateRule) -> bool:
    """Whether a band may take the place of one that was shown, when the new cases contain the old ones.

    What lies between the two is bounded by the largest of one less the smallest of the other.
    """
    return max(new.high - shown.low, shown.high - new.low) >= rule.signals


@dataclass(frozen=True, slots=True)
class Admitted:
    """An area that passes, with what lies behind it."""

    area: Area
    found: Tally


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing passes. `narrow` is why the narrowest did not; `lopsided` when one organisation carries it all."""

    narrow: Refusal
    signals: int

    @property
    def one_source(self) -> bool:
        """Whether one organisation, or too few, carries what was seen."""
        return self.narrow in {"one-source", "few-partners"}


def admit(
    cases: Sequence[SeriesCase], area: Area, *, since: dt.date, today: dt.date, rule: GateRule
) -> Iterator[Admitted | Refused]:
    """Every area from narrow to wide that passes; when the narrowest does not, why comes first."""
    first = True
    for wider in climb(area):
        found = tally(cases, wider, since=since, until=today, known_on=today)
        why = refusal(found, rule)
        if why is None:
            yield Admitted(wider, found)
        elif first:
            yield Refused(why, found.signals)
        first = False
