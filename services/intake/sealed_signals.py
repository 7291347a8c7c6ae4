# SPDX-License-Identifier: EUPL-1.2
"""What a signal becomes the moment it is accepted: sealed, with a receipt, ready to be stored.

Pure but for the operating system's randomness. Works before any transaction is open, because sealing and signing take
longer than storing. After it nobody in intake can read the text again.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from services.intake import receipts
from services.intake.receipt_proofs import ReceiptSigner
from services.intake.signals import Signal, sealed_form
from shared.contracts import SealedWithdrawal, SignalSubmitted, SignalWithdrawn
from shared.sealing import SealingKey, seal


@dataclass(frozen=True, slots=True)
class Sealer:
    """What sealing and receipts need, bound once. `key` gives the newest epoch's key, also after a rotation."""

    key: Callable[[], SealingKey]
    secret: bytes
    signer: ReceiptSigner
    event_source: str


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom a signal comes, as far as the sealed payload tells it."""

    partner_id: str
    municipality: str
    source_ref: str


@dataclass(frozen=True, slots=True)
class SealedOnce:
    """A signal as intake keeps and sends it."""

    signal_id: str
    epoch: str
    sealed: bytes
    receipt_hash: str
    received_at: dt.datetime
    registered_on: dt.date


def seal_new(
    signal: Signal,
    sender: Sender,
    *,
    code: receipts.ReceiptCode,
    received_at: dt.datetime,
    registered_on: dt.date,
    sealer: Sealer,
) -> SealedOnce:
    """A new signal under a new id, readable by the anonymizer alone."""
    signal_id, key = str(uuid4()), sealer.key()
    payload = sealed_form(
        signal,
        case_id=receipts.case_id(code),
        correction=0,
        municipality=sender.municipality,
        source_ref=sender.source_ref,
        received_at=received_at,
        registered_on=registered_on,
    )
    sealed = seal(
        payload.model_dump_json(exclude_defaults=True).encode(), key, signal_id=signal_id,
        purpose=SignalSubmitted.purpose,
    )  # fmt: skip
    receipt_hash = receipts.stored_hash(code, secret=sealer.secret)
    return SealedOnce(signal_id, key.epoch, sealed, receipt_hash, received_at, registered_on)


def seal_withdrawal(code: receipts.ReceiptCode, signal_id: str, key: SealingKey) -> bytes:
    """The order to take the case of this code back, readable by the anonymizer alone."""
    payload = SealedWithdrawal(case_id=receipts.case_id(code)).model_dump_json().encode()
    return seal(payload, key, signal_id=signal_id, purpose=SignalWithdrawn.purpose)


def new_code() -> receipts.ReceiptCode:
    """A code nobody has."""
    return receipts.from_random(secrets.randbits(receipts.RANDOM_BITS))
