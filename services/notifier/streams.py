# SPDX-License-Identifier: EUPL-1.2
"""Coded reports as arrays, the regions they fall in, and the context that explains a rise.

Owns the shape of a stream: days are whole numbers, codes are indices. Never knows a partner's name, a text or a
calendar date; whoever calls translates those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ALL = -1  # "not narrowed down" in a region

# How belief in a tension is spread before anything is seen: most are local, some concern a ground in the whole city.
CLASS_PRIOR = {"cell": 0.25, "ground_district": 0.35, "ground_terrain": 0.15, "ground": 0.25}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many codes each dimension has."""

    ground: int
    terrain: int
    district: int
    partner: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """Days on which certain grounds were made more findable: `start` inclusive, `end` exclusive."""

    start: int
    end: int
    grounds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Context:
    """What staff know that explains a rise. A campaign counts from its start, a partner's start from that day on."""

    campaigns: tuple[Campaign, ...] = ()
    partner_start: Mapping[int, int] = field(default_factory=dict)

    def known_on(self, day: int) -> "Context":
        """The part of this context that may be known on a day."""
        return Context(
            tuple(c for c in self.campaigns if c.start <= day),
            {partner: start for partner, start in self.partner_start.items() if start <= day},
        )


@dataclass(frozen=True, slots=True)
class Stream:
    """Reports of one municipality, one element per report and ground. All arrays have the same length."""

    sizes: Sizes
    arrival: Ints
    day: Ints
    ground: Ints
    terrain: Ints
    district: Ints
    partner: Ints

    @classmethod
    def of(cls, sizes: Sizes, events: Iterable[tuple[int, int, int, int, int, int]] | Ints) -> "Stream":
        """A stream from rows (arrival, day, ground, terrain, district, partner); the order of the rows is free."""
        rows = np.asarray(events if isinstance(events, np.ndarray) else list(events), dtype=np.int64).reshape(-1, 6)
        rows = rows[np.lexsort(rows.T[::-1])]
        return cls(sizes, *(np.ascontiguousarray(column) for column in rows.T))

    def __len__(self) -> int:
        return len(self.day)

    def where(self, chosen: NDArray[np.bool_]) -> "Stream":
        """The reports for which `chosen` holds."""
        columns = (self.arrival, self.day, self.ground, self.terrain, self.district, self.partner)
        return Stream(self.sizes, *(column[chosen] for column in columns))

    def known_on(self, day: int) -> "Stream":
        """The reports that had arrived by the end of a day."""
        return self.where(self.arrival <= day)


@dataclass(frozen=True, slots=True)
class Regions:
    """Every area a tension can fill: ground x terrain x district, ground x district, ground x terrain, ground.

    Shape: arrays of one element per region, in that order of classes; `prior` sums to one within a ground.
    """

    sizes: Sizes
    ground: Ints
    terrain: Ints
    district: Ints
    prior: Floats
    starts: tuple[int, int, int, int]

    @property
    def count(self) -> int:
        """How many regions there are."""
        return len(self.ground)

    def members(self, ground: Ints, terrain: Ints, district: Ints) -> Ints:
        """The four regions each report falls in. Shape: (4, reports)."""
        cell, pair, setting, whole = self.starts
        size = self.sizes
        return np.stack(
            [
                cell + (ground * size.terrain + terrain) * size.district + district,
                pair + ground * size.district + district,
                setting + ground * size.terrain + terrain,
                whole + ground,
            ]
        )


def regions_of(sizes: Sizes) -> Regions:
    """All regions of a city.

    >>> regions_of(Sizes(2, 2, 3, 4)).count
    24
    """
    g, t, d = sizes.ground, sizes.terrain, sizes.district
    grid = np.indices((g, t, d)).reshape(3, -1)
    pair = np.indices((g, d)).reshape(2, -1)
    setting = np.indices((g, t)).reshape(2, -1)
    whole = np.arange(g)
    any_of = [np.full(n, ALL) for n in (g * d, g * t, g)]
    lengths = (g * t * d, g * d, g * t, g)
    shares = zip(CLASS_PRIOR.values(), lengths, strict=True)
    prior = np.concatenate([np.full(length, weight * g / length) for weight, length in shares])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return Regions(
        sizes,
        ground=np.concatenate([grid[0], pair[0], setting[0], whole]).astype(np.int64),
        terrain=np.concatenate([grid[1], any_of[0], setting[1], any_of[2]]).astype(np.int64),
        district=np.concatenate([grid[2], pair[1], any_of[1], any_of[2]]).astype(np.int64),
        prior=prior.astype(np.float64),
        starts=(int(starts[0]), int(starts[1]), int(starts[2]), int(starts[3])),
    )
