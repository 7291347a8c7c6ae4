# SPDX-License-Identifier: EUPL-1.2
"""The one thread that writes to the embedded log: group commit for everyone in the process.

Owns transactions. What is asked for while one commit is under way goes into the next one together, so a hundred
publishers wait for one fsync. When a group fails, its items go one by one and each gets its own outcome; a file that is
full, busy or damaged fails them all alike, so that no record overtakes an earlier one of its key. Also looks whether
another process wrote. Never runs on the event loop's thread.
"""

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from shared.embedded_log_store import Transaction, is_of_the_file, unavailable
from shared.errors import SeinhuisError, Unavailable

GROUP_MAX: Final = 1_000  # items in one transaction
LOOK_SECONDS: Final = 0.05  # how often the thread looks whether another process wrote; an idle look costs some 20 us
RETRY_SECONDS: Final = 0.5  # between looks whether a file that could not be written to can be by now

Result = TypeVar("Result")
Work = Callable[[Transaction], object]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so often; it is done again at once when it answers True."""

    seconds: float
    work: Callable[[Transaction], bool]


@dataclass(slots=True)
class _Item:
    work: Work
    future: asyncio.Future[Any]
    durable: bool
    result: object = None
    error: SeinhuisError | None = None


class Writer:
    """A thread with the log's only writing connection in this process.

    `wake` is called on the loop with the topics whose subscribers should look, or None for all.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        loop: asyncio.AbstractEventLoop,
        wake: Callable[[frozenset[str] | None], None],
        chores: Sequence[Chore],
    ) -> None:
        self.failing: Unavailable | None = None
        self.seen_at = time.monotonic()
        self._connection = connection
        self._loop = loop
        self._wake = wake
        self._chores = chores
        self._due = [time.monotonic() + chore.seconds for chore in chores]
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._version = self._data_version()
        self._write_ahead_log = f"{connection.execute('PRAGMA database_list').fetchone()[2]}-wal"
        self._written_at = (0, 0)
        self._look_again = False
        self._syncs = True
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="embedded-log", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], Result], *, durable: bool) -> asyncio.Future[Result]:
        """What the work answers, once its transaction is committed; `durable` waits for the disk as well.

        Without `durable` a commit survives the end of the process but not a power cut: enough for offsets and leases,
        whose loss only means that records come twice.
        """
        future: asyncio.Future[Result] = self._loop.create_future()
        if self._closed:
            future.set_exception(Unavailable("log_closed"))
        else:
            self._queue.put(_Item(work, future, durable))
        return future

    def close(self) -> None:
        """Everything asked for so far is written and the connection closed. Blocks: not for the event loop's thread."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while self._step():
                pass
        finally:  # also when the thread dies of a defect: whoever waits must learn of it
            self._closed = True
            self._abandon()
            self._connection.close()

    def _step(self) -> bool:
        group = self._next_group()
        going_on = None not in group
        self._commit([item for item in group if item is not None and not item.future.cancelled()])
        self._do_chores()
        self._look_for_others()
        self.seen_at = time.monotonic()
        return going_on

    def _next_group(self) -> list[_Item | None]:
        try:
            group = [self._queue.get(timeout=LOOK_SECONDS)]
        except queue.Empty:
            return []
        with contextlib.suppress(queue.Empty):
            while group[-1] is not None and len(group) < GROUP_MAX:
                group.append(self._queue.get_nowait())
        return group

    def _commit(self, items: list[_Item]) -> None:
        if not items:
            return
        touched: frozenset[str] = frozenset()
        try:
            touched = self._transaction(items)
        except BaseException:  # a defect ends the thread, and `close` and whoever is healthy must not wait for it
            for item in items:
                item.error = Unavailable("log_closed")
            raise
        finally:
            with contextlib.suppress(RuntimeError):  # the loop may be gone already; then nobody waits
                self._loop.call_soon_threadsafe(self._deliver, items, touched)

    def _transaction(self, items: list[_Item]) -> frozenset[str]:
        try:
            self._sync(durable=any(item.durable for item in items))
            self._connection.execute("BEGIN IMMEDIATE")
            tx = Transaction(self._connection)
            for item in items:
                _perform(item, tx)
            tx.finish()
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            return self._fail(items, error)
        self.failing = None
        return frozenset(tx.touched)

    def _fail(self, items: list[_Item], error: sqlite3.Error) -> frozenset[str]:
        if len(items) > 1 and not is_of_the_file(error):
            return frozenset().union(*(self._transaction([item]) for item in items))
        failure = unavailable(error)
        if is_of_the_file(error):
            self.failing = failure
            soon = time.monotonic() + RETRY_SECONDS  # a chore that succeeds tells that the file is well again
            self._due = [min(due, soon) for due in self._due]
        for item in items:
            item.error = failure
        return frozenset()

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # a full disk has already rolled back by itself
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _sync(self, *, durable: bool) -> None:
        if durable != self._syncs:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._syncs = durable

    def _deliver(self, items: Sequence[_Item], touched: frozenset[str]) -> None:
        for item in items:
            if item.future.done():  # its caller was cancelled meanwhile
                continue
            if item.error is None:
                item.future.set_result(item.result)
            else:
                item.future.set_exception(item.error)
        if touched:
            self._wake(touched)

    def _do_chores(self) -> None:
        for number, chore in enumerate(self._chores):
            if self._due[number] > time.monotonic():
                continue
            item = _Item(chore.work, self._loop.create_future(), durable=False)
            self._commit([item])
            pause = RETRY_SECONDS if self.failing else chore.seconds
            self._due[number] = time.monotonic() + (0 if item.result is True else pause)

    def _look_for_others(self) -> None:
        """Tell everyone when another process wrote: its commits, unlike ours, move SQLite's data version."""
        written_at = self._log_written_at()
        changed = written_at != self._written_at  # asking the file system costs less than asking SQLite
        if not (changed or self._look_again):
            return
        # once more next time: another write within the same tick of the file system's clock would look like no change
        self._written_at, self._look_again = written_at, changed
        try:
            version = self._data_version()
        except sqlite3.Error:
            return  # the next commit will tell what is wrong with the file
        if version != self._version:
            self._version = version
            with contextlib.suppress(RuntimeError):  # as above
                self._loop.call_soon_threadsafe(self._wake, None)

    def _log_written_at(self) -> tuple[int, int]:
        try:
            found = os.stat(self._write_ahead_log)  # noqa: PTH116  # a Path costs more than the question
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def _data_version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _abandon(self) -> None:
        left: list[_Item] = []
        with contextlib.suppress(queue.Empty):
            while True:
                item = self._queue.get_nowait()
                if item is not None:
                    item.error = Unavailable("log_closed")
                    left.append(item)
        with contextlib.suppress(RuntimeError):  # as above
            self._loop.call_soon_threadsafe(self._deliver, left, frozenset())


def _perform(item: _Item, tx: Transaction) -> None:
    item.result, item.error = None, None
    try:
        item.result = item.work(tx)
    except SeinhuisError as error:  # work refuses before it changes anything, so the others are not affected
        item.error = error
