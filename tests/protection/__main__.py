# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.protection [--seconds 30] [--only deep] [--bound 0] [FILE...]`: protect, audit and price tables.

One line per table: cost, what no pattern can go below, their ratio, wall and processor seconds, memory, faults.
`--bound` gives a search of its own that many seconds to find the least possible cost. Exit 1 when a table has a fault.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from services.stats.suppression import CannotProtect, suppress
from services.stats.suppression_model import Budget, system_of
from services.stats.tables import parse_instance
from tests.protection.invented import tables
from tests.protection.reader import faults, price, printed


def main() -> int:
    """Judge; the exit code says whether every table is without fault."""
    options = _options()
    chosen = [json.loads(Path(file).read_text()) for file in options.files] or list(tables())
    rows = []
    for instance in chosen:
        if options.only in instance["id"]:
            rows.append(judge(instance, options.seconds, options.bound))
            print(json.dumps(rows[-1]), flush=True)
    ratios = [row["ratio"] for row in rows if row["ratio"]]
    if ratios:
        print(f"tables {len(rows)}, mean {statistics.mean(ratios):.4f}, worst {max(ratios):.4f}", flush=True)
    return int(any(row["faults"] for row in rows))


def judge(instance: dict[str, Any], seconds: float, bound_seconds: float) -> dict[str, Any]:
    """One table through the command, the reader and, when asked, a long search for the least cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    command = [str(Path(sys.executable).with_name("seinhuis")), "protect", "--seconds", str(seconds)]
    done = subprocess.run(command, input=json.dumps(instance), capture_output=True, text=True, check=False)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = {
        "id": instance["id"],
        "exit": done.returncode,
        "wall": round(wall, 1),
        "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "mib": after.ru_maxrss // 1024,
        "cost": None,
        "least": None,
        "ratio": None,
        "faults": [],
    }
    if done.returncode:
        return row | {"faults": [] if done.returncode == 1 and _is_hopeless(instance) else [done.stderr[-300:]]}
    answer = json.loads(done.stdout)
    cost = sum(price(instance, key) for key, value in printed(instance, answer).items() if value is None)
    least = instance.get("reference", {}).get("optimum_cost")
    if bound_seconds:
        least = max(least or 0, _least(instance, bound_seconds))
    ratio = round(cost / least, 4) if least else None
    return row | {"cost": cost, "least": least, "ratio": ratio, "faults": list(faults(instance, answer))[:5]}


def _least(instance: dict[str, Any], seconds: float) -> int:
    """What the search itself proves that no pattern goes below."""
    started = time.monotonic()
    found = suppress(system_of(parse_instance(instance)), Budget(seconds, lambda: time.monotonic() - started))
    return found.cost if found.proven else int(-(-found.bound // 1))


def _is_hopeless(instance: dict[str, Any]) -> bool:
    """Whether the search says that even hiding everything does not protect."""
    try:
        suppress(system_of(parse_instance(instance)), Budget(1.0, lambda: 0.0))
    except CannotProtect:
        return True
    return False


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="sdc-instance-1 files; without any, the invented tables")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", default="", help="part of the tables' names")
    parser.add_argument("--bound", type=float, default=0.0, help="seconds for a search for the least cost")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
