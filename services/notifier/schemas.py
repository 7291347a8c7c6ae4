# SPDX-License-Identifier: EUPL-1.2
"""The bodies of the notifier's API: Dutch names on the wire, and what each may hold.

Owns forms only. Never a rule: what needs the code lists, the clock or the database is judged by a verb.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.notifier.alerts import Verdict
from services.notifier.subscriptions import ADDRESS_CHARACTERS, Channel, Rhythm
from shared.errors import FieldFault, Rejected
from shared.web import validation_errors

BODY_BYTES: Final = 64 * 1024
Name = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Given = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Prose = Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Reason = Annotated[str, Field(min_length=5, max_length=1_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")]
GivenStep = Literal["onderzoek", "delen-en-duiden", "ontwikkel", "pak-aan", "vieren-en-verbeteren"]
Codes = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=60)]


class Body(BaseModel):
    """What every body has: a field nobody declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class InterpretationIn(Body):
    """Een duiding."""

    step: GivenStep = Field(alias="stap", description="Stap van Samenleven in Verscheidenheid.")
    verdict: Verdict = Field(alias="oordeel", default="onbekend", description="Wat het volgens u is.")
    text: Prose = Field(alias="tekst", default="", description="Uw kijk, zonder persoonsgegevens.")
    owner: Name = Field(alias="eigenaar", default="", description="Wie dit oppakt; leeg: uzelf.")
    expires_at: AwareDatetime | None = Field(alias="vervaltOp", default=None, description="Tot wanneer dit geldt.")
    level: Literal[1, 2, 3] | None = Field(
        alias="niveau", default=None, description="Ander niveau; 3 alleen door mensen."
    )
    confirmed: bool = Field(alias="bevatGeenPersoonsgegevens", default=False, description="Uw bevestiging.")


class SubscriptionIn(Body):
    """Een abonnement."""

    channel: Channel = Field(alias="kanaal", description="Waarlangs berichten gaan.")
    address: str = Field(
        alias="adres", min_length=1, max_length=ADDRESS_CHARACTERS, description="E-mailadres of https-adres."
    )
    municipality: str | None = Field(
        alias="gemeente", default=None, pattern=r"^GM\d{4}$", description="Leeg: de standaard."
    )
    districts: Codes = Field(alias="wijken", default=[], description="Leeg: alle wijken.")
    grounds: Codes = Field(alias="gronden", default=[], description="Leeg: alle gronden.")
    level: Literal[0, 1, 2, 3] = Field(alias="niveau", default=1, description="Vanaf welk niveau.")
    rhythm: Rhythm = Field(alias="ritme", default="direct", description="Direct is: het eerstvolgende vaste moment.")
    language: Literal["nl", "en"] = Field(alias="taal", default="nl", description="Taal van de berichten.")


class CodeIn(Body):
    """Een bevestiging."""

    code: str = Field(min_length=1, max_length=200, description="De code uit het bericht.")


class MuteIn(Body):
    """Een stilte."""

    municipality: str | None = Field(
        alias="gemeente", default=None, pattern=r"^GM\d{4}$", description="Leeg: de standaard."
    )
    ground: str | None = Field(alias="grond", default=None, max_length=60, description="Leeg: alle gronden.")
    district: str | None = Field(alias="wijk", default=None, max_length=60, description="Leeg: alle wijken.")
    start: dt.date = Field(alias="van", description="Eerste dag.")
    end: dt.date = Field(alias="tot", description="Laatste dag.")
    reason: Reason = Field(alias="reden", description="Waarom er even niets wordt gestuurd.")


class CampaignIn(Body):
    """Een campagne of gebeurtenis."""

    municipality: str | None = Field(
        alias="gemeente", default=None, pattern=r"^GM\d{4}$", description="Leeg: de standaard."
    )
    kind: Literal["campagne", "gebeurtenis"] = Field(
        alias="soort", default="campagne", description="Een campagne maakt melden makkelijker."
    )
    label: Given = Field(alias="naam", description="Hoe het heet.")
    start: dt.date = Field(alias="van", description="Eerste dag.")
    end: dt.date = Field(alias="tot", description="Laatste dag.")
    grounds: Codes = Field(alias="gronden", default=[], description="Leeg: alle gronden.")


class RuleValues(Body):
    """De regels die gelden."""

    budget_per_year: float | None = Field(
        alias="valsAlarmPerJaar", default=None, ge=0.5, le=24, description="Hoeveel valse attenderingen per jaar mogen."
    )
    signals: int | None = Field(
        alias="minsteSignalen", default=None, ge=3, le=50, description="Minste signalen achter een attendering."
    )
    partners: int | None = Field(
        alias="minsteOrganisaties", default=None, ge=2, le=20, description="Minste organisaties."
    )
    days: int | None = Field(
        alias="minsteDagen", default=None, ge=1, le=14, description="Minste dagen waarop zij binnenkwamen."
    )
    largest_share: float | None = Field(
        alias="grootsteAandeel", default=None, gt=0, lt=1, description="Grootste aandeel van een organisatie."
    )


class TrialIn(RuleValues):
    """Een proef met andere regels."""

    municipality: str | None = Field(
        alias="gemeente", default=None, pattern=r"^GM\d{4}$", description="Leeg: de standaard."
    )
    weeks: int = Field(alias="weken", default=26, ge=1, le=104, description="Hoeveel weken terug.")


class RuleIn(RuleValues):
    """Andere regels."""

    municipality: str | None = Field(
        alias="gemeente", default=None, pattern=r"^GM\d{4}$", description="Leeg: de standaard."
    )
    reason: Reason = Field(alias="reden", description="Waarom deze regels beter zijn.")


B = TypeVar("B", bound=Body)
Judge = Callable[[Mapping[str, Any]], Sequence[FieldFault]]


def parsed(model: type[B], raw: bytes, *, judged: Judge | None = None) -> B:
    """The body. Raises: Rejected (permanent) with every fault and its pointer.

    `judged` adds what a verb would say of the fields whose form is right, so that nobody needs two rounds to see all.
    """
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        found = validation_errors(error)
        wrong = {fault["pointer"].split("/")[1] for fault in found if "/" in fault["pointer"]}
        if judged is not None and wrong:
            told = {name: value for name, value in json.loads(raw).items() if name not in wrong}
            found += [fault for fault in judged(told) if fault["pointer"].split("/")[1] not in wrong]
        raise Rejected("body_invalid", errors=found) from None


def body_of(model: type[Body], example: dict[str, Any]) -> dict[str, Any]:
    """What a route passes as `openapi_extra`, so that its document shows the body it reads itself."""
    schema = model.model_json_schema(by_alias=True)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}
