# SPDX-License-Identifier: EUPL-1.2
"""All tables of a catalogue and all earlier editions as one system, so that they are protected together.

Owns how tables share margins, how editions bind each other, and what stays hidden once it was. Never solves, and never
lets an earlier print be taken back: what was shown stays shown in what the reader knows.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.stats.suppression import Suppression, suppress
from services.stats.suppression_model import Budget, Line, System
from services.stats.tables import Dimension, IntArray, Rules, cross_size, full_cross, sum_lines
from services.stats.tabset import PublishedRelease, PublishedTable, TabSet, table_of

Place = tuple[str, ...]
"""A node for every dimension of the catalogue; a dimension that a table lacks stands at its total."""

MOST_UNPUBLISHED: Final = 4_000  # cells of the whole cross up to which the unpublished ones bind the tables as well
BEYOND: Final = 10_000  # a reader who is not told the total holds far more possible than it is
DEARER_TOTAL: Final = 100  # hiding the grand total costs this much more; only a small increment asks for it


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which tables come out, over which dimensions, by which rules."""

    dimensions: tuple[Dimension, ...]
    tables: Mapping[str, tuple[str, ...]]
    """The dimensions of each table, by its id."""
    rules: Rules
    accumulates: bool = False
    """Later editions only add cases."""


@dataclass(frozen=True, slots=True)
class Edition:
    """True counts at one moment, over the atoms of all dimensions, and what of them was hidden."""

    id: str
    as_of: str
    counts: IntArray
    hidden: frozenset[Place] = frozenset()


def protect_edition(
    catalogue: Catalogue,
    edition: Edition,
    earlier: Sequence[Edition],
    budget: Budget,
    *,
    sensitive: Collection[Place] = (),
) -> tuple[Edition, Suppression]:
    """The edition with what must be hidden of it, given all that came out before; and what that costs.

    `sensitive` names places that need protection whatever their count: one partner supplied nearly all of them.

    Raises: CannotProtect (permanent); ValueError when a catalogue that only adds cases lost some.
    """
    if catalogue.accumulates and any((edition.counts < before.counts).any() for before in earlier):
        raise ValueError("a count fell between editions that only add cases")
    joint = _Joint(catalogue, [*earlier, edition], frozenset(sensitive))
    found = suppress(joint.system(), budget)
    last = len(earlier)
    hidden = frozenset(place for (when, place), cell in joint.cells.items() if when == last and found.hidden[cell])
    published = frozenset(_published(catalogue))
    return Edition(edition.id, edition.as_of, edition.counts, hidden & published), found


def tabset_of(catalogue: Catalogue, editions: Sequence[Edition]) -> TabSet:
    """What a reader holds once these editions are out."""
    named = {dimension.name: dimension for dimension in catalogue.dimensions}
    releases = tuple(
        PublishedRelease(
            edition.id, edition.as_of, tuple(_print(catalogue, edition, table) for table in catalogue.tables)
        )
        for edition in editions
    )
    return TabSet(named, catalogue.rules, releases, catalogue.accumulates)


def _print(catalogue: Catalogue, edition: Edition, table: str) -> PublishedTable:
    dims = catalogue.tables[table]
    chosen = [dimension for dimension in catalogue.dimensions if dimension.name in dims]
    kept = tuple(axis for axis, d in enumerate(catalogue.dimensions) if d.name not in dims)
    values = full_cross(edition.counts.sum(axis=kept), chosen)
    hidden = np.array([place in edition.hidden for place in _places(catalogue, dims)], dtype=np.bool_)
    return table_of(table, chosen, values, hidden)


def _places(catalogue: Catalogue, dims: Collection[str]) -> Iterator[Place]:
    """The places of one table, in the order of its flattened cross."""
    yield from itertools.product(*(d.nodes if d.name in dims else (d.total,) for d in catalogue.dimensions))


def _published(catalogue: Catalogue) -> Iterator[Place]:
    """The places of all tables, each once."""
    yield from dict.fromkeys(itertools.chain.from_iterable(_places(catalogue, t) for t in catalogue.tables.values()))


class _Joint:
    """The system under construction: one row of numbers per cell, added once."""

    def __init__(self, catalogue: Catalogue, editions: Sequence[Edition], sensitive: frozenset[Place]) -> None:
        self._catalogue, self._editions, self._sensitive = catalogue, editions, sensitive
        self.cells: dict[tuple[int, Place], int] = {}
        self._rows: list[tuple[int, int, int, int, int, bool, bool]] = []
        self._lines: list[Line] = []
        self._published = frozenset(_published(catalogue))
        self._crosses = self._tables()
        self._highest = BEYOND + max(int(edition.counts.sum()) for edition in editions)
        self._total = tuple(dimension.total for dimension in catalogue.dimensions)

    def system(self) -> System:
        """Everything as one system."""
        for when, edition in enumerate(self._editions):
            self._add_edition(when, edition)
        if self._catalogue.accumulates:
            for earlier, later in itertools.combinations(range(len(self._editions)), 2):
                self._add_increments(earlier, later)
        value, low, high, cost, needs, hidden, shown = map(np.array, zip(*self._rows, strict=True))
        return System(
            value, low, high, cost, needs, hidden.astype(np.bool_), shown.astype(np.bool_), tuple(self._lines)
        )

    def _tables(self) -> list[tuple[str, ...]]:
        """The crosses that bind: the whole one when it is bearable, else those of the tables."""
        names = tuple(dimension.name for dimension in self._catalogue.dimensions)
        if cross_size(self._catalogue.dimensions) <= MOST_UNPUBLISHED:
            return [names]
        return list(self._catalogue.tables.values())

    def _add_edition(self, when: int, edition: Edition) -> None:
        known_lines: set[Line] = set()
        for dims in self._crosses:
            chosen = [dimension for dimension in self._catalogue.dimensions if dimension.name in dims]
            summed = tuple(axis for axis, d in enumerate(self._catalogue.dimensions) if d.name not in dims)
            values = full_cross(edition.counts.sum(axis=summed), chosen).ravel()
            at = [
                self._add_cell(when, place, int(value))
                for place, value in zip(_places(self._catalogue, dims), values, strict=True)
            ]
            for parent, parts in sum_lines(chosen):
                known_lines.add((at[parent], tuple(at[part] for part in parts)))
        self._lines += sorted(known_lines)

    def _add_cell(self, when: int, place: Place, value: int) -> int:
        key = (when, place)
        if key not in self.cells:
            self.cells[key] = len(self._rows)
            is_printed = place in self._published
            self._rows.append(self._printed(when, place, value) if is_printed else self._unprinted(value))
        return self.cells[key]

    def _unprinted(self, value: int) -> tuple[int, int, int, int, int, bool, bool]:
        return value, 0, self._highest, 0, 0, True, False

    def _printed(self, when: int, place: Place, value: int) -> tuple[int, int, int, int, int, bool, bool]:
        rules = self._catalogue.rules
        is_latest = when == len(self._editions) - 1
        is_needy = rules.is_small(value) or (is_latest and place in self._sensitive)
        needs = rules.width if is_needy else 0
        low = int(rules.zeros_public)
        if not is_latest:
            was_hidden = place in self._editions[when].hidden
            return value, low, self._highest, 0, needs, was_hidden, not was_hidden
        is_total = place == self._total
        zero_shown = value == 0 and rules.zeros_public
        total_shown = is_total and not self._gained_little(place)
        must_hide = (is_needy or self._stays_hidden(place, value)) and not (zero_shown or total_shown)
        cost = 1 + sum(node not in d.atoms for node, d in zip(place, self._catalogue.dimensions, strict=True))
        return value, low, self._highest, cost + DEARER_TOTAL * is_total, needs, must_hide, zero_shown or total_shown

    def _stays_hidden(self, place: Place, value: int) -> bool:
        """Whether a place was hidden last time and gained too little since."""
        if len(self._editions) < 2 or place not in self._editions[-2].hidden:
            return False
        return abs(value - self._count(-2, place)) < self._catalogue.rules.threshold

    def _gained_little(self, place: Place) -> bool:
        """Whether showing the place now would show a small increment."""
        if not self._catalogue.accumulates:
            return False
        now = self._count(-1, place)
        before = [self._count(when, place) for when in range(len(self._editions) - 1)]
        return any(self._catalogue.rules.is_small(now - count) for count in before)

    def _count(self, when: int, place: Place) -> int:
        """The true count of a place in an edition."""
        counts = self._editions[when].counts
        chosen = [
            [d.atoms.index(atom) for atom in sorted(d.under[node])]
            for node, d in zip(place, self._catalogue.dimensions, strict=True)
        ]
        return int(counts[np.ix_(*chosen)].sum())

    def _add_increments(self, earlier: int, later: int) -> None:
        """What cells gained between two editions: never less than nothing, and a secret while it is small."""
        for when, place in [key for key in self.cells if key[0] == later]:
            after, before = self.cells[when, place], self.cells[earlier, place]
            gained = self._rows[after][0] - self._rows[before][0]
            is_secret = self._catalogue.rules.is_small(gained) and place in self._published
            if later == earlier + 1 or is_secret:
                increment = len(self._rows)
                needs = self._catalogue.rules.width if is_secret else 0
                self._rows.append((gained, 0, self._highest, 0, needs, True, False))
                self._lines.append((after, (before, increment)))
