# SPDX-License-Identifier: EUPL-1.2
"""The outbox: events are written in the same transaction as their cause and published afterwards.

Owns the table of events that still have to leave. `seq` of concurrent transactions is not their commit order on
PostgreSQL, so rows are deleted once sent and no high-water mark is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson
import sqlalchemy as sa

from shared.contracts import Envelope
from shared.database import Database, Transaction, runs
from shared.migrations import BIG_ID

FILLED: Final = "outbox"

_metadata = sa.MetaData()
OUTBOX: Final = sa.Table(
    "outbox",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(64)),
    sa.Column("topic", sa.String(100)),
    sa.Column("key", sa.LargeBinary),
    sa.Column("value", sa.LargeBinary),
    sa.Column("headers", sa.Text),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event in the outbox with its place in the queue."""

    seq: int
    envelope: Envelope


_DELETE_RUN: Final = sa.delete(OUTBOX).where(OUTBOX.c.seq.between(sa.bindparam("first_seq"), sa.bindparam("last_seq")))


def enqueue(tx: Transaction, event: Envelope) -> None:
    """Have the event published once this transaction has committed."""
    tx.add(
        OUTBOX,
        event_id=event.event_id,
        topic=event.topic,
        key=event.key,
        value=event.value,
        headers=orjson.dumps(dict(event.headers)).decode(),
    )
    tx.signal(FILLED)


async def waiting(tx: Transaction, *, limit: int) -> list[Waiting]:
    """The oldest events that still have to leave, in order."""
    rows = await tx.rows(sa.select(OUTBOX).order_by(OUTBOX.c.seq).limit(limit))
    return [
        Waiting(r["seq"], Envelope(r["event_id"], r["topic"], r["key"], r["value"], orjson.loads(r["headers"])))
        for r in rows
    ]


async def delete_sent(tx: Transaction, seqs: Sequence[int]) -> None:
    """Forget events the bus has acknowledged."""
    await tx.execute(_DELETE_RUN, [{"first_seq": first, "last_seq": last} for first, last in runs(seqs)])


async def waiting_ids(database: Database, topic: str) -> set[str]:
    """The ids of the events for one topic that have not left yet."""
    async with database.reading() as tx:
        rows = await tx.rows(sa.select(OUTBOX.c.event_id).where(OUTBOX.c.topic == topic))
    return {row["event_id"] for row in rows}
