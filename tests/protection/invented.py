# SPDX-License-Identifier: EUPL-1.2
"""Invented tables in the ways real ones differ: shape, size, groups, rules, sparseness, and the odd ones at the edge.

Owns nothing of the product; the same name gives the same table. Never reads a sample from elsewhere.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

NAMES: Final = ("ground", "terrain", "district", "nature")
TOTALS: Final = (70, 110, 180, 240, 330, 600, 900, 1_500, 4_000, 20_000)
FLAT: Final = ((6, 5), (8, 6), (10, 7), (12, 9), (15, 15), (20, 12))
DEEP: Final = ((5, 4, 3), (6, 4, 3), (6, 5, 4), (8, 5, 4), (7, 7, 3))
LARGE: Final = ((10, 8, 4), (12, 9, 5), (15, 10, 4), (30, 20), (15, 15, 7))
FAMILIES: Final = (
    ("flat", FLAT, 12, ("none",)),
    ("pairs", FLAT[:5], 8, ("pairs",)),
    ("overlap", FLAT[:4], 4, ("overlap",)),
    ("nested", FLAT[1:5], 4, ("nested",)),
    ("deep", DEEP, 15, ("none",)),
    ("deep-groups", DEEP[:3], 6, ("pairs", "overlap", "nested")),
)
RULES: Final = ((3, 2), (5, 5), (10, 9), (4, 3), (5, 8), (2, 1))


def tables() -> Iterator[dict[str, Any]]:
    """Every table of the set, in a fixed order."""
    for kind, shapes, count, groups in FAMILIES:
        for number in range(count):
            shape, total = shapes[number % len(shapes)], TOTALS[(number * 3 + count) % len(TOTALS)]
            yield table(f"{kind}-{number}", shape, total, groups=groups[number % len(groups)])
    for number, rules in enumerate(RULES):
        yield table(f"rules-{number}", (FLAT[1], DEEP[0])[number % 2], TOTALS[number + 2], rules=rules)
    for number, large in enumerate(LARGE):
        for total in (330, 4_000):
            yield table(f"large-{number}-{total}", large, total)
    yield from edges()


def edges() -> Iterator[dict[str, Any]]:
    """Tables of one cell, one row, no reports, or hardly any."""
    yield table("one-atom", (1, 6), 60)
    yield table("one-row", (9,), 40)
    yield table("one-way", (15,), 330)
    yield table("empty", (4, 3), 0)
    yield table("one-cell", (1,), 7)
    yield table("few", (4, 3), 12)
    yield table("two", (5, 4), 2)
    yield table("four-way", (4, 3, 3, 2), 300)
    yield table("one-atom-deep", (5, 1, 3), 90)
    alone = table("all-in-one", (5, 4), 0)
    yield alone | {"counts": [{"at": {"ground": "ground2", "terrain": "terrain1"}, "v": 50}]}


def table(
    name: str, shape: tuple[int, ...], total: int, *, groups: str = "none", rules: tuple[int, int] = (5, 4)
) -> dict[str, Any]:
    """An `sdc-instance-1` document; whether zeros may hide, and how skewed it is, follow from its name."""
    random = np.random.default_rng([sum(map(ord, name)), len(name), total, *shape])
    names = NAMES[: len(shape)]
    counts = _spread(random, shape, total)
    dimensions = {
        one: _dimension(one, size, groups if size >= 5 else "none") for one, size in zip(names, shape, strict=True)
    }
    return {
        "format": "sdc-instance-1",
        "id": name,
        "dimensions": dimensions,
        "dims": list(names),
        "rules": {"threshold": rules[0], "width": rules[1], "zeros": ["public", "hideable"][int(random.integers(2))]},
        "counts": [
            {"at": {one: f"{one}{at}" for one, at in zip(names, where, strict=True)}, "v": int(counts[where])}
            for where in np.ndindex(*shape)
            if counts[where]
        ],
    }


def _spread(random: np.random.Generator, shape: tuple[int, ...], total: int) -> Counts:
    """Reports over cells: uneven margins multiplied, roughened cell by cell, some cells impossible."""
    chance = np.ones(shape)
    for axis, size in enumerate(shape):
        margin = random.dirichlet(np.full(size, random.uniform(0.5, 2.0)))
        chance = chance * margin.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    chance = chance * random.gamma(random.uniform(0.5, 3.0), size=shape) + 1e-12
    return np.asarray(random.multinomial(total, (chance / chance.sum()).ravel()).reshape(shape), dtype=np.int64)


def _dimension(name: str, size: int, kind: str) -> dict[str, Any]:
    atoms = [f"{name}{number}" for number in range(size)]
    return {"total": f"{name}_all", "atoms": atoms, "groups": _groups(name, atoms, kind)}


def _groups(name: str, atoms: list[str], kind: str) -> dict[str, list[str]]:
    group = f"{name}G"
    if kind == "pairs":
        return {f"{group}{n}": atoms[2 * n : 2 * n + 2] for n in range(min(3, len(atoms) // 3))}
    if kind == "overlap":
        return {f"{group}0": atoms[:3], f"{group}1": atoms[2:5]}
    if kind == "nested":
        return {f"{group}0": atoms[:2], f"{group}1": [f"{group}0", atoms[2]], f"{group}2": [f"{group}1", atoms[3]]}
    return {}
