# SPDX-License-Identifier: EUPL-1.2
"""The audit log: who did or saw what, in a chain that cannot be altered unseen.

Owns the append-only table, its hash chain over canonical JSON (RFC 8785) and the signed checkpoints (Ed25519). No
personal data stands in the chain: a subject is a salted commitment that only whoever knows the subject can check.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.clock import Clock, rfc3339
from shared.database import Transaction

GENESIS: Final = "0" * 64
CHECKPOINT_EVERY: Final = 64  # a cut-off tail of fewer entries shows by its missing checkpoint only after this many
ADVISORY_LOCK: Final = 0xA0D1

_metadata = sa.MetaData()
AUDIT: Final = sa.Table(
    "audit",
    _metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.Text),
    sa.Column("previous", sa.String(64)),
    sa.Column("hash", sa.String(64)),
    sa.Column("signature", sa.Text),
)


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Appends to the chain of one service. `signing` is None where this process may not sign checkpoints."""

    service: str
    clock: Clock
    secret: bytes
    signing: Ed25519PrivateKey | None = None

    async def append(
        self,
        tx: Transaction,
        *,
        actor: str,
        role: str,
        action: str,
        subject: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> str:
        """The hash of the new entry. Written in the transaction of what it tells about.

        `actor` is the name a staff link was made for; `facts` hold codes and counts, never content.
        """
        if tx.dialect == "postgresql":  # two writers must not both take the same predecessor
            await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
        last = await tx.first(sa.select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1))
        seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
        entry = {
            "seq": seq,
            "at": rfc3339(self.clock.now()),
            "service": self.service,
            "actor": actor,
            "role": role,
            "action": action,
            "subject": commitment(self.secret, subject) if subject else "",
            "facts": dict(facts or {}),
        }
        digest = chain_hash(previous, entry)
        signature = self.signing.sign(digest.encode()).hex() if self.signing and seq % CHECKPOINT_EVERY == 0 else None
        tx.add(AUDIT, seq=seq, entry=rfc8785.dumps(entry).decode(), previous=previous, hash=digest, signature=signature)
        await tx.flush()
        return digest


def commitment(secret: bytes, subject: str) -> str:
    """A value that stands for the subject and can be checked, not reversed."""
    return hmac.new(secret, subject.encode(), hashlib.sha256).hexdigest()[:32]


def chain_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash that ties an entry to everything before it.

    >>> chain_hash(GENESIS, {"seq": 1})[:12]
    '0a0089855037'
    """
    return hashlib.sha256(previous.encode() + rfc8785.dumps(dict(entry))).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a chain found. `broken_at` is the first entry that does not fit, 0 when all do."""

    entries: int
    checkpoints: int
    broken_at: int
    last_hash: str


def verify(rows: Sequence[Mapping[str, Any] | sa.RowMapping], public: Ed25519PublicKey) -> Verdict:
    """Whether these entries, oldest first, form an unbroken chain with good signatures."""
    previous, checkpoints = GENESIS, 0
    for number, row in enumerate(rows, start=1):
        entry = json.loads(row["entry"])
        whole = row["seq"] == number == entry["seq"] and row["previous"] == previous
        if not whole or chain_hash(previous, entry) != row["hash"] or not _signature_holds(row, public):
            return Verdict(len(rows), checkpoints, number, previous)
        checkpoints += row["signature"] is not None
        previous = row["hash"]
    return Verdict(len(rows), checkpoints, 0, previous)


def _signature_holds(row: Mapping[str, Any] | sa.RowMapping, public: Ed25519PublicKey) -> bool:
    if row["signature"] is None:
        return True
    try:
        public.verify(bytes.fromhex(row["signature"]), str(row["hash"]).encode())
    except (InvalidSignature, ValueError):
        return False
    return True


async def read(tx: Transaction) -> Sequence[sa.RowMapping]:
    """The whole chain, oldest first."""
    return await tx.rows(sa.select(AUDIT).order_by(AUDIT.c.seq))
