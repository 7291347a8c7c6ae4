# SPDX-License-Identifier: EUPL-1.2
"""Tables that cannot be protected are left out, in print and as open figures; the rest comes out."""

from dataclasses import replace
from typing import Any

import pytest

from services.stats import attacker, cell_key, publishing, release_figures
from services.stats.catalogues import TOTAL, dimensions_of
from services.stats.figures import Question
from services.stats.joint import Protected, fewer, protect_count
from services.stats.releases import FrozenCount, PrintedCount, closed_period_of, proposals
from services.stats.segments import Bound, Earlier
from tests.unit.stats import releases_made
from tests.unit.stats.builders import CITY
from tests.unit.stats.test_joint import CATALOGUE, COUNT, ORDER, UNHURRIED, cases, findings, frozen

MOST_APART = 6  # a figure above it means more than 1, and a row that shows 0 holds 5 at most
STEP = 2**20
WIDE = ("terrein", "aard")
TABLES = replace(COUNT, tables=(("terrein",), ("aard",), WIDE), dominance=None)


def told_closely() -> FrozenCount:
    """Cases of which the open figures alone bound a count of 3 closely: it shows as 7 or more, its row of 4 as 0."""
    of_three = next(k for k in range(0, cell_key.KEYS, STEP) if cell_key.perturb(3, k) > MOST_APART)
    of_four = next(k for k in range(0, cell_key.KEYS, STEP) if cell_key.perturb(4, k) == 0)
    whole = frozen(cases([[3, 1, 0], [30, 25, 40], [20, 35, 15]]))
    keys = {"case-0": of_three, "case-1": 0, "case-2": 0, "case-3": (of_four - of_three) % cell_key.KEYS}
    return replace(whole, members=tuple(m._replace(record_key=keys.get(m.digest, m.record_key)) for m in whole.members))


@pytest.mark.parametrize(("is_open", "dropped"), [(True, (WIDE,)), (False, ())])
def test_given_open_figures_that_already_tell_much_when_protected_then_only_what_they_break_is_left_out(
    dropped: tuple[tuple[str, ...], ...], *, is_open: bool
) -> None:
    some = told_closely()

    held = protect_count(replace(bound(some), is_open=is_open), UNHURRIED, as_of="2026-12-31")

    assert held.printed.dropped == dropped
    assert held.printed.cells[TOTAL, TOTAL] == len(some.members)
    assert any(held.printed.cells[terrain, TOTAL] is not None for terrain in ORDER["terrein"])
    assert findings(held) == []
    inner = [c for one in held.publications for t in one.tables for c in t.cells if TOTAL not in dict(c.at).values()]
    hidden = [cell.number is None for cell in inner if len(cell.at) == len(WIDE)]
    assert all(hidden) is is_open
    assert not any(cell.low for cell in inner if len(cell.at) == len(WIDE))  # no open figures of what is left out


@pytest.mark.parametrize(("dropped", "left"), [((), True), ((("grond",), ("grond", "terrein")), False)])
def test_given_a_dropped_table_when_open_figures_are_asked_then_there_are_none_of_it(
    dropped: tuple[tuple[str, ...], ...], *, left: bool
) -> None:
    count = replace(releases_made.printed("wga"), dropped=dropped)
    made = releases_made.release("2026-K2", {"wga": count})
    question = Question(
        ("grond",), closed_period_of("2026-K2"), "registered", ("klacht", "melding"), None, CITY, with_mass=True
    )

    answer = release_figures.from_releases(
        question, [made], catalogue=releases_made.CATALOGUE, method="celsleutel"
    )  # fmt: skip

    assert answer is not None
    assert (answer.total is not None) is left


def bound(some: FrozenCount) -> Bound:
    return Bound(TABLES, CATALOGUE, dimensions_of(TABLES, ORDER), some, (), frozenset({frozenset({0})}))


def test_given_a_total_that_tells_one_case_when_a_table_is_left_out_then_nothing_comes_out() -> None:
    first, more = (
        frozen(cases([[30, 20, 40]] * 3)),
        frozen([*cases([[30, 20, 40]] * 3), (999, "onderwijs", "een", "s")]),
    )
    before = protect_count(bound(first), UNHURRIED, as_of="2026-09-30", dropped=(WIDE,))
    after = replace(
        bound(more), earlier=(Earlier("r0", first, before.printed),),
        expected=frozenset({frozenset({0, 1}), frozenset({1})}),
    )  # fmt: skip

    held = protect_count(after, UNHURRIED, as_of="2026-12-31", dropped=(WIDE,))

    assert before.printed.cells[TOTAL, TOTAL] == len(first.members)
    assert held.printed.withheld
    assert held.publications == ()


def unbroken(monkeypatch: pytest.MonkeyPatch, breaks: Any) -> Protected:
    """What comes out of large cells when the attacker says that `breaks` is so of what it is given."""
    found = attacker.Finding("exact", "count", {}, 1, 1)
    monkeypatch.setattr(attacker, "attack", lambda reading, **_: [found] if breaks(reading) else [])
    return publishing._unbroken(bound(frozen(cases([[30, 20, 40]] * 3))), as_of="2026-12-31", now=lambda: 0.0)


def test_given_a_table_that_the_attacker_breaks_when_made_then_that_table_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = unbroken(monkeypatch, lambda reading: all(
        low == high for place, (low, high) in reading.snapshots[0].bounds.items() if TOTAL not in place
    ))  # fmt: skip

    assert held.printed.dropped == (WIDE,)
    assert held.printed.cells["onderwijs", TOTAL] == 90


def test_given_an_attacker_that_breaks_all_when_made_then_nothing_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    held = unbroken(monkeypatch, lambda _: True)

    assert held.printed.withheld
    assert not any(held.printed.cells.values())
    assert held.publications == ()


def test_given_groups_of_tables_when_they_are_left_out_then_the_widest_go_first() -> None:
    assert list(fewer(TABLES.tables)) == [(WIDE,), TABLES.tables]
    assert list(fewer((WIDE,))) == [(WIDE,)]


def test_given_a_count_with_a_dropped_table_when_asked_then_its_other_margins_are_not_dropped() -> None:
    count = PrintedCount(WIDE, TABLES.tables, {}, dropped=(WIDE,))

    assert count.has_dropped(WIDE)
    assert not count.has_dropped(("aard",))
    assert not count.has_dropped(())
    assert replace(count, dropped=TABLES.tables).has_dropped(("aard",))
    assert not replace(count, dropped=()).has_dropped(WIDE)


WIDE_ADVICE = "Laat de tabel grond × terrein weg, of voeg codes samen in het tabellenboek."


@pytest.mark.parametrize(
    ("period", "advice"),
    [
        ("2026-K1", "Kies een langere periode: het halfjaar 2026-H1 of het jaar 2026."),
        ("2026-K3", "Kies een langere periode: het halfjaar 2026-H2 of het jaar 2026."),
        ("2026-H2", "Kies een langere periode: het jaar 2026."),
        ("2026", None),
    ],
)
def test_given_a_release_that_hides_most_when_looked_at_then_what_would_show_more(
    period: str, advice: str | None
) -> None:
    count = releases_made.withheld("wga")
    narrow = replace(count, tables=(("grond",),))

    assert proposals(releases_made.release(period, {"wga": count, "signaal": count})) == [WIDE_ADVICE] + (
        [advice] if advice else []
    )
    assert proposals(releases_made.release(period, {"wga": narrow})) == ([advice] if advice else [])


@pytest.mark.parametrize(("hidden", "advised"), [(2, False), (3, True)])
def test_given_a_release_when_half_of_it_is_hidden_then_that_is_not_yet_most(hidden: int, *, advised: bool) -> None:
    cells: dict[tuple[str, ...], int | None] = {(str(number),): None if number < hidden else 9 for number in range(4)}
    count = PrintedCount(("grond",), (("grond",),), cells)

    assert bool(proposals(releases_made.release("2026-K3", {"wga": count}))) is advised
