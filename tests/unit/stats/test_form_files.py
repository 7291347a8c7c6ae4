# SPDX-License-Identifier: EUPL-1.2
"""The form as a file: the same form gives the same bytes, and every value stands where it belongs."""

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from services.stats import form_catalog, form_files, form_pdf, presentation, wga
from services.stats.wga import Schema
from tests.unit.stats.builders import CITY, FORMS, facts

SHIPPED = form_catalog.load()[0]
CASES = [
    facts(1, grounds=("ras", "leeftijd"), handling=("registratie",)),
    facts(2, residency="niet-ingezetene"),
    facts(3, residency="onbekend"),
]


def form(schema: Schema = SHIPPED, **given: Any) -> dict[str, Any]:
    tally = wga.from_facts(schema, CASES, with_mass=True)
    filled = wga.filled(schema, tally, municipality=CITY, year=2026, with_mass=True)
    return wga.as_wire(filled) | {"status": "voorlopig", "revisie": 0, "verschillen": []} | given


def test_given_a_form_when_it_is_written_as_csv_then_each_row_stands_there_with_its_values() -> None:
    lines = list(csv.reader(io.StringIO(form_files.as_csv(form(), SHIPPED).decode())))

    assert lines[0] == ["sectie", "code", "label", "a", "b", "ab", "c", "t"]
    assert lines[1] == ["totaal", "totaal", "Totaal aantal klachten", "1", "0", "1", "1", "2"]
    assert lines[2] == ["gronden", "ras", "Ras", "1", "0", "1", "1", "2"]
    assert len(lines) == 1 + 1 + 16 + 16 + 7 + 9
    assert lines[17] == ["gronden", "totaal", "Totaal", "2", "0", "2", "1", "3"]


def test_given_another_form_when_it_is_written_as_csv_then_its_own_columns_stand_there() -> None:
    schema = form_catalog.load(FORMS)[0]

    lines = form_files.as_csv(form(schema), schema).decode().splitlines()

    assert lines[0] == "sectie,code,label,binnen,online,som"


def test_given_a_form_when_it_is_written_as_a_sheet_then_it_prints_with_headings_and_questions() -> None:
    made = form_files.as_xlsx(form(status="definitief", revisie=2), SHIPPED, "Ons Dorp")

    sheet = load_workbook(io.BytesIO(made))["Formulier"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert ["Gemeente", "Ons Dorp (GM0637)"] in rows
    assert ["Status", "definitief, revisie 2"] in rows
    assert ["Ras", 1, 0, 1, 1, 2] in rows
    assert ["Woont de melder in de gemeente?", 1] in rows
    assert any("Niet voor publicatie" in str(row[0]) for row in rows if row)
    assert sheet.page_setup.paperSize == 9
    fitting = sheet.sheet_properties.pageSetUpPr
    assert fitting is not None
    assert fitting.fitToPage


@pytest.mark.parametrize("make", [form_files.as_xlsx, form_pdf.as_pdf])
def test_given_the_same_form_when_it_is_made_twice_then_the_bytes_are_the_same(make: Any) -> None:
    assert make(form(), SHIPPED, "Ons Dorp") == make(form(), SHIPPED, "Ons Dorp")


def test_given_a_form_when_it_is_set_as_pdf_then_it_says_to_be_accessible_and_archivable() -> None:
    made = form_pdf.as_pdf(form(), SHIPPED, "Ons Dorp")

    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made


def test_given_a_form_with_other_columns_when_it_is_set_as_pdf_then_it_is_made_without_a_change_of_code() -> None:
    schema = form_catalog.load(FORMS)[0]

    assert form_pdf.as_pdf(form(schema), schema, 'Plaats "aan" <zee> \\ #x').startswith(b"%PDF")


def test_given_a_name_a_spreadsheet_would_calculate_when_it_is_written_then_it_is_text() -> None:
    assert [presentation.as_text(name) for name in ("=1", "+1", "-1", "@x", "\tx", "ok")] == [
        "'=1", "'+1", "'-1", "'@x", "'\tx", "ok",
    ]  # fmt: skip
