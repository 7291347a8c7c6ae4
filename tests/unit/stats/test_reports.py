# SPDX-License-Identifier: EUPL-1.2
"""Reports: made of printed figures alone, in words that say no more than the figures do."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

import pytest

from services.stats import (
    benchmark_files,
    benchmarks,
    coverage_bands,
    report,
    report_layout,
    report_pages,
    report_words,
)
from services.stats.catalogues import TOTAL
from services.stats.report_pages import Bars, Table, Written
from services.stats.reporting import reporting_of
from services.stats.reports import Span, available, last_quarters, picture, tiling
from shared import municipalities, vocabulary
from shared.errors import Misconfigured, Rejected
from tests.unit.stats.builders import facts
from tests.unit.stats.releases_made import empty, full, printed, release

CITIES = [one.code for one in municipalities.load().all]
REPORTING = reporting_of(municipalities.load(), None)


def material(*releases: Any, period: str = "2026-H1", **given: Any) -> report_layout.Material:
    now = picture(Span.named(period), releases)
    assert now is not None
    return replace(report.material_of(now, releases, {}, REPORTING), **given)


def words_of(made: report_pages.Report) -> str:
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list | tuple):
            for one in value:
                walk(one)

    walk(report_pages.as_wire(made))
    return "\n\n".join(found)


@pytest.mark.parametrize(
    "name", ["2026-H3", "2026-M01", "2026-K2--2026-K1", "2010--2026", "", "--", "2026-K1--", "x--y"]
)
def test_given_no_period_when_it_is_named_then_it_is_refused(name: str) -> None:
    if name == "2026-K1--":
        assert Span.named(name).days == Span.named("2026-K1").days
        return
    with pytest.raises(Rejected):
        Span.named(name)


def test_given_releases_when_a_period_is_asked_then_the_fewest_that_follow_each_other_make_it_up() -> None:
    halves, quarters = [full("2025-H1"), full("2025-H2")], [full(f"2025-K{number}") for number in (1, 2, 3, 4)]

    whole = tiling(Span.named("2025").days, [*quarters, *halves])
    middle = tiling(Span.named("2025-K2--2025-K3").days, [*quarters, *halves])
    gap = tiling(Span.named("2025").days, [halves[0], quarters[3]])

    assert [one.period for one in whole] == ["2025-H1", "2025-H2"]
    assert [one.period for one in middle] == ["2025-K2", "2025-K3"]
    assert gap == ()
    assert [span.name for span in available(halves)] == ["2025-H2", "2025", "2025-H1"] or "2025" in {
        span.name for span in available(halves)
    }
    assert [one.period for one in last_quarters(Span.named("2025").days, quarters, 4)] == [
        "2025-K1", "2025-K2", "2025-K3", "2025-K4",
    ]  # fmt: skip
    assert last_quarters(Span.named("2025").days, quarters[1:], 4) == []


def test_given_a_figure_hidden_in_one_part_when_parts_are_added_then_it_is_hidden_in_the_whole() -> None:
    first, second = full("2025-H1", seed=1), full("2025-H2", seed=2)

    whole = picture(Span.named("2025"), [first, second])

    assert whole is not None
    for codes, number in whole.by("wga", "grond").items():
        place = (codes[0], *(TOTAL for _ in first.printed["wga"].names[1:]))
        parts = [one.printed["wga"].cells[place] for one in (first, second)]
        known = [part for part in parts if part is not None]
        assert number == (sum(known) if len(known) == 2 else None)
    assert whole.total("wga") == sum(one.printed["wga"].cells[(TOTAL,) * len(place)] or 0 for one in (first, second))


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("layout", [report_layout.council, report_layout.districts])
def test_given_a_report_when_its_words_are_read_then_none_is_forbidden_and_no_small_count_stands_in_it(
    city: str, layout: Any
) -> None:
    counts = {name: printed(name, city=city, seed=4) for name in ("wga", "signaal", "eigen-waarneming")}
    now = release("2026-H1", counts, city=city)
    made = layout(material(now, full("2025-H1", city=city, seed=9)))

    text = words_of(made)
    numbers = [
        cell
        for chapter in made.chapters
        for block in chapter.blocks
        for table in ([block] if isinstance(block, Table) else [block.table] if hasattr(block, "table") else [])
        for row in table.rows
        for cell in row[1:]
        if isinstance(cell, int)
    ]
    assert vocabulary.lint(text, where="public") == []
    assert municipalities.load().get(city).name in made.subtitle
    assert numbers
    assert not any(0 < number < 5 for number in numbers)


def test_given_two_cities_when_reports_are_made_then_they_differ_in_data_alone() -> None:
    one, other = (report_layout.districts(material(full("2026-H1", city=city))) for city in sorted(CITIES)[:2])

    assert [chapter.id for chapter in one.chapters if chapter.level == 2] == [
        chapter.id for chapter in other.chapters if chapter.level == 2
    ]
    assert one.subtitle != other.subtitle
    assert {chapter.id for chapter in one.chapters} != {chapter.id for chapter in other.chapters}


def test_given_nothing_printed_when_a_report_is_made_then_it_says_so_and_draws_nothing() -> None:
    made = report_layout.council(material(empty("2026-H1")))

    assert "tonen we niet" in words_of(made)
    assert not any(isinstance(block, Bars) for chapter in made.chapters for block in chapter.blocks)


def test_given_a_mass_report_when_a_period_is_compared_then_the_reader_is_warned_without_its_number() -> None:
    shares: Any = {("2026-H1", "wga"): "een deel", ("2025-H1", "wga"): "meer dan de helft"}

    text = words_of(report_layout.council(material(full("2026-H1"), full("2025-H1", seed=3), mass=shares)))

    assert "In de eerste helft van 2025 hoorde meer dan de helft bij een massamelding" in text
    assert "In de eerste helft van 2026 hoorde een deel bij een massamelding" in text


def test_given_text_of_a_person_when_a_report_is_made_then_name_and_day_stand_below_it() -> None:
    written = {"duiding": Written("duiding", "Eigen woorden.", "Noor", dt.date(2026, 8, 3))}

    made = report_layout.council(material(full("2026-H1"), written=written))

    chapter = next(one for one in made.chapters if one.id == "duiding")
    assert asdict(chapter)["blocks"][0]["author"] == "Noor"
    assert report_pages.as_wire(made)["hoofdstukken"][made.chapters.index(chapter)]["blokken"][0] == {
        "soort": "toelichting", "plaats": "duiding", "tekst": "Eigen woorden.", "auteur": "Noor",
        "geschrevenDatum": "2026-08-03",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "then", "word"),
    [(40, 20, "meer"), (20, 40, "minder"), (30, 28, "ongeveer evenveel"), (0, 0, "ongeveer evenveel")],
)
def test_given_two_counts_when_they_are_compared_then_only_what_chance_does_not_explain_is_a_difference(
    now: int, then: int, word: str
) -> None:
    assert report_words.direction(now, then, days_now=181, days_then=181) == word


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Er waren 3 meldingen.", True), ("Maar één ernstige klacht.", True), ("twee signalen", True),
        ("Er is meer discriminatie.", True), ("x" * 4001, True),
        ("Er waren 13 meldingen.", False), ("In 2024 begon de campagne in vier wijken.", False), ("", False),
    ],
)  # fmt: skip
def test_given_a_text_when_it_is_checked_then_small_counts_and_forbidden_words_are_faults(
    text: str, *, wrong: bool
) -> None:
    assert bool(report.text_faults("duiding", text)) is wrong


def test_given_published_figures_when_rates_are_made_then_the_newest_of_each_place_stands_there_once() -> None:
    found = benchmark_files.load().latest(up_to=2026, without="Zoetermeer")

    assert found[0].place == "Nederland"
    assert len({one.place for one in found}) == len(found)
    assert all(one.low < one.per_100_000 < one.high and one.source for one in found)


def test_given_an_own_csv_when_it_is_loaded_then_it_wins_and_a_bad_one_is_told_by_its_place(tmp_path: Any) -> None:
    head = "jaar;plaats;niveau;meldingen;inwoners;bron;bronInwoners;toelichting\n"
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"{head}2024;Nederland;land;17000;18000000;eigen bron;CBS;\n")
    bad.write_text(f"{head}2024;Nederland;land;veel;18000000;eigen bron;CBS;\n")

    rates = benchmark_files.load(good).latest(up_to=2024, without="x")

    assert round(rates[0].per_100_000, 1) == 94.4
    with pytest.raises(Misconfigured) as wrong:
        benchmark_files.load(bad)
    assert "figures/0/reports" in str(wrong.value.fields["problem"])
    assert "veel" not in str(wrong.value.fields)


def test_given_rates_when_they_are_compared_then_overlapping_intervals_are_no_difference() -> None:
    low, near, high = (benchmarks.rate("x", number, 100_000, year=2025) for number in (20, 26, 90))

    assert "niet duidelijk" in benchmarks.sentence(low, near)
    assert "minder" in benchmarks.sentence(low, high)
    assert "meer" in benchmarks.sentence(high, low)
    assert benchmarks.rate("x", 0, 100_000, year=2025).low == 0


def test_given_facts_when_the_bureau_looks_then_each_organisation_has_its_months_and_the_silent_come_first() -> None:
    cases = [
        facts(1, kind="signaal", source_ref="vaak-gehoord", registered_on=dt.date(2026, month, 3))
        for month in range(1, 8)
    ] + [
        facts(2, kind="signaal", source_ref="stil-geworden", registered_on=dt.date(2025, 3, 1)),
        facts(3, source_ref="het-bureau"),
    ]

    found = coverage_bands.by_source(cases, today=dt.date(2026, 7, 20))

    assert [(one.source, one.months, one.last) for one in found] == [
        ("stil-geworden", 0, "2025-03"),
        ("vaak-gehoord", 7, "2026-07"),
    ]


def test_given_four_quarters_when_regularity_is_told_then_as_bands_that_hold_no_organisation() -> None:
    quarters = [full(f"2025-K{number}") for number in (1, 2, 3, 4)]

    assert coverage_bands.bands_by_regularity(quarters) == {
        "elk kwartaal": "3-4", "de meeste kwartalen": "0", "af en toe": "0", "niet meer": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("quarters", "told"),
    [
        ("1111", "elk kwartaal"), ("0111", "de meeste kwartalen"), ("1110", "de meeste kwartalen"),
        ("1010", "af en toe"), ("0011", "af en toe"), ("0001", "af en toe"), ("1100", "niet meer"),
    ],
)  # fmt: skip
def test_given_the_quarters_of_an_organisation_when_its_regularity_is_told_then_by_their_number_and_the_last_two(
    quarters: str, told: str
) -> None:
    assert coverage_bands.regularity([one == "1" for one in quarters]) == told


def test_given_a_printed_table_when_it_is_told_what_is_heard_then_a_hidden_number_says_nothing() -> None:
    figures: dict[tuple[str, ...], int | None] = {("a",): 5, ("b",): 4, ("c",): 0, ("d",): None}

    assert coverage_bands.heard(figures, 100) == {"a": "vaak", "b": "weinig", "c": "niet", "d": "niet te zeggen"}
    assert set(coverage_bands.heard(figures, None).values()) == {"niet te zeggen"}


@pytest.mark.parametrize(
    ("name", "short", "before"),
    [
        ("2026", "2026", "2025"), ("2026-H1", "1e helft 2026", "2025-H2"), ("2026-H2", "2e helft 2026", "2026-H1"),
        ("2026-K1", "1e kwartaal 2026", "2025-K4"), ("2026-K4", "4e kwartaal 2026", "2026-K3"),
        ("2025--2026", "2025 t/m 2026", None),
    ],
)  # fmt: skip
def test_given_a_period_when_it_is_named_above_a_column_then_shortly_and_it_knows_what_was_just_before(
    name: str, short: str, before: str | None
) -> None:
    span = Span.named(name)

    assert span.short == short
    assert span.just_before == (None if before is None else Span.named(before))


@pytest.mark.parametrize(
    ("total", "before", "words"),
    [
        (None, 40, "tonen we niet. Het is te klein."),
        (0, 40, "waren er geen klachten en meldingen. Dat is minder dan in"),
        (60, None, "tonen we niet, dus vergelijken kan niet."),
        (
            60,
            10,
            "registreerde het bureau 60 klachten en meldingen. Dat is meer dan in het jaar 2025: toen waren het er 10.",
        ),
        (60, 58, "Dat verschilt niet duidelijk van het jaar 2025: toen waren het er 58."),
    ],
)
def test_given_two_totals_when_told_then_only_what_is_shown_is_compared(
    total: int | None, before: int | None, words: str
) -> None:
    pictures = []
    for period, number in (("2026", total), ("2025", before)):
        count = printed("wga")
        cells = dict(count.cells) | {(TOTAL,) * len(count.names): number}
        pictures.append(picture(Span.named(period), [release(period, {"wga": replace(count, cells=cells)})]))
    now, then = pictures
    assert now is not None

    told = report_words.total_sentence(now, "wga"), report_words.change_sentence(now, then, Span.named("2025"), "wga")

    assert words in " ".join(told)
    assert bool(told[1]) is (total is not None)


@pytest.mark.parametrize(("shown", "drawn"), [(1, False), (2, True)])
def test_given_a_table_with_hardly_any_figure_when_a_report_is_made_then_it_says_so_and_draws_nothing(
    shown: int, *, drawn: bool
) -> None:
    count = printed("wga", hidden=0)
    alone = [
        place for place in count.cells
        if [name for name, code in zip(count.names, place, strict=True) if code != TOTAL] == ["terrein"]
    ]  # fmt: skip
    cells = dict(count.cells) | dict.fromkeys(alone[shown:])

    made = report_layout.council(material(release("2026-H1", {"wga": replace(count, cells=cells)})))

    chapter = next(one for one in made.chapters if one.id == "wga-terrein")
    assert any(isinstance(block, Bars) for block in chapter.blocks) is drawn
    assert ("te weinig klachten en meldingen om terrein te laten zien" in words_of(made)) is not drawn


def without(dimension: str) -> Any:
    """A count of which no table holds a dimension."""
    count = printed("wga")
    tables = tuple(table for table in count.tables if dimension not in table)
    at = count.names.index(dimension)
    return replace(count, tables=tables, cells={p: n for p, n in count.cells.items() if p[at] == TOTAL})


def test_given_no_figures_by_district_when_the_map_is_made_then_it_says_so() -> None:
    made = report_layout.districts(material(release("2026-H1", {"eigen-waarneming": without("wijk")})))

    assert "Over deze periode zijn er geen cijfers per wijk." in words_of(made)


def test_given_bands_of_regularity_when_the_council_reads_then_a_table_of_bands() -> None:
    made = report_layout.council(material(full("2026-H1"), regularity={"elk kwartaal": "3-4", "niet meer": "0"}))

    tables = [block for chapter in made.chapters for block in chapter.blocks if isinstance(block, Table)]
    assert [one.rows for one in tables if one.caption == "Hoe vaak organisaties meldden"] == [
        (("Elk kwartaal", "3-4"), ("Niet meer", "0"))
    ]


def test_given_rates_of_others_when_the_council_reads_then_the_own_one_stands_first_with_its_margin() -> None:
    own, country = (benchmarks.rate(name, n, 100_000, year=2025) for name, n in (("Hier", 90), ("Nederland", 20)))

    compared = report_layout.council(material(full("2026-H1"), own_rate=own, rates=(country,)))
    alone = [report_layout.council(material(full("2026-H1"), own_rate=own, rates=())),
             report_layout.council(material(full("2026-H1"), own_rate=None, rates=(country,)))]  # fmt: skip

    (chapter,) = [one for one in compared.chapters if one.id == "vergelijken"]
    (table,) = [block for block in chapter.blocks if isinstance(block, Table)]
    assert [row[:2] for row in table.rows] == [("Hier (2025)", "90,0"), ("Nederland (2025)", "20,0")]
    assert "Hier had 90,0 klachten en meldingen per 100.000 inwoners in 2025." in words_of(compared)
    assert not any(one.id == "vergelijken" for made in alone for one in made.chapters)
