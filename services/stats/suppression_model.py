# SPDX-License-Identifier: EUPL-1.2
"""What a reader faces: every published cell, every sum that holds, and what must, may and may not be hidden.

Owns the one description that the search, the cuts and the audits share. Holds true counts; never solves anything.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.stats.tables import Instance, IntArray, aggregated, full_cross, sum_lines

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
Line = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Budget:
    """Time that may be spent; running out never makes a pattern unsafe, only dearer."""

    seconds: float
    elapsed: Callable[[], float]

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.seconds - self.elapsed())

    def until(self, share: float) -> "Budget":
        """The part of the time up to a share of all."""
        return Budget(self.seconds * share, self.elapsed)


@dataclass(frozen=True, slots=True)
class System:
    """Cells in one flat order, and the lines that bind them.

    Hiding more never narrows what a reader holds possible; everything below rests on that.
    """

    value: IntArray
    """The true count."""
    low: IntArray
    """The least a reader holds possible while the cell is hidden."""
    high: IntArray
    """The most."""
    cost: IntArray
    """What hiding the cell costs."""
    needs: IntArray
    """How wide the reader's interval must stay; 0 for a cell that needs no protection."""
    hidden: BoolArray
    """Must be hidden, or was never published."""
    shown: BoolArray
    """Must be shown."""
    lines: tuple[Line, ...]
    """A cell and the cells it is the sum of."""
    assured: bool = False
    """Whether hiding all that may be hidden is known to protect, without looking."""

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.value)

    @property
    def free(self) -> IntArray:
        """The cells to decide on."""
        return np.flatnonzero(~self.hidden & ~self.shown)

    @property
    def sensitive(self) -> IntArray:
        """The cells that need protection."""
        return np.flatnonzero(self.needs)

    def cost_of(self, pattern: BoolArray) -> int:
        """What a pattern of hidden cells costs."""
        return int(self.cost[pattern].sum())


def system_of(instance: Instance, *, sensitive: Collection[int] = ()) -> System:
    """The system of one table whose full cross is published.

    `sensitive` names flat cells that need protection whatever their count: one partner supplied nearly all of it.
    """
    value = full_cross(instance.counts, instance.dimensions).ravel()
    rules = instance.rules
    size = len(value)
    needy = (value > 0) & (value < rules.threshold)
    needy[list(sensitive)] = True
    shown = (value == 0) & ~needy if rules.zeros_public else np.zeros(size, dtype=np.bool_)
    shown[-1] = True  # the grand total: the last node of every dimension
    return System(
        assured=not sensitive and _is_assured(instance, needy),
        value=value,
        low=np.full(size, int(rules.zeros_public), dtype=np.int64),
        high=np.full(size, int(value[-1]), dtype=np.int64),
        cost=1 + aggregated(instance.dimensions),
        needs=np.where(needy, rules.width, 0),
        hidden=needy & ~shown,
        shown=shown,
        lines=tuple(sum_lines(instance.dimensions)),
    )


def _is_assured(instance: Instance, needy: BoolArray) -> bool:
    """Whether every sensitive cell is wide when only the grand total and known zeros are shown.

    Cases may then stand anywhere, but for one in every atom that is known to hold one: a cell with some of these atoms,
    not all, lies between as many cases as it has of them and what all the others leave.
    """
    public = instance.rules.zeros_public
    atoms = full_cross(((instance.counts > 0) | (not public)).astype(np.int64), instance.dimensions).ravel()
    spread = int(instance.counts.sum()) - int(public) * int(atoms[-1])
    return spread >= instance.rules.width and bool((atoms[needy] < atoms[-1]).all())
