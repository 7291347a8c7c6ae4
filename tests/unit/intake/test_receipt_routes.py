# SPDX-License-Identifier: EUPL-1.2
"""Whoever holds a code may ask, correct and withdraw; nobody else learns anything."""

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.intake import follow, receipts
from services.intake.signals import Signal
from shared.contracts import SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.delivery import Delivered
from tests.unit.intake.builders import API, NOW, signal
from tests.unit.intake.conftest import Room

UNKNOWN = receipts.from_random(12345)


async def sent(client: httpx2.AsyncClient, room: Room) -> str:
    response = await client.post(f"{API}/signalen", json=signal(), headers=await room.partner())
    assert response.status_code == 201, response.text
    return str(response.json()["ontvangstcode"])


def facts(code: str, revision: int = 1) -> SignalAnonymised:
    return SignalAnonymised(
        case_id=receipts.case_id(receipts.parse(code)), revision=revision, municipality="GM0637", kind="signaal",
        grounds=("ras",), terrain="onderwijs", nature="onbekend", reporter_role="onbekend", anonymity="onbekend",
        residency="onbekend", incident_place="onbekend", district="onbekend", incident_week=None,
        registered_on=NOW.date(), age_band="onbekend", mass_event=None, source_ref="s" * 24, record_key=1,
    )  # fmt: skip


async def tell(room: Room, *events: SignalAnonymised | SignalRetracted | SignalUnderReview) -> None:
    for event in events:
        verb = {
            SignalAnonymised: follow.follow_anonymised,
            SignalRetracted: follow.follow_retracted,
            SignalUnderReview: follow.follow_reviews,
        }[type(event)]
        async with room.database.transaction() as tx:
            delivered = [Delivered(event, "id", None)]
            await verb(delivered, tx, secret=room.keys.secret("intake"), on=NOW.date())  # type: ignore[operator]  # one of three signatures


async def status_of(client: httpx2.AsyncClient, code: str) -> str:
    response = await client.post(f"{API}/statusvragen", json={"ontvangstcode": code})
    assert response.status_code == 200, response.text
    return str(response.json()["status"])


async def test_given_a_signal_when_its_case_moves_on_then_the_holder_sees_each_step(
    client: httpx2.AsyncClient, room: Room
) -> None:
    code = await sent(client, room)
    case = receipts.case_id(receipts.parse(code))

    seen = [await status_of(client, code)]
    await tell(room, facts(code))
    seen.append(await status_of(client, code))
    await tell(room, SignalUnderReview(case_id=case, revision=1, open=True))
    seen.append(await status_of(client, code))
    await tell(room, SignalUnderReview(case_id=case, revision=2, open=False))
    await tell(room, SignalRetracted(case_id=case, revision=2, reason="not-counted"))
    seen.append(await status_of(client, code))

    assert seen == ["ontvangen", "geteld", "in-beoordeling", "niet-geteld"]


async def test_given_a_retraction_that_overtook_its_facts_when_asked_then_the_higher_revision_stands(
    client: httpx2.AsyncClient, room: Room
) -> None:
    code = await sent(client, room)
    case = receipts.case_id(receipts.parse(code))

    await tell(room, SignalRetracted(case_id=case, revision=2, reason="not-counted"), facts(code, revision=1))

    assert await status_of(client, code) == "niet-geteld"


async def test_given_a_signal_when_withdrawn_twice_and_then_corrected_then_202_202_410(
    client: httpx2.AsyncClient, room: Room
) -> None:
    code = await sent(client, room)

    first = await client.post(f"{API}/intrekkingen", json={"ontvangstcode": code.lower()})
    again = await client.post(f"{API}/intrekkingen", json={"ontvangstcode": code})
    corrected = await client.post(f"{API}/correcties", json={"ontvangstcode": code, "signaal": signal()})

    assert (first.status_code, again.status_code, corrected.status_code) == (202, 202, 410)
    assert await status_of(client, code) == "ingetrokken"


async def test_given_a_correction_with_faults_when_sent_then_every_fault_points_into_the_signal(
    client: httpx2.AsyncClient, room: Room
) -> None:
    code = await sent(client, room)

    wrong = signal(terrein="niets", gronden=[], bijlage="x")
    response = await client.post(f"{API}/correcties", json={"ontvangstcode": code, "signaal": wrong})

    assert response.status_code == 400
    assert {e["pointer"] for e in response.json()["errors"]} == {
        "/signaal/terrein", "/signaal/gronden", "/signaal/bijlage",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"gronden": ["ras", "leeftijd", "ras"]}, "/gronden"),
        ({"behandeling": ["registratie", "registratie"]}, "/behandeling"),
        ({"subgronden": ["godsdienst-christenen"]}, "/subgronden"),
        ({"voorval": {"wijk": "nergenshuizen"}}, "/voorval/wijk"),
        ({"voorval": {"datum": "1899-12-31"}}, "/voorval/datum"),
        ({"voorval": {"datum": "2026-11-22"}}, "/voorval/datum"),
    ],
)
async def test_given_a_signal_just_outside_a_rule_when_sent_then_one_fault_at_its_place_and_the_value_unsaid(
    client: httpx2.AsyncClient, room: Room, wrong: dict[str, Any], pointer: str
) -> None:
    response = await client.post(f"{API}/signalen", json=signal(**wrong), headers=await room.partner())

    assert response.status_code == 400
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]
    assert "nergenshuizen" not in response.text


@pytest.mark.parametrize(
    "right",
    [
        {"gronden": ["ras", "leeftijd"], "subgronden": ["ras-xenofobie"]},
        {"voorval": {"wijk": "onbekend", "datum": "1900-01-01"}},
        {"voorval": {"datum": "2026-11-21"}},
    ],
)
async def test_given_a_signal_just_within_the_rules_when_sent_then_taken(
    client: httpx2.AsyncClient, room: Room, right: dict[str, Any]
) -> None:
    response = await client.post(f"{API}/signalen", json=signal(**right), headers=await room.partner())

    assert response.status_code == 201, response.text


def test_given_no_rules_when_a_signal_is_read_then_it_is_not_taken_on_trust() -> None:
    with pytest.raises(TypeError):
        Signal.model_validate(signal(gronden=("ras",)))


async def test_given_a_partner_without_the_right_when_correcting_into_a_complaint_then_403(
    client: httpx2.AsyncClient, room: Room
) -> None:
    code = await sent(client, room)

    response = await client.post(f"{API}/correcties", json={"ontvangstcode": code, "signaal": signal(soort="klacht")})

    assert response.status_code == 403


@pytest.mark.parametrize("route", ["statusvragen", "intrekkingen", "correcties"])
async def test_given_wrong_codes_when_tried_then_400_or_404_and_in_the_end_429(
    client: httpx2.AsyncClient, room: Room, route: str
) -> None:
    extra = {"signaal": signal()} if route == "correcties" else {}
    malformed = await client.post(f"{API}/{route}", json={"ontvangstcode": "AAAAA-AAAAA-AAAAA-AAAAA"} | extra)
    statuses = set()
    for number in range(130):
        code = receipts.from_random(10_000 + number)
        response = await client.post(f"{API}/{route}", json={"ontvangstcode": code} | extra)
        statuses.add(response.status_code)

    assert malformed.status_code == 400
    assert statuses == {404, 429}


async def test_given_two_partners_when_each_looks_then_each_sees_its_own_months_only(
    client: httpx2.AsyncClient, room: Room
) -> None:
    one, other = await room.partner("een"), await room.partner("ander")
    for _ in range(2):
        response = await client.post(f"{API}/signalen", json=signal(), headers=one)
    await client.post(f"{API}/intrekkingen", json={"ontvangstcode": response.json()["ontvangstcode"]})

    mine = (await client.get(f"{API}/overzichten", headers=one)).json()
    theirs = (await client.get(f"{API}/overzichten", headers=other)).json()

    assert [(m["maand"], m["verstuurd"], m["ingetrokken"]) for m in mine["maanden"]] == [("2026-11", 2, 1)]
    assert theirs["maanden"] == []
    assert mine["sleutels"][0]["laatstGebruiktDatum"] == NOW.date().isoformat()
    assert dt.date.fromisoformat(mine["sleutels"][0]["verlooptDatum"]) > NOW.date()
