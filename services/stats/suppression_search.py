# SPDX-License-Identifier: EUPL-1.2
"""Patterns that protect, found fast: mended, thinned, dived for, and improved piece by piece.

Owns the search from above, while the cuts push from below. Everything it hands out has passed the audit. The steps are
counted, not timed, so the same table takes the same path; time is only the fuse.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from services.stats.suppression_audit import Audit
from services.stats.suppression_cuts import FALLS_SHORT, Pool, cut_of
from services.stats.suppression_master import Master
from services.stats.suppression_model import BoolArray, Budget, FloatArray, System
from services.stats.suppression_reader import Reader
from services.stats.tables import IntArray

PIECE_NODES: Final = 200
PIECE_ROUNDS: Final = 12
DIVE_SHARE: Final = 0.8  # a fractional pattern's cells above this are taken together
OTHERS: Final = 6  # patterns remembered besides the best; where they differ from it is worth another look


@dataclass(slots=True)
class Search:
    """What the parts of the search share, and the best pattern so far."""

    system: System
    pool: Pool
    reader: Reader
    audit: Audit
    master: Master
    best: BoolArray
    bound: float = 0.0
    others: list[BoolArray] = field(default_factory=list)
    """Patterns that protect as well, the latest last."""
    through: list[list[IntArray]] = field(init=False)
    """For every cell, the sum lines it stands in."""

    def __post_init__(self) -> None:
        self.through = [[] for _ in range(self.system.size)]
        for parent, parts in self.system.lines:
            line = np.array((parent, *parts), dtype=np.int64)
            for cell in line.tolist():
                self.through[cell].append(line)

    @property
    def cost(self) -> int:
        """What the best pattern costs."""
        return self.system.cost_of(self.best)

    @property
    def proven(self) -> bool:
        """Whether nothing cheaper can protect."""
        return self.bound > self.cost - 1 + FALLS_SHORT


def cut_fraction(search: Search, share: FloatArray, budget: Budget) -> int:
    """Look for cuts that a fractional pattern misses, and add them to the pool; how many were new."""
    system, reader = search.system, search.reader
    reader.allow(share, reach=float(system.needs.max(initial=1)))
    added = 0
    for cell in map(int, system.sensitive):
        if budget.left <= 0:
            break
        up, down = reader.extreme(cell, up=True), reader.extreme(cell, up=False)
        needed = float(system.needs[cell])
        for moves, least in (((up, down), needed), ((up,), needed - search.audit.most_down[cell])):
            if sum(move.distance for move in moves) > least - FALLS_SHORT:
                continue
            cut = cut_of(system, reader, moves, least)
            if cut is not None and cut.reached(share) < cut.least - FALLS_SHORT:
                added += search.pool.add(cut)
    return added


def offer(search: Search, pattern: BoolArray, budget: Budget) -> None:
    """Make a pattern protect, and keep it when it is the cheapest so far."""
    mended = mend(search, pattern | search.system.hidden, budget)
    if mended is None:
        return
    thin(search, mended, budget)
    search.others = [*search.others, search.best, mended][-OTHERS:]
    if search.system.cost_of(mended) < search.cost:
        search.best = mended


def mend(search: Search, pattern: BoolArray, budget: Budget) -> BoolArray | None:
    """The pattern with more hidden until it protects; None when time ran out first."""
    pattern = pattern.copy()
    while budget.left > 0:
        verdict = search.audit.look(pattern)
        if verdict.protected:
            return pattern
        for cell in verdict.narrow_whole[:1] if not verdict.narrow else ():
            search.pool.add(search.audit.cut_against_whole(pattern, cell))
        _hide_until_cuts_are_met(search, pattern)
    return None


def _hide_until_cuts_are_met(search: Search, pattern: BoolArray) -> None:
    """Hide, one by one, the cell that mends most of the missed cuts for its cost."""
    while True:
        mending = search.pool.weight_of_missed(pattern.astype(np.float64))
        weight = np.where(pattern, 0.0, mending / np.maximum(search.system.cost, 1))
        if weight.max(initial=0.0) <= FALLS_SHORT:
            return
        pattern[int(weight.argmax())] = True


def thin(search: Search, pattern: BoolArray, budget: Budget) -> None:
    """Show again what need not be hidden, dearest first."""
    chosen = np.flatnonzero(pattern & ~search.system.hidden)
    for cell in sorted(map(int, chosen), key=lambda c: (-int(search.system.cost[c]), c)):
        if budget.left <= 0:
            return
        if search.pool.slack_without(pattern.astype(np.float64), cell) > FALLS_SHORT:
            continue
        pattern[cell] = False
        if not search.audit.look(pattern, all_faults=False).protected:
            pattern[cell] = True


def dive(search: Search, share: FloatArray, budget: Budget) -> None:
    """Follow the fractional pattern down: take its largest cells, cut again, until it is whole."""
    taken = search.system.hidden.copy()
    while budget.left > 0:
        undecided = np.where(taken, 0.0, share)
        if undecided.max(initial=0.0) <= FALLS_SHORT:
            break
        taken |= undecided >= min(DIVE_SHARE, float(undecided.max()))
        share, _ = search.master.relaxed(kept=taken)
        if cut_fraction(search, share, budget):
            share, _ = search.master.relaxed(kept=taken)
    offer(search, taken, budget)


def improve_piece(search: Search, loose: BoolArray, budget: Budget) -> bool:
    """Try for a cheaper pattern that differs from the best only in `loose` cells; whether one was found."""
    for _ in range(PIECE_ROUNDS):
        choice = search.master.cheaper(budget, nodes=PIECE_NODES, than=search.best, loose=loose)
        if choice is None:
            return False
        verdict = search.audit.look(choice.pattern)
        if verdict.protected:
            search.best = choice.pattern
            return True
        for cell in verdict.narrow_whole[:1] if not verdict.narrow else ():
            search.pool.add(search.audit.cut_against_whole(choice.pattern, cell))
    return False


def between(search: Search, dice: np.random.Generator, size: int) -> BoolArray:
    """The cells in which the best pattern differs from another one, and a piece around."""
    other = search.others[int(dice.integers(len(search.others)))]
    return piece(search, dice, size) | (search.best ^ other)


def piece(search: Search, dice: np.random.Generator, size: int) -> BoolArray:
    """About `size` free cells that belong together: lines through a chosen cell, then lines through those."""
    system = search.system
    loose = np.zeros(system.size, dtype=np.bool_)
    free = ~system.hidden & ~system.shown
    wanted = min(size, int(free.sum()))
    while int((loose & free).sum()) < wanted:
        seeds = np.flatnonzero(loose if loose.any() else free)
        seed = int(dice.choice(seeds))
        through = search.through[seed]
        loose[through[int(dice.integers(len(through)))]] = True
        if dice.random() < 0.1:
            loose[int(dice.choice(np.flatnonzero(free)))] = True
    return loose
