# SPDX-License-Identifier: EUPL-1.2
"""Send a signal anew. Whoever holds the receipt code may; the case keeps its place and its day of registration.

The new text is sealed like the first one. Intake never compares the two: it could read neither.
"""

import datetime as dt
from uuid import UUID

from services.intake import receipts, storage
from services.intake.sealed_signals import Sealer
from services.intake.signals import Signal, sealed_form
from shared import contracts, outbox, processing_log
from shared.contracts import SignalCorrected
from shared.database import Transaction
from shared.errors import Gone, NotFound
from shared.processing_log import Activity, Trace
from shared.sealing import seal


async def correct(
    code: receipts.ReceiptCode,
    signal: Signal,
    tx: Transaction,
    *,
    partner: storage.Partner,
    sealer: Sealer,
    at: dt.datetime,
    trace: Trace,
) -> None:
    """The signal of this code reads as given once the transaction has committed.

    Raises: NotFound `receipt_unknown`, Gone `receipt_withdrawn`.
    """
    receipt_hash = receipts.stored_hash(code, secret=sealer.secret)
    found = await storage.receipt(tx, receipt_hash)
    if found is None:
        raise NotFound("receipt_unknown")
    number = await storage.next_correction(tx, receipt_hash)
    if number is None:
        raise Gone("receipt_withdrawn")
    key = sealer.key()
    payload = sealed_form(
        signal,
        case_id=receipts.case_id(code),
        correction=number,
        municipality=partner.municipality,
        source_ref=partner.source_ref,
        received_at=found.received_at,
        registered_on=found.registered_on,
    )
    sealed = seal(
        payload.model_dump_json(exclude_defaults=True).encode(), key, signal_id=found.signal_id,
        purpose=SignalCorrected.purpose,
    )  # fmt: skip
    await storage.replace_sealed(tx, found.signal_id, epoch=key.epoch, sealed=sealed)
    event = SignalCorrected.model_construct(
        signal_id=UUID(found.signal_id), epoch=key.epoch, schema_version=1, sealed=sealed
    )
    hop = trace.next_hop()
    event_id = f"{found.signal_id}-c-{number}"
    outbox.enqueue(
        tx, contracts.envelope(event, source=sealer.event_source, at=at, event_id=event_id, traceparent=str(hop))
    )
    processing_log.note(tx, Activity.CORRECT, trace=hop, subject=found.signal_id, at=at)
