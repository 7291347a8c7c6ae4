# SPDX-License-Identifier: EUPL-1.2
"""The detector's modules at their borders: too little to go by, nobody to go by, and what is said of it."""

import dataclasses

import numpy as np
import pytest

from services.notifier.backtest import explain
from services.notifier.detector import Alarm, DetectorSettings, calibrate
from services.notifier.gate import Band, Refused, band
from services.notifier.partners import group_partners, is_erratic
from services.notifier.streams import Context, Sizes, Stream
from services.notifier.threshold import FALLBACK_LEVEL, Crossing, _level, null_from

SIZES = Sizes(2, 2, 2, 2)
ALARM = Alarm(
    day=1200, ground=1, terrain=-1, district=0, score=2.0, observed=9, expected=2.14, low=0, high=5, since=1180,
    chance_per_year=3.0, completeness=0.93, sources=4, largest_source_share=0.4, above=True, allowed_for=(),
)  # fmt: skip


def steady(start: int, until: int, partner: int = 0) -> Stream:
    rng = np.random.default_rng(3)
    day = np.arange(start, until)
    codes = rng.integers(0, 2, (len(day), 3))
    return Stream.of(SIZES, np.column_stack([day, day, codes, np.full(len(day), partner)]))


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, "door toeval ongeveer 3,0 keer per jaar", "Rekening gehouden"),
        ({"allowed_for": ("campaign", "batches")}, "een campagne, een partner die in stapels aanlevert", "te weinig"),
        ({"allowed_for": ("not-enough-history",)}, "nog te weinig verleden", "toeval"),
        ({"chance_per_year": 0.0}, "93% compleet", "toeval"),
    ],
)
def test_given_an_alarm_when_explained_then_it_says_what_holds_and_no_more(
    changes: dict[str, object], said: str, unsaid: str
) -> None:
    text = explain(dataclasses.replace(ALARM, **changes))  # type: ignore[arg-type]  # fields by name

    assert "9 signalen sinds dag 1180; verwacht 2,1 (meestal 0 tot 5)" in text
    assert said in text
    assert unsaid not in text


def test_given_few_or_complete_uploads_when_regularity_is_judged_then_it_is_not_erratic() -> None:
    few = np.arange(0, 700, 60)

    assert not is_erratic(few + 27, few, 700)


def test_given_nobody_yet_when_grouped_then_there_is_no_group() -> None:
    assert group_partners(Stream.of(SIZES, []), Context(), 100, 128) == []


def test_given_a_partner_whose_first_report_is_yet_to_come_when_grouped_then_it_has_no_group() -> None:
    both = Stream.of(SIZES, np.concatenate([_rows(steady(0, 400)), _rows(steady(380, 400, partner=1))]))

    early, late = (group_partners(both, Context(), day, day + 28) for day in (340, 360))

    assert [g.partners for g in early] == [(0,)]
    assert [(g.partners, g.corroborates_only) for g in late] == [((0,), False), ((1,), True)]


def _rows(s: Stream) -> np.ndarray:
    return np.column_stack([s.arrival, s.day, s.ground, s.terrain, s.district, s.partner])


def test_given_a_past_too_short_to_simulate_when_calibrated_then_the_fallback_level_holds() -> None:
    null = calibrate(steady(0, 160), Context(), 160, settings=DetectorSettings())

    assert (null.level, null.curve, null.per_year(3.0)) == (FALLBACK_LEVEL, (), 0.0)


def test_given_hardly_any_crossing_when_the_level_is_read_then_it_is_where_the_budget_is_met() -> None:
    rare = null_from([[Crossing(1, 0, -1, -1, 0.04)]], 365, 4.0)
    cliff = null_from([[Crossing(40 * n, 0, -1, -1, 1.0) for n in range(9)]], 365, 4.0)
    rising = _level([(0.0, 3.0), (0.1, 3.5), (0.2, 4.5)], 4.0)

    assert (rare.level, rising) == (0.0, 0.2)
    assert 0.9 <= cliff.level <= 1.2


def test_given_bands_when_written_then_one_number_stands_alone_and_too_few_are_refused() -> None:
    assert (str(Band(3, 3)), str(Band(3, 4))) == ("3", "3-4")
    with pytest.raises(ValueError, match="ever put in a band"):
        band(4, smallest=5)


def test_given_a_refusal_when_asked_then_only_sources_are_the_administrators_matter() -> None:
    told = {why: Refused(why, 12).one_source for why in ("one-source", "few-partners", "few-days", "few-signals")}

    assert told == {"one-source": True, "few-partners": True, "few-days": False, "few-signals": False}
