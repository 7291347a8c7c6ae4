# SPDX-License-Identifier: EUPL-1.2
"""The examples of docs/partners.md work as they are printed, one after another, on a running program."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journey.program import ROOT, counted, eventually, json_of, seinhuis, staff_token, up

PAGE = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(bash|python)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class Reader:
    """Somebody who copies every example into one shell: what an example sets, the next one has."""

    folder: Path
    data: Path
    url: str

    def do(self, language: str, example: str) -> str:
        """What the example prints; it must end well."""
        here = example.replace("http://127.0.0.1:8000", self.url)
        if language == "python":
            (self.folder / "example.py").write_text(here)
            here = f"'{sys.executable}' example.py\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", here_and_before(self.folder, here)],
            capture_output=True, text=True, timeout=120, cwd=self.folder, check=False,
            env={
                "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "SEINHUIS_DATA": str(self.data),
                "HOME": str(self.folder), "PYTHONPATH": str(ROOT),
            },
        )  # fmt: skip
        assert done.returncode == 0, (here, done.stdout, done.stderr)
        return done.stdout


def here_and_before(folder: Path, example: str) -> str:
    """The example in a shell that starts where the one before it ended."""
    kept = folder / "shell.state"
    restore = f"source '{kept}' 2>/dev/null || true\n" if kept.exists() else ""
    return f"{restore}{example}\n{{ declare -p | grep -v '^declare -[^ ]*r'; declare -f; }} > '{kept}'\n"


def test_given_a_new_installation_when_the_page_is_followed_then_every_example_works(tmp_path: Path) -> None:
    data = tmp_path / "data"
    program = up(data).start()
    try:
        reader = Reader(tmp_path, data, program.url)
        said = [reader.do(language, example) for language, example in EXAMPLES]
        token = staff_token(data)

        eventually(lambda: counted(program.url, token) == 2)  # the one by Python and the good line of the bulk
        found = json_of("check", "--data", str(data))
    finally:
        program.stop()

    everything = "\n".join(said)
    for outcome in ('"ontvangstcode"', '"status":400', '"status":"ingetrokken"', "good: received", '"rij":4'):
        assert outcome in everything, outcome
    assert '"maanden"' in said[-1]
    assert (found["ok"], found["accepted"]) == (True, 5)
    assert (tmp_path / "sjabloon.xlsx").read_bytes().startswith(b"PK")
    assert "<svg" in (tmp_path / "bibliotheek.svg").read_text()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`?seinhuis (partner [a-z]+)", PAGE))))
def test_given_a_command_the_page_names_when_asked_for_help_then_it_exists(command: str) -> None:
    assert seinhuis(*command.split(), "--help").returncode == 0
