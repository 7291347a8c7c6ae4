# SPDX-License-Identifier: EUPL-1.2
"""The empty spreadsheet partners fill in: columns, drop-down lists and an explanation. Owns its looks only."""

import csv
import io
from collections.abc import Mapping, Sequence

from services.intake.columns import Column
from services.intake.imports import ROWS_LIMIT
from shared.vocabulary import CodeList

ABOUT = (
    "Vul op het blad Signalen een rij per signaal in.",
    "Verplicht zijn Gronden en Terrein. De rest mag leeg blijven.",
    "Kies waar het kan uit de lijst. Meer waarden in een vak scheidt u met |.",
    "Datums schrijft u als 31-12-2026.",
    "Noem geen namen als het niet hoeft. Staan ze er toch, dan haalt de computer ze eruit.",
    "Stuur het bestand daarna in. U ziet eerst wat goed is en wat niet. Pas als u bevestigt, gaat het door.",
)


def as_csv(columns: Sequence[Column]) -> bytes:
    """The header row, as Excel in the Netherlands opens it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerow([column.label for column in columns])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[Column], lists: Mapping[str, CodeList]) -> bytes:
    """The workbook: Signalen to fill in, Uitleg to read, Lijsten for the drop-downs."""
    import xlsxwriter  # noqa: PLC0415 - ten megabytes that only a workbook needs

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        date, text = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "@"})
        fill, about, names = (book.add_worksheet(name) for name in ("Signalen", "Uitleg", "Lijsten"))
        fill.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            fill.set_column(at, at, max(16, len(column.label) + 2), date if column.date else text)
            fill.write_string(0, at, column.label, bold)
            fill.write_comment(0, at, column.help)
            known = lists.get(column.list) if column.list else None
            if known is None:
                continue
            names.write_string(0, at, column.label, bold)
            labels = [known.label(code.code) for code in known.in_order]
            names.write_column(1, at, labels)
            letter = xlsxwriter.utility.xl_col_to_name(at)
            source = f"=Lijsten!${letter}$2:${letter}${len(labels) + 1}"
            rule = {"validate": "list", "source": source, "error_type": "warning" if column.many else "stop"}
            fill.data_validation(1, at, ROWS_LIMIT, at, rule)
        about.set_column(0, 0, 26, wrap)
        about.set_column(1, 1, 90, wrap)
        for row, sentence in enumerate(ABOUT):
            about.write_string(row, 1, sentence, wrap)
        for row, column in enumerate(columns, start=len(ABOUT) + 1):
            about.write_string(row, 0, column.label, bold)
            about.write_string(row, 1, column.help, wrap)
    return out.getvalue()
