# SPDX-License-Identifier: EUPL-1.2
"""Reading an instance: its sums, and every way in which it can be wrong."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from services.stats import tabset
from services.stats.tables import MAX_CELLS, MAX_NODES, aggregated, cross_size, full_cross, parse_instance, sum_lines
from shared.errors import Rejected
from tests.unit.stats.random_tables import instance

Document = dict[str, Any]


def nested() -> Document:
    """A dimension whose groups hold groups, next to a plain one."""
    return {
        "format": "sdc-instance-1",
        "id": "nested",
        "dimensions": {
            "a": {
                "total": "A",
                "atoms": ["a0", "a1", "a2", "a3"],
                "groups": {"outer": ["inner", "a2"], "inner": ["a0", "a1"], "other": ["a1", "a3"]},
            },
            "b": {"total": "B", "atoms": ["b0", "b1"], "groups": {}},
        },
        "dims": ["a", "b"],
        "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
        "counts": [{"at": {"a": f"a{i}", "b": f"b{j}"}, "v": 10 * i + j + 1} for i in range(4) for j in range(2)],
    }


def test_given_groups_in_groups_when_crossed_then_every_node_counts_its_atoms() -> None:
    parsed = parse_instance(nested())

    cells = full_cross(parsed.counts, parsed.dimensions)

    rows = dict(zip(parsed.dimensions[0].nodes, cells.tolist(), strict=True))
    assert rows["inner"] == [12, 14, 26]
    assert rows["outer"] == [33, 36, 69]
    assert rows["other"] == [42, 44, 86]
    assert rows["A"] == [64, 68, 132]


@pytest.mark.parametrize("kind", ["2d", "2dh", "3d", "3dh"])
def test_given_any_instance_when_its_sums_are_taken_then_all_of_them_hold(kind: str) -> None:
    for document in (nested(), instance(kind, 11)):
        parsed = parse_instance(document)
        cells = full_cross(parsed.counts, parsed.dimensions).ravel()

        assert len(cells) == cross_size(parsed.dimensions) == len(aggregated(parsed.dimensions))
        assert all(cells[parent] == cells[list(parts)].sum() for parent, parts in sum_lines(parsed.dimensions))


def test_given_a_count_written_as_a_round_decimal_when_read_then_it_is_that_number() -> None:
    document = nested()
    document["counts"][0]["v"] = 3.0

    assert parse_instance(document).counts[0, 0] == 3


Spoil = Callable[[Document], Any]
SPOILT: dict[str, tuple[str, Spoil]] = {
    "another format": ("/format", lambda d: d.update(format="tabset-1")),
    "no dimensions": ("/dimensions", lambda d: d.pop("dimensions")),
    "no order": ("/dims", lambda d: d.pop("dims")),
    "an empty order": ("/dims", lambda d: d.update(dims=[])),
    "half of the order": ("/dims", lambda d: d.update(dims=["a"])),
    "an unknown dimension": ("/dims", lambda d: d.update(dims=["a", "z"])),
    "a dimension twice": ("/dims", lambda d: d.update(dims=["a", "a"])),
    "no rules": ("/rules", lambda d: d.pop("rules")),
    "no width": ("/rules/width", lambda d: d["rules"].pop("width")),
    "a threshold of 1": ("/rules/threshold", lambda d: d["rules"].update(threshold=1)),
    "another zero policy": ("/rules/zeros", lambda d: d["rules"].update(zeros="shown")),
    "no counts": ("/counts", lambda d: d.pop("counts")),
    "a negative count": ("/counts/0/v", lambda d: d["counts"][0].update(v=-1)),
    "half a report": ("/counts/0/v", lambda d: d["counts"][0].update(v=0.5)),
    "more than there are people": ("/counts/0/v", lambda d: d["counts"][0].update(v=10**12)),
    "too much together": ("/counts", lambda d: [c.update(v=10**9) for c in d["counts"]]),
    "a count of text": ("/counts/0/v", lambda d: d["counts"][0].update(v="3")),
    "true for a count": ("/counts/0/v", lambda d: d["counts"][0].update(v=True)),
    "a place without a dimension": ("/counts/0/at", lambda d: d["counts"][0]["at"].pop("b")),
    "a group for a place": ("/counts/0/at", lambda d: d["counts"][0]["at"].update(a="inner")),
    "a list for a place": ("/counts/0/at", lambda d: d["counts"][0]["at"].update(a=["a0"])),
    "a place twice": ("/counts/8/at", lambda d: d["counts"].append(copy.deepcopy(d["counts"][0]))),
    "a count that is a list": ("/counts/0", lambda d: d["counts"].__setitem__(0, [])),
    "an identity of numbers": ("/id", lambda d: d.update(id=5)),
    "no atoms": ("/dimensions/a/atoms", lambda d: d["dimensions"]["a"].update(atoms=[])),
    "an atom twice": ("/dimensions/b/atoms", lambda d: d["dimensions"]["b"].update(atoms=["b0", "b0"])),
    "a total of numbers": ("/dimensions/b/total", lambda d: d["dimensions"]["b"].update(total=1)),
    "a name for two nodes": ("/dimensions/b", lambda d: d["dimensions"]["b"].update(total="b0")),
    "an unknown member": ("/dimensions/b/groups/G", lambda d: d["dimensions"]["b"].update(groups={"G": ["b9"]})),
    "an empty group": ("/dimensions/b/groups/G", lambda d: d["dimensions"]["b"].update(groups={"G": []})),
    "a group in itself": ("/dimensions/b/groups", lambda d: d["dimensions"]["b"].update(groups={"G": ["G", "b0"]})),
    "groups in a circle": (
        "/dimensions/b/groups",
        lambda d: d["dimensions"]["b"].update(groups={"G": ["H"], "H": ["K"], "K": ["G", "b0"]}),
    ),
    "a name with a slash": ("/dimensions/x~1y", lambda d: d["dimensions"].update({"x/y": 3})),
    "too many dimensions": ("/dimensions", lambda d: d["dimensions"].update({f"d{i}": {} for i in range(9)})),
    "ten million cells": (
        "/dimensions",
        lambda d: (
            d["dimensions"]["a"].update(atoms=[f"a{i}" for i in range(1_990)]),
            d["dimensions"]["b"].update(atoms=[f"b{i}" for i in range(1_990)]),
        ),
    ),
    "a node more than bearable": (
        "/dimensions/b",
        lambda d: d["dimensions"]["b"].update(atoms=[f"b{i}" for i in range(MAX_NODES - 1)], groups={"G": ["b0"]}),
    ),
    "a million atoms": (
        "/dimensions/a/atoms",
        lambda d: d["dimensions"]["a"].update(atoms=[f"a{i}" for i in range(1_000_000)]),
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_given_a_spoilt_instance_when_read_then_it_is_refused_with_the_place(fault: str) -> None:
    document = nested()
    pointer, spoil = SPOILT[fault]
    spoil(document)

    with pytest.raises(Rejected) as refused:
        parse_instance(document)

    assert refused.value.errors[0]["pointer"] == pointer


@pytest.mark.parametrize("document", [None, 3, "text", [], True])
def test_given_no_object_when_read_then_it_is_refused(document: object) -> None:
    with pytest.raises(Rejected):
        parse_instance(document)


def test_given_the_same_counts_when_listed_in_another_order_then_the_table_is_the_same() -> None:
    turned = nested()
    turned["counts"].reverse()

    assert np.array_equal(parse_instance(turned).counts, parse_instance(nested()).counts)


def print_of() -> Document:
    """A set of one release with one table of an atom and a total on each side."""
    at = [(a, b) for a in ("a0", "A") for b in ("b0", "B")]
    return {
        "format": "tabset-1",
        "dimensions": {name: {"total": name.upper(), "atoms": [f"{name}0"], "groups": {}} for name in ("a", "b")},
        "rules": {"threshold": 5, "width": 4, "zeros": "hideable"},
        "releases": [{"id": "r1", "tables": [
            {"id": "t", "dims": ["a", "b"], "cells": [{"at": {"a": a, "b": b}, "v": 9} for a, b in at]}]}],
    }  # fmt: skip


SPOILT_PRINT: dict[str, tuple[str, Spoil]] = {
    "a release with a number for a name": ("/releases/0", lambda d: d["releases"][0].update(id=1)),
    "a date that is a number": ("/releases/0", lambda d: d["releases"][0].update(as_of=2026)),
    "a table more than bearable": (
        "/releases/0/tables",
        lambda d: d["releases"][0].update(tables=d["releases"][0]["tables"] * (tabset.MAX_TABLES + 1)),
    ),
    "a table with a number for a name": (
        "/releases/0/tables/0/id",
        lambda d: d["releases"][0]["tables"][0].update(id=1),
    ),
    "a cell without a dimension": (
        "/releases/0/tables/0/cells/0/at",
        lambda d: d["releases"][0]["tables"][0]["cells"][0]["at"].pop("b"),
    ),
    "a cell of another dimension": (
        "/releases/0/tables/0/cells/0/at",
        lambda d: d["releases"][0]["tables"][0]["cells"][0]["at"].update(c="c0"),
    ),
    "a least above the most": (
        "/releases/0/tables/0/cells/0/hi",
        lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=None, lo=4, hi=3),
    ),
    "a most below nobody": (
        "/releases/0/tables/0/cells/0/hi",
        lambda d: d["releases"][0]["tables"][0]["cells"][0].update(v=None, lo=-4, hi=-1),
    ),
}


@pytest.mark.parametrize("fault", SPOILT_PRINT)
def test_given_a_spoilt_print_when_read_then_it_is_refused_with_the_place(fault: str) -> None:
    document = print_of()
    pointer, spoil = SPOILT_PRINT[fault]
    tabset.parse(copy.deepcopy(document))
    spoil(document)

    with pytest.raises(Rejected) as refused:
        tabset.parse(document)

    assert refused.value.errors[0]["pointer"] == pointer


def test_given_a_print_larger_than_bearable_when_read_then_refused_before_its_cells_are_looked_at() -> None:
    document = print_of()
    atoms = {"a": [f"a{i}" for i in range(99)], "b": [f"b{i}" for i in range(MAX_CELLS // 100 - 1)]}
    for name, some in atoms.items():
        document["dimensions"][name]["atoms"] = some

    def pointer() -> str:
        with pytest.raises(Rejected) as refused:
            tabset.parse(document)
        return str(refused.value.errors[0]["pointer"])

    assert pointer() == "/releases/0/tables/0/cells"  # as large as may be; its cells are missing
    document["dimensions"]["b"]["atoms"].append("more")
    assert pointer() == "/releases/0/tables/0/dims"
