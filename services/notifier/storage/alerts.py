# SPDX-License-Identifier: EUPL-1.2
"""Alerts and what people said of them; which days were looked at, and what chance does in a municipality."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from services.notifier.alerts import Alert, Facts
from services.notifier.series import Area
from services.notifier.threshold import Null
from shared.database import Transaction, UtcDateTime
from shared.errors import Conflict

_metadata = sa.MetaData()
ALERTS: Final = sa.Table(
    "alerts",
    _metadata,
    sa.Column("alert_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("municipality", "ground", "terrain", "district")),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("level", sa.Integer),
    sa.Column("step", sa.String),
    sa.Column("status", sa.String),
    sa.Column("facts", sa.Text),
    sa.Column("signals", sa.Integer),
    *(sa.Column(name, UtcDateTime) for name in ("raised_at", "changed_at", "expires_at")),
    sa.Column("due_on", sa.Date),
    *(sa.Column(name, sa.String) for name in ("owner", "verdict", "retraction")),
    sa.Column("told", sa.Integer),
    sa.Column("reminded_on", sa.Date),
)
RESPONSES: Final = sa.Table(
    "responses",
    _metadata,
    sa.Column("response_id", sa.String(36), primary_key=True),
    sa.Column("alert_id", sa.String(36)),
    sa.Column("number", sa.Integer),
    sa.Column("at", UtcDateTime),
    *(sa.Column(name, sa.String) for name in ("by", "role", "step", "verdict", "text", "before")),
    sa.Column("undone_at", UtcDateTime),
)
LOOKED: Final = sa.Table(
    "looked",
    _metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.BigInteger),
    sa.Column("at", UtcDateTime),
    sa.Column("waiting", sa.Integer),
)
CHANCE: Final = sa.Table(
    "chance",
    _metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("budget_per_year", sa.Float, primary_key=True),
    sa.Column("made_on", sa.Date),
    sa.Column("level", sa.Float),
    sa.Column("curve", sa.Text),
)
_AREA: Final = ("ground", "terrain", "district")
_PLAIN: Final = tuple(f.name for f in fields(Alert) if f.name not in {"area", "facts"})


@dataclass(frozen=True, slots=True)
class Response:
    """One interpretation of an alert by a person, as kept."""

    response_id: str
    alert_id: str
    number: int
    at: dt.datetime
    by: str
    role: str
    step: str
    verdict: str
    text: str
    before: Mapping[str, Any]
    undone_at: dt.datetime | None = None


def _values(alert: Alert) -> dict[str, Any]:
    area = {name: getattr(alert.area, name) for name in _AREA}
    return {
        **{name: getattr(alert, name) for name in _PLAIN},
        **area,
        "facts": json.dumps(alert.facts.as_json()),
    }


def _alert(row: sa.RowMapping) -> Alert:
    return Alert(
        area=Area(*(row[name] for name in _AREA)),
        facts=Facts.from_json(json.loads(row["facts"])),
        **{name: row[name] for name in _PLAIN},
    )


def add(tx: Transaction, alert: Alert) -> None:
    """Keep a new alert."""
    tx.add(ALERTS, **_values(alert))


async def change(tx: Transaction, alert: Alert, *, seen: Alert) -> None:
    """Keep a changed alert. Raises: Conflict `alert_changed` when somebody changed it after `seen` was read."""
    same = (
        (ALERTS.c.alert_id == alert.alert_id)
        & (ALERTS.c.status == seen.status)
        & (ALERTS.c.changed_at == seen.changed_at)
    )
    done = await tx.execute(sa.update(ALERTS).where(same).values(**_values(alert)))
    if done.rowcount != 1:
        raise Conflict("alert_changed")


async def find(tx: Transaction, alert_id: str) -> Alert | None:
    """The alert, if there is one."""
    row = await tx.first(sa.select(ALERTS).where(ALERTS.c.alert_id == alert_id))
    return _alert(row) if row else None


async def listed(
    tx: Transaction, *, municipality: str | None = None, statuses: Collection[str] = (), since: dt.date | None = None
) -> list[Alert]:
    """Alerts, the newest change first; `since` leaves out those whose last day lies before it."""
    query = sa.select(ALERTS)
    if municipality is not None:
        query = query.where(ALERTS.c.municipality == municipality)
    if statuses:
        query = query.where(ALERTS.c.status.in_(list(statuses)))
    if since is not None:
        query = query.where(ALERTS.c.until >= since)
    rows = await tx.rows(query.order_by(ALERTS.c.changed_at.desc(), ALERTS.c.alert_id))
    return [_alert(row) for row in rows]


def add_response(tx: Transaction, response: Response) -> None:
    """Keep an interpretation."""
    values = {f.name: getattr(response, f.name) for f in fields(Response)}
    tx.add(RESPONSES, **{**values, "before": json.dumps(dict(response.before))})


async def undo_response(tx: Transaction, response: Response, *, at: dt.datetime) -> None:
    """Mark an interpretation as undone; it stays on record."""
    this = RESPONSES.c.response_id == response.response_id
    await tx.execute(sa.update(RESPONSES).where(this, RESPONSES.c.undone_at.is_(None)).values(undone_at=at))


async def responses(tx: Transaction, alert_ids: Iterable[str]) -> list[Response]:
    """What was said of these alerts, oldest first, undone ones included."""
    query = sa.select(RESPONSES).where(RESPONSES.c.alert_id.in_(list(alert_ids)))
    rows = await tx.rows(query.order_by(RESPONSES.c.at, RESPONSES.c.number))
    return [Response(**{**row, "before": json.loads(row["before"])}) for row in rows]


@dataclass(frozen=True, slots=True)
class Look:
    """The last time a municipality was looked at: the day, the series' version then, and what waits for the digest."""

    day: dt.date
    version: int
    at: dt.datetime
    waiting: int


async def last_look(tx: Transaction, municipality: str, *, now: dt.datetime) -> Look | None:
    """The last look, if there was one; what a clock that ran ahead noted does not count."""
    c = LOOKED.c
    before = sa.select(LOOKED).where(c.municipality == municipality, c.at <= now)
    row = await tx.first(before.order_by(c.day.desc()).limit(1))
    return Look(row["day"], row["version"], row["at"], row["waiting"]) if row else None


async def held_between(tx: Transaction, municipality: str, first: dt.date, last: dt.date) -> bool:
    """Whether something unusual was seen in these days that could not be shown."""
    c = LOOKED.c
    there = sa.select(c.day).where(c.municipality == municipality, c.day >= first, c.day <= last, c.waiting > 0)
    return await tx.first(there.limit(1)) is not None


async def note_look(tx: Transaction, municipality: str, look: Look) -> None:
    """Remember a look; one row a day."""
    c = LOOKED.c
    await tx.execute(sa.delete(LOOKED).where(c.municipality == municipality, c.day == look.day))
    tx.add(LOOKED, municipality=municipality, day=look.day, version=look.version, at=look.at, waiting=look.waiting)


@dataclass(frozen=True, slots=True)
class Chance:
    """What chance does in a municipality, and the day it was worked out."""

    made_on: dt.date
    null: Null


async def chance(tx: Transaction, municipality: str, budget_per_year: float) -> Chance | None:
    """What was worked out last for this budget."""
    c = CHANCE.c
    query = sa.select(CHANCE).where(c.municipality == municipality, c.budget_per_year == budget_per_year)
    row = await tx.first(query)
    if row is None:
        return None
    curve = tuple((float(score), float(rate)) for score, rate in json.loads(row["curve"]))
    return Chance(row["made_on"], Null(row["level"], curve))


async def keep_chance(tx: Transaction, municipality: str, budget_per_year: float, made: Chance) -> None:
    """Keep what was worked out."""
    c = CHANCE.c
    await tx.execute(sa.delete(CHANCE).where(c.municipality == municipality, c.budget_per_year == budget_per_year))
    tx.add(
        CHANCE,
        municipality=municipality,
        budget_per_year=budget_per_year,
        made_on=made.made_on,
        level=made.null.level,
        curve=json.dumps(made.null.curve),
    )
