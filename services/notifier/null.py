# SPDX-License-Identifier: EUPL-1.2
"""Invented quiet years of *this* city, from which the threshold is read.

Owns the simulation: the last two years keep their days, uploads and partners, only what each report is about is drawn
anew from the fitted shares and their doubt. So volume, season, batches and delays are the city's own. Seeded: the same
past gives the same years. Never sees the days that are judged.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from services.notifier.evidence import Scores, score_days
from services.notifier.levels import campaign_days
from services.notifier.model import Fit, prepare
from services.notifier.streams import Context, Floats, Ints, Regions, Stream

SKELETON_DAYS = 728
SEED = 20_110  # any number: a fixed one makes a threshold reproducible


def _gamma(variance: Floats, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Factors with mean one and the given relative variance, which may be nought."""
    safe = np.maximum(variance, 1e-9)
    return np.asarray(rng.gamma(np.broadcast_to(1 / safe, shape), np.broadcast_to(safe, shape)))


def _moved(doubt: Floats, regions: Regions, rng: np.random.Generator) -> Floats:
    """What the true mix of cells may be against the estimate. Shape: (grounds, terrains, districts)."""
    size = regions.sizes
    cell, pair, setting, whole = regions.starts
    cube = (size.ground, size.terrain, size.district)
    ground = doubt[whole:]
    of_pair = np.maximum(doubt[pair:setting].reshape(size.ground, size.district) - ground[:, None], 0)
    of_setting = np.maximum(doubt[setting:whole].reshape(size.ground, size.terrain) - ground[:, None], 0)
    explained = ground[:, None, None] + of_pair[:, None, :] + of_setting[:, :, None]
    of_cell = np.maximum(doubt[cell:pair].reshape(cube) - explained, 0)
    mix = _gamma(of_cell, rng, cube)
    mix = mix * _gamma(ground, rng, (size.ground,))[:, None, None]
    mix = mix * _gamma(of_pair, rng, of_pair.shape)[:, None, :]
    return np.asarray(mix * _gamma(of_setting, rng, of_setting.shape)[:, :, None])


def _draw_cells(weights: Floats, week: Ints, rng: np.random.Generator) -> Ints:
    """A cell per report, drawn with the weights of its week. Shape: `weights` (weeks, cells), `week` (reports,)."""
    ladder = np.cumsum(weights, axis=1)
    ladder /= ladder[:, -1:]
    point = rng.random(len(week))
    # Rows are lifted apart by their number, so that one sorted search serves all weeks.
    lifted = (ladder + np.arange(len(ladder))[:, None]).ravel()
    drawn = np.searchsorted(lifted, point + week, side="right") - week * weights.shape[1]
    return np.asarray(np.clip(drawn, 0, weights.shape[1] - 1))


def quiet_years(model: Fit, stream: Stream, context: Context, *, years: int) -> Iterator[tuple[int, Scores]]:
    """Scores of simulated quiet years, in pieces of up to two years, each with its number of days."""
    past = stream.known_on(model.day)
    known = context.known_on(model.day)
    days = min(SKELETON_DAYS, model.day - model.since - 70)
    if days < 91:
        return
    rng = np.random.default_rng(SEED)
    regions, size = model.regions, model.regions.sizes
    span = prepare(model, past, known, model.day - days + 1, days)
    origin = int(min((g.day.min() for g in span.groups if len(g.day)), default=span.first))
    weeks = (model.day - origin) // 7 + 1
    factor = campaign_days(known, origin, origin + 7 * weeks - 1, size.ground, model.effect)
    by_week = factor.reshape(size.ground, weeks, 7).mean(axis=2).T[:, :, None, None]
    for _ in range(max(1, round(years * 365 / days))):
        noise = _gamma(np.array(model.common.week_noise), rng, (weeks, size.ground, 1, size.district))
        common = _moved(model.common.doubt, regions, rng)
        groups = []
        for group, shares in zip(span.groups, model.shares, strict=True):
            mix = shares.share[: regions.starts[1]].reshape(common.shape) * common
            if shares.doubt.any():
                mix = mix * _moved(shares.doubt, regions, rng)
            weights = (mix * noise * by_week).reshape(weeks, -1)
            cell = _draw_cells(weights, (group.day - origin) // 7, rng)
            ground, rest = np.divmod(cell, size.terrain * size.district)
            terrain, district = np.divmod(rest, size.district)
            groups.append(replace(group, regions=regions.members(ground, terrain, district)))
        yield (
            days,
            score_days(groups, regions, first=span.first, days=days, common=model.common, campaign=span.campaign),
        )
