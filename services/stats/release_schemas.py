# SPDX-License-Identifier: EUPL-1.2
"""The shapes of JSON about releases, for the OpenAPI document and for what is sent.

Owns the description of the wire, in Dutch as on the wire. Holds no rule.
"""

import datetime as dt
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from services.stats.schemas import Document

EXAMPLE: Final[dict[str, Any]] = {"periode": "2026-K3"}


class PublicatieVraag(Document):
    """Welke publicatie u wilt maken."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, strict=True)

    periode: str = Field(
        max_length=10, description="Een afgesloten kwartaal, halfjaar of jaar: 2026-K3, 2026-H2, 2026."
    )
    bezwaar_tot: dt.date | None = Field(
        default=None, alias="bezwaarTot", description="Tot en met welke dag organisaties bezwaar mogen maken."
    )


class Intrekking(Document):
    """Waarom een publicatie wordt ingetrokken."""

    reden: str = Field(min_length=3, max_length=1000)


class Bezwaar(Document):
    """Wat een organisatie tegen een publicatie heeft."""

    tekst: str = Field(min_length=3, max_length=2000)


class Telling(Document):
    """Eén telling van een publicatie. Een verborgen aantal is null."""

    code: str
    label: str
    totaal: int | None
    ingehouden: bool = Field(description="Of er over deze telling niets te tonen is.")
    weggelaten: list[list[str]] = Field(
        default=[], description="De tabellen die niet naar buiten komen, omdat er altijd iets uit af te leiden is."
    )
    cellen: int
    verborgen: int
    verborgen_omdat_klein: int = Field(alias="verborgenOmdatKlein")
    verborgen_om_herleiden: int = Field(alias="verborgenOmHerleiden")
    kosten: int = Field(description="Hoeveel informatie is verborgen; een totaal weegt zwaarder.")
    goedkoopst_bewezen: bool = Field(alias="goedkoopstBewezen")
    tabellen: list[dict[str, Any]] = Field(default=[], description="Per tabel de dimensies en de cellen.")


class BezwaarTekst(Document):
    """Een bezwaar, zonder te zeggen van wie."""

    tekst: str
    gemaakt_op: dt.datetime = Field(alias="gemaaktOp")


class Publicatie(Document):
    """Een publicatie: wat erin staat, wat is verborgen en waarom, en wat meer zou laten zien."""

    id: str
    gemeente: str
    periode: str
    van: dt.date
    tot: dt.date
    revisie: int
    status: Literal["concept", "goedgekeurd", "ingetrokken"]
    tabellenboek: str
    gemaakt_op: dt.datetime = Field(alias="gemaaktOp")
    goedgekeurd_op: dt.datetime | None = Field(alias="goedgekeurdOp")
    ingetrokken_op: dt.datetime | None = Field(alias="ingetrokkenOp")
    reden_intrekking: str | None = Field(alias="redenIntrekking")
    bezwaar_tot: dt.date | None = Field(alias="bezwaarTot")
    voorstellen: list[str]
    tellingen: list[Telling]
    gemaakt_door: str | None = Field(default=None, alias="gemaaktDoor", description="Alleen voor het bureau.")
    goedgekeurd_door: str | None = Field(default=None, alias="goedgekeurdDoor", description="Alleen voor het bureau.")
    bezwaren: list[BezwaarTekst] = Field(default=[], description="Alleen voor het bureau.")


class Publicaties(Document):
    """De publicaties van een gemeente."""

    publicaties: list[Publicatie]


class Aandeel(Document):
    """Wat uw eigen organisatie aan een publicatie bijdroeg."""

    publicatie: str
    periode: str
    bezwaar_tot: dt.date | None = Field(alias="bezwaarTot")
    zaken: dict[str, int] = Field(description="Uw eigen zaken per telling.")
