# SPDX-License-Identifier: EUPL-1.2
"""The tables of cases and counts. Rows never leave this module.

Owns the append-only ledger, the newest facts per case, the sheets of counts, and the changes not yet in them. Writing
a case is cheap: its change goes into `uncounted` and is added to the sheets later, many at a time. A figure is the
sheets plus what is uncounted, so it is right at every moment. The facts of a withdrawn case are erased everywhere.
"""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

import orjson
import sqlalchemy as sa

from services.stats import cells, periods
from services.stats.cells import Basis, Change, Counts, SheetKey, Sheets
from services.stats.facts import Case, Entry, Facts, Step
from services.stats.periods import Period
from shared.database import Transaction, UtcDateTime
from shared.migrations import BIG_ID

ADVISORY_LOCK: Final = 0xCE11  # two processes counting the same changes would count them twice
CHUNK: Final = 500  # values in one IN list
T = TypeVar("T")

_metadata = sa.MetaData()
LEDGER: Final = sa.Table(
    "ledger",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("case_id", sa.String(64)),
    sa.Column("revision", sa.Integer),
    sa.Column("entry", sa.String(20)),
    sa.Column("facts", sa.Text),
    sa.Column("recorded_at", UtcDateTime),
    sqlite_autoincrement=True,
)
CASES: Final = sa.Table(
    "cases",
    _metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("revision", sa.Integer),
    sa.Column("state", sa.String(12)),
    sa.Column("municipality", sa.String(6)),
    sa.Column("registered_on", sa.Date),
    sa.Column("incident_on", sa.Date),
    sa.Column("facts", sa.Text),
)
UNCOUNTED: Final = sa.Table(
    "uncounted",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("municipality", sa.String(6)),
    sa.Column("sign", sa.SmallInteger),
    sa.Column("facts", sa.Text),
    sqlite_autoincrement=True,
)
CELLS: Final = sa.Table(
    "cells",
    _metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("span", sa.String(10), primary_key=True),
    sa.Column("basis", sa.String(10), primary_key=True),
    sa.Column("pair", sa.String(40), primary_key=True),
    sa.Column("counts", sa.Text),
)


class Place(NamedTuple):
    """What a row of counts is about, in a municipality; it holds every kind."""

    span: str
    basis: Basis
    pair: str


MASS_MARK: Final = "+"  # after a kind in stored counts: its mass reports; no code holds one


async def cases(tx: Transaction, case_ids: Collection[str]) -> dict[str, Case]:
    """The cases among these ids that are known, by id, locked until the transaction ends."""
    found: dict[str, Case] = {}
    for some in _chunks(list(case_ids)):
        query = sa.select(CASES).where(CASES.c.case_id.in_(some)).with_for_update()
        found |= {row["case_id"]: _case(row) for row in await tx.rows(query)}
    return found


async def save(tx: Transaction, steps: Sequence[Step], *, known: Collection[str], at: dt.datetime) -> None:
    """Keep these steps, in order: their ledger entries, the newest state of each case, and what changes in the counts.

    `known` are the ids of the cases that were there before.
    """
    for step in steps:
        case = step.after
        facts = case.facts.to_json() if case.facts else None
        tx.add(
            LEDGER, case_id=case.case_id, revision=case.revision, entry=step.entry, facts=facts, recorded_at=at
        )  # fmt: skip
        for sign, changed in ((-1, step.leaves), (1, step.enters)):
            if changed is not None:
                tx.add(UNCOUNTED, municipality=changed.municipality, sign=sign, facts=changed.to_json())
    newest = {step.after.case_id: step.after for step in steps}
    updates = []
    for case in newest.values():
        if case.case_id in known:
            updates.append({"key": case.case_id} | _values(case))
        else:
            tx.add(CASES, case_id=case.case_id, **_values(case))
    if updates:
        await tx.execute(sa.update(CASES).where(CASES.c.case_id == sa.bindparam("key")), updates)
    withdrawn = [case.case_id for case in newest.values() if case.state == "withdrawn"]
    if withdrawn:
        await tx.execute(sa.update(LEDGER).where(LEDGER.c.case_id.in_(withdrawn)).values(facts=None))


async def count(tx: Transaction, *, limit: int) -> int:
    """How many changes were added to the sheets, the oldest first, at most `limit`."""
    if tx.dialect == "postgresql":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    rows = await tx.rows(sa.select(UNCOUNTED).order_by(UNCOUNTED.c.seq).limit(limit))
    if not rows:
        return 0
    more = cells.tally((row["sign"], Facts.from_json(row["facts"])) for row in rows)
    for municipality in sorted({key.municipality for key in more}):
        await _add(tx, municipality, {key: counts for key, counts in more.items() if key.municipality == municipality})
    for some in _chunks([row["seq"] for row in rows]):  # a lower number may still be in an open transaction
        await tx.execute(sa.delete(UNCOUNTED).where(UNCOUNTED.c.seq.in_(some)))
    return len(rows)


async def uncounted_size(tx: Transaction) -> int:
    """About how many changes wait to be counted: never fewer than there are."""
    ends = await tx.first(
        sa.select(sa.func.max(UNCOUNTED.c.seq).label("last"), sa.func.min(UNCOUNTED.c.seq).label("first"))
    )
    return ends["last"] - ends["first"] + 1 if ends and ends["last"] is not None else 0


async def sheets(
    tx: Transaction,
    municipality: str,
    *,
    wanted: Mapping[str, Collection[str]],
    basis: Basis,
    kinds: Collection[str] | None = None,
) -> Sheets:
    """The sheets of these spans by pair, as they are now: what still waits to be counted is in them.

    `kinds` are those that are needed; None means all.
    """
    c, u = CELLS.c, UNCOUNTED.c
    of_here = sa.select(c.span, c.pair, c.counts.label("content"), sa.literal(0).label("sign")).where(
        c.municipality == municipality, c.basis == basis
    )
    # One part per pair: with OR between them SQLite reads every row of the municipality instead of looking these up.
    kept = [of_here.where(c.pair == pair, c.span.in_(list(spans))) for pair, spans in wanted.items()]
    none = sa.literal("", sa.String)
    waiting = sa.select(none, none, u.facts, u.sign).where(u.municipality == municipality)
    found: Sheets = {}
    changes: list[Change] = []
    # One statement, so one moment: between two, changes could move from `uncounted` to the sheets and be missed.
    for row in await tx.rows(sa.union_all(*kept, waiting)):
        if row["sign"]:
            changes.append((row["sign"], Facts.from_json(row["content"])))
        else:
            found |= _unpacked(municipality, Place(row["span"], basis, row["pair"]), row["content"], kinds)
    spans_of = {pair: frozenset(spans) for pair, spans in wanted.items()}
    for key, counts in cells.tally(changes, pairs=spans_of, bases=(basis,)).items():
        if key.span in spans_of[key.pair] and (kinds is None or key.kind in kinds):
            cells.add(found.setdefault(key, {}), counts)
    return {key: counts for key, counts in found.items() if counts}


async def _add(tx: Transaction, municipality: str, more: Sheets) -> None:
    """Add these counts to the stored ones; a row that is left with no counts is gone."""
    rows: dict[Place, Sheets] = {}
    for key, counts in more.items():
        rows.setdefault(Place(key.span, key.basis, key.pair), {})[key] = counts
    stored = await _stored(tx, municipality, rows)
    for place, content in stored.items():
        for key, counts in _unpacked(municipality, place, content):
            cells.add(rows[place].setdefault(key, {}), counts)
    if stored:
        here = (CELLS.c[name] == sa.bindparam(f"at_{name}") for name in Place._fields)
        gone = [{f"at_{name}": value for name, value in place._asdict().items()} for place in stored]
        await tx.execute(sa.delete(CELLS).where(CELLS.c.municipality == municipality, *here), gone)
    packed = ((place, _packed(found)) for place, found in rows.items())
    new = [{"municipality": municipality, **place._asdict(), "counts": counts} for place, counts in packed if counts]
    if new:
        await tx.execute(sa.insert(CELLS), new)


async def _stored(tx: Transaction, municipality: str, places: Collection[Place]) -> dict[Place, str]:
    c = CELLS.c
    found: dict[Place, str] = {}
    for some in _chunks(sorted({place.span for place in places})):
        query = sa.select(c.span, c.basis, c.pair, c.counts).where(c.municipality == municipality, c.span.in_(some))
        rows = await tx.rows(query)
        found |= {place: row["counts"] for row in rows if (place := _place(row)) in places}
    return found


def _place(row: sa.RowMapping) -> Place:
    return Place(row["span"], row["basis"], row["pair"])


def _packed(found: Sheets) -> str:
    """The counts of a row as they are stored: a line per kind, so that who needs one kind reads no other."""
    kinds = {f"{key.kind}{MASS_MARK if key.mass else ''}": counts for key, counts in found.items() if counts}
    return "\n".join(f"{kind} {orjson.dumps(counts).decode()}" for kind, counts in sorted(kinds.items()))


def _unpacked(
    municipality: str, place: Place, stored: str, kinds: Collection[str] | None = None
) -> Iterator[tuple[SheetKey, Counts]]:
    for line in stored.split("\n"):
        marked, _, counts = line.partition(" ")
        kind = marked.removesuffix(MASS_MARK)
        if kinds is None or kind in kinds:
            yield SheetKey(municipality, *place, kind, kind != marked), orjson.loads(counts)


async def facts_of(tx: Transaction, municipality: str, period: Period, *, basis: Basis) -> list[Facts]:
    """The facts of every case that counts in the period; by incident, a week falls on its Thursday."""
    day = CASES.c.registered_on if basis == "registered" else CASES.c.incident_on
    query = sa.select(CASES.c.facts).where(CASES.c.municipality == municipality, day.between(period.first, period.last))
    return [Facts.from_json(row["facts"]) for row in await tx.rows(query)]


async def snapshot(tx: Transaction) -> None:
    """Have everything read after this be of one moment. Must come first; SQLite's transactions are so by themselves."""
    if tx.dialect == "postgresql":
        await tx.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


async def all_cases(tx: Transaction, *, size: int) -> AsyncIterator[list[Case]]:
    """Every case, ordered by id, some at a time."""
    async for rows in _pages(tx, sa.select(CASES), CASES.c.case_id, size):
        yield [_case(row) for row in rows]


@dataclass(frozen=True, slots=True)
class LastEntry:
    """What the ledger says last of a case."""

    revision: int
    entry: Entry
    facts: Facts | None


async def last_entries(tx: Transaction, case_ids: Sequence[str]) -> dict[str, LastEntry]:
    """What the ledger says last of each of these cases."""
    last = sa.select(sa.func.max(LEDGER.c.seq)).where(LEDGER.c.case_id.in_(case_ids)).group_by(LEDGER.c.case_id)
    rows = await tx.rows(sa.select(LEDGER).where(LEDGER.c.seq.in_(last)))
    return {
        row["case_id"]: LastEntry(
            row["revision"], row["entry"], Facts.from_json(row["facts"]) if row["facts"] else None
        )
        for row in rows
    }


async def months(tx: Transaction) -> list[tuple[str, Basis, str]]:
    """Every municipality, basis and month that has cases or sheets, in order; a whole year has no month: `2026`."""
    found: set[tuple[str, Basis, str]] = set()
    bases: tuple[tuple[Basis, sa.Column[Any]], ...] = (
        ("registered", CASES.c.registered_on),
        ("incident", CASES.c.incident_on),
    )
    for basis, day in bases:
        query = sa.select(CASES.c.municipality, day.label("day")).where(day.is_not(None)).distinct()
        found |= {(row["municipality"], basis, f"{row['day']:%Y-%m}") for row in await tx.rows(query)}
    kept = await tx.rows(sa.select(CELLS.c.municipality, CELLS.c.basis, CELLS.c.span).distinct())
    found |= {(row["municipality"], row["basis"], periods.month_or_year_of(row["span"])) for row in kept}
    return sorted(found)


async def size(tx: Transaction) -> int:
    """How many different cases the ledger speaks of."""
    return int(await tx.scalar(sa.select(sa.func.count(sa.distinct(LEDGER.c.case_id)))))


async def _pages(
    tx: Transaction, query: sa.Select[Any], key: sa.Column[Any], size: int
) -> AsyncIterator[Sequence[sa.RowMapping]]:
    after = None
    while True:
        page = query.order_by(key).limit(size)
        rows = await tx.rows(page if after is None else page.where(key > after))
        if not rows:
            return
        yield rows
        after = rows[-1][key.name]


def _case(row: sa.RowMapping) -> Case:
    facts = Facts.from_json(row["facts"]) if row["facts"] else None
    return Case(row["case_id"], row["revision"], row["state"], facts)


def _values(case: Case) -> dict[str, Any]:
    facts = case.facts
    return {
        "revision": case.revision,
        "state": case.state,
        "municipality": facts.municipality if facts else None,
        "registered_on": facts.registered_on if facts else None,
        "incident_on": facts.incident_on if facts else None,
        "facts": facts.to_json() if facts else None,
    }


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
