# SPDX-License-Identifier: EUPL-1.2
"""The committed API documents. `python -m tests.contract.snapshots` writes them anew; a test compares.

Owns making every service's OpenAPI document without a database, a bus or a port.
"""

import datetime as dt
import json
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from shared import keys, municipalities
from shared.clock import MovableClock
from shared.metrics import Metrics
from shared.runtime import PublicUrl, Surroundings
from shared.settings import SERVICES
from shared.web import ServiceApp

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "openapi"
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def document(service: str, folder: Path) -> dict[str, Any]:
    """The OpenAPI document of a service."""
    return application(service, folder).document


def application(service: str, folder: Path) -> ServiceApp:
    """A service's application, whose database is not open: it answers what needs none."""
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
    made: ServiceApp = build(surroundings, f"sqlite+aiosqlite:///{folder / service}.sqlite").app
    return made


def text_of(made: dict[str, Any]) -> str:
    """A document as it is committed."""
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the documents of all services."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for service in SERVICES:
            (FOLDER / f"{service}.json").write_text(text_of(document(service, Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
