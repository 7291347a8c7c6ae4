# SPDX-License-Identifier: EUPL-1.2
"""Which cells to hide so that no sensitive count can be narrowed, at the least cost.

Owns the search: the cheapest pattern by cuts, and when time runs out a dearer one that protects as well. Every pattern
that leaves here has passed the audit with whole numbers. Never publishes, and never judges its own work for a release:
that is the attacker's, which shares nothing with this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from services.stats.suppression_audit import Audit
from services.stats.suppression_cuts import FALLS_SHORT, Pool, company, fractional_cuts
from services.stats.suppression_master import Master
from services.stats.suppression_model import BoolArray, FloatArray, System
from services.stats.suppression_reader import Reader
from shared.errors import SeinhuisError

NODES: Final = 20_000
STALLED_ROUNDS: Final = 6
PROGRESS: Final = 0.02


class CannotProtect(SeinhuisError):
    """Even with everything hidden that may be hidden, some count is narrower than promised."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time that may be spent; running out never makes a pattern unsafe, only dearer."""

    seconds: float
    elapsed: Callable[[], float]

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.seconds - self.elapsed())


@dataclass(frozen=True, slots=True)
class Suppression:
    """A pattern that protects."""

    hidden: BoolArray
    cost: int
    bound: float
    """No pattern that protects costs less."""

    @property
    def proven(self) -> bool:
        """Whether it is the cheapest there is."""
        return self.bound > self.cost - 1 + FALLS_SHORT


@dataclass(slots=True)
class _Search:
    system: System
    budget: Budget
    pool: Pool
    reader: Reader
    audit: Audit
    master: Master
    best: BoolArray
    bound: float = 0.0
    log: list[str] = field(default_factory=list)


def suppress(system: System, budget: Budget) -> Suppression:
    """The cheapest pattern found that protects every sensitive cell.

    The same system gives the same pattern as long as the time suffices.

    Raises: CannotProtect (permanent) when no pattern can.
    """
    pool, reader = Pool(system.size), Reader(system)
    audit = Audit(system, reader, pool)
    everything = ~system.shown
    if (system.needs > 0)[system.shown].any() or not audit.look(everything, all_faults=False).protected:
        raise CannotProtect("cannot_protect")
    for cut in company(system):
        pool.add(cut)
    search = _Search(system, budget, pool, reader, audit, Master(system, pool), everything)
    share = _tighten(search)
    _offer(search, share > 0.5)
    _close(search)
    return Suppression(search.best, system.cost_of(search.best), search.bound)


def _tighten(search: _Search) -> FloatArray:
    """Cuts for fractional patterns until none is missed or they stop helping."""
    stalled, share = 0, search.system.hidden.astype(np.float64)
    while stalled < STALLED_ROUNDS and search.budget.left > search.budget.seconds / 2:
        share, bound = search.master.relaxed()
        stalled = 0 if bound > search.bound + PROGRESS else stalled + 1
        search.bound = max(search.bound, bound)
        if not fractional_cuts(search.system, search.reader, search.pool, share, search.audit.most_down):
            break
    return share


def _close(search: _Search) -> None:
    """Cheapest pattern, audit, new cuts, again, until the cheapest protects."""
    while not _proven(search) and search.budget.left > 0:
        choice = search.master.cheapest(seconds=search.budget.left, nodes=NODES, known=search.best)
        if choice is None:
            return
        search.bound = max(search.bound, choice.bound)
        if not _offer(search, choice.pattern) and not choice.proven:
            return
        if (choice.pattern == search.best).all():
            return


def _offer(search: _Search, pattern: BoolArray) -> bool:
    """Make a pattern protect, keep it when it is the cheapest so far; whether it taught a new cut."""
    known = len(search.pool.cuts)
    mended = mend(search, pattern | search.system.hidden)
    if mended is None:
        return True
    thin(search, mended)
    if search.system.cost_of(mended) < search.system.cost_of(search.best):
        search.best = mended
    return len(search.pool.cuts) > known


def mend(search: _Search, pattern: BoolArray) -> BoolArray | None:
    """The pattern with more hidden until it protects; None when time ran out first."""
    pattern = pattern.copy()
    while search.budget.left > 0:
        verdict = search.audit.look(pattern)
        if verdict.protected:
            return pattern
        for cell in verdict.narrow_whole[:1] if not verdict.narrow else ():
            search.pool.add(search.audit.cut_against_whole(pattern, cell))
        while True:
            share = pattern.astype(np.float64)
            weight = np.where(pattern, 0.0, search.pool.weight_of_missed(share) / search.system.cost)
            if weight.max() <= FALLS_SHORT:
                break
            pattern[int(weight.argmax())] = True
    return None


def thin(search: _Search, pattern: BoolArray) -> None:
    """Show again what need not be hidden, dearest first."""
    chosen = np.flatnonzero(pattern & ~search.system.hidden)
    for cell in sorted(map(int, chosen), key=lambda c: (-int(search.system.cost[c]), c)):
        if search.budget.left <= 0:
            return
        if search.pool.slack_without(pattern.astype(np.float64), cell) > FALLS_SHORT:
            continue
        pattern[cell] = False
        if not search.audit.look(pattern, all_faults=False).protected:
            pattern[cell] = True


def _proven(search: _Search) -> bool:
    return search.bound > search.system.cost_of(search.best) - 1 + FALLS_SHORT
