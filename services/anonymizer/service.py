# SPDX-License-Identifier: EUPL-1.2
"""Wiring of the anonymizer: which parts it has and what each is given. With `handle`, the only user of unsealing."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from services.anonymizer import api, handle, pages
from services.anonymizer.coding import Lists
from services.anonymizer.decide import Bench
from services.anonymizer.facts import mass_code
from services.anonymizer.kept_words import for_municipality
from services.anonymizer.localities import local_words
from services.anonymizer.redactor import Redactor
from services.anonymizer.retain import Terms, retain
from services.anonymizer.review import Desk
from services.anonymizer.settings import AnonymizerSettings
from services.anonymizer.vault import vault
from shared import vocabulary
from shared.contracts import SignalCorrected, SignalSubmitted, SignalWithdrawn
from shared.database import Database
from shared.keys import KeyStore
from shared.processing_log import Sink
from shared.runtime import Job, Service, Surroundings
from shared.sealing import Epoch
from shared.settings import read
from shared.unsealing import OpeningKeys, private_from_bytes
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TEMPLATES: Final = Path(__file__).parent / "templates"
RETAIN_EVERY: Final = dt.timedelta(hours=1)
DRAIN_EVERY: Final = dt.timedelta(seconds=10)


def build(surroundings: Surroundings, database_url: str) -> Service:
    """The anonymizer, ready to start."""
    settings = read(AnonymizerSettings)
    database, clock = Database(database_url), surroundings.clock
    assembly = Assembly("anonymizer", surroundings, database, MIGRATIONS, dead_letter_limit=settings.dead_letter_limit)
    keys, configured = surroundings.keys, surroundings.municipalities.all
    redactor = Redactor(
        processes=settings.redaction_processes,
        seconds=settings.redaction_seconds,
        memory_mb=settings.redaction_memory_mb,
        kept_words={one.code: local_words(one) for one in configured},
        metrics=surroundings.metrics,
        clock=clock,
    )
    anonymiser = handle.Anonymiser(
        keys=opening_keys(keys),
        secret=keys.secret("anonymizer"),
        clock=clock,
        event_source=surroundings.event_source,
        district_of={one.code: one.district_of_postcode for one in configured},
        lists={one.code: Lists(vocabulary.load(), one.districts) for one in configured},
        age_bands=vocabulary.load().age_bands,
        kept={one.code: for_municipality(one) for one in configured},
        redact=redactor.redact,
        vault=vault(keys.secret("anonymizer"), keys.sealing_privates),
        review_share=settings.review_share,
    )
    assembly.subscribe(SignalSubmitted, partial(handle.handle_submitted, anonymiser=anonymiser))
    assembly.subscribe(SignalCorrected, partial(handle.handle_corrected, anonymiser=anonymiser))
    assembly.subscribe(SignalWithdrawn, partial(handle.handle_withdrawn, anonymiser=anonymiser))
    reviewing = _reviewing(assembly, anonymiser, redactor, lease_minutes=settings.review_lease_minutes)
    own_pages = assembly.pages(TEMPLATES, messages=pages.MESSAGES)
    terms = Terms(settings.review_keep_days, settings.review_wait_days, settings.dead_letter_days)
    sink = Sink(
        settings.processing_log or surroundings.data_folder / "processing" / "anonymizer.jsonl",
        "anonymizer",
        keys.secret("anonymizer"),
    )

    async def drain_log(_now: dt.datetime) -> int:
        return await sink.drain(database)

    return assembly.finish(
        title="Seinhuis anonymizer",
        description="Beoordelen van wat de machine niet zeker wist.",
        routers=[*api.routers(reviewing), pages.routes(reviewing, own_pages)],
        pages=own_pages,
        roots=("beoordelen",),
        sentences=api.SENTENCES,
        jobs=[
            Job("retain", RETAIN_EVERY, partial(_retain, assembly, terms)),
            Job("processing-log", DRAIN_EVERY, drain_log),
        ],
        needs_bus=True,
        resources=[redactor.running],
    )


def _reviewing(
    assembly: Assembly, anonymiser: handle.Anonymiser, redactor: Redactor, *, lease_minutes: int
) -> api.Reviewing:
    surroundings, audit = assembly.surroundings, assembly.audit_log()
    municipalities = surroundings.municipalities
    timezone = municipalities.default.timezone
    return api.Reviewing(
        database=assembly.database,
        staff=assembly.staff_check(),
        desk=Desk(anonymiser.vault, audit, surroundings.clock, dt.timedelta(minutes=lease_minutes), timezone),
        bench=Bench(
            vault=anonymiser.vault,
            audit=audit,
            clock=surroundings.clock,
            lists=anonymiser.lists,
            kept=anonymiser.kept,
            timezones={one.code: one.timezone for one in municipalities.all},
            unlisted=redactor.unlisted,
            mass_code=partial(mass_code, secret=anonymiser.secret),
            event_source=surroundings.event_source,
        ),
    )


async def _retain(assembly: Assembly, terms: Terms, now: dt.datetime) -> int:
    """How much was deleted because its term was over."""
    surroundings = assembly.surroundings
    async with assembly.database.transaction() as tx:
        return await retain(
            tx, now=now, terms=terms, destroyed=surroundings.keys.destroyed_epochs(),
            metrics=surroundings.metrics, event_source=surroundings.event_source,
        )  # fmt: skip


def opening_keys(keys: KeyStore) -> Callable[[], OpeningKeys]:
    """Gives the private keys as they are in the folder now: a new epoch opens at once, a destroyed one no more."""
    held: dict[Epoch, tuple[bytes, MLKEM768X25519PrivateKey]] = {}

    def now() -> OpeningKeys:
        raw = keys.sealing_privates()
        for epoch in held.keys() - raw.keys():
            del held[epoch]
        for epoch, content in raw.items():
            if epoch not in held or held[epoch][0] != content:
                held[epoch] = content, private_from_bytes(content)
        return OpeningKeys({epoch: key for epoch, (_, key) in held.items()})

    return now
