# SPDX-License-Identifier: EUPL-1.2
"""Signed receipts: proof for the sender that a signal was received, that anyone can verify offline.

Pure. A compact JWS (RFC 7515) with Ed25519 over an id, a digest of the content and the moment; neither tells anything
to somebody without the receipt code.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.intake import receipts
from shared.clock import rfc3339
from shared.errors import Rejected

ALGORITHM: Final = "Ed25519"
TYPE: Final = "seinhuis-receipt+jws"


@dataclass(frozen=True, slots=True)
class ReceiptSigner:
    """Signs receipts with the installation's key."""

    private: Ed25519PrivateKey
    _key: OKPKey = field(init=False)
    _header: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", OKPKey.import_key(self.private))
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": key_id(self.private.public_key())}
        object.__setattr__(self, "_header", header)

    def sign(self, code: receipts.ReceiptCode, body: bytes, *, received_at: dt.datetime) -> str:
        """The proof as compact JWS."""
        claims = {
            "id": receipts.public_id(code),
            "digest": receipts.content_digest(code, body),
            "ontvangenOp": rfc3339(received_at),
        }
        return jws.serialize_compact(self._header, json.dumps(claims), self._key, algorithms=[ALGORITHM])


def key_id(public: Ed25519PublicKey) -> str:
    """The name of a public key."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def jwk_set(public: Ed25519PublicKey) -> dict[str, Any]:
    """The public keys receipts are signed with, as a JWK set (RFC 7517)."""
    jwk = OKPKey.import_key(public).as_dict(private=False)
    return {"keys": [{**jwk, "kid": key_id(public), "use": "sig", "alg": ALGORITHM}]}


def verify(proof: str, public: Ed25519PublicKey) -> dict[str, str]:
    """What a good proof says. Raises: Rejected `receipt_proof_invalid`."""
    try:
        signed = jws.deserialize_compact(proof.strip(), OKPKey.import_key(public), algorithms=[ALGORITHM])
        claims = json.loads(signed.payload)
    except (JoseError, ValueError):
        raise Rejected("receipt_proof_invalid") from None
    if signed.headers().get("typ") != TYPE or set(claims) != {"id", "digest", "ontvangenOp"}:
        raise Rejected("receipt_proof_invalid")
    return dict(claims)
