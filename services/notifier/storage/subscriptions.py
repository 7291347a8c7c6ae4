# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions and the deliveries that follow from them. A delivery is never removed, only settled."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from services.notifier.storage.alerts import ALERTS
from services.notifier.subscriptions import Kind, State, Subscription
from shared.database import Transaction, UtcDateTime, insert_ignoring

_metadata = sa.MetaData()
SUBSCRIPTIONS: Final = sa.Table(
    "subscriptions",
    _metadata,
    sa.Column("subscription_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("municipality", "by", "role", "channel")),
    sa.Column("address", sa.LargeBinary),
    *(sa.Column(name, sa.String) for name in ("districts", "grounds")),
    sa.Column("level", sa.Integer),
    *(sa.Column(name, sa.String) for name in ("rhythm", "language", "status")),
    sa.Column("made_at", UtcDateTime),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Column("sequence", sa.Integer),
    sa.Column("failures", sa.Integer),
)
DELIVERIES: Final = sa.Table(
    "deliveries",
    _metadata,
    sa.Column("delivery_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("subscription_id", "alert_id", "kind", "once")),
    sa.Column("sequence", sa.Integer),
    sa.Column("status", sa.String),
    sa.Column("made_at", UtcDateTime),
    sa.Column("due_at", UtcDateTime),
    sa.Column("attempts", sa.Integer),
    sa.Column("lease", sa.String),
    sa.Column("leased_until", UtcDateTime),
    sa.Column("done_at", UtcDateTime),
    sa.Column("outcome", sa.String),
)
WAITING: Final = "wacht"
SENT: Final = "verzonden"
GIVEN_UP: Final = "opgegeven"
CANCELLED: Final = "vervallen"
LONGEST_LEASE: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """One message to one receiver. `once` is the same however often it is sent: receivers tell doubles by it."""

    delivery_id: str
    subscription_id: str
    alert_id: str | None
    kind: Kind
    once: str
    made_at: dt.datetime
    due_at: dt.datetime
    sequence: int = 0
    status: str = WAITING
    attempts: int = 0
    lease: str | None = None
    leased_until: dt.datetime | None = None
    done_at: dt.datetime | None = None
    outcome: str | None = None


def _subscription(row: sa.RowMapping) -> Subscription:
    values = {**row, "districts": tuple(row["districts"].split()), "grounds": tuple(row["grounds"].split())}
    return Subscription(**values)


def add(tx: Transaction, subscription: Subscription) -> None:
    """Keep a new subscription."""
    values = {f.name: getattr(subscription, f.name) for f in fields(Subscription)}
    joined = {"districts": " ".join(subscription.districts), "grounds": " ".join(subscription.grounds)}
    tx.add(SUBSCRIPTIONS, **{**values, **joined})


async def find(tx: Transaction, subscription_id: str) -> Subscription | None:
    """The subscription, if there is one."""
    row = await tx.first(sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.subscription_id == subscription_id))
    return _subscription(row) if row else None


async def of_person(tx: Transaction, by: str, role: str) -> list[Subscription]:
    """A person's own subscriptions that have not ended, oldest first."""
    c = SUBSCRIPTIONS.c
    query = sa.select(SUBSCRIPTIONS).where(c.by == by, c.role == role, c.status != "beeindigd")
    return [_subscription(row) for row in await tx.rows(query.order_by(c.made_at, c.subscription_id))]


async def active(tx: Transaction, municipality: str) -> list[Subscription]:
    """Every confirmed subscription of a municipality."""
    c = SUBSCRIPTIONS.c
    query = sa.select(SUBSCRIPTIONS).where(c.municipality == municipality, c.status == "actief")
    return [_subscription(row) for row in await tx.rows(query.order_by(c.subscription_id))]


async def set_state(
    tx: Transaction, subscription_id: str, status: State, *, confirmed_at: dt.datetime | None = None
) -> None:
    """Give it another state; what still waits for an ended one is let go, and its address is forgotten."""
    values: dict[str, Any] = {"status": status, "failures": 0}
    if confirmed_at is not None:
        values["confirmed_at"] = confirmed_at
    if status == "beeindigd":
        values["address"] = b""
    this = SUBSCRIPTIONS.c.subscription_id == subscription_id
    await tx.execute(sa.update(SUBSCRIPTIONS).where(this).values(**values))


async def asked_since(tx: Transaction, by: str, role: str, since: dt.datetime) -> int:
    """How many subscriptions a person asked for since a moment, ended ones included."""
    c = SUBSCRIPTIONS.c
    query = sa.select(sa.func.count()).where(c.by == by, c.role == role, c.made_at > since)
    return int(await tx.scalar(query) or 0)


async def forget_unconfirmed(tx: Transaction, *, before: dt.datetime, at: dt.datetime) -> int:
    """How many subscriptions ended because their receiver did not confirm in time; their addresses are gone."""
    c = SUBSCRIPTIONS.c
    old = sa.select(c.subscription_id).where(c.status == "onbevestigd", c.made_at < before)
    identities = [row["subscription_id"] for row in await tx.rows(old)]
    for identity in identities:
        await cancel(tx, subscription_id=identity, at=at)
        await set_state(tx, identity, "beeindigd")
    return len(identities)


async def plan(tx: Transaction, sendings: Sequence[Sending]) -> int:
    """How many of these were new. Each gets its subscription's next number; one that was planned before is skipped."""
    planned = 0
    for sending in sendings:
        values = {f.name: getattr(sending, f.name) for f in fields(Sending)}
        statement = insert_ignoring(DELIVERIES, tx.dialect).values(values).returning(DELIVERIES.c.delivery_id)
        if await tx.rows(statement):
            planned += 1
            c = SUBSCRIPTIONS.c
            this = c.subscription_id == sending.subscription_id
            await tx.execute(sa.update(SUBSCRIPTIONS).where(this).values(sequence=c.sequence + 1))
            number = sa.select(c.sequence).where(this).scalar_subquery()
            made = DELIVERIES.c.delivery_id == sending.delivery_id
            await tx.execute(sa.update(DELIVERIES).where(made).values(sequence=number))
    return planned


async def cancel(
    tx: Transaction,
    *,
    at: dt.datetime,
    alert_id: str | None = None,
    subscription_id: str | None = None,
    above_level: int | None = None,
) -> None:
    """Let go of what waits and nobody holds, for a subscription or for an alert.

    `above_level`: only for whoever asked for more serious alerts than that.
    """
    c = DELIVERIES.c
    which = c.alert_id == alert_id if alert_id else c.subscription_id == subscription_id
    if above_level is not None:
        s = SUBSCRIPTIONS.c
        which &= c.subscription_id.in_(sa.select(s.subscription_id).where(s.level > above_level))
    await _let_go(tx, which & c.lease.is_(None), at=at)


async def cancel_ended(tx: Transaction, *, at: dt.datetime) -> None:
    """Let go of what waits about an alert that has ended: a message that was under way when it ended, and failed."""
    c, a = DELIVERIES.c, ALERTS.c
    ended = sa.select(a.alert_id).where(a.status.in_(["ingetrokken", "verlopen"]))
    about = c.alert_id.in_(ended) & c.kind.not_in(["ingetrokken", "verlaagd"])
    await _let_go(tx, about & _free(at), at=at)


async def _let_go(tx: Transaction, which: sa.ColumnElement[bool], *, at: dt.datetime) -> None:
    waiting = sa.update(DELIVERIES).where(which, DELIVERIES.c.status == WAITING)
    values = {"status": CANCELLED, "done_at": at, "outcome": "cancelled", "lease": None, "leased_until": None}
    await tx.execute(waiting.values(**values))


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Whether nobody holds a message. A lease that ends later than any can was given by a clock that ran ahead."""
    until = DELIVERIES.c.leased_until
    return sa.or_(until.is_(None), until <= now, until > now + LONGEST_LEASE)


async def receivers(tx: Transaction, alert_id: str) -> list[Subscription]:
    """Whoever was sent something about an alert, or may have been, and has not left since."""
    d, s = DELIVERIES.c, SUBSCRIPTIONS.c
    got = sa.select(d.subscription_id).where(d.alert_id == alert_id, sa.or_(d.status == SENT, d.attempts > 0))
    query = sa.select(SUBSCRIPTIONS).where(s.subscription_id.in_(got), s.status != "beeindigd")
    return [_subscription(row) for row in await tx.rows(query.order_by(s.subscription_id))]


async def claim(
    tx: Transaction, *, now: dt.datetime, lease: str, until: dt.datetime, limit: int
) -> list[tuple[Sending, Subscription]]:
    """What is due and nobody holds, held from now on: the messages whose receivers may be written to."""
    d, s = DELIVERIES.c, SUBSCRIPTIONS.c
    may = sa.or_(s.status == "actief", sa.and_(s.status == "onbevestigd", d.kind == "bevestiging"))
    query = (
        sa.select(d.delivery_id)
        .join(SUBSCRIPTIONS, s.subscription_id == d.subscription_id)
        .where(d.status == WAITING, d.due_at <= now, _free(now), may)
        .order_by(d.due_at, d.subscription_id, d.sequence)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DELIVERIES)
    )
    ids = [row["delivery_id"] for row in await tx.rows(query)]
    if not ids:
        return []
    await tx.execute(
        sa.update(DELIVERIES)
        .where(d.delivery_id.in_(ids))
        .values(lease=lease, leased_until=until, attempts=d.attempts + 1)
    )
    rows = await tx.rows(sa.select(DELIVERIES).where(d.delivery_id.in_(ids)).order_by(d.due_at, d.sequence))
    sendings = [Sending(**row) for row in rows]
    found = {sending.subscription_id: await find(tx, sending.subscription_id) for sending in sendings}
    return [(sending, sub) for sending in sendings if (sub := found[sending.subscription_id]) is not None]


async def settle(
    tx: Transaction, sending: Sending, *, status: str, outcome: str, at: dt.datetime, retry: dt.datetime | None = None
) -> bool:
    """Whether the outcome of an attempt was written: not when somebody else holds the message by now."""
    values: dict[str, Any] = {"outcome": outcome, "lease": None, "leased_until": None, "status": status}
    if retry is not None:
        values["due_at"] = retry
    else:
        values["done_at"] = at
    held = (DELIVERIES.c.delivery_id == sending.delivery_id) & (DELIVERIES.c.lease == sending.lease)
    done = await tx.execute(sa.update(DELIVERIES).where(held).values(**values))
    return bool(done.rowcount)


async def count_failure(tx: Transaction, subscription_id: str, *, failed: bool) -> int:
    """How many messages in a row were given up for this receiver, this one included."""
    c = SUBSCRIPTIONS.c
    this = c.subscription_id == subscription_id
    await tx.execute(sa.update(SUBSCRIPTIONS).where(this).values(failures=c.failures + 1 if failed else 0))
    return int(await tx.scalar(sa.select(c.failures).where(this)) or 0)


async def log(tx: Transaction, *, municipality: str, limit: int = 200) -> list[tuple[Sending, Subscription]]:
    """The newest deliveries of a municipality."""
    d, s = DELIVERIES.c, SUBSCRIPTIONS.c
    query = (
        sa.select(DELIVERIES)
        .join(SUBSCRIPTIONS, s.subscription_id == d.subscription_id)
        .where(s.municipality == municipality)
        .order_by(d.made_at.desc(), d.sequence.desc())
        .limit(limit)
    )
    sendings = [Sending(**row) for row in await tx.rows(query)]
    found = {sending.subscription_id: await find(tx, sending.subscription_id) for sending in sendings}
    return [(sending, sub) for sending in sendings if (sub := found[sending.subscription_id]) is not None]


async def again(tx: Transaction, delivery_id: str, *, now: dt.datetime) -> bool:
    """Whether a delivery that was given up is due again, under the same key."""
    c = DELIVERIES.c
    this = (c.delivery_id == delivery_id) & (c.status == GIVEN_UP)
    values = {"status": WAITING, "due_at": now, "done_at": None, "attempts": 0}
    return bool((await tx.execute(sa.update(DELIVERIES).where(this).values(**values))).rowcount)


async def since_number(tx: Transaction, subscription_id: str, after: int, *, limit: int = 500) -> list[Sending]:
    """What was meant for a receiver after a number, in order: for a receiver that finds a gap."""
    c = DELIVERIES.c
    query = sa.select(DELIVERIES).where(
        c.subscription_id == subscription_id, c.sequence > after, c.kind != "bevestiging"
    )
    return [Sending(**row) for row in await tx.rows(query.order_by(c.sequence).limit(limit))]


async def told_counts(tx: Transaction, alert_ids: Collection[str]) -> list[tuple[str, str, str, int]]:
    """Per alert, role and channel, how many receivers it was sent to."""
    d, s = DELIVERIES.c, SUBSCRIPTIONS.c
    query = (
        sa.select(d.alert_id, s.role, s.channel, sa.func.count(sa.distinct(s.subscription_id)).label("n"))
        .join(SUBSCRIPTIONS, s.subscription_id == d.subscription_id)
        .where(d.alert_id.in_(list(alert_ids)), d.status == SENT)
        .group_by(d.alert_id, s.role, s.channel)
        .order_by(d.alert_id, s.role, s.channel)
    )
    return [(r["alert_id"], r["role"], r["channel"], r["n"]) for r in await tx.rows(query)]
