# SPDX-License-Identifier: EUPL-1.2
"""Producer and consumer over the embedded log that look like aiokafka's.

Owns the part of aiokafka's interface that FastStream 0.7.8 uses: records, errors and the meaning of commit and seek are
aiokafka's, so what runs above cannot tell the buses apart. Only `shared.bus` makes these. Never decodes a record.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, ConsumerStoppedError, KafkaError
from aiokafka.structs import RecordMetadata

from shared.bus_records import Outgoing
from shared.embedded_log import EmbeddedLog, close_log, open_log
from shared.embedded_log_store import NewRecord, StoredRecord, Transaction, append, append_all, committed
from shared.errors import Conflict, SeinhuisError, Unavailable

DEFAULT_RECORDS: Final = 500
RETRY_SECONDS: Final = 0.5  # between two looks at a log that cannot be read just now
CREATE_TIME: Final = 0  # aiokafka's timestamp type of records stamped when they were made


class EmbeddedProducer:
    """Appends records; `send` answers a future as aiokafka's does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log: EmbeddedLog | None = None
        self._closed = False

    async def start(self) -> None:
        """Open the log. Raises Unavailable."""
        self._log = await open_log(self._path)

    async def stop(self) -> None:
        """Wait for what was sent, then give the log back."""
        self._closed = True
        log, self._log = self._log, None
        if log is not None:
            try:
                await log.flush()
            finally:
                await close_log(log)

    def failure(self) -> Unavailable | None:
        """Why nothing can be sent right now, or None."""
        return Unavailable("log_closed") if self._log is None else self._log.failure()

    async def flush(self) -> None:
        """Wait until everything sent is on disk or failed."""
        if self._log is not None:
            await self._log.flush()

    async def send(  # noqa: PLR0917  # aiokafka's signature
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes]] | None = None,
    ) -> "asyncio.Future[RecordMetadata]":
        """A future of where the record went; it fails with Rejected or Unavailable. The key decides the partition."""
        if self._log is None or partition is not None:
            raise Unavailable("log_closed")
        stamp = self._log.now_ms() if timestamp_ms is None else timestamp_ms
        record = NewRecord(topic, key, value or b"", headers or (), stamp)

        def work(tx: Transaction) -> RecordMetadata:
            number, offset = append(tx, record)
            return RecordMetadata(topic, number, TopicPartition(topic, number), offset, stamp, CREATE_TIME, 0)

        return self._log.write(work, durable=True)

    async def append(self, records: "Sequence[Outgoing]") -> list[SeinhuisError | None]:
        """What became of each record, in order, all in one commit: what `send` does for each, without its futures.

        After the first one that cannot be written for now the rest is not tried.
        """
        if self._log is None:
            return [Unavailable("log_closed") for _ in records]
        stamp = self._log.now_ms()
        made = [
            NewRecord(one.topic, one.key, one.value, [(n, v.encode()) for n, v in one.headers.items()], stamp)
            for one in records
        ]
        try:
            return await self._log.write(lambda tx: append_all(tx, made), durable=True)
        except SeinhuisError as error:
            return [error for _ in records]


class EmbeddedConsumer:
    """One member of one group on one topic; settings that have no meaning here are accepted and left alone."""

    def __init__(self, path: Path, *, group_id: str, **_settings: object) -> None:
        self._path = path
        self._group = group_id
        self._topic = ""
        self._member = uuid.uuid4().hex
        self._group_row = 0
        self._generation = -1
        self._turn = 0
        self._positions: dict[int, int] = {}
        self._committed: dict[int, int] = {}
        self._event = asyncio.Event()
        self._log: EmbeddedLog | None = None
        self._stopped = False

    def subscribe(self, topics: Sequence[str] = (), pattern: str | None = None, listener: object = None) -> None:
        """Read this topic from the next `start` on. Raises ValueError unless it is one topic by name."""
        if len(topics) != 1 or pattern is not None or listener is not None:
            raise ValueError("a consumer of the embedded log reads one topic by name")
        self._topic = topics[0]

    async def start(self) -> None:
        """Join the group. Raises Unavailable, `topic_missing` when the topic is not there yet."""
        self._log = await open_log(self._path)
        self._group_row = await self._log.join(group=self._group, topic=self._topic)
        self._log.watch(self._topic, self._event)
        await self._settle(self._log)

    async def stop(self) -> None:
        """Leave the group; another member may go on at once."""
        self._stopped = True
        self._event.set()
        log, self._log = self._log, None
        if log is None:
            return
        log.unwatch(self._topic, self._event)
        with contextlib.suppress(SeinhuisError):  # a log that cannot be written to frees the lease by its expiry
            await log.leave(member=self._member)
        await close_log(log)

    async def getmany(
        self,
        *_partitions: TopicPartition,
        timeout_ms: int = 0,  # noqa: ARG002  # aiokafka's signature
        max_records: int | None = None,
    ) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
        """The next records of this member's partitions, as soon as there are any.

        Waits beyond `timeout_ms`: FastStream sleeps as long again after an empty answer, blind to what arrives then.
        Raises: ConsumerStoppedError.
        """
        while True:
            self._event.clear()
            if self._log is None:
                raise ConsumerStoppedError
            try:
                records = await self._next(self._log, max_records or DEFAULT_RECORDS)
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if records:
                return self._taken(records)
            await self._event.wait()

    async def getone(self, *partitions: TopicPartition) -> "ConsumerRecord[bytes, bytes]":
        """The next record. Raises ConsumerStoppedError."""
        ((_, (record,)),) = (await self.getmany(*partitions, max_records=1)).items()
        return record

    async def _next(self, log: EmbeddedLog, max_records: int) -> list[StoredRecord]:
        while True:
            self._turn += 1  # another partition goes first each time, so that a busy one cannot starve the others
            turn = sorted(self._positions, key=lambda number: (number - self._turn) % len(self._positions))
            records, generation = await log.read(
                self._topic,
                {number: self._positions[number] for number in turn},
                max_records=max_records,
                group_id=self._group_row,
            )
            if generation == self._generation:
                return records
            await self._settle(log)

    async def _settle(self, log: EmbeddedLog) -> None:
        share = await log.settle(group_id=self._group_row, member=self._member)
        done = await log.look(lambda connection: committed(connection, self._topic, self._group))
        self._generation = share.generation
        self._committed = {number: done.get(number, 0) for number in share.partitions}
        self._positions = {
            number: self._positions.get(number, self._committed[number]) for number in sorted(share.partitions)
        }

    def _taken(self, records: list[StoredRecord]) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
        taken: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]] = {}
        for record in records:
            taken.setdefault(TopicPartition(self._topic, record.partition), []).append(
                _as_aiokafka(self._topic, record)
            )
            self._positions[record.partition] = record.offset + 1
        return taken

    async def commit(self, offsets: "dict[TopicPartition, int] | None" = None) -> None:
        """The group has handled everything this member took so far, or up to `offsets`.

        Raises: CommitFailedError when another member took over, KafkaError when the log cannot be written to.
        """
        reached = self._positions if offsets is None else {tp.partition: offset for tp, offset in offsets.items()}
        news = {number: offset for number, offset in reached.items() if self._committed.get(number) != offset}
        if self._log is None or not news:
            return
        try:
            await self._log.commit(group_id=self._group_row, member=self._member, offsets=news)
        except Conflict:
            raise CommitFailedError from None
        except Unavailable as error:
            raise KafkaError(error.code) from None
        self._committed.update(news)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Go on from here; nothing happens when the partition is another member's by now, who starts at the commit."""
        if partition.partition in self._positions:
            self._positions[partition.partition] = offset

    def assignment(self) -> set[TopicPartition]:
        """The partitions this member holds."""
        return {TopicPartition(self._topic, number) for number in self._positions}

    async def position(self, partition: TopicPartition) -> int:
        """The offset of the next record to come from this partition."""
        return self._positions[partition.partition]


def _as_aiokafka(topic: str, record: StoredRecord) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp_ms,
        timestamp_type=CREATE_TIME,
        key=record.key,
        value=record.value,
        checksum=None,
        serialized_key_size=len(record.key or b""),
        serialized_value_size=len(record.value),
        headers=record.headers,
    )
