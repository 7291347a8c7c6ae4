# SPDX-License-Identifier: EUPL-1.2
"""Decide about a case under review, or undo that the same day.

Owns what follows from a decision: new facts under a higher revision, so that every figure follows; what was marked is
hidden here and learned for later texts; an audit entry. Two people never decide the same case.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.anonymizer import coding, learned, reviews, storage
from services.anonymizer.coding import Lists
from services.anonymizer.learned import KIND, LearnedPhrase
from services.anonymizer.redacting import hidden
from services.anonymizer.reviews import Content, Decision
from services.anonymizer.storage import Review, State
from services.anonymizer.vault import Vault
from shared import contracts, outbox, processing_log
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.contracts import SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.database import Transaction
from shared.errors import Conflict, FieldFault, Forbidden, Gone, NotFound, Rejected
from shared.processing_log import Activity, Trace

Unlisted = Callable[[Sequence[str]], Awaitable[list[bool]]]
MARKS_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer decided. Units: `marks` are stretches of the redacted text in code points."""

    decision: Decision
    reason: str = ""
    coding: Mapping[str, Any] | None = None
    marks: tuple[tuple[int, int], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """What deciding needs, bound once. `lists` and `timezones` by municipality."""

    vault: Vault
    audit: AuditLog
    clock: Clock
    lists: Mapping[str, Lists]
    timezones: Mapping[str, ZoneInfo]
    unlisted: Unlisted
    event_source: str

    def day(self, municipality: str) -> dt.date:
        """The day it is in a municipality."""
        return self.clock.now().astimezone(self._zone(municipality)).date()

    def decided_today(self, review: Review) -> bool:
        """Whether the decision was taken today, as days go in its municipality."""
        decided_at = review.decided_at
        zone = self._zone(review.municipality)
        return decided_at is not None and decided_at.astimezone(zone).date() == self.day(review.municipality)

    def _zone(self, municipality: str) -> dt.tzinfo:
        return self.timezones.get(municipality) or dt.UTC


async def decide(
    review_id: str, judgement: Judgement, tx: Transaction, *, staff: Staff, bench: Bench
) -> tuple[Review, Content]:
    """The review as decided.

    Raises: Forbidden; NotFound `no_such_review`; Conflict `review_taken` (a colleague has it), `already_decided`,
    `only_a_signal`; Rejected with every fault; Gone `case_withdrawn`.
    """
    found = await _found(review_id, tx, staff)
    now = bench.clock.now()
    if found.decision is not None:
        raise Conflict("already_decided")
    if found.leased_until and found.leased_until > now and found.leased_by != staff.name:
        raise Conflict("review_taken")
    content = bench.vault.open(found.content, case_id=found.case_id)
    check(judgement, content)
    corrected = coding.corrected(content.facts, judgement.coding or {}, _lists(found, bench))
    revision = await _next_revision(found.case_id, tx)
    today = bench.day(found.municipality)
    outcome = reviews.decided(judgement.decision, content.facts, corrected, revision=revision, today=today)
    redacted = hidden(content.redacted, judgement.marks, kind=KIND)
    phrases = await _phrases(content, judgement, found.municipality, bench)
    await storage.learn(tx, found.municipality, phrases, on=today)
    after = Content(
        text=None if content.text is None else redacted.text, marks=reviews.marks_of(redacted),
        facts=outcome.facts, before=content.facts, note=judgement.note,
    )  # fmt: skip
    decided = replace(
        found, content=bench.vault.close(after, case_id=found.case_id), decision=judgement.decision.value,
        decision_reason=judgement.reason or None, decided_by=staff.name, decided_at=now, leased_by=None,
        leased_until=None,
    )  # fmt: skip
    await storage.save_review(tx, decided)
    await _publish(outcome.facts, tx, counts=outcome.counts, is_open=False, bench=bench)
    facts = {
        "decision": judgement.decision.value, "reason": judgement.reason, "marks": len(judgement.marks),
        "learned": len(phrases), "revision": revision,
    }  # fmt: skip
    await bench.audit.append(
        tx, actor=staff.name, role=staff.role, action="review-decided", subject=found.case_id, facts=facts
    )
    processing_log.note(tx, Activity.REVIEW, trace=Trace.following(None), subject=found.case_id, at=now)
    return decided, after


async def undo(review_id: str, tx: Transaction, *, staff: Staff, bench: Bench) -> tuple[Review, Content]:
    """The review open again, with the facts as they were before the decision. Marked words stay hidden.

    Raises: Forbidden; NotFound `no_such_review`; Conflict `not_decided`, `day_is_over`; Gone `case_withdrawn`.
    """
    found = await _found(review_id, tx, staff)
    if found.decided_at is None:
        raise Conflict("not_decided")
    if not bench.decided_today(found):
        raise Conflict("day_is_over")
    content = bench.vault.open(found.content, case_id=found.case_id)
    revision = await _next_revision(found.case_id, tx)
    facts = (content.before or content.facts).model_copy(update={"revision": revision})
    after = content.model_copy(update={"facts": facts, "before": None})
    reopened = replace(
        found, content=bench.vault.close(after, case_id=found.case_id), decision=None, decision_reason=None,
        decided_by=None, decided_at=None, leased_by=None, leased_until=None,
    )  # fmt: skip
    await storage.save_review(tx, reopened)
    await _publish(facts, tx, counts=True, is_open=True, bench=bench)
    await bench.audit.append(
        tx, actor=staff.name, role=staff.role, action="review-undone", subject=found.case_id,
        facts={"decision": found.decision, "revision": revision},
    )  # fmt: skip
    return reopened, after


def check(judgement: Judgement, content: Content) -> None:
    """Raises: Rejected `decision_invalid` with every fault of a decision that does not fit itself or the text."""
    faults = [*_faults_of_reason(judgement), *_faults_of_change(judgement), *_faults_of_marks(judgement, content)]
    if faults:
        raise Rejected("decision_invalid", errors=faults)


def _faults_of_reason(judgement: Judgement) -> list[FieldFault]:
    if judgement.decision is Decision.NOT_COUNTED and judgement.reason not in reviews.NOT_COUNTED_REASONS:
        return [{"pointer": "/reden", "detail": f"Kies uit: {', '.join(reviews.NOT_COUNTED_REASONS)}."}]
    return []


def _faults_of_change(judgement: Judgement) -> list[FieldFault]:
    changes = judgement.decision in {Decision.CHANGED, Decision.AS_REPORT}
    if judgement.coding and not changes:
        return [{"pointer": "/codering", "detail": "De codering verandert alleen met aangepast of als-melding."}]
    if judgement.decision is Decision.CHANGED and not (judgement.coding or judgement.marks or judgement.note):
        return [{"pointer": "/codering", "detail": "Zeg wat er anders moet: codering, markeringen of opmerking."}]
    return []


def _faults_of_marks(judgement: Judgement, content: Content) -> list[FieldFault]:
    length = len(content.text or "")
    return [
        {"pointer": f"/markeringen/{index}", "detail": f"Kies een stuk van de tekst, van 0 tot en met {length}."}
        for index, (start, end) in enumerate(judgement.marks)
        if not 0 <= start < end <= length
    ]


async def _found(review_id: str, tx: Transaction, staff: Staff) -> Review:
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")
    found = await storage.review(tx, review_id, for_change=True)
    if found is None:
        raise NotFound("no_such_review")
    return found


def _lists(review: Review, bench: Bench) -> Lists:
    lists = bench.lists.get(review.municipality)
    if lists is None:
        raise Conflict("unknown_municipality")
    return lists


async def _next_revision(case_id: str, tx: Transaction) -> int:
    case = (await storage.cases(tx, [case_id])).get(case_id)
    if case is None or case.state == "withdrawn":
        raise Gone("case_withdrawn")
    return case.revision + 1


async def _phrases(content: Content, judgement: Judgement, municipality: str, bench: Bench) -> list[LearnedPhrase]:
    """What was marked, as far as it may be hidden in other texts as well."""
    text = content.text or ""
    marked = [learned.tokens(text[start:end]) for start, end in judgement.marks]
    words = sorted({word for stretch in marked for word in stretch})
    unlisted = dict(zip(words, await bench.unlisted(words), strict=True)) if words else {}
    key = bench.vault.words_key
    return [
        learned.phrase(stretch, municipality=municipality, key=key)
        for stretch in marked
        if learned.learnable(stretch, unlisted)
    ]


async def _publish(facts: SignalAnonymised, tx: Transaction, *, counts: bool, is_open: bool, bench: Bench) -> None:
    """Tell what the case is now, and keep that this is its newest revision."""
    case_id, revision = facts.case_id, facts.revision
    told: SignalAnonymised | SignalRetracted = facts
    if not counts:
        told = SignalRetracted(case_id=case_id, revision=revision, reason="not-counted")
    now = bench.clock.now()
    for event in (told, SignalUnderReview(case_id=case_id, revision=revision, open=is_open)):
        outbox.enqueue(tx, contracts.envelope(event, source=bench.event_source, at=now))
    known = await storage.cases(tx, [case_id])
    state: State = "anonymised" if counts else "not-counted"
    after = replace(known[case_id], state=state, revision=revision)
    await storage.save_cases(tx, [after], known=known, on=now.date())
