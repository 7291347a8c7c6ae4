# SPDX-License-Identifier: EUPL-1.2
"""schemathesis tries every published operation of a running program: all its checks, stateful too, none may fail.

Bounded here; `python -m tests.contract.test_schemathesis URL TOKEN [EXAMPLES]` runs longer against any installation.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import SERVICES
from tests.journey.program import ROOT, Program, partner_key, staff_token, up

EXAMPLES = 5
# `_bevestig` needs no sign-in though its router names one, and lies under `{id}`, so OPTIONS names DELETE as well
LEFT_OUT = {"notifier": ["--exclude-path", "/abonnementen/_bevestig"]}
UNLIMITED = {
    "INTAKE_CODES_PER_MINUTE": "0",
    "INTAKE_WRONG_CODES_PER_MINUTE": "0",
    "INTAKE_CODE_ANSWER_SECONDS": "0",
}


def tried(document_url: str, token: str, *more: str, examples: int, folder: Path, hooks: str = "") -> tuple[int, str]:
    """The exit code and the report of a run."""
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", document_url, "--header", f"Authorization: Bearer {token}",
            "--checks", "all", "--exclude-checks", "positive_data_acceptance", "--max-examples", str(examples),
            "--seed", "1", "--continue-on-failure", "--no-color", *more,
        ],
        capture_output=True, text=True, timeout=600, check=False, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **({"SCHEMATHESIS_HOOKS": hooks} if hooks else {})},
    )  # fmt: skip
    return done.returncode, done.stdout[-20_000:] + done.stderr[-2_000:]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path]]:
    data = tmp_path_factory.mktemp("schemathesis") / "data"
    program = up(data, **UNLIMITED).start()
    yield program, data
    program.stop()


@pytest.mark.parametrize("service", SERVICES)
def test_given_a_running_service_when_everything_in_its_document_is_tried_then_nothing_fails(
    running: tuple[Program, Path], service: str, tmp_path: Path
) -> None:
    program, data = running
    token = partner_key(data, "adv", adv=True) if service == "intake" else staff_token(data)

    document = f"{program.url}/{service}/v1/openapi.json"
    hooks = "tests.contract.schemathesis_hooks" if service == "intake" else ""
    left_out = LEFT_OUT.get(service, [])
    code, report = tried(document, token, *left_out, examples=EXAMPLES, folder=tmp_path, hooks=hooks)

    assert code == 0, report
    assert " passed" in report


if __name__ == "__main__":
    url, token, *more = sys.argv[1:]
    print(tried(url, token, examples=int(more[0]) if more else 50, folder=Path.cwd())[1])  # noqa: T201 - for people
