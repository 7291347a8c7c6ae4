# SPDX-License-Identifier: EUPL-1.2
"""Stats over HTTP: who sees what, what is asked wrongly, and that every exact look is written down."""

import datetime as dt
import json
from typing import Any

import httpx2
import pytest

from services.stats import schemas
from shared import audit
from shared.access import Role
from tests.unit.stats.builders import CITY, event, tell
from tests.unit.stats.conftest import Room

FIGURES = "/stats/v1/cijfers"
FORM = "/stats/v1/wga-rapportages"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def entries(room: Room) -> list[dict[str, Any]]:
    async with room.database.reading() as tx:
        return [json.loads(row["entry"]) for row in await audit.read(tx)]


async def test_given_cases_when_the_bureau_asks_then_it_gets_exact_counts_and_it_is_written_down(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, [event(1), event(2, grounds=("ras", "leeftijd")), event(3, kind="signaal")], room.clock)

    answer = await client.get(f"{FIGURES}?rijen=grond&kolommen=terrein&soort=wga", headers=room.token(Role.ADV))

    body = answer.json()
    assert answer.status_code == 200
    assert body["dimensies"] == ["grond", "terrein"]
    assert body["cellen"] == [
        {"grond": "ras", "terrein": "onderwijs", "aantal": 2},
        {"grond": "leeftijd", "terrein": "onderwijs", "aantal": 1},
    ]
    assert (body["totaal"], body["methode"], body["status"]) == (2, "exact", "voorlopig")
    assert body["hoeGeteld"]["organisaties"] == "1-2"
    schemas.Cijfers.model_validate(body)
    (entry,) = await entries(room)
    assert (entry["action"], entry["actor"], entry["role"]) == ("exact-figures-read", "Noor", "adv")


@pytest.mark.parametrize("role", [None, *Role])
async def test_given_cases_when_somebody_else_asks_then_no_exact_count_is_given(
    room: Room, client: httpx2.AsyncClient, role: Role | None
) -> None:
    await tell(room.database, [event(number) for number in range(7)], room.clock)

    answer = await client.get(f"{FIGURES}?rijen=grond&soort=melding", headers=room.token(role) if role else {})

    body = answer.json()
    assert answer.status_code == 200
    if role is Role.ADV:
        assert body["totaal"] == 7
    else:
        partner = role in {Role.GEMEENTE, Role.NETWERK, Role.RAAD}
        assert (body["cellen"], body["totaal"]) == ([], None)
        assert body["methode"] == ("onderdrukt" if partner else "celsleutel")
        assert "publicatie" in body["uitleg"]
        assert await entries(room) == []


async def test_given_a_bad_token_when_figures_are_asked_then_it_is_401(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"{FIGURES}?rijen=grond&soort=wga", headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401


async def test_given_a_bad_question_when_it_is_asked_then_every_fault_has_a_pointer_and_no_value_comes_back(
    room: Room, client: httpx2.AsyncClient
) -> None:
    answer = await client.get(f"{FIGURES}?rijen=canary-1&van=canary-2&tot=2026-01-01", headers=room.token(Role.ADV))

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/rijen", "/van", "/soort"}
    assert "canary" not in answer.text


@pytest.mark.parametrize("path", [f"{FIGURES}?rijen=grond&soort=wga&", f"{FORM}/2026?"])
@pytest.mark.parametrize("code", ["GM9999", "", "nergens"])
async def test_given_an_unknown_municipality_when_it_is_asked_for_then_it_is_404(
    room: Room, client: httpx2.AsyncClient, path: str, code: str
) -> None:
    answer = await client.get(f"{path}gemeente={code}", headers=room.token(Role.ADV))

    assert answer.status_code == 404


async def test_given_a_late_evening_when_a_year_is_left_out_then_the_local_calendar_decides(
    room: Room, client: httpx2.AsyncClient
) -> None:
    room.clock.move_to(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC))  # half past midnight in Amsterdam

    answer = await client.get(f"{FIGURES}?rijen=grond&soort=wga", headers=room.token(Role.ADV))

    assert answer.json()["hoeGeteld"]["van"] == "2027-01-01"


async def test_given_cases_when_the_form_is_asked_in_each_kind_then_each_is_given(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, [event(1), event(2, mass_event="actie"), event(3, residency="onbekend")], room.clock)
    head = room.token(Role.ADV)

    as_json = await client.get(f"{FORM}/2026", headers=head)
    without = await client.get(f"{FORM}/2026?massameldingen=zonder", headers=head)
    files = {kind: await client.get(f"{FORM}/2026", headers=head | {"Accept": kind}) for kind in FILES}
    refused = await client.get(f"{FORM}/2026", headers=head | {"Accept": "image/png"})

    body = as_json.json()
    schemas.Formulier.model_validate(body)
    assert (body["gemeente"], body["jaar"], body["schema"]) == (CITY, 2026, "wga-2011")
    assert body["secties"][0]["totaal"] == {"a": 2, "b": 0, "ab": 2, "c": 0, "t": 2}
    assert without.json()["secties"][0]["totaal"]["a"] == 1
    assert [(question["code"], question["aantal"]) for question in body["vragen"]] == [("inwonerschap-onbekend", 1)]
    for kind, magic in FILES.items():
        assert files[kind].headers["content-type"].startswith(kind)
        assert files[kind].content.startswith(magic)
        assert "attachment" in files[kind].headers["content-disposition"]
    assert refused.status_code == 406
    assert {entry["action"] for entry in await entries(room)} == {"form-read"}


FILES = {"text/csv": b"sectie,", "application/pdf": b"%PDF", XLSX: b"PK"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2010", 404),
        ("2027", 404),
        ("1800", 404),
        ("tweeduizend", 404),
        ("2026/", 404),
        ("2026?massameldingen=soms", 400),
        ("2026?stand=morgen&massameldingen=soms", 400),
        ("2026?jaar=2025", 400),
        ("2026?stand=actueel&stand=actueel", 400),
        ("2026?schema=wga-1999", 404),
    ],
)
async def test_given_a_bad_request_for_a_form_when_it_is_asked_then_the_status_says_so(
    room: Room, client: httpx2.AsyncClient, path: str, status: int
) -> None:
    answer = await client.get(f"{FORM}/{path}", headers=room.token(Role.ADV))

    assert answer.status_code == status


OPERATIONS = [
    ("GET", f"{FORM}/2025"),
    ("GET", f"{FORM}/2025/vaststellingen"),
    ("POST", f"{FORM}/2025/vaststellingen"),
    ("POST", f"{FORM}/2025/vaststellingen/x/goedkeuringen"),
    ("GET", "/rapportages/wga/2025"),
    ("GET", "/rapportages/wga/2025/bestand/pdf"),
    ("POST", "/rapportages/wga/2025/vaststellingen"),
    ("POST", "/rapportages/wga/2025/vaststellingen/x/goedkeuringen"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_given_anyone_but_the_bureau_when_a_form_is_touched_then_it_is_refused(
    room: Room, client: httpx2.AsyncClient, method: str, path: str
) -> None:
    for role in set(Role) - {Role.ADV}:
        assert (await client.request(method, path, headers=room.token(role))).status_code == 403
    assert (await client.request(method, path)).status_code == 401
    assert await entries(room) == []


async def test_given_a_year_that_is_over_when_two_people_settle_it_then_it_stays_and_a_correction_is_revision_2(
    room: Room, client: httpx2.AsyncClient
) -> None:
    noor, bram = room.token(Role.ADV, "Noor"), room.token(Role.ADV, "Bram")
    path = f"{FORM}/2025/vaststellingen"
    await tell(room.database, [event(1, registered_on=dt.date(2025, 5, 1))], room.clock)

    proposed = await client.post(path, headers=noor)
    own = await client.post(f"{path}/{proposed.json()['id']}/goedkeuringen", headers=noor)
    settled = await client.post(f"{path}/{proposed.json()['id']}/goedkeuringen", headers=bram)
    again = await client.post(f"{path}/{proposed.json()['id']}/goedkeuringen", headers=bram)
    unchanged = await client.post(path, headers=noor)

    assert (proposed.status_code, proposed.json()["status"], proposed.json()["revisie"]) == (201, "concept", 1)
    assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
    assert (settled.status_code, settled.json()["status"]) == (201, "definitief")
    assert (again.status_code, again.json()["code"]) == (409, "already_settled")
    assert (unchanged.status_code, unchanged.json()["code"]) == (409, "form_unchanged")

    question = f"{FIGURES}?rijen=grond&van=2025-04-01&tot=2025-06-30&soort="
    figures = {kind: (await client.get(question + kind, headers=noor)).json() for kind in ("wga", "signaal")}
    assert (figures["wga"]["status"], figures["wga"]["revisie"]) == ("definitief", 1)
    assert figures["signaal"]["status"] == "voorlopig"

    await tell(room.database, [event(2, registered_on=dt.date(2025, 12, 31))], room.clock)
    assert (await client.get(f"{question}wga", headers=noor)).json()["status"] == "voorlopig"
    kept = (await client.get(f"{FORM}/2025", headers=noor)).json()
    now = (await client.get(f"{FORM}/2025?stand=actueel", headers=noor)).json()
    assert (kept["status"], kept["revisie"], kept["secties"][0]["totaal"]["a"]) == ("definitief", 1, 1)
    assert (now["status"], now["revisie"], now["secties"][0]["totaal"]["a"]) == ("voorlopig", 1, 2)
    difference = {"sectie": "totaal", "code": "totaal", "kolom": "a", "was": 1, "wordt": 2}
    assert difference in kept["verschillen"]

    second = (await client.post(path, headers=bram)).json()
    await client.post(f"{path}/{second['id']}/goedkeuringen", headers=noor)
    listed = (await client.get(path, headers=noor)).json()
    schemas.Vaststellingen.model_validate(listed)
    assert [(one["revisie"], one["status"]) for one in listed["vaststellingen"]] == [
        (1, "definitief"),
        (2, "definitief"),
    ]
    assert difference in listed["vaststellingen"][1]["verschillen"]
    assert (await client.get(f"{FORM}/2025", headers=noor)).json()["revisie"] == 2


async def test_given_a_proposal_when_the_figures_move_then_it_cannot_be_approved_and_a_new_one_takes_its_place(
    room: Room, client: httpx2.AsyncClient
) -> None:
    noor, bram = room.token(Role.ADV, "Noor"), room.token(Role.ADV, "Bram")
    path = f"{FORM}/2025/vaststellingen"
    first = (await client.post(path, headers=noor)).json()["id"]
    await tell(room.database, [event(1, registered_on=dt.date(2025, 5, 1), mass_event="actie")], room.clock)

    moved = await client.post(f"{path}/{first}/goedkeuringen", headers=bram)
    second = (await client.post(path, headers=noor)).json()
    gone = await client.post(f"{path}/{first}/goedkeuringen", headers=bram)
    other_year = await client.post(f"{FORM}/2024/vaststellingen/{second['id']}/goedkeuringen", headers=bram)

    assert (moved.status_code, moved.json()["code"]) == (409, "form_changed")
    assert second["revisie"] == 1
    assert (gone.status_code, other_year.status_code) == (404, 404)


async def test_given_this_year_when_it_is_proposed_then_it_is_refused(room: Room, client: httpx2.AsyncClient) -> None:
    answer = await client.post(f"{FORM}/2026/vaststellingen", headers=room.token(Role.ADV))

    assert (answer.status_code, answer.json()["code"]) == (409, "year_not_over")


async def test_given_the_document_when_it_is_read_then_every_operation_is_described(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/stats/v1/openapi.json")).json()

    operations = [(path, one) for path, item in document["paths"].items() for one in item.values()]
    assert {path for path, _ in operations} >= {"/cijfers", "/wga-rapportages/{jaar}"}
    for _, operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert operation["operationId"]
        assert operation["tags"]
        assert any(status.startswith("4") for status in operation["responses"])
