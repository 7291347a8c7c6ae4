# SPDX-License-Identifier: EUPL-1.2
"""What a report is built of: chapters of blocks, the same for a page, a PDF and a program.

Pure. Owns the kinds of block and their form on the wire. Draws nothing: whoever shows a report draws its charts.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

Number = int | None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `strong`: what a reader must not miss."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column names the row; None is not shown. `total`: the last row, or none."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Number, ...], ...]
    total: tuple[str | Number, ...] | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars that stands beside the table with the same figures."""

    title: str
    rows: tuple[tuple[str, Number], ...]
    table: Table


@dataclass(frozen=True, slots=True)
class TileOnMap:
    """A district on the schematic map."""

    name: str
    column: int
    row: int
    number: Number


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """Districts as tiles, shaded by their figure; the table beside it holds the same figures and more."""

    title: str
    tiles: tuple[TileOnMap, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote, with the name and the day."""

    slot: str
    text: str
    author: str
    written_on: dt.date


Block = Text | Points | Facts | Table | Bars | DistrictMap | Written
KINDS: Final = {
    Text: "tekst", Points: "punten", Facts: "feiten", Table: "tabel", Bars: "staven", DistrictMap: "kaart",
    Written: "toelichting",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with what stands under it. `id` is its place in an address; level 3 stands under the one before."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `as_of`: the moment of the newest thing in it, so that the same report gives the same bytes."""

    kind: str
    municipality: str
    period: str
    title: str
    subtitle: str
    concept: bool
    as_of: dt.datetime
    chapters: tuple[Chapter, ...]


def with_figures(table: Table) -> tuple[Table, tuple[str, ...]]:
    """The table with the rows that show something, and the names of those that are all hidden or 0.

    >>> made, left_out = with_figures(Table("", ("", "n"), (("a", 0), ("b", None), ("c", 5))))
    >>> made.rows, left_out
    ((('c', 5),), ('a', 'b'))
    """
    kept = tuple(row for row in table.rows if any(isinstance(cell, int) and cell for cell in row[1:]))
    return replace(table, rows=kept), tuple(str(row[0]) for row in table.rows if row not in kept)


def as_wire(report: Report) -> dict[str, Any]:
    """The report for a program."""
    return {
        "soort": report.kind,
        "gemeente": report.municipality,
        "periode": report.period,
        "titel": report.title,
        "ondertitel": report.subtitle,
        "status": "concept" if report.concept else "goedgekeurd",
        "hoofdstukken": [
            {
                "code": one.id,
                "titel": one.title,
                "niveau": one.level,
                "blokken": [_block(block) for block in one.blocks],
            }
            for one in report.chapters
        ],
    }


_DUTCH_NAMES: Final = {
    "text": "tekst", "strong": "nadruk", "items": "punten", "pairs": "feiten", "caption": "bijschrift",
    "columns": "kolommen", "rows": "rijen", "total": "totaal", "title": "titel", "table": "tabel", "tiles": "tegels",
    "name": "naam", "column": "kolom", "row": "rij", "number": "aantal", "slot": "plaats", "author": "auteur",
    "written_on": "geschrevenDatum",
}  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    return {"soort": KINDS[type(block)], **_named(asdict(block))}


def _named(value: Any) -> Any:  # noqa: ANN401 - whatever a block holds
    if isinstance(value, dict):
        return {_DUTCH_NAMES[name]: _named(one) for name, one in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    return [_named(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else value
