# SPDX-License-Identifier: EUPL-1.2
"""Partners' systems: their public keys, and which of their statements were used already.

Owns two tables. Neither holds a secret: the private key never leaves the partner, a used statement is kept as a hash.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from services.intake.storage import CREDENTIALS, PARTNERS, Partner, metadata
from shared.database import Transaction, UtcDateTime

CLIENTS: Final = sa.Table(
    "clients",
    metadata,
    sa.Column("partner_id", sa.String(36), primary_key=True),
    sa.Column("keys", sa.Text),
    sa.Column("registered_at", UtcDateTime),
)
USED: Final = sa.Table(
    "used_assertions",
    metadata,
    sa.Column("assertion_hash", sa.String(64), primary_key=True),
    sa.Column("expires_at", UtcDateTime, index=True),
)


@dataclass(frozen=True, slots=True)
class Client:
    """The system of a partner, and the public keys it may sign with."""

    partner: Partner
    keys: str


async def client(tx: Transaction, client_id: str) -> Client | None:
    """The client with this id, which is its partner's."""
    p = PARTNERS.c
    query = sa.select(p.id, p.name, p.adv, p.municipality, p.source_ref, CLIENTS.c["keys"].label("jwks"))
    row = await tx.first(query.join(CLIENTS, CLIENTS.c.partner_id == p.id).where(p.id == client_id))
    if row is None:
        return None
    return Client(Partner(row["id"], row["name"], row["adv"], row["municipality"], row["source_ref"]), row["jwks"])


async def register(tx: Transaction, partner_id: str, *, keys: str, at: dt.datetime) -> None:
    """These are the keys of the partner's system from now on, and no others."""
    await forget(tx, partner_id)
    tx.add(CLIENTS, partner_id=partner_id, keys=keys, registered_at=at)


async def forget(tx: Transaction, partner_id: str) -> int:
    """How many clients of the partner were forgotten: none or one."""
    return int((await tx.execute(sa.delete(CLIENTS).where(CLIENTS.c.partner_id == partner_id))).rowcount)


async def registered(tx: Transaction) -> set[str]:
    """The ids of the partners that have a client."""
    return {row["partner_id"] for row in await tx.rows(sa.select(CLIENTS.c.partner_id))}


def use(tx: Transaction, assertion_hash: str, *, expires_at: dt.datetime) -> None:
    """A statement was used; a second time the transaction fails with Conflict `constraint`."""
    tx.add(USED, assertion_hash=assertion_hash, expires_at=expires_at)


async def delete_expired_tokens(tx: Transaction, *, before: dt.datetime) -> int:
    """How many access tokens were past their term and are gone."""
    c = CREDENTIALS.c
    return int((await tx.execute(sa.delete(CREDENTIALS).where(c.kind == "token", c.expires_at < before))).rowcount)
