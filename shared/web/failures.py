# SPDX-License-Identifier: EUPL-1.2
"""How a failure leaves the house: as a problem for programs, as a page for people.

Owns the translation of every exception into an answer. Never repeats input or the text of an exception, and logs an
error of ours by its type and a request id alone.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared import logs
from shared.errors import FieldFault, Rejected, SeinhuisError
from shared.web.faults import validation_errors
from shared.web.negotiation import wants_page
from shared.web.pages import Pages
from shared.web.problems import ProblemError, error_headers, problem, sentence_of, status_of, title_of

if TYPE_CHECKING:
    from starlette.types import Scope

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Failures:
    """Answers for everything that goes wrong in one service's web edge."""

    def __init__(self, *, prefix: str, pages: Pages | None, sentences: Mapping[str, str]) -> None:
        self._prefix = f"{prefix}/"
        self._pages = pages
        self._sentences = sentences

    def install(self, app: FastAPI) -> None:
        """Make this the only way failures of `app` are answered."""
        app.add_exception_handler(SeinhuisError, self.on_house_error)
        app.add_exception_handler(ProblemError, self.on_edge_error)
        app.add_exception_handler(RequestValidationError, self.on_validation_error)
        app.add_exception_handler(HTTPException, self.on_http_error)
        app.add_exception_handler(Exception, self.on_unexpected)

    def answer(
        self,
        request: Request,
        status: int,
        *,
        code: str | None = None,
        errors: Sequence[FieldFault] | None = None,
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> Response:
        """A page when a browser asked for one, else a problem."""
        detail = self._sentences.get(code or "", sentence_of(status))
        is_page = not request.url.path.startswith(self._prefix) and wants_page(request.headers.get("accept"))
        if self._pages is not None and is_page:
            return self._pages.failure(
                request, status=status, title=title_of(status), detail=detail, request_id=request_id, headers=headers
            )
        return problem(status, detail, code=code, errors=errors, headers=headers, request_id=request_id)

    async def on_house_error(self, request: Request, error: Exception) -> Response:
        """Our own error types, by their class and code."""
        if not isinstance(error, SeinhuisError) or status_of(error) == 500:
            return await self.on_unexpected(request, error)
        faults = error.errors if isinstance(error, Rejected) and error.errors else None
        return self.answer(
            request, status_of(error), code=error.code, errors=faults, headers=error_headers(error)
        )  # fmt: skip

    async def on_edge_error(self, request: Request, error: Exception) -> Response:
        """What only the edge knows: 405, 406, 408, 415."""
        if not isinstance(error, ProblemError):
            return await self.on_unexpected(request, error)
        return self.answer(request, error.status, code=error.code, headers=error.headers)

    async def on_validation_error(self, request: Request, error: Exception) -> Response:
        """FastAPI's own validation: 400 with every fault; a path that cannot be one of ours is 404."""
        if not isinstance(error, RequestValidationError):
            return await self.on_unexpected(request, error)
        found = error.errors()
        if all(one["loc"][:1] == ("path",) for one in found):
            return self.answer(request, 404)
        return self.answer(request, 400, code="invalid", errors=validation_errors(found, place=lambda at: at[1:]))

    async def on_http_error(self, request: Request, error: Exception) -> Response:
        """The framework's own refusals. Their texts may hold input, so only the status is used."""
        if not isinstance(error, HTTPException):
            return await self.on_unexpected(request, error)
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(allowed_methods(request))
        return self.answer(request, error.status_code, headers=headers)

    async def on_unexpected(self, request: Request, error: Exception) -> Response:
        """An error of ours: 500 with a request id that the log line carries too."""
        request_id = secrets.token_hex(8)
        logs.logger().error("request_failed", status=500, request_id=request_id, error_type=type(error).__name__)
        return self.answer(request, 500, request_id=request_id)


def allowed_methods(request: Request) -> list[str]:
    """Every method some route of this path takes; Starlette itself names only those of the first route it finds."""
    app: FastAPI = request.app
    allowed: list[str] = []
    for method in METHODS:
        scope: Scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0].name == "FULL" for route in app.router.routes):
            allowed.append(method)
    return [*allowed, "HEAD"] if "GET" in allowed else allowed
