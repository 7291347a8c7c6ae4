# SPDX-License-Identifier: EUPL-1.2
"""What the holder of a receipt is told about a case. Pure.

Five words and two moments, nothing else: not why, not by whom, and after the day of receipt no time of day.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

RECEIVED: Final = "ontvangen"
REVIEWING: Final = "in-beoordeling"
COUNTED: Final = "geteld"
NOT_COUNTED: Final = "niet-geteld"
WITHDRAWN: Final = "ingetrokken"
NAMES: Final = (RECEIVED, REVIEWING, COUNTED, NOT_COUNTED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class CaseState:
    """What was last heard of a case: its state, whether a review of its text is open, and the day."""

    UNKNOWN: ClassVar[str] = RECEIVED

    state: str
    review_open: bool
    changed_on: dt.date

    @property
    def name(self) -> str:
        """The word for it: a text under review does not hold the count back, but it is what happens now.

        >>> CaseState("geteld", True, dt.date(2026, 1, 1)).name
        'in-beoordeling'
        """
        return REVIEWING if self.review_open and self.state in {RECEIVED, COUNTED} else self.state


@dataclass(frozen=True, slots=True)
class Status:
    """What is answered."""

    name: str
    received_at: dt.datetime
    changed_at: dt.datetime


def status_of(received_at: dt.datetime, withdrawn_at: dt.datetime | None, case: CaseState | None) -> Status:
    """The answer for one receipt. A withdrawal counts from the moment it was asked."""
    if withdrawn_at is not None:
        return Status(WITHDRAWN, received_at, withdrawn_at)
    if case is None:
        return Status(RECEIVED, received_at, received_at)
    changed_at = dt.datetime.combine(case.changed_on, dt.time(), dt.UTC)
    return Status(case.name, received_at, max(received_at, changed_at))
