# SPDX-License-Identifier: EUPL-1.2
"""What can be said of a stream that is too short to know its own habits.

Owns the rule for the first half year: a plain comparison of the last four weeks with the weeks before, in which the
doubt about a short past is counted in full. It says nothing at all in the first two months. Never borrows a level
from another city.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # loads `stats` when it is first asked for: thirty megabytes that most looks never need

from services.notifier.streams import ALL, Regions, Stream

ENOUGH_DAYS = 280  # half a year of past, besides the weeks that are kept out of the baseline
SILENT_DAYS = 84  # before that there is no past to compare with
RECENT_DAYS = 28
FEWEST = 5  # reports
ALLOWED_PER_YEAR = 0.5  # chance alarms of all regions together: far under the budget, for the rule knows little
INDEPENDENT_LOOKS_PER_YEAR = 26.0  # windows of four weeks, looked at daily, are worth about two looks each
PRIOR_REPORTS = 0.5


@dataclass(frozen=True, slots=True)
class Surprise:
    """A count in the last four weeks beside its predictive mean and gamma shape; `score` 0 is the edge of the rule."""

    day: int
    since: int
    ground: int
    district: int
    observed: int
    expected: float
    shape: float
    score: float
    chance_per_year: float

    @property
    def above(self) -> bool:
        """Whether the rule calls it an alarm."""
        return self.score >= 0


def surprises(stream: Stream, regions: Regions, days: Sequence[int]) -> Iterator[Surprise]:
    """For each day and ground the most surprising of the ground itself and its districts, if any has enough reports."""
    chosen = np.flatnonzero(regions.terrain == ALL)
    grounds, districts = regions.ground[chosen], regions.district[chosen]
    begun = int(stream.arrival.min()) if len(stream) else 0
    for day in days:
        past_days = day - RECENT_DAYS - begun + 1
        if day - begun < SILENT_DAYS:
            continue
        known = stream.known_on(day)
        recent = known.day > day - RECENT_DAYS
        member = regions.members(known.ground, known.terrain, known.district)
        seen = np.bincount(member[:, recent].ravel(), minlength=regions.count)[chosen]
        before = np.bincount(member[:, ~recent].ravel(), minlength=regions.count)[chosen]
        shape = before + PRIOR_REPORTS
        expected = shape * RECENT_DAYS / past_days
        tail = np.asarray(scipy.stats.nbinom.sf(seen - 1, shape, shape / (shape + expected)))
        per_year = tail * len(chosen) * INDEPENDENT_LOOKS_PER_YEAR
        per_year[seen < FEWEST] = np.inf
        for ground in np.unique(grounds).tolist():
            own = np.flatnonzero(grounds == ground)
            best = own[np.argmin(per_year[own])]
            often = float(per_year[best])
            if not np.isfinite(often):
                continue
            yield Surprise(
                day=day,
                since=day - RECENT_DAYS + 1,
                ground=ground,
                district=int(districts[best]),
                observed=int(seen[best]),
                expected=float(expected[best]),
                shape=float(shape[best]),
                score=float(np.log(ALLOWED_PER_YEAR / max(often, 1e-300))),
                chance_per_year=often,
            )
