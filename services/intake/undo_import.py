# SPDX-License-Identifier: EUPL-1.2
"""Take a whole file back, a piece at a time, with the orders that were sealed when it was tried.

The same as withdrawing every signal of it; rows that were not sent yet are forgotten at once.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from services.intake.storage import imports as kept
from services.intake.storage.imports import Import
from shared import contracts, outbox, processing_log
from shared.contracts import SignalWithdrawn
from shared.database import Transaction
from shared.errors import Gone, NotFound
from shared.processing_log import Activity, Trace

ROWS_AT_ONCE: Final = 500
WORK: Final = "imports"  # the same event that wakes confirming


async def undo(import_id: str, tx: Transaction, *, partner_id: str, undo_days: int, at: dt.datetime) -> Import:
    """The import, to be taken back from now on; undoing twice changes nothing.

    Raises: NotFound `import_unknown`, Gone `import_final` when its term has passed.
    """
    found = await kept.get(tx, import_id, partner_id=partner_id)
    if found is None:
        raise NotFound("import_unknown")
    if found.state in {"undoing", "undone"}:
        return found
    if found.confirmed_at is not None and found.confirmed_at + dt.timedelta(days=undo_days) < at:
        raise Gone("import_final")
    await kept.drop_staged(tx, import_id)
    await kept.move(tx, import_id, state="undoing", confirmed_at=found.confirmed_at or at)
    tx.signal(WORK)
    return found


async def take_back_piece(one: Import, tx: Transaction, *, event_source: str, at: dt.datetime) -> int:
    """How many rows were taken back; 0 once the import is undone."""
    rows = await kept.rows_in(tx, one.id, "sent", limit=ROWS_AT_ONCE)
    if not rows:
        await kept.move(tx, one.id, state="undone")
        return 0
    trace = Trace.following(one.traceparent)
    for row in rows:
        event = SignalWithdrawn.model_construct(
            signal_id=UUID(row.signal_id), epoch=row.epoch, schema_version=1, sealed=row.withdrawal or b""
        )
        hop = trace.next_hop()
        event_id = f"{row.signal_id}-w-import"
        outbox.enqueue(
            tx, contracts.envelope(event, source=event_source, at=at, event_id=event_id, traceparent=str(hop))
        )
        processing_log.note(tx, Activity.WITHDRAW, trace=hop, subject=row.signal_id, at=at)
    await kept.rows_gone(tx, one.id, last=rows[-1].number, at=at)
    return len(rows)
