# SPDX-License-Identifier: EUPL-1.2
"""All worlds in which every printed number is true, as one integer program over the leaves.

Owns the attacker's matrix and its solver calls. A world gives every leaf of the whole cross a count at each moment; a
cell is the sum of the leaves under it. What is printed of single leaves is put in first, so that only the open ones
are solved for.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts when they are first asked for: forty megabytes that only a publication needs

from services.stats.attacker_reading import Place, Reading, Snapshot, Unreadable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_LEAVES: Final = 40_000  # of one whole cross, where tables do not fall apart; above it each is a cross of its own
MOST_ENTRIES: Final = 8_000_000  # of the matrix; about 100 MiB
SPARE: Final = 1_000  # how far an unprinted count may lie above the largest printed one
ROUNDING: Final = 1e-5


class Contradiction(Exception):
    """No world fits: the printed numbers contradict each other."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """How far a sum reaches: what a world shows, and what no world exceeds. Equal when the solver finished."""

    reached: int | None
    limit: float
    world: Ints | None


@dataclass(frozen=True, slots=True)
class _Block:
    """A cross of leaves at one moment: where its variables start, and its axes."""

    start: int
    axes: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return math.prod(self.shape)


class Worlds:
    """The integer program, ready for questions about sums of leaves."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._blocks = _blocks(reading)
        self.count = sum(block.size for blocks in self._blocks for block in blocks)
        _refuse_too_large(reading)
        rows, low, high = self._rows()
        self._highest = max((h for s in reading.snapshots for _, h in s.bounds.values() if h is not None), default=0)
        self._least, self._most = np.zeros(self.count), np.full(self.count, float(self._highest + SPARE))
        self._settle(rows, low, high)
        self._limits: dict[tuple[bytes, bytes, bool, float], float] = {}
        """What was proven of a sum, by its open leaves: many cells of several releases are the same sum."""

    def leaves(self, snapshot: int, place: Place) -> Ints:
        """The variables that a cell is the sum of."""
        apart = {axis for axis, node in enumerate(place) if node != self._reading.axes[axis].total}
        block = next(one for one in self._blocks[snapshot] if apart <= set(one.axes))  # its table lies in one
        below = [list(self._reading.axes[axis].below[place[axis]]) for axis in block.axes]
        return block.start + np.ravel_multi_index(np.ix_(*below), block.shape).ravel()

    def has_free(self, leaves: Ints) -> bool:
        """Whether nothing printed bounds one of the leaves from above, so that no sum with it can be narrow."""
        return bool(self._free[leaves].any())

    def reach(self, plus: Ints, minus: Ints, *, up: bool, seconds: float, enough: float = math.inf) -> Extreme:
        """How high or low one sum of leaves, less another, can be; no further than `enough`, which must be possible."""
        objective = np.zeros(self.count)
        objective[plus] += 1.0
        objective[minus] -= 1.0
        open_part = np.where(self._open, objective, 0.0)
        moved = np.flatnonzero(open_part)
        known = float((objective - open_part) @ self._least)
        if not len(moved):
            return Extreme(round(known), known, None)
        question = (moved.tobytes(), open_part[moved].tobytes(), up, enough - known)
        if question not in self._limits:
            found = self.extreme(open_part, up=up, seconds=seconds, enough=enough - known)
            if found.reached == found.limit:
                self._limits[question] = found.limit
            return _moved(found, known)
        return Extreme(None, self._limits[question] + known, None)

    def rows_of(self, sums: Sequence[tuple[Ints, Ints]]) -> "scipy.sparse.csr_array":
        """A row per sum of leaves, less others."""
        return _indicator([plus for plus, _ in sums], self.count) - _indicator([minus for _, minus in sums], self.count)

    def extreme(self, objective: Floats, *, up: bool, seconds: float, enough: float = math.inf) -> Extreme:
        """How high or low a weighted sum of leaves can be, no further than `enough`. Raises: Contradiction."""
        sign = -1.0 if up else 1.0
        known = float(objective @ np.where(self._open, 0.0, self._least))
        weights = sign * objective[self._open]
        if not self._open.any():
            return Extreme(round(known), known, self._least.astype(np.int64))
        result = scipy.optimize.milp(
            weights,
            integrality=np.ones(len(weights)),
            bounds=scipy.optimize.Bounds(self._least[self._open], self._most[self._open]),
            constraints=[*self._constraints, *_no_further(weights, enough - known, sign)],
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
        )
        if result.status == 2:
            raise Contradiction
        bound = result.mip_dual_bound if result.mip_dual_bound is not None else -math.inf
        if result.x is None:
            return Extreme(None, sign * bound + known, None)
        world = self._world(result.x)
        reached = round(float(objective @ world))
        return Extreme(reached, float(reached) if result.status == 0 else sign * bound + known, world)

    def spread(
        self, sums: Sequence[tuple[Ints, Ints]], seen: Floats, width: float, *, up: bool, seconds: float
    ) -> Ints | None:
        """A world that lifts (or lowers) many sums (less others) at once, each by up to `width` from where it was seen.

        Without that limit one world piles everything onto one leaf and shows little of the rest.
        """
        if not self._open.any():
            return None
        rows = self.rows_of(sums)
        known = rows @ np.where(self._open, 0.0, self._least)
        sign = 1.0 if up else -1.0
        gains, leaves = len(sums), int(self._open.sum())
        # A gain is at most what its sum lies above (below) where it was seen.
        reward = scipy.optimize.LinearConstraint(
            scipy.sparse.hstack([sign * rows[:, self._open], -scipy.sparse.eye_array(gains)], format="csr"),
            sign * (seen - known),
            np.inf,
        )
        printed = [
            scipy.optimize.LinearConstraint(
                scipy.sparse.hstack([c.A, scipy.sparse.csr_array((c.A.shape[0], gains))], format="csr"), c.lb, c.ub
            )
            for c in self._constraints
        ]
        result = scipy.optimize.milp(
            np.concatenate([np.zeros(leaves), -np.ones(gains)]),
            integrality=np.concatenate([np.ones(leaves), np.zeros(gains)]),
            bounds=scipy.optimize.Bounds(
                np.concatenate([self._least[self._open], np.full(gains, -np.inf)]),
                np.concatenate([self._most[self._open], np.full(gains, width)]),
            ),
            constraints=[*printed, reward],
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.05},
        )
        return None if result.x is None else self._world(result.x[:leaves])

    def _world(self, found: Floats) -> Ints:
        world = self._least.copy()
        world[self._open] = np.round(found)
        return world.astype(np.int64)

    def _rows(self) -> "tuple[scipy.sparse.csr_array, Floats, Floats]":
        """Every printed cell, every margin that two tables share, every leaf that cannot shrink."""
        sums, low, high = [], [], []
        for moment, snapshot in enumerate(self._reading.snapshots):
            for place, (least, most) in snapshot.bounds.items():
                sums.append(self.leaves(moment, place))
                low.append(float(least))
                high.append(math.inf if most is None else float(most))
        differences = [*self._shared_margins(), *self._growth()]
        before = _indicator([one for one, _, _ in differences], self.count)
        after = _indicator([other for _, other, _ in differences], self.count)
        matrix = scipy.sparse.vstack([_indicator(sums, self.count), before - after], format="csr")
        low += [0.0] * len(differences)
        high += [most for *_, most in differences]
        return matrix, np.array(low), np.array(high)

    def _shared_margins(self) -> Iterator[tuple[Ints, Ints, float]]:
        """Where a moment has several crosses: their common margins are the same counts."""
        for blocks in self._blocks:
            for number, one in enumerate(blocks):
                for other in blocks[:number]:
                    common = tuple(sorted(set(one.axes) & set(other.axes)))
                    shape = tuple(len(self._reading.axes[axis].leaves) for axis in common)
                    for where in np.ndindex(*shape):
                        fixed = dict(zip(common, where, strict=True))
                        yield _under(one, fixed), _under(other, fixed), 0.0

    def _growth(self) -> Iterator[tuple[Ints, Ints, float]]:
        """Where releases only add cases: no leaf is smaller later on."""
        if not self._reading.accumulates:
            return
        for earlier, later in zip(self._blocks, self._blocks[1:], strict=False):
            for before, after in zip(earlier, later, strict=True):
                for leaf in range(before.size):
                    yield np.array([after.start + leaf]), np.array([before.start + leaf]), math.inf

    def _settle(self, rows: "scipy.sparse.csr_array", low: Floats, high: Floats) -> None:
        """Put in what single leaves and zeros tell, until only open leaves and rows that bind are left."""
        while True:
            entries = np.diff(rows.indptr)
            single = np.flatnonzero((entries == 1) & (rows.sum(axis=1) == 1))
            at = rows.indices[rows.indptr[single]]
            np.maximum.at(self._least, at, low[single])
            np.minimum.at(self._most, at, high[single])
            zeros = np.flatnonzero((high == 0) & (rows.min(axis=1).toarray().ravel() >= 0))
            nothing = np.unique(rows[zeros].indices)
            self._most[nothing] = np.minimum(self._most[nothing], 0.0)
            if (self._least > self._most).any():
                raise Contradiction
            fixed = self._least == self._most
            known = rows @ np.where(fixed, self._least, 0.0)
            says_nothing = (low <= 0) & np.isinf(high) & (rows.min(axis=1).toarray().ravel() >= 0)
            kept = ~says_nothing
            kept[single] = False
            if not fixed[np.unique(rows.indices)].any() and kept.all():
                break
            keep_columns = scipy.sparse.csr_array(
                (np.where(fixed, 0.0, 1.0), (np.arange(self.count),) * 2), shape=(self.count,) * 2
            )
            rows = (rows @ keep_columns).tocsr()[kept]
            rows.eliminate_zeros()
            low, high = (low - known)[kept], (high - known)[kept]
            empty = np.diff(rows.indptr) == 0
            if (low[empty] > ROUNDING).any() or (high[empty] < -ROUNDING).any():
                raise Contradiction
            rows, low, high = rows[~empty], low[~empty], high[~empty]
        bound = np.zeros(self.count, dtype=np.bool_)
        bound[np.unique(rows.indices)] = True
        self._free = (self._least < self._most) & ~bound & np.isclose(self._most, SPARE + self._highest)
        self._open = (self._least < self._most) & ~self._free
        self._constraints = [scipy.optimize.LinearConstraint(rows[:, self._open], low, high)] if len(low) else []


def _blocks(reading: Reading) -> list[list[_Block]]:
    """The crosses of each moment: one over all its dimensions when that is bearable, else one per table."""
    start, found = 0, []
    everything = set[int]().union(*(snapshot.axes_used for snapshot in reading.snapshots))
    for snapshot in reading.snapshots:
        blocks = []
        for axes in _crosses(snapshot, reading, everything if reading.accumulates else snapshot.axes_used):
            block = _Block(start, axes, tuple(len(reading.axes[axis].leaves) for axis in axes))
            blocks.append(block)
            start += block.size
        found.append(blocks)
    return found


def _crosses(snapshot: Snapshot, reading: Reading, axes: set[int]) -> list[tuple[int, ...]]:
    whole = tuple(sorted(axes))
    all_tables = {t for one in reading.snapshots for t in one.tables} if reading.accumulates else set(snapshot.tables)
    widest = sorted(t for t in all_tables if not any(set(t) < set(other) for other in all_tables))
    if not reading.accumulates and _falls_apart(widest):
        return widest
    return [whole] if math.prod(len(reading.axes[axis].leaves) for axis in whole) <= MOST_LEAVES else widest


def _falls_apart(tables: Sequence[Sequence[int]]) -> bool:
    """Whether tables that agree on the margins they share always fit in one whole cross: no chain of them is closed.

    Source: Graham's reduction of acyclic hypergraphs; two tables with a common margin always have a joint one.

    >>> _falls_apart([(0, 1), (1, 2)]), _falls_apart([(0, 1), (1, 2), (0, 2)])
    (True, False)
    """
    left = [set(table) for table in tables]
    while left:
        once = {axis for axis in set().union(*left) if sum(axis in one for one in left) == 1}
        parts = {frozenset(one - once) for one in left}
        fewer = [set(one) for one in parts if not any(one < other for other in parts)]
        if len(fewer) == len(left) and not once:
            return False
        left = fewer if len(fewer) > 1 else []
    return True


def _refuse_too_large(reading: Reading) -> None:
    """Stop before the matrix is built when it would not be bearable."""
    entries = 0
    for blocks in _blocks(reading):
        for block in blocks:
            entries += math.prod(sum(map(len, reading.axes[axis].below.values())) for axis in block.axes)
    if entries > MOST_ENTRIES:
        raise Unreadable("/releases", "the tables are too large to attack")


def _moved(found: Extreme, known: float) -> Extreme:
    """What was found of the open leaves of a sum, with what is known of its others."""
    reached = None if found.reached is None else found.reached + round(known)
    return Extreme(reached, found.limit + known, found.world)


def _no_further(weights: Floats, enough: float, sign: float) -> "list[scipy.optimize.LinearConstraint]":
    """The row that stops a search where it need not go on: its bound proves itself, and no search is as short."""
    if not math.isfinite(enough):
        return []
    return [scipy.optimize.LinearConstraint(scipy.sparse.csr_array(weights[None, :]), sign * enough, np.inf)]


def _under(block: _Block, fixed: dict[int, int]) -> Ints:
    """The variables of a block that stand at the given leaves of some of its axes."""
    ranges = [
        [fixed[axis]] if axis in fixed else list(range(n)) for axis, n in zip(block.axes, block.shape, strict=True)
    ]
    return np.array(block.start + np.ravel_multi_index(np.ix_(*ranges), block.shape).ravel())


def _indicator(sums: Sequence[Ints], width: int) -> "scipy.sparse.csr_array":
    """One row per sum, with a 1 for every variable in it."""
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *sums])
    starts = np.cumsum([0] + [len(one) for one in sums])
    return scipy.sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(sums), width))
