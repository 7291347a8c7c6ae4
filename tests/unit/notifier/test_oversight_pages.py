# SPDX-License-Identifier: EUPL-1.2
"""The pages beside the alerts: who may open them, what their forms do, and how faults come back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.notifier.service import new_id
from services.notifier.storage import subscriptions as store
from services.notifier.storage.subscriptions import Sending
from shared.access import Role
from tests.unit.notifier.room import START, Room, notifier, quiet_past, tension
from tests.unit.notifier.test_telling import subscribed

ALL = (Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG, Role.BEHEER, None)
MAY: dict[str, set[Role]] = {
    "/spanningen": {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    "/spanningen/beeld": {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    "/spanningen/kalender": {Role.ADV, Role.GEMEENTE, Role.NETWERK},
    "/spanningen/regels": {Role.ADV, Role.GEMEENTE, Role.BEHEER},
    "/spanningen/mededelingen": {Role.ADV, Role.BEHEER},
    "/spanningen/stiltes": {Role.ADV, Role.BEHEER},
    "/spanningen/afleveringen": {Role.BEHEER},
    "/abonnementen": {Role.ADV, Role.GEMEENTE, Role.NETWERK},
}
WEEK = {"van": "2026-11-01", "tot": "2026-11-07"}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


async def page(room: Room, path: str, role: Role | None, data: dict[str, Any] | None = None) -> Any:
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    if role is not None:
        headers["Authorization"] = f"Bearer {room.token(role)}"
    if data is None:
        return await room.client.get(path, headers=headers)
    return await room.client.post(path, headers=headers, data=data)


@pytest.mark.parametrize("path", list(MAY))
async def test_given_each_role_when_it_opens_a_page_then_only_those_who_may(room: Room, path: str) -> None:
    for role in ALL:
        answer = await page(room, path, role)

        assert answer.status_code == (200 if role in MAY[path] else 401 if role is None else 403), role
        assert answer.text.count("<h1") == 1


async def test_given_a_mute_when_set_and_lifted_by_page_then_it_holds_and_is_gone(room: Room) -> None:
    bad = await page(
        room, "/spanningen/stiltes", Role.ADV, {**WEEK, "grond": "bestaat-niet", "reden": "Al in overleg."}
    )
    refused = await page(room, "/spanningen/stiltes", Role.BEHEER, {**WEEK, "reden": "Al in overleg."})
    made = await page(room, "/spanningen/stiltes", Role.ADV, {**WEEK, "reden": "Al in overleg."})
    (mute,) = (await room.ask("GET", "/stiltes")).json()["stiltes"]
    shown = await page(room, "/spanningen/stiltes", Role.ADV)
    lifted = await page(room, f"/spanningen/stiltes/{mute['id']}/opheffen", Role.ADV, {})

    assert (bad.status_code, refused.status_code, made.status_code, lifted.status_code) == (400, 403, 303, 303)
    assert "Deze code staat niet in de lijst." in bad.text
    assert "Al in overleg." in shown.text
    assert (await room.ask("GET", "/stiltes")).json() == {"stiltes": []}


async def test_given_a_campaign_when_entered_and_removed_by_page_then_it_is_gone(room: Room) -> None:
    body = {"soort": "campagne", "naam": "Posteractie", **WEEK}
    bad = await page(room, "/spanningen/kalender", Role.GEMEENTE, {**body, "tot": "2026-10-01"})
    made = await page(room, "/spanningen/kalender", Role.GEMEENTE, body)
    (entered,) = (await room.ask("GET", "/campagnes")).json()["campagnes"]
    removed = await page(room, f"/spanningen/kalender/{entered['id']}/verwijderen", Role.GEMEENTE, {})

    assert (bad.status_code, made.status_code, removed.status_code) == (400, 303, 303)
    assert (await room.ask("GET", "/campagnes")).json() == {"campagnes": []}


async def test_given_a_message_that_was_given_up_when_repeated_by_page_then_it_is_due_once_more(room: Room) -> None:
    identity = await subscribed(room)
    async with room.database.transaction() as tx:
        await store.plan(tx, [Sending(new_id(), identity, None, "attendering", "k", START, START)])
        ((held, _),) = await store.claim(tx, now=START, lease="l", until=START, limit=1)
        await store.settle(tx, held, status=store.GIVEN_UP, outcome="smtp-550", at=START)

    shown = await page(room, "/spanningen/afleveringen", Role.BEHEER)
    path = f"/spanningen/afleveringen/{held.delivery_id}/herhaal"
    answers = [await page(room, path, Role.BEHEER, {}) for _ in range(2)]

    assert "t...@voorbeeld.nl" in shown.text
    assert "team@voorbeeld.nl" not in shown.text
    assert [answer.status_code for answer in answers] == [303, 303]
    log = (await room.ask("GET", "/afleveringen", role=Role.BEHEER)).json()["afleveringen"]
    assert [one["status"] for one in log if one["soort"] == "attendering"] == ["wacht"]


async def test_given_a_flood_when_the_administrator_opens_the_notices_then_it_is_told_with_what_to_do(
    room: Room,
) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date(), signals=400, partners=1)])
    await room.run_jobs()

    shown = await page(room, "/spanningen/mededelingen", Role.BEHEER)

    assert "Een partner stuurt ineens veel meer" in shown.text
    assert "partner-0" in shown.text


async def test_given_rules_when_tried_and_kept_by_page_then_only_kept_with_a_reason(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    values = {"valsAlarmPerJaar": "4,0", "minsteOrganisaties": "8", "weken": "3"}

    tried = await page(room, "/spanningen/regels", Role.ADV, {**values, "doe": "probeer"})
    bare = await page(room, "/spanningen/regels", Role.ADV, {**values, "doe": "bewaar"})
    kept = await page(room, "/spanningen/regels", Role.ADV, {**values, "doe": "bewaar", "reden": "Te veel ruis."})
    same = await page(room, "/spanningen/regels", Role.ADV, {**values, "doe": "bewaar", "reden": "Nog een keer."})

    assert [one.status_code for one in (tried, bare, kept, same)] == [200, 400, 303, 400]
    assert "Met de andere regels: 0" in tried.text
    assert "Met de regels van nu: 1" in tried.text
    (version,) = (await room.ask("GET", "/regels")).json()["versies"]
    assert (version["reden"], version["waarden"]["partners"]) == ("Te veel ruis.", 8)


async def test_given_a_paused_subscription_when_resumed_by_page_then_active_and_twice_says_no(room: Room) -> None:
    identity = await subscribed(room)
    async with room.database.transaction() as tx:
        await store.set_state(tx, identity, "gepauzeerd")

    shown = await page(room, "/abonnementen", Role.ADV)
    answers = [await page(room, f"/abonnementen/{identity}/hervatten", Role.ADV, {}) for _ in range(2)]

    assert "Kijk of het adres nog klopt" in shown.text
    assert [answer.status_code for answer in answers] == [303, 303]
    (mine,) = (await room.ask("GET", "/abonnementen")).json()["abonnementen"]
    assert mine["status"] == "actief"


async def test_given_a_webhook_when_asked_for_by_page_then_its_secret_is_shown_once(room: Room) -> None:
    body = {"kanaal": "webhook", "adres": "https://hook.example/in", "ritme": "direct", "niveau": "1", "taal": "nl"}

    asked = await page(room, "/abonnementen", Role.NETWERK, body)
    bad = await page(room, "/abonnementen", Role.NETWERK, {**body, "adres": "https://127.0.0.1/"})
    later = await page(room, "/abonnementen", Role.NETWERK)

    assert "whsec_" in asked.text
    assert "whsec_" not in later.text
    assert (bad.status_code, "niet van buiten te bereiken" in bad.text) == (400, True)


async def test_given_a_slip_in_a_duiding_when_sent_by_page_then_what_was_written_is_still_there(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    (alert,) = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    body = {"stap": "onderzoek", "oordeel": "ruis", "tekst": "Bel 06 12345678.", "vervaltOp": "2026-11-20"}

    slip = await page(room, f"/spanningen/{alert['id']}/duiding", Role.ADV, body)
    meant = await page(
        room, f"/spanningen/{alert['id']}/duiding", Role.ADV, {**body, "bevatGeenPersoonsgegevens": "ja"}
    )

    assert (slip.status_code, meant.status_code) == (400, 303)
    assert 'value="2026-11-20"' in slip.text
    assert "Bel 06 12345678." in slip.text
    read = (await room.ask("GET", f"/attenderingen/{alert['id']}")).json()
    assert read["vervaltOp"].startswith("2026-11-20")
