# SPDX-License-Identifier: EUPL-1.2
"""Whether a pattern protects every sensitive cell, for a reader who knows that counts are whole numbers.

Owns that verdict for the search. What it learns on the way it keeps: worlds that show a cell wide, and cuts that show
a pattern narrow. Never trusts a program that did not finish: what is not shown wide counts as narrow.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.stats.suppression_cuts import FALLS_SHORT, Cut, Pool, cut_of
from services.stats.suppression_model import BoolArray, FloatArray, System
from services.stats.suppression_reader import REACH_WIDTHS, WHOLE, Move, Reader, is_whole, whole_extreme
from services.stats.tables import IntArray

KEPT_WORLDS: Final = 3_000
LIFTS: Final = 24  # integer programs spent on sharpening one cut against whole numbers


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit found: nothing when both are empty."""

    narrow: tuple[int, ...]
    """Sensitive cells that are too narrow even for a reader who allows fractions."""
    narrow_whole: tuple[int, ...]
    """Those that are too narrow for one who knows that counts are whole."""

    @property
    def protected(self) -> bool:
        """Whether every sensitive cell is wide enough."""
        return not self.narrow and not self.narrow_whole


class Audit:
    """Audits of one system's patterns."""

    def __init__(self, system: System, reader: Reader, pool: Pool) -> None:
        self._system, self._reader, self._pool = system, reader, pool
        self._reach = float(REACH_WIDTHS * system.needs.max(initial=1))
        self._worlds: IntArray = np.zeros((KEPT_WORLDS, system.size), dtype=np.int64)
        self._kept = 0
        self.most_down = self._widest_down()

    def look(self, pattern: BoolArray, *, all_faults: bool = True) -> Verdict:
        """The verdict on a pattern; with `all_faults` off, the first fault ends the look."""
        narrow, narrow_whole, unsettled = [], [], []
        up, down = self._observed(pattern)
        self._reader.allow(pattern.astype(np.float64), reach=self._reach)
        for cell in map(int, self._system.sensitive):
            if up[cell] + down[cell] >= self._system.needs[cell]:
                continue
            moves = self._stretch(cell, up, down)
            possible = sum(int(move.distance + WHOLE) for move in moves)
            if sum(move.distance for move in moves) < self._system.needs[cell] - FALLS_SHORT:
                self._learn(moves, cell, pattern)
                narrow.append(cell)
            elif possible < self._system.needs[cell]:
                narrow_whole.append(cell)
            elif up[cell] + down[cell] < self._system.needs[cell]:
                unsettled.append(cell)
            if not all_faults and (narrow or narrow_whole):
                return Verdict(tuple(narrow), tuple(narrow_whole))
        if not narrow:
            narrow_whole += self._settle(pattern, unsettled, up, down, all_faults=all_faults)
        return Verdict(tuple(narrow), tuple(narrow_whole))

    def cut_against_whole(self, pattern: BoolArray, cell: int) -> Cut:
        """A cut that forbids a pattern in which a cell is too narrow for whole numbers.

        Hides as much more as leaves the cell narrow first: of what then is still shown, something must be hidden.
        """
        wider = pattern.copy()
        chunks = [np.flatnonzero(~pattern & ~self._system.shown)]
        for _ in range(LIFTS):
            if not chunks:
                break
            chunk = chunks.pop()
            trial = wider.copy()
            trial[chunk] = True
            if not self._wide_whole(trial, cell):
                wider = trial
            elif len(chunk) > 1:
                chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
        cells = np.flatnonzero(~wider & ~self._system.shown)
        return Cut(cells, np.ones(len(cells)), 1.0)

    def _stretch(self, cell: int, up: IntArray, down: IntArray) -> list[Move]:
        moves = [self._reader.extreme(cell, up=True), self._reader.extreme(cell, up=False)]
        for move in moves:
            if is_whole(move.world):
                self._remember(np.round(move.world).astype(np.int64), up, down)
        return moves

    def _learn(self, moves: list[Move], cell: int, pattern: BoolArray) -> None:
        """Keep the cuts that show a cell narrow, of both directions and of the one that falls short most."""
        share = pattern.astype(np.float64)
        needed = float(self._system.needs[cell])
        found = [cut_of(self._system, self._reader, moves, needed)]
        if moves[0].distance < needed - self.most_down[cell] - FALLS_SHORT:
            found.append(cut_of(self._system, self._reader, moves[:1], needed - self.most_down[cell]))
        useful = [cut for cut in found if cut is not None and cut.reached(share) < cut.least - FALLS_SHORT]
        for cut in useful or [self._plain_cut(pattern)]:
            self._pool.add(cut)

    def _plain_cut(self, pattern: BoolArray) -> Cut:
        cells = np.flatnonzero(~pattern & ~self._system.shown)
        return Cut(cells, np.ones(len(cells)), 1.0)

    def _settle(
        self, pattern: BoolArray, cells: list[int], up: IntArray, down: IntArray, *, all_faults: bool
    ) -> list[int]:
        """Of these cells, the ones that whole-number worlds leave too narrow."""
        narrow = []
        for cell in cells:
            if up[cell] + down[cell] >= self._system.needs[cell] or self._wide_whole(pattern, cell, up, down):
                continue
            narrow.append(cell)
            if not all_faults:
                break
        return narrow

    def _wide_whole(
        self, pattern: BoolArray, cell: int, up: IntArray | None = None, down: IntArray | None = None
    ) -> bool:
        if up is None or down is None:
            up, down = self._observed(pattern)
        needed = int(self._system.needs[cell])
        for upwards in (True, False):
            if up[cell] + down[cell] >= needed:
                break
            enough = needed - (down[cell] if upwards else up[cell])
            found = whole_extreme(self._system, pattern, cell, up=upwards, reach=self._reach, enough=float(enough))
            if found is not None:
                self._remember(found.astype(np.int64), up, down)
        return bool(up[cell] + down[cell] >= needed)

    def _observed(self, pattern: BoolArray) -> tuple[IntArray, IntArray]:
        """How far up and down each cell is known to move, from the worlds that fit the pattern."""
        worlds = self._worlds[: min(self._kept, KEPT_WORLDS)]
        fitting = worlds[~worlds[:, ~pattern].any(axis=1)]
        return fitting.max(axis=0, initial=0), -fitting.min(axis=0, initial=0)

    def _remember(self, world: IntArray, up: IntArray, down: IntArray) -> None:
        np.maximum(up, world, out=up)
        np.maximum(down, -world, out=down)
        self._worlds[self._kept % KEPT_WORLDS] = world
        self._kept += 1

    def _widest_down(self) -> FloatArray:
        """How far each sensitive cell can fall when everything is hidden: the most that any pattern offers."""
        self._reader.allow((~self._system.shown).astype(np.float64), reach=self._reach)
        widest = np.zeros(self._system.size)
        for cell in map(int, self._system.sensitive):
            widest[cell] = self._reader.extreme(cell, up=False).distance
        return widest
