# SPDX-License-Identifier: EUPL-1.2
"""How much of the pure rules the tests run, by line and by branch; the pure modules are the nouns of the contracts.

python -m tests.pure_coverage [pytest options]: a table per module and `build/coverage.json`.
Exit: 0 at or above the floor, 1 below it or when a test fails, 2 when a noun was never measured.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tests.architecture.source import House

ROOT: Final = Path(__file__).parents[1]
OUTPUT: Final = ROOT / "build" / "coverage.json"
FLOOR_PERCENT: Final = 95.0
"""Lines and branches of all pure modules together."""
TESTED_BY: Final = ("tests/unit", "tests/contract", "tests/privacy")
NOT_HERE: Final = "not kafka and not postgres and not browser and not java and not slow"


def main(options: Sequence[str]) -> int:
    """Run the tests under coverage and judge. Gives the exit code."""
    OUTPUT.unlink(missing_ok=True)
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-m", NOT_HERE, "--cov", "--cov-branch", "--cov-report=",
            f"--cov-report=json:{OUTPUT}", *TESTED_BY, *options,
        ],
        cwd=ROOT, check=False,
    )  # fmt: skip
    if not OUTPUT.exists():
        return 1
    measured = json.loads(OUTPUT.read_text())["files"]
    nouns = noun_files()
    if unmeasured := sorted(nouns - set(measured)):
        Console(stderr=True).print(f"never measured: {', '.join(unmeasured)}")
        return 2
    summaries = {name: measured[name]["summary"] for name in nouns}
    found = covered(list(summaries.values()))
    _print(summaries, found)
    return 0 if found >= FLOOR_PERCENT and ran.returncode == 0 else 1


def noun_files() -> set[str]:
    """The files of every noun, those of a noun that is a package included. Shape: paths from the root."""
    house = House(ROOT)
    placed = house.in_layer("nouns")
    return {
        file.where
        for file in house.product
        if any(file.module == noun or file.module.startswith(f"{noun}.") for noun in placed)
    }


def covered(summaries: Sequence[Mapping[str, Any]]) -> float:
    """Percent of lines and branches that were run, of all these files together.

    >>> covered([{"covered_lines": 3, "num_statements": 4, "covered_branches": 0, "num_branches": 2}])
    50.0
    """
    ran: int = sum(one["covered_lines"] + one["covered_branches"] for one in summaries)
    asked: int = sum(one["num_statements"] + one["num_branches"] for one in summaries)
    return 100 * ran / max(1, asked)


def _print(summaries: Mapping[str, Mapping[str, Any]], found: float) -> None:
    table = Table("module", "percent", "lines missed", "branches missed")
    for name, one in sorted(summaries.items(), key=lambda item: covered([item[1]])):
        missed = one["num_branches"] - one["covered_branches"]
        if one["missing_lines"] or missed:
            table.add_row(name, f"{covered([one]):.1f}", str(one["missing_lines"]), str(missed))
    console = Console()
    console.print(table)
    console.print(f"{len(summaries)} pure modules, {found:.2f}% of lines and branches; the floor is {FLOOR_PERCENT:g}%")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
