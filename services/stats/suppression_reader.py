# SPDX-License-Identifier: EUPL-1.2
"""The reader as the protector imagines them: how far a count can move while every published number stays true.

Owns the linear and the integer programs behind that. Works on deviations from the true counts, cut off at a reach: a
shorter reach only makes the answer narrower, so it errs on the safe side and keeps the numbers small.
"""

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from services.stats.suppression_model import BoolArray, FloatArray, System

REACH_WIDTHS: Final = 8  # how many widths a deviation may reach; longer made no pattern cheaper in any tried table
WHOLE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Move:
    """One extreme of one cell: how far it moves, a world in which it does, and why it moves no further."""

    distance: float
    world: FloatArray
    prices: FloatArray
    """Reduced costs: what one unit of room in each cell adds to the distance."""


class _Quiet(highspy.Highs):
    """A solver that is silent from its first moment: the library's own prints a banner while it is being made."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name, called while a solver is being made
        """Silence the solver; nobody here wants to be called back."""
        self.silent()


def quiet_solver() -> highspy.Highs:
    """A solver that says nothing and uses one core, so that the same input takes the same path."""
    solver = _Quiet()  # type: ignore[no-untyped-call]  # the library's constructor has no types
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    return solver


class Reader:
    """Linear programs over one system, kept warm between questions."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.up_room = (system.high - system.value).astype(np.float64)
        self.down_room = (system.value - system.low).astype(np.float64)
        self._columns = np.arange(system.size, dtype=np.int32)
        self._solver = quiet_solver()
        self._solver.setOptionValue("presolve", "off")
        self._solver.passModel(_deviations(system))
        self._asked: int | None = None

    def allow(self, share: FloatArray, *, reach: float) -> None:
        """Let each cell move within `share` of its room, and no further than `reach`."""
        lower = -np.minimum(self.down_room, reach) * share
        upper = np.minimum(self.up_room, reach) * share
        self._solver.changeColsBounds(self.system.size, self._columns, lower, upper)

    def extreme(self, cell: int, *, up: bool) -> Move:
        """How far a cell can move up or down at most."""
        if self._asked is not None:
            self._solver.changeColCost(self._asked, 0.0)
        sign = 1.0 if up else -1.0
        self._solver.changeColCost(cell, -sign)
        self._asked = cell
        world, prices = self._run()
        return Move(sign * float(world[cell]), world, prices)

    def drift(self, weights: FloatArray) -> FloatArray:
        """The world that moves all cells furthest along their weights."""
        self._solver.changeColsCost(self.system.size, self._columns, -weights)
        world, _ = self._run()
        self._solver.changeColsCost(self.system.size, self._columns, np.zeros(self.system.size))
        self._asked = None
        return world

    def _run(self) -> tuple[FloatArray, FloatArray]:
        """The best world, and the prices that prove it."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Nothing moves is always possible, so only numerical trouble ends here: start cold once.
            self._solver.clearSolver()
            self._solver.run()
        solution = self._solver.getSolution()
        return np.array(solution.col_value), -np.array(solution.col_dual)


def whole_extreme(
    system: System, pattern: BoolArray, cell: int, *, up: bool, reach: float, enough: float
) -> FloatArray | None:
    """A world of whole counts in which a cell moves as far as it can, or `enough`; None when the solver gave up."""
    solver = quiet_solver()
    model = _deviations(system)
    share = pattern.astype(np.float64)
    model.col_lower_ = -np.minimum(system.value - system.low, reach) * share
    model.col_upper_ = np.minimum(system.high - system.value, reach) * share
    cost = np.zeros(system.size)
    cost[cell] = -1.0 if up else 1.0
    model.col_cost_ = cost
    model.integrality_ = [highspy.HighsVarType.kInteger] * system.size
    solver.passModel(model)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", 2_000)
    solver.setOptionValue("objective_target", -float(enough))
    solver.run()
    found = solver.getInfo()
    if found.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    world: FloatArray = np.round(np.array(solver.getSolution().col_value))
    return world


def is_whole(world: FloatArray) -> bool:
    """Whether all counts of a world are whole numbers."""
    return bool(np.abs(world - np.round(world)).max(initial=0.0) < WHOLE)


def _deviations(system: System) -> highspy.HighsLp:
    """Every sum must keep holding: parent minus parts does not change."""
    model = highspy.HighsLp()
    model.num_col_ = system.size
    model.num_row_ = len(system.lines)
    model.col_cost_ = np.zeros(system.size)
    model.col_lower_ = np.zeros(system.size)
    model.col_upper_ = np.zeros(system.size)
    model.row_lower_ = np.zeros(len(system.lines))
    model.row_upper_ = np.zeros(len(system.lines))
    starts = np.cumsum([0] + [1 + len(parts) for _, parts in system.lines])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = np.array([c for parent, parts in system.lines for c in (parent, *parts)], dtype=np.int32)
    model.a_matrix_.value_ = np.array([v for _, parts in system.lines for v in (1.0, *(-1.0 for _ in parts))])
    return model
