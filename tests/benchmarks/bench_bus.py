# SPDX-License-Identifier: EUPL-1.2
"""The embedded log against what SQLite itself can do on this disk, and its latency and idle cost against their bounds.

A publish that answered is on disk, so the ceiling is the same records inserted in groups of the same size with the same
`synchronous = FULL`, by one thread that does nothing else.
"""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faststream.kafka import KafkaBroker

from shared import bus

RECORDS, GROUP, VALUE = 10_000, 500, b"s" * 2_000  # a sealed signal is about 2 kB
SINGLES = 300
LATENCY_MS = 10.0  # of 50 ms from 201 to visible, which is three hops and their commits
IDLE_SECONDS, IDLE_PERCENT, SUBSCRIPTIONS = 5.0, 1.0, 10
TOPIC = bus.TopicSpec("bench", 4, 3600)


def run() -> list[dict[str, Any]]:
    """Shape: one row per figure, `ratio` higher is better."""
    with tempfile.TemporaryDirectory() as directory:
        ceiling = _raw_sqlite(Path(directory) / "raw.sqlite")
        return asyncio.run(_measure(f"embedded://{directory}/bus.sqlite", ceiling))


async def _measure(url: str, ceiling: float) -> list[dict[str, Any]]:
    await bus.create_topics(url, [TOPIC])
    publisher, stamps = bus.make_broker(url, service="bench"), dict[str, float]()
    await bus.start(publisher)
    published = await _publish(publisher)
    reader = bus.make_broker(url, service="bench")
    consumed = await _consume(reader, stamps)
    latencies = await _latencies(publisher, stamps)
    await bus.stop(reader)
    await bus.stop(publisher)
    idle = await _idle(url)
    p50, p99 = statistics.median(latencies), statistics.quantiles(latencies, n=100)[98]
    return [
        _row("bus: publish groups of 500 / raw SQLite", published / ceiling, 0.3, per_s=published, raw_per_s=ceiling),
        _row("bus: consume batches of 500 / raw SQLite writes", consumed / ceiling, 0.5, per_s=consumed),
        _row("bus: 10 ms / publish to handler, p50", LATENCY_MS / p50, 1.0, p50_ms=p50, p99_ms=p99),
        _row("bus: 1% of a core / idle with 10 subscriptions", IDLE_PERCENT / idle, 1.0, percent=idle),
    ]


def _row(name: str, ratio: float, goal: float, **detail: float) -> dict[str, Any]:
    rounded = {key: round(value, 2) for key, value in detail.items()}
    return {"name": name, "ratio": round(ratio, 2), "goal": goal, "unit": "x", "detail": rounded}


def _records(names: Sequence[str]) -> list[bus.Outgoing]:
    return [bus.Outgoing(TOPIC.name, name.encode(), VALUE, {"ce_id": name, "ce_type": "bench"}) for name in names]


async def _publish(broker: KafkaBroker) -> float:
    began = time.perf_counter()
    for start in range(0, RECORDS, GROUP):
        outcomes = await bus.publish(broker, _records([str(number) for number in range(start, start + GROUP)]))
        if any(outcomes):
            raise RuntimeError("a record was not published")
    return RECORDS / (time.perf_counter() - began)


async def _consume(broker: KafkaBroker, stamps: dict[str, float]) -> float:
    complete = asyncio.Event()

    async def handle(batch: Sequence[bus.Incoming]) -> None:
        now = time.perf_counter()
        stamps.update((record.headers["ce_id"], now) for record in batch)
        if len(stamps) >= RECORDS:
            complete.set()

    bus.subscribe(broker, TOPIC.name, group="bench", handler=handle)
    began = time.perf_counter()
    await bus.start(broker)
    await complete.wait()
    return RECORDS / (time.perf_counter() - began)


async def _latencies(broker: KafkaBroker, stamps: dict[str, float]) -> list[float]:
    found = []
    for number in range(SINGLES):
        name, began = f"single-{number}", time.perf_counter()
        await bus.publish(broker, _records([name]))
        while name not in stamps:  # noqa: ASYNC110  # the handler stamps the moment itself; this only waits for it
            await asyncio.sleep(0.001)
        found.append((stamps[name] - began) * 1_000)
    return found


async def _idle(url: str) -> float:
    broker = bus.make_broker(url, service="idle")

    async def handle(_: Sequence[bus.Incoming]) -> None:
        return None

    for number in range(SUBSCRIPTIONS):
        bus.subscribe(broker, TOPIC.name, group=f"idle-{number}", handler=handle)
    await bus.start(broker)
    for number in range(SUBSCRIPTIONS):
        while await bus.pending_keys(url, TOPIC.name, f"idle-{number}"):  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.1)
    spent = await _spent_idling()
    await bus.stop(broker)
    return max(spent - await _spent_idling(), 0.01)  # the benchmarks' own progress bar idles at a cost too


async def _spent_idling() -> float:
    """Units: percent of a core."""
    before = time.process_time()
    await asyncio.sleep(IDLE_SECONDS)
    return (time.process_time() - before) / IDLE_SECONDS * 100


def _raw_sqlite(path: Path) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, key BLOB, value BLOB, headers BLOB, at INTEGER)")
    began = time.perf_counter()
    for start in range(0, RECORDS, GROUP):
        connection.execute("BEGIN IMMEDIATE")
        rows = [(number, b"key", VALUE, b"headers" * 5, 0) for number in range(start, start + GROUP)]
        connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    spent = time.perf_counter() - began
    connection.close()
    return RECORDS / spent
