# SPDX-License-Identifier: EUPL-1.2
"""Look at what waits for review: the queue, one case of it, and whose turn it is.

Owns reading. A person who opens a case has it for a while, so that two people never work on the same one; each look is
an audit entry. Texts leave here one at a time, never as a set.
"""

import datetime as dt
from dataclasses import dataclass, replace

from services.anonymizer import storage
from services.anonymizer.reviews import Content
from services.anonymizer.storage import Review
from services.anonymizer.vault import Vault
from shared import processing_log
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.database import Transaction
from shared.errors import Forbidden
from shared.processing_log import Activity, Trace


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading reviews needs, bound once. `timezone` says when a day begins."""

    vault: Vault
    audit: AuditLog
    clock: Clock
    lease: dt.timedelta
    timezone: dt.tzinfo

    def midnight(self) -> dt.datetime:
        """When today began."""
        return self.clock.now().astimezone(self.timezone).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the reviews, without what they hold; `total` counts all pages, `done` the reader's own today."""

    reviews: list[Review]
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A review with what it holds; `taken_by` is the colleague who has it, None when it is the reader's or decided."""

    review: Review
    content: Content
    taken_by: str | None


async def read_queue(tx: Transaction, *, is_open: bool | None, page: int, size: int, staff: Staff, desk: Desk) -> Queue:
    """The reviews in the order they wait. Raises: Forbidden."""
    require_bureau(staff)
    found = await storage.reviews(tx, is_open=is_open, limit=size, offset=(page - 1) * size)
    total = await storage.review_count(tx, is_open=is_open)
    await desk.audit.append(
        tx, actor=staff.name, role=staff.role, action="review-queue-read", facts={"count": len(found)}
    )
    return Queue(found, total, await storage.decided_count(tx, staff=staff.name, since=desk.midnight()))


async def take_next(tx: Transaction, *, staff: Staff, desk: Desk) -> str | None:
    """The id of the review that waits longest and that no colleague has; this person has it now. Raises: Forbidden."""
    require_bureau(staff)
    now = desk.clock.now()
    found = await storage.next_review(tx, staff=staff.name, now=now, readable=desk.vault.privates().keys())
    if found is None:
        return None
    await storage.save_review(tx, replace(found, leased_by=staff.name, leased_until=now + desk.lease))
    await desk.audit.append(tx, actor=staff.name, role=staff.role, action="review-taken", subject=found.case_id)
    return found.id


async def open_review(review_id: str, tx: Transaction, *, staff: Staff, desk: Desk) -> Opened:
    """One review with its text; from now on this person has it, unless a colleague does.

    Raises: Forbidden; NotFound `no_such_review`; Gone when it is there no more.
    """
    require_bureau(staff)
    found = await storage.review(tx, review_id, for_change=True)
    if found is None:
        raise await storage.missing_review(tx, review_id)
    now = desk.clock.now()
    taken_by = found.held_by(now)
    if found.decision is None and taken_by in {None, staff.name}:
        found = replace(found, leased_by=staff.name, leased_until=now + desk.lease)
        await storage.save_review(tx, found)
        taken_by = None
    content = desk.vault.open(found.content, case_id=found.case_id, epoch=found.epoch)
    await desk.audit.append(tx, actor=staff.name, role=staff.role, action="review-read", subject=found.case_id)
    processing_log.note(tx, Activity.REVIEW, trace=Trace.following(None), subject=found.case_id, at=now)
    return Opened(found, content, taken_by)


async def give_back(review_id: str, tx: Transaction, *, staff: Staff, desk: Desk) -> None:
    """This person does not have the review any more; nothing happens when a colleague has it.

    Raises: Forbidden; NotFound `no_such_review`; Gone when it is there no more.
    """
    require_bureau(staff)
    found = await storage.review(tx, review_id, for_change=True)
    if found is None:
        raise await storage.missing_review(tx, review_id)
    if found.leased_by == staff.name:
        await storage.save_review(tx, replace(found, leased_by=None, leased_until=None))
        await desk.audit.append(
            tx, actor=staff.name, role=staff.role, action="review-given-back", subject=found.case_id
        )


def require_bureau(staff: Staff) -> None:
    """Only the bureau looks at texts; the municipality never does (Besluit art. 2). Raises: Forbidden."""
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")
