# SPDX-License-Identifier: EUPL-1.2
"""The bus seen from the command line: topics made and checked, and what still waits on them.

Owns administration. Opens what it needs and closes it again; joins no group, moves no offset, reads no record's value.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared import embedded_log_store as store
from shared.bus_records import TopicSpec, place
from shared.embedded_log import close_log, open_log
from shared.errors import Unavailable

ID_HEADER: Final = "ce_id"  # CloudEvents, Kafka protocol binding 1.0.2, section 3.2.3.1: the event's id
REPLICAS: Final = 3  # with two of them in step at least, one broker may go without a record lost
READ_SECONDS: Final = 30.0  # without a single record arriving

Answer = TypeVar("Answer")


async def create_topics(url: str, specs: Sequence[TopicSpec]) -> None:
    """The topics exist; those that did are left as they are in Kafka. Raises Unavailable."""
    where = place(url)
    if isinstance(where, Path):
        log = await open_log(where)
        try:
            await log.create_topics([(spec.name, spec.partitions, spec.retention_seconds) for spec in specs])
        finally:
            await close_log(log)
        return
    async with _admin(where) as admin:
        brokers = len((await admin.describe_cluster())["brokers"])
        response = await admin.create_topics([_new_topic(spec, min(REPLICAS, brokers)) for spec in specs])
    for topic, code, *_ in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise Unavailable("topic_not_created", topic=topic, kafka=for_code(code).__name__)


def _new_topic(spec: TopicSpec, replicas: int) -> NewTopic:
    return NewTopic(
        name=spec.name,
        num_partitions=spec.partitions,
        replication_factor=replicas,
        topic_configs={
            "retention.ms": str(spec.retention_seconds * 1000),
            "min.insync.replicas": str(max(1, replicas - 1)),
            "unclean.leader.election.enable": "false",
        },
    )


async def check_topics(url: str, specs: Sequence[TopicSpec]) -> list[str]:
    """The names of topics that are missing, or have other partitions or another retention. Raises Unavailable."""
    where = place(url)
    if isinstance(where, Path):
        found = await asyncio.to_thread(_look, where, store.topics, {})
    else:
        async with _admin(where) as admin:
            found = await _kafka_topics(admin, [spec.name for spec in specs])
    return [spec.name for spec in specs if found.get(spec.name) != (spec.partitions, spec.retention_seconds)]


async def _kafka_topics(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    there = {
        topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics() if topic["topic"] in names
    }
    if not there:
        return {}
    wanted = [ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": ""}) for name in there]
    found = {}
    for response in await admin.describe_configs(wanted):
        for _, _, _, name, entries in response.resources:
            retention_ms = next(int(entry[1]) for entry in entries if entry[0] == "retention.ms")
            found[name] = (there[name], retention_ms // 1000)
    return found


async def pending_keys(url: str, topic: str, group: str) -> set[str]:
    """The ids of the records of this topic that the group has not handled yet. Raises Unavailable.

    A record whose handler committed a moment ago may still be among them: the acknowledgement comes after.
    """
    where = place(url)
    if isinstance(where, Path):

        def work(connection: sqlite3.Connection) -> set[str]:
            after = store.committed(connection, topic, group)
            return set(store.header_values(connection, topic, ID_HEADER, after=after))

        return await asyncio.to_thread(_look, where, work, set())
    async with _admin(where) as admin:
        offsets = await admin.list_consumer_group_offsets(group)
    after = {tp.partition: known.offset for tp, known in offsets.items() if tp.topic == topic and known.offset >= 0}
    return await _kafka_ids(where, topic, after)


async def all_ids(url: str, topic: str) -> set[str]:
    """The ids of every record still held on this topic. Raises Unavailable."""
    where = place(url)
    if isinstance(where, Path):
        return await asyncio.to_thread(
            _look, where, lambda connection: set(store.header_values(connection, topic, ID_HEADER)), set()
        )
    return await _kafka_ids(where, topic, {})


async def _kafka_ids(servers: tuple[str, ...], topic: str, after: Mapping[int, int]) -> set[str]:
    """Read without a group, from these offsets or the first ones held up to where the topic ends now."""
    async with _admin(servers) as admin:
        (found,) = await admin.describe_topics([topic])
    partitions = [TopicPartition(topic, each["partition"]) for each in found["partitions"]]
    if not partitions:
        return set()
    consumer = AIOKafkaConsumer(bootstrap_servers=list(servers), enable_auto_commit=False)
    consumer.assign(partitions)
    async with _client(consumer):
        first, last = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, max(first[partition], after.get(partition.partition, 0)))
        ids: set[str] = set()
        while [p for p in partitions if await consumer.position(p) < last[p]]:
            batches = await consumer.getmany(timeout_ms=int(READ_SECONDS * 1000), max_records=1_000)
            if not batches:
                raise Unavailable("bus_unavailable", topic=topic)
            for records in batches.values():
                ids.update(_id_of(record.headers) for record in records)
        return ids


def _id_of(headers: Sequence[tuple[str, bytes]]) -> str:
    return next((value.decode(errors="replace") for name, value in headers if name == ID_HEADER), "")


@asynccontextmanager
async def _admin(servers: tuple[str, ...]) -> AsyncIterator[Any]:
    async with _client(AIOKafkaAdminClient(bootstrap_servers=list(servers))) as admin:
        yield admin


@asynccontextmanager
async def _client(client: Any) -> AsyncIterator[Any]:  # noqa: ANN401  # aiokafka has no types
    """The client, started; its failures are Unavailable `bus_unavailable`."""
    try:
        await client.start()
        yield client
    except (KafkaError, OSError) as error:
        raise Unavailable("bus_unavailable", kafka=type(error).__name__) from None
    finally:
        await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())


def _look(path: Path, work: Callable[[sqlite3.Connection], Answer], nothing: Answer) -> Answer:
    """What the work reads from the log's file; `nothing` when there is no log yet: looking must not make one."""
    if not path.exists():
        return nothing
    connection = store.connect(path)
    try:
        return work(connection)
    except sqlite3.Error as error:
        raise store.unavailable(error) from None
    finally:
        connection.close()
