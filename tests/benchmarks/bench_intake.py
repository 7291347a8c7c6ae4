# SPDX-License-Identifier: EUPL-1.2
"""Durable intake against the same endpoint without storage: same parsing, sealing and signing, nothing kept.

The application is called directly, 64 requests at a time, so that neither a client nor a socket is part of the figure.
"""

import asyncio
import contextlib
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import orjson

from services.intake import partners
from services.intake.service import build_unlimited
from services.intake.storage import MIGRATIONS
from shared import keys, municipalities
from shared.clock import SystemClock
from shared.database import Database, Transaction
from shared.metrics import Metrics
from shared.migrations import migrate
from shared.runtime import PublicUrl, Surroundings

AT_ONCE = 64
REQUESTS = 1_500
ROUNDS = 2
BULK_LINES = 500
SIGNAL = {"soort": "signaal", "gronden": ["ras"], "terrein": "onderwijs", "toelichting": "Een verhaal. " * 40}


def run() -> list[dict[str, Any]]:
    """The ratios: one signal per request, and many."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[dict[str, Any]]:
    clock = SystemClock()
    store = keys.create(folder / "keys", at=clock.now())
    surroundings = Surroundings(
        clock=clock, metrics=Metrics(), keys=store, bus_url=f"embedded://{folder / 'log.sqlite'}",
        event_source="urn:nld:oin:00000099000000000000:systeem:seinhuis", municipalities=municipalities.load(),
        public_url=PublicUrl(), embedded=True, data_folder=folder,
    )  # fmt: skip
    service = build_unlimited(surroundings, f"sqlite+aiosqlite:///{folder / 'intake.sqlite'}")
    await service.database.open()
    try:
        await migrate(service.database, MIGRATIONS)
        async with service.database.transaction() as tx:
            code = surroundings.municipalities.default.code
            secret = store.secret("intake")
            key = await partners.add_partner("bench", tx, adv=False, municipality=code, secret=secret, clock=clock)
        one, many = orjson.dumps(SIGNAL), orjson.dumps([SIGNAL] * BULK_LINES)
        return [
            await _row("intake: one signal per request", service.app, key, "/intake/v1/signalen", one, REQUESTS),
            await _row("intake: 500 signals per request", service.app, key, "/intake/v1/signalen/_bulk", many, 6),
        ]
    finally:
        await service.database.close()


async def _row(name: str, app: Any, key: str, path: str, body: bytes, count: int) -> dict[str, Any]:  # noqa: PLR0917 - a row
    stored, bare = [], []
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine falls on both
        stored.append(await _per_second(app, key, path, body, count))
        with _nothing_kept():
            bare.append(await _per_second(app, key, path, body, count))
    detail = {"stored_per_s": round(max(stored)), "bare_per_s": round(max(bare))}
    return {"name": name, "ratio": max(stored) / max(bare), "goal": 0.5, "unit": "x", "detail": detail}


async def _per_second(app: Any, key: str, path: str, body: bytes, count: int) -> float:
    numbers = itertools.count()
    started = time.perf_counter()

    async def sender() -> None:
        while next(numbers) < count:
            await _post(app, key, path, body)

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - started)


async def _post(app: Any, key: str, path: str, body: bytes) -> None:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("bench", 80),
        "client": ("bench", 1),
        "headers": [(b"authorization", f"Bearer {key}".encode()), (b"content-type", b"application/json")],
    }  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    if statuses not in ([201], [200]):
        raise RuntimeError(f"answered {statuses}")


class _Forgets:
    """A transaction that keeps nothing."""

    def add(self, *_: object, **__: object) -> None:
        """Forget the row."""

    def signal(self, _name: str) -> None:
        """Tell nobody."""


@contextlib.contextmanager
def _nothing_kept() -> Any:
    async def in_group(_self: Database, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await work(cast("Transaction", _Forgets()))

    with patch.object(Database, "in_group", in_group):
        yield
