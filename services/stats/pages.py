# SPDX-License-Identifier: EUPL-1.2
"""The page `/cijfers`: choose rows, columns and a period; see a table, a chart and how it was counted.

Owns nothing but the edge: what the visitor may see is decided by the same verb as for the API.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.stats import presentation
from services.stats.api import Stats
from services.stats.figures import PARAMETERS, WGA, Answer
from services.stats.presentation import DIMENSION_LABELS
from shared.access import Staff
from shared.errors import Rejected
from shared.sign_in import navigation
from shared.web import Pages
from shared.web.charts import Bar, bar_chart

LONGEST_CHART: Final = 40
FIRST: Final = {"rijen": "grond", "soort": WGA}  # what a visitor sees who has asked nothing yet
METHODS: Final[Mapping[str, str]] = {
    "exact": "Exacte aantallen. Niet voor publicatie.",
    "onderdrukt": "Kleine aantallen zijn weggelaten om mensen te beschermen.",
    "celsleutel": "De aantallen wijken licht af om mensen te beschermen.",
}
BY: Final = (("registratie", "de dag van registratie"), ("voorval", "de week van het voorval"))
MASS: Final = (("met", "meetellen"), ("zonder", "niet meetellen"))


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and with what every page is made."""

    staff: Staff | None
    pages: Pages

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - what the template names
        """The page, with the visitor's own navigation."""
        return self.pages.render(
            request, template, status=status, navigation=navigation(self.staff),
            signed_in_as=self.staff.name if self.staff else "", **context,
        )  # fmt: skip


def routes(stats: Stats, pages: Pages) -> APIRouter:
    """The routes under `/cijfers`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/cijfers")
    async def figures_page(request: Request) -> Response:
        visit = Visit(stats.staff.find(request), pages)
        asked = {name: value for name, value in request.query_params.items() if name in PARAMETERS and value} or FIRST
        place = stats.municipality(asked.get("gemeente"))
        result, faults = None, []
        try:
            answer = await stats.answer(stats.question_of(list(asked.items())), request)
            result = shown(answer, stats, f"/cijfers/bestand?{urlencode(asked)}")
        except Rejected as rejection:
            faults = [(fault["pointer"].lstrip("/"), fault["detail"]) for fault in rejection.errors]
        none = dict.fromkeys(PARAMETERS, "")
        return visit.render(
            request, "cijfers.html", status=400 if faults else 200, faults=faults, fault=none | dict(faults),
            result=result, place=place.name, fields=form_fields(stats, asked),
            chosen=none | asked | {"gemeente": place.code},
        )  # fmt: skip

    @router.get("/cijfers/bestand")
    async def figures_file(request: Request) -> Response:
        question = stats.question(request)
        answer = await stats.answer(question, request)
        labels = presentation.labels_of(stats.codes, stats.municipality(question.municipality).districts)
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(presentation.lines_of(answer, labels))
        headers = {"Content-Disposition": 'attachment; filename="cijfers.csv"'}
        return Response(text.getvalue(), headers=headers, media_type="text/csv")

    return router


def shown(answer: Answer, stats: Stats, file: str) -> dict[str, Any]:
    """What the page shows of an answer."""
    question = answer.question
    labels = presentation.labels_of(stats.codes, stats.municipality(question.municipality).districts)
    table = presentation.table_of(answer, labels, stats.counting.order(question.municipality))
    names = " en ".join(DIMENSION_LABELS[name].lower() for name in question.dimensions)
    chart = None
    if len(question.dimensions) == 1 and 0 < len(answer.cells) <= LONGEST_CHART:
        bars = [Bar(labels(question.dimensions[0], codes[0]), number) for codes, number in answer.cells]
        chart = bar_chart(bars, title=f"Aantallen per {names}", description="Dezelfde aantallen als in de tabel.")
    return {
        "caption": f"Aantallen per {names}",
        "table": table,
        "numeric": range(1, len(table.columns)),
        "chart": chart,
        "total": answer.total,
        "explanation": answer.explanation,
        "facts": how_counted(answer),
        "file": file,
        "empty": not answer.cells,
    }


def how_counted(answer: Answer) -> list[tuple[str, str]]:
    """The facts behind the figures, in words."""
    question = answer.question
    return [
        ("Methode", METHODS[answer.method]),
        ("Stand", f"definitief, revisie {answer.revision}" if answer.final else "voorlopig"),
        ("Soorten", ", ".join(question.kinds)),
        ("Periode", f"{question.period.first:%d-%m-%Y} tot en met {question.period.last:%d-%m-%Y}"),
        ("Massameldingen", "tellen mee" if question.with_mass else "tellen niet mee"),
        ("Organisaties", answer.source_band or "wordt hier niet getoond"),
        ("Versie van de telregels", answer.rule_version),
    ]


def form_fields(stats: Stats, chosen: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """The options of each choice on the page."""
    dimensions = list(DIMENSION_LABELS.items())
    kinds = [(code.code, stats.codes.kinds.label(code.code)) for code in stats.codes.kinds.in_order]
    municipalities = [(one.code, one.name) for one in stats.municipalities.all]
    return {
        "rijen": dimensions,
        "kolommen": [option for option in dimensions if option[0] != chosen.get("rijen")],
        "soort": [(WGA, "Klachten en meldingen samen (Wga)"), *kinds],
        "gemeente": municipalities if len(municipalities) > 1 else [],
        "datum": list(BY),
        "massameldingen": list(MASS),
    }
