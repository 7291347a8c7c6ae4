# SPDX-License-Identifier: EUPL-1.2
"""Replaying a history through the real path, with the clock moved along.

Owns the pace: the signals of a day are sent; in the last year each week is drained and the daily work of its days is
done. Signals take the same way as any partner's: over HTTP to intake, sealed, over the bus, to the figures and the
detector.
"""

import asyncio
import datetime as dt
import hashlib
import itertools
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

import httpx2
from rich.console import Console
from rich.progress import Progress
from starlette.types import ASGIApp

from services.demo.history import Line
from shared import bus, logs, outbox
from shared.clock import MovableClock
from shared.errors import Rejected, Unavailable
from shared.metrics import Metrics
from shared.runtime import Service

MARK: Final = "history.json"
LOOKED_AT_DAYS: Final = 365  # a notice lives for weeks: what would have been seen earlier has long expired
DRAIN_POLL_SECONDS: Final = 0.005
DRAIN_LIMIT_SECONDS: Final = 120.0
SENT_AT_ONCE: Final = 50  # a mass report is hundreds in a day; more at once only wait for each other

AddPartner = Callable[[str, bool], Awaitable[str]]


def digest(lines: Sequence[Line]) -> str:
    """What tells one history from another."""
    told = hashlib.sha256()
    for line in lines:
        told.update(json.dumps([line.op.isoformat(), line.partner, line.adv, line.signal], sort_keys=True).encode())
    return told.hexdigest()


def replayed(folder: Path) -> str | None:
    """The digest of the history this data directory holds, if one was replayed to its end."""
    told = _noted(folder)
    return str(told["digest"]) if told and told.get("finished", True) else None


def mark(folder: Path, told: str, *, finished: bool) -> None:
    """Note that replaying the history begins, or that it came to its end."""
    (folder / MARK).write_text(json.dumps({"digest": told, "finished": finished}))


def clear_unfinished(folder: Path) -> None:
    """Take away what a replay left that was stopped on its way; nobody else was let in, so there is nothing else."""
    told = _noted(folder)
    if told and not told.get("finished", True):
        for left in folder.glob("*.sqlite*"):
            left.unlink()


def _noted(folder: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((folder / MARK).read_text())
    except (OSError, ValueError):
        return None
    return told if "digest" in told else None


async def replay(
    lines: Sequence[Line],
    services: Sequence[Service],
    *,
    application: ASGIApp,
    clock: MovableClock,
    metrics: Metrics,
    bus_url: str,
    add_partner: AddPartner,
) -> int:
    """How many signals were sent. Raises: Rejected `history_line_refused` with the line's number."""
    keys: dict[str, str] = {}
    console = Console(file=sys.stderr)
    turns = asyncio.Semaphore(SENT_AT_ONCE)
    looked_at_from = lines[-1].op.date() - dt.timedelta(days=LOOKED_AT_DAYS) if lines else dt.date.min
    transport = httpx2.ASGITransport(app=application)
    async with httpx2.AsyncClient(transport=transport, base_url="http://replay") as client:
        with Progress(console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("Replaying the history", total=len(lines))
            for _, of_week in itertools.groupby(lines, key=lambda line: line.op.date().isocalendar()[:2]):
                week = list(of_week)
                for _, of_day in itertools.groupby(week, key=lambda line: line.op.date()):
                    batch = list(of_day)
                    clock.move_to(batch[0].op)
                    for line in batch:
                        if line.partner not in keys:
                            keys[line.partner] = await add_partner(line.partner, line.adv)
                    await asyncio.gather(*(_send(client, line, keys[line.partner], turns) for line in batch))
                    progress.advance(task, len(batch))
                last = week[-1].op.date()
                if last > looked_at_from:
                    await _finish_week(last, services, clock=clock, metrics=metrics, bus_url=bus_url)
    await drained(services, bus_url)
    logs.logger().info("history_replayed", count=len(lines))
    return len(lines)


async def _send(client: httpx2.AsyncClient, line: Line, key: str, turns: asyncio.Semaphore) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with turns:
        response = await client.post("/intake/v1/signalen", json=line.signal, headers=headers)
    if response.status_code != 201:
        faults = response.json().get("errors", [])
        raise Rejected("history_line_refused", line=line.number, errors=faults)


async def _finish_week(
    last: dt.date, services: Sequence[Service], *, clock: MovableClock, metrics: Metrics, bus_url: str
) -> None:
    """Let everything arrive, then do what each day of the week that ends here would have done."""
    await drained(services, bus_url)
    monday = last - dt.timedelta(days=last.weekday())
    for offset in range(7):
        evening = dt.datetime.combine(monday + dt.timedelta(days=offset), dt.time(22), dt.UTC)
        if evening.date() > last:
            break
        clock.move_to(evening)
        for service in services:
            await service.run_due_jobs(evening, metrics, replaying=True)


async def drained(services: Sequence[Service], bus_url: str) -> None:
    """Returns once nothing is under way any more. Raises: Unavailable `not_drained` when that takes too long."""
    deadline = asyncio.get_running_loop().time() + DRAIN_LIMIT_SECONDS
    while await _under_way(services, bus_url):
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable("not_drained")
        await asyncio.sleep(DRAIN_POLL_SECONDS)


async def _under_way(services: Sequence[Service], bus_url: str) -> bool:
    """Whether an event still has to leave or to be handled. Asked upstream first, so that nothing slips past."""
    for service in services:
        async with service.database.reading() as tx:
            if await outbox.waiting(tx, limit=1):
                return True
        for delivery in service.deliveries:
            if await bus.pending_keys(bus_url, delivery.model.topic, service.name):
                return True
    return False
