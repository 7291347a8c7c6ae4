# SPDX-License-Identifier: EUPL-1.2
"""The command `protect`, judged by a reader that shares nothing with the product, and by every world of tiny tables."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.protection import reader
from tests.protection.invented import edges, table
from tests.unit.stats.every_world import tiny
from tests.unit.stats.test_protection_commands import app

EDGES = {one["id"]: one for one in edges() if one["id"] != "four-way"}
HOPELESS = {"two"}  # fewer reports than the promised width: nothing helps while the total is public


def answered(instance: dict[str, Any], seconds: str = "20") -> dict[str, Any]:
    done = CliRunner().invoke(app, ["protect", "--seconds", seconds], input=json.dumps(instance))
    assert done.exit_code == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", sorted(EDGES.keys() - HOPELESS))
def test_given_a_table_at_the_edge_when_protected_then_the_reader_finds_no_fault(name: str) -> None:
    assert list(reader.faults(EDGES[name], answered(EDGES[name]))) == []


def test_given_fewer_reports_than_the_width_when_protected_then_nothing_comes_out() -> None:
    done = CliRunner().invoke(app, ["protect"], input=json.dumps(EDGES["two"]))

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("groups", ["pairs", "overlap", "nested"])
@pytest.mark.parametrize("seconds", ["0", "20"])
def test_given_groups_of_every_kind_when_protected_then_the_reader_finds_no_fault(groups: str, seconds: str) -> None:
    instance = table(f"test-{groups}", (6, 5), 110, groups=groups)

    assert list(reader.faults(instance, answered(instance, seconds))) == []


@pytest.mark.parametrize("zeros", ["public", "hideable"])
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (2, 2, 2)])
def test_given_a_tiny_table_when_protected_then_every_world_written_out_says_the_same(
    shape: tuple[int, ...], zeros: str
) -> None:
    instance = tiny(7, shape, 11, zeros=zeros, grouped=shape[0] > 2)
    answer = answered(instance)

    spans = reader.everything(instance, answer)

    true = reader.truth(instance, reader.cross(instance))
    assert spans.keys() == true.keys()
    assert all(high - low >= 4 for key, (low, high) in spans.items() if 0 < true[key] < 5)
    assert list(reader.faults(instance, answer)) == []


@pytest.mark.parametrize("spoil", ["shown", "wrong", "alone"])
def test_given_an_answer_with_a_planted_fault_when_judged_then_the_reader_finds_it(spoil: str) -> None:
    instance = table("test-planted", (4, 4), 110)
    answer, true = answered(instance), reader.truth(instance, reader.cross(instance))
    small = {key for key, value in true.items() if 0 < value < 5}
    for cell in answer["releases"][0]["tables"][0]["cells"]:
        key = tuple(cell["at"][name] for name in instance["dims"])
        if spoil == "shown" and key in small:
            cell["v"] = true[key]
        elif spoil == "wrong" and cell["v"]:
            cell["v"] += 1
            break
        elif spoil == "alone" and key not in small:
            cell["v"] = true[key]

    assert small
    assert list(reader.faults(instance, answer))
