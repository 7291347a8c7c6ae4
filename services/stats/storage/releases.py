# SPDX-License-Identifier: EUPL-1.2
"""The releases: what was frozen, what is printed, who answered for it. Rows never leave this module.

Owns the tables of releases and of objections. A release is one row, written in one transaction, so there is no half
release; what is printed in it is never changed, only its state is.
"""

import datetime as dt
from typing import Any, Final

import orjson
import sqlalchemy as sa

from services.stats.facts import Facts
from services.stats.periods import Period
from services.stats.releases import FrozenCount, Member, Objection, PrintedCount, Release
from services.stats.storage import ledger
from shared.database import Transaction, UtcDateTime
from shared.migrations import BIG_ID

ADVISORY_LOCK: Final = 0x9E1E  # two releases of the same days may not be approved without knowing each other

_metadata = sa.MetaData()
RELEASES: Final = sa.Table(
    "releases",
    _metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("municipality", sa.String(6)),
    sa.Column("period", sa.String(10)),
    sa.Column("revision", sa.Integer),
    sa.Column("catalogue_version", sa.String(40)),
    sa.Column("made_by", sa.String(100)),
    sa.Column("made_at", UtcDateTime),
    sa.Column("content", sa.Text),
    sa.Column("objections_until", sa.Date),
    sa.Column("approved_by", sa.String(100)),
    sa.Column("approved_at", UtcDateTime),
    sa.Column("retracted_by", sa.String(100)),
    sa.Column("retracted_at", UtcDateTime),
    sa.Column("retraction", sa.Text),
)
OBJECTIONS: Final = sa.Table(
    "objections",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("release_id", sa.String(36)),
    sa.Column("source_ref", sa.String(64)),
    sa.Column("text", sa.Text),
    sa.Column("made_at", UtcDateTime),
    sqlite_autoincrement=True,
)
_KEPT: Final = ("objections_until", "approved_by", "approved_at", "retracted_by", "retracted_at", "retraction")


async def lock(tx: Transaction) -> None:
    """Have releases be kept and approved one after another; SQLite's writers are so by themselves."""
    if tx.dialect == "postgresql":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))


async def cases_of(tx: Transaction, municipality: str, period: Period) -> list[tuple[str, Facts]]:
    """The cases that count in the period, by registration, with their ids."""
    c = ledger.CASES.c
    query = sa.select(c.case_id, c.facts).where(
        c.municipality == municipality, c.registered_on.between(period.first, period.last)
    )
    return [(row["case_id"], Facts.from_json(row["facts"])) for row in await tx.rows(query)]


async def save(tx: Transaction, release: Release) -> None:
    """Keep a concept, instead of an earlier concept of the same revision."""
    r = RELEASES.c
    await tx.execute(
        sa.delete(RELEASES).where(
            r.municipality == release.municipality,
            r.period == release.period,
            r.revision == release.revision,
            r.approved_at.is_(None),
        )
    )
    tx.add(
        RELEASES,
        id=release.id,
        municipality=release.municipality,
        period=release.period,
        revision=release.revision,
        catalogue_version=release.catalogue_version,
        made_by=release.made_by,
        made_at=release.made_at,
        content=orjson.dumps(_packed(release)).decode(),
        objections_until=release.objections_until,
    )
    await tx.flush()


async def by_id(tx: Transaction, release_id: str) -> Release | None:
    """The release of this id with its objections, locked until the transaction ends."""
    row = await tx.first(sa.select(RELEASES).where(RELEASES.c.id == release_id).with_for_update())
    if row is None:
        return None
    o = OBJECTIONS.c
    found = await tx.rows(sa.select(OBJECTIONS).where(o.release_id == release_id).order_by(o.seq))
    return _release(row, tuple(Objection(one["source_ref"], one["text"], one["made_at"]) for one in found))


async def by_id_or_period(tx: Transaction, which: str, *, municipality: str) -> Release | None:
    """The release of this id, else the newest revision over the period of this name."""
    found = await by_id(tx, which)
    if found is not None:
        return found
    revisions = [one for one in await of(tx, municipality) if one.period == which]
    return revisions[-1] if revisions else None


async def of(tx: Transaction, municipality: str) -> list[Release]:
    """Every release of the municipality, the newest period first."""
    query = sa.select(RELEASES).where(RELEASES.c.municipality == municipality)
    return [_release(row) for row in await tx.rows(query.order_by(RELEASES.c.period.desc(), RELEASES.c.revision))]


async def approved(tx: Transaction, municipality: str) -> list[Release]:
    """The releases that hold: approved, not retracted, only the last revision of each period."""
    r = RELEASES.c
    query = sa.select(RELEASES).where(
        r.municipality == municipality, r.approved_at.is_not(None), r.retracted_at.is_(None)
    )
    rows = await tx.rows(query.order_by(r.period, r.revision))
    return list({row["period"]: _release(row) for row in rows}.values())


async def ever_approved(tx: Transaction, municipality: str) -> list[Release]:
    """Every release that people may have read, retracted ones too."""
    query = sa.select(RELEASES).where(RELEASES.c.municipality == municipality, RELEASES.c.approved_at.is_not(None))
    return [_release(row) for row in await tx.rows(query)]


async def approve(tx: Transaction, release_id: str, *, by: str, at: dt.datetime) -> None:
    """Approve a concept."""
    await tx.execute(sa.update(RELEASES).where(RELEASES.c.id == release_id).values(approved_by=by, approved_at=at))


async def retract(tx: Transaction, release_id: str, *, by: str, at: dt.datetime, reason: str) -> None:
    """Take a release back."""
    values = {"retracted_by": by, "retracted_at": at, "retraction": reason}
    await tx.execute(sa.update(RELEASES).where(RELEASES.c.id == release_id).values(values))


def object_to(tx: Transaction, release_id: str, objection: Objection) -> None:
    """Keep what a source says against a concept."""
    tx.add(
        OBJECTIONS, release_id=release_id, source_ref=objection.source, text=objection.text, made_at=objection.made_at
    )  # fmt: skip


def _packed(release: Release) -> dict[str, Any]:
    return {
        "considered": release.considered,
        "tabset": release.tabset,
        "frozen": {name: [one.names, [*map(tuple, one.members)]] for name, one in release.frozen.items()},
        "printed": {
            name: {
                "names": one.names, "tables": one.tables, "cells": list(one.cells.items()), "withheld": one.withheld,
                "cost": one.cost, "proven": one.proven, "hidden_small": one.hidden_small,
                "hidden_company": one.hidden_company, "dropped": one.dropped,
            }
            for name, one in release.printed.items()
        },
    }  # fmt: skip


def _release(row: sa.RowMapping, objections: tuple[Objection, ...] = ()) -> Release:
    content = orjson.loads(row["content"])
    return Release(
        id=row["id"],
        municipality=row["municipality"],
        period=row["period"],
        revision=row["revision"],
        catalogue_version=row["catalogue_version"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        considered=tuple(content["considered"]),
        frozen={name: _frozen(*one) for name, one in content["frozen"].items()},
        printed={name: _printed(one) for name, one in content["printed"].items()},
        tabset=content["tabset"],
        objections=objections,
        **{name: row[name] for name in _KEPT},
    )


def _frozen(names: list[str], members: list[list[Any]]) -> FrozenCount:
    return FrozenCount(
        tuple(names), tuple(Member(digest, tuple(place), source, key) for digest, place, source, key in members)
    )


def _printed(packed: dict[str, Any]) -> PrintedCount:
    return PrintedCount(
        **packed
        | {
            "names": tuple(packed["names"]),
            "tables": tuple(tuple(table) for table in packed["tables"]),
            "cells": {tuple(place): number for place, number in packed["cells"]},
            "dropped": tuple(tuple(table) for table in packed.get("dropped", ())),
        }
    )
