# SPDX-License-Identifier: EUPL-1.2
"""What stats' API says it answers: the shapes of its JSON, for the OpenAPI document.

Owns the description of the wire, in Dutch as on the wire. Holds no rule; a test compares real answers with it.
"""

import datetime as dt
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.stats.figures import DIMENSIONS


class Document(BaseModel):
    """A JSON document of which every field is named here."""

    model_config = ConfigDict(extra="forbid")


class HoeGeteld(Document):
    """Hoe de cijfers zijn geteld."""

    gemeente: str
    van: dt.date
    tot: dt.date
    basis: Literal["registratie", "voorval"]
    soorten: list[str]
    massameldingen: Literal["met", "zonder"]
    organisaties: str | None = Field(description="Hoeveel organisaties deze signalen stuurden, als band.")
    onderdrukt: bool = Field(description="Of er cellen zijn weggelaten om mensen te beschermen.")
    regelversie: str


class Cijfers(Document):
    """Cijfers met uitleg. Een verborgen cel heeft null als aantal."""

    dimensies: list[str]
    cellen: list[dict[str, Any]] = Field(description="Per cel de code van elke dimensie, en het aantal.")
    totaal: int | None = Field(description="Het aantal zaken. Een zaak kan in meer cellen staan.")
    methode: Literal["exact", "onderdrukt", "celsleutel"]
    uitleg: str
    status: Literal["voorlopig", "definitief"]
    revisie: int
    hoe_geteld: HoeGeteld = Field(alias="hoeGeteld")


class Sectie(Document):
    """Een onderdeel van het formulier."""

    code: str
    label: str
    rijen: list[dict[str, Any]] = Field(description="Per rij code, label en een aantal per kolom.")
    totaal: dict[str, int]


class Vraag(Document):
    """Wat een mens moet beslissen voordat deze zaken in een kolom kunnen staan."""

    code: str
    vraag: str
    aantal: int


class Verschil(Document):
    """Een getal dat sinds de vorige revisie is veranderd."""

    sectie: str
    code: str
    kolom: str
    was: int
    wordt: int


class Formulier(Document):
    """Het formulier van de Wga over een jaar. Niet voor publicatie: de aantallen zijn onbeschermd."""

    gemeente: str
    jaar: int
    schema_: str = Field(alias="schema")
    titel: str
    massameldingen: Literal["met", "zonder"]
    secties: list[Sectie]
    vragen: list[Vraag]
    niet_op_formulier: int = Field(
        alias="nietOpFormulier", description="Zaken van een niet-ingezetene over een voorval elders."
    )
    status: Literal["voorlopig", "definitief"]
    revisie: int
    verschillen: list[Verschil] = Field(description="Wat sinds de vastgestelde revisie is veranderd.")


class Vaststelling(Document):
    """Een voorstel om het formulier van een jaar vast te stellen, of het vastgestelde formulier."""

    id: str
    gemeente: str
    jaar: int
    schema_: str = Field(alias="schema")
    revisie: int
    status: Literal["concept", "definitief"]
    voorgesteld_door: str = Field(alias="voorgesteldDoor")
    voorgesteld_op: dt.datetime = Field(alias="voorgesteldOp")
    goedgekeurd_door: str | None = Field(alias="goedgekeurdDoor")
    goedgekeurd_op: dt.datetime | None = Field(alias="goedgekeurdOp")
    verschillen: list[Verschil]
    vragen: list[Vraag]


class Vaststellingen(Document):
    """Alle revisies van het formulier van een jaar."""

    vaststellingen: list[Vaststelling]


def parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - OpenAPI's own words
    """A query parameter as OpenAPI describes it."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


_CODE: Final = {"type": "string"}
MUNICIPALITY: Final = parameter(
    "gemeente", "Code van de gemeente. Zonder: de gemeente van deze installatie.", _CODE, example="GM0000"
)
MASS: Final = parameter(
    "massameldingen", "Met of zonder massameldingen.", {"type": "string", "enum": ["met", "zonder"], "default": "met"}
)
_DIMENSION: Final = {"type": "string", "enum": list(DIMENSIONS)}
FIGURES_PARAMETERS: Final = [
    parameter("rijen", "Waarnaar de cijfers zijn uitgesplitst.", _DIMENSION, required=True, example="grond"),
    parameter("kolommen", "Een tweede uitsplitsing, anders dan de eerste.", _DIMENSION),
    parameter("van", "Eerste dag. Zonder van en tot: dit kalenderjaar.", {"type": "string", "format": "date"}),
    parameter("tot", "Laatste dag; telt mee.", {"type": "string", "format": "date"}),
    parameter("soort", "Eén soort, of wga voor klacht en melding. Verplicht als soort geen uitsplitsing is.", _CODE),
    MUNICIPALITY,
    MASS,
    parameter(
        "datum",
        "Kies zaken op de dag van registratie of op de week van het voorval.",
        {"type": "string", "enum": ["registratie", "voorval"], "default": "registratie"},
    ),
]
FORM_PARAMETERS: Final = [
    MUNICIPALITY,
    MASS,
    parameter("schema", "Een bepaalde versie van het formulier.", _CODE, example="wga-2011"),
    parameter(
        "stand",
        "Het formulier zoals het is vastgesteld, of zoals de cijfers nu zijn.",
        {"type": "string", "enum": ["vastgesteld", "actueel"], "default": "vastgesteld"},
    ),
]
