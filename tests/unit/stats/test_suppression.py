# SPDX-License-Identifier: EUPL-1.2
"""What suppression promises, held against every world of tiny tables and against the attacker on larger ones."""

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import suppression, suppression_audit, suppression_reader, suppression_search, tabset
from services.stats.attacker import attack
from services.stats.attacker_reading import read
from services.stats.suppression import CannotProtect, Suppression, suppress
from services.stats.suppression_audit import Audit, Verdict
from services.stats.suppression_cuts import Pool
from services.stats.suppression_master import Master
from services.stats.suppression_model import Budget, System, system_of
from services.stats.suppression_reader import Reader
from services.stats.suppression_search import Search, improve_piece
from services.stats.tables import Instance, parse_instance
from tests.unit.stats.every_world import crosses_with_total, intervals, tiny
from tests.unit.stats.random_tables import instance

UNHURRIED = Budget(1e9, lambda: 0.0)
SHAPES = [(2, 2), (2, 3), (3, 3), (2, 2, 2)]


def protected(document: dict[str, Any], **marks: Any) -> tuple[Instance, System, Suppression]:
    parsed = parse_instance(document)
    system = system_of(parsed, **marks)
    return parsed, system, suppress(system, UNHURRIED)


def attacked(parsed: Instance, found: Suppression) -> list[str]:
    printed = json.loads(json.dumps(tabset.render(tabset.of_instance(parsed, found.hidden))))
    return [finding.line for finding in attack(read(printed), seconds=1e9, elapsed=lambda: 0.0)]


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    shape=st.sampled_from(SHAPES),
    reports=st.integers(8, 12),
    zeros=st.sampled_from(["public", "hideable"]),
    grouped=st.booleans(),
)
def test_given_a_tiny_table_when_protected_then_every_sensitive_cell_is_wide_over_all_worlds(
    seed: int, shape: tuple[int, ...], reports: int, zeros: str, grouped: bool
) -> None:
    document = tiny(seed, shape, reports, zeros=zeros, grouped=grouped and shape[0] > 2)

    try:
        parsed, system, found = protected(document)
    except CannotProtect:
        parsed = parse_instance(document)
        system = system_of(parsed)
        everything = ~system.shown
        low, high = intervals(parsed, everything, crosses_with_total(parsed))
        assert ((high - low)[system.sensitive] < 4).any()
        return

    low, high = intervals(parsed, found.hidden, crosses_with_total(parsed))
    assert ((high - low)[system.sensitive] >= 4).all()
    assert found.hidden[system.sensitive].all()
    assert not found.hidden[-1]
    if zeros == "public":
        assert not found.hidden[system.value == 0].any()


@pytest.mark.parametrize("seed", range(6))
def test_given_a_tiny_table_when_protected_then_no_cheaper_pattern_protects(seed: int) -> None:
    document = tiny(seed, (2, 3), 13, zeros="hideable")
    parsed, system, found = protected(document)
    crosses = crosses_with_total(parsed)

    cheapest = min(
        system.cost_of(pattern)
        for pattern in _patterns(system)
        if system.cost_of(pattern) <= found.cost and _protects(parsed, system, pattern, crosses)
    )

    assert found.proven
    assert found.cost == cheapest


def _patterns(system: System) -> Any:
    for size in range(len(system.free) + 1):
        for more in combinations(system.free, size):
            pattern = system.hidden.copy()
            pattern[list(more)] = True
            yield pattern


def _protects(parsed: Instance, system: System, pattern: Any, crosses: Any) -> bool:
    low, high = intervals(parsed, pattern, crosses)
    return bool(((high - low)[system.sensitive] >= 4).all())


@pytest.mark.parametrize(("kind", "seed"), [("2d", 0), ("2d", 5), ("2dh", 0), ("2dh", 6), ("3d", 1), ("3d", 7)])
def test_given_a_random_table_when_protected_then_the_attacker_finds_nothing(kind: str, seed: int) -> None:
    parsed, system, found = protected(instance(kind, seed))

    assert attacked(parsed, found) == []
    assert found.proven
    assert found.cost == system.cost_of(found.hidden)


def test_given_the_same_table_when_protected_twice_then_the_pattern_is_the_same() -> None:
    document = instance("3d", 6)

    _, _, one = protected(document)
    _, _, other = protected(document)

    assert (one.hidden == other.hidden).all()


@pytest.mark.parametrize("kind", ["2d", "2dh", "3d", "3dh"])
def test_given_no_time_at_all_when_protected_then_the_answer_is_dear_but_safe(kind: str) -> None:
    parsed = parse_instance(instance(kind, 3, reports=300))

    found = suppress(system_of(parsed), Budget(0.0, lambda: 1.0))

    assert not found.proven
    assert attacked(parsed, found) == []


def test_given_a_program_that_gives_up_when_protected_then_safe_and_not_called_the_cheapest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suppression, "MANY_NODES", 0)

    parsed, _, found = protected(instance("3d", 1))

    assert attacked(parsed, found) == []
    assert not found.proven
    assert found.bound < found.cost


class Stopping:
    """A clock that stands still for some looks at it, and then says that all time is gone."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def __call__(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 2e9


@pytest.mark.parametrize("looks", range(1, 169, 6))
def test_given_time_that_runs_out_anywhere_when_protected_then_the_answer_is_safe(looks: int) -> None:
    parsed = parse_instance(instance("2d", 3, reports=300))
    system = system_of(parsed)

    found = suppress(system, Budget(1e9, Stopping(looks)))

    assert attacked(parsed, found) == []
    assert found.hidden[system.sensitive].all()
    assert found.bound <= found.cost


def test_given_a_large_count_from_one_partner_when_marked_then_it_is_hidden_and_wide() -> None:
    document = instance("2d", 2, reports=4_000)
    large = int(np.argmax(system_of(parse_instance(document)).value[:-1]))

    parsed, system, found = protected(document, sensitive=[large])

    printed = tabset.render(tabset.of_instance(parsed, found.hidden))
    assert printed["releases"][0]["tables"][0]["cells"][large]["v"] is None
    assert system.needs[large] == 4
    assert _protected_alone(system, found, large)


def _protected_alone(system: System, found: Suppression, cell: int) -> bool:
    """A marked cell shares every sum it stands in with another hidden cell."""
    lines = [(parent, *parts) for parent, parts in system.lines if cell in (parent, *parts)]
    return all(sum(bool(found.hidden[one]) for one in line) >= 2 for line in lines)


def test_given_too_few_reports_when_protected_then_it_says_that_nothing_protects() -> None:
    with pytest.raises(CannotProtect):
        protected(tiny(1, (2, 2), 4, zeros="hideable"))


def test_given_no_reports_when_protected_then_nothing_is_hidden() -> None:
    _, _, found = protected(tiny(1, (2, 2), 0, zeros="hideable"))

    assert found.cost == 0
    assert not found.hidden.any()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shape=st.sampled_from([*SHAPES, (1, 3), (3, 1)]),
    reports=st.integers(0, 9),
    zeros=st.sampled_from(["public", "hideable"]),
)
def test_given_a_tiny_table_when_it_is_assured_without_looking_then_all_worlds_say_the_same(
    seed: int, shape: tuple[int, ...], reports: int, zeros: str
) -> None:
    parsed = parse_instance(tiny(seed, shape, reports, zeros=zeros, grouped=shape[0] > 2))
    system = system_of(parsed)

    low, high = intervals(parsed, ~system.shown, crosses_with_total(parsed))

    wide = bool(((high - low)[system.sensitive] >= 4).all())
    assert system.assured is wide or not system.sensitive.size


def by_hand(copies: int, room: tuple[int, int, int, int], needed: int, *, helper: bool) -> System:
    """Counts that whole numbers hold tighter than fractions do; a helper, when hidden, lets each of them loose.

    A copy is: `one`, which needs width; `other`; their sum `both`; and, when it helps, `extra`. Shape of `room`: how
    far `one` and `both` may go down and up, as a reader knows. `needed`: which of the two needs the width.
    """
    low, high = [-20, -20, -20, -20, 0, 0], [20, 20, 20, 20, 0, 0]
    low[0], high[0], low[2], high[2] = -room[0], room[1], -room[2], room[3]
    lines: list[tuple[int, tuple[int, ...]]] = []
    for start in range(0, 6 * copies, 6):
        one, other, both, extra, parent, part = range(start, start + 6)
        lines += [(other, (one,)), (both, (one, other, extra)), (parent, (part,))]
    size = 6 * copies
    hidden, needs = np.zeros(6, dtype=np.bool_), np.zeros(6, dtype=np.int64)
    hidden[:3], needs[needed] = True, 4
    shown = np.array([False, False, False, not helper, False, False])
    value = np.full(size, 100)
    return System(
        value, value + np.tile(low, copies), value + np.tile(high, copies), np.full(size, 3), np.tile(needs, copies),
        np.tile(hidden, copies), np.tile(shown, copies), tuple(lines),
    )  # fmt: skip


HALVES = ((20, 20, 5, 3), 0)
"""Fractions let `one` go from -2.5 to 1.5, which is 4 wide; whole numbers from -2 to 1."""
TWINS = ((20, 20, 1, 3), 2)
"""Fractions let `both` go from -1 to 3; whole numbers only to 0 and 2, for it is twice `one`."""


@pytest.mark.parametrize("lifts", [0, suppression_audit.LIFTS])
@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize(("room", "needed"), [HALVES, TWINS], ids=["halves", "twins"])
def test_given_a_count_that_only_fractions_leave_wide_when_protected_then_what_frees_it_is_hidden_and_no_more(
    room: tuple[int, int, int, int], needed: int, copies: int, lifts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppression_audit, "LIFTS", lifts)
    system = by_hand(copies, room, needed, helper=True)

    found = suppress(system, UNHURRIED)

    assert np.flatnonzero(found.hidden & ~system.hidden).tolist() == [3 + 6 * copy for copy in range(copies)]
    assert found.proven


@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize(("room", "needed"), [HALVES, TWINS], ids=["halves", "twins"])
def test_given_a_count_that_only_fractions_leave_wide_when_nothing_frees_it_then_nothing_protects(
    room: tuple[int, int, int, int], needed: int, copies: int
) -> None:
    with pytest.raises(CannotProtect):
        suppress(by_hand(copies, room, needed, helper=False), UNHURRIED)


def test_given_a_whole_number_program_that_gives_up_when_looked_at_then_what_it_did_not_show_wide_is_narrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = by_hand(1, (20, 20, 3, 3), 2, helper=False)
    reader, made = Reader(system), suppression_reader.quiet_solver

    def verdict() -> Verdict:
        return Audit(system, reader, Pool(system), UNHURRIED).look(system.hidden)

    def without_time() -> Any:
        solver = made()
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("time_limit", 0.0)
        return solver

    assert verdict().protected
    monkeypatch.setattr(suppression_reader, "quiet_solver", without_time)
    assert verdict() == Verdict((), (2,))


@pytest.mark.parametrize(("rounds", "better"), [(1, False), (2, True)])
def test_given_a_cheaper_piece_that_only_fractions_leave_wide_when_tried_then_it_is_cut_off_and_not_taken(
    rounds: int, monkeypatch: pytest.MonkeyPatch, *, better: bool
) -> None:
    monkeypatch.setattr(suppression_search, "PIECE_ROUNDS", rounds)
    room, needed = HALVES
    system = by_hand(1, room, needed, helper=True)
    reader, pool, everything = Reader(system), Pool(system), ~system.shown
    audit, master = Audit(system, reader, pool, UNHURRIED), Master(system, pool)
    search = Search(system, pool, reader, audit, master, everything)

    assert improve_piece(search, everything, UNHURRIED) is better
    assert np.flatnonzero(search.best).tolist() == ([0, 1, 2, 3] if better else [0, 1, 2, 3, 4, 5])


def test_given_no_time_when_a_pattern_is_looked_at_then_it_counts_as_narrow_unless_the_look_goes_on_to_the_end() -> (
    None
):
    system = system_of(parse_instance(instance("2d", 3, reports=300)))
    audit = Audit(system, Reader(system), Pool(system), Budget(0.0, lambda: 1.0))

    hurried = audit.look(~system.shown)

    assert hurried.narrow == (int(system.sensitive[0]),)
    assert audit.look(~system.shown, to_the_end=True).protected


def company_of(value: int, down: int, up: int, budget: Budget) -> bool:
    """Whether a cell that is hidden for another's sake, and moves this far, is found to be known too closely."""
    values = np.array([value, 50, value + 50])
    hidden, shown = np.array([True, True, False]), np.array([False, False, True])
    zeros = np.zeros(3, dtype=np.int64)
    system = System(
        values, values - np.array([down, 40, 0]), values + np.array([up, 40, 0]), zeros + 1, zeros, hidden, shown,
        ((2, (0, 1)),),
    )  # fmt: skip
    found = suppression.narrow_company(system, hidden, budget, among=hidden, threshold=5, width=4)
    assert not found[1:].any()
    return bool(found[0])


@pytest.mark.parametrize(
    ("value", "down", "up", "found"),
    [
        (5, 1, 2, True), (5, 3, 0, True), (6, 1, 2, False),  # 4 is small, 5 is not
        (5, 2, 2, False), (5, 0, 4, False), (5, 4, 0, False),  # as wide as promised
        (0, 0, 1, True), (0, 0, 0, False),  # a certain zero tells of nobody
    ],
)  # fmt: skip
def test_given_a_cell_hidden_for_another_when_it_could_be_small_and_is_narrow_then_it_is_found(
    value: int, down: int, up: int, *, found: bool
) -> None:
    assert company_of(value, down, up, UNHURRIED) is found


def test_given_no_time_when_company_is_looked_at_then_nothing_is_said_of_it() -> None:
    assert not company_of(5, 1, 2, Budget(0.0, lambda: 1.0))
