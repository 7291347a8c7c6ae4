# SPDX-License-Identifier: EUPL-1.2
"""What reports look like on the wire. Owns the shapes and their Dutch names; no rule."""

from typing import Any, Final

from pydantic import BaseModel, Field

from services.stats.benchmarks import Rate
from services.stats.coverage import Coverage

STATUS: Final[dict[str, Any]] = {
    "name": "stand",
    "in": "query",
    "description": "`concept` neemt ook mee wat nog niet is goedgekeurd; alleen voor het bureau.",
    "schema": {"type": "string", "enum": ["goedgekeurd", "concept"], "default": "goedgekeurd"},
}
RATE_EXPLAINED: Final = (
    "De marge zegt tussen welke waarden het cijfer door toeval kan liggen (95 procent). "
    "Meer meldingen betekent niet dat er meer discriminatie is: het kan ook zijn dat meer mensen de weg weten."
)


class Hoofdstuk(BaseModel):
    """Een hoofdstuk: een kop met blokken."""

    code: str
    titel: str
    niveau: int
    blokken: list[dict[str, Any]]


class Rapport(BaseModel):
    """Een rapport, gemaakt van publicaties."""

    soort: str
    gemeente: str
    periode: str
    titel: str
    ondertitel: str
    status: str
    hoofdstukken: list[Hoofdstuk]


class Tempo(BaseModel):
    """Klachten en meldingen per 100.000 inwoners, met de marge."""

    plaats: str
    jaar: int
    per100000: float
    laag: float
    hoog: float
    bron: str
    toelichting: str


class Vergelijking(BaseModel):
    """Het eigen cijfer en dat van anderen."""

    eigen: Tempo | None
    anderen: list[Tempo]
    uitleg: str


class Gehoord(BaseModel):
    """Hoe vaak iets gehoord wordt."""

    code: str
    hoe: str


class Organisatie(BaseModel):
    """Een organisatie bij haar verwijzing; de naam is hier niet bekend."""

    verwijzing: str
    maanden: int
    laatste_maand: str = Field(alias="laatsteMaand")


class Bereik(BaseModel):
    """Hoe goed de stad gehoord wordt. `organisaties` is er alleen voor het bureau."""

    aantal_organisaties: str | None = Field(alias="aantalOrganisaties")
    regelmaat: dict[str, str]
    kwartalen: list[str]
    wijken: list[Gehoord]
    gronden: list[Gehoord]
    organisaties: list[Organisatie] | None = None


def rate(one: Rate) -> dict[str, Any]:
    """A rate on the wire, no more precise than it is meant."""
    return {
        "plaats": one.place,
        "jaar": one.year,
        "per100000": round(one.per_100_000, 1),
        "laag": round(one.low, 1),
        "hoog": round(one.high, 1),
        "bron": one.source,
        "toelichting": one.note,
    }


def coverage_wire(found: Coverage) -> dict[str, Any]:
    """The coverage on the wire."""
    wire: dict[str, Any] = {
        "aantalOrganisaties": found.senders,
        "regelmaat": dict(found.regularity),
        "kwartalen": list(found.quarters),
        "wijken": [{"code": code, "hoe": how} for code, how in found.districts.items()],
        "gronden": [{"code": code, "hoe": how} for code, how in found.grounds.items()],
    }
    if found.sources is not None:
        wire["organisaties"] = [
            {"verwijzing": one.source, "maanden": one.months, "laatsteMaand": one.last} for one in found.sources
        ]
    return wire
