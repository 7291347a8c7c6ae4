# SPDX-License-Identifier: EUPL-1.2
"""The pages under `/rapportages/wga`: the statutory form of a year, its files, and settling it by two people.

Owns nothing but the edge: every operation is the verb the API uses, which checks the role and writes it down.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from services.stats import freeze, wga
from services.stats.api import Stats
from services.stats.api_forms import BUREAU, CSV, ENDINGS, PDF, XLSX, Year, form_asked, form_response
from services.stats.filings import FiledForm
from services.stats.form import FormAsked, read_form
from services.stats.pages import Visit
from shared.database import Transaction
from shared.errors import NotFound, SeinhuisError
from shared.municipalities import Municipality
from shared.web import FlashMessage, Pages

MESSAGES: Final = {
    "proposed": FlashMessage("ok", "Het voorstel staat klaar. Een collega moet het goedkeuren."),
    "settled": FlashMessage("ok", "Het formulier is vastgesteld."),
    "year_not_over": FlashMessage("error", "Een jaar kan pas worden vastgesteld als het voorbij is."),
    "form_unchanged": FlashMessage("info", "Er is niets veranderd sinds het formulier is vastgesteld."),
    "counts_differ": FlashMessage("error", "De tellingen kloppen niet met de zaken. Vraag de beheerder om hulp."),
    "no_such_proposal": FlashMessage("error", "Dit voorstel bestaat niet meer. Kijk of er een nieuwer voorstel is."),
    "already_settled": FlashMessage("info", "Dit formulier was al vastgesteld."),
    "second_person_needed": FlashMessage("error", "U deed dit voorstel zelf. Een collega moet het goedkeuren."),
    "form_changed": FlashMessage("error", "De cijfers zijn veranderd sinds het voorstel. Stel het opnieuw voor."),
}
KINDS: Final = {ENDINGS[kind]: kind for kind in (PDF, XLSX, CSV)}
FileKind = Annotated[str, Path(pattern="^(pdf|xlsx|csv)$")]
ProposalId = Annotated[str, Path(max_length=36)]


def routes(stats: Stats, pages: Pages) -> APIRouter:
    """The routes under `/rapportages/wga`."""
    router = APIRouter(include_in_schema=False)
    _add_reading(router, stats, pages)
    _add_settling(router, stats, pages)
    return router


def _add_reading(router: APIRouter, stats: Stats, pages: Pages) -> None:
    @router.get("/rapportages/wga")
    async def chosen_form_page(request: Request, jaar: str = "", gemeente: str = "") -> Response:
        stats.staff.require(request, BUREAU)
        place = stats.municipality(gemeente or None)
        if not (jaar.isascii() and jaar.isdecimal() and len(jaar) == 4):
            raise NotFound("no_form_for_year")
        return pages.redirect(request, address(int(jaar), place, stats))

    @router.get("/rapportages/wga/{jaar}")
    async def form_page(request: Request, jaar: Year) -> Response:
        return await _form_page(stats, pages, request, jaar)

    @router.get("/rapportages/wga/{jaar}/bestand/{soort}")
    async def form_file(request: Request, jaar: Year, soort: FileKind) -> Response:
        staff = stats.staff.require(request, BUREAU)
        asked, place = form_asked(stats, request, jaar)
        form = await stats.database.in_group(
            lambda tx: read_form(asked, tx, staff=staff, audit=stats.counting.audit, action="form-exported")
        )
        return await form_response(form, asked, place, KINDS[soort])


def _add_settling(router: APIRouter, stats: Stats, pages: Pages) -> None:
    @router.post("/rapportages/wga/{jaar}/vaststellingen")
    async def propose(request: Request, jaar: Year, gemeente: str | None = None) -> Response:
        staff = stats.staff.require(request, BUREAU)
        place = stats.municipality(gemeente)
        try:
            await stats.database.in_group(
                lambda tx: freeze.propose(
                    wga.choose(stats.forms, jaar), tx, municipality=place.code, year=jaar,
                    this_year=stats.today(place).year, staff=staff, audit=stats.counting.audit, clock=stats.clock,
                )
            )  # fmt: skip
        except SeinhuisError as refusal:
            return _told(request, pages, refusal, address(jaar, place, stats))
        return pages.redirect(request, address(jaar, place, stats), flash="proposed")

    @router.post("/rapportages/wga/{jaar}/vaststellingen/{voorstel}/goedkeuringen")
    async def approve(request: Request, jaar: Year, voorstel: ProposalId, gemeente: str | None = None) -> Response:
        staff = stats.staff.require(request, BUREAU)
        place = stats.municipality(gemeente)
        try:
            await stats.database.in_group(
                lambda tx: freeze.approve(
                    voorstel, tx, year=jaar, staff=staff, audit=stats.counting.audit, clock=stats.clock,
                    schemas=stats.forms,
                )
            )  # fmt: skip
        except SeinhuisError as refusal:
            return _told(request, pages, refusal, address(jaar, place, stats))
        return pages.redirect(request, address(jaar, place, stats), flash="settled")


async def _form_page(stats: Stats, pages: Pages, request: Request, year: int) -> Response:
    staff = stats.staff.require(request, BUREAU)
    asked, place = form_asked(stats, request, year)
    audit = stats.counting.audit

    async def read(tx: Transaction) -> tuple[dict[str, Any], list[FiledForm]]:
        form = await read_form(asked, tx, staff=staff, audit=audit, action="form-read")
        return form, await freeze.read_proposals(tx, municipality=place.code, year=year, staff=staff, audit=audit)

    form, filed = await stats.database.in_group(read)
    waiting = next((one for one in filed if one.approved_at is None), None)
    return Visit(staff, pages).render(
        request,
        "wga.html",
        revisions=[one for one in filed if one.approved_at],
        waiting=waiting,
        own=waiting is not None and waiting.proposed_by == staff.name,
        over=year < stats.today(place).year,
        **form_context(form, asked, place, address(year, place, stats)),
    )


def _told(request: Request, pages: Pages, refusal: SeinhuisError, back: str) -> Response:
    """Back to the page with the reason; a refusal that has no sentence goes on to the page for failures."""
    if refusal.code not in MESSAGES:
        raise refusal
    return pages.redirect(request, back, flash=refusal.code)


def address(year: int, place: Municipality, stats: Stats) -> str:
    """Where the form of this year stands."""
    query = "" if place is stats.municipalities.default else f"?gemeente={place.code}"
    return f"/rapportages/wga/{year}{query}"


def form_context(form: dict[str, Any], asked: FormAsked, place: Municipality, here: str) -> dict[str, Any]:
    """What the page shows of a form."""
    columns = asked.schema.columns
    path, _, query = here.partition("?")
    sections = [
        {
            "label": f"{number}. {section['label']}",
            "rows": [[row["label"], *(row[column.code] for column in columns)] for row in section["rijen"]],
            "total": ["Totaal", *(section["totaal"][column.code] for column in columns)],
            "footnote": footnote,
        }
        for number, (section, footnote) in enumerate(
            zip(form["secties"], (one.footnote for one in asked.schema.sections), strict=True), start=1
        )
    ]
    return {
        "form": form,
        "place": place.name,
        "columns": ["Regel", *(column.label for column in columns)],
        "numeric": range(1, len(columns) + 1),
        "sections": sections,
        "path_here": path,
        "query": f"?{query}" if query else "",
    }
