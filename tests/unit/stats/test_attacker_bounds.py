# SPDX-License-Identifier: EUPL-1.2
"""The attacker at its limits: what its own reader refuses, tables too wide for one cross, and no time to be sure."""

import copy
import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import scipy

from services.stats import attacker_reading, attacker_worlds
from services.stats.attacker import attack
from services.stats.attacker_reading import Unreadable, read
from services.stats.attacker_worlds import Contradiction
from tests.unit.stats.test_attacker import findings
from tests.unit.stats.test_attacker_leaks import one_way

Document = dict[str, Any]
Spoil = Callable[[Document], Any]
GOOD = one_way({"a": 20, "b": 40, "all": 60}, groups={})
SPOILT: dict[str, Spoil] = {
    "a threshold of one": lambda d: d["rules"].update(threshold=1),
    "a width without end": lambda d: d["rules"].update(width=10_000),
    "a date that is a number": lambda d: d["releases"][0].update(as_of=2026),
    "a release without a name": lambda d: d["releases"][0].pop("id"),
    "a total that is a number": lambda d: d["dimensions"]["d"].update(total=7),
    "no atoms": lambda d: d["dimensions"]["d"].update(atoms=[]),
    "more nodes than bearable": lambda d: d["dimensions"]["d"].update(atoms=[f"a{i}" for i in range(6_000)]),
    "a cell of another dimension": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(at={"e": "a"}),
    "a count beyond belief": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=10**12),
    "two tables that contradict each other": lambda d: d["releases"][0]["tables"].append(
        {"id": "u", "dims": ["d"], "cells": [{"at": {"d": n}, "v": v} for n, v in (("a", 21), ("b", 39), ("all", 60))]}
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_given_what_the_attacker_cannot_read_when_read_then_it_says_where(fault: str) -> None:
    document = copy.deepcopy(GOOD)
    SPOILT[fault](document)

    with pytest.raises(Unreadable, match=r"^/"):
        read(document)


def three_tables(xy: int | None, yz: int | None) -> Document:
    """Three one-to-one pairs of dimensions that share margins; one cell of two tables as given."""
    names, nodes = ("x", "y", "z"), ("0", "1")
    counts = {(x, y, z): 10 for x in nodes for y in nodes for z in nodes} | {("0", "0", "0"): 3, ("0", "0", "1"): 0}
    changed = {("x", "0", "y", "0"): xy, ("y", "0", "z", "0"): yz}

    def cells(one: str, other: str) -> list[Document]:
        found = []
        for a in (*nodes, one.upper()):
            for b in (*nodes, other.upper()):
                asked = {one: a, other: b}
                value = sum(
                    number for at, number in counts.items()
                    if all(node in (asked.get(name, name.upper()), name.upper()) or asked.get(name, name.upper())
                           == name.upper() for name, node in zip(names, at, strict=True))
                )  # fmt: skip
                found.append({"at": asked, "v": changed.get((one, a, other, b), value)})
        return found

    return {
        "format": "tabset-1",
        "dimensions": {name: {"total": name.upper(), "atoms": list(nodes), "groups": {}} for name in names},
        "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
        "releases": [{"id": "r1", "as_of": "2026", "tables": [
            {"id": f"{a}{b}", "dims": [a, b], "cells": cells(a, b)} for a, b in (("x", "y"), ("y", "z"))]}],
    }  # fmt: skip


@pytest.mark.parametrize("leaves", [40_000, 4])
def test_given_a_cross_that_is_too_large_when_tables_stand_apart_then_shared_margins_still_bind(
    leaves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attacker_worlds, "MOST_LEAVES", leaves)

    found = [finding.line for finding in findings(three_tables(None, 13))]

    assert found == ["exact: r1: x=0, y=0: is 3"]


def test_given_a_matrix_that_would_not_be_bearable_when_attacked_then_it_is_refused_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attacker_worlds, "MOST_ENTRIES", 3)

    with pytest.raises(Unreadable, match="too large"):
        findings(GOOD)


def test_given_more_cells_than_are_read_when_read_then_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacker_reading, "MOST_CELLS", 2)

    with pytest.raises(Unreadable, match="cells"):
        read(GOOD)


@pytest.mark.parametrize(
    "values",
    [
        {"a": (3, 4), "b": (3, 4), "all": (9, 12)},
        {"a": 0, "b": 0, "all": 5},
        {"a": None, "b": (8, 9), "all": 5},
        {"a": (3, 4), "b": (0, 2), "all": 0},
    ],
)
def test_given_ranges_that_no_counts_fit_when_attacked_then_they_contradict(values: dict[str, Any]) -> None:
    with pytest.raises(Contradiction):
        findings(one_way(values, groups={}))


def test_given_a_clock_that_runs_out_on_the_way_when_attacked_then_the_rest_counts_as_disclosed() -> None:
    document = one_way({"a": None, "b": None, "c": 3, "all": 20}, groups={})
    ticks = iter([0.0] * 3 + [math.inf] * 1_000)

    found = attack(read(document), seconds=5.0, elapsed=lambda: next(ticks))

    assert {finding.kind for finding in found} >= {"undecided"}


def test_given_a_solver_that_gives_up_when_attacked_then_what_it_did_not_settle_counts_as_disclosed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = one_way({"a": None, "b": None, "c": 30, "all": 90}, groups={})
    unfinished = scipy.optimize.OptimizeResult(status=1, x=None, mip_dual_bound=None)

    before = findings(document)
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: unfinished)
    after = findings(document)

    assert before == []
    assert {(one.kind, one.at["d"]) for one in after} == {("undecided", "a"), ("undecided", "b")}


def test_given_three_tables_in_a_closed_chain_when_attacked_then_what_only_all_three_tell_is_found() -> None:
    # Whoever is in x=0 is in z=0 or z=2 and the other way round, so x=0, y=0 holds the 1 and the 3 of those together.
    counts = {
        ("0", "0", "0"): 1, ("0", "0", "2"): 3, ("0", "1", "0"): 20, ("0", "1", "2"): 25, ("1", "0", "1"): 17,
        ("1", "1", "1"): 30,
    }  # fmt: skip
    names, nodes = ("x", "y", "z"), {"x": ("0", "1"), "y": ("0", "1"), "z": ("0", "1", "2")}
    hidden = {("x", "y"): {"0", "1"}, ("y", "z"): {"0", "2"}, ("x", "z"): set[str]()}

    def table(one: str, other: str) -> Document:
        cells = []
        for at in itertools.product((*nodes[one], one.upper()), (*nodes[other], other.upper())):
            asked = dict(zip((one, other), at, strict=True))
            value = sum(
                number for place, number in counts.items()
                if all(asked.get(name, node) in (node, name.upper()) for name, node in zip(names, place, strict=True))
            )  # fmt: skip
            is_hidden = at[0] in nodes[one] and at[1] in hidden[one, other]
            cells.append({"at": asked, "v": None if is_hidden else value})
        return {"id": one + other, "dims": [one, other], "cells": cells}

    def document(*pairs: tuple[str, str]) -> Document:
        return {
            "format": "tabset-1",
            "dimensions": {name: {"total": name.upper(), "atoms": list(nodes[name]), "groups": {}} for name in names},
            "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
            "releases": [{"id": "r1", "as_of": "2026", "tables": [table(*pair) for pair in pairs]}],
        }

    assert findings(document(("x", "y"), ("y", "z"))) == []
    found = [one.line for one in findings(document(("x", "y"), ("y", "z"), ("x", "z")))]
    assert found == ["exact: r1: x=0, y=0: is 4"]
