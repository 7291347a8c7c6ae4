# SPDX-License-Identifier: EUPL-1.2
"""What an attacker reads in a `tabset-1` file: who stands under which node, what is printed, what that allows.

Owns a reading of the format of its own. Shares nothing with the protector, not even the parser: a mistake made there
must not be made here again. Never sees a true count.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MOST_CELLS: Final = 200_000  # printed cells in one file, over all tables and releases
MOST_LEVELS: Final = 5_000  # nodes of one dimension
HIGHEST: Final = 10**9

Place = tuple[str, ...]
"""A node for every dimension of the file, in the file's order; a dimension that a table lacks stands at its total."""


class Unreadable(Exception):
    """The file does not say what it must; `where` is an RFC 6901 pointer."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or '/'}: {why}")


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: its leaves, and the numbers of the leaves under each node."""

    name: str
    total: str
    leaves: tuple[str, ...]
    below: Mapping[str, tuple[int, ...]]


@dataclass(slots=True)
class Snapshot:
    """All that is printed about one moment: the least and the most of every cell that a table prints or leaves out."""

    name: str
    axes_used: set[int] = field(default_factory=set)
    bounds: dict[Place, tuple[int, int | None]] = field(default_factory=dict)
    tables: list[tuple[int, ...]] = field(default_factory=list)
    """The axes of each table."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file."""

    axes: tuple[Axis, ...]
    threshold: int
    width: int
    zeros_public: bool
    snapshots: tuple[Snapshot, ...]
    """In the order of their dates."""
    accumulates: bool


def read(document: object) -> Reading:
    """The reading of a parsed JSON document. Raises: Unreadable."""
    root = _mapping(document, "")
    if root.get("format") != "tabset-1":
        raise Unreadable("/format", "must be tabset-1")
    axes = tuple(_axis(name, one) for name, one in _mapping(root.get("dimensions"), "/dimensions").items())
    rules = _mapping(root.get("rules"), "/rules")
    if rules.get("zeros") not in ("public", "hideable"):
        raise Unreadable("/rules/zeros", "must be public or hideable")
    threshold = _count(rules.get("threshold"), "/rules/threshold")
    width = _count(rules.get("width"), "/rules/width")
    if not (2 <= threshold <= 1_000 and 1 <= width <= 1_000):
        raise Unreadable("/rules", "threshold must be 2 to 1000, width 1 to 1000")
    releases = _sequence(root.get("releases"), "/releases")
    accumulates = any(_mapping(one, "/releases").get("accumulates") is True for one in (root, *releases))
    reading = Reading(axes, threshold, width, rules["zeros"] == "public", (), accumulates)
    _refuse_too_many(releases, axes)
    by_date: list[tuple[str, int, Snapshot]] = []
    for index, release in enumerate(releases):
        date = release.get("as_of", "")
        if not isinstance(date, str):
            raise Unreadable(f"/releases/{index}/as_of", "must be text")
        by_date.append((date, index, _snapshot(release, reading, f"/releases/{index}")))
    ordered = sorted(by_date, key=lambda entry: entry[:2])
    return Reading(axes, threshold, width, reading.zeros_public, tuple(_joined(ordered)), accumulates)


def _joined(dated: Sequence[tuple[str, int, Snapshot]]) -> Iterator[Snapshot]:
    """Releases of one date tell of the same counts; of different ones when they contradict each other."""
    for _, same in itertools.groupby(dated, key=lambda entry: entry[0]):
        merged: list[Snapshot] = []
        for _, _, snapshot in same:
            if merged and _agree(merged[-1], snapshot):
                for place, bounds in snapshot.bounds.items():
                    merged[-1].bounds[place] = _narrower(merged[-1].bounds.get(place), bounds)
                merged[-1].axes_used |= snapshot.axes_used
                merged[-1].tables += snapshot.tables
            else:
                merged.append(snapshot)
        yield from merged


def _agree(one: Snapshot, other: Snapshot) -> bool:
    both = one.bounds.keys() & other.bounds.keys()
    narrowed = (_narrower(one.bounds[place], other.bounds[place]) for place in both)
    return all(high is None or low <= high for low, high in narrowed)


def _narrower(one: tuple[int, int | None] | None, other: tuple[int, int | None]) -> tuple[int, int | None]:
    if one is None:
        return other
    highs = [high for high in (one[1], other[1]) if high is not None]
    return max(one[0], other[0]), min(highs, default=None)


def _refuse_too_many(releases: Sequence[Any], axes: Sequence[Axis]) -> None:
    """Stop before anything large is built."""
    sizes = {axis.name: len(axis.below) for axis in axes}
    cells = 0
    for index, release in enumerate(releases):
        for number, table in enumerate(_sequence(release.get("tables"), f"/releases/{index}/tables")):
            where = f"/releases/{index}/tables/{number}/dims"
            names = _sequence(_mapping(table, where).get("dims"), where)
            if any(not isinstance(name, str) or name not in sizes for name in names) or len(set(names)) < len(names):
                raise Unreadable(where, "must name known dimensions, each once")
            cells += math.prod(sizes[name] for name in names)
            if cells > MOST_CELLS:
                raise Unreadable(where, f"the tables have more than {MOST_CELLS} cells")


def _axis(name: str, document: object) -> Axis:
    where = f"/dimensions/{name.replace('~', '~0').replace('/', '~1')}"
    fields = _mapping(document, where)
    total = fields.get("total")
    leaves = _sequence(fields.get("atoms"), f"{where}/atoms")
    groups = _mapping(fields.get("groups", {}), f"{where}/groups")
    if not isinstance(total, str) or not leaves or any(not isinstance(leaf, str) for leaf in leaves):
        raise Unreadable(where, "needs a total and at least one atom, as texts")
    if len(leaves) + len(groups) > MOST_LEVELS:
        raise Unreadable(where, f"more than {MOST_LEVELS} nodes")
    if len({total, *leaves, *groups}) != 1 + len(leaves) + len(groups):
        raise Unreadable(where, "a name stands for two nodes")
    below: dict[str, tuple[int, ...]] = {leaf: (number,) for number, leaf in enumerate(leaves)}
    for group in groups:
        _resolve(group, groups, below, where)
    below[total] = tuple(range(len(leaves)))
    return Axis(name, total, tuple(leaves), below)


def _resolve(group: str, groups: Mapping[str, Any], below: dict[str, tuple[int, ...]], where: str) -> None:
    """Find the leaves under a group, and under the groups it holds, without recursion."""
    stack, open_groups = [group], set[str]()
    while stack:
        current = stack[-1]
        members = _sequence(groups[current], f"{where}/groups")
        if not members or any(not isinstance(m, str) or (m not in groups and m not in below) for m in members):
            raise Unreadable(f"{where}/groups", "a group is empty or has an unknown member")
        waiting = [member for member in members if member not in below]
        if not waiting:
            below[current] = tuple(sorted({leaf for member in members for leaf in below[member]}))
            open_groups.discard(stack.pop())
            continue
        open_groups.add(current)
        if open_groups & set(waiting):
            raise Unreadable(f"{where}/groups", "the groups contain each other in a circle")
        stack.append(waiting[0])


def _snapshot(release: Mapping[str, Any], reading: Reading, where: str) -> Snapshot:
    name = release.get("id")
    if not isinstance(name, str):
        raise Unreadable(f"{where}/id", "must be text")
    snapshot = Snapshot(name)
    for number, table in enumerate(release["tables"]):
        _add_table(snapshot, table, reading, f"{where}/tables/{number}")
    return snapshot


def _add_table(snapshot: Snapshot, table: Mapping[str, Any], reading: Reading, where: str) -> None:
    used = tuple(number for number, axis in enumerate(reading.axes) if axis.name in table["dims"])
    snapshot.axes_used.update(used)
    snapshot.tables.append(used)
    seen: set[Place] = set()
    for number, cell in enumerate(_sequence(table.get("cells"), f"{where}/cells")):
        at = f"{where}/cells/{number}"
        fields = _mapping(cell, at)
        place = _place(fields, reading.axes, used, at)
        if place in seen:
            raise Unreadable(at, "the cell stands in the table twice")
        seen.add(place)
        snapshot.bounds[place] = _narrower(snapshot.bounds.get(place), _allowed(fields, reading, at))
        low, high = snapshot.bounds[place]
        if high is not None and low > high:
            raise Unreadable(at, "two tables contradict each other about this cell")
    if len(seen) != math.prod(len(reading.axes[axis].below) for axis in used):
        raise Unreadable(f"{where}/cells", "cells are missing: every combination of nodes must be listed")


def _place(fields: Mapping[str, Any], axes: Sequence[Axis], used: Sequence[int], where: str) -> Place:
    at = _mapping(fields.get("at"), f"{where}/at")
    if set(at) != {axes[number].name for number in used}:
        raise Unreadable(f"{where}/at", "must name a node of every dimension of the table")
    place = tuple(at.get(axis.name, axis.total) for axis in axes)
    if any(not isinstance(node, str) or node not in axis.below for node, axis in zip(place, axes, strict=True)):
        raise Unreadable(f"{where}/at", "is not a node")
    return place


def _allowed(fields: Mapping[str, Any], reading: Reading, where: str) -> tuple[int, int | None]:
    """The least and the most a cell can be, from what is printed of it alone."""
    if "v" not in fields:
        raise Unreadable(f"{where}/v", "is missing")
    if "lo" in fields or "hi" in fields:
        low, high = _whole(fields.get("lo"), f"{where}/lo"), _whole(fields.get("hi"), f"{where}/hi")
        if high < max(low, 0):
            raise Unreadable(where, "hi is below lo or below 0")
        return max(low, 0), high
    if fields["v"] is None:
        return int(reading.zeros_public), None
    shown = _count(fields["v"], f"{where}/v")
    return shown, shown


def _mapping(document: object, where: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Unreadable(where, "must be an object")
    return document


def _sequence(document: object, where: str) -> list[Any]:
    if not isinstance(document, list):
        raise Unreadable(where, "must be a list")
    return document


def _whole(document: object, where: str) -> int:
    number = int(document) if isinstance(document, float) and document.is_integer() else document
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > HIGHEST:
        raise Unreadable(where, f"must be a whole number of at most {HIGHEST}")
    return number


def _count(document: object, where: str) -> int:
    number = _whole(document, where)
    if number < 0:
        raise Unreadable(where, "must not be negative")
    return number
