# SPDX-License-Identifier: EUPL-1.2
"""A reader of every alert there ever was, who tries to work out small counts.

Written apart from the gate: it knows what is published (areas, days, bands) and that cases are whole and never less
than nothing, and takes bounds from linear programming over the pieces that alerts cut the cases into.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog


@dataclass(frozen=True, slots=True)
class Claim:
    """One published statement: so many cases lie in this set."""

    name: str
    holds: Callable[[object], bool]
    low: int
    high: int
    within: frozenset[str] = frozenset()  # names of claims whose set is known to contain this one


@dataclass(frozen=True, slots=True)
class Finding:
    """A set of cases that is known too well: its true count is small, and the bounds leave fewer than k values."""

    names: tuple[str, ...]
    low: int
    high: int
    true: int


def attack(claims: Sequence[Claim], cases: Sequence[object], *, k: int) -> list[Finding]:
    """Every claim, difference and overlap of two whose true count of 1..k-1 is narrowed to fewer than k values."""
    memberships = [tuple(claim.holds(case) for claim in claims) for case in cases]
    atoms = sorted({m for m in memberships if any(m)})
    if not atoms:
        return []
    every = _all_atoms(claims, atoms)
    matrix = np.array([[float(atom[i]) for atom in every] for i in range(len(claims))])
    upper = np.vstack([matrix, -matrix])
    limit = np.array([float(c.high) for c in claims] + [-float(c.low) for c in claims])
    counts = {atom: memberships.count(atom) for atom in every}
    found = []
    for names, chosen in _targets(claims, every):
        true = sum(counts[atom] for atom in chosen)
        if not 1 <= true < k:
            continue
        aim = np.array([1.0 if atom in chosen else 0.0 for atom in every])
        low = linprog(aim, A_ub=upper, b_ub=limit, bounds=(0, None))
        high = linprog(-aim, A_ub=upper, b_ub=limit, bounds=(0, None))
        assert low.status in {0, 3}, "what is published must not contradict itself"
        bottom = int(np.ceil(low.fun - 1e-6))
        top = int(np.floor(-high.fun + 1e-6)) if high.status == 0 else 10**9
        if top - bottom + 1 < k:
            found.append(Finding(names, bottom, top, true))
    return found


def _all_atoms(claims: Sequence[Claim], atoms: Sequence[tuple[bool, ...]]) -> list[tuple[bool, ...]]:
    """The pieces there may be: those that exist, each claim alone and each pair, with what is known to contain them.

    The reader does not know which pieces are empty, but does know which sets lie in which.
    """
    size = len(claims)
    chosen = [{i} for i in range(size)] + [set(pair) for pair in itertools.combinations(range(size), 2)]
    index = {claim.name: i for i, claim in enumerate(claims)}
    made = set(atoms)
    for members in chosen:
        around = {index[name] for i in members for name in claims[i].within}
        made.add(tuple(i in members | around for i in range(size)))
    return sorted(made)


def _targets(
    claims: Sequence[Claim], atoms: Sequence[tuple[bool, ...]]
) -> list[tuple[tuple[str, ...], set[tuple[bool, ...]]]]:
    made: list[tuple[tuple[str, ...], set[tuple[bool, ...]]]] = [
        ((claim.name,), {a for a in atoms if a[i]}) for i, claim in enumerate(claims)
    ]
    for i, j in itertools.permutations(range(len(claims)), 2):
        made.append(((claims[i].name, "without", claims[j].name), {a for a in atoms if a[i] and not a[j]}))
        if i < j:
            made.append(((claims[i].name, "and", claims[j].name), {a for a in atoms if a[i] and a[j]}))
    return made
