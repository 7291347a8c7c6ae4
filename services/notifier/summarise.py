# SPDX-License-Identifier: EUPL-1.2
"""When a month is over: make its picture, and tell whoever asked for it.

Owns that a picture is made once. What it may say is `picture`'s.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from services.notifier.messages import Labels, Language, month_name, picture_lines, says_not
from services.notifier.picture import Picture, drawn, last_of, month_before
from services.notifier.series import COUNTED_KIND
from services.notifier.sightings import Past
from services.notifier.storage import alerts, pictures, staff, subscriptions
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Slots, next_slot
from shared import outbox
from shared.clock import rfc3339
from shared.contracts import AlertClaim, AlertRaised, envelope
from shared.database import Transaction


async def summarise(
    past: Past, tx: Transaction, *, slots: Slots, now: dt.datetime, new_id: Callable[[], str], event_source: str
) -> Picture | None:
    """The picture of the month that is over, or None when it was made before or there is nothing to tell."""
    month = month_before(now.astimezone(slots.timezone).date())
    known = await pictures.listed(tx, past.municipality, limit=1)
    if known and known[0].month >= month:
        return None
    last = last_of(month)
    held = await alerts.held_between(tx, past.municipality, month, last)
    silent = await staff.noted_between(tx, past.municipality, ("quiet", "late-batch"), month, last)
    made = drawn(past, month, held=held, gaps=silent, now=now)
    if made is None or not await pictures.keep(tx, made):
        return None
    for event in _claims(made, past.rule.signals, new_id):
        outbox.enqueue(tx, envelope(event, source=event_source, at=now))
    moment = next_slot(now, slots)
    chosen = [s for s in await subscriptions.active(tx, past.municipality) if s.rhythm == "maandelijks" or s.level == 0]
    await subscriptions.plan(
        tx,
        [
            Sending(
                delivery_id=new_id(),
                subscription_id=one.subscription_id,
                alert_id=None,
                kind="beeld",
                once=f"{one.subscription_id}:{moment:%Y%m%dT%H%M%S}:beeld:{month:%Y-%m}",
                made_at=now,
                due_at=moment,
            )
            for one in chosen
        ],
    )
    return made


def _claims(made: Picture, fewest: int, new_id: Callable[[], str]) -> list[AlertRaised]:
    """The least that readers of a picture know of counts, for the tables released after it."""
    known: list[str | None] = [*made.grounds, *([None] if made.volume != "onbekend" else [])]
    return [
        AlertRaised(
            alert_id=new_id(),
            municipality=made.municipality,
            level=0,
            change="raised",
            claim=AlertClaim(
                kind=COUNTED_KIND,
                ground=ground,
                terrain=None,
                district=None,
                first=made.month,
                last=last_of(made.month),
                at_least=fewest,
            ),
        )
        for ground in known
    ]


async def listed(
    tx: Transaction, *, municipality: str, labels: Labels, language: Language = "nl"
) -> list[dict[str, Any]]:
    """The pictures, the newest first, each with the alerts that were raised in its month."""
    every = await alerts.listed(tx, municipality=municipality)
    return [
        {
            "maand": f"{one.month:%Y-%m}",
            "naam": month_name(one.month, language),
            "gemeente": one.municipality,
            "omvang": one.volume,
            "meerDanVerwacht": list(one.grounds),
            "tekst": picture_lines(one, labels, language),
            "zegtNiet": says_not(language),
            "context": list(one.context),
            "attenderingen": [a.alert_id for a in every if a.raised_at.date().replace(day=1) == one.month],
            "gemaaktOp": rfc3339(one.made_at),
        }
        for one in await pictures.listed(tx, municipality)
    ]
