# SPDX-License-Identifier: EUPL-1.2
"""The cheapest pattern that meets the cuts found so far.

Owns the covering program over the free cells: relaxed, warm and growing row by row; with whole patterns, built afresh
from the cuts that bind. Says nothing about whether a pattern protects: that is the audit's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from services.stats.suppression_cuts import FALLS_SHORT, Pool
from services.stats.suppression_model import BoolArray, Budget, FloatArray, System
from services.stats.suppression_reader import quiet_solver
from services.stats.tables import IntArray

NEARLY_BINDING: Final = 0.5  # slack up to which a cut goes into a program at once; the others join when missed
COSTS_ARE_WHOLE: Final = 0.999  # a bound this close below a cost proves it


@dataclass(frozen=True, slots=True)
class Choice:
    """A pattern that meets the cuts, and what no pattern can go below."""

    pattern: BoolArray
    bound: float
    proven: bool
    """Whether it is the cheapest for these cuts."""


class Master:
    """The covering program of one system."""

    def __init__(self, system: System, pool: Pool) -> None:
        self._system, self._pool = system, pool
        self._free = system.free
        self._columns = np.arange(len(self._free), dtype=np.int32)
        self._cost = system.cost[self._free].astype(np.float64)
        self._fixed_cost = system.cost_of(system.hidden)
        self._rows = 0
        self._needed: BoolArray = np.zeros(0, dtype=np.bool_)
        self._linear = quiet_solver()
        self._linear.addVars(len(self._free), np.zeros(len(self._free)), np.ones(len(self._free)))
        self._linear.changeColsCost(len(self._free), self._columns, self._cost)

    def relaxed(self, *, kept: BoolArray | None = None) -> tuple[FloatArray, float]:
        """The cheapest fractional pattern and its cost; cells in `kept` are hidden altogether."""
        self._grow()
        lower = np.zeros(len(self._free)) if kept is None else kept[self._free].astype(np.float64)
        self._linear.changeColsBounds(len(self._free), self._columns, lower, np.ones(len(self._free)))
        self._linear.run()
        share = self._system.hidden.astype(np.float64)
        share[self._free] = np.clip(np.array(self._linear.getSolution().col_value), 0.0, 1.0)
        return share, self._fixed_cost + self._linear.getInfo().objective_function_value

    def cheapest(self, budget: Budget, *, nodes: int) -> Choice | None:
        """The cheapest pattern; None when time ran out first.

        Starts from nothing: given a first solution, HiGHS 1.16 with presolve was seen to call a dearer one optimal.
        """
        return self._whole(budget, nodes, lambda _: None)

    def cheaper(self, budget: Budget, *, nodes: int, than: BoolArray, loose: BoolArray) -> Choice | None:
        """The cheapest pattern that is cheaper than one and differs from it only in `loose` cells; None: none found."""
        known = than[self._free].astype(np.float64)
        still = np.flatnonzero(~loose[self._free]).astype(np.int32)
        below = float(self._cost @ known) - 1

        def narrowed(solver: highspy.Highs) -> None:
            solver.changeColsBounds(len(still), still, known[still], known[still])
            solver.addRow(-highspy.kHighsInf, below, len(self._free), self._columns, self._cost)

        return self._whole(budget, nodes, narrowed)

    def _whole(self, budget: Budget, nodes: int, prepare: Callable[[highspy.Highs], None]) -> Choice | None:
        """Solve with the cuts that bind, and with those missed so far, until none is missed."""
        share, _ = self.relaxed()
        slack = -self._pool.shortfall(share)
        self._needed = np.concatenate([self._needed, np.zeros(len(slack) - len(self._needed), dtype=np.bool_)])
        chosen = self._needed | (slack < NEARLY_BINDING)
        while budget.left > 0:
            choice = self._solve(np.flatnonzero(chosen), budget, nodes, prepare)
            if choice is None:
                return None
            missed = (self._pool.shortfall(choice.pattern.astype(np.float64)) > FALLS_SHORT) & ~chosen
            if not missed.any():
                return choice
            self._needed |= missed
            chosen |= missed
        return None

    def _solve(
        self, rows: IntArray, budget: Budget, nodes: int, prepare: Callable[[highspy.Highs], None]
    ) -> Choice | None:
        solver = quiet_solver()
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", COSTS_ARE_WHOLE)
        solver.setOptionValue("time_limit", budget.left)
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.passModel(self._model(rows))
        prepare(solver)
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        pattern = self._system.hidden.copy()
        pattern[self._free] = np.array(solver.getSolution().col_value) > 0.5
        proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Choice(pattern, self._fixed_cost + info.mip_dual_bound, proven)

    def _model(self, rows: IntArray) -> highspy.HighsLp:
        starts, columns, weights, least = self._pool.rows(rows)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._free), len(rows)
        model.col_cost_ = self._cost
        model.col_lower_, model.col_upper_ = np.zeros(len(self._free)), np.ones(len(self._free))
        model.row_lower_, model.row_upper_ = least, np.full(len(rows), highspy.kHighsInf)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = columns.astype(np.int32)
        model.a_matrix_.value_ = weights
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self._free)
        return model

    def _grow(self) -> None:
        """Add the rows of cuts found since the last time; rows only ever get added."""
        fresh = np.arange(self._rows, self._pool.count)
        starts, columns, weights, least = self._pool.rows(fresh)
        if len(fresh):
            most = np.full(len(fresh), highspy.kHighsInf)
            self._linear.addRows(
                len(fresh), least, most, len(columns), starts[:-1].astype(np.int32), columns.astype(np.int32), weights
            )
        self._rows += len(fresh)
