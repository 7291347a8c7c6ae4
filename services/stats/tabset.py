# SPDX-License-Identifier: EUPL-1.2
"""`tabset-1`: what is published of one or several tables, in one or several releases.

Owns the format: building, reading, checking and writing it. Holds published numbers only, never a true count that is
hidden.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.stats.suppression_model import BoolArray
from services.stats.tables import (
    MAX_CELLS,
    MAX_COUNT,
    Dimension,
    Instance,
    IntArray,
    Rules,
    bad,
    cross_size,
    expect_object,
    full_cross,
    parse_dimensions,
    parse_order,
    parse_rules,
    whole,
)

FORMAT: Final = "tabset-1"
MEDIA_TYPE: Final = "application/vnd.seinhuis.tabset+json"
UNDATED: Final = "1970-01-01"  # `as_of` only orders releases; an instance has no date of its own
MAX_TABLES: Final = 500

At = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """One cell as printed: a number, a number with the bounds it stands for, or nothing."""

    at: At
    """Node by dimension, in the table's order."""
    number: int | None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table: every node combination of its dimensions."""

    id: str
    dims: tuple[str, ...]
    cells: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """What came out at one moment."""

    id: str
    as_of: str
    tables: tuple[PublishedTable, ...]


@dataclass(frozen=True, slots=True)
class TabSet:
    """Everything a reader holds in hands, with the rules it was made by."""

    dimensions: Mapping[str, Dimension]
    rules: Rules
    releases: tuple[PublishedRelease, ...]
    accumulates: bool = False
    """Later releases only add cases."""


def places(dimensions: Sequence[Dimension]) -> Iterator[At]:
    """Every node combination, in the order of a flattened cross."""
    names = [dimension.name for dimension in dimensions]
    for nodes in itertools.product(*(dimension.nodes for dimension in dimensions)):
        yield tuple(zip(names, nodes, strict=True))


def table_of(
    identity: str,
    dimensions: Sequence[Dimension],
    values: IntArray,
    hidden: BoolArray,
    known: Sequence[tuple[int, int] | None] | None = None,
) -> PublishedTable:
    """A table from flat values and the flat pattern of what is hidden.

    `known`: between what a reader knows a cell to lie from elsewhere; it is said of hidden cells alone.
    """
    elsewhere = known or [None] * values.size
    cells = []
    for at, value, is_hidden, span in zip(
        places(dimensions), values.ravel().tolist(), hidden.ravel().tolist(), elsewhere, strict=True
    ):
        low, high = span if span and is_hidden else (None, None)
        cells.append(Published(at, None if is_hidden else value, low, high))
    return PublishedTable(identity, tuple(d.name for d in dimensions), tuple(cells))


def beside(release: PublishedRelease, dimension: Dimension, node: str) -> PublishedRelease:
    """A release as one node of a further dimension, of whose other nodes nothing is printed."""
    tables = tuple(
        PublishedTable(
            table.id,
            (dimension.name, *table.dims),
            tuple(_under(cell, dimension.name, other, node) for other in dimension.nodes for cell in table.cells),
        )
        for table in release.tables
    )
    return PublishedRelease(release.id, release.as_of, tables)


def _under(cell: Published, name: str, at: str, node: str) -> Published:
    place = ((name, at), *cell.at)
    return Published(place, cell.number, cell.low, cell.high) if at == node else Published(place, None)


def of_instance(instance: Instance, hidden: BoolArray) -> TabSet:
    """The set that `seinhuis protect` answers with: one release of one table."""
    values = full_cross(instance.counts, instance.dimensions)
    table = table_of(instance.id, instance.dimensions, values, hidden)
    named = {dimension.name: dimension for dimension in instance.dimensions}
    return TabSet(named, instance.rules, (PublishedRelease(instance.id, UNDATED, (table,)),))


def render(tabset: TabSet) -> dict[str, Any]:
    """The set as a JSON document."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "dimensions": {name: dimension.as_document() for name, dimension in tabset.dimensions.items()},
        "rules": {
            "threshold": tabset.rules.threshold,
            "width": tabset.rules.width,
            "zeros": "public" if tabset.rules.zeros_public else "hideable",
        },
        "releases": [
            {"id": release.id, "as_of": release.as_of, "tables": [_render_table(table) for table in release.tables]}
            for release in tabset.releases
        ],
    }
    if tabset.accumulates:
        document["accumulates"] = True
    return document


def _render_table(table: PublishedTable) -> dict[str, Any]:
    return {"id": table.id, "dims": list(table.dims), "cells": [_render_cell(cell) for cell in table.cells]}


def _render_cell(cell: Published) -> dict[str, Any]:
    bounds = {} if cell.low is None else {"lo": cell.low, "hi": cell.high}
    return {"at": dict(cell.at), "v": cell.number, **bounds}


def parse(document: object) -> TabSet:
    """The set in a `tabset-1` document. Raises: Rejected, with a pointer to the first fault."""
    root = expect_object(document, "")
    if root.get("format") != FORMAT:
        raise bad("/format", f"must be {FORMAT}")
    dimensions = parse_dimensions(root.get("dimensions"))
    rules = parse_rules(root.get("rules"))
    listed = _items(root.get("releases"), "/releases")
    releases = tuple(_parse_release(one, dimensions, f"/releases/{i}") for i, one in enumerate(listed))
    accumulates = any(one.get("accumulates") is True for one in (root, *listed))
    return TabSet(dimensions, rules, releases, accumulates)


def _parse_release(document: object, dimensions: Mapping[str, Dimension], pointer: str) -> PublishedRelease:
    fields = expect_object(document, pointer)
    identity, as_of = fields.get("id"), fields.get("as_of", UNDATED)
    if not isinstance(identity, str) or not isinstance(as_of, str):
        raise bad(pointer, "needs a textual id and as_of")
    tables = _items(fields.get("tables"), f"{pointer}/tables")
    if len(tables) > MAX_TABLES:
        raise bad(f"{pointer}/tables", f"more than {MAX_TABLES} tables")
    parsed = tuple(_parse_table(one, dimensions, f"{pointer}/tables/{i}") for i, one in enumerate(tables))
    return PublishedRelease(identity, as_of, parsed)


def _parse_table(document: object, dimensions: Mapping[str, Dimension], pointer: str) -> PublishedTable:
    fields = expect_object(document, pointer)
    identity = fields.get("id")
    if not isinstance(identity, str):
        raise bad(f"{pointer}/id", "must be text")
    order = parse_order(fields.get("dims"), dimensions, f"{pointer}/dims")
    chosen = [dimensions[name] for name in order]
    if cross_size(chosen) > MAX_CELLS:
        raise bad(f"{pointer}/dims", f"the cross has more than {MAX_CELLS} cells")
    cells = [
        _parse_cell(one, chosen, f"{pointer}/cells/{i}")
        for i, one in enumerate(_items(fields.get("cells"), f"{pointer}/cells"))
    ]
    by_place = {cell.at: cell for cell in cells}
    if len(by_place) != len(cells):
        raise bad(f"{pointer}/cells", "the same cell stands in the list twice")
    if len(by_place) != cross_size(chosen):
        raise bad(f"{pointer}/cells", "cells are missing: every combination of nodes must be listed")
    return PublishedTable(identity, order, tuple(by_place[at] for at in places(chosen)))


def _parse_cell(document: object, dimensions: Sequence[Dimension], pointer: str) -> Published:
    fields = expect_object(document, pointer)
    at = expect_object(fields.get("at"), f"{pointer}/at")
    names = [dimension.name for dimension in dimensions]
    if set(at) != set(names):
        raise bad(f"{pointer}/at", "must name a node of every dimension of the table")
    if any(not isinstance(at[d.name], str) or at[d.name] not in d.under for d in dimensions):
        raise bad(f"{pointer}/at", "is not a node")
    place = tuple((name, at[name]) for name in names)
    if "v" not in fields:
        raise bad(f"{pointer}/v", "is missing")
    number = None if fields["v"] is None else whole(fields["v"], f"{pointer}/v", least=0, most=MAX_COUNT)
    if "lo" not in fields and "hi" not in fields:
        return Published(place, number)
    low = whole(fields.get("lo"), f"{pointer}/lo", least=-MAX_COUNT, most=MAX_COUNT)
    high = whole(fields.get("hi"), f"{pointer}/hi", least=max(low, 0), most=MAX_COUNT)
    return Published(place, number, low, high)


def _items(document: object, pointer: str) -> list[Any]:
    if not isinstance(document, list):
        raise bad(pointer, "must be a list")
    for index, item in enumerate(document):
        expect_object(item, f"{pointer}/{index}")
    return document
