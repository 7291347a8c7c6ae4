# SPDX-License-Identifier: EUPL-1.2
"""The composition root: which services run together in this process, and what they share.

Owns putting the four services on one port (embedded), or one on its own (distributed), and the questions that need
more than one service's database. With `services.command_line` the only module that sees more than one service.
"""

import contextlib
import datetime as dt
import json
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

from services.anonymizer import service as anonymizer
from services.anonymizer import storage as anonymizer_storage
from services.demo import invented
from services.demo import replay as demo
from services.demo.history import Line, parse
from services.demo.world import HISTORY_DAYS
from services.intake import service as intake
from services.intake import storage as intake_storage
from services.intake.credentials import KEY_PREFIX
from services.intake.partners import add_credential, add_partner
from services.notifier import service as notifier
from services.notifier.calendar import happenings
from services.stats import coverage as stats_coverage
from services.stats import service as stats
from services.stats.storage import releases as stats_releases
from shared import bus, contracts, delivery, inbox, logs, municipalities, outbox, source_tokens
from shared.access import Role, issue
from shared.clock import Clock, MovableClock, SystemClock
from shared.commands import key_store, opened
from shared.conservation import Seen, conserve
from shared.contracts import SignalSubmitted
from shared.errors import Conflict, Misconfigured, NotFound
from shared.metrics import Metrics
from shared.runtime import PublicUrl, Service, Surroundings, running
from shared.settings import DatabaseSettings, Installation, read, read_installation
from shared.web import dispatcher
from shared.wiring import Build

DEMO_KEY_DAYS: Final = 30
BUILDS: Final[dict[str, Build]] = {
    "intake": intake.build,
    "anonymizer": anonymizer.build,
    "stats": stats.build,
    "notifier": notifier.build,
}


@contextlib.asynccontextmanager
async def embedded(data: Path | None, *, municipality: str | None) -> AsyncIterator[tuple[Any, Surroundings]]:
    """The four services up on one data directory, as one application."""
    installation = _embedded_installation(data)
    await bus.create_topics(installation.bus_url, topic_specs())
    surroundings = surround(installation, clock=SystemClock(), municipality=municipality)
    services = [build(surroundings, _url(name, installation)) for name, build in BUILDS.items()]
    async with running(services, clock=surroundings.clock, metrics=surroundings.metrics):
        yield joined(services), surroundings


async def replay_history(data: Path | None, lines: Sequence[Line], *, municipality: str | None) -> None:
    """Replay a history into an empty data directory; into one that holds this very history nothing is done.

    One that was stopped on its way begins anew.
    Raises: Conflict `data_already_there` when the directory holds anything else; Rejected for a line intake refuses.
    """
    installation = _embedded_installation(data)
    told = demo.digest(lines)
    if demo.replayed(installation.data_folder) == told:
        return
    demo.clear_unfinished(installation.data_folder)
    if (installation.data_folder / "intake.sqlite").exists():
        raise Conflict("data_already_there")
    demo.mark(installation.data_folder, told, finished=False)
    await bus.create_topics(installation.bus_url, topic_specs())
    clock = MovableClock(lines[0].op if lines else SystemClock().now())
    surroundings = surround(installation, clock=clock, municipality=municipality)
    builds = {**BUILDS, "intake": intake.build_unlimited}
    services = [build(surroundings, _url(name, installation)) for name, build in builds.items()]

    async def add(name: str, adv: bool) -> str:  # noqa: FBT001 - the shape the replay asks for
        code = surroundings.municipalities.default.code
        secret = surroundings.keys.secret("intake")
        async with services[0].database.transaction() as tx:
            return await add_partner(name, tx, adv=adv, municipality=code, secret=secret, clock=clock, days=3650)

    async with running(services, clock=clock, metrics=surroundings.metrics, run_jobs=False):
        await demo.replay(
            lines,
            services,
            application=joined(services),
            clock=clock,
            metrics=surroundings.metrics,
            bus_url=installation.bus_url,
            add_partner=add,
        )
    demo.mark(installation.data_folder, told, finished=True)


async def replay_invented(data: Path | None, *, municipality: str | None) -> None:
    """Replay the invented history of the municipality, unless the data directory already holds a whole history.

    The invented history ends yesterday, so tomorrow's differs; a demo that was made once is shown as it is.
    """
    installation = _embedded_installation(data)
    if demo.replayed(installation.data_folder) is not None:
        return
    configured = municipalities.load(installation.municipalities)
    city = configured.by_slug(municipality) if municipality else configured.default
    today = SystemClock().now().astimezone(city.timezone).date()
    moments = happenings(city.calendar, today - dt.timedelta(days=HISTORY_DAYS), today)
    campaigns = [moment for moment in moments if moment.effect == "visibility"]
    told = invented.history(city, today=today, campaigns=campaigns)
    lines = list(parse(json.dumps(line) for line in told))
    await replay_history(data, lines, municipality=municipality)


def invented_history(data: Path | None, *, municipality: str | None) -> list[Line]:
    """The invented history of this installation's municipality, up to yesterday."""
    configured = municipalities.load(read_installation(data=data).municipalities)
    city = configured.by_slug(municipality) if municipality else configured.default
    today = SystemClock().now().astimezone(city.timezone).date()
    period = (today - dt.timedelta(days=HISTORY_DAYS), today)
    campaigns = [found for found in happenings(city.calendar, *period) if found.effect == "visibility"]
    told = invented.history(city, today=today, campaigns=campaigns)
    return list(parse(json.dumps(line) for line in told))


def _embedded_installation(data: Path | None) -> Installation:
    installation = read_installation(data=data)
    if not installation.embedded:
        raise Misconfigured("bad_setting", setting="SEINHUIS_BUS")
    return installation


@contextlib.asynccontextmanager
async def single(name: str, data: Path | None) -> AsyncIterator[Any]:
    """One service up, of a distributed installation."""
    installation = read_installation(data=data)
    surroundings = surround(installation, clock=SystemClock(), municipality=None)
    service = BUILDS[name](surroundings, _url(name, installation))
    async with running([service], clock=surroundings.clock, metrics=surroundings.metrics):
        yield service.app


def surround(installation: Installation, *, clock: Clock, municipality: str | None) -> Surroundings:
    """What the services share. Raises: Misconfigured; Rejected `unknown_municipality`."""
    keys, made = key_store(installation.data)
    if made:
        logs.logger().info("keys_created")
    configured = municipalities.load(installation.municipalities)
    chosen = configured.defaulting_to(municipality) if municipality else configured
    address = str(installation.public_url).rstrip("/") if installation.public_url else PublicUrl().value
    return Surroundings(
        clock=clock,
        metrics=Metrics(),
        keys=keys,
        bus_url=installation.bus_url,
        event_source=installation.event_source,
        municipalities=chosen,
        public_url=PublicUrl(address),
        embedded=installation.embedded,
        data_folder=installation.data_folder,
    )


def joined(services: Sequence[Service]) -> Any:  # noqa: ANN401 - an ASGI application
    """The services as one application: each request goes to the one its first path segment names.

    What no service claims (the home page, signing in) is answered by the first one, and so are the probes, for all of
    them: a consumer that stopped anywhere makes the process not ready.
    """
    services[0].beside = services[1:]
    apps = {root: service.app for service in services for root in service.roots}
    return dispatcher(apps, services[0].app)


def topic_specs() -> list[bus.TopicSpec]:
    """The topics as the bus must have them."""
    return [bus.TopicSpec(t.name, t.partitions, t.retention_seconds) for t in contracts.TOPICS]


def address(door: socket.socket) -> str:
    """The address of a bound socket."""
    host, port = door.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared with, not bound to
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


async def welcome(data: Path | None, url: str) -> list[str]:
    """What a newcomer to the demo can do now: a fresh key of a partner, a link per role, a line to paste."""
    clock = SystemClock()
    keys, _ = key_store(data)
    async with opened("intake", data) as database, database.transaction() as tx:
        partners = [one for one in await intake_storage.partners(tx) if not one.adv]
        secret = keys.secret("intake")
        if partners:
            key = await add_credential(
                partners[0], tx, prefix=KEY_PREFIX, secret=secret, clock=clock, days=DEMO_KEY_DAYS
            )
        else:
            code = municipalities.load(read_installation(data=data).municipalities).default.code
            key = await add_partner("demo", tx, adv=False, municipality=code, secret=secret, clock=clock)
    signing = keys.signing_key("staff")
    valid_for = dt.timedelta(days=DEMO_KEY_DAYS)
    links = {role: issue(f"demo-{role}", role, signing=signing, clock=clock, valid_for=valid_for) for role in Role}
    body = '{"soort":"signaal","gronden":["ras"],"terrein":"onderwijs","toelichting":"Een proef."}'
    return [
        f"url {url}",
        f"partner key {key}",
        *(f"link {role} {url}/aanmelden?code={token}" for role, token in links.items()),
        " ".join(
            (
                f"curl -sS {url}/intake/v1/signalen",
                f"-H 'Authorization: Bearer {key}'",
                "-H 'Content-Type: application/json'",
                f"-d '{body}'",
            )
        ),
    ]


def announce(url: str, lines: Sequence[str] = ()) -> None:
    """Say that the door is open, and in a demo what can be done now."""
    sys.stdout.write("\n".join([*lines, f"ready {url}", ""]))
    sys.stdout.flush()


async def checked(data: Path | None) -> dict[str, Any]:
    """Conservation, proven from ids, and every counter recomputed from the ledger."""
    installation = read_installation(data=data)
    async with contextlib.AsyncExitStack() as stack:
        door = await stack.enter_async_context(opened("intake", data))
        room = await stack.enter_async_context(opened("anonymizer", data))
        books = await stack.enter_async_context(opened("stats", data))
        transported = await outbox.waiting_ids(door, SignalSubmitted.topic)
        transported |= await outbox.waiting_ids(room, SignalSubmitted.topic)
        async with door.reading() as tx:
            before = await intake_storage.accepted_ids(tx)
        async with room.reading() as tx:
            accepted_or_not = await inbox.seen_ids(tx)
            dead = await delivery.dead_ids(tx, SignalSubmitted.topic)
            states = await anonymizer_storage.state_counts(tx)
        async with door.reading() as tx:
            after = await intake_storage.accepted_ids(tx)
        transported |= await bus.all_ids(installation.bus_url, SignalSubmitted.topic)
        seen = Seen(handled=accepted_or_not & (before | after), dead=dead, states=states)
        found = conserve(before=before, seen=seen, after=after, transported=transported).as_wire()
        async with books.reading() as tx:
            counters = await stats.counters_hold(tx)
    return {**found, "ok": bool(found["ok"] and counters), "countersHold": counters}


async def invitations(data: Path | None, which: str, *, municipality: str | None, url: str) -> dict[str, Any]:
    """A link per partner with cases in a release whose round of objections is open. Its token carries no name.

    Intake knows which partner a reference belongs to, stats which references a release holds; only here do they meet.
    Raises: NotFound `no_such_release`, Conflict `no_objection_round`.
    """
    clock, (keys, _) = SystemClock(), key_store(data)
    place = municipality or municipalities.load(read_installation(data=data).municipalities).default.code
    async with opened("stats", data) as books, books.reading() as tx:
        release = await stats_releases.by_id_or_period(tx, which, municipality=place)
    if release is None:
        raise NotFound("no_such_release")
    if release.state != "concept" or release.objections_until is None:
        raise Conflict("no_objection_round")
    ends_at = dt.datetime.combine(release.objections_until, dt.time(), dt.UTC) + dt.timedelta(days=2)
    valid_for = ends_at - clock.now()
    if valid_for <= dt.timedelta(0):
        raise Conflict("no_objection_round")
    sources = {member.source for frozen in release.frozen.values() for member in frozen.members}
    async with opened("intake", data) as door, door.reading() as tx:
        partners = [one for one in await intake_storage.partners(tx) if one.source_ref in sources]
    signing = keys.signing_key("staff")
    tokens = [
        source_tokens.issue(one.source_ref, signing=signing, clock=clock, valid_for=valid_for) for one in partners
    ]
    return {
        "release": release.id,
        "until": release.objections_until.isoformat(),
        "links": [
            {"partner": one.name, "url": f"{url}/publicaties/controle?publicatie={release.id}&code={token}"}
            for one, token in zip(partners, tokens, strict=True)
        ],
    }


async def partner_coverage(data: Path | None, *, municipality: str | None) -> list[dict[str, Any]]:
    """Per partner by name: in how many of the last months it reported, and the last one; the most silent first."""
    configured = municipalities.load(read_installation(data=data).municipalities)
    place = configured.get(municipality) if municipality else configured.default
    today = SystemClock().now().astimezone(place.timezone).date()
    async with opened("stats", data) as books, books.reading() as tx:
        found = {one.source: one for one in await stats_coverage.exact(place.code, tx, today=today)}
    async with opened("intake", data) as door, door.reading() as tx:
        partners = [one for one in await intake_storage.partners(tx) if one.municipality == place.code and not one.adv]
    rows = [
        {"partner": one.name, "months": seen.months if seen else 0, "lastMonth": seen.last if seen else None}
        for one in partners
        for seen in (found.get(one.source_ref),)
    ]
    return sorted(rows, key=lambda row: (row["lastMonth"] or "", row["months"], row["partner"]))


def _url(name: str, installation: Installation) -> str:
    return read(DatabaseSettings).url(name, installation)
