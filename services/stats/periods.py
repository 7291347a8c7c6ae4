# SPDX-License-Identifier: EUPL-1.2
"""Periods of the local calendar, and the spans of days that counts are kept for.

Pure. Owns how any period is covered by few spans: years, quarters, months, thirds of a month, days. A third ends on the
10th, the 20th or the last day. A period has both its ends; nothing is open-ended.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["year", "quarter", "month", "third", "day"]
LEVELS: Final[tuple[Level, ...]] = ("year", "quarter", "month", "third", "day")
EARLIEST: Final = dt.date(1900, 1, 1)
LONGEST_YEARS: Final = 50  # older registers exist; a longer question is a slip of the pen
_NAMED: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<part>[KHM])(?P<number>\d{1,2}))?")
_MONTHS_IN: Final = {"K": 3, "H": 6, "M": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the local calendar, both ends included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[dt.date]:
        """Each day, in order."""
        return (self.first + dt.timedelta(days=number) for number in range((self.last - self.first).days + 1))

    @property
    def years(self) -> range:
        """The calendar years the period touches."""
        return range(self.first.year, self.last.year + 1)


def calendar_year(year: int) -> Period:
    """The whole year."""
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def named(text: str) -> Period | None:
    """The period a name stands for: year `2026`, quarter `2026-K3`, half `2026-H2`, month `2026-M11`; None if none.

    >>> named("2026-K3")
    Period(first=datetime.date(2026, 7, 1), last=datetime.date(2026, 9, 30))
    >>> named("2026-K5") is None
    True
    """
    match = _NAMED.fullmatch(text)
    if match is None or not 1 <= int(match["year"]) < 9999:
        return None
    year = int(match["year"])
    if match["part"] is None:
        return calendar_year(year)
    months, number = _MONTHS_IN[match["part"]], int(match["number"])
    if not 1 <= number <= 12 // months:
        return None
    first = dt.date(year, (number - 1) * months + 1, 1)
    return Period(first, _month_end(first.replace(month=number * months)))


def span_of(day: dt.date, level: Level) -> str:
    """The span of this level that holds the day.

    >>> [span_of(dt.date(2026, 11, 23), level) for level in LEVELS]
    ['2026', '2026-K4', '2026-11', '2026-11-t3', '2026-11-23']
    """
    if level == "year":
        return f"{day.year:04d}"
    if level == "quarter":
        return f"{day.year:04d}-K{(day.month + 2) // 3}"
    if level == "month":
        return f"{day:%Y-%m}"
    if level == "third":
        return f"{day:%Y-%m}-t{min(3, (day.day + 9) // 10)}"
    return day.isoformat()


def spans_of(day: dt.date) -> tuple[str, ...]:
    """Every span that holds the day, the longest first."""
    return tuple(span_of(day, level) for level in LEVELS)


def cover(period: Period, *, coarsest: Level = "year") -> tuple[str, ...]:
    """The fewest spans, none longer than `coarsest`, that together are exactly the period.

    >>> cover(Period(dt.date(2025, 12, 30), dt.date(2027, 2, 10)))
    ('2025-12-30', '2025-12-31', '2026', '2027-01', '2027-02-t1')
    """
    return tuple(_cover(period, LEVELS[LEVELS.index(coarsest) :]))


def _cover(period: Period, levels: tuple[Level, ...]) -> Iterator[str]:
    day = period.first
    while day <= period.last:
        level = next(lv for lv in levels if lv == "day" or (_start(day, lv) == day and _end(day, lv) <= period.last))
        yield span_of(day, level)
        if (end := _end(day, level)) == dt.date.max:
            return
        day = end + dt.timedelta(days=1)


def month_of(span: str) -> str:
    """The month a span of a month or shorter lies in."""
    return span[:7]


def month_or_year_of(span: str) -> str:
    """The month a span lies in, or its year when it is longer than a month.

    >>> month_or_year_of("2026-11-t2"), month_or_year_of("2026-K4")
    ('2026-11', '2026')
    """
    return span[:4] if len(span) == 4 or span[5] == "K" else span[:7]


def quarter_of(span: str) -> str:
    """The quarter that a span of a quarter or shorter lies in.

    >>> quarter_of("2026-11-t2"), quarter_of("2026-K1")
    ('2026-K4', '2026-K1')
    """
    return span if span[5:6] == "K" else f"{span[:4]}-K{(int(span[5:7]) + 2) // 3}"


def _start(day: dt.date, level: Level) -> dt.date:
    if level == "year":
        return day.replace(month=1, day=1)
    if level == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if level == "month":
        return day.replace(day=1)
    return day.replace(day=(min(3, (day.day + 9) // 10) - 1) * 10 + 1) if level == "third" else day


def _end(day: dt.date, level: Level) -> dt.date:
    if level == "year":
        return day.replace(month=12, day=31)
    if level == "quarter":
        return _month_end(day.replace(month=(day.month + 2) // 3 * 3, day=1))
    if level == "month":
        return _month_end(day)
    if level == "third":
        return day.replace(day=(day.day + 9) // 10 * 10) if day.day <= 20 else _month_end(day)
    return day


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
