# SPDX-License-Identifier: EUPL-1.2
"""Sealing: anyone who holds the public key can close a payload, nobody here can open one.

Owns the cipher suite and the context that every sealed payload is bound to. Never imports `shared.unsealing`.
Source: RFC 9180 (HPKE); KEM ML-KEM-768 + X25519, so that a recording made today stays closed to tomorrow's machines.
"""

from dataclasses import dataclass
from typing import Final, NewType

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

Epoch = NewType("Epoch", str)

SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
MLKEM_PUBLIC_BYTES: Final = 1184  # FIPS 203, table 3
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The public half of one epoch."""

    epoch: Epoch
    public: hpke.MLKEM768X25519PublicKey


def context(signal_id: str, *, epoch: Epoch, purpose: str, schema_version: int = SCHEMA_VERSION) -> bytes:
    """What a payload is bound to: moved to another signal, epoch, purpose or schema it no longer opens.

    It goes in as HPKE `info`, which for single-shot use binds as `aad` does (RFC 9180, 8.1).
    """
    return f"seinhuis/{schema_version}/{purpose}/{epoch}/{signal_id}".encode()


def seal(payload: bytes, key: SealingKey, *, signal_id: str, purpose: str) -> bytes:
    """The payload, readable by the holder of the epoch's private key only.

    Shape: encapsulated key (1,120 bytes), ciphertext, 16-byte tag.
    """
    return SUITE.encrypt(payload, key.public, info=context(signal_id, epoch=key.epoch, purpose=purpose))


def public_from_bytes(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    """The public key from its two halves end to end. Raises ValueError on a wrong length or point."""
    lattice, curve = raw[:MLKEM_PUBLIC_BYTES], raw[MLKEM_PUBLIC_BYTES:]
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(lattice), x25519.X25519PublicKey.from_public_bytes(curve)
    )
