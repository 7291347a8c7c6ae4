# SPDX-License-Identifier: EUPL-1.2
"""The inbox: which events already had their effect, so that a second delivery has none.

Owns the table of seen event ids. Written in the transaction of the effect itself.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa

from shared.database import Transaction

_metadata = sa.MetaData()
INBOX: Final = sa.Table(
    "inbox",
    _metadata,
    sa.Column("event_id", sa.String(64), primary_key=True),
    sa.Column("seen_on", sa.Date),
)


async def first_time(tx: Transaction, event_ids: Sequence[str], *, today: dt.date) -> set[str]:
    """The ids among these that were not seen before; they count as seen from this transaction's commit on."""
    wanted = list(dict.fromkeys(event_ids))
    if not wanted:
        return set()
    known = sa.select(INBOX.c.event_id).where(INBOX.c.event_id.in_(wanted))
    seen = {row["event_id"] for row in await tx.rows(known)}
    fresh = [event_id for event_id in wanted if event_id not in seen]
    # Another process that took the same record meanwhile makes this a conflict, and the batch is looked at again.
    for event_id in fresh:
        tx.add(INBOX, event_id=event_id, seen_on=today)
    return set(fresh)


async def forget(tx: Transaction, event_ids: Collection[str]) -> None:
    """Let these events have their effect once more; for replaying dead letters only."""
    await tx.execute(sa.delete(INBOX).where(INBOX.c.event_id.in_(list(event_ids))))


async def seen_ids(tx: Transaction) -> set[str]:
    """Every id still remembered."""
    return {row["event_id"] for row in await tx.rows(sa.select(INBOX.c.event_id))}
