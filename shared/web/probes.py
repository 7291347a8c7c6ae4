# SPDX-License-Identifier: EUPL-1.2
"""The three addresses that tell an operator how a process is: alive, ready, and in figures.

Owns their form. Never says more than names of dependencies, counts and ages.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a process can do its own job, and the names of what is away meanwhile.

    `missing` may name something while `ready` is true: intake without a bus keeps accepting.
    """

    ready: bool
    missing: tuple[str, ...] = ()
    details: Mapping[str, str | int | float | bool] = field(default_factory=dict)


def probes(readiness: Callable[[], Awaitable[Readiness]], registry: CollectorRegistry) -> APIRouter:
    """Routes for `/livez`, `/readyz` and `/metrics`, outside the API document."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "leeft"})

    @router.get("/readyz")
    async def readyz() -> Response:
        state = await readiness()
        body = {
            "status": "gereed" if state.ready else "niet-gereed",
            "ontbreekt": list(state.missing),
            "details": dict(state.details),
        }
        return JSONResponse(body, 200 if state.ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
