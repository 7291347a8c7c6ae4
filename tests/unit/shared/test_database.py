# SPDX-License-Identifier: EUPL-1.2
"""Transactions and group commit, on SQLite."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.database import SQLITE_READERS, Database, Transaction, ping
from shared.errors import Conflict, Rejected, Unavailable

THINGS = sa.Table("things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path}/things.sqlite")
    await made.open()
    async with made.transaction() as tx:
        await tx.execute(sa.text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    yield made
    await made.close()


async def ids(database: Database) -> list[int]:
    async with database.reading() as tx:
        return [row["id"] for row in await tx.rows(sa.select(THINGS.c.id).order_by(THINGS.c.id))]


async def test_given_an_error_when_leaving_a_transaction_then_nothing_is_kept(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            tx.add(THINGS, id=1, name="a")
            await tx.flush()
            raise Rejected("stop")

    with pytest.raises(Rejected):
        await fail()

    assert await ids(database) == []


async def test_given_rows_added_when_reading_in_the_same_transaction_then_they_are_seen(database: Database) -> None:
    async with database.transaction() as tx:
        tx.add(THINGS, id=1, name="a")
        found = await tx.scalar(sa.select(sa.func.count()).select_from(THINGS))

    assert found == 1


async def test_given_a_row_that_is_there_when_inserting_it_again_then_conflict_without_its_values(
    database: Database,
) -> None:
    async def insert() -> None:
        async with database.transaction() as tx:
            tx.add(THINGS, id=1, name="secret-name")

    await insert()
    with pytest.raises(Conflict) as caught:
        await insert()

    assert caught.value.code == "constraint"
    assert "secret-name" not in str(caught.value.__cause__)


async def test_given_many_at_once_when_committing_in_groups_then_all_are_kept_and_each_gets_its_result(
    database: Database,
) -> None:
    async def one(number: int, tx: Transaction) -> int:
        tx.add(THINGS, id=number, name="x")
        return number

    results = await asyncio.gather(*(database.in_group(partial(one, n)) for n in range(300)))

    assert results == list(range(300))
    assert await ids(database) == list(range(300))


async def test_given_one_bad_item_when_its_group_commits_then_only_it_fails(database: Database) -> None:
    async def one(number: int, tx: Transaction) -> None:
        tx.add(THINGS, id=number, name="x")

    async def refuse(tx: Transaction) -> None:
        tx.add(THINGS, id=77, name="never")
        raise Rejected("no")

    works = [partial(one, n) for n in (1, 2, 2, 3)]
    outcomes = await asyncio.gather(
        *(database.in_group(work) for work in works), database.in_group(refuse), return_exceptions=True
    )

    assert await ids(database) == [1, 2, 3]
    assert [type(outcome) for outcome in outcomes].count(Conflict) == 1
    assert isinstance(outcomes[-1], Rejected)


async def test_given_a_bug_in_one_item_when_its_group_commits_then_the_writer_goes_on(database: Database) -> None:
    async def bug(tx: Transaction) -> None:
        raise ZeroDivisionError

    async def good(tx: Transaction) -> str:
        tx.add(THINGS, id=5, name="x")
        return "done"

    outcomes = await asyncio.gather(database.in_group(bug), database.in_group(good), return_exceptions=True)
    later = await database.in_group(ok)

    assert isinstance(outcomes[0], ZeroDivisionError)
    assert (outcomes[1], later) == ("done", "ok")


async def ok(tx: Transaction) -> str:
    return "ok"


async def test_given_a_signal_when_the_transaction_commits_then_its_event_is_set(database: Database) -> None:
    event = database.event("filled")

    async with database.transaction() as tx:
        tx.signal("filled")
        before = event.is_set()

    assert (before, event.is_set()) == (False, True)


async def test_given_a_damaged_file_when_reading_then_unavailable_says_so(tmp_path: Path) -> None:
    (tmp_path / "bad.sqlite").write_bytes(b"this is no database at all" * 100)
    damaged = Database(f"sqlite+aiosqlite:///{tmp_path}/bad.sqlite")
    await damaged.open()

    with pytest.raises(Unavailable) as caught:
        async with damaged.reading() as tx:
            await tx.rows(sa.select(THINGS))
    alive = await ping(damaged)
    await damaged.close()

    assert caught.value.code == "database_damaged"
    assert not alive


async def test_given_every_reader_in_use_when_one_more_is_asked_for_then_unavailable_and_later_it_works(
    tmp_path: Path,
) -> None:
    narrow = Database(f"sqlite+aiosqlite:///{tmp_path}/narrow.sqlite", pool_wait_seconds=0.01)
    await narrow.open()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(SQLITE_READERS):
            await stack.enter_async_context(narrow.reading())
        with pytest.raises(Unavailable) as refused:
            await stack.enter_async_context(narrow.reading())
    answers = await ping(narrow)
    await narrow.close()

    assert (refused.value.code, answers) == ("database_busy", True)
