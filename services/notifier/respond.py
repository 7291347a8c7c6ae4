# SPDX-License-Identifier: EUPL-1.2
"""What people do with an alert: read it, interpret it, undo that, take it back.

Owns who may do what, and that each of these is in the audit log. Never changes what the machine saw.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.notifier import alerts as rules
from services.notifier import shown
from services.notifier.alerts import Alert, Change, Step, Verdict
from services.notifier.messages import Labels
from services.notifier.storage import alerts, telling
from services.notifier.storage import subscriptions as sendings
from services.notifier.storage.alerts import Response
from services.notifier.subscriptions import Slots
from shared import outbox
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import rfc3339
from shared.contracts import AlertRaised, envelope
from shared.database import Transaction
from shared.errors import Conflict, FieldFault, Forbidden, NotFound, Rejected
from shared.vocabulary import lint

READERS: Final = (Role.ADV, Role.GEMEENTE, Role.NETWERK)
INTERPRETERS: Final = (Role.ADV, Role.GEMEENTE)
LONGEST: Final = dt.timedelta(days=366)
UNDO_WITHIN: Final = dt.timedelta(hours=24)
# Forms that are hardly ever anything but personal data; names cannot be told from places this way, so people are asked.
_PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?:\+31|0031|\b0)[\s\-()]*(?:\d[\s\-()]*){8,9}\b|\b\d{9}\b|\bNL\d{2}[A-Z]{4}\d{10}\b"
    r"|\b\d{1,2}[-/]\d{1,2}[-/](?:19|20)\d{2}\b|\b\d{4}\s?[A-Z]{2}\s?\d{1,4}\b"
    r"|\b(?:[Dd]e heer|[Mm]evrouw|[Dd]hr\.?|[Mm]evr?\.?)\s+[A-Z]"
)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A person's view of an alert. `confirmed`: the writer says that it holds no personal data."""

    step: Step
    verdict: Verdict
    text: str
    owner: str
    expires_at: dt.datetime | None = None
    level: int | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What these verbs are wired to."""

    audit: AuditLog
    labels: Labels
    slots: Slots
    new_id: Callable[[], str]
    event_source: str


async def listed(
    staff: Staff, tx: Transaction, *, desk: Desk, municipality: str | None, status: str | None
) -> list[dict[str, Any]]:
    """The alerts a person may read, the newest change first."""
    found = await alerts.listed(tx, municipality=municipality, statuses=(status,) if status else ())
    told = await _receivers(tx, found)
    await _note(tx, staff, "alerts-read", "", desk=desk, facts={"count": len(found)})
    return [shown.as_wire(alert, desk.labels, receivers=told.get(alert.alert_id, ())) for alert in found]


async def read(alert_id: str, tx: Transaction, *, staff: Staff, desk: Desk) -> dict[str, Any]:
    """One alert with what was said of it. Raises: NotFound `no_such_alert`."""
    alert = await _found(tx, alert_id)
    told = await _receivers(tx, [alert])
    said = await alerts.responses(tx, [alert_id])
    await _note(tx, staff, "alert-read", alert_id, desk=desk)
    wire = shown.as_wire(alert, desk.labels, receivers=told.get(alert_id, ()))
    return {**wire, "duidingen": [response_wire(one) for one in said]}


def response_wire(said: Response) -> dict[str, Any]:
    """An interpretation as readers get it."""
    return {
        "id": said.response_id,
        "stap": said.step,
        "oordeel": said.verdict,
        "tekst": said.text,
        "door": said.by,
        "rol": said.role,
        "gegevenOp": rfc3339(said.at),
        "ongedaanOp": rfc3339(said.undone_at) if said.undone_at else None,
    }


async def interpret(
    given: Interpretation, tx: Transaction, *, alert_id: str, staff: Staff, desk: Desk, now: dt.datetime
) -> Response:
    """The interpretation as kept; the alert takes its step, owner and date.

    Raises: Forbidden for the step of another role, Rejected for the text or the date, Conflict for an alert that ended.
    """
    if given.step == "pak-aan" and staff.role != Role.GEMEENTE:
        raise Forbidden("step_not_allowed")
    faults = [*text_faults(given.text, confirmed=given.confirmed), *_date_faults(given, now)]
    faults += text_faults(given.owner, confirmed=True, pointer="/eigenaar")
    if faults:
        raise Rejected("interpretation_invalid", errors=faults)
    alert = await _found(tx, alert_id)
    if not alert.alive:
        raise Conflict("alert_ended")
    after = rules.interpreted(
        alert,
        step=given.step,
        verdict=given.verdict,
        owner=given.owner or staff.name,
        expires_at=given.expires_at,
        now=now,
        level=given.level,
    )
    said = await alerts.responses(tx, [alert_id])
    response = Response(
        response_id=desk.new_id(),
        alert_id=alert_id,
        number=len(said) + 1,
        at=now,
        by=staff.name,
        role=staff.role,
        step=given.step,
        verdict=given.verdict,
        text=given.text,
        before=shown.state_of(alert, level=given.level is not None),
    )
    alerts.add_response(tx, response)
    await alerts.change(tx, after, seen=alert)
    if after.level > alert.level:  # more serious than its receivers know, or serious enough for others
        await telling.tell(tx, after, "grown", slots=desk.slots, now=now, new_id=desk.new_id)
        _announce(tx, after, "grown", desk=desk, now=now)
    facts = {"step": given.step, "verdict": given.verdict, "level": after.level}
    await _note(tx, staff, "alert-interpreted", alert_id, desk=desk, facts=facts)
    return response


async def undo(alert_id: str, tx: Transaction, *, staff: Staff, desk: Desk, now: dt.datetime) -> dict[str, Any]:
    """The alert as it was before the last interpretation, which stays on record as undone.

    Raises: Conflict when there is none, it is another person's, or more than a day old.
    """
    alert = await _found(tx, alert_id)
    standing = [said for said in await alerts.responses(tx, [alert_id]) if said.undone_at is None]
    if not standing or standing[-1].by != staff.name or now - standing[-1].at > UNDO_WITHIN or not alert.alive:
        raise Conflict("nothing_to_undo")
    last = standing[-1]
    after = replace(alert, changed_at=now, **shown.restored(last.before))
    await alerts.undo_response(tx, last, at=now)
    await alerts.change(tx, after, seen=alert)
    if after.level < alert.level:  # the higher level was told
        await telling.tell(tx, after, "lowered", slots=desk.slots, now=now, new_id=desk.new_id)
        _announce(tx, after, "lowered", desk=desk, now=now)
    await _note(tx, staff, "interpretation-undone", alert_id, desk=desk)
    return shown.as_wire(after, desk.labels)


def may_undo(wire: Mapping[str, Any], staff: Staff, now: dt.datetime) -> bool:
    """Whether `undo` would work on an alert that was read: what a page offers must not fail."""
    standing = [said for said in wire["duidingen"] if said["ongedaanOp"] is None]
    if not standing or wire["status"] not in {"open", "geduid"} or standing[-1]["door"] != staff.name:
        return False
    return now - dt.datetime.fromisoformat(standing[-1]["gegevenOp"]) <= UNDO_WITHIN


async def take_back(alert_id: str, tx: Transaction, *, staff: Staff, desk: Desk, now: dt.datetime) -> dict[str, Any]:
    """The alert taken back by hand; everyone who got it is told. Twice is once. Raises: Conflict when it expired."""
    alert = await _found(tx, alert_id)
    if alert.status == "ingetrokken":
        return shown.as_wire(alert, desk.labels)
    if not alert.alive:
        raise Conflict("alert_ended")
    after = rules.taken_back(alert, why="by-hand", now=now)
    await alerts.change(tx, after, seen=alert)
    told = await telling.tell(tx, after, "retracted", slots=desk.slots, now=now, new_id=desk.new_id)
    _announce(tx, after, "retracted", desk=desk, now=now)
    await _note(tx, staff, "alert-taken-back", alert_id, desk=desk, facts={"receivers": told})
    return shown.as_wire(after, desk.labels)


def _announce(tx: Transaction, alert: Alert, change: Change, *, desk: Desk, now: dt.datetime) -> None:
    event = AlertRaised(alert_id=alert.alert_id, municipality=alert.municipality, level=alert.level, change=change)
    outbox.enqueue(tx, envelope(event, source=desk.event_source, at=now))


def text_faults(text: str, *, confirmed: bool, pointer: str = "/tekst") -> list[FieldFault]:
    """What keeps a text from being shown to others: words that accuse, or what looks like personal data."""
    faults: list[FieldFault] = [
        {"pointer": pointer, "detail": f"Gebruik het woord '{word}' hier niet; beschrijf wat is gemeld."}
        for word in lint(text, where="alert")
    ]
    if not confirmed and _PERSONAL.search(text):
        detail = "Dit lijkt op een persoonlijk gegeven. Haal het weg, of bevestig met bevatGeenPersoonsgegevens."
        faults.append({"pointer": pointer, "detail": detail})
    return faults


def judged(told: Mapping[str, Any]) -> Sequence[FieldFault]:
    """What would be said of the texts of an interpretation, when another of its fields has the wrong form."""
    text = text_faults(told.get("tekst", ""), confirmed=bool(told.get("bevatGeenPersoonsgegevens")))
    return [*text, *text_faults(told.get("eigenaar", ""), confirmed=True, pointer="/eigenaar")]


def _date_faults(given: Interpretation, now: dt.datetime) -> Sequence[FieldFault]:
    if given.expires_at is None or now < given.expires_at <= now + LONGEST:
        return ()
    return ({"pointer": "/vervaltOp", "detail": "Dit moment moet in de toekomst liggen, binnen een jaar."},)


async def _found(tx: Transaction, alert_id: str) -> Alert:
    alert = await alerts.find(tx, alert_id)
    if alert is None:
        raise NotFound("no_such_alert")
    return alert


async def _receivers(tx: Transaction, found: Sequence[Alert]) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for alert_id, role, channel, count in await sendings.told_counts(tx, [alert.alert_id for alert in found]):
        told.setdefault(alert_id, []).append({"rol": role, "kanaal": channel, "aantal": count})
    return told


async def _note(
    tx: Transaction, staff: Staff, action: str, subject: str, *, desk: Desk, facts: dict[str, Any] | None = None
) -> None:
    await desk.audit.append(tx, actor=staff.name, role=staff.role, action=action, subject=subject, facts=facts)
