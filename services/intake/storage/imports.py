# SPDX-License-Identifier: EUPL-1.2
"""Imports and their rows. What a row says exists here only sealed to the anonymizer; so does the order to take it back.

Owns three tables: imports, their rows, and which column a partner chose for a header.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from services.intake.storage import RECEIPTS, SIGNALS, metadata
from shared.database import Transaction, UtcDateTime

State = Literal["dry", "confirming", "done", "undoing", "undone"]
IMPORTS: Final = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("partner_id", sa.String(36), index=True),
    sa.Column("state", sa.String(20), index=True),
    sa.Column("row_count", sa.Integer),
    sa.Column("good_count", sa.Integer),
    sa.Column("done_count", sa.Integer),
    sa.Column("report", sa.LargeBinary),
    sa.Column("created_at", UtcDateTime),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Column("traceparent", sa.String(55)),
)
ROWS: Final = sa.Table(
    "import_rows",
    metadata,
    sa.Column("import_id", sa.String(36), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(10)),
    sa.Column("signal_id", sa.String(36)),
    sa.Column("receipt_hash", sa.String(32)),
    sa.Column("reference_hash", sa.String(32)),
    sa.Column("epoch", sa.String(40)),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("withdrawal", sa.LargeBinary),
    sa.Column("registered_on", sa.Date),
)
COLUMNS: Final = sa.Table(
    "import_columns",
    metadata,
    sa.Column("partner_id", sa.String(36), primary_key=True),
    sa.Column("header_hash", sa.String(32), primary_key=True),
    sa.Column("field", sa.String(40)),
)


@dataclass(frozen=True, slots=True)
class Import:
    """One file on its way. `report` is encrypted."""

    id: str
    partner_id: str
    state: State
    row_count: int
    good_count: int
    done_count: int
    report: bytes | None
    created_at: dt.datetime
    confirmed_at: dt.datetime | None
    traceparent: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One good row: the signal, and the order to take it back, both readable by the anonymizer alone."""

    number: int
    signal_id: str
    receipt_hash: str
    reference_hash: str | None
    epoch: str
    sealed: bytes | None
    withdrawal: bytes | None
    registered_on: dt.date


def add(tx: Transaction, one: Import, rows: Sequence[ImportRow]) -> None:
    """Keep a dry run."""
    tx.add(IMPORTS, **{name: getattr(one, name) for name in IMPORTS.c.keys()})  # noqa: SIM118 - a column collection
    for row in rows:
        values = {name: getattr(row, name) for name in ImportRow.__dataclass_fields__}
        tx.add(ROWS, import_id=one.id, state="staged", **values)


async def get(tx: Transaction, import_id: str, *, partner_id: str) -> Import | None:
    """The import, if it is this partner's."""
    row = await tx.first(sa.select(IMPORTS).where(IMPORTS.c.id == import_id, IMPORTS.c.partner_id == partner_id))
    return Import(**row) if row else None


async def of_partner(tx: Transaction, partner_id: str, *, limit: int) -> list[Import]:
    """A partner's newest imports."""
    query = sa.select(IMPORTS).where(IMPORTS.c.partner_id == partner_id)
    return [Import(**row) for row in await tx.rows(query.order_by(IMPORTS.c.created_at.desc()).limit(limit))]


async def claim(tx: Transaction) -> Import | None:
    """An import with work to do, held against other processes until the transaction ends."""
    query = sa.select(IMPORTS).where(IMPORTS.c.state.in_(("confirming", "undoing"))).order_by(IMPORTS.c.created_at)
    row = await tx.first(query.limit(1).with_for_update(skip_locked=True))
    return Import(**row) if row else None


async def move(tx: Transaction, import_id: str, *, state: State, confirmed_at: dt.datetime | None = None) -> None:
    """The import is in another state; what the dry run told is no longer needed."""
    values: dict[str, object] = {"state": state}
    if confirmed_at is not None:
        values |= {"confirmed_at": confirmed_at, "report": None}
    await tx.execute(sa.update(IMPORTS).where(IMPORTS.c.id == import_id).values(values))


async def count_done(tx: Transaction, import_id: str, change: int) -> None:
    """So many more rows were processed, or fewer."""
    changed = sa.update(IMPORTS).where(IMPORTS.c.id == import_id).values(done_count=IMPORTS.c.done_count + change)
    await tx.execute(changed)


async def rows_in(tx: Transaction, import_id: str, state: str, *, limit: int) -> list[ImportRow]:
    """The next rows in this state, in the order of the file."""
    columns = [ROWS.c[name] for name in ImportRow.__dataclass_fields__]
    query = sa.select(*columns).where(ROWS.c.import_id == import_id, ROWS.c.state == state)
    return [ImportRow(**row) for row in await tx.rows(query.order_by(ROWS.c.number).limit(limit))]


async def rows_sent(tx: Transaction, one: Import, *, last: int, at: dt.datetime) -> None:
    """The staged rows up to this number became signals; of the rows only the order to take them back stays.

    The database copies them itself: what a row holds need not come here and go back.
    """
    c, on = ROWS.c, sa.literal(at.date(), sa.Date)
    chosen = (c.import_id == one.id, c.state == "staged", c.number <= last)
    signals = sa.select(c.signal_id, c.epoch, c.sealed, on).where(*chosen)
    receipts = sa.select(
        c.receipt_hash, c.signal_id, sa.literal(one.partner_id), sa.literal(at, UtcDateTime), sa.literal(0),
        c.registered_on, c.import_id,
    ).where(*chosen)  # fmt: skip
    await tx.execute(sa.insert(SIGNALS).from_select(["signal_id", "epoch", "sealed", "received_on"], signals))
    names = ["receipt_hash", "signal_id", "partner_id", "received_at", "corrections", "registered_on", "import_id"]
    await tx.execute(sa.insert(RECEIPTS).from_select(names, receipts))
    await tx.execute(sa.update(ROWS).where(*chosen).values(state="sent", sealed=None))


async def rows_gone(tx: Transaction, import_id: str, *, last: int, at: dt.datetime) -> None:
    """The signals of the sent rows up to this number were taken back; nothing of these rows is kept any longer."""
    chosen = (ROWS.c.import_id == import_id, ROWS.c.state == "sent", ROWS.c.number <= last)
    taken = sa.select(ROWS.c.signal_id).where(*chosen)
    await tx.execute(sa.delete(SIGNALS).where(SIGNALS.c.signal_id.in_(taken)))
    await tx.execute(sa.update(RECEIPTS).where(RECEIPTS.c.signal_id.in_(taken)).values(withdrawn_at=at))
    await tx.execute(sa.delete(ROWS).where(*chosen))


async def drop_staged(tx: Transaction, import_id: str) -> None:
    """Rows that were never sent are forgotten."""
    await tx.execute(sa.delete(ROWS).where(ROWS.c.import_id == import_id, ROWS.c.state == "staged"))


async def delete_dry_runs(tx: Transaction, *, before: dt.datetime) -> int:
    """How many dry runs were past their term and are gone, rows and all."""
    old = sa.select(IMPORTS.c.id).where(IMPORTS.c.state == "dry", IMPORTS.c.created_at < before)
    await tx.execute(sa.delete(ROWS).where(ROWS.c.import_id.in_(old)))
    return int((await tx.execute(sa.delete(IMPORTS).where(IMPORTS.c.id.in_(old)))).rowcount)


async def delete_undo_orders(tx: Transaction, *, before: dt.datetime) -> int:
    """How many orders to take a row back were past their term and are gone."""
    old = sa.select(IMPORTS.c.id).where(IMPORTS.c.state == "done", IMPORTS.c.confirmed_at < before)
    return int((await tx.execute(sa.delete(ROWS).where(ROWS.c.import_id.in_(old)))).rowcount)


async def choices(tx: Transaction, partner_id: str) -> dict[str, str]:
    """Which field a partner chose for which header, by the header's hash."""
    rows = await tx.rows(sa.select(COLUMNS).where(COLUMNS.c.partner_id == partner_id))
    return {row["header_hash"]: row["field"] for row in rows}


async def choose(tx: Transaction, partner_id: str, chosen: Mapping[str, str]) -> None:
    """Remember which field a partner chose for which header."""
    if not chosen:
        return
    gone = sa.delete(COLUMNS).where(COLUMNS.c.partner_id == partner_id, COLUMNS.c.header_hash.in_(list(chosen)))
    await tx.execute(gone)
    for header_hash, field in chosen.items():
        tx.add(COLUMNS, partner_id=partner_id, header_hash=header_hash, field=field)
