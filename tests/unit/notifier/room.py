# SPDX-License-Identifier: EUPL-1.2
"""The notifier alone: its database, its application and its jobs, with a clock that is moved.

Owns valid things a test starts from. Never asserts.
"""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx2

from services.notifier import service
from services.notifier.series import SeriesCase
from services.notifier.storage import series
from shared import municipalities
from shared.access import Role, issue
from shared.clock import MovableClock
from shared.database import Database
from shared.keys import KeyStore, create
from shared.metrics import Metrics
from shared.migrations import migrate
from shared.runtime import PublicUrl, Service, Surroundings

START = dt.datetime(2026, 11, 2, 20, tzinfo=dt.UTC)
CITY = municipalities.load().default
HERE = CITY.districts.in_order[0].code
THERE = CITY.districts.in_order[1].code


@dataclass(slots=True)
class Room:
    """A notifier that is open for business."""

    service: Service
    clock: MovableClock
    keys: KeyStore
    metrics: Metrics
    client: httpx2.AsyncClient
    folder: Path

    @property
    def database(self) -> Database:
        return self.service.database

    def token(self, role: Role, name: str = "Sam") -> str:
        key = self.keys.signing_key("staff")
        return issue(name, role, signing=key, clock=self.clock, valid_for=dt.timedelta(days=3000))

    async def ask(self, method: str, path: str, *, role: Role | None = Role.ADV, name: str = "Sam", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token(role, name)}"} if role else {}
        return await self.client.request(method, f"/notifier/v1{path}", headers=headers, **more)

    async def keep(self, cases: Iterable[SeriesCase]) -> None:
        async with self.database.transaction() as tx:
            await series.save(tx, list(cases), known=())

    async def run_jobs(self, at: dt.datetime | None = None) -> None:
        if at is not None:
            self.clock.move_to(at)
        for job in self.service.jobs:
            job.last_run_at = None
        await self.service.run_due_jobs(self.clock.now(), self.metrics)
        assert not _failed(self.metrics)


def _failed(metrics: Metrics) -> float:
    return sum(
        sample.value
        for family in metrics.job_runs.collect()
        for sample in family.samples
        if sample.labels.get("outcome") == "failed" and sample.name.endswith("_total")
    )


@contextlib.asynccontextmanager
async def notifier(folder: Path, *, database_url: str | None = None) -> AsyncIterator[Room]:
    """The room, on SQLite unless another database is named."""
    clock, metrics = MovableClock(START), Metrics()
    keys = create(folder / "keys", at=START)
    surroundings = Surroundings(
        clock=clock,
        metrics=metrics,
        keys=keys,
        bus_url=f"embedded://{folder / 'log.sqlite'}",
        event_source="urn:nld:oin:00000099000000000000:systeem:test",
        municipalities=municipalities.load(),
        public_url=PublicUrl("https://seinhuis.example"),
        embedded=True,
        data_folder=folder,
    )
    made = service.build(surroundings, database_url or f"sqlite+aiosqlite:///{folder / 'notifier.sqlite'}")
    await made.database.open()
    try:
        await migrate(made.database, service.MIGRATIONS)
        transport = httpx2.ASGITransport(app=made.app)
        async with httpx2.AsyncClient(transport=transport, base_url="https://seinhuis.example") as client:
            yield Room(made, clock, keys, metrics, client, folder)
    finally:
        await made.database.close()


def case(number: int, on: dt.date, **more: Any) -> SeriesCase:
    """One signal, sent in the week it happened."""
    plain = SeriesCase(
        case_id=f"case-{number:016d}",
        revision=1,
        retracted=False,
        municipality=CITY.code,
        kind="signaal",
        grounds=("ras",),
        terrain="openbare-ruimte",
        district=HERE,
        source_ref=f"partner-{number % 6}",
        mass_event=None,
        arrived_on=on,
        happened_on=on - dt.timedelta(days=on.weekday()),
    )
    return replace(plain, **more)


def quiet_past(until: dt.date, *, weeks: int = 70, a_week: int = 6, seed: int = 7) -> list[SeriesCase]:
    """An even past: signals on every ground, setting and district, from six partners."""
    dice = Random(seed)
    grounds = ("ras", "godsdienst", "geslacht", "leeftijd", "handicap-chronische-ziekte")
    terrains = ("openbare-ruimte", "onderwijs", "arbeidsmarkt", "buurt-wijk")
    districts = [code.code for code in CITY.districts.in_order[:6]]
    return [
        case(
            100_000 + week * 100 + number,
            until - dt.timedelta(days=7 * week + dice.randrange(7)),
            grounds=(dice.choice(grounds),),
            terrain=dice.choice(terrains),
            district=dice.choice(districts),
            source_ref=f"partner-{dice.randrange(6)}",
        )
        for week in range(1, weeks)
        for number in range(a_week)
    ]


def tension(until: dt.date, *, signals: int = 12, partners: int = 4, **more: Any) -> list[SeriesCase]:
    """Signals on one ground in one district within two weeks."""
    return [
        case(number, until - dt.timedelta(days=number % 12), source_ref=f"partner-{number % partners}", **more)
        for number in range(signals)
    ]
