# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of the statutory form: as a document or a file, and settling it by two people.

Owns nothing but the edge. Every operation is for the bureau alone; the verbs check that and write it down.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Security
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.stats import form_files, form_pdf, freeze, schemas, wga
from services.stats.api import PREFIX, STAFF, Stats
from services.stats.filings import FiledForm
from services.stats.form import FormAsked, read_form
from shared.access import Role
from shared.clock import rfc3339
from shared.errors import FieldFault, NotFound, Rejected
from shared.municipalities import Municipality
from shared.web import negotiated, problem_responses

JSON: Final = "application/json"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF: Final = "application/pdf"
OFFERED: Final = (JSON, CSV, XLSX, PDF)
ENDINGS: Final[Mapping[str, str]] = {CSV: "csv", XLSX: "xlsx", PDF: "pdf"}
BUREAU: Final = frozenset({Role.ADV})
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "massameldingen": ("met", "zonder"),
    "stand": ("vastgesteld", "actueel"),
}
Year = Annotated[int, Path(ge=1900, le=9998, description="Het kalenderjaar van registratie.")]
FormId = Annotated[str, Path(max_length=36, description="Het id van het voorstel.")]


def routes(stats: Stats) -> APIRouter:
    """The routes under `/stats/v1/wga-rapportages`."""
    router = APIRouter(prefix=f"{PREFIX}/v1/wga-rapportages", tags=["wga-rapportages"], dependencies=[Security(STAFF)])
    problems = problem_responses(400, 401, 403, 404, 503)

    @router.get(
        "/{jaar}",
        operation_id="haalWgaRapportage",
        summary="Het formulier van een jaar",
        responses={200: {"model": schemas.Formulier, "content": {kind: {} for kind in ENDINGS}}, **problems},
        openapi_extra={"parameters": schemas.FORM_PARAMETERS},
    )
    async def get_form(request: Request, jaar: Year) -> Response:
        """Als JSON, csv, Excel of PDF. Alleen voor het bureau; elke inzage wordt vastgelegd. Niet voor publicatie."""
        staff = stats.staff.require(request, BUREAU)
        kind = negotiated(request.headers.get("accept"), OFFERED)
        asked, place = form_asked(stats, request, jaar)
        form = await stats.database.in_group(
            lambda tx: read_form(asked, tx, staff=staff, audit=stats.counting.audit, action="form-read")
        )
        return await form_response(form, asked, place, kind)

    @router.get(
        "/{jaar}/vaststellingen",
        operation_id="haalVaststellingen",
        summary="De revisies van een formulier",
        responses={200: {"model": schemas.Vaststellingen}, **problems},
        openapi_extra={"parameters": [schemas.MUNICIPALITY]},
    )
    async def get_settlements(request: Request, jaar: Year) -> Response:
        """Elke vastgestelde revisie van het formulier, en het voorstel dat nog op een tweede persoon wacht."""
        staff = stats.staff.require(request, BUREAU)
        place = stats.municipality(_only(request, "gemeente").get("gemeente"))
        filed = await stats.database.in_group(
            lambda tx: freeze.read_proposals(
                tx, municipality=place.code, year=jaar, staff=staff, audit=stats.counting.audit
            )
        )
        return JSONResponse({"vaststellingen": [settlement(one) for one in filed]})

    @router.post(
        "/{jaar}/vaststellingen",
        status_code=201,
        operation_id="stelVaststellingVoor",
        summary="Vaststellen voorstellen",
        responses={201: {"model": schemas.Vaststelling}, **problems, **problem_responses(409)},
        openapi_extra={"parameters": [schemas.MUNICIPALITY]},
    )
    async def post_settlement(request: Request, jaar: Year) -> Response:
        """Stel voor het formulier van een afgelopen jaar vast te stellen. Een tweede persoon keurt het goed."""
        staff = stats.staff.require(request, BUREAU)
        place = stats.municipality(_only(request, "gemeente").get("gemeente"))
        filed = await stats.database.in_group(
            lambda tx: freeze.propose(
                wga.choose(stats.forms, jaar), tx, municipality=place.code, year=jaar,
                this_year=stats.today(place).year, staff=staff, audit=stats.counting.audit, clock=stats.clock,
            )
        )  # fmt: skip
        return JSONResponse(settlement(filed), 201)

    @router.post(
        "/{jaar}/vaststellingen/{id}/goedkeuringen",
        status_code=201,
        operation_id="keurVaststellingGoed",
        summary="Vaststellen goedkeuren",
        responses={201: {"model": schemas.Vaststelling}, **problems, **problem_responses(409)},
    )
    async def post_approval(request: Request, jaar: Year, id: FormId) -> Response:  # noqa: A002 - the name in the path
        """Keur het voorstel van een ander goed. Het formulier is dan definitief."""
        staff = stats.staff.require(request, BUREAU)
        filed = await stats.database.in_group(
            lambda tx: freeze.approve(
                id, tx, year=jaar, staff=staff, audit=stats.counting.audit, clock=stats.clock, schemas=stats.forms
            )
        )
        return JSONResponse(settlement(filed), 201)

    return router


def form_asked(stats: Stats, request: Request, year: int) -> tuple[FormAsked, Municipality]:
    """Which form a request asks for. Raises: Rejected with every fault, NotFound for an unknown place or form."""
    given = _only(request, "gemeente", "massameldingen", "schema", "stand")
    faults: list[FieldFault] = [
        {"pointer": f"/{name}", "detail": f"Kies uit: {', '.join(options)}."}
        for name, options in CHOICES.items()
        if given.get(name, options[0]) not in options
    ]
    if faults:
        raise Rejected("request_invalid", errors=faults)
    place = stats.municipality(given.get("gemeente"))
    if year > stats.today(place).year:
        raise NotFound("no_form_for_year")
    asked = FormAsked(
        schema=wga.choose(stats.forms, year, given.get("schema")),
        municipality=place.code,
        year=year,
        with_mass=given.get("massameldingen") != "zonder",
        as_it_stands=given.get("stand") == "actueel",
    )
    return asked, place


def _only(request: Request, *names: str) -> dict[str, str]:
    """The query parameters, each at most once and none that does not exist. Raises: Rejected."""
    given = request.query_params.multi_items()
    if len({name for name, _ in given}) < len(given) or not {name for name, _ in given} <= set(names):
        detail = f"Geef alleen deze parameters, elk één keer: {', '.join(names)}."
        raise Rejected("request_invalid", errors=[{"pointer": "", "detail": detail}])
    return dict(given)


async def form_response(form: Mapping[str, Any], asked: FormAsked, place: Municipality, kind: str) -> Response:
    """The form in the kind that was asked for."""
    if kind == JSON:
        return JSONResponse(dict(form))
    if kind == CSV:
        content = form_files.as_csv(form, asked.schema)
    else:  # setting a page takes a tenth of a second: not on the thread that serves everybody
        make = form_files.as_xlsx if kind == XLSX else form_pdf.as_pdf
        content = await asyncio.to_thread(make, form, asked.schema, place.name)
    name = f"wga-{asked.municipality}-{asked.year}-{form['status']}.{ENDINGS[kind]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=kind)


def settlement(filed: FiledForm) -> dict[str, Any]:
    """A proposal or settled form as it goes over the wire."""
    return {
        "id": filed.id,
        "gemeente": filed.municipality,
        "jaar": filed.year,
        "schema": filed.schema,
        "revisie": filed.revision,
        "status": "definitief" if filed.approved_at else "concept",
        "voorgesteldDoor": filed.proposed_by,
        "voorgesteldOp": rfc3339(filed.proposed_at),
        "goedgekeurdDoor": filed.approved_by,
        "goedgekeurdOp": rfc3339(filed.approved_at) if filed.approved_at else None,
        "verschillen": filed.differences,
        "vragen": filed.form["vragen"],
    }
