# SPDX-License-Identifier: EUPL-1.2
"""Stats' HTTP API: who asks, what is asked, hand over to a verb, answer.

Owns nothing but the edge. Cannot reach a table: an exact count leaves only through a verb that checks the role.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.stats import figures, schemas
from services.stats.figures import Answer, Question
from services.stats.query import Counting, Released, answer, audience_of
from services.stats.wga import Schema
from shared.access import StaffCheck
from shared.clock import Clock
from shared.database import Database
from shared.errors import NotFound
from shared.municipalities import Municipalities, Municipality
from shared.vocabulary import CodeLists
from shared.web import problem_responses

PREFIX: Final = "/stats"
# Describes the credential in the document; reading and checking it is `StaffCheck`, which also knows the browser's.
STAFF: Final = HTTPBearer(
    scheme_name="medewerker", description="Het token van `seinhuis staff link`.", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Stats:
    """What the edge of stats is wired to."""

    database: Database
    staff: StaffCheck
    clock: Clock
    codes: CodeLists
    municipalities: Municipalities
    counting: Counting
    released: Released
    forms: tuple[Schema, ...]

    def municipality(self, code: str | None) -> Municipality:
        """The municipality asked for, else the default one. Raises: NotFound `unknown_municipality`."""
        if code is None:
            return self.municipalities.default
        if code not in self.municipalities:
            raise NotFound("unknown_municipality")
        return self.municipalities.get(code)

    def today(self, municipality: Municipality) -> dt.date:
        """The day it is there."""
        return self.clock.now().astimezone(municipality.timezone).date()

    def question(self, request: Request) -> Question:
        """The question a request asks. Raises: Rejected with every fault, NotFound for an unknown municipality."""
        return self.question_of(request.query_params.multi_items())

    def question_of(self, given: Sequence[tuple[str, str]]) -> Question:
        """The question these parameters ask. Raises: as `question`."""
        place = self.municipality(dict(given).get("gemeente"))
        return figures.question_from(
            given,
            today=self.today(place),
            municipality=place.code,
            kinds={code.code: code.counts_for_wga for code in self.codes.kinds.in_order},
        )

    async def answer(self, question: Question, request: Request) -> Answer:
        """What whoever sent the request may know."""
        staff = self.staff.find(request)
        if audience_of(staff) is None:  # an exact answer is written down, so it needs a transaction that writes
            return await self.database.in_group(
                lambda tx: answer(question, tx, staff=staff, counting=self.counting, released=self.released)
            )
        async with self.database.reading() as tx:
            return await answer(question, tx, staff=staff, counting=self.counting, released=self.released)


def routes(stats: Stats) -> APIRouter:
    """The routes under `/stats/v1`."""
    router = APIRouter(prefix=f"{PREFIX}/v1")

    @router.get(
        "/cijfers",
        operation_id="haalCijfers",
        tags=["cijfers"],
        summary="Cijfers, uitgesplitst",
        responses={200: {"model": schemas.Cijfers}, **problem_responses(400, 401, 404, 503)},
        openapi_extra={"parameters": schemas.FIGURES_PARAMETERS, "security": [{}, {STAFF.scheme_name: []}]},
    )
    async def get_figures(request: Request) -> Response:
        """Het bureau krijgt exacte aantallen; elke inzage wordt vastgelegd. Anderen krijgen goedgekeurde cijfers."""
        return JSONResponse(figures.as_wire(await stats.answer(stats.question(request), request)))

    return router
