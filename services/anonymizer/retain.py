# SPDX-License-Identifier: EUPL-1.2
"""Delete what has been kept long enough, and write down that it was.

Owns the terms of this room: texts after their review, texts nobody came to, dead letters, the memory of seen events.
"""

import datetime as dt
from dataclasses import dataclass, replace

from services.anonymizer import storage
from shared import contracts, delivery, outbox, retention
from shared.contracts import SignalUnderReview
from shared.database import Transaction
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing is kept. Units: days."""

    reviewed: int
    waiting: int
    dead_letters: int


async def retain(tx: Transaction, *, now: dt.datetime, terms: Terms, metrics: Metrics, event_source: str) -> int:
    """How much was deleted. A case whose text is gone counts on; its review, if open, ends."""
    waited = now - dt.timedelta(days=terms.waiting)
    over = await storage.reviews_until(tx, opened=waited, decided=now - dt.timedelta(days=terms.reviewed))
    still_open = await storage.delete_reviews(tx, [one.case_id for one in over])
    await _close(still_open, tx, now=now, event_source=event_source)
    letters = await delivery.empty_before(tx, now - dt.timedelta(days=terms.dead_letters))
    counts = {
        "review-reviewed": len(over) - len(still_open),
        "review-unreviewed": len(still_open),
        "dead-letter": letters,
    }
    rules = {
        "review-reviewed": f"{terms.reviewed} days after the decision",
        "review-unreviewed": f"{terms.waiting} days without a decision",
        "dead-letter": f"{terms.dead_letters} days after it was set aside",
    }
    for kind, count in counts.items():
        retention.register(tx, kind, count, rule=rules[kind], at=now)
        metrics.deleted.labels("anonymizer", kind).inc(count)
    return sum(counts.values())


async def _close(case_ids: set[str], tx: Transaction, *, now: dt.datetime, event_source: str) -> None:
    known = await storage.cases(tx, case_ids)
    changed = [replace(case, revision=case.revision + 1) for case in known.values()]
    for case in changed:
        closed = SignalUnderReview(case_id=case.case_id, revision=case.revision, open=False)
        outbox.enqueue(tx, contracts.envelope(closed, source=event_source, at=now))
    await storage.save_cases(tx, changed, known=known, on=now.date())
