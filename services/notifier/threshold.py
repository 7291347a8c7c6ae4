# SPDX-License-Identifier: EUPL-1.2
"""The score that chance alone reaches as often as the budget allows.

Owns what one call to a person is, and the level that keeps such calls within the budget. Never looks at a stream.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MERGE_DAYS = 14  # alarms on overlapping regions within this many days are one call to a person
YEAR_DAYS = 365.25
STEP = 0.1  # of the score, at which the curve is read
FALLBACK_LEVEL = 2.5  # above every level that invented cities of three sizes needed for four episodes a year


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
    running: list[tuple[int, set[tuple[int, int, int]]]] = []
    count = 0
    for day, *codes, _ in sorted((c.day, c.ground, c.terrain, c.district, c.score) for c in crossings):
        region = (codes[0], codes[1], codes[2])
        running = [e for e in running if day - e[0] <= MERGE_DAYS]
        for index, (_, named) in enumerate(running):
            if region in named or any(_overlap(region, other) for other in named):
                named.add(region)
                running[index] = (day, named)
                break
        else:
            running.append((day, {region}))
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class Null:
    """What chance does here: the level that keeps the budget, and how often other scores arise.

    `curve` holds (score, episodes a year), by rising score.
    """

    level: float
    curve: tuple[tuple[float, float], ...]

    def per_year(self, score: float) -> float:
        """How often a year chance reaches a score; beyond what was simulated, the rarest rate that was.

        >>> Null(1.0, ((0.0, 8.0), (1.0, 4.0), (2.0, 1.0))).per_year(1.5)
        2.0
        """
        if not self.curve:
            return 0.0
        place = max(1, min(len(self.curve) - 1, bisect_left(self.curve, (score, 0.0))))
        (low, often), (high, rarely) = self.curve[place - 1], self.curve[place]
        part = min(1.0, max(0.0, (score - low) / (high - low)))
        return math.exp((1 - part) * math.log(often) + part * math.log(rarely))


def null_from(pieces: Sequence[Sequence[Crossing]], days: int, budget_per_year: float) -> Null:
    """The level and the curve from simulated pieces, `days` in all.

    Without a simulation the level is the one that a mixture of this kind needs at the least.
    """
    if not days:
        return Null(FALLBACK_LEVEL, ())
    top = max((c.score for piece in pieces for c in piece), default=0.0)
    curve: list[tuple[float, float]] = []
    steps = max(2, round(top / STEP) + 1)
    for index in range(steps):
        score = index * STEP
        episodes = sum(count_episodes(c for c in piece if c.score >= score) for piece in pieces)
        if curve and not episodes:
            break
        curve.append((score, max(episodes, 0.5) * YEAR_DAYS / days))
    return Null(_level(curve, budget_per_year), tuple(curve))


def _level(curve: Sequence[tuple[float, float]], budget_per_year: float) -> float:
    """Where a straight line through the curve's logarithm, around the budget, meets the budget.

    A line over a range of rates rests on more episodes than the one crossing does.
    """
    near = [(s, math.log(rate)) for s, rate in curve if budget_per_year / 4 <= rate <= budget_per_year * 3]
    if len(near) < 2:
        return next((s for s, rate in curve if rate <= budget_per_year), curve[-1][0] + STEP)
    mean_score = sum(s for s, _ in near) / len(near)
    mean_rate = sum(r for _, r in near) / len(near)
    slope = sum((s - mean_score) * (r - mean_rate) for s, r in near) / sum((s - mean_score) ** 2 for s, _ in near)
    if slope >= 0:
        return near[-1][0]
    level = mean_score + (math.log(budget_per_year) - mean_rate) / slope
    # A curve that is flat and then falls has no line worth following: never further than the next steps beyond it.
    return min(max(level, near[0][0] - 1), near[-1][0] + STEP)
