# SPDX-License-Identifier: EUPL-1.2
"""The token endpoint for partners' systems: OAuth 2.0 client credentials with `private_key_jwt`.

Owns nothing but the edge. A refusal says which rule of OAuth it is, never what was wrong with a signature.
"""

from collections.abc import Callable, Collection
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import client_assertions, documents, partners
from services.intake.api import PREFIX, Intake
from services.intake.grant import TOKEN_SECONDS, Granted, grant
from services.intake.limits import RateLimit
from services.intake.storage import clients
from shared.errors import Conflict, Rejected, Unauthenticated
from shared.web import Form, problem, problem_responses, read_form

FORM_LIMIT_BYTES: Final = 16 * 1024
TOKENS_PER_MINUTE: Final = 60  # a token lasts a quarter of an hour, so this is a client in a loop
REQUIRED: Final = ("grant_type", "client_assertion_type", "client_assertion")
OPTIONAL: Final = ("client_id", "scope")
SENTENCES: Final = {
    "invalid_client": "Wij herkennen dit systeem niet, of de ondertekende verklaring klopt niet.",
    "invalid_request": "De aanvraag klopt niet. Stuur grant_type, client_assertion_type en client_assertion een keer.",
    "unsupported_grant_type": "Alleen client_credentials kan hier.",
    "invalid_scope": "Deze scope is er niet, of is niet voor u.",
}


def routes(intake: Intake, *, addresses: Callable[[], Collection[str]]) -> APIRouter:
    """The route for access tokens. `addresses` are those under which this installation is known."""
    router = APIRouter(prefix=f"{PREFIX}/v1", tags=["partners"])
    limit = RateLimit(TOKENS_PER_MINUTE)

    @router.post(
        "/tokens", status_code=200, operation_id="vraagToken", summary="Een toegangstoken vragen",
        responses={200: documents.TOKEN, **problem_responses(400, 401, 413, 415, 429, 503)},
        openapi_extra=documents.TOKEN_BODY,
    )  # fmt: skip
    async def post_token(request: Request) -> Response:
        """OAuth 2.0 client credentials met private_key_jwt, voor systemen van grote partners."""
        form = await read_form(request, FORM_LIMIT_BYTES)
        try:
            granted = await _granted(form, intake, limit, audiences=[f"{one}{PREFIX}/v1/tokens" for one in addresses()])
        except Rejected as fault:
            return _refused(400, fault.code)
        except (Unauthenticated, Conflict):
            return _refused(401, "invalid_client")
        return JSONResponse(
            {
                "access_token": granted.token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS,
                "scope": " ".join(sorted(granted.scopes)),
            }
        )  # fmt: skip

    return router


async def _granted(form: Form, intake: Intake, limit: RateLimit, *, audiences: list[str]) -> Granted:
    """The token. Raises: Rejected and Unauthenticated, Conflict for a statement used before, TooMany."""
    if form.first("grant_type") not in {"", "client_credentials"}:
        raise Rejected("unsupported_grant_type")
    known = {
        name: form.fields.get(name, []) for name in (*REQUIRED, *OPTIONAL)
    }  # unknown ones are ignored (RFC 6749 3.2)
    if any(len(known[name]) != 1 for name in REQUIRED) or any(len(known[name]) > 1 for name in OPTIONAL):
        raise Rejected("invalid_request")
    if not form.first("grant_type") or form.first("client_assertion_type") != client_assertions.ASSERTION_TYPE:
        raise Rejected("invalid_request")
    signed, now = form.first("client_assertion"), intake.clock.now()
    client_id = client_assertions.client_id_of(signed)
    if form.first("client_id", client_id) != client_id:
        raise Unauthenticated("client_unknown")
    async with intake.database.reading() as tx:
        client = await clients.client(tx, client_id)
    if client is None:
        raise Unauthenticated("client_unknown")
    assertion = client_assertions.verify(signed, client.keys, client_id=client_id, audiences=audiences, now=now)
    allowed = partners.scopes_of(client.partner)
    scopes = frozenset(form.first("scope").split()) or allowed
    if not scopes <= allowed:
        raise Rejected("invalid_scope")
    limit.take(client_id, now=intake.clock.monotonic())
    async with intake.database.transaction() as tx:
        return await grant(
            assertion, client.partner, tx, scopes=scopes, secret=intake.sealer.secret, now=now
        )  # fmt: skip


def _refused(status: int, error: str) -> Response:
    """A problem that is an OAuth error too. Source: RFC 6749 5.2, RFC 9457 3.2."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return problem(status, SENTENCES[error], code=error, headers=headers, extensions={"error": error})
