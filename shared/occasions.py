# SPDX-License-Identifier: EUPL-1.2
"""What a calendar file may say: moments in a year, the rule that dates them, and what they do to reporting.

Owns the form of the entries. Works no date out: whoever needs dates does that with a rule of its own.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

from shared.vocabulary import Confidence, Text

STRICT: Final = ConfigDict(extra="forbid")
Effect = Literal["visibility", "context", "office"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Days = Annotated[int, Field(ge=1, le=60)]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of any year."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same days each year; a `last` before `first` lies in the next year."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["fixed"]
    first: MonthDay
    last: MonthDay | None = None


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The week, Monday to Sunday, that a day falls in."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["week-of"]
    day: MonthDay


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """So many days from the n-th such weekday of a month."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["nth-weekday"]
    month: Annotated[int, Field(ge=1, le=12)]
    weekday: Weekday
    nth: Annotated[int, Field(ge=1, le=4)]
    days: Days = 1


@dataclass(frozen=True, slots=True)
class WeekdayUntil:
    """So many days from the last such weekday that is not after a day."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["weekday-until"]
    day: MonthDay
    weekday: Weekday
    days: Days = 1


@dataclass(frozen=True, slots=True)
class HijriDays:
    """A whole month of the Islamic calendar, or so many days from one of its days."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["hijri"]
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=29)] | None = None
    days: Days = 1


@dataclass(frozen=True, slots=True)
class PublicHoliday:
    """So many days from a public holiday of a country, moved by `offset` days."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["holiday"]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: str
    offset: Annotated[int, Field(ge=-60, le=60)] = 0
    days: Days = 1


@dataclass(frozen=True, slots=True)
class GivenDates:
    """Periods that follow no rule and are filled in by hand, first and last day."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Literal["dates"]
    dates: tuple[tuple[dt.date, dt.date], ...]


Rule = Fixed | WeekOf | NthWeekday | WeekdayUntil | HijriDays | PublicHoliday | GivenDates


@dataclass(frozen=True, slots=True)
class Occasion:
    """A moment that returns. No grounds means all of them.

    `visibility`: a campaign, more reporting is expected; `context`: worth knowing beside an alert, and nothing more is
    expected; `office`: a date for the desk alone.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    code: str
    label: Text
    rule: Annotated[Rule, Field(discriminator="kind")]
    effect: Effect
    grounds: tuple[str, ...] = ()
    source: str | None = None
    confidence: Confidence = "unverified"
    note: str | None = None
