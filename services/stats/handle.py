# SPDX-License-Identifier: EUPL-1.2
"""Handle what the anonymizer says of a case, and what alerts have told of cases.

Owns the use case only: which word is newer is `facts.advance`, where it is kept is `storage`.
"""

from collections.abc import Iterable, Sequence

from services.stats.alert_claims import Claim
from services.stats.facts import Case, Facts, advance
from services.stats.storage import claims, ledger
from shared.clock import Clock
from shared.contracts import AlertRaised, SignalAnonymised, SignalRetracted
from shared.database import Transaction
from shared.delivery import Delivered

COUNT_AT = 20_000  # a burst larger than this is counted in the way, so that figures stay quick to read


async def handle_anonymised(events: Sequence[Delivered[SignalAnonymised]], tx: Transaction, *, clock: Clock) -> None:
    """Every case counts with its newest facts. Raises: Rejected for facts that cannot be counted."""
    words = [Case(e.event.case_id, e.event.revision, "counted", Facts.of(e.event)) for e in events]
    await _take(words, tx, clock=clock)


async def handle_retracted(events: Sequence[Delivered[SignalRetracted]], tx: Transaction, *, clock: Clock) -> None:
    """A retracted case counts nowhere; one that is still unknown is remembered as retracted."""
    await _take((Case(e.event.case_id, e.event.revision, e.event.reason, None) for e in events), tx, clock=clock)


async def handle_alert(events: Sequence[Delivered[AlertRaised]], tx: Transaction) -> None:
    """What readers of an alert know is kept, for the releases that come after it; the newest word of each alert."""
    for one in events:
        told = one.event.claim
        if told is not None:
            claim = Claim(told.kind, told.ground, told.terrain, told.district, told.first, told.last, told.at_least)
            await claims.keep(tx, one.event.alert_id, one.event.municipality, claim)


async def _take(words: Iterable[Case], tx: Transaction, *, clock: Clock) -> None:
    words = list(words)
    known = await ledger.cases(tx, {word.case_id for word in words})
    now, steps = dict(known), []
    for word in words:
        step = advance(now.get(word.case_id), word)
        if step is not None:
            now[word.case_id] = step.after
            steps.append(step)
    if not steps:
        return
    await ledger.save(tx, steps, known=known, at=clock.now())
    if await ledger.uncounted_size(tx) > COUNT_AT:
        await ledger.count(tx, limit=COUNT_AT)
