# SPDX-License-Identifier: EUPL-1.2
"""What a partner sees of its own signals. Owns the form of the answer; which partner it is comes from the key alone."""

from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.intake import documents
from services.intake.api import PREFIX, Intake
from services.intake.overview import Overview, overview
from shared.web import problem_responses


def routes(intake: Intake) -> APIRouter:
    """The route under `/intake/v1`."""
    router = APIRouter(prefix=f"{PREFIX}/v1")

    @router.get(
        "/overzichten", operation_id="haalOverzicht", tags=["partners"], summary="Uw eigen signalen per maand",
        responses={200: documents.OVERVIEW, **problem_responses(401, 403, 503)}, openapi_extra=documents.KEY,
    )  # fmt: skip
    async def get_overview(request: Request) -> Response:
        """Hoeveel u stuurde, en hoe ver het is. Nooit de inhoud, nooit die van een ander."""
        partner = await intake.sender(request, "signalen")
        async with intake.database.reading() as tx:
            found = await overview(partner, tx, now=intake.clock.now())
        return JSONResponse(as_wire(found))

    return router


def as_wire(found: Overview) -> dict[str, object]:
    """The overview in Dutch."""
    return {
        "maanden": [
            {
                "maand": one.month,
                "verstuurd": one.sent,
                "inBeoordeling": one.reviewing,
                "geteld": one.counted,
                "nietGeteld": one.not_counted,
                "ingetrokken": one.withdrawn,
            }
            for one in found.months
        ],
        "sleutels": [
            {
                "soort": one["kind"],
                "gemaaktDatum": one["created_on"].isoformat(),
                "verlooptDatum": one["expires_on"].isoformat() if one["expires_on"] else None,
                "laatstGebruiktDatum": one["last_used_on"].isoformat() if one["last_used_on"] else None,
            }
            for one in map(asdict, found.keys)
        ],
    }
