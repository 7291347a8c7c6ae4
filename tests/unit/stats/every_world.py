# SPDX-License-Identifier: EUPL-1.2
"""Every world of a tiny table, written out: what a reader can really conclude, without any solver.

Owns the measure that the protector and the attacker are held against. Only for tables whose worlds can be counted.
"""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from services.stats.tables import Instance, full_cross

Ints = npt.NDArray[np.int64]


def crosses_with_total(instance: Instance) -> Ints:
    """All tables with the same grand total: one row per table, one column per cell of the full cross."""
    shape = instance.counts.shape
    leaves, total = instance.counts.size, int(instance.counts.sum())
    bars = np.array(list(itertools.combinations(range(total + leaves - 1), leaves - 1)), dtype=np.int64)
    padded = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + leaves - 1)])
    worlds = np.diff(padded, axis=1) - 1
    units = np.eye(leaves, dtype=np.int64).reshape(leaves, *shape)
    sums = np.stack([full_cross(unit, instance.dimensions).ravel() for unit in units])
    return np.asarray(worlds @ sums)


def intervals(instance: Instance, hidden: npt.NDArray[np.bool_], crosses: Ints) -> tuple[Ints, Ints]:
    """The least and the most of every cell over all worlds that fit what is shown."""
    truth = full_cross(instance.counts, instance.dimensions).ravel()
    fits = (crosses[:, ~hidden] == truth[~hidden]).all(axis=1)
    if instance.rules.zeros_public:
        fits &= (crosses[:, hidden] >= 1).all(axis=1)
    fitting = crosses[fits]
    return fitting.min(axis=0), fitting.max(axis=0)


def tiny(seed: int, shape: tuple[int, ...], reports: int, *, zeros: str, grouped: bool = False) -> dict[str, Any]:
    """An `sdc-instance-1` document small enough to write out all its worlds."""
    random = np.random.default_rng([seed, reports, *shape])
    counts = random.multinomial(reports, random.dirichlet(np.full(int(np.prod(shape)), 0.5))).reshape(shape)
    names = ["a", "b", "c"][: len(shape)]
    dimensions: dict[str, Any] = {
        name: {"total": f"{name}-all", "atoms": [f"{name}{i}" for i in range(size)], "groups": {}}
        for name, size in zip(names, shape, strict=True)
    }
    if grouped:
        dimensions["a"]["groups"] = {"a-pair": ["a0", "a1"]}
    return {
        "format": "sdc-instance-1",
        "id": f"tiny-{seed}",
        "dimensions": dimensions,
        "dims": names,
        "rules": {"threshold": 5, "width": 4, "zeros": zeros},
        "counts": [
            {"at": {n: f"{n}{i}" for n, i in zip(names, where, strict=True)}, "v": int(counts[where])}
            for where in np.ndindex(*shape)
            if counts[where]
        ],
    }
