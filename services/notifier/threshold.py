# SPDX-License-Identifier: EUPL-1.2
"""The score that chance alone reaches as often as the budget allows in *this* city.

Owns the simulated null: the last two years keep their days, uploads and partners, only what each report is about is
drawn anew from the fitted shares. So volume, season, batches and delays are the city's own. Seeded: the same past
gives the same threshold. Never sees the days that are judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from services.notifier.streams import Floats, Ints

MERGE_DAYS = 14  # alarms on overlapping regions within this many days are one call to a person
YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Crossing:
    """One day on which a ground scored, with the region named."""

    day: int
    ground: int
    terrain: int
    district: int
    score: float


def _overlap(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether two regions share a place, where -1 covers all codes.

    >>> _overlap((1, -1, 3), (1, 2, -1)), _overlap((1, -1, 3), (1, 2, 4))
    (True, False)
    """
    return all(a == b or a < 0 or b < 0 for a, b in zip(one, other, strict=True))


def count_episodes(crossings: Iterable[Crossing]) -> int:
    """How often a person would be called: overlapping crossings within two weeks of the last are one episode."""
    open_episodes: list[tuple[int, set[tuple[int, int, int]]]] = []
    count = 0
    for crossing in sorted(crossings, key=lambda c: (c.day, c.ground, c.terrain, c.district)):
        region = (crossing.ground, crossing.terrain, crossing.district)
        open_episodes = [e for e in open_episodes if crossing.day - e[0] <= MERGE_DAYS]
        for index, (_, named) in enumerate(open_episodes):
            if any(_overlap(region, other) for other in named):
                open_episodes[index] = (crossing.day, named | {region})
                break
        else:
            open_episodes.append((crossing.day, {region}))
            count += 1
    return count


def level_for(years: Sequence[Sequence[Crossing]], span_days: int, budget_per_year: float) -> float:
    """The lowest score at which chance stays within the budget, averaged over the simulated years."""
    scores = sorted({c.score for year in years for c in year})
    if not scores:
        return 0.0
    low, high = 0, len(scores) - 1
    allowed = budget_per_year * len(years) * span_days / YEAR_DAYS
    while low < high:
        middle = (low + high) // 2
        above = sum(count_episodes(c for c in year if c.score >= scores[middle]) for year in years)
        low, high = (low, middle) if above <= allowed else (middle + 1, high)
    return scores[low]


def draw_cells(weights: Floats, weeks: Ints, rng: np.random.Generator) -> Ints:
    """A cell per report, drawn with the weights of the report's week. Shape: `weights` (weeks, cells)."""
    ladder = np.cumsum(weights, axis=1)
    ladder /= ladder[:, -1:]
    drawn = np.empty(len(weeks), dtype=np.int64)
    order = np.argsort(weeks, kind="stable")
    point = rng.random(len(weeks))
    bounds = np.searchsorted(weeks[order], np.arange(len(weights) + 1))
    for week in range(len(weights)):
        chosen = order[bounds[week] : bounds[week + 1]]
        drawn[chosen] = np.searchsorted(ladder[week], point[chosen], side="right")
    return np.minimum(drawn, weights.shape[1] - 1)
