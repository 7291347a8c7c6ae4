# SPDX-License-Identifier: EUPL-1.2
"""What suppression promises, held against every world of tiny tables and against the attacker on larger ones."""

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import tabset
from services.stats.attacker import attack
from services.stats.attacker_reading import read
from services.stats.suppression import CannotProtect, Suppression, suppress
from services.stats.suppression_model import Budget, System, system_of
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
