# SPDX-License-Identifier: EUPL-1.2
"""Intake's tables. Rows never leave this module: functions take and give plain values.

Owns partners, credentials, sealed signals, receipts, idempotent answers. No table holds a case id, a text or a name of
a resident in clear.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from services.intake.sealed_signals import SealedOnce
from shared.database import Transaction, UtcDateTime, insert_ignoring

PARAMETERS_AT_ONCE: Final = 5_000  # both engines refuse a statement with more than about 32,000
MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"

metadata = sa.MetaData()
PARTNERS: Final = sa.Table(
    "partners",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(100), unique=True),
    sa.Column("adv", sa.Boolean),
    sa.Column("municipality", sa.String(6)),
    sa.Column("source_ref", sa.String(64), unique=True),
    sa.Column("created_on", sa.Date),
)
CREDENTIALS: Final = sa.Table(
    "credentials",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("partner_id", sa.ForeignKey("partners.id"), index=True),
    sa.Column("hash", sa.String(64), unique=True),
    sa.Column("kind", sa.String(10)),
    sa.Column("scopes", sa.String(100)),
    sa.Column("created_at", UtcDateTime),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("last_used_on", sa.Date),
)
SIGNALS: Final = sa.Table(
    "signals",
    metadata,
    sa.Column("signal_id", sa.String(36), primary_key=True),
    sa.Column("epoch", sa.String(40)),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("received_on", sa.Date, index=True),
)
RECEIPTS: Final = sa.Table(
    "receipts",
    metadata,
    sa.Column("receipt_hash", sa.String(32), primary_key=True),
    sa.Column("signal_id", sa.String(36), unique=True),
    sa.Column("partner_id", sa.String(36), index=True),
    sa.Column("received_at", UtcDateTime),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("corrections", sa.Integer),
    sa.Column("registered_on", sa.Date),
    sa.Column("import_id", sa.String(36)),
)
REFERENCES: Final = sa.Table(
    "partner_references",
    metadata,
    sa.Column("reference_hash", sa.String(32), primary_key=True),
    sa.Column("received_on", sa.Date),
)
ANSWERS: Final = sa.Table(
    "idempotent_answers",
    metadata,
    sa.Column("key_hash", sa.String(64), primary_key=True),
    sa.Column("body_digest", sa.String(64)),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("expires_at", UtcDateTime, index=True),
)


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that may send."""

    id: str
    name: str
    adv: bool
    municipality: str
    source_ref: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A key or link of a partner, as far as it may be shown."""

    id: str
    partner: Partner
    kind: str
    scopes: frozenset[str]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    last_used_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What intake remembers of a signal it accepted."""

    signal_id: str
    partner_id: str
    received_at: dt.datetime
    withdrawn_at: dt.datetime | None
    registered_on: dt.date


async def partner_named(tx: Transaction, name: str) -> Partner | None:
    """The partner of this name."""
    row = await tx.first(_partners().where(PARTNERS.c.name == name))
    return Partner(**row) if row else None


async def partner(tx: Transaction, partner_id: str) -> Partner | None:
    """The partner with this id."""
    row = await tx.first(_partners().where(PARTNERS.c.id == partner_id))
    return Partner(**row) if row else None


async def partners(tx: Transaction) -> list[Partner]:
    """All partners by name."""
    return [Partner(**row) for row in await tx.rows(_partners().order_by(PARTNERS.c.name))]


def add_partner(tx: Transaction, partner: Partner, *, created_on: dt.date) -> None:
    """Keep a new partner."""
    tx.add(
        PARTNERS,
        id=partner.id,
        name=partner.name,
        adv=partner.adv,
        municipality=partner.municipality,
        source_ref=partner.source_ref,
        created_on=created_on,
    )


def add_credential(tx: Transaction, credential: Credential, *, stored_hash: str) -> None:
    """Keep a new key or link, as its hash."""
    tx.add(
        CREDENTIALS,
        id=credential.id,
        partner_id=credential.partner.id,
        hash=stored_hash,
        kind=credential.kind,
        scopes=" ".join(sorted(credential.scopes)),
        created_at=credential.created_at,
        expires_at=credential.expires_at,
        revoked_at=None,
        last_used_on=None,
    )


async def credential_by_hash(tx: Transaction, stored_hash: str) -> Credential | None:
    """The credential with this hash, whatever its state."""
    row = await tx.first(_credentials().where(CREDENTIALS.c.hash == stored_hash))
    return _credential(row) if row else None


async def credentials_of(tx: Transaction, partner_id: str) -> list[Credential]:
    """The credentials of a partner, oldest first."""
    query = _credentials().where(CREDENTIALS.c.partner_id == partner_id).order_by(CREDENTIALS.c.created_at)
    return [_credential(row) for row in await tx.rows(query)]


async def revoke(tx: Transaction, credential_ids: Collection[str], *, at: dt.datetime) -> None:
    """These credentials stop."""
    await tx.execute(
        sa.update(CREDENTIALS)
        .where(CREDENTIALS.c.id.in_(list(credential_ids)), CREDENTIALS.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def limit(tx: Transaction, credential_id: str, *, expires_at: dt.datetime) -> None:
    """A credential ends at this moment, if it would not have ended sooner."""
    later = sa.or_(CREDENTIALS.c.expires_at.is_(None), CREDENTIALS.c.expires_at > expires_at)
    await tx.execute(
        sa.update(CREDENTIALS).where(CREDENTIALS.c.id == credential_id, later).values(expires_at=expires_at)
    )


async def note_use(tx: Transaction, credential_id: str, *, on: dt.date) -> None:
    """Remember the day a credential was last used; nothing finer."""
    await tx.execute(sa.update(CREDENTIALS).where(CREDENTIALS.c.id == credential_id).values(last_used_on=on))


def add_signal(tx: Transaction, signal: SealedOnce, *, partner_id: str) -> None:
    """Keep the sealed signal until its term has passed, and under which code it can be found."""
    tx.add(
        SIGNALS, signal_id=signal.signal_id, epoch=signal.epoch, sealed=signal.sealed,
        received_on=signal.received_at.date(),
    )  # fmt: skip
    tx.add(
        RECEIPTS,
        receipt_hash=signal.receipt_hash,
        signal_id=signal.signal_id,
        partner_id=partner_id,
        received_at=signal.received_at,
        withdrawn_at=None,
        corrections=0,
        registered_on=signal.registered_on,
        import_id=None,
    )


async def note_references(tx: Transaction, hashes: Collection[str], *, on: dt.date) -> set[str]:
    """Which of these references were seen before; all of them are known from now on."""
    if not hashes:
        return set()
    known = await known_references(tx, hashes)
    rows = [{"reference_hash": one, "received_on": on} for one in dict.fromkeys(hashes)]
    await tx.execute(insert_ignoring(REFERENCES, tx.dialect), rows)
    return known


async def known_references(tx: Transaction, hashes: Collection[str]) -> set[str]:
    """Which of these references were seen before."""
    found: set[str] = set()
    asked = list(dict.fromkeys(hashes))
    for start in range(0, len(asked), PARAMETERS_AT_ONCE):
        part = asked[start : start + PARAMETERS_AT_ONCE]
        query = sa.select(REFERENCES.c.reference_hash).where(REFERENCES.c.reference_hash.in_(part))
        found |= {row["reference_hash"] for row in await tx.rows(query)}
    return found


async def receipt(tx: Transaction, receipt_hash: str) -> Receipt | None:
    """The receipt with this hash."""
    row = await tx.first(sa.select(RECEIPTS).where(RECEIPTS.c.receipt_hash == receipt_hash))
    if row is None:
        return None
    registered_on = row["registered_on"] or row["received_at"].date()
    return Receipt(row["signal_id"], row["partner_id"], row["received_at"], row["withdrawn_at"], registered_on)


async def mark_withdrawn(tx: Transaction, receipt_hash: str, *, at: dt.datetime) -> None:
    """The signal was taken back; its sealed text goes at once."""
    found = sa.select(RECEIPTS.c.signal_id).where(RECEIPTS.c.receipt_hash == receipt_hash).scalar_subquery()
    await tx.execute(sa.delete(SIGNALS).where(SIGNALS.c.signal_id == found))
    await tx.execute(sa.update(RECEIPTS).where(RECEIPTS.c.receipt_hash == receipt_hash).values(withdrawn_at=at))


async def next_correction(tx: Transaction, receipt_hash: str) -> int | None:
    """The number of the correction about to be made; None when the signal was taken back meanwhile."""
    c = RECEIPTS.c
    counted = (
        sa.update(RECEIPTS)
        .where(c.receipt_hash == receipt_hash, c.withdrawn_at.is_(None))
        .values(corrections=c.corrections + 1)
        .returning(c.corrections)
    )
    number = await tx.scalar(counted)
    return None if number is None else int(number)


async def replace_sealed(tx: Transaction, signal_id: str, *, epoch: str, sealed: bytes) -> None:
    """The corrected signal takes the place of the first one, if that is still kept."""
    await tx.execute(sa.update(SIGNALS).where(SIGNALS.c.signal_id == signal_id).values(epoch=epoch, sealed=sealed))


async def accepted_ids(tx: Transaction) -> set[str]:
    """The ids of every signal ever accepted and not yet forgotten, for `check`."""
    return {row["signal_id"] for row in await tx.rows(sa.select(RECEIPTS.c.signal_id))}


async def withdrawn_count(tx: Transaction) -> int:
    """How many accepted signals were taken back."""
    query = sa.select(sa.func.count()).select_from(RECEIPTS).where(RECEIPTS.c.withdrawn_at.is_not(None))
    return int(await tx.scalar(query))


async def answer(tx: Transaction, key_hash: str, *, now: dt.datetime) -> tuple[str, bytes] | None:
    """The digest of the body and the encrypted answer kept under an idempotency key, while it is kept."""
    row = await tx.first(sa.select(ANSWERS).where(ANSWERS.c.key_hash == key_hash, ANSWERS.c.expires_at > now))
    return (row["body_digest"], row["answer"]) if row else None


async def answers(tx: Transaction, key_hashes: Collection[str], *, now: dt.datetime) -> dict[str, tuple[str, bytes]]:
    """What is kept under each of these keys."""
    asked = list(dict.fromkeys(key_hashes))
    found: dict[str, tuple[str, bytes]] = {}
    for start in range(0, len(asked), PARAMETERS_AT_ONCE):
        part = asked[start : start + PARAMETERS_AT_ONCE]
        query = sa.select(ANSWERS).where(ANSWERS.c.key_hash.in_(part), ANSWERS.c.expires_at > now)
        found |= {row["key_hash"]: (row["body_digest"], row["answer"]) for row in await tx.rows(query)}
    return found


def add_answer(tx: Transaction, *, key_hash: str, body_digest: str, answer: bytes, expires_at: dt.datetime) -> None:
    """Keep an answer for repeats of the request."""
    tx.add(ANSWERS, key_hash=key_hash, body_digest=body_digest, answer=answer, expires_at=expires_at)


async def delete_expired_answers(tx: Transaction, *, now: dt.datetime) -> int:
    """How many kept answers were past their term and are gone."""
    return int((await tx.execute(sa.delete(ANSWERS).where(ANSWERS.c.expires_at <= now))).rowcount)


def _partners() -> sa.Select[tuple[object, ...]]:
    c = PARTNERS.c
    return sa.select(c.id, c.name, c.adv, c.municipality, c.source_ref)


def _credentials() -> sa.Select[tuple[object, ...]]:
    p, c = PARTNERS.c, CREDENTIALS.c
    return sa.select(
        c.id, c.kind, c.scopes, c.created_at, c.expires_at, c.revoked_at, c.last_used_on,
        p.id.label("partner_id"), p.name, p.adv, p.municipality, p.source_ref,
    ).join(PARTNERS, p.id == c.partner_id)  # fmt: skip


def _credential(row: sa.RowMapping) -> Credential:
    partner = Partner(row["partner_id"], row["name"], row["adv"], row["municipality"], row["source_ref"])
    return Credential(
        row["id"], partner, row["kind"], frozenset(row["scopes"].split()), row["created_at"], row["expires_at"],
        row["revoked_at"], row["last_used_on"],
    )  # fmt: skip
