# SPDX-License-Identifier: EUPL-1.2
"""Open figures: the same small noise on the same cases, wherever and however often they are asked for.

Owns the lookup table and the noise. A cell's key is the sum of its cases' record keys, so the same cases get the same
noise in every table, order and year. Never sees the secret behind the record keys, and never draws a random number.

Source: B. Fraser and J. Wooton, A proposed method for confidentialising tabular output to protect against
differencing, UNECE/Eurostat work session on statistical data confidentiality (2005); S. Giessing and R. Tent,
Concepts for generalising tools implementing the cell key method to the case of continuous variables (2019).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `optimize` when it is first asked for: forty megabytes that only a publication needs

KEYS: Final = 2**32
"""Record keys and cell keys are whole numbers from 0 up to this."""

MOST_NOISE: Final = 5  # D: an open figure is never further from the true count
VARIANCE: Final = 4  # V: of the noise on every count above 0
NEVER_SHOWN: Final = (1, 2)  # js = 2: published counts are 0 or at least 3
SHARE_BASE: Final = 20  # a percentage needs at least this base, or the noise would speak louder than the figure
GRAIN: Final = 2**16  # weights are multiples of this, so that another solver's last digits do not change the table
NUDGE: Final = 64  # how many grains a weight may move to make the moments exact

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NoiseRow:
    """The noise on one true count: values, and how many of the 2^32 keys give each."""

    noise: Ints
    weights: Ints

    @property
    def thresholds(self) -> Ints:
        """The first key beyond each value's share."""
        return np.cumsum(self.weights)


@cache
def lookup_table() -> tuple[NoiseRow, ...]:
    """The rows for true counts 0, 1, 2 ...; the last one also serves every larger count.

    Every row but the first is exactly unbiased and has exactly the variance; among those it is the most even one.
    """
    nothing = NoiseRow(np.zeros(1, dtype=np.int64), np.array([KEYS]))
    last = MOST_NOISE + max(NEVER_SHOWN) + 1
    return (nothing, *(_row(count) for count in range(1, last + 1)))


def cell_key(record_keys: Iterable[int]) -> int:
    """The key of a cell, from the record keys of its cases.

    >>> cell_key([2**32 - 1, 3]) == cell_key([3, 2**32 - 1]) == 2
    True
    """
    return sum(record_keys) % KEYS


def perturb(count: int, key: int) -> int:
    """The open figure for a true count.

    >>> perturb(0, 12345)
    0
    """
    if count < 0 or not 0 <= key < KEYS:
        raise ValueError("a count is at least 0, a key from 0 up to 2^32")
    rows = lookup_table()
    row = rows[min(count, len(rows) - 1)]
    return count + int(row.noise[int(np.searchsorted(row.thresholds, key, side="right"))])


def bounds(shown: int) -> tuple[int, int]:
    """Between what the true count lies, for a reader of an open figure. A true 0 is always shown as 0.

    >>> bounds(0), bounds(3), bounds(30)
    ((0, 5), (1, 8), (25, 35))
    """
    return max(shown - MOST_NOISE, int(shown > 0)), shown + MOST_NOISE


def _row(count: int) -> NoiseRow:
    noise = np.array([v for v in range(-MOST_NOISE, MOST_NOISE + 1) if count + v >= 0 and count + v not in NEVER_SHOWN])
    return NoiseRow(noise, GRAIN * _exact(noise, _most_even(noise), KEYS // GRAIN))


def _most_even(noise: Ints) -> npt.NDArray[np.float64]:
    """The shares of largest entropy with mean 0 and the variance: exp(a v + b v^2), scaled to 1."""

    def shares(powers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        exponent = powers[0] * noise + powers[1] * noise**2
        weight = np.exp(exponent - exponent.max())
        return np.asarray(weight / weight.sum())

    def misses(powers: npt.NDArray[np.float64]) -> list[float]:
        share = shares(powers)
        return [float(share @ noise), float(share @ noise**2) - VARIANCE]

    found = scipy.optimize.root(misses, np.zeros(2), tol=1e-12)
    if max(map(abs, misses(found.x))) > 1e-9:
        raise ArithmeticError("no noise has these moments")
    return shares(found.x)


def _exact(noise: Ints, ideal: npt.NDArray[np.float64], total: int) -> Ints:
    """Whole weights next to the ideal shares, with exactly the total, the mean and the variance."""
    rounded = np.round(ideal * total).astype(np.int64)
    powers = np.stack([np.ones_like(noise), noise, noise**2])
    missing = np.array([total, 0, VARIANCE * total]) - powers @ rounded
    size = len(noise)
    # Columns: what to add, what to take away. The least change that makes all three sums exact.
    change = scipy.optimize.milp(
        np.ones(2 * size),
        integrality=np.ones(2 * size),
        bounds=scipy.optimize.Bounds(0, NUDGE),
        constraints=scipy.optimize.LinearConstraint(np.hstack([powers, -powers]), missing, missing),
    )
    if change.x is None:
        raise ArithmeticError("no whole weights have these moments")
    whole = np.round(change.x).astype(np.int64)
    weights: Ints = rounded + whole[:size] - whole[size:]
    return weights
