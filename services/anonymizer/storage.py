# SPDX-License-Identifier: EUPL-1.2
"""The anonymizer's tables. Rows never leave this module.

Owns the state of every case, the reviews and the learned words. No unredacted text is ever stored, and no redacted
text or fact of a review but encrypted.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

import sqlalchemy as sa

from services.anonymizer.learned import LearnedPhrase, WordHash
from shared.database import Transaction, UtcDateTime, insert_ignoring
from shared.errors import Gone, NotFound
from shared.sealing import Epoch

State = Literal["anonymised", "quarantined", "withdrawn", "not-counted"]
Why = Literal["withdrawn", "corrected", "term-over", "key-destroyed"]
LONGEST_LEASE: Final = dt.timedelta(days=1)  # the bound of the setting
GONE_CODES: Final[Mapping[Why, str]] = {
    "withdrawn": "case_withdrawn",
    "corrected": "case_corrected",
    "term-over": "review_over",
    "key-destroyed": "key_destroyed",
}
"""The code of the refusal for each reason why a review that was there is gone."""

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
REVIEWS: Final = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("case_id", sa.String(64)),
    sa.Column("municipality", sa.String(6)),
    sa.Column("epoch", sa.String(40)),
    sa.Column("reasons", sa.Text),
    sa.Column("content", sa.LargeBinary),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("leased_by", sa.String(200)),
    sa.Column("leased_until", UtcDateTime),
    sa.Column("decision", sa.String(20)),
    sa.Column("decision_reason", sa.String(40)),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("decided_at", UtcDateTime),
)
CLOSED_REVIEWS: Final = sa.Table(
    "closed_reviews",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("why", sa.String(20)),
    sa.Column("closed_on", sa.Date),
)
LEARNED_WORDS: Final = sa.Table(
    "learned_words",
    metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("first", sa.String(32), primary_key=True),
    sa.Column("whole", sa.String(32), primary_key=True),
    sa.Column("learned_on", sa.Date),
)

PUT_BACK_WORDS: Final = sa.Table(
    "put_back_words",
    metadata,
    sa.Column("municipality", sa.String(6), primary_key=True),
    sa.Column("word", sa.String(32), primary_key=True),
    sa.Column("learned_on", sa.Date),
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
    """The cases among these ids that are known, by id; until the transaction ends nobody else changes them.

    Without that lock a withdrawal and a correction handled at once would both go on from the same revision, and the
    one that commits last would bring a withdrawn case back. Every verb locks cases before reviews, so that no two wait
    for each other; the order of the ids does the same between batches.
    """
    c = CASES.c
    columns = sa.select(c.case_id, c.state, c.submitted, c.revision, c.correction)
    asked = columns.where(c.case_id.in_(list(case_ids))).order_by(c.case_id).with_for_update()
    rows = await tx.rows(asked)
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


@dataclass(frozen=True, slots=True)
class Review:
    """A case that a person must look at, or has looked at.

    `content` is encrypted and falls with the key of `epoch`; open while `decision` is None.
    """

    id: str
    case_id: str
    municipality: str
    epoch: Epoch
    reasons: tuple[str, ...]
    content: bytes
    opened_at: dt.datetime
    leased_by: str | None = None
    leased_until: dt.datetime | None = None
    decision: str | None = None
    decision_reason: str | None = None
    decided_by: str | None = None
    decided_at: dt.datetime | None = None

    def held_by(self, now: dt.datetime) -> str | None:
        """Who has the review now, if anybody.

        A lease that ends later than any lease can was given by a clock that ran ahead; it holds nobody back.
        """
        if self.decision is not None or self.leased_until is None:
            return None
        return self.leased_by if now < self.leased_until <= now + LONGEST_LEASE else None


_REVIEW_COLUMNS: Final = [REVIEWS.c[one.name] for one in fields(Review)]
_WITHOUT_CONTENT: Final = [c if c.name != "content" else sa.literal(b"").label("content") for c in _REVIEW_COLUMNS]


def open_review(tx: Transaction, review: Review) -> None:
    """Keep a new review."""
    tx.add(
        REVIEWS,
        id=review.id,
        case_id=review.case_id,
        municipality=review.municipality,
        epoch=review.epoch,
        reasons=json.dumps(review.reasons),
        content=review.content,
        opened_at=review.opened_at,
    )


async def save_review(tx: Transaction, review: Review) -> None:
    """Keep what changed of a review: its content, lease and decision."""
    changes = {one: getattr(review, one) for one in _CHANGING}
    await tx.execute(sa.update(REVIEWS).where(REVIEWS.c.id == review.id).values(changes))


_CHANGING: Final = (
    "content", "leased_by", "leased_until", "decision", "decision_reason", "decided_by", "decided_at",
)  # fmt: skip


async def delete_reviews(tx: Transaction, case_ids: Collection[str], *, why: Why, on: dt.date) -> set[str]:
    """The cases among these whose review was still open; every review of these cases is gone.

    Its id stays a while with the reason, so that whoever had it open is told what happened. It is random and leads to
    no case.
    """
    r = REVIEWS.c
    gone = sa.delete(REVIEWS).where(r.case_id.in_(list(case_ids))).returning(r.id, r.case_id, r.decision)
    rows = await tx.rows(gone)
    for row in rows:
        tx.add(CLOSED_REVIEWS, id=row["id"], why=why, closed_on=on)
    return {row["case_id"] for row in rows if row["decision"] is None}


async def missing_review(tx: Transaction, review_id: str) -> Gone | NotFound:
    """The refusal for a review that is not there: it was, or it never was (or too long ago)."""
    why: Why | None = await tx.scalar(sa.select(CLOSED_REVIEWS.c.why).where(CLOSED_REVIEWS.c.id == review_id))
    return Gone(GONE_CODES[why]) if why else NotFound("no_such_review")


async def forget_closed(tx: Transaction, *, before: dt.date) -> None:
    """Forget the ids of reviews that were gone before this day."""
    await tx.execute(sa.delete(CLOSED_REVIEWS).where(CLOSED_REVIEWS.c.closed_on < before))


async def review(tx: Transaction, review_id: str, *, for_change: bool = False) -> Review | None:
    """The review with this id; `for_change` keeps others from changing it until the transaction ends."""
    query = sa.select(*_REVIEW_COLUMNS).where(REVIEWS.c.id == review_id)
    row = await tx.first(query.with_for_update() if for_change else query)
    return _review(row) if row else None


async def reviews(tx: Transaction, *, is_open: bool | None, limit: int, offset: int) -> list[Review]:
    """Reviews without their content, those that wait longest first; decided ones the newest first."""
    order = (REVIEWS.c.opened_at, REVIEWS.c.id) if is_open else (REVIEWS.c.decided_at.desc(), REVIEWS.c.opened_at)
    query = sa.select(*_WITHOUT_CONTENT).where(_is_open(is_open=is_open)).order_by(*order).limit(limit).offset(offset)
    return [_review(row) for row in await tx.rows(query)]


async def next_review(
    tx: Transaction, *, staff: str, now: dt.datetime, readable: Collection[Epoch]
) -> Review | None:  # fmt: skip
    """The review that waits longest, can be read and that nobody else has, nor takes at this moment."""
    r = REVIEWS.c
    held = (r.leased_until > now) & (r.leased_until <= now + LONGEST_LEASE)
    free = r.leased_until.is_(None) | sa.not_(held) | (r.leased_by == staff)
    query = sa.select(*_REVIEW_COLUMNS).where(r.decision.is_(None) & free & r.epoch.in_(list(readable)))
    query = query.order_by(r.opened_at, r.id).limit(1)
    row = await tx.first(query.with_for_update(skip_locked=True))
    return _review(row) if row else None


async def decided_count(tx: Transaction, *, staff: str, since: dt.datetime) -> int:
    """How many reviews this person decided since then."""
    r = REVIEWS.c
    query = sa.select(sa.func.count()).where((r.decided_by == staff) & (r.decided_at >= since))
    return int(await tx.scalar(query))


async def review_count(tx: Transaction, *, is_open: bool | None) -> int:
    """How many reviews there are."""
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(REVIEWS).where(_is_open(is_open=is_open))))


async def reviews_until(
    tx: Transaction, *, opened: dt.datetime, decided: dt.datetime, lost: Collection[Epoch]
) -> list[Review]:
    """Reviews without content that waited since before `opened`, were decided before `decided`, or lost their key."""
    r = REVIEWS.c
    waited = r.decision.is_(None) & (r.opened_at < opened)
    query = sa.select(*_WITHOUT_CONTENT).where(waited | (r.decided_at < decided) | r.epoch.in_(list(lost)))
    return [_review(row) for row in await tx.rows(query)]


async def learn(tx: Transaction, municipality: str, phrases: Iterable[LearnedPhrase], *, on: dt.date) -> None:
    """Keep these phrases; one that is known already stays as it is."""
    rows = [{"municipality": municipality, "first": p.first, "whole": p.whole, "learned_on": on} for p in phrases]
    if rows:
        await tx.execute(insert_ignoring(LEARNED_WORDS, tx.dialect), rows)


async def forget_learned(tx: Transaction, municipality: str, phrases: Iterable[LearnedPhrase]) -> int:
    """How many of these phrases were known; they are hidden no more."""
    w = LEARNED_WORDS.c
    wholes = [phrase.whole for phrase in phrases]
    gone = sa.delete(LEARNED_WORDS).where((w.municipality == municipality) & w.whole.in_(wholes)).returning(w.whole)
    return len(await tx.rows(gone)) if wholes else 0


async def learned(tx: Transaction, municipalities: Collection[str]) -> dict[str, list[LearnedPhrase]]:
    """The learned phrases of these municipalities."""
    found: dict[str, list[LearnedPhrase]] = {}
    w = LEARNED_WORDS.c
    query = sa.select(w.municipality, w.first, w.whole).where(w.municipality.in_(list(municipalities)))
    for row in await tx.rows(query):
        phrase = LearnedPhrase(WordHash(row["first"]), WordHash(row["whole"]))
        found.setdefault(row["municipality"], []).append(phrase)
    return found


async def keep_words(tx: Transaction, municipality: str, words: Collection[WordHash], *, on: dt.date) -> None:
    """From now on leave these ordinary words standing in this municipality's texts."""
    rows = [{"municipality": municipality, "word": word, "learned_on": on} for word in dict.fromkeys(words)]
    if rows:
        await tx.execute(insert_ignoring(PUT_BACK_WORDS, tx.dialect).values(rows))


async def keep_no_more(tx: Transaction, municipality: str, words: Collection[WordHash]) -> None:
    """Leave it to the recognisers again what happens to these words."""
    w = PUT_BACK_WORDS.c
    await tx.execute(sa.delete(PUT_BACK_WORDS).where((w.municipality == municipality) & w.word.in_(list(words))))


async def kept_words(tx: Transaction, municipalities: Collection[str]) -> dict[str, set[WordHash]]:
    """The ordinary words that reviewers put back, by municipality."""
    found: dict[str, set[WordHash]] = {}
    w = PUT_BACK_WORDS.c
    for row in await tx.rows(sa.select(w.municipality, w.word).where(w.municipality.in_(list(municipalities)))):
        found.setdefault(row["municipality"], set()).add(WordHash(row["word"]))
    return found


def _is_open(*, is_open: bool | None) -> sa.ColumnElement[bool]:
    if is_open is None:
        return sa.true()
    return REVIEWS.c.decision.is_(None) if is_open else REVIEWS.c.decision.is_not(None)


def _review(row: sa.RowMapping) -> Review:
    return Review(**{**row, "reasons": tuple(json.loads(row["reasons"]))})
