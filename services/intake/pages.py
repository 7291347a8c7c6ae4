# SPDX-License-Identifier: EUPL-1.2
"""The pages under `/melden`: give a signal, check it, keep its receipt; later ask, correct, withdraw.

Owns the browser's way in. A partner's link signs a browser in by a cookie; whoever has a receipt code needs neither.
A code is shown once, on the page that answers the form, and never stands in an address.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.intake import api_receipts, page_forms, receipts, states, storage
from services.intake.api import Intake, accept
from services.intake.page_forms import Filled
from services.intake.submit import Submission
from shared.errors import Gone, NotFound, Rejected, SeinhuisError, TooMany, Unauthenticated
from shared.processing_log import Trace
from shared.sign_in import EVERYONE
from shared.web import Pages, read_form, set_private_cookie

COOKIE: Final = "seinhuis_partner"
COOKIE_SECONDS: Final = 400 * 86_400  # browsers keep none longer; the link itself ends when it was made to
FORM_LIMIT_BYTES: Final = 256 * 1024
STATUS_LABELS: Final = {
    states.RECEIVED: "Ontvangen. Het wacht op de volgende stap.",
    states.REVIEWING: "Een medewerker van het meldpunt kijkt ernaar.",
    states.COUNTED: "Het telt mee in de cijfers.",
    states.NOT_COUNTED: "Het telt niet mee in de cijfers.",
    states.WITHDRAWN: "Het is ingetrokken.",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages are wired to."""

    intake: Intake
    pages: Pages
    sentences: Mapping[str, str]

    async def partner(self, request: Request, scope: str = "signalen") -> storage.Partner | None:
        """Whose link signed this browser in, if any still does."""
        try:
            credential = await self.intake.door.credential(request.cookies.get(COOKIE))
        except Unauthenticated:
            return None
        return credential.partner if scope in credential.scopes else None

    async def signed_in(self, request: Request) -> storage.Partner:
        """The partner. Raises: Unauthenticated."""
        partner = await self.partner(request)
        if partner is None:
            raise Unauthenticated("credential_missing")
        return partner

    def show(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - what the template names
        """A page with the navigation everybody has."""
        return self.pages.render(request, template, status=status, navigation=EVERYONE, **context)

    def form(
        self, request: Request, filled: Filled, partner: storage.Partner | None, *, correcting: bool = False
    ) -> Response:
        """The form, with what is wrong with it."""
        return self.show(
            request,
            "melden.html",
            status=400 if filled.faults else 200,
            heading="Uw signaal verbeteren" if correcting else "Een signaal doorgeven",
            action="/melden/verbeteren" if correcting else "/melden/controleren",
            correcting=correcting,
            partner="" if correcting or partner is None else partner.name,
            values=filled.values,
            lists=filled.lists,
            faults=filled.faults,
            summary=filled.summary(),
            opened=filled.opened(),
            **page_forms.choices(self.intake, partner),
        )

    def done(self, request: Request, heading: str, text: str, pairs: list[tuple[str, str]] | None = None) -> Response:
        """The page that says it is done."""
        return self.show(request, "melden_klaar.html", heading=heading, text=text, pairs=pairs or [])


def routes(desk: Desk) -> APIRouter:
    """The routes under `/melden` for partners."""
    router = APIRouter(include_in_schema=False, prefix="/melden")

    @router.get("")
    async def start(request: Request) -> Response:
        partner = await desk.partner(request)
        if partner is None:
            return desk.show(request, "melden_uitleg.html", failed=False)
        return desk.form(request, page_forms.empty(), partner)

    @router.get("/aanmelden")
    async def sign_in(request: Request, code: str = "") -> Response:
        try:
            await desk.intake.door.credential(code)
        except Unauthenticated:
            return desk.show(request, "melden_uitleg.html", status=401, failed=True)
        response = RedirectResponse("/melden", 303)
        set_private_cookie(request, response, COOKIE, code, seconds=COOKIE_SECONDS)
        return response

    @router.post("/afmelden")
    async def sign_out() -> Response:
        response = RedirectResponse("/melden", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return router


def form_routes(desk: Desk) -> APIRouter:
    """The routes that take the form: check, change, send."""
    router = APIRouter(include_in_schema=False, prefix="/melden")

    @router.post("/controleren")
    async def check(request: Request) -> Response:
        partner = await desk.signed_in(request)
        filled = page_forms.read(await read_form(request, FORM_LIMIT_BYTES), desk.intake.rules_for(partner))
        if filled.faults or filled.signal is None:
            return desk.form(request, filled, partner)
        # The page carries its own repeat key, so that sending it twice sends it once.
        hidden = [*filled.hidden(), ("sleutel", secrets.token_urlsafe(24))]
        shown = page_forms.shown(filled, desk.intake, partner)
        return desk.show(request, "melden_controle.html", shown=shown, hidden=hidden)

    @router.post("/aanpassen")
    async def change(request: Request) -> Response:
        partner = await desk.signed_in(request)
        filled = page_forms.read(await read_form(request, FORM_LIMIT_BYTES), desk.intake.rules_for(partner))
        return desk.form(request, filled, partner)

    @router.post("/versturen")
    async def send(request: Request) -> Response:
        partner = await desk.signed_in(request)
        form = await read_form(request, FORM_LIMIT_BYTES)
        rules = desk.intake.rules_for(partner)
        filled = page_forms.read(form, rules)
        if filled.faults or filled.signal is None:
            return desk.form(request, filled, partner)
        desk.intake.limit.take(partner.id, now=desk.intake.clock.monotonic())
        body = filled.signal.model_dump_json(by_alias=True, exclude_defaults=True).encode()
        trace = Trace.following(request.headers.get("traceparent"))
        submission = Submission(filled.signal, partner, body, rules.today, trace)
        answer, _ = await accept(submission, form.first("sleutel")[:255] or None, desk.intake)
        told = orjson.loads(answer)
        warned = "waarschuwingen" in told
        return desk.show(
            request, "melden_ontvangen.html", code=told["ontvangstcode"], proof=told["bewijs"], warned=warned
        )

    return router


def code_routes(desk: Desk) -> APIRouter:
    """The routes under `/melden` for whoever has a receipt code."""
    router = APIRouter(include_in_schema=False, prefix="/melden")

    @router.get("/status")
    async def status_form(request: Request) -> Response:
        return _ask_code(desk, request, "status")

    @router.post("/status")
    async def status(request: Request) -> Response:
        form = await read_form(request, FORM_LIMIT_BYTES)
        try:
            found = await api_receipts.ask(receipts.parse(form.first("ontvangstcode")), desk.intake)
        except (Rejected, NotFound, TooMany) as error:
            return _ask_code(desk, request, "status", *_told(error), typed=form.first("ontvangstcode")[:60])
        pairs = [
            ("Ontvangen", f"{found.received_at:%d-%m-%Y}"),
            ("Laatst veranderd", f"{found.changed_at:%d-%m-%Y}"),
        ]
        return desk.done(request, "Hoe ver is uw signaal?", STATUS_LABELS[found.name], pairs)

    @router.get("/intrekken")
    async def withdraw_form(request: Request) -> Response:
        return _ask_code(desk, request, "intrekken")

    @router.post("/intrekken")
    async def withdraw(request: Request) -> Response:
        form = await read_form(request, FORM_LIMIT_BYTES)
        trace = Trace.following(request.headers.get("traceparent"))
        try:
            await api_receipts.take_back(receipts.parse(form.first("ontvangstcode")), desk.intake, trace)
        except (Rejected, NotFound, TooMany) as error:
            return _ask_code(desk, request, "intrekken", *_told(error), typed=form.first("ontvangstcode")[:60])
        return desk.done(request, "Uw signaal is ingetrokken", "Het telt nergens meer mee.")

    return router


def correction_routes(desk: Desk) -> APIRouter:
    """The routes to send a signal anew."""
    router = APIRouter(include_in_schema=False, prefix="/melden")

    @router.get("/verbeteren")
    async def correct_form(request: Request) -> Response:
        return desk.form(request, page_forms.empty(), None, correcting=True)

    @router.post("/verbeteren")
    async def correct(request: Request) -> Response:
        form = await read_form(request, FORM_LIMIT_BYTES)
        filled = page_forms.empty(form.first("ontvangstcode"))
        try:
            code = receipts.parse(form.first("ontvangstcode"))
            sender = await api_receipts.recognised(code, desk.intake)
            filled = page_forms.read(form, desk.intake.rules_for(sender))
            if filled.signal is not None and not filled.faults:
                body = filled.signal.model_dump_json(by_alias=True, exclude_defaults=True).encode()
                trace = Trace.following(request.headers.get("traceparent"))
                await api_receipts.make_right(code, body, desk.intake, trace)
                return desk.done(request, "Uw signaal is verbeterd", "Uw ontvangstcode blijft gelijk.")
        except (Rejected, NotFound, TooMany, Gone) as error:
            filled = page_forms.read(form, desk.intake.rules_for_anyone())
            filled.faults = {"ontvangstcode": _told(error)[0]}
        return desk.form(request, filled, None, correcting=True)

    return router


_CODE_PAGES: Final = {
    "status": ("Hoe ver is uw signaal?", "Vul uw ontvangstcode in.", "Bekijken"),
    "intrekken": (
        "Uw signaal intrekken",
        "Het signaal telt dan nergens meer mee. U kunt dit niet terugdraaien.",
        "Intrekken",
    ),
}
_SENTENCES: Final = {
    400: "Deze ontvangstcode klopt niet. Kijk of er een teken verkeerd staat.",
    404: "Deze ontvangstcode is niet bekend.",
    410: "Dit signaal is ingetrokken. U kunt het niet meer verbeteren.",
    429: "Er is te vaak een code geprobeerd. Wacht een minuut.",
}


def _ask_code(
    desk: Desk, request: Request, which: str, fault: str = "", status: int = 200, *, typed: str = ""
) -> Response:
    heading, text, button = _CODE_PAGES[which]
    return desk.show(
        request, "melden_code.html", status=status, heading=heading, text=text, button=button,
        action=f"/melden/{which}", fault=fault, typed=typed,
    )  # fmt: skip


def _told(error: SeinhuisError) -> tuple[str, int]:
    status = {NotFound: 404, Gone: 410, TooMany: 429}.get(type(error), 400)
    return _SENTENCES[status], status
