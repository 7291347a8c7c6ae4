# SPDX-License-Identifier: EUPL-1.2
"""Open data: the catalogue that other catalogues harvest, and the files behind it."""

import csv
import io
import json

import httpx2
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph

from services.stats import open_files
from services.stats.catalogues import CountSpec
from tests.unit.stats.builders import tell
from tests.unit.stats.conftest import Room
from tests.unit.stats.test_releases_api import FIGURES, QUARTER, approved, some_events

OPEN = "/stats/v1/open-data"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # the JSON-LD parser of rdflib itself uses it
async def test_given_an_approved_quarter_when_the_catalogue_is_read_then_both_forms_say_the_same_and_files_exist(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(60), room.clock)
    await approved(client, room)

    turtle = await client.get(OPEN, headers={"Accept": "text/turtle"})
    json_ld = await client.get(OPEN, headers={"Accept": "application/ld+json"})

    graph = Graph().parse(data=turtle.text, format="turtle")
    assert graph.isomorphic(Graph().parse(data=json_ld.text, format="json-ld"))
    sets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert sets
    for data_set in sets:
        assert (data_set, DCTERMS.accessRights, None) in graph
        assert (data_set, DCTERMS.publisher, None) in graph
        own = await client.get(str(data_set), headers={"Accept": "text/turtle"})
        described = Graph().parse(data=own.text, format="turtle")
        assert set(described.subjects(RDF.type, DCAT.Dataset)) == {data_set}
        assert set(described.triples((data_set, None, None))) == set(graph.triples((data_set, None, None)))
    for file in graph.objects(None, DCAT.downloadURL):
        assert (await client.get(str(file))).status_code == 200
    (landing,) = set(graph.objects(None, DCAT.landingPage))
    assert (await client.get(str(landing))).status_code == 200


async def test_given_open_files_when_read_then_they_hold_what_anybody_gets_who_asks(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(90), room.clock)
    await approved(client, room)
    base = f"{OPEN}/gm0637-wga-grond/bestanden"

    plain = await client.get(f"{base}/csv")
    excel = await client.get(f"{base}/csv-excel")
    described = json.loads((await client.get(f"{base}/csv-metadata")).content)
    asked = (await client.get(f"{FIGURES}?rijen=grond&{QUARTER}")).json()

    rows = list(csv.DictReader(io.StringIO(plain.text)))
    assert {row["grond"]: int(row["aantal"]) for row in rows} == {
        cell["grond"]: cell["aantal"] for cell in asked["cellen"]
    }
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(rows[0])
    assert excel.content.startswith(b"\xef\xbb\xbfkwartaal;grond;")


async def test_given_no_release_when_open_data_is_asked_then_an_empty_catalogue_and_no_file(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(60), room.clock)

    catalogue = await client.get(OPEN, headers={"Accept": "text/turtle"})
    file = await client.get(f"{OPEN}/gm0637-wga-grond/bestanden/csv")
    unknown = await client.get(f"{OPEN}/nergens/bestanden/csv")
    nothing = [(await client.get(f"{OPEN}/{name}")).status_code for name in ("gm0637-wga-grond", "nergens")]

    assert not list(Graph().parse(data=catalogue.text, format="turtle").subjects(RDF.type, DCAT.Dataset))
    assert (file.status_code, unknown.status_code) == (404, 404)
    assert nothing == [404, 404]


async def test_given_the_description_of_a_csv_when_held_against_the_file_then_every_line_is_as_described(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(90), room.clock)
    await approved(client, room)
    described = json.loads((await client.get(f"{OPEN}/gm0637-wga-grond-terrein/bestanden/csv-metadata")).content)

    file = await client.get(described["url"])

    dialect, schema = described["dialect"], described["tableSchema"]
    lines = list(csv.reader(io.StringIO(file.content.decode(dialect["encoding"])), delimiter=dialect["delimiter"]))
    assert lines[0] == [column["titles"] for column in schema["columns"]]
    assert len(lines) > 1
    for line in lines[1:]:
        for value, column in zip(line, schema["columns"], strict=True):
            assert value or not column["required"]
            assert column["datatype"] != "integer" or value == str(int(value))
    place = [lines[0].index(name) for name in schema["primaryKey"]]
    keys = [tuple(line[at] for at in place) for line in lines[1:]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_given_a_label_that_a_spreadsheet_would_run_when_written_then_it_is_text(start: str) -> None:
    data = open_files.DataSet("GM0637", "Demo", CountSpec("wga", "Meldingen", ("melding",), (("grond",),)), ("grond",))
    row = ("2026-K3", ("ras",), 9, 1)

    for for_excel in (False, True):
        written = open_files.as_csv(data, [row], lambda _dimension, _code: f"{start}1+1", for_excel=for_excel)
        lines = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";" if for_excel else ",")
        assert [line[2] for line in lines][1][0] not in "=+-@\t\r"
