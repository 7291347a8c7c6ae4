# SPDX-License-Identifier: EUPL-1.2
"""What the review API takes and answers: the shapes of its JSON, and how a review becomes one.

Owns the words of the wire, in Dutch. Holds no rule.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.anonymizer import coding, reviews
from services.anonymizer.judgements import MARKS_LIMIT, PUT_BACK_LIMIT, Judgement
from services.anonymizer.kept_words import KeptWords
from services.anonymizer.review import Opened
from services.anonymizer.reviews import Content, Decision
from services.anonymizer.storage import Review
from shared.clock import rfc3339

Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
NOTE_LIMIT: Final = 500


class Document(BaseModel):
    """A JSON document of which every field is named here."""

    model_config = ConfigDict(
        extra="forbid", strict=True, hide_input_in_errors=True, validate_by_alias=True, validate_by_name=False
    )


class Voorval(Document):
    """Waar het voorval was."""

    plaats: Code | None = Field(default=None, examples=["in-gemeente"])
    wijk: Code | None = Field(default=None, examples=["online"])


class Codering(Document):
    """De codering van een zaak. Bij een besluit: alleen wat anders moet."""

    soort: Code | None = Field(default=None, examples=["signaal"])
    gronden: list[Code] | None = Field(default=None, max_length=15, examples=[["godsdienst"]])
    subgronden: list[Code] | None = Field(default=None, max_length=30, examples=[[]])
    terrein: Code | None = Field(default=None, examples=["onderwijs"])
    aard: Code | None = Field(default=None, examples=["vijandige-bejegening"])
    melder_rol: Code | None = Field(default=None, alias="melderRol", examples=["getuige"])
    anonimiteit: Code | None = Field(default=None, examples=["geheel-anoniem"])
    inwonerschap: Code | None = Field(default=None, examples=["ingezetene"])
    behandeling: list[Code] | None = Field(default=None, max_length=8, examples=[["registratie"]])
    voorval: Voorval | None = None
    massamelding: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")] | None = Field(
        default=None,
        description="De naam of de code van de actie; null: geen massamelding. Alleen de code reist verder.",
        examples=[None],
    )


class Stuk(Document):
    """Een stuk van de tekst, van een teken tot vóór een ander teken. Tekens zijn Unicode-tekens, geteld vanaf 0."""

    van: int = Field(ge=0, le=100_000, examples=[12])
    tot: int = Field(ge=0, le=100_000, examples=[19])


class Terug(Document):
    """Een gewoon woord dat ten onrechte is weggehaald, en de plek waar het hoort."""

    plek: int = Field(ge=0, le=10_000, description="De hoeveelste markering, geteld vanaf 0.", examples=[0])
    woord: str = Field(
        min_length=1, max_length=80, description="Een woord van `/terugzetwoorden`.", examples=["moskee"]
    )


class Besluit(Document):
    """Wat u besluit over een zaak die u hebt beoordeeld."""

    besluit: Literal["akkoord", "aangepast", "niet-meegeteld", "als-melding"] = Field(
        description="akkoord: de codering klopt. aangepast: er moest iets anders. niet-meegeteld: de zaak telt niet "
        "mee, met een reden. als-melding: een signaal wordt een melding, geregistreerd op de dag van dit besluit.",
        examples=["aangepast"],
    )
    reden: str = Field(
        default="",
        max_length=60,
        pattern=r"^[a-z0-9-]*$",
        description=f"Verplicht bij niet-meegeteld; kies uit: {', '.join(reviews.NOT_COUNTED_REASONS)}.",
        examples=[""],
    )
    codering: Codering | None = Field(default=None, description="Alleen bij aangepast en als-melding.")
    markeringen: list[Stuk] = Field(
        default_factory=list, max_length=MARKS_LIMIT, description="Stukken van de tekst die ook weg moeten."
    )
    terugzetten: list[Terug] = Field(
        default_factory=list, max_length=PUT_BACK_LIMIT, description="Gewone woorden die ten onrechte weg zijn."
    )
    opmerking: str = Field(
        default="",
        max_length=NOTE_LIMIT,
        description="Voor een collega. Noem geen namen. Wordt met de tekst verwijderd.",
        examples=["De melder noemt twee voorvallen."],
    )
    revisie: int | None = Field(
        default=None,
        ge=1,
        description="De revisie die u zag. Is de zaak intussen veranderd, dan volgt 409. Niet verplicht.",
        examples=[1],
    )

    def judgement(self) -> Judgement:
        """The decision as the rules know it."""
        given = self.codering.model_dump(by_alias=True, exclude_unset=True) if self.codering else None
        return Judgement(
            decision=Decision(self.besluit),
            reason=self.reden,
            coding=_without_nothing(given) if given else None,
            marks=tuple((one.van, one.tot) for one in self.markeringen),
            put_back=tuple((one.plek, one.woord) for one in self.terugzetten),
            note=self.opmerking.strip(),
            seen=self.revisie,
        )


def inlined(schema: Any, parts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON of any shape
    """A JSON Schema with what it refers to written out: the body is read as bytes, so no component holds it."""
    if isinstance(schema, list):
        return [inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: inlined(value, parts) for name, value in schema.items() if name != "$defs"}


_BODY: Final = Besluit.model_json_schema(by_alias=True)
DECISION_BODY: Final = {
    "required": True,
    "description": "Het besluit.",
    "content": {
        "application/json": {
            "schema": inlined(_BODY, _BODY["$defs"]),
            "examples": {
                "akkoord": {"summary": "De codering klopt", "value": {"besluit": "akkoord"}},
                "aangepast": {
                    "summary": "Een andere grond",
                    "value": {"besluit": "aangepast", "codering": {"gronden": ["godsdienst"]}},
                },
                "niet-meegeteld": {
                    "summary": "Telt niet mee",
                    "value": {"besluit": "niet-meegeteld", "reden": "dubbel"},
                },
                "woord terug": {
                    "summary": "Een gewoon woord was weg",
                    "value": {"besluit": "aangepast", "terugzetten": [{"plek": 0, "woord": "moskee"}]},
                },
                "als-melding": {"summary": "Een signaal wordt een melding", "value": {"besluit": "als-melding"}},
            },
        }
    },
}


class Reden(Document):
    """Waarom een mens moet kijken."""

    code: str = Field(examples=["hoofdletters-over"])
    uitleg: str = Field(examples=[reviews.REASONS["hoofdletters-over"]])


class Beoordeling(Document):
    """Een zaak die wacht op een mens, of die is beoordeeld. Zonder de tekst."""

    id: str = Field(examples=["0b9ad9b4-7c05-4d0c-9d43-9ab2a3f5a0c1"])
    gemeente: str = Field(examples=["GM0000"])
    status: Literal["open", "besloten"]
    redenen: list[Reden]
    geopend_op: dt.datetime = Field(alias="geopendOp", description="Op het uur afgerond.")
    wacht_dagen: int = Field(alias="wachtDagen", description="Hoeveel dagen de zaak wacht.", examples=[2])
    bezet_door: str | None = Field(alias="bezetDoor", description="Wie de zaak nu heeft.", examples=[None])
    bezet_tot: dt.datetime | None = Field(alias="bezetTot")
    besluit: str | None = Field(examples=[None])
    reden_besluit: str | None = Field(alias="redenBesluit", examples=[None])
    besloten_door: str | None = Field(alias="beslotenDoor", examples=[None])
    besloten_op: dt.datetime | None = Field(alias="beslotenOp")


class Beoordelingen(Document):
    """Een bladzijde van de zaken die wachten."""

    beoordelingen: list[Beoordeling]
    totaal: int = Field(description="Hoeveel er zijn, alle bladzijden samen.", examples=[1])
    bladzijde: int = Field(examples=[1])
    vandaag_door_u: int = Field(alias="vandaagDoorU", description="Hoeveel u er vandaag besliste.", examples=[3])


class Markering(Document):
    """Een plek in de tekst waar iets is weggehaald."""

    van: int = Field(examples=[5])
    tot: int = Field(examples=[16])
    soort: str = Field(description="Wat er stond.", examples=["PERSON"])


class BeoordelingDetail(Beoordeling):
    """Een zaak met de tekst waaruit alles is weggehaald wat de computer herkende."""

    tekst: str | None = Field(
        description="Null als de computer de tekst niet kon verwerken; dan is er niets bewaard.",
        examples=["Ik zag [PERSOON-1] bij de ingang."],
    )
    markeringen: list[Markering]
    codering: Codering = Field(description="De codering zoals die nu telt.")
    opmerking: str = Field(examples=[""])
    revisie: int = Field(description="Stuur die mee met uw besluit.", examples=[1])


class Woordgroep(Document):
    """Woorden van één soort."""

    groep: str = Field(examples=["Instanties"])
    woorden: list[str] = Field(examples=[["politie"]])


class Terugzetwoorden(Document):
    """De gewone woorden die u in de tekst van een gemeente kunt terugzetten."""

    gemeente: str = Field(examples=["GM0000"])
    groepen: list[Woordgroep]


def as_listed(review: Review, *, now: dt.datetime) -> dict[str, Any]:
    """A review in the queue, as it goes over the wire."""
    taken_by = review.held_by(now)
    return {
        "id": review.id,
        "gemeente": review.municipality,
        "status": "open" if review.decision is None else "besloten",
        "redenen": [{"code": code, "uitleg": explanation(code)} for code in review.reasons],
        "geopendOp": rfc3339(review.opened_at),
        "wachtDagen": max(0, ((review.decided_at or now) - review.opened_at).days),
        "bezetDoor": taken_by,
        "bezetTot": rfc3339(review.leased_until) if taken_by and review.leased_until else None,
        "besluit": review.decision,
        "redenBesluit": review.decision_reason,
        "beslotenDoor": review.decided_by,
        "beslotenOp": rfc3339(review.decided_at) if review.decided_at else None,
    }


def as_detail(review: Review, content: Content, *, now: dt.datetime) -> dict[str, Any]:
    """A review with its text, as it goes over the wire."""
    return as_listed(review, now=now) | {
        "tekst": content.text,
        "markeringen": [{"van": start, "tot": end, "soort": kind} for start, end, kind in content.marks],
        "codering": coding.as_wire(content.facts),
        "opmerking": content.note,
        "revisie": content.facts.revision,
    }


def as_words(municipality: str, kept: KeptWords) -> dict[str, Any]:
    """The words that may be put back, as they go over the wire."""
    groups = [{"groep": label, "woorden": list(words)} for label, words in kept.groups]
    return {"gemeente": municipality, "groepen": groups}


def opened(found: Opened, *, now: dt.datetime) -> dict[str, Any]:
    """An opened review, as it goes over the wire."""
    return as_detail(found.review, found.content, now=now)


def explanation(code: str) -> str:
    """What a reason means, in plain words."""
    return reviews.REASONS.get(code, reviews.UNNAMED_REASON)


def _without_nothing(given: dict[str, Any]) -> dict[str, Any]:
    """What was given; null means "leave as it is", but for the mass event, which null takes away."""
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in given.items()
        if value is not None or name == "massamelding"
    }
