# SPDX-License-Identifier: EUPL-1.2
"""The score that chance alone reaches as often as the budget allows.

Owns what one call to a person is, and the level that keeps such calls within the budget. Never looks at a stream.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    running: list[tuple[int, set[tuple[int, int, int]]]] = []
    count = 0
    for crossing in sorted(crossings, key=lambda c: (c.day, c.ground, c.terrain, c.district)):
        region = (crossing.ground, crossing.terrain, crossing.district)
        running = [e for e in running if crossing.day - e[0] <= MERGE_DAYS]
        for index, (_, named) in enumerate(running):
            if any(_overlap(region, other) for other in named):
                running[index] = (crossing.day, named | {region})
                break
        else:
            running.append((crossing.day, {region}))
            count += 1
    return count


def level_for(pieces: Sequence[Sequence[Crossing]], days: int, budget_per_year: float) -> float:
    """The lowest score at which the simulated pieces, `days` in all, stay within the budget."""
    scores = sorted({c.score for piece in pieces for c in piece})
    if not scores:
        return 0.0
    low, high = 0, len(scores) - 1
    allowed = budget_per_year * days / YEAR_DAYS
    while low < high:
        middle = (low + high) // 2
        above = sum(count_episodes(c for c in piece if c.score >= scores[middle]) for piece in pieces)
        low, high = (low, middle) if above <= allowed else (middle + 1, high)
    return scores[low]
