# SPDX-License-Identifier: EUPL-1.2
"""Imports over HTTP: try a file, confirm it, follow it, undo it, get the template.

Owns nothing but the edge. Every route looks an import up together with the partner of the key, so that what belongs to
another partner does not exist.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import documents, import_file, import_template, imports, storage
from services.intake.api import PREFIX, Intake, signal_faults
from services.intake.columns import SKIP, has_required
from services.intake.confirm_import import confirm
from services.intake.sealed_signals import Sender
from services.intake.stage_import import DryRun, chosen_columns, hashed, stage, try_rows, warn_of_known
from services.intake.storage import column_names
from services.intake.storage import imports as kept
from services.intake.storage.imports import Import, State
from services.intake.undo_import import undo
from shared.errors import NotFound, Rejected
from shared.processing_log import Trace
from shared.web import negotiated, problem_responses, read_form

FORM_LIMIT_BYTES: Final = import_file.FILE_LIMIT_BYTES + 64 * 1024
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
STATUS_OF: Final[dict[State, str]] = {
    "dry": "proef", "confirming": "bezig", "done": "verwerkt", "undoing": "bezig", "undone": "ingetrokken",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Importing:
    """What imports need beside the rest of intake."""

    intake: Intake
    undo_days: int
    at_once: asyncio.Semaphore

    async def dry_run(
        self, partner: storage.Partner, name: str, content: bytes, chosen: dict[str, str], trace: Trace
    ) -> DryRun:
        """The outcome of a file, kept for its sender. Raises: Rejected for a file that cannot be read."""
        intake, secret = self.intake, self.intake.sealer.secret
        at = intake.clock.now().replace(microsecond=0)
        async with self.at_once:  # two large files at a time stay within the memory of a small machine
            async with intake.database.reading() as tx:
                remembered = await kept.choices(tx, partner.id)
            new = {hashed(header, secret=secret): to for header, to in chosen.items()}

            def is_header(headers: Sequence[str]) -> bool:
                known = chosen_columns(headers, remembered | new, secret=secret)
                return has_required(headers, column_names.load(), known)

            sheet = await asyncio.to_thread(import_file.read, name, content, is_header)
            run = await asyncio.to_thread(
                try_rows,
                sheet,
                Sender(partner.id, partner.municipality, partner.source_ref),
                columns=column_names.load(),
                chosen=chosen_columns(sheet.headers, remembered | new, secret=secret),
                rules=intake.rules_for(partner),
                at=at,
                sealer=intake.sealer,
                faults_of=signal_faults,
            )
            async with intake.database.reading() as tx:
                await warn_of_known(run, tx)
            report = imports.encrypted(orjson.dumps(run.as_wire()), import_id=run.id, secret=secret)
            async with intake.database.transaction() as tx:
                await kept.choose(tx, partner.id, new)
                await stage(run, tx, partner_id=partner.id, report=report, at=at, trace=trace)
        return run

    async def found(self, import_id: str, partner: storage.Partner) -> Import:
        """The partner's import. Raises: NotFound, also for one of another partner."""
        async with self.intake.database.reading() as tx:
            one = await kept.get(tx, import_id, partner_id=partner.id)
        if one is None:
            raise NotFound("import_unknown")
        return one

    async def confirm(self, import_id: str, partner: storage.Partner) -> None:
        """Have the good rows sent. Raises: NotFound, Conflict."""
        async with self.intake.database.transaction() as tx:
            await confirm(import_id, tx, partner_id=partner.id, at=self.intake.clock.now())

    async def undo(self, import_id: str, partner: storage.Partner) -> None:
        """Have the whole batch taken back. Raises: NotFound, Gone."""
        at = self.intake.clock.now()
        async with self.intake.database.transaction() as tx:
            await undo(import_id, tx, partner_id=partner.id, undo_days=self.undo_days, at=at)

    def told(self, one: Import) -> dict[str, Any] | None:
        """What the dry run said, while it is kept."""
        if one.report is None:
            return None
        told: dict[str, Any] = orjson.loads(
            imports.decrypted(one.report, import_id=one.id, secret=self.intake.sealer.secret)
        )
        return told


def routes(importing: Importing) -> APIRouter:
    """The routes under `/intake/v1/importen`."""
    router = APIRouter(prefix=f"{PREFIX}/v1/importen", tags=["importen"])
    intake = importing.intake
    problems = problem_responses(400, 401, 403, 404, 409, 503)

    @router.post(
        "", status_code=201, operation_id="probeerImport", summary="Een bestand proberen",
        responses={201: documents.DRY_RUN, **problem_responses(400, 401, 403, 413, 415, 429, 503)},
        openapi_extra=documents.FILE_BODY,
    )  # fmt: skip
    async def post_import(request: Request) -> Response:
        """Stuur een csv- of xlsx-bestand. U hoort per rij wat goed is. Er gaat nog niets door."""
        partner = await intake.sender(request, "importen")
        form = await read_form(request, FORM_LIMIT_BYTES)
        files = form.files.get("bestand")
        if not files:
            raise Rejected("file_missing", errors=[{"pointer": "/bestand", "detail": "Stuur een bestand mee."}])
        chosen = chosen_from(form.first("kolommen"))
        trace = Trace.following(request.headers.get("traceparent"))
        run = await importing.dry_run(partner, files[0].name, files[0].content, chosen, trace)
        headers = {"Location": f"{PREFIX}/v1/importen/{run.id}"}
        return JSONResponse(run.as_wire(), 201, headers)

    @router.get(
        "/sjabloon", operation_id="haalSjabloon", summary="Het lege sjabloon",
        responses={200: documents.TEMPLATE, **problem_responses(401, 403, 406)}, openapi_extra=documents.KEY,
    )  # fmt: skip
    async def get_template(request: Request) -> Response:
        """Een leeg spreadsheet met keuzelijsten en uitleg; als csv wanneer u daarom vraagt."""
        partner = await intake.sender(request, "importen")
        media_type = negotiated(request.headers.get("accept"), [XLSX, CSV])
        return template(media_type, partner, intake)

    @router.get(
        "/{import_id}", operation_id="haalImport", summary="Hoe ver een import is",
        responses={200: documents.IMPORT, **problem_responses(401, 403, 404, 503)}, openapi_extra=documents.KEY,
    )  # fmt: skip
    async def get_import(import_id: str, request: Request) -> Response:
        """Hoe ver een import is."""
        partner = await intake.sender(request, "importen")
        return JSONResponse(as_wire(await importing.found(import_id, partner)))

    @router.post(
        "/{import_id}/bevestigingen", status_code=202, operation_id="bevestigImport",
        summary="Een import bevestigen", responses={202: documents.IMPORT, **problems}, openapi_extra=documents.KEY,
    )  # fmt: skip
    async def post_confirmation(import_id: str, request: Request) -> Response:
        """Stuur de goede rijen door. Dat gaat op de achtergrond verder."""
        partner = await intake.sender(request, "importen")
        await importing.confirm(import_id, partner)
        return JSONResponse(as_wire(await importing.found(import_id, partner)), 202)

    @router.post(
        "/{import_id}/intrekkingen", status_code=202, operation_id="trekImportIn",
        summary="Een hele import intrekken", responses={202: documents.IMPORT, **problems, **problem_responses(410)},
        openapi_extra=documents.KEY,
    )  # fmt: skip
    async def post_undo(import_id: str, request: Request) -> Response:
        """Trek alle rijen van de import in. Zij tellen dan nergens meer mee."""
        partner = await intake.sender(request, "importen")
        await importing.undo(import_id, partner)
        return JSONResponse(as_wire(await importing.found(import_id, partner)), 202)

    return router


def as_wire(one: Import) -> dict[str, object]:
    """An import in Dutch."""
    return {
        "id": one.id,
        "status": STATUS_OF[one.state],
        "rijen": one.row_count,
        "goed": one.good_count,
        "verwerkt": one.done_count,
    }


def template(media_type: str, partner: storage.Partner, intake: Intake) -> Response:
    """The template for this partner, with its municipality's districts."""
    columns = [one for one in column_names.load() if partner.adv or not one.registered]
    if media_type == CSV:
        content, name = import_template.as_csv(columns), "sjabloon.csv"
    else:
        lists = imports.lists_for(intake.rules_for(partner))
        content, name = import_template.as_xlsx(columns, lists), "sjabloon.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        content, media_type=f"{media_type}; charset=utf-8" if media_type == CSV else media_type, headers=headers
    )


def chosen_from(text: str) -> dict[str, str]:
    """Which column a sender chose for which header. Raises: Rejected when it is not that."""
    if not text:
        return {}
    fields = {column.path[-1]: column.field for column in column_names.load()}
    fields |= {column.field: column.field for column in column_names.load()} | {SKIP: SKIP}
    try:
        given = json.loads(text)
        return {str(header): fields[column] for header, column in given.items()}
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        fault = "Dit is geen JSON die koppen aan kolommen verbindt."
        raise Rejected("columns_invalid", errors=[{"pointer": "/kolommen", "detail": fault}]) from None
