# SPDX-License-Identifier: EUPL-1.2
"""An anonymizer for tests: keys, a database, sealed events, and redaction that does what it is told.

Owns valid things a test starts from. Never asserts.
"""

import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.anonymizer import handle
from services.anonymizer.coding import Lists
from services.anonymizer.handle import Anonymiser
from services.anonymizer.kept_words import KeptWords
from services.anonymizer.redacting import Placeholder, Redacted, ToRedact
from services.anonymizer.service import opening_keys
from services.anonymizer.vault import Vault, vault
from shared import keys, municipalities, outbox, vocabulary
from shared.clock import MovableClock
from shared.contracts import (
    SealedEvent,
    SealedSignal,
    SealedWithdrawal,
    SignalCorrected,
    SignalSubmitted,
    SignalWithdrawn,
)
from shared.database import Database
from shared.delivery import Delivery, Policy
from shared.keys import KeyStore
from shared.metrics import Metrics
from shared.sealing import seal
from tests.plumbing import NOON, SOURCE, Record, Waits, clock_at_noon, migrated, record

MUNICIPALITY = "GM0000"
HIDDEN = "Zonderling"
"""The only word the pretended redaction hides."""
DOUBTFUL = "twijfel"
"""A text with this word is one the pretended redaction is not sure of."""
BROKEN = "stuk"
"""On a text with this word the pretended redaction fails."""


async def pretend(asked: Sequence[ToRedact]) -> list[Redacted | None]:
    """Redaction that hides one word, doubts another and fails on a third."""
    return [_pretended(one.text) for one in asked]


def _pretended(text: str) -> Redacted | None:
    if BROKEN in text:
        return None
    placeholders = []
    while HIDDEN in text:
        start = text.index(HIDDEN)
        text = text.replace(HIDDEN, "[PERSOON-1]", 1)
        placeholders.append(Placeholder(start, start + len("[PERSOON-1]"), "PERSON"))
    return Redacted(text, tuple(placeholders), ("onbekende-woorden",) if DOUBTFUL in text else ())


@dataclass(slots=True)
class Room:
    """An anonymizer without a bus: its handlers, its database, its keys."""

    database: Database
    store: KeyStore
    clock: MovableClock
    anonymiser: Anonymiser
    metrics: Metrics = field(default_factory=Metrics)
    signal_id: UUID = field(default_factory=uuid4)

    @property
    def vault(self) -> Vault:
        """The vault of the room's own secret."""
        return self.anonymiser.vault

    def deliver(self, model: type[SealedEvent], *, halt_after: int = 25) -> Delivery[Any]:
        """The delivery of one topic."""
        handlers: dict[type[SealedEvent], Any] = {
            SignalSubmitted: handle.handle_submitted,
            SignalCorrected: handle.handle_corrected,
            SignalWithdrawn: handle.handle_withdrawn,
        }
        return Delivery(
            service="anonymizer", source=SOURCE, model=model, database=self.database, clock=self.clock,
            handle=partial(handlers[model], anonymiser=self.anonymiser), metrics=self.metrics,
            policy=Policy(halt_after=halt_after, attempts=2), sleep=Waits(),
        )  # fmt: skip

    def sealed(self, model: type[SealedEvent], payload: bytes, *, signal_id: UUID | None = None) -> Record:
        """A record with this payload, sealed as intake does."""
        identity = signal_id or uuid4()
        key = self.store.sealing_key()
        closed = seal(payload, key, signal_id=str(identity), purpose=model.purpose)
        event = model.model_construct(signal_id=identity, epoch=key.epoch, schema_version=1, sealed=closed)
        return record(event, event_id=str(identity) if model is SignalSubmitted else str(uuid4()))

    async def submit(self, text: str = "", *, case: int = 1, signal_id: UUID | None = None, **changes: Any) -> Record:
        """Send a signal through the handler."""
        made = self.sealed(SignalSubmitted, told(case, text, **changes), signal_id=signal_id)
        await self.deliver(SignalSubmitted)([made])
        return made

    async def correct(self, text: str = "", *, case: int = 1, correction: int = 1, **changes: Any) -> None:
        """Send a correction through the handler."""
        payload = told(case, text, correction=correction, **changes)
        await self.deliver(SignalCorrected)([self.sealed(SignalCorrected, payload)])

    async def withdraw(self, *, case: int = 1, signal_id: UUID | None = None) -> None:
        """Send a withdrawal through the handler."""
        payload = SealedWithdrawal(case_id=case_id(case)).model_dump_json().encode()
        await self.deliver(SignalWithdrawn)([self.sealed(SignalWithdrawn, payload, signal_id=signal_id)])

    async def published(self, topic: str) -> list[dict[str, Any]]:
        """What waits to leave on a topic, in order."""
        async with self.database.reading() as tx:
            waiting = await outbox.waiting(tx, limit=1_000)
        return [json.loads(one.envelope.value) for one in waiting if one.envelope.topic == topic]


def case_id(number: int) -> str:
    """The id of an invented case."""
    return f"case-{number:020d}"


def told(case: int, text: str, **changes: Any) -> bytes:
    """A signal as intake seals it."""
    told_now: dict[str, Any] = {
        "case_id": case_id(case), "correction": 0, "municipality": MUNICIPALITY, "source_ref": "source-0001",
        "received_at": NOON, "registered_on": dt.date(2026, 11, 2), "kind": "signaal", "grounds": ("ras",),
        "terrain": "onderwijs", "text": text, **changes,
    }  # fmt: skip
    return SealedSignal(**told_now).model_dump_json().encode()


@contextlib.asynccontextmanager
async def room(folder: Path, url: str | None = None, **changes: Any) -> AsyncIterator[Room]:
    """An anonymizer with a migrated database; `changes` go into its dependencies."""
    clock = clock_at_noon()
    store = keys.create(folder / "keys", at=clock.now())
    secret = store.secret("anonymizer")
    needed: dict[str, Any] = {
        "keys": opening_keys(store), "secret": secret, "clock": clock, "event_source": SOURCE, "district_of": {},
        "age_bands": vocabulary.load().age_bands, "redact": pretend, "vault": vault(secret, store.sealing_privates),
        "lists": {MUNICIPALITY: Lists(vocabulary.load(), municipalities.load().default.districts)},
        "kept": {MUNICIPALITY: KeptWords((("Woorden", ("moskee", "Rijkswaterstaat", "chronisch ziek")),))}, **changes,
    }  # fmt: skip
    async with migrated(url or f"sqlite+aiosqlite:///{folder}/anonymizer.sqlite", "anonymizer") as database:
        yield Room(database, store, clock, Anonymiser(**needed))
