# SPDX-License-Identifier: EUPL-1.2
"""A release as JSON and as csv.

Pure. Owns what of a release goes over the wire: what is printed, how much is hidden and why, and what would show more.
Who made and approved it is for the bureau alone; what was frozen leaves in no form.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from services.stats import releases
from services.stats.catalogues import TOTAL, Catalogue
from services.stats.releases import PrintedCount, Release
from shared.clock import rfc3339

CSV_HEAD: Final = ("telling", "tabel", "rij", "rijLabel", "kolom", "kolomLabel", "aantal")
TOTAL_LABEL: Final = "Totaal"
Label = Callable[[str, str], str]


def as_wire(release: Release, catalogue: Catalogue, *, for_bureau: bool, whole: bool = True) -> dict[str, Any]:
    """The release as JSON; without its tables unless `whole`."""
    wire: dict[str, Any] = {
        "id": release.id,
        "gemeente": release.municipality,
        "periode": release.period,
        "van": release.days.first.isoformat(),
        "tot": release.days.last.isoformat(),
        "revisie": release.revision,
        "status": release.state,
        "tabellenboek": release.catalogue_version,
        "gemaaktOp": rfc3339(release.made_at),
        "goedgekeurdOp": rfc3339(release.approved_at) if release.approved_at else None,
        "ingetrokkenOp": rfc3339(release.retracted_at) if release.retracted_at else None,
        "redenIntrekking": release.retraction,
        "bezwaarTot": release.objections_until.isoformat() if release.objections_until else None,
        "voorstellen": releases.proposals(release),
        "tellingen": [_count(name, one, catalogue, whole=whole) for name, one in release.printed.items()],
    }
    if for_bureau:
        wire |= {
            "gemaaktDoor": release.made_by,
            "goedgekeurdDoor": release.approved_by,
            "bezwaren": [{"tekst": one.text, "gemaaktOp": rfc3339(one.made_at)} for one in release.objections],
        }
    return wire


def _count(name: str, printed: PrintedCount, catalogue: Catalogue, *, whole: bool) -> dict[str, Any]:
    spec = catalogue.count(name)
    counted: dict[str, Any] = {
        "code": name,
        "label": spec.label if spec else name,
        "totaal": printed.cells.get((TOTAL,) * len(printed.names)),
        "ingehouden": printed.withheld,
        "weggelaten": [list(table) for table in printed.dropped],
        "cellen": len(printed.cells),
        "verborgen": printed.hidden,
        "verborgenOmdatKlein": printed.hidden_small,
        "verborgenOmHerleiden": printed.hidden_company,
        "kosten": printed.cost,
        "goedkoopstBewezen": printed.proven,
    }
    if whole:
        counted["tabellen"] = [
            {
                "dimensies": list(table),
                "cellen": [dict(zip(table, codes, strict=True)) | {"aantal": number}
                           for codes, number in cells_of(printed, table)],
            }
            for table in printed.tables
        ]  # fmt: skip
    return counted


def cells_of(printed: PrintedCount, table: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int | None]]:
    """The cells of one table with their codes in its order, totals included."""
    for place, number in printed.cells.items():
        at = dict(zip(printed.names, place, strict=True))
        if all(code == TOTAL for name, code in at.items() if name not in table):
            yield tuple(at[name] for name in table), number


def as_csv(release: Release, label: Label) -> bytes:
    """One line per cell of every table; a hidden count is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_HEAD)
    for name, printed in release.printed.items():
        for table in printed.tables:
            for codes, number in cells_of(printed, table):
                named = [
                    part
                    for dim, code in zip(table, codes, strict=True)
                    for part in (code, named_code(label, dim, code))
                ]
                padded = [*named, "", ""][:4]
                writer.writerow([name, "-".join(table), *padded, "" if number is None else number])
    return text.getvalue().encode()


def named_code(label: Label, dimension: str, code: str) -> str:
    """The name of a code, or that it is the total."""
    return TOTAL_LABEL if code == TOTAL else label(dimension, code)


def for_page(printed: PrintedCount, table: Sequence[str], label: Label) -> Mapping[str, Any]:
    """A table as a page shows it: headings and rows; a row or column of zeros only is left out."""
    cells = dict(cells_of(printed, table))
    rows = list(dict.fromkeys(codes[0] for codes in cells))
    if len(table) == 1:
        return {
            "columns": ["", "Aantal"],
            "rows": [[named_code(label, table[0], row), cells[row,]] for row in rows if cells[row,] != 0],
        }
    columns = [c for c in dict.fromkeys(codes[1] for codes in cells) if any(cells[r, c] != 0 for r in rows)]
    return {
        "columns": ["", *(named_code(label, table[1], column) for column in columns)],
        "rows": [
            [named_code(label, table[0], row), *(cells[row, column] for column in columns)]
            for row in rows
            if any(cells[row, column] != 0 for column in columns)
        ],
    }
