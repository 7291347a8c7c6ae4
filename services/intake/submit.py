# SPDX-License-Identifier: EUPL-1.2
"""Accept a signal: seal it, store it, give a receipt, and queue it for the anonymizer. One transaction.

Knows nothing of HTTP. After this function nobody in intake can read the text again.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import uuid4

from services.intake import receipts, storage
from services.intake.receipt_proofs import ReceiptSigner
from services.intake.signals import Signal, sealed_form
from shared import contracts, outbox
from shared.clock import Clock
from shared.contracts import SignalSubmitted
from shared.database import Transaction
from shared.sealing import SealingKey, seal


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid signal, from whom, and the exact bytes it came in."""

    signal: Signal
    partner: storage.Partner
    body: bytes
    registered_on: dt.date
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the sender is told."""

    code: receipts.ReceiptCode
    proof: str
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Sealer:
    """What sealing and receipts need, bound once."""

    key: SealingKey
    secret: bytes
    signer: ReceiptSigner
    clock: Clock
    event_source: str


async def submit(submission: Submission, tx: Transaction, *, sealer: Sealer) -> Accepted:
    """The receipt of a signal that is stored and queued once the transaction has committed."""
    now = sealer.clock.now().replace(microsecond=0)
    code = receipts.from_random(secrets.randbits(receipts.RANDOM_BITS))
    signal_id = uuid4()
    payload = sealed_form(
        submission.signal,
        case_id=receipts.case_id(code),
        correction=0,
        municipality=submission.partner.municipality,
        source_ref=submission.partner.source_ref,
        received_at=now,
        registered_on=submission.registered_on,
    )
    sealed = seal(
        payload.model_dump_json(exclude_defaults=True).encode(),
        sealer.key,
        signal_id=str(signal_id),
        purpose=SignalSubmitted.purpose,
    )
    storage.add_signal(
        tx, signal_id=str(signal_id), epoch=sealer.key.epoch, sealed=sealed, received_on=submission.registered_on
    )
    storage.add_receipt(
        tx,
        receipt_hash=receipts.stored_hash(code, secret=sealer.secret),
        signal_id=str(signal_id),
        partner_id=submission.partner.id,
        received_at=now,
    )
    event = SignalSubmitted.model_construct(
        signal_id=signal_id, epoch=sealer.key.epoch, schema_version=1, sealed=sealed
    )
    outbox.enqueue(
        tx,
        contracts.envelope(
            event, source=sealer.event_source, at=now, event_id=str(signal_id), traceparent=submission.traceparent
        ),
    )
    return Accepted(code, sealer.signer.sign(code, submission.body, received_at=now), now)
