# SPDX-License-Identifier: EUPL-1.2
"""When the moments of a municipality's calendar fall.

Pure. Owns working out dates from rules: fixed days, weeks, weekdays, the Islamic calendar, public holidays. A peak on
such a day is expected and said, never silenced: this module only dates, it judges nothing.
"""

import calendar as almanac
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import holidays
from hijridate import Gregorian, Hijri

from shared.occasions import (
    Effect,
    Fixed,
    GivenDates,
    HijriDays,
    MonthDay,
    NthWeekday,
    Occasion,
    PublicHoliday,
    Rule,
    Weekday,
    WeekdayUntil,
    WeekOf,
)
from shared.vocabulary import Text

_Yearly = Fixed | WeekOf | NthWeekday | WeekdayUntil | HijriDays | PublicHoliday
_DAY: Final = dt.timedelta(days=1)
_WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# The Umm al-Qura tables reach from 1 August 1924 to 16 November 2077; outside them no date is better than a wrong one.
_HIJRI_YEARS: Final = range(1925, 2077)


@dataclass(frozen=True, slots=True)
class Happening:
    """One occasion in one year. Units: `start` and `end` are both included; no grounds means all of them."""

    code: str
    label: Text
    start: dt.date
    end: dt.date
    effect: Effect
    grounds: tuple[str, ...]


def happenings(occasions: Iterable[Occasion], first_on: dt.date, last_on: dt.date) -> list[Happening]:
    """Everything that touches the period, both ends included, in order of start."""
    found = [
        Happening(occasion.code, occasion.label, start, end, occasion.effect, occasion.grounds)
        for occasion in occasions
        # a moment may begin in the year before and reach into the period
        for start, end in _periods(occasion.rule, range(first_on.year - 1, last_on.year + 1))
        if start <= last_on and end >= first_on
    ]
    return sorted(found, key=lambda one: (one.start, one.end, one.code))


def is_public_holiday(day: dt.date, country: str = "NL") -> bool:
    """Whether nobody is expected at work, weekends apart.

    >>> is_public_holiday(dt.date(2026, 12, 25)), is_public_holiday(dt.date(2026, 12, 24))
    (True, False)
    """
    return day in _public_holidays(day.year, country)


@lru_cache(maxsize=16)
def _public_holidays(year: int, country: str) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _periods(rule: Rule, years: range) -> Iterator[tuple[dt.date, dt.date]]:
    if isinstance(rule, GivenDates):
        yield from rule.dates
        return
    for year in years:
        yield from _in_year(rule, year)


def _in_year(rule: _Yearly, year: int) -> Iterator[tuple[dt.date, dt.date]]:
    match rule:
        case Fixed(first=first, last=last):
            start = _day(first, year)
            end = _day(last, year) if last else start
            yield start, end if end >= start else _day(last or first, year + 1)
        case WeekOf(day=day):
            monday = _day(day, year) - _DAY * _day(day, year).weekday()
            yield monday, monday + 6 * _DAY
        case NthWeekday(month=month, weekday=weekday, nth=nth, days=days):
            first_of_month = dt.date(year, month, 1)
            wait = (_WEEKDAYS.index(weekday) - first_of_month.weekday()) % 7
            yield _lasting(first_of_month + _DAY * (wait + 7 * (nth - 1)), days)
        case WeekdayUntil(day=day, weekday=weekday, days=days):
            limit = _day(day, year)
            yield _lasting(limit - _DAY * ((limit.weekday() - _WEEKDAYS.index(weekday)) % 7), days)
        case HijriDays():
            yield from _hijri(rule, year)
        case _:
            yield from _holiday(rule, year)


def _hijri(rule: HijriDays, year: int) -> Iterator[tuple[dt.date, dt.date]]:
    """All times the days begin in a Gregorian year: an Islamic year is eleven days shorter, so it may be twice."""
    if year not in _HIJRI_YEARS:
        return
    first, last = Gregorian(year, 1, 1).to_hijri().year, Gregorian(year, 12, 31).to_hijri().year
    for hijri_year in range(first, last + 1):
        begin = Hijri(hijri_year, rule.month, rule.day or 1)
        start = dt.date.fromisoformat(begin.to_gregorian().isoformat())
        if start.year == year:
            yield _lasting(start, rule.days if rule.day else begin.month_length())


def _holiday(rule: PublicHoliday, year: int) -> Iterator[tuple[dt.date, dt.date]]:
    known = holidays.country_holidays(rule.country, years=year, language="nl" if rule.country == "NL" else None)
    for day in sorted(day for day, names in known.items() if rule.name in names.split("; ")):
        yield _lasting(day + _DAY * rule.offset, rule.days)


def _lasting(start: dt.date, days: int) -> tuple[dt.date, dt.date]:
    return start, start + _DAY * (days - 1)


def _day(day: MonthDay, year: int) -> dt.date:
    """The day in a year; 29 February is the 28th where there is none."""
    return dt.date(year, day.month, min(day.day, almanac.monthrange(year, day.month)[1]))
