# SPDX-License-Identifier: EUPL-1.2
"""Wiring of the anonymizer: which parts it has and what each is given. With `handle`, the only user of unsealing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from services.anonymizer import handle
from services.anonymizer.redactor import Redactor
from services.anonymizer.settings import AnonymizerSettings
from services.anonymizer.vault import vault
from shared import vocabulary
from shared.contracts import SignalCorrected, SignalSubmitted, SignalWithdrawn
from shared.database import Database
from shared.keys import KeyStore
from shared.municipalities import Municipality
from shared.runtime import Service, Surroundings
from shared.sealing import Epoch
from shared.settings import read
from shared.unsealing import OpeningKeys, private_from_bytes
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """The anonymizer, ready to start."""
    settings = read(AnonymizerSettings)
    assembly = Assembly(
        "anonymizer", surroundings, Database(database_url), MIGRATIONS, dead_letter_limit=settings.dead_letter_limit
    )
    keys = surroundings.keys
    redactor = Redactor(
        processes=settings.redaction_processes,
        seconds=settings.redaction_seconds,
        kept_words={one.code: local_words(one) for one in surroundings.municipalities.all},
        metrics=surroundings.metrics,
        clock=surroundings.clock,
    )
    anonymiser = handle.Anonymiser(
        keys=opening_keys(keys),
        secret=keys.secret("anonymizer"),
        clock=surroundings.clock,
        event_source=surroundings.event_source,
        district_of={m.code: m.district_of_postcode for m in surroundings.municipalities.all},
        age_bands=vocabulary.load().age_bands,
        redact=redactor.redact,
        vault=vault(keys.secret("anonymizer")),
        review_share=settings.review_share,
    )
    assembly.subscribe(SignalSubmitted, partial(handle.handle_submitted, anonymiser=anonymiser))
    assembly.subscribe(SignalCorrected, partial(handle.handle_corrected, anonymiser=anonymiser))
    assembly.subscribe(SignalWithdrawn, partial(handle.handle_withdrawn, anonymiser=anonymiser))
    return assembly.finish(
        title="Seinhuis anonymizer",
        description="Beoordelen van wat de machine niet zeker wist.",
        routers=[],
        needs_bus=True,
        resources=[redactor.running],
    )


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


def local_words(municipality: Municipality) -> tuple[str, ...]:
    """The municipality's own words that redaction keeps: its name, its districts and their parts."""
    districts = (name for code in municipality.districts.in_order for name in code.label.nl.split("/"))
    return tuple(dict.fromkeys((municipality.name, *districts, *(part.label for part in municipality.parts))))
