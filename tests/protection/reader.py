# SPDX-License-Identifier: EUPL-1.2
"""A reader of a published table who works out what must be: for judging, apart from everything in the product.

Owns its own arithmetic: plain JSON in, one integer program over the atoms, two worlds sought for every small count.
Never imports the product.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Key = tuple[str, ...]


def members(dimension: dict[str, Any], node: str) -> set[str]:
    """The atoms under a node, groups within groups included."""
    if node == dimension["total"]:
        return set(dimension["atoms"])
    if node in dimension.get("groups", {}):
        return set().union(*(members(dimension, one) for one in dimension["groups"][node]))
    return {node}


def cross(instance: dict[str, Any]) -> dict[Key, frozenset[int]]:
    """Every cell of the full cross with the numbers of its atoms' cells."""
    dimensions = [instance["dimensions"][name] for name in instance["dims"]]
    number = {atoms: n for n, atoms in enumerate(itertools.product(*(d["atoms"] for d in dimensions)))}
    nodes = [[*d["atoms"], *d.get("groups", {}), d["total"]] for d in dimensions]
    under = [{node: members(d, node) for node in axis} for d, axis in zip(dimensions, nodes, strict=True)]
    return {
        key: frozenset(number[a] for a in itertools.product(*(u[n] for u, n in zip(under, key, strict=True))))
        for key in itertools.product(*nodes)
    }


def truth(instance: dict[str, Any], cells: dict[Key, frozenset[int]]) -> dict[Key, int]:
    """The true count of every cell."""
    alone = {tuple(entry["at"][name] for name in instance["dims"]): entry["v"] for entry in instance["counts"]}
    by_number = {next(iter(leaves)): alone.get(key, 0) for key, leaves in cells.items() if len(leaves) == 1}
    for key, value in alone.items():
        by_number[next(iter(cells[key]))] = value
    return {key: sum(by_number[leaf] for leaf in leaves) for key, leaves in cells.items()}


def price(instance: dict[str, Any], key: Key) -> int:
    """What hiding a cell costs."""
    dims = instance["dims"]
    return 1 + sum(node not in instance["dimensions"][name]["atoms"] for name, node in zip(dims, key, strict=True))


def printed(instance: dict[str, Any], answer: dict[str, Any]) -> dict[Key, int | None]:
    """The cells of an answer of one table."""
    (release,) = answer["releases"]
    (table,) = release["tables"]
    found = {tuple(cell["at"][name] for name in instance["dims"]): cell["v"] for cell in table["cells"]}
    if len(found) != len(table["cells"]):
        raise AssertionError("a cell is printed twice")
    return found


def faults(instance: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """Everything wrong with an answer, in words; nothing for a protected table."""
    cells = cross(instance)
    true, shown = truth(instance, cells), printed(instance, answer)
    if set(shown) != set(cells):
        yield "cells are missing or unknown"
        return
    rules = instance["rules"]
    total = tuple(instance["dimensions"][name]["total"] for name in instance["dims"])
    for key, value in shown.items():
        if value is not None and value != true[key]:
            yield f"wrong value at {key}"
        if value is not None and 0 < true[key] < rules["threshold"]:
            yield f"small count shown at {key}"
        if value is None and (key == total or (true[key] == 0 and rules["zeros"] == "public")):
            yield f"hidden at {key}"
    small = [key for key in cells if 0 < true[key] < rules["threshold"]]
    yield from _narrow(cells, true, shown, small, rules)


def _narrow(
    cells: dict[Key, frozenset[int]],
    true: dict[Key, int],
    shown: dict[Key, int | None],
    small: list[Key],
    rules: dict[str, Any],
) -> Iterator[str]:
    """The small counts for which no two worlds lie far enough apart."""
    program = _Program(cells, shown, least=int(rules["zeros"] == "public"))
    low = {key: true[key] for key in cells}
    high = dict(low)
    for key in small:
        for sign in (1, -1):
            if high[key] - low[key] >= rules["width"]:
                break
            world = program.extreme(cells[key], sign)
            for other in small:
                value = int(sum(world[leaf] for leaf in cells[other]))
                low[other], high[other] = min(low[other], value), max(high[other], value)
        if high[key] - low[key] < rules["width"]:
            yield f"between {low[key]} and {high[key]} at {key}"


class _Program:
    """All worlds that fit the print, over the atoms."""

    def __init__(self, cells: dict[Key, frozenset[int]], shown: dict[Key, int | None], *, least: int) -> None:
        self.size = 1 + max(max(leaves) for leaves in cells.values())
        rows = [sorted(leaves) for leaves in cells.values()]
        values = [shown[key] for key in cells]
        low = [least if value is None else value for value in values]
        high = [math.inf if value is None else value for value in values]
        starts = np.cumsum([0] + [len(row) for row in rows])
        matrix = csr_array((np.ones(starts[-1]), np.concatenate(rows), starts), shape=(len(rows), self.size))
        self._constraint = LinearConstraint(matrix, low, high)

    def extreme(self, leaves: frozenset[int], sign: int) -> Any:
        """A world in which a cell is as large (or, with sign -1, as small) as it can be."""
        aim = np.zeros(self.size)
        aim[list(leaves)] = -sign
        found = milp(
            aim,
            constraints=self._constraint,
            integrality=np.ones(self.size),
            bounds=Bounds(0, np.inf),
            options={"mip_rel_gap": 0.0},
        )
        if found.x is None or found.status != 0:
            raise AssertionError(f"the reader's program ended with {found.message}")
        return np.round(found.x).astype(int)


def everything(instance: dict[str, Any], answer: dict[str, Any]) -> dict[Key, tuple[int, int]]:
    """Every cell's interval over all worlds that fit, written out one by one: for tiny tables only."""
    cells = cross(instance)
    shown = printed(instance, answer)
    total = next(value for key, value in shown.items() if len(cells[key]) == 1 + max(map(max, cells.values())))
    if total is None:
        raise AssertionError("the grand total is hidden")
    least = int(instance["rules"]["zeros"] == "public")
    spans: dict[Key, tuple[int, int]] = {}
    for world in _worlds(total, 1 + max(map(max, cells.values()))):
        values = {key: sum(world[leaf] for leaf in leaves) for key, leaves in cells.items()}
        if all(values[key] >= least if want is None else values[key] == want for key, want in shown.items()):
            for key, value in values.items():
                low, high = spans.get(key, (value, value))
                spans[key] = min(low, value), max(high, value)
    return spans


def _worlds(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread a total over parts."""
    for bars in itertools.combinations(range(total + parts - 1), parts - 1):
        edges = (-1, *bars, total + parts - 1)
        yield tuple(after - before - 1 for before, after in itertools.pairwise(edges))
