# SPDX-License-Identifier: EUPL-1.2
"""The detector as its callers see it: which days alarm, on what, and what can never change that."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.detector import Alarm, DetectorSettings, calibrate, evaluate
from services.notifier.streams import ALL, Context, Ints, Sizes, Stream
from services.notifier.threshold import Null
from tests.unit.notifier.world import JUDGED_FROM, SIZES, Year, build

SETTINGS = DetectorSettings()
LEVEL = Null(1.5, ((0.0, 20.0), (1.5, 4.0), (3.0, 0.5)))
SHORT = range(1300, 1330)


def rows(stream: Stream) -> Ints:
    columns = (stream.arrival, stream.day, stream.ground, stream.terrain, stream.district, stream.partner)
    return np.column_stack(columns)


def alarms(year: Year, days: range = SHORT, *, everything: bool = True) -> list[Alarm]:
    return evaluate(year.stream, days, year.context, settings=SETTINGS, null=LEVEL, everything=everything)


def with_burst(year: Year, *, start: int, partners: list[int], ground: int = 2, district: int = 3) -> Year:
    """The year with one extra report per partner in the list, a day apart."""
    extra = np.array([[start + i, start + i, ground, i % 4, district, p] for i, p in enumerate(partners)])
    return replace(year, stream=Stream.of(SIZES, np.concatenate([rows(year.stream), extra])))


def test_given_a_tension_when_judged_then_it_is_found_in_its_ground_and_place() -> None:
    year = build("district-L", "medium", 3)
    tension = year.tensions[0]

    found = alarms(year, range(tension.start, tension.end), everything=False)

    named = [a for a in found if a.ground == tension.ground and a.district == tension.district]
    assert named
    assert all(a.observed > a.high for a in named[-3:])
    assert all(a.low <= a.expected <= a.high for a in named)
    assert all(tension.start - 21 <= a.since <= a.day for a in named[-3:])


@pytest.mark.parametrize("name", ["plain-", "onboarding-", "batch-", "delay-", "campaign-", "drift-"])
def test_given_more_arrives_later_when_a_day_is_judged_again_then_its_alarms_are_the_same(name: str) -> None:
    year = build(name.removesuffix("-"), "small", 5)
    cut = SHORT[-1]
    then = replace(year, stream=year.stream.known_on(cut), context=year.context.known_on(cut))

    assert alarms(then) == alarms(year)


@settings(max_examples=5)
@given(st.integers(0, 2**31))
def test_given_the_same_reports_in_another_order_when_judged_then_the_alarms_are_the_same(seed: int) -> None:
    year = build("delay", "small", 5)
    shuffled = np.random.default_rng(seed).permutation(rows(year.stream))

    assert alarms(replace(year, stream=Stream.of(SIZES, shuffled))) == alarms(year)


@settings(max_examples=5)
@given(st.integers(1, 30), st.integers(0, 1400))
def test_given_a_partner_that_reports_nothing_when_added_then_nothing_changes(more: int, start: int) -> None:
    year = build("onboarding", "small", 6)
    wider = replace(year.stream, sizes=replace(SIZES, partner=SIZES.partner + more))
    context = replace(year.context, partner_start={**year.context.partner_start, SIZES.partner + more - 1: start})

    assert alarms(replace(year, stream=wider, context=context)) == alarms(year)


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(5)), st.permutations(range(4)))
def test_given_other_numbers_for_the_codes_when_judged_then_the_same_alarms_carry_them(
    grounds: list[int], districts: list[int], terrains: list[int]
) -> None:
    year = build("campaign", "small", 5)
    told = rows(year.stream)
    told[:, 2], told[:, 3], told[:, 4] = (
        np.array(new)[told[:, i]] for i, new in ((2, grounds), (3, terrains), (4, districts))
    )
    context = Context(
        tuple(replace(c, grounds=frozenset(grounds[g] for g in c.grounds)) for c in year.context.campaigns)
    )

    renamed = alarms(Year(Stream.of(SIZES, told), context, ()))

    def named(a: Alarm) -> tuple[int, int, int, int]:
        terrain = ALL if a.terrain == ALL else terrains[a.terrain]
        district = ALL if a.district == ALL else districts[a.district]
        return a.day, grounds[a.ground], terrain, district

    found = {named(a): a.score for a in alarms(year) if a.score > 0}
    again = {(a.day, a.ground, a.terrain, a.district): a.score for a in renamed if a.score > 0}
    assert found.keys() == again.keys()
    np.testing.assert_allclose([found[k] for k in sorted(found)], [again[k] for k in sorted(found)], rtol=1e-6)


def test_given_a_day_when_judged_alone_or_in_a_range_then_its_alarms_are_the_same() -> None:
    year = build("district-M", "medium", 8)

    alone = [alarm for day in SHORT for alarm in alarms(year, range(day, day + 1))]

    assert [(a.day, a.ground, a.district) for a in alone] == [(a.day, a.ground, a.district) for a in alarms(year)]
    np.testing.assert_allclose([a.score for a in alone], [a.score for a in alarms(year)])


def test_given_extra_reports_by_established_partners_when_judged_then_the_score_rises() -> None:
    year = build("plain", "small", 9)
    before = max((a.score for a in alarms(year) if a.ground == 2), default=-1.0)

    burst = with_burst(year, start=SHORT[0], partners=[0, 1, 2, 3, 0, 1, 2, 3])
    after = max(alarms(burst), key=lambda a: a.score)

    assert after.score > before + 2
    assert (after.ground, after.district) == (2, 3)
    assert after.sources == 4
    assert 0.25 <= after.largest_source_share < 0.4


def test_given_a_newcomer_that_alone_reports_much_when_judged_then_it_raises_nothing() -> None:
    year = build("plain", "small", 9)
    context = Context(partner_start={5: SHORT[0] - 10})
    alone = with_burst(replace(year, context=context), start=SHORT[0], partners=[5] * 20)

    assert not [a for a in alarms(alone, everything=False) if a.ground == 2 and a.district == 3]


def test_given_a_newcomer_that_agrees_with_others_when_judged_then_it_makes_them_stronger() -> None:
    year = build("plain", "small", 9)
    context = Context(partner_start={5: SHORT[0] - 40})
    others = with_burst(replace(year, context=context), start=SHORT[0], partners=[0, 1, 2, 3])
    both = with_burst(others, start=SHORT[0], partners=[5, 5, 5, 5])

    def strongest(judged: Year) -> float:
        return max(a.score for a in alarms(judged) if a.ground == 2)

    assert strongest(both) > strongest(others) + 0.5


def test_given_a_city_when_calibrated_twice_then_the_level_is_the_same_and_of_a_sane_size() -> None:
    year = build("delay", "small", 10)
    quick = DetectorSettings(simulated_years=6)

    null = calibrate(year.stream, year.context, JUDGED_FROM, settings=quick)
    later = year.stream.where(year.stream.arrival < JUDGED_FROM)

    assert null == calibrate(later, year.context, JUDGED_FROM, settings=quick)
    assert 0.5 < null.level < 3.0
    assert null.per_year(null.level) == pytest.approx(4.0, rel=0.3)


def test_given_a_smaller_budget_when_calibrated_then_the_level_is_higher() -> None:
    year = build("plain", "small", 11)
    strict = DetectorSettings(budget_per_year=1.0, simulated_years=6)
    usual = DetectorSettings(simulated_years=6)

    levels = [calibrate(year.stream, year.context, JUDGED_FROM, settings=s).level for s in (strict, usual)]

    assert levels[0] > levels[1]


def test_given_two_months_of_reports_when_judged_then_nothing_is_said() -> None:
    year = build("plain", "medium", 12)
    start = replace(year, stream=year.stream.where(year.stream.day >= 1240))

    assert alarms(start, range(1240, 1320)) == []


def test_given_four_months_of_reports_when_a_rise_is_large_then_it_is_told_as_a_simple_comparison() -> None:
    year = build("plain", "small", 12)
    start = replace(year, stream=year.stream.where(year.stream.day >= 1200))
    burst = with_burst(start, start=1310, partners=[0, 1, 2, 3] * 5)

    quiet = alarms(start, range(1300, 1331), everything=False)
    found = alarms(burst, range(1300, 1331), everything=False)

    assert quiet == []
    assert {(a.ground, a.district) for a in found} == {(2, 3)}
    assert all(a.allowed_for == ("not-enough-history",) for a in found)


def test_given_no_reports_when_judged_then_there_is_no_alarm() -> None:
    empty = Stream.of(SIZES, np.zeros((0, 6), dtype=np.int64))

    assert evaluate(empty, SHORT, Context(), settings=SETTINGS) == []


def test_given_a_city_that_tells_only_grounds_apart_when_judged_then_a_rise_of_one_is_found() -> None:
    rng = np.random.default_rng(2)
    day = np.sort(rng.integers(0, 1300, 400))
    events = np.zeros((len(day) + 12, 6), dtype=np.int64)
    events[:, 0] = events[:, 1] = np.concatenate([day, np.arange(1301, 1325, 2)])
    events[: len(day), 2] = rng.integers(0, 2, len(day))

    found = evaluate(Stream.of(Sizes(2, 1, 1, 1), events), SHORT, Context(), settings=SETTINGS, null=LEVEL)

    assert {(a.ground, a.observed > a.high) for a in found} == {(0, True)}


def test_given_a_city_where_nothing_is_told_apart_when_all_volume_rises_then_it_is_no_tension() -> None:
    day = np.sort(np.random.default_rng(2).integers(0, 1300, 400))
    events = np.zeros((len(day) + 12, 6), dtype=np.int64)
    events[:, 0] = events[:, 1] = np.concatenate([day, np.arange(1301, 1325, 2)])

    assert evaluate(Stream.of(Sizes(1, 1, 1, 1), events), SHORT, Context(), settings=SETTINGS, null=LEVEL) == []


def test_given_a_campaign_when_judged_then_the_alarm_says_so() -> None:
    year = build("in_campaign-M", "medium", 4)
    tension = year.tensions[0]

    found = alarms(year, range(tension.start + 7, tension.start + 14))

    assert found
    assert all("campaign" in a.allowed_for for a in found if a.day - a.since < 14)


def test_given_known_streams_when_judged_then_the_scores_are_as_recorded() -> None:
    """Golden values: a change here is a change of the product's behaviour and belongs in the changelog."""
    recorded = {}
    for name, city in (("district-M", "small"), ("campaign", "medium"), ("onboarding", "small"), ("batch", "medium")):
        top = max(alarms(build(name, city, 23)), key=lambda a: a.score)
        recorded[name, city] = (top.day, top.ground, top.terrain, top.district, top.observed, round(top.score, 3))

    assert recorded == {
        ("district-M", "small"): (1308, 0, ALL, 4, 3, 0.622),
        ("campaign", "medium"): (1302, 5, ALL, ALL, 11, 2.048),
        ("onboarding", "small"): (1325, 1, ALL, ALL, 48, 1.769),
        ("batch", "medium"): (1307, 3, ALL, 2, 7, 1.42),
    }
