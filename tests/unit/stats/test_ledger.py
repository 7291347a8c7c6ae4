# SPDX-License-Identifier: EUPL-1.2
"""The ledger: whatever order words arrive in, figures and form are those of counting again from scratch."""

import asyncio
import datetime as dt
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import cells, form_catalog, periods, wga
from services.stats.facts import Facts
from services.stats.recount import recount
from services.stats.storage import forms, ledger
from shared.clock import MovableClock
from shared.contracts import SignalAnonymised
from shared.database import Database
from tests.unit.stats.builders import CITY, NOW, Word, case_id, event, retraction, tell

WGA = form_catalog.load()[0]
YEAR_2026 = dict.fromkeys(cells.PAIRS, ("2026",))
STRAY = 'klacht {"a|b":1}'


async def test_given_cases_when_they_are_corrected_and_withdrawn_then_the_ledger_tells_every_step(
    database: Database, clock: MovableClock
) -> None:
    words: Sequence[Word] = [
        event(1, kind="signaal"),
        event(1, kind="melding", revision=2),
        event(1, terrain="overig", revision=3),
        event(2),
        retraction(2, reason="not-counted"),
        event(3),
        retraction(3),
    ]
    for word in words:
        await tell(database, [word], clock)

    async with database.reading() as tx:
        rows = await tx.rows(sa.select(ledger.LEDGER).order_by(ledger.LEDGER.c.seq))

    assert [(row["case_id"][-1], row["entry"]) for row in rows] == [
        ("1", "registered"), ("1", "kind-changed"), ("1", "corrected"),
        ("2", "registered"), ("2", "not-counted"),
        ("3", "registered"), ("3", "withdrawn"),
    ]  # fmt: skip
    assert all(row["recorded_at"] == NOW for row in rows)


async def test_given_a_withdrawn_case_when_its_changes_are_counted_then_its_facts_are_nowhere(
    database: Database, clock: MovableClock
) -> None:
    await tell(database, [event(1, district="meerzicht"), event(2)], clock)
    await tell(database, [retraction(1)], clock)

    async with database.transaction() as tx:
        await ledger.count(tx, limit=100)
    async with database.reading() as tx:
        for table in (ledger.LEDGER, ledger.CASES, ledger.UNCOUNTED, ledger.CELLS):
            stored = [str(dict(row)) for row in await tx.rows(sa.select(table))]
            assert not any("meerzicht" in row for row in stored)


async def test_given_a_case_that_did_not_count_when_review_lets_it_count_then_it_is_back(
    database: Database, clock: MovableClock
) -> None:
    await tell(database, [event(1)], clock)
    await tell(database, [retraction(1, reason="not-counted")], clock)
    await tell(database, [event(1, revision=3, terrain="overig")], clock)

    async with database.reading() as tx:
        known = await ledger.cases(tx, [case_id(1)])

    assert (known[case_id(1)].state, known[case_id(1)].revision) == ("counted", 3)


async def test_given_counts_when_some_are_added_later_then_figures_are_the_same_at_every_moment(
    database: Database, clock: MovableClock
) -> None:
    await tell(database, [event(number, terrain=f"t{number % 3}") for number in range(30)], clock)
    await tell(database, [event(number, revision=2, terrain="elders") for number in range(0, 30, 2)], clock)

    seen = []
    while True:
        async with database.transaction() as tx:
            seen.append(await ledger.sheets(tx, CITY, wanted=YEAR_2026, basis="registered"))
            if not await ledger.count(tx, limit=7):
                break

    assert len(seen) == 1 + 9  # 60 changes, 7 at a time
    assert all(one == seen[0] for one in seen)


async def test_given_a_burst_when_it_is_larger_than_may_wait_then_it_is_counted_in_the_way(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.stats.handle.COUNT_AT", 10)

    await tell(database, [event(number) for number in range(11)], clock)

    async with database.reading() as tx:
        assert await ledger.uncounted_size(tx) == 1


@pytest.mark.parametrize(
    "tampering",
    [
        sa.update(ledger.CELLS).where(ledger.CELLS.c.span == "2026").values(counts=STRAY),
        sa.delete(ledger.CELLS).where(ledger.CELLS.c.span == "2026-03-09"),
        sa.update(ledger.CELLS).where(ledger.CELLS.c.span == "2026-03-t1").values(span="2026-03-t2"),
        sa.insert(ledger.CELLS).values(
            municipality=CITY, span="2020-01-01", basis="incident", pair="terrain|nature", counts=STRAY,
        ),
        sa.insert(ledger.CELLS).values(
            municipality=CITY, span="2020", basis="incident", pair="terrain|nature", counts=STRAY,
        ),
        sa.update(ledger.CASES).where(ledger.CASES.c.case_id == case_id(1)).values(revision=9),
        sa.delete(ledger.CASES).where(ledger.CASES.c.case_id == case_id(1)),
        sa.delete(ledger.LEDGER).where(ledger.LEDGER.c.case_id == case_id(1)),
        sa.insert(ledger.UNCOUNTED).values(municipality=CITY, sign=1, facts=Facts.of(event(9)).to_json()),
    ],
)  # fmt: skip
async def test_given_a_changed_row_when_everything_is_counted_again_then_it_is_found(
    database: Database, clock: MovableClock, tampering: Any
) -> None:
    await tell(database, [event(1), event(2), retraction(3)], clock)
    async with database.transaction() as tx:
        await ledger.count(tx, limit=100)
    async with database.reading() as tx:
        assert (await recount(tx)).ok

    async with database.transaction() as tx:
        await tx.execute(tampering)

    async with database.reading() as tx:
        assert not (await recount(tx)).ok


def a_word(number: int, revision: int) -> Word:
    """What is said of a case in a revision: always the same, however often and whenever it arrives."""
    mixed = (number * 7 + revision * 3) % 8
    if mixed == 5:
        return retraction(number, revision=revision, reason="withdrawn" if number % 2 else "not-counted")
    return event(
        number,
        revision=revision,
        kind="signaal" if revision == 1 else "melding",
        grounds=[("ras",), ("ras", "leeftijd"), ("onbekend",)][mixed % 3],
        terrain=["onderwijs", "overig"][mixed % 2],
        residency=["ingezetene", "niet-ingezetene", "onbekend"][number % 3],
        incident_place=["in-gemeente", "andere-gemeente"][revision % 2],
        handling=[(), ("registratie",)][mixed % 2],
        registered_on=dt.date(2025, 11, 20) + dt.timedelta(days=number * 9),
        incident_week=[None, "2026-W01", "2025-W52"][mixed % 3],
        mass_event="actie" if number == 4 else None,
    )


WORDS = st.lists(st.builds(a_word, st.integers(1, 8), st.integers(1, 4)), max_size=40)


@settings(max_examples=30)
@given(WORDS, st.lists(st.integers(1, 7), min_size=1, max_size=10), st.data())
def test_given_any_words_in_any_order_when_all_have_arrived_then_form_and_figures_are_those_of_the_newest_words(
    migrated: Path, words: list[Word], sizes: list[int], data: st.DataObject
) -> None:
    arriving = data.draw(st.permutations([*words, *words[::3]]), label="arriving")  # some arrive twice

    async def work(database: Database) -> None:
        clock, at, turn = MovableClock(NOW), 0, 0
        while at < len(arriving):
            size = sizes[turn % len(sizes)]
            await tell(database, arriving[at : at + size], clock)
            at, turn = at + size, turn + 1
            if turn % 2:
                async with database.transaction() as tx:
                    await ledger.count(tx, limit=size * 2)
        await compare(database, newest(words))

    run_on_copy(migrated, work)


def newest(words: Sequence[Word]) -> list[Facts]:
    """What counts, found out without anything of the product's own bookkeeping."""
    by_case: dict[str, tuple[tuple[int, bool], Word]] = {}
    for word in words:
        rank = (word.revision, not isinstance(word, SignalAnonymised))
        if word.case_id not in by_case or by_case[word.case_id][0] < rank:
            by_case[word.case_id] = (rank, word)
    return [Facts.of(word) for _, word in by_case.values() if isinstance(word, SignalAnonymised)]


async def compare(database: Database, facts: Sequence[Facts]) -> None:
    async with database.reading() as tx:
        assert (await recount(tx)).ok
        for year in (2025, 2026):
            of_year = [one for one in facts if one.registered_on.year == year]
            form = await forms.live(WGA, tx, municipality=CITY, year=year, with_mass=False)
            by_hand = wga.from_facts(WGA, of_year, with_mass=False)
            assert form == wga.filled(WGA, by_hand, municipality=CITY, year=year, with_mass=False)
            assert wga.faults(form) == []
            spans = {span for day in periods.calendar_year(year).days() for span in periods.spans_of(day)}
            expected = {k: c for k, c in cells.tally((1, one) for one in facts).items() if k.span in spans}
            for basis in cells.BASES:
                wanted = dict.fromkeys(cells.PAIRS, spans)
                actual = await ledger.sheets(tx, CITY, wanted=wanted, basis=basis)
                assert actual == {key: counts for key, counts in expected.items() if key.basis == basis}


def run_on_copy(migrated: Path, work: Callable[[Database], Awaitable[None]]) -> None:
    async def prepared() -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(migrated, Path(folder) / "stats.sqlite")
            database = Database(f"sqlite+aiosqlite:///{folder}/stats.sqlite")
            await database.open()
            try:
                await work(database)
            finally:
                await database.close()

    asyncio.run(prepared())
