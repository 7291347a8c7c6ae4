# SPDX-License-Identifier: EUPL-1.2
"""Send the good rows of a file, a piece at a time. Each piece is one transaction: a killed process loses nothing and
sends nothing twice.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from services.intake import storage
from services.intake.storage import imports as kept
from services.intake.storage.imports import Import
from shared import contracts, outbox, processing_log
from shared.contracts import SignalSubmitted
from shared.database import Transaction
from shared.errors import Conflict, NotFound
from shared.processing_log import Activity, Trace

ROWS_AT_ONCE: Final = 500
WORK: Final = "imports"  # the event that wakes whoever works imports off


async def confirm(import_id: str, tx: Transaction, *, partner_id: str, at: dt.datetime) -> Import:
    """The import, to be worked off from now on; confirming twice changes nothing.

    Raises: NotFound `import_unknown`, Conflict `import_undone`.
    """
    found = await kept.get(tx, import_id, partner_id=partner_id)
    if found is None:
        raise NotFound("import_unknown")
    if found.state in {"undoing", "undone"}:
        raise Conflict("import_undone")
    if found.state == "dry":
        await kept.move(tx, import_id, state="confirming", confirmed_at=at)
        tx.signal(WORK)
    return found


async def send_piece(one: Import, tx: Transaction, *, event_source: str, at: dt.datetime) -> int:
    """How many rows were sent; 0 once the import is done."""
    rows = await kept.rows_in(tx, one.id, "staged", limit=ROWS_AT_ONCE)
    if not rows:
        await kept.move(tx, one.id, state="done")
        return 0
    trace = Trace.following(one.traceparent)
    await storage.note_references(tx, [row.reference_hash for row in rows if row.reference_hash], on=at.date())
    for row in rows:
        event = SignalSubmitted.model_construct(
            signal_id=UUID(row.signal_id), epoch=row.epoch, schema_version=1, sealed=row.sealed or b""
        )
        hop = trace.next_hop()
        made = contracts.envelope(event, source=event_source, at=at, event_id=row.signal_id, traceparent=str(hop))
        outbox.enqueue(tx, made)
        processing_log.note(tx, Activity.RECEIVE, trace=hop, subject=row.signal_id, at=at)
    await kept.rows_sent(tx, one, last=rows[-1].number, at=at)
    await kept.count_done(tx, one.id, len(rows))
    return len(rows)
