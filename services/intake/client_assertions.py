# SPDX-License-Identifier: EUPL-1.2
"""How the system of a large partner proves who it is: a short statement signed with its own key.

Pure: the moment is given. Owns which public keys are taken and which statements hold; what is signed with what is the
library's own business.
Source: RFC 7523 (`private_key_jwt`), RFC 6749 4.4; NL GOV assurance profile for OAuth 2.0.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from shared.errors import Rejected, Unauthenticated

ALGORITHMS: Final = ("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "Ed25519")
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEYS_LIMIT: Final = 10
RSA_BITS: Final = 2048  # NCSC guidelines for TLS: less is insufficient
LIFETIME_SECONDS: Final = 600  # how far ahead `exp` may lie: a replay has to be remembered as long
LEEWAY_SECONDS: Final = 30  # two clocks that are a little apart
JTI_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement that holds. `jti` makes it usable once."""

    client_id: str
    jti: str
    expires_at: dt.datetime


def public_keys(text: str) -> str:
    """The key set as it is kept: public keys only. Raises: Rejected with the reason as its code.

    >>> public_keys('{"keys": []}')
    Traceback (most recent call last):
    shared.errors.Rejected: jwks_empty
    """
    try:
        given = json.loads(text)
        keys = given["keys"] if isinstance(given, dict) and "keys" in given else [given]
        imported = [KeySet.registry_cls.import_key(key) for key in keys]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Rejected("jwks_unreadable") from None
    if not imported or len(imported) > KEYS_LIMIT:
        raise Rejected("jwks_empty" if not imported else "jwks_too_many", limit=KEYS_LIMIT)
    for key in imported:
        if not isinstance(key, RSAKey | ECKey | OKPKey) or key.is_private:
            raise Rejected("jwks_not_public")
        if isinstance(key, RSAKey) and key.public_key.key_size < RSA_BITS:
            raise Rejected("jwks_key_too_short", bits=RSA_BITS)
    return json.dumps(KeySet(list(imported)).as_dict(private=False))


def client_id_of(assertion: str) -> str:
    """Whose statement this says to be; believed only once `verify` holds. Raises: Unauthenticated."""
    try:
        claims = json.loads(jws.extract_compact(assertion.encode()).payload)
        client_id = claims["iss"]
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise Unauthenticated("client_unknown") from None
    if not isinstance(client_id, str):
        raise Unauthenticated("client_unknown")
    return client_id


def verify(assertion: str, keys: str, *, client_id: str, audiences: list[str], now: dt.datetime) -> Assertion:
    """The statement, signed by this client for us and still good. Raises: Unauthenticated, whatever fails."""
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": client_id}, sub={"essential": True, "value": client_id},
        aud={"essential": True, "values": audiences}, exp={"essential": True}, jti={"essential": True},
    )  # fmt: skip
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion, KeySet.import_key_set(json.loads(keys)), algorithms=ALGORITHMS
        ).claims
        registry.validate(claims)
        expires_at = dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
    except (JoseError, ValueError, TypeError, OverflowError, OSError, RecursionError):
        raise Unauthenticated("client_unknown") from None
    too_far = expires_at > now + dt.timedelta(seconds=LIFETIME_SECONDS + LEEWAY_SECONDS)
    if too_far or not 0 < len(claims["jti"]) <= JTI_LENGTH:
        raise Unauthenticated("client_unknown")
    return Assertion(client_id, claims["jti"], expires_at)
