# SPDX-License-Identifier: EUPL-1.2
"""Open figures as files: csv, csv for Excel, JSON, and the description of the csv (CSV on the Web).

Pure. Owns the columns of a data set. A figure here is the cell-key figure of a closed quarter, the same as anybody gets
who asks for it; a cell that would be 0 is left out.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.stats.catalogues import CountSpec
from services.stats.presentation import DIMENSION_LABELS, as_text

LICENCE: Final = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
BOM: Final = "\ufeff"
FORMS: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "csv-excel": "text/csv",
    "json": "application/json",
    "csv-metadata": "application/csvm+json",
}
Row = tuple[str, tuple[str, ...], int, int]
"""Quarter, a code per dimension, the figure, the revision it comes from."""
Label = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class DataSet:
    """One open table of a municipality over all its quarters."""

    municipality: str
    place: str
    count: CountSpec
    table: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name in addresses; it never changes."""
        return "-".join((self.municipality.lower(), self.count.id, *(name.lower() for name in self.table)))

    @property
    def title(self) -> str:
        """Its title in Dutch."""
        by = " en ".join(DIMENSION_LABELS[name].lower() for name in self.table)
        return f"{self.count.label} over discriminatie in {self.place}, naar {by}"

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The columns of its files, with what each holds."""
        found = [("kwartaal", "Het kwartaal van registratie")]
        for name in self.table:
            found += [(name, f"{DIMENSION_LABELS[name]}, als code"), (f"{name}Label", DIMENSION_LABELS[name])]
        return [*found, ("aantal", "Aantal zaken, met ruis"), ("revisie", "Revisie van de publicatie")]


def data_sets(municipality: str, place: str, counts: Sequence[CountSpec]) -> list[DataSet]:
    """The data sets of a municipality."""
    return [DataSet(municipality, place, count, table) for count in counts for table in count.tables]


def as_csv(data: DataSet, rows: Sequence[Row], label: Label, *, for_excel: bool = False) -> bytes:
    """The figures with a comma between them; for a Dutch Excel with a semicolon and a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    writer.writerow([name for name, _ in data.columns])
    for row in rows:
        writer.writerow(_values(data, row, label))
    return ((BOM if for_excel else "") + text.getvalue()).encode()


def as_json(data: DataSet, rows: Sequence[Row], label: Label) -> bytes:
    """The figures as a JSON document."""
    names = [name for name, _ in data.columns]
    cells = [dict(zip(names, _values(data, row, label), strict=True)) for row in rows]
    document = {"titel": data.title, "methode": "celsleutel", "licentie": LICENCE, "cellen": cells}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _values(data: DataSet, row: Row, label: Label) -> list[Any]:
    quarter, codes, number, revision = row
    named = zip(data.table, codes, strict=True)
    return [quarter, *(part for name, code in named for part in (code, as_text(label(name, code)))), number, revision]


def as_csvw(data: DataSet, address: str) -> bytes:
    """The description of the csv file at this address. Source: W3C, Metadata Vocabulary for Tabular Data."""
    columns = [
        {
            "name": name,
            "titles": name,
            "dc:description": meaning,
            "datatype": "integer" if name in ("aantal", "revisie") else "string",
            "required": True,
        }
        for name, meaning in data.columns
    ]
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": address,
        "dc:title": data.title,
        "dc:license": {"@id": LICENCE},
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": ["kwartaal", *data.table]},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
