# SPDX-License-Identifier: EUPL-1.2
"""Wiring of the anonymizer: which parts it has and what each is given. With `handle`, the only user of unsealing."""

from functools import partial
from pathlib import Path
from typing import Final

from services.anonymizer import handle
from services.anonymizer.settings import AnonymizerSettings
from shared import vocabulary
from shared.contracts import SignalCorrected, SignalSubmitted, SignalWithdrawn
from shared.database import Database
from shared.runtime import Service, Surroundings
from shared.settings import read
from shared.unsealing import LiveKeys, OpeningKeys
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """The anonymizer, ready to start."""
    settings = read(AnonymizerSettings)
    assembly = Assembly(
        "anonymizer", surroundings, Database(database_url), MIGRATIONS, dead_letter_limit=settings.dead_letter_limit
    )
    keys = surroundings.keys
    anonymiser = handle.Anonymiser(
        keys=OpeningKeys(LiveKeys(keys.sealing_privates, surroundings.clock.monotonic)),
        secret=keys.secret("anonymizer"),
        clock=surroundings.clock,
        event_source=surroundings.event_source,
        district_of={m.code: m.district_of_postcode for m in surroundings.municipalities.all},
        age_bands=vocabulary.load().age_bands,
    )
    assembly.subscribe(SignalSubmitted, partial(handle.handle_submitted, anonymiser=anonymiser))
    assembly.subscribe(SignalCorrected, partial(handle.handle_corrected, anonymiser=anonymiser))
    assembly.subscribe(SignalWithdrawn, partial(handle.handle_withdrawn, anonymiser=anonymiser))
    return assembly.finish(
        title="Seinhuis anonymizer",
        description="Beoordelen van wat de machine niet zeker wist.",
        routers=[],
        needs_bus=True,
    )
