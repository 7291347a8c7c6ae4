# SPDX-License-Identifier: EUPL-1.2
"""Releases for tests of what is made of them: invented printed figures, no protection run."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

from services.stats import catalogue_files, service
from services.stats.catalogues import TOTAL, dimensions_of
from services.stats.releases import FrozenCount, Member, PrintedCount, Release
from shared import municipalities, vocabulary
from tests.unit.stats.builders import CITY

CATALOGUE = catalogue_files.load().of(CITY)
ORDER = service.code_order(vocabulary.load(), municipalities.load())
MADE_AT = dt.datetime(2026, 8, 3, 9, 30, 15, 123456, tzinfo=dt.UTC)  # a moment as a real clock gives it
SOURCES = ("bron-een", "bron-twee", "bron-drie", "bron-vier")


def printed(count: str, *, most: int = 40, city: str = CITY, seed: int = 1, hidden: float = 0.25) -> PrintedCount:
    """Figures of a count: each between 5 and `most`, a share of them hidden; with `most` 0 nothing but zeros."""
    draw = random.Random(f"{count} {seed}")
    spec = CATALOGUE.count(count)
    assert spec is not None
    dimensions = dimensions_of(spec, ORDER(city))
    names = tuple(dimensions)
    cells: dict[tuple[str, ...], int | None] = {}
    for table in spec.tables:
        places: list[dict[str, str]] = [{}]
        for name in table:
            places = [one | {name: code} for one in places for code in dimensions[name].atoms]
        for one in places:
            shown = None if most and draw.random() < hidden else draw.randint(5, most) if most else 0
            cells[tuple(one.get(name, TOTAL) for name in names)] = shown
    cells[(TOTAL,) * len(names)] = most * 9
    return PrintedCount(names, spec.tables, cells)


def withheld(count: str) -> PrintedCount:
    """A count of which nothing is printed."""
    made = printed(count)
    return PrintedCount(made.names, made.tables, dict.fromkeys(made.cells), withheld=True)


def release(period: str, counts: Mapping[str, PrintedCount], *, city: str = CITY, **given: Any) -> Release:
    """An approved release with these printed counts, of four sources."""
    frozen = {name: FrozenCount(one.names, members(one, SOURCES)) for name, one in counts.items()}
    facts: dict[str, Any] = {
        "id": f"release-{period}",
        "municipality": city,
        "period": period,
        "revision": 1,
        "catalogue_version": "test.1",
        "made_by": "Noor",
        "made_at": MADE_AT,
        "considered": (),
        "frozen": frozen,
        "printed": counts,
        "tabset": {"format": "tabset-1"},
        "approved_by": "Sam",
        "approved_at": MADE_AT,
    }
    return Release(**(facts | given))


def members(count: PrintedCount, sources: Sequence[str]) -> tuple[Member, ...]:
    """One case per source, at the place nobody looks at."""
    return tuple(
        Member(f"{number:032x}", (TOTAL,) * len(count.names), one, number) for number, one in enumerate(sources)
    )


def full(period: str, *, city: str = CITY, seed: int = 1) -> Release:
    """A release with every count filled."""
    return release(period, {one.id: printed(one.id, city=city, seed=seed) for one in CATALOGUE.counts}, city=city)


def empty(period: str, *, city: str = CITY) -> Release:
    """A release in which nothing at all is printed."""
    return release(period, {one.id: withheld(one.id) for one in CATALOGUE.counts}, city=city)
