# SPDX-License-Identifier: EUPL-1.2
"""What both buses promise: at least once, in order per key, to every group, whatever a handler does."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from shared import bus
from shared.errors import Rejected, Unavailable
from tests.contract.bus_stage import Member, Stage, names, open_client, until


async def test_given_records_of_several_keys_when_published_concurrently_then_each_key_keeps_its_order(
    stage: Stage,
) -> None:
    member, publisher = await stage.join(), await stage.publisher()

    sent = [stage.records(names(f"round{number}", 80), keys=8) for number in range(5)]
    for batch in sent:
        halves = await asyncio.gather(bus.publish(publisher, batch[:40]), bus.publish(publisher, batch[40:]))
        assert [*halves[0], *halves[1]] == [None] * 80

    await until(lambda: len(member.received) == 400)
    by_key: dict[bytes | None, list[str]] = defaultdict(list)
    for record in member.received:
        by_key[record.key].append(record.headers["ce_id"])
    for half in (0, 1):
        for key, ids in by_key.items():
            mine = [r.headers["ce_id"] for batch in sent for r in batch[half * 40 : half * 40 + 40] if r.key == key]
            assert [i for i in ids if i in mine] == mine


async def test_given_one_key_when_read_then_its_records_come_from_one_partition_with_rising_offsets(
    stage: Stage,
) -> None:
    member, publisher = await stage.join(), await stage.publisher()

    await bus.publish(publisher, stage.records(names("n", 50), keys=1))
    await until(lambda: len(member.received) == 50)

    assert len({record.partition for record in member.received}) == 1
    assert [record.offset for record in member.received] == list(range(50))
    assert member.ids == names("n", 50)


async def test_given_a_record_when_received_then_it_is_as_it_was_sent(stage: Stage) -> None:
    member, publisher = await stage.join(), await stage.publisher()
    headers = {"ce_id": "1", "ce_type": "nl.test", "content-type": "application/json", "ce_soort": "één"}

    await bus.publish(publisher, [bus.Outgoing(stage.topic, b"\x00\xffkey", b'{"a":1}\x00\xfe', headers)])
    await until(lambda: bool(member.received))

    (record,) = member.received
    assert (record.topic, record.key, record.value) == (stage.topic, b"\x00\xffkey", b'{"a":1}\x00\xfe')
    assert headers.items() <= record.headers.items()
    assert record.timestamp_ms > 1_700_000_000_000


async def test_given_headers_that_are_no_text_and_no_value_when_received_then_the_record_still_comes(
    stage: Stage,
) -> None:
    member, publisher = await stage.join(), await stage.publisher()
    client = await open_client(stage.url)
    try:
        await (await client.send(stage.topic, key=b"k", value=None, headers=[("ce_id", b"1"), ("bad", b"\xff\xfe")]))
        await (await client.send(stage.topic, key=b"k", value=b"{", headers=[("content-type", b"application/json")]))
    finally:
        await client.stop()
    await bus.publish(publisher, [bus.Outgoing(stage.topic, b"k", b"v", {"ce_id": "3", "reply_to": stage.topic})])

    await until(lambda: len(member.received) == 3)
    assert [record.value for record in member.received] == [b"", b"{", b"v"]
    assert member.received[0].headers == {"ce_id": "1", "bad": "\N{REPLACEMENT CHARACTER}" * 2}


async def test_given_two_groups_when_a_record_is_published_then_both_get_it(stage: Stage) -> None:
    one, other, publisher = await stage.join("one"), await stage.join("other"), await stage.publisher()

    await bus.publish(publisher, stage.records(names("n", 30)))

    await until(lambda: len(one.received) == 30 and len(other.received) == 30)
    assert sorted(one.ids) == sorted(other.ids) == names("n", 30)


async def test_given_a_backlog_when_read_then_batches_are_filled_up_to_the_maximum(stage: Stage) -> None:
    publisher = await stage.publisher()
    await bus.publish(publisher, stage.records(names("n", 100), keys=1))

    member = await stage.join(max_records=40)
    await until(lambda: len(member.received) == 100)

    assert [len(batch) for batch in member.batches] == [40, 40, 20]


async def test_given_a_handler_that_fails_once_when_a_batch_comes_then_it_comes_again_whole_and_in_order(
    stage: Stage,
) -> None:
    publisher, bystander = await stage.publisher(), await stage.join("bystander")
    await bus.publish(publisher, stage.records(names("n", 40)))

    member = await stage.join(wait=False)
    member.fail = lambda _: len(member.batches) == 1
    await until(lambda: len(set(member.ids)) == 40 and len(member.batches) > 1)

    await until(lambda: sorted(member.ids) == sorted(names("n", 40) + [r.headers["ce_id"] for r in member.batches[0]]))
    first = {record.partition: record.offset for record in reversed(member.batches[0])}
    again = {record.partition: record.offset for record in reversed(member.received[len(member.batches[0]) :])}
    assert {partition: again[partition] for partition in first} == first
    assert sorted(bystander.ids) == names("n", 40)


async def test_given_a_poison_record_when_its_handler_gives_up_on_it_then_the_rest_of_its_key_follows(
    stage: Stage,
) -> None:
    publisher = await stage.publisher()
    member = await stage.join(max_records=10)

    def poisoned(batch: Sequence[bus.Incoming]) -> bool:
        return any(record.value == b"n-00007" for record in batch) and member.ids.count("n-00007") < 4

    member.fail = poisoned
    await bus.publish(publisher, stage.records(names("n", 30), keys=1))
    await until(lambda: "n-00029" in member.ids)

    assert member.ids.count("n-00007") == 4
    assert list(dict.fromkeys(member.ids)) == names("n", 30)


async def test_given_handled_records_when_the_member_restarts_then_only_what_was_not_handled_comes(
    stage: Stage,
) -> None:
    publisher, member = await stage.publisher(), await stage.join()
    await bus.publish(publisher, stage.records(names("handled", 20)))
    await until(lambda: len(member.received) == 20)
    await bus.stop(member.broker)

    await bus.publish(publisher, stage.records(names("new", 20)))
    successor = await stage.join()

    await until(lambda: len(successor.received) == 20)
    assert sorted(successor.ids) == names("new", 20)


async def test_given_a_handler_that_hangs_when_stopped_then_stop_ends_and_the_batch_comes_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus_broker.DRAIN_SECONDS", 0.1)
    publisher = await stage.publisher()
    broker, entered = bus.make_broker(stage.url, service="hangs"), asyncio.Event()

    async def hang(_: Sequence[bus.Incoming]) -> None:
        entered.set()
        await asyncio.Event().wait()

    bus.subscribe(broker, stage.topic, group="g", handler=hang)
    await bus.start(broker)
    await bus.publish(publisher, stage.records(["only"]))
    async with asyncio.timeout(60):
        await entered.wait()
        await bus.stop(broker)

    successor = await stage.join()
    await until(lambda: successor.ids == ["only"])
    assert not bus.connected(broker)


async def test_given_a_publisher_that_restarts_when_it_goes_on_then_nothing_is_lost_and_order_holds(
    stage: Stage,
) -> None:
    member = await stage.join()

    for number in range(3):
        publisher = await stage.publisher()
        await bus.publish(publisher, stage.records(names(f"life{number}", 10), keys=1))
        await bus.stop(publisher)

    await until(lambda: len(member.received) == 30)
    assert member.ids == [name for number in range(3) for name in names(f"life{number}", 10)]


async def test_given_two_members_when_records_come_then_they_share_the_partitions_and_one_takes_over(
    stage: Stage,
) -> None:
    publisher = await stage.publisher()
    one, other = await stage.join(), await stage.join()
    probes: set[str] = set()
    while not (one.received and other.received):  # until the group has settled on its two members
        probes.update(probe := names(f"probe{len(probes)}", 16))
        await bus.publish(publisher, stage.records(probe, keys=16))
        await until(lambda: probes <= {*one.ids, *other.ids})

    await bus.publish(publisher, stage.records(names("shared", 160), keys=16))
    await until(lambda: sum(i.startswith("shared") for i in one.ids + other.ids) == 160)
    assert {r.partition for r in one.received[-5:]} & {r.partition for r in other.received[-5:]} == set()
    assert sorted(i for i in one.ids + other.ids if i.startswith("shared")) == names("shared", 160)

    await bus.stop(one.broker)
    await bus.publish(publisher, stage.records(names("after", 40), keys=16))
    await until(lambda: set(names("after", 40)) <= set(other.ids))


async def test_given_a_record_that_is_too_large_when_published_then_it_alone_is_rejected(stage: Stage) -> None:
    member, publisher = await stage.join(), await stage.publisher()
    first, huge, last = stage.records(["first", "huge", "last"])
    huge = bus.Outgoing(huge.topic, huge.key, bytes(2 * 1024 * 1024), huge.headers)

    outcomes = await bus.publish(publisher, [first, huge, last])

    assert outcomes[0] is None
    assert outcomes[2] is None
    assert isinstance(outcomes[1], Rejected)
    assert outcomes[1].code == "record_too_large"
    await until(lambda: sorted(member.ids) == ["first", "last"])


async def test_given_no_such_topic_when_published_then_the_outcome_is_unavailable_until_it_is_made(
    stage: Stage,
) -> None:
    publisher = await stage.publisher()
    missing = f"{stage.topic}-later"
    record = bus.Outgoing(missing, b"k", b"v", {"ce_id": "1"})

    (before,) = await bus.publish(publisher, [record])
    await bus.create_topics(stage.url, [bus.TopicSpec(missing, 1, 3600)])
    (after,) = await bus.publish(publisher, [record])

    assert isinstance(before, Unavailable)
    assert before.code == "topic_missing"
    assert after is None


async def test_given_a_broker_that_was_not_started_when_published_then_every_outcome_is_unavailable(
    stage: Stage,
) -> None:
    outcomes = await bus.publish(bus.make_broker(stage.url, service="idle"), stage.records(names("n", 3)))

    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3


async def test_given_records_of_which_some_are_handled_when_asked_then_the_rest_is_pending(stage: Stage) -> None:
    publisher, member = await stage.publisher(), await stage.join("reader")
    await bus.publish(publisher, stage.records(names("old", 12)))
    await until(lambda: len(member.received) == 12)
    await bus.stop(member.broker)
    await bus.publish(publisher, stage.records(names("new", 12)))

    assert await bus.pending_keys(stage.url, stage.topic, "reader") == set(names("new", 12))
    assert await bus.pending_keys(stage.url, stage.topic, "nobody") == {*names("old", 12), *names("new", 12)}
    assert await bus.all_ids(stage.url, stage.topic) == {*names("old", 12), *names("new", 12)}


async def test_given_topics_when_checked_then_what_is_missing_or_different_is_named(stage: Stage) -> None:
    same, missing = bus.TopicSpec(stage.topic, 4, 3600), bus.TopicSpec(f"{stage.topic}-none", 4, 3600)

    assert await bus.check_topics(stage.url, [same, missing]) == [missing.name]
    assert await bus.check_topics(stage.url, [bus.TopicSpec(stage.topic, 5, 3600)]) == [stage.topic]
    assert await bus.check_topics(stage.url, [bus.TopicSpec(stage.topic, 4, 60)]) == [stage.topic]


async def test_given_services_that_share_a_registry_when_records_come_then_each_counts_its_own(stage: Stage) -> None:
    registry, received = CollectorRegistry(), list[bus.Incoming]()

    async def keep(batch: Sequence[bus.Incoming]) -> None:
        received.extend(batch)

    for service in ("one", "other"):
        broker = bus.make_broker(stage.url, service=service, registry=registry)
        bus.subscribe(broker, stage.topic, group=service, handler=keep)
        await stage.run(broker)
    await bus.publish(broker, stage.records(names("n", 5)))
    await until(lambda: len(received) == 10)

    for service in ("one", "other"):
        labels = {"app_name": service, "broker": "kafka", "handler": stage.topic}
        assert registry.get_sample_value("faststream_received_messages_total", labels) == 5


async def test_given_subscriptions_when_described_then_the_document_names_them_and_no_address(stage: Stage) -> None:
    broker = bus.make_broker(stage.url, service="described")
    bus.subscribe(broker, stage.topic, group="g", handler=Member(broker).handle)

    document = bus.asyncapi(broker)

    assert document["asyncapi"] == "3.0.0"
    assert [channel["address"] for channel in document["channels"].values()] == [stage.topic]
    assert "127.0.0.1" not in str(document)
    assert "sqlite" not in str(document)


async def test_given_topics_that_exist_when_created_again_then_nothing_changes(stage: Stage) -> None:
    publisher = await stage.publisher()
    await bus.publish(publisher, stage.records(names("n", 5)))

    await bus.create_topics(stage.url, [bus.TopicSpec(stage.topic, 4, 3600)])

    assert await bus.all_ids(stage.url, stage.topic) == set(names("n", 5))
