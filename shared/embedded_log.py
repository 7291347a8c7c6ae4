# SPDX-License-Identifier: EUPL-1.2
"""The embedded log: a durable, append-only log in one file, for an installation on one machine.

Owns one open log per file and event loop: its writer, its reader and who is woken when something arrives. All services
of a process share it; other processes may have the same file open. Promises at-least-once: a record is on disk before
its append answers, and it comes again until its group committed it. Never interprets a record.
"""

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeVar

from shared import embedded_log_groups as groups
from shared import embedded_log_store as store
from shared.clock import Clock, SystemClock
from shared.embedded_log_groups import Presence, Share
from shared.embedded_log_store import StoredRecord, Transaction
from shared.embedded_log_writer import Chore, Writer
from shared.errors import Unavailable

TRIM_SECONDS: Final = 30.0  # how often retention is looked at
SILENT_SECONDS: Final = 10.0  # a writer not seen for so long counts as stuck: a commit and its fsync take far less

Answer = TypeVar("Answer")


class EmbeddedLog:
    """One open log. Get it with `open_log` and give it back with `close_log`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        with ExitStack() as undone:  # what is open already is closed again when the next cannot be opened
            self._presence = Presence(path)
            undone.callback(self._presence.close)
            writing = store.connect(path, check=True)
            undone.callback(writing.close)
            self._reading = store.connect(path)
            undone.pop_all()
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-log-reader")
        self._writer = Writer(
            writing,
            loop=asyncio.get_running_loop(),
            wake=self._wake,
            chores=[Chore(groups.RENEW_SECONDS, self._keep_leases), Chore(TRIM_SECONDS, self._trim)],
        )

    async def close(self) -> None:
        """Everything asked for is written, the leases are free and the file is closed."""
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._reader.shutdown)
        self._reading.close()
        self._presence.close()

    def failure(self) -> Unavailable | None:
        """Why the log cannot be written to right now, or None when all is well."""
        if time.monotonic() - self._writer.seen_at > SILENT_SECONDS:
            return Unavailable("log_stuck")
        return self._writer.failing

    def write(self, work: Callable[[Transaction], Answer], *, durable: bool) -> asyncio.Future[Answer]:
        """What the work answers, once it is committed; work refuses, if at all, before it changes anything."""
        return self._writer.submit(work, durable=durable)

    async def read(
        self, topic: str, positions: Mapping[int, int], *, max_records: int, group_id: int
    ) -> tuple[list[StoredRecord], int]:
        """The next records from these positions on, and the generation of the group at that moment."""

        def work(connection: sqlite3.Connection) -> tuple[list[StoredRecord], int]:
            records = store.read(connection, topic, positions, max_records=max_records)
            return records, groups.generation(connection, group_id)

        return await self.look(work)

    async def look(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """What the work reads, on the reader's thread. Raises Unavailable."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, work, self._reading)
        except sqlite3.Error as error:
            raise store.unavailable(error) from None

    async def create_topics(self, specs: Sequence[tuple[str, int, int]]) -> None:
        """The topics exist. Shape of a spec: name, partitions, retention in seconds."""

        def work(tx: Transaction) -> None:
            for name, partitions, retention_seconds in specs:
                store.create_topic(tx, name, partitions=partitions, retention_seconds=retention_seconds)

        await self.write(work, durable=True)

    async def join(self, *, group: str, topic: str) -> int:
        """The id of the group on this topic. Raises Unavailable `topic_missing`."""
        return await self.write(lambda tx: groups.join(tx, group=group, topic=topic), durable=True)

    async def settle(self, *, group_id: int, member: str) -> Share:
        """The member's share of the partitions by now; to be called with nothing unfinished."""
        now_ms, process = self.now_ms(), self._presence.process
        return await self.write(
            lambda tx: groups.settle(tx, group_id=group_id, member=member, process=process, now_ms=now_ms),
            durable=False,
        )

    async def commit(self, *, group_id: int, member: str, offsets: Mapping[int, int]) -> None:
        """The group has handled everything before these offsets. Raises Conflict `lease_lost`, Unavailable."""
        await self.write(lambda tx: groups.commit(tx, group_id=group_id, member=member, offsets=offsets), durable=False)

    async def leave(self, *, member: str) -> None:
        """The member's partitions are free for others."""
        await self.write(lambda tx: groups.leave(tx, member=member), durable=False)

    async def flush(self) -> None:
        """Everything asked for before is written."""
        await self.write(lambda _tx: None, durable=False)  # the queue is first in, first out

    def watch(self, topic: str, event: asyncio.Event) -> None:
        """Set the event whenever something happened on the topic: a record, or a change of members."""
        self._waiting[topic].add(event)

    def unwatch(self, topic: str, event: asyncio.Event) -> None:
        """No longer set the event."""
        self._waiting[topic].discard(event)

    def now_ms(self) -> int:
        """The time on the log's clock. Units: milliseconds since 1970."""
        return int(self._clock.now().timestamp() * 1000)

    def _wake(self, topics: frozenset[str] | None) -> None:
        for topic in list(self._waiting) if topics is None else topics:
            for event in self._waiting.get(topic, ()):
                event.set()

    def _keep_leases(self, tx: Transaction) -> bool:
        groups.renew(tx, process=self._presence.process, now_ms=self.now_ms())
        groups.sweep(tx, self._presence, now_ms=self.now_ms())
        return False

    def _trim(self, tx: Transaction) -> bool:
        return store.trim(tx.connection, now_ms=self.now_ms()) == store.TRIM_ROWS


_open: dict[tuple[Path, asyncio.AbstractEventLoop], tuple[EmbeddedLog, int]] = {}


async def open_log(path: Path, clock: Clock | None = None) -> EmbeddedLog:
    """The log at this path, shared by all who open it on this event loop.

    Raises: Unavailable `log_damaged`, `log_newer`, `log_unwritable`.
    """
    key = (path, asyncio.get_running_loop())
    if key not in _open:
        _open[key] = (EmbeddedLog(path, clock or SystemClock()), 0)
    log, users = _open[key]
    _open[key] = (log, users + 1)
    return log


async def close_log(log: EmbeddedLog) -> None:
    """Give the log back; the last one to do so closes it."""
    key = (log.path, asyncio.get_running_loop())
    _, users = _open[key]
    if users > 1:
        _open[key] = (log, users - 1)
        return
    del _open[key]
    await log.close()
