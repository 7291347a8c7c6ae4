# SPDX-License-Identifier: EUPL-1.2
"""A release whose process is killed, at every step of making and approving: no half release, and it can be redone."""

import asyncio
import datetime as dt
import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from services.stats import approve, joint, publish, publishing
from services.stats.catalogue_files import load
from services.stats.publish import Asked, Releasing
from services.stats.releases import Release
from services.stats.service import code_order
from services.stats.storage import releases as kept
from shared import audit, municipalities, outbox, vocabulary
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import MovableClock
from shared.database import Database, Transaction
from tests.unit.stats.builders import CITY, NOW, tell
from tests.unit.stats.test_releases_api import some_events

LATER = NOW + dt.timedelta(hours=1)
MAKER, SECOND = Staff("Noor", Role.ADV, LATER), Staff("Sam", Role.ADV, LATER)
TODAY = NOW.date()


def releasing() -> Releasing:
    clock = MovableClock(NOW)
    order = code_order(vocabulary.load(), municipalities.load())
    return Releasing(load().of, order, AuditLog("stats", clock, b"s" * 32), clock)


async def opened(file: Path) -> Database:
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.open()
    return database


async def make(file: Path) -> Release:
    """A concept of the third quarter, as the service makes it."""
    database, parts = await opened(file), releasing()
    try:
        async with database.reading() as tx:
            material = await publish.gather(Asked(CITY, "2026-K3"), tx, staff=MAKER, today=TODAY, releasing=parts)
        made = publishing.make(material, now=lambda: 0.0)
        return await database.in_group(lambda tx: publish.keep(made, tx, staff=MAKER, audit=parts.audit))
    finally:
        await database.close()


async def give_approval(file: Path) -> None:
    """The one concept, approved by a second person."""
    database, parts = await opened(file), releasing()

    async def approved(tx: Transaction) -> Release:
        (concept,) = await kept.of(tx, CITY)
        return await approve.approve(
            concept.id, tx, staff=SECOND, today=TODAY, audit=parts.audit, clock=parts.clock, source="urn:test"
        )

    try:
        await database.in_group(approved)
    finally:
        await database.close()


async def state(file: Path) -> tuple[list[str], int, list[str]]:
    """The states of all releases, how many events wait, and what the audit log says."""
    database = await opened(file)
    try:
        async with database.reading() as tx:
            found: list[str] = [one.state for one in await kept.of(tx, CITY)]
            waiting = [one for one in await outbox.waiting(tx, limit=10) if one.envelope.topic == "release.approved.v1"]
            said = [json.loads(row["entry"])["action"] for row in await audit.read(tx)]
    finally:
        await database.close()
    return found, len(waiting), said


@pytest.fixture(scope="module")
def with_cases(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a closed quarter of cases."""
    file = tmp_path_factory.mktemp("cases") / "stats.sqlite"
    shutil.copy(migrated, file)

    async def fill() -> None:
        database = await opened(file)
        await tell(database, some_events(25), MovableClock(NOW))
        await database.close()

    asyncio.run(fill())
    return file


@pytest.fixture(scope="module")
def with_concept(with_cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a concept made of it."""
    file = tmp_path_factory.mktemp("concept") / "stats.sqlite"
    shutil.copy(with_cases, file)
    asyncio.run(make(file))
    return file


def killed(module: ModuleType, name: str, work: Callable[[Path], Any], file: Path, *, before: bool) -> None:
    """Run the work in a process of its own that is killed right before or after it calls this function."""

    def in_child() -> None:
        original = getattr(module, name)

        def die(*arguments: Any, **named: Any) -> Any:
            if before:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = original(*arguments, **named)
            if asyncio.iscoroutine(answer):

                async def then_die() -> None:
                    await answer
                    os.kill(os.getpid(), signal.SIGKILL)

                return then_die()
            os.kill(os.getpid(), signal.SIGKILL)
            return answer

        setattr(module, name, die)
        asyncio.run(work(file))

    child = multiprocessing.get_context("fork").Process(target=in_child)
    child.start()
    child.join(timeout=120)
    assert child.exitcode == -signal.SIGKILL


MAKING = [
    (kept, "cases_of", True), (publishing, "make", True), (joint, "protect_count", False), (publishing, "make", False),
    (kept, "save", True), (kept, "save", False),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name", "before"), MAKING, ids=[f"{n}-{b}" for _, n, b in MAKING])
def test_given_a_release_in_the_making_when_killed_then_there_is_none_and_it_can_be_made(
    with_cases: Path, tmp_path: Path, module: ModuleType, name: str, before: bool
) -> None:
    file = tmp_path / "stats.sqlite"
    shutil.copy(with_cases, file)

    killed(module, name, make, file, before=before)

    assert asyncio.run(state(file)) == ([], 0, [])
    if (name, before) == ("save", False):
        asyncio.run(make(file))
        assert asyncio.run(state(file))[0] == ["concept"]


APPROVING = [(kept, "lock", False), (kept, "approve", True), (kept, "approve", False), (outbox, "enqueue", False)]


@pytest.mark.parametrize(("module", "name", "before"), APPROVING, ids=[f"{n}-{b}" for _, n, b in APPROVING])
def test_given_an_approval_on_its_way_when_killed_then_it_did_not_happen_and_nobody_was_told(
    with_concept: Path, tmp_path: Path, module: ModuleType, name: str, before: bool
) -> None:
    file = tmp_path / "stats.sqlite"
    shutil.copy(with_concept, file)

    killed(module, name, give_approval, file, before=before)

    found, waiting, said = asyncio.run(state(file))
    assert (found, waiting, len(said)) == (["concept"], 0, 1)
    asyncio.run(give_approval(file))
    found, waiting, said = asyncio.run(state(file))
    assert (found, waiting, len(said)) == (["goedgekeurd"], 1, 2)


def test_given_a_day_after_a_kill_when_it_is_made_again_then_nothing_of_the_first_try_is_left(
    with_concept: Path, tmp_path: Path
) -> None:
    file = tmp_path / "stats.sqlite"
    shutil.copy(with_concept, file)

    again = asyncio.run(make(file))

    assert again.made_at == NOW + dt.timedelta(0)
    assert asyncio.run(state(file))[0] == ["concept"]
