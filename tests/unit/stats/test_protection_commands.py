# SPDX-License-Identifier: EUPL-1.2
"""The commands `protect` and `attack`: what they print, and one line and exit 2 for what cannot be meant."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from services.stats import commands
from tests.unit.stats.every_world import tiny
from tests.unit.stats.random_tables import instance

app = typer.Typer()
commands.register(app)


def protect(content: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(app, ["protect", *options], input=content)


def attack(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["attack", str(file), *options])


def refused(result: Result) -> bool:
    """Exit 2 with exactly one line on stderr and nothing on stdout."""
    return (
        result.exit_code == 2
        and result.stderr.count("\n") == 1
        and "Traceback" not in result.stderr
        and not result.stdout
    )


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A file with what `protect` answers."""
    file = tmp_path / "set.json"
    file.write_text(protect(json.dumps(instance("2d", 3))).stdout, encoding="utf-8")
    return file


def test_given_an_instance_when_protected_then_the_set_names_every_cell_and_no_small_count(published: Path) -> None:
    held = json.loads(published.read_text(encoding="utf-8"))

    cells = held["releases"][0]["tables"][0]["cells"]
    assert held["format"] == "tabset-1"
    assert len(cells) == 63
    assert all(cell["v"] is None or cell["v"] == 0 or cell["v"] >= 5 for cell in cells)


def test_given_what_protect_made_when_attacked_then_it_is_protected(published: Path) -> None:
    result, for_program = attack(published), attack(published, "--json")

    assert result.exit_code == 0
    assert json.loads(for_program.stdout) == {"protected": True, "findings": []}


def test_given_a_set_with_everything_shown_when_attacked_then_it_names_what_follows(published: Path) -> None:
    held = json.loads(published.read_text(encoding="utf-8"))
    cell: dict[str, Any] = next(c for c in held["releases"][0]["tables"][0]["cells"] if c["v"] is None)
    cell.update(lo=2, hi=3, v=2)
    published.write_text(json.dumps(held), encoding="utf-8")

    result, for_program = attack(published), attack(published, "--json")

    assert result.exit_code == 1
    assert "narrow: " in result.stdout
    assert json.loads(for_program.stdout)["protected"] is False
    assert json.loads(for_program.stdout)["findings"][0].keys() >= {"kind", "release", "at", "lo", "hi"}


def test_given_no_seconds_when_protected_then_there_still_is_a_safe_answer(tmp_path: Path) -> None:
    file = tmp_path / "set.json"
    file.write_text(protect(json.dumps(instance("3d", 2)), "--seconds", "0").stdout, encoding="utf-8")

    assert attack(file).exit_code == 0


def test_given_a_table_that_nothing_protects_when_protected_then_it_says_so() -> None:
    result = protect(json.dumps(tiny(1, (2, 2), 4, zeros="hideable")))

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert not result.stdout


NOT_TABLES = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b"nonsense",
    b"NaN",
    b"9" * 10_000,
    b"null",
    b"[]",
    b'{"format":"x"}',
    b'"\\ud800"',
    b'{"format":"sdc-instance-1","dimensions":{"\\udfff":{}}}',
    b'{"a":' * 50_000,
]


@pytest.mark.parametrize("content", NOT_TABLES, ids=range(len(NOT_TABLES)))
def test_given_what_is_no_table_when_given_to_either_then_one_line_says_so(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "set.json"
    file.write_bytes(content)

    assert refused(protect(content))
    assert refused(attack(file))


def test_given_a_file_that_is_not_there_when_attacked_then_one_line_says_so(tmp_path: Path) -> None:
    assert refused(attack(tmp_path / "nowhere.json"))
    assert refused(attack(tmp_path))


def test_given_more_than_is_allowed_when_read_then_it_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_INPUT_BYTES", 100)

    assert refused(protect(json.dumps(instance("2d", 3))))


def test_given_a_fault_in_the_counts_when_protected_then_the_line_names_the_place_and_no_value() -> None:
    document = instance("2d", 3)
    document["counts"][2]["v"] = -987

    result = protect(json.dumps(document))

    assert refused(result)
    assert result.stderr.startswith("/counts/2/v: ")
    assert "987" not in result.stderr


def test_given_numbers_that_contradict_each_other_when_attacked_then_one_line_says_so(published: Path) -> None:
    held = json.loads(published.read_text(encoding="utf-8"))
    held["releases"][0]["tables"][0]["cells"][-1]["v"] = 5
    published.write_text(json.dumps(held), encoding="utf-8")

    assert refused(attack(published))
