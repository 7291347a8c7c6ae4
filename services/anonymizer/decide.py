# SPDX-License-Identifier: EUPL-1.2
"""Decide about a case under review, or undo that the same day.

Owns what follows from a decision: new facts under a higher revision, so that every figure follows; what was marked is
hidden here and learned for later texts, what was put back stands here and stays standing in later texts; an audit
entry. Two people never decide the same case.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from services.anonymizer import coding, learned, marking, reviews, storage
from services.anonymizer.coding import Lists
from services.anonymizer.judgements import Judgement, check
from services.anonymizer.kept_words import KeptWords
from services.anonymizer.learned import KIND, LearnedPhrase
from services.anonymizer.redacting import hidden
from services.anonymizer.reviews import Content
from services.anonymizer.storage import Case, Review, State
from services.anonymizer.vault import Vault
from shared import contracts, outbox, processing_log
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.contracts import SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.database import Transaction
from shared.errors import Conflict, Forbidden
from shared.processing_log import Activity, Trace

Unlisted = Callable[[Sequence[str]], Awaitable[list[bool]]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What deciding needs, bound once. `lists`, `kept` and `timezones` by municipality.

    `mass_code` gives the code under which the name of a collective action travels.
    """

    vault: Vault
    audit: AuditLog
    clock: Clock
    lists: Mapping[str, Lists]
    kept: Mapping[str, KeptWords]
    timezones: Mapping[str, ZoneInfo]
    unlisted: Unlisted
    mass_code: Callable[[str], str]
    event_source: str

    def day(self, municipality: str) -> dt.date:
        """The day it is in a municipality."""
        return self.clock.now().astimezone(self._zone(municipality)).date()

    def decided_today(self, review: Review) -> bool:
        """Whether the decision was taken today, as days go in its municipality."""
        decided_at = review.decided_at
        zone = self._zone(review.municipality)
        return decided_at is not None and decided_at.astimezone(zone).date() == self.day(review.municipality)

    def kept_in(self, municipality: str) -> KeptWords:
        """The words that may be put back in this municipality's texts."""
        return self.kept.get(municipality) or KeptWords(())

    def _zone(self, municipality: str) -> dt.tzinfo:
        return self.timezones.get(municipality) or dt.UTC


async def decide(
    review_id: str, judgement: Judgement, tx: Transaction, *, staff: Staff, bench: Bench
) -> tuple[Review, Content]:
    """The review as decided.

    Raises: Forbidden; NotFound `no_such_review`; Conflict `review_taken` (a colleague has it), `already_decided`,
    `review_changed` (it is not what the reviewer saw), `only_a_signal`; Rejected with every fault; Gone when the case
    was withdrawn or corrected, or its text is no more.
    """
    found, case = await _found(review_id, tx, staff)
    now = bench.clock.now()
    if found.decision is not None:
        raise Conflict("already_decided")
    if found.held_by(now) not in {None, staff.name}:
        raise Conflict("review_taken")
    content = bench.vault.open(found.content, case_id=found.case_id, epoch=found.epoch)
    if judgement.seen not in {None, content.facts.revision}:
        raise Conflict("review_changed")
    check(judgement, content, bench.kept_in(found.municipality).find)
    corrected = coding.corrected(content.facts, _coding(judgement, bench), _lists(found, bench))
    revision, today = case.revision + 1, bench.day(found.municipality)
    outcome = reviews.decided(judgement.decision, content.facts, corrected, revision=revision, today=today)
    after = _after(content, outcome.facts, judgement, bench.kept_in(found.municipality))
    taught = await _teach(content, judgement, after.put_back, found.municipality, tx, bench=bench)
    decided = replace(
        found, content=bench.vault.close(after, case_id=found.case_id, epoch=found.epoch),
        decision=judgement.decision.value, decision_reason=judgement.reason or None, decided_by=staff.name,
        decided_at=now, leased_by=None, leased_until=None,
    )  # fmt: skip
    await storage.save_review(tx, decided)
    await _publish(outcome.facts, case, tx, counts=outcome.counts, is_open=False, bench=bench)
    facts = {"decision": judgement.decision.value, "reason": judgement.reason, "revision": revision, **taught}
    await bench.audit.append(
        tx, actor=staff.name, role=staff.role, action="review-decided", subject=found.case_id, facts=facts
    )
    processing_log.note(tx, Activity.REVIEW, trace=Trace.following(None), subject=found.case_id, at=now)
    return decided, after


async def undo(review_id: str, tx: Transaction, *, staff: Staff, bench: Bench) -> tuple[Review, Content]:
    """The review open again, with the facts as they were before the decision.

    Marked words stay hidden, here and in later texts; words that were put back are covered again. Raises: Forbidden;
    NotFound `no_such_review`; Conflict `not_decided`, `day_is_over`; Gone as for `decide`.
    """
    found, case = await _found(review_id, tx, staff)
    if found.decided_at is None:
        raise Conflict("not_decided")
    if not bench.decided_today(found):
        raise Conflict("day_is_over")
    content = bench.vault.open(found.content, case_id=found.case_id, epoch=found.epoch)
    revision = case.revision + 1
    facts = (content.before or content.facts).model_copy(update={"revision": revision})
    text, marks = content.covered or (content.text, content.marks)
    after = content.model_copy(
        update={"text": text, "marks": marks, "facts": facts, "before": None, "put_back": (), "covered": None}
    )
    reopened = replace(
        found, content=bench.vault.close(after, case_id=found.case_id, epoch=found.epoch), decision=None,
        decision_reason=None, decided_by=None, decided_at=None, leased_by=None, leased_until=None,
    )  # fmt: skip
    await storage.save_review(tx, reopened)
    await storage.keep_no_more(tx, found.municipality, _hashes(content.put_back, found.municipality, bench))
    await _publish(facts, case, tx, counts=True, is_open=True, bench=bench)
    await bench.audit.append(
        tx, actor=staff.name, role=staff.role, action="review-undone", subject=found.case_id,
        facts={"decision": found.decision, "revision": revision},
    )  # fmt: skip
    return reopened, after


async def _found(review_id: str, tx: Transaction, staff: Staff) -> tuple[Review, Case]:
    """The review and its case, both locked: the case first, as every verb does."""
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")
    seen = await storage.review(tx, review_id)
    case = (await storage.cases(tx, [seen.case_id])).get(seen.case_id) if seen else None
    found = await storage.review(tx, review_id, for_change=True)
    if found is None or case is None:
        raise await storage.missing_review(tx, review_id)
    return found, case


def _lists(review: Review, bench: Bench) -> Lists:
    lists = bench.lists.get(review.municipality)
    if lists is None:
        raise Conflict("unknown_municipality")
    return lists


def _coding(judgement: Judgement, bench: Bench) -> dict[str, Any]:
    """The coding as it may travel: the name of an action is words of a person, its code is not."""
    given = dict(judgement.coding or {})
    if given.get("massamelding"):
        given["massamelding"] = bench.mass_code(given["massamelding"])
    return given


def _after(content: Content, facts: SignalAnonymised, judgement: Judgement, kept: KeptWords) -> Content:
    """The content after the decision: more hidden, ordinary words put back, and how to undo the latter."""
    if content.text is None:
        return Content(text=None, facts=facts, before=content.facts, note=judgement.note)
    words = {index: word for index, said in judgement.put_back if (word := kept.find(said))}
    filled, moved = marking.put_back(content.redacted, words, judgement.marks)
    shown = hidden(filled, moved, kind=KIND)
    covered = hidden(content.redacted, judgement.marks, kind=KIND) if words else None
    return Content(
        text=shown.text, marks=reviews.marks_of(shown), facts=facts, before=content.facts, note=judgement.note,
        put_back=tuple(words.values()), covered=(covered.text, reviews.marks_of(covered)) if covered else None,
    )  # fmt: skip


async def _teach(
    content: Content, judgement: Judgement, words: Sequence[str], municipality: str, tx: Transaction, *, bench: Bench
) -> dict[str, int]:
    """Counts of what later texts learn from this decision, for the audit log."""
    today = bench.day(municipality)
    phrases = await _phrases(content, judgement, municipality, bench)
    await storage.learn(tx, municipality, phrases, on=today)
    key = bench.vault.words_key
    ordinary = [learned.phrase(learned.tokens(word), municipality=municipality, key=key) for word in words]
    forgotten = await storage.forget_learned(tx, municipality, ordinary)
    await storage.keep_words(tx, municipality, _hashes(words, municipality, bench), on=today)
    return {
        "marks": len(judgement.marks), "learned": len(phrases), "putBack": len(words), "forgotten": forgotten,
    }  # fmt: skip


def _hashes(words: Sequence[str], municipality: str, bench: Bench) -> list[learned.WordHash]:
    return [learned.word_hash(word, municipality=municipality, key=bench.vault.words_key) for word in words]


async def _phrases(content: Content, judgement: Judgement, municipality: str, bench: Bench) -> list[LearnedPhrase]:
    """What was marked, as far as it may be hidden in other texts as well: never a word of the closed list."""
    text = content.text or ""
    ordinary = {tuple(learned.tokens(word)) for word in bench.kept_in(municipality).all}
    marked = [learned.tokens(text[start:end]) for start, end in judgement.marks]
    words = sorted({word for stretch in marked for word in stretch})
    unlisted = dict(zip(words, await bench.unlisted(words), strict=True)) if words else {}
    key = bench.vault.words_key
    return [
        learned.phrase(stretch, municipality=municipality, key=key)
        for stretch in marked
        if tuple(stretch) not in ordinary and learned.learnable(stretch, unlisted)
    ]


async def _publish(
    facts: SignalAnonymised, case: Case, tx: Transaction, *, counts: bool, is_open: bool, bench: Bench
) -> None:
    """Tell what the case is now, and keep that this is its newest revision."""
    case_id, revision = facts.case_id, facts.revision
    told: SignalAnonymised | SignalRetracted = facts
    if not counts:
        told = SignalRetracted(case_id=case_id, revision=revision, reason="not-counted")
    now = bench.clock.now()
    for event in (told, SignalUnderReview(case_id=case_id, revision=revision, open=is_open)):
        outbox.enqueue(tx, contracts.envelope(event, source=bench.event_source, at=now))
    state: State = "anonymised" if counts else "not-counted"
    await storage.save_cases(tx, [replace(case, state=state, revision=revision)], known=[case_id], on=now.date())
