# SPDX-License-Identifier: EUPL-1.2
"""What protection costs against the least that is possible, how long it takes, and whether the attacker agrees.

The least possible is the bound that the search proves itself, so a table that is not closed counts against the product.
"""

import json
import statistics
import time
from typing import Any, Final

from services.stats import tabset
from services.stats.attacker import attack
from services.stats.attacker_reading import read
from services.stats.suppression import suppress
from services.stats.suppression_model import Budget, system_of
from services.stats.tables import parse_instance
from tests.unit.stats.random_tables import instance

SEEDS: Final = {"2d": range(400, 406), "2dh": range(400, 406), "3d": range(400, 408)}
SECONDS: Final = 25.0  # what `seinhuis protect` gives the search by default
ALLOWED_SECONDS: Final = 30.0


def run() -> list[dict[str, Any]]:
    """Four ratios over random tables."""
    rows = [_measured(kind, seed) for kind, seeds in SEEDS.items() for seed in seeds]
    shares = [row["bound"] / row["cost"] for row in rows if row["cost"]]
    slowest = max(row["seconds"] for row in rows)
    clean = sum(row["findings"] == 0 for row in rows) / len(rows)
    proven = sum(row["proven"] for row in rows)
    return [
        _result("protect: least possible cost over cost, mean", statistics.mean(shares), 1 / 1.03, proven=proven),
        _result("protect: least possible cost over cost, worst", min(shares), 1 / 1.15, tables=rows),
        _result("protect: allowed time over slowest table", ALLOWED_SECONDS / slowest, 1.0, seconds=slowest),
        _result("protect: share of tables that withstand the attacker", clean, 1.0, tables=len(rows)),
    ]


def _result(name: str, ratio: float, goal: float, **detail: object) -> dict[str, Any]:
    return {"name": name, "ratio": round(ratio, 4), "goal": round(goal, 4), "unit": "x", "detail": detail}


def _measured(kind: str, seed: int) -> dict[str, Any]:
    parsed = parse_instance(instance(kind, seed))
    started = time.monotonic()
    found = suppress(system_of(parsed), Budget(SECONDS, lambda: time.monotonic() - started))
    seconds = time.monotonic() - started
    printed = json.loads(json.dumps(tabset.render(tabset.of_instance(parsed, found.hidden))))
    findings = attack(read(printed), seconds=600.0, elapsed=lambda: 0.0)
    return {
        "table": parsed.id,
        "cost": found.cost,
        "bound": found.cost if found.proven else round(found.bound, 2),
        "proven": found.proven,
        "seconds": round(seconds, 2),
        "findings": len(findings),
    }
