# SPDX-License-Identifier: EUPL-1.2
"""The committed documents of APIs and events. `python -m tests.contract.snapshots` writes them anew; a test compares.

Owns making every service's documents without a database, a bus or a port.
"""

import datetime as dt
import json
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from shared import contracts, keys, municipalities
from shared.clock import MovableClock
from shared.metrics import Metrics
from shared.runtime import PublicUrl, Service, Surroundings
from shared.settings import SERVICES
from tests.contract import event_documents

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "openapi"
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def document(service: str, folder: Path) -> dict[str, Any]:
    """The OpenAPI document of a service."""
    made: dict[str, Any] = built(service, folder).app.openapi()
    return made


def of_events(folder: Path) -> dict[Path, str]:
    """Every document of the events, by where it is committed."""
    described = {service: built(service, folder / service).bus.described() for service in SERVICES}
    schemas = {
        DOCS / "schemas" / f"{event_documents.schema_name(event)}.json": text_of(event_documents.schema_of(event))
        for event in contracts.EVENTS
    }
    return {**schemas, DOCS / "asyncapi.json": text_of(event_documents.asyncapi(described))}


def built(service: str, folder: Path) -> Service:
    """A service whose database is not open: its application answers what needs none."""
    surroundings = Surroundings(
        clock=MovableClock(MOMENT),
        metrics=Metrics(),
        keys=keys.create(folder / "keys", at=MOMENT),
        bus_url=f"embedded://{folder / 'log.sqlite'}",
        event_source="urn:nld:oin:00000099000000000000:systeem:seinhuis",
        municipalities=municipalities.load(),
        public_url=PublicUrl(),
        embedded=True,
        data_folder=folder,
    )
    build = import_module(f"services.{service}.service").build
    made: Service = build(surroundings, f"sqlite+aiosqlite:///{folder / service}.sqlite")
    return made


def text_of(made: dict[str, Any]) -> str:
    """A document as it is committed."""
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the documents of all services; one of an event that is no more goes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for service in SERVICES:
            (FOLDER / f"{service}.json").write_text(text_of(document(service, Path(folder))), encoding="utf-8")
        made = of_events(Path(folder) / "events")
    (DOCS / "schemas").mkdir(exist_ok=True)
    for left in set((DOCS / "schemas").glob("*.json")) - set(made):
        left.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
