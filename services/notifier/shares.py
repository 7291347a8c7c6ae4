# SPDX-License-Identifier: EUPL-1.2
"""Which share of a city's reports each region normally gets, and how sure that is.

Owns the share model: a region's share is what its margins suggest times a factor of its own that wanders slowly. A
gamma filter follows the factor; how fast it wanders, how far regions differ from their margins and how much weeks vary
are weighed by how well each choice predicted the past. Never looks at a clock or at reports newer than it is given.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import scipy  # loads `special` when it is first asked for

from services.notifier.streams import Floats, Ints, Regions, Sizes, Stream, regions_of

BLOCK_DAYS = 28  # one step of the filter; long enough that late uploads of one batch fall in one step
GUARD_DAYS = 56  # the newest weeks may hold the tension itself and are left out of the baseline
YEAR_DAYS = 365.25

FITS_KEPT = 16  # the days of four weeks share a fit, and most of what a look costs is to make it

# Grids over which the past decides; the ranges are wide enough that their ends are rarely chosen.
WANDER_PER_YEAR = np.array([0.0, 0.02, 0.08, 0.25, 0.6])  # variance that the log of a share gains in a year
WANDER_PRIOR = np.log(np.array([0.3, 0.25, 0.2, 0.15, 0.1]))
CONCENTRATION = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 60.0, 200.0])  # shape of the factor: small = regions differ
CONCENTRATION_PRIOR = -0.5 * (np.log(CONCENTRATION) - np.log(4.0)) ** 2 / 1.5**2
WEEK_NOISE = np.array([0.0, 0.06, 0.12, 0.25])  # variance of a region's factor from week to week
WEEK_NOISE_PRIOR = np.log(np.array([0.2, 0.3, 0.3, 0.2]))
MARGIN_PSEUDO = 3.0  # reports of prior weight per margin, spread evenly
NEWCOMER_PSEUDO = 6.0  # reports of prior weight with which a newcomer's margins lean on the others'
NEWCOMER_SHAPE = 4.0  # and how far a newcomer's regions differ from its margins


@dataclass(frozen=True, slots=True)
class Shares:
    """Expected share per region and its uncertainty. Units: `doubt` is a relative variance (1 / gamma shape).

    Shares that lean on others carry as doubt only what comes on top of the doubt about those others.
    """

    share: Floats
    doubt: Floats
    week_noise: float
    wander: float

    def certain(self) -> "Shares":
        """The same shares for those whose doubt is counted elsewhere, as common to all."""
        return replace(self, doubt=np.zeros_like(self.doubt))


@dataclass(frozen=True, slots=True)
class _Followed:
    """What a filter knew before each block, and after the last one at the day aimed at."""

    path: Floats
    factor: Floats
    doubt: Floats
    wander: float
    week_noise: float


def blocks_of(stream: Stream, regions: Regions, until: int, skip: Ints, since: int) -> Floats:
    """Reports per block of 28 days and region; blocks end before `until`, days in `skip` are left out.

    Shape: (blocks, regions), oldest first.
    """
    count = max(0, (until - since) // BLOCK_DAYS)
    block = count - 1 - (until - 1 - stream.day) // BLOCK_DAYS
    keep = (block >= 0) & (stream.day < until) & ~np.isin(stream.day, skip)
    member = regions.members(stream.ground[keep], stream.terrain[keep], stream.district[keep])
    flat = (block[keep] * regions.count + member).ravel()
    counted = np.bincount(flat, minlength=count * regions.count)
    return counted.reshape(count, regions.count).astype(np.float64)


def _log_predictive(seen: Floats, expected: Floats, shape: Floats) -> Floats:
    """Log likelihood of a negative binomial count, without the terms that do not depend on the grid."""
    total, log_gamma = shape + expected, scipy.special.gammaln
    return np.asarray(
        log_gamma(shape + seen) - log_gamma(shape) + shape * np.log(shape / total) + seen * np.log(expected / total)
    )


def follow(
    seen: Floats, exposure: Floats, *, wander: Floats, shape: Floats, noise: Floats, log_prior: Floats, ahead_days: int
) -> _Followed:
    """Follow each region's factor through the blocks and weigh the grid by how well it predicted.

    Shape: `seen`, `exposure` (blocks, regions); `wander`, `noise`, `log_prior` (grid, 1); `shape` (grid, 1 or regions).
    """
    grid, regions = len(wander), seen.shape[1]
    factor = np.ones((grid, regions))
    strength = np.broadcast_to(shape, (grid, regions)).copy()
    step = wander * (BLOCK_DAYS / YEAR_DAYS)
    weeks = BLOCK_DAYS / 7
    fit = log_prior[:, 0].copy()
    path = np.empty((len(seen), grid, regions))
    for block, (count, base) in enumerate(zip(seen, exposure, strict=True)):
        strength = 1 / (1 / strength + step)
        path[block] = factor
        expected = np.maximum(base * factor, 1e-9)
        fit += _log_predictive(count, expected, 1 / (1 / strength + noise / weeks)).sum(axis=1)
        trust = 1 / (1 + expected * noise / weeks)
        rate = strength / factor + trust * base
        strength = strength + trust * count
        factor = strength / rate
    weight = np.exp(fit - fit.max())
    weight /= weight.sum()
    strength = 1 / (1 / strength + wander * (ahead_days / YEAR_DAYS))
    mean = weight @ factor
    spread = weight @ (factor**2 / strength + (factor - mean) ** 2)
    return _Followed(
        path=np.einsum("g,bgr->br", weight, path),
        factor=mean,
        doubt=spread / mean**2,
        wander=float(weight @ wander[:, 0]),
        week_noise=float(weight @ noise[:, 0]),
    )


def _grid(wander: Floats, noise: Floats) -> dict[str, Floats]:
    """All combinations of the grids as columns."""
    full = np.array(np.meshgrid(np.arange(len(wander)), np.arange(len(CONCENTRATION)), np.arange(len(noise))))
    w, c, n = full.reshape(3, -1)
    prior = CONCENTRATION_PRIOR[c].copy()
    if len(wander) > 1:
        prior += WANDER_PRIOR[w]
    if len(noise) > 1:
        prior += WEEK_NOISE_PRIOR[n]
    columns = {"wander": wander[w], "shape": CONCENTRATION[c], "noise": noise[n], "log_prior": prior}
    return {name: column[:, None] for name, column in columns.items()}


def _margin(counts: Floats) -> Floats:
    """Shares of one dimension, pulled a little towards equal."""
    smoothed = counts + MARGIN_PSEUDO / len(counts)
    return np.asarray(smoothed / smoothed.sum())


def _classes(regions: Regions) -> tuple[slice, slice, slice, slice]:
    """Where cells, ground x district, ground x terrain and grounds stand."""
    cell, pair, setting, whole = regions.starts
    return slice(cell, pair), slice(pair, setting), slice(setting, whole), slice(whole, regions.count)


def margins(counts: Floats, sizes: Sizes) -> tuple[Floats, Floats, Floats]:
    """Reports per ground, terrain and district. Shape: `counts` per cell, in region order."""
    cube = counts.reshape(sizes.ground, sizes.terrain, sizes.district)
    return cube.sum(axis=(1, 2)), cube.sum(axis=(0, 2)), cube.sum(axis=(0, 1))


def established(blocks: Floats, regions: Regions, *, ahead_days: int) -> Shares:
    """Shares of the partners that have reported for long. `blocks` as from `blocks_of`; the arrays are read-only."""
    return _established(np.ascontiguousarray(blocks).tobytes(), regions.sizes, ahead_days)


@lru_cache(maxsize=FITS_KEPT)
def _established(content: bytes, sizes: Sizes, ahead_days: int) -> Shares:
    regions = regions_of(sizes)
    blocks = (np.frombuffer(content) if content else np.zeros(0)).reshape(-1, regions.count)
    cells, pairs, settings, wholes = _classes(regions)
    total = blocks[:, wholes].sum(axis=1, keepdims=True)
    ground, terrain, district = (_margin(m) for m in margins(blocks[:, cells].sum(axis=0), sizes))

    free = _grid(WANDER_PER_YEAR, WEEK_NOISE)
    of_ground = follow(blocks[:, wholes], total * ground, ahead_days=ahead_days, **free)
    ground_path = of_ground.path * ground
    base = (ground_path[:, :, None] * district).reshape(len(blocks), sizes.ground * sizes.district)
    of_pair = follow(blocks[:, pairs], total * base, ahead_days=ahead_days, **free)
    setting_base = (ground_path[:, :, None] * terrain).reshape(len(blocks), sizes.ground * sizes.terrain)
    fixed = _grid(np.array([of_pair.wander]), np.array([of_pair.week_noise]))
    of_setting = follow(blocks[:, settings], total * setting_base, ahead_days=ahead_days, **fixed)

    pair_path = (base * of_pair.path).reshape(-1, sizes.ground, 1, sizes.district)
    setting_path = (setting_base * of_setting.path).reshape(-1, sizes.ground, sizes.terrain, 1)
    cell_base = pair_path * setting_path / ground_path.reshape(-1, sizes.ground, 1, 1)
    still = _grid(np.array([0.0]), np.array([of_pair.week_noise]))
    of_cell = follow(
        blocks[:, cells],
        total * cell_base.reshape(len(blocks), sizes.ground * sizes.terrain * sizes.district),
        ahead_days=ahead_days,
        **still,
    )

    whole = ground * of_ground.factor
    whole /= whole.sum()
    pair = (whole[:, None] * district).ravel() * of_pair.factor
    setting = (whole[:, None] * terrain).ravel() * of_setting.factor
    pair_now = pair.reshape(sizes.ground, 1, sizes.district)
    setting_now = setting.reshape(sizes.ground, sizes.terrain, 1)
    cell = (pair_now * setting_now / whole.reshape(-1, 1, 1)).ravel() * of_cell.factor
    pair_doubt = np.broadcast_to(
        of_pair.doubt.reshape(sizes.ground, 1, sizes.district), (sizes.ground, sizes.terrain, sizes.district)
    ).ravel()
    share = np.concatenate([cell, pair, setting, whole])
    doubt = np.concatenate([of_cell.doubt + pair_doubt, of_pair.doubt, of_setting.doubt, of_ground.doubt])
    share.flags.writeable = doubt.flags.writeable = False
    return Shares(share, doubt, week_noise=of_pair.week_noise, wander=of_pair.wander)


def leaning(own: Floats, other: Shares, regions: Regions) -> Shares:
    """Shares of one partner apart: its own reports per region, leaning on the shares of the established.

    The less it has reported, the wider the doubt: what a newcomer hears says little until it has a past.
    """
    sizes = regions.sizes
    cells, _, _, wholes = _classes(regions)
    counted = margins(own[cells], sizes)
    expected = margins(other.share[cells] / other.share[cells].sum(), sizes)
    total = own[wholes].sum()
    factors, doubts = [np.ones(1)], [np.zeros(1)]  # the last element stands for "not narrowed down"
    for seen, usual in zip(counted, expected, strict=True):
        factors.append((seen + NEWCOMER_PSEUDO * usual) / ((total + NEWCOMER_PSEUDO) * usual))
        doubts.append(1 / (seen + NEWCOMER_PSEUDO * usual))
    codes = (regions.ground, regions.terrain, regions.district)
    factor, doubt = np.ones(regions.count), np.zeros(regions.count)
    for code, f, v in zip(codes, factors[1:], doubts[1:], strict=True):
        factor *= np.append(f, 1.0)[code]
        doubt += np.append(v, 0.0)[code]
    base = other.share * factor
    base /= base[wholes].sum()
    fit = (own + NEWCOMER_SHAPE) / (total * base + NEWCOMER_SHAPE)
    share = base * fit
    return Shares(
        share=share / share[wholes].sum(),
        doubt=doubt + 1 / (own + NEWCOMER_SHAPE),
        week_noise=other.week_noise,
        wander=other.wander,
    )
