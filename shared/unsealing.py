# SPDX-License-Identifier: EUPL-1.2
"""Unsealing: the private half of the sealing keys.

Owns opening. Only `services.anonymizer.handle` and `services.anonymizer.service` may import it; the architecture
tests see to that.
"""

from collections.abc import Callable, Iterator, Mapping
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


class LiveKeys(Mapping[Epoch, hpke.MLKEM768X25519PrivateKey]):
    """The private keys as they are on disk now: a new epoch is found when first asked for, a destroyed one is gone.

    `read` gives the raw keys; it is asked again after `seconds`, so that a running process forgets what was destroyed.
    """

    def __init__(
        self, read: Callable[[], Mapping[Epoch, bytes]], monotonic: Callable[[], float], *, seconds: float = 20.0
    ) -> None:
        self._read, self._monotonic, self._seconds = read, monotonic, seconds
        self._keys: dict[Epoch, hpke.MLKEM768X25519PrivateKey] = {}
        self._read_at = float("-inf")

    def __getitem__(self, epoch: Epoch) -> hpke.MLKEM768X25519PrivateKey:
        self._refresh(missing=epoch not in self._keys)
        return self._keys[epoch]

    def __iter__(self) -> Iterator[Epoch]:
        self._refresh(missing=False)
        return iter(self._keys)

    def __len__(self) -> int:
        self._refresh(missing=False)
        return len(self._keys)

    def _refresh(self, *, missing: bool) -> None:
        now = self._monotonic()
        if now - self._read_at < (1.0 if missing else self._seconds):
            return
        raw = self._read()
        known = {epoch: key for epoch, key in self._keys.items() if epoch in raw}
        self._keys = known | {epoch: private_from_bytes(raw[epoch]) for epoch in raw if epoch not in known}
        self._read_at = now


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
