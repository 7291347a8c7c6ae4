# SPDX-License-Identifier: EUPL-1.2
"""The relay: nothing leaves the outbox before the bus has it, and one refused event does not block the rest."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from shared import contracts, delivery, outbox
from shared.contracts import Envelope
from shared.database import Database
from shared.errors import Rejected, Unavailable
from shared.metrics import Metrics
from shared.relay import Relay
from tests.plumbing import NOON, SOURCE, clock_at_noon, migrated, retraction


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with migrated(f"sqlite+aiosqlite:///{tmp_path}/n.sqlite", "notifier") as made:
        yield made


class Bus:
    """Takes what it is told to take."""

    def __init__(self, *outcomes: BaseException | None) -> None:
        self.outcomes = list(outcomes)
        self.taken: list[str] = []

    async def __call__(self, envelopes: Sequence[Envelope]) -> list[BaseException | None]:
        """The outcome per event, in order."""
        found = [self.outcomes.pop(0) if self.outcomes else None for _ in envelopes]
        self.taken += [e.event_id for e, outcome in zip(envelopes, found, strict=True) if outcome is None]
        return found


async def fill(database: Database, count: int) -> None:
    async with database.transaction() as tx:
        for number in range(count):
            outbox.enqueue(tx, contracts.envelope(retraction(), source=SOURCE, at=NOON, event_id=f"e{number}"))


async def left(database: Database) -> list[str]:
    async with database.reading() as tx:
        return [item.envelope.event_id for item in await outbox.waiting(tx, limit=100)]


def relay(database: Database, bus: Bus) -> Relay:
    return Relay("notifier", database, bus, Metrics(), clock_at_noon())


async def test_given_a_bus_that_is_there_when_published_then_all_leave_in_order(database: Database) -> None:
    await fill(database, 3)
    bus = Bus()

    sent = await relay(database, bus).publish_once()

    assert (sent, bus.taken, await left(database)) == (3, ["e0", "e1", "e2"], [])


async def test_given_a_bus_that_takes_a_part_when_published_then_the_rest_stays(database: Database) -> None:
    await fill(database, 3)

    with pytest.raises(Unavailable):
        await relay(database, Bus(None, Unavailable("away"), Unavailable("away"))).publish_once()

    assert await left(database) == ["e1", "e2"]


async def test_given_an_event_the_bus_refuses_for_good_when_published_then_it_is_a_dead_letter(
    database: Database,
) -> None:
    await fill(database, 3)

    sent = await relay(database, Bus(None, Rejected("record_too_large"), None)).publish_once()
    async with database.reading() as tx:
        letters = await delivery.dead_letters(tx)

    assert (sent, await left(database)) == (3, [])
    assert [(letter.event_id, letter.code) for letter in letters] == [("e1", "record_too_large")]


async def test_given_a_relay_that_runs_when_an_event_is_queued_then_it_leaves_at_once(database: Database) -> None:
    bus = Bus()
    running = relay(database, bus)
    running.start()

    await fill(database, 2)
    while await left(database):
        await database.in_group(_nothing)
    await running.stop()

    assert bus.taken == ["e0", "e1"]


async def _nothing(_: object) -> None:
    return None
