# SPDX-License-Identifier: EUPL-1.2
"""When the moments of the calendar fall: dates that were checked by hand, and rules at their borders."""

import datetime as dt
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.calendar import Happening, happenings
from shared.municipalities import load
from shared.occasions import (
    Fixed,
    GivenDates,
    HijriDays,
    MonthDay,
    NthWeekday,
    Occasion,
    PublicHoliday,
    Rule,
    WeekdayUntil,
    WeekOf,
)
from shared.vocabulary import Text

CALENDAR: Final = load().default.calendar
# Known apart from the code: weekdays counted by hand, Ramadan, Eid and Easter as they were published for these years.
GOLDEN: Final = {
    "week-tegen-racisme": {2024: "03-18/03-24", 2025: "03-17/03-23", 2026: "03-16/03-22", 2027: "03-15/03-21"},
    "ramadan": {2025: "03-01/03-29", 2026: "02-18/03-19"},
    "eid-al-fitr": {2025: "03-30/04-01", 2026: "03-20/03-22"},
    "pasen": {2024: "03-31/04-01", 2025: "04-20/04-21", 2026: "04-05/04-06", 2027: "03-28/03-29"},
    "koningsdag": {2025: "04-26/04-26", 2026: "04-27/04-27"},
    "vredesweek": {2025: "09-20/09-28", 2026: "09-19/09-27", 2027: "09-18/09-26"},
    "burendag": {2025: "09-27/09-27", 2026: "09-26/09-26", 2027: "09-25/09-25"},
    "week-van-respect": {2025: "11-10/11-14", 2026: "11-09/11-13", 2027: "11-08/11-12"},
    "paarse-vrijdag": {2025: "12-12/12-12", 2026: "12-11/12-11"},
    "orange-the-world": {2025: "11-25/12-10"},
    "keti-koti": {2026: "07-01/07-01"},
}


def of_year(year: int) -> list[Happening]:
    return happenings(CALENDAR, dt.date(year, 1, 1), dt.date(year, 12, 31))


def dated(rule: Rule, first: str, last: str) -> list[tuple[str, str]]:
    occasion = Occasion("x", Text("x", "x"), rule, "context")
    found = happenings([occasion], dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    return [(one.start.isoformat(), one.end.isoformat()) for one in found]


@pytest.mark.parametrize(
    ("code", "year", "days"), [(code, year, days) for code, years in GOLDEN.items() for year, days in years.items()]
)
def test_given_the_shipped_calendar_when_dated_then_the_days_are_those_of_the_almanac(
    code: str, year: int, days: str
) -> None:
    found = [f"{one.start:%m-%d}/{one.end:%m-%d}" for one in of_year(year) if one.code == code]

    assert found == [days]


@pytest.mark.parametrize("year", range(2025, 2036))
def test_given_the_shipped_calendar_when_dated_years_ahead_then_every_rule_gives_a_day(year: int) -> None:
    ruled = {one.code for one in CALENDAR if not isinstance(one.rule, GivenDates)}

    assert ruled <= {one.code for one in of_year(year)}


def test_given_two_ramadans_in_one_year_when_dated_then_both_are_there() -> None:
    assert [one.start for one in of_year(2030) if one.code == "ramadan"] == [dt.date(2030, 1, 5), dt.date(2030, 12, 26)]


def test_given_a_year_outside_the_tables_when_dated_then_no_date_is_made_up() -> None:
    assert dated(HijriDays("hijri", 9), "2090-01-01", "2090-12-31") == []


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        (Fixed("fixed", MonthDay(12, 31), MonthDay(1, 1)), "2027-01-01", "2027-01-02", [("2026-12-31", "2027-01-01")]),
        (Fixed("fixed", MonthDay(2, 29)), "2027-01-01", "2027-12-31", [("2027-02-28", "2027-02-28")]),
        (Fixed("fixed", MonthDay(2, 29)), "2028-01-01", "2028-12-31", [("2028-02-29", "2028-02-29")]),
        (WeekOf("week-of", MonthDay(1, 1)), "2027-01-01", "2027-01-03", [("2026-12-28", "2027-01-03")]),
        (NthWeekday("nth-weekday", 11, "monday", 1), "2027-11-01", "2027-11-01", [("2027-11-01", "2027-11-01")]),
        (
            WeekdayUntil("weekday-until", MonthDay(9, 20), "saturday", 2),
            "2025-09-01",
            "2025-09-30",
            [("2025-09-20", "2025-09-21")],
        ),
        (
            PublicHoliday("holiday", "NL", "Eerste paasdag", offset=-2),
            "2026-01-01",
            "2026-12-31",
            [("2026-04-03", "2026-04-03")],
        ),
        (PublicHoliday("holiday", "NL", "Nergensdag"), "2026-01-01", "2026-12-31", []),
        (
            GivenDates(
                "dates", ((dt.date(2025, 4, 24), dt.date(2025, 4, 24)), (dt.date(2020, 1, 1), dt.date(2020, 1, 2)))
            ),
            "2025-01-01",
            "2025-12-31",
            [("2025-04-24", "2025-04-24")],
        ),
    ],
)
def test_given_a_rule_at_its_border_when_dated_then_the_days_are_right(
    rule: Rule, first: str, last: str, expected: list[tuple[str, str]]
) -> None:
    assert dated(rule, first, last) == expected


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 800))
def test_given_any_period_when_dated_then_everything_touches_it_in_order(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)

    found = happenings(CALENDAR, first, last)

    assert all(one.start <= one.end and one.start <= last and one.end >= first for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 200), st.integers(0, 200))
def test_given_a_period_in_two_pieces_when_dated_then_nothing_is_lost(first: dt.date, one: int, two: int) -> None:
    middle = first + dt.timedelta(days=one)
    last = middle + dt.timedelta(days=two + 1)

    whole = happenings(CALENDAR, first, last)
    pieces = happenings(CALENDAR, first, middle) + happenings(CALENDAR, middle + dt.timedelta(days=1), last)

    assert {(one.code, one.start) for one in whole} == {(one.code, one.start) for one in pieces}
