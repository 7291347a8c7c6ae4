# SPDX-License-Identifier: EUPL-1.2
"""Accept signals: store what was sealed, remember the receipt, queue it for the anonymizer. One transaction.

Knows nothing of HTTP. `prepare` does what takes time and needs no database; `submit` only adds rows.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake import receipts, sealed_signals, storage
from services.intake.sealed_signals import SealedOnce, Sealer
from services.intake.signals import Signal
from shared import contracts, outbox, processing_log
from shared.contracts import Envelope, SignalSubmitted
from shared.database import Transaction
from shared.processing_log import Activity, Trace


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid signal, from whom, and the exact bytes it came in."""

    signal: Signal
    partner: storage.Partner
    body: bytes
    registered_on: dt.date
    trace: Trace


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the sender is told."""

    code: receipts.ReceiptCode
    proof: str
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signal ready to be stored, and what its sender will be told once it is."""

    accepted: Accepted
    stored: SealedOnce
    event: Envelope
    partner_id: str
    reference_hash: str | None
    trace: Trace


def prepare(submission: Submission, *, at: dt.datetime, sealer: Sealer) -> Prepared:
    """The signal sealed, its receipt signed. Nothing is stored yet."""
    now, partner = at.replace(microsecond=0), submission.partner
    code = sealed_signals.new_code()
    sender = sealed_signals.Sender(partner.id, partner.municipality, partner.source_ref)
    stored = sealed_signals.seal_new(
        submission.signal, sender, code=code, received_at=now, registered_on=submission.registered_on, sealer=sealer
    )
    event = SignalSubmitted.model_construct(
        signal_id=UUID(stored.signal_id), epoch=stored.epoch, schema_version=1, sealed=stored.sealed
    )
    trace = submission.trace.next_hop()
    envelope = contracts.envelope(
        event, source=sealer.event_source, at=now, event_id=stored.signal_id, traceparent=str(trace)
    )
    proof = sealer.signer.sign(code, submission.body, received_at=now)
    reference = submission.signal.partner_reference
    reference_hash = (
        receipts.reference_hash(reference, partner_id=partner.id, secret=sealer.secret) if reference else None
    )
    return Prepared(Accepted(code, proof, now), stored, envelope, partner.id, reference_hash, trace)


async def submit(prepared: Sequence[Prepared], tx: Transaction) -> set[str]:
    """Which partner references were seen before. The signals are stored and queued once the transaction commits."""
    hashes = [one.reference_hash for one in prepared if one.reference_hash]
    known = await storage.note_references(tx, hashes, on=prepared[0].stored.received_at.date()) if hashes else set()
    for one in prepared:
        storage.add_signal(tx, one.stored, partner_id=one.partner_id)
        outbox.enqueue(tx, one.event)
        processing_log.note(
            tx, Activity.RECEIVE, trace=one.trace, subject=one.stored.signal_id, at=one.stored.received_at
        )
    return known
