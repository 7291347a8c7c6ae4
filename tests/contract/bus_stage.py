# SPDX-License-Identifier: EUPL-1.2
"""What the bus suite plays with: members that remember what they were given, and records to send."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker

from shared import bus
from shared.bus_records import place
from shared.embedded_log_client import EmbeddedProducer

PATIENCE_SECONDS = 60.0  # for a condition that must come true; none of the tests waits for time to pass


async def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds; TimeoutError when it never does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110  # conditions are over what arrived; no event tells of them
            await asyncio.sleep(0.005)


@dataclass
class Member:
    """A broker with one subscription, and the batches its handler was given."""

    broker: KafkaBroker
    batches: list[list[bus.Incoming]] = field(default_factory=list)
    fail: Callable[[Sequence[bus.Incoming]], bool] = lambda _: False

    async def handle(self, batch: Sequence[bus.Incoming]) -> None:
        """Remember the batch, then fail when told to."""
        self.batches.append(list(batch))
        if self.fail(batch):
            raise RuntimeError("told to fail")

    @property
    def received(self) -> list[bus.Incoming]:
        """Every record in the order it came, repeats included."""
        return [record for batch in self.batches for record in batch]

    @property
    def ids(self) -> list[str]:
        """The ids in the order they came, repeats included."""
        return [record.headers["ce_id"] for record in self.received]


@dataclass
class Stage:
    """One topic on one bus."""

    url: str
    topic: str
    members: AsyncExitStack

    async def join(self, group: str = "g", *, max_records: int = 500, wait: bool = True) -> Member:
        """A started member of the group."""
        member = Member(bus.make_broker(self.url, service=group))
        bus.subscribe(member.broker, self.topic, group=group, handler=member.handle, max_records=max_records)
        await self.run(member.broker, wait=wait)
        return member

    async def publisher(self) -> KafkaBroker:
        """A started broker without subscriptions."""
        broker = bus.make_broker(self.url, service="publisher")
        await self.run(broker)
        return broker

    async def run(self, broker: KafkaBroker, *, wait: bool = True) -> None:
        """Start the broker; it is stopped with the test."""
        self.members.push_async_callback(bus.stop, broker)
        await bus.start(broker)
        if wait:
            await until(lambda: bus.connected(broker))

    def records(self, names: Iterable[str], *, keys: int = 8) -> list[bus.Outgoing]:
        """A record per name, over so many keys in turn."""
        return [
            bus.Outgoing(self.topic, f"key-{number % keys}".encode(), name.encode(), {"ce_id": name})
            for number, name in enumerate(names)
        ]


def names(prefix: str, count: int) -> list[str]:
    """So many names in order."""
    return [f"{prefix}-{number:05}" for number in range(count)]


async def open_client(url: str) -> AIOKafkaProducer | EmbeddedProducer:
    """The bare client of the bus, for records that `publish` would not make."""
    where = place(url)
    client = EmbeddedProducer(where) if isinstance(where, Path) else AIOKafkaProducer(bootstrap_servers=list(where))
    await client.start()
    return client
