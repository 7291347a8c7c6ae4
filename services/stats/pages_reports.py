# SPDX-License-Identifier: EUPL-1.2
"""The pages of reports: the overview, a report to read or download, the comparison and the coverage.

Owns nothing but the edge. The bureau writes in a report on the same page where it is read.
"""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.stats import report, report_drawings, report_layout
from services.stats.api_reports import PeriodName, ReportDesk
from services.stats.coverage import Coverage
from services.stats.pages import Visit
from services.stats.report import Asked
from services.stats.report_pages import Bars, DistrictMap, Report
from services.stats.reports import RANGE, Span
from services.stats.storage.report_blocks import KeptBlock
from shared.access import Role
from shared.errors import Rejected
from shared.web import FlashMessage, Pages, read_form

YEARS_SHOWN: Final = 6
FORM_LIMIT_BYTES: Final = 64 * 1024
MESSAGES: Final = {
    "text-kept": FlashMessage("ok", "De tekst staat in het rapport."),
    "no-report": FlashMessage("error", "Over deze periode zijn er geen goedgekeurde publicaties."),
}
TITLES: Final = {report_layout.COUNCIL: "Raadsrapport", report_layout.DISTRICTS: "Wijkbeeld"}


def routes(desk: ReportDesk, pages: Pages) -> APIRouter:
    """The routes under `/rapportages` that are not about the statutory form."""
    router = APIRouter(include_in_schema=False)
    _add_overview(router, desk, pages)
    for kind in report_layout.KINDS:
        _add_report(router, desk, pages, kind)
    _add_findings(router, desk, pages)
    return router


def _add_overview(router: APIRouter, desk: ReportDesk, pages: Pages) -> None:
    stats = desk.stats

    @router.get("/rapportages")
    async def overview(request: Request) -> Response:
        staff = stats.staff.require(request, report.READERS)
        place = stats.municipality(request.query_params.get("gemeente"))
        async with stats.database.reading() as tx:
            spans, concepts, quarters = await report.periods_with_reports(place.code, tx, staff=staff)
        this_year = stats.today(place).year
        return Visit(staff, pages).render(
            request, "rapportages.html",
            years=range(this_year, this_year - YEARS_SHOWN, -1) if staff.role is Role.ADV else (),
            places=[(one.code, one.name) for one in stats.municipalities.all], place=place, spans=spans,
            concepts=concepts, quarters=[(name, Span.named(name).short) for name in quarters],
            query=_query(desk, place.code), titles=TITLES, can_write=staff.role is Role.ADV,
        )  # fmt: skip

    @router.get("/rapportages/kies")
    async def chosen(request: Request, soort: str = "", van: str = "", tot: str = "") -> Response:
        stats.staff.require(request, report.READERS)
        place = stats.municipality(request.query_params.get("gemeente"))
        kind = soort if soort in report_layout.KINDS else report_layout.COUNCIL
        span = Span.named(van if van == tot else f"{van}{RANGE}{tot}")
        return pages.redirect(request, f"/rapportages/{kind}/{span.name}{_query(desk, place.code)}")


def _add_report(router: APIRouter, desk: ReportDesk, pages: Pages, kind: str) -> None:
    stats = desk.stats

    @router.get(f"/rapportages/{kind}/{{periode}}", name=f"report-{kind}")
    async def report_page(request: Request, periode: PeriodName) -> Response:
        return await _report_page(desk, pages, request, desk.asked(request, kind, periode))

    @router.get(f"/rapportages/{kind}/{{periode}}/bestand", name=f"report-file-{kind}")
    async def report_file(request: Request, periode: PeriodName) -> Response:
        staff = stats.staff.require(request, report.READERS)
        return await desk.pdf(await desk.read(desk.asked(request, kind, periode), staff))

    @router.post(f"/rapportages/{kind}/{{periode}}/teksten", name=f"report-text-{kind}")
    async def write(request: Request, periode: PeriodName) -> Response:
        staff = stats.staff.require(request, {Role.ADV})
        asked = desk.asked(request, kind, periode)
        form = await read_form(request, FORM_LIMIT_BYTES)
        slot, text = form.first("plaats"), form.first("tekst")
        try:
            await stats.database.in_group(
                lambda tx: report.write_block(
                    asked, tx, slot=slot, text=text, staff=staff, audit=stats.counting.audit, clock=stats.clock
                )
            )
        except Rejected as refusal:
            faults = [("teksten", fault["detail"]) for fault in refusal.errors]
            return await _report_page(desk, pages, request, asked, faults=faults, draft={slot: text})
        return pages.redirect(request, f"{_here(desk, asked)}", flash="text-kept")


async def _report_page(
    desk: ReportDesk,
    pages: Pages,
    request: Request,
    asked: Asked,
    *,
    faults: Sequence[tuple[str, str]] = (),
    draft: dict[str, str] | None = None,
) -> Response:
    staff = desk.stats.staff.require(request, report.READERS)
    made = await desk.read(asked, staff)
    written: list[KeptBlock] = []
    if staff.role is Role.ADV:
        async with desk.stats.database.reading() as tx:
            written = await report.blocks_of(asked, tx, staff=staff)
    newest = {one.slot: one.text for one in written} | (draft or {})
    here = _here(desk, asked)
    path, _, query = here.partition("?")
    return Visit(staff, pages).render(
        request, "report.html", status=400 if faults else 200, report=made, chapters=_chapters(made), faults=faults,
        slots=[(slot, title, newest.get(slot, "")) for slot, title in report_layout.SLOTS.items()],
        history=written, can_write=staff.role is Role.ADV, file=f"{path}/bestand{'?' if query else ''}{query}",
        action=f"{path}/teksten{'?' if query else ''}{query}", longest=report.LONGEST_TEXT,
        slot_titles=report_layout.SLOTS,
    )  # fmt: skip


def _chapters(made: Report) -> list[dict[str, Any]]:
    """The chapters with their drawings, for the template."""
    return [
        {
            "chapter": one,
            "blocks": [
                {
                    "kind": type(block).__name__,
                    "block": block,
                    "drawing": report_drawings.drawn(block) if isinstance(block, Bars | DistrictMap) else None,
                }
                for block in one.blocks
            ],
        }
        for one in made.chapters
    ]


def _add_findings(router: APIRouter, desk: ReportDesk, pages: Pages) -> None:
    stats = desk.stats

    @router.get("/rapportages/vergelijken")
    async def comparison_page(request: Request) -> Response:
        staff = stats.staff.require(request, report.READERS)
        place = stats.municipality(request.query_params.get("gemeente"))
        found = await desk.comparison(place.code, staff)
        return Visit(staff, pages).render(request, "comparison.html", place=place, **found)

    @router.get("/rapportages/bereik")
    async def coverage_page(request: Request) -> Response:
        staff = stats.staff.require(request, report.READERS)
        place = stats.municipality(request.query_params.get("gemeente"))
        found: Coverage = await desk.coverage(place.code, staff)
        label = desk.reporting.place(place.code).label
        return Visit(staff, pages).render(
            request, "coverage.html", place=place, found=found,
            districts=[(label("wijk", code), how) for code, how in found.districts.items()],
            grounds=[(label("grond", code), how) for code, how in found.grounds.items()],
        )  # fmt: skip


def _query(desk: ReportDesk, municipality: str) -> str:
    return "" if municipality == desk.stats.municipalities.default.code else f"?gemeente={municipality}"


def _here(desk: ReportDesk, asked: Asked) -> str:
    query = _query(desk, asked.municipality)
    if asked.concept:
        query += f"{'&' if query else '?'}stand=concept"
    return f"/rapportages/{asked.kind}/{asked.span.name}{query}"
