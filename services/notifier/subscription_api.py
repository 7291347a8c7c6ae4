# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions over HTTP. Owns nothing but the edge."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.notifier import channel_webhook, subscribe
from services.notifier.alert_api import PREFIX, SIGNED_IN, Door
from services.notifier.deliver import message_key
from services.notifier.documents import answer, anything, many
from services.notifier.schemas import BODY_BYTES, CodeIn, SubscriptionIn, body_of, parsed
from services.notifier.subscribe import ROLES, Roll, Wish
from shared.errors import FieldFault, Rejected
from shared.web import problem_responses, read_json_body

EXAMPLE: Final[dict[str, Any]] = {
    "kanaal": "mail",
    "adres": "team@voorbeeld.nl",
    "wijken": [],
    "gronden": [],
    "niveau": 1,
    "ritme": "dagelijks",
}
SUBSCRIPTION: Final = anything("Een abonnement: id, kanaal, adres, wijken, gronden, niveau, ritme, status.")


def routes(door: Door, roll: Roll, *, public_url: Callable[[], str], source: str) -> APIRouter:
    """The routes of subscriptions under `/notifier/v1`."""
    router = APIRouter(prefix=PREFIX, tags=["abonnementen"], dependencies=[Depends(SIGNED_IN)])

    def judged(told: Mapping[str, Any]) -> Sequence[FieldFault]:
        """What a wish would be told of the fields whose form is right, beside those whose form is not."""
        place = str(told.get("gemeente"))
        known = door.municipalities.get(place) if place in door.municipalities else door.municipalities.default
        return subscribe.faults(
            roll,
            municipality=known.code,
            channel=told.get("kanaal"),
            address=told.get("adres"),
            districts=told.get("wijken", ()),
            grounds=told.get("gronden", ()),
        )

    @router.get(
        "/abonnementen",
        operation_id="haalAbonnementen",
        summary="Uw abonnementen",
        description="De abonnementen van wie is aangemeld.",
        response_class=JSONResponse,
        responses={
            200: answer("De abonnementen.", many("abonnementen", "Abonnementen.", SUBSCRIPTION)),
            **problem_responses(401, 403),
        },
    )
    async def get_subscriptions(request: Request) -> Response:
        staff = door.staff.require(request, ROLES)
        async with door.database.reading() as tx:
            return JSONResponse({"abonnementen": await subscribe.listed(staff, tx, roll=roll)})

    @router.post(
        "/abonnementen",
        operation_id="maakAbonnement",
        summary="Vraag attenderingen aan",
        description="De ontvanger bevestigt eerst. Een webhook krijgt zijn geheim alleen in dit antwoord.",
        status_code=201,
        response_class=JSONResponse,
        openapi_extra=body_of(SubscriptionIn, EXAMPLE),
        responses={
            201: answer("Het abonnement, nog niet bevestigd.", SUBSCRIPTION),
            **problem_responses(400, 401, 403, 404, 409),
        },
    )
    async def post_subscription(request: Request) -> Response:
        staff = door.staff.require(request, ROLES)
        given = parsed(SubscriptionIn, await read_json_body(request, BODY_BYTES), judged=judged)
        place, now = door.municipality(given.municipality), door.clock.now()
        wish = Wish(**{**given.model_dump(), "municipality": place.code})
        made = await door.done(lambda tx: subscribe.create(wish, tx, staff=staff, roll=roll, now=now))
        return JSONResponse(made, 201, {"Location": f"{PREFIX}/abonnementen/{made['id']}"})

    @router.delete(
        "/abonnementen/{id}",
        operation_id="verwijderAbonnement",
        summary="Zeg een abonnement op",
        description="Het adres wordt gewist.",
        status_code=204,
        response_class=Response,
        responses={204: {"description": "Opgezegd."}, **problem_responses(401, 403, 404)},
    )
    async def delete_subscription(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff, now = door.staff.require(request, ROLES), door.clock.now()
        await door.done(lambda tx: subscribe.remove(id, tx, staff=staff, roll=roll, now=now))
        return Response(status_code=204)

    _further(router, door, roll, public_url, source)
    return router


def _further(router: APIRouter, door: Door, roll: Roll, public_url: Callable[[], str], source: str) -> None:
    @router.post(
        "/abonnementen/_bevestig",
        operation_id="bevestigAbonnement",
        summary="Bevestig een abonnement",
        description="Met de code uit het bericht; aanmelden hoeft niet.",
        response_class=JSONResponse,
        openapi_extra={**body_of(CodeIn, {"code": "..."}), "security": []},
        responses={200: answer("Bevestigd.", SUBSCRIPTION), **problem_responses(400, 404)},
    )
    async def confirm(request: Request) -> Response:
        given = parsed(CodeIn, await read_json_body(request, BODY_BYTES))
        now = door.clock.now()
        return JSONResponse(await door.done(lambda tx: subscribe.confirm(given.code, tx, roll=roll, now=now)))

    @router.post(
        "/abonnementen/{id}/_hervat",
        operation_id="hervatAbonnement",
        summary="Hervat een gepauzeerd abonnement",
        description="Wat nog wachtte, wordt alsnog verzonden.",
        response_class=JSONResponse,
        responses={200: answer("Het abonnement.", SUBSCRIPTION), **problem_responses(401, 403, 404, 409)},
    )
    async def resume(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = door.staff.require(request, ROLES)
        return JSONResponse(await door.done(lambda tx: subscribe.resume(id, tx, staff=staff, roll=roll)))

    @router.get(
        "/abonnementen/{id}/gebeurtenissen",
        operation_id="haalGebeurtenissen",
        summary="Gebeurtenissen na een nummer",
        description="Voor een webhook die een gat in de nummers ziet. Vraag: na=<nummer>.",
        response_class=JSONResponse,
        openapi_extra={
            "parameters": [
                {
                    "name": "na",
                    "in": "query",
                    "required": False,
                    "description": "Het laatste nummer dat u hebt.",
                    "schema": {"type": "integer", "minimum": 0, "default": 0},
                }
            ]
        },
        responses={
            200: answer("De gebeurtenissen.", many("gebeurtenissen", "CloudEvents.", anything("Een CloudEvent."))),
            **problem_responses(400, 401, 403, 404),
        },
    )
    async def events(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = door.staff.require(request, ROLES)
        after = request.query_params.get("na", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Rejected("question_invalid", errors=[{"pointer": "/na", "detail": "Hier hoort een geheel getal."}])
        async with door.database.reading() as tx:
            found = await subscribe.since(id, int(after), tx, staff=staff)
        made = [
            channel_webhook.event(
                one, message_key(one), dataref=channel_webhook.dataref(one, public_url()), source=source
            )
            for one in found
        ]
        return JSONResponse({"gebeurtenissen": made})
