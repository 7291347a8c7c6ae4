# SPDX-License-Identifier: EUPL-1.2
"""The statutory form as a file: csv for programs, xlsx to print and fill in further.

Pure. Owns the layout of both. The same form gives the same bytes: no clock, no name of a machine or a person.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, Final

from services.stats.wga import TOTAL, Schema

MADE_AT: Final = dt.datetime(2011, 1, 1)  # noqa: DTZ001 - a fixed moment: a file's own date would change its bytes
NOT_FOR_PUBLICATION: Final = "Niet voor publicatie: bevat onbeschermde aantallen"
LABEL_WIDTH: Final = 42
VALUE_WIDTH: Final = 15


def as_csv(form: Mapping[str, Any], schema: Schema) -> bytes:
    """One line per row and per section total, columns `sectie,code,label` and those of the schema."""
    columns = [column.code for column in schema.columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["sectie", "code", "label", *columns])
    for section in form["secties"]:
        for row in section["rijen"]:
            writer.writerow([section["code"], row["code"], row["label"], *(row[column] for column in columns)])
        label = "Totaal" if section["rijen"] else section["label"]
        writer.writerow([section["code"], TOTAL, label, *(section["totaal"][column] for column in columns)])
    return text.getvalue().encode()


def headings(form: Mapping[str, Any], place: str) -> list[tuple[str, str]]:
    """What stands above the form: of whom, over when, and how final it is."""
    settled = form["status"] == "definitief"
    version = f"{form['status']}, revisie {form['revisie']}" if settled else str(form["status"])
    return [
        ("Gemeente", f"{place} ({form['gemeente']})"),
        ("Verslagjaar", str(form["jaar"])),
        ("Status", version),
        ("Massameldingen", "meegeteld" if form["massameldingen"] == "met" else "niet meegeteld"),
        ("Formulier", str(form["schema"])),
    ]


def as_xlsx(form: Mapping[str, Any], schema: Schema, place: str) -> bytes:
    """A sheet that prints like the official form, on pages of A4."""
    import xlsxwriter  # noqa: PLC0415 - ten megabytes that only a workbook needs

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": schema.title, "created": MADE_AT})
    sheet = book.add_worksheet("Formulier")
    _set_up_page(sheet, schema, len(schema.columns))
    styles = {name: book.add_format(_STYLES[name]) for name in _STYLES}
    row = _write_top(sheet, styles, form, schema, place)
    for number, section in enumerate(form["secties"], start=1):
        row = _write_section(sheet, styles, (number, section), schema, row)
    _write_questions(sheet, styles, form, row)
    book.close()
    return target.getvalue()


_BORDER: Final = {"border": 1, "border_color": "#7f7f7f", "valign": "vcenter", "font_name": "Arial", "font_size": 10}
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_name": "Arial", "font_size": 14},
    "text": {"font_name": "Arial", "font_size": 10},
    "warning": {"bold": True, "font_name": "Arial", "font_size": 10, "font_color": "#9c0006"},
    "head": {**_BORDER, "bold": True, "text_wrap": True, "bg_color": "#e7e6e6"},
    "label": {**_BORDER, "text_wrap": True},
    "value": {**_BORDER, "num_format": "0"},
    "total_label": {**_BORDER, "bold": True},
    "total": {**_BORDER, "bold": True, "num_format": "0"},
    "note": {"italic": True, "font_name": "Arial", "font_size": 9, "text_wrap": True},
}


def _set_up_page(sheet: Any, schema: Schema, columns: int) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{NOT_FOR_PUBLICATION}")
    sheet.set_footer(f"&L{schema.schema}&RBladzijde &P van &N")
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, columns, VALUE_WIDTH)
    sheet.hide_gridlines(2)


def _write_top(sheet: Any, styles: Mapping[str, Any], form: Mapping[str, Any], schema: Schema, place: str) -> int:  # noqa: ANN401 - xlsxwriter has no types
    sheet.write_string(0, 0, schema.title, styles["title"])
    sheet.write_string(1, 0, schema.law, styles["text"])
    sheet.write_string(2, 0, NOT_FOR_PUBLICATION, styles["warning"])
    row = 4
    for name, value in headings(form, place):
        sheet.write_string(row, 0, name, styles["text"])
        sheet.write_string(row, 1, value, styles["text"])
        row += 1
    return row + 1


def _write_section(
    sheet: Any,  # noqa: ANN401 - xlsxwriter has no types
    styles: Mapping[str, Any],
    numbered: tuple[int, Mapping[str, Any]],
    schema: Schema,
    row: int,
) -> int:
    number, section = numbered
    sheet.set_row(row, 66)
    sheet.write_string(row, 0, f"{number}. {section['label']}", styles["head"])
    for place, column in enumerate(schema.columns, start=1):
        letter = "+".join(column.sum) or column.code
        sheet.write_string(row, place, f"{column.label}\n{letter}", styles["head"])
    lines = [(line["label"], line, "label", "value") for line in section["rijen"]]
    lines.append(("Totaal", section["totaal"], "total_label", "total"))
    for label, values, label_style, value_style in lines:
        row += 1
        sheet.write_string(row, 0, label, styles[label_style])
        for place, column in enumerate(schema.columns, start=1):
            sheet.write_number(row, place, values[column.code], styles[value_style])
    footnote = next((one.footnote for one in schema.sections if one.code == section["code"]), None)
    if footnote:
        row += 1
        sheet.merge_range(row, 0, row, len(schema.columns), footnote, styles["note"])
    return row + 2


def _write_questions(sheet: Any, styles: Mapping[str, Any], form: Mapping[str, Any], row: int) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if not form["vragen"]:
        return
    sheet.write_string(row, 0, "Nog te beslissen: deze zaken staan nog in geen kolom", styles["warning"])
    for question in form["vragen"]:
        row += 1
        sheet.write_string(row, 0, question["vraag"], styles["text"])
        sheet.write_number(row, 1, question["aantal"], styles["text"])
