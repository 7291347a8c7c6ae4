# SPDX-License-Identifier: EUPL-1.2
"""Intake's HTTP API: authenticate, bound, parse, hand over to a verb, answer.

Owns nothing but the edge. No business rule, no statement, and no value of the body in any answer.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import idempotency, partners, receipt_proofs, receipts, signals, storage
from services.intake.limits import RateLimit
from services.intake.submit import Accepted, Sealer, Submission, submit
from services.intake.withdraw import withdraw
from shared.access import bearer
from shared.clock import rfc3339
from shared.database import Database, Transaction
from shared.errors import Conflict, Forbidden, Rejected
from shared.metrics import Metrics
from shared.municipalities import Municipalities
from shared.vocabulary import CodeList, CodeLists
from shared.web import problem_responses, read_json_body, validation_errors

PREFIX: Final = "/intake"
SIGNAL_LIMIT_BYTES: Final = 256 * 1024
SMALL_LIMIT_BYTES: Final = 4 * 1024


@dataclass(frozen=True, slots=True)
class Intake:
    """What the edge of intake is wired to."""

    database: Database
    door: partners.Door
    limit: RateLimit
    sealer: Sealer
    codes: CodeLists
    municipalities: Municipalities
    metrics: Metrics
    idempotency_hours: int

    def rules_for(self, partner: storage.Partner) -> signals.Rules:
        """What a signal of this partner is held against, today."""
        municipality = self.municipalities.get(partner.municipality)
        today = self.sealer.clock.now().astimezone(municipality.timezone).date()
        return signals.Rules(self.codes, municipality.districts, today, partner.adv)


class CodeRequest(BaseModel):
    """A receipt code."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    code: str = Field(alias="ontvangstcode", max_length=60)


def routes(intake: Intake) -> APIRouter:
    """The routes under `/intake/v1`."""
    router = APIRouter(prefix=f"{PREFIX}/v1")
    responses = problem_responses(400, 401, 403, 409, 413, 415, 429, 503)

    @router.post("/signalen", status_code=201, operation_id="stuurSignaal", tags=["signalen"], responses=responses)
    async def post_signal(
        request: Request, idempotency_key: Annotated[str | None, Header(max_length=255)] = None
    ) -> Response:
        """Stuur een signaal. U krijgt een ontvangstcode zodra het signaal veilig is opgeslagen."""
        credential = await intake.door.credential(bearer(request))
        remaining = intake.limit.take(credential.partner.id, now=intake.sealer.clock.monotonic())
        body = await read_json_body(request, SIGNAL_LIMIT_BYTES)
        submission = _submission(body, credential.partner, request.headers.get("traceparent"), intake)
        answer, replayed = await accept(submission, idempotency_key, intake)
        headers = {"Idempotency-Replayed": "true"} if replayed else {}
        if intake.limit.per_minute:
            headers["RateLimit"] = f'"minuut";r={remaining};t=60'
        return Response(answer, 201, headers, media_type="application/json")

    @router.post(
        "/intrekkingen", status_code=202, operation_id="trekIn", tags=["ontvangstcode"],
        responses=problem_responses(400, 404, 413, 415, 429, 503),
    )  # fmt: skip
    async def post_withdrawal(request: Request) -> Response:
        """Trek een signaal in. Wie de ontvangstcode heeft, mag dat; een sleutel is niet nodig."""
        code = await _receipt_code(request)
        sealer = intake.sealer
        await intake.database.in_group(
            lambda tx: withdraw(
                code, tx, key=sealer.key, secret=sealer.secret, clock=sealer.clock, event_source=sealer.event_source
            )
        )
        return JSONResponse({"status": "ingetrokken"}, 202)

    @router.get("/codelijsten", operation_id="haalCodelijsten", tags=["codelijsten"])
    async def get_code_lists(gemeente: str | None = None) -> Response:
        """Alle codes die u kunt gebruiken, met hun uitleg."""
        return JSONResponse(code_lists(intake, gemeente))

    @router.get("/sleutels", operation_id="haalSleutels", tags=["ontvangstcode"])
    async def get_keys() -> Response:
        """De openbare sleutels waarmee u een bewijs van ontvangst controleert."""
        return JSONResponse(receipt_proofs.jwk_set(intake.sealer.signer.private.public_key()))

    return router


async def accept(submission: Submission, header: str | None, intake: Intake) -> tuple[bytes, bool]:
    """The answer to a submission, and whether it was given before. Durable when this returns."""
    if header is None:
        accepted = await intake.database.in_group(lambda tx: submit(submission, tx, sealer=intake.sealer))
        intake.metrics.accepted.labels("api").inc()
        return answer_of(accepted), False
    repeat = idempotency.repeat_key(header, partner_id=submission.partner.id, secret=intake.sealer.secret)
    earlier = await _earlier(repeat, submission.body, intake)
    if earlier is not None:
        return earlier, True

    async def once(tx: Transaction) -> bytes:
        answer = answer_of(await submit(submission, tx, sealer=intake.sealer))
        expires_at = intake.sealer.clock.now() + dt.timedelta(hours=intake.idempotency_hours)
        storage.add_answer(
            tx, key_hash=repeat.key_hash, body_digest=repeat.body_digest(submission.body),
            answer=repeat.encrypt(answer), expires_at=expires_at,
        )  # fmt: skip
        return answer

    try:
        answer = await intake.database.in_group(once)
    except Conflict as conflict:  # the same request came twice at once, and the other one was first
        earlier = await _earlier(repeat, submission.body, intake)
        if earlier is None:
            raise conflict from None
        return earlier, True
    intake.metrics.accepted.labels("api").inc()
    return answer, False


async def _earlier(repeat: idempotency.RepeatKey, body: bytes, intake: Intake) -> bytes | None:
    async with intake.database.reading() as tx:
        kept = await storage.answer(tx, repeat.key_hash, now=intake.sealer.clock.now())
    return repeat.open(kept, body) if kept else None


def answer_of(accepted: Accepted) -> bytes:
    """What the sender is told."""
    return orjson.dumps(
        {
            "ontvangstcode": accepted.code,
            "bewijs": accepted.proof,
            "ontvangenOp": rfc3339(accepted.received_at),
            "status": "ontvangen",
        }
    )


def _submission(body: bytes, partner: storage.Partner, traceparent: str | None, intake: Intake) -> Submission:
    rules = intake.rules_for(partner)
    try:
        signal = signals.parse(body, rules)
    except ValidationError as error:
        raise Rejected("signal_invalid", errors=validation_errors(error)) from None
    if signal.kind in signals.REGISTERED_KINDS and not rules.may_register:
        raise Forbidden("kind_not_allowed")
    return Submission(signal, partner, body, rules.today, traceparent)


async def _receipt_code(request: Request) -> receipts.ReceiptCode:
    body = await read_json_body(request, SMALL_LIMIT_BYTES)
    try:
        typed = CodeRequest.model_validate_json(body).code
    except ValidationError as error:
        raise Rejected("request_invalid", errors=validation_errors(error)) from None
    return receipts.parse(typed)


def code_lists(intake: Intake, municipality: str | None) -> dict[str, object]:
    """Every code list as it goes over the wire, with the districts of one municipality."""
    codes = intake.codes
    chosen = intake.municipalities.get(municipality) if municipality else intake.municipalities.default
    lists = {
        "soorten": codes.kinds,
        "gronden": codes.grounds,
        "subgronden": codes.subgrounds,
        "terreinen": codes.terrains,
        "aarden": codes.natures,
        "behandelingen": codes.handling,
        "melderRollen": codes.reporter_roles,
        "anonimiteiten": codes.anonymity,
        "inwonerschappen": codes.residency,
        "plaatsen": codes.incident_places,
        "wijken": chosen.districts,
    }
    return {name: _listed(code_list) for name, code_list in lists.items()} | {"gemeente": chosen.code}


def _listed(code_list: CodeList) -> list[dict[str, str]]:
    return [
        {"code": entry.code, "label": code_list.label(entry.code), "labelEn": code_list.label(entry.code, "en")}
        | ({"hoortBij": parent} if (parent := code_list.parent(entry.code)) else {})
        for entry in code_list.in_order
    ]
