# SPDX-License-Identifier: EUPL-1.2
"""Handle what intake sent: open, redact, generalise, and let only coded facts through.

With the wiring in `service`, the only place that opens a signal. An opened text lives in memory for as long as this
function runs and goes nowhere else; what is left of it after redaction stays here, encrypted, and only when a person
must look at it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from services.anonymizer import coding, learned, reviews, storage
from services.anonymizer.coding import Lists
from services.anonymizer.facts import DistrictOf, coded_facts
from services.anonymizer.kept_words import KeptWords
from services.anonymizer.learned import WordHash
from services.anonymizer.redacting import Given, Redact, Redacted, ToRedact
from services.anonymizer.storage import Case, Review
from services.anonymizer.vault import Vault
from shared import contracts, delivery, outbox, processing_log
from shared.clock import Clock
from shared.contracts import (
    SealedEvent,
    SealedSignal,
    SealedWithdrawal,
    SignalAnonymised,
    SignalCorrected,
    SignalRetracted,
    SignalSubmitted,
    SignalUnderReview,
    SignalWithdrawn,
)
from shared.database import Transaction
from shared.delivery import Delivered
from shared.errors import Rejected
from shared.processing_log import Activity, Trace
from shared.sealing import Epoch
from shared.unsealing import OpeningKeys, unseal
from shared.vocabulary import CodeList

S = TypeVar("S", bound=SealedEvent)
OPENED_AT_ONCE: Final = 16  # about two milliseconds of work; then others on the same thread may go on


@dataclass(frozen=True, slots=True)
class Anonymiser:
    """What opening, redacting and coding need, bound once. `keys` gives the private keys as they are now."""

    keys: Callable[[], OpeningKeys]
    secret: bytes
    clock: Clock
    event_source: str
    district_of: Mapping[str, DistrictOf]
    lists: Mapping[str, Lists]
    age_bands: CodeList
    kept: Mapping[str, KeptWords]
    redact: Redact
    vault: Vault
    review_share: float = 0.0


@dataclass(frozen=True, slots=True)
class _Told:
    """One opened signal that changes its case, the epoch it was sealed to, and what the case will be."""

    signal: SealedSignal
    epoch: Epoch
    after: Case


async def handle_submitted(
    events: Sequence[Delivered[SignalSubmitted]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """Every submitted signal becomes a case with its coded facts. Raises: Rejected for one that cannot be opened."""
    opened = await _opened(events, anonymiser)
    _log(Activity.ANONYMISE, events, tx, anonymiser)
    known = await storage.cases(tx, [signal.case_id for _, signal in opened])
    overtaken, told = [], []
    for item, signal in opened:
        before = known.get(signal.case_id)
        if before is not None:  # withdrawn or corrected before it arrived: the later word stands
            overtaken.append(replace(before, submitted=True))
        else:
            after = Case(signal.case_id, "anonymised", submitted=True, revision=1, correction=0)
            told.append(_Told(signal, Epoch(item.event.epoch), after))
    await _take(told, tx, anonymiser=anonymiser)
    changed = [*overtaken, *(one.after for one in told)]
    await storage.save_cases(tx, changed, known=known, on=anonymiser.clock.now().date())


async def handle_corrected(
    events: Sequence[Delivered[SignalCorrected]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """A corrected signal replaces everything of its case, unless the case was withdrawn or corrected later already."""
    opened = await _opened(events, anonymiser)
    _log(Activity.CORRECT, events, tx, anonymiser)
    dead = await delivery.discard(tx, [str(item.event.signal_id) for item, _ in opened])
    known = await storage.cases(tx, [signal.case_id for _, signal in opened])
    told: dict[str, _Told] = {}
    for item, signal in opened:
        arrived = str(item.event.signal_id) in dead  # it had arrived, as a dead letter, and is accounted for here now
        first = known.get(signal.case_id) or Case(signal.case_id, "anonymised", arrived, revision=0, correction=0)
        before = told[signal.case_id].after if signal.case_id in told else first
        if before.state == "withdrawn" or before.correction >= signal.correction:
            continue
        # A tombstone starts at 2, so that the first submission, should it come later, is never the newer one.
        revision = max(before.revision + 1, 2)
        submitted = before.submitted or arrived
        after = Case(signal.case_id, "anonymised", submitted, revision=revision, correction=signal.correction)
        told[signal.case_id] = _Told(signal, Epoch(item.event.epoch), after)
    today = anonymiser.clock.now().date()
    reviewed = await storage.delete_reviews(tx, list(told), why="corrected", on=today)
    waiting = await _take(list(told.values()), tx, anonymiser=anonymiser)
    for case_id in reviewed - waiting:
        closed = SignalUnderReview(case_id=case_id, revision=told[case_id].after.revision, open=False)
        _publish(closed, tx, anonymiser)
    await storage.save_cases(tx, [one.after for one in told.values()], known=known, on=today)


async def handle_withdrawn(
    events: Sequence[Delivered[SignalWithdrawn]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """A withdrawn case is gone everywhere: here, in dead letters, and by event in every service after this one."""
    withdrawn = {_open_withdrawal(item.event, anonymiser).case_id: item for item in events}
    _log(Activity.WITHDRAW, events, tx, anonymiser)
    dead = await delivery.discard(tx, [str(item.event.signal_id) for item in events])
    known = await storage.cases(tx, list(withdrawn))
    today = anonymiser.clock.now().date()
    await storage.delete_reviews(tx, list(withdrawn), why="withdrawn", on=today)
    changed = []
    for case_id, item in withdrawn.items():
        arrived = str(item.event.signal_id) in dead  # it had arrived, as a dead letter, and is accounted for here now
        before = known.get(case_id) or Case(case_id, "anonymised", submitted=arrived, revision=0, correction=0)
        if before.state == "withdrawn":
            continue
        after = replace(before, state="withdrawn", revision=before.revision + 1)
        changed.append(after)
        retracted = SignalRetracted(case_id=case_id, revision=after.revision, reason="withdrawn")
        _publish(retracted, tx, anonymiser)
    await storage.save_cases(tx, changed, known=known, on=today)


async def _take(told: Sequence[_Told], tx: Transaction, *, anonymiser: Anonymiser) -> set[str]:
    """Redact and publish; the ids of the cases that now wait for review."""
    waiting = set()
    texts = await _redacted([one.signal for one in told], tx, anonymiser=anonymiser)
    now = anonymiser.clock.now()
    for one, redacted in zip(told, texts, strict=True):
        signal, case_id = one.signal, one.signal.case_id
        facts = _facts(signal, one.after.revision, anonymiser)
        _publish(facts, tx, anonymiser)
        reasons = reviews.reasons_for(
            redacted, has_text=bool(signal.text.strip()), language=signal.language, case_id=case_id,
            share=anonymiser.review_share, secret=anonymiser.secret,
        )  # fmt: skip
        if not reasons:
            continue
        content = anonymiser.vault.close(reviews.content_of(redacted, facts), case_id=case_id, epoch=one.epoch)
        # To the hour: a precise moment would tell which of intake's rows this was.
        opened_at = now.replace(minute=0, second=0, microsecond=0)
        review = Review(str(uuid4()), case_id, signal.municipality, one.epoch, reasons, content, opened_at)
        storage.open_review(tx, review)
        opened = SignalUnderReview(case_id=case_id, revision=one.after.revision, open=True)
        _publish(opened, tx, anonymiser)
        waiting.add(case_id)
    return waiting


async def _redacted(
    signals: Sequence[SealedSignal], tx: Transaction, *, anonymiser: Anonymiser
) -> list[Redacted | None]:
    """The redacted text of each signal, words learned in review hidden as well; None where redaction failed."""
    told = [index for index, signal in enumerate(signals) if signal.text.strip()]
    found: list[Redacted | None] = [None] * len(signals)
    if not told:
        return found
    municipalities = {signals[index].municipality for index in told}
    kept = _kept(await storage.kept_words(tx, municipalities), anonymiser)
    texts = await anonymiser.redact([_to_redact(signals[index], kept) for index in told])
    phrases = await storage.learned(tx, municipalities)
    tables = {municipality: learned.by_first(listed) for municipality, listed in phrases.items()}
    for index, redacted in zip(told, texts, strict=True):
        municipality = signals[index].municipality
        table = tables.get(municipality, {})
        found[index] = redacted and learned.hide_learned(
            redacted, table, municipality=municipality, key=anonymiser.vault.words_key
        )
    return found


def _kept(hashes: Mapping[str, Set[WordHash]], anonymiser: Anonymiser) -> dict[str, tuple[str, ...]]:
    """The words of the closed list that reviewers put back, by municipality: all that these hashes can stand for."""
    key = anonymiser.vault.words_key
    return {
        municipality: tuple(
            word
            for word in anonymiser.kept[municipality].all
            if learned.word_hash(word, municipality=municipality, key=key) in listed
        )
        for municipality, listed in hashes.items()
        if municipality in anonymiser.kept
    }


def _to_redact(signal: SealedSignal, kept: Mapping[str, tuple[str, ...]]) -> ToRedact:
    given = Given(
        names=tuple(name for name in (signal.reporter_name, *signal.persons) if name),
        email=signal.reporter_email or "",
        phone=signal.reporter_phone or "",
        address=signal.reporter_address or "",
        born_on=signal.reporter_born_on,
    )
    return ToRedact(signal.text, given, signal.municipality, kept.get(signal.municipality, ()))


async def _opened(events: Sequence[Delivered[S]], anonymiser: Anonymiser) -> list[tuple[Delivered[S], SealedSignal]]:
    opened = []
    keys = anonymiser.keys()
    for number, item in enumerate(events):
        if number % OPENED_AT_ONCE == OPENED_AT_ONCE - 1:
            await asyncio.sleep(0)  # on one machine intake shares this thread, and senders go first
        opened.append((item, SealedSignal.from_bytes(_open(item.event, keys))))
    return opened


def _open_withdrawal(event: SealedEvent, anonymiser: Anonymiser) -> SealedWithdrawal:
    return SealedWithdrawal.from_bytes(_open(event, anonymiser.keys()))


def _open(event: SealedEvent, keys: OpeningKeys) -> bytes:
    return unseal(
        event.sealed, keys, epoch=Epoch(event.epoch), signal_id=str(event.signal_id), purpose=event.purpose
    )  # fmt: skip


def _facts(signal: SealedSignal, revision: int, anonymiser: Anonymiser) -> SignalAnonymised:
    """The coded facts. Raises: Rejected `uncodable_facts` for anything that stands in no list."""
    lists = anonymiser.lists.get(signal.municipality)
    district_of = anonymiser.district_of.get(signal.municipality, lambda _: None)
    try:
        facts = coded_facts(
            signal, revision=revision, secret=anonymiser.secret, district_of=district_of,
            age_bands=anonymiser.age_bands,
        )  # fmt: skip
    except ValidationError:  # what was sealed is no signal of ours; the error would hold its values
        raise Rejected("uncodable_facts") from None
    if lists is None or not coding.is_closed(facts, lists, anonymiser.age_bands):
        raise Rejected("uncodable_facts")
    return facts


def _publish(
    event: SignalAnonymised | SignalRetracted | SignalUnderReview, tx: Transaction, anonymiser: Anonymiser
) -> None:
    """Have the event leave, in a trace of its own: going on with the sender's would join the case to its signal."""
    outbox.enqueue(tx, contracts.envelope(event, source=anonymiser.event_source, at=anonymiser.clock.now()))


def _log(activity: Activity, events: Sequence[Delivered[S]], tx: Transaction, anonymiser: Anonymiser) -> None:
    """One line per signal that was processed, in the trace it came with."""
    now = anonymiser.clock.now()
    for item in events:
        trace = Trace.following(item.traceparent).next_hop()
        processing_log.note(tx, activity, trace=trace, subject=str(item.event.signal_id), at=now)
