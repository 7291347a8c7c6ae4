# SPDX-License-Identifier: EUPL-1.2
"""One service's web application, and the one that joins several on one port.

Owns the assembly of the edge: routers, failures, headers, document. Never starts anything: `shared.runtime` does.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.openapi.utils import get_openapi
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web import addresses  # noqa: F401 - makes its kinds of path parameters known
from shared.web.edge import Edge
from shared.web.failures import Failures
from shared.web.openapi import Contact, Document, conforming
from shared.web.pages import Pages

BODY_LIMIT_BYTES: Final = 11 * 1024 * 1024  # the largest body is an import file of 10 MiB and its form around it


class ServiceApp(FastAPI):
    """FastAPI with the house's own OpenAPI document."""

    def __init__(self, *, prefix: str, answers_to: Contact, components: Document | None, **settings: Any) -> None:  # noqa: ANN401 -- FastAPI's own
        super().__init__(**settings)
        self.prefix = prefix
        self.components = components
        self.answers_to = answers_to  # not FastAPI's `contact`: that logs a warning without email-validator

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, made once, after all routes are in."""
        made = get_openapi(
            title=self.title,
            version=self.version,
            openapi_version="3.1.0",
            description=self.description,
            routes=self.routes,
            license_info=self.license_info,
            separate_input_output_schemas=False,
        )
        return conforming(
            made, prefix=self.prefix, version=self.version, contact=self.answers_to, components=self.components
        )

    def build_middleware_stack(self) -> ASGIApp:
        """The layers around the router: the edge, failures, files to close.

        Not FastAPI's own stack: that answers an unforeseen error and then raises it again, so that the server logs
        its text, and it answers 413 in plain text.
        """
        stack: ASGIApp = AsyncExitStackMiddleware(self.router)
        stack = ExceptionMiddleware(stack, handlers=self.exception_handlers)
        for layer, positional, named in reversed(self.user_middleware):
            stack = layer(stack, *positional, **named)
        return stack

    def openapi(self) -> dict[str, Any]:
        """The document, for FastAPI and for the committed snapshots."""
        return self.document


def create_app(
    *,
    title: str,
    description: str,
    prefix: str,
    version: str,
    contact: Contact,
    routers: Sequence[APIRouter],
    pages: Pages | None = None,
    sentences: Mapping[str, str] | None = None,
    body_limit_bytes: int = BODY_LIMIT_BYTES,
    on_response: Callable[[int], None] | None = None,
    components: Document | None = None,
) -> ServiceApp:
    """A service's application: its routers behind the edge every service has.

    `prefix` is `/intake` and the like; routers bring their full paths. `version` is the API's, `1.0.0`. `sentences`
    gives the Dutch sentence for an error code where the one of its status is not enough. `on_response` is told each
    status, for a metric.
    """
    app = ServiceApp(
        prefix=prefix,
        title=title,
        description=description,
        version=version,
        answers_to=contact,
        components=components,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=None,
    )
    for router in routers:
        app.include_router(router)
    if pages is not None:
        app.include_router(pages.static_router())
    app.add_route(f"{prefix}/v1/openapi.json", _document_route(app), methods=["GET"], include_in_schema=False)
    failures = Failures(prefix=prefix, pages=pages, sentences=sentences or {})
    failures.install(app)
    app.add_middleware(
        Edge,
        prefix=prefix,
        version=version,
        body_limit_bytes=body_limit_bytes,
        failures=failures,
        on_response=on_response,
    )
    return app


def _document_route(app: ServiceApp) -> Callable[[Request], Any]:
    async def document(_request: Request) -> Response:
        headers = {"Access-Control-Allow-Origin": "*"}
        return Response(orjson.dumps(app.document), media_type="application/json", headers=headers)

    return document


def dispatcher(apps: Mapping[str, ASGIApp], root: ASGIApp) -> ASGIApp:
    """One application that gives each request to the service its first path segment names, else to `root`.

    Answers the server's lifespan itself: the runtime starts and stops the services, in its own order.
    """

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        first = scope["path"].split("/", 2)[1:2]
        await apps.get(first[0] if first else "", root)(scope, receive, send)

    return dispatch


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return
