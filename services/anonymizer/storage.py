# SPDX-License-Identifier: EUPL-1.2
"""The anonymizer's tables. Rows never leave this module.

Owns the state of every case. No unredacted text is ever stored.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from shared.database import Transaction

State = Literal["anonymised", "quarantined", "withdrawn", "not-counted"]

metadata = sa.MetaData()
CASES: Final = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(20)),
    sa.Column("submitted", sa.Boolean),
    sa.Column("revision", sa.Integer),
    sa.Column("correction", sa.Integer),
    sa.Column("updated_on", sa.Date),
)


@dataclass(frozen=True, slots=True)
class Case:
    """How far a case got. `submitted` is False for a tombstone: taken back before the signal itself arrived."""

    case_id: str
    state: State
    submitted: bool
    revision: int
    correction: int


async def cases(tx: Transaction, case_ids: Collection[str]) -> dict[str, Case]:
    """The cases among these ids that are known, by id."""
    c = CASES.c
    columns = sa.select(c.case_id, c.state, c.submitted, c.revision, c.correction)
    rows = await tx.rows(columns.where(c.case_id.in_(list(case_ids))))
    return {row["case_id"]: Case(**row) for row in rows}


async def save_cases(tx: Transaction, changed: Iterable[Case], *, known: Collection[str], on: dt.date) -> None:
    """Keep the new state of these cases; `known` says which were there before."""
    updates = []
    for case in changed:
        values = {
            "state": case.state,
            "submitted": case.submitted,
            "revision": case.revision,
            "correction": case.correction,
            "updated_on": on,
        }
        if case.case_id in known:
            updates.append({"key": case.case_id, **values})
        else:
            tx.add(CASES, case_id=case.case_id, **values)
    if updates:
        await tx.execute(sa.update(CASES).where(CASES.c.case_id == sa.bindparam("key")), updates)


async def state_counts(tx: Transaction) -> dict[str, int]:
    """How many submitted cases are in each state, for `check`."""
    query = sa.select(CASES.c.state, sa.func.count().label("cases")).where(CASES.c.submitted).group_by(CASES.c.state)
    return {row["state"]: row["cases"] for row in await tx.rows(query)}
