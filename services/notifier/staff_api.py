# SPDX-License-Identifier: EUPL-1.2
"""What staff set, enter and oversee, over HTTP: rules, verdicts, campaigns, mutes, notices, deliveries.

Owns nothing but the edge.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.notifier import deliver, evaluate, govern, respond, shown, summarise
from services.notifier.alert_api import PREFIX, SIGNED_IN, Door
from services.notifier.documents import ALERT, answer, anything, many
from services.notifier.evaluate import Place
from services.notifier.messages import Labels
from services.notifier.schemas import (
    BODY_BYTES,
    CampaignIn,
    MuteIn,
    RuleIn,
    RuleValues,
    TrialIn,
    body_of,
    parsed,
)
from services.notifier.sightings import Past
from services.notifier.storage import staff as store
from services.notifier.storage.staff import Mute
from services.notifier.subscribe import Roll
from services.notifier.threshold import Null
from shared.access import Role
from shared.audit import AuditLog
from shared.web import problem_responses, read_json_body

KEEPERS: Final = (Role.ADV, Role.GEMEENTE)
MUTERS: Final = (Role.ADV,)
OVERSEERS: Final = (Role.ADV, Role.BEHEER)
ADMINISTRATOR: Final = (Role.BEHEER,)
RULE: Final = anything("De regels: valsAlarmPerJaar, minsteSignalen, minsteOrganisaties, minsteDagen, grootsteAandeel.")
VALUES: Final = tuple(RuleValues.model_fields)


@dataclass(frozen=True, slots=True)
class Office:
    """What these routes are wired to."""

    places: Mapping[str, Place]
    labels: Labels
    audit: AuditLog
    roll: Roll

    async def past(self, door: Door, municipality: str) -> Past:
        """The series of a municipality under the rules in force."""
        place = self.places[municipality]
        async with door.database.reading() as tx:
            return await evaluate.past_of(place, tx, today=place.today(door.clock.now()))


def values_of(body: RuleValues) -> dict[str, float | None]:
    """The values of a body that are a rule's."""
    return {name: getattr(body, name) for name in VALUES}


def routes(door: Door, office: Office) -> APIRouter:
    """The routes for staff under `/notifier/v1`."""
    router = APIRouter(prefix=PREFIX, dependencies=[Depends(SIGNED_IN)])
    _rules(router, door, office)
    _trial(router, door, office)
    _campaigns(router, door, office)
    _mutes(router, door, office)
    _oversight(router, door, office)
    _pictures(router, door, office)
    return router


def _rules(router: APIRouter, door: Door, office: Office) -> None:
    @router.get(
        "/regels",
        tags=["regels"],
        operation_id="haalRegels",
        summary="De regels en hoe goed zij zijn",
        description="De regels die gelden, eerdere versies met reden, en hoe vaak attenderingen klopten.",
        response_class=JSONResponse,
        responses={200: answer("De regels.", RULE), **problem_responses(401, 403, 404)},
    )
    async def get_rules(request: Request) -> Response:
        door.staff.require(request, govern.READERS)
        code = door.municipality(request.query_params.get("gemeente")).code
        past = await office.past(door, code)
        async with door.database.reading() as tx:
            versions = await store.rules(tx, code)
            scores = await govern.scores(tx, municipality=code)
        return JSONResponse(
            {
                "gemeente": code,
                "geldt": govern.rule_wire(past.rule, past.detector.budget_per_year),
                "versies": [govern.version_wire(one) for one in versions],
                "oordelen": scores,
            }
        )

    @router.post(
        "/regels",
        tags=["regels"],
        operation_id="maakRegel",
        summary="Verander de regels",
        description="Met een reden. Eerdere versies blijven bewaard.",
        status_code=201,
        response_class=JSONResponse,
        openapi_extra=body_of(RuleIn, {"valsAlarmPerJaar": 2, "reden": "Te veel ruis in het voorjaar."}),
        responses={201: answer("De nieuwe versie.", RULE), **problem_responses(400, 401, 403, 404, 409)},
    )
    async def post_rule(request: Request) -> Response:
        staff = door.staff.require(request, govern.SETTERS)
        given = parsed(RuleIn, await read_json_body(request, BODY_BYTES))
        code, now = door.municipality(given.municipality).code, door.clock.now()
        made = await door.done(
            lambda tx: govern.set_rule(
                values_of(given),
                given.reason,
                tx,
                municipality=code,
                by=staff,
                audit=office.audit,
                now=now,
                new_id=office.roll.new_id,
            )
        )
        return JSONResponse(govern.version_wire(made), 201)


def _trial(router: APIRouter, door: Door, office: Office) -> None:
    @router.post(
        "/regels/_beproef",
        tags=["regels"],
        operation_id="beproefRegels",
        summary="Probeer regels uit op de afgelopen weken",
        description="Welke attenderingen er waren geweest, nu en met de andere regels. Er wordt niets bewaard.",
        response_class=JSONResponse,
        openapi_extra=body_of(TrialIn, {"valsAlarmPerJaar": 2, "weken": 26}),
        responses={
            200: answer("Beide uitkomsten.", many("anders", "Attenderingen met de andere regels.", ALERT)),
            **problem_responses(400, 401, 403, 404),
        },
    )
    async def post_trial(request: Request) -> Response:
        door.staff.require(request, govern.SETTERS)
        given = parsed(TrialIn, await read_json_body(request, BODY_BYTES))
        code = door.municipality(given.municipality).code
        now_rules, others = await tried(door, office, code, values_of(given), given.weeks)
        return JSONResponse({"nu": now_rules, "anders": others})


async def tried(
    door: Door, office: Office, municipality: str, values: Mapping[str, float | None], weeks: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the rules in force and the other rules would have raised, as on the wire."""
    past, today = await office.past(door, municipality), office.places[municipality].today(door.clock.now())
    other = govern.retried(past, values)
    null = await asyncio.to_thread(govern.chance_for, past, today=today, weeks=weeks)
    same = other.detector == past.detector  # the gate alone changes nothing about chance
    changed = null if same else await asyncio.to_thread(govern.chance_for, other, today=today, weeks=weeks)

    async def outcome(one: Past, known: Null | None) -> list[dict[str, Any]]:
        new_id = office.roll.new_id
        found = await asyncio.to_thread(govern.try_out, one, today=today, weeks=weeks, null=known, new_id=new_id)
        return [shown.as_wire(alert, office.labels) for alert in found]

    return await outcome(past, null), await outcome(other, changed)


def _campaigns(router: APIRouter, door: Door, office: Office) -> None:
    item = anything("Een campagne of gebeurtenis.")

    @router.get(
        "/campagnes",
        tags=["context"],
        operation_id="haalCampagnes",
        summary="Campagnes en gebeurtenissen",
        description="Wat medewerkers invoerden. De vaste kalender staat er niet bij.",
        response_class=JSONResponse,
        responses={
            200: answer("De lijst.", many("campagnes", "Campagnes.", item)),
            **problem_responses(401, 403, 404),
        },
    )
    async def get_campaigns(request: Request) -> Response:
        door.staff.require(request, (*KEEPERS, Role.NETWERK))
        code = door.municipality(request.query_params.get("gemeente")).code
        async with door.database.reading() as tx:
            found = await store.campaigns(tx, code)
        return JSONResponse({"campagnes": [govern.campaign_wire(one) for one in found]})

    @router.post(
        "/campagnes",
        tags=["context"],
        operation_id="maakCampagne",
        summary="Voer een campagne of gebeurtenis in",
        description="Tijdens een campagne worden meer signalen verwacht. Een gebeurtenis staat alleen ernaast.",
        status_code=201,
        response_class=JSONResponse,
        openapi_extra=body_of(CampaignIn, {"naam": "Posteractie", "van": "2026-11-01", "tot": "2026-11-14"}),
        responses={201: answer("Zoals bewaard.", item), **problem_responses(400, 401, 403, 404)},
    )
    async def post_campaign(request: Request) -> Response:
        staff = door.staff.require(request, KEEPERS)
        given = parsed(CampaignIn, await read_json_body(request, BODY_BYTES))
        code, now = door.municipality(given.municipality).code, door.clock.now()
        made = await door.done(
            lambda tx: govern.add_campaign(
                given.kind,
                given.label,
                (given.start, given.end),
                given.grounds,
                tx,
                municipality=code,
                known_grounds=frozenset(office.roll.grounds),
                by=staff,
                audit=office.audit,
                now=now,
                new_id=office.roll.new_id,
            )
        )
        return JSONResponse(govern.campaign_wire(made), 201)

    @router.delete(
        "/campagnes/{id}",
        tags=["context"],
        operation_id="verwijderCampagne",
        summary="Haal een campagne of gebeurtenis weg",
        description="Latere blikken houden er geen rekening meer mee.",
        status_code=204,
        response_class=Response,
        responses={204: {"description": "Weggehaald."}, **problem_responses(401, 403, 404)},
    )
    async def delete_campaign(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = door.staff.require(request, KEEPERS)
        await door.done(lambda tx: govern.remove_campaign(id, tx, by=staff, audit=office.audit))
        return Response(status_code=204)


def _mutes(router: APIRouter, door: Door, office: Office) -> None:
    item = anything("Een stilte.")

    @router.get(
        "/stiltes",
        tags=["stiltes"],
        operation_id="haalStiltes",
        summary="Stiltes",
        description="Tijden waarin over een grond of wijk geen berichten gaan.",
        response_class=JSONResponse,
        responses={200: answer("De stiltes.", many("stiltes", "Stiltes.", item)), **problem_responses(401, 403, 404)},
    )
    async def get_mutes(request: Request) -> Response:
        door.staff.require(request, OVERSEERS)
        code = door.municipality(request.query_params.get("gemeente")).code
        async with door.database.reading() as tx:
            return JSONResponse({"stiltes": [govern.mute_wire(one) for one in await store.mutes(tx, code)]})

    @router.post(
        "/stiltes",
        tags=["stiltes"],
        operation_id="maakStilte",
        summary="Stel een stilte in",
        description="Attenderingen ontstaan gewoon. Er gaan alleen geen berichten over.",
        status_code=201,
        response_class=JSONResponse,
        openapi_extra=body_of(
            MuteIn, {"grond": "ras", "van": "2026-11-01", "tot": "2026-11-07", "reden": "Al in overleg."}
        ),
        responses={201: answer("De stilte.", item), **problem_responses(400, 401, 403, 404)},
    )
    async def post_mute(request: Request) -> Response:
        staff = door.staff.require(request, MUTERS)
        given = parsed(MuteIn, await read_json_body(request, BODY_BYTES))
        place, now = door.municipality(given.municipality), door.clock.now()
        values = given.model_dump() | {"municipality": place.code}
        mute = Mute(mute_id=office.roll.new_id(), by=staff.name, at=now, **values)
        made = await door.done(
            lambda tx: govern.add_mute(
                mute,
                tx,
                known_grounds=frozenset(office.roll.grounds),
                known_districts=frozenset(office.roll.districts(place.code)),
                by=staff,
                audit=office.audit,
            )
        )
        return JSONResponse(govern.mute_wire(made), 201)

    @router.delete(
        "/stiltes/{id}",
        tags=["stiltes"],
        operation_id="verwijderStilte",
        summary="Hef een stilte op",
        description="Nieuwe berichten gaan weer.",
        status_code=204,
        response_class=Response,
        responses={204: {"description": "Opgeheven."}, **problem_responses(401, 403, 404)},
    )
    async def delete_mute(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = door.staff.require(request, MUTERS)
        await door.done(lambda tx: govern.remove_mute(id, tx, by=staff, audit=office.audit))
        return Response(status_code=204)


def _pictures(router: APIRouter, door: Door, office: Office) -> None:
    @router.get(
        "/beelden",
        tags=["attenderingen"],
        operation_id="haalBeelden",
        summary="Het beeld per maand",
        description="Wat er in een maand opviel, in woorden en zonder aantallen. De nieuwste maand eerst.",
        response_class=JSONResponse,
        responses={
            200: answer("De beelden.", many("beelden", "Beelden.", anything("Een beeld."))),
            **problem_responses(401, 403, 404),
        },
    )
    async def get_pictures(request: Request) -> Response:
        door.staff.require(request, respond.READERS)
        code = door.municipality(request.query_params.get("gemeente")).code
        async with door.database.reading() as tx:
            found = await summarise.listed(tx, municipality=code, labels=office.labels)
        return JSONResponse({"beelden": found})


def _oversight(router: APIRouter, door: Door, office: Office) -> None:
    @router.get(
        "/mededelingen",
        tags=["beheer"],
        operation_id="haalMededelingen",
        summary="Mededelingen",
        description="Stille partners, late stapels, overstromingen, mislukte berichten. Een partner is een kenmerk.",
        response_class=JSONResponse,
        responses={
            200: answer("De mededelingen.", many("mededelingen", "Mededelingen.", anything("Een mededeling."))),
            **problem_responses(401, 403, 404),
        },
    )
    async def get_notices(request: Request) -> Response:
        door.staff.require(request, OVERSEERS)
        code = door.municipality(request.query_params.get("gemeente")).code
        async with door.database.reading() as tx:
            return JSONResponse({"mededelingen": deliver.notices_wire(await store.notices(tx, code))})

    @router.get(
        "/afleveringen",
        tags=["beheer"],
        operation_id="haalAfleveringen",
        summary="Afleveringen",
        description="Welke berichten gingen, hoe vaak is geprobeerd en hoe het afliep.",
        response_class=JSONResponse,
        responses={
            200: answer("De afleveringen.", many("afleveringen", "Afleveringen.", anything("Een aflevering."))),
            **problem_responses(401, 403, 404),
        },
    )
    async def get_deliveries(request: Request) -> Response:
        staff = door.staff.require(request, ADMINISTRATOR)
        code = door.municipality(request.query_params.get("gemeente")).code
        found = await door.done(
            lambda tx: deliver.log(
                tx, municipality=code, staff_member=staff, audit=office.audit, secret=office.roll.secret
            )
        )
        return JSONResponse({"afleveringen": found})

    @router.post(
        "/afleveringen/{id}/_herhaal",
        tags=["beheer"],
        operation_id="herhaalAflevering",
        summary="Verzend een opgegeven bericht opnieuw",
        description="Onder hetzelfde kenmerk, zodat een ontvanger een dubbel herkent.",
        status_code=202,
        response_class=Response,
        responses={202: {"description": "Wordt opnieuw verzonden."}, **problem_responses(401, 403, 409)},
    )
    async def repeat(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff, now = door.staff.require(request, ADMINISTRATOR), door.clock.now()
        await door.done(lambda tx: deliver.again(id, tx, staff_member=staff, audit=office.audit, now=now))
        return Response(status_code=202)
