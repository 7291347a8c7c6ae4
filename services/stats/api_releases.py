# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of releases: make, read, approve, take back, and the round in which sources may object.

Owns nothing but the edge. The heavy part of making one runs beside the thread that serves.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Path, Security
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.stats import approve, presentation, publish, publishing, release_files, release_pdf, released
from services.stats import release_schemas as schemas
from services.stats.api import PREFIX, STAFF, Stats
from services.stats.api_forms import BUREAU, CSV, JSON, PDF
from services.stats.publish import Asked, Releasing
from services.stats.release_files import Label
from services.stats.releases import Release
from services.stats.schemas import MUNICIPALITY
from services.stats.tabset import MEDIA_TYPE
from shared import source_tokens
from shared.access import Staff, bearer
from shared.clock import Clock
from shared.errors import Rejected, Unauthenticated
from shared.web import problem_responses, read_json_body, validation_errors
from shared.web.negotiation import negotiated

TABSET: Final = MEDIA_TYPE
OFFERED: Final = (JSON, CSV, PDF, TABSET)
BODY_BYTES: Final = 16 * 1024
ReleaseId = Annotated[str, Path(max_length=36, description="Het id van de publicatie.")]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the edge of releases is wired to. `source_of` reads a source's reference from its token."""

    stats: Stats
    releasing: Releasing
    event_source: str
    source_of: Callable[[str], str]

    @property
    def clock(self) -> Clock:
        """The service's clock."""
        return self.stats.clock

    async def make(self, asked: Asked, staff: Staff) -> Release:
        """The concept: gathered, protected and attacked beside this thread, kept whole."""
        today = self.stats.today(self.stats.municipality(asked.municipality))
        async with self.stats.database.reading() as tx:
            material = await publish.gather(asked, tx, staff=staff, today=today, releasing=self.releasing)
        release = await asyncio.to_thread(publishing.make, material, now=self.clock.monotonic)
        return await self.stats.database.in_group(
            lambda tx: publish.keep(release, tx, staff=staff, audit=self.releasing.audit)
        )

    async def approve(self, release_id: str, staff: Staff) -> Release:
        """The release, approved by this person."""
        today = self.stats.today(self.stats.municipalities.default)
        return await self.stats.database.in_group(
            lambda tx: approve.approve(
                release_id, tx, staff=staff, today=today, audit=self.releasing.audit, clock=self.clock,
                source=self.event_source,
            )
        )  # fmt: skip

    async def retract(self, release_id: str, staff: Staff, reason: str) -> Release:
        """The release, taken back by this person."""
        return await self.stats.database.in_group(
            lambda tx: approve.retract(
                release_id, tx, staff=staff, reason=reason, audit=self.releasing.audit, clock=self.clock
            )
        )

    def label(self, municipality: str) -> Label:
        """The names of codes on pages and in files, with those only releases have."""
        return presentation.release_labels_of(self.stats.codes, self.stats.municipality(municipality).districts)

    def wire(self, release: Release, staff: Staff, *, whole: bool = True) -> dict[str, Any]:
        """The release as this person may see it."""
        catalogue = self.releasing.catalogue(release.municipality)
        return release_files.as_wire(release, catalogue, for_bureau=staff.role in BUREAU, whole=whole)

    async def as_file(self, release: Release, kind: str) -> Response:
        """The release as a file of this kind."""
        label = self.label(release.municipality)
        name = f"publicatie-{release.municipality}-{release.period}-r{release.revision}"
        if kind == TABSET:
            return JSONResponse(dict(release.tabset), media_type=TABSET)
        if kind == CSV:
            content, ending = release_files.as_csv(release, label), "csv"
        else:
            catalogue = self.releasing.catalogue(release.municipality)
            place = self.stats.municipality(release.municipality).name
            content, ending = await asyncio.to_thread(release_pdf.as_pdf, release, catalogue, label, place), "pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        return Response(content, headers=headers, media_type=kind)


def checker(public: Any, clock: Clock) -> Callable[[str], str]:  # noqa: ANN401 - the key's type is the library's
    """What reads a source's reference from its token."""
    return lambda token: source_tokens.check(token, public=public, clock=clock)


def routes(desk: Desk) -> APIRouter:
    """The routes under `/stats/v1/publicaties`."""
    router = APIRouter(prefix=f"{PREFIX}/v1/publicaties", tags=["publicaties"], dependencies=[Security(STAFF)])
    _add_reading(router, desk)
    _add_deciding(router, desk)
    _add_source_check(router, desk)
    return router


def _add_reading(router: APIRouter, desk: Desk) -> None:
    problems = problem_responses(400, 401, 403, 404, 503)

    @router.get(
        "",
        operation_id="haalPublicaties",
        summary="De publicaties van een gemeente",
        responses={200: {"model": schemas.Publicaties}, **problems},
        openapi_extra={"parameters": [MUNICIPALITY]},
    )
    async def get_releases(request: Request) -> Response:
        """Het bureau ziet ook concepten. Gemeente, netwerk en raad zien wat is goedgekeurd."""
        staff = desk.stats.staff.require(request, released.READERS)
        place = desk.stats.municipality(request.query_params.get("gemeente"))
        async with desk.stats.database.reading() as tx:
            found = await released.list_releases(place.code, tx, staff=staff)
        return JSONResponse({"publicaties": [desk.wire(one, staff, whole=False) for one in found]})

    @router.get(
        "/{id}",
        operation_id="haalPublicatie",
        summary="Een publicatie met haar tabellen",
        responses={
            200: {"model": schemas.Publicatie, "content": {kind: {} for kind in OFFERED[1:]}},
            **problems, **problem_responses(406),
        },
    )  # fmt: skip
    async def get_release(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        """Als JSON, csv, PDF, of als tabset waarop iedereen een aanvaller kan loslaten."""
        staff = desk.stats.staff.require(request, released.READERS)
        kind = negotiated(request.headers.get("accept"), OFFERED)
        async with desk.stats.database.reading() as tx:
            release = await released.read_release(id, tx, staff=staff)
        return JSONResponse(desk.wire(release, staff)) if kind == JSON else await desk.as_file(release, kind)


def _add_deciding(router: APIRouter, desk: Desk) -> None:
    problems = problem_responses(400, 401, 403, 404, 409, 503)

    @router.post(
        "",
        status_code=201,
        operation_id="maakPublicatie",
        summary="Een publicatie maken",
        responses={201: {"model": schemas.Publicatie}, **problems},
        openapi_extra={"parameters": [MUNICIPALITY], "requestBody": body(schemas.PublicatieVraag)},
    )
    async def post_release(request: Request) -> Response:
        """Bevries een afgesloten periode. De tabellen worden beschermd en aangevallen. Het blijft een concept."""
        staff = desk.stats.staff.require(request, BUREAU)
        asked = await parsed(request, schemas.PublicatieVraag)
        place = desk.stats.municipality(request.query_params.get("gemeente"))
        release = await desk.make(Asked(place.code, asked.periode, asked.bezwaar_tot), staff)
        return JSONResponse(desk.wire(release, staff), 201)

    @router.post(
        "/{id}/goedkeuringen",
        status_code=201,
        operation_id="keurPublicatieGoed",
        summary="Een publicatie goedkeuren",
        responses={201: {"model": schemas.Publicatie}, **problems},
    )
    async def post_approval(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        """Keur het concept van een ander goed. De publicatie ligt dan vast en de cijfers zijn te zien."""
        staff = desk.stats.staff.require(request, BUREAU)
        return JSONResponse(desk.wire(await desk.approve(id, staff), staff), 201)

    @router.post(
        "/{id}/intrekkingen",
        status_code=201,
        operation_id="trekPublicatieIn",
        summary="Een publicatie intrekken",
        responses={201: {"model": schemas.Publicatie}, **problems},
        openapi_extra={"requestBody": body(schemas.Intrekking)},
    )
    async def post_retraction(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        """Trek een goedgekeurde publicatie in, met de reden. Wat te zien was, telt later mee."""
        staff = desk.stats.staff.require(request, BUREAU)
        reason = (await parsed(request, schemas.Intrekking)).reden
        return JSONResponse(desk.wire(await desk.retract(id, staff, reason), staff), 201)


def _add_source_check(router: APIRouter, desk: Desk) -> None:
    problems = problem_responses(400, 401, 404, 503)

    def source(request: Request) -> str:
        token = bearer(request)
        if token is None:
            raise Unauthenticated("credential_missing")
        return desk.source_of(token)

    @router.get(
        "/{id}/aandeel",
        operation_id="haalAandeel",
        summary="Het aandeel van uw organisatie",
        responses={200: {"model": schemas.Aandeel}, **problems},
    )
    async def get_share(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        """Hoeveel zaken van uw eigen organisatie in deze publicatie zitten. De toegang bevat geen naam."""
        ref = source(request)
        async with desk.stats.database.reading() as tx:
            release = await approve.own_share(id, tx, source=ref)
        own = {name: Counter(one.source for one in frozen.members)[ref] for name, frozen in release.frozen.items()}
        until = release.objections_until.isoformat() if release.objections_until else None
        return JSONResponse({"publicatie": id, "periode": release.period, "bezwaarTot": until, "zaken": own})

    @router.post(
        "/{id}/bezwaren",
        status_code=201,
        operation_id="maakBezwaar",
        summary="Bezwaar maken",
        responses={201: {"model": schemas.Bezwaar}, **problems, **problem_responses(409)},
        openapi_extra={"requestBody": body(schemas.Bezwaar)},
    )
    async def post_objection(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        """Maak bezwaar tegen een concept waarin zaken van uw organisatie zitten, tot de dag die erbij staat."""
        ref = source(request)
        text = (await parsed(request, schemas.Bezwaar)).tekst
        today = desk.stats.today(desk.stats.municipalities.default)
        await desk.stats.database.in_group(
            lambda tx: approve.object_to(id, tx, source=ref, text=text, today=today, clock=desk.clock)
        )
        return JSONResponse({"tekst": text}, 201)


async def parsed(request: Request, model: type[M]) -> M:
    """The body as this model. Raises: Rejected with every fault and its pointer, no value."""
    content = await read_json_body(request, BODY_BYTES)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise Rejected("request_invalid", errors=validation_errors(error)) from None


def body(model: type[BaseModel]) -> dict[str, Any]:
    """How OpenAPI describes a JSON body of this model."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    return {"required": True, "content": {"application/json": {"schema": schema}}}
