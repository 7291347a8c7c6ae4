# SPDX-License-Identifier: EUPL-1.2
"""Who is to hear of an alert, and the deliveries that tell them.

Owns the choice of receivers: what is new goes to whoever asked for it, what is taken back or lowered to everyone who
got it, muted or not, and what nobody needs any more is let go. Never sends anything.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from services.notifier.alerts import Alert, Change
from services.notifier.storage import staff, subscriptions
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Kind, Slots, Subscription, due_at, muted, next_slot, wants
from shared.database import Transaction

KINDS: Final[dict[Change, Kind]] = {
    "raised": "attendering",
    "grown": "gegroeid",
    "lowered": "verlaagd",
    "retracted": "ingetrokken",
}
AT_ONCE: Final[frozenset[Kind]] = frozenset({"ingetrokken", "verlaagd"})  # what was told too much waits for no digest
NewId = Callable[[], str]


async def tell(tx: Transaction, alert: Alert, change: Change, *, slots: Slots, now: dt.datetime, new_id: NewId) -> int:
    """How many receivers will hear of a change of an alert."""
    if change in {"retracted", "lowered"}:
        # whoever still waits for a lowered alert hears of it as it is now, if it is still what they asked for
        above = alert.level if change == "lowered" else None
        await subscriptions.cancel(tx, alert_id=alert.alert_id, above_level=above, at=now)
        chosen = await subscriptions.receivers(tx, alert.alert_id)
    else:
        chosen = await wanting(tx, alert, on=now.astimezone(slots.timezone).date())
    return await _plan(tx, chosen, alert, KINDS[change], slots=slots, now=now, new_id=new_id)


async def remind(tx: Transaction, alert: Alert, *, slots: Slots, now: dt.datetime, new_id: NewId) -> int:
    """How many will hear that the date of an alert has come: its owner, or everyone who may interpret it."""
    chosen = [s for s in await wanting(tx, alert, on=None) if s.role in {"adv", "gemeente"}]
    mine = [s for s in chosen if s.by == alert.owner] or chosen
    return await _plan(tx, mine, alert, "herinnering", slots=slots, now=now, new_id=new_id)


async def wanting(tx: Transaction, alert: Alert, *, on: dt.date | None) -> list[Subscription]:
    """The confirmed subscriptions an alert is for; none while it is muted `on` that day. None: mutes do not count."""
    if on is not None:
        mutes = await staff.mutes(tx, alert.municipality, on=on)
        if muted(alert.area, ((mute.ground, mute.district) for mute in mutes)):
            return []
    active = await subscriptions.active(tx, alert.municipality)
    return [s for s in active if wants(s, municipality=alert.municipality, area=alert.area, level=alert.level)]


async def _plan(
    tx: Transaction,
    chosen: Sequence[Subscription],
    alert: Alert,
    kind: Kind,
    *,
    slots: Slots,
    now: dt.datetime,
    new_id: NewId,
) -> int:
    return await subscriptions.plan(tx, [message(s, alert, kind, slots=slots, now=now, new_id=new_id) for s in chosen])


def told_of(
    kind: Kind, subscription: Subscription, *, on: dt.date, slots: Slots, now: dt.datetime, new_id: NewId
) -> Sending:
    """A message that is about no alert, at most once a day to one receiver."""
    return Sending(
        delivery_id=new_id(),
        subscription_id=subscription.subscription_id,
        alert_id=None,
        kind=kind,
        once=f"{subscription.subscription_id}:{on:%Y%m%d}:{kind}",
        made_at=now,
        due_at=next_slot(now, slots),
    )


def message(
    subscription: Subscription, alert: Alert, kind: Kind, *, slots: Slots, now: dt.datetime, new_id: NewId
) -> Sending:
    """The message about an alert to one receiver.

    `once` of a digest begins with its moment: all rows of one moment are one message, see `deliver`. A digest of a
    month is part of that month's picture.
    """
    direct = subscription.rhythm == "direct" or kind in AT_ONCE
    moment = due_at("direct" if direct else subscription.rhythm, now, slots)
    digest: Kind = "beeld" if subscription.rhythm == "maandelijks" else "overzicht"
    what = f"{alert.alert_id}:{kind}" if direct else f"{digest}:{alert.alert_id}"
    stamp = alert.changed_at if direct else moment
    return Sending(
        delivery_id=new_id(),
        subscription_id=subscription.subscription_id,
        alert_id=alert.alert_id,
        kind=kind if direct else digest,
        once=f"{subscription.subscription_id}:{stamp:%Y%m%dT%H%M%S}:{what}",
        made_at=now,
        due_at=moment,
    )
