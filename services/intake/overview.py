# SPDX-License-Identifier: EUPL-1.2
"""What a partner may know of its own signals: how many per month, how far they got, when its keys were used.

Never contents, never another partner's, and nothing finer than a month and a day.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from services.intake import storage
from services.intake.states import COUNTED, NOT_COUNTED, REVIEWING
from services.intake.storage import states
from shared.database import Transaction


@dataclass(frozen=True, slots=True)
class Month:
    """One month of registration."""

    month: str
    sent: int
    reviewing: int
    counted: int
    not_counted: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key or link that still works."""

    kind: str
    created_on: dt.date
    expires_on: dt.date | None
    last_used_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A partner's own picture, newest month first."""

    months: list[Month]
    keys: list[KeyUse]


async def overview(partner: storage.Partner, tx: Transaction, *, now: dt.datetime) -> Overview:
    """The picture of this partner, and of no other."""
    sent = await states.receipts_by_month(tx, partner.id)
    cases = await states.counts_by_month(tx, partner.source_ref)
    months = [
        Month(
            month=month,
            sent=sent.get(month, (0, 0))[0],
            reviewing=states_of[REVIEWING],
            counted=states_of[COUNTED],
            not_counted=states_of[NOT_COUNTED],
            withdrawn=sent.get(month, (0, 0))[1],
        )
        for month in sorted({*sent, *cases}, reverse=True)
        for states_of in [cases.get(month, Counter())]
    ]
    keys = [
        KeyUse(one.kind, one.created_at.date(), one.expires_at.date() if one.expires_at else None, one.last_used_on)
        for one in await storage.credentials_of(tx, partner.id)
        if one.kind != "token" and one.revoked_at is None and (one.expires_at is None or one.expires_at > now)
    ]
    return Overview(months, keys)
