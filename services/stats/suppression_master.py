# SPDX-License-Identifier: EUPL-1.2
"""The cheapest pattern that meets all cuts found so far.

Owns the covering program over the free cells, grown row by row as the pool grows. Says nothing about whether a
pattern protects: that is the audit's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from services.stats.suppression_cuts import Pool
from services.stats.suppression_model import BoolArray, FloatArray, System
from services.stats.suppression_reader import quiet_solver
from services.stats.tables import IntArray


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
        self._column = {int(cell): column for column, cell in enumerate(self._free)}
        self._columns = np.arange(len(self._free), dtype=np.int32)
        self._fixed_cost = system.cost_of(system.hidden)
        self._rows = 0
        self._solver = quiet_solver()
        count = len(self._free)
        self._solver.addVars(count, np.zeros(count), np.ones(count))
        self._solver.changeColsCost(count, self._columns, system.cost[self._free].astype(np.float64))
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("mip_abs_gap", 0.999)  # costs are whole

    def relaxed(self) -> tuple[FloatArray, float]:
        """The cheapest fractional pattern and its cost."""
        self._grow()
        self._integral(whole=False)
        self._bounds(())
        self._solver.run()
        share = self._system.hidden.astype(np.float64)
        share[self._free] = np.clip(np.array(self._solver.getSolution().col_value), 0.0, 1.0)
        return share, self._fixed_cost + self._solver.getInfo().objective_function_value

    def cheapest(
        self, *, seconds: float, nodes: int, known: BoolArray | None = None, kept: Sequence[int] | IntArray = ()
    ) -> Choice | None:
        """The cheapest pattern; `kept` cells stay as they are in `known`. None when none was found."""
        self._grow()
        self._integral(whole=True)
        self._bounds([(int(cell), bool(known[cell])) for cell in kept] if known is not None else ())
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.0))
        self._solver.setOptionValue("mip_max_nodes", nodes)
        if known is not None:
            start = highspy.HighsSolution()
            start.col_value = known[self._free].astype(np.float64).tolist()
            self._solver.setSolution(start)
        self._solver.run()
        info = self._solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        pattern = self._system.hidden.copy()
        pattern[self._free] = np.array(self._solver.getSolution().col_value) > 0.5
        proven = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Choice(pattern, self._fixed_cost + info.mip_dual_bound, proven)

    def _grow(self) -> None:
        """Add the rows of cuts found since the last time; rows only ever get added."""
        fresh = self._pool.cuts[self._rows :]
        for cut in fresh:
            columns = np.array([self._column[int(cell)] for cell in cut.cells], dtype=np.int32)
            self._solver.addRow(cut.least, highspy.kHighsInf, len(columns), columns, cut.weights)
        self._rows += len(fresh)

    def _integral(self, *, whole: bool) -> None:
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        self._solver.changeColsIntegrality(len(self._free), self._columns, np.full(len(self._free), kind))

    def _bounds(self, kept: Sequence[tuple[int, bool]]) -> None:
        lower, upper = np.zeros(len(self._free)), np.ones(len(self._free))
        for cell, is_hidden in kept:
            column = self._column.get(cell)
            if column is not None:
                lower[column] = upper[column] = float(is_hidden)
        self._solver.changeColsBounds(len(self._free), self._columns, lower, upper)
