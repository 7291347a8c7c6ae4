# SPDX-License-Identifier: EUPL-1.2
"""Rules, campaigns, mutes and pages: who may, what comes back, what is kept with a reason."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared import audit
from shared.access import Role
from tests.unit.notifier.room import START, Room, notifier, quiet_past, tension

ALL = (Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG, Role.BEHEER, None)
WEEK = {"van": "2026-10-26", "tot": "2026-11-08"}
MAY: dict[tuple[str, str], set[Role]] = {
    ("GET", "/attenderingen"): {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    ("GET", "/abonnementen"): {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    ("GET", "/regels"): {Role.ADV, Role.GEMEENTE, Role.BEHEER},
    ("POST", "/regels"): {Role.ADV, Role.BEHEER},
    ("GET", "/campagnes"): {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    ("POST", "/campagnes"): {Role.ADV, Role.GEMEENTE},
    ("GET", "/stiltes"): {Role.ADV, Role.BEHEER},
    ("POST", "/stiltes"): {Role.ADV},
    ("GET", "/mededelingen"): {Role.ADV, Role.BEHEER},
    ("GET", "/afleveringen"): {Role.BEHEER},
}
BODIES: dict[str, dict[str, Any]] = {
    "/regels": {"minsteSignalen": 6, "reden": "Te veel ruis."},
    "/campagnes": {"naam": "Posteractie", **WEEK},
    "/stiltes": {"reden": "Al in overleg.", **WEEK},
}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("method", "path"), list(MAY))
async def test_given_each_role_when_it_asks_then_only_those_who_may(room: Room, method: str, path: str) -> None:
    for role in ALL:
        more: dict[str, Any] = {"json": BODIES[path]} if method == "POST" else {}
        answer = await room.ask(method, path, role=role, **more)

        expected = {200, 201, 400} if role in MAY[method, path] else {401} if role is None else {403}
        assert answer.status_code in expected, (role, answer.text)


async def test_given_a_rule_when_changed_then_it_holds_with_reason_author_and_audit_entry(room: Room) -> None:
    answer = await room.ask("POST", "/regels", role=Role.BEHEER, name="Bo", json=BODIES["/regels"])

    read = (await room.ask("GET", "/regels")).json()
    assert answer.status_code == 201
    assert read["geldt"]["minsteSignalen"] == 6
    assert [(one["door"], one["reden"]) for one in read["versies"]] == [("Bo", "Te veel ruis.")]
    async with room.database.reading() as tx:
        chain = await audit.read(tx)
    assert audit.verify(chain, room.keys.verifying_key("audit")).broken_at == 0
    assert any("rule-changed" in row["entry"] for row in chain)


@pytest.mark.parametrize(
    "body", [{"reden": "Zomaar iets."}, {"minsteSignalen": 2, "reden": "Te laag."}, {"minsteSignalen": 7}]
)
async def test_given_a_rule_that_cannot_be_when_sent_then_400(room: Room, body: dict[str, Any]) -> None:
    answer = await room.ask("POST", "/regels", json=body)

    assert answer.status_code == 400


async def test_given_a_stricter_rule_when_tried_then_fewer_alerts_and_nothing_is_kept(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])

    answer = await room.ask("POST", "/regels/_beproef", json={"minsteOrganisaties": 8, "weken": 3})

    outcome = answer.json()
    assert (len(outcome["nu"]), len(outcome["anders"])) == (1, 0)
    assert (await room.ask("GET", "/attenderingen")).json() == {"attenderingen": []}


async def test_given_a_smaller_budget_when_tried_then_both_outcomes_come_from_their_own_chance(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])

    outcome = (await room.ask("POST", "/regels/_beproef", json={"valsAlarmPerJaar": 0.5, "weken": 2})).json()

    assert len(outcome["nu"]) == 1
    assert len(outcome["anders"]) <= 1


async def test_given_a_campaign_staff_entered_when_an_alert_is_raised_then_it_says_so(room: Room) -> None:
    await room.ask("POST", "/campagnes", json={"naam": "Posteractie", "soort": "gebeurtenis", **WEEK})
    await room.keep([*quiet_past(START.date()), *tension(START.date())])

    await room.run_jobs()

    (alert,) = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    assert "Posteractie" in alert["context"]


@pytest.mark.parametrize(
    "body",
    [
        {"naam": "X", "van": "2026-02-02", "tot": "2026-02-01"}, {"naam": "X", **WEEK, "gronden": ["bestaat-niet"]},
        {"naam": "Broeinest", **WEEK}, {"naam": "X\nY", **WEEK},
    ],
)  # fmt: skip
async def test_given_a_bad_campaign_when_sent_then_400_with_a_pointer(room: Room, body: dict[str, Any]) -> None:
    answer = await room.ask("POST", "/campagnes", json=body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/")


@pytest.mark.parametrize("role", [Role.ADV, Role.GEMEENTE, Role.NETWERK])
async def test_given_an_alert_when_pages_are_opened_then_each_shows_and_only_the_bureau_sees_counts(
    room: Room, role: Role
) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    (alert,) = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    headers = {"Authorization": f"Bearer {room.token(role)}", "Accept": "text/html"}

    opened = {path: await room.client.get(path, headers=headers) for path in (
        "/spanningen", f"/spanningen/{alert['id']}", "/spanningen/kalender", "/abonnementen",
    )}  # fmt: skip

    assert {answer.status_code for answer in opened.values()} == {200}
    detail = opened[f"/spanningen/{alert['id']}"].text
    assert ("Exacte aantallen" in detail) is (role == Role.ADV)
    assert ("Geef uw duiding" in detail) is (role != Role.NETWERK)


async def test_given_a_form_when_a_duiding_is_sent_by_page_then_it_is_kept(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    (alert,) = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    headers = {"Authorization": f"Bearer {room.token(Role.GEMEENTE)}", "Sec-Fetch-Site": "same-origin"}
    path = f"/spanningen/{alert['id']}/duiding"

    bad = await room.client.post(
        path, headers=headers, data={"stap": "onderzoek", "oordeel": "ruis", "tekst": "De dader."}
    )
    good = await room.client.post(
        path, headers=headers, data={"stap": "onderzoek", "oordeel": "ruis", "tekst": "Toeval."}
    )

    assert (bad.status_code, good.status_code) == (400, 303)
    scores = (await room.ask("GET", "/regels")).json()["oordelen"]
    assert [(one["beoordeeld"], one["spanning"]) for one in scores] == [(1, 0)]


async def test_given_an_early_series_when_looked_at_then_no_alert_in_the_first_weeks(room: Room) -> None:
    young = [c for c in quiet_past(START.date()) if c.arrived_on > START.date() - dt.timedelta(days=60)]
    await room.keep([*young, *tension(START.date())])

    await room.run_jobs()

    assert (await room.ask("GET", "/attenderingen")).json() == {"attenderingen": []}
