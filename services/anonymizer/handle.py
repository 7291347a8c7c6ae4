# SPDX-License-Identifier: EUPL-1.2
"""Handle what intake sent: open, redact, generalise, and let only coded facts through.

With the wiring in `service`, the only place that opens a signal. An opened text lives in memory for as long as this
function runs and goes nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from services.anonymizer import storage
from services.anonymizer.facts import DistrictOf, coded_facts
from services.anonymizer.storage import Case
from shared import contracts, delivery, outbox
from shared.clock import Clock
from shared.contracts import (
    SealedEvent,
    SealedSignal,
    SealedWithdrawal,
    SignalAnonymised,
    SignalCorrected,
    SignalRetracted,
    SignalSubmitted,
    SignalWithdrawn,
)
from shared.database import Transaction
from shared.delivery import Delivered
from shared.sealing import Epoch
from shared.unsealing import OpeningKeys, unseal
from shared.vocabulary import CodeList

S = TypeVar("S", bound=SealedEvent)


@dataclass(frozen=True, slots=True)
class Anonymiser:
    """What opening and coding need, bound once."""

    keys: OpeningKeys
    secret: bytes
    clock: Clock
    event_source: str
    district_of: dict[str, DistrictOf]
    age_bands: CodeList


async def handle_submitted(
    events: Sequence[Delivered[SignalSubmitted]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """Every submitted signal becomes a case with its coded facts. Raises: Rejected for one that cannot be opened."""
    opened = [(item, _open_signal(item.event, anonymiser)) for item in events]
    known = await storage.cases(tx, [signal.case_id for _, signal in opened])
    changed = []
    for item, signal in opened:
        before = known.get(signal.case_id)
        if before is not None:  # withdrawn or corrected before it arrived: the later word stands
            changed.append(replace(before, submitted=True))
            continue
        changed.append(Case(signal.case_id, "anonymised", submitted=True, revision=1, correction=0))
        _publish(_facts(signal, 1, anonymiser), tx, item, anonymiser)
    await storage.save_cases(tx, changed, known=known, on=anonymiser.clock.now().date())


async def handle_corrected(
    events: Sequence[Delivered[SignalCorrected]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """A corrected signal replaces the facts of its case, unless the case was withdrawn or corrected later already."""
    for item in events:
        signal = _open_signal(item.event, anonymiser)
        known = await storage.cases(tx, [signal.case_id])
        before = known.get(signal.case_id) or Case(
            signal.case_id, "anonymised", submitted=False, revision=0, correction=0
        )
        if before.state == "withdrawn" or before.correction >= signal.correction:
            continue
        # A tombstone starts at 2, so that the first submission, should it come later, is never the newer one.
        revision = max(before.revision + 1, 2)
        after = replace(before, state="anonymised", revision=revision, correction=signal.correction)
        _publish(_facts(signal, revision, anonymiser), tx, item, anonymiser)
        await storage.save_cases(tx, [after], known=known, on=anonymiser.clock.now().date())


async def handle_withdrawn(
    events: Sequence[Delivered[SignalWithdrawn]], tx: Transaction, *, anonymiser: Anonymiser
) -> None:
    """A withdrawn case is gone everywhere: here, in dead letters, and by event in every service after this one."""
    withdrawn = {_open_withdrawal(item.event, anonymiser).case_id: item for item in events}
    dead = await delivery.discard(tx, [str(item.event.signal_id) for item in events])
    known = await storage.cases(tx, list(withdrawn))
    changed = []
    for case_id, item in withdrawn.items():
        arrived = str(item.event.signal_id) in dead  # it had arrived, as a dead letter, and is accounted for here now
        before = known.get(case_id) or Case(case_id, "anonymised", submitted=arrived, revision=0, correction=0)
        if before.state == "withdrawn":
            continue
        after = replace(before, state="withdrawn", revision=before.revision + 1)
        changed.append(after)
        retracted = SignalRetracted(case_id=case_id, revision=after.revision, reason="withdrawn")
        _publish(retracted, tx, item, anonymiser)
    await storage.save_cases(tx, changed, known=known, on=anonymiser.clock.now().date())


def _open_signal(event: SealedEvent, anonymiser: Anonymiser) -> SealedSignal:
    return SealedSignal.from_bytes(_open(event, anonymiser))


def _open_withdrawal(event: SealedEvent, anonymiser: Anonymiser) -> SealedWithdrawal:
    return SealedWithdrawal.from_bytes(_open(event, anonymiser))


def _open(event: SealedEvent, anonymiser: Anonymiser) -> bytes:
    return unseal(
        event.sealed, anonymiser.keys, epoch=Epoch(event.epoch), signal_id=str(event.signal_id), purpose=event.purpose
    )


def _facts(signal: SealedSignal, revision: int, anonymiser: Anonymiser) -> SignalAnonymised:
    district_of = anonymiser.district_of.get(signal.municipality, lambda _: None)
    return coded_facts(
        signal,
        revision=revision,
        secret=anonymiser.secret,
        district_of=district_of,
        age_bands=anonymiser.age_bands,
    )


def _publish(
    event: SignalAnonymised | SignalRetracted, tx: Transaction, cause: Delivered[S], anonymiser: Anonymiser
) -> None:
    outbox.enqueue(
        tx,
        contracts.envelope(
            event, source=anonymiser.event_source, at=anonymiser.clock.now(), traceparent=cause.traceparent
        ),
    )
