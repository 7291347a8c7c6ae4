# SPDX-License-Identifier: EUPL-1.2
"""Starting and stopping: what a service consists of, and in which order its parts live and die.

Owns the order. Up: database, schema, relay, bus, jobs, and the door (HTTP) last, so that nothing is promised before it
can be kept. Down: the door first, then jobs, bus (the batch under way is finished), relay, database: whatever was
accepted is committed before the process ends.
"""

import asyncio
import contextlib
import datetime as dt
import fcntl
import gc
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import uvicorn

from shared import logs
from shared.clock import Clock
from shared.database import Database, ping
from shared.delivery import Delivery
from shared.errors import Misconfigured, Unavailable
from shared.keys import KeyStore
from shared.metrics import Metrics
from shared.migrations import migrate
from shared.municipalities import Municipalities
from shared.relay import Relay
from shared.sentences import SENTENCES
from shared.web.probes import Readiness

DRAIN_SECONDS: Final = 8  # Ctrl-C must have ended within ten
DATABASE_PATIENCE_SECONDS: Final = 30
YOUNG_OBJECTS: Final = 20_000  # made and not yet freed before the collector looks at them: about one batch of 500


Resource = Callable[[], contextlib.AbstractAsyncContextManager[None]]


@dataclass(slots=True)
class PublicUrl:
    """The address people use; in embedded mode known only once the socket is open."""

    value: str = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the services of one process share, bound once at start."""

    clock: Clock
    metrics: Metrics
    keys: KeyStore
    bus_url: str
    event_source: str
    municipalities: Municipalities
    public_url: PublicUrl
    embedded: bool
    data_folder: Path


@dataclass(slots=True)
class Job:
    """Something done every so often. `run` gets the moment and returns how many things it did.

    `replayed`: replaying a history needs it on each of its days; housekeeping waits for the real clock.
    """

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], Awaitable[int]]
    replayed: bool = False
    last_run_at: dt.datetime | None = None


@dataclass(slots=True)
class BusParts:
    """How the broker of a service is started, stopped, asked how it is and described; bound in the service's wiring."""

    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    connected: Callable[[], bool]
    described: Callable[[], dict[str, Any]] = dict


@dataclass(slots=True)
class Service:
    """One service, wired and ready to start. `roots` are the first path segments it serves.

    `beside` are the other services of its process, for which its probes answer as well.
    """

    name: str
    app: Any
    roots: Sequence[str]
    database: Database
    migrations: Path
    bus: BusParts
    relay: Relay
    deliveries: Sequence[Delivery[Any]] = ()
    jobs: Sequence[Job] = ()
    needs_bus: bool = False
    resources: Sequence[Resource] = ()
    beside: Sequence["Service"] = ()
    _stack: contextlib.AsyncExitStack = field(init=False, default_factory=contextlib.AsyncExitStack)
    _jobs_task: asyncio.Task[None] | None = field(init=False, default=None)

    async def start(self, *, clock: Clock, metrics: Metrics, run_jobs: bool = True) -> None:
        """Bring the service up. Raises: Misconfigured, Unavailable."""
        await self.database.open()
        if await _migrate_patiently(self.database, self.migrations):
            logs.logger().info("migrated", service=self.name)
        for resource in self.resources:
            await self._stack.enter_async_context(resource())
        self.relay.start()
        await self.bus.start()
        if run_jobs:
            self._jobs_task = asyncio.create_task(self._run_jobs(clock, metrics), name=f"jobs-{self.name}")
        logs.logger().info("service_started", service=self.name)

    async def stop(self) -> None:
        """Bring the service down in the opposite order, finishing what is under way."""
        logs.logger().info("service_stopping", service=self.name)
        if self._jobs_task is not None:
            self._jobs_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._jobs_task
        await self.bus.stop()
        await self.relay.stop()
        await self._stack.aclose()
        await self.database.close()
        logs.logger().info("service_stopped", service=self.name)

    async def missing(self) -> tuple[bool, list[str]]:
        """Whether the service can do its own job, and what is away."""
        away = [] if await ping(self.database) else ["database"]
        able = not away
        if not self.bus.connected():
            away.append("bus")
            able = able and not self.needs_bus
        if any(delivery.halted for delivery in self.deliveries):
            away.append("consumer")
            able = False
        return able, away

    async def readiness(self) -> Readiness:
        """Whether this process can do its job: this service and those beside it, whose names stand before theirs."""
        ready, away = await self.missing()
        for other in self.beside:
            able, missing = await other.missing()
            ready = ready and able
            away += [f"{other.name}:{name}" for name in missing]
        return Readiness(ready, tuple(away))

    async def run_due_jobs(self, now: dt.datetime, metrics: Metrics, *, replaying: bool = False) -> None:
        """Run every job whose time has come; one that fails is told and runs again next time."""
        for job in self.jobs:
            if replaying and not job.replayed:
                continue
            if job.last_run_at is not None and now - job.last_run_at < job.every:
                continue
            job.last_run_at = now
            outcome = "done"
            try:
                done = await job.run(now)
                if done:
                    logs.logger().info("job_done", service=self.name, job=job.name, count=done)
            except Exception as error:  # a job must not take its service down
                outcome = "failed"
                logs.logger().error("job_failed", service=self.name, job=job.name, error_type=type(error).__name__)
            metrics.job_runs.labels(self.name, job.name, outcome).inc()

    async def _run_jobs(self, clock: Clock, metrics: Metrics) -> None:
        if not self.jobs:
            return
        step = min(job.every.total_seconds() for job in self.jobs)
        while True:
            await self.run_due_jobs(clock.now(), metrics)
            await asyncio.sleep(min(step, 60))


async def _migrate_patiently(database: Database, folder: Path) -> bool:
    """Migrate, giving a database server that is still starting some time. SQLite is never waited for."""
    deadline = asyncio.get_running_loop().time() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            return await migrate(database, folder)
        except Unavailable:
            if database.url.startswith("sqlite") or asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def running(
    services: Sequence[Service], *, clock: Clock, metrics: Metrics, run_jobs: bool = True
) -> AsyncIterator[None]:
    """The services up; on leaving, all of them down, the last started first."""
    async with contextlib.AsyncExitStack() as stack:
        for service in services:
            stack.push_async_callback(service.stop)
            await service.start(clock=clock, metrics=metrics, run_jobs=run_jobs)
        yield


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the order of stopping is ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing to capture."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises: Unavailable `port_taken` or `address_unusable`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(2048)
    except OSError as error:
        door.close()
        raise Unavailable("port_taken" if error.errno == 98 else "address_unusable", port=port) from None
    door.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return door


async def serve(app: Any, door: socket.socket, *, ready: Callable[[], None]) -> None:  # noqa: ANN401 - any ASGI app
    """Answer requests until SIGINT or SIGTERM; requests under way are finished first."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=3, timeout_keep_alive=30, h11_max_incomplete_event_size=32_768, proxy_headers=False,
    )  # fmt: skip
    server = _Server(config)
    _rest_what_stays()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers a flag, no event
        await asyncio.sleep(0.01)
    if server.started:
        ready()
    await serving


def _rest_what_stays() -> None:
    """Have the garbage collector pass over everything made so far, and come by less often.

    What a start makes lives until the end. Walking over it again and again, while a batch makes thousands of objects
    that are no garbage, took a sixth of the time of a loaded chain.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


@contextlib.contextmanager
def sole_owner(data_folder: Path) -> Iterator[None]:
    """This process alone runs on the data directory.

    Raises: Unavailable `already_running` when another does, Misconfigured `data_unwritable`.
    """
    try:
        data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(data_folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise Unavailable("data_unwritable") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise Unavailable("already_running") from None
    try:
        yield
    finally:
        os.close(lock)


def note_address(data_folder: Path, url: str | None) -> None:
    """Leave a note of where `up` serves, for commands run beside it; None takes the note away."""
    note = data_folder / "address.json"
    if url is None:
        note.unlink(missing_ok=True)
    else:
        note.write_text(json.dumps({"url": url, "pid": os.getpid()}))


def noted_address(data_folder: Path) -> str | None:
    """Where `up` serves on this data directory, if it runs."""
    try:
        note = json.loads((data_folder / "address.json").read_text())
        os.kill(note["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return str(note["url"])


def one_line(error: Misconfigured | Unavailable) -> str:
    """What to tell a person about an error that ends a command."""
    sentence = SENTENCES.get(error.code, error.code.replace("_", " "))
    details = ", ".join(f"{name}: {value}" for name, value in error.fields.items())
    return f"{sentence} ({details})" if details else sentence
