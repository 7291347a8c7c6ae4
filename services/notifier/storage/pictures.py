# SPDX-License-Identifier: EUPL-1.2
"""The pictures of past months: each is made once and stays as it was."""

import json
from typing import Final

import sqlalchemy as sa

from services.notifier.picture import Picture
from shared.database import Transaction, UtcDateTime, insert_ignoring

_metadata = sa.MetaData()
PICTURES: Final = sa.Table(
    "pictures",
    _metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("facts", sa.Text),
    sa.Column("made_at", UtcDateTime),
)


async def keep(tx: Transaction, picture: Picture) -> bool:
    """Whether the picture is new; one that is there already stays."""
    row = {"municipality": picture.municipality, "month": picture.month, "made_at": picture.made_at}
    values = {**row, "facts": json.dumps(picture.as_json())}
    statement = insert_ignoring(PICTURES, tx.dialect).values(values).returning(PICTURES.c.month)
    return bool(await tx.rows(statement))


async def listed(tx: Transaction, municipality: str, *, limit: int = 24) -> list[Picture]:
    """The pictures of a municipality, the newest month first."""
    c = PICTURES.c
    query = sa.select(PICTURES).where(c.municipality == municipality).order_by(c.month.desc()).limit(limit)
    return [
        Picture.from_json(row["municipality"], row["month"], json.loads(row["facts"]), row["made_at"])
        for row in await tx.rows(query)
    ]
