# SPDX-License-Identifier: EUPL-1.2
"""The key store: one folder with the keys and secrets of an installation.

Owns the files' names and forms. Each service is given only what it needs; the private sealing keys are loaded by the
anonymizer alone (`shared.unsealing` turns the bytes into keys). Destroying an epoch removes its private key for good.
"""

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519

from shared.clock import Clock
from shared.errors import Misconfigured
from shared.sealing import Epoch, SealingKey, public_from_bytes

SIGNING_PURPOSES = ("receipt", "staff", "audit")
SECRET_PURPOSES = ("intake", "anonymizer", "stats", "notifier")
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyStore:
    """The folder; nothing is read until asked for."""

    folder: Path

    def epochs(self) -> list[Epoch]:
        """Every epoch that ever was, oldest first; a destroyed one keeps its public key."""
        return [Epoch(path.stem) for path in sorted((self.folder / "sealing").glob("*.public"))]

    def sealing_key(self) -> SealingKey:
        """The newest epoch's public key. Raises: Misconfigured `no_sealing_key`."""
        epochs = [epoch for epoch in self.epochs() if not self._destroyed(epoch).exists()]
        if not epochs:
            raise Misconfigured("no_sealing_key")
        newest = epochs[-1]
        return SealingKey(newest, public_from_bytes(self._read("sealing", f"{newest}.public")))

    def sealing_privates(self) -> dict[Epoch, bytes]:
        """The private keys that still exist, as raw bytes for `shared.unsealing`."""
        return {Epoch(path.stem): path.read_bytes() for path in sorted((self.folder / "sealing").glob("*.private"))}

    def signing_key(self, purpose: str) -> ed25519.Ed25519PrivateKey:
        """The Ed25519 key that signs receipts, staff tokens or audit checkpoints."""
        return ed25519.Ed25519PrivateKey.from_private_bytes(self._read(f"{purpose}.ed25519"))

    def verifying_key(self, purpose: str) -> ed25519.Ed25519PublicKey:
        """The public half; needs no private file."""
        return ed25519.Ed25519PublicKey.from_public_bytes(self._read(f"{purpose}.ed25519.pub"))

    def secret(self, purpose: str) -> bytes:
        """A service's own secret. Units: 32 random bytes."""
        return self._read(f"{purpose}.secret")

    def rotate_sealing(self, *, at: dt.datetime) -> Epoch:
        """A new epoch that everything is sealed to from now on; older epochs can still be opened."""
        number = len(self.epochs()) + 1
        epoch = Epoch(f"{number:04d}-{at:%Y%m%d}")
        lattice, curve = mlkem.MLKEM768PrivateKey.generate(), x25519.X25519PrivateKey.generate()
        _write(self.folder / "sealing" / f"{epoch}.private", lattice.private_bytes_raw() + curve.private_bytes_raw())
        public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        _write(self.folder / "sealing" / f"{epoch}.public", public)
        return epoch

    def destroy_sealing(self, epoch: Epoch) -> None:
        """Make everything sealed to this epoch unreadable for good, in every copy.

        Raises: Misconfigured `unknown_epoch` when there is no such epoch.
        """
        if epoch not in self.epochs():
            raise Misconfigured("unknown_epoch")
        private = self.folder / "sealing" / f"{epoch}.private"
        if private.exists():
            with private.open("r+b") as file:  # overwritten before it is unlinked: a plain unlink leaves the bytes
                file.write(secrets.token_bytes(private.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            private.unlink()
        _write(self._destroyed(epoch), b"destroyed\n")

    def destroyed_epochs(self) -> set[Epoch]:
        """The epochs that were destroyed on purpose; a private key that is merely not here is not among them."""
        return {epoch for epoch in self.epochs() if self._destroyed(epoch).exists()}

    def _destroyed(self, epoch: Epoch) -> Path:
        return self.folder / "sealing" / f"{epoch}.destroyed"

    def _read(self, *parts: str) -> bytes:
        path = self.folder.joinpath(*parts)
        try:
            return path.read_bytes()
        except OSError:
            raise Misconfigured("key_missing", file="/".join(parts)) from None


@dataclass(slots=True)
class NewestSealingKey:
    """The newest epoch's public key, looked up again every so often, so that a rotation needs no restart."""

    keys: KeyStore
    clock: Clock
    seconds: float = 20.0
    _known: tuple[float, SealingKey] | None = None

    def __call__(self) -> SealingKey:
        """The key to seal to now. Raises: Misconfigured `no_sealing_key`."""
        now = self.clock.monotonic()
        if self._known is None or now - self._known[0] >= self.seconds:
            self._known = (now, self.keys.sealing_key())
        return self._known[1]


def create(folder: Path, *, at: dt.datetime) -> KeyStore:
    """The key store in `folder`, with every key that was not there yet made now."""
    (folder / "sealing").mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for purpose in SIGNING_PURPOSES:
        if not (folder / f"{purpose}.ed25519.pub").exists():
            key = ed25519.Ed25519PrivateKey.generate()
            _write(folder / f"{purpose}.ed25519", key.private_bytes_raw())
            raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            _write(folder / f"{purpose}.ed25519.pub", raw)
    for purpose in SECRET_PURPOSES:
        if not (folder / f"{purpose}.secret").exists():
            _write(folder / f"{purpose}.secret", secrets.token_bytes(SECRET_BYTES))
    store = KeyStore(folder)
    if not store.epochs():
        store.rotate_sealing(at=at)
    return store


def _write(path: Path, raw: bytes) -> None:
    """Write, flush and move in place: a crash leaves the old file or the new one, never half a key."""
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
