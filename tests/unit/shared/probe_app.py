# SPDX-License-Identifier: EUPL-1.2
"""A small service that fails in every way a service can, for the tests of the web edge."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from shared import errors
from shared.web import (
    FlashMessage,
    Pages,
    Readiness,
    create_app,
    negotiated,
    probes,
    problem_responses,
    read_form,
    read_json_body,
    validation_errors,
)

CANARY = "Kanarie-Achternaam-0612345678"
LIMIT = 1_000
FAILURES: dict[str, Callable[[], Exception]] = {
    "rejected": lambda: errors.Rejected("bad_thing", errors=[{"pointer": "/a", "detail": "Dit klopt niet."}]),
    "unauthenticated": lambda: errors.Unauthenticated("no_key"),
    "forbidden": lambda: errors.Forbidden("role"),
    "notfound": lambda: errors.NotFound("thing"),
    "conflict": lambda: errors.Conflict("changed"),
    "gone": lambda: errors.Gone("withdrawn"),
    "toolarge": lambda: errors.TooLarge("rows"),
    "toomany": lambda: errors.TooMany("rate", retry_after_seconds=17),
    "unavailable": lambda: errors.Unavailable("database"),
    "misconfigured": lambda: errors.Misconfigured("keys"),
    "bug": lambda: KeyError(CANARY),
}


class Thing(BaseModel):
    """A small body with a limit on each field."""

    model_config = ConfigDict(extra="forbid")
    naam: str = Field(max_length=5)
    aantal: int = Field(default=1, ge=1)


def _router() -> APIRouter:
    router = APIRouter(prefix="/probe/v1")

    @router.post("/dingen", status_code=201, responses=problem_responses(409))
    async def add(request: Request) -> Response:
        body = await read_json_body(request, LIMIT, depth_limit=4, seconds=0.05)
        try:
            thing = Thing.model_validate_json(body)
        except ValidationError as error:
            raise errors.Rejected("invalid", errors=validation_errors(error)) from None
        return JSONResponse({"naam": thing.naam}, 201)

    @router.get("/dingen")
    async def several(rijen: int = 1) -> dict[str, int]:
        return {"rijen": rijen}

    @router.get("/dingen/{number}")
    async def one(number: int) -> dict[str, int]:
        return {"nummer": number}

    @router.get("/mislukt/{kind}")
    async def fail(kind: str) -> None:
        failure = FAILURES[kind]()
        raise failure

    @router.get("/weergave")
    async def view(request: Request) -> dict[str, str]:
        return {"soort": negotiated(request.headers.get("accept"), ["application/json", "text/csv"])}

    return router


def _pages_router(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def home(request: Request) -> Response:
        return pages.render(request, "home.html")

    @router.post("/formulier")
    async def form(request: Request) -> Response:
        sent = await read_form(request, LIMIT)
        return JSONResponse({"naam": sent.first("naam"), "vak": sent.all("vak")})

    @router.post("/klaar")
    async def done(request: Request) -> Response:
        return pages.redirect(request, "/", flash="bewaard")

    @router.get("/stuk")
    async def broken() -> None:
        raise KeyError(CANARY)

    return router


def make_probe_app() -> FastAPI:
    """An application that can fail in every way."""
    pages = Pages(messages={"bewaard": FlashMessage("ok", "Het is bewaard.")})

    async def readiness() -> Readiness:
        return Readiness(ready=False, missing=("bus",), details={"wachtend": 3})

    return create_app(
        title="Proef",
        description="Een proef.",
        prefix="/probe",
        version="1.2.3",
        contact={"name": "Beheer", "url": "https://example.org", "email": "beheer@example.org"},
        routers=[_router(), _pages_router(pages), probes(readiness, CollectorRegistry())],
        pages=pages,
        sentences={"withdrawn": "Dit signaal is ingetrokken."},
        body_limit_bytes=4 * LIMIT,
    )
