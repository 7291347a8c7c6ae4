# SPDX-License-Identifier: EUPL-1.2
"""Conditions that every protected pattern meets, found where a pattern falls short.

Owns the cuts, and the looking for them. A cut holds for every protected pattern, so one that a pattern violates
proves it unprotected without solving anything; never drops a cut.

Source: M. Fischetti and J. J. Salazar-Gonzalez, Models and algorithms for optimizing cell suppression in tabular data
with linear constraints, JASA 95 (2000).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.stats.suppression_model import BoolArray, FloatArray, System
from services.stats.suppression_reader import WHOLE, Move, Reader
from services.stats.tables import IntArray

FALLS_SHORT: Final = 1e-4  # a violation smaller than this is the solver's own rounding
NEGLIGIBLE: Final = 1e-9
GRAIN: Final = 840  # prices are simple fractions; snapping to 1/840 keeps the cuts' numbers clean


@dataclass(frozen=True, slots=True)
class Cut:
    """A weighted number of hidden cells that must be reached; cells are positions in the system."""

    cells: IntArray
    weights: FloatArray
    least: float

    def reached(self, share: FloatArray) -> float:
        """How much of the condition a pattern meets."""
        return float(self.weights @ share[self.cells])


class Pool:
    """All cuts found so far, ready to be asked at once."""

    def __init__(self, size: int) -> None:
        self.cuts: list[Cut] = []
        self._size = size
        self._known: set[tuple[bytes, bytes, float]] = set()
        self._matrix: FloatArray = np.zeros((64, size))
        self._least: FloatArray = np.zeros(64)

    def add(self, cut: Cut) -> bool:
        """Keep a cut; False when it was known."""
        key = (cut.cells.tobytes(), cut.weights.tobytes(), cut.least)
        if key in self._known:
            return False
        self._known.add(key)
        count = len(self.cuts)
        if count == len(self._least):
            self._matrix = np.vstack([self._matrix, np.zeros_like(self._matrix)])
            self._least = np.concatenate([self._least, np.zeros_like(self._least)])
        self._matrix[count, cut.cells] = cut.weights
        self._least[count] = cut.least
        self.cuts.append(cut)
        return True

    def shortfall(self, share: FloatArray) -> FloatArray:
        """By how much each cut is missed; positive where the pattern cannot be protected."""
        count = len(self.cuts)
        missed: FloatArray = self._least[:count] - self._matrix[:count] @ share
        return missed

    def rows(self, which: IntArray, cells: IntArray) -> tuple[FloatArray, FloatArray]:
        """The weights of some cuts over some cells, and what each must reach."""
        return self._matrix[np.ix_(which, cells)], self._least[which]

    def slack_without(self, share: FloatArray, cell: int) -> float:
        """The worst shortfall once a cell is shown as well."""
        count = len(self.cuts)
        if count == 0:
            return -np.inf
        return float((self.shortfall(share) + self._matrix[:count, cell] * share[cell]).max())

    def weight_of_missed(self, share: FloatArray) -> FloatArray:
        """For every cell, how much hiding it would mend over all missed cuts."""
        count = len(self.cuts)
        missed = self.shortfall(share)
        rows = missed > FALLS_SHORT
        weights: FloatArray = np.minimum(self._matrix[:count][rows], missed[rows, None]).sum(axis=0)
        return weights


def company(system: System) -> Iterable[Cut]:
    """A hidden cell needs company on every sum it stands in: alone it is known.

    For a cell that must be hidden that is a necessity. A cell hidden by choice is better shown when it is known
    anyway, so some cheapest pattern meets the condition, and it is asked of all.
    """
    for parent, parts in system.lines:
        line = np.array((parent, *parts), dtype=np.int64)
        if system.hidden[line].sum() >= 2:
            continue
        free = line[~system.hidden[line] & ~system.shown[line]]
        lonely = line[system.hidden[line]]
        if len(lonely) == 1 and system.needs[lonely[0]]:
            yield Cut(free, np.ones(len(free)), 1.0)
        elif len(lonely) == 0:
            for cell in free:
                yield Cut(free, np.where(free == cell, -1.0, 1.0), 0.0)


def cut_of(system: System, reader: Reader, moves: Iterable[Move], needed: float) -> Cut | None:
    """The condition behind moves that fall short of what is needed; None when the prices prove nothing.

    By weak duality the prices bound the distance for any pattern: a hidden cell adds at most its price times its room.
    """
    weights = np.zeros(system.size)
    for move in moves:
        prices = np.where(np.abs(move.prices) < NEGLIGIBLE, 0.0, move.prices)
        weights += np.where(prices > 0, prices * reader.up_room, -prices * reader.down_room)
    least = needed - float(weights[system.hidden].sum())
    if least < FALLS_SHORT:
        return None
    cells = np.flatnonzero((weights > NEGLIGIBLE) & ~system.hidden & ~system.shown)
    return Cut(cells, _clean(np.minimum(weights[cells], least)), _clean_down(least))


def cut_off(system: System, pattern: BoolArray) -> Cut:
    """At least one cell that is shown now must be hidden: the pattern, and all that hides less, is unprotected."""
    cells = np.flatnonzero(~pattern & ~system.shown)
    return Cut(cells, np.ones(len(cells)), 1.0)


def _clean(weights: FloatArray) -> FloatArray:
    """Weights on a clean grid, never lower than they were: a higher weight keeps the cut valid."""
    grid = np.round(weights * GRAIN) / GRAIN
    return np.where(np.abs(grid - weights) < WHOLE, grid, weights + WHOLE)


def _clean_down(least: float) -> float:
    grid = round(least * GRAIN) / GRAIN
    return grid if abs(grid - least) < WHOLE else least - WHOLE


def fractional_cuts(system: System, reader: Reader, pool: Pool, share: FloatArray, most_down: FloatArray) -> int:
    """Look for cuts that a fractional pattern misses, and add them to the pool; how many were new."""
    reader.allow(share, reach=float(system.needs.max(initial=1)))
    added = 0
    for cell in system.sensitive:
        up, down = reader.extreme(int(cell), up=True), reader.extreme(int(cell), up=False)
        needed = float(system.needs[cell])
        for moves, least in (((up, down), needed), ((up,), needed - most_down[cell])):
            if sum(move.distance for move in moves) > least - FALLS_SHORT:
                continue
            cut = cut_of(system, reader, moves, least)
            if cut is not None and cut.reached(share) < cut.least - FALLS_SHORT:
                added += pool.add(cut)
    return added
