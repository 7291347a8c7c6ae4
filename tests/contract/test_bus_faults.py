# SPDX-License-Identifier: EUPL-1.2
"""What both buses promise when processes die and when the bus itself goes away: late, perhaps twice, never lost."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faststream.kafka import KafkaBroker

from shared import bus
from shared.errors import Unavailable
from tests.contract.bus_stage import Stage, names, until
from tests.contract.conftest import BUSES
from tests.real import NotHereError, kafka
from tests.real.fixtures import give_up

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Outage:
    """A bus of one's own that can be taken away and given back."""

    url: str
    server: kafka.Kafka | None = None
    pid: int | None = None
    lock: ExitStack = field(default_factory=ExitStack)

    async def begin(self) -> None:
        """Kafka is killed; on the embedded log another process holds the write lock and does not let go."""
        if self.server is None:
            holder = sqlite3.connect(self.url.removeprefix("embedded://"), isolation_level=None)
            self.lock.callback(holder.close)
            holder.execute("BEGIN IMMEDIATE")
        elif self.pid is not None:
            await asyncio.to_thread(kafka.kill, self.pid)
            self.pid = None

    async def end(self) -> None:
        """It is there again."""
        if self.server is None:
            self.lock.close()
        else:
            self.pid = await asyncio.to_thread(self.server.start)


@pytest.fixture(params=BUSES)
def outage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    """A bus of this test's own, Kafka not started yet; patience with a bus that is away is short."""
    monkeypatch.setattr("shared.bus.PUBLISH_SECONDS", 2.0)
    monkeypatch.setattr("shared.embedded_log_store.BUSY_SECONDS", 0.2)
    if request.param == "embedded":
        yield Outage(f"embedded://{tmp_path}/bus.sqlite")
        return
    try:
        server = kafka.make_kafka()
    except NotHereError as missing:
        give_up(missing)
    outage = Outage(server.url, server)
    try:
        yield outage
    finally:
        if outage.pid is not None:
            kafka.kill(outage.pid)
        server.remove()


async def test_given_a_bus_that_is_away_and_comes_back_when_used_then_all_resumes_by_itself(outage: Outage) -> None:
    async with AsyncExitStack() as members:
        stage = Stage(outage.url, "t", members)
        if outage.server is None:
            await bus.create_topics(outage.url, [bus.TopicSpec("t", 4, 3600)])

        # started while Kafka is away: returns, and says that it is not connected
        member, publisher = await stage.join(wait=False), bus.make_broker(outage.url, service="publisher")
        await stage.run(publisher, wait=False)
        if outage.server is not None:
            assert not bus.connected(publisher)
            await outage.end()
            await bus.create_topics(outage.url, [bus.TopicSpec("t", 4, 3600)])
        await until(lambda: bus.connected(publisher) and bus.connected(member.broker))
        assert await bus.publish(publisher, stage.records(names("before", 40))) == [None] * 40

        # away: outcomes say so, within bounds
        await outage.begin()
        outcomes = await bus.publish(publisher, stage.records(names("during", 40)))
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        await until(lambda: not bus.connected(publisher))

        # back: what was refused is published again, nothing is missing
        await outage.end()
        await _publish_all(publisher, stage.records(names("during", 40)))
        wanted = {*names("before", 40), *names("during", 40)}
        await until(lambda: wanted <= set(member.ids))
        assert bus.connected(publisher)
        assert set(member.ids) == wanted


@pytest.mark.kafka
@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize("outage", ["kafka"], indirect=True)
async def test_given_kafka_gone_for_good_when_stopped_then_stop_ends_in_bounded_time(outage: Outage) -> None:
    async with AsyncExitStack() as members:
        stage = Stage(outage.url, "t", members)
        await outage.end()
        await bus.create_topics(outage.url, [bus.TopicSpec("t", 4, 3600)])
        member = await stage.join()
        assert await bus.publish(member.broker, stage.records(names("before", 4))) == [None] * 4
        await until(lambda: len(member.received) == 4)

        await outage.begin()
        await bus.publish(member.broker, stage.records(names("never", 4)))
        async with asyncio.timeout(10):
            await bus.stop(member.broker)


async def test_given_a_topic_that_is_made_later_when_subscribed_before_then_its_records_come(stage: Stage) -> None:
    late = Stage(stage.url, f"{stage.topic}-late", stage.members)
    member = await late.join(wait=False)

    await bus.create_topics(late.url, [bus.TopicSpec(late.topic, 2, 3600)])
    publisher = await late.publisher()
    await _publish_all(publisher, late.records(names("n", 10)))

    await until(lambda: sorted(member.ids) == names("n", 10))


async def test_given_processes_killed_under_load_when_others_go_on_then_every_acknowledged_record_is_handled(
    stage: Stage, tmp_path: Path
) -> None:
    acknowledged, handled = tmp_path / "acknowledged", tmp_path / "handled"

    for life in range(3):
        more_acknowledged, more_handled = _grown(acknowledged, by=200), _grown(handled, by=100)
        with _process("consume", stage, "g", handled):
            with _process("publish", stage, f"life{life}", acknowledged):
                await until(more_acknowledged)
            await until(more_handled)

    with _process("consume", stage, "g", handled):
        await until(lambda: set(_ids(acknowledged)) <= set(_ids(handled)))
    assert set(_ids(acknowledged)) <= await bus.all_ids(stage.url, stage.topic)


async def _publish_all(publisher: KafkaBroker, records: list[bus.Outgoing]) -> None:
    """As the relay does: again, until each is acknowledged."""
    left: list[bus.Outgoing] = records

    async with asyncio.timeout(60):
        while left:
            outcomes = await bus.publish(publisher, left)
            left = [record for record, outcome in zip(left, outcomes, strict=True) if outcome is not None]
            await asyncio.sleep(0.05 if left else 0)


@contextmanager
def _process(role: str, stage: Stage, *arguments: object) -> Iterator[None]:
    """A worker process that is killed without warning at the end."""
    command = [sys.executable, "-m", "tests.contract.bus_worker", role, stage.url, stage.topic, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield
        finally:
            process.kill()


def _grown(file: Path, *, by: int) -> Callable[[], bool]:
    """Tells whether so many more ids than now stand in the file."""
    goal = len(_ids(file)) + by
    return lambda: len(_ids(file)) >= goal


def _ids(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
