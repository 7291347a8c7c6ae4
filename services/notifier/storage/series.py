# SPDX-License-Identifier: EUPL-1.2
"""The notifier's series: one row per case, as the detector reads them. Rows never leave this module.

Owns what has arrived, when, and what was taken back. Holds codes only.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

import sqlalchemy as sa

from services.notifier.series import SeriesCase
from shared.database import Transaction

metadata = sa.MetaData()
CASES: Final = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("revision", sa.Integer),
    sa.Column("retracted", sa.Boolean),
    sa.Column("municipality", sa.String(6)),
    sa.Column("kind", sa.String(20)),
    sa.Column("grounds", sa.String(400)),
    sa.Column("terrain", sa.String(60)),
    sa.Column("district", sa.String(60)),
    sa.Column("source_ref", sa.String(64)),
    sa.Column("mass_event", sa.String(80)),
    sa.Column("arrived_on", sa.Date),
    sa.Column("happened_on", sa.Date),
)


async def revisions(tx: Transaction, case_ids: Collection[str]) -> dict[str, int]:
    """The newest revision known of these cases, retracted ones included."""
    query = sa.select(CASES.c.case_id, CASES.c.revision).where(CASES.c.case_id.in_(list(case_ids)))
    return {row["case_id"]: row["revision"] for row in await tx.rows(query)}


async def save(tx: Transaction, cases: Iterable[SeriesCase], *, known: Collection[str]) -> None:
    """Keep these cases; `known` says which were there before."""
    updates = []
    for case in cases:
        values = {column.name: getattr(case, column.name) for column in CASES.c if column.name != "case_id"}
        values["grounds"] = " ".join(case.grounds)
        if case.case_id in known:
            updates.append({"key": case.case_id, **values})
        else:
            tx.add(CASES, case_id=case.case_id, **values)
    if updates:
        await tx.execute(sa.update(CASES).where(CASES.c.case_id == sa.bindparam("key")), updates)


async def retract(tx: Transaction, revisions_by_case: dict[str, int], *, known: Collection[str]) -> None:
    """These cases no longer count; of one that never came, a tombstone stays that a late arrival meets."""
    rows = [{"key": case_id, "newest": revision} for case_id, revision in revisions_by_case.items() if case_id in known]
    if rows:
        await tx.execute(
            sa.update(CASES)
            .where(CASES.c.case_id == sa.bindparam("key"))
            .values(revision=sa.bindparam("newest"), retracted=True, grounds="", source_ref=""),
            rows,
        )
    for case_id, revision in revisions_by_case.items():
        if case_id not in known:
            day = dt.date.min
            nothing = SeriesCase(
                case_id=case_id,
                revision=revision,
                retracted=True,
                municipality="",
                kind="",
                grounds=(),
                terrain="",
                district="",
                source_ref="",
                mass_event=None,
                arrived_on=day,
                happened_on=day,
            )
            await save(tx, [nothing], known=())


async def series(tx: Transaction, *, municipality: str, since: dt.date) -> list[SeriesCase]:
    """What has arrived since a day and still counts, in order of arrival."""
    c = CASES.c
    query = sa.select(CASES).where(c.municipality == municipality, c.arrived_on >= since, sa.not_(c.retracted))
    rows = await tx.rows(query.order_by(c.arrived_on, c.case_id))
    return [SeriesCase(**{**row, "grounds": tuple(row["grounds"].split())}) for row in rows]


async def version(tx: Transaction, *, municipality: str) -> int:
    """A number that changes with every case that arrives, is corrected or goes."""
    c = CASES.c
    counts = sa.func.count() + sa.func.coalesce(sa.func.sum(c.revision), 0) * 2
    gone = sa.func.count(sa.case((c.retracted, 1)))
    query = sa.select((counts + gone).label("version")).where(c.municipality.in_((municipality, "")))
    return int(await tx.scalar(query) or 0)


async def municipalities(tx: Transaction) -> list[str]:
    """The municipalities that have any series."""
    rows = await tx.rows(sa.select(CASES.c.municipality).where(CASES.c.municipality != "").distinct())
    return sorted(row["municipality"] for row in rows)


async def forget(tx: Transaction, *, before: dt.date) -> int:
    """How many cases were forgotten because they arrived before a day; tombstones without a day stay."""
    c = CASES.c
    gone = sa.delete(CASES).where(c.arrived_on < before, c.arrived_on > dt.date.min)
    return (await tx.execute(gone)).rowcount
