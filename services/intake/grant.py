# SPDX-License-Identifier: EUPL-1.2
"""Give the system of a partner a short-lived access token for a statement that it signed.

The token is a credential like a key, only shorter: revoking the partner stops it just as fast.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from services.intake import credentials, storage
from services.intake.client_assertions import Assertion
from services.intake.storage import clients
from shared.database import Transaction

TOKEN_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, shown this once, and what it is good for."""

    token: str
    scopes: frozenset[str]


async def grant(
    assertion: Assertion,
    partner: storage.Partner,
    tx: Transaction,
    *,
    scopes: Collection[str],
    secret: bytes,
    now: dt.datetime,
) -> Granted:
    """The token, good once the transaction has committed. A statement used before makes that fail with Conflict."""
    clients.use(tx, _used_hash(assertion, secret=secret), expires_at=assertion.expires_at + dt.timedelta(minutes=5))
    token = credentials.from_random(secrets.token_bytes(credentials.RANDOM_BYTES), prefix=credentials.TOKEN_PREFIX)
    expires_at = now + dt.timedelta(seconds=TOKEN_SECONDS)
    given = frozenset(scopes)
    one = storage.Credential(str(uuid4()), partner, "token", given, now, expires_at, None, None)
    storage.add_credential(tx, one, stored_hash=credentials.stored_hash(token, secret=secret))
    return Granted(token, given)


def _used_hash(assertion: Assertion, *, secret: bytes) -> str:
    used = f"{assertion.client_id}\0{assertion.jti}".encode()
    return hmac.new(secret, b"assertion\0" + used, hashlib.sha256).hexdigest()
