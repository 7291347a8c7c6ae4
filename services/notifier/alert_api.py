# SPDX-License-Identifier: EUPL-1.2
"""Alerts over HTTP: who asks, what is asked, hand over to a verb, answer.

Owns nothing but the edge.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.notifier import respond
from services.notifier.alerts import Status
from services.notifier.documents import ALERT, EXAMPLE_ALERT, answer, anything, many
from services.notifier.respond import Desk, Interpretation
from services.notifier.schemas import BODY_BYTES, InterpretationIn, body_of, parsed
from shared.access import Role, Staff, StaffCheck
from shared.clock import Clock
from shared.database import Database, Transaction
from shared.errors import NotFound, Rejected
from shared.municipalities import Municipalities, Municipality
from shared.web import problem_responses, read_json_body

PREFIX: Final = "/notifier/v1"
SIGNED_IN: Final = HTTPBearer(scheme_name="stafToken", description="Token van een medewerker.", auto_error=False)
READERS: Final = (Role.ADV, Role.GEMEENTE, Role.NETWERK)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """What every edge module of the notifier is wired to."""

    database: Database
    staff: StaffCheck
    clock: Clock
    municipalities: Municipalities

    def municipality(self, code: str | None) -> Municipality:
        """The municipality asked for, else the default one. Raises: NotFound `unknown_municipality`."""
        if code is None:
            return self.municipalities.default
        if code not in self.municipalities:
            raise NotFound("unknown_municipality")
        return self.municipalities.get(code)

    async def done(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What the work returns, in one transaction that writes."""
        async with self.database.transaction() as tx:
            return await work(tx)


def query_faults(request: Request, known: tuple[str, ...]) -> None:
    """Refuse a question with a word nobody knows. Raises: Rejected (permanent)."""
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise Rejected("question_invalid", errors=[{"pointer": "", "detail": "De vraag heeft een onbekend veld."}])


def status_asked(request: Request) -> str | None:
    """The state asked for. Raises: Rejected (permanent) for one that does not exist."""
    asked = request.query_params.get("status")
    if asked is not None and asked not in get_args(Status):
        raise Rejected(
            "question_invalid", errors=[{"pointer": "/status", "detail": "Deze code staat niet in de lijst."}]
        )
    return asked


def routes(door: Door, desk: Desk) -> APIRouter:
    """The routes of alerts under `/notifier/v1`."""
    router = APIRouter(prefix=PREFIX, tags=["attenderingen"], dependencies=[Depends(SIGNED_IN)])

    def who(request: Request, roles: tuple[Role, ...]) -> Staff:
        return door.staff.require(request, roles)

    @router.get(
        "/attenderingen",
        operation_id="haalAttenderingen",
        summary="Attenderingen",
        description="Waar meer signalen binnenkomen dan verwacht, de nieuwste verandering eerst.",
        response_class=JSONResponse,
        responses={
            200: answer(
                "De attenderingen.", many("attenderingen", "Attenderingen.", ALERT), {"attenderingen": [EXAMPLE_ALERT]}
            ),
            **problem_responses(400, 401, 403),
        },
    )
    async def get_alerts(
        request: Request,
        status: Annotated[Literal["open", "geduid", "ingetrokken", "verlopen"] | None, Depends(status_asked)] = None,
    ) -> Response:
        staff = who(request, READERS)
        query_faults(request, ("status", "gemeente"))
        place = request.query_params.get("gemeente")
        code = door.municipality(place).code if place else None
        found = await door.done(lambda tx: respond.listed(staff, tx, desk=desk, municipality=code, status=status))
        return JSONResponse({"attenderingen": found})

    @router.get(
        "/attenderingen/{id}",
        operation_id="haalAttendering",
        summary="Een attendering",
        description="Een attendering met de duidingen die erbij zijn gegeven.",
        response_class=JSONResponse,
        responses={200: answer("De attendering.", ALERT, EXAMPLE_ALERT), **problem_responses(401, 403, 404)},
    )
    async def get_alert(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = who(request, READERS)
        return JSONResponse(await door.done(lambda tx: respond.read(id, tx, staff=staff, desk=desk)))

    @router.post(
        "/attenderingen/{id}/duidingen",
        operation_id="maakDuiding",
        summary="Geef een duiding",
        description="Uw kijk op een attendering: stap, oordeel, tekst, eigenaar. De stap pak-aan is aan de gemeente.",
        status_code=201,
        response_class=JSONResponse,
        openapi_extra=body_of(
            InterpretationIn,
            {
                "stap": "onderzoek",
                "oordeel": "onbekend",
                "tekst": "Wij vragen na bij scholen.",
                "eigenaar": "Team Samenleven",
            },
        ),
        responses={
            201: answer("De duiding zoals bewaard.", anything("De duiding.")),
            **problem_responses(400, 401, 403, 404, 409),
        },
    )
    async def post_interpretation(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff = who(request, respond.INTERPRETERS)
        body = await read_json_body(request, BODY_BYTES)
        given = interpretation(parsed(InterpretationIn, body, judged=respond.judged))
        now = door.clock.now()
        made = await door.done(lambda tx: respond.interpret(given, tx, alert_id=id, staff=staff, desk=desk, now=now))
        return JSONResponse(respond.response_wire(made), 201)

    _changes(router, door, desk, who)
    return router


def _changes(router: APIRouter, door: Door, desk: Desk, who: Callable[[Request, tuple[Role, ...]], Staff]) -> None:
    @router.post(
        "/attenderingen/{id}/duidingen/_herstel",
        operation_id="herstelDuiding",
        summary="Maak de laatste duiding ongedaan",
        description="Binnen een dag, door wie haar gaf. De duiding blijft zichtbaar als ongedaan gemaakt.",
        response_class=JSONResponse,
        responses={
            200: answer("De attendering zoals zij was.", ALERT, EXAMPLE_ALERT),
            **problem_responses(401, 403, 404, 409),
        },
    )
    async def undo(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff, now = who(request, respond.INTERPRETERS), door.clock.now()
        return JSONResponse(await door.done(lambda tx: respond.undo(id, tx, staff=staff, desk=desk, now=now)))

    @router.post(
        "/attenderingen/{id}/intrekkingen",
        operation_id="trekAttenderingIn",
        summary="Trek een attendering in",
        description="Iedereen die de attendering kreeg, krijgt daar bericht van.",
        response_class=JSONResponse,
        responses={
            200: answer("De ingetrokken attendering.", ALERT, EXAMPLE_ALERT),
            **problem_responses(401, 403, 404, 409),
        },
    )
    async def take_back(request: Request, id: str) -> Response:  # noqa: A002 - the name in the published path
        staff, now = who(request, respond.INTERPRETERS), door.clock.now()
        return JSONResponse(await door.done(lambda tx: respond.take_back(id, tx, staff=staff, desk=desk, now=now)))


def interpretation(body: InterpretationIn) -> Interpretation:
    """The body as the verb takes it."""
    values: dict[str, Any] = body.model_dump()
    return Interpretation(**values)
