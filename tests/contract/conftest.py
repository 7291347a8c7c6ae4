# SPDX-License-Identifier: EUPL-1.2
"""The buses of the contract suite: each test that asks for one runs on all of them."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from shared import bus
from tests.contract.bus_stage import Stage

BUSES = ["embedded", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.xdist_group("kafka")])]


@pytest.fixture(params=BUSES)
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a bus; Kafka's is shared by all tests."""
    if request.param == "embedded":
        return f"embedded://{tmp_path}/bus.sqlite"
    url: str = request.getfixturevalue("kafka_url")
    return url


@pytest.fixture
async def stage(bus_url: str) -> AsyncIterator[Stage]:
    """A bus with one topic of four partitions, and members that are stopped at the end."""
    async with AsyncExitStack() as members:
        stage = Stage(bus_url, f"t-{uuid.uuid4().hex[:12]}", members)
        await bus.create_topics(bus_url, [bus.TopicSpec(stage.topic, 4, 3600)])
        yield stage
