# SPDX-License-Identifier: EUPL-1.2
"""The HTTP API of open data: the catalogue and the files, for anybody.

Owns nothing but the edge. Every figure comes from the same verb that answers whoever is not signed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from services.stats import open_data, open_files, released
from services.stats.api import PREFIX
from services.stats.api_releases import Desk
from services.stats.open_data import Listed, Publisher
from services.stats.open_files import DataSet
from services.stats.releases import Release
from services.stats.schemas import MUNICIPALITY
from shared.errors import NotFound
from shared.municipalities import Municipality
from shared.web import problem_responses
from shared.web.negotiation import negotiated

TURTLE: Final = "text/turtle"
JSON_LD: Final = "application/ld+json"
SERIALISED: Final = {JSON_LD: "json-ld", TURTLE: "turtle"}
OPEN: Final = {"Access-Control-Allow-Origin": "*"}
DataSetId = Annotated[str, Path(max_length=120, description="Het id van de gegevensset, uit de catalogus.")]
Form = Annotated[str, Path(pattern="^(csv|csv-excel|json|csv-metadata)$", description="De vorm van het bestand.")]


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """What the edge of open data is wired to. `address`: where people reach this installation."""

    desk: Desk
    address: Callable[[], str]

    @property
    def base(self) -> str:
        """The address of the catalogue."""
        return f"{self.address().rstrip('/')}{PREFIX}/v1/open-data"

    def sets(self, place: Municipality) -> list[DataSet]:
        """The data sets of a municipality."""
        return open_files.data_sets(place.code, place.name, self.desk.releasing.catalogue(place.code).counts)

    def listed(self, place: Municipality, quarters: Sequence[Release]) -> list[Listed]:
        """The data sets of a municipality as the catalogue lists them; none before the first approved quarter."""
        if not quarters:
            return []
        moments = [one.approved_at or one.made_at for one in quarters]
        first, last, page = quarters[0].days.first, quarters[-1].days.last, f"{self.address().rstrip('/')}/cijfers"
        return [Listed(one, first, last, min(moments), max(moments), page) for one in self.sets(place)]

    async def one(self, identity: str) -> tuple[Municipality, Listed]:
        """The data set of this id, and where it is about. Raises: NotFound."""
        for place in self.desk.stats.municipalities.all:
            if any(one.id == identity for one in self.sets(place)):
                for listed in self.listed(place, await self.quarters(place)):
                    if listed.data.id == identity:
                        return place, listed
        raise NotFound("no_such_data_set")

    async def quarters(self, place: Municipality) -> list[Release]:
        """The approved quarters, the oldest first."""
        async with self.desk.stats.database.reading() as tx:
            return await released.open_releases(place.code, tx)

    async def file(self, identity: str, form: str) -> Response:
        """A file of a data set. Raises: NotFound."""
        place, listed = await self.one(identity)
        data, quarters = listed.data, await self.quarters(place)
        order = self.desk.releasing.order(place.code)
        catalogue = self.desk.releasing.catalogue(place.code)
        rows, label = released.open_rows(data, quarters, catalogue=catalogue, order=order), self.desk.label(place.code)
        if form == "csv-metadata":
            content = open_files.as_csvw(data, f"{self.base}/{data.id}/bestanden/csv")
        elif form == "json":
            content = open_files.as_json(data, rows, label)
        else:
            content = open_files.as_csv(data, rows, label, for_excel=form == "csv-excel")
        return Response(content, media_type=open_files.FORMS[form], headers=OPEN)


def routes(open_desk: OpenDesk) -> APIRouter:
    """The routes under `/stats/v1/open-data`."""
    router = APIRouter(prefix=f"{PREFIX}/v1/open-data", tags=["open-data"])
    problems = problem_responses(400, 404, 406, 503)

    @router.get(
        "",
        operation_id="haalCatalogus",
        summary="De catalogus van open data",
        responses={
            200: {
                "description": "De catalogus volgens DCAT-AP-NL 3.",
                "content": {JSON_LD: {"schema": {"type": ["object", "array"]}}, TURTLE: {"schema": {"type": "string"}}},
            },
            **problems,
        },
        openapi_extra={"parameters": [MUNICIPALITY]},
    )
    async def get_catalogue(request: Request) -> Response:
        """Alle open gegevenssets met hun bestanden, als JSON-LD of Turtle. Iedereen mag ze gebruiken."""
        kind = negotiated(request.headers.get("accept"), tuple(SERIALISED))
        place = open_desk.desk.stats.municipality(request.query_params.get("gemeente"))
        quarters = await open_desk.quarters(place)
        listed = open_desk.listed(place, quarters)
        changed_at = max((one.changed_at for one in listed), default=open_desk.desk.clock.now())
        publisher = _publisher(place)
        made = open_data.graph(open_desk.base, publisher, listed, place=place.name, changed_at=changed_at)
        return Response(made.serialize(format=SERIALISED[kind]).encode(), media_type=kind, headers=OPEN)

    @router.get(
        "/{id}",
        operation_id="haalGegevensset",
        summary="De beschrijving van een gegevensset",
        responses={
            200: {
                "description": "De beschrijving volgens DCAT-AP-NL 3.",
                "content": {kind: {"schema": {"type": "string"}} for kind in SERIALISED},
            },
            **problems,
        },
    )
    async def get_data_set(request: Request, id: DataSetId) -> Response:  # noqa: A002 - the name in the path
        """Wat er in een gegevensset staat en waar de bestanden zijn. Dit adres verandert nooit."""
        kind = negotiated(request.headers.get("accept"), tuple(SERIALISED))
        place, listed = await open_desk.one(id)
        made = open_data.graph_of(open_desk.base, _publisher(place), listed)
        return Response(made.serialize(format=SERIALISED[kind]).encode(), media_type=kind, headers=OPEN)

    @router.get(
        "/{id}/bestanden/{vorm}",
        operation_id="haalOpenBestand",
        summary="Een bestand met open cijfers",
        responses={
            200: {
                "description": "Het bestand.",
                "content": {kind: {"schema": {"type": "string"}} for kind in dict.fromkeys(open_files.FORMS.values())},
            },
            **problems,
        },
    )
    async def get_file(id: DataSetId, vorm: Form) -> Response:  # noqa: A002 - the name in the path
        """Open cijfers per afgesloten kwartaal. De aantallen wijken hoogstens 5 af; 1 en 2 komen niet voor."""
        return await open_desk.file(id, vorm)

    return router


def _publisher(place: Municipality) -> Publisher:
    return Publisher(place.bureau.full_name or place.bureau.name, place.bureau.url, place.bureau.email)
