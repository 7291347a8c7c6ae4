# SPDX-License-Identifier: EUPL-1.2
"""Who may do what: staff tokens and roles.

Owns the six roles and the signed token behind a sign-in link. A token is checked by signature alone, so every service
can check it and it survives a restart. Partners' API keys are intake's own affair.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from starlette.requests import Request

from shared.clock import Clock
from shared.errors import Forbidden, Unauthenticated

AUDIENCE: Final = "seinhuis-staff"
ALGORITHM: Final = "Ed25519"
STAFF_COOKIE: Final = "seinhuis_staff"


class Role(StrEnum):
    """What a signed-in person is here for."""

    ADV = "adv"
    GEMEENTE = "gemeente"
    NETWERK = "netwerk"
    RAAD = "raad"
    FG = "fg"
    BEHEER = "beheer"


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in person: the name the link was made for, and the role."""

    name: str
    role: Role
    expires_at: dt.datetime


def issue(name: str, role: Role, *, signing: Ed25519PrivateKey, clock: Clock, valid_for: dt.timedelta) -> str:
    """A token for this person. Raises: ValueError when it would not be valid for any time."""
    if valid_for <= dt.timedelta(0):
        raise ValueError("a token must be valid for some time")
    now = clock.now()
    claims = {
        "sub": name,
        "role": role.value,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + valid_for).timestamp()),
    }
    key = OKPKey.import_key(signing)
    return jwt.encode({"alg": ALGORITHM}, claims, key, algorithms=[ALGORITHM])


def check(token: str, *, public: Ed25519PublicKey, clock: Clock) -> Staff:
    """The person a token was made for. Raises: Unauthenticated for anything but a good token that has not expired."""
    try:
        claims = jwt.decode(token, OKPKey.import_key(public), algorithms=[ALGORITHM]).claims
        expires_at = dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
        staff = Staff(claims["sub"], Role(claims["role"]), expires_at)
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unauthenticated("credential_unknown") from None
    if claims.get("aud") != AUDIENCE or staff.expires_at <= clock.now():
        raise Unauthenticated("credential_unknown")
    return staff


@dataclass(frozen=True, slots=True)
class StaffCheck:
    """Reads the signed-in person from a request: a Bearer token, or the cookie a sign-in link has set."""

    public: Ed25519PublicKey
    clock: Clock

    def find(self, request: Request) -> Staff | None:
        """The person, or None when the request carries no credential. Raises: Unauthenticated for a bad one."""
        token = bearer(request)
        if token is not None:
            return check(token, public=self.public, clock=self.clock)
        cookie = request.cookies.get(STAFF_COOKIE)
        if not cookie:
            return None
        try:
            return check(cookie, public=self.public, clock=self.clock)
        except Unauthenticated:  # an expired cookie is a visitor who is signed out, not an error
            return None

    def require(self, request: Request, roles: Collection[Role]) -> Staff:
        """The person, when the role is one of these. Raises: Unauthenticated without, Forbidden with another role."""
        staff = self.find(request)
        if staff is None:
            raise Unauthenticated("credential_missing")
        if staff.role not in roles:
            raise Forbidden("role_not_allowed")
        return staff


def bearer(request: Request) -> str | None:
    """The Bearer credential of a request, if it has one."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" and credential.strip() else None
