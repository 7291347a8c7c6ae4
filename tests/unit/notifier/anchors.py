# SPDX-License-Identifier: EUPL-1.2
"""A plain Poisson CUSUM, the yardstick that the detector is held against.

Owns no rule of the product: a textbook chart on weekly counts, in units of log likelihood so that regions compare.
Source: Page 1954; Brook and Evans 1972 for the run length.
"""

import numpy as np

from services.notifier.streams import Floats, Stream, regions_of
from services.notifier.threshold import Crossing

BASELINE_DAYS = 728
RISE = 2.0  # the chart is tuned to a doubling


def cusum(counts: Floats, mean: Floats, rise: float = RISE) -> Floats:
    """The chart after each step. Shape: `counts` (steps, regions), `mean` (regions,)."""
    chart = np.zeros(counts.shape)
    level = np.zeros(counts.shape[1])
    for step, seen in enumerate(counts):
        level = np.maximum(0.0, level + seen * np.log(rise) - mean * (rise - 1))
        chart[step] = level
    return chart


def weekly_crossings(stream: Stream, first: int, last: int, floor: float) -> list[Crossing]:
    """What the chart says at the end of each week, on what had arrived by the end of that week."""
    regions = regions_of(stream.sizes)
    member = regions.members(stream.ground, stream.terrain, stream.district)
    past = (stream.arrival < first) & (stream.arrival >= first - BASELINE_DAYS)
    mean = (np.bincount(member[:, past].ravel(), minlength=regions.count) + 0.5) / (BASELINE_DAYS / 7)
    weeks = (last - first) // 7
    week = (stream.arrival - first) // 7
    inside = (week >= 0) & (week < weeks) & (stream.arrival >= first)
    flat = (week[inside] * regions.count + member[:, inside]).ravel()
    counts = np.bincount(flat, minlength=weeks * regions.count).reshape(weeks, regions.count)
    chart = cusum(counts.astype(np.float64), mean.astype(np.float64))
    where, region = np.nonzero(chart > floor)
    columns = (
        first + 7 * where + 6,
        regions.ground[region],
        regions.terrain[region],
        regions.district[region],
        chart[where, region],
    )
    return [Crossing(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def run_length(mean: float, threshold: float, rise: float = RISE, cells: int = 400) -> float:
    """Average steps to a false alarm, by the Markov chain of Brook and Evans on a fine grid."""
    width = threshold / cells
    middle = (np.arange(cells) + 0.5) * width
    middle[0] = 0.0
    chain = np.zeros((cells, cells))
    seen = np.arange(60)
    log_chance = seen * np.log(mean) - mean - np.cumsum(np.log(np.maximum(seen, 1)))
    for start, level in enumerate(middle):
        after = np.maximum(0.0, level + seen * np.log(rise) - mean * (rise - 1))
        stays = after < threshold
        np.add.at(chain[start], (after[stays] / width).astype(int), np.exp(log_chance[stays]))
    return float(np.linalg.solve(np.eye(cells) - chain, np.ones(cells))[0])
