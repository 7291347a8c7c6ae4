# SPDX-License-Identifier: EUPL-1.2
"""Releases over HTTP: frozen, protected, attacked, approved by a second person, and read by who may."""

import asyncio
import datetime as dt
import random
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from services.stats import attacker_reading, release_schemas, releases
from services.stats.attacker import attack
from services.stats.service import counters_hold
from services.stats.storage import ledger
from shared import audit, outbox, source_tokens
from shared.access import Role
from shared.errors import SeinhuisError
from tests.unit.stats import releases_made
from tests.unit.stats.builders import event, retraction, tell
from tests.unit.stats.conftest import Room

RELEASES = "/stats/v1/publicaties"
FIGURES = "/stats/v1/cijfers"
TABSET = "application/vnd.seinhuis.tabset+json"
GROUNDS = ["ras", "leeftijd", "geslacht", "godsdienst", "handicap-chronische-ziekte"]
TERRAINS = ["onderwijs", "arbeidsmarkt", "buurt-wijk", "sport-recreatie"]
QUARTER = "soort=wga&van=2026-07-01&tot=2026-09-30"


def some_events(size: int, *, month: int = 8, start: int = 0, **given: Any) -> list[Any]:
    """Reports spread unevenly, as they are: a few grounds have most of them."""
    draw = random.Random(size + start)
    made = []
    for number in range(start, start + size):
        facts = {
            "grounds": tuple(draw.choices(GROUNDS, [9, 5, 3, 2, 1])),
            "terrain": draw.choices(TERRAINS, [8, 5, 3, 1])[0],
            "registered_on": dt.date(2026, month, 1 + number % 28),
            "record_key": draw.randrange(2**32),
            "source_ref": f"source-{number % 7}-abc",
        }
        made.append(event(number, **(facts | given)))
    return made


async def made(client: httpx2.AsyncClient, room: Room, period: str = "2026-K3", **more: Any) -> dict[str, Any]:
    answer = await client.post(RELEASES, json={"periode": period, **more}, headers=room.token(Role.ADV, "Noor"))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def approved(client: httpx2.AsyncClient, room: Room, period: str = "2026-K3") -> dict[str, Any]:
    release = await made(client, room, period)
    answer = await client.post(f"{RELEASES}/{release['id']}/goedkeuringen", headers=room.token(Role.ADV, "Sam"))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_given_a_closed_quarter_when_released_then_every_printed_count_is_true_and_no_small_one_follows(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(120), room.clock)

    release = await made(client, room)

    release_schemas.Publicatie.model_validate(release)
    exact = await client.get(f"{FIGURES}?rijen=grond&kolommen=terrein&{QUARTER}", headers=room.token(Role.ADV))
    truth = {(cell["grond"], cell["terrein"]): cell["aantal"] for cell in exact.json()["cellen"]}
    counted = next(one for one in release["tellingen"] if one["code"] == "wga")
    table = next(one for one in counted["tabellen"] if one["dimensies"] == ["grond", "terrein"])
    inner = [cell for cell in table["cellen"] if "totaal" not in (cell["grond"], cell["terrein"])]
    assert counted["totaal"] == 120
    assert all(cell["aantal"] in (None, truth.get((cell["grond"], cell["terrein"]), 0)) for cell in inner)
    assert not any(1 <= cell["aantal"] <= 4 for cell in inner if cell["aantal"] is not None)
    answer = await client.get(f"{RELEASES}/{release['id']}", headers=room.token(Role.ADV) | {"Accept": TABSET})
    assert attack(attacker_reading.read(answer.json()), seconds=60, elapsed=lambda: 0.0) == []


async def test_given_a_concept_when_its_maker_approves_then_only_a_second_person_can_and_the_world_is_told(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(60), room.clock)
    release = await made(client, room)
    address = f"{RELEASES}/{release['id']}/goedkeuringen"

    own = await client.post(address, headers=room.token(Role.ADV, "Noor"))
    other = await client.post(address, headers=room.token(Role.GEMEENTE, "Sam"))
    second = await client.post(address, headers=room.token(Role.ADV, "Sam"))
    again = await client.post(address, headers=room.token(Role.ADV, "Kim"))

    assert (own.status_code, other.status_code, second.status_code, again.status_code) == (403, 403, 201, 409)
    assert second.json()["status"] == "goedgekeurd"
    async with room.database.reading() as tx:
        events = await outbox.waiting(tx, limit=10)
        assert [json_entry["action"] for json_entry in await _entries(tx)][-2:] == ["release-made", "release-approved"]
    assert [one.envelope.topic for one in events] == ["release.approved.v1"]


async def _entries(tx: Any) -> list[dict[str, Any]]:
    import json

    return [json.loads(row["entry"]) for row in await audit.read(tx)]


@pytest.mark.parametrize("role", [Role.GEMEENTE, Role.NETWERK, Role.RAAD])
async def test_given_a_concept_when_others_read_then_nothing_until_it_is_approved(
    room: Room, client: httpx2.AsyncClient, role: Role
) -> None:
    await tell(room.database, some_events(120), room.clock)
    release = await made(client, room)
    question = f"{FIGURES}?rijen=grond&{QUARTER}"

    before = await client.get(question, headers=room.token(role))
    hidden = await client.get(f"{RELEASES}/{release['id']}", headers=room.token(role))
    await client.post(f"{RELEASES}/{release['id']}/goedkeuringen", headers=room.token(Role.ADV, "Sam"))
    after = await client.get(question, headers=room.token(role))

    assert (before.json()["cellen"], hidden.status_code) == ([], 404)
    body = after.json()
    assert (body["methode"], body["totaal"], body["status"]) == ("onderdrukt", 120, "definitief")
    printed = {cell["grond"]: cell["aantal"] for cell in body["cellen"]}
    exact = (await client.get(question, headers=room.token(Role.ADV))).json()["cellen"]
    assert printed["ras"] == next(cell["aantal"] for cell in exact if cell["grond"] == "ras")
    assert not any(1 <= number <= 4 for number in printed.values() if number is not None)


async def test_given_an_approved_quarter_when_anybody_asks_then_open_figures_are_near_and_always_the_same(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(120), room.clock)
    await approved(client, room)

    rows = (await client.get(f"{FIGURES}?rijen=grond&{QUARTER}")).json()
    again = (await client.get(f"{FIGURES}?rijen=kwartaal&kolommen=grond&{QUARTER}")).json()

    assert rows["methode"] == "celsleutel"
    assert abs(rows["totaal"] - 120) <= 5
    assert all(cell["aantal"] not in (1, 2) for cell in rows["cellen"])
    assert {c["grond"]: c["aantal"] for c in rows["cellen"]} == {c["grond"]: c["aantal"] for c in again["cellen"]}


@pytest.mark.parametrize(
    ("period", "status"), [("2026-K4", 409), ("2027-K1", 409), ("2026-K5", 400), ("2026-M07", 400), ("", 400)]
)
async def test_given_a_period_that_is_not_closed_or_no_period_when_released_then_it_is_refused(
    room: Room, client: httpx2.AsyncClient, period: str, status: int
) -> None:
    answer = await client.post(RELEASES, json={"periode": period}, headers=room.token(Role.ADV))

    assert answer.status_code == status


async def test_given_a_released_quarter_when_the_year_follows_with_late_reports_then_subtraction_gives_nothing_small(
    room: Room, client: httpx2.AsyncClient
) -> None:
    room.clock.move_to(dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
    await tell(room.database, some_events(90) + some_events(60, month=11, start=200), room.clock)
    await approved(client, room, "2026-K3")
    late = some_events(3, start=400, grounds=("leeftijd",))
    await tell(room.database, [*late, retraction(7)], room.clock)

    year = await approved(client, room, "2026")

    answer = await client.get(f"{RELEASES}/{year['id']}", headers=room.token(Role.RAAD) | {"Accept": TABSET})
    document = answer.json()
    assert any(name.startswith("uitgave") for name in document["dimensions"])
    assert attack(attacker_reading.read(document), seconds=60, elapsed=lambda: 0.0) == []


async def test_given_a_round_of_objections_when_a_source_objects_then_it_sees_its_own_share_alone(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(70), room.clock)
    release = await made(client, room, bezwaarTot="2026-12-01")
    address = f"{RELEASES}/{release['id']}"
    signing = room.keys.signing_key("staff")
    token = source_tokens.issue("source-1-abc", signing=signing, clock=room.clock, valid_for=dt.timedelta(days=9))
    source = {"Authorization": f"Bearer {token}"}

    share = await client.get(f"{address}/aandeel", headers=source)
    objected = await client.post(f"{address}/bezwaren", json={"tekst": "Dit klopt niet."}, headers=source)
    early = await client.post(f"{address}/goedkeuringen", headers=room.token(Role.ADV, "Sam"))
    as_staff = await client.get(f"{address}/aandeel", headers=room.token(Role.ADV))
    seen = await client.get(address, headers=room.token(Role.ADV))

    assert share.json()["zaken"]["wga"] == 10
    assert (objected.status_code, early.status_code, as_staff.status_code) == (201, 409, 401)
    assert [one["tekst"] for one in seen.json()["bezwaren"]] == ["Dit klopt niet."]


async def test_given_an_approved_release_when_retracted_then_its_figures_are_gone_and_a_revision_can_follow(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(80), room.clock)
    release = await approved(client, room)
    same = await client.post(RELEASES, json={"periode": "2026-K3"}, headers=room.token(Role.ADV))

    back = await client.post(
        f"{RELEASES}/{release['id']}/intrekkingen", json={"reden": "verkeerd geteld"}, headers=room.token(Role.ADV)
    )
    figures = await client.get(f"{FIGURES}?rijen=grond&{QUARTER}", headers=room.token(Role.RAAD))
    revision = await made(client, room)

    assert (same.status_code, back.status_code) == (409, 201)
    assert figures.json()["cellen"] == []
    assert revision["revisie"] == 2


@pytest.mark.parametrize("accept", ["text/csv", "application/pdf", "application/json", TABSET])
async def test_given_a_release_when_read_twice_in_any_form_then_the_bytes_are_the_same(
    room: Room, client: httpx2.AsyncClient, accept: str
) -> None:
    await tell(room.database, some_events(60), room.clock)
    release = await approved(client, room)
    headers = room.token(Role.GEMEENTE) | {"Accept": accept}

    first = await client.get(f"{RELEASES}/{release['id']}", headers=headers)
    second = await client.get(f"{RELEASES}/{release['id']}", headers=headers)

    assert first.status_code == 200
    assert first.headers["content-type"].startswith(accept)
    assert first.content == second.content


async def test_given_two_people_who_approve_at_once_when_both_ask_then_one_does_and_the_world_is_told_once(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, some_events(30), room.clock)
    address = f"{RELEASES}/{(await made(client, room))['id']}/goedkeuringen"

    answers = await asyncio.gather(
        *(client.post(address, headers=room.token(Role.ADV, name)) for name in ("Sam", "Kim", "Lou"))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    async with room.database.reading() as tx:
        assert [one.envelope.topic for one in await outbox.waiting(tx, limit=10)] == ["release.approved.v1"]


@pytest.mark.parametrize(
    "wrong",
    [
        sa.update(ledger.CELLS).values(counts=sa.func.replace(ledger.CELLS.c.counts, ":3", ":4")),
        sa.delete(ledger.CELLS).where(ledger.CELLS.c.span == "2026-K3", ledger.CELLS.c.pair == "ground|terrain"),
    ],
    ids=["changed", "gone"],
)
async def test_given_a_wrong_counter_when_a_release_is_asked_for_then_it_is_refused_and_check_says_so(
    room: Room, client: httpx2.AsyncClient, wrong: Any
) -> None:
    await tell(room.database, some_events(30), room.clock)
    async with room.database.transaction() as tx:
        await ledger.count(tx, limit=1_000)
    async with room.database.reading() as tx:
        assert await counters_hold(tx)

    async with room.database.transaction() as tx:
        await tx.execute(wrong)
    answer = await client.post(RELEASES, json={"periode": "2026-K3"}, headers=room.token(Role.ADV))

    assert (answer.status_code, answer.json()["code"]) == (409, "counts_differ")
    async with room.database.reading() as tx:
        assert not await counters_hold(tx)
    assert (await client.get(RELEASES, headers=room.token(Role.ADV))).json() == {"publicaties": []}


@pytest.mark.parametrize(
    ("by", "binding", "refused"),
    [
        ("Sam", (), None), ("Noor", (), "second_person_needed"), ("Sam", ("r1",), "release_outdated"),
    ],
)  # fmt: skip
def test_given_a_concept_when_it_is_approved_then_by_another_and_only_while_nothing_came_out_since(
    by: str, binding: tuple[str, ...], refused: str | None
) -> None:
    concept = releases_made.release("2026-H1", {}, approved_by=None, approved_at=None, considered=())
    if refused is None:
        releases.require_approvable(concept, by=by, today=dt.date(2026, 8, 3), binding=binding)
        return
    with pytest.raises(SeinhuisError) as caught:
        releases.require_approvable(concept, by=by, today=dt.date(2026, 8, 3), binding=binding)
    assert caught.value.code == refused
