# SPDX-License-Identifier: EUPL-1.2
"""The embedded log below the look-alike: retention, leases, group commit, and files that cannot be used."""

import asyncio
import datetime as dt
import os
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import embedded_log_groups as groups
from shared import embedded_log_store as store
from shared.clock import MovableClock
from shared.embedded_log import EmbeddedLog, close_log, open_log
from shared.embedded_log_store import NewRecord, Transaction
from shared.errors import Conflict, Rejected, Unavailable

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
async def log(tmp_path: Path, clock: MovableClock) -> AsyncIterator[EmbeddedLog]:
    """An open log with a topic of one partition and one of four."""
    log = await open_log(tmp_path / "log.sqlite", clock)
    await log.create_topics([("one", 1, 3600), ("four", 4, 3600)])
    yield log
    await close_log(log)


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Transaction]:
    """A transaction on a file of its own, with a topic `one` of one partition and `four` of four."""
    connection = store.connect(tmp_path / "log.sqlite")
    connection.execute("BEGIN")
    tx = Transaction(connection)
    store.create_topic(tx, "one", partitions=1, retention_seconds=60)
    store.create_topic(tx, "four", partitions=4, retention_seconds=60)
    yield tx
    connection.close()


def record(topic: str = "one", *, key: bytes = b"k", value: bytes = b"v", at_ms: int = 0) -> NewRecord:
    return NewRecord(topic, key, value, [("ce_id", b"1")], at_ms)


def append(tx: Transaction, *, count: int, at_ms: int = 0) -> None:
    for _ in range(count):
        store.append(tx, record(at_ms=at_ms))
    tx.finish()


def read_all(tx: Transaction, topic: str = "one") -> list[int]:
    return [r.offset for r in store.read(tx.connection, topic, {0: 0}, max_records=1_000)]


# --- retention


def test_given_expired_records_when_trimmed_then_only_what_every_group_has_handled_goes(tx: Transaction) -> None:
    append(tx, count=10)
    for group, handled in (("fast", 8), ("slow", 3)):
        member = groups.join(tx, group=group, topic="one")
        groups.settle(tx, group_id=member, member=group, process="p", now_ms=0)
        groups.commit(tx, group_id=member, member=group, offsets={0: handled})

    removed = store.trim(tx.connection, now_ms=61_000)

    assert removed == 3
    assert read_all(tx) == [3, 4, 5, 6, 7, 8, 9]


def test_given_a_group_that_never_committed_when_trimmed_then_nothing_goes(tx: Transaction) -> None:
    append(tx, count=5)
    groups.join(tx, group="new", topic="one")

    assert store.trim(tx.connection, now_ms=10**9) == 0


@pytest.mark.parametrize(("age_ms", "left"), [(59_999, 5), (60_000, 5), (60_001, 0)])
def test_given_a_topic_without_groups_when_trimmed_then_age_alone_decides(
    tx: Transaction, age_ms: int, left: int
) -> None:
    append(tx, count=5)

    store.trim(tx.connection, now_ms=age_ms)

    assert len(read_all(tx)) == left


def test_given_young_records_behind_old_ones_when_trimmed_then_offsets_go_on_and_are_not_used_again(
    tx: Transaction,
) -> None:
    append(tx, count=4, at_ms=0)
    append(tx, count=2, at_ms=100_000)

    store.trim(tx.connection, now_ms=120_000)
    append(tx, count=1, at_ms=120_000)

    assert read_all(tx) == [4, 5, 6]


def test_given_more_expired_records_than_one_round_takes_when_trimmed_then_a_round_is_bounded(
    tx: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "TRIM_ROWS", 4)
    append(tx, count=10)

    assert [store.trim(tx.connection, now_ms=61_000) for _ in range(4)] == [4, 4, 2, 0]


# --- leases


def test_given_members_that_come_and_go_when_settled_then_each_partition_has_one_holder(tx: Transaction) -> None:
    group = groups.join(tx, group="g", topic="four")

    def settle(member: str) -> set[int]:
        return set(groups.settle(tx, group_id=group, member=member, process="p", now_ms=0).partitions)

    assert settle("a") == {0, 1, 2, 3}
    assert settle("b") == set()  # `a` still holds everything
    assert settle("a") == {0, 2}
    assert settle("b") == {1, 3}
    groups.leave(tx, member="a")
    assert settle("b") == {0, 1, 2, 3}


@given(steps=st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["settle", "leave"])), max_size=30))
def test_given_any_coming_and_going_when_all_settle_twice_then_every_partition_is_held_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    connection = store.connect(tmp_path_factory.mktemp("log") / "log.sqlite")
    connection.execute("BEGIN")
    tx = Transaction(connection)
    store.create_topic(tx, "four", partitions=4, retention_seconds=60)
    group, present = groups.join(tx, group="g", topic="four"), {"z"}

    for member, step in [*steps, ("z", "settle")]:
        if step == "leave":
            groups.leave(tx, member=member)
            present.discard(member)
        else:
            groups.settle(tx, group_id=group, member=member, process="p", now_ms=0)
            present.add(member)
    for _ in range(2):
        shares = [groups.settle(tx, group_id=group, member=m, process="p", now_ms=0).partitions for m in present]

    assert sorted(number for share in shares for number in share) == [0, 1, 2, 3]
    connection.close()


def test_given_a_lost_lease_when_committed_then_it_is_refused_and_nothing_changes(tx: Transaction) -> None:
    group = groups.join(tx, group="g", topic="four")
    groups.settle(tx, group_id=group, member="a", process="p", now_ms=0)
    groups.commit(tx, group_id=group, member="a", offsets={0: 5})
    groups.leave(tx, member="a")
    groups.settle(tx, group_id=group, member="b", process="p", now_ms=0)

    with pytest.raises(Conflict, match="lease_lost"):
        groups.commit(tx, group_id=group, member="a", offsets={0: 9})

    assert store.committed(tx.connection, "four", "g") == {0: 5}


def test_given_a_dead_process_when_swept_then_its_members_are_gone_and_a_living_one_stays(
    tx: Transaction, tmp_path: Path
) -> None:
    group = groups.join(tx, group="g", topic="four")
    living, own = groups.Presence(tmp_path / "log.sqlite"), groups.Presence(tmp_path / "log.sqlite")
    for member, process in (("alive", living.process), ("dead", "0123"), ("own", own.process)):
        groups.settle(tx, group_id=group, member=member, process=process, now_ms=0)

    groups.sweep(tx, own, now_ms=1)

    left = tx.connection.execute("SELECT member FROM members ORDER BY member").fetchall()
    assert left == [("alive",), ("own",)]
    living.close()
    own.close()


def test_given_a_hung_process_when_its_lease_runs_out_then_its_members_are_gone(
    tx: Transaction, tmp_path: Path
) -> None:
    group, hung = groups.join(tx, group="g", topic="four"), groups.Presence(tmp_path / "log.sqlite")
    own = groups.Presence(tmp_path / "log.sqlite")
    groups.settle(tx, group_id=group, member="hung", process=hung.process, now_ms=0)

    groups.sweep(tx, own, now_ms=15_000)
    assert tx.connection.execute("SELECT count(*) FROM members").fetchone() == (1,)
    groups.sweep(tx, own, now_ms=15_001)
    assert tx.connection.execute("SELECT count(*) FROM members").fetchone() == (0,)
    hung.close()
    own.close()


# --- records


@given(
    value=st.binary(max_size=200),
    key=st.none() | st.binary(max_size=40),
    headers=st.lists(st.tuples(st.text(st.characters(codec="utf-8"), max_size=10), st.binary(max_size=20)), max_size=4),
)
def test_given_any_record_when_read_back_then_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, value: bytes, key: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    connection = store.connect(tmp_path_factory.mktemp("log") / "log.sqlite")
    tx = Transaction(connection)
    store.create_topic(tx, "four", partitions=4, retention_seconds=60)

    number, offset = store.append(tx, NewRecord("four", key, value, headers, 7))
    tx.finish()
    (found,) = store.read(connection, "four", dict.fromkeys(range(4), 0), max_records=10)

    assert found == store.StoredRecord(number, offset, key, value, tuple(headers), 7)
    connection.close()


async def test_given_one_bad_item_in_a_group_when_committed_then_the_others_are_kept(log: EmbeddedLog) -> None:
    good = [log.write(lambda tx: store.append(tx, record()), durable=True) for _ in range(3)]
    bad = log.write(lambda tx: store.append(tx, record(value=bytes(2 * 1024 * 1024))), durable=True)
    broken = log.write(lambda tx: tx.connection.execute("INSERT INTO records VALUES (1, 1, NULL, 1, 1)"), durable=True)
    more = log.write(lambda tx: store.append(tx, record()), durable=True)

    outcomes = await asyncio.gather(*good, bad, broken, more, return_exceptions=True)

    assert [*outcomes[:3], outcomes[5]] == [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert isinstance(outcomes[3], Rejected)
    assert isinstance(outcomes[4], Unavailable)
    assert log.failure() is None


async def test_given_two_logs_on_one_path_when_opened_then_they_are_the_same_until_the_last_is_closed(
    tmp_path: Path,
) -> None:
    first, second = await open_log(tmp_path / "log.sqlite"), await open_log(tmp_path / "log.sqlite")
    assert first is second

    await close_log(first)
    await second.create_topics([("t", 1, 60)])
    await close_log(second)

    assert os.listdir(tmp_path) == ["log.sqlite"]  # noqa: PTH208  # no lock, write-ahead or shared file is left
    with pytest.raises(Unavailable, match="log_closed"):
        await second.flush()


async def test_given_another_process_that_appends_when_watched_then_the_watcher_is_woken(log: EmbeddedLog) -> None:
    event = asyncio.Event()
    log.watch("one", event)
    other = store.connect(log.path)
    other.execute("BEGIN IMMEDIATE")
    tx = Transaction(other)
    store.append(tx, record())
    tx.finish()
    other.execute("COMMIT")
    other.close()

    async with asyncio.timeout(10):
        await event.wait()


# --- files that cannot be used


def damage_head(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def damage_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192 * 2 :] = b"\xa5" * (len(content) - 8192 * 2)
    path.write_bytes(content)


def make_newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(damage_head, "log_damaged"), (damage_middle, "log_damaged"), (make_newer, "log_newer")],
)
async def test_given_a_spoilt_file_when_opened_then_it_is_unavailable_and_says_why(
    tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "log.sqlite"
    await close_log(await open_log(path))
    spoil(path)

    with pytest.raises(Unavailable, match=code):
        await open_log(path)


async def test_given_no_such_folder_when_opened_then_it_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="log_unwritable"):
        await open_log(tmp_path / "nowhere" / "log.sqlite")


async def test_given_a_full_disk_when_appended_then_every_item_is_unavailable_until_there_is_room(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        log = await open_log(tmp_path / "log.sqlite")
        stack.push_async_callback(close_log, log)
        await log.create_topics([("one", 1, 60)])
        large = record(value=bytes(200_000))

        with _files_no_larger_than(500_000):
            appends = [log.write(lambda tx: store.append(tx, large), durable=True) for _ in range(5)]
            outcomes = await asyncio.gather(*appends, return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {Unavailable}
            assert isinstance(log.failure(), Unavailable)
            assert await log.look(lambda connection: store.ends(connection, "one")) == {0: (1, 0)}

        assert await log.write(lambda tx: store.append(tx, large), durable=True) == (0, 0)
        assert log.failure() is None


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses to let a file grow beyond this, as a full disk does."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
