# SPDX-License-Identifier: EUPL-1.2
"""How regularly each partner reports, and when that changes: a silence, a late batch, a flood.

Pure. Owns what is expected of a partner from its own past. A partner is an opaque reference here; whoever reads the
notice looks up who it is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median, pstdev
from typing import Final, Literal

from services.notifier.series import SeriesCase

PAST_DAYS: Final = 365
FEWEST_DAYS: Final = 6  # days with reports; before that a partner has no rhythm yet
# With reports at random, a gap of six times the usual one comes once in 400 gaps.
QUIET_GAPS: Final = 6.0
QUIET_AT_LEAST_DAYS: Final = 21
REGULAR: Final = 0.5  # spread of the gaps against their mean, under which uploads count as regular
LATE: Final = 1.5
LATE_SLACK_DAYS: Final = 3
FLOOD_FEWEST: Final = 30  # signals of one partner in a week
FLOOD_FACTOR: Final = 10.0  # against its own past half year
FLOOD_PAST_WEEKS: Final = 26


@dataclass(frozen=True, slots=True)
class Lull:
    """A partner that should have reported by now. `usual_days` is its usual time between reports."""

    source_ref: str
    kind: Literal["quiet", "late-batch"]
    last_on: dt.date
    usual_days: int


@dataclass(frozen=True, slots=True)
class Flood:
    """A week in which one partner sent far more than it ever does."""

    source_ref: str
    monday: dt.date
    signals: int


def lulls(cases: Iterable[SeriesCase], today: dt.date) -> list[Lull]:
    """The partners that are quiet or late today, by reference."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    for case in cases:
        if today - dt.timedelta(days=PAST_DAYS) <= case.arrived_on <= today:
            days[case.source_ref].add(case.arrived_on)
    found = (_lull(ref, sorted(known), today) for ref, known in sorted(days.items()) if len(known) >= FEWEST_DAYS)
    return [lull for lull in found if lull]


def _lull(ref: str, days: Sequence[dt.date], today: dt.date) -> Lull | None:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    waiting = (today - days[-1]).days
    usual = mean(gaps)
    if usual >= 7 and pstdev(gaps) < REGULAR * usual:
        late = waiting > LATE * median(gaps) + LATE_SLACK_DAYS
        return Lull(ref, "late-batch", days[-1], round(median(gaps))) if late else None
    quiet = waiting > max(QUIET_AT_LEAST_DAYS, QUIET_GAPS * usual)
    return Lull(ref, "quiet", days[-1], max(1, round(usual))) if quiet else None


def floods(cases: Iterable[SeriesCase]) -> list[Flood]:
    """The weeks in which a partner sent at least thirty signals and ten times what it usually sends."""
    weekly: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for case in cases:
        weekly[case.source_ref][case.arrived_on - dt.timedelta(days=case.arrived_on.weekday())] += 1
    return [flood for ref in sorted(weekly) for flood in _floods_of(ref, weekly[ref])]


def _floods_of(ref: str, weeks: dict[dt.date, int]) -> list[Flood]:
    found: list[Flood] = []
    flooded: set[dt.date] = set()
    for monday in sorted(weeks):
        if weeks[monday] < FLOOD_FEWEST:
            continue
        past = [monday - dt.timedelta(weeks=back) for back in range(1, FLOOD_PAST_WEEKS + 1)]
        usual = mean(weeks.get(week, 0) for week in past if week not in flooded) if set(past) - flooded else 0.0
        if weeks[monday] > FLOOD_FACTOR * max(1.0, usual):
            flooded.add(monday)
            found.append(Flood(ref, monday, weeks[monday]))
    return found


def without(cases: Iterable[SeriesCase], flooded: Iterable[Flood]) -> list[SeriesCase]:
    """The cases without those floods: what one sender pours in must not set the level others are judged by."""
    weeks = {(flood.source_ref, flood.monday) for flood in flooded}
    return [
        case
        for case in cases
        if (case.source_ref, case.arrived_on - dt.timedelta(days=case.arrived_on.weekday())) not in weeks
    ]
