# SPDX-License-Identifier: EUPL-1.2
"""The cases of a count and of the releases that bind it, in segments by the releases they stand in.

Pure. Owns the segments: every release is a sum of them. Never decides what is hidden.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from services.stats.catalogues import TOTAL, Catalogue, CountSpec, Place, dimension
from services.stats.releases import FrozenCount, PrintedCount
from services.stats.tables import Dimension, IntArray
from shared.errors import Conflict

NOW: Final = "deze-uitgave"
WHEN: Final = "uitgave"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that binds: its cases and what was printed of them. `is_open`: anybody may have its open figures."""

    name: str
    frozen: FrozenCount
    printed: PrintedCount
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A count to protect. `expected`: which releases a case may stand in together, as positions; the last is new.

    `least`: what readers of alerts know of the new release, by place.
    `is_open`: open figures of the new release come out as well, and whoever reads its tables can read those.
    """

    count: CountSpec
    catalogue: Catalogue
    dimensions: Mapping[str, Dimension]
    frozen: FrozenCount
    earlier: tuple[Earlier, ...]
    expected: frozenset[frozenset[int]]
    least: Mapping[Place, int] = field(default_factory=dict)
    is_open: bool = False

    def leaves_little(self, place: Place, value: int) -> bool:
        """Whether a printed value would leave too few cases beside those that alerts told of."""
        known = self.least.get(place, 0)
        return known > 0 and value - known < self.catalogue.width


@dataclass(frozen=True, slots=True)
class Cube:
    """The segments, and how many cases of each stand at every place. Shape: segments, then the count's dimensions."""

    when: Dimension
    counts: IntArray
    keys: IntArray
    """The sums of the record keys of the same cases."""
    dominated: tuple[frozenset[Place], ...]
    """Per release, the places of which one source supplied nearly all."""
    sharing: frozenset[int]
    """The releases a case of the new one may stand in as well."""

    @classmethod
    def of(cls, bound: Bound) -> "Cube":
        """The segments of a count. Raises: Conflict `catalogue_changed` for a code that the dimensions lack."""
        every = [*(one.frozen for one in bound.earlier), bound.frozen]
        members = {member.digest: member for frozen in every for member in frozen.members}
        standing: dict[str, set[int]] = defaultdict(set)
        for number, frozen in enumerate(every):
            for member in frozen.members:
                standing[member.digest].add(number)
        segments = sorted(bound.expected | {frozenset(one) for one in standing.values()}, key=sorted)
        at = [{atom: i for i, atom in enumerate(one.atoms)} for one in bound.dimensions.values()]
        counts = np.zeros([len(segments), *(len(positions) for positions in at)], dtype=np.int64)
        keys = np.zeros_like(counts)
        for digest, member in members.items():
            if any(code not in positions for code, positions in zip(member.place, at, strict=True)):
                raise Conflict("catalogue_changed")
            segment = segments.index(frozenset(standing[digest]))
            where = (segment, *(p[code] for code, p in zip(member.place, at, strict=True)))
            counts[where] += 1
            keys[where] += member.record_key
        new = len(bound.earlier)
        sharing = frozenset(number for segment in segments if new in segment for number in segment)
        return cls(_when(bound, segments), counts, keys, tuple(_dominated(bound, frozen) for frozen in every), sharing)


def _when(bound: Bound, segments: Sequence[frozenset[int]]) -> Dimension:
    """The segments as atoms and the releases as groups of them; alone, a release is its one segment."""
    if not bound.earlier:
        return dimension(WHEN, [NOW])
    names = [*(one.name for one in bound.earlier), NOW]
    atoms = [f"deel-{number}" for number in range(1, len(segments) + 1)]
    groups = {
        name: tuple(atom for atom, segment in zip(atoms, segments, strict=True) if number in segment)
        for number, name in enumerate(names)
    }
    return dimension(f"{WHEN}-{bound.count.id}", atoms, groups)


def _dominated(bound: Bound, frozen: FrozenCount) -> frozenset[Place]:
    """The published places, but the total, of which one source supplied nearly all; small ones are sensitive anyway."""
    if bound.count.dominance is None:
        return frozenset()
    sources: dict[Place, Counter[str]] = defaultdict(Counter)
    for member in frozen.members:
        for table in bound.count.tables:
            kept = [(code, TOTAL) if name in table else (TOTAL,) for name, code in zip(
                frozen.names, member.place, strict=True)]  # fmt: skip
            for place in itertools.product(*kept):
                sources[place][member.source] += 1
    grand = (TOTAL,) * len(frozen.names)
    return frozenset(
        place
        for place, by in sources.items()
        if place != grand and max(by.values()) >= bound.count.dominance * by.total()
    )
