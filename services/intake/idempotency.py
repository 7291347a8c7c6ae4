# SPDX-License-Identifier: EUPL-1.2
"""Answers kept for repeated requests, encrypted under a key that only the repeated request brings along.

Pure. What is stored cannot be read without the Idempotency-Key itself, so a kept answer gives no receipt code away.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.errors import Conflict, Rejected

NONCE_BYTES = 12
MAX_KEY_LENGTH = 255


@dataclass(frozen=True, slots=True)
class RepeatKey:
    """An Idempotency-Key of one partner: what finds the answer, and what opens it."""

    key_hash: str
    cipher_key: bytes

    def body_digest(self, body: bytes) -> str:
        """A digest of the body that says nothing without the key."""
        return hmac.new(self.cipher_key, body, hashlib.sha256).hexdigest()

    def encrypt(self, answer: bytes) -> bytes:
        """The answer as it is kept."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.cipher_key).encrypt(nonce, answer, self.key_hash.encode())

    def open(self, kept: tuple[str, bytes], body: bytes) -> bytes:
        """The answer given before. Raises: Conflict `idempotency_key_reused` when the body is another one."""
        digest, encrypted = kept
        if not hmac.compare_digest(digest, self.body_digest(body)):
            raise Conflict("idempotency_key_reused")
        try:
            return AESGCM(self.cipher_key).decrypt(
                encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], self.key_hash.encode()
            )
        except InvalidTag:
            raise Conflict("idempotency_key_reused") from None


def repeat_key(header: str, *, partner_id: str, secret: bytes) -> RepeatKey:
    """The key for a header value. Raises: Rejected `idempotency_key_malformed` when it is empty or too long."""
    if not 0 < len(header) <= MAX_KEY_LENGTH:
        raise Rejected("idempotency_key_malformed")
    return _derived(partner_id.encode() + b"\0" + header.encode(), b"", secret)


def line_key(reference: str, line: bytes, *, partner_id: str, secret: bytes) -> RepeatKey:
    """The key for one line of a bulk, by the partner's own reference.

    A reference can be guessed, so the whole line goes into what opens the answer: only who sent it can repeat it.
    """
    material = b"line\0" + partner_id.encode() + b"\0" + reference.encode()
    return _derived(material, hashlib.sha256(line).digest(), secret)


def _derived(material: bytes, content: bytes, secret: bytes) -> RepeatKey:
    cipher_key = HKDF(hashes.SHA256(), 32, salt=secret, info=b"idempotent answer").derive(material + content)
    return RepeatKey(hmac.new(secret, b"idempotency\0" + material, hashlib.sha256).hexdigest(), cipher_key)
