# SPDX-License-Identifier: EUPL-1.2
"""`redact` on the command line: lines in order, clear refusals, a score."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import typer
from services.anonymizer import commands
app = typer.Typer(pretty_exceptions_enable=False)
app.callback()(lambda: None)
commands.register(app)
if __name__ == "__main__":
    app()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


def run(program: Path, *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(program), "redact", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "", "PYTHONUTF8": "1"},
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_given_lines_when_redacted_then_the_answers_come_in_order(program: Path, jobs: str) -> None:
    lines = "".join(
        json.dumps({"id": number, "text": f"mevrouw Jansen belde {number} keer"}) + "\n" for number in range(40)
    )

    done = run(program, "--jobs", jobs, lines=lines)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["id"] for answer in answers] == list(range(40))
    assert answers[7]["redacted"] == "mevrouw [PERSOON-1] belde 7 keer"
    assert answers[7]["found"] == {"PERSON": 1}
    assert answers[7]["review"] is False
    assert answers[7]["ms"] >= 0


def test_given_known_names_when_redacted_then_they_are_gone(program: Path) -> None:
    done = run(program, lines=json.dumps({"id": "a", "text": "gewoon blauw", "known": ["Blauw"]}) + "\n")

    assert json.loads(done.stdout)["redacted"] == "gewoon [PERSOON-1]"


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    "bad", ["nope", "[]", '{"id": 1}', '{"id": 1, "text": 2}', '{"id":1,"text":"x","known":"y"}', "[" * 10_000]
)
def test_given_a_bad_line_when_redacted_then_one_line_tells_which(program: Path, bad: str, jobs: str) -> None:
    done = run(program, "--jobs", jobs, lines='{"id":1,"text":"goed"}\n\n' + bad + "\n")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("line 3: ")
    assert json.loads(done.stdout)["id"] == 1


def test_given_a_bad_line_before_many_good_ones_when_redacted_by_several_then_only_one_line_is_told(
    program: Path,
) -> None:
    done = run(program, "--jobs", "2", lines="nope\n" + '{"id":1,"text":"goed"}\n' * 5_000)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_given_a_lone_surrogate_when_redacted_then_the_answer_is_json(program: Path) -> None:
    done = run(program, lines='{"id":1,"text":"a \\ud800 b"}\n')

    assert json.loads(done.stdout)["redacted"] == "a \ud800 b"


def test_given_a_labelled_file_when_scored_then_the_figures_come_with_intervals(program: Path, tmp_path: Path) -> None:
    line = {
        "id": "x",
        "lang": "nl",
        "style": "s",
        "text": "Jan",
        "spans": [{"start": 0, "end": 3, "type": "PERSON", "text": "Jan"}],
    }
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")

    document = json.loads(run(program, "--score", str(path), "--json").stdout)
    table = run(program, "--score", str(path)).stdout

    assert document["groups"]["all"]["names"]["of"] == 1
    assert set(document["groups"]) == {"all", "lang=nl", "style=s"}
    assert "= names" in table


@pytest.mark.parametrize("content", [None, "x\n", '{"id":1,"text":"x"}\n'])
def test_given_a_file_that_is_not_labelled_when_scored_then_it_is_refused(
    program: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "labelled.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    done = run(program, "--score", str(path))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_given_an_unknown_municipality_when_redacted_then_it_is_refused(program: Path) -> None:
    assert run(program, "--municipality", "nergens").returncode == 2
