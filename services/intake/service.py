# SPDX-License-Identifier: EUPL-1.2
"""Wiring of intake: which parts it has and what each is given."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from services.intake import (
    api,
    api_bulk,
    api_imports,
    api_overview,
    api_receipts,
    api_tokens,
    documents,
    follow,
    page_imports,
    pages,
    storage,
)
from services.intake.import_worker import ImportWorker
from services.intake.limits import CodeLimits, RateLimit
from services.intake.partners import Door
from services.intake.receipt_proofs import ReceiptSigner
from services.intake.retain import retain
from services.intake.retention import terms
from services.intake.sealed_signals import Sealer
from services.intake.settings import IntakeSettings
from shared import contracts, vocabulary
from shared.contracts import SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.database import Database, Transaction
from shared.delivery import Delivered
from shared.keys import NewestSealingKey
from shared.processing_log import Sink
from shared.runtime import Job, Service, Surroundings
from shared.settings import read
from shared.wiring import Assembly

TEMPLATES: Final = Path(__file__).parent / "templates"
DRAIN_LOG_SECONDS: Final = 10
IMPORTS_AT_ONCE: Final = 2


def build(surroundings: Surroundings, database_url: str) -> Service:
    """Intake, ready to start."""
    return _build(surroundings, database_url, read(IntakeSettings))


def build_unlimited(surroundings: Surroundings, database_url: str) -> Service:
    """Intake without a rate limit, for replaying a history faster than it happened."""
    return _build(surroundings, database_url, read(IntakeSettings, rate_limit_per_minute=0))


def _build(surroundings: Surroundings, database_url: str, settings: IntakeSettings) -> Service:
    database = Database(database_url)
    assembly = Assembly("intake", surroundings, database, storage.MIGRATIONS)
    wired = _wired(surroundings, database, settings)
    _follow(assembly, wired)
    sink = Sink(
        settings.processing_log or surroundings.data_folder / "processing" / "intake.jsonl",
        "intake",
        wired.sealer.secret,
    )

    importing = api_imports.Importing(wired, settings.undo_days, asyncio.Semaphore(IMPORTS_AT_ONCE))
    worker = ImportWorker(database, surroundings.clock, surroundings.event_source, surroundings.metrics)

    async def drain_log(_now: dt.datetime) -> int:
        return await sink.drain(database)

    configured_url = surroundings.public_url.value  # of `up`, the address it serves comes on top
    limits = terms(
        sealed_days=settings.sealed_days,
        receipt_days=settings.receipt_days,
        state_days=settings.state_days,
        dry_run_hours=settings.dry_run_hours,
        undo_days=settings.undo_days,
        inbox_days=settings.inbox_days,
        deletions_days=settings.deletions_days,
    )

    async def keep_terms(now: dt.datetime) -> int:
        async with database.transaction() as tx:
            gone = await retain(tx, terms=limits, now=now)
        for kind, count in gone.items():
            surroundings.metrics.deleted.labels("intake", kind).inc(count)
        return sum(gone.values())

    rendered = assembly.pages(TEMPLATES)
    desk = pages.Desk(wired, rendered, SENTENCES)
    return assembly.finish(
        title="Seinhuis intake",
        description="Een signaal doorgeven, en het later verbeteren of intrekken met de ontvangstcode.",
        routers=[
            api.routes(wired),
            api_bulk.routes(wired),
            api_receipts.routes(wired),
            api_overview.routes(wired),
            api_tokens.routes(wired, addresses=lambda: {configured_url, surroundings.public_url.value}),
            api_imports.routes(importing),
            pages.routes(desk),
            pages.form_routes(desk),
            pages.code_routes(desk),
            pages.correction_routes(desk),
            page_imports.routes(desk, importing),
            page_imports.import_routes(desk, importing),
        ],
        resources=[worker.running],
        components=documents.components(wired.codes),
        pages=rendered,
        roots=("melden", "importeren"),
        sentences=SENTENCES,
        jobs=[
            Job("retention", dt.timedelta(hours=1), keep_terms),
            Job("processing-log", dt.timedelta(seconds=DRAIN_LOG_SECONDS), drain_log),
        ],
    )


def _wired(surroundings: Surroundings, database: Database, settings: IntakeSettings) -> api.Intake:
    keys, clock = surroundings.keys, surroundings.clock
    secret = keys.secret("intake")
    return api.Intake(
        database=database,
        clock=clock,
        door=Door(database, secret, clock, settings.credential_cache_seconds),
        limit=RateLimit(settings.rate_limit_per_minute),
        code_limits=CodeLimits(RateLimit(settings.codes_per_minute), RateLimit(settings.wrong_codes_per_minute)),
        code_answer_seconds=settings.code_answer_seconds,
        sealer=Sealer(
            key=NewestSealingKey(keys, clock),
            secret=secret,
            signer=ReceiptSigner(keys.signing_key("receipt")),
            event_source=surroundings.event_source,
        ),
        codes=vocabulary.load(),
        municipalities=surroundings.municipalities,
        metrics=surroundings.metrics,
        idempotency_hours=settings.idempotency_hours,
    )


Follow = Callable[..., Awaitable[None]]


def _follow(assembly: Assembly, intake: api.Intake) -> None:
    followed: tuple[tuple[type[contracts.Event], Follow], ...] = (
        (SignalAnonymised, follow.follow_anonymised),
        (SignalRetracted, follow.follow_retracted),
        (SignalUnderReview, follow.follow_reviews),
    )
    for model, verb in followed:
        assembly.subscribe(model, _with_today(verb, intake))


def _with_today(verb: Follow, intake: api.Intake) -> Callable[[Sequence[Delivered[Any]], Transaction], Awaitable[None]]:
    async def handle(events: Sequence[Delivered[Any]], tx: Transaction) -> None:
        await verb(events, tx, secret=intake.sealer.secret, on=intake.clock.now().date())

    return handle


SENTENCES: Final = {
    "import_unknown": "Deze import bestaat niet, of is niet van u. Een proef verdwijnt na een dag.",
    "import_undone": "Deze import is ingetrokken. Stuur het bestand opnieuw om het toch door te geven.",
    "import_final": "Deze import is te oud om nog in te trekken.",
    "file_missing": "Er zit geen bestand bij.",
    "file_empty": "Het bestand is leeg.",
    "file_encrypted_or_old": (
        "Dit bestand heeft een wachtwoord of is van een oude Excel. Sla het op als .xlsx zonder wachtwoord."
    ),
    "file_no_spreadsheet": "Dit is geen bestand dat wij kunnen lezen. Sla het op als .xlsx of .csv.",
    "file_unreadable_text": "De letters in dit bestand kunnen wij niet lezen. Sla het op als CSV UTF-8.",
    "file_has_macros": "In dit bestand zitten macro's. Sla het op als gewoon .xlsx, zonder macro's.",
    "file_quote_left_open": "In dit bestand staat een aanhalingsteken te veel of te weinig.",
    "form_too_many_parts": "Stuur een bestand tegelijk.",
    "form_unreadable": "Deze aanvraag is niet compleet. Stuur het bestand opnieuw.",
    "file_too_large_unpacked": "Dit bestand is uitgepakt veel te groot. Knip het in kleinere stukken.",
    "file_too_many_rows": "Er staan meer dan 10.000 rijen in het bestand. Knip het in kleinere stukken.",
    "file_too_many_columns": "Er staan te veel kolommen in het bestand. Gebruik het sjabloon.",
    "columns_invalid": "De keuze van kolommen is geen JSON die koppen aan kolommen verbindt.",
    "receipt_withdrawn": "Dit signaal is ingetrokken. U kunt het niet meer verbeteren; stuur een nieuw signaal.",
    "scope_missing": "Deze sleutel of link is hier niet voor bedoeld.",
    "content_type": (
        "Deze soort inhoud kan hier niet. Bijlagen nemen wij niet aan: in een foto of document staan namen en "
        "gezichten die wij er niet veilig uit krijgen."
    ),
    "bulk_too_many_lines": "Stuur hoogstens 1.000 signalen tegelijk.",
    "receipt_code_malformed": "Deze ontvangstcode klopt niet. Kijk of er een teken verkeerd staat.",
    "receipt_unknown": "Deze ontvangstcode is niet bekend.",
    "kind_not_allowed": "Met deze sleutel kunt u alleen de soort signaal sturen.",
    "idempotency_key_reused": "Deze Idempotency-Key is al gebruikt voor een andere aanvraag.",
    "idempotency_key_malformed": "De Idempotency-Key heeft 1 tot 255 tekens.",
    "rate_limited": "U stuurt meer signalen dan is afgesproken. Wacht even en probeer het opnieuw.",
}
