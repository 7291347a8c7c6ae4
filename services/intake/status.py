# SPDX-License-Identifier: EUPL-1.2
"""How far a signal got, for whoever holds its receipt code. Reads only; says one of five words and two moments."""

from services.intake import receipts, storage
from services.intake.states import Status, status_of
from services.intake.storage import states
from shared.database import Transaction
from shared.errors import NotFound


async def status(code: receipts.ReceiptCode, tx: Transaction, *, secret: bytes) -> Status:
    """The status. Raises: NotFound `receipt_unknown`."""
    found = await storage.receipt(tx, receipts.stored_hash(code, secret=secret))
    case = await states.state(tx, receipts.state_key(receipts.case_id(code), secret=secret))
    if found is None:  # only now: both look-ups happen for right and wrong codes alike
        raise NotFound("receipt_unknown")
    return status_of(found.received_at, found.withdrawn_at, case)
