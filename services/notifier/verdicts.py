# SPDX-License-Identifier: EUPL-1.2
"""How often alerts turned out to be what they seemed, per rule and level, and how soon they came.

Pure. Owns the figures by which a rule is judged. Small numbers carry their interval, or they would be believed.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from services.notifier.alerts import Alert

Z: Final = 1.96
TRUE: Final = "spanning"
JUDGED: Final = frozenset({TRUE, "ruis", "landelijk-nieuws", "dubbel"})


@dataclass(frozen=True, slots=True)
class Score:
    """Alerts of one rule and level. Units: shares; days from the first day an alert covers to its raising (median)."""

    rule: int
    level: int
    raised: int
    judged: int
    right: int
    low: float
    high: float
    delay_days: float
    delay_low: int
    delay_high: int


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


def around_median(values: Sequence[int]) -> tuple[int, int]:
    """The interval that holds the true median in at least 95 of 100 cases, or all there is when that is too little.

    Source: the sign test; order statistics j and n + 1 - j with twice the binomial tail under 5%.

    >>> around_median([3, 9, 4]), around_median(list(range(1, 11)))
    ((3, 9), (2, 9))
    """
    ordered, count = sorted(values), len(values)
    tail, left_out = 0.0, 0
    for below in range(count // 2):
        tail += math.comb(count, below) / 2**count
        if 2 * tail > 0.05:
            break
        left_out = below
    return ordered[left_out], ordered[count - 1 - left_out]


def scores(alerts: Iterable[tuple[int, Alert]]) -> list[Score]:
    """The scores by rule and level; each alert comes with the number of the rule it was raised under."""
    groups: dict[tuple[int, int], list[Alert]] = defaultdict(list)
    for rule, alert in alerts:
        groups[rule, alert.level].append(alert)
    return [_score(rule, level, found) for (rule, level), found in sorted(groups.items())]


def _score(rule: int, level: int, found: list[Alert]) -> Score:
    judged = [alert for alert in found if alert.verdict in JUDGED]
    right = sum(alert.verdict == TRUE for alert in judged)
    delays = [(alert.raised_at.date() - alert.since).days for alert in found]
    share = wilson(right, len(judged))
    return Score(rule, level, len(found), len(judged), right, *share, float(median(delays)), *around_median(delays))
