# SPDX-License-Identifier: EUPL-1.2
"""Many signals in one request: each line has its own outcome, the good ones are stored together in one commit.

Owns nothing but the edge. Either the whole request had its effect or none of it: a process killed halfway stores
nothing, and the same Idempotency-Key then starts anew.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response

from services.intake import documents, idempotency, signals, storage
from services.intake.api import PREFIX, SIGNAL_LIMIT_BYTES, Intake, answer_of, earlier_answer, keep_answer, parsed
from services.intake.bulk_lines import split_array, split_ndjson
from services.intake.submit import Prepared, Submission, prepare, submit
from shared.database import Transaction
from shared.errors import Conflict, Forbidden, Rejected, TooMany
from shared.processing_log import Trace
from shared.web import problem_responses, read_json_body

BULK_LIMIT_BYTES: Final = 8 * 1024 * 1024
LINES_AT_ONCE: Final = 50  # sealed in a thread at a time, so that single signals get their turn in between
JSON: Final = "application/json"
NDJSON: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl")


@dataclass(slots=True)
class Line:
    """One line on its way. `outcome` is what its sender is told, once known."""

    index: int
    raw: bytes
    outcome: dict[str, Any] = field(default_factory=dict)
    prepared: Prepared | None = None
    repeat: idempotency.RepeatKey | None = None
    repeats: int | None = None


def routes(intake: Intake) -> APIRouter:
    """The route for many signals at once."""
    router = APIRouter(prefix=f"{PREFIX}/v1")

    @router.post(
        "/signalen/_bulk", status_code=200, operation_id="stuurSignalen", tags=["signalen"],
        summary="Veel signalen tegelijk sturen",
        responses={200: documents.BULK, **problem_responses(400, 401, 403, 409, 413, 415, 503)},
        openapi_extra=documents.BULK_BODY,
    )  # fmt: skip
    async def post_bulk(
        request: Request,
        idempotency_key: Annotated[
            str | None, Header(min_length=1, max_length=255, description=documents.ABOUT_IDEMPOTENCY_KEY)
        ] = None,
    ) -> Response:
        """Stuur hoogstens 1.000 signalen. Goede regels worden bewaard, wat er met de andere ook is."""
        partner = await intake.sender(request, "signalen")
        body = await read_json_body(request, BULK_LIMIT_BYTES, content_types=(JSON, *NDJSON))
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        cut = split_array if media_type == JSON else split_ndjson
        lines = [Line(index, raw) for index, raw in enumerate(cut(body))]
        trace = Trace.following(request.headers.get("traceparent"))
        answer, replayed = await accept_all(lines, body, partner, trace, header=idempotency_key, intake=intake)
        return Response(answer, 200, {"Idempotency-Replayed": "true"} if replayed else {}, media_type=JSON)

    return router


async def accept_all(
    lines: list[Line], body: bytes, partner: storage.Partner, trace: Trace, *, header: str | None, intake: Intake
) -> tuple[bytes, bool]:
    """The outcome of every line, and whether the request was answered before. Durable when this returns."""
    repeat = (
        idempotency.repeat_key(header, partner_id=partner.id, secret=intake.sealer.secret)
        if header is not None
        else None
    )
    if repeat is not None and (earlier := await earlier_answer(repeat, body, intake)) is not None:
        return earlier, True
    rules = intake.rules_for(partner)
    _limited(lines, partner, intake)
    for start in range(0, len(lines), LINES_AT_ONCE):
        part = [line for line in lines[start : start + LINES_AT_ONCE] if not line.outcome]
        await asyncio.to_thread(_prepare_lines, part, partner, rules, trace, intake)
    try:
        return await _store(lines, repeat, body, intake), False
    except Conflict:  # the same request or reference came twice at once and the other was first, or an old one is left
        if repeat is not None and (earlier := await earlier_answer(repeat, body, intake)) is not None:
            return earlier, True
    await intake.database.in_group(lambda tx: storage.delete_expired_answers(tx, now=intake.clock.now()))
    return await _store(lines, repeat, body, intake), False


def _limited(lines: list[Line], partner: storage.Partner, intake: Intake) -> None:
    """Every line counts as one signal; what is over the limit says so in its own row."""
    now = intake.clock.monotonic()
    for line in lines:
        try:
            intake.limit.take(partner.id, now=now)
        except TooMany as over:
            line.outcome = {"status": 429, "wachtSeconden": over.retry_after_seconds}


def _prepare_lines(
    lines: Iterable[Line], partner: storage.Partner, rules: signals.Rules, trace: Trace, intake: Intake
) -> None:
    for line in lines:
        try:
            if len(line.raw) > SIGNAL_LIMIT_BYTES:
                line.outcome = {"status": 413}
                continue
            signal = parsed(line.raw, rules)
        except Rejected as fault:
            line.outcome = {"status": 400, "fouten": fault.errors}
        except Forbidden:
            line.outcome = {"status": 403, "fouten": [{"pointer": "/soort", "detail": documents.KIND_NOT_ALLOWED}]}
        else:
            submission = Submission(signal, partner, line.raw, rules.today, trace)
            line.prepared = prepare(submission, at=intake.clock.now(), sealer=intake.sealer)
            if signal.partner_reference is not None:
                line.repeat = idempotency.line_key(
                    signal.partner_reference, line.raw, partner_id=partner.id, secret=intake.sealer.secret
                )


async def _store(
    lines: list[Line], repeat: idempotency.RepeatKey | None, body: bytes, intake: Intake
) -> bytes:  # fmt: skip
    async def store(tx: Transaction) -> tuple[bytes, int]:
        outcomes: dict[int, dict[str, Any]] = {line.index: line.outcome for line in lines if line.outcome}
        fresh = await _fresh(lines, outcomes, tx, intake)
        if fresh:
            prepared = [line.prepared for line in fresh if line.prepared]
            known = await submit(prepared, tx)
            for line, one in zip(fresh, prepared, strict=True):
                answer = {"status": 201} | _told(one, known)
                outcomes[line.index] = answer
                if line.repeat is not None:
                    keep_answer(tx, line.repeat, line.raw, orjson.dumps(answer), intake)
        for line in lines:
            if line.repeats is not None and line.index not in outcomes:
                outcomes[line.index] = _again(line, lines, outcomes)
        rows = [{"index": line.index, **outcomes[line.index]} for line in lines]
        answer_bytes = orjson.dumps({"resultaten": rows})
        if repeat is not None:
            keep_answer(tx, repeat, body, answer_bytes, intake)
        return answer_bytes, len(fresh)

    answer, stored = await intake.database.in_group(store)
    intake.metrics.accepted.labels("bulk").inc(stored)
    return answer


def _told(prepared: Prepared, known: set[str]) -> dict[str, Any]:
    told = answer_of(prepared.accepted, warn=prepared.reference_hash in known)
    del told["status"]  # in a row, `status` is the status code
    return told


def _again(line: Line, lines: list[Line], outcomes: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The outcome of a line whose reference an earlier line of the same request already brought."""
    first = next(one for one in lines if one.index == line.repeats)
    return outcomes[first.index] | {"herhaald": True} if first.raw == line.raw else _taken()


def _taken() -> dict[str, Any]:
    return {"status": 409, "fouten": [{"pointer": "/kenmerk", "detail": documents.REFERENCE_TAKEN}]}


async def _fresh(
    lines: list[Line], outcomes: dict[int, dict[str, Any]], tx: Transaction, intake: Intake
) -> list[Line]:  # fmt: skip
    """The lines that must be stored now; those answered before get the answer of then."""
    kept = await storage.answers(
        tx, [line.repeat.key_hash for line in lines if line.repeat is not None], now=intake.clock.now()
    )
    first_with: dict[str, int] = {}
    fresh = []
    for line in lines:
        if line.prepared is None:
            continue
        if line.repeat is None:
            fresh.append(line)
        elif line.repeat.key_hash in kept:
            try:
                earlier = orjson.loads(line.repeat.open(kept[line.repeat.key_hash], line.raw))
                outcomes[line.index] = earlier | {"herhaald": True}
            except Conflict:
                outcomes[line.index] = _taken()
        elif line.repeat.key_hash in first_with:
            line.repeats = first_with[line.repeat.key_hash]
        else:
            first_with[line.repeat.key_hash] = line.index
            fresh.append(line)
    return fresh
