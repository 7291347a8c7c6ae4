# SPDX-License-Identifier: EUPL-1.2
"""Putting a service together: the same steps for each, written once.

Owns how a service's parts (database, bus, deliveries, application, jobs) become one `Service`. Holds no business rule
and starts nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi import APIRouter

from shared import bus, contracts
from shared.access import StaffCheck
from shared.audit import AuditLog
from shared.database import Database
from shared.delivery import Delivery, Handle, Policy
from shared.municipalities import Municipality
from shared.relay import Relay
from shared.runtime import BusParts, Job, Resource, Service, Surroundings
from shared.sign_in import sign_in_routes
from shared.web import Contact, FlashMessage, Pages, Readiness, Site, create_app, probes

E = TypeVar("E", bound=contracts.Event)
API_VERSION: Final = "1.0.0"
BATCH_RECORDS: Final = 500


@dataclass(slots=True)
class Assembly:
    """A service being put together. Make one, subscribe, then `finish`."""

    name: str
    surroundings: Surroundings
    database: Database
    migrations: Path
    dead_letter_limit: int = 25
    broker: Any = field(init=False)
    deliveries: list[Delivery[Any]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.broker = bus.make_broker(
            self.surroundings.bus_url, service=self.name, registry=self.surroundings.metrics.registry
        )

    def subscribe(self, model: type[E], handle: Handle[E]) -> None:
        """Hand every event of this type to the use case, under the house's delivery policy."""
        delivery = Delivery(
            service=self.name,
            source=self.surroundings.event_source,
            model=model,
            handle=handle,
            database=self.database,
            clock=self.surroundings.clock,
            metrics=self.surroundings.metrics,
            policy=Policy(halt_after=self.dead_letter_limit),
        )
        self.deliveries.append(delivery)
        bus.subscribe(self.broker, model.topic, group=self.name, handler=delivery, max_records=BATCH_RECORDS)

    def audit_log(self) -> AuditLog:
        """The service's own audit chain."""
        keys = self.surroundings.keys
        return AuditLog(self.name, self.surroundings.clock, keys.secret(self.name), keys.signing_key("audit"))

    def staff_check(self) -> StaffCheck:
        """Who is signed in."""
        return StaffCheck(self.surroundings.keys.verifying_key("staff"), self.surroundings.clock)

    def pages(self, templates: Path, *, messages: Mapping[str, FlashMessage] | None = None) -> Pages:
        """The page renderer of the service."""
        return Pages(templates, site=site_of(self.surroundings.municipalities.default), messages=messages)

    def finish(
        self,
        *,
        title: str,
        description: str,
        routers: Sequence[APIRouter],
        pages: Pages | None = None,
        roots: Sequence[str] = (),
        sentences: Mapping[str, str] | None = None,
        jobs: Sequence[Job] = (),
        needs_bus: bool = False,
        resources: Sequence[Resource] = (),
        components: dict[str, Any] | None = None,
    ) -> Service:
        """The service. `roots` are the first path segments of its pages; its own prefix comes by itself."""
        metrics = self.surroundings.metrics
        requests = metrics.requests
        relay = Relay(self.name, self.database, self._publish, metrics, self.surroundings.clock)

        async def readiness() -> Readiness:
            return await service.readiness()

        own = [*routers, probes(readiness, metrics.registry), sign_in_routes(self.staff_check(), pages)]
        app = create_app(
            title=title,
            description=description,
            prefix=f"/{self.name}",
            version=API_VERSION,
            contact=contact_of(self.surroundings.municipalities.default),
            routers=own,
            pages=pages,
            sentences=sentences,
            components=components,
            on_response=lambda status: requests.labels(self.name, str(status)).inc(),
        )
        service = Service(
            name=self.name,
            app=app,
            roots=(self.name, *roots),
            database=self.database,
            migrations=self.migrations,
            bus=BusParts(
                start=partial(bus.start, self.broker),
                stop=partial(bus.stop, self.broker),
                connected=partial(bus.connected, self.broker),
                described=partial(bus.asyncapi, self.broker),
            ),
            relay=relay,
            deliveries=tuple(self.deliveries),
            jobs=tuple(jobs),
            needs_bus=needs_bus,
            resources=tuple(resources),
        )
        return service

    async def _publish(self, envelopes: Sequence[contracts.Envelope]) -> list[BaseException | None]:
        return await bus.publish(self.broker, [bus.Outgoing(e.topic, e.key, e.value, e.headers) for e in envelopes])


Build = Callable[[Surroundings, str], Service]


def site_of(municipality: Municipality) -> Site:
    """What every page says about where it stands."""
    bureau = municipality.bureau
    return Site(municipality=municipality.name, bureau=bureau.name, bureau_url=bureau.url, bureau_phone=bureau.phone)


def contact_of(municipality: Municipality) -> Contact:
    """Who answers questions about the APIs."""
    bureau = municipality.bureau
    return {"name": bureau.name, "url": bureau.url, "email": bureau.email}
