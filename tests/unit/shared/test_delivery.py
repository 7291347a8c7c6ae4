# SPDX-License-Identifier: EUPL-1.2
"""The delivery policy: one effect per event, bad records aside, patience with what is away, a stop when all fails."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from shared import delivery as policy
from shared import outbox
from shared.contracts import SignalRetracted
from shared.database import Database, Transaction
from shared.delivery import Delivered, Delivery, Halted, Policy
from shared.errors import NotFound, Rejected, Unavailable
from shared.metrics import Metrics
from tests.plumbing import SOURCE, Record, Waits, clock_at_noon, migrated, record, retraction


class Effects:
    """A use case that remembers what it handled, and fails as it is told to."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.failures: dict[str, list[Exception]] = {}

    async def __call__(self, events: Sequence[Delivered[SignalRetracted]], tx: Transaction) -> None:
        """Handle a batch whole or not at all."""
        assert tx.dialect == "sqlite"
        for item in events:
            if self.failures.get(item.event.case_id):
                raise self.failures[item.event.case_id].pop(0)
        self.handled += [item.event.case_id for item in events]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with migrated(f"sqlite+aiosqlite:///{tmp_path}/n.sqlite", "notifier") as made:
        yield made


def deliver(
    database: Database, effects: Effects, waits: Waits | None = None, **limits: int
) -> Delivery[SignalRetracted]:
    return Delivery(
        service="notifier", source=SOURCE, model=SignalRetracted, handle=effects, database=database,
        clock=clock_at_noon(), metrics=Metrics(), policy=Policy(**limits), sleep=waits or Waits(),
    )  # fmt: skip


def case(number: int) -> str:
    return f"case-{number:020d}"


async def letters(database: Database) -> list[policy.DeadLetter]:
    async with database.reading() as tx:
        return await policy.dead_letters(tx)


async def test_given_an_event_twice_when_delivered_then_one_effect(database: Database) -> None:
    effects = Effects()
    again = record(event_id="same")
    delivery = deliver(database, effects)

    await delivery([again, again])
    await delivery([again])

    assert len(effects.handled) == 1


async def test_given_a_poison_record_in_a_batch_when_delivered_then_only_it_is_set_aside(database: Database) -> None:
    effects = Effects()
    good = [record(retraction(case(n))) for n in range(5)]
    poison = Record(b"{no json", {"ce_id": "poison", "ce_type": SignalRetracted.type})

    await deliver(database, effects)([*good[:2], poison, *good[2:]])

    assert effects.handled == [case(n) for n in range(5)]
    assert [(letter.event_id, letter.code) for letter in await letters(database)] == [("poison", "malformed_event")]


async def test_given_a_dead_letter_when_its_notice_leaves_then_it_holds_no_content(database: Database) -> None:
    canary = b'{"name": "Kanarie Achternaam"}'

    await deliver(database, Effects())([Record(canary, {"ce_id": "poison", "ce_type": SignalRetracted.type})])
    async with database.reading() as tx:
        notices = await outbox.waiting(tx, limit=10)

    assert [notice.envelope.topic for notice in notices] == ["signal.dead-letter.v1"]
    assert b"Kanarie" not in notices[0].envelope.value


async def test_given_a_dependency_away_for_a_while_when_delivered_then_it_waits_longer_each_time(
    database: Database,
) -> None:
    effects, waits = Effects(), Waits()
    effects.failures[case(1)] = [Unavailable("away") for _ in range(4)]

    await deliver(database, effects, waits)([record(retraction(case(1)))])

    assert effects.handled == [case(1)]
    assert len(waits.seconds) == 4
    assert waits.seconds[0] < waits.seconds[-1]


async def test_given_a_dependency_away_for_long_when_patience_ends_then_it_must_come_again(database: Database) -> None:
    effects = Effects()
    effects.failures[case(1)] = [Unavailable("away")] * 3
    delivery = deliver(database, effects, patience_seconds=0)

    with pytest.raises(Unavailable):
        await delivery([record(retraction(case(1)))])

    assert await letters(database) == []


async def test_given_our_own_bug_when_delivered_then_bounded_tries_and_set_aside(database: Database) -> None:
    effects = Effects()
    effects.failures[case(1)] = [ZeroDivisionError() for _ in range(9)]

    await deliver(database, effects, attempts=3)([record(retraction(case(1)), event_id="ours")])

    assert [(letter.code, letter.attempts) for letter in await letters(database)] == [("internal_error", 3)]


async def test_given_too_many_in_a_row_when_another_fails_then_it_halts_and_buries_no_more(database: Database) -> None:
    effects = Effects()
    bad = [record(retraction(case(n))) for n in range(4)]
    for n in range(4):
        effects.failures[case(n)] = [Rejected("unknown_epoch")] * 99
    delivery = deliver(database, effects, halt_after=3)

    with pytest.raises(Halted):
        await delivery(bad)

    assert delivery.halted
    assert len(await letters(database)) == 3


async def test_given_a_halt_when_the_cause_is_mended_then_it_goes_on_by_itself(database: Database) -> None:
    effects = Effects()
    for n in range(3):
        effects.failures[case(n)] = [Rejected("unknown_epoch")] * 99
    delivery = deliver(database, effects, halt_after=2)
    batch = [record(retraction(case(n))) for n in range(3)]
    with pytest.raises(Halted):
        await delivery(batch)

    effects.failures.clear()
    await delivery(batch)

    assert not delivery.halted
    assert effects.handled == [case(2)]


async def test_given_a_dead_letter_when_replayed_then_it_is_back_on_its_topic_and_counts_once(
    database: Database,
) -> None:
    effects = Effects()
    effects.failures[case(1)] = [Rejected("unknown_epoch")] * 2
    delivery = deliver(database, effects)
    original = record(retraction(case(1)), event_id="again")
    await delivery([original])

    async with database.transaction() as tx:
        await policy.replay(tx, (await policy.dead_letters(tx))[0].id)
    async with database.reading() as tx:
        back = [item.envelope for item in await outbox.waiting(tx, limit=10) if item.envelope.event_id == "again"]
    await delivery([Record(back[0].value, dict(back[0].headers))])

    assert back[0].value == original.value
    assert effects.handled == [case(1)]
    assert await letters(database) == []


async def test_given_no_such_dead_letter_when_replayed_then_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        async with database.transaction() as tx:
            await policy.replay(tx, 999)


async def test_given_an_event_of_another_type_when_delivered_then_set_aside_with_its_code(database: Database) -> None:
    stranger = record(event_id="stranger")
    stranger.headers["ce_type"] = "nl.example.else.v1"

    await deliver(database, Effects())([stranger])

    assert [letter.code for letter in await letters(database)] == ["wrong_event_type"]
