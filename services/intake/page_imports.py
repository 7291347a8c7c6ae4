# SPDX-License-Identifier: EUPL-1.2
"""The pages under `/importeren`: try a file, see what is good, confirm, follow, undo.

Owns the browser's way to imports; everything it does, the API does too.
"""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.intake import storage
from services.intake.api_imports import FORM_LIMIT_BYTES, XLSX, Importing, as_wire, template
from services.intake.pages import Desk
from services.intake.storage import imports as kept
from shared.errors import Rejected, Unauthenticated
from shared.processing_log import Trace
from shared.web import read_form

SHOWN: Final = 20
ROWS_SHOWN: Final = 200


def routes(desk: Desk, importing: Importing) -> APIRouter:
    """The routes under `/importeren`."""
    router = APIRouter(include_in_schema=False, prefix="/importeren")

    @router.get("")
    async def start(request: Request) -> Response:
        partner = await desk.partner(request, "importen")
        if partner is None:
            return desk.show(request, "melden_uitleg.html", failed=False)
        return await _overview(desk, importing, request, partner)

    @router.post("")
    async def upload(request: Request) -> Response:
        partner = await _signed_in(desk, request)
        form = await read_form(request, FORM_LIMIT_BYTES)
        files = form.files.get("bestand")
        if not files or not files[0].content:
            return await _overview(desk, importing, request, partner, "Kies eerst een bestand.")
        trace = Trace.following(request.headers.get("traceparent"))
        try:
            run = await importing.dry_run(partner, files[0].name, files[0].content, {}, trace)
        except Rejected as refusal:
            where = [fault["detail"] for fault in refusal.errors]
            sentence = " ".join([desk.sentences.get(refusal.code, "Dit bestand kan niet."), *where])
            return await _overview(desk, importing, request, partner, sentence)
        return RedirectResponse(f"/importeren/{run.id}", 303)

    return router


def import_routes(desk: Desk, importing: Importing) -> APIRouter:
    """The routes of the template and of one import."""
    router = APIRouter(include_in_schema=False, prefix="/importeren")

    @router.get("/sjabloon")
    async def get_template(request: Request) -> Response:
        return template(XLSX, await _signed_in(desk, request), importing.intake)

    @router.get("/{import_id}")
    async def one_import(import_id: str, request: Request) -> Response:
        partner = await _signed_in(desk, request)
        one = await importing.found(import_id, partner)
        told = importing.told(one)
        tables = told and {
            name: [[fault["rij"], fault["kolom"], fault["detail"]] for fault in told[name][:ROWS_SHOWN]]
            for name in ("fouten", "waarschuwingen")
        }
        return desk.show(request, "import.html", one=as_wire(one), told=tables)

    @router.post("/{import_id}/bevestigen")
    async def confirm(import_id: str, request: Request) -> Response:
        await importing.confirm(import_id, await _signed_in(desk, request))
        return RedirectResponse(f"/importeren/{import_id}", 303)

    @router.post("/{import_id}/intrekken")
    async def undo(import_id: str, request: Request) -> Response:
        await importing.undo(import_id, await _signed_in(desk, request))
        return RedirectResponse(f"/importeren/{import_id}", 303)

    return router


async def _signed_in(desk: Desk, request: Request) -> storage.Partner:
    partner = await desk.partner(request, "importen")
    if partner is None:
        raise Unauthenticated("credential_missing")
    return partner


async def _overview(
    desk: Desk, importing: Importing, request: Request, partner: storage.Partner, fault: str = ""
) -> Response:
    async with importing.intake.database.reading() as tx:
        found = await kept.of_partner(tx, partner.id, limit=SHOWN)
    listed = [as_wire(one) | {"op": f"{one.created_at:%d-%m-%Y}"} for one in found]
    return desk.show(request, "importeren.html", status=400 if fault else 200, imports=listed, fault=fault)
