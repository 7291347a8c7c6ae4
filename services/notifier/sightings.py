# SPDX-License-Identifier: EUPL-1.2
"""One look at a municipality: what the detector raises, what the gate lets through, what changes about earlier alerts.

Pure, and the same for the daily look and for trying out a changed rule on past weeks. Owns the order: floods out,
detector, gate, then alerts that live are judged before new ones are made.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy  # loads `stats` when it is first asked for: thirty megabytes that most looks never need

from services.notifier import alerts, gate, rhythm
from services.notifier.alerts import Alert, Change, Sighting
from services.notifier.detector import Alarm, DetectorSettings, calibrate, evaluate
from services.notifier.gate import Admitted, Band, GateRule, Refused
from services.notifier.rhythm import Flood, Lull
from services.notifier.series import (
    Area,
    Numbering,
    Period,
    SeriesCase,
    context_of,
    counted,
    day_of,
    number_of,
    numbering,
    stream_of,
)
from services.notifier.short_history import ENOUGH_DAYS
from services.notifier.streams import Context, Stream
from services.notifier.threshold import Null

PAST_WINDOWS: Final = 13  # for a place the detector did not choose itself: the same length of time, a year back
TAIL: Final = 0.025
FEWEST_TOLD: Final = 5  # cases in a year that an expectation is never narrower about
REPORT_REFUSED_FROM: Final = 10  # signals of one source from which the administrator hears of it


@dataclass(frozen=True, slots=True)
class Codes:
    """The code lists of a municipality, in order."""

    grounds: tuple[str, ...]
    terrains: tuple[str, ...]
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something known that may explain a rise. `expects_more`: a campaign; otherwise only worth knowing."""

    label: str
    start: dt.date
    end: dt.date
    grounds: tuple[str, ...]
    expects_more: bool

    def touches(self, area: Area, since: dt.date, until: dt.date) -> bool:
        """Whether it may have to do with an area in these days."""
        about = not self.grounds or area.ground is None or area.ground in self.grounds
        return about and self.start <= until and self.end >= since


@dataclass(frozen=True, slots=True)
class Past:
    """Everything a look is based on. Only what had arrived by then is in `cases`."""

    municipality: str
    cases: Sequence[SeriesCase]
    occurrences: Sequence[Occurrence]
    codes: Codes
    rule: GateRule
    detector: DetectorSettings


@dataclass(frozen=True, slots=True)
class Changed:
    """An alert before and after; `before` is None for a new one. No `change` when nobody needs to hear of it."""

    before: Alert | None
    after: Alert
    change: Change | None


@dataclass(frozen=True, slots=True)
class Held:
    """What was unusual and may not be shown. It waits for the digest, or is a matter for the administrator."""

    area: Area
    since: dt.date
    signals: int
    one_source: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What one look gave."""

    changes: tuple[Changed, ...]
    held: tuple[Held, ...]
    floods: tuple[Flood, ...]
    lulls: tuple[Lull, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A past made ready for the detector: kept between days that share it."""

    past: Past
    cases: tuple[SeriesCase, ...]
    floods: tuple[Flood, ...]
    numbers: Numbering
    stream: Stream
    context: Context


def prepare(past: Past) -> Prepared:
    """The past as numbers, without the register's own kinds, mass reports and floods."""
    cases = counted(past.cases)
    floods = rhythm.floods(cases)
    kept = rhythm.without(cases, floods)
    lists = past.codes
    numbers = numbering(kept, grounds=lists.grounds, terrains=lists.terrains, districts=lists.districts)
    campaigns: list[Period] = [o for o in past.occurrences if o.expects_more]
    return Prepared(past, tuple(kept), tuple(floods), numbers, stream_of(kept, numbers), context_of(campaigns, numbers))


def has_history(ready: Prepared, today: dt.date) -> bool:
    """Whether there is enough past to know what chance does here."""
    return bool(len(ready.stream)) and number_of(today) - int(ready.stream.arrival.min()) >= ENOUGH_DAYS


def chance(ready: Prepared, today: dt.date) -> Null:
    """What chance does here. Costs about a second."""
    return calibrate(ready.stream, ready.context, number_of(today), settings=ready.past.detector)


def look(
    ready: Prepared,
    today: dt.date,
    *,
    null: Null | None,
    earlier: Iterable[Alert],
    now: dt.datetime,
    new_id: Callable[[], str],
) -> Findings:
    """What is to be said on a day. `earlier`: the alerts whose last day is less than a quarter ago."""
    cases = [case for case in ready.cases if case.arrived_on <= today]
    settings = ready.past.detector
    alarms = evaluate(ready.stream, [number_of(today)], ready.context, settings=settings, null=null)
    book = _Book(ready.past, cases, today, now, list(earlier))
    changes = [change for alert in book.shown if alert.alive and (change := book.taken_back(alert))]
    for change in changes:
        book.keep(change)
    held: list[Held] = []
    for alarm in sorted(alarms, key=lambda one: -one.score):
        outcome = book.judge(alarm, ready.numbers, new_id)
        if isinstance(outcome, Held):
            held.append(outcome)
        elif outcome is not None:
            book.keep(outcome)
            changes.append(outcome)
    floods = tuple(f for f in ready.floods if 0 <= (today - f.monday).days < 7)
    return Findings(tuple(changes), tuple(held), floods, tuple(rhythm.lulls(cases, today)))


@dataclass(slots=True)
class _Book:
    """The alerts of a municipality during one look."""

    past: Past
    cases: Sequence[SeriesCase]
    today: dt.date
    now: dt.datetime
    shown: list[Alert]

    def keep(self, change: Changed) -> None:
        """Have later alarms of this look see the change."""
        others = [alert for alert in self.shown if alert.alert_id != change.after.alert_id]
        self.shown = [*others, change.after]

    def taken_back(self, alert: Alert) -> Changed | None:
        """What corrections and withdrawals do to an alert: nothing, a lower band, or its end."""
        rule = self.past.rule
        found = gate.tally(self.cases, alert.area, since=alert.since, until=alert.until, known_on=self.today)
        thin = gate.refusal(found, rule)
        # late arrivals may hide what was taken back; that one partner sends more now takes nothing from the others
        if found.signals >= alert.signals and thin in {None, "one-source"}:
            return None
        if thin or found.signals <= alert.facts.expected.high:
            return Changed(alert, alerts.taken_back(alert, why="too-little-left", now=self.now), "retracted")
        lower = alerts.lowered(alert, found, now=self.now, rule=rule)
        return Changed(alert, lower, "lowered") if lower else None

    def judge(self, alarm: Alarm, numbers: Numbering, new_id: Callable[[], str]) -> Changed | Held | None:
        """A new alert, growth of one that lives, something to hold back, or nothing new."""
        narrow, since = numbers.area(alarm.ground, alarm.terrain, alarm.district), day_of(alarm.since)
        refused: Refused | None = None
        for outcome in gate.admit(self.cases, narrow, since=since, today=self.today, rule=self.past.rule):
            if isinstance(outcome, Refused):
                refused = outcome
                continue
            seen = self._sighting(alarm, outcome, since, own=outcome.area == narrow)
            alive = next((alert for alert in self.shown if alerts.belongs_to(seen, alert)), None)
            if alive is not None:
                return self._grown(alive, alarm)
            fresh = self._after_what_was_shown(seen, alarm)
            if fresh is not None:
                made = alerts.raised(
                    fresh, alert_id=new_id(), municipality=self.past.municipality, now=self.now, rule=self.past.rule
                )
                return Changed(None, made, "raised")
        signals = refused.signals if refused else 0
        one_source = refused is not None and refused.one_source and signals >= REPORT_REFUSED_FROM
        return Held(narrow, since, signals, one_source)

    def _sighting(self, alarm: Alarm, admitted: Admitted, since: dt.date, *, own: bool) -> Sighting:
        area = admitted.area
        expected = Band(alarm.low, alarm.high) if own else usual(self.cases, area, since=since, today=self.today)
        occurrences = [o for o in self.past.occurrences if o.start <= self.today and o.touches(area, since, self.today)]
        return Sighting(
            area=area,
            since=since,
            today=self.today,
            found=admitted.found,
            expected=expected,
            chance_per_year=alarm.chance_per_year,
            completeness=alarm.completeness,
            allowed_for=alarm.allowed_for,
            context=tuple(dict.fromkeys(o.label for o in occurrences)),
            campaign=any(o.expects_more for o in occurrences),
            climbed=not own,
        )

    def _grown(self, alive: Alert, alarm: Alarm) -> Changed | None:
        """Growth of an alert that lives, counted over its own area and from its own first day."""
        found = gate.tally(self.cases, alive.area, since=alive.since, until=self.today, known_on=self.today)
        expected = usual(self.cases, alive.area, since=alive.since, today=self.today)
        if gate.refusal(found, self.past.rule) or found.signals <= expected.high:
            return None
        seen = self._sighting(alarm, Admitted(alive.area, found), alive.since, own=False)
        seen = replace(seen, expected=expected, climbed=alive.facts.climbed)
        after = alerts.grown(alive, seen, now=self.now, rule=self.past.rule)
        if after is not None:
            return Changed(alive, after, "grown")
        kept = alerts.still_seen(alive, now=self.now)
        return Changed(alive, kept, None) if kept != alive else None

    def _after_what_was_shown(self, seen: Sighting, alarm: Alarm) -> Sighting | None:
        """What is seen, counted only from after whatever was shown of it before; None when too little is left."""
        before = [alert.until for alert in self.shown if alerts.overlaps(seen, alert)]
        if not before:
            return seen if seen.found.signals > seen.expected.high else None
        since = max(before) + dt.timedelta(days=1)
        if since > self.today:
            return None
        found = gate.tally(self.cases, seen.area, since=since, until=self.today, known_on=self.today)
        expected = usual(self.cases, seen.area, since=since, today=self.today)
        if gate.refusal(found, self.past.rule) or found.signals <= expected.high:
            return None
        again = self._sighting(alarm, Admitted(seen.area, found), since, own=False)
        return replace(again, expected=expected, climbed=seen.climbed)


def usual(cases: Iterable[SeriesCase], area: Area, *, since: dt.date, today: dt.date) -> Band:
    """What the same number of days held in the year before: the band that 95% of such windows fall in.

    A year with fewer cases than may be told of counts as one with just enough: the band never says how few there were.
    """
    length = (today - since).days + 1
    windows = max(PAST_WINDOWS, 364 // length)
    counts = np.zeros(windows)
    for case in cases:
        back = (since - case.happened_on).days - 1
        if 0 <= back < windows * length and area.holds(case):
            counts[back // length] += 1
    begun = min((c.happened_on for c in cases), default=since)
    counts = counts[: max(1, min(windows, (since - begun).days // length))]
    mean, spread = max(float(counts.mean()), FEWEST_TOLD / len(counts)), float(counts.var())
    if spread <= mean or mean <= 0:
        low, high = scipy.stats.poisson.ppf([TAIL, 1 - TAIL], max(mean, 0.1))
    else:
        shape = mean**2 / (spread - mean)
        low, high = scipy.stats.nbinom.ppf([TAIL, 1 - TAIL], shape, shape / (shape + mean))
    return Band(int(low), int(high))
