# SPDX-License-Identifier: EUPL-1.2
"""What a partner may send: the wire form of a signal and the rules it must keep.

Pure. Names are Dutch on the wire, English here. All faults are found at once; none repeats a value.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.contracts import CaseId, SealedSignal
from shared.vocabulary import CodeList, CodeLists

REGISTERED_KINDS: Final = frozenset({"klacht", "melding", "eigen-waarneming"})  # only the ADV registers (Wga art. 2)
UNKNOWN: Final = "onbekend"
FIRST_DATE: Final = dt.date(1900, 1, 1)
MAX_TEXT: Final = 20_000
UNKNOWN_CODE: Final = "Deze code staat niet in de codelijst."


@dataclass(frozen=True, slots=True)
class Rules:
    """What a signal is held against: the code lists, the municipality's districts, today there, the sender's rights."""

    codes: CodeLists
    districts: CodeList
    today: dt.date
    may_register: bool


def _coded(choose: Callable[[CodeLists], CodeList]) -> AfterValidator:
    """A check that the value is a code of one list."""

    def check(value: str, info: ValidationInfo) -> str:
        if value not in choose(_rules(info).codes):
            raise PydanticCustomError("unknown_code", UNKNOWN_CODE)
        return value

    return AfterValidator(check)


def _rules(info: ValidationInfo) -> Rules:
    rules = info.context
    if not isinstance(rules, Rules):
        raise TypeError("a signal is validated with rules as context")
    return rules


def _district(value: str, info: ValidationInfo) -> str:
    if value not in _rules(info).districts:
        raise PydanticCustomError("unknown_code", "Deze wijk staat niet in de lijst van deze gemeente.")
    return value


def _past(value: dt.date, info: ValidationInfo) -> dt.date:
    if value > _rules(info).today:
        raise PydanticCustomError("date_in_future", "Deze datum ligt in de toekomst.")
    if value < FIRST_DATE:
        raise PydanticCustomError("date_too_early", "Deze datum ligt voor 1900.")
    return value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("duplicate_code", "Een code staat er meer dan een keer in.")
    return values


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    """Not a `min_length`: pydantic would count the valid ones only and report a second fault for one wrong code."""
    if not values:
        raise PydanticCustomError("empty_list", "Kies er minstens een.")
    return values


Short = Annotated[str, StringConstraints(max_length=200)]
PastDate = Annotated[dt.date, AfterValidator(_past)]
Grounds = Annotated[
    tuple[Annotated[str, _coded(lambda c: c.grounds)], ...],
    Field(max_length=15, json_schema_extra={"minItems": 1}),
    AfterValidator(_distinct),
    AfterValidator(_some),
]
Subgrounds = Annotated[
    tuple[Annotated[str, _coded(lambda c: c.subgrounds)], ...], Field(max_length=30), AfterValidator(_distinct)
]
Handling = Annotated[
    tuple[Annotated[str, _coded(lambda c: c.handling)], ...], Field(max_length=8), AfterValidator(_distinct)
]


class _Wire(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_alias=True,
        validate_by_name=False,
        strict=True,
    )


class Incident(_Wire):
    """Where and when it happened."""

    on: PastDate | None = Field(default=None, alias="datum", description="de dag van het voorval")
    place: Annotated[str, _coded(lambda c: c.incident_places)] = Field(default=UNKNOWN, alias="plaats")
    district: Annotated[str, AfterValidator(_district)] = Field(default=UNKNOWN, alias="wijk")
    postcode: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{3} ?([A-Za-z]{2})?$")] | None = Field(
        default=None, alias="postcode", description="vier cijfers, met of zonder letters"
    )


class Reporter(_Wire):
    """Who told it. Used only to take these names and numbers out of the text; never counted, never kept."""

    name: Short | None = Field(default=None, alias="naam")
    email: Short | None = Field(default=None, alias="email")
    phone: Annotated[str, StringConstraints(max_length=40)] | None = Field(default=None, alias="telefoon")
    born_on: PastDate | None = Field(default=None, alias="geboortedatum")
    address: Short | None = Field(default=None, alias="adres")


class Signal(_Wire):
    """A signal as a partner sends it."""

    kind: Literal["klacht", "melding", "eigen-waarneming", "signaal"] = Field(alias="soort")
    grounds: Grounds = Field(alias="gronden")
    subgrounds: Subgrounds = Field(default=(), alias="subgronden")
    terrain: Annotated[str, _coded(lambda c: c.terrains)] = Field(alias="terrein")
    nature: Annotated[str, _coded(lambda c: c.natures)] = Field(default=UNKNOWN, alias="aard")
    reporter_role: Annotated[str, _coded(lambda c: c.reporter_roles)] = Field(default=UNKNOWN, alias="melderRol")
    anonymity: Annotated[str, _coded(lambda c: c.anonymity)] = Field(default=UNKNOWN, alias="anonimiteit")
    residency: Annotated[str, _coded(lambda c: c.residency)] = Field(default=UNKNOWN, alias="inwonerschap")
    handling: Handling = Field(default=(), alias="behandeling")
    incident: Incident = Field(default_factory=Incident, alias="voorval")
    mass_event: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")] | None = Field(
        default=None, alias="massamelding", description="de naam van de actie, in kleine letters met streepjes"
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = Field(default="nl", alias="taal")
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = Field(default="", alias="toelichting")
    reporter: Reporter | None = Field(default=None, alias="melder")
    persons: Annotated[tuple[Short, ...], Field(max_length=50)] = Field(default=(), alias="betrokkenen")
    partner_reference: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        default=None,
        alias="kenmerk",
        description="uw eigen kenmerk; alleen een afdruk blijft, om dubbele te zien",
    )

    @field_validator("subgrounds")
    @classmethod
    def _subgrounds_belong(cls, subgrounds: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        grounds = info.data.get("grounds")  # not there when the grounds themselves are wrong
        parents = {_rules(info).codes.subgrounds.parent(code) for code in subgrounds}
        if grounds is not None and not parents <= set(grounds):
            raise PydanticCustomError("subground_without_ground", "Een subgrond hoort niet bij een gekozen grond.")
        return subgrounds


def sealed_form(
    signal: Signal,
    *,
    case_id: CaseId,
    correction: int,
    municipality: str,
    source_ref: str,
    received_at: dt.datetime,
    registered_on: dt.date,
) -> SealedSignal:
    """The signal as it goes into the sealed payload."""
    reporter, incident = signal.reporter or Reporter(), signal.incident
    return SealedSignal(
        case_id=case_id,
        correction=correction,
        municipality=municipality,
        source_ref=source_ref,
        received_at=received_at,
        registered_on=registered_on,
        kind=signal.kind,
        grounds=signal.grounds,
        subgrounds=signal.subgrounds,
        terrain=signal.terrain,
        nature=signal.nature,
        handling=signal.handling,
        reporter_role=signal.reporter_role,
        anonymity=signal.anonymity,
        residency=signal.residency,
        incident_on=incident.on,
        incident_place=incident.place,
        district=incident.district,
        postcode=incident.postcode,
        mass_event=signal.mass_event,
        language=signal.language,
        text=signal.text,
        reporter_name=reporter.name,
        reporter_email=reporter.email,
        reporter_phone=reporter.phone,
        reporter_born_on=reporter.born_on,
        reporter_address=reporter.address,
        persons=signal.persons,
    )


def parse(body: bytes, rules: Rules) -> Signal:
    """The signal in a request body. Raises: pydantic.ValidationError with every fault."""
    return Signal.model_validate_json(body, context=rules)


def parse_mapping(raw: Mapping[str, Any], rules: Rules) -> Signal:
    """The signal in a mapping of strings, as a form or a row gives it. Raises: pydantic.ValidationError."""
    return Signal.model_validate(raw, context=rules, strict=False)
