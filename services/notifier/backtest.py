# SPDX-License-Identifier: EUPL-1.2
"""One line in, one line out: a stream to look back on, and which days would have alerted.

Owns the wire format of the back-test and its checks. Never repeats a value of the input in a complaint.
"""

import json
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from services.notifier.detector import Alarm, DetectorSettings, evaluate
from services.notifier.streams import Campaign, Context, Sizes, Stream
from shared.errors import Rejected

FAR = 100_000  # days either way; wider spans are mistakes, and would only cost memory
LONGEST_SPAN_DAYS = 3_660
MOST_CODES = 60  # per dimension; the widest of the lists in use has 15

Day = Annotated[StrictInt, Field(ge=-FAR, le=FAR)]
Code = Annotated[StrictInt, Field(ge=0)]
Count = Annotated[StrictInt, Field(ge=1, le=MOST_CODES)]


class _Line(BaseModel):
    """Base of the parts of a line: what is not known is left aside, so that a line may carry remarks."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _SizesIn(_Line):
    ground: Count
    terrain: Count
    district: Count
    partner: Annotated[StrictInt, Field(ge=1, le=10_000)]


class _EvaluateIn(_Line):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    every: Annotated[StrictInt, Field(ge=1, le=LONGEST_SPAN_DAYS)] = 1

    @model_validator(mode="after")
    def _ordered(self) -> "_EvaluateIn":
        if not self.first <= self.last <= self.first + LONGEST_SPAN_DAYS:
            raise ValueError(f"to must lie between from and {LONGEST_SPAN_DAYS} days later")
        return self


class _CampaignIn(_Line):
    start: Day
    end: Day
    grounds: Annotated[list[Code], Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> "_CampaignIn":
        if self.end <= self.start:
            raise ValueError("end must come after start")
        return self


class _ContextIn(_Line):
    campaigns: list[_CampaignIn] = []
    partner_start: dict[str, Day] = {}

    @model_validator(mode="after")
    def _partners_are_codes(self) -> "_ContextIn":
        if not all(key.isascii() and key.isdecimal() and len(key) <= 5 for key in self.partner_start):
            raise ValueError("partner_start has a key that is not a code")
        return self


class _ReplicateIn(_Line):
    id: str | StrictInt
    city: str | None = None
    sizes: _SizesIn
    evaluate: _EvaluateIn
    context: _ContextIn = _ContextIn()
    events: list[tuple[Day, Day, Code, Code, Code, Code]]

    @model_validator(mode="after")
    def _codes_exist(self) -> "_ReplicateIn":
        size = self.sizes
        rows = np.array(self.events, dtype=np.int64).reshape(-1, 6)
        if (rows[:, 2:] >= np.array([size.ground, size.terrain, size.district, size.partner])).any():
            raise ValueError("events hold a code outside sizes")
        if (rows[:, 0] < rows[:, 1]).any():
            raise ValueError("events hold a report that arrived before it happened")
        if any(g >= size.ground for c in self.context.campaigns for g in c.grounds):
            raise ValueError("campaigns hold a code outside sizes")
        if any(int(p) >= size.partner for p in self.context.partner_start):
            raise ValueError("partner_start holds a code outside sizes")
        return self


def _first_fault(error: ValidationError) -> str:
    """Where and why, without the value."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    # A key of partner_start comes from the input, so it is not repeated either.
    loc = fault["loc"][:2] if fault["loc"][:1] == ("context",) else fault["loc"]
    where = "/" + "/".join(str(part) for part in loc) if loc else "line"
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}"


def _parse(line: str) -> _ReplicateIn:
    """The replicate on a line.

    Raises: Rejected (permanent), with one field fault that repeats no value.
    """
    try:
        return _ReplicateIn.model_validate_json(line)
    except ValidationError as error:
        fault = _first_fault(error)
    raise Rejected("backtest_line", errors=[{"pointer": "", "detail": fault}])


def look_back(line: str, *, settings: DetectorSettings, everything: bool = False) -> str:
    """The answer to one line, as a line without its end: the alarms, or with `everything` all that was scored.

    Raises: Rejected (permanent) when the line is not a replicate.
    """
    asked = _parse(line)
    size = asked.sizes
    stream = Stream.of(
        Sizes(size.ground, size.terrain, size.district, size.partner), np.array(asked.events, dtype=np.int64)
    )
    context = Context(
        tuple(Campaign(c.start, c.end, frozenset(c.grounds)) for c in asked.context.campaigns),
        {int(partner): start for partner, start in asked.context.partner_start.items()},
    )
    when = asked.evaluate
    days = range(when.first, when.last + 1, when.every)
    alarms = evaluate(stream, days, context, settings=settings, everything=everything)
    answer = {"id": asked.id, "alarms": [_row(alarm) for alarm in alarms]}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _row(alarm: Alarm) -> list[object]:
    """One alarm as on the wire."""
    facts = {
        "observed": alarm.observed,
        "expected": round(alarm.expected, 2),
        "low": alarm.low,
        "high": alarm.high,
        "from": alarm.since,
        "chancePerYear": round(alarm.chance_per_year, 2),
        "completeness": round(alarm.completeness, 3),
        "sources": alarm.sources,
        "allowedFor": list(alarm.allowed_for),
        "above": alarm.above,
        "why": explain(alarm),
    }
    return [alarm.day, alarm.ground, alarm.terrain, alarm.district, round(alarm.score, 4), facts]


ALLOWANCES = {
    "campaign": "een campagne",
    "newcomer": "een nieuwe partner",
    "batches": "een partner die in stapels aanlevert",
    "late-uploads": "signalen die later binnenkomen",
}


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def explain(alarm: Alarm) -> str:
    """Why it fired, in plain Dutch."""
    band = f"{_number(alarm.expected)} (meestal {alarm.low} tot {alarm.high})"
    parts = [f"{alarm.observed} signalen sinds dag {alarm.since}; verwacht {band}."]
    if "not-enough-history" in alarm.allowed_for:
        parts.append("Er is nog te weinig verleden; dit is een eenvoudige, voorzichtige vergelijking.")
    elif alarm.chance_per_year:
        parts.append(f"Zo'n patroon ontstaat hier door toeval ongeveer {_number(alarm.chance_per_year)} keer per jaar.")
    named = [ALLOWANCES[code] for code in alarm.allowed_for if code in ALLOWANCES]
    if named:
        parts.append(f"Rekening gehouden met: {', '.join(named)}.")
    parts.append(f"De gegevens zijn naar schatting {round(alarm.completeness * 100)}% compleet.")
    return " ".join(parts)
