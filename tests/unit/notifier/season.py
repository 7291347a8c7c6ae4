# SPDX-License-Identifier: EUPL-1.2
"""Every state of every alert that a stretch of days shows, by the look that the notifier itself takes.

Owns no rule of the product.
"""

import datetime as dt
import itertools
from collections.abc import Sequence

from services.notifier import alerts, sightings
from services.notifier.alerts import Alert
from services.notifier.detector import DetectorSettings
from services.notifier.gate import GateRule
from services.notifier.series import SeriesCase
from services.notifier.service import calendar_of
from shared.vocabulary import load
from tests.unit.notifier.room import CITY

RULE = GateRule()
QUICK = DetectorSettings(simulated_years=4)


def city_codes() -> sightings.Codes:
    """The code lists of the city."""
    codes = load()
    return sightings.Codes(
        tuple(c.code for c in codes.grounds.in_order),
        tuple(c.code for c in codes.terrains.in_order),
        tuple(c.code for c in CITY.districts.in_order),
    )


def shown_states(cases: Sequence[SeriesCase], until: dt.date, days: int, *, every: int = 1) -> list[Alert]:
    """Every state of every alert that was shown in the last so many days."""
    shown: list[Alert] = []
    book: dict[str, Alert] = {}
    null, number = None, itertools.count()
    for back in range(days, -1, -every):
        today = until - dt.timedelta(days=back)
        now = dt.datetime.combine(today, dt.time(20), dt.UTC)
        known = [c for c in cases if c.arrived_on <= today]
        occurrences = calendar_of(CITY)(today.year - 2, today.year)
        ready = sightings.prepare(sightings.Past(CITY.code, known, occurrences, city_codes(), RULE, QUICK))
        if null is None and sightings.has_history(ready, today):
            null = sightings.chance(ready, today)
        found = sightings.look(
            ready, today, null=null, earlier=list(book.values()), now=now, new_id=lambda: str(next(number))
        )
        book |= {change.after.alert_id: change.after for change in found.changes}
        shown += [change.after for change in found.changes if change.change is not None]
        book = {k: alerts.after_expiry(a, now=now) if a.alive and a.expires_at <= now else a for k, a in book.items()}
    return shown
