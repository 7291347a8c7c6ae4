# SPDX-License-Identifier: EUPL-1.2
"""The published language: every event that crosses a service line, and the topics they travel on.

Owns the only models two services share. After the anonymizer they hold coded facts and nothing else; the list of fields
is closed. Source: NL GOV profile for CloudEvents 1.x (binary mode, headers `ce_*`); `interfaces` names the topics.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal, NewType, Self, TypeVar
from uuid import UUID, uuid4

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from shared.clock import rfc3339
from shared.errors import Rejected

SignalId = NewType("SignalId", str)
CaseId = NewType("CaseId", str)
SourceRef = NewType("SourceRef", str)

MAX_EVENT_BYTES: Final = 256 * 1024
Kind = Literal["klacht", "melding", "eigen-waarneming", "signaal"]
CaseKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class Event(BaseModel):
    """What every event has: it cannot be changed, and a field nobody declared is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    topic: ClassVar[str]
    type: ClassVar[str]

    @property
    def ordering_key(self) -> str:
        """What keeps its order: events with the same key stay behind one another."""
        raise NotImplementedError


class SealedEvent(Event):
    """An event whose content only the anonymizer can open."""

    signal_id: UUID
    epoch: str = Field(max_length=40)
    schema_version: Literal[1] = 1
    sealed: Base64Bytes

    purpose: ClassVar[str]

    @property
    def ordering_key(self) -> str:
        """The signal the event is about."""
        return str(self.signal_id)


class SignalSubmitted(SealedEvent):
    """A partner passed a signal on."""

    topic: ClassVar[str] = "signal.submitted.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-ontvangen.v1"
    purpose: ClassVar[str] = "submitted"


class SignalCorrected(SealedEvent):
    """Whoever holds the receipt sent the signal anew."""

    topic: ClassVar[str] = "signal.corrected.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-gecorrigeerd.v1"
    purpose: ClassVar[str] = "corrected"


class SignalWithdrawn(SealedEvent):
    """Whoever holds the receipt took the signal back."""

    topic: ClassVar[str] = "signal.withdrawn.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-ingetrokken.v1"
    purpose: ClassVar[str] = "withdrawn"


class SignalAnonymised(Event):
    """The coded facts of one case, in their newest revision. This list of fields is closed.

    Units: `incident_week` is an ISO week `2026-W45`; `record_key` is 0 <= n < 2**32, the case's share in a cell key.
    """

    topic: ClassVar[str] = "signal.anonymised.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-geanonimiseerd.v1"

    case_id: CaseKey
    revision: int = Field(ge=1)
    municipality: str = Field(pattern=r"^GM\d{4}$")
    kind: Kind
    grounds: tuple[str, ...] = Field(min_length=1)
    subgrounds: tuple[str, ...] = ()
    terrain: str
    nature: str
    handling: tuple[str, ...] = ()
    reporter_role: str
    anonymity: str
    residency: str
    incident_place: str
    district: str
    incident_week: str | None = Field(pattern=r"^\d{4}-W\d{2}$")
    registered_on: dt.date
    age_band: str
    mass_event: str | None
    source_ref: str = Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")
    record_key: int = Field(ge=0, lt=2**32)

    @property
    def ordering_key(self) -> str:
        """The case."""
        return self.case_id


class SignalRetracted(Event):
    """The case no longer counts: withdrawn by the receipt's holder, or found not to count in review."""

    topic: ClassVar[str] = "signal.retracted.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-teruggenomen.v1"

    case_id: CaseKey
    revision: int = Field(ge=1)
    reason: Literal["withdrawn", "not-counted"]

    @property
    def ordering_key(self) -> str:
        """The case."""
        return self.case_id


class SignalUnderReview(Event):
    """A person has to look at the text of the case, or has done so. Says nothing of what the case holds."""

    topic: ClassVar[str] = "signal.review.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.signaal-in-beoordeling.v1"

    case_id: CaseKey
    revision: int = Field(ge=1, description="counts the openings and closings of one case's review")
    open: bool

    @property
    def ordering_key(self) -> str:
        """The case."""
        return self.case_id


class ReleaseApproved(Event):
    """A set of protected tables was approved by a second person and may be read."""

    topic: ClassVar[str] = "release.approved.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.cijfers-goedgekeurd.v1"

    release_id: str
    municipality: str = Field(pattern=r"^GM\d{4}$")
    period: str
    revision: int = Field(ge=1)

    @property
    def ordering_key(self) -> str:
        """The municipality."""
        return self.municipality


class AlertClaim(BaseModel):
    """The least that readers of an alert know: so many cases at least, registered on these days, in this area.

    Whoever publishes figures must count it in: an alert and a figure about the same cases narrow each other.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    ground: str | None = None
    terrain: str | None = None
    district: str | None = None
    first: dt.date
    last: dt.date
    at_least: int = Field(ge=1)


class AlertRaised(Event):
    """An alert was raised, changed or taken back: where to read it, and what its readers know of counts."""

    topic: ClassVar[str] = "alert.raised.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.spanning-gesignaleerd.v1"

    alert_id: str
    municipality: str = Field(pattern=r"^GM\d{4}$")
    level: int = Field(ge=0, le=3)
    change: Literal["raised", "grown", "lowered", "retracted"]
    claim: AlertClaim | None = None

    @property
    def ordering_key(self) -> str:
        """The alert."""
        return self.alert_id


class DeadLetterBuried(Event):
    """A message could not be handled and was set aside; the envelope itself stays in the service that buried it."""

    topic: ClassVar[str] = "signal.dead-letter.v1"
    type: ClassVar[str] = "nl.discriminatiesignalen.bericht-terzijde.v1"

    event_id: str
    service: str
    source_topic: str
    code: str
    attempts: int = Field(ge=1)

    @property
    def ordering_key(self) -> str:
        """The message."""
        return self.event_id


E = TypeVar("E", bound=Event)

EVENTS: Final[tuple[type[Event], ...]] = (
    SignalSubmitted,
    SignalCorrected,
    SignalWithdrawn,
    SignalAnonymised,
    SignalRetracted,
    SignalUnderReview,
    ReleaseApproved,
    AlertRaised,
    DeadLetterBuried,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must exist on the bus. Units: `retention_seconds` after which the bus may forget a record."""

    name: str
    partitions: int
    retention_seconds: int


_DAY = 86_400
_SEALED = frozenset({SignalSubmitted.topic, SignalCorrected.topic, SignalWithdrawn.topic})
# Raw topics forget after two days: long enough for a weekend's outage of a consumer, short enough that sealed texts do
# not pile up. Coded facts stay a month, so that a restored service can catch up.
TOPICS: Final[tuple[Topic, ...]] = tuple(
    Topic(event.topic, 4, 2 * _DAY if event.topic in _SEALED else 30 * _DAY) for event in EVENTS
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event ready to leave: CloudEvents attributes as headers, the event itself as JSON."""

    event_id: str
    topic: str
    key: bytes
    value: bytes
    headers: Mapping[str, str]


def envelope(
    event: Event, *, source: str, at: dt.datetime, event_id: str | None = None, traceparent: str | None = None
) -> Envelope:
    """The event in CloudEvents binary form.

    `at` is rounded down to the hour for events that hold coded facts, so that the moment of logging identifies nobody.
    """
    identity = event_id or str(uuid4())
    moment = at if isinstance(event, SealedEvent) else at.replace(minute=0, second=0, microsecond=0)
    headers = {
        "ce_id": identity,
        "ce_source": source,
        "ce_specversion": "1.0",
        "ce_type": event.type,
        "ce_time": rfc3339(moment),
        "content-type": "application/json",
    }
    if traceparent:
        headers["traceparent"] = traceparent
    return Envelope(identity, event.topic, event.ordering_key.encode(), event.model_dump_json().encode(), headers)


def parse(model: type[E], value: bytes, headers: Mapping[str, str]) -> E:
    """The event in a received record.

    Raises: Rejected (permanent) `event_too_large`, `wrong_event_type` or `malformed_event`; never with a value.
    """
    if len(value) > MAX_EVENT_BYTES:
        raise Rejected("event_too_large")
    if headers.get("ce_type") != model.type:
        raise Rejected("wrong_event_type")
    try:
        return model.model_validate_json(value)
    except ValidationError:
        raise Rejected("malformed_event") from None


class SealedSignal(BaseModel):
    """What is inside a sealed payload: the case, who sent it (as an opaque reference), and what was told.

    Intake writes it, the anonymizer reads it, and between the two it exists only sealed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    case_id: CaseKey
    correction: int = Field(ge=0, description="0 for the first submission, then counting up")
    municipality: str
    source_ref: str
    received_at: dt.datetime
    registered_on: dt.date
    kind: Kind
    grounds: tuple[str, ...]
    subgrounds: tuple[str, ...] = ()
    terrain: str
    nature: str = "onbekend"
    handling: tuple[str, ...] = ()
    reporter_role: str = "onbekend"
    anonymity: str = "onbekend"
    residency: str = "onbekend"
    incident_on: dt.date | None = None
    incident_place: str = "onbekend"
    district: str = "onbekend"
    postcode: str | None = None
    mass_event: str | None = None
    language: str = "nl"
    text: str = ""
    reporter_name: str | None = None
    reporter_email: str | None = None
    reporter_phone: str | None = None
    reporter_born_on: dt.date | None = None
    reporter_address: str | None = None
    persons: tuple[str, ...] = ()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """The payload. Raises: Rejected (permanent) `malformed_payload`."""
        try:
            return cls.model_validate_json(raw)
        except ValidationError:
            raise Rejected("malformed_payload") from None


class SealedWithdrawal(BaseModel):
    """What is inside a sealed withdrawal: the case that must go."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    case_id: CaseKey

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """The payload. Raises: Rejected (permanent) `malformed_payload`."""
        try:
            return cls.model_validate_json(raw)
        except ValidationError:
            raise Rejected("malformed_payload") from None
