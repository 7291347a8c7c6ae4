# SPDX-License-Identifier: EUPL-1.2
"""The books of stats, one suite on both engines: ledger, counts, forms on file and what two processes do at once."""

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.stats import cells, form_catalog, freeze, wga
from services.stats.facts import Facts
from services.stats.recount import recount
from services.stats.service import MIGRATIONS
from services.stats.storage import forms, ledger
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import MovableClock
from shared.contracts import SignalAnonymised
from shared.database import Database
from shared.errors import Conflict, Forbidden
from shared.migrations import migrate
from tests.real import postgres
from tests.unit.stats.builders import CITY, NOW, Word, event, retraction, tell

FORM = form_catalog.load()[0]
CLOCK = MovableClock(NOW)
ALL_OF_2026 = dict.fromkeys(cells.PAIRS, ("2026",))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of stats on either engine."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'stats.sqlite'}"
    if request.param == "postgresql":
        url = postgres.create_database(request.getfixturevalue("postgres_url"), f"stats_{uuid4().hex[:12]}")
    opened = Database(url)
    await opened.open()
    await migrate(opened, MIGRATIONS)
    yield opened
    await opened.close()


def words(seed: int, count: int) -> list[Word]:
    """What is said of some cases, shuffled, a part of it twice."""
    chance = random.Random(seed)
    said: dict[tuple[int, int], Word] = {}
    for _ in range(count):
        number, revision = chance.randrange(count // 3), chance.randrange(1, 5)
        given: dict[str, Any] = {
            "terrain": chance.choice(["onderwijs", "overig"]),
            "grounds": chance.choice([("ras",), ("ras", "leeftijd")]),
            "registered_on": dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(300)),
            "kind": chance.choice(["melding", "signaal"]),
        }
        gone = revision > 1 and chance.random() < 0.2
        word = retraction(number, revision=revision) if gone else event(number, revision=revision, **given)
        said.setdefault((number, revision), word)
    arriving = [*said.values(), *list(said.values())[::4]]
    chance.shuffle(arriving)
    return arriving


def newest(said: list[Word]) -> list[Facts]:
    """The facts that count in the end."""
    last: dict[str, Word] = {}
    for word in said:
        if word.case_id not in last or last[word.case_id].revision < word.revision:
            last[word.case_id] = word
    return [Facts.of(word) for word in last.values() if isinstance(word, SignalAnonymised)]


async def count_all(database: Database, *, limit: int) -> None:
    while True:
        async with database.transaction() as tx:
            if not await ledger.count(tx, limit=limit):
                return


async def form_of(database: Database) -> wga.Form:
    async with database.reading() as tx:
        return await forms.live(FORM, tx, municipality=CITY, year=2026, with_mass=True)


async def test_given_words_in_any_order_when_they_are_handled_then_the_books_are_those_of_the_newest(
    database: Database,
) -> None:
    arriving = words(1, 120)
    for start in range(0, len(arriving), 17):
        await tell(database, arriving[start : start + 17], CLOCK)
        if start % 2:
            await count_all(database, limit=23)

    tally = wga.from_facts(FORM, newest(arriving), with_mass=True)
    assert await form_of(database) == wga.filled(FORM, tally, municipality=CITY, year=2026, with_mass=True)
    async with database.reading() as tx:
        assert (await recount(tx)).ok


async def test_given_two_processes_when_they_handle_and_count_at_once_then_nothing_is_lost_or_counted_twice(
    database: Database,
) -> None:
    other = Database(database.url)
    await other.open()
    arriving = words(2, 150)
    seen: list[int] = []

    async def handle(mine: Database, part: list[Word]) -> None:
        for word in part:  # one by one: the two sides meet as often as they can
            while True:
                try:
                    await tell(mine, [word], CLOCK)
                    break
                except Conflict:  # the other side was first with this case; delivery tries again too
                    await asyncio.sleep(0)

    async def look() -> None:
        for _ in range(20):
            async with other.reading() as tx:
                sheets = await ledger.sheets(tx, CITY, wanted=ALL_OF_2026, basis="registered")
            seen.append(min((number for counts in sheets.values() for number in counts.values()), default=1))

    try:
        await asyncio.gather(
            handle(database, [w for w in arriving if isinstance(w, SignalAnonymised)]),
            handle(other, [w for w in arriving if not isinstance(w, SignalAnonymised)]),
            count_all(database, limit=3),
            count_all(other, limit=3),
            look(),
        )
    finally:
        await other.close()
    await count_all(database, limit=50)

    tally = wga.from_facts(FORM, newest(arriving), with_mass=True)
    assert await form_of(database) == wga.filled(FORM, tally, municipality=CITY, year=2026, with_mass=True)
    assert min(seen) > 0  # no moment at which a case was taken off before it was counted
    async with database.reading() as tx:
        assert (await recount(tx)).ok


async def test_given_a_year_that_is_over_when_two_people_settle_it_then_one_form_is_kept(database: Database) -> None:
    audit = AuditLog("stats", CLOCK, b"secret", Ed25519PrivateKey.generate())
    noor, bram = (Staff(name, Role.ADV, NOW + dt.timedelta(hours=1)) for name in ("Noor", "Bram"))
    await tell(database, [event(1, registered_on=dt.date(2025, 5, 1))], CLOCK)

    async with database.transaction() as tx:
        filed = await freeze.propose(
            FORM, tx, municipality=CITY, year=2025, this_year=2026, staff=noor, audit=audit, clock=CLOCK
        )
    with pytest.raises(Forbidden):
        async with database.transaction() as tx:
            await freeze.approve(filed.id, tx, year=2025, staff=noor, audit=audit, clock=CLOCK, schemas=(FORM,))
    async with database.transaction() as tx:
        await freeze.approve(filed.id, tx, year=2025, staff=bram, audit=audit, clock=CLOCK, schemas=(FORM,))

    async with database.reading() as tx:
        settled = await forms.settled(tx, municipality=CITY, years=[2024, 2025])
    assert {year: (one.revision, one.proposed_by, one.approved_by) for year, one in settled.items()} == {
        2025: (1, "Noor", "Bram")
    }
    assert settled[2025].form == filed.form
    assert settled[2025].approved_at == NOW
