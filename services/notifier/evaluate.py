# SPDX-License-Identifier: EUPL-1.2
"""Look at a municipality and keep what was found: alerts, their changes, what must be sent, notices.

The look itself is `sightings`; here is what goes in and what is kept. Doing it twice on one day, or being stopped
half-way, changes nothing: the second look sees the alerts of the first, and all of it is one transaction.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.notifier import alerts as rules
from services.notifier import sightings
from services.notifier.alerts import Alert
from services.notifier.detector import DetectorSettings
from services.notifier.gate import GateRule
from services.notifier.series import COUNTED_KIND
from services.notifier.sightings import Codes, Findings, Occurrence, Past
from services.notifier.storage import alerts, series, staff, telling
from services.notifier.storage import subscriptions as sendings
from services.notifier.storage.alerts import Chance, Look
from services.notifier.storage.staff import Notice
from services.notifier.subscriptions import Slots
from services.notifier.threshold import Null
from shared import outbox
from shared.contracts import AlertClaim, AlertRaised, envelope
from shared.database import Transaction

REACH_BACK: Final = dt.timedelta(days=120)  # alerts that ended longer ago share no case with a window of ten weeks
CHANCE_LASTS: Final = dt.timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality as far as a look needs it, and the rules that hold when nobody has set others."""

    municipality: str
    codes: Codes
    slots: Slots
    series_days: int
    rule: GateRule
    detector: DetectorSettings
    calendar: Callable[[int, int], Sequence[Occurrence]]

    def today(self, now: dt.datetime) -> dt.date:
        """The day it is there."""
        return now.astimezone(self.slots.timezone).date()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a look needs, read in one snapshot."""

    past: Past
    earlier: tuple[Alert, ...]
    null: Null | None
    version: int


async def gather(place: Place, tx: Transaction, *, now: dt.datetime, at_least: dt.timedelta) -> Gathered | None:
    """What today's look needs, or None when there is nothing new since the last one, or that was just now."""
    today = place.today(now)
    version = await series.version(tx, municipality=place.municipality)
    last = await alerts.last_look(tx, place.municipality, now=now)
    if last is not None and last.day >= today and (last.version == version or now - last.at < at_least):
        return None
    past = await past_of(place, tx, today=today)
    known = await alerts.chance(tx, place.municipality, past.detector.budget_per_year)
    fresh = known is not None and dt.timedelta(0) <= today - known.made_on < CHANCE_LASTS
    earlier = await alerts.listed(tx, municipality=place.municipality, since=today - REACH_BACK)
    return Gathered(past, tuple(earlier), known.null if known and fresh else None, version)


async def past_of(place: Place, tx: Transaction, *, today: dt.date) -> Past:
    """The series and all that is known beside it, under the rules in force."""
    since = today - dt.timedelta(days=place.series_days)
    cases = await series.series(tx, municipality=place.municipality, since=since)
    entered = [
        Occurrence(c.label, c.start, c.end, c.grounds, expects_more=c.kind == "campagne")
        for c in await staff.campaigns(tx, place.municipality)
    ]
    versions = await staff.rules(tx, place.municipality)
    rule, detector = in_force(place, versions[0].values if versions else {})
    return Past(
        place.municipality,
        [case for case in cases if case.arrived_on <= today],
        [*place.calendar(since.year, today.year), *entered],
        place.codes,
        rule,
        detector,
    )


def in_force(place: Place, values: object) -> tuple[GateRule, DetectorSettings]:
    """The rules with what somebody set in place of the defaults."""
    given = values if isinstance(values, dict) else {}
    rule = GateRule(
        signals=int(given.get("signals", place.rule.signals)),
        partners=int(given.get("partners", place.rule.partners)),
        days=int(given.get("days", place.rule.days)),
        largest_share=float(given.get("largest_share", place.rule.largest_share)),
    )
    budget = float(given.get("budget_per_year", place.detector.budget_per_year))
    return rule, replace(place.detector, budget_per_year=budget)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found, and what chance does here if that was worked out anew."""

    findings: Findings
    made: Null | None


def look(gathered: Gathered, place: Place, *, now: dt.datetime, new_id: Callable[[], str]) -> Looked:
    """The look itself: no database, so that it can run beside everything else. Costs a second when chance is due."""
    today = place.today(now)
    ready = sightings.prepare(gathered.past)
    null, made = gathered.null, None
    if null is None and sightings.has_history(ready, today):
        null = made = sightings.chance(ready, today)
    found = sightings.look(ready, today, null=null, earlier=gathered.earlier, now=now, new_id=new_id)
    return Looked(found, made)


async def record(
    looked: Looked,
    gathered: Gathered,
    tx: Transaction,
    *,
    place: Place,
    now: dt.datetime,
    new_id: Callable[[], str],
    event_source: str,
) -> int:
    """How many alerts are new or changed. Raises: Conflict when somebody else changed an alert meanwhile."""
    today = place.today(now)
    last = await alerts.last_look(tx, place.municipality, now=now)
    if last is not None and last.day >= today and last.version == gathered.version:
        return 0  # another process was first
    if looked.made is not None:
        budget = gathered.past.detector.budget_per_year
        await alerts.keep_chance(tx, place.municipality, budget, Chance(today, looked.made))
    told = 0
    for changed in looked.findings.changes:
        told += changed.change is not None
        if changed.before is None:
            alerts.add(tx, changed.after)
        else:
            await alerts.change(tx, changed.after, seen=changed.before)
        if changed.change is not None:
            event = AlertRaised(
                alert_id=changed.after.alert_id,
                municipality=place.municipality,
                level=changed.after.level,
                change=changed.change,
                claim=None if changed.change == "retracted" else claim_of(changed.after, today),
            )
            outbox.enqueue(tx, envelope(event, source=event_source, at=now))
            await telling.tell(tx, changed.after, changed.change, slots=place.slots, now=now, new_id=new_id)
    await _notices(tx, looked.findings, place=place, today=today, now=now, new_id=new_id)
    await alerts.note_look(tx, place.municipality, Look(today, gathered.version, now, len(looked.findings.held)))
    return told


def claim_of(alert: Alert, today: dt.date) -> AlertClaim:
    """The least that readers of an alert know. A case is registered on the day it happened or later."""
    return AlertClaim(
        kind=COUNTED_KIND,
        ground=alert.area.ground,
        terrain=alert.area.terrain,
        district=alert.area.district,
        first=alert.since,
        last=today,
        at_least=alert.facts.observed.low,
    )


async def _notices(
    tx: Transaction, found: Findings, *, place: Place, today: dt.date, now: dt.datetime, new_id: Callable[[], str]
) -> None:
    """What the administrator and the coordinator must know: floods, one source behind a rise, silent partners.

    It is noted once; the bureau's subscribers hear that there is something to read.
    """
    made = [("flood", f.source_ref, f.monday, {"signals": f.signals}) for f in found.floods]
    month = today.replace(day=1)
    made += [
        ("one-source", "/".join(filter(None, (h.area.ground, h.area.terrain, h.area.district))), month, {})
        for h in found.held
        if h.one_source
    ]
    made += [(lull.kind, lull.source_ref, lull.last_on, {"usual_days": lull.usual_days}) for lull in found.lulls]
    fresh = [
        await staff.note(tx, Notice(new_id(), place.municipality, code, subject, since, facts, now))
        for code, subject, since, facts in made
    ]
    if any(fresh):
        coordinators = [
            telling.told_of("mededeling", one, on=today, slots=place.slots, now=now, new_id=new_id)
            for one in await sendings.active(tx, place.municipality)
            if one.role == "adv" and one.channel == "mail"
        ]
        await sendings.plan(tx, coordinators)


async def expire(place: Place, tx: Transaction, *, now: dt.datetime, new_id: Callable[[], str]) -> int:
    """How many alerts fell back to open, expired, or had their owner reminded because a date has passed."""
    today, done = place.today(now), 0
    for alert in await alerts.listed(tx, municipality=place.municipality, statuses=("open", "geduid")):
        lapsed = alert.expires_at <= now
        if not lapsed and not rules.needs_reminder(alert, today):
            continue
        after = rules.after_expiry(alert, now=now) if lapsed else replace(alert, reminded_on=today)
        await alerts.change(tx, after, seen=alert)
        # whoever was reminded that morning knows; whoever was not, hears now that it is open again
        if not lapsed or (after.alive and alert.reminded_on is None):
            await telling.remind(tx, replace(after, owner=alert.owner), slots=place.slots, now=now, new_id=new_id)
        done += 1
    return done
