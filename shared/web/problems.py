# SPDX-License-Identifier: EUPL-1.2
"""What a caller is told when something goes wrong: RFC 9457 problem details.

Owns the status, title and sentence of every failure on the web edge. Never repeats a value that was sent, never the
text of an exception: sentences come from this file or from the caller's own fixed list, by code.
"""

import http
from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from starlette.responses import Response

from shared import errors
from shared.errors import FieldFault

PROBLEM_JSON: Final = "application/problem+json"
UNAVAILABLE_RETRY_SECONDS: Final = 5  # the back-off of delivery and relay starts in this order of magnitude

TITLES: Final[Mapping[int, str]] = {
    400: "Ongeldige aanvraag",
    401: "Niet aangemeld",
    403: "Geen toegang",
    404: "Niet gevonden",
    405: "Methode niet toegestaan",
    406: "Geen passende weergave",
    408: "Aanvraag duurde te lang",
    409: "Conflict",
    410: "Niet meer beschikbaar",
    413: "Te groot",
    415: "Soort inhoud niet ondersteund",
    429: "Te veel aanvragen",
    500: "Fout aan onze kant",
    503: "Tijdelijk niet beschikbaar",
}
SENTENCES: Final[Mapping[int, str]] = {
    400: "De aanvraag klopt niet. Controleer wat u hebt gestuurd.",
    401: "U bent niet aangemeld, of uw sleutel of link is niet geldig.",
    403: "U mag dit niet bekijken of doen.",
    404: "Wat u zoekt bestaat niet, of niet voor u.",
    405: "Deze methode kan hier niet worden gebruikt.",
    406: "De gevraagde weergave bestaat hier niet.",
    408: "De aanvraag kwam te langzaam binnen. Probeer het opnieuw.",
    409: "Dit kan niet in de huidige toestand.",
    410: "Dit was er, maar is voorgoed weggehaald.",
    413: "De inhoud is groter dan hier is toegestaan.",
    415: "Deze soort inhoud kan hier niet worden verwerkt.",
    429: "U deed te veel aanvragen. Probeer het later opnieuw.",
    500: "Er ging iets mis aan onze kant. Uw gegevens staan niet in deze melding.",
    503: "Dit werkt nu even niet. Probeer het over een paar seconden opnieuw.",
}
_STATUS_OF: Final[Mapping[type[errors.SeinhuisError], int]] = {
    errors.Rejected: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


class ProblemError(Exception):
    """A failure only the web edge knows (405, 406, 408, 415): carries a status and headers, never a value."""

    def __init__(self, status: int, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code or str(status))
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def status_of(error: errors.SeinhuisError) -> int:
    """The HTTP status that stands for an error type; 500 for what is our own mistake.

    >>> status_of(errors.Gone("withdrawn"))
    410
    """
    return next((status for kind in type(error).__mro__ if (status := _STATUS_OF.get(kind))), 500)


def title_of(status: int) -> str:
    """The Dutch title of a status; a plain one for statuses outside the list."""
    return TITLES.get(status, "Aanvraag niet uitgevoerd")


def sentence_of(status: int) -> str:
    """The Dutch sentence of a status."""
    return SENTENCES.get(status, "De aanvraag kon niet worden uitgevoerd.")


def error_headers(error: errors.SeinhuisError) -> dict[str, str]:
    """The headers that go with an error: `WWW-Authenticate` with 401, `Retry-After` with 429 and 503."""
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TooMany):
        return {"Retry-After": str(max(1, error.retry_after_seconds))}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": str(UNAVAILABLE_RETRY_SECONDS)}
    return {}


def problem(
    status: int,
    detail: str,
    *,
    title: str | None = None,
    code: str | None = None,
    errors: Sequence[FieldFault] | None = None,
    headers: Mapping[str, str] | None = None,
    request_id: str | None = None,
    extensions: Mapping[str, object] | None = None,
) -> Response:
    """An `application/problem+json` answer.

    Source: RFC 9457; NLgov API Design Rules, rule on problem details (members status, title, detail).
    """
    body: dict[str, object] = {"type": "about:blank", "title": title or title_of(status), "status": status}
    body["detail"] = detail
    if code is not None:
        body["code"] = code
    if errors is not None:
        body["errors"] = list(errors)
    if request_id is not None:
        body["verzoekId"] = request_id
    return Response(orjson.dumps(body | dict(extensions or {})), status, headers, PROBLEM_JSON)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """What a route passes as `responses=` so that its document names the problems it can answer with."""
    return {
        status: {
            "description": TITLES.get(status, http.HTTPStatus(status).phrase),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
