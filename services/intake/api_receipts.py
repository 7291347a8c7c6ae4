# SPDX-License-Identifier: EUPL-1.2
"""The routes for whoever holds a receipt code: ask, correct, withdraw. No key is needed, no address is kept.

Owns what keeps guessing useless: a limit per code and on wrong codes, and answers that take as long for a wrong code
as for a right one.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import documents, receipts, storage
from services.intake.api import SIGNAL_LIMIT_BYTES, Intake, parsed
from services.intake.correct import correct
from services.intake.signals import Signal
from services.intake.states import Status
from services.intake.status import status
from services.intake.withdraw import withdraw
from shared.clock import rfc3339
from shared.errors import NotFound, Rejected
from shared.processing_log import Trace
from shared.web import problem_responses, read_json_body, validation_errors

SMALL_LIMIT_BYTES: Final = 4 * 1024
JITTER_SHARE: Final = 0.25
_CHANCE: Final = secrets.SystemRandom()


class CodeRequest(BaseModel):
    """A receipt code."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    code: str = Field(alias="ontvangstcode", max_length=60)


class CorrectionRequest(CodeRequest):
    """A receipt code and the signal as it should read."""

    signal: dict[str, Any] = Field(alias="signaal")


def routes(intake: Intake) -> APIRouter:
    """The routes under `/intake/v1` that need a receipt code and nothing else."""
    router = APIRouter(prefix="/intake/v1", tags=["ontvangstcode"])
    problems = problem_responses(400, 404, 413, 415, 429, 503)

    @router.post(
        "/statusvragen", status_code=200, operation_id="vraagStatus", summary="Vragen hoe ver een signaal is",
        responses={200: documents.STATUS, **problems}, openapi_extra=documents.CODE_BODY,
    )  # fmt: skip
    async def post_status_question(request: Request) -> Response:
        """Vraag hoe ver een signaal is. Wie de ontvangstcode heeft, mag dat; een sleutel is niet nodig."""
        body = await read_json_body(request, SMALL_LIMIT_BYTES)
        return JSONResponse(status_as_wire(await ask(_code(body), intake)))

    @router.post(
        "/intrekkingen", status_code=202, operation_id="trekIn", summary="Een signaal intrekken",
        responses={202: documents.WITHDRAWN, **problems}, openapi_extra=documents.CODE_BODY,
    )  # fmt: skip
    async def post_withdrawal(request: Request) -> Response:
        """Trek een signaal in. Twee keer intrekken mag. Het signaal telt dan nergens meer mee."""
        body = await read_json_body(request, SMALL_LIMIT_BYTES)
        await take_back(_code(body), intake, Trace.following(request.headers.get("traceparent")))
        return JSONResponse({"status": "ingetrokken"}, 202)

    @router.post(
        "/correcties", status_code=202, operation_id="corrigeer", summary="Een signaal verbeteren",
        responses={202: documents.CORRECTED, **problems, **problem_responses(403, 410)},
        openapi_extra=documents.CORRECTION_BODY,
    )  # fmt: skip
    async def post_correction(request: Request) -> Response:
        """Stuur het hele signaal opnieuw, zoals het had moeten zijn. De dag van ontvangst blijft gelijk."""
        body = await read_json_body(request, SIGNAL_LIMIT_BYTES + SMALL_LIMIT_BYTES)
        try:
            told = CorrectionRequest.model_validate_json(body)
        except ValidationError as error:
            raise Rejected("request_invalid", errors=validation_errors(error)) from None
        trace = Trace.following(request.headers.get("traceparent"))
        await make_right(receipts.parse(told.code), orjson.dumps(told.signal), intake, trace, below=("signaal",))
        return JSONResponse({"status": "ontvangen"}, 202)

    return router


def status_as_wire(found: Status) -> dict[str, str]:
    """The answer to a status question."""
    return {
        "status": found.name,
        "ontvangenOp": rfc3339(found.received_at),
        "bijgewerktOp": rfc3339(found.changed_at),
    }


async def ask(code: receipts.ReceiptCode, intake: Intake) -> Status:
    """The status of this code's signal. Raises: NotFound, TooMany."""
    async with _guarded(code, intake), intake.database.reading() as tx:
        return await status(code, tx, secret=intake.sealer.secret)


async def recognised(code: receipts.ReceiptCode, intake: Intake) -> storage.Partner:
    """Who sent this code's signal, told no sooner for a wrong code. Raises: NotFound, TooMany."""
    async with _guarded(code, intake):
        return await sender_of(code, intake)


async def take_back(code: receipts.ReceiptCode, intake: Intake, trace: Trace) -> None:
    """Withdraw this code's signal. Raises: NotFound, TooMany."""
    async with _guarded(code, intake):
        await intake.database.in_group(
            lambda tx: withdraw(code, tx, sealer=intake.sealer, at=intake.clock.now(), trace=trace)
        )


async def make_right(
    code: receipts.ReceiptCode, body: bytes, intake: Intake, trace: Trace, *, below: tuple[str, ...] = ()
) -> None:
    """Replace this code's signal. Raises: NotFound, Gone, TooMany, Rejected, Forbidden."""
    async with _guarded(code, intake):
        partner = await sender_of(code, intake)
        signal: Signal = parsed(body, intake.rules_for(partner), below=below)
        await intake.database.in_group(
            lambda tx: correct(
                code, signal, tx, partner=partner, sealer=intake.sealer, at=intake.clock.now(), trace=trace
            )
        )


async def sender_of(code: receipts.ReceiptCode, intake: Intake) -> storage.Partner:
    """Who sent this code's signal. Raises: NotFound `receipt_unknown`."""
    async with intake.database.reading() as tx:
        found = await storage.receipt(tx, receipts.stored_hash(code, secret=intake.sealer.secret))
        partner = await storage.partner(tx, found.partner_id) if found else None
    if partner is None:
        raise NotFound("receipt_unknown")
    return partner


@contextlib.asynccontextmanager
async def _guarded(code: receipts.ReceiptCode, intake: Intake) -> AsyncIterator[None]:
    """Count the try, and let no answer out before its time: right and wrong codes take equally long."""
    began = intake.clock.monotonic()
    intake.code_limits.try_code(receipts.stored_hash(code, secret=intake.sealer.secret), now=began)
    try:
        yield
    except NotFound:
        intake.code_limits.miss(now=began)
        raise
    finally:
        # Rounded up to whole floors: work that takes longer than one floor still ends on a step, not on its own time.
        floor = intake.code_answer_seconds
        if floor:
            taken = intake.clock.monotonic() - began
            steps = int(taken / floor) + 1
            await asyncio.sleep(floor * (steps + JITTER_SHARE * _CHANCE.random()) - taken)


def _code(body: bytes) -> receipts.ReceiptCode:
    try:
        typed = CodeRequest.model_validate_json(body).code
    except ValidationError as error:
        raise Rejected("request_invalid", errors=validation_errors(error)) from None
    return receipts.parse(typed)
