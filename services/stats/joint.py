# SPDX-License-Identifier: EUPL-1.2
"""One count of a release, protected together with every earlier release that shares days with it.

Pure. Owns how overlapping releases bind each other: the cases fall apart in segments by the releases they stand in, and
every release is a sum of segments. What was printed stays printed; what a later release adds or lost is as secret as
any small count; what was hidden stays hidden until it differs by the threshold. The open figures of the same cases are
known to whoever reads the tables, so they bind as well. Never judges its own work: that is the attacker's.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from services.stats import cell_key, tabset
from services.stats.catalogues import TOTAL, Place
from services.stats.releases import PrintedCount
from services.stats.segments import NOW, Bound, Cube
from services.stats.suppression import CannotProtect, Suppression, narrow_company, suppress
from services.stats.suppression_model import BoolArray, Budget, Line, System
from services.stats.tables import Dimension, IntArray, cross_size, full_cross, sum_lines
from shared.errors import Conflict

MOST_UNPUBLISHED: Final = 4_000  # cells of a whole cross up to which its unpublished ones bind the tables as well
DEARER_TOTAL: Final = 100
FIRST_SHARE: Final = 0.6  # of the time for a piece goes to the first try, the rest to mending what is too narrow
ROUNDS: Final = 4
ROOM_ABOVE: Final = 50  # a reader who sees no total may hold any count possible; this much above the truth is enough
Tables = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be printed, and what a reader then holds, to be attacked."""

    printed: PrintedCount
    publications: tuple[tabset.PublishedRelease, ...]
    dimensions: Mapping[str, Dimension]


def protect_count(bound: Bound, budget: Budget, *, as_of: str, dropped: Tables = ()) -> Protected:
    """What may be printed of a count: all its tables, or those that can be protected, or nothing at all.

    `dropped`: tables that are not to come out, in print or as open figures.

    Raises: Conflict `catalogue_changed` when an earlier release that binds has other dimensions.
    """
    if any(one.frozen.names != bound.frozen.names for one in bound.earlier):
        raise Conflict("catalogue_changed")
    cube = Cube.of(bound)
    members = len(bound.frozen.members)
    grand = (TOTAL,) * len(bound.frozen.names)
    may_tell_total = members >= bound.catalogue.threshold and not bound.leaves_little(grand, members)
    parts = _parts(bound, cube, budget, dropped) if may_tell_total else []
    if parts and all(parts):
        return _result(bound, cube, [one for one in parts if one], as_of)
    whole = None if dropped else _solved(_Piece(bound, cube, bound.count.tables, total_shown=False), budget)
    if whole:
        return _result(bound, cube, [whole], as_of)
    groups = zip(parts, bound.count.parts(), strict=False)  # no parts at all when the total may not be told
    kept = [piece or _with_less(bound, cube, tables, budget) for piece, tables in groups]
    if kept and all(kept):
        return _result(bound, cube, [one for one in kept if one], as_of)
    return withheld(bound)


def _parts(bound: Bound, cube: Cube, budget: Budget, dropped: Tables) -> list["_Piece | None"]:
    """The groups of tables that share no dimension, each by itself with the total shown; None: cannot be protected."""
    groups = bound.count.parts()
    return [
        _solved(
            _Piece(bound, cube, tables, total_shown=True, dropped=tuple(one for one in tables if one in dropped)),
            _share(budget, 1 / (len(groups) - number)),
        )
        for number, tables in enumerate(groups)
    ]


def _with_less(bound: Bound, cube: Cube, tables: Tables, budget: Budget) -> "_Piece | None":
    """A group of tables without its widest ones, else with its total alone."""
    for dropped in fewer(tables):
        piece = _solved(_Piece(bound, cube, tables, total_shown=True, dropped=dropped), budget)
        if piece:
            return piece
    return None


def fewer(tables: Tables) -> Iterator[Tables]:
    """What to drop of a group of tables, the least first.

    >>> list(fewer((("grond",), ("grond", "wijk"))))
    [(('grond', 'wijk'),), (('grond',), ('grond', 'wijk'))]
    """
    wide = tuple(one for one in tables if len(one) > 1)
    if wide and wide != tables:
        yield wide
    yield tables


def _solved(piece: "_Piece", budget: Budget) -> "_Piece | None":
    try:
        piece.solve(budget)
    except CannotProtect:
        return None
    return piece


def _share(budget: Budget, part: float) -> Budget:
    """A part of the time that is left, counted from now."""
    started = budget.elapsed()
    return Budget(budget.left * part, lambda: budget.elapsed() - started)


@dataclass(slots=True)
class _Piece:
    """Some tables that share dimensions, with all releases, as one system to solve."""

    bound: Bound
    cube: Cube
    tables: Tables
    total_shown: bool
    dropped: Tables = ()
    """Of these tables, those that do not come out, in print or as open figures."""
    cells: dict[tuple[str, Place], int] = field(init=False, default_factory=dict)
    _rows: list[tuple[int, int, int, int, int, bool, bool]] = field(init=False, default_factory=list)
    found: Suppression = field(init=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions of these tables, in the order of the count."""
        return tuple(name for name in self.bound.frozen.names if any(name in table for table in self.tables))

    def solve(self, budget: Budget) -> None:
        """Choose what to hide. Raises: CannotProtect."""
        lines: set[Line] = set()
        for cross in self._crosses():
            lines |= set(self._add(cross))
        value, cost, needs, low, high, hidden, shown = (np.array(column) for column in zip(*self._rows, strict=True))
        system = System(
            value, low, high, cost, needs, hidden.astype(np.bool_), shown.astype(np.bool_),
            tuple(sorted(lines)),
        )  # fmt: skip
        self.found = suppress(system, _share(budget, FIRST_SHARE))
        for _ in range(ROUNDS):
            narrow = self._narrow_company(system, budget)
            if not narrow.any():
                return
            needs = np.where(narrow, self.bound.catalogue.width, system.needs)
            system = replace(system, needs=needs, hidden=system.hidden | narrow)
            try:
                self.found = suppress(system, _share(budget, 1 / 2))
            except CannotProtect:
                return  # what was found protects every small count; whether it may be printed is the attacker's word

    def _narrow_company(self, system: System, budget: Budget) -> BoolArray:
        """Cells that releases print or hide, which a reader could take for a small count and knows too closely."""
        rules = self.bound.catalogue
        published = {place for table in self.tables for place in self.places(table)}
        among = np.zeros(system.size, dtype=np.bool_)
        for (node, place), cell in self.cells.items():
            among[cell] = place in published and self._release(node) is not None
        return narrow_company(
            system, self.found.hidden, budget, among=among, threshold=rules.threshold, width=rules.width
        )

    def is_hidden(self, node: str, place: Place) -> bool:
        """Whether a place of a release may not be printed."""
        return bool(self.found.hidden[self.cells[node, place]])

    def places(self, table: Sequence[str]) -> Iterator[Place]:
        """The places of a table, in the order of its flattened cross."""
        named = self.bound.dimensions.items()
        yield from itertools.product(*(one.nodes if name in table else (TOTAL,) for name, one in named))

    def values(self, cross: Sequence[str]) -> IntArray:
        """The true counts of a cross. Shape: the nodes of the releases, then those of its dimensions."""
        return self._crossed(self.cube.counts, cross)

    def open_bounds(self, cross: Sequence[str]) -> list[tuple[int, int] | None]:
        """Between what a reader of open figures knows each cell of a cross to lie; the cells in one flat row."""
        counts, keys = self.values(cross), self._crossed(self.cube.keys, cross)
        at = list(self.places(cross))
        found: list[tuple[int, int] | None] = []
        for row, node in enumerate(self.cube.when.nodes):
            figures = zip(at, counts[row].ravel().tolist(), keys[row].ravel().tolist(), strict=True)
            number = self._release(node)
            found += [
                cell_key.bounds(cell_key.perturb(count, key % cell_key.KEYS))
                if number is not None and self._has_open_figure(number, place)
                else None
                for place, count, key in figures
            ]
        return found

    def _has_open_figure(self, number: int, place: Place) -> bool:
        """Whether the open figure of a place comes out with a release."""
        if number == len(self.bound.earlier):
            return self.bound.is_open and not self._is_gone(place)
        earlier = self.bound.earlier[number]
        return earlier.is_open and not earlier.printed.has_dropped(self._named(place))

    def _named(self, place: Place) -> list[str]:
        """The dimensions in which a place is not at its total."""
        return [name for name, code in zip(self.bound.dimensions, place, strict=True) if code != TOTAL]

    def _is_gone(self, place: Place) -> bool:
        """Whether a place of the new release stands in dropped tables alone."""
        named = set(self._named(place))
        kept = [one for one in self.tables if one not in self.dropped]
        return bool(self.dropped and named) and not any(named <= set(table) for table in kept)

    def _release(self, node: str) -> int | None:
        """Which release a node of the first axis is; none for a segment."""
        if node == NOW:
            return len(self.bound.earlier)
        return list(self.cube.when.groups).index(node) if node in self.cube.when.groups else None

    def _crossed(self, atoms: IntArray, cross: Sequence[str]) -> IntArray:
        away = tuple(axis for axis, name in enumerate(self.bound.dimensions, start=1) if name not in cross)
        return full_cross(atoms.sum(axis=away), self.chosen(cross))

    def chosen(self, cross: Sequence[str]) -> list[Dimension]:
        """The dimensions of a cross, the releases first."""
        return [self.cube.when, *(one for name, one in self.bound.dimensions.items() if name in cross)]

    def _crosses(self) -> Tables:
        whole = self.chosen(self.names)
        return (self.names,) if cross_size(whole) <= MOST_UNPUBLISHED else self.tables

    def _add(self, cross: tuple[str, ...]) -> Iterator[Line]:
        published = {place for table in self.tables for place in self.places(table)}
        values = self.values(cross).ravel()
        at = [(node, place) for node in self.cube.when.nodes for place in self.places(cross)]
        for key, value, known in zip(at, values.tolist(), self.open_bounds(cross), strict=True):
            if key not in self.cells:
                self.cells[key] = len(self._rows)
                is_printed = key[1] in published
                self._rows.append(self._row(*key, value, known if is_printed else None, is_printed=is_printed))
        for parent, parts in sum_lines(self.chosen(cross)):
            yield self.cells[at[parent]], tuple(self.cells[at[part]] for part in parts)

    def _row(
        self, node: str, place: Place, value: int, known: tuple[int, int] | None, *, is_printed: bool
    ) -> tuple[int, int, int, int, int, bool, bool]:
        """Value, cost, needed width, least, most, must hide, must show. `known`: what open figures say of it."""
        catalogue = self.bound.catalogue
        low, high = known or (0, int(self.cube.counts.sum()) + ROOM_ABOVE)
        number = self._release(node)
        if not is_printed or (number is None and node not in self.cube.when.atoms):
            return value, 0, 0, low, high, True, False
        is_needy = catalogue.rules.is_small(value) or (number is not None and place in self.cube.dominated[number])
        needs = catalogue.width if is_needy else 0
        if number is None:
            return value, 0, needs, low, high, True, False
        if node != NOW:
            was_shown = self.bound.earlier[number].printed.cells.get(place) is not None
            return value, 0, needs, low, high, not was_shown, was_shown
        is_needy = is_needy or self.bound.leaves_little(place, value)
        needs = catalogue.width if is_needy else 0
        is_total = all(code == TOTAL for code in place)
        cost = 1 + sum(code == TOTAL for code in place) + DEARER_TOTAL * is_total
        must_show = is_total and self.total_shown
        must_hide = (self._is_gone(place) or is_needy or self._stays_hidden(place, value)) and not must_show
        # Cases may have been taken back since an alert told of them, so its least is never more than what is there.
        low = max(low, min(value, self.bound.least.get(place, 0)))
        return value, cost, needs, low, high, must_hide, must_show

    def _stays_hidden(self, place: Place, value: int) -> bool:
        """Whether a place was hidden in a release of the same days, and differs too little from it since."""
        hidden_before = [
            self._rows[self.cells[one.name, place]][0]
            for number, one in enumerate(self.bound.earlier)
            if number in self.cube.sharing and one.printed.cells.get(place, 0) is None
        ]
        return any(abs(value - before) < self.bound.catalogue.threshold for before in hidden_before)


def _result(bound: Bound, cube: Cube, pieces: Sequence[_Piece], as_of: str) -> Protected:
    cells: dict[Place, int | None] = {}
    small = 0
    publications = []
    row = list(cube.when.nodes).index(NOW)
    for number, piece in enumerate(pieces, start=1):
        printed = []
        for table in piece.tables:
            values = piece.values(table)
            flat = values[row].ravel().tolist()
            for place, value in zip(piece.places(table), flat, strict=True):
                hidden = piece.is_hidden(NOW, place)
                small += place not in cells and hidden and _is_sensitive(bound, cube, place, value)
                cells[place] = None if hidden else value
            printed.append(_print(bound, cube, piece, table, values))
        publications.append(tabset.PublishedRelease(f"{bound.count.id}-{number}", as_of, tuple(printed)))
    hidden_count = sum(value is None for value in cells.values())
    counted = PrintedCount(
        names=bound.frozen.names,
        tables=bound.count.tables,
        cells=cells,
        cost=sum(piece.found.cost for piece in pieces),
        proven=all(piece.found.proven for piece in pieces),
        hidden_small=small,
        hidden_company=hidden_count - small,
        dropped=tuple(table for piece in pieces for table in piece.dropped),
    )
    dimensions = dict(bound.dimensions) | ({cube.when.name: cube.when} if bound.earlier else {})
    return Protected(counted, tuple(publications), dimensions)


def _is_sensitive(bound: Bound, cube: Cube, place: Place, value: int) -> bool:
    return bound.catalogue.rules.is_small(value) or place in cube.dominated[-1]


def _print(bound: Bound, cube: Cube, piece: _Piece, table: Sequence[str], values: IntArray) -> tabset.PublishedTable:
    """The table as a reader holds it: this release alone, or with those that bind it side by side."""
    chosen = piece.chosen(table)
    patterns = [[_unread(bound, cube, piece, node, place) for place in piece.places(table)] for node in cube.when.nodes]
    identity, known = "-".join(table), piece.open_bounds(table)
    if bound.earlier:
        return tabset.table_of(identity, chosen, values, _flags(patterns), known)
    row = list(cube.when.nodes).index(NOW)
    size = values[row].size
    return tabset.table_of(
        identity, chosen[1:], values[row], _flags([patterns[row]]), known[row * size : (row + 1) * size]
    )


def _unread(bound: Bound, cube: Cube, piece: _Piece, node: str, place: Place) -> bool:
    if node == NOW:
        return piece.is_hidden(node, place)
    if node not in cube.when.groups:
        return True
    number = list(cube.when.groups).index(node)
    return bound.earlier[number].printed.cells.get(place) is None


def _flags(patterns: Sequence[Sequence[bool]]) -> BoolArray:
    return np.array(patterns, dtype=np.bool_)


def withheld(bound: Bound) -> Protected:
    """Nothing at all of a count, in print or as open figures."""
    cells: dict[Place, int | None] = {}
    for table in bound.count.tables:
        for place in itertools.product(
            *(one.nodes if name in table else (TOTAL,) for name, one in bound.dimensions.items())
        ):
            cells[place] = None
    printed = PrintedCount(bound.frozen.names, bound.count.tables, cells, withheld=True, dropped=bound.count.tables)
    return Protected(printed, (), {})
