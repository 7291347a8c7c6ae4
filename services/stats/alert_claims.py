# SPDX-License-Identifier: EUPL-1.2
"""What readers of alerts already know of the cases of a release: so many at least, in some of its cells.

Pure. An alert came first and named a least number; a figure printed later about the same days leaves at most the rest.
So the release is protected for a reader who holds the alerts too. Never judges an alert.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.stats.catalogues import SEVERAL, TOTAL, CountSpec, Place
from services.stats.periods import Period


@dataclass(frozen=True, slots=True)
class Claim:
    """What one alert says: at least so many cases of a kind, registered from `first` to `last`. None: not narrowed."""

    kind: str
    ground: str | None
    terrain: str | None
    district: str | None
    first: dt.date
    last: dt.date
    at_least: int

    def code(self, dimension: str) -> str | None:
        """The code it names in a dimension of the tables, if any."""
        return {"grond": self.ground, "terrein": self.terrain, "wijk": self.district, "soort": self.kind}.get(dimension)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands and the day it was registered."""

    place: Place
    on: dt.date


def reach(claims: Iterable[Claim], period: Period) -> Period:
    """The days that claims about a period reach over."""
    near = [c for c in claims if touches(c, period)]
    return Period(min([period.first, *(c.first for c in near)]), max([period.last, *(c.last for c in near)]))


def touches(claim: Claim, period: Period) -> bool:
    """Whether they share days."""
    return claim.first <= period.last and period.first <= claim.last


def known_least(
    claims: Iterable[Claim], count: CountSpec, period: Period, names: Sequence[str], cases: Sequence[Standing]
) -> dict[Place, int]:
    """By printed place the least that readers of the alerts know of it. `cases`: those of the count, over `reach`.

    What may lie outside the period, or stand with the cases of several grounds, is taken off: nobody knows how much
    of it there is, and at the most it is all there is. Alerts never share cases, so their numbers add up.
    """
    least: Counter[Place] = Counter()
    for claim in claims:
        if claim.kind not in count.kinds or not touches(claim, period):
            continue
        for place in _places_around(claim, count, names):
            elsewhere = sum(_may_be_elsewhere(claim, place, one, period, names) for one in cases)
            least[place] += max(0, claim.at_least - elsewhere)
    return {place: number for place, number in least.items() if number}


def _places_around(claim: Claim, count: CountSpec, names: Sequence[str]) -> set[Place]:
    """The printed places that hold the whole area of a claim."""
    found = set()
    for table in count.tables:
        choices = [{TOTAL, claim.code(name) or TOTAL} if name in table else {TOTAL} for name in names]
        found |= set(itertools.product(*choices))
    return found


def _may_be_elsewhere(claim: Claim, place: Place, case: Standing, period: Period, names: Sequence[str]) -> bool:
    """Whether a case may be one of the claim's and yet not be counted at the place in the period."""
    if not claim.first <= case.on <= claim.last:
        return False
    wanted: Mapping[str, str] = dict(zip(names, place, strict=True))
    stands = dict(zip(names, case.place, strict=True))
    several = stands.get("grond") == SEVERAL and wanted.get("grond", TOTAL) not in {TOTAL, SEVERAL}
    for name, code in stands.items():
        named = claim.code(name)
        if named not in {None, code} and not (name == "grond" and code == SEVERAL):
            return False
    return several or case.on not in period
