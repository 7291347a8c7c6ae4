# SPDX-License-Identifier: EUPL-1.2
"""How far cases got, under a key that only the receipt's holder can recompute, and by day at the finest.

Owns the table of case states. No row holds a case id, a signal id or a receipt; none can be joined to one from here.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.states import CaseState
from services.intake.storage import RECEIPTS, metadata
from shared.database import Transaction

STATES: Final = sa.Table(
    "case_states",
    metadata,
    sa.Column("state_key", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer),
    sa.Column("state", sa.String(20)),
    sa.Column("source_ref", sa.String(64), index=True),
    sa.Column("month", sa.String(7)),
    sa.Column("changed_on", sa.Date, index=True),
    sa.Column("review_revision", sa.Integer),
    sa.Column("review_open", sa.Boolean),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What an event tells of a case. `source_ref` and `month` are known from coded facts only."""

    state_key: str
    revision: int
    state: str
    source_ref: str | None = None
    month: str | None = None


async def save(tx: Transaction, changes: Sequence[Change], *, on: dt.date) -> None:
    """The newest revision of each case stands, in whatever order they came."""
    newest = {one.state_key: one for one in sorted(changes, key=lambda one: one.revision)}
    rows = [
        {
            "state_key": one.state_key, "revision": one.revision, "state": one.state, "source_ref": one.source_ref,
            "month": one.month, "changed_on": on, "review_revision": 0, "review_open": False,
        }
        for _, one in sorted(newest.items())
    ]  # fmt: skip
    given = _insert(tx)
    await _upsert(
        tx,
        rows,
        {
            "revision": given.excluded.revision,
            "state": given.excluded.state,
            "source_ref": sa.func.coalesce(given.excluded.source_ref, STATES.c.source_ref),
            "month": sa.func.coalesce(given.excluded.month, STATES.c.month),
            "changed_on": given.excluded.changed_on,
        },
        newer=STATES.c.revision,
        than="revision",
    )
    # A retraction may overtake the facts it retracts: then only who sent the case is still taken from them.
    await _learn_origins(tx, changes)


async def save_reviews(tx: Transaction, reviews: Sequence[tuple[str, int, bool]], *, on: dt.date) -> None:
    """Whether a person still has to look: (state key, revision, open)."""
    newest = {one[0]: one for one in sorted(reviews, key=lambda one: one[1])}
    rows = [
        {
            "state_key": key, "revision": 0, "state": CaseState.UNKNOWN, "source_ref": None, "month": None,
            "changed_on": on, "review_revision": revision, "review_open": is_open,
        }
        for key, (_, revision, is_open) in sorted(newest.items())
    ]  # fmt: skip
    given = _insert(tx)
    changed = {
        "review_revision": given.excluded.review_revision,
        "review_open": given.excluded.review_open,
        "changed_on": given.excluded.changed_on,
    }
    await _upsert(tx, rows, changed, newer=STATES.c.review_revision, than="review_revision")


async def state(tx: Transaction, state_key: str) -> CaseState | None:
    """How far a case got, if anything was heard of it."""
    row = await tx.first(sa.select(STATES).where(STATES.c.state_key == state_key))
    return CaseState(row["state"], row["review_open"], row["changed_on"]) if row else None


async def counts_by_month(tx: Transaction, source_ref: str) -> dict[str, Counter[str]]:
    """For each month of registration, how many cases of one sender stand in each state."""
    c = STATES.c
    query = (
        sa.select(c.month, c.state, c.review_open, sa.func.count().label("count"))
        .where(c.source_ref == source_ref, c.month.is_not(None))
        .group_by(c.month, c.state, c.review_open)
    )
    found: dict[str, Counter[str]] = {}
    for row in await tx.rows(query):
        name = CaseState(row["state"], row["review_open"], dt.date.min).name
        found.setdefault(row["month"], Counter())[name] += row["count"]
    return found


async def receipts_by_month(tx: Transaction, partner_id: str) -> dict[str, tuple[int, int]]:
    """For each month of registration, how many signals a partner sent and how many of those were taken back."""
    c = RECEIPTS.c
    month = sa.func.coalesce(c.registered_on, sa.cast(c.received_at, sa.Date))
    year_month = (sa.extract("year", month), sa.extract("month", month))
    query = (
        sa.select(*(part.label(name) for part, name in zip(year_month, ("y", "m"), strict=True)))
        .add_columns(sa.func.count().label("sent"), sa.func.count(c.withdrawn_at).label("withdrawn"))
        .where(c.partner_id == partner_id)
        .group_by(*year_month)
    )
    return {f"{int(r['y']):04d}-{int(r['m']):02d}": (r["sent"], r["withdrawn"]) for r in await tx.rows(query)}


async def _learn_origins(tx: Transaction, changes: Sequence[Change]) -> None:
    told = [one for one in changes if one.source_ref is not None]
    if not told:
        return
    parameters = [{"at_key": one.state_key, "ref": one.source_ref, "of_month": one.month} for one in told]
    await tx.execute(
        sa.update(STATES)
        .where(STATES.c.state_key == sa.bindparam("at_key"), STATES.c.source_ref.is_(None))
        .values(source_ref=sa.bindparam("ref"), month=sa.bindparam("of_month")),
        parameters,
    )


def _insert(tx: Transaction) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(STATES) if tx.dialect == "postgresql" else sqlite.insert(STATES)


async def _upsert(
    tx: Transaction, rows: list[dict[str, Any]], changed: Mapping[str, Any], *, newer: sa.Column[Any], than: str
) -> None:
    statement = _insert(tx)
    upsert = statement.on_conflict_do_update(
        index_elements=[STATES.c.state_key], set_=dict(changed), where=statement.excluded[than] > newer
    )
    await tx.execute(upsert, rows)  # one row a statement: with all rows in it, it is compiled anew for every batch
