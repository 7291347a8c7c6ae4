# SPDX-License-Identifier: EUPL-1.2
"""Unsealing: the private half of the sealing keys.

Owns opening. Only `services.anonymizer.handle` and `services.anonymizer.service` may import it; the architecture
tests see to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

from shared.errors import Rejected
from shared.sealing import SUITE, Epoch, context

MLKEM_SEED_BYTES = 64  # FIPS 203: d and z


@dataclass(frozen=True, slots=True)
class OpeningKeys:
    """The private keys that still exist, by epoch; a destroyed epoch is simply not among them."""

    by_epoch: Mapping[Epoch, hpke.MLKEM768X25519PrivateKey]


def unseal(sealed: bytes, keys: OpeningKeys, *, epoch: Epoch, signal_id: str, purpose: str) -> bytes:
    """The payload as it was before sealing.

    Raises: Rejected (permanent) `unknown_epoch` when the epoch's key never was or is no more, `cannot_open` when the
    payload was damaged or belongs to another signal, purpose or key.
    """
    key = keys.by_epoch.get(epoch)
    if key is None:
        raise Rejected("unknown_epoch")
    try:
        return SUITE.decrypt(sealed, key, info=context(signal_id, epoch=epoch, purpose=purpose))
    except (InvalidTag, ValueError):
        raise Rejected("cannot_open") from None


def private_from_bytes(raw: bytes) -> hpke.MLKEM768X25519PrivateKey:
    """The private key from the ML-KEM seed and the X25519 scalar end to end. Raises ValueError on a wrong length."""
    lattice, curve = raw[:MLKEM_SEED_BYTES], raw[MLKEM_SEED_BYTES:]
    return hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(lattice), x25519.X25519PrivateKey.from_private_bytes(curve)
    )
