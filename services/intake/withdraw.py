# SPDX-License-Identifier: EUPL-1.2
"""Take a signal back. Whoever holds the receipt code may; nobody else can.

The case id is recomputed from the code and travels sealed, so that neither the bus nor intake's tables ever show it.
"""

import secrets
from uuid import UUID

from services.intake import receipts, storage
from shared import contracts, outbox
from shared.clock import Clock
from shared.contracts import SealedWithdrawal, SignalWithdrawn
from shared.database import Transaction
from shared.errors import NotFound
from shared.sealing import SealingKey, seal


async def withdraw(
    code: receipts.ReceiptCode, tx: Transaction, *, key: SealingKey, secret: bytes, clock: Clock, event_source: str
) -> None:
    """The signal of this code is withdrawn once the transaction has committed; a second time changes nothing.

    Raises: NotFound `receipt_unknown`.
    """
    receipt_hash = receipts.stored_hash(code, secret=secret)
    found = await storage.receipt(tx, receipt_hash)
    if found is None:
        raise NotFound("receipt_unknown")
    if found.withdrawn_at is not None:
        return
    now = clock.now()
    await storage.mark_withdrawn(tx, receipt_hash, at=now)
    payload = SealedWithdrawal(case_id=receipts.case_id(code)).model_dump_json().encode()
    sealed = seal(payload, key, signal_id=found.signal_id, purpose=SignalWithdrawn.purpose)
    event = SignalWithdrawn.model_construct(
        signal_id=UUID(found.signal_id), epoch=key.epoch, schema_version=1, sealed=sealed
    )
    event_id = f"{found.signal_id}-w-{secrets.token_hex(4)}"
    outbox.enqueue(tx, contracts.envelope(event, source=event_source, at=now, event_id=event_id))
