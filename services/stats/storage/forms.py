# SPDX-License-Identifier: EUPL-1.2
"""The statutory forms: as the figures stand, and as they were settled. Rows never leave this module.

Owns the table of proposed and settled forms. A settled form is never changed: a later one is its next revision.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

import orjson
import sqlalchemy as sa

from services.stats import periods, wga
from services.stats.filings import FiledForm
from services.stats.storage import ledger
from services.stats.wga import Form, Schema
from shared.database import Transaction, UtcDateTime

_metadata = sa.MetaData()
FORMS: Final = sa.Table(
    "forms",
    _metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("municipality", sa.String(6)),
    sa.Column("year", sa.Integer),
    sa.Column("revision", sa.Integer),
    sa.Column("schema", sa.String(40)),
    sa.Column("form", sa.Text),
    sa.Column("form_without_mass", sa.Text),
    sa.Column("differences", sa.Text),
    sa.Column("proposed_by", sa.String(100)),
    sa.Column("proposed_at", UtcDateTime),
    sa.Column("approved_by", sa.String(100)),
    sa.Column("approved_at", UtcDateTime),
)


async def live(schema: Schema, tx: Transaction, *, municipality: str, year: int, with_mass: bool) -> Form:
    """The form as the figures stand."""
    whole_year = periods.calendar_year(year)
    if schema.one_code_per_row:
        span = periods.span_of(whole_year.first, "year")
        wanted = dict.fromkeys(wga.pairs_for(schema), (span,))
        sheets = await ledger.sheets(tx, municipality, wanted=wanted, basis="registered", kinds=schema.counted_kinds)
        tally = wga.from_sheets(schema, sheets, with_mass=with_mass)
    else:
        facts = await ledger.facts_of(tx, municipality, whole_year, basis="registered")
        tally = wga.from_facts(schema, facts, with_mass=with_mass)
    return wga.filled(schema, tally, municipality=municipality, year=year, with_mass=with_mass)


async def settled(tx: Transaction, *, municipality: str, years: Collection[int]) -> dict[int, FiledForm]:
    """The newest settled form of each of these years that has one."""
    query = sa.select(FORMS).where(
        FORMS.c.municipality == municipality, FORMS.c.year.in_(list(years)), FORMS.c.approved_at.is_not(None)
    )
    rows = await tx.rows(query.order_by(FORMS.c.revision))
    return {row["year"]: _filed(row) for row in rows}  # a later revision takes the place of an earlier one


async def by_id(tx: Transaction, form_id: str) -> FiledForm | None:
    """The form of this id, locked until the transaction ends."""
    row = await tx.first(sa.select(FORMS).where(FORMS.c.id == form_id).with_for_update())
    return _filed(row) if row else None


async def of_year(tx: Transaction, *, municipality: str, year: int) -> list[FiledForm]:
    """Every form of a year, the first revision first; the last may still be a proposal."""
    query = sa.select(FORMS).where(FORMS.c.municipality == municipality, FORMS.c.year == year)
    return [_filed(row) for row in await tx.rows(query.order_by(FORMS.c.revision))]


async def propose(tx: Transaction, filed: FiledForm) -> None:
    """Keep a proposal, instead of an earlier one of the same revision."""
    await tx.execute(
        sa.delete(FORMS).where(
            FORMS.c.municipality == filed.municipality,
            FORMS.c.year == filed.year,
            FORMS.c.revision == filed.revision,
            FORMS.c.approved_at.is_(None),
        )
    )
    tx.add(
        FORMS,
        id=filed.id,
        municipality=filed.municipality,
        year=filed.year,
        revision=filed.revision,
        schema=filed.schema,
        form=orjson.dumps(filed.form).decode(),
        form_without_mass=orjson.dumps(filed.form_without_mass).decode(),
        differences=orjson.dumps(filed.differences).decode(),
        proposed_by=filed.proposed_by,
        proposed_at=filed.proposed_at,
    )
    await tx.flush()


async def settle(tx: Transaction, form_id: str, *, by: str, at: dt.datetime) -> None:
    """Make a proposal the settled form."""
    await tx.execute(sa.update(FORMS).where(FORMS.c.id == form_id).values(approved_by=by, approved_at=at))


def _filed(row: sa.RowMapping) -> FiledForm:
    values = dict(row)
    for name in ("form", "form_without_mass", "differences"):
        values[name] = orjson.loads(values[name])
    return FiledForm(**values)
