# SPDX-License-Identifier: EUPL-1.2
"""Which cells to hide so that no sensitive count can be narrowed, at the least cost.

Owns the search: the cheapest pattern by cuts, and when time runs out a dearer one that protects as well. Every pattern
that leaves here has passed the audit with whole numbers, or hides all there is and is known to protect. Never
publishes, and never judges its own work for a release: that is the attacker's, which shares nothing with this.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.stats.suppression_audit import Audit
from services.stats.suppression_cuts import FALLS_SHORT, Pool, company
from services.stats.suppression_master import Master
from services.stats.suppression_model import BoolArray, Budget, FloatArray, System
from services.stats.suppression_reader import REACH_WIDTHS, Reader
from services.stats.suppression_search import Search, between, cut_fraction, dive, improve_piece, offer, piece
from shared.errors import SeinhuisError

LARGE: Final = 1_000  # cells
# The first pattern may take this long, however little time is given: without it, all is hidden.
FIRST_SECONDS: Final = 10.0
MANY_NODES: Final = 20_000
STALLED_ROUNDS: Final = 6
PROGRESS: Final = 0.02
FEW_PIECES: Final = 12  # tries without a cheaper pattern before the search turns to proof
MANY_PIECES: Final = 80
PIECE_SIZE: Final = 36
GROWTH: Final = 2  # cells by which a piece grows after each try in vain
# Of the time: until when each part may take.
ROOT_SHARE: Final = 0.2
DIVE_SHARE: Final = 0.4
FIRST_PIECES_SHARE: Final = 0.5
FIRST_PROOF_SHARE: Final = 0.6
PIECES_SHARE: Final = 0.85
PROOF_SHARE: Final = 0.97


class CannotProtect(SeinhuisError):
    """Even with everything hidden that may be hidden, some count is narrower than promised."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A pattern that protects."""

    hidden: BoolArray
    cost: int
    bound: float
    """No pattern that protects costs less."""
    proven: bool
    """Whether it is the cheapest there is."""


def suppress(system: System, budget: Budget) -> Suppression:
    """The cheapest pattern found that protects every sensitive cell.

    The same system gives the same pattern as long as the time suffices.

    Raises: CannotProtect (permanent) when no pattern can.
    """
    pool, reader = Pool(system), Reader(system)
    first = Budget(max(budget.seconds, FIRST_SECONDS), budget.elapsed)
    audit = Audit(system, reader, pool, first)
    everything = ~system.shown
    exposed = (system.needs > 0)[system.shown].any()
    if exposed or not (system.assured or audit.look(everything, all_faults=False, to_the_end=True).protected):
        raise CannotProtect("cannot_protect")
    for cut in company(system):
        pool.add(cut)
    search = Search(system, pool, reader, audit, Master(system, pool), everything)
    share, search.bound = search.master.relaxed()
    if system.size > LARGE:  # each round of cuts is long here; a pattern that protects comes first
        offer(search, share > 0.5, first)
    share = _tighten(search, budget.until(ROOT_SHARE))
    offer(search, share > 0.5, budget if search.others else first)
    dive(search, share, budget.until(DIVE_SHARE))
    _improve(search, budget.until(FIRST_PIECES_SHARE), tries=FEW_PIECES)
    _close(search, budget.until(FIRST_PROOF_SHARE))
    _improve(search, budget.until(PIECES_SHARE), tries=MANY_PIECES)
    _close(search, budget.until(PROOF_SHARE))
    return Suppression(search.best, search.cost, search.bound, search.proven)


def narrow_company(system: System, pattern: BoolArray, *, threshold: int, width: int) -> BoolArray:
    """The cells hidden without need of their own that a reader may take for small, and knows too closely.

    Whoever attacks the print cannot tell them from a small count, so a print with them is refused.
    """
    reader = Reader(system)
    reader.allow(pattern.astype(np.float64), reach=float(REACH_WIDTHS * width))
    found = np.zeros(system.size, dtype=np.bool_)
    for cell in map(int, np.flatnonzero(pattern & (system.needs == 0))):
        up = reader.extreme(cell, up=True).distance
        if up > width - FALLS_SHORT:
            continue
        down = reader.extreme(cell, up=False).distance
        may_be_small = system.value[cell] - down < threshold - FALLS_SHORT and system.value[cell] + up > FALLS_SHORT
        found[cell] = up + down < width - FALLS_SHORT and may_be_small
    return found


def _tighten(search: Search, budget: Budget) -> FloatArray:
    """Cuts for fractional patterns until none is missed or they stop helping."""
    stalled, (share, _) = 0, search.master.relaxed()
    while stalled < STALLED_ROUNDS and budget.left > 0:
        share, bound = search.master.relaxed()
        stalled = 0 if bound > search.bound + PROGRESS else stalled + 1
        search.bound = max(search.bound, bound)
        if not cut_fraction(search, share, budget):
            break
    return share


def _close(search: Search, budget: Budget) -> None:
    """Cheapest pattern, audit, new cuts, again, until the cheapest protects."""
    while not search.proven and budget.left > 0:
        known = search.pool.count
        choice = search.master.cheapest(budget, nodes=MANY_NODES)
        if choice is None:
            return
        search.bound = max(search.bound, choice.bound)
        offer(search, choice.pattern, budget)
        _tighten(search, budget)
        if search.pool.count == known and not choice.proven:
            return


def _improve(search: Search, budget: Budget, *, tries: int) -> None:
    """Solve one piece after another while the rest stands still; larger pieces as they stop helping."""
    dice = np.random.default_rng(1)
    without, size = 0, PIECE_SIZE
    while without < tries and budget.left > 0 and not search.proven:
        across = search.others and dice.random() < 0.5
        loose = between(search, dice, size // 2) if across else piece(search, dice, size)
        if improve_piece(search, loose, budget):
            without = 0
        else:
            without += 1
            size += GROWTH
