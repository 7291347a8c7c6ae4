# SPDX-License-Identifier: EUPL-1.2
"""Streams, regions, windows and episodes: the counting under the detector."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.evidence import WINDOWS, count_windows
from services.notifier.series import numbering, stream_of
from services.notifier.streams import ALL, Campaign, Context, Sizes, Stream, regions_of
from services.notifier.threshold import Crossing, Null, count_episodes, null_from
from tests.unit.notifier.anchors import cusum, run_length
from tests.unit.notifier.room import case

SMALL = Sizes(ground=2, terrain=2, district=3, partner=3)
report = st.tuples(
    st.integers(0, 25),
    st.integers(0, 90),
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 2),
).map(lambda r: (r[1] + r[0], *r[1:]))


def test_given_a_city_when_regions_are_listed_then_priors_sum_to_one_per_ground() -> None:
    regions = regions_of(Sizes(3, 4, 5, 2))

    summed = np.bincount(regions.ground, weights=regions.prior)

    np.testing.assert_allclose(summed, 1.0)


@given(st.lists(report, max_size=40))
def test_given_any_reports_when_regions_are_looked_up_then_each_region_covers_its_report(
    rows: list[tuple[int, ...]],
) -> None:
    stream, regions = Stream.of(SMALL, np.array(rows, dtype=np.int64)), regions_of(SMALL)

    member = regions.members(stream.ground, stream.terrain, stream.district)

    assert (regions.ground[member] == stream.ground).all()
    assert np.isin(regions.terrain[member] - stream.terrain, 0).any(axis=0).all()
    assert ((regions.terrain[member] == stream.terrain) | (regions.terrain[member] == ALL)).all()
    assert ((regions.district[member] == stream.district) | (regions.district[member] == ALL)).all()


@settings(max_examples=30)
@given(st.lists(report, max_size=40), st.integers(20, 60), st.integers(1, 40))
def test_given_any_reports_when_windows_are_counted_then_each_equals_a_count_by_hand(
    rows: list[tuple[int, ...]], first: int, days: int
) -> None:
    stream = Stream.of(SMALL, np.array(rows, dtype=np.int64))

    counted = count_windows(stream.arrival, stream.day, stream.ground[None], first=first, days=days, columns=2)

    for day in range(first, first + days):
        for index, window in enumerate(WINDOWS):
            inside = (stream.arrival <= day) & (stream.day <= day) & (stream.day > day - window)
            by_hand = np.bincount(stream.ground[inside], minlength=2)
            assert counted[day - first, index].tolist() == by_hand.tolist()


def test_given_a_context_when_asked_for_a_day_then_what_starts_later_is_unknown() -> None:
    context = Context((Campaign(10, 20, frozenset({0})), Campaign(30, 40, frozenset({1}))), {1: 15, 2: 31})

    known = context.known_on(30)

    assert known.campaigns == context.campaigns
    assert known.partner_start == {1: 15}
    assert context.known_on(29).campaigns == context.campaigns[:1]


def test_given_crossings_a_fortnight_apart_when_counted_then_they_are_one_episode() -> None:
    near = [Crossing(1, 0, ALL, 2, 1.0), Crossing(15, 0, 1, ALL, 1.0), Crossing(29, 0, ALL, ALL, 1.0)]

    assert count_episodes(near) == 1


def test_given_crossings_further_apart_or_elsewhere_when_counted_then_each_is_an_episode() -> None:
    apart = [
        Crossing(1, 0, ALL, 2, 1.0),
        Crossing(16, 0, ALL, 2, 1.0),
        Crossing(16, 0, ALL, 1, 1.0),
        Crossing(16, 1, ALL, 2, 1.0),
    ]

    assert count_episodes(apart) == 4


def test_given_simulated_years_when_a_level_is_read_then_it_keeps_the_budget() -> None:
    rng = np.random.default_rng(3)
    pieces = [
        [Crossing(day, 0, ALL, ALL, float(score)) for day, score in zip(range(0, 36_500, 20), heights, strict=True)]
        for heights in rng.exponential(1.0, (4, 1825))
    ]

    null = null_from(pieces, 4 * 36_500, budget_per_year=4.0)

    above = sum(count_episodes(c for c in piece if c.score >= null.level) for piece in pieces)
    assert abs(above / 400 * 365.25 / 365 - 4.0) < 0.3
    assert abs(null.per_year(null.level) - 4.0) < 0.3


def test_given_nothing_to_simulate_when_a_level_is_asked_then_it_is_a_cautious_one() -> None:
    null = null_from([], 0, budget_per_year=4.0)

    assert null.level >= 2.0
    assert null.per_year(3.0) == 0.0


def test_given_a_curve_when_a_score_lies_beyond_it_then_the_rarest_rate_is_told() -> None:
    null = Null(1.0, ((0.0, 8.0), (1.0, 4.0), (2.0, 1.0)))

    assert null.per_year(9.0) == pytest.approx(1.0)
    assert null.per_year(-1.0) == pytest.approx(8.0)


def test_given_a_poisson_chart_when_run_on_quiet_weeks_then_its_run_length_is_the_theoretical_one() -> None:
    """The yardstick of the benchmark is itself right: Brook and Evans' chain and a simulation agree."""
    rng, mean, threshold = np.random.default_rng(1), 1.0, 3.0

    chart = cusum(rng.poisson(mean, (3000, 400)).astype(float), np.full(400, mean))

    first = [int(np.argmax(column >= threshold)) + 1 for column in chart.T]
    error = float(np.std(first)) / 20
    assert abs(float(np.mean(first)) - run_length(mean, threshold)) < 3 * error


def test_given_other_references_for_the_sources_when_numbered_then_the_stream_is_the_same() -> None:
    days = [dt.date(2026, 1, 5) + dt.timedelta(days=n) for n in range(40)]

    def streamed(references: str) -> Stream:
        cases = [case(n, day, source_ref=references[(n + n // 4) % 4]) for n, day in enumerate(days)]
        numbers = numbering(cases, grounds=["ras"], terrains=["openbare-ruimte"], districts=["centrum"])
        return stream_of(cases, numbers)

    one, other = streamed("abcd"), streamed("zmxb")

    assert len(set(one.partner.tolist())) == 4
    assert one.partner.tolist() == other.partner.tolist()
    assert one.day.tolist() == other.day.tolist()
