# SPDX-License-Identifier: EUPL-1.2
"""Who reads: the members of a group on one topic, and which of them holds which partition.

Owns members, leases and the generation of a group. A lease lives as long as its member: the member's row goes when it
leaves, when its process is dead (its lock on a file beside the log is free) or when it has not been renewed for
`LEASE_SECONDS` (a process that hangs). A partition has at most one lease, so at most one active member, and a commit
without the lease is refused. Every function works inside a transaction of the writer. Never touches a record.
"""

import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.embedded_log_store import Transaction
from shared.errors import Conflict, Unavailable

LEASE_SECONDS: Final = 15.0  # a hung process holds others up for no longer than this
RENEW_SECONDS: Final = LEASE_SECONDS / 5


@dataclass(frozen=True, slots=True)
class Share:
    """What a member may read now."""

    generation: int
    partitions: frozenset[int]


class Presence:
    """Proof that this process lives: an exclusive lock on a file of its own, freed by the kernel however it ends."""

    def __init__(self, log: Path) -> None:
        self.process = uuid.uuid4().hex
        self._log = log
        self._file = _alive_file(log, self.process)
        try:
            self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise Unavailable("log_unwritable") from None
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def close(self) -> None:
        """Say goodbye: others may take over at once."""
        self._file.unlink(missing_ok=True)
        os.close(self._descriptor)

    def dead(self, processes: Iterable[str]) -> set[str]:
        """Those of the processes that live no more; their files are removed."""
        return {process for process in processes if process != self.process and self._is_dead(process)}

    def _is_dead(self, process: str) -> bool:
        file = _alive_file(self._log, process)
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        except OSError:
            return False  # unreadable is no proof of death; expiry will tell
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            file.unlink(missing_ok=True)
            return True
        finally:
            os.close(descriptor)


def _alive_file(log: Path, process: str) -> Path:
    return log.with_name(f"{log.name}-{process}.alive")


def join(tx: Transaction, *, group: str, topic: str) -> int:
    """The group's row id on this topic; it is made on first sight, and from then on retention waits for it.

    Raises: Unavailable `topic_missing`.
    """
    tx.partitions_of(topic)
    tx.connection.execute(
        "INSERT OR IGNORE INTO groups (name, topic_id) SELECT ?, topic_id FROM topics WHERE name = ?", (group, topic)
    )
    row = tx.connection.execute(
        "SELECT group_id FROM groups JOIN topics USING (topic_id) WHERE groups.name = ? AND topics.name = ?",
        (group, topic),
    ).fetchone()
    return int(row[0])


def settle(tx: Transaction, *, group_id: int, member: str, process: str, now_ms: int) -> Share:
    """The member's share of the partitions, after it gave up what is another's by now and took what is free.

    Members sorted by name take partitions in turn. What another still holds is taken later: the other one settles too,
    between two batches, because the generation moved on. The caller must have nothing unfinished.
    """
    added = _enter(tx, group_id, member, process, now_ms)
    members = [row[0] for row in tx.connection.execute(_MEMBERS, (group_id,))]
    partitions = [row[0] for row in tx.connection.execute(_PARTITIONS, (group_id,))]
    wanted = partitions[members.index(member) :: len(members)]
    given_up = set(_held(tx.connection, group_id, member)) - set(wanted)
    tx.connection.executemany(
        "DELETE FROM leases WHERE group_id = ? AND partition_id = ?", [(group_id, lease) for lease in given_up]
    )
    tx.connection.executemany(
        "INSERT OR IGNORE INTO leases (group_id, partition_id, member) VALUES (?, ?, ?)",
        [(group_id, lease, member) for lease in wanted],
    )
    if added or given_up:
        _move_on(tx, [group_id])
    held = frozenset(_held(tx.connection, group_id, member).values())
    return Share(generation=generation(tx.connection, group_id), partitions=held)


_MEMBERS: Final = "SELECT member FROM members WHERE group_id = ? ORDER BY member"
_PARTITIONS: Final = (
    "SELECT partition_id FROM partitions JOIN groups USING (topic_id) WHERE group_id = ? ORDER BY number"
)


def _enter(tx: Transaction, group_id: int, member: str, process: str, now_ms: int) -> bool:
    inserted = tx.connection.execute(
        "INSERT OR IGNORE INTO members (member, group_id, process, expires_at_ms) VALUES (?, ?, ?, ?)",
        (member, group_id, process, now_ms + int(LEASE_SECONDS * 1000)),
    )
    return inserted.rowcount == 1


def _held(connection: sqlite3.Connection, group_id: int, member: str) -> Mapping[int, int]:
    rows = connection.execute(
        "SELECT partition_id, number FROM leases JOIN partitions USING (partition_id)"
        " WHERE group_id = ? AND member = ?",
        (group_id, member),
    )
    return dict(rows.fetchall())


def generation(connection: sqlite3.Connection, group_id: int) -> int:
    """A number that moves on whenever members should settle anew."""
    return int(connection.execute("SELECT generation FROM groups WHERE group_id = ?", (group_id,)).fetchone()[0])


def leave(tx: Transaction, *, member: str) -> None:
    """The member is gone and its partitions are free."""
    _remove(tx, "member = ?", [(member,)])


def renew(tx: Transaction, *, process: str, now_ms: int) -> None:
    """All members of this process go on living for `LEASE_SECONDS`."""
    tx.connection.execute(
        "UPDATE members SET expires_at_ms = ? WHERE process = ?", (now_ms + int(LEASE_SECONDS * 1000), process)
    )


def sweep(tx: Transaction, presence: Presence, *, now_ms: int) -> None:
    """Members whose process is dead or whose lease has run out are gone."""
    processes = [row[0] for row in tx.connection.execute("SELECT DISTINCT process FROM members")]
    _remove(tx, "process = ?", [(process,) for process in presence.dead(processes)])
    _remove(tx, "expires_at_ms < ?", [(now_ms,)])


def _remove(tx: Transaction, condition: str, values: Iterable[tuple[str | int]]) -> None:
    for value in values:
        groups = tx.connection.execute(f"SELECT DISTINCT group_id FROM members WHERE {condition}", value).fetchall()  # noqa: S608 - one of three literals
        tx.connection.execute(f"DELETE FROM members WHERE {condition}", value)  # noqa: S608 - as above
        _move_on(tx, [group_id for (group_id,) in groups])


def _move_on(tx: Transaction, group_ids: Iterable[int]) -> None:
    for group_id in group_ids:
        tx.connection.execute("UPDATE groups SET generation = generation + 1 WHERE group_id = ?", (group_id,))
        topic = tx.connection.execute(
            "SELECT topics.name FROM groups JOIN topics USING (topic_id) WHERE group_id = ?", (group_id,)
        ).fetchone()
        tx.touched.add(topic[0])


def commit(tx: Transaction, *, group_id: int, member: str, offsets: Mapping[int, int]) -> None:
    """The group has handled everything before these offsets. Shape: partition -> next offset.

    Raises: Conflict `lease_lost` when another member took a partition over meanwhile; nothing is committed then.
    """
    held = {number: partition_id for partition_id, number in _held(tx.connection, group_id, member).items()}
    if not offsets.keys() <= held.keys():
        raise Conflict("lease_lost")
    tx.connection.executemany(
        "INSERT INTO committed (group_id, partition_id, next_offset) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset",
        [(group_id, held[number], offset) for number, offset in offsets.items()],
    )
