# SPDX-License-Identifier: EUPL-1.2
"""Builders that give a valid thing; a test names only what it is about."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from services.stats import handle
from services.stats.facts import Facts
from shared import contracts
from shared.clock import Clock
from shared.contracts import SignalAnonymised, SignalRetracted
from shared.database import Database
from shared.delivery import Delivered

CITY = "GM0637"
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
FORMS = Path(__file__).parent / "forms"
Word = SignalAnonymised | SignalRetracted
E = TypeVar("E", bound=contracts.Event)


def case_id(number: int) -> str:
    """The id of a case, by number."""
    return f"case-{number:012d}"


def event(number: int = 1, **given: Any) -> SignalAnonymised:
    """Coded facts of one case; a resident's report about something that happened here, unless told otherwise."""
    facts: dict[str, Any] = {
        "case_id": case_id(number),
        "revision": 1,
        "municipality": CITY,
        "kind": "melding",
        "grounds": ("ras",),
        "terrain": "onderwijs",
        "nature": "vijandige-bejegening",
        "reporter_role": "getuige",
        "anonymity": "niet-anoniem",
        "residency": "ingezetene",
        "incident_place": "in-gemeente",
        "district": "oosterheem",
        "incident_week": "2026-W10",
        "registered_on": dt.date(2026, 3, 9),
        "age_band": "onbekend",
        "mass_event": None,
        "source_ref": "source-one",
        "record_key": number,
    }
    return SignalAnonymised(**(facts | given))


def facts(number: int = 1, **given: Any) -> Facts:
    """The facts of such an event."""
    return Facts.of(event(number, **given))


def retraction(number: int = 1, *, revision: int = 2, reason: Any = "withdrawn") -> SignalRetracted:
    """A case that no longer counts."""
    return SignalRetracted(case_id=case_id(number), revision=revision, reason=reason)


def delivered(events: Sequence[E]) -> list[Delivered[E]]:
    """The events as delivery hands them over."""
    return [Delivered(one, f"event-{place}", None) for place, one in enumerate(events)]


async def tell(database: Database, words: Sequence[Word], clock: Clock) -> None:
    """Handle these words, one transaction per run of the same topic."""
    facts_words = [word for word in words if isinstance(word, SignalAnonymised)]
    others = [word for word in words if isinstance(word, SignalRetracted)]
    async with database.transaction() as tx:
        if facts_words:
            await handle.handle_anonymised(delivered(facts_words), tx, clock=clock)
        if others:
            await handle.handle_retracted(delivered(others), tx, clock=clock)
