# SPDX-License-Identifier: EUPL-1.2
"""Wiring of the notifier: which parts it has and what each is given."""

from pathlib import Path
from typing import Final

from services.notifier import handle
from shared.contracts import SignalAnonymised, SignalRetracted
from shared.database import Database
from shared.runtime import Service, Surroundings
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TEMPLATES: Final = Path(__file__).parent / "templates"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """The notifier, ready to start."""
    assembly = Assembly("notifier", surroundings, Database(database_url), MIGRATIONS)
    assembly.subscribe(SignalAnonymised, handle.handle_anonymised)
    assembly.subscribe(SignalRetracted, handle.handle_retracted)
    return assembly.finish(
        title="Seinhuis notifier",
        description="Attenderingen: waar komt meer binnen dan verwacht, en wat betekent dat.",
        routers=[],
        pages=assembly.pages(TEMPLATES),
        roots=("spanningen", "abonnementen"),
    )
