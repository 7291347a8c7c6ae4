# SPDX-License-Identifier: EUPL-1.2
"""Keep the terms of retention: delete what is past its own, and write down that it was done.

The register says what kind, how many, when and by which rule; never whose or which.
"""

import datetime as dt
from collections.abc import Sequence

from services.intake.retention import Term
from services.intake.storage import upkeep
from shared import processing_log, retention
from shared.database import Transaction
from shared.processing_log import Activity, Trace

PERSONAL = frozenset({"verzegeld-signaal", "proef-import"})  # what held personal data, if only sealed


async def retain(tx: Transaction, *, terms: Sequence[Term], now: dt.datetime) -> dict[str, int]:
    """How many of each kind are gone once the transaction has committed."""
    gone = {}
    for term in terms:
        count = await upkeep.delete(tx, term.kind, before=term.ends_before(now))
        if not count:
            continue
        gone[term.kind] = count
        retention.register(tx, term.kind, count, rule=term.rule, at=now)
        if term.kind in PERSONAL:
            trace = Trace.following(None)
            processing_log.note(tx, Activity.DELETE, trace=trace, subject=f"{term.kind} ({count})", at=now)
    return gone
