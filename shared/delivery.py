# SPDX-License-Identifier: EUPL-1.2
"""The delivery policy: one batch, one transaction, exactly one effect per event.

Owns retry, back-off, dead letters and the stop limit, for every service alike. A batch is tried whole; when something
in it fails, its records go one by one, so that one bad record costs the others nothing. Returning means "acknowledge",
raising means "deliver again"; the bus has no delay of its own, so the waiting happens here, bounded below the bus's
patience with a silent consumer.
"""

import asyncio
import datetime as dt
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

import sqlalchemy as sa

from shared import contracts, inbox, logs, outbox
from shared.clock import Clock
from shared.database import Database, Transaction, UtcDateTime
from shared.errors import NotFound, Rejected, SeinhuisError, Unavailable
from shared.metrics import Metrics
from shared.migrations import BIG_ID

E = TypeVar("E", bound=contracts.Event)

_metadata = sa.MetaData()
_CHANCE: Final = secrets.SystemRandom()  # jitter needs no seed, and no global generator is touched

DEAD_LETTERS: Final = sa.Table(
    "dead_letters",
    _metadata,
    sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(64)),
    sa.Column("topic", sa.String(100)),
    sa.Column("key", sa.LargeBinary),
    sa.Column("value", sa.LargeBinary),
    sa.Column("headers", sa.Text),
    sa.Column("code", sa.String(60)),
    sa.Column("attempts", sa.Integer),
    sa.Column("buried_at", UtcDateTime),
    sqlite_autoincrement=True,
)


class Received(Protocol):
    """A record as the bus hands it over, undecoded."""

    @property
    def topic(self) -> str: ...  # noqa: D102 - said by the name
    @property
    def partition(self) -> int: ...  # noqa: D102 - said by the name
    @property
    def offset(self) -> int: ...  # noqa: D102 - said by the name
    @property
    def key(self) -> bytes | None: ...  # noqa: D102 - said by the name
    @property
    def value(self) -> bytes: ...  # noqa: D102 - said by the name
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102 - said by the name


@dataclass(frozen=True, slots=True)
class Delivered(Generic[E]):
    """A parsed event with what its envelope said."""

    event: E
    event_id: str
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Policy:
    """How long to try before giving up.

    Units: seconds. `patience_seconds` stays well below Kafka's `max.poll.interval.ms` of five minutes, or the group
    would take the partition away in the middle of a wait.
    """

    attempts: int = 5
    backoff_seconds: float = 0.1
    backoff_limit_seconds: float = 5.0
    patience_seconds: float = 60.0
    halt_after: int = 25
    halt_pause_seconds: float = 5.0


class Halted(SeinhuisError):
    """Too many messages in a row could not be handled: nothing more is set aside until somebody has looked."""


Handle = Callable[[Sequence[Delivered[E]], Transaction], Awaitable[None]]


@dataclass(slots=True)
class Delivery(Generic[E]):
    """Hands the records of one topic to one use case of one service."""

    service: str
    source: str
    model: type[E]
    handle: Handle[E]
    database: Database
    clock: Clock
    metrics: Metrics
    policy: Policy = field(default_factory=Policy)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    buried_in_a_row: int = 0
    halted: bool = False

    async def __call__(self, records: Sequence[Received]) -> None:
        """Handle a batch. Raises: Unavailable or Halted when it must be delivered again."""
        started = self.clock.monotonic()
        if self.halted:
            await self.sleep(self.policy.halt_pause_seconds)
        try:
            await self._patiently(records)
        except (Unavailable, Halted):
            raise
        except Exception:  # a record in the batch is bad, or we have a bug: find out which by taking them one by one
            for record in records:
                await self._alone(record)
        self._set_halted(halted=False)
        self.metrics.batch_seconds.labels(self.service, self.model.topic).observe(self.clock.monotonic() - started)

    async def _patiently(self, records: Sequence[Received]) -> None:
        """Handle the records in one transaction, waiting out a dependency that is away for a while."""
        deadline = self.clock.monotonic() + self.policy.patience_seconds
        attempt = 0
        while True:
            try:
                return await self._once(records)
            except Unavailable as away:
                attempt += 1
                pause = self._pause(attempt)
                self.metrics.retried.labels(self.service, self.model.topic).inc()
                logs.logger().warning(
                    "batch_retried", service=self.service, topic=self.model.topic, code=away.code, attempts=attempt
                )
                if self.clock.monotonic() + pause > deadline:
                    raise
                await self.sleep(pause)

    async def _once(self, records: Sequence[Received]) -> None:
        by_id = {_event_id(record): record for record in reversed(records)}
        async with self.database.transaction() as tx:
            fresh = await inbox.first_time(tx, [_event_id(record) for record in records], today=self.clock.now().date())
            events = []
            for event_id in dict.fromkeys(_event_id(record) for record in records):
                if event_id in fresh:
                    record = by_id[event_id]
                    event = contracts.parse(self.model, record.value, record.headers)
                    events.append(Delivered(event, event_id, record.headers.get("traceparent")))
            if events:
                await self.handle(events, tx)
        self.metrics.handled.labels(self.service, self.model.topic).inc(len(events))
        if events:
            self.buried_in_a_row = 0

    async def _alone(self, record: Received) -> None:
        """Handle one record, or set it aside."""
        for attempt in range(1, self.policy.attempts + 1):
            try:
                return await self._patiently([record])
            except (Unavailable, Halted):
                raise
            except Rejected as rejection:
                return await self._bury(record, rejection.code, attempt)
            except Exception as error:  # our own bug: bounded tries, then out of the way, and somebody must look
                if attempt == self.policy.attempts:
                    logs.logger().error(
                        "unexpected_error", service=self.service, topic=record.topic, error_type=type(error).__name__
                    )
                    return await self._bury(record, "internal_error", attempt)
                await self.sleep(self._pause(attempt))
        return None

    async def _bury(self, record: Received, code: str, attempts: int) -> None:
        if self.buried_in_a_row >= self.policy.halt_after:
            self._set_halted(halted=True)
            raise Halted("too_many_dead_letters")
        now = self.clock.now()
        event_id = _event_id(record)
        async with self.database.transaction() as tx:
            if not await inbox.first_time(tx, [event_id], today=now.date()):
                return
            tx.add(
                DEAD_LETTERS,
                event_id=event_id,
                topic=record.topic,
                key=record.key or b"",
                value=record.value,
                headers=json.dumps(dict(record.headers)),
                code=code,
                attempts=attempts,
                buried_at=now,
            )
            notice = contracts.DeadLetterBuried(
                event_id=event_id, service=self.service, source_topic=record.topic, code=code, attempts=attempts
            )
            outbox.enqueue(tx, contracts.envelope(notice, source=self.source, at=now))
        self.buried_in_a_row += 1
        self.metrics.buried.labels(self.service, record.topic, code).inc()
        logs.logger().error("message_buried", service=self.service, topic=record.topic, code=code, attempts=attempts)

    def _pause(self, attempt: int) -> float:
        """Back-off with full jitter: consumers that failed together do not come back together."""
        limit = min(self.policy.backoff_limit_seconds, self.policy.backoff_seconds * 2**attempt)
        return float(limit) * (0.5 + _CHANCE.random() / 2)

    def _set_halted(self, *, halted: bool) -> None:
        if halted and not self.halted:
            logs.logger().error("consumption_halted", service=self.service, topic=self.model.topic)
        self.halted = halted
        self.metrics.halted.labels(self.service, self.model.topic).set(int(halted))


def _event_id(record: Received) -> str:
    """The event's own id; a record without one is known by its place, so that it can still be set aside once."""
    return record.headers.get("ce_id") or f"{record.topic}/{record.partition}/{record.offset}"[:64]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What may be shown of a dead letter: never the envelope."""

    id: int
    event_id: str
    topic: str
    code: str
    attempts: int
    buried_at: dt.datetime


async def dead_letters(tx: Transaction) -> list[DeadLetter]:
    """Every message set aside, oldest first."""
    columns = [DEAD_LETTERS.c[name] for name in ("id", "event_id", "topic", "code", "attempts", "buried_at")]
    return [DeadLetter(**row) for row in await tx.rows(sa.select(*columns).order_by(DEAD_LETTERS.c.id))]


async def replay(tx: Transaction, dead_letter_id: int) -> None:
    """Put a dead letter back on its topic, as it was received. Raises: NotFound `no_such_dead_letter`."""
    row = await tx.first(sa.select(DEAD_LETTERS).where(DEAD_LETTERS.c.id == dead_letter_id))
    if row is None:
        raise NotFound("no_such_dead_letter")
    await inbox.forget(tx, [row["event_id"]])
    await tx.execute(sa.delete(DEAD_LETTERS).where(DEAD_LETTERS.c.id == dead_letter_id))
    headers: dict[str, Any] = json.loads(row["headers"])
    outbox.enqueue(tx, contracts.Envelope(row["event_id"], row["topic"], row["key"], row["value"], headers))


async def discard(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """The ids of the events whose dead letters were destroyed: all that were ever sent under these ordering keys."""
    told = DEAD_LETTERS.c.key.in_([key.encode() for key in keys])
    gone = sa.delete(DEAD_LETTERS).where(told).returning(DEAD_LETTERS.c.event_id)
    return {row["event_id"] for row in await tx.rows(gone)}


async def empty_before(tx: Transaction, moment: dt.datetime) -> int:
    """How many dead letters set aside before this moment lost their content; that they were there stays known."""
    old = (DEAD_LETTERS.c.buried_at < moment) & (DEAD_LETTERS.c.value != b"")
    gone = sa.update(DEAD_LETTERS).where(old).values(value=b"").returning(DEAD_LETTERS.c.id)
    return len(await tx.rows(gone))


def bury_unsent(tx: Transaction, envelope: contracts.Envelope, *, code: str, at: dt.datetime) -> None:
    """Set aside an event the bus refuses for good, so that it does not block those behind it."""
    tx.add(
        DEAD_LETTERS,
        event_id=envelope.event_id,
        topic=envelope.topic,
        key=envelope.key,
        value=envelope.value,
        headers=json.dumps(dict(envelope.headers)),
        code=code,
        attempts=1,
        buried_at=at,
    )


async def dead_ids(tx: Transaction, topic: str) -> set[str]:
    """The events of one topic that were set aside."""
    query = sa.select(DEAD_LETTERS.c.event_id).where(DEAD_LETTERS.c.topic == topic)
    return {row["event_id"] for row in await tx.rows(query)}
