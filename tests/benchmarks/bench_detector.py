# SPDX-License-Identifier: EUPL-1.2
"""The detector's bounds in time, and how much more it finds than a textbook chart on the same streams."""

import time
from collections.abc import Sequence
from typing import Any

from services.notifier.detector import DetectorSettings, calibrate, evaluate
from services.notifier.threshold import Crossing, Null, count_episodes
from tests.unit.notifier.anchors import weekly_crossings
from tests.unit.notifier.world import DAYS, JUDGED_FROM, Tension, Year, build

SECONDS_PER_YEAR = 2.0  # a city-year of daily evaluation, threshold included
BUDGET = 4.0
TIMES_THE_CHART = 1.2  # detected share, at the same number of false alarms
SEEDS = range(7000, 7005)
HARD = ("cell-M", "district-S", "district-M", "ground-M", "ramp-M", "in_campaign-M")  # large ones anything finds
KINDS = ("plain", "season", "delay", "campaign", "onboarding", "batch")
GRACE_DAYS = 14


def run() -> list[dict[str, Any]]:
    """One row per city for time, one for what is found."""
    return [_speed(city) for city in ("small", "medium", "large")] + [_power("medium")]


def _speed(city: str) -> dict[str, Any]:
    year = build("delay", city, SEEDS[0])
    begin = time.perf_counter()
    _judged(year, own_level=True)
    seconds = time.perf_counter() - begin
    return {
        "name": f"detector: a year, {city} city",
        "ratio": SECONDS_PER_YEAR / seconds,
        "goal": 1.0,
        "unit": "x",
        "detail": {"seconds": round(seconds, 2), "reports": len(year.stream)},
    }


def _judged(year: Year, *, own_level: bool = False) -> list[Crossing]:
    settings = DetectorSettings(budget_per_year=BUDGET)
    null = calibrate(year.stream, year.context, JUDGED_FROM, settings=settings) if own_level else Null(0.0, ())
    days = range(JUDGED_FROM, DAYS)
    alarms = evaluate(year.stream, days, year.context, settings=settings, null=null, everything=True)
    return [Crossing(a.day, a.ground, a.terrain, a.district, a.score) for a in alarms]


def _power(city: str) -> dict[str, Any]:
    quiet = [build(kind, city, seed) for kind in KINDS for seed in SEEDS]
    tense = [build(kind, city, seed) for kind in HARD for seed in SEEDS]
    own = _share([_judged(y) for y in quiet], [_judged(y) for y in tense], tense)
    chart = _share([_chart(y) for y in quiet], [_chart(y) for y in tense], tense)
    return {
        "name": f"detector: found against a Poisson CUSUM, {city} city",
        "ratio": own / max(chart, 1 / len(tense)),
        "goal": TIMES_THE_CHART,
        "unit": "x",
        "detail": {"found": round(own, 2), "chart": round(chart, 2), "tensions": len(tense), "falseAYear": BUDGET},
    }


def _chart(year: Year) -> list[Crossing]:
    return weekly_crossings(year.stream, JUDGED_FROM, DAYS, floor=1.5)


def _share(quiet: Sequence[list[Crossing]], tense: Sequence[list[Crossing]], years: Sequence[Year]) -> float:
    """Share of tensions found at the level that gives the budget of false alarms in the quiet years."""
    level = _level(quiet)
    found = [
        any(c.score >= level and _names(c, y.tensions[0]) for c in seen) for seen, y in zip(tense, years, strict=True)
    ]
    return sum(found) / len(found)


def _level(quiet: Sequence[list[Crossing]]) -> float:
    scores = sorted({c.score for year in quiet for c in year})
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high) // 2
        episodes = sum(count_episodes(c for c in year if c.score >= scores[middle]) for year in quiet)
        low, high = (low, middle) if episodes <= BUDGET * len(quiet) else (middle + 1, high)
    return scores[low]


def _names(crossing: Crossing, tension: Tension) -> bool:
    """Whether it comes in time, names the ground and overlaps the place."""
    in_time = tension.start <= crossing.day <= tension.end + GRACE_DAYS
    terrain = crossing.terrain in {-1, tension.terrain} or tension.terrain == -1
    district = crossing.district in {-1, tension.district} or tension.district == -1
    return in_time and crossing.ground == tension.ground and terrain and district
