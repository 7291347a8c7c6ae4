# SPDX-License-Identifier: EUPL-1.2
"""Wiring of the notifier: which parts it has and what each is given."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from services.notifier import (
    alert_api,
    evaluate,
    handle,
    oversight_pages,
    pages,
    rule_pages,
    staff_api,
    subscription_api,
    subscription_pages,
    summarise,
)
from services.notifier.alert_api import Door
from services.notifier.calendar import happenings
from services.notifier.channels import Round, channels_of
from services.notifier.detector import DetectorSettings
from services.notifier.evaluate import Place
from services.notifier.gate import GateRule
from services.notifier.messages import Labels
from services.notifier.respond import Desk
from services.notifier.settings import NotifierSettings
from services.notifier.sightings import Codes, Occurrence
from services.notifier.staff_api import Office
from services.notifier.storage import series, subscriptions
from services.notifier.subscribe import Roll
from services.notifier.subscriptions import Slots
from shared import vocabulary
from shared.contracts import SignalAnonymised, SignalRetracted
from shared.database import Database
from shared.errors import Rejected
from shared.municipalities import Municipality
from shared.runtime import Job, Service, Surroundings
from shared.settings import read
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TEMPLATES: Final = Path(__file__).parent / "templates"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """The notifier, ready to start."""
    settings = read(NotifierSettings)
    database, clock = Database(database_url), surroundings.clock
    assembly = Assembly("notifier", surroundings, database, MIGRATIONS)
    assembly.subscribe(SignalAnonymised, handle.handle_anonymised)
    assembly.subscribe(SignalRetracted, handle.handle_retracted)
    places = {one.code: place_of(one, settings) for one in surroundings.municipalities.all}
    default = places[surroundings.municipalities.default.code]
    door = Door(database, assembly.staff_check(), clock, surroundings.municipalities)
    labels = labels_of(surroundings.municipalities.all)
    desk = Desk(assembly.audit_log(), labels, default.slots, new_id, surroundings.event_source)
    secret, url = surroundings.keys.secret("notifier"), surroundings.public_url
    roll = Roll(
        assembly.audit_log(),
        secret,
        vocabulary.load().grounds.codes,
        lambda code: places[code].codes.districts,
        new_id,
        settings.webhook_allow_private,
    )
    office = Office(places, labels, assembly.audit_log(), roll)
    looking = Looking(database, places, settings, surroundings.event_source)
    channels = channels_of(
        settings,
        public_url=lambda: url.value,
        source=surroundings.event_source,
        secret=secret,
        folder=surroundings.data_folder,
    )
    sending = Round(database, channels, surroundings.metrics, default.slots, new_id)
    renderer = assembly.pages(TEMPLATES, messages=pages.MESSAGES)
    room = pages.Room(door, desk, office, renderer)
    return assembly.finish(
        title="Seinhuis notifier",
        description="Attenderingen: waar komt meer binnen dan verwacht, en wat betekent dat.",
        routers=[
            alert_api.routes(door, desk),
            subscription_api.routes(door, roll, public_url=lambda: url.value, source=surroundings.event_source),
            staff_api.routes(door, office),
            oversight_pages.routes(room),
            rule_pages.routes(room),
            pages.routes(room),
            subscription_pages.routes(room),
        ],
        pages=renderer,
        roots=("spanningen", "abonnementen"),
        sentences=SENTENCES,
        jobs=[
            Job("look", dt.timedelta(seconds=60), looking.run, replayed=True),
            Job("forget", dt.timedelta(days=1), partial(forget, database, settings)),
            Job("send", dt.timedelta(seconds=settings.deliver_every_seconds), sending.run),
        ],
    )


def new_id() -> str:
    """A fresh identity."""
    return str(uuid4())


async def forget(database: Database, settings: NotifierSettings, now: dt.datetime) -> int:
    """How many cases no look reaches back to, and addresses nobody confirmed, were forgotten."""
    async with database.transaction() as tx:
        gone = await series.forget(tx, before=now.date() - dt.timedelta(days=settings.series_days))
        before = now - dt.timedelta(days=settings.unconfirmed_days)
        return gone + await subscriptions.forget_unconfirmed(tx, before=before, at=now)


@dataclass(frozen=True, slots=True)
class Looking:
    """The daily look, and the look soon after something arrived."""

    database: Database
    places: dict[str, Place]
    settings: NotifierSettings
    event_source: str

    async def run(self, now: dt.datetime) -> int:
        """How many alerts are new or changed, over all municipalities."""
        async with self.database.reading() as tx:
            present = await series.municipalities(tx)
        return sum([await self._look(self.places[code], now) for code in present if code in self.places])

    async def _look(self, place: Place, now: dt.datetime) -> int:
        at_least = dt.timedelta(seconds=self.settings.evaluate_every_seconds)
        async with self.database.reading() as tx:
            gathered = await evaluate.gather(place, tx, now=now, at_least=at_least)
        if gathered is None:
            async with self.database.transaction() as tx:
                return await evaluate.expire(place, tx, now=now, new_id=new_id)
        looked = await asyncio.to_thread(evaluate.look, gathered, place, now=now, new_id=new_id)
        async with self.database.transaction() as tx:
            found = await evaluate.record(
                looked, gathered, tx, place=place, now=now, new_id=new_id, event_source=self.event_source
            )
            found += await evaluate.expire(place, tx, now=now, new_id=new_id)
            made = await summarise.summarise(
                gathered.past, tx, slots=place.slots, now=now, new_id=new_id, event_source=self.event_source
            )
            return found + (made is not None)


def place_of(municipality: Municipality, settings: NotifierSettings) -> Place:
    """A municipality as the looks know it."""
    codes = vocabulary.load()
    return Place(
        municipality=municipality.code,
        codes=Codes(
            tuple(code.code for code in codes.grounds.in_order),
            tuple(code.code for code in codes.terrains.in_order),
            tuple(code.code for code in municipality.districts.in_order),
        ),
        slots=Slots(settings.send_hours, municipality.timezone, settings.quiet_hours),
        series_days=settings.series_days,
        rule=GateRule(settings.gate_signals, settings.gate_partners, settings.gate_days, settings.gate_largest_share),
        detector=DetectorSettings(budget_per_year=settings.budget_per_year),
        calendar=calendar_of(municipality),
    )


def calendar_of(municipality: Municipality) -> Callable[[int, int], Sequence[Occurrence]]:
    """What the calendar holds from the first to the last of two years."""

    @lru_cache(maxsize=8)
    def between(first: int, last: int) -> Sequence[Occurrence]:
        found = happenings(municipality.calendar, dt.date(first, 1, 1), dt.date(last, 12, 31))
        return [
            Occurrence(one.label.nl, one.start, one.end, one.grounds, expects_more=one.effect == "visibility")
            for one in found
            if one.effect != "office"
        ]

    return between


def labels_of(municipalities: Sequence[Municipality]) -> Labels:
    """How people read codes; a code of an older list is shown as it is."""
    codes = vocabulary.load()

    def district(code: str) -> str:
        return next((one.districts.label(code) for one in municipalities if code in one.districts), code)

    def of(known: vocabulary.CodeList) -> Callable[[str], str]:
        def label(code: str) -> str:
            try:
                return known.label(code)
            except Rejected:
                return code

        return label

    return Labels(ground=of(codes.grounds), terrain=of(codes.terrains), district=district)


SENTENCES: Final = {
    "no_such_alert": "Deze attendering bestaat niet.",
    "alert_ended": "Deze attendering is ingetrokken of verlopen.",
    "alert_changed": "Iemand anders veranderde deze attendering net. Lees haar opnieuw en probeer het dan.",
    "nothing_to_undo": "Er is geen duiding van u die nog ongedaan kan.",
    "step_not_allowed": "De stap pak-aan is aan de gemeente.",
    "interpretation_invalid": "De duiding kan zo niet worden bewaard.",
    "no_such_subscription": "Dit abonnement bestaat niet (meer).",
    "subscription_invalid": "Het abonnement kan zo niet worden bewaard.",
    "too_many_subscriptions": "U hebt al twintig abonnementen, of vroeg er vandaag al twintig aan.",
    "not_paused": "Dit abonnement is niet gepauzeerd.",
    "not_given_up": "Alleen een opgegeven bericht kan opnieuw.",
    "no_such_picture": "Van deze maand is er geen beeld.",
    "no_such_campaign": "Deze campagne of gebeurtenis bestaat niet (meer).",
    "no_such_mute": "Deze stilte bestaat niet (meer).",
    "campaign_invalid": "De campagne kan zo niet worden bewaard.",
    "mute_invalid": "De stilte kan zo niet worden ingesteld.",
    "rule_unchanged": "Er verandert niets aan de regels.",
    "unknown_municipality": "Deze gemeente is hier niet bekend.",
}
