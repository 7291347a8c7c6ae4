# SPDX-License-Identifier: EUPL-1.2
"""A stats database on SQLite, a clock that stands still, and the service behind a client without a network."""

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from services.stats.service import MIGRATIONS, build
from shared import keys, municipalities
from shared.access import Role, issue
from shared.clock import MovableClock
from shared.database import Database
from shared.keys import KeyStore
from shared.metrics import Metrics
from shared.migrations import migrate
from shared.runtime import PublicUrl, Service, Surroundings
from tests.unit.stats.builders import NOW


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables in it and nothing else, to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("stats") / "migrated.sqlite"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await database.open()
        await migrate(database, MIGRATIONS)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, tmp_path / "stats.sqlite")
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'stats.sqlite'}")
    await opened.open()
    yield opened
    await opened.close()


@dataclass(frozen=True, slots=True)
class Room:
    """The service with its database open; no bus, no jobs."""

    service: Service
    keys: KeyStore
    clock: MovableClock

    @property
    def database(self) -> Database:
        """The service's own database."""
        return self.service.database

    def token(self, role: Role, name: str = "Noor") -> dict[str, str]:
        """The header of a signed-in person."""
        signing = self.keys.signing_key("staff")
        made = issue(name, role, signing=signing, clock=self.clock, valid_for=dt.timedelta(hours=1))
        return {"Authorization": f"Bearer {made}"}


@pytest.fixture
async def room(migrated: Path, tmp_path: Path, clock: MovableClock) -> AsyncIterator[Room]:
    store = keys.create(tmp_path / "keys", at=NOW)
    surroundings = Surroundings(
        clock=clock, metrics=Metrics(), keys=store, bus_url=f"embedded://{tmp_path / 'log.sqlite'}",
        event_source="urn:nld:oin:00000099000000000000:systeem:seinhuis", municipalities=municipalities.load(),
        public_url=PublicUrl(), embedded=True, data_folder=tmp_path,
    )  # fmt: skip
    shutil.copy(migrated, tmp_path / "stats.sqlite")
    service = build(surroundings, f"sqlite+aiosqlite:///{tmp_path / 'stats.sqlite'}")
    await service.database.open()
    yield Room(service, store, clock)
    await service.database.close()


@pytest.fixture
async def client(room: Room) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=room.service.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://stats.test") as made:
        yield made
