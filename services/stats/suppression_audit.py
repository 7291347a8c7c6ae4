# SPDX-License-Identifier: EUPL-1.2
"""Whether a pattern protects every sensitive cell, for a reader who knows that counts are whole numbers.

Owns that verdict for the search. What it learns on the way it keeps: worlds that show a cell wide, and cuts that show
a pattern narrow. Never trusts a program that did not finish: what is not shown wide counts as narrow.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from services.stats.suppression_cuts import FALLS_SHORT, Cut, Pool, cut_of, cut_off
from services.stats.suppression_model import BoolArray, Budget, System
from services.stats.suppression_reader import REACH_WIDTHS, WHOLE, Move, Reader, is_whole, whole_extreme
from services.stats.tables import IntArray

Width = Literal["wide", "narrow", "narrow whole", "unsettled"]

MOST_KEPT: Final = 3_000  # worlds remembered
MOST_REMEMBERED: Final = 4_000_000  # numbers in them
MANY: Final = 12  # from so many doubtful cells on, worlds that move all of them at once come first
SAMPLES: Final = 24
WORTHWHILE: Final = 20  # a world for all is as dear as many for one: it must settle one doubtful cell in so many
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

    def __init__(self, system: System, reader: Reader, pool: Pool, budget: Budget) -> None:
        self._system, self._reader, self._pool, self._budget = system, reader, pool, budget
        self._reach = float(REACH_WIDTHS * system.needs.max(initial=1))
        self._capacity = max(50, min(MOST_KEPT, MOST_REMEMBERED // max(1, system.size)))
        self._worlds: npt.NDArray[np.int16] = np.zeros((self._capacity, system.size), dtype=np.int16)
        self._kept = 0
        self.most_down = np.where(system.needs > 0, np.minimum(reader.down_room, self._reach), 0.0)

    def look(self, pattern: BoolArray, *, all_faults: bool = True, to_the_end: bool = False) -> Verdict:
        """The verdict on a pattern; with `all_faults` off, the first fault ends the look.

        When time runs out, cells not yet looked at count as narrow, unless the look is to go on to the end.
        """
        hurried = not to_the_end
        faults: dict[Width, list[int]] = {"narrow": [], "narrow whole": [], "unsettled": [], "wide": []}
        up, down = self._observed(pattern)
        self._reader.allow(pattern.astype(np.float64), reach=self._reach)
        if to_the_end or self._budget.left > 0:
            self._sample(up, down)
        for cell in np.flatnonzero(up + down < self._system.needs).tolist():
            if hurried and self._budget.left <= 0:
                return Verdict((cell,), ())
            faults[self._ask(cell, pattern, up, down)].append(cell)
            if not all_faults and (faults["narrow"] or faults["narrow whole"]):
                break
        if not faults["narrow"]:
            faults["narrow whole"] += self._settle(pattern, faults["unsettled"], up, down, all_faults=all_faults)
        return Verdict(tuple(faults["narrow"]), tuple(faults["narrow whole"]))

    def _ask(self, cell: int, pattern: BoolArray, up: IntArray, down: IntArray) -> Width:
        """How wide a cell is for a reader who allows fractions; what was learnt is kept."""
        needs = int(self._system.needs[cell])
        if up[cell] + down[cell] >= needs:
            return "wide"
        moves = [self._stretch(cell, up, down, upwards=True)]
        if up[cell] + down[cell] >= needs:
            return "wide"
        moves.append(self._stretch(cell, up, down, upwards=False))
        if sum(move.distance for move in moves) < needs - FALLS_SHORT:
            self._learn(moves, cell, pattern)
            return "narrow"
        if sum(int(move.distance + WHOLE) for move in moves) < needs:
            return "narrow whole"
        return "unsettled" if up[cell] + down[cell] < needs else "wide"

    def _sample(self, up: IntArray, down: IntArray) -> None:
        """Move all doubtful cells at once, this way and that, while that shows many of them wide."""
        dice = np.random.default_rng(3)
        doubtful = np.flatnonzero(up + down < self._system.needs)
        for _ in range(SAMPLES):
            if len(doubtful) < MANY:
                return
            weights = np.zeros(self._system.size)
            weights[doubtful] = dice.uniform(0.5, 1.5, len(doubtful)) * dice.choice((-1.0, 1.0), len(doubtful))
            for sign in (1.0, -1.0):
                world = self._reader.drift(sign * weights)
                if is_whole(world):
                    self._remember(np.round(world).astype(np.int64), up, down)
            before, doubtful = len(doubtful), np.flatnonzero(up + down < self._system.needs)
            if len(doubtful) > before - max(MANY // 4, before // WORTHWHILE):
                return

    def cut_against_whole(self, pattern: BoolArray, cell: int) -> Cut:
        """A cut that forbids a pattern in which a cell is too narrow for whole numbers.

        Hides as much more as leaves the cell narrow first: of what then is still shown, something must be hidden.
        """
        wider = pattern.copy()
        chunks = [np.flatnonzero(~pattern & ~self._system.shown)]
        for _ in range(LIFTS):
            if not chunks or self._budget.left <= 0:
                break
            chunk = chunks.pop()
            trial = wider.copy()
            trial[chunk] = True
            if not self._wide_whole(trial, cell):
                wider = trial
            elif len(chunk) > 1:
                chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
        return cut_off(self._system, wider)

    def _stretch(self, cell: int, up: IntArray, down: IntArray, *, upwards: bool) -> Move:
        move = self._reader.extreme(cell, up=upwards)
        if is_whole(move.world):
            self._remember(np.round(move.world).astype(np.int64), up, down)
        return move

    def _learn(self, moves: list[Move], cell: int, pattern: BoolArray) -> None:
        """Keep the cuts that show a cell narrow, of both directions and of the one that falls short most."""
        share = pattern.astype(np.float64)
        needed = float(self._system.needs[cell])
        found = [cut_of(self._system, self._reader, moves, needed)]
        if moves[0].distance < needed - self.most_down[cell] - FALLS_SHORT:
            found.append(cut_of(self._system, self._reader, moves[:1], needed - self.most_down[cell]))
        useful = [cut for cut in found if cut is not None and cut.reached(share) < cut.least - FALLS_SHORT]
        for cut in useful or [cut_off(self._system, pattern)]:
            self._pool.add(cut)

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
        worlds = self._worlds[: min(self._kept, self._capacity)]
        fitting = worlds[~worlds[:, ~pattern].any(axis=1)]
        up, down = fitting.max(axis=0, initial=0), -fitting.min(axis=0, initial=0)
        return up.astype(np.int64), down.astype(np.int64)

    def _remember(self, world: IntArray, up: IntArray, down: IntArray) -> None:
        np.maximum(up, world, out=up)
        np.maximum(down, -world, out=down)
        self._worlds[self._kept % self._capacity] = world
        self._kept += 1
