# SPDX-License-Identifier: EUPL-1.2
"""Intake's HTTP API for one signal and the public lists: authenticate, bound, parse, hand over to a verb, answer.

Owns nothing but the edge. No business rule, no statement, and no value of the body in any answer.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Header, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import documents, idempotency, partners, receipt_proofs, signals, storage
from services.intake.limits import CodeLimits, RateLimit
from services.intake.sealed_signals import Sealer
from services.intake.submit import Accepted, Submission, prepare, submit
from shared.access import bearer
from shared.clock import Clock, rfc3339
from shared.database import Database, Transaction
from shared.errors import Conflict, FieldFault, Forbidden, NotFound, Rejected
from shared.metrics import Metrics
from shared.municipalities import Municipalities
from shared.processing_log import Trace
from shared.vocabulary import CodeList, CodeLists
from shared.web import problem_responses, read_json_body, validation_errors

PREFIX: Final = "/intake"
SIGNAL_LIMIT_BYTES: Final = 256 * 1024
ATTACHMENTS: Final = frozenset({"bijlage", "bijlagen", "bestand", "bestanden", "foto", "fotos", "attachment"})
NO_ATTACHMENTS: Final = (
    "Bijlagen nemen wij niet aan: in een foto of document staan namen en gezichten die wij er niet veilig uit krijgen."
)
KNOWN_REFERENCE: Final = {
    "code": "kenmerk_bekend",
    "detail": "Dit kenmerk is al eerder gestuurd. Is het dezelfde gebeurtenis? Trek er dan een in.",
}


@dataclass(frozen=True, slots=True)
class Intake:
    """What the edge of intake is wired to."""

    database: Database
    clock: Clock
    door: partners.Door
    limit: RateLimit
    code_limits: CodeLimits
    code_answer_seconds: float
    sealer: Sealer
    codes: CodeLists
    municipalities: Municipalities
    metrics: Metrics
    idempotency_hours: int

    def rules_for(self, partner: storage.Partner) -> signals.Rules:
        """What a signal of this partner is held against, today."""
        municipality = self.municipalities.get(partner.municipality)
        today = self.clock.now().astimezone(municipality.timezone).date()
        return signals.Rules(self.codes, municipality.districts, today, partner.adv)

    def rules_for_anyone(self) -> signals.Rules:
        """What a form is held against while nobody knows whose signal it is."""
        municipality = self.municipalities.default
        today = self.clock.now().astimezone(municipality.timezone).date()
        return signals.Rules(self.codes, municipality.districts, today, may_register=True)

    async def sender(self, request: Request, scope: str) -> storage.Partner:
        """Whose key came with the request. Raises: Unauthenticated; Forbidden `scope_missing`."""
        credential = await self.door.credential(bearer(request))
        if scope not in credential.scopes:
            raise Forbidden("scope_missing")
        return replace(credential.partner, adv=credential.partner.adv and partners.SCOPE_ADV in credential.scopes)

    def rate_headers(self, remaining: int) -> dict[str, str]:
        """What a sender may still send. Source: draft-ietf-httpapi-ratelimit-headers."""
        if not self.limit.per_minute:
            return {}
        return {
            "RateLimit": f'"minuut";r={remaining};t=60',
            "RateLimit-Policy": f'"minuut";q={self.limit.per_minute};w=60',
        }

    def answers_until(self) -> dt.datetime:
        """When an answer given now is forgotten."""
        return self.clock.now() + dt.timedelta(hours=self.idempotency_hours)


def routes(intake: Intake) -> APIRouter:
    """The routes under `/intake/v1`."""
    router = APIRouter(prefix=f"{PREFIX}/v1")

    @router.post(
        "/signalen", status_code=201, operation_id="stuurSignaal", tags=["signalen"], summary="Een signaal sturen",
        responses={201: documents.RECEIPT, **problem_responses(400, 401, 403, 409, 413, 415, 429, 503)},
        openapi_extra=documents.SIGNAL_BODY,
    )  # fmt: skip
    async def post_signal(
        request: Request,
        idempotency_key: Annotated[
            str | None, Header(min_length=1, max_length=255, description=documents.ABOUT_IDEMPOTENCY_KEY)
        ] = None,
    ) -> Response:
        """Stuur een signaal. U krijgt een ontvangstcode zodra het signaal veilig is opgeslagen."""
        partner = await intake.sender(request, "signalen")
        remaining = intake.limit.take(partner.id, now=intake.clock.monotonic())
        body = await read_json_body(request, SIGNAL_LIMIT_BYTES)
        submission = submission_of(body, partner, Trace.following(request.headers.get("traceparent")), intake)
        answer, replayed = await accept(submission, idempotency_key, intake)
        headers = {"Idempotency-Replayed": "true"} if replayed else {}
        return Response(answer, 201, headers | intake.rate_headers(remaining), media_type="application/json")

    @router.get(
        "/codelijsten", operation_id="haalCodelijsten", tags=["codelijsten"], summary="Alle codes ophalen",
        responses={200: documents.CODE_LISTS, **problem_responses(400, 404, 503)},
    )  # fmt: skip
    async def get_code_lists(
        gemeente: Annotated[
            str | None, Query(pattern=r"^GM\d{4}$", description="code van de gemeente; bepaalt de wijken")
        ] = None,
    ) -> Response:
        """Alle codes die u kunt gebruiken, met hun uitleg."""
        try:
            return JSONResponse(code_lists(intake, gemeente))
        except Rejected as unknown:
            raise NotFound(unknown.code) from None

    @router.get(
        "/sleutels", operation_id="haalSleutels", tags=["ontvangstcode"],
        summary="De sleutels van bewijzen van ontvangst", responses={200: documents.KEYS},
    )  # fmt: skip
    async def get_keys() -> Response:
        """De openbare sleutels waarmee u een bewijs van ontvangst controleert."""
        return JSONResponse(receipt_proofs.jwk_set(intake.sealer.signer.private.public_key()))

    return router


async def accept(submission: Submission, header: str | None, intake: Intake) -> tuple[bytes, bool]:
    """The answer to a submission, and whether it was given before. Durable when this returns."""
    if header is None:
        return await _stored(submission, None, intake), False
    repeat = idempotency.repeat_key(header, partner_id=submission.partner.id, secret=intake.sealer.secret)
    earlier = await earlier_answer(repeat, submission.body, intake)
    if earlier is not None:
        return earlier, True
    try:
        return await _stored(submission, repeat, intake), False
    except Conflict:  # the same request came twice at once and the other one was first, or an old answer is in the way
        earlier = await earlier_answer(repeat, submission.body, intake)
        if earlier is not None:
            return earlier, True
    await intake.database.in_group(lambda tx: storage.delete_expired_answers(tx, now=intake.clock.now()))
    return await _stored(submission, repeat, intake), False


async def _stored(submission: Submission, repeat: idempotency.RepeatKey | None, intake: Intake) -> bytes:
    # Sealed and signed before the group commit is entered: inside it everybody would wait for this one's arithmetic.
    prepared = prepare(submission, at=intake.clock.now(), sealer=intake.sealer)

    async def store(tx: Transaction) -> bytes:
        known = await submit([prepared], tx)
        answer = orjson.dumps(answer_of(prepared.accepted, warn=bool(known)))
        if repeat is not None:
            keep_answer(tx, repeat, submission.body, answer, intake)
        return answer

    answer = await intake.database.in_group(store)
    intake.metrics.accepted.labels("api").inc()
    return answer


def keep_answer(
    tx: Transaction, repeat: idempotency.RepeatKey, body: bytes, answer: bytes, intake: Intake
) -> None:  # fmt: skip
    """Keep the answer for whoever repeats the request."""
    storage.add_answer(
        tx, key_hash=repeat.key_hash, body_digest=repeat.body_digest(body), answer=repeat.encrypt(answer),
        expires_at=intake.answers_until(),
    )  # fmt: skip


async def earlier_answer(repeat: idempotency.RepeatKey, body: bytes, intake: Intake) -> bytes | None:
    """The answer given before to the same request. Raises: Conflict when the body was another one."""
    async with intake.database.reading() as tx:
        kept = await storage.answer(tx, repeat.key_hash, now=intake.clock.now())
    return repeat.open(kept, body) if kept else None


def answer_of(accepted: Accepted, *, warn: bool = False) -> dict[str, object]:
    """What the sender is told."""
    told: dict[str, object] = {
        "ontvangstcode": accepted.code,
        "bewijs": accepted.proof,
        "ontvangenOp": rfc3339(accepted.received_at),
        "status": "ontvangen",
    }
    return told | ({"waarschuwingen": [KNOWN_REFERENCE]} if warn else {})


def submission_of(body: bytes, partner: storage.Partner, trace: Trace, intake: Intake) -> Submission:
    """A partner's signal, valid. Raises: Rejected with every fault; Forbidden `kind_not_allowed`."""
    rules = intake.rules_for(partner)
    return Submission(parsed(body, rules), partner, body, rules.today, trace)


def parsed(body: bytes, rules: signals.Rules, *, below: Sequence[str | int] = ()) -> signals.Signal:
    """The signal in a body. Raises: Rejected with every fault; Forbidden `kind_not_allowed`."""
    try:
        signal = signals.parse(body, rules)
    except ValidationError as error:
        raise Rejected("signal_invalid", errors=signal_faults(error, below=below)) from None
    if signal.kind in signals.REGISTERED_KINDS and not rules.may_register:
        raise Forbidden("kind_not_allowed")
    return signal


def signal_faults(error: ValidationError, *, below: Sequence[str | int] = ()) -> list[FieldFault]:
    """Every fault of a signal; one that tried to bring an attachment says why there are none."""
    return [
        {**fault, "detail": NO_ATTACHMENTS} if fault["pointer"].rpartition("/")[2] in ATTACHMENTS else fault
        for fault in validation_errors(error, below=below)
    ]


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
