# SPDX-License-Identifier: EUPL-1.2
"""A reader of every alert and every released table, who works out what small counts can be.

Written apart from the rules it tries: it knows only what is published (cells, areas, days, bands), that cases are whole
and never less than nothing, and that no case is in two alerts. Bounds come from linear programming over the pieces in
which alerts and quarters cut the cases.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

ALL = "*"
Piece = tuple[tuple[str, ...], int, str, int]  # codes, quarter, alert ("" for none), stage at which it entered


@dataclass(frozen=True, slots=True)
class Told:
    """One state of an alert: the codes it names per dimension (ALL: not narrowed), its days, its band."""

    alert: str
    stage: int
    codes: tuple[str, ...]
    since: dt.date
    known_on: dt.date
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Printed:
    """One published number: the codes per dimension (ALL: total), the quarter and the count."""

    codes: tuple[str, ...]
    quarter: int
    count: int


@dataclass(frozen=True, slots=True)
class World:
    """What is published about cases in some dimensions, and the true pieces to check findings against.

    `open_codes`: codes whose cases may belong to any area (several grounds at once). Quarters are days, both included.
    """

    codes: tuple[tuple[str, ...], ...]
    quarters: tuple[tuple[dt.date, dt.date], ...]
    told: tuple[Told, ...]
    printed: tuple[Printed, ...]
    truth: Mapping[Piece, int]
    open_codes: frozenset[str] = frozenset()

    def covers(self, wide: Sequence[str], codes: Sequence[str]) -> bool:
        """Whether a case with these codes may lie in an area."""
        return all(w in {ALL, c} or c in self.open_codes for w, c in zip(wide, codes, strict=True))

    def pieces(self) -> list[Piece]:
        """Every piece there may be."""
        found: list[Piece] = []
        for codes in itertools.product(*self.codes):
            for number, (first, last) in enumerate(self.quarters):
                found.append((codes, number, "", 0))
                found += [
                    (codes, number, t.alert, t.stage)
                    for t in self.told
                    if self.covers(t.codes, codes) and t.since <= last and t.known_on >= first
                ]
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """A set of cases that is known too well: truly 1 to k - 1, and fewer than k values are left."""

    what: str
    low: int
    high: int
    true: int


def read_all(world: World, *, k: int) -> list[Finding]:
    """What a reader finds. Raises: AssertionError when what is published contradicts itself."""
    pieces = world.pieces()
    index = {piece: number for number, piece in enumerate(pieces)}
    assert set(world.truth) <= set(pieces), "every case lies in a piece"
    true = np.array([world.truth.get(piece, 0) for piece in pieces])
    rows, low, high = _statements(world, pieces)
    assert (rows @ true >= low).all(), "what is published is true"
    assert (rows @ true <= high).all(), "what is published is true"
    matrix = csr_array(np.concatenate([rows, -rows]))
    limit = np.concatenate([high, -low])
    found = []
    for what, chosen in _targets(world, pieces):
        aim = np.zeros(len(pieces))
        aim[[index[piece] for piece in chosen]] = 1
        count = int(aim @ true)
        if 1 <= count < k:
            bottom, top = _bounds(aim, matrix, limit)
            if top - bottom + 1 < k:
                found.append(Finding(what, bottom, top, count))
    return found


def _bounds(aim: NDArray[np.float64], matrix: csr_array, limit: NDArray[np.float64]) -> tuple[int, int]:
    low = linprog(aim, A_ub=matrix, b_ub=limit, bounds=(0, None), method="highs")
    high = linprog(-aim, A_ub=matrix, b_ub=limit, bounds=(0, None), method="highs")
    assert low.status == 0
    top = int(np.floor(-high.fun + 1e-6)) if high.status == 0 else 10**9
    return int(np.ceil(low.fun - 1e-6)), top


def _statements(
    world: World, pieces: Sequence[Piece]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    rows, low, high = [], [], []
    for cell in world.printed:
        inside = [q == cell.quarter and _at(cell.codes, codes) for codes, q, _, _ in pieces]
        rows.append(inside)
        low.append(cell.count)
        high.append(cell.count)
    for told in world.told:
        rows.append([alert == told.alert and stage <= told.stage for _, _, alert, stage in pieces])
        low.append(told.low)
        high.append(told.high)
    return np.array(rows, float).reshape(-1, len(pieces)), np.array(low, float), np.array(high, float)


def _at(place: Sequence[str], codes: Sequence[str]) -> bool:
    return all(p in {ALL, c} for p, c in zip(place, codes, strict=True))


def _targets(world: World, pieces: Sequence[Piece]) -> Iterator[tuple[str, list[Piece]]]:
    """Around each alert, in each printed place of each quarter: what is in it, what is not, and what came per stage."""
    for number in range(len(world.quarters)):
        for name in sorted({t.alert for t in world.told}):
            area = next(t.codes for t in world.told if t.alert == name)
            for place in set(itertools.product(*({ALL, code} for code in area))):
                here = [p for p in pieces if p[1] == number and _at(place, p[0])]
                if any(p[2] == name for p in here):
                    yield f"{name} {place} quarter {number}: the rest", [p for p in here if p[2] != name]
                    yield f"{name} {place} quarter {number}: its part", [p for p in here if p[2] == name]
                    yield f"{name} {place} quarter {number}: all", here
                for stage in sorted({p[3] for p in here if p[2] == name}):
                    grown = [p for p in here if p[2] == name and p[3] == stage]
                    yield f"{name} {place} quarter {number}: stage {stage}", grown


def truth_of(world: World, cases: Sequence[tuple[tuple[str, ...], dt.date, str, int]]) -> Counter[Piece]:
    """The true pieces. `cases`: codes, day of registration, alert and stage ("" and 0 for none)."""
    found: Counter[Piece] = Counter()
    for codes, on, alert, stage in cases:
        for number, (first, last) in enumerate(world.quarters):
            if first <= on <= last:
                found[codes, number, alert, stage] += 1
    return found
