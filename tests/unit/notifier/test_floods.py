# SPDX-License-Identifier: EUPL-1.2
"""Faked signals: however one or two organisations spread them, the network hears nothing and the administrator does."""

import datetime as dt
import itertools

import pytest

from services.notifier import sightings
from services.notifier.alerts import Alert
from services.notifier.gate import GateRule, Tally, refusal
from services.notifier.rhythm import Flood
from services.notifier.series import SeriesCase
from services.notifier.sightings import Held
from tests.unit.notifier.room import CITY, START, case, quiet_past
from tests.unit.notifier.season import QUICK, RULE, city_codes

TODAY = START.date()
FAKED = 5_000


def faked(sources: list[str], days: int, count: int = FAKED) -> list[SeriesCase]:
    """That many signals about one ground in one place, evenly over the last so many days."""
    return [
        case(
            n,
            TODAY - dt.timedelta(days=n * days // count),
            source_ref=sources[n % len(sources)],
            happened_on=TODAY - dt.timedelta(days=n * days // count),
        )
        for n in range(count)
    ]


def looked_at(cases: list[SeriesCase], days: int, every: int) -> tuple[int, list[Held], list[Flood]]:
    """How many alerts were made in the last so many days, what was held back and which floods were told of."""
    shown: list[Alert] = []
    held: list[Held] = []
    floods: list[Flood] = []
    number = itertools.count()
    ready = sightings.prepare(sightings.Past(CITY.code, cases, (), city_codes(), RULE, QUICK))
    null = sightings.chance(ready, TODAY - dt.timedelta(days=days))
    for back in sorted({*range(0, days, every), days}, reverse=True):
        today = TODAY - dt.timedelta(days=back)
        known = [c for c in cases if c.arrived_on <= today]
        ready = sightings.prepare(sightings.Past(CITY.code, known, (), city_codes(), RULE, QUICK))
        now = dt.datetime.combine(today, dt.time(20), dt.UTC)
        found = sightings.look(ready, today, null=null, earlier=shown, now=now, new_id=lambda: str(next(number)))
        shown += [c.after for c in found.changes if c.before is None]
        held += found.held
        floods += found.floods
    return len(shown), held, floods


@pytest.mark.parametrize("days", [1, 14, 60])
def test_given_one_partner_that_fakes_thousands_when_looked_at_then_no_alert_and_a_notice(days: int) -> None:
    alone = faked(["partner-1"], days)

    alerts, held, floods = looked_at([*quiet_past(TODAY), *alone], days + 6, 10)

    assert alerts == 0
    assert floods or any(h.one_source for h in held)


@pytest.mark.parametrize(
    ("days", "count"), [(7, FAKED), (56, 450)]
)  # 450 in eight weeks is under what counts as a flood
def test_given_two_partners_that_fake_together_when_looked_at_then_no_alert_and_a_notice(days: int, count: int) -> None:
    together = faked(["partner-1", "partner-2"], days, count)

    alerts, held, floods = looked_at([*quiet_past(TODAY), *together], days, 8)

    assert alerts == 0
    assert floods or any(h.one_source for h in held)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Tally(5, 3, 2, 0.4, 4), None),
        (Tally(13, 3, 2, 0.5, 12), None),
        (Tally(14, 3, 2, 0.5, 13), "one-source"),
        (Tally(5_000, 3, 9, 0.5, 4_990), "one-source"),
        (Tally(5_000, 9, 9, 0.5, 4_250), None),
    ],
)
def test_given_what_comes_beside_the_two_largest_when_judged_then_a_share_of_it_is_asked(
    found: Tally, why: str | None
) -> None:
    assert refusal(found, GateRule()) == why
