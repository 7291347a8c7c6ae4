# SPDX-License-Identifier: EUPL-1.2
"""Partners and their credentials: add, rotate, revoke, and recognise one at the door.

Owns the rule that a credential is shown once and kept as a keyed hash. While rotating, two keys work side by side.
"""

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import uuid4

from services.intake import client_assertions, credentials, storage
from services.intake.storage import clients
from shared.clock import Clock
from shared.database import Database, Transaction
from shared.errors import Conflict, NotFound, Unauthenticated

SCOPES_PARTNER = frozenset({"signalen", "importen"})
SCOPE_ADV = "adv"
KEY_DAYS = 365
ROTATION_DAYS = 7  # the old key keeps working this long beside the new one


async def add_partner(
    name: str, tx: Transaction, *, adv: bool, municipality: str, secret: bytes, clock: Clock, days: int = KEY_DAYS
) -> str:
    """The API key of a new partner, shown this once. Raises: Conflict `partner_exists`."""
    if await storage.partner_named(tx, name) is not None:
        raise Conflict("partner_exists")
    partner = storage.Partner(str(uuid4()), name, adv, municipality, secrets.token_urlsafe(18))
    storage.add_partner(tx, partner, created_on=clock.now().date())
    return await add_credential(partner, tx, prefix=credentials.KEY_PREFIX, secret=secret, clock=clock, days=days)


def scopes_of(partner: storage.Partner) -> frozenset[str]:
    """What a key of this partner may be used for."""
    return SCOPES_PARTNER | {SCOPE_ADV} if partner.adv else SCOPES_PARTNER


async def add_credential(
    partner: storage.Partner,
    tx: Transaction,
    *,
    prefix: str,
    secret: bytes,
    clock: Clock,
    days: int,
    scopes: frozenset[str] | None = None,
) -> str:
    """A new key or link of a partner, shown this once; without `scopes` for all that it may be used for."""
    key = credentials.from_random(secrets.token_bytes(credentials.RANDOM_BYTES), prefix=prefix)
    is_key = prefix == credentials.KEY_PREFIX
    if scopes is None:
        scopes = scopes_of(partner) if is_key else SCOPES_PARTNER
    now = clock.now()
    credential = storage.Credential(
        str(uuid4()), partner, "key" if is_key else "link", scopes, now, now + dt.timedelta(days=days), None, None
    )
    storage.add_credential(tx, credential, stored_hash=credentials.stored_hash(key, secret=secret))
    return key


async def rotate(name: str, tx: Transaction, *, secret: bytes, clock: Clock) -> str:
    """A new key; the newest old one works on for a week, older ones stop now. Raises: NotFound `partner_unknown`."""
    partner = await named(name, tx)
    now = clock.now()
    keys = [c for c in await storage.credentials_of(tx, partner.id) if c.kind == "key" and c.revoked_at is None]
    await storage.revoke(tx, [credential.id for credential in keys[:-1]], at=now)
    if keys:
        await storage.limit(tx, keys[-1].id, expires_at=now + dt.timedelta(days=ROTATION_DAYS))
    return await add_credential(partner, tx, prefix=credentials.KEY_PREFIX, secret=secret, clock=clock, days=KEY_DAYS)


async def revoke(name: str, tx: Transaction, *, clock: Clock) -> int:
    """How many keys, links, tokens and clients of the partner stopped. Raises: NotFound `partner_unknown`."""
    partner = await named(name, tx)
    stopped = await clients.forget(tx, partner.id)
    live = [c.id for c in await storage.credentials_of(tx, partner.id) if c.revoked_at is None]
    await storage.revoke(tx, live, at=clock.now())
    return len(live) + stopped


async def register_client(name: str, tx: Transaction, *, jwks: str, clock: Clock) -> str:
    """The client id of the partner's system, which may sign with these keys and no others from now on.

    Raises: NotFound `partner_unknown`; Rejected when it is no set of public keys.
    """
    keys = client_assertions.public_keys(jwks)
    partner = await named(name, tx)
    await clients.register(tx, partner.id, keys=keys, at=clock.now())
    return partner.id


async def named(name: str, tx: Transaction) -> storage.Partner:
    """The partner of this name. Raises: NotFound `partner_unknown`."""
    partner = await storage.partner_named(tx, name)
    if partner is None:
        raise NotFound("partner_unknown")
    return partner


@dataclass(slots=True)
class Door:
    """Recognises credentials. A checked one is trusted unseen for a moment, so that a revoked one stops within it."""

    database: Database
    secret: bytes
    clock: Clock
    cache_seconds: float
    _seen: dict[str, tuple[float, storage.Credential]] = field(default_factory=dict)
    _used: set[tuple[str, dt.date]] = field(default_factory=set)

    async def credential(self, key: str | None) -> storage.Credential:
        """The live credential behind a key. Raises: Unauthenticated, whatever is wrong with it."""
        if key is None:
            raise Unauthenticated("credential_missing")
        if not credentials.well_formed(key):
            raise Unauthenticated("credential_unknown")
        digest = credentials.stored_hash(key, secret=self.secret)
        cached = self._seen.get(digest)
        if cached is not None and self.clock.monotonic() - cached[0] < self.cache_seconds:
            return self._live(cached[1])
        async with self.database.reading() as tx:
            found = await storage.credential_by_hash(tx, digest)
        if found is None or not hmac.compare_digest(digest, credentials.stored_hash(key, secret=self.secret)):
            self._seen.pop(digest, None)
            raise Unauthenticated("credential_unknown")
        self._remember(digest, self._live(found))
        await self._note_use(found)
        return found

    def _live(self, credential: storage.Credential) -> storage.Credential:
        now = self.clock.now()
        if credential.revoked_at is not None or (credential.expires_at is not None and credential.expires_at <= now):
            raise Unauthenticated("credential_unknown")
        return credential

    def _remember(self, digest: str, credential: storage.Credential) -> None:
        if len(self._seen) > 10_000:
            self._seen.clear()
        self._seen[digest] = (self.clock.monotonic(), credential)

    async def _note_use(self, credential: storage.Credential) -> None:
        today = self.clock.now().date()
        if credential.last_used_on == today or (credential.id, today) in self._used:
            return
        self._used = {pair for pair in self._used if pair[1] == today} | {(credential.id, today)}
        await self.database.in_group(lambda tx: storage.note_use(tx, credential.id, on=today))
