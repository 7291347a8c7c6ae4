# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.benchmarks [NAME ...]`: runs the benchmarks, prints a table, writes `build/bench.json`.

Exit: 0 all ran, 1 one broke off (what the others measured is still written), 2 no such benchmark.
One that needs a server this machine cannot run is left out with a word, and breaks off when it was asked for by name.
A ratio under its goal is shown, not punished: machines differ and people read the table.
"""

import importlib
import json
import os
import platform
import sqlite3
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.real import NotHereError

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "build" / "bench.json"
FIELDS = ("name", "ratio", "goal", "unit", "detail")

Result = dict[str, Any]


def main(names: Sequence[str]) -> int:
    """Run the named benchmarks, or all. Gives the exit code."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    results, broken = _run([name for name in known if not names or name in names], named=bool(names))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _print(results, broken)
    return 1 if broken else 0


def _run(names: Sequence[str], *, named: bool) -> tuple[list[Result], list[str]]:
    results: list[Result] = []
    broken: list[str] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for name in progress.track(names, description="benchmarks"):
            try:
                results += [_checked(row) for row in importlib.import_module(f"tests.benchmarks.bench_{name}").run()]
            except NotHereError as missing:
                print(f"{'broke off' if named else 'left out'}: {name}: {missing}", file=sys.stderr)
                broken += [name] if named else []
            except Exception:  # noqa: BLE001 - one benchmark that breaks off must not lose what the others measured
                traceback.print_exc()
                broken.append(name)
    return results, broken


def _checked(row: Result) -> Result:
    if missing := [field for field in FIELDS if field not in row]:
        raise ValueError(f"a benchmark row lacks {', '.join(missing)}")
    return {field: row[field] for field in FIELDS}


def _print(results: Sequence[Result], broken: Sequence[str]) -> None:
    table = Table()
    for column, justify in (
        ("benchmark", "left"),
        ("ratio", "right"),
        ("goal", "right"),
        ("", "left"),
        ("detail", "left"),
    ):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich types the names one by one
    for row in results:
        detail = ", ".join(f"{key} {value}" for key, value in row["detail"].items())
        reached = "reached" if row["ratio"] >= row["goal"] else "short"
        table.add_row(row["name"], f"{row['ratio']:.2f} {row['unit']}", f"{row['goal']:g}", reached, detail)
    console = Console()
    console.print(_machine())
    console.print(table)
    for name in broken:
        console.print(f"broke off: {name}")


def _machine() -> str:
    packages = ("faststream", "fastapi", "sqlalchemy", "cryptography", "numpy", "scipy")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{system}, SQLite {sqlite3.sqlite_version}, {versions}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
