# SPDX-License-Identifier: EUPL-1.2
"""A intake database on SQLite, a clock that stands still, and the service behind a client without a network."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from services.intake import partners
from services.intake.service import build
from services.intake.storage import MIGRATIONS
from shared import keys, municipalities
from shared.clock import MovableClock
from shared.database import Database
from shared.keys import KeyStore
from shared.metrics import Metrics
from shared.migrations import migrate
from shared.runtime import PublicUrl, Service, Surroundings
from tests.unit.intake.builders import NOW


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables in it and nothing else, to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("intake") / "migrated.sqlite"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await database.open()
        await migrate(database, MIGRATIONS)
        await database.close()

    asyncio.run(make())
    return file


@dataclass(frozen=True, slots=True)
class Room:
    """The service with its database open; no bus, no jobs."""

    service: Service
    keys: KeyStore
    clock: MovableClock
    metrics: Metrics

    @property
    def database(self) -> Database:
        """The service's own database."""
        return self.service.database

    async def partner(self, name: str = "bibliotheek", *, adv: bool = False) -> dict[str, str]:
        """The header of a new partner."""
        async with self.database.transaction() as tx:
            key = await partners.add_partner(
                name, tx, adv=adv, municipality=municipalities.load().default.code,
                secret=self.keys.secret("intake"), clock=self.clock,
            )  # fmt: skip
        return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def room(
    migrated: Path, tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    monkeypatch.setenv("INTAKE_CODE_ANSWER_SECONDS", "0")
    store = keys.create(tmp_path / "keys", at=NOW)
    surroundings = Surroundings(
        clock=clock, metrics=Metrics(), keys=store, bus_url=f"embedded://{tmp_path / 'log.sqlite'}",
        event_source="urn:nld:oin:00000099000000000000:systeem:seinhuis", municipalities=municipalities.load(),
        public_url=PublicUrl(), embedded=True, data_folder=tmp_path,
    )  # fmt: skip
    shutil.copy(migrated, tmp_path / "intake.sqlite")
    service = build(surroundings, f"sqlite+aiosqlite:///{tmp_path / 'intake.sqlite'}")
    await service.database.open()
    yield Room(service, store, clock, surroundings.metrics)
    await service.database.close()


@pytest.fixture
async def client(room: Room) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=room.service.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://intake.test") as made:
        yield made
