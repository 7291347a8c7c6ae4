# SPDX-License-Identifier: EUPL-1.2
"""Wiring of stats: which parts it has and what each is given."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from services.stats import (
    api,
    api_forms,
    api_open_data,
    api_releases,
    api_reports,
    catalogue_files,
    form_catalog,
    handle,
    pages,
    pages_forms,
    pages_releases,
    pages_reports,
)
from services.stats.publish import Releasing
from services.stats.query import Counting
from services.stats.recount import recount
from services.stats.released import answer_from_releases
from services.stats.reporting import reporting_of
from services.stats.settings import StatsSettings
from services.stats.storage import ledger
from shared import vocabulary
from shared.contracts import AlertRaised, SignalAnonymised, SignalRetracted
from shared.database import Database, Transaction
from shared.municipalities import Municipalities
from shared.runtime import Job, Service, Surroundings
from shared.settings import read
from shared.vocabulary import CodeLists
from shared.wiring import Assembly

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TEMPLATES: Final = Path(__file__).parent / "templates"


def build(surroundings: Surroundings, database_url: str) -> Service:
    """Stats, ready to start."""
    settings = read(StatsSettings)
    database, clock = Database(database_url), surroundings.clock
    assembly = Assembly("stats", surroundings, database, MIGRATIONS, dead_letter_limit=settings.dead_letter_limit)
    assembly.subscribe(SignalAnonymised, partial(handle.handle_anonymised, clock=clock))
    assembly.subscribe(SignalRetracted, partial(handle.handle_retracted, clock=clock))
    assembly.subscribe(AlertRaised, handle.handle_alert)
    codes = vocabulary.load()
    forms = form_catalog.load(settings.forms)
    order, catalogue = code_order(codes, surroundings.municipalities), catalogue_files.load().of
    audit = assembly.audit_log()
    wired = api.Stats(
        database=database,
        staff=assembly.staff_check(),
        clock=clock,
        codes=codes,
        municipalities=surroundings.municipalities,
        counting=Counting(audit, order, forms),
        released=partial(answer_from_releases, catalogue=catalogue, order=order),
        forms=forms,
    )
    desk = api_releases.Desk(
        stats=wired,
        releasing=Releasing(catalogue, order, audit, clock),
        event_source=surroundings.event_source,
        source_of=api_releases.checker(surroundings.keys.verifying_key("staff"), clock),
    )
    reports = api_reports.ReportDesk(wired, reporting_of(surroundings.municipalities, settings.benchmark))
    messages = {**pages_forms.MESSAGES, **pages_releases.MESSAGES, **pages_reports.MESSAGES}
    templates = assembly.pages(TEMPLATES, messages=messages)
    return assembly.finish(
        title="Seinhuis stats",
        description="Cijfers over meldingen en signalen, en het formulier van de Wga.",
        routers=[
            api.routes(wired),
            api_forms.routes(wired),
            api_releases.routes(desk),
            api_open_data.routes(api_open_data.OpenDesk(desk, lambda: surroundings.public_url.value)),
            api_reports.routes(reports),
            pages.routes(wired, templates),
            pages_forms.routes(wired, templates),
            pages_reports.routes(reports, templates),
            pages_releases.routes(desk, templates),
        ],
        pages=templates,
        roots=("cijfers", "rapportages", "publicaties"),
        sentences=SENTENCES,
        jobs=[
            Job(
                "count-changes",
                dt.timedelta(seconds=settings.count_every_seconds),
                partial(_count, database, settings.count_at_once),
            )
        ],
        needs_bus=True,
    )


def code_order(codes: CodeLists, municipalities: Municipalities) -> Callable[[str], Mapping[str, Sequence[str]]]:
    """The official order of codes by dimension, for a municipality."""
    lists = {
        "grond": codes.grounds,
        "subgrond": codes.subgrounds,
        "terrein": codes.terrains,
        "aard": codes.natures,
        "behandeling": codes.handling,
        "soort": codes.kinds,
        "melderRol": codes.reporter_roles,
    }
    orders = {
        one.code: {
            name: tuple(code.code for code in code_list.in_order)
            for name, code_list in (lists | {"wijk": one.districts}).items()
        }
        for one in municipalities.all
    }
    return orders.__getitem__


async def _count(database: Database, at_once: int, _now: dt.datetime) -> int:
    """How many changes were added to the counts, in pieces small enough that nobody waits for them."""
    done = 0
    while True:
        async with database.reading() as tx:
            waiting = await ledger.uncounted_size(tx)
        if not waiting:
            return done
        async with database.transaction() as tx:
            done += await ledger.count(tx, limit=at_once)


async def counters_hold(tx: Transaction) -> bool:
    """Whether every figure follows from the ledger, for `check`."""
    return (await recount(tx)).ok


SENTENCES: Final = {
    "question_invalid": "De vraag klopt niet. Bij elke fout staat wat u kunt kiezen.",
    "unknown_municipality": "Deze gemeente is hier niet bekend.",
    "request_invalid": "De aanvraag klopt niet. Bij elke fout staat wat u kunt kiezen.",
    "no_form_for_year": "Voor dit jaar is er geen formulier.",
    "year_not_over": "Een jaar kan pas worden vastgesteld als het voorbij is.",
    "form_unchanged": "Het formulier is gelijk aan het vastgestelde formulier.",
    "counts_differ": "De tellingen kloppen niet met de zaken. Vraag de beheerder om `seinhuis check` te draaien.",
    "no_such_proposal": "Dit voorstel bestaat niet, of er is een nieuwer voorstel.",
    "already_settled": "Dit formulier is al vastgesteld.",
    "second_person_needed": "Een ander dan wie het voorstelde moet het goedkeuren.",
    "form_changed": "De cijfers zijn sinds het voorstel veranderd. Stel het opnieuw voor.",
    "period_unknown": "Deze periode bestaat niet.",
    "period_not_closed": "Een periode kan pas 14 dagen na het einde worden gepubliceerd.",
    "release_unchanged": "Over deze periode is al een publicatie goedgekeurd, en er is niets veranderd.",
    "release_outdated": "Er is intussen een andere publicatie goedgekeurd. Maak deze opnieuw.",
    "code_not_in_list": "Er zijn zaken met een code die niet meer in de lijst staat. Vraag de beheerder om hulp.",
    "catalogue_changed": "Het tabellenboek is veranderd sinds een eerdere publicatie over dezelfde dagen.",
    "no_such_report": "Over deze periode zijn er geen goedgekeurde publicaties, dus ook geen rapport.",
    "no_such_release": "Deze publicatie bestaat niet.",
    "already_decided": "Over deze publicatie is al beslist.",
    "not_approved": "Alleen een goedgekeurde publicatie kan worden ingetrokken.",
    "objection_round_open": "Organisaties kunnen nog bezwaar maken. Keur de publicatie daarna goed.",
    "no_such_data_set": "Deze gegevensset bestaat niet, of er zijn nog geen open cijfers.",
    "objections_closed": "Bezwaar maken tegen deze publicatie kan niet meer.",
}
