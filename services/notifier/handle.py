# SPDX-License-Identifier: EUPL-1.2
"""Handle coded facts: keep the series the detector reads. A newer revision always wins, whatever the order."""

import datetime as dt
from collections.abc import Sequence

from services.notifier.series import SeriesCase
from services.notifier.storage import series
from shared.contracts import SignalAnonymised, SignalRetracted
from shared.database import Transaction
from shared.delivery import Delivered


async def handle_anonymised(events: Sequence[Delivered[SignalAnonymised]], tx: Transaction) -> None:
    """The newest facts of each case are in the series."""
    newest = {item.event.case_id: item.event for item in sorted(events, key=lambda item: item.event.revision)}
    known = await series.revisions(tx, list(newest))
    fresh = [series_case(facts) for facts in newest.values() if facts.revision > known.get(facts.case_id, 0)]
    await series.save(tx, fresh, known=known)


async def handle_retracted(events: Sequence[Delivered[SignalRetracted]], tx: Transaction) -> None:
    """The case no longer counts in the series."""
    newest = {item.event.case_id: item.event.revision for item in sorted(events, key=lambda item: item.event.revision)}
    known = await series.revisions(tx, list(newest))
    gone = {case_id: revision for case_id, revision in newest.items() if revision > known.get(case_id, 0)}
    await series.retract(tx, gone, known=known)


def series_case(facts: SignalAnonymised) -> SeriesCase:
    """The case as the detector counts it."""
    happened_on = monday(facts.incident_week) if facts.incident_week else facts.registered_on
    return SeriesCase(
        case_id=facts.case_id,
        revision=facts.revision,
        retracted=False,
        municipality=facts.municipality,
        kind=facts.kind,
        grounds=facts.grounds,
        terrain=facts.terrain,
        district=facts.district,
        source_ref=facts.source_ref,
        mass_event=facts.mass_event,
        arrived_on=facts.registered_on,
        happened_on=min(happened_on, facts.registered_on),
    )


def monday(week: str) -> dt.date:
    """The first day of an ISO week.

    >>> monday("2026-W53")
    datetime.date(2026, 12, 28)
    """
    year, number = week.split("-W")
    return dt.date.fromisocalendar(int(year), int(number), 1)
