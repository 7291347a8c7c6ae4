# SPDX-License-Identifier: EUPL-1.2
"""The pages of releases: make a concept, see what is hidden and why, approve, take back; and a source's own share.

Owns nothing but the edge: every step is the one the API takes. A source comes in with its own link, which carries its
reference and no name; that link opens the check of a release and nothing else.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from services.stats import approve, release_files, released, releases
from services.stats.api_forms import BUREAU, CSV, PDF
from services.stats.api_releases import TABSET, Desk, ReleaseId
from services.stats.pages import Visit
from services.stats.periods import named
from services.stats.publish import Asked
from services.stats.releases import Release
from services.stats.reports import Span
from shared.access import Role
from shared.errors import Rejected, SeinhuisError, Unauthenticated
from shared.sign_in import EVERYONE
from shared.web import FlashMessage, Pages, read_form, set_private_cookie

SOURCE_COOKIE: Final = "seinhuis_bron"
SOURCE_SECONDS: Final = 60 * 60 * 24
FORM_LIMIT_BYTES: Final = 64 * 1024
LONGEST_TEXT: Final = 2_000
YEARS_BACK: Final = 3
ROUND_DAYS: Final = 14
FILES: Final = {"csv": CSV, "pdf": PDF, "tabset": TABSET}
FileKind = Annotated[str, Path(pattern="^(csv|pdf|tabset)$")]
MESSAGES: Final = {
    "release-made": FlashMessage("ok", "Het concept staat klaar. Een collega moet het goedkeuren."),
    "release-approved": FlashMessage("ok", "De publicatie is goedgekeurd. De cijfers zijn nu te zien."),
    "release-retracted": FlashMessage("ok", "De publicatie is ingetrokken."),
    "objection-made": FlashMessage("ok", "Uw bezwaar is bewaard. Het bureau leest het vóór de publicatie."),
    "text-missing": FlashMessage("error", "Schrijf een tekst van hoogstens 2.000 tekens."),
    "period_not_closed": FlashMessage("error", "Een periode kan pas 14 dagen na het einde worden gepubliceerd."),
    "period_unknown": FlashMessage("error", "Kies een kwartaal, een halfjaar of een jaar."),
    "day_unreadable": FlashMessage("error", "Kies de laatste dag voor bezwaar, of laat de ronde weg."),
    "release_unchanged": FlashMessage("info", "Er is niets veranderd sinds de laatste publicatie over deze periode."),
    "release_outdated": FlashMessage("error", "Er is intussen een andere publicatie goedgekeurd. Maak deze opnieuw."),
    "catalogue_changed": FlashMessage("error", "Het tabellenboek is veranderd sinds een eerdere publicatie."),
    "code_not_in_list": FlashMessage("error", "Er zijn zaken met een code die niet meer bestaat. Vraag de beheerder."),
    "already_decided": FlashMessage("info", "Over deze publicatie is al beslist."),
    "not_approved": FlashMessage("error", "Alleen een goedgekeurde publicatie kan worden ingetrokken."),
    "objection_round_open": FlashMessage("error", "Organisaties kunnen nog bezwaar maken. Keur daarna goed."),
    "objections_closed": FlashMessage("error", "Bezwaar maken kan niet meer."),
    "request_invalid": FlashMessage("error", "Kies een dag die nog niet voorbij is."),
}
STATES: Final = {
    "concept": ("Concept", "warning"), "goedgekeurd": ("Goedgekeurd", "ok"), "ingetrokken": ("Ingetrokken", "error"),
}  # fmt: skip


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """The routes under `/publicaties`. The source's pages come first: their paths look like ids."""
    router = APIRouter(include_in_schema=False)
    _add_source(router, desk, pages)
    _add_reading(router, desk, pages)
    _add_deciding(router, desk, pages)
    return router


def _add_reading(router: APIRouter, desk: Desk, pages: Pages) -> None:
    stats = desk.stats

    @router.get("/publicaties")
    async def list_page(request: Request) -> Response:
        staff = stats.staff.require(request, released.READERS)
        place = stats.municipality(request.query_params.get("gemeente"))
        async with stats.database.reading() as tx:
            found = await released.list_releases(place.code, tx, staff=staff)
        catalogue, today = desk.releasing.catalogue(place.code), stats.today(place)
        return Visit(staff, pages).render(
            request, "publicaties.html", place=place, releases=found, states=STATES, span=Span.named,
            closed=closed_periods(today, catalogue.wait_days), can_make=staff.role is Role.ADV,
            round_until=(today + dt.timedelta(days=ROUND_DAYS)).isoformat(), wait_days=catalogue.wait_days,
            query=_query(desk, place.code),
        )  # fmt: skip

    @router.get("/publicaties/{id}")
    async def release_page(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        staff = stats.staff.require(request, released.READERS)
        async with stats.database.reading() as tx:
            release = await released.read_release(id, tx, staff=staff)
        return Visit(staff, pages).render(
            request, "publicatie.html", release=release, wire=desk.wire(release, staff, whole=False),
            counts=_counts(desk, release), place=stats.municipality(release.municipality), state=STATES[release.state],
            span=Span.named(release.period), is_bureau=staff.role in BUREAU, own=release.made_by == staff.name,
            round_open=_round_open(desk, release), longest=LONGEST_TEXT,
        )  # fmt: skip

    @router.get("/publicaties/{id}/bestand/{soort}")
    async def release_file(request: Request, id: ReleaseId, soort: FileKind) -> Response:  # noqa: A002 - see above
        staff = stats.staff.require(request, released.READERS)
        async with stats.database.reading() as tx:
            release = await released.read_release(id, tx, staff=staff)
        return await desk.as_file(release, FILES[soort])


def _add_deciding(router: APIRouter, desk: Desk, pages: Pages) -> None:
    stats = desk.stats

    @router.post("/publicaties")
    async def make(request: Request) -> Response:
        staff = stats.staff.require(request, BUREAU)
        form = await read_form(request, FORM_LIMIT_BYTES)
        place = stats.municipality(form.first("gemeente") or None)
        back = f"/publicaties{_query(desk, place.code)}"

        async def step() -> str:
            until = _day(form.first("bezwaarTot")) if form.first("ronde") else None
            made = await desk.make(Asked(place.code, form.first("periode"), until), staff)
            return f"/publicaties/{made.id}"

        return await _taken(request, pages, step, back=back, done="release-made")

    @router.post("/publicaties/{id}/goedkeuringen")
    async def approve_it(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        staff = stats.staff.require(request, BUREAU)

        async def step() -> str:
            return f"/publicaties/{(await desk.approve(id, staff)).id}"

        return await _taken(request, pages, step, back=f"/publicaties/{id}", done="release-approved")

    @router.post("/publicaties/{id}/intrekkingen")
    async def retract_it(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        staff = stats.staff.require(request, BUREAU)
        reason = (await read_form(request, FORM_LIMIT_BYTES)).first("reden")
        back = f"/publicaties/{id}"
        if not 0 < len(reason) <= LONGEST_TEXT:
            return pages.redirect(request, back, flash="text-missing")

        async def step() -> str:
            return f"/publicaties/{(await desk.retract(id, staff, reason)).id}"

        return await _taken(request, pages, step, back=back, done="release-retracted")


def _add_source(router: APIRouter, desk: Desk, pages: Pages) -> None:
    @router.get("/publicaties/controle")
    async def enter(request: Request, code: str = "", publicatie: str = "") -> Response:
        desk.source_of(code)  # a link that is no good ends here, before a cookie is set
        response = pages.redirect(request, f"/publicaties/{publicatie[:36]}/aandeel")
        set_private_cookie(request, response, SOURCE_COOKIE, code, seconds=SOURCE_SECONDS)
        return response

    @router.get("/publicaties/{id}/aandeel")
    async def share_page(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        source = _source(desk, request)
        async with desk.stats.database.reading() as tx:
            release = await approve.own_share(id, tx, source=source)
        catalogue = desk.releasing.catalogue(release.municipality)
        shares = [
            (spec.label, Counter(one.source for one in frozen.members)[source])
            for name, frozen in release.frozen.items()
            if (spec := catalogue.count(name)) is not None
        ]
        return pages.render(
            request, "aandeel.html", navigation=EVERYONE, release=release, shares=[one for one in shares if one[1]],
            span=Span.named(release.period), open=release.state == "concept" and _round_open(desk, release),
            place=desk.stats.municipality(release.municipality), longest=LONGEST_TEXT,
            made=[one for one in release.objections if one.source == source],
        )  # fmt: skip

    @router.post("/publicaties/{id}/bezwaren")
    async def object_to_it(request: Request, id: ReleaseId) -> Response:  # noqa: A002 - the name in the path
        source = _source(desk, request)
        text = (await read_form(request, FORM_LIMIT_BYTES)).first("tekst")
        back = f"/publicaties/{id}/aandeel"
        if not 0 < len(text) <= LONGEST_TEXT:
            return pages.redirect(request, back, flash="text-missing")
        today = desk.stats.today(desk.stats.municipalities.default)

        async def step() -> str:
            await desk.stats.database.in_group(
                lambda tx: approve.object_to(id, tx, source=source, text=text, today=today, clock=desk.clock)
            )
            return back

        return await _taken(request, pages, step, back=back, done="objection-made")


async def _taken(
    request: Request, pages: Pages, step: Callable[[], Coroutine[Any, Any, str]], *, back: str, done: str
) -> Response:
    """Take the step and go where it leads; a refusal that has a sentence goes back with it."""
    try:
        return pages.redirect(request, await step(), flash=done)
    except SeinhuisError as refusal:
        if refusal.code not in pages.messages:
            raise
        return pages.redirect(request, back, flash=refusal.code)


def _source(desk: Desk, request: Request) -> str:
    token = request.cookies.get(SOURCE_COOKIE)
    if not token:
        raise Unauthenticated("credential_missing")
    return desk.source_of(token)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Rejected("day_unreadable") from None


def _round_open(desk: Desk, release: Release) -> bool:
    today = desk.stats.today(desk.stats.municipality(release.municipality))
    return release.objections_until is not None and today <= release.objections_until


def _counts(desk: Desk, release: Release) -> list[dict[str, Any]]:
    """What the page shows per count: how much is hidden and why, and its tables."""
    label, catalogue = desk.label(release.municipality), desk.releasing.catalogue(release.municipality)
    wire = release_files.as_wire(release, catalogue, for_bureau=False, whole=False)
    return [
        counted
        | {
            "mostly_hidden": releases.is_mostly_hidden(printed),
            "tables": []
            if printed.withheld
            else [
                {**release_files.for_page(printed, table, label), "dims": table}
                for table in printed.tables
                if table not in printed.dropped
            ],
        }
        for counted, printed in zip(wire["tellingen"], release.printed.values(), strict=True)
    ]


def closed_periods(today: dt.date, wait_days: int) -> list[tuple[str, str]]:
    """The periods that can be released now, the newest first.

    >>> closed_periods(dt.date(2026, 7, 20), 14)[:3]
    [('2026-H1', '1e helft 2026'), ('2026-K2', '2e kwartaal 2026'), ('2026-K1', '1e kwartaal 2026')]
    """
    found = []
    for year in range(today.year, today.year - YEARS_BACK, -1):
        for name in (f"{year}", *(f"{year}-{part}" for part in ("H2", "K4", "K3", "H1", "K2", "K1"))):
            period = named(name)
            if period is not None and period.last + dt.timedelta(days=wait_days) < today:
                found.append((name, Span.named(name).short))
    return found


def _query(desk: Desk, municipality: str) -> str:
    return "" if municipality == desk.stats.municipalities.default.code else f"?gemeente={municipality}"
