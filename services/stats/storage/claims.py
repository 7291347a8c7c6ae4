# SPDX-License-Identifier: EUPL-1.2
"""What alerts have told of cases. Rows never leave this module."""

from typing import Final

import sqlalchemy as sa

from services.stats.alert_claims import Claim
from services.stats.periods import Period
from shared.database import Transaction

_metadata = sa.MetaData()
CLAIMS: Final = sa.Table(
    "alert_claims",
    _metadata,
    sa.Column("alert_id", sa.String(64), primary_key=True),
    sa.Column("municipality", sa.String(6)),
    sa.Column("kind", sa.String(20)),
    sa.Column("ground", sa.String(80)),
    sa.Column("terrain", sa.String(80)),
    sa.Column("district", sa.String(80)),
    sa.Column("first_day", sa.Date),
    sa.Column("last_day", sa.Date),
    sa.Column("at_least", sa.Integer),
)


async def keep(tx: Transaction, alert_id: str, municipality: str, claim: Claim) -> None:
    """Keep what an alert says now, in place of what it said before."""
    await tx.execute(sa.delete(CLAIMS).where(CLAIMS.c.alert_id == alert_id))
    row = {
        "alert_id": alert_id,
        "municipality": municipality,
        "kind": claim.kind,
        "ground": claim.ground,
        "terrain": claim.terrain,
        "district": claim.district,
        "first_day": claim.first,
        "last_day": claim.last,
        "at_least": claim.at_least,
    }
    await tx.execute(sa.insert(CLAIMS).values(row))


async def of(tx: Transaction, municipality: str, period: Period) -> list[Claim]:
    """What alerts say about the days of a period."""
    c = CLAIMS.c
    query = sa.select(CLAIMS).where(
        c.municipality == municipality, c.first_day <= period.last, c.last_day >= period.first
    )
    return [
        Claim(
            row["kind"],
            row["ground"],
            row["terrain"],
            row["district"],
            row["first_day"],
            row["last_day"],
            row["at_least"],
        )
        for row in await tx.rows(query.order_by(c.alert_id))
    ]
