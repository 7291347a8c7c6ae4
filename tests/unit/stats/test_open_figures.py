# SPDX-License-Identifier: EUPL-1.2
"""Open figures: a thousand ways to ask for the same cases, one answer."""

import datetime as dt
import itertools
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

import pytest

from services.stats import cell_key, release_figures
from services.stats.catalogues import TOTAL, Catalogue, CountSpec
from services.stats.figures import Method, Question
from services.stats.periods import Period
from services.stats.releases import FrozenCount, Member, PrintedCount, Release

NAMES = ("grond", "terrein", "wijk", "soort")
CODES = {
    "grond": ["ras", "leeftijd", "geslacht", "meerdere-gronden"],
    "terrein": ["onderwijs", "arbeidsmarkt", "buurt-wijk"],
    "wijk": ["centrum", "oost"],
    "soort": ["klacht", "melding"],
}
TABLES = (("grond", "terrein"), ("terrein", "wijk"), ("grond", "soort"))
COUNT = CountSpec("wga", "Klachten en meldingen", ("klacht", "melding"), TABLES)
CATALOGUE = Catalogue(5, 4, 14, (COUNT,), "test")
METHODS: Final[tuple[Method, Method]] = ("celsleutel", "onderdrukt")
QUARTERS = ("2026-K1", "2026-K2", "2026-K3", "2026-K4")


def release(period: str, members: list[Member]) -> Release:
    return Release(
        period, "GM0637", period, 1, "test", "Noor", dt.datetime(2027, 2, 1, tzinfo=dt.UTC), (),
        {"wga": FrozenCount(NAMES, tuple(members))}, {"wga": PrintedCount(NAMES, TABLES, {})}, {},
    )  # fmt: skip


def some_members(dice: random.Random, size: int, start: int) -> list[Member]:
    return [
        Member(f"digest-{start + n}", tuple(dice.choice(CODES[name]) for name in NAMES), f"source-{n % 5}",
               dice.randrange(2**32))
        for n in range(size)
    ]  # fmt: skip


def ask(dimensions: tuple[str, ...], first: dt.date, last: dt.date, releases: list[Release]) -> Any:
    question = Question(
        dimensions=dimensions, period=Period(first, last), basis="registered", kinds=("klacht", "melding"),
        kind_asked="wga", municipality="GM0637", with_mass=True,
    )  # fmt: skip
    return release_figures.from_releases(question, releases, catalogue=CATALOGUE, method="celsleutel")


def test_given_a_thousand_ways_to_ask_when_the_cases_are_the_same_then_every_figure_is() -> None:
    dice = random.Random(3)
    quarters = [release(name, some_members(dice, 40, n * 100)) for n, name in enumerate(QUARTERS)]
    spans = {
        "2026-K3": (dt.date(2026, 7, 1), dt.date(2026, 9, 30)), "2026": (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        "2026-H1": (dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
    }  # fmt: skip
    pairs = [*TABLES, *((b, a) for a, b in TABLES), *((name,) for name in NAMES), ("kwartaal", "grond")]
    seen: dict[tuple[object, ...], set[int]] = defaultdict(set)

    for _ in range(1_000):
        span, dimensions = dice.choice(list(spans)), dice.choice([*pairs, ("grond", "kwartaal"), ("kwartaal",)])
        shuffled = [
            release(one.period, dice.sample(one.frozen["wga"].members, len(one.frozen["wga"].members)))
            for one in dice.sample(quarters, len(quarters))
        ]
        answer = ask(dimensions, *spans[span], sorted(shuffled, key=lambda one: one.period))
        seen[span, "total"].add(answer.total)
        for codes, number in answer.cells:
            at = frozenset(zip(dimensions, codes, strict=True))
            # A quarter asked for alone and as a row of a longer period are the same cases.
            named = dict(at)
            whole = named.pop("kwartaal", span)
            seen[whole, frozenset(named.items()) or "total"].add(number)

    assert len(seen) > 60
    assert all(len(figures) == 1 for figures in seen.values())


def test_given_open_figures_when_every_table_is_added_up_then_no_total_is_made_of_noisy_cells() -> None:
    dice = random.Random(8)
    (quarter,) = [release("2026-K3", some_members(dice, 60, 0))]
    first, last = dt.date(2026, 7, 1), dt.date(2026, 9, 30)

    totals = {table: ask(table, first, last, [quarter]).total for table in TABLES}
    sums = {table: sum(number for _, number in ask(table, first, last, [quarter]).cells) for table in TABLES}

    assert len(set(totals.values())) == 1
    assert abs(totals[TABLES[0]] - 60) <= 5
    assert len(set(sums.values())) > 1


def question(*kinds: str, dimensions: tuple[str, ...] = ("grond",), **more: Any) -> Question:
    given: dict[str, Any] = {"basis": "registered", "with_mass": True, "kind_asked": None} | more
    days = Period(dt.date(2026, 7, 1), dt.date(2026, 9, 30))
    return Question(dimensions=dimensions, period=days, kinds=kinds, municipality="GM0637", **given)


def asked(one: Question, method: Method, releases: list[Release]) -> Any:
    return release_figures.from_releases(one, releases, catalogue=CATALOGUE, method=method)


@pytest.mark.parametrize("method", ["celsleutel", "onderdrukt"])
@pytest.mark.parametrize(
    "more",
    [{"basis": "incident"}, {"with_mass": False}, {"dimensions": ("maand",)}, {"dimensions": ("maand", "grond")}],
)
def test_given_a_question_that_releases_do_not_tell_when_asked_then_there_is_no_answer(
    method: Method, more: dict[str, Any]
) -> None:
    quarter = release("2026-K3", some_members(random.Random(8), 60, 0))

    assert asked(question("klacht", "melding"), method, [quarter]) is not None
    assert asked(question("klacht", "melding", **more), method, [quarter]) is None


def test_given_one_kind_of_a_count_when_asked_then_its_own_figures_and_none_of_a_table_without_kinds() -> None:
    members = some_members(random.Random(8), 400, 0)
    quarter = release("2026-K3", members)
    cells: dict[tuple[str, ...], int | None] = {
        (ground, TOTAL, TOTAL, kind): number
        for number, (ground, kind) in enumerate(itertools.product([*CODES["grond"], TOTAL], [*CODES["soort"], TOTAL]))
    }
    quarter = replace(quarter, printed={"wga": PrintedCount(NAMES, TABLES, cells)})
    complaints = sum(one.place[-1] == "klacht" for one in members)

    opened, printed = (asked(question("klacht"), method, [quarter]) for method in METHODS)
    without = [asked(question("klacht", dimensions=("terrein",)), method, [quarter]) for method in METHODS]

    assert abs(opened.total - complaints) <= cell_key.MOST_NOISE
    assert dict(printed.cells) == {(ground,): cells[ground, TOTAL, TOTAL, "klacht"] for ground in CODES["grond"]}
    assert printed.total == cells[TOTAL, TOTAL, TOTAL, "klacht"]
    assert [(one.cells, one.total) for one in without] == [((), None)] * 2


def test_given_a_part_of_a_count_and_something_else_when_asked_together_then_there_is_no_answer() -> None:
    quarter = release("2026-K3", some_members(random.Random(8), 60, 0))

    assert [asked(question("klacht", "signaal"), method, [quarter]) for method in METHODS] == [None, None]
