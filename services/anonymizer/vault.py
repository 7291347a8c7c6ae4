# SPDX-License-Identifier: EUPL-1.2
"""Encryption at rest of what is under review.

Owns the keys it is closed with: derived from the anonymizer's own secret and from the private key of the epoch the
signal was sealed to, so that destroying an epoch closes its reviews for good as well, in every backup. Each row has
its own nonce and is bound to its case: moved to another case it no longer opens. Never writes anything itself.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.anonymizer.reviews import Content
from shared.errors import Gone, Misconfigured, Rejected
from shared.sealing import Epoch

NONCE_BYTES: Final = 12  # NIST SP 800-38D, 8.2; random nonces are safe far beyond the number of reviews there will be
KEY_BYTES: Final = 32
Privates = Callable[[], Mapping[Epoch, bytes]]


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Closes and opens the content of reviews. `words_key` hashes the words that reviewers marked.

    `privates` gives the raw private keys that exist now, by epoch.
    """

    secret: bytes
    privates: Privates
    words_key: bytes

    def close(self, content: Content, *, case_id: str, epoch: Epoch) -> bytes:
        """The content, encrypted. Shape: nonce, ciphertext, tag. Raises: Rejected `unknown_epoch`."""
        cipher = self._cipher(epoch)
        if cipher is None:
            raise Rejected("unknown_epoch")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, content.model_dump_json().encode(), _bound_to(case_id))

    def open(self, closed: bytes, *, case_id: str, epoch: Epoch) -> Content:
        """The content.

        Raises: Gone `key_destroyed`; Misconfigured `review_unreadable` when the key or the row is not what it was.
        """
        cipher = self._cipher(epoch)
        if cipher is None:
            raise Gone("key_destroyed")
        try:
            raw = cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], _bound_to(case_id))
        except InvalidTag:
            raise Misconfigured("review_unreadable") from None
        return Content.model_validate_json(raw)

    def _cipher(self, epoch: Epoch) -> AESGCM | None:
        private = self.privates().get(epoch)
        return None if private is None else AESGCM(_derived(self.secret + private, b"review"))


def vault(secret: bytes, privates: Privates) -> Vault:
    """The vault that belongs to the anonymizer's secret and the private keys of its epochs."""
    return Vault(secret, privates, _derived(secret, b"learned-words"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"seinhuis/anonymizer/" + purpose).derive(secret)


def _bound_to(case_id: str) -> bytes:
    return b"review/" + case_id.encode()
