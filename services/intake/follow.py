# SPDX-License-Identifier: EUPL-1.2
"""Follow what became of signals, from the events that come back. Kept by a key that only a receipt leads to.

Never learns which signal a case was, and keeps no more of an event than a state, a month and whose it is.
"""

import datetime as dt
from collections.abc import Sequence

from services.intake import receipts
from services.intake.states import COUNTED, NOT_COUNTED, WITHDRAWN
from services.intake.storage import states
from services.intake.storage.states import Change
from shared.contracts import CaseId, SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.database import Transaction
from shared.delivery import Delivered


async def follow_anonymised(
    events: Sequence[Delivered[SignalAnonymised]], tx: Transaction, *, secret: bytes, on: dt.date
) -> None:
    """These cases count."""
    changes = [
        Change(
            receipts.state_key(CaseId(one.event.case_id), secret=secret),
            one.event.revision,
            COUNTED,
            one.event.source_ref,
            one.event.registered_on.isoformat()[:7],
        )
        for one in events
    ]
    await states.save(tx, changes, on=on)


async def follow_retracted(
    events: Sequence[Delivered[SignalRetracted]], tx: Transaction, *, secret: bytes, on: dt.date
) -> None:
    """These cases count no longer."""
    names = {"withdrawn": WITHDRAWN, "not-counted": NOT_COUNTED}
    changes = [
        Change(
            receipts.state_key(CaseId(one.event.case_id), secret=secret), one.event.revision, names[one.event.reason]
        )
        for one in events
    ]
    await states.save(tx, changes, on=on)


async def follow_reviews(
    events: Sequence[Delivered[SignalUnderReview]], tx: Transaction, *, secret: bytes, on: dt.date
) -> None:
    """A person has to look at these cases, or has done so."""
    reviews = [
        (receipts.state_key(CaseId(one.event.case_id), secret=secret), one.event.revision, one.event.open)
        for one in events
    ]
    await states.save_reviews(tx, reviews, on=on)
