# SPDX-License-Identifier: EUPL-1.2
"""Delete what has been kept long enough, and write down that it was.

Owns the terms of this room: texts after their review, texts nobody came to, dead letters, the memory of seen events.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from services.anonymizer import storage
from shared import contracts, delivery, outbox, retention
from shared.contracts import SignalUnderReview
from shared.database import Transaction
from shared.metrics import Metrics
from shared.sealing import Epoch

NO_EPOCH: Final = Epoch("")  # a review of before they hung on an epoch


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing is kept. Units: days."""

    reviewed: int
    waiting: int
    dead_letters: int


async def retain(
    tx: Transaction,
    *,
    now: dt.datetime,
    terms: Terms,
    destroyed: Collection[Epoch],
    metrics: Metrics,
    event_source: str,
) -> int:
    """How much was deleted. A case whose text is gone counts on; its review, if open, ends.

    What hangs on one of the `destroyed` epochs can never be read again. A key that is away for another reason, such as
    a folder that is not mounted, deletes nothing.
    """
    today = now.date()
    opened, decided = (now - dt.timedelta(days=days) for days in (terms.waiting, terms.reviewed))
    lost_with = {*destroyed, NO_EPOCH}
    over = await storage.reviews_until(tx, opened=opened, decided=decided, lost=lost_with)
    lost = [one.case_id for one in over if one.epoch in lost_with]
    kept = [one.case_id for one in over if one.epoch not in lost_with]
    known = await storage.cases(tx, [one.case_id for one in over])
    closed_lost = await storage.delete_reviews(tx, lost, why="key-destroyed", on=today)
    closed_kept = await storage.delete_reviews(tx, kept, why="term-over", on=today)
    ended = [replace(known[one], revision=known[one].revision + 1) for one in closed_lost | closed_kept]
    for case in ended:
        closed = SignalUnderReview(case_id=case.case_id, revision=case.revision, open=False)
        outbox.enqueue(tx, contracts.envelope(closed, source=event_source, at=now))
    await storage.save_cases(tx, ended, known=known, on=today)
    await storage.forget_closed(tx, before=today - dt.timedelta(days=terms.reviewed))
    counts = {
        "review-reviewed": (len(kept) - len(closed_kept), f"{terms.reviewed} days after the decision"),
        "review-unreviewed": (len(closed_kept), f"{terms.waiting} days without a decision"),
        "review-key-destroyed": (len(lost), "the key of its epoch was destroyed"),
        "dead-letter": (
            await delivery.empty_before(tx, now - dt.timedelta(days=terms.dead_letters)),
            f"{terms.dead_letters} days after it was set aside",
        ),
    }
    for kind, (count, rule) in counts.items():
        retention.register(tx, kind, count, rule=rule, at=now)
        metrics.deleted.labels("anonymizer", kind).inc(count)
    return sum(count for count, _ in counts.values())
