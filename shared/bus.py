# SPDX-License-Identifier: EUPL-1.2
"""The bus: FastStream's `KafkaBroker` over Apache Kafka or over the embedded log, the same for everyone above.

Owns how a broker is made, subscribed to, published to, started and stopped. Safe by construction: a record is
acknowledged only after its handler returned, and published only when all replicas, or the disk, have it. Knows no topic
by name, decodes nothing and logs nothing: what travels here may be sealed.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, cast

import prometheus_client
from aiokafka import ConsumerRecord
from aiokafka.errors import (
    InvalidProducerIdMapping,
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerClosed,
    ProducerFenced,
    UnknownTopicOrPartitionError,
)
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.prometheus import KafkaPrometheusMiddleware
from faststream.specification.asyncapi import AsyncAPI

from shared.bus_broker import Broker
from shared.bus_records import BatchHandler, Incoming, Outgoing, TopicSpec, place
from shared.bus_topics import all_ids, check_topics, create_topics, pending_keys
from shared.errors import Rejected, SeinhuisError, Unavailable

__all__ = [
    "BatchHandler",
    "Incoming",
    "Outgoing",
    "TopicSpec",
    "all_ids",
    "asyncapi",
    "check_topics",
    "connected",
    "create_topics",
    "make_broker",
    "pending_keys",
    "publish",
    "start",
    "stop",
    "subscribe",
]

PUBLISH_SECONDS: Final = 15.0  # after that the outcome of a record counts as unknown, and its sender publishes it again


def make_broker(url: str, *, service: str, registry: prometheus_client.CollectorRegistry | None = None) -> KafkaBroker:
    """A broker for one service, not yet started.

    Shape: `kafka://host:9092[,host2:9092]` or `embedded:///absolute/path.sqlite`. Raises Misconfigured `bus_url`.
    """
    # at DEBUG aiokafka logs keys and values; while Kafka is away it logs twenty lines a second, and `connected` tells
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    middlewares = [KafkaPrometheusMiddleware(registry=registry, app_name=service)] if registry else []
    return Broker(place(url), service=service, middlewares=middlewares)


def subscribe(broker: KafkaBroker, topic: str, *, group: str, handler: BatchHandler, max_records: int = 500) -> None:
    """The handler gets the topic's records in batches, in order per key, one batch at a time, each at least once.

    A group starts at the first record held. The handler sees records as received: nothing is decoded.
    """

    async def consume(batch: Sequence[Incoming]) -> None:
        await handler(batch)

    subscriber = broker.subscriber(
        topic,
        group_id=group,
        batch=True,
        max_records=max_records,
        batch_timeout_ms=1,  # the consumers wait by themselves; FastStream sleeps this long after an empty answer
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        parser=_parse,
        decoder=_undecoded,
        no_reply=True,  # a `reply_to` header would make us publish to a topic of the sender's choice
        title=f"{topic}:{group}",
    )
    subscriber(consume)


async def _parse(records: tuple[ConsumerRecord[bytes, bytes], ...], original: Any) -> Any:  # noqa: ANN401  # FastStream's
    """FastStream's own parsing of the batch's ends alone, without headers: one that is not UTF-8 fails it for good.

    It reads every record's headers and body, of which nothing is used here, and of the ends the place.
    """
    message = await original(tuple(replace(record, headers=()) for record in (records[0], records[-1])))
    message.raw_message = records
    message.body = [record.value or b"" for record in records]  # whose size is counted
    return message


async def _undecoded(message: KafkaMessage) -> tuple[Incoming, ...]:
    records = cast("tuple[ConsumerRecord[bytes, bytes], ...]", message.raw_message)
    return tuple(
        Incoming(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value or b"",
            headers={name: value.decode(errors="replace") for name, value in record.headers},
            timestamp_ms=record.timestamp,
        )
        for record in records
    )


async def publish(broker: KafkaBroker, records: Sequence[Outgoing]) -> list[BaseException | None]:
    """What became of each record, in order: None once all replicas or the disk have it, else why not.

    Rejected `record_too_large` is permanent. Unavailable is not: publish the record again, it may then come twice.
    After the first record that cannot be sent for now the rest is not tried, so that none overtakes an earlier one of
    its key.
    """
    sent: list[asyncio.Future[Any] | SeinhuisError] = []
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            if _own(broker).embedded:
                return [*await _own(broker).append(records)]
            for record in records:
                outcome = await _send(broker, record)
                sent.append(outcome)
                if isinstance(outcome, Unavailable):
                    break
            futures = [future for future in sent if isinstance(future, asyncio.Future)]
            if futures:
                await asyncio.wait(futures)
    except TimeoutError:
        _own(broker).suspect = True
    outcomes = [_outcome(broker, each) for each in sent]
    return [*outcomes, *(Unavailable("bus_unavailable") for _ in records[len(sent) :])]


async def _send(broker: KafkaBroker, record: Outgoing) -> asyncio.Future[Any] | SeinhuisError:
    if not connected(broker):
        return Unavailable("bus_unavailable")
    try:
        future = await _own(broker).send(record)  # the client groups what is sent meanwhile; awaited above
    except (KafkaError, SeinhuisError) as error:
        return _failure(broker, error)
    future.add_done_callback(_retrieve)
    return future


def _retrieve(future: asyncio.Future[Any]) -> None:
    """Look at the outcome even when nobody waits any more, or asyncio would log it with its text."""
    if not future.cancelled():
        future.exception()


def _outcome(broker: KafkaBroker, sent: asyncio.Future[Any] | SeinhuisError) -> SeinhuisError | None:
    if isinstance(sent, SeinhuisError):
        return sent
    if not sent.done() or sent.cancelled():
        return Unavailable("bus_unavailable")
    error = sent.exception()
    return None if error is None else _failure(broker, error)


def _failure(broker: KafkaBroker, error: BaseException) -> SeinhuisError:
    if isinstance(error, SeinhuisError):
        return error
    if isinstance(error, MessageSizeTooLargeError):
        return Rejected("record_too_large")
    if isinstance(error, UnknownTopicOrPartitionError):
        return Unavailable("topic_missing")
    if isinstance(error, _PRODUCER_IS_LOST) or type(error) is KafkaError:
        _own(broker).suspect = True
    return Unavailable("bus_unavailable", kafka=type(error).__name__)


_PRODUCER_IS_LOST: Final = (OutOfOrderSequenceNumber, ProducerClosed, ProducerFenced, InvalidProducerIdMapping)
"""After these aiokafka's idempotent producer never delivers again (#1017); a bare KafkaError is its sender's death."""


async def start(broker: KafkaBroker) -> None:
    """Connect in the background and stay connected; `connected` tells. Returns at once while Kafka is away.

    Raises: Unavailable `log_damaged`, `log_newer`, `log_unwritable` when an embedded log cannot work.
    """
    await _own(broker).open()


async def stop(broker: KafkaBroker) -> None:
    """Take no more records, let the running handlers end within 5 s, send what is pending, disconnect."""
    await _own(broker).close()


def connected(broker: KafkaBroker) -> bool:
    """The bus answered within the last seconds: for readiness, not for life."""
    return _own(broker).reachable()


def asyncapi(broker: KafkaBroker) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the broker's subscribers and publishers."""
    document = AsyncAPI(broker, title="Seinhuis", version="1", schema_version="3.0.0").to_specification()
    return cast("dict[str, Any]", document.to_jsonable())


def _own(broker: KafkaBroker) -> Broker:
    if not isinstance(broker, Broker):
        raise TypeError("a broker of make_broker is needed")
    return broker
