# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of reports: the council report, the picture of the districts, the comparison, the coverage.

Owns nothing but the edge. What somebody may see is decided by the verbs; figures outside the bureau come from releases.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Security
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.stats import coverage, report, report_pages, report_pdf
from services.stats import report_schemas as schemas
from services.stats.api import PREFIX, STAFF, Stats
from services.stats.api_forms import JSON, PDF
from services.stats.coverage import Coverage
from services.stats.report import Asked, Reporting
from services.stats.report_pages import Report
from services.stats.reports import Span
from services.stats.schemas import MUNICIPALITY
from shared.access import Staff
from shared.errors import Rejected
from shared.web import negotiated, problem_responses

CHOICES: Final = ("goedgekeurd", "concept")
Kind = Annotated[str, Path(pattern="^(raad|wijken)$", description="`raad` of `wijken`.")]
PeriodName = Annotated[str, Path(max_length=20, description="2026-K3, 2026-H1, 2026, of een reeks: 2025-K3--2026-K2.")]


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """What the edge of reports is wired to."""

    stats: Stats
    reporting: Reporting

    def asked(self, request: Request, kind: str, period: str) -> Asked:
        """Which report a request asks for. Raises: Rejected, NotFound."""
        place = self.stats.municipality(request.query_params.get("gemeente"))
        status = request.query_params.get("stand", CHOICES[0])
        if status not in CHOICES:
            detail = f"Kies uit: {', '.join(CHOICES)}."
            raise Rejected("request_invalid", errors=[{"pointer": "/stand", "detail": detail}])
        return Asked(kind, place.code, Span.named(period), concept=status == "concept")

    async def read(self, asked: Asked, staff: Staff) -> Report:
        """The report, for this person."""
        async with self.stats.database.reading() as tx:
            return await report.read_report(asked, tx, staff=staff, reporting=self.reporting)

    async def pdf(self, made: Report) -> Response:
        """The report as a PDF; setting it takes a moment, so not on the thread that serves."""
        content = await asyncio.to_thread(report_pdf.as_pdf, made)
        name = f"{made.kind}-{made.municipality}-{made.period}{'-concept' if made.concept else ''}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, headers=headers, media_type=PDF)

    async def comparison(self, municipality: str, staff: Staff) -> dict[str, Any]:
        """The own rate and those of others."""
        this_year = self.stats.today(self.stats.municipality(municipality)).year
        async with self.stats.database.reading() as tx:
            own, others = await report.compare(
                municipality, tx, staff=staff, this_year=this_year, reporting=self.reporting
            )
        return {
            "eigen": schemas.rate(own) if own else None,
            "anderen": [schemas.rate(one) for one in others],
            "uitleg": schemas.RATE_EXPLAINED,
        }

    async def coverage(self, municipality: str, staff: Staff) -> Coverage:
        """How well the city is heard."""
        today = self.stats.today(self.stats.municipality(municipality))
        return await self.stats.database.in_group(
            lambda tx: coverage.read_coverage(
                municipality, tx, staff=staff, today=today, audit=self.stats.counting.audit
            )
        )


def routes(desk: ReportDesk) -> APIRouter:
    """The routes under `/stats/v1` for reports."""

    def reader(request: Request) -> None:
        """Before anything is said of the address or its parameters."""
        desk.stats.staff.require(request, report.READERS)

    router = APIRouter(prefix=f"{PREFIX}/v1", tags=["rapporten"], dependencies=[Security(STAFF), Depends(reader)])
    problems = problem_responses(400, 401, 403, 404, 503)

    @router.get(
        "/rapporten/{soort}/{periode}",
        operation_id="haalRapport",
        summary="Het rapport voor de raad, of het beeld van de wijken",
        responses={
            200: {"model": schemas.Rapport, "content": {PDF: {}}}, **problems, **problem_responses(406),
        },
        openapi_extra={"parameters": [MUNICIPALITY, schemas.STATUS]},
    )  # fmt: skip
    async def get_report(request: Request, soort: Kind, periode: PeriodName) -> Response:
        """Als JSON of PDF. Gemaakt van goedgekeurde publicaties; het bureau kan ook een concept bekijken."""
        staff = desk.stats.staff.require(request, report.READERS)
        kind = negotiated(request.headers.get("accept"), (JSON, PDF))
        made = await desk.read(desk.asked(request, soort, periode), staff)
        return JSONResponse(report_pages.as_wire(made)) if kind == JSON else await desk.pdf(made)

    @router.get(
        "/vergelijkingen",
        operation_id="haalVergelijking",
        summary="Klachten en meldingen per 100.000 inwoners, hier en elders",
        responses={200: {"model": schemas.Vergelijking}, **problems},
        openapi_extra={"parameters": [MUNICIPALITY]},
    )
    async def get_comparison(request: Request) -> Response:
        """Het eigen cijfer komt uit een goedgekeurd jaar; die van anderen uit hun eigen publicaties, met de bron."""
        staff = desk.stats.staff.require(request, report.READERS)
        place = desk.stats.municipality(request.query_params.get("gemeente"))
        return JSONResponse(await desk.comparison(place.code, staff))

    @router.get(
        "/bereik",
        operation_id="haalBereik",
        summary="Hoe goed de stad gehoord wordt",
        responses={200: {"model": schemas.Bereik}, **problems},
        openapi_extra={"parameters": [MUNICIPALITY]},
    )
    async def get_coverage(request: Request) -> Response:
        """Hoeveel organisaties melden en hoe vaak, als klassen. Alleen het bureau ziet meer."""
        staff = desk.stats.staff.require(request, report.READERS)
        place = desk.stats.municipality(request.query_params.get("gemeente"))
        return JSONResponse(schemas.coverage_wire(await desk.coverage(place.code, staff)))

    return router
