# SPDX-License-Identifier: EUPL-1.2
"""Invented instances to judge the protection on: two- and three-way, with and without groups, sparse to dense, skewed.

Owns nothing of the product; the same seed gives the same instance. Never reads a sample from elsewhere.
"""

from typing import Any

import numpy as np

SHAPES: dict[str, list[tuple[int, ...]]] = {
    "2d": [(6, 5), (8, 6), (10, 7), (12, 9), (15, 15)],
    "2dh": [(9, 6), (12, 8), (15, 10)],
    "3d": [(5, 4, 3), (6, 4, 3), (6, 5, 4), (8, 5, 4)],
    "3dh": [(6, 4, 3), (8, 5, 3)],
}
TOTALS = (70, 120, 200, 330, 600, 1_200, 4_000, 20_000)


def instance(kind: str, seed: int, *, reports: int | None = None) -> dict[str, Any]:
    """An `sdc-instance-1` document."""
    random = np.random.default_rng([sum(map(ord, kind)), seed])
    shape = SHAPES[kind][int(random.integers(len(SHAPES[kind])))]
    total = reports or int(TOTALS[int(random.integers(len(TOTALS)))])
    names = ["ground", "terrain", "district"][: len(shape)]
    counts = _skewed_counts(random, shape, total)
    sizes = dict(zip(names, shape, strict=True))
    dimensions = {name: _dimension(name, sizes[name], random, grouped=kind.endswith("h")) for name in names}
    cells = [
        {"at": {name: f"{name}{index}" for name, index in zip(names, where, strict=True)}, "v": int(counts[where])}
        for where in np.ndindex(*shape)
        if counts[where]
    ]
    return {
        "format": "sdc-instance-1",
        "id": f"{kind}-{seed}-{'x'.join(map(str, shape))}-{total}",
        "dimensions": dimensions,
        "dims": names,
        "rules": {"threshold": 5, "width": 4, "zeros": ["public", "hideable"][int(random.integers(2))]},
        "counts": cells,
    }


def _skewed_counts(random: np.random.Generator, shape: tuple[int, ...], total: int) -> Any:
    """Reports spread over the cells by the product of uneven margins, roughened cell by cell."""
    chance = np.ones(shape)
    for axis, size in enumerate(shape):
        margin = random.dirichlet(np.full(size, random.uniform(0.4, 1.5)))
        chance = chance * margin.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    chance = chance * random.gamma(random.uniform(0.5, 3.0), size=shape)
    return random.multinomial(total, (chance / chance.sum()).ravel()).reshape(shape)


def _dimension(name: str, size: int, random: np.random.Generator, *, grouped: bool) -> dict[str, Any]:
    """A dimension whose first atoms stand in groups of two or three, about half of the time."""
    atoms = [f"{name}{index}" for index in range(size)]
    groups: dict[str, list[str]] = {}
    start = 0
    while grouped and start < size // 2 and random.random() < 0.8:
        width = int(random.integers(2, 4))
        groups[f"{name}G{len(groups)}"] = atoms[start : start + width]
        start += width
    return {"total": f"{name}_all", "atoms": atoms, "groups": groups}
