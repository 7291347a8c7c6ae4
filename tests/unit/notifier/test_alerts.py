# SPDX-License-Identifier: EUPL-1.2
"""From cases to an alert that staff read and answer, and what takes its ground away."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.notifier.handle import handle_retracted
from services.notifier.storage import staff
from shared.access import Role
from shared.contracts import SignalRetracted
from shared.delivery import Delivered
from tests.unit.notifier.room import CITY, HERE, START, Room, notifier, quiet_past, tension

TODAY = START.date()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


@pytest.fixture
async def tense(room: Room) -> Room:
    """A room in which one alert was raised."""
    await room.keep([*quiet_past(TODAY), *tension(TODAY)])
    await room.run_jobs()
    return room


async def _alert(room: Room) -> dict[str, object]:
    found = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    assert len(found) == 1
    return dict(found[0])


async def test_given_a_rise_from_four_partners_when_the_day_is_looked_at_then_one_alert_in_bands(tense: Room) -> None:
    alert = await _alert(tense)

    assert alert["gebied"] == {"soort": "wijk", "code": HERE}
    assert alert["grond"] == "ras"
    assert (alert["status"], alert["stap"]) == ("open", "signaleer")
    assert alert["waargenomen"] == "10-19"
    assert alert["organisaties"] in {"3-4", "5-9"}
    assert "dan verwacht" not in str(alert["zegtNiet"])
    assert str(alert["voorstel"]["uiterlijk"]) > TODAY.isoformat()  # type: ignore[index]  # an object on the wire


async def test_given_a_look_when_done_again_then_nothing_changes(tense: Room) -> None:
    before = await _alert(tense)

    await tense.run_jobs(START + dt.timedelta(hours=1))

    assert await _alert(tense) == before


async def test_given_a_rise_from_one_partner_when_looked_at_then_no_alert_but_a_notice(room: Room) -> None:
    await room.keep([*quiet_past(TODAY), *tension(TODAY, signals=25, partners=1)])

    await room.run_jobs()

    assert (await room.ask("GET", "/attenderingen")).json() == {"attenderingen": []}
    async with room.database.reading() as tx:
        assert "one-source" in {notice.code for notice in await staff.notices(tx, CITY.code)}


async def test_given_a_flood_of_five_thousand_when_looked_at_then_no_alert_but_a_notice(room: Room) -> None:
    await room.keep([*quiet_past(TODAY), *tension(TODAY, signals=5_000, partners=1)])

    await room.run_jobs()

    assert (await room.ask("GET", "/attenderingen")).json() == {"attenderingen": []}
    async with room.database.reading() as tx:
        assert "flood" in {notice.code for notice in await staff.notices(tx, CITY.code)}


async def test_given_a_flood_by_one_partner_when_others_see_a_tension_then_that_is_still_found(room: Room) -> None:
    flood = [
        replace(c, case_id=f"flood{c.case_id}", source_ref="flooder") for c in tension(TODAY, signals=2_000, partners=1)
    ]
    await room.keep([*quiet_past(TODAY), *flood, *tension(TODAY)])

    await room.run_jobs()

    assert (await _alert(room))["waargenomen"] == "10-19"


async def test_given_an_alert_when_its_signals_are_withdrawn_then_it_is_taken_back(tense: Room) -> None:
    gone = [SignalRetracted(case_id=c.case_id, revision=2, reason="withdrawn") for c in tension(TODAY)[:10]]
    async with tense.database.transaction() as tx:
        await handle_retracted([Delivered(event, event.case_id, None) for event in gone], tx)

    await tense.run_jobs(START + dt.timedelta(hours=2))

    alert = await _alert(tense)
    assert alert["status"] == "ingetrokken"
    assert "ingetrokken" in str(alert["intrekking"])


async def test_given_an_alert_when_half_is_withdrawn_then_it_is_lowered(tense: Room) -> None:
    gone = [SignalRetracted(case_id=c.case_id, revision=2, reason="withdrawn") for c in tension(TODAY)[:4]]
    async with tense.database.transaction() as tx:
        await handle_retracted([Delivered(event, event.case_id, None) for event in gone], tx)

    await tense.run_jobs(START + dt.timedelta(hours=2))

    alert = await _alert(tense)
    assert (alert["status"], alert["waargenomen"]) == ("open", "5-9")


async def test_given_an_alert_when_interpreted_then_step_owner_and_date_are_kept(tense: Room) -> None:
    alert = await _alert(tense)
    body = {"stap": "onderzoek", "oordeel": "spanning", "tekst": "Wij vragen het na.", "eigenaar": "Team Wijk"}

    answer = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", role=Role.GEMEENTE, json=body)

    read = (await tense.ask("GET", f"/attenderingen/{alert['id']}", role=Role.NETWERK)).json()
    assert answer.status_code == 201
    assert (read["status"], read["stap"], read["eigenaar"], read["oordeel"]) == (
        "geduid", "onderzoek", "Team Wijk", "spanning",
    )  # fmt: skip
    assert [said["door"] for said in read["duidingen"]] == ["Sam"]


async def test_given_an_interpretation_when_undone_then_the_alert_is_as_before(tense: Room) -> None:
    alert = await _alert(tense)
    await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json={"stap": "onderzoek"})

    answer = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen/_herstel")

    assert answer.status_code == 200
    assert {k: v for k, v in (await _alert(tense)).items() if k != "bijgewerktOp"} == {
        k: v for k, v in alert.items() if k != "bijgewerktOp"
    }


@pytest.mark.parametrize(
    "body",
    [
        {"stap": "onderzoek", "tekst": "De dader is bekend."},
        {"stap": "onderzoek", "tekst": "Bel 06 12345678."},
        {"stap": "onderzoek", "vervaltOp": "2020-01-01T00:00:00Z"},
        {"stap": "nergens"},
        {"stap": "signaleer"},
        {"stap": "onderzoek", "onbekend": 1},
    ],
)
async def test_given_a_bad_interpretation_when_sent_then_400_with_a_pointer(tense: Room, body: dict[str, str]) -> None:
    alert = await _alert(tense)

    answer = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json=body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/")
    assert (await _alert(tense))["status"] == "open"


async def test_given_faults_of_form_and_of_meaning_when_sent_then_all_are_told_at_once(tense: Room) -> None:
    alert = await _alert(tense)
    body = {"stap": "nergens", "tekst": "De dader.", "eigenaar": "Bel 06 12345678", "gek": 1}
    wish = {
        "kanaal": "mail",
        "adres": "geen adres",
        "wijken": ["nergens"],
        "gronden": ["ras", "niets"],
        "ritme": "ooit",
    }

    said = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json=body)
    asked = await tense.ask("POST", "/abonnementen", json=wish)

    assert {fault["pointer"] for fault in said.json()["errors"]} == {"/stap", "/tekst", "/gek"}
    assert {fault["pointer"] for fault in asked.json()["errors"]} == {"/ritme", "/adres", "/wijken/0", "/gronden/1"}


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        (Role.ADV, "pak-aan", 403), (Role.GEMEENTE, "pak-aan", 201), (Role.NETWERK, "onderzoek", 403),
        (Role.RAAD, "onderzoek", 403), (Role.BEHEER, "onderzoek", 403), (None, "onderzoek", 401),
    ],
)  # fmt: skip
async def test_given_a_role_when_it_interprets_then_only_its_own_steps(
    tense: Room, role: Role | None, step: str, status: int
) -> None:
    alert = await _alert(tense)

    answer = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", role=role, json={"stap": step})

    assert answer.status_code == status


async def test_given_an_interpretation_when_its_date_passes_then_the_alert_is_open_again(tense: Room) -> None:
    alert = await _alert(tense)
    until = (START + dt.timedelta(days=3)).isoformat()
    body = {"stap": "onderzoek", "oordeel": "spanning", "vervaltOp": until}
    await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json=body)

    await tense.run_jobs(START + dt.timedelta(days=4))

    assert (await _alert(tense))["status"] == "open"


async def test_given_an_alert_when_taken_back_twice_then_once(tense: Room) -> None:
    alert = await _alert(tense)

    first = await tense.ask("POST", f"/attenderingen/{alert['id']}/intrekkingen")
    second = await tense.ask("POST", f"/attenderingen/{alert['id']}/intrekkingen")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["status"] == second.json()["status"] == "ingetrokken"


async def test_given_an_alert_that_ended_when_interpreted_then_409(tense: Room) -> None:
    alert = await _alert(tense)
    await tense.ask("POST", f"/attenderingen/{alert['id']}/intrekkingen")

    answer = await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json={"stap": "onderzoek"})

    assert answer.status_code == 409


async def test_given_no_such_alert_when_read_then_404(room: Room) -> None:
    answer = await room.ask("GET", "/attenderingen/nergens")

    assert answer.status_code == 404
