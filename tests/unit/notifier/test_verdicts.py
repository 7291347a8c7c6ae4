# SPDX-License-Identifier: EUPL-1.2
"""What the verdicts of people say about the rules, with intervals small numbers deserve."""

import datetime as dt
from random import Random

import pytest

from services.notifier.alerts import Alert, Facts
from services.notifier.gate import Band
from services.notifier.series import Area
from services.notifier.verdicts import around_median, scores, wilson
from tests.unit.notifier.room import CITY, START


def alert(verdict: str | None, *, level: int = 1, days: int = 10) -> Alert:
    facts = Facts(Band(5, 9), Band(0, 2), Band(3, 4), 0.4, 0.9)
    since = START.date() - dt.timedelta(days=days)
    return Alert(
        "a", CITY.code, Area("ras", None, None), since, START.date(), level, "signaleer", "open", facts, 6,
        START, START, START, START.date(), verdict=verdict,  # type: ignore[arg-type]  # one of the verdicts
    )  # fmt: skip


def test_given_verdicts_when_scored_then_per_rule_and_level_and_the_undecided_do_not_count() -> None:
    told = [alert("spanning"), alert("ruis"), alert("onbekend"), alert(None), alert("spanning", level=2, days=4)]

    found = scores([(0, one) for one in told] + [(1, alert("dubbel"))])

    assert [(one.rule, one.level, one.raised, one.judged, one.right) for one in found] == [
        (0, 1, 4, 2, 1), (0, 2, 1, 1, 1), (1, 1, 1, 1, 0),
    ]  # fmt: skip
    assert [(one.delay_days, one.delay_low, one.delay_high) for one in found] == [(10, 10, 10), (4, 4, 4), (10, 10, 10)]


def test_given_no_verdicts_when_an_interval_is_asked_then_everything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("right", "judged"), [(0, 5), (5, 5), (3, 10)])
def test_given_verdicts_when_an_interval_is_asked_then_it_holds_the_share(right: int, judged: int) -> None:
    low, high = wilson(right, judged)

    assert 0 <= low <= right / judged <= high <= 1


@pytest.mark.parametrize("count", [1, 5, 8, 25])
def test_given_many_samples_when_the_interval_is_taken_then_it_holds_the_median_as_often_as_it_says(count: int) -> None:
    dice = Random(5)
    held = 0
    for _ in range(2_000):
        low, high = around_median([dice.randrange(1_000) for _ in range(count)])
        held += low <= 500 <= high

    most = 1 - 2 * 0.5**count  # all there is cannot promise more
    assert held / 2_000 >= min(0.94, most - 0.03)
