# SPDX-License-Identifier: EUPL-1.2
"""The blocks of text people add to a report. Rows never leave this module.

Owns their table. A block is never changed: a newer one takes its place, and the older ones stay with who wrote them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from shared.database import Transaction, UtcDateTime
from shared.migrations import BIG_ID

BLOCKS: Final = sa.Table(
    "report_blocks",
    sa.MetaData(),
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("municipality", sa.String(6)),
    sa.Column("report", sa.String(10)),
    sa.Column("period", sa.String(20)),
    sa.Column("slot", sa.String(20)),
    sa.Column("text", sa.Text),
    sa.Column("author", sa.String(100)),
    sa.Column("written_at", UtcDateTime),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which report of which municipality a block stands in."""

    municipality: str
    report: str
    period: str


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block as it was written; an empty text takes the one before it away."""

    slot: str
    text: str
    author: str
    written_at: dt.datetime


def add(tx: Transaction, place: Place, block: KeptBlock) -> None:
    """Keep a block."""
    tx.add(
        BLOCKS, municipality=place.municipality, report=place.report, period=place.period, slot=block.slot,
        text=block.text, author=block.author, written_at=block.written_at,
    )  # fmt: skip


async def history(tx: Transaction, place: Place) -> list[KeptBlock]:
    """Every block ever written there, the oldest first."""
    b = BLOCKS.c
    query = sa.select(BLOCKS).where(
        b.municipality == place.municipality, b.report == place.report, b.period == place.period
    )
    return [
        KeptBlock(row["slot"], row["text"], row["author"], row["written_at"])
        for row in await tx.rows(query.order_by(b.seq))
    ]
