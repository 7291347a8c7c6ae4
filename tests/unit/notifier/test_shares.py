# SPDX-License-Identifier: EUPL-1.2
"""What a city normally reports: shares, levels, partners."""

import numpy as np
import pytest

from services.notifier.levels import (
    CampaignEffect,
    arrived_share,
    campaign_days,
    campaign_effect,
    daily_rate,
    exposures,
)
from services.notifier.partners import group_partners, is_erratic
from services.notifier.shares import blocks_of, established, leaning
from services.notifier.streams import Campaign, Context, Floats, Sizes, Stream, regions_of

SIZES = Sizes(ground=3, terrain=2, district=2, partner=4)
REGIONS = regions_of(SIZES)
NOTHING = np.array([], dtype=np.int64)


def blocks(rate: Floats, count: int, seed: int) -> Floats:
    """Blocks of Poisson counts. Shape: `rate` (blocks or 1, cells) -> (blocks, regions)."""
    rng = np.random.default_rng(seed)
    cells = rng.poisson(np.broadcast_to(rate, (count, rate.shape[1])))
    cube = cells.reshape(count, *(SIZES.ground, SIZES.terrain, SIZES.district))
    parts = [cube, cube.sum(axis=2), cube.sum(axis=3), cube.sum(axis=(2, 3))]
    return np.concatenate([p.reshape(count, -1) for p in parts], axis=1).astype(float)


def stream_of(day: np.ndarray, lag: np.ndarray | int = 0, partner: int = 0) -> Stream:
    rows = np.zeros((len(day), 6), dtype=np.int64)
    rows[:, 0], rows[:, 1], rows[:, 5] = day + lag, day, partner
    return Stream.of(SIZES, rows)


def test_given_steady_shares_when_fitted_then_they_are_found_and_trusted() -> None:
    truth = np.array([[4, 1, 2, 1, 8, 2, 1, 1, 3, 3, 2, 4.0]])

    fitted = established(blocks(truth, 40, 1), REGIONS, ahead_days=70)

    np.testing.assert_allclose(fitted.share[REGIONS.starts[3] :], np.array([8, 12, 12]) / 32, atol=0.04)
    np.testing.assert_allclose(fitted.share[:12], truth[0] / 32, atol=0.03)
    assert fitted.wander < 0.1
    assert fitted.doubt[REGIONS.starts[3] :].max() < 0.03


def test_given_a_share_that_moved_when_fitted_then_the_recent_share_counts_and_doubt_is_wider() -> None:
    before = np.full((1, 12), 3.0)
    after = before.copy()
    after[0, :2] = 12.0
    moved = np.concatenate([blocks(before, 30, 2), blocks(after, 12, 3)])

    steady = established(blocks(before, 42, 2), REGIONS, ahead_days=70)
    fitted = established(moved, REGIONS, ahead_days=70)

    whole = REGIONS.starts[3]
    assert 0.45 < fitted.share[whole] < 30 / 54 + 0.03  # from 1/3, most of the way to 30/54
    assert fitted.wander > steady.wander
    assert fitted.doubt[whole] > steady.doubt[whole]


def test_given_an_empty_past_when_fitted_then_all_is_equal_and_doubtful() -> None:
    fitted = established(np.zeros((0, REGIONS.count)), REGIONS, ahead_days=70)

    np.testing.assert_allclose(fitted.share[REGIONS.starts[3] :], 1 / 3)
    assert fitted.doubt.min() > 0.05


def test_given_a_newcomer_without_a_past_when_fitted_then_it_leans_on_the_others_with_more_doubt() -> None:
    others = established(blocks(np.full((1, 12), 3.0), 40, 4), REGIONS, ahead_days=70)

    fitted = leaning(np.zeros(REGIONS.count), others, REGIONS)

    np.testing.assert_allclose(fitted.share, others.share, rtol=1e-6)
    assert (fitted.doubt > others.doubt + 0.3).all()


def test_given_a_newcomer_with_a_past_when_fitted_then_its_own_mix_shows_and_doubt_shrinks() -> None:
    others = established(blocks(np.full((1, 12), 3.0), 40, 4), REGIONS, ahead_days=70)
    own = np.array([[30, 30, 30, 30, 1, 1, 1, 1, 1, 1, 1, 1.0]])

    fitted = leaning(blocks(own, 1, 5)[0], others, REGIONS)

    assert fitted.share[REGIONS.starts[3]] > 0.85
    assert fitted.doubt[0] < leaning(np.zeros(REGIONS.count), others, REGIONS).doubt[0] / 4


def test_given_reports_on_skipped_and_recent_days_when_put_in_blocks_then_they_are_left_out() -> None:
    stream = stream_of(np.array([3, 10, 11, 40, 70]))

    counted = blocks_of(stream, REGIONS, 56, np.array([10]), 0)

    assert counted[:, 0].tolist() == [2.0, 1.0]


def test_given_late_uploads_when_their_age_is_asked_then_the_share_known_by_then_is_told() -> None:
    day = np.repeat(np.arange(100), 10)
    stream = stream_of(day, np.tile(np.arange(10), 100))

    known = arrived_share(stream)

    assert known[0] == pytest.approx(0.1, abs=0.01)
    assert known[4] == pytest.approx(0.5, abs=0.01)
    assert known[9] == pytest.approx(1.0)


def test_given_late_uploads_when_the_level_is_asked_then_it_is_not_taken_for_a_quiet_time() -> None:
    rng = np.random.default_rng(6)
    stream = stream_of(np.sort(rng.integers(0, 400, 1200)), rng.integers(0, 30, 1200))

    rate = daily_rate(stream, arrived_share(stream), np.ones(400), first=300, last=399, since=0)

    assert rate.mean() == pytest.approx(3.0, rel=0.08)


def test_given_a_campaign_for_one_ground_when_exposed_then_only_its_windows_hold_more() -> None:
    effect = CampaignEffect(everywhere=2.0, some=3.0)
    factor = campaign_days(Context((Campaign(95, 99, frozenset({1})),)), 0, 99, 3, effect)

    exposed = exposures(np.ones(1), np.ones(121), factor, np.array([7, 14]), first=99, since=0)

    assert exposed[0].tolist() == [[7.0, 15.0, 7.0], [14.0, 22.0, 14.0]]


def test_given_earlier_campaigns_when_their_effect_is_asked_then_those_still_running_do_not_count() -> None:
    quiet, busy = np.arange(0, 400), np.repeat(np.arange(100, 121), 9)
    stream = stream_of(np.concatenate([quiet, busy]))
    every = frozenset(range(3))
    past, running = Campaign(100, 121, every), Campaign(390, 420, every)

    known = campaign_effect(stream, Context((past, running)), 399)
    none = campaign_effect(stream, Context((running,)), 399)

    assert known.everywhere == pytest.approx(10.0, rel=0.35)
    assert none.everywhere == pytest.approx(1.5)


def test_given_monthly_batches_when_regularity_is_judged_then_they_are_erratic_and_delays_are_not() -> None:
    rng = np.random.default_rng(7)
    day = np.sort(rng.integers(0, 700, 500))

    assert is_erratic((day // 28 + 1) * 28 - 1, day, 700)
    assert not is_erratic(day + rng.geometric(0.15, 500), day, 700)
    assert not is_erratic(day, day, 700)


def test_given_partners_of_every_kind_when_grouped_then_newcomers_and_batches_stand_apart() -> None:
    rng = np.random.default_rng(8)
    day = np.sort(rng.integers(0, 1000, 700))
    new = day[day > 950]
    streams = [
        stream_of(day, 0, 0),
        stream_of(day, 1, 1),
        stream_of(day, (day // 28 + 1) * 28 - 1 - day, 2),
        stream_of(new, 0, 3),
    ]
    columns = [np.concatenate([getattr(s, n) for s in streams]) for n in ("arrival", "day")]
    rows = np.zeros((len(columns[0]), 6), dtype=np.int64)
    rows[:, 0], rows[:, 1] = columns
    rows[:, 5] = np.concatenate([s.partner for s in streams])

    groups = group_partners(Stream.of(SIZES, rows), Context(partner_start={3: 945}), 990, 1018)

    assert [(g.partners, g.newcomer, g.erratic) for g in groups] == [
        ((0, 1), False, False),
        ((2,), False, True),
        ((3,), True, False),
    ]
    assert groups[2].corroborates_only
