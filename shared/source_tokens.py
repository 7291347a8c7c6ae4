# SPDX-License-Identifier: EUPL-1.2
"""The token with which a partner looks at its own share of a release.

Owns a token that carries the partner's source reference and nothing else: whoever reads it never learns a name. It is
signed like a staff token, for another audience, so neither can be used as the other.
"""

import datetime as dt
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.clock import Clock
from shared.errors import Unauthenticated

AUDIENCE: Final = "seinhuis-source"
ALGORITHM: Final = "Ed25519"


def issue(source_ref: str, *, signing: Ed25519PrivateKey, clock: Clock, valid_for: dt.timedelta) -> str:
    """A token for the partner behind this reference. Raises: ValueError when it would not be valid for any time."""
    if valid_for <= dt.timedelta(0):
        raise ValueError("a token must be valid for some time")
    claims = {"sub": source_ref, "aud": AUDIENCE, "exp": int((clock.now() + valid_for).timestamp())}
    return jwt.encode({"alg": ALGORITHM}, claims, OKPKey.import_key(signing), algorithms=[ALGORITHM])


def check(token: str, *, public: Ed25519PublicKey, clock: Clock) -> str:
    """The source reference in a token. Raises: Unauthenticated for anything but a good one that has not expired."""
    try:
        claims = jwt.decode(token, OKPKey.import_key(public), algorithms=[ALGORITHM]).claims
        source_ref, expires_at = claims["sub"], dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unauthenticated("credential_unknown") from None
    if claims.get("aud") != AUDIENCE or expires_at <= clock.now() or not isinstance(source_ref, str):
        raise Unauthenticated("credential_unknown")
    return source_ref
