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

    def __init__(self, system: System) -> None:
        self.count = 0
        self._size = system.size
        self._column: IntArray = np.full(system.size, -1, dtype=np.int64)
        self._column[system.free] = np.arange(len(system.free))
        self._known: set[tuple[bytes, bytes, float]] = set()
        self._starts: list[int] = [0]
        self._least: FloatArray = np.zeros(64)
        # One entry per weight: which cut, which cell, how much. Grown by doubling.
        self._row: IntArray = np.zeros(4096, dtype=np.int64)
        self._cell: IntArray = np.zeros(4096, dtype=np.int64)
        self._weight: FloatArray = np.zeros(4096)

    def add(self, cut: Cut) -> bool:
        """Keep a cut; False when it was known."""
        key = (cut.cells.tobytes(), cut.weights.tobytes(), cut.least)
        if key in self._known:
            return False
        self._known.add(key)
        start, end = self._starts[-1], self._starts[-1] + len(cut.cells)
        self._make_room(end)
        self._row[start:end], self._cell[start:end], self._weight[start:end] = self.count, cut.cells, cut.weights
        self._least[self.count] = cut.least
        self._starts.append(end)
        self.count += 1
        return True

    def shortfall(self, share: FloatArray) -> FloatArray:
        """By how much each cut is missed; positive where the pattern cannot be protected."""
        row, cell, weight = self._entries()
        missed: FloatArray = self._least[: self.count] - np.bincount(row, weight * share[cell], self.count)
        return missed

    def slack_without(self, share: FloatArray, cell: int) -> float:
        """The worst shortfall once a cell is shown as well."""
        without = share.copy()
        without[cell] = 0.0
        return float(self.shortfall(without).max(initial=-np.inf))

    def weight_of_missed(self, share: FloatArray) -> FloatArray:
        """For every cell, how much hiding it would mend over all missed cuts."""
        row, cell, weight = self._entries()
        missed = self.shortfall(share)
        mended = np.where(missed[row] > FALLS_SHORT, np.minimum(weight, missed[row]), 0.0)
        return np.bincount(cell, mended, self._size).astype(np.float64)

    def rows(self, which: IntArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Some cuts as rows over the free cells: starts, columns, weights, and what each must reach."""
        starts = np.array(self._starts)
        spans = [np.arange(starts[one], starts[one + 1]) for one in which]
        entries = np.concatenate([np.zeros(0, dtype=np.int64), *spans])
        ends = np.cumsum([0] + [len(span) for span in spans])
        return ends, self._column[self._cell[entries]], self._weight[entries], self._least[which]

    def _entries(self) -> tuple[IntArray, IntArray, FloatArray]:
        end = self._starts[-1]
        return self._row[:end], self._cell[:end], self._weight[:end]

    def _make_room(self, entries: int) -> None:
        while entries > len(self._cell):
            self._row = np.concatenate([self._row, np.zeros_like(self._row)])
            self._cell = np.concatenate([self._cell, np.zeros_like(self._cell)])
            self._weight = np.concatenate([self._weight, np.zeros_like(self._weight)])
        if self.count == len(self._least):
            self._least = np.concatenate([self._least, np.zeros_like(self._least)])


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
