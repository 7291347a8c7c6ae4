# SPDX-License-Identifier: EUPL-1.2
"""Builders for tests of the plumbing: a database with the tables every service has, events, records.

Owns valid things a test starts from. Never asserts.
"""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from shared import contracts
from shared.clock import MovableClock
from shared.contracts import SignalRetracted
from shared.database import Database
from shared.migrations import migrate

SOURCE = "urn:nld:oin:00000099000000000000:systeem:test"
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
ROOT = Path(__file__).resolve().parent.parent


@contextlib.asynccontextmanager
async def migrated(url: str, service: str) -> AsyncIterator[Database]:
    """A service's database, open and up to date."""
    database = Database(url)
    await database.open()
    try:
        await migrate(database, ROOT / "services" / service / "migrations")
        yield database
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the bus hands it over."""

    value: bytes
    headers: dict[str, str]
    topic: str = SignalRetracted.topic
    partition: int = 0
    offset: int = 0
    key: bytes | None = b"case"


@dataclass(slots=True)
class Waits:
    """Takes the place of sleeping, and remembers how long it was asked to."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        """Do not wait."""
        self.seconds.append(seconds)


def retraction(case_id: str = "case-0123456789abcdef", revision: int = 2) -> SignalRetracted:
    """The smallest event there is."""
    return SignalRetracted(case_id=case_id, revision=revision, reason="withdrawn")


def record(event: contracts.Event | None = None, *, event_id: str | None = None) -> Record:
    """An event as a received record."""
    made = contracts.envelope(event or retraction(), source=SOURCE, at=NOON, event_id=event_id or str(uuid4()))
    return Record(made.value, dict(made.headers), topic=made.topic, key=made.key)


def clock_at_noon() -> MovableClock:
    """A clock that stands at noon."""
    return MovableClock(NOON)
