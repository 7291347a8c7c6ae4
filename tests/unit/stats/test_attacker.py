# SPDX-License-Identifier: EUPL-1.2
"""The attacker finds every kind of planted leak, and passes what is clean."""

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import cell_key, publishing, tabset
from services.stats.attacker import Finding, attack
from services.stats.attacker_reading import Unreadable, read
from services.stats.attacker_worlds import Contradiction
from services.stats.tables import full_cross, parse_instance
from shared.errors import Rejected
from tests.unit.stats.every_world import crosses_with_total, intervals, tiny

Document = dict[str, Any]
A, B = ["a0", "a1", "a2"], ["b0", "b1", "b2"]
TRUTH = [[3, 20, 7], [9, 8, 12], [6, 15, 2]]
SQUARE = {("a0", "b0"), ("a0", "b2"), ("a2", "b0"), ("a2", "b2")}
RING = {("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b2"), ("a2", "b1"), ("a2", "b2")}


def findings(document: Document, *, seconds: float = 1e9) -> list[Finding]:
    return attack(read(json.loads(json.dumps(document))), seconds=seconds, elapsed=lambda: 0.0)


def printed(
    truth: list[list[int]], hidden: set[tuple[str, str]] | None = None, *, groups: bool = False
) -> list[Document]:
    """The cells of a 3 x 3 table with its margins."""
    counts = dict(zip([(a, b) for a in A for b in B], [v for row in truth for v in row], strict=True))
    rows: dict[str, list[str]] = {a: [a] for a in A} | ({"G": A[:2]} if groups else {}) | {"A": A}
    columns = {b: [b] for b in B} | {"B": B}
    return [
        {
            "at": {"a": a, "b": b},
            "v": None if (a, b) in (hidden or set()) else sum(counts[x, y] for x in rows[a] for y in columns[b]),
        }
        for a in rows
        for b in columns
    ]


def one_table(cells: list[Document], *, zeros: str = "hideable", groups: bool = False) -> Document:
    return {
        "format": "tabset-1",
        "dimensions": {
            "a": {"total": "A", "atoms": A, "groups": {"G": A[:2]} if groups else {}},
            "b": {"total": "B", "atoms": B, "groups": {}},
        },
        "rules": {"threshold": 5, "width": 4, "zeros": zeros},
        "releases": [{"id": "r1", "as_of": "2026-04-14", "tables": [{"id": "t", "dims": ["a", "b"], "cells": cells}]}],
    }


def with_table(document: Document, dim: str, values: dict[str, int | None]) -> Document:
    """The set with a one-way table more."""
    cells = [{"at": {dim: node}, "v": value} for node, value in values.items()]
    document["releases"][0]["tables"].append({"id": f"by-{dim}", "dims": [dim], "cells": cells})
    return document


def with_release(document: Document, cells: list[Document], *, accumulates: bool = True) -> Document:
    """The set with a later release."""
    later = copy.deepcopy(document["releases"][0])
    later.update(id="r2", as_of="2026-07-14")
    later["tables"][0]["cells"] = cells
    document["releases"].append(later)
    return {**document, "accumulates": accumulates}


def grown(by: int) -> list[list[int]]:
    """The same table a quarter later: one cell has grown, the others by far more than the threshold."""
    later = [[value + 10 for value in row] for row in TRUTH]
    later[1][1] = TRUTH[1][1] + by
    return later


ALL_BUT_TOTAL = {(a, b) for a in [*A, "A"] for b in [*B, "B"]} - {("A", "B")}
LEAKS: dict[str, Callable[[], Document]] = {
    "a small count is shown": lambda: one_table(printed(TRUTH)),
    "alone in its row and column": lambda: one_table(printed(TRUTH, {("a0", "b0"), ("a2", "b2")})),
    "a small margin": lambda: one_table(printed([[1, 1, 1], [9, 8, 12], [6, 15, 9]], {("a0", b) for b in B})),
    "two that add up to a small count": lambda: one_table(
        printed([[1, 2, 30], [40, 50, 60], [70, 80, 90]], {("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")})
    ),
    "a known zero narrows its company": lambda: one_table(
        printed([[1, 4, 30], [4, 1, 60], [70, 80, 90]], {("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")}),
        zeros="public",
    ),
    "a group gives its only hidden member away": lambda: one_table(
        printed(TRUTH, {("a0", "b0"), ("a2", "b0"), ("a0", "b2"), ("a2", "b2")}, groups=True), groups=True
    ),
    "another table shows what this one hides": lambda: with_table(
        one_table(
            printed(
                TRUTH,
                {
                    ("a0", "b0"),
                    ("a0", "B"),
                    ("A", "b0"),
                    ("A", "B"),
                    ("a2", "b2"),
                    ("a2", "b1"),
                    ("a1", "b2"),
                    ("a1", "b1"),
                },
            )
        ),
        "a",
        {"a0": 30, "a1": 29, "a2": 23, "A": 82},
    ),
    "a range that is too narrow": lambda: one_table(
        [{**c, "lo": 2, "hi": 4} if c["at"] == {"a": "a0", "b": "b0"} else c for c in printed(TRUTH, RING)]
    ),
    "a small increment": lambda: with_release(
        one_table(printed(TRUTH, RING)), printed(grown(3), RING | {("a1", "b0"), ("a1", "b2")})
    ),
    "an increment by subtraction": lambda: with_release(
        one_table(printed(TRUTH, SQUARE)), printed(grown(3), SQUARE | {("a1", "b1")})
    ),
    "a later margin narrows an earlier cell": lambda: with_release(
        one_table(printed(TRUTH, ALL_BUT_TOTAL)), printed([[3, 20, 7], [9, 8, 12], [6, 15, 8]], {("a0", "b0")})
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_given_a_planted_leak_when_attacked_then_it_is_found(leak: str) -> None:
    assert findings(LEAKS[leak]())


@pytest.mark.parametrize(("more", "kinds"), [(3, {"increment"}), (10, set())])
def test_given_a_later_release_with_fewer_tables_when_attacked_then_what_both_print_is_compared(
    more: int, kinds: set[str]
) -> None:
    rows = {a: sum(row) + 10 for a, row in zip(A, TRUTH, strict=True)} | {"a1": sum(TRUTH[1]) + more}
    document = with_release(one_table(printed(TRUTH, RING)), [])
    document["releases"][1]["tables"] = []
    later = with_table({"releases": document["releases"][1:]}, "a", {**rows, "A": sum(rows.values())})

    assert {
        finding.kind for finding in findings(document | {"releases": [document["releases"][0], *later["releases"]]})
    } == kinds


@pytest.mark.parametrize(("total", "kinds"), [(3, ["shown"]), (5, [])])
def test_given_a_total_and_nothing_else_when_attacked_then_a_small_one_is_found(total: int, kinds: list[str]) -> None:
    document = one_table([])
    document["releases"][0]["tables"] = [{"id": "t", "dims": [], "cells": [{"at": {}, "v": total}]}]

    assert [finding.kind for finding in findings(document)] == kinds


@pytest.mark.parametrize("zeros", ["public", "hideable"])
def test_given_a_ring_of_hidden_cells_when_attacked_then_it_is_clean(zeros: str) -> None:
    assert findings(one_table(printed(TRUTH, SQUARE), zeros=zeros)) == []


def test_given_a_ring_that_known_zeros_narrow_when_attacked_then_the_policy_decides() -> None:
    assert findings(one_table(printed(TRUTH, RING), zeros="hideable")) == []
    assert findings(one_table(printed(TRUTH, RING), zeros="public"))


def test_given_independent_quarters_when_attacked_then_their_difference_is_no_leak() -> None:
    quarters = with_release(one_table(printed(TRUTH, RING)), printed(grown(3), RING), accumulates=False)

    assert findings(quarters) == []


def test_given_large_increments_when_attacked_then_it_is_clean() -> None:
    assert findings(with_release(one_table(printed(TRUTH, RING)), printed(grown(10), RING))) == []


def test_given_an_open_table_with_noise_when_attacked_then_it_is_clean() -> None:
    random = np.random.default_rng(8)
    cells = []
    for cell in printed([[0, 1, 2], [3, 4, 5], [6, 30, 4]]):
        shown = cell_key.perturb(cell["v"], int(random.integers(cell_key.KEYS)))
        low, high = cell_key.bounds(shown)
        cells.append({"at": cell["at"], "v": shown, "lo": low, "hi": high})

    assert findings(one_table(cells)) == []


def test_given_no_time_when_attacked_then_what_is_undecided_counts_as_disclosed() -> None:
    document = one_table(printed(TRUTH, RING))

    undecided = attack(read(document), seconds=0.0, elapsed=lambda: 1.0)

    assert {finding.kind for finding in undecided} == {"undecided"}


def test_given_numbers_that_do_not_add_up_when_attacked_then_it_says_so() -> None:
    cells = printed(TRUTH, RING)
    cells[-1]["v"] += 1

    with pytest.raises(Contradiction):
        findings(one_table(cells))
    assert publishing.findings(one_table(cells), now=lambda: 0.0) == {"contradiction"}


@settings(max_examples=80)
@given(
    seed=st.integers(0, 10_000),
    shape=st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2)]),
    reports=st.integers(1, 11),
    zeros=st.sampled_from(["public", "hideable"]),
    share=st.floats(0.1, 0.9),
)
def test_given_any_pattern_on_a_tiny_table_when_attacked_then_it_finds_what_all_worlds_tell(
    seed: int, shape: tuple[int, ...], reports: int, zeros: str, share: float
) -> None:
    parsed = parse_instance(tiny(seed, shape, reports, zeros=zeros, grouped=shape == (3, 3)))
    crosses = crosses_with_total(parsed)
    truth = full_cross(parsed.counts, parsed.dimensions).ravel()
    hidden = np.random.default_rng(seed).random(len(truth)) < share
    hidden[-1] = False
    hidden &= (truth > 0) | (zeros == "hideable")

    found = findings(tabset.render(tabset.of_instance(parsed, hidden)))

    low, high = intervals(parsed, hidden, crosses)
    told = (high - low < 4) & (low < 5) & (high > 0)
    assert sorted((f.low, f.high) for f in found) == sorted(zip(low[told].tolist(), high[told].tolist(), strict=True))


Spoil = Callable[[Document], Any]
SPOILT: dict[str, Spoil] = {
    "another format": lambda d: d.update(format="tabset-2"),
    "no dimensions": lambda d: d.pop("dimensions"),
    "no rules": lambda d: d.pop("rules"),
    "another zero policy": lambda d: d["rules"].update(zeros="perhaps"),
    "a threshold of text": lambda d: d["rules"].update(threshold="5"),
    "no releases": lambda d: d.pop("releases"),
    "releases of text": lambda d: d.update(releases=["r1"]),
    "an unknown dimension": lambda d: d["releases"][0]["tables"][0].update(dims=["a", "z"]),
    "a missing cell": lambda d: d["releases"][0]["tables"][0]["cells"].pop(),
    "a cell twice": lambda d: d["releases"][0]["tables"][0]["cells"].append(d["releases"][0]["tables"][0]["cells"][0]),
    "a negative count": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=-1),
    "half a report": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=1.5),
    "true for a count": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=True),
    "no number": lambda d: d["releases"][0]["tables"][0]["cells"][0].pop("v"),
    "bounds upside down": lambda d: d["releases"][0]["tables"][0]["cells"][0].update(lo=5, hi=3),
    "an unknown node": lambda d: d["releases"][0]["tables"][0]["cells"][0]["at"].update(a="a9"),
    "an unknown member": lambda d: d["dimensions"]["a"]["groups"].update(G=["a9"]),
    "an empty group": lambda d: d["dimensions"]["a"]["groups"].update(G=[]),
    "groups in a circle": lambda d: d["dimensions"]["a"]["groups"].update(G=["H"], H=["G"]),
    "a name for two nodes": lambda d: d["dimensions"]["a"].update(total="a0"),
    "ten million cells": lambda d: (
        d["dimensions"]["a"].update(atoms=[f"a{i}" for i in range(3_200)]),
        d["dimensions"]["b"].update(atoms=[f"b{i}" for i in range(3_200)]),
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_given_a_spoilt_file_when_read_then_both_readers_refuse_it(fault: str) -> None:
    document = one_table(printed(TRUTH, RING))
    SPOILT[fault](document)

    with pytest.raises(Unreadable):
        read(document)
    with pytest.raises(Rejected):
        tabset.parse(document)


def test_given_a_good_file_when_read_and_written_again_then_nothing_is_lost() -> None:
    document = with_release(one_table(printed(TRUTH, RING), groups=False), printed(grown(10), RING))

    assert tabset.render(tabset.parse(document)) == document


def test_given_ranges_when_read_and_written_again_then_they_are_the_same() -> None:
    document = one_table([{**cell, "lo": cell["v"] - 5, "hi": cell["v"] + 5} for cell in printed(TRUTH)])

    assert tabset.render(tabset.parse(document)) == document
