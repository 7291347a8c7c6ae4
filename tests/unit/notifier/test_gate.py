# SPDX-License-Identifier: EUPL-1.2
"""The privacy gate at its borders, and a reader who tries to subtract."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.gate import GateSettings, Scope, Signal, Told, pass_gate

SETTINGS = GateSettings()
WANTED = Scope(first=1, last=28, district="noord", ground="ras", subground="ras-a")


def signals(
    partners: str, *, district: str = "noord", ground: str = "ras", subground: str | None = "ras-a"
) -> list[Signal]:
    return [
        Signal(f"{district}-{ground}-{subground}-{i}", p, 1 + i % 7, district, ground, subground)
        for i, p in enumerate(partners)
    ]


def told(reports: list[Signal], *before: Told) -> Told | None:
    return pass_gate(reports, WANTED, told_before=before, settings=SETTINGS)


def test_given_five_signals_of_three_partners_on_two_days_when_gated_then_they_are_told_as_wanted() -> None:
    passed = told(signals("abcab"))

    assert passed == Told(WANTED, 5, 9, "3-4")
    assert passed.observed == "5-9"


def test_given_four_signals_when_gated_then_they_wait() -> None:
    assert told(signals("abca")) is None


def test_given_two_partners_when_gated_then_they_wait() -> None:
    assert told(signals("ababababab")) is None


def test_given_one_day_when_gated_then_they_wait() -> None:
    assert told([replace(s, day=3) for s in signals("abcab")]) is None


def test_given_three_fifths_by_one_partner_when_gated_then_it_passes_and_one_more_does_not() -> None:
    assert told(signals("aaabc")) is not None
    assert told(signals("aaaabc")) is None


def test_given_a_flood_by_one_partner_when_gated_then_nothing_is_told() -> None:
    assert told(signals("a" * 5000 + "bc")) is None


def test_given_too_little_in_the_district_when_gated_then_the_place_climbs_first() -> None:
    passed = told(signals("abc") + signals("abc", district="zuid"))

    assert passed is not None
    assert passed.scope == replace(WANTED, district=None)


def test_given_too_little_on_the_subground_when_gated_then_the_ground_climbs() -> None:
    passed = told(signals("abc") + signals("abc", subground=None))

    assert passed is not None
    assert passed.scope == replace(WANTED, subground=None)


def test_given_too_little_on_the_ground_when_gated_then_only_the_district_is_told() -> None:
    passed = told(signals("abc") + signals("abc", ground="leeftijd", subground=None))

    assert passed is not None
    assert passed.scope == replace(WANTED, ground=None, subground=None)


def test_given_one_case_with_several_grounds_when_gated_then_it_counts_once() -> None:
    several = [Signal("one", "a", day, "noord", ground, None) for day, ground in enumerate("abcde", start=1)]

    assert told(several) is None


def test_given_the_city_was_told_in_the_same_band_when_a_district_follows_then_it_climbs_or_waits() -> None:
    reports = signals("abcab")
    city = Told(replace(WANTED, district=None), 5, 9, "3-4")

    passed = told(reports, city)

    assert passed is not None
    assert passed.scope.district is None


def test_given_the_same_alert_again_when_it_has_not_grown_then_it_says_nothing_new() -> None:
    first = told(signals("abcab"))
    assert first is not None

    assert told(signals("abcabc"), first) == first


def test_given_an_alert_that_grew_by_a_band_when_gated_then_it_is_told_again() -> None:
    first = told(signals("abcab"))
    assert first is not None

    grown = told(signals("abc" * 4), first)

    assert grown is not None
    assert (grown.scope, grown.observed) == (WANTED, "10-19")


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.integers(1, 28), st.sampled_from(["noord", "zuid"]), st.sampled_from("xy")
        ),
        max_size=60,
    ),
    st.lists(
        st.tuples(st.sampled_from(["noord", "zuid", None]), st.sampled_from(["x", "y", None]), st.integers(1, 20)),
        min_size=2,
        max_size=6,
    ),
)
def test_given_any_alerts_in_a_row_when_a_reader_subtracts_then_no_count_under_five_is_bounded(
    rows: list[tuple[str, int, str, str]], asked: list[tuple[str | None, str | None, int]]
) -> None:
    reports = [Signal(str(i), p, day, district, ground) for i, (p, day, district, ground) in enumerate(rows)]
    published: list[Told] = []
    for district, ground, first in asked:
        scope = Scope(first, 28, district, ground, None)
        passed = pass_gate(reports, scope, told_before=published, settings=SETTINGS)
        published += [passed] if passed else []

    for outer in published:
        for inner in published:
            nested = outer.scope.covers(inner.scope) and outer.scope != inner.scope
            assert not (nested and outer.upper is not None and outer.upper - inner.lower < 5)
        assert outer.lower >= 5
