# SPDX-License-Identifier: EUPL-1.2
"""Take a signal back. Whoever holds the receipt code may; nobody else can.

The case id is recomputed from the code and travels sealed, so that neither the bus nor intake's tables ever show it.
"""

import datetime as dt
import secrets
from uuid import UUID

from services.intake import receipts, storage
from services.intake.sealed_signals import Sealer, seal_withdrawal
from shared import contracts, outbox, processing_log
from shared.contracts import SignalWithdrawn
from shared.database import Transaction
from shared.errors import NotFound
from shared.processing_log import Activity, Trace


async def withdraw(
    code: receipts.ReceiptCode, tx: Transaction, *, sealer: Sealer, at: dt.datetime, trace: Trace
) -> None:
    """The signal of this code is withdrawn once the transaction has committed; a second time changes nothing.

    Raises: NotFound `receipt_unknown`.
    """
    receipt_hash = receipts.stored_hash(code, secret=sealer.secret)
    found = await storage.receipt(tx, receipt_hash)
    if found is None:
        raise NotFound("receipt_unknown")
    if found.withdrawn_at is not None:
        return
    await storage.mark_withdrawn(tx, receipt_hash, at=at)
    key = sealer.key()
    event = SignalWithdrawn.model_construct(
        signal_id=UUID(found.signal_id),
        epoch=key.epoch,
        schema_version=1,
        sealed=seal_withdrawal(code, found.signal_id, key),
    )
    hop = trace.next_hop()
    event_id = f"{found.signal_id}-w-{secrets.token_hex(4)}"
    outbox.enqueue(
        tx, contracts.envelope(event, source=sealer.event_source, at=at, event_id=event_id, traceparent=str(hop))
    )
    processing_log.note(tx, Activity.WITHDRAW, trace=hop, subject=found.signal_id, at=at)
