# SPDX-License-Identifier: EUPL-1.2
"""The file of the embedded log: its tables and the statements on them.

Owns topics, partitions, records and committed offsets as rows of one SQLite file. Every function works on a connection
it is given and never begins, commits or rolls back: that is the writer's. Never looks at the content of a record.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from shared.errors import Rejected, SeinhuisError, Unavailable

SCHEMA_VERSION: Final = 1
MAX_OFFSET_BITS: Final = 40  # 10^12 records a partition; the bits above name the partition in a record's slot
MAX_RECORD_BYTES: Final = 1024 * 1024  # what Kafka takes by default (message.max.bytes), so both buses refuse alike
CHECK_BYTES: Final = 64 * 1024 * 1024  # a file up to this size is read whole at opening: about 0.1 s
BUSY_SECONDS: Final = 5.0  # how long another process may hold the write lock before the bus counts as away
TRIM_ROWS: Final = 5_000  # deleted per transaction, so that trimming never holds up a publisher for long

_SCHEMA: Final = """
CREATE TABLE topics (
  topic_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, retention_seconds INTEGER NOT NULL) STRICT;
CREATE TABLE partitions (
  partition_id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL REFERENCES topics, number INTEGER NOT NULL,
  next_offset INTEGER NOT NULL DEFAULT 0, UNIQUE (topic_id, number)) STRICT;
CREATE TABLE records (
  slot INTEGER PRIMARY KEY, key BLOB, value BLOB NOT NULL, headers BLOB NOT NULL, timestamp_ms INTEGER NOT NULL) STRICT;
CREATE TABLE groups (
  group_id INTEGER PRIMARY KEY, name TEXT NOT NULL, topic_id INTEGER NOT NULL REFERENCES topics,
  generation INTEGER NOT NULL DEFAULT 0, UNIQUE (name, topic_id)) STRICT;
CREATE TABLE committed (
  group_id INTEGER NOT NULL REFERENCES groups, partition_id INTEGER NOT NULL REFERENCES partitions,
  next_offset INTEGER NOT NULL, PRIMARY KEY (group_id, partition_id)) STRICT, WITHOUT ROWID;
CREATE TABLE members (
  member TEXT PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES groups, process TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE leases (
  group_id INTEGER NOT NULL REFERENCES groups, partition_id INTEGER NOT NULL REFERENCES partitions,
  member TEXT NOT NULL REFERENCES members ON DELETE CASCADE, PRIMARY KEY (group_id, partition_id)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as the log holds it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class NewRecord:
    """One record to append; the partition follows from the key."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    timestamp_ms: int


@dataclass(slots=True)
class _Partition:
    partition_id: int
    next_offset: int
    changed: bool = False


@dataclass(slots=True)
class Transaction:
    """One write transaction: the connection, and the ends of the partitions it appends to."""

    connection: sqlite3.Connection
    topics: dict[str, list[_Partition]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # topics whose subscribers have something to look at

    def partitions_of(self, topic: str) -> list[_Partition]:
        """The topic's partitions in order. Raises Unavailable `topic_missing`: it may be made at any moment."""
        if topic not in self.topics:
            rows = self.connection.execute(
                "SELECT partition_id, next_offset FROM partitions JOIN topics USING (topic_id) WHERE name = ?"
                " ORDER BY number",
                (topic,),
            ).fetchall()
            if not rows:
                raise Unavailable("topic_missing", topic=topic)
            self.topics[topic] = [_Partition(*row) for row in rows]
        return self.topics[topic]

    def finish(self) -> None:
        """Write the new ends of the partitions back; the last statement before the commit."""
        ends = [(p.next_offset, p.partition_id) for ps in self.topics.values() for p in ps if p.changed]
        self.connection.executemany("UPDATE partitions SET next_offset = ? WHERE partition_id = ?", ends)


def connect(path: Path, *, check: bool = False) -> sqlite3.Connection:
    """A connection to the file, made when it is not there; usable from one thread at a time.

    With `check` a file of moderate size is read whole, so that damage is told now and not by the record it hit.

    Raises: Unavailable `log_damaged`, `log_newer` (made by a newer program) or `log_unwritable`.
    """
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise unavailable(error) from None
    try:
        _prepare(connection)
        if check and path.stat().st_size <= CHECK_BYTES:
            _check(connection)
    except sqlite3.Error as error:
        connection.close()
        raise unavailable(error) from None
    except Unavailable:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 8192")  # three sealed signals a page instead of one
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what retention removes is gone from the file too
    version = _version(connection)
    if version == 0:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:  # another process may have made it between the look and the lock
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    elif version > SCHEMA_VERSION:
        raise Unavailable("log_newer", found=version, known=SCHEMA_VERSION)


def _check(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Unavailable("log_damaged")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


_FILE_FAILURES: Final = {
    sqlite3.SQLITE_FULL: "log_full",
    sqlite3.SQLITE_CORRUPT: "log_damaged",
    sqlite3.SQLITE_NOTADB: "log_damaged",
    sqlite3.SQLITE_READONLY: "log_unwritable",
    sqlite3.SQLITE_CANTOPEN: "log_unwritable",
    sqlite3.SQLITE_PERM: "log_unwritable",
    sqlite3.SQLITE_BUSY: "log_busy",
    sqlite3.SQLITE_IOERR: "log_failed",
    sqlite3.SQLITE_NOMEM: "log_failed",
}


def is_of_the_file(error: sqlite3.Error) -> bool:
    """The failure is of the disk or the file, not of the one statement: whoever comes next fares the same."""
    return _primary_code(error) in _FILE_FAILURES


def unavailable(error: sqlite3.Error) -> Unavailable:
    """The failure in the house's own terms: full, damaged, unwritable or busy; never SQLite's text."""
    name = getattr(error, "sqlite_errorname", "unknown")
    return Unavailable(_FILE_FAILURES.get(_primary_code(error), "log_failed"), sqlite=name)


def _primary_code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def create_topic(tx: Transaction, name: str, *, partitions: int, retention_seconds: int) -> None:
    """The topic exists with at least so many partitions and this retention. Partitions are never taken away."""
    tx.connection.execute(
        "INSERT INTO topics (name, retention_seconds) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET retention_seconds = excluded.retention_seconds",
        (name, retention_seconds),
    )
    tx.connection.executemany(
        "INSERT OR IGNORE INTO partitions (topic_id, number) SELECT topic_id, ? FROM topics WHERE name = ?",
        [(number, name) for number in range(partitions)],
    )
    tx.connection.execute(
        "UPDATE groups SET generation = generation + 1 WHERE topic_id = (SELECT topic_id FROM topics WHERE name = ?)",
        (name,),
    )
    tx.topics.pop(name, None)
    tx.touched.add(name)


def topics(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """The topics there are. Shape: name -> (partitions, retention in seconds)."""
    rows = connection.execute(
        "SELECT name, count(*), retention_seconds FROM topics JOIN partitions USING (topic_id) GROUP BY topic_id"
    )
    return {name: (partitions, retention) for name, partitions, retention in rows}


def append(tx: Transaction, record: NewRecord) -> tuple[int, int]:
    """The partition and offset the record got; records of one key share a partition.

    Raises: Rejected `record_too_large` (permanent), Unavailable `topic_missing`.
    """
    number, offset, row = _placed(tx, record)
    tx.connection.execute(_INSERT, row)
    return number, offset


def append_all(tx: Transaction, records: Sequence[NewRecord]) -> list[SeinhuisError | None]:
    """What became of each record: None where it was appended.

    After the first record that cannot be appended for now the rest is not tried, so that none overtakes an earlier one
    of its key; one that never can be is passed over.
    """
    outcomes: list[SeinhuisError | None] = []
    rows = []
    for record in records:
        try:
            rows.append(_placed(tx, record)[2])
        except Rejected as refusal:
            outcomes.append(refusal)
        except Unavailable as away:
            outcomes += [away] * (len(records) - len(outcomes))
            break
        else:
            outcomes.append(None)
    tx.connection.executemany(_INSERT, rows)
    return outcomes


_INSERT: Final = "INSERT INTO records VALUES (?, ?, ?, ?, ?)"
_Row = tuple[int, bytes | None, bytes, bytes, int]


def _placed(tx: Transaction, record: NewRecord) -> tuple[int, int, _Row]:
    """The partition and offset the record gets, and its row."""
    size = len(record.key or b"") + len(record.value) + sum(len(name) + len(value) for name, value in record.headers)
    if size > MAX_RECORD_BYTES:
        raise Rejected("record_too_large", topic=record.topic)
    partitions = tx.partitions_of(record.topic)
    number = zlib.crc32(record.value if record.key is None else record.key) % len(partitions)
    partition = partitions[number]
    offset = partition.next_offset
    slot = _slot(partition.partition_id, offset)
    row = (slot, record.key, record.value, _pack(record.headers), record.timestamp_ms)
    partition.next_offset, partition.changed = offset + 1, True
    tx.touched.add(record.topic)
    return number, offset, row


def ends(connection: sqlite3.Connection, topic: str) -> dict[int, tuple[int, int]]:
    """Where each partition ends. Shape: partition -> (its row id, the offset the next record will get)."""
    rows = connection.execute(
        "SELECT number, partition_id, next_offset FROM partitions JOIN topics USING (topic_id) WHERE name = ?", (topic,)
    )
    return {number: (partition_id, next_offset) for number, partition_id, next_offset in rows}


def read(
    connection: sqlite3.Connection, topic: str, positions: Mapping[int, int], *, max_records: int
) -> list[StoredRecord]:
    """The next records from these positions on, in order per partition, `max_records` in all.

    Shape: `positions` maps a partition to the offset to go on from. Where records were trimmed it starts at the first
    one still held. Partitions come in the order of `positions`, so the caller decides who goes first.
    """
    found: list[StoredRecord] = []
    known = ends(connection, topic)
    for number, position in positions.items():
        if number not in known or known[number][1] <= position or len(found) >= max_records:
            continue
        partition_id = known[number][0]
        rows = connection.execute(
            "SELECT slot, key, value, headers, timestamp_ms FROM records WHERE slot >= ? AND slot < ?"
            " ORDER BY slot LIMIT ?",
            (_slot(partition_id, position), _slot(partition_id + 1, 0), max_records - len(found)),
        )
        found += [
            StoredRecord(number, slot & ((1 << MAX_OFFSET_BITS) - 1), key, value, _unpack(headers), timestamp_ms)
            for slot, key, value, headers, timestamp_ms in rows
        ]
    return found


def committed(connection: sqlite3.Connection, topic: str, group: str) -> dict[int, int]:
    """How far the group has come. Shape: partition -> next offset to handle, only where the group committed."""
    rows = connection.execute(
        "SELECT number, committed.next_offset FROM committed JOIN partitions USING (partition_id)"
        " JOIN groups USING (group_id) JOIN topics ON topics.topic_id = groups.topic_id"
        " WHERE topics.name = ? AND groups.name = ?",
        (topic, group),
    )
    return dict(rows.fetchall())


def trim(connection: sqlite3.Connection, *, now_ms: int) -> int:
    """How many expired records were removed, at most `TRIM_ROWS` a call.

    A record goes once its topic's retention is over and every group of the topic has handled it: retention never
    passes a group's committed offset. A topic without groups is trimmed by age alone.
    """
    rows = connection.execute(
        "SELECT partition_id, retention_seconds, CASE WHEN count(groups.group_id) = 0 THEN partitions.next_offset"
        " ELSE min(coalesce(committed.next_offset, 0)) END"
        " FROM partitions JOIN topics USING (topic_id) LEFT JOIN groups USING (topic_id)"
        " LEFT JOIN committed USING (group_id, partition_id) GROUP BY partition_id"
    ).fetchall()
    removed = 0
    for partition_id, retention_seconds, handled in rows:
        first, last = _slot(partition_id, 0), _slot(partition_id, handled)
        young = connection.execute(
            "SELECT slot FROM records WHERE slot >= ? AND slot < ? AND timestamp_ms >= ? ORDER BY slot LIMIT 1",
            (first, last, now_ms - retention_seconds * 1000),
        ).fetchone()
        removed += connection.execute(
            "DELETE FROM records WHERE slot IN (SELECT slot FROM records WHERE slot >= ? AND slot < ? LIMIT ?)",
            (first, young[0] if young else last, TRIM_ROWS - removed),
        ).rowcount
    return removed


def header_values(
    connection: sqlite3.Connection, topic: str, header: str, *, after: Mapping[int, int] | None = None
) -> Iterable[str]:
    """The values of one header over the records still held, from these offsets on or all of them."""
    for number, (partition_id, _) in ends(connection, topic).items():
        position = (after or {}).get(number, 0)
        rows = connection.execute(
            "SELECT headers FROM records WHERE slot >= ? AND slot < ?",
            (_slot(partition_id, position), _slot(partition_id + 1, 0)),
        )
        for (packed,) in rows:
            yield from (value.decode(errors="replace") for name, value in _unpack(packed) if name == header)


def _slot(partition_id: int, offset: int) -> int:
    return partition_id << MAX_OFFSET_BITS | offset


def _pack(headers: Sequence[tuple[str, bytes]]) -> bytes:
    # latin-1 maps each byte to one character and back, so any header value survives JSON
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in headers])


def _unpack(packed: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, value.encode("latin-1")) for name, value in orjson.loads(packed))
