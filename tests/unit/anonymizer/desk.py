# SPDX-License-Identifier: EUPL-1.2
"""A review desk for tests: the anonymizer's API and pages over a room, asked over HTTP without a socket.

Owns signing in and asking. Never asserts.
"""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from services.anonymizer import api, pages
from services.anonymizer.decide import Bench
from services.anonymizer.facts import mass_code
from services.anonymizer.review import Desk
from services.anonymizer.service import TEMPLATES
from shared.access import Role, StaffCheck, issue
from shared.audit import AuditLog
from shared.web import Pages, create_app
from tests.plumbing import SOURCE
from tests.unit.anonymizer.room import MUNICIPALITY, Room, room

ZONE = ZoneInfo("Europe/Amsterdam")
LEASE = dt.timedelta(minutes=30)
ORDINARY = {"de", "een", "van", "buurman", "kapper", "om", "hoek"}


@dataclass(slots=True)
class ReviewDesk:
    """The edge of a room, and people at it."""

    room: Room
    client: httpx2.AsyncClient
    bench: Bench

    def credential(self, name: str = "Ana", role: Role = Role.ADV) -> dict[str, str]:
        """The header of a signed-in person."""
        signing = self.room.store.signing_key("staff")
        token = issue(name, role, signing=signing, clock=self.room.clock, valid_for=dt.timedelta(days=30))
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str = "", *, who: str = "Ana", **query: Any) -> httpx2.Response:
        """Ask the API."""
        url = f"/anonymizer/v1/beoordelingen{path}"
        return await self.client.get(url, params=query, headers=self.credential(who))

    async def post(self, path: str, body: Any = None, *, who: str = "Ana") -> httpx2.Response:
        """Send to the API."""
        url = f"/anonymizer/v1/beoordelingen{path}"
        return await self.client.post(url, json=body, headers=self.credential(who))

    async def first_id(self) -> str:
        """The id of the review that waits longest."""
        return str((await self.get()).json()["beoordelingen"][0]["id"])

    async def decide(self, body: dict[str, Any], *, who: str = "Ana", review: str = "") -> httpx2.Response:
        """Decide about a review; without one, about the one that waits longest."""
        return await self.post(f"/{review or await self.first_id()}/besluiten", body, who=who)


async def pretend_unlisted(words: Sequence[str]) -> list[bool]:
    """Every word is unlisted but a few ordinary ones."""
    return [word not in ORDINARY for word in words]


@contextlib.asynccontextmanager
async def review_desk(folder: Path, url: str | None = None, **changes: Any) -> AsyncIterator[ReviewDesk]:
    """The edge over a fresh room; `changes` go into the room's dependencies."""
    async with room(folder, url, **changes) as made:
        secret = made.store.secret("anonymizer")
        audit = AuditLog("anonymizer", made.clock, secret, made.store.signing_key("audit"))
        bench = Bench(
            vault=made.vault, audit=audit, clock=made.clock, unlisted=pretend_unlisted, event_source=SOURCE,
            lists=made.anonymiser.lists, kept=made.anonymiser.kept, timezones={MUNICIPALITY: ZONE},
            mass_code=partial(mass_code, secret=secret),
        )  # fmt: skip
        reviewing = api.Reviewing(
            database=made.database, staff=StaffCheck(made.store.verifying_key("staff"), made.clock),
            desk=Desk(made.vault, audit, made.clock, LEASE, ZONE), bench=bench,
        )  # fmt: skip
        drawn = Pages(TEMPLATES, messages=pages.MESSAGES)
        app = create_app(
            title="test", description="test", prefix="/anonymizer", version="1.0.0", pages=drawn,
            contact={"name": "test", "url": "https://test.example", "email": "test@test.example"},
            routers=[*api.routers(reviewing), pages.routes(reviewing, drawn)],
            sentences=api.SENTENCES,
        )  # fmt: skip
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test.example") as client:
            yield ReviewDesk(made, client, bench)
