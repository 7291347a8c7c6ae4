# SPDX-License-Identifier: EUPL-1.2
"""How often alerts turned out to be what they seemed, per rule and level, and how soon they came.

Pure. Owns the figures by which a rule is judged. Small numbers carry their interval, or they would be believed.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from services.notifier.alerts import Alert

Z: Final = 1.96
TRUE: Final = "spanning"
JUDGED: Final = frozenset({TRUE, "ruis", "landelijk-nieuws", "dubbel"})


@dataclass(frozen=True, slots=True)
class Score:
    """Alerts of one rule and level. Units: shares; `delay_days` from the first day an alert covers to its raising."""

    rule: int
    level: int
    raised: int
    judged: int
    right: int
    low: float
    high: float
    delay_days: float


def wilson(right: int, judged: int) -> tuple[float, float]:
    """The 95% interval of a share.

    >>> [round(bound, 2) for bound in wilson(3, 4)]
    [0.3, 0.95]
    """
    if not judged:
        return 0.0, 1.0
    share, square = right / judged, Z * Z / judged
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / judged + square / (4 * judged)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def scores(alerts: Iterable[tuple[int, Alert]]) -> list[Score]:
    """The scores by rule and level; each alert comes with the number of the rule it was raised under."""
    groups: dict[tuple[int, int], list[Alert]] = defaultdict(list)
    for rule, alert in alerts:
        groups[rule, alert.level].append(alert)
    return [_score(rule, level, found) for (rule, level), found in sorted(groups.items())]


def _score(rule: int, level: int, found: list[Alert]) -> Score:
    judged = [alert for alert in found if alert.verdict in JUDGED]
    right = sum(alert.verdict == TRUE for alert in judged)
    delay = median((alert.raised_at.date() - alert.since).days for alert in found)
    return Score(rule, level, len(found), len(judged), right, *wilson(right, len(judged)), float(delay))
