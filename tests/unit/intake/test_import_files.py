# SPDX-License-Identifier: EUPL-1.2
"""Files as people and attackers make them: read when they can be, refused with a reason when not."""

import io
import zipfile

import httpx2
import pytest
import xlsxwriter

from services.intake import import_file
from shared.errors import Rejected
from tests.unit.intake.conftest import Room
from tests.unit.intake.test_imports import tried


def parts(**changed: bytes) -> bytes:
    """An xlsx file with some of its parts replaced; a part's name is written with __ for / and without .xml."""
    buffer, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["Gronden", "Terrein"])
    replaced = {f"{name.replace('__', '/')}.xml": content for name, content in changed.items()}
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.pop(name) if name in replaced else old.read(name))
        for name, content in replaced.items():
            new.writestr(name, content)
    return made.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = b"<worksheet " + MAIN + b"><sheetData>%s</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl__worksheets__sheet1", SHEET % (b"<row/>" * 100_001), "file_too_many_rows"),
        ("xl__worksheets__sheet1", SHEET % (b"<row><c><v>1</v></c></row>" * 10_011), "file_too_many_rows"),
        ("xl__worksheets__sheet1", SHEET % (b"<row>" + b"<c/>" * 401 + b"</row>"), "file_too_many_columns"),
        ("xl__elders__sheet1", SHEET % (b"<row/>" * 100_001), "file_too_many_rows"),
        ("xl__worksheets__sheet1", SHEET % (b"<row><c><is><t>" + b"a" * 200_000 + b"</t></is></c></row>"),
         "file_too_large_unpacked"),
        ("xl__sharedStrings", b"<sst " + MAIN + b">" + b"<si/>" * 250_001 + b"</sst>", "file_too_large_unpacked"),
        ("xl__styles", b"<styleSheet " + MAIN + b">" + b"<xf a='0123456789'/>" * 220_000 + b"</styleSheet>",
         "file_too_large_unpacked"),
        ("xl__styles", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "file_no_spreadsheet"),
        ("xl__workbook", b"<no", "file_no_spreadsheet"),
    ],
)  # fmt: skip
def test_given_an_xlsx_that_unfolds_when_read_then_refused_before_a_library_opens_it(
    part: str, content: bytes, code: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        import_file.read("a.xlsx", parts(**{part: content}))

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "content",
    [
        b"Signalen van de bibliotheek\n\nGronden;Terrein\nras;onderwijs\n",
        "Gronden;Terrein\nras;onderwijs\n".encode("utf-16"),
        "Gronden\tTerrein\nras\tonderwijs\n".encode("utf-16-le"),
        b'"sep=,"\r\nGronden,Terrein\r\nras,onderwijs\r\n',
        b"Gronden;Terrein\rras;onderwijs\r",
        b"Gronden;Terrein\nRas, leeftijd;ONDERWIJS\n",
        b"Gronden;Terrein;Datum\nras;onderwijs;3 november 2025\nras;onderwijs;45964\nras;onderwijs;3-11-2025 9:05\n",
        b"Gronden;Terrein\0\nras;onder\0wijs\n",
    ],
    ids=["title above", "utf-16", "utf-16 without mark", "quoted sep", "cr only", "commas in a cell", "dates", "nul"],
)
async def test_given_a_file_as_people_make_them_when_tried_then_every_row_is_good(
    client: httpx2.AsyncClient, room: Room, content: bytes
) -> None:
    told = (await tried(client, await room.partner(), content)).json()

    assert told["fouten"] == []
    assert told["goed"] == told["rijen"] > 0


async def test_given_a_quote_that_glues_rows_when_tried_then_they_do_not_pass_as_one(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    glued = (
        b'Gronden;Terrein;Toelichting\nras;onderwijs;"een\nras;onderwijs;twee\nras;onderwijs;drie"\nras;onderwijs;x\n'
    )
    left_open = b'Gronden;Terrein;Toelichting\nras;onderwijs;goed\nras;onderwijs;"een\nras;onderwijs;twee\n'

    told, refused = (await tried(client, key, glued)).json(), await tried(client, key, left_open)

    assert (told["rijen"], told["goed"]) == (2, 1)
    assert "aanhalingsteken" in told["fouten"][0]["detail"]
    assert (refused.status_code, refused.json()["code"]) == (400, "file_quote_left_open")
    assert refused.json()["errors"][0]["detail"] == "Kijk bij rij 3."


async def test_given_one_wrong_value_when_tried_then_one_fault_on_the_row_the_spreadsheet_shows(
    client: httpx2.AsyncClient, room: Room
) -> None:
    told = (
        await tried(client, await room.partner(), b"sep=;\nGronden;Terrein\nras;onderwijs\nonzin;onderwijs\n")
    ).json()

    assert [(fault["rij"], fault["kolom"]) for fault in told["fouten"]] == [(3, "Gronden")]
