# SPDX-License-Identifier: EUPL-1.2
"""Who hears what when an alert changes: lowered, taken back, raised by hand; and what clocks can do to it."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.notifier import deliver
from services.notifier.handle import handle_retracted
from services.notifier.service import new_id
from services.notifier.storage import alerts
from services.notifier.storage import subscriptions as store
from services.notifier.storage.alerts import Look
from services.notifier.subscriptions import Slots
from shared.access import Role
from shared.contracts import SignalRetracted
from shared.delivery import Delivered
from tests.unit.notifier.room import CITY, START, Room, notifier, quiet_past, tension

TODAY = START.date()
DAY = dt.timedelta(days=1)
SLOTS = Slots((9, 15), CITY.timezone)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


@pytest.fixture
async def tense(room: Room) -> Room:
    """A room with one alert, level 1, and one subscriber who waits for the slot of the next morning."""
    await subscribed(room)
    await room.keep([*quiet_past(TODAY), *tension(TODAY)])
    await room.run_jobs()
    return room


async def subscribed(room: Room, *, role: Role = Role.ADV, name: str = "Sam", **more: Any) -> str:
    body = {"kanaal": "mail", "adres": "team@voorbeeld.nl", **more}
    made = (await room.ask("POST", "/abonnementen", json=body, role=role, name=name)).json()
    async with room.database.transaction() as tx:
        await store.cancel(tx, subscription_id=made["id"], at=START)
        await store.set_state(tx, made["id"], "actief", confirmed_at=START)
    return str(made["id"])


async def sent(room: Room, at: dt.datetime, outcome: Any = "sent") -> list[tuple[str, str]]:
    """What leaves at a moment: kind and receiver."""
    async with room.database.transaction() as tx:
        held = await deliver.claim(tx, now=at, secret=room.keys.secret("notifier"), new_id=new_id)
        for one in held:
            await deliver.settle(one, deliver.Attempt(outcome, "x"), tx, slots=SLOTS, now=at, new_id=new_id)
    return [(one.first.kind, one.subscription.subscription_id) for one in held]


async def withdrawn(room: Room, signals: int) -> None:
    gone = [SignalRetracted(case_id=c.case_id, revision=2, reason="withdrawn") for c in tension(TODAY)[:signals]]
    async with room.database.transaction() as tx:
        await handle_retracted([Delivered(event, event.case_id, None) for event in gone], tx)


async def alert_of(room: Room) -> dict[str, Any]:
    (found,) = (await room.ask("GET", "/attenderingen")).json()["attenderingen"]
    return dict(found)


async def test_given_receivers_when_the_ground_is_taken_away_then_everyone_who_got_it_is_told_even_when_muted(
    tense: Room,
) -> None:
    other = await subscribed(tense, role=Role.NETWERK, ritme="wekelijks")
    assert [kind for kind, _ in await sent(tense, START + DAY)] == ["attendering"]
    mute = {"van": "2026-11-01", "tot": "2026-11-30", "reden": "Al in overleg."}
    await tense.ask("POST", "/stiltes", json=mute)
    await withdrawn(tense, 10)

    await tense.run_jobs(START + DAY)

    alert = await alert_of(tense)
    told = await sent(tense, START + 2 * DAY)
    assert alert["status"] == "ingetrokken"
    assert [kind for kind, _ in told] == ["ingetrokken"]
    assert other not in {identity for _, identity in told}


async def test_given_a_message_that_failed_under_way_when_the_alert_is_taken_back_then_it_never_arrives_late(
    tense: Room,
) -> None:
    await sent(tense, START + DAY, outcome="later")
    await withdrawn(tense, 10)
    await tense.run_jobs(START + DAY)

    kinds = [kind for day in range(1, 5) for kind, _ in await sent(tense, START + day * DAY + dt.timedelta(hours=3))]

    assert kinds == ["ingetrokken"]


async def test_given_a_lowered_alert_when_read_then_it_says_so_and_whoever_waits_still_hears(tense: Room) -> None:
    await withdrawn(tense, 4)

    await tense.run_jobs(START + dt.timedelta(hours=2))

    alert = await alert_of(tense)
    assert (alert["status"], alert["waargenomen"]) == ("open", "5-9")
    assert "verlaagd" in alert["verlaagd"]
    assert alert["verlaagd"] in alert["waarom"]
    assert [kind for kind, _ in await sent(tense, START + DAY)] == ["attendering"]


async def test_given_a_lowered_alert_when_it_was_told_then_its_receivers_hear_that_it_is_lower(tense: Room) -> None:
    await sent(tense, START + DAY)
    await withdrawn(tense, 4)

    await tense.run_jobs(START + DAY)

    assert [kind for kind, _ in await sent(tense, START + 2 * DAY)] == ["verlaagd"]


async def test_given_a_level_set_by_hand_when_undone_then_both_are_told(tense: Room) -> None:
    serious = await subscribed(tense, role=Role.GEMEENTE, niveau=3)
    await sent(tense, START + DAY)
    tense.clock.move_to(START + DAY)
    path = f"/attenderingen/{(await alert_of(tense))['id']}/duidingen"

    await tense.ask("POST", path, json={"stap": "onderzoek", "niveau": 3})
    raised = await sent(tense, START + 2 * DAY)
    undone = await tense.ask("POST", f"{path}/_herstel")
    lowered = await sent(tense, START + 3 * DAY)

    assert ("gegroeid", serious) in raised
    assert len(raised) == 2
    assert undone.json()["niveau"] == 1
    assert {kind for kind, _ in lowered} == {"verlaagd"}
    assert len(lowered) == 2


async def test_given_a_duiding_whose_date_passes_unseen_when_the_machine_is_back_then_open_and_its_owner_hears(
    tense: Room,
) -> None:
    await subscribed(tense, role=Role.GEMEENTE, name="Noor")
    await sent(tense, START + DAY)
    alert = await alert_of(tense)
    until = (START + 3 * DAY).isoformat()
    body = {"stap": "onderzoek", "oordeel": "spanning", "vervaltOp": until}
    await tense.ask("POST", f"/attenderingen/{alert['id']}/duidingen", json=body, role=Role.GEMEENTE, name="Noor")

    await tense.run_jobs(START + 6 * DAY)

    after, told = await alert_of(tense), await sent(tense, START + 7 * DAY)
    assert (after["status"], after["eigenaar"]) == ("open", None)
    assert after["voorstel"]["uiterlijk"] > (TODAY + 6 * DAY).isoformat()
    assert [kind for kind, _ in told] == ["herinnering"]
    await tense.run_jobs(START + 6 * DAY + dt.timedelta(hours=1))
    assert await sent(tense, START + 8 * DAY) == []


async def test_given_a_due_date_when_it_comes_then_one_reminder(tense: Room) -> None:
    await sent(tense, START + DAY)
    due = dt.datetime.fromisoformat((await alert_of(tense))["voorstel"]["uiterlijk"]).replace(tzinfo=dt.UTC)

    await tense.run_jobs(due + dt.timedelta(hours=6))
    first = await sent(tense, due + dt.timedelta(hours=20))
    await tense.run_jobs(due + dt.timedelta(hours=30))
    second = await sent(tense, due + dt.timedelta(hours=48))

    assert [kind for kind, _ in first] == ["herinnering"]
    assert second == []


async def test_given_an_alert_when_it_goes_on_as_before_then_no_second_notice_and_when_it_grows_one(
    tense: Room,
) -> None:
    await sent(tense, START + DAY)
    await tense.keep([_fresh(c, 500 + n) for n, c in enumerate(tension(TODAY + 2 * DAY, signals=5))])
    await tense.run_jobs(START + 2 * DAY)
    same = await sent(tense, START + 3 * DAY)
    await tense.keep([_fresh(c, 600 + n) for n, c in enumerate(tension(TODAY + 3 * DAY, signals=12))])
    await tense.run_jobs(START + 3 * DAY)
    grown = await sent(tense, START + 4 * DAY)

    assert same == []
    assert [kind for kind, _ in grown] == ["gegroeid"]


def _fresh(one: Any, number: int) -> Any:
    return replace(one, case_id=f"case-{number:016d}")


async def test_given_who_got_it_when_the_alert_is_read_then_roles_and_channels_without_names(tense: Room) -> None:
    await sent(tense, START + DAY)

    alert = await alert_of(tense)

    assert alert["ontvangers"] == [{"rol": "adv", "kanaal": "mail", "aantal": 1}]
    assert 0 < alert["volledigheid"] <= 1


async def test_given_a_look_by_a_clock_that_ran_ahead_when_it_is_right_again_then_looks_go_on(room: Room) -> None:
    await room.keep([*quiet_past(TODAY), *tension(TODAY)])
    async with room.database.transaction() as tx:
        await alerts.note_look(tx, CITY.code, Look(TODAY + 365 * DAY, 10**9, START + 365 * DAY, 0))

    await room.run_jobs()

    assert (await alert_of(room))["status"] == "open"


async def test_given_a_lease_by_a_clock_that_ran_ahead_when_it_is_right_again_then_the_message_goes(
    tense: Room,
) -> None:
    async with tense.database.transaction() as tx:
        ahead = START + 365 * DAY
        await store.claim(tx, now=ahead, lease="dead", until=ahead + deliver.LEASE, limit=9)

    assert [kind for kind, _ in await sent(tense, START + DAY)] == ["attendering"]


async def test_given_a_retry_that_would_fall_in_the_night_when_it_fails_then_it_waits_for_the_morning(
    tense: Room,
) -> None:
    at = START + dt.timedelta(hours=25)  # ten in the evening there
    await sent(tense, at, outcome="later")

    night = [await sent(tense, at + dt.timedelta(hours=hour)) for hour in range(1, 9)]
    morning = await sent(tense, at + dt.timedelta(hours=10))

    assert not any(night)
    assert [kind for kind, _ in morning] == ["attendering"]


async def test_given_an_address_nobody_confirms_when_its_time_is_over_then_it_is_forgotten(room: Room) -> None:
    made = (await room.ask("POST", "/abonnementen", json={"kanaal": "mail", "adres": "a@voorbeeld.nl"})).json()

    await room.run_jobs(START + 15 * DAY)

    async with room.database.reading() as tx:
        found = await store.find(tx, made["id"])
    assert found is not None
    assert (found.status, found.address) == ("beeindigd", b"")


async def test_given_a_person_who_asks_and_ends_again_when_it_is_the_twenty_first_in_a_day_then_409(room: Room) -> None:
    for _ in range(20):
        made = (await room.ask("POST", "/abonnementen", json={"kanaal": "mail", "adres": "a@voorbeeld.nl"})).json()
        await room.ask("DELETE", f"/abonnementen/{made['id']}")

    answer = await room.ask("POST", "/abonnementen", json={"kanaal": "mail", "adres": "a@voorbeeld.nl"})

    assert answer.status_code == 409


async def test_given_an_address_under_a_secret_that_is_gone_when_due_then_given_up_and_others_go(tense: Room) -> None:
    other = await subscribed(tense, role=Role.NETWERK)
    async with tense.database.transaction() as tx:
        rows = [row for row in await store.active(tx, CITY.code) if row.subscription_id != other]
        await tx.execute(
            store.SUBSCRIPTIONS.update()
            .where(store.SUBSCRIPTIONS.c.subscription_id == rows[0].subscription_id)
            .values(address=b"another secret's")
        )

    await sent(tense, START + DAY)

    tense.clock.move_to(START + DAY)
    log = (await tense.ask("GET", "/afleveringen", role=Role.BEHEER)).json()["afleveringen"]
    assert [(one["status"], one["uitkomst"], one["ontvanger"]) for one in log if one["soort"] == "attendering"] == [
        ("opgegeven", "address-lost", None)
    ]


async def test_given_a_partner_that_falls_silent_when_looked_at_then_the_bureau_is_mailed_once_that_day(
    room: Room,
) -> None:
    adv = await subscribed(room)
    await subscribed(room, role=Role.NETWERK)
    past = [c for c in quiet_past(TODAY) if c.source_ref != "partner-0" or c.arrived_on < TODAY - 90 * DAY]
    await room.keep(past)

    await room.run_jobs()
    await room.run_jobs(START + dt.timedelta(hours=1))

    notices = (await room.ask("GET", "/mededelingen", role=Role.BEHEER)).json()["mededelingen"]
    assert [(one["soort"], one["betreft"]) for one in notices] == [("quiet", "partner-0")]
    assert await sent(room, START + DAY) == [("mededeling", adv)]
