# SPDX-License-Identifier: EUPL-1.2
"""A `KafkaBroker` that chooses its client by address and keeps its connection up.

Owns the seam to FastStream 0.7.8's inside: which producer and consumer a broker gets, and the watch that connects,
probes and reconnects. None of that is FastStream's public interface, hence the exact pin and one contract suite over
both buses. Never publishes or handles a record itself.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, UnknownTopicOrPartitionError
from aiokafka.structs import RecordMetadata
from faststream import AckPolicy
from faststream.exceptions import IncorrectState
from faststream.kafka import KafkaBroker

from shared.bus_records import Outgoing, Place
from shared.embedded_log_client import EmbeddedConsumer, EmbeddedProducer
from shared.errors import SeinhuisError, Unavailable

REQUEST_SECONDS: Final = 20  # above the session timeout (10 s), or a join of a group would be given up half way
BATCH_BYTES: Final = 256 * 1024  # one batch a partition is under way at a time; the default holds 8 sealed signals
DRAIN_SECONDS: Final = 5.0  # a running batch may finish; the whole process has 10 s to stop
STOP_SECONDS: Final = 2.0  # for saying goodbye to Kafka, which may be away
TOPIC_SECONDS: Final = 3.0  # for a topic made a moment ago to become known everywhere
PROBE_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 5.0  # Kafka counts as away when it has not answered for so long
STUCK_SECONDS: Final = 60.0  # a consumer that waits without any answer while Kafka is there: aiokafka #1154, #703
START_SECONDS: Final = 60.0  # joining a group takes 3 s by Kafka's default, and subscribers start in turn
RETRY_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)  # between attempts to connect; the last one goes on

AWAY: Final = (KafkaError, OSError, TimeoutError, IncorrectState, Unavailable)


class StoppableProducer(AIOKafkaProducer):  # type: ignore[misc]  # aiokafka has no types
    """aiokafka's producer, except that it does not wait long for a missing topic, and stops while Kafka is away."""

    _closed: bool

    async def send(self, topic: str, **record: object) -> "asyncio.Future[RecordMetadata]":
        """As aiokafka's. Raises UnknownTopicOrPartitionError after `TOPIC_SECONDS` instead of the request's time."""
        if self.client.cluster.partitions_for_topic(topic) is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TOPIC_SECONDS):
                    await self.partitions_for(topic)
            if self.client.cluster.partitions_for_topic(topic) is None:
                raise UnknownTopicOrPartitionError
        return await super().send(topic, **record)  # type: ignore[no-any-return]  # aiokafka has no types

    async def stop(self) -> None:
        """Send what is pending and disconnect; what is not delivered within `STOP_SECONDS` is given up.

        aiokafka's waits for the last delivery, and an idempotent producer tries for as long as Kafka is away.
        """
        if self._closed:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.flush()
        except TimeoutError:
            self._closed = True
            await self._sender.close()
            await self.client.close()
        else:
            await super().stop()


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """aiokafka's consumer, except that it waits for records as long as it takes."""

    waiting_since: float | None = None
    _answered: int | None = None
    _answered_at = 0.0

    async def getmany(
        self,
        *partitions: TopicPartition,
        timeout_ms: int = 0,  # noqa: ARG002  # aiokafka's signature
        max_records: int | None = None,
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        """The next records, as soon as there are any.

        Waits beyond `timeout_ms`: FastStream sleeps as long again after an empty answer, blind to what arrives then.
        """
        self.waiting_since = asyncio.get_running_loop().time()
        try:
            while True:
                records = await super().getmany(*partitions, timeout_ms=1_000, max_records=max_records)
                if records:
                    return records  # type: ignore[no-any-return]  # aiokafka has no types
        finally:
            self.waiting_since = None

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Go on from here; nothing happens when the partition is another member's by now, who starts at the commit.

        aiokafka raises, and FastStream's nack would then leave the batch's other partitions where they are.
        """
        with contextlib.suppress(IllegalStateError):
            super().seek(partition, offset)

    def stuck(self, now: float) -> bool:
        """It waits, holds partitions, and for long no answer about any of them has come. To be asked every second."""
        answered = max((self.last_poll_timestamp(partition) or 0 for partition in self.assignment()), default=None)
        if self.waiting_since is None or answered is None or answered != self._answered:
            self._answered, self._answered_at = answered, now
        return now - self._answered_at > STUCK_SECONDS


class Broker(KafkaBroker):
    """FastStream's broker over Kafka or the embedded log; `open` and `close` take the place of `start` and `stop`."""

    def __init__(self, location: Place, *, service: str, middlewares: Sequence[Any]) -> None:
        super().__init__(
            list(location) if isinstance(location, tuple) else "embedded",
            client_id=service,
            request_timeout_ms=REQUEST_SECONDS * 1_000,
            allow_auto_create_topics=False,
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
            linger_ms=0,  # more multiplies the latency of a publish that is awaited
            ack_policy=AckPolicy.NACK_ON_ERROR,
            graceful_timeout=DRAIN_SECONDS,
            middlewares=middlewares,
            specification_url="kafka",  # the document must not tell where this installation's bus is
            logger=None,  # FastStream logs the text of exceptions
            apply_types=False,  # handlers get records as they are
        )
        self._location = location
        self._consumer_settings: dict[str, Any] = cast("partial[Any]", self.config.broker_config.builder).keywords
        self._transport: StoppableProducer | EmbeddedProducer | None = None
        self._watch: asyncio.Task[None] | None = None
        self._up = False
        self._answered_at = 0.0
        self.suspect = False  # set by whoever sees the producer fail in a way it does not recover from

    async def _connect(self) -> Callable[..., Any]:
        config = self.config.broker_config
        if isinstance(self._location, Path):
            self._transport = EmbeddedProducer(self._location)
            config.builder = partial(EmbeddedConsumer, self._location)
        else:
            self._transport = StoppableProducer(**self._connection_kwargs)
            config.builder = partial(PatientConsumer, **self._consumer_settings)
        try:
            await config.producer.connect(self._transport, serializer=None)
        except BaseException:  # a cancelled start must not leave a client behind either
            await self._transport.stop()
            raise
        return config.builder

    async def ping(self, timeout: float | None) -> bool:  # noqa: ASYNC109, ARG002  # FastStream's signature
        """The bus is there; asks nobody."""
        return self.reachable()

    async def open(self) -> None:
        """Connect, and keep the connection up from here on. Returns at once, Kafka being there or not.

        Raises: Unavailable `log_damaged`, `log_newer`, `log_unwritable` for an embedded log that cannot work.
        """
        if isinstance(self._location, Path):
            try:
                await self._attempt()
            except Unavailable as error:
                if error.code != "topic_missing":
                    raise
        self._watch = asyncio.create_task(self._keep_up(), name="bus-watch")

    async def send(self, record: Outgoing) -> "asyncio.Future[RecordMetadata]":
        """A future of where the record went, straight from the client.

        FastStream's own `publish` wraps each record in a command, a context and its middlewares: more work than all the
        rest of publishing it, for a record that is encoded and counted already.

        Raises: KafkaError, Unavailable, Rejected.
        """
        if self._transport is None:
            raise Unavailable("bus_unavailable")
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        return await self._transport.send(record.topic, value=record.value, key=record.key, headers=headers)

    @property
    def embedded(self) -> bool:
        """The bus is the embedded log."""
        return isinstance(self._location, Path)

    async def append(self, records: Sequence[Outgoing]) -> list[SeinhuisError | None]:
        """What became of each record on the embedded log; they share one commit."""
        if not isinstance(self._transport, EmbeddedProducer) or not self.reachable():
            return [Unavailable("bus_unavailable") for _ in records]
        return await self._transport.append(records)

    async def close(self) -> None:
        """Stop taking records, let running handlers end, send what is pending, disconnect. Bounded in time."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._disconnect()

    def reachable(self) -> bool:
        """The bus is there: connected, and it answered within the last seconds."""
        if isinstance(self._transport, EmbeddedProducer):
            return self._up and self._transport.failure() is None
        return self._up and asyncio.get_running_loop().time() - self._answered_at < SILENT_SECONDS

    async def _keep_up(self) -> None:
        attempts = 0
        while True:
            if self._up and not self._broken():
                await self._probe()
                await asyncio.sleep(PROBE_SECONDS)
                continue
            if self._up:
                await self._disconnect()
            try:
                await self._attempt()
                attempts = 0
            except AWAY:
                await asyncio.sleep(RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)])
                attempts += 1

    async def _attempt(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                await self.start()
        except AWAY:
            await self._disconnect()
            raise
        self._up, self.suspect = True, False
        self._answered_at = asyncio.get_running_loop().time()

    async def _disconnect(self) -> None:
        self._up = False
        try:
            async with asyncio.timeout(DRAIN_SECONDS + STOP_SECONDS):
                await self.stop()
        except (ExceptionGroup, *AWAY):
            self._connection = None  # as FastStream does after a clean stop: the next start connects anew
            if self._transport is not None:
                await self._transport.stop()

    async def _probe(self) -> None:
        if isinstance(self._transport, StoppableProducer):
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(SILENT_SECONDS / 2):
                    if await self._transport.client.force_metadata_update():
                        self._answered_at = asyncio.get_running_loop().time()

    def _broken(self) -> bool:
        """Kafka is there, but our client no longer works with it. While Kafka is away a new one fares no better."""
        now = asyncio.get_running_loop().time()
        consumers = [getattr(subscriber, "consumer", None) for subscriber in self.subscribers]
        stuck = [consumer.stuck(now) for consumer in consumers if isinstance(consumer, PatientConsumer)]
        return self.reachable() and (self.suspect or any(stuck))
