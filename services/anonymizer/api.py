# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of review: the queue, one case, a decision, undoing it.

Owns nothing but the edge. Every operation is for the bureau alone; the verbs check that and write it down.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Security
from fastapi.security import HTTPBearer
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.anonymizer import documents
from services.anonymizer.decide import Bench, decide, undo
from services.anonymizer.review import Desk, Opened, give_back, open_review, read_queue, take_next
from shared.access import Role, StaffCheck
from shared.database import Database, Transaction
from shared.errors import NotFound, Rejected
from shared.web import problem_responses, read_json_body, validation_errors

PREFIX: Final = "/anonymizer"
BUREAU: Final = frozenset({Role.ADV})
DECISION_LIMIT_BYTES: Final = 64 * 1024
PAGE_SIZE: Final = 200
OPEN_BY_STATUS: Final[dict[str, bool | None]] = {"open": True, "besloten": False, "alle": None}
# Describes the credential in the document; reading and checking it is `StaffCheck`, which also knows the browser's.
STAFF: Final = HTTPBearer(
    scheme_name="medewerker", description="Het token van `seinhuis staff link`.", auto_error=False
)
PROBLEMS: Final = problem_responses(400, 401, 403, 404, 410, 503)
ReviewId = Annotated[str, Path(max_length=36, description="Het id van de beoordeling.")]
Status = Annotated[Literal["open", "besloten", "alle"], Query(description="Welke beoordelingen.")]
Municipality = Annotated[str, Query(pattern=r"^GM\d{4}$", description="De code van de gemeente.")]
PageNumber = Annotated[int, Query(ge=1, le=10_000, description=f"De bladzijde, van {PAGE_SIZE} zaken.")]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What the edge of the anonymizer is wired to."""

    database: Database
    staff: StaffCheck
    desk: Desk
    bench: Bench


def routers(reviewing: Reviewing) -> list[APIRouter]:
    """The routes under `/anonymizer/v1`."""
    return [_reading(reviewing), _deciding(reviewing), _words(reviewing)]


def _reading(reviewing: Reviewing) -> APIRouter:
    router = _router("beoordelingen", reviewing)
    clock = reviewing.desk.clock

    @router.get(
        "",
        operation_id="haalBeoordelingen",
        summary="De zaken die wachten",
        response_description="De zaken, zonder hun tekst.",
        responses={200: {"model": documents.Beoordelingen}, **problem_responses(400, 401, 403, 503)},
    )
    async def get_queue(request: Request, status: Status = "open", bladzijde: PageNumber = 1) -> Response:
        """Zaken waarvan een mens de tekst moet bekijken, zonder die tekst. Wie het langst wacht, staat bovenaan."""
        staff = reviewing.staff.require(request, BUREAU)
        queue = await reviewing.database.in_group(
            lambda tx: read_queue(
                tx, is_open=OPEN_BY_STATUS[status], page=bladzijde, size=PAGE_SIZE, staff=staff, desk=reviewing.desk
            )
        )
        listed = [documents.as_listed(one, now=clock.now()) for one in queue.reviews]
        counts = {"totaal": queue.total, "bladzijde": bladzijde, "vandaagDoorU": queue.done}
        return JSONResponse({"beoordelingen": listed, **counts})

    @router.post(
        "/_volgende",
        operation_id="pakVolgende",
        summary="De volgende zaak pakken",
        response_description="De zaak, die u nu hebt.",
        responses={
            200: {"model": documents.BeoordelingDetail},
            204: {"description": "Er is geen zaak vrij."},
            **problem_responses(400, 401, 403, 503),
        },
    )
    async def post_next(request: Request) -> Response:
        """Pak de zaak die het langst wacht en die geen collega heeft. Twee mensen krijgen nooit dezelfde."""
        staff = reviewing.staff.require(request, BUREAU)

        async def take(tx: Transaction) -> Opened | None:
            review_id = await take_next(tx, staff=staff, desk=reviewing.desk)
            return await open_review(review_id, tx, staff=staff, desk=reviewing.desk) if review_id else None

        found = await reviewing.database.in_group(take)
        return JSONResponse(documents.opened(found, now=clock.now())) if found else Response(status_code=204)

    @router.get(
        "/{id:id}",
        operation_id="haalBeoordeling",
        summary="Een zaak met de tekst",
        response_description="De zaak.",
        responses={200: {"model": documents.BeoordelingDetail}, **PROBLEMS},
    )
    async def get_review(request: Request, id: ReviewId) -> Response:  # noqa: A002 - the name in the path
        """De tekst zonder persoonsgegevens, met de codering. U houdt de zaak een tijd; elke inzage wordt vastgelegd."""
        staff = reviewing.staff.require(request, BUREAU)
        found = await reviewing.database.in_group(lambda tx: open_review(id, tx, staff=staff, desk=reviewing.desk))
        return JSONResponse(documents.opened(found, now=clock.now()))

    return router


def _deciding(reviewing: Reviewing) -> APIRouter:
    router = _router("beoordelingen", reviewing)
    clock = reviewing.desk.clock

    @router.post(
        "/{id}/besluiten",
        status_code=201,
        operation_id="neemBesluit",
        summary="Een besluit nemen",
        response_description="De zaak zoals die nu is besloten.",
        responses={201: {"model": documents.BeoordelingDetail}, **PROBLEMS, **problem_responses(409)},
        openapi_extra={"requestBody": documents.DECISION_BODY},
    )
    async def post_decision(request: Request, id: ReviewId) -> Response:  # noqa: A002 - the name in the path
        """Beslis over een zaak. De cijfers volgen binnen een seconde. Dezelfde dag kunt u het besluit herroepen."""
        staff = reviewing.staff.require(request, BUREAU)
        body = await read_json_body(request, DECISION_LIMIT_BYTES)
        try:
            judgement = documents.Besluit.model_validate_json(body).judgement()
        except ValidationError as error:
            raise Rejected("decision_invalid", errors=validation_errors(error)) from None
        review, content = await reviewing.database.in_group(
            lambda tx: decide(id, judgement, tx, staff=staff, bench=reviewing.bench)
        )
        return JSONResponse(documents.as_detail(review, content, now=clock.now()), 201)

    @router.post(
        "/{id}/herroepingen",
        status_code=201,
        operation_id="herroepBesluit",
        summary="Een besluit herroepen",
        response_description="De zaak, die weer wacht.",
        responses={201: {"model": documents.BeoordelingDetail}, **PROBLEMS, **problem_responses(409)},
    )
    async def post_undo(request: Request, id: ReviewId) -> Response:  # noqa: A002 - the name in the path
        """Maak het besluit van vandaag ongedaan. De zaak wacht weer. Gemarkeerde woorden blijven weg."""
        staff = reviewing.staff.require(request, BUREAU)
        review, content = await reviewing.database.in_group(
            lambda tx: undo(id, tx, staff=staff, bench=reviewing.bench)
        )  # fmt: skip
        return JSONResponse(documents.as_detail(review, content, now=clock.now()), 201)

    @router.post(
        "/{id}/vrijgaven",
        status_code=204,
        operation_id="geefVrij",
        summary="Een zaak vrijgeven",
        responses={204: {"description": "De zaak is vrij."}, **PROBLEMS},
        response_class=Response,
    )
    async def post_release(request: Request, id: ReviewId) -> Response:  # noqa: A002 - the name in the path
        """Geef een zaak terug die u nu hebt, zodat een collega hem kan pakken."""
        staff = reviewing.staff.require(request, BUREAU)
        await reviewing.database.in_group(lambda tx: give_back(id, tx, staff=staff, desk=reviewing.desk))
        return Response(status_code=204)

    return router


def _words(reviewing: Reviewing) -> APIRouter:
    router = _router("terugzetwoorden", reviewing)

    @router.get(
        "",
        operation_id="haalTerugzetwoorden",
        summary="Woorden die terug mogen",
        response_description="De woorden, per soort.",
        responses={200: {"model": documents.Terugzetwoorden}, **problem_responses(400, 401, 403, 404)},
    )
    async def get_words(request: Request, gemeente: Municipality) -> Response:
        """De gesloten lijst van gewone woorden die u mag terugzetten waar de computer te veel weghaalde."""
        reviewing.staff.require(request, BUREAU)
        if gemeente not in reviewing.bench.kept:
            raise NotFound("unknown_municipality")
        return JSONResponse(documents.as_words(gemeente, reviewing.bench.kept_in(gemeente)))

    return router


def _router(resource: str, reviewing: Reviewing) -> APIRouter:
    def bureau(request: Request) -> None:
        """Before anything is said of the parameters."""
        reviewing.staff.require(request, BUREAU)

    dependencies = [Security(STAFF), Depends(bureau)]
    return APIRouter(prefix=f"{PREFIX}/v1/{resource}", tags=["beoordelingen"], dependencies=dependencies)


SENTENCES: Final = {
    "decision_invalid": "Het besluit klopt niet. Bij elke fout staat wat er anders moet.",
    "coding_invalid": "De codering klopt niet. Bij elke fout staat wat er anders moet.",
    "no_such_review": "Deze beoordeling bestaat niet, of de tekst is al verwijderd.",
    "review_taken": "Een collega heeft deze zaak nu. Kies een andere, of wacht tot die klaar is.",
    "already_decided": "Over deze zaak is al besloten.",
    "review_changed": "Deze zaak is veranderd sinds u hem opende. Open hem opnieuw.",
    "only_a_signal": "Alleen een signaal kan een melding worden. Dit is er al een.",
    "not_decided": "Over deze zaak is nog niet besloten.",
    "day_is_over": "Een besluit herroepen kan alleen op dezelfde dag.",
    "case_withdrawn": "Deze zaak is ingetrokken door wie hem doorgaf. Er is niets van over.",
    "case_corrected": "Wie deze zaak doorgaf, heeft hem verbeterd. De oude tekst is weg; een nieuwe wacht misschien.",
    "review_over": "De bewaartermijn van deze tekst is voorbij. De zaak telt zoals hij was.",
    "key_destroyed": "De sleutel van deze tekst is er niet meer. De zaak telt zoals hij was.",
    "unknown_municipality": "Deze gemeente is hier niet bekend.",
    "redaction_away": "De verwerking van teksten ligt even stil. Probeer het over een paar seconden opnieuw.",
}
"""What to tell a person about each refusal."""
