# SPDX-License-Identifier: EUPL-1.2
"""A spreadsheet in: tried, confirmed, undone, each row once, and only by whose it is."""

import csv
import datetime as dt
import io
import json
import zipfile

import httpx2
import openpyxl
import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from services.intake import import_file, storage
from services.intake.confirm_import import ROWS_AT_ONCE
from services.intake.import_worker import ImportWorker
from services.intake.imports import as_date
from services.intake.storage.imports import ROWS
from shared.errors import Rejected
from shared.outbox import OUTBOX
from tests.unit.intake.builders import API
from tests.unit.intake.conftest import Room

GOOD = {"Gronden": "Herkomst/huidskleur|leeftijd", "Terrein": "Onderwijs", "Toelichting": "Een proef; met puntkomma"}


def csv_of(*rows: dict[str, str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


async def tried(
    client: httpx2.AsyncClient, key: dict[str, str], content: bytes, name: str = "a.csv", **fields: str
) -> httpx2.Response:
    return await client.post(f"{API}/importen", files={"bestand": (name, content)}, data=fields, headers=key)


def worker(room: Room) -> ImportWorker:
    return ImportWorker(room.database, room.clock, "urn:nld:oin:00000099000000000000:systeem:seinhuis", room.metrics)


async def topics(room: Room) -> list[str]:
    async with room.database.reading() as tx:
        return [row["topic"] for row in await tx.rows(sa.select(OUTBOX.c.topic).order_by(OUTBOX.c.seq))]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_given_a_csv_in_any_shape_when_tried_then_good_rows_and_faults_by_row_and_column(
    client: httpx2.AsyncClient, room: Room, delimiter: str, encoding: str
) -> None:
    bad = GOOD | {"Terrein": "Privésfeer?x"}
    content = csv_of(GOOD, bad, GOOD | {"Terrein": "Privésfeer"}, delimiter=delimiter, encoding=encoding)

    response = await tried(client, await room.partner(), content)

    told = response.json()
    assert response.status_code == 201, response.text
    assert (told["rijen"], told["goed"]) == (3, 2)
    assert [(fault["rij"], fault["kolom"]) for fault in told["fouten"]] == [(3, "Terrein")]
    assert "sfeer" not in json.dumps(told["fouten"])


async def test_given_an_xlsx_with_excel_dates_and_a_formula_when_tried_then_read_as_text_and_days(
    client: httpx2.AsyncClient, room: Room
) -> None:
    header: list[object] = ["Discriminatiegrond", "terrein", "Datum incident", "PC", "Omschrijving"]
    rows: list[list[object]] = [
        ["ras", "onderwijs", dt.date(2026, 11, 3), 2729, "=1+1"],
        ["ras", "onderwijs", "3-11-2026", "2729 AB", "x"],
        ["ras", "onderwijs", "2027-01-01", "", "x"],
        ["ras", "onderwijs", "vorige week", "", "x"],
    ]

    told = (await tried(client, await room.partner(), xlsx_of(header, *rows), "a.xlsx")).json()

    assert told["goed"] == 2
    assert [(fault["rij"], fault["kolom"]) for fault in told["fouten"]] == [
        (4, "Datum incident"),
        (5, "Datum incident"),
    ]


async def test_given_a_dry_run_when_confirmed_and_undone_then_each_row_goes_and_comes_back_once(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    told = (await tried(client, key, csv_of(*[GOOD] * 300))).json()
    place = f"{API}/importen/{told['id']}"
    assert await topics(room) == []

    confirmed = [(await client.post(f"{place}/bevestigingen", headers=key)).status_code for _ in range(2)]
    await worker(room).work_off()
    after = (await client.get(place, headers=key)).json()
    undone = [(await client.post(f"{place}/intrekkingen", headers=key)).status_code for _ in range(2)]
    await worker(room).work_off()

    assert (confirmed, undone) == ([202, 202], [202, 202])
    assert (after["status"], after["verwerkt"]) == ("verwerkt", 300)
    assert (await client.get(place, headers=key)).json()["status"] == "ingetrokken"
    assert await topics(room) == ["signal.submitted.v1"] * 300 + ["signal.withdrawn.v1"] * 300
    assert (await client.post(f"{place}/bevestigingen", headers=key)).status_code == 409
    async with room.database.reading() as tx:
        assert await storage.withdrawn_count(tx) == 300
        assert await tx.scalar(sa.select(sa.func.count()).select_from(ROWS)) == 0


async def test_given_work_stopped_between_pieces_when_started_again_then_every_row_exactly_once(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    told = (await tried(client, key, csv_of(*[GOOD] * (ROWS_AT_ONCE + 100)))).json()
    await client.post(f"{API}/importen/{told['id']}/bevestigingen", headers=key)

    await worker(room)._piece()
    await client.post(f"{API}/importen/{told['id']}/intrekkingen", headers=key)
    await worker(room).work_off()

    sent = await topics(room)
    assert sent.count("signal.submitted.v1") == sent.count("signal.withdrawn.v1") == ROWS_AT_ONCE


async def test_given_another_partners_import_when_touched_in_any_way_then_it_does_not_exist(
    client: httpx2.AsyncClient, room: Room
) -> None:
    mine, other = await room.partner("een"), await room.partner("ander")
    place = f"{API}/importen/{(await tried(client, mine, csv_of(GOOD))).json()['id']}"

    answers = [
        await client.get(place, headers=other),
        await client.post(f"{place}/bevestigingen", headers=other),
        await client.post(f"{place}/intrekkingen", headers=other),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await client.get(place, headers=mine)).json()["status"] == "proef"


async def test_given_an_unknown_header_when_mapped_once_then_remembered_for_this_partner_alone(
    client: httpx2.AsyncClient, room: Room
) -> None:
    mine, other = await room.partner("een"), await room.partner("ander")
    content = csv_of({"Gronden": "ras", "Vakgebied": "onderwijs"})

    before = (await tried(client, mine, content)).json()
    mapped = (await tried(client, mine, content, kolommen='{"Vakgebied": "terrein"}')).json()
    again = (await tried(client, mine, content)).json()
    elsewhere = (await tried(client, other, content)).json()

    assert [one["goed"] for one in (before, mapped, again, elsewhere)] == [0, 1, 1, 0]
    assert {"rij": 1, "kolom": "Terrein", "detail": "Deze kolom ontbreekt."} in before["fouten"]


async def test_given_an_old_register_when_imported_then_only_the_bureau_may_date_and_register(
    client: httpx2.AsyncClient, room: Room
) -> None:
    content = csv_of({"Soort": "Klacht", "Gronden": "ras", "Terrein": "onderwijs", "Registratiedatum": "1-2-2024"})

    bureau = (await tried(client, await room.partner("adv", adv=True), content)).json()
    partner = (await tried(client, await room.partner(), content)).json()

    assert bureau["goed"] == 1
    assert {fault["kolom"] for fault in partner["fouten"]} == {"Soort", "Registratiedatum"}


@pytest.mark.parametrize(
    ("day", "good"),
    [("31-12-1899", 0), ("1-1-1900", 1), ("20-11-2026", 1), ("21-11-2026", 1), ("22-11-2026", 0), ("31-2-2026", 0)],
)
async def test_given_a_day_of_registration_when_imported_by_the_bureau_then_only_one_that_can_be_is_taken(
    client: httpx2.AsyncClient, room: Room, day: str, good: int
) -> None:
    content = csv_of({"Gronden": "ras", "Terrein": "onderwijs", "Registratiedatum": day})

    told = (await tried(client, await room.partner("adv", adv=True), content)).json()

    assert told["goed"] == good
    assert [fault["kolom"] for fault in told["fouten"]] == ["Registratiedatum"] * (1 - good)


async def test_given_two_columns_of_one_meaning_when_tried_then_no_row_is_read_by_either(
    client: httpx2.AsyncClient, room: Room
) -> None:
    content = b"Gronden;Terrein;Maatschappelijk terrein\nras;onderwijs;arbeidsmarkt\n"

    told = (await tried(client, await room.partner(), content)).json()

    assert told["goed"] == 0
    assert told["fouten"] == [
        {"rij": 1, "kolom": "Maatschappelijk terrein", "detail": "Deze kolom staat er twee keer in."}
    ]


async def test_given_the_name_of_an_action_as_people_write_it_when_tried_then_it_is_taken(
    client: httpx2.AsyncClient, room: Room
) -> None:
    told = (await tried(client, await room.partner(), csv_of(GOOD | {"Actie": "Open brief: Stop nu!"}))).json()

    assert (told["goed"], told["fouten"]) == (1, [])


async def test_given_the_template_when_filled_in_and_sent_then_it_is_good(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    xlsx = await client.get(f"{API}/importen/sjabloon", headers=key)
    plain = await client.get(f"{API}/importen/sjabloon", headers=key | {"Accept": "text/csv"})
    book = openpyxl.load_workbook(io.BytesIO(xlsx.content))
    sheet = book["Signalen"]
    headers = [cell.value for cell in sheet[1]]
    for header, value in GOOD.items():
        sheet.cell(2, headers.index(header) + 1).value = value
    filled = io.BytesIO()
    book.save(filled)

    told = (await tried(client, key, filled.getvalue(), "sjabloon.xlsx")).json()

    assert told["goed"] == 1, told
    assert plain.content.decode("utf-8-sig").strip().split(";") == headers
    assert book.sheetnames == ["Signalen", "Uitleg", "Lijsten"]


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


BOMB = b"<row>" + b"<c><v>1</v></c>" * 1_000_000
REFUSED = {
    "file_encrypted_or_old": b"\xd0\xcf\x11\xe0" + bytes(100),
    "file_no_spreadsheet": b"%PDF-1.7",
    "file_empty": b"  ",
    "file_has_macros": zip_of(xl__workbook_xml=b"", xl__vbaProject_bin=b"x"),
    "file_too_many_columns": zip_of(xl__workbook_xml=b"", xl__worksheets__sheet1_xml=BOMB),
    "file_too_large_unpacked": zip_of(xl__workbook_xml=b"", x=bytes(90 * 1024 * 1024)),
    "file_too_many_rows": b"Gronden;Terrein\n" + b"ras;onderwijs\n" * 10_001,
}


@pytest.mark.parametrize("code", REFUSED)
def test_given_a_file_that_cannot_be_taken_when_read_then_refused_by_its_own_reason(code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        import_file.read("a.csv", REFUSED[code])

    assert refusal.value.code == code


@given(st.binary(max_size=300))
def test_given_any_bytes_when_read_then_a_sheet_or_a_refusal(content: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04"):
        try:
            import_file.read("a.csv", prefix + content)
        except Rejected:
            continue


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_given_any_day_when_written_in_dutch_or_iso_then_read_back(day: dt.date) -> None:
    assert as_date(f"{day.day}-{day.month}-{day.year}") == as_date(day.isoformat()) == day
