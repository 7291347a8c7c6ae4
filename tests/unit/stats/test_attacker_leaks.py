# SPDX-License-Identifier: EUPL-1.2
"""Leaks that only show when everything is held together: groups, ranges, several tables, several moments, parity."""

import itertools
import random
from typing import Any

import pytest

from services.stats import attacker_worlds, tabset
from services.stats.catalogues import dimension
from tests.unit.stats.test_attacker import findings

Document = dict[str, Any]
Shown = int | None | tuple[int, int]
"""A number, hidden, or between what it lies."""


def one_way(
    values: dict[str, Shown], *, groups: dict[str, list[str]], zeros: str = "hideable", **more: Any
) -> Document:
    """A set with one one-way table over atoms a, b ..., groups, and the total `all`."""
    atoms = [node for node in values if node not in groups and node != "all"]
    return {
        "format": "tabset-1",
        "dimensions": {"d": {"total": "all", "atoms": atoms, "groups": groups}},
        "rules": {"threshold": 5, "width": 4, "zeros": zeros},
        "releases": [release("r1", "2026-01-01", values)],
        **more,
    }


def release(name: str, as_of: str, values: dict[str, Shown]) -> Document:
    return {"id": name, "as_of": as_of, "tables": [{"id": "t", "dims": ["d"], "cells": cells(values)}]}


def cells(values: dict[str, Shown]) -> list[Document]:
    return [
        {"at": {"d": node}, "v": None, "lo": shown[0], "hi": shown[1]}
        if isinstance(shown, tuple)
        else {"at": {"d": node}, "v": shown}
        for node, shown in values.items()
    ]


def told(document: Document) -> dict[tuple[str, str], tuple[str, int, int]]:
    """Per release and node: what kind of leak, and between what the number lies."""
    return {(f.release, f.at.get("d", "all")): (f.kind, f.low, f.high) for f in findings(document)}


def test_given_groups_that_overlap_when_their_sums_cross_then_the_shared_member_follows() -> None:
    pair, other = {"P": ["a", "b"], "Q": ["b", "c"]}, {"P": ["a", "b"], "R": ["c", "d"]}
    leaky = one_way({"a": None, "b": None, "c": None, "P": 22, "Q": 33, "all": 52}, groups=pair)
    clean = one_way({"a": None, "b": None, "c": None, "d": None, "P": 22, "R": 33, "all": 55}, groups=other)

    assert told(leaky)["r1", "b"] == ("exact", 3, 3)
    assert told(clean) == {}


def test_given_groups_within_groups_when_the_outer_less_the_inner_is_small_then_it_follows() -> None:
    nested = {"inner": ["a", "b"], "outer": ["inner", "c"]}

    leaky = one_way({"a": 20, "b": 30, "c": None, "d": None, "inner": 50, "outer": 52, "all": 90}, groups=nested)

    assert told(leaky)["r1", "c"] == ("exact", 2, 2)


def test_given_sums_of_two_that_leave_halves_when_counts_are_whole_then_the_range_is_narrower_than_it_looks() -> None:
    # a + b = 8 and a + c = 9, so a = (17 - (b + c)) / 2: from 0.5 to 4.5 with fractions, from 1 to 4 in whole numbers.
    values: dict[str, Shown] = {
        "a": None, "b": None, "c": None, "d": None, "P": 8, "Q": 9, "R": (8, 16), "all": 60,
    }  # fmt: skip

    leaky = one_way(values, groups={"P": ["a", "b"], "Q": ["a", "c"], "R": ["b", "c"]})

    assert told(leaky)["r1", "a"] == ("narrow", 1, 4)


@pytest.mark.parametrize(("a", "b", "narrow"), [((1, 11), (1, 11), True), ((1, 11), (10, 20), False)])
def test_given_noisy_figures_when_their_ranges_meet_then_what_they_leave_together_counts(
    a: tuple[int, int], b: tuple[int, int], narrow: bool
) -> None:
    # The total lies between 3 and 5: with b at 1 at least, a lies between 1 and 4.
    total = (3, 5) if narrow else (11, 21)

    found = told(one_way({"a": a, "b": b, "all": total}, groups={}))

    assert (found.get(("r1", "a")) == ("narrow", 1, 4)) is narrow
    assert bool(found) is narrow


@pytest.mark.parametrize(("zeros", "leaks"), [("public", True), ("hideable", False)])
def test_given_a_small_sum_of_hidden_cells_when_zeros_are_shown_then_each_holds_one_at_least(
    zeros: str, leaks: bool
) -> None:
    # Seven over four: each between 0 and 7; when none of them is 0, each between 1 and 4.
    values: dict[str, Shown] = {"a": None, "b": None, "c": None, "d": None, "e": 40, "all": 47}

    assert bool(told(one_way(values, groups={}, zeros=zeros))) is leaks


def test_given_a_count_that_is_a_small_number_in_the_print_when_attacked_then_it_is_shown() -> None:
    leaky = one_way({"a": 3, "b": 40, "all": 43}, groups={})

    assert told(leaky) == {("r1", "a"): ("shown", 3, 3)}
    assert findings(leaky)[0].line == "shown: r1: d=a: is 3"


def test_given_three_releases_that_accumulate_when_first_and_last_differ_by_little_then_it_is_found() -> None:
    values: dict[str, Shown] = {"a": 20, "b": 40, "all": 60}
    series = one_way(values, groups={}, accumulates=True)
    series["releases"] += [
        release("r2", "2026-02-01", {"a": None, "b": None, "all": 90}),
        release("r3", "2026-03-01", {"a": 23, "b": 97, "all": 120}),
    ]

    lines = [finding.line for finding in findings(series)]

    assert "increment: r3: d=a, added since r1: is 3" in lines


def test_given_releases_out_of_order_when_dated_then_the_date_decides() -> None:
    series = one_way({"a": 23, "b": 97, "all": 120}, groups={}, accumulates=True)
    series["releases"].append(release("r0", "2025-12-01", {"a": 20, "b": 40, "all": 60}))

    assert [f.line for f in findings(series)] == ["increment: r1: d=a, added since r0: is 3"]


def test_given_a_later_print_of_what_was_hidden_when_it_accumulates_then_the_earlier_count_is_bounded_by_it() -> None:
    series = one_way({"a": None, "b": None, "c": 40, "all": 80}, groups={}, accumulates=True)
    later = release("r2", "2026-02-01", {"a": 38, "b": 9, "c": 60, "all": 107})
    series["releases"].append(later)

    # b had at most 9 and a at most 38 of the first 40: so b had at least 2, a at least 31.
    assert told(series) == {}
    later["tables"][0]["cells"][0]["v"], later["tables"][0]["cells"][1]["v"] = 39, 4
    later["tables"][0]["cells"][3]["v"] = 103
    assert told(series)["r1", "b"] == ("narrow", 1, 4)


def test_given_two_tables_of_one_release_when_they_share_a_margin_then_one_gives_the_other_away() -> None:
    document: Document = {
        "format": "tabset-1",
        "dimensions": {n: {"total": n.upper(), "atoms": [f"{n}0", f"{n}1"], "groups": {}} for n in ("x", "y", "z")},
        "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
        "releases": [{"id": "r1", "as_of": "2026", "tables": [
            {"id": "xy", "dims": ["x", "y"], "cells": [
                {"at": {"x": x, "y": y}, "v": v} for x, y, v in (
                    ("x0", "y0", 10), ("x0", "y1", None), ("x0", "Y", None), ("x1", "y0", 20), ("x1", "y1", None),
                    ("x1", "Y", None), ("X", "y0", 30), ("X", "y1", 30), ("X", "Y", 60))]},
            {"id": "xz", "dims": ["x", "z"], "cells": [
                {"at": {"x": x, "z": z}, "v": v} for x, z, v in (
                    ("x0", "z0", 6), ("x0", "z1", 7), ("x0", "Z", None), ("x1", "z0", 20), ("x1", "z1", 27),
                    ("x1", "Z", None), ("X", "z0", 26), ("X", "z1", 34), ("X", "Z", 60))]},
        ]}],
    }  # fmt: skip

    lines = [finding.line for finding in findings(document)]

    assert lines == ["exact: r1: x=x0, y=y1: is 3"]
    del document["releases"][0]["tables"][1]
    assert findings(document) == []


def test_given_releases_of_one_date_when_they_agree_then_they_are_held_side_by_side() -> None:
    leaky = one_way({"a": None, "b": 20, "c": None, "all": 60}, groups={})
    leaky["releases"].append(release("r1b", "2026-01-01", {"a": None, "b": 20, "c": 37, "all": 60}))

    assert told(leaky)["r1", "a"] == ("exact", 3, 3)


def chained(seed: int) -> Document:
    """Two tables that share the margin of x, of a few invented cases, the small counts and some others hidden."""
    dice = random.Random(seed)
    nodes = {name: [f"{name}0", f"{name}1", f"{name}2", name.upper()] for name in ("x", "y", "z")}
    cases = [
        (dice.choice(nodes["x"][:3]), dice.choice("012"), dice.choice("0012")) for _ in range(dice.randint(20, 60))
    ]
    tables = []
    for index, other in ((1, "y"), (2, "z")):
        shown = []
        for x, node in itertools.product(nodes["x"], nodes[other]):
            count = sum(x in ("X", c[0]) and node in (other.upper(), other + c[index]) for c in cases)
            hidden = 0 < count < 5 or dice.random() < 0.2
            shown.append({"at": {"x": x, other: node}, "v": None if hidden else count})
        tables.append({"id": f"x{other}", "dims": ["x", other], "cells": shown})
    return {
        "format": "tabset-1",
        "dimensions": {name: {"total": all_of[3], "atoms": all_of[:3], "groups": {}} for name, all_of in nodes.items()},
        "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
        "releases": [{"id": "r1", "as_of": "2026", "tables": tables}],
    }


@pytest.mark.parametrize("seed", range(12))
def test_given_tables_that_fall_apart_when_read_as_one_cross_then_the_same_follows(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = told(chained(seed))

    monkeypatch.setattr(attacker_worlds, "_falls_apart", lambda _: False)

    assert told(chained(seed)) == apart


def test_given_tables_with_leaks_when_any_are_found_then_they_were_not_all_clean() -> None:
    assert any(told(chained(seed)) for seed in range(12))


def test_given_a_leak_when_it_stands_under_one_node_of_a_dimension_nobody_prints_then_it_is_found_there() -> None:
    leaky = one_way({"a": 3, "b": None, "c": 20, "all": None}, groups={})
    counts = dimension("count", ["first", "second"])
    held = tabset.parse(leaky)

    wider = tabset.render(
        tabset.TabSet(
            {"count": counts, **held.dimensions}, held.rules, (tabset.beside(held.releases[0], counts, "first"),)
        )
    )

    assert [finding.line for finding in findings(wider)] == ["shown: r1: count=first, d=a: is 3"]
