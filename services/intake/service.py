# SPDX-License-Identifier: EUPL-1.2
"""Wiring of intake: which parts it has and what each is given."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Final

from services.intake import api, storage
from services.intake.limits import RateLimit
from services.intake.partners import Door
from services.intake.receipt_proofs import ReceiptSigner
from services.intake.settings import IntakeSettings
from services.intake.submit import Sealer
from shared import vocabulary
from shared.database import Database
from shared.runtime import Job, Service, Surroundings
from shared.settings import read
from shared.wiring import Assembly

TEMPLATES: Final = Path(__file__).parent / "templates"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """Intake, ready to start."""
    return _build(surroundings, database_url, read(IntakeSettings))


def build_unlimited(surroundings: Surroundings, database_url: str) -> Service:
    """Intake without a rate limit, for replaying a history faster than it happened."""
    return _build(surroundings, database_url, read(IntakeSettings, rate_limit_per_minute=0))


def _build(surroundings: Surroundings, database_url: str, settings: IntakeSettings) -> Service:
    database = Database(database_url)
    assembly = Assembly("intake", surroundings, database, storage.MIGRATIONS)
    keys, clock = surroundings.keys, surroundings.clock
    sealer = Sealer(
        key=keys.sealing_key(),
        secret=keys.secret("intake"),
        signer=ReceiptSigner(keys.signing_key("receipt")),
        clock=clock,
        event_source=surroundings.event_source,
    )
    wired = api.Intake(
        database=database,
        door=Door(database, sealer.secret, clock, settings.credential_cache_seconds),
        limit=RateLimit(settings.rate_limit_per_minute),
        sealer=sealer,
        codes=vocabulary.load(),
        municipalities=surroundings.municipalities,
        metrics=surroundings.metrics,
        idempotency_hours=settings.idempotency_hours,
    )
    pages = assembly.pages(TEMPLATES)
    return assembly.finish(
        title="Seinhuis intake",
        description="Een signaal doorgeven, en het later verbeteren of intrekken met de ontvangstcode.",
        routers=[api.routes(wired)],
        pages=pages,
        roots=("melden", "importeren"),
        sentences=SENTENCES,
        jobs=[Job("expire-answers", dt.timedelta(hours=1), partial(_expire_answers, database))],
    )


async def _expire_answers(database: Database, now: dt.datetime) -> int:
    async with database.transaction() as tx:
        return await storage.delete_expired_answers(tx, now=now)


SENTENCES: Final = {
    "receipt_code_malformed": "Deze ontvangstcode klopt niet. Kijk of er een teken verkeerd staat.",
    "receipt_unknown": "Deze ontvangstcode is niet bekend.",
    "kind_not_allowed": "Met deze sleutel kunt u alleen de soort signaal sturen.",
    "idempotency_key_reused": "Deze Idempotency-Key is al gebruikt voor een andere aanvraag.",
    "idempotency_key_malformed": "De Idempotency-Key heeft 1 tot 255 tekens.",
    "rate_limited": "U stuurt meer signalen dan is afgesproken. Wacht even en probeer het opnieuw.",
}
