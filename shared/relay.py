# SPDX-License-Identifier: EUPL-1.2
"""The relay: takes events from a service's outbox to the bus.

Owns the loop claim -> publish -> delete what was acknowledged. It never deletes before the bus has the record, so a
crash in between publishes twice and the inbox of the receiver takes the second one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from shared import delivery, logs, outbox
from shared.clock import Clock
from shared.contracts import Envelope
from shared.database import Database, Transaction
from shared.errors import Rejected, Unavailable
from shared.metrics import Metrics

Publish = Callable[[Sequence[Envelope]], Awaitable[list[BaseException | None]]]
BATCH: Final = 500
IDLE_POLL_SECONDS: Final = 1.0  # another process may have filled the outbox (a replayed dead letter)
RETRY_SECONDS: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
ADVISORY_LOCK: Final = 0x5E1D  # one relay per database: two would overtake each other within a key


@dataclass(slots=True)
class Relay:
    """Publishes one service's outbox until it is stopped."""

    service: str
    database: Database
    publish: Publish
    metrics: Metrics
    clock: Clock
    _task: asyncio.Task[None] | None = field(init=False, default=None)
    _stopping: bool = field(init=False, default=False)

    def start(self) -> None:
        """Begin, in the background."""
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=f"relay-{self.service}")

    async def stop(self) -> None:
        """Finish the batch under way; what is left stays in the outbox for the next start."""
        self._stopping = True
        self.database.event(outbox.FILLED).set()
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._task, timeout=5)
            self._task = None

    async def publish_once(self) -> int:
        """How many events left in one round. Raises: Unavailable when the database or the bus is away."""
        if self.database.url.startswith("postgresql"):
            return await self._publish_locked()
        async with self.database.reading() as tx:
            batch = await outbox.waiting(tx, limit=BATCH)
        outcome = await self._send(batch)
        if outcome.settled:
            await self.database.in_group(lambda tx: self._settle(tx, outcome))
        return self._finish(outcome)

    async def _publish_locked(self) -> int:
        async with self.database.transaction() as tx:
            if not await tx.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(ADVISORY_LOCK))):
                return 0
            outcome = await self._send(await outbox.waiting(tx, limit=BATCH))
            if outcome.settled:
                await self._settle(tx, outcome)
        return self._finish(outcome)

    async def _send(self, batch: Sequence[outbox.Waiting]) -> "_Outcome":
        failures = await self.publish([item.envelope for item in batch]) if batch else []
        paired = list(zip(batch, failures, strict=True))
        sent = [item for item, failure in paired if failure is None]
        refused = [(item, failure.code) for item, failure in paired if isinstance(failure, Rejected)]
        return _Outcome(sent, refused, waiting=len(batch) - len(sent) - len(refused))

    async def _settle(self, tx: Transaction, outcome: "_Outcome") -> None:
        """Forget what was sent; what the bus refuses for good becomes a dead letter here."""
        for item, code in outcome.refused:
            delivery.bury_unsent(tx, item.envelope, code=code, at=self.clock.now())
            logs.logger().error(
                "message_buried", service=self.service, topic=item.envelope.topic, code=code, attempts=1
            )
        await outbox.delete_sent(tx, [item.seq for item in outcome.settled])

    def _finish(self, outcome: "_Outcome") -> int:
        self.metrics.published.labels(self.service).inc(len(outcome.sent))
        self.metrics.outbox_rows.labels(self.service).set(outcome.waiting)
        if outcome.waiting:
            raise Unavailable("bus_unavailable")
        return len(outcome.settled)

    async def _run(self) -> None:
        filled = self.database.event(outbox.FILLED)
        failures = 0
        while not self._stopping:
            filled.clear()
            try:
                sent = await self.publish_once()
                failures = 0
            except Unavailable as away:
                if failures == 0:
                    logs.logger().warning("relay_failed", service=self.service, code=away.code)
                failures += 1
                await _until(filled, RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1], stop_early=self._stopping)
                continue
            if sent < BATCH:
                await _until(filled, IDLE_POLL_SECONDS, stop_early=True)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one batch: sent, refused for good, or still waiting."""

    sent: list[outbox.Waiting]
    refused: list[tuple[outbox.Waiting, str]]
    waiting: int

    @property
    def settled(self) -> list[outbox.Waiting]:
        """Everything that leaves the outbox."""
        return [*self.sent, *(item for item, _ in self.refused)]


async def _until(filled: asyncio.Event, seconds: float, *, stop_early: bool) -> None:
    """Wait for new work, or for the time to pass; after a failure only the time counts, or a busy outbox would spin."""
    if not stop_early:
        await asyncio.sleep(seconds)
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(filled.wait(), timeout=seconds)
