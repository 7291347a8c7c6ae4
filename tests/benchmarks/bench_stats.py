# SPDX-License-Identifier: EUPL-1.2
"""How the time of a question grows with the number of cases, and how long the form of a year takes.

Both databases are filled through the product's own ledger and counts, then asked the same questions in turn, the way
the bureau asks them: with the audit entry that every exact look leaves.
"""

import asyncio
import datetime as dt
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.stats import figures, form_catalog
from services.stats.facts import Case, Facts, advance
from services.stats.query import Audience, Counting, answer
from services.stats.service import MIGRATIONS
from services.stats.storage import forms, ledger
from shared import vocabulary
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import MovableClock
from shared.database import Database, Transaction
from shared.migrations import migrate

CITY: Final = "GM0637"
NOW: Final = dt.datetime(2026, 12, 31, 12, 0, tzinfo=dt.UTC)
FIRST: Final = dt.date(2025, 1, 1)
DAYS: Final = 730
BATCH: Final = 5_000
ROUNDS: Final = 40
QUESTIONS: Final = (
    "rijen=grond&soort=wga",
    "rijen=grond&kolommen=terrein&soort=wga",
    "rijen=subgrond&kolommen=wijk&soort=signaal",
    "rijen=behandeling&kolommen=kwartaal&soort=wga&massameldingen=zonder",
    "rijen=aard&kolommen=maand&soort=melding&van=2025-01-01&tot=2026-12-31",
    "rijen=soort&kolommen=wijk&van=2025-02-03&tot=2026-10-28",
    "rijen=grond&kolommen=terrein&soort=wga&van=2025-01-09&tot=2026-12-23",
    "rijen=melderRol&kolommen=grond&soort=signaal&datum=voorval&van=2025-03-02&tot=2026-09-27",
)


def invented(count: int) -> Iterator[Facts]:
    """Cases spread evenly over two years, in the order in which they were registered; every code is used."""
    chance, codes = random.Random(count), vocabulary.load()
    grounds, subgrounds = sorted(codes.grounds.codes), sorted(codes.subgrounds.codes)
    single = {
        "terrain": sorted(codes.terrains.codes),
        "nature": sorted(codes.natures.codes),
        "reporter_role": sorted(codes.reporter_roles.codes),
        "residency": sorted(codes.residency.codes),
        "incident_place": sorted(codes.incident_places.codes),
        "district": [f"wijk-{number}" for number in range(10)],
        "kind": ["signaal", "signaal", "melding", "klacht", "eigen-waarneming"],
    }
    handling = sorted(codes.handling.codes)
    for number in range(count):
        day = FIRST + dt.timedelta(days=number * DAYS // count)
        year, week, _ = (day - dt.timedelta(days=chance.randrange(60))).isocalendar()
        yield Facts(
            municipality=CITY,
            grounds=tuple(sorted(chance.sample(grounds, chance.choice((1, 1, 1, 2))))),
            subgrounds=(chance.choice(subgrounds),) if number % 3 else (),
            handling=tuple(sorted(chance.sample(handling, chance.choice((0, 1, 1, 2))))),
            anonymity="onbekend",
            incident_week=f"{year}-W{week:02d}",
            registered_on=day,
            age_band="onbekend",
            mass_event="actie" if number % 50 == 0 else None,
            source_ref=f"source-{chance.randrange(12):03d}",
            record_key=chance.randrange(2**32),
            **{name: chance.choice(values) for name, values in single.items()},
        )


async def filled(folder: Path, count: int) -> Database:
    """A database with so many cases, all of them counted."""
    database = Database(f"sqlite+aiosqlite:///{folder / f'{count}.sqlite'}")
    await database.open()
    await migrate(database, MIGRATIONS)
    batch: list[Case] = []
    for number, facts in enumerate(invented(count), start=1):
        batch.append(Case(f"case-{number:012d}", 1, "counted", facts))
        if len(batch) == BATCH or number == count:
            async with database.transaction() as tx:
                await ledger.save(tx, [step for case in batch if (step := advance(None, case))], known=(), at=NOW)
                await ledger.count(tx, limit=BATCH)
            batch = []
    return database


async def nothing_released(_asked: figures.Question, _audience: Audience, _tx: Transaction) -> figures.Answer | None:
    """The bureau asks, so no release is looked at."""
    return None


async def milliseconds(work: Callable[[], Awaitable[object]]) -> float:
    """How long it takes once. Units: milliseconds."""
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1000


async def measured(small: Database, large: Database) -> dict[str, tuple[float, float]]:
    """Per question the median of both databases, asked in turn so that a busy machine slows both."""
    kinds = {code.code: code.counts_for_wga for code in vocabulary.load().kinds.in_order}
    clock = MovableClock(NOW)
    audit = AuditLog("stats", clock, b"bench", Ed25519PrivateKey.generate())
    counting = Counting(audit, lambda _: {})
    staff = Staff("bench", Role.ADV, NOW + dt.timedelta(days=1))
    medians = {}
    for text in QUESTIONS:
        given = [(name, value) for name, _, value in (part.partition("=") for part in text.split("&"))]
        question = figures.question_from(given, today=NOW.date(), municipality=CITY, kinds=kinds)

        async def ask(database: Database, asked: figures.Question = question) -> object:
            return await database.in_group(
                lambda tx: answer(asked, tx, staff=staff, counting=counting, released=nothing_released)
            )

        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for database, found in zip((small, large), times, strict=True):
                found.append(await milliseconds(lambda database=database: ask(database)))  # type: ignore[misc]  # the default binds this round's database
        medians[text] = (statistics.median(times[0]), statistics.median(times[1]))
    return medians


async def form_milliseconds(database: Database) -> float:
    """How long the form of a year takes, median."""
    schema = form_catalog.load()[0]
    found = []
    for _ in range(ROUNDS // 4):
        async with database.reading() as tx:
            found.append(
                await milliseconds(
                    lambda tx=tx: forms.live(schema, tx, municipality=CITY, year=2026, with_mass=True)  # type: ignore[misc]  # the default binds this round's transaction
                )
            )
    return statistics.median(found)


async def _bench(few: int, many: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = await filled(folder, few), await filled(folder, many)
        try:
            medians = await measured(small, large)
            form = await form_milliseconds(large)
        finally:
            await small.close()
            await large.close()
    ratios = {text: little / big for text, (little, big) in medians.items()}
    detail = {
        "cases": [few, many],
        "milliseconds": {text: [round(value, 2) for value in pair] for text, pair in medians.items()},
        "ratios": {text: round(ratio, 2) for text, ratio in ratios.items()},
    }
    worst = min(ratios.values())
    slowest = {"cases": many, "milliseconds": round(form, 2)}
    return [
        {"name": "stats: slowest growing question", "ratio": worst, "goal": 1 / 1.5, "unit": "x", "detail": detail},
        {"name": "stats: form of a year within 1 s", "ratio": 1000 / form, "goal": 1.0, "unit": "x", "detail": slowest},
    ]


def run() -> list[dict[str, Any]]:
    """The time at few cases over that at many, and one second over the time of a form; higher is better.

    `BENCH_STATS_CASES` makes the larger database smaller, for a quick look.
    """
    return asyncio.run(_bench(10_000, int(os.environ.get("BENCH_STATS_CASES", "1000000"))))
