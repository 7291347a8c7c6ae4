# SPDX-License-Identifier: EUPL-1.2
"""The `wga` command: the form as a file, one line and the right exit code for everything else."""

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from services.stats import wga_command
from shared import audit
from shared.clock import SystemClock
from shared.database import Database
from tests.unit.stats.builders import CITY, Word, event, tell

app = typer.Typer()
wga_command.register(app)


@app.command()
def other() -> None:
    """A second command, so that the first is called by its name as in the product."""


def call(data: Path, arguments: str) -> Result:
    return CliRunner().invoke(app, ["wga", *arguments.split(), "--data", str(data)])


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """A data directory with one report of 2025 in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated, folder / "stats.sqlite")
    work(folder, [event(1, registered_on=dt.date(2025, 5, 1))])
    return folder


def work(folder: Path, words: Sequence[Word]) -> list[dict[str, object]]:
    async def do() -> list[dict[str, object]]:
        database = Database(f"sqlite+aiosqlite:///{folder / 'stats.sqlite'}")
        await database.open()
        try:
            await tell(database, words, SystemClock())
            async with database.reading() as tx:
                return [json.loads(row["entry"]) for row in await audit.read(tx)]
        finally:
            await database.close()

    return asyncio.run(do())


@pytest.mark.parametrize(("kind", "magic"), [("json", b"{"), ("csv", b"sectie"), ("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_given_data_when_the_form_is_made_twice_then_the_files_are_the_same(
    data: Path, kind: str, magic: bytes
) -> None:
    first, second = data / f"1.{kind}", data / f"2.{kind}"
    asked = f"--municipality {CITY} --year 2025 --format {kind}"

    codes = [call(data, f"{asked} --out {out}").exit_code for out in (first, second)]

    assert codes == [0, 0]
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(magic)
    assert [entry["action"] for entry in work(data, [])] == ["form-exported"] * 2


def test_given_data_when_the_form_is_printed_then_it_is_the_contract_s_document(data: Path) -> None:
    made = call(data, f"--municipality {CITY} --year 2025 --format json --out -")

    document = json.loads(made.stdout)
    assert (document["gemeente"], document["jaar"], document["schema"]) == (CITY, 2025, "wga-2011")
    assert document["secties"][0]["totaal"]["t"] == 1
    assert document["secties"][1]["rijen"][0] == {
        "code": "ras",
        "label": "Ras",
        "a": 1,
        "b": 0,
        "ab": 1,
        "c": 0,
        "t": 1,
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("--municipality GM9999 --year 2025 --out f", 2),
        ("--municipality nowhere --year 2025 --out f", 2),
        (f"--municipality {CITY} --year 2010 --out f", 2),
        (f"--municipality {CITY} --year 99999 --out f", 2),
        (f"--municipality {CITY} --year 2025 --schema wga-1999 --out f", 2),
        (f"--municipality {CITY} --year 2025 --format docx --out f", 2),
        (f"--municipality {CITY} --year x --out f", 2),
        (f"--municipality {CITY} --year 2025 --out no/such/folder/f", 2),
        (f"--municipality {CITY} --out f", 2),
    ],
)
def test_given_bad_input_when_the_form_is_asked_then_it_ends_with_its_code_and_no_traceback(
    data: Path, arguments: str, code: int
) -> None:
    made = call(data, arguments.replace("--out f", f"--out {data / 'f'}"))

    assert made.exit_code == code
    assert "Traceback" not in made.output
    assert not (data / "f").exists()


def test_given_no_data_when_the_form_is_asked_then_it_says_so_with_exit_3(tmp_path: Path) -> None:
    made = call(tmp_path / "nothing", f"--municipality {CITY} --year 2025 --out -")

    assert made.exit_code == 3
    assert len(made.stderr.strip().splitlines()) == 1
