# SPDX-License-Identifier: EUPL-1.2
"""What staff set and enter: the rules, tried out before they are saved; campaigns and events; mutes.

Owns that a rule changes only with a reason, an author and an audit entry, and never by itself.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from services.notifier import sightings, verdicts
from services.notifier.alerts import Alert, after_expiry
from services.notifier.gate import GateRule
from services.notifier.sightings import Past
from services.notifier.storage import alerts, staff
from services.notifier.storage.staff import KnownCampaign, Mute, RuleVersion
from services.notifier.threshold import Null
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import rfc3339
from shared.database import Transaction
from shared.errors import FieldFault, Rejected
from shared.vocabulary import lint

SETTERS: Final = (Role.ADV, Role.BEHEER)
READERS: Final = (Role.ADV, Role.GEMEENTE, Role.BEHEER)
LONGEST_DAYS: Final = 366


def retried(past: Past, values: Mapping[str, float | None]) -> Past:
    """The same past under other rules; what is not named stays."""
    given = {name: value for name, value in values.items() if value is not None}
    budget = given.pop("budget_per_year", past.detector.budget_per_year)
    rule = GateRule(
        signals=int(given.get("signals", past.rule.signals)),
        partners=int(given.get("partners", past.rule.partners)),
        days=int(given.get("days", past.rule.days)),
        largest_share=given.get("largest_share", past.rule.largest_share),
    )
    return replace(past, rule=rule, detector=replace(past.detector, budget_per_year=float(budget)))


def chance_for(past: Past, *, today: dt.date, weeks: int) -> Null | None:
    """What chance did here at the first week that has history enough: most of the work of trying out a rule."""
    ready = sightings.prepare(past)
    first = next((day for day in _weekly(today, weeks) if sightings.has_history(ready, day)), None)
    return sightings.chance(ready, first) if first else None


def _weekly(today: dt.date, weeks: int) -> list[dt.date]:
    return [today - dt.timedelta(weeks=back) for back in range(weeks, -1, -1)]


def try_out(past: Past, *, today: dt.date, weeks: int, null: Null | None, new_id: Callable[[], str]) -> list[Alert]:
    """The alerts a rule would have raised in the past weeks, looking once a week. Takes seconds: no transaction."""
    ready, days = sightings.prepare(past), _weekly(today, weeks)
    book: dict[str, Alert] = {}
    for day in days:
        now = dt.datetime.combine(day, dt.time(22), dt.UTC)
        book = {key: after_expiry(a, now=now) if a.alive and a.expires_at <= now else a for key, a in book.items()}
        known = null if sightings.has_history(ready, day) else None
        found = sightings.look(ready, day, null=known, earlier=list(book.values()), now=now, new_id=new_id)
        book |= {change.after.alert_id: change.after for change in found.changes}
    return sorted(book.values(), key=lambda alert: alert.raised_at)


async def set_rule(
    values: Mapping[str, float | None],
    reason: str,
    tx: Transaction,
    *,
    municipality: str,
    by: Staff,
    audit: AuditLog,
    now: dt.datetime,
    new_id: Callable[[], str],
) -> RuleVersion:
    """The new version, in force from now on. Raises: Rejected when nothing changes, Conflict when beaten to it."""
    versions = await staff.rules(tx, municipality)
    before = dict(versions[0].values) if versions else {}
    after = {**before, **{name: value for name, value in values.items() if value is not None}}
    if after == before:
        raise Rejected("rule_unchanged", errors=[{"pointer": "", "detail": "Er verandert niets aan de regels."}])
    number = versions[0].number + 1 if versions else 1
    made = RuleVersion(new_id(), municipality, number, now, by.name, by.role, reason, after)
    staff.add_rule(tx, made)
    await audit.append(
        tx,
        actor=by.name,
        role=by.role,
        action="rule-changed",
        subject=municipality,
        facts={"number": number, **_text(after)},
    )
    return made


def _text(values: Mapping[str, float]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def rule_wire(rule: GateRule, budget_per_year: float) -> dict[str, Any]:
    """The rules as staff read them."""
    return {
        "valsAlarmPerJaar": budget_per_year,
        "minsteSignalen": rule.signals,
        "minsteOrganisaties": rule.partners,
        "minsteDagen": rule.days,
        "grootsteAandeel": rule.largest_share,
    }


def version_wire(version: RuleVersion) -> dict[str, Any]:
    """A version of the rules as staff read it."""
    return {
        "nummer": version.number,
        "door": version.by,
        "rol": version.role,
        "reden": version.reason,
        "waarden": dict(version.values),
        "sindsOp": rfc3339(version.at),
    }


async def scores(tx: Transaction, *, municipality: str) -> list[dict[str, Any]]:
    """How often alerts turned out right, per rule and level."""
    versions = sorted(await staff.rules(tx, municipality), key=lambda version: version.number)
    found = await alerts.listed(tx, municipality=municipality)
    numbered = [(max((v.number for v in versions if v.at <= a.raised_at), default=0), a) for a in found]
    return [
        {
            "regel": one.rule,
            "niveau": one.level,
            "attenderingen": one.raised,
            "beoordeeld": one.judged,
            "spanning": one.right,
            "aandeelVan": round(one.low, 3),
            "aandeelTot": round(one.high, 3),
            "vertragingDagen": one.delay_days,
            "vertragingVan": one.delay_low,
            "vertragingTot": one.delay_high,
        }
        for one in verdicts.scores(numbered)
    ]


async def add_campaign(
    kind: Literal["campagne", "gebeurtenis"],
    label: str,
    period: tuple[dt.date, dt.date],
    grounds: Sequence[str],
    tx: Transaction,
    *,
    municipality: str,
    known_grounds: frozenset[str],
    by: Staff,
    audit: AuditLog,
    now: dt.datetime,
    new_id: Callable[[], str],
) -> KnownCampaign:
    """The campaign or event, known from now on. Raises: Rejected with every fault."""
    faults = _period_faults(period)
    faults += [
        {"pointer": f"/gronden/{index}", "detail": "Deze code staat niet in de lijst."}
        for index, ground in enumerate(grounds)
        if ground not in known_grounds
    ]
    faults += [
        {"pointer": "/naam", "detail": f"Gebruik het woord '{word}' hier niet."} for word in lint(label, where="alert")
    ]
    if faults:
        raise Rejected("campaign_invalid", errors=faults)
    made = KnownCampaign(new_id(), municipality, kind, label, *period, tuple(grounds), by.name, now)
    staff.add_campaign(tx, made)
    await audit.append(tx, actor=by.name, role=by.role, action="campaign-entered", subject=made.campaign_id)
    return made


async def remove_campaign(campaign_id: str, tx: Transaction, *, by: Staff, audit: AuditLog) -> None:
    """The entry is gone. Raises: NotFound `no_such_campaign`."""
    await staff.remove_campaign(tx, campaign_id)
    await audit.append(tx, actor=by.name, role=by.role, action="campaign-removed", subject=campaign_id)


def campaign_wire(one: KnownCampaign) -> dict[str, Any]:
    """A campaign as staff read it."""
    return {
        "id": one.campaign_id,
        "soort": one.kind,
        "naam": one.label,
        "van": one.start.isoformat(),
        "tot": one.end.isoformat(),
        "gronden": list(one.grounds),
        "door": one.by,
        "gemaaktOp": rfc3339(one.at),
    }


async def add_mute(
    mute: Mute,
    tx: Transaction,
    *,
    known_grounds: frozenset[str],
    known_districts: frozenset[str],
    by: Staff,
    audit: AuditLog,
) -> Mute:
    """The mute, in force on its days. Alerts are still raised and shown; only messages about them wait for nobody.

    Raises: Rejected with every fault.
    """
    faults = _period_faults((mute.start, mute.end))
    if mute.ground is not None and mute.ground not in known_grounds:
        faults.append({"pointer": "/grond", "detail": "Deze code staat niet in de lijst."})
    if mute.district is not None and mute.district not in known_districts:
        faults.append({"pointer": "/wijk", "detail": "Deze code staat niet in de lijst."})
    if faults:
        raise Rejected("mute_invalid", errors=faults)
    staff.add_mute(tx, mute)
    await audit.append(tx, actor=by.name, role=by.role, action="mute-entered", subject=mute.mute_id)
    return mute


async def remove_mute(mute_id: str, tx: Transaction, *, by: Staff, audit: AuditLog) -> None:
    """The mute has ended. Raises: NotFound `no_such_mute`."""
    await staff.remove_mute(tx, mute_id)
    await audit.append(tx, actor=by.name, role=by.role, action="mute-removed", subject=mute_id)


def mute_wire(one: Mute) -> dict[str, Any]:
    """A mute as staff read it."""
    return {
        "id": one.mute_id,
        "grond": one.ground,
        "wijk": one.district,
        "van": one.start.isoformat(),
        "tot": one.end.isoformat(),
        "reden": one.reason,
        "door": one.by,
        "gemaaktOp": rfc3339(one.at),
    }


def _period_faults(period: tuple[dt.date, dt.date]) -> list[FieldFault]:
    start, end = period
    if end < start:
        return [{"pointer": "/tot", "detail": "De laatste dag ligt voor de eerste."}]
    if (end - start).days >= LONGEST_DAYS:
        return [{"pointer": "/tot", "detail": "Neem hoogstens een jaar."}]
    return []
