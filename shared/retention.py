# SPDX-License-Identifier: EUPL-1.2
"""The register of deletions: what was deleted, how much of it, under which rule and when.

Owns the table and its form, the same in every room that keeps something for a term. Never says whose it was: a register
of deletions that names what was deleted keeps it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from alembic import op

from shared.database import Transaction, UtcDateTime
from shared.migrations import BIG_ID

KEPT_BY: Final = ("intake", "anonymizer")
"""The services that keep the register, because they keep what is personal for a term."""

_metadata = sa.MetaData()
DELETIONS: Final = sa.Table(
    "deletions",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(40)),
    sa.Column("count", sa.Integer),
    sa.Column("rule", sa.String(120)),
    sa.Column("deleted_at", UtcDateTime),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One line of the register."""

    kind: str
    count: int
    rule: str
    deleted_at: dt.datetime


def register(tx: Transaction, kind: str, count: int, *, rule: str, at: dt.datetime) -> None:
    """Note that so many of a kind were deleted; nothing is noted when there were none."""
    if count:
        tx.add(DELETIONS, kind=kind, count=count, rule=rule, deleted_at=at)


async def deletions(tx: Transaction) -> list[Deletion]:
    """Every line, oldest first."""
    columns = [DELETIONS.c[name] for name in ("kind", "count", "rule", "deleted_at")]
    return [Deletion(**row) for row in await tx.rows(sa.select(*columns).order_by(DELETIONS.c.seq))]


def create_deletion_register() -> None:
    """The table, for a migration. Never changed afterwards: a later need is a later migration."""
    op.create_table(
        "deletions",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
