# SPDX-License-Identifier: EUPL-1.2
"""Periods: any period is covered exactly, by few spans."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import periods
from services.stats.periods import Period

DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2032, 12, 31))


@settings(max_examples=40)
@given(DAYS, st.integers(0, 1000), st.sampled_from(periods.LEVELS))
def test_given_any_period_when_it_is_covered_then_each_day_lies_in_exactly_one_span(
    first: dt.date, length: int, coarsest: periods.Level
) -> None:
    period = Period(first, first + dt.timedelta(days=length))

    spans = periods.cover(period, coarsest=coarsest)

    assert len(set(spans)) == len(spans)
    held = {day: [span for span in periods.spans_of(day) if span in set(spans)] for day in period.days()}
    assert all(len(found) == 1 for found in held.values())
    outside = (period.first - dt.timedelta(days=1), period.last + dt.timedelta(days=1))
    assert not any(span in spans for day in outside for span in periods.spans_of(day))


def test_given_a_period_of_two_years_and_a_bit_when_it_is_covered_then_few_spans_do() -> None:
    period = Period(dt.date(2024, 1, 9), dt.date(2026, 12, 23))

    assert len(periods.cover(period)) == 2 + 2 + 2 + 3 + 1 + 3 + 2 + 2 + 3  # days, thirds, months, quarters, 2025, back


def test_given_the_last_day_there_is_when_it_is_covered_then_it_ends() -> None:
    assert periods.cover(Period(dt.date(9999, 12, 31), dt.date.max)) == ("9999-12-31",)


def test_given_names_of_periods_when_they_are_read_then_ends_are_those_of_the_calendar() -> None:
    assert periods.named("2024-M2") == Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert periods.named("2026-H2") == Period(dt.date(2026, 7, 1), dt.date(2026, 12, 31))
    assert periods.named("2026") == periods.calendar_year(2026)
    assert [periods.named(name) for name in ("2026-K0", "2026-M13", "0000", "26-K1", "2026-X1", "9999")] == [None] * 6
