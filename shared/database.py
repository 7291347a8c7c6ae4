# SPDX-License-Identifier: EUPL-1.2
"""One database per service: SQLite or PostgreSQL behind the same few calls, with group commit.

Owns connections, transactions and the translation of their failures. Nothing above it knows which engine runs. Two
hands write: `transaction()` for one piece of work, `in_group()` for many small ones that share one flush to disk,
because one transaction per signal is one fsync per signal and that is what limits intake.
"""

import asyncio
import contextlib
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Executable,
    Insert,
    RowMapping,
    Table,
    TypeDecorator,
    event,
    insert,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.errors import Conflict, Misconfigured, SeinhuisError, Unavailable

T = TypeVar("T")
Row = Mapping[str, Any]
Parameters = Sequence[Row] | Row
GROUP_LIMIT: Final = 500  # measured: larger groups add latency and no throughput
SQLITE_BUSY_MS: Final = 10_000
SQLITE_READERS: Final = 4
POOL_WAIT_SECONDS: Final = 60.0  # as long as a delivery is patient
OWN_FAILURES: Final = frozenset({"database_unavailable", "database_damaged"})
_PROBES: Final = {  # each leaves a commit in the log of the engine and nothing anybody reads
    "sqlite": ("PRAGMA user_version = 0", "PRAGMA user_version = 1"),
    "postgresql": ("SELECT pg_current_xact_id()",),
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, aware and in UTC on either engine; SQLite keeps no timezone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment as it is stored. Raises: ValueError for a naive one."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a timezone")
        return value.astimezone(dt.UTC) if value is not None else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment as it was."""
        return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value


class Transaction:
    """One open transaction. Rows added are gathered and written as one batch per table just before they are needed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._rows: dict[tuple[Table, tuple[str, ...]], list[Row]] = defaultdict(list)
        self.wrote = False
        self.signals: set[str] = set()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`, for the few statements that differ."""
        return self._connection.dialect.name

    def add(self, table: Table, **row: object) -> None:
        """Insert a row with the next flush: before the next statement, or at commit."""
        self._rows[table, tuple(row)].append(row)

    def signal(self, name: str) -> None:
        """Set the database's event of this name once the transaction has committed."""
        self.signals.add(name)

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """The result of a statement, seeing every row added before it."""
        await self.flush()
        self.wrote = self.wrote or not getattr(statement, "is_select", False)
        return await self._connection.execute(statement, parameters)

    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[RowMapping]:
        """All rows of a query as mappings."""
        return (await self.execute(statement, parameters)).mappings().all()

    async def first(self, statement: Executable) -> RowMapping | None:
        """The first row of a query as a mapping, if there is one."""
        return (await self.execute(statement)).mappings().first()

    async def scalar(self, statement: Executable) -> Any:  # noqa: ANN401 - the column decides the type
        """The first column of the first row, or None."""
        return (await self.execute(statement)).scalar()

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns when given the plain connection; for migrations only."""
        await self.flush()
        self.wrote = True
        return await self._connection.run_sync(work)

    async def flush(self) -> None:
        """Write what was added, one batch per table, in the order the tables were first used."""
        gathered, self._rows = self._rows, defaultdict(list)
        for (table, columns), rows in gathered.items():
            self.wrote = True
            statement = _insert_of(table, columns, self._connection.dialect)
            await self._connection.exec_driver_sql(statement.sql, [statement.bound(row) for row in rows])

    def take_rows(self, other: "Transaction") -> None:
        """Move what another view of the same connection gathered into this one."""
        for key, rows in other._rows.items():
            self._rows[key].extend(rows)
        self.signals |= other.signals


@dataclass(frozen=True, slots=True)
class _Insert:
    """An INSERT for the driver itself, and how each value is given to it.

    Adding rows is most of what this house does with a database, and SQLAlchemy spends more on the parameters of a row
    than the driver on writing it.
    """

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def bound(self, row: Row) -> tuple[Any, ...]:
        """The values of a row in the statement's order."""
        return tuple(row[name] if convert is None else convert(row[name]) for name, convert in self.columns)


@functools.lru_cache(maxsize=256)
def _insert_of(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Insert:
    compiled = insert(table).compile(dialect=dialect, column_keys=columns, for_executemany=True)
    types = {name: compiled.binds[name].type.dialect_impl(dialect) for name in compiled.positiontup or ()}
    return _Insert(str(compiled), tuple((name, kind.bind_processor(dialect)) for name, kind in types.items()))


Work = Callable[[Transaction], Awaitable[T]]


@dataclass(slots=True)
class _Waiting:
    work: Work[Any]
    done: asyncio.Future[Any]


@dataclass(slots=True)
class Database:
    """A service's database. Call `open` before and `close` after use."""

    url: str
    group_limit: int = GROUP_LIMIT
    pool_wait_seconds: float = POOL_WAIT_SECONDS
    _writer: AsyncEngine = field(init=False)
    _reader: AsyncEngine = field(init=False)
    _queue: asyncio.Queue[_Waiting] = field(init=False)
    _loop: asyncio.Task[None] | None = field(init=False, default=None)
    _events: dict[str, asyncio.Event] = field(init=False, default_factory=dict)
    _refused: bool = field(init=False, default=False)

    async def open(self) -> None:
        """Make the engines. Raises: Misconfigured for a URL that cannot work; connecting happens at first use."""
        self._queue = asyncio.Queue()
        if make_url(self.url).get_backend_name() == "sqlite":
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", size=1, wait=self.pool_wait_seconds)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", size=SQLITE_READERS, wait=self.pool_wait_seconds)
        else:
            self._writer = self._reader = create_async_engine(
                self.url, hide_parameters=True, pool_pre_ping=True, pool_size=10, pool_timeout=self.pool_wait_seconds,
                connect_args={"timeout": 5},
            )  # fmt: skip
        self._loop = asyncio.create_task(self._commit_groups(), name="group-commit")

    async def close(self) -> None:
        """Finish the groups under way, then let every connection go."""
        if self._loop is not None:
            await self._queue.join()
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
            self._loop = None
        await self._writer.dispose()
        await self._reader.dispose()

    def event(self, name: str) -> asyncio.Event:
        """The event that transactions set by `signal(name)` when they commit."""
        return self._events.setdefault(name, asyncio.Event())

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One write transaction: committed at the end of the block, rolled back when it raises.

        Raises: Unavailable (transient) when the database cannot be reached or written, Conflict `constraint` when a
        uniqueness rule refuses the rows.
        """
        try:
            with _translated():
                async with self._writer.begin() as connection:
                    tx = Transaction(connection)
                    yield tx
                    await tx.flush()
        except Unavailable as away:
            self._refused = self._refused or away.code in OWN_FAILURES
            raise
        self._refused = self._refused and not tx.wrote
        self._announce(tx)

    async def probe(self) -> None:
        """Ask the database something; one that refused the last write is asked to write. Raises: Unavailable.

        A full disk still answers questions, and with nobody sending any more nothing else would find out that it has
        room again.
        """
        if not self._refused:
            async with self.reading() as tx:
                await tx.execute(text("SELECT 1"))
            return
        async with self.transaction() as tx:
            for statement in _PROBES[tx.dialect]:
                await tx.execute(text(statement))
            tx.wrote = True

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A snapshot to read from, beside any writer. Raises: Unavailable (transient)."""
        with _translated():
            async with self._reader.connect() as connection:
                yield Transaction(connection)

    async def in_group(self, work: Work[T]) -> T:
        """What `work` returns, once the group it was committed with is on disk.

        The work may read and `add`; when it also changes rows and the group fails, it is run again alone, so it must
        not have effects outside the transaction. Raises: what `transaction` raises, and what the work itself raises.
        """
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        result: T = await waiting.done
        return result

    async def _commit_groups(self) -> None:
        while True:
            group = [await self._queue.get()]
            while len(group) < self.group_limit and not self._queue.empty():
                group.append(self._queue.get_nowait())
            await self._commit_or_fail(group)
            for _ in group:
                self._queue.task_done()

    async def _commit_or_fail(self, group: list[_Waiting]) -> None:
        """Commit a group; when it fails, its items one by one, so that each meets only its own failure.

        Each commit is a task of its own: whatever it fails with, a bug in a piece of work included, is handed to the
        one who waits for it and never ends this loop.
        """
        committing = asyncio.create_task(self._commit(group))
        await asyncio.wait({committing})
        failure = committing.exception()
        if failure is None:
            return
        if len(group) == 1:
            if not group[0].done.done():
                group[0].done.set_exception(failure)
            return
        for waiting in group:
            await self._commit_or_fail([waiting])

    async def _commit(self, group: list[_Waiting]) -> None:
        async with self.transaction() as tx:
            results = [(waiting, await self._one(waiting, tx)) for waiting in group]
        for waiting, result in results:
            _resolve(waiting, result)

    async def _one(self, waiting: _Waiting, tx: Transaction) -> object:
        """The result of one piece of work inside a group; its own refusal costs the others nothing."""
        view = Transaction(tx._connection)
        try:
            result = await waiting.work(view)
        except SeinhuisError as refusal:
            if view.wrote:
                raise
            return _Refused(refusal)
        tx.take_rows(view)
        return result

    def _announce(self, tx: Transaction) -> None:
        for name in tx.signals:
            self.event(name).set()


@dataclass(frozen=True, slots=True)
class _Refused:
    error: SeinhuisError


def _resolve(waiting: _Waiting, result: object) -> None:
    if waiting.done.done():
        return
    if isinstance(result, _Refused):
        waiting.done.set_exception(result.error)
    else:
        waiting.done.set_result(result)


@contextlib.contextmanager
def _translated() -> Any:  # noqa: ANN401 - contextlib's own generator type adds nothing
    try:
        yield
    except IntegrityError as error:
        raise Conflict("constraint") from error
    except DBAPIError as error:
        damaged = "malformed" in str(error.orig) or "not a database" in str(error.orig)
        raise Unavailable("database_damaged" if damaged else "database_unavailable") from error
    except PoolTimeoutError as error:  # every connection stayed in use for as long as one waits: too much to do
        raise Unavailable("database_busy") from error
    except (OSError, TimeoutError) as error:
        raise Unavailable("database_unavailable") from error


def _sqlite_engine(url: str, *, begin: str, size: int, wait: float) -> AsyncEngine:
    path = make_url(url).database
    if not path:
        raise Misconfigured("sqlite_needs_a_file")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=0,
        pool_timeout=wait,
        connect_args={"timeout": SQLITE_BUSY_MS / 1000},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection type
        connection.isolation_level = None  # the driver would begin by itself, and DEFERRED: a writer must be IMMEDIATE
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401 - the driver's own connection type
        connection.exec_driver_sql(begin)

    return engine


def insert_ignoring(table: Table, dialect: str) -> Insert:
    """An INSERT that skips rows a uniqueness rule refuses, for either engine."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - only the engine in use is imported

        return postgresql.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - only the engine in use is imported

    return sqlite.insert(table).on_conflict_do_nothing()


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The numbers as stretches without a gap, so that thousands of rows go in a few statements, and no row unasked.

    >>> runs([5, 3, 4, 9])
    [(3, 5), (9, 9)]
    """
    stretches: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1] = (stretches[-1][0], number)
        else:
            stretches.append((number, number))
    return stretches


async def ping(database: Database) -> bool:
    """Whether the database answers, and takes what is written."""
    try:
        await database.probe()
    except Unavailable:
        return False
    return True
