# SPDX-License-Identifier: EUPL-1.2
"""Deleting what is past its term."""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from services.intake.storage import ANSWERS, RECEIPTS, REFERENCES, SIGNALS
from services.intake.storage.clients import USED, delete_expired_tokens
from services.intake.storage.imports import delete_dry_runs, delete_undo_orders
from services.intake.storage.states import STATES
from shared import inbox
from shared.database import Transaction, UtcDateTime
from shared.retention import DELETIONS


async def delete(tx: Transaction, kind: str, *, before: dt.datetime) -> int:
    """How many things of one kind were older than this and are gone. Raises: KeyError for another kind."""
    if kind == "proef-import":
        return await delete_dry_runs(tx, before=before)
    if kind == "intrekopdracht-import":
        return await delete_undo_orders(tx, before=before)
    if kind == "token":
        return await delete_expired_tokens(tx, before=before)
    column = _AGES[kind]
    limit = before if isinstance(column.type, UtcDateTime) else before.date()
    return int((await tx.execute(sa.delete(column.table).where(column < limit))).rowcount)


_AGES: Final = {
    "verzegeld-signaal": SIGNALS.c.received_on,
    "ontvangstcode": RECEIPTS.c.received_at,
    "kenmerk": REFERENCES.c.received_on,
    "stand": STATES.c.changed_on,
    "antwoord": ANSWERS.c.expires_at,
    "gebruikte-verklaring": USED.c.expires_at,
    "ontvangen-bericht": inbox.INBOX.c.seen_on,
    "verwijdering": DELETIONS.c.deleted_at,
}
