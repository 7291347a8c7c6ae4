# SPDX-License-Identifier: EUPL-1.2
"""Encryption at rest of what is under review.

Owns the keys derived from the anonymizer's own secret. Each row has its own nonce and is bound to its case: moved to
another case it no longer opens. Never writes anything itself.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.anonymizer.reviews import Content
from shared.errors import Misconfigured

NONCE_BYTES: Final = 12  # NIST SP 800-38D, 8.2; random nonces are safe far beyond the number of reviews there will be
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Vault:
    """Closes and opens the content of reviews. `words_key` hashes the words that reviewers marked."""

    cipher: AESGCM
    words_key: bytes

    def close(self, content: Content, *, case_id: str) -> bytes:
        """The content, encrypted. Shape: nonce, ciphertext, tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, content.model_dump_json().encode(), _bound_to(case_id))

    def open(self, closed: bytes, *, case_id: str) -> Content:
        """The content. Raises: Misconfigured `review_unreadable` when the key or the row is not what it was."""
        try:
            raw = self.cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], _bound_to(case_id))
        except InvalidTag:
            raise Misconfigured("review_unreadable") from None
        return Content.model_validate_json(raw)


def vault(secret: bytes) -> Vault:
    """The vault that belongs to the anonymizer's secret."""
    return Vault(AESGCM(_derived(secret, b"review")), _derived(secret, b"learned-words"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"seinhuis/anonymizer/" + purpose).derive(secret)


def _bound_to(case_id: str) -> bytes:
    return b"review/" + case_id.encode()
