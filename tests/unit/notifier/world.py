# SPDX-License-Identifier: EUPL-1.2
"""An invented city to judge the detector by: quiet years of many kinds, and tensions of known place and size.

Owns no rule of the product. Everything comes from a seed. The constants were set by comparing statistics with a
family of streams that is not part of this project: scatter of cells, of weeks, of partners, season, lags.
Seeds under 5,000 are for choosing, from 5,000 on for judging; nothing may be chosen by what the second kind says.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.notifier.streams import ALL, Campaign, Context, Sizes, Stream

REPORTS_PER_WEEK = {"small": 6.0, "medium": 18.0, "large": 60.0}
SIZES = Sizes(ground=6, terrain=4, district=5, partner=6)
DAYS = 1484
JUDGED_FROM = 1120
WEEKS = DAYS // 7
QUIET = ("plain", "season", "delay", "campaign", "onboarding", "batch", "drift")
TENSIONS = (
    "cell-M",
    "cell-L",
    "district-S",
    "district-M",
    "district-L",
    "ground-M",
    "ground-L",
    "ramp-M",
    "ramp-L",
    "in_campaign-M",
)
HARDER = ("drifting-M", "onboarding-M", "through-M", "pair-M")
LENGTH = {"cell": 28, "ramp": 70}
NEEDED = {"S": (4, 3.5), "M": (5, 4.9), "L": (9, 9.0)}  # fewest extra reports, and per root of the expected number


@dataclass(frozen=True, slots=True)
class Tension:
    """Where and when extra reports were added."""

    ground: int
    terrain: int
    district: int
    start: int
    end: int
    extra: int


@dataclass(frozen=True, slots=True)
class Year:
    """One replicate: four years of reports, what staff know, and what was added in the last year."""

    stream: Stream
    context: Context
    tensions: tuple[Tension, ...]


def starting(kind: str) -> tuple[int, ...]:
    """Partners that begin on the way."""
    return (4, 5) if kind in {"onboarding", "through"} else ()


def _level(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Relative volume per day."""
    day = np.arange(DAYS)
    level = np.ones(DAYS)
    if kind != "plain":
        level *= 1 + 0.45 * np.sin(2 * np.pi * (day / 365.25 + rng.random()))
    return level


def _campaigns(kind: str, rng: np.random.Generator) -> tuple[Campaign, ...]:
    if "campaign" not in kind:
        return ()
    starts = [364 * year + 42 + 56 * int(k) for year in range(4) for k in np.sort(rng.choice(6, 2, replace=False))]
    made = []
    for start in starts:
        whole = rng.random() < 0.65
        grounds = range(SIZES.ground) if whole else [int(rng.integers(SIZES.ground))]
        made.append(Campaign(start, start + 7 * int(rng.integers(2, 5)), frozenset(grounds)))
    return tuple(made)


def _mix(kind: str, rng: np.random.Generator, partners: int) -> np.ndarray:
    """Probability of a cell per partner and week. Shape: (partners, weeks, grounds, terrains, districts)."""
    g, t, d = SIZES.ground, SIZES.terrain, SIZES.district
    ground, terrain, district = (
        rng.dirichlet(np.full(g, 3.6)),
        rng.dirichlet(np.full(t, 3.6)),
        rng.dirichlet(np.full(d, 3.6)),
    )
    shared = np.einsum("g,t,d->gtd", ground, terrain, district) * rng.gamma(1.9, 1 / 1.9, (g, t, d))
    week = np.ones((WEEKS + 1, g, 1, d))
    if kind not in {"plain", "season"}:
        week *= rng.gamma(1 / 0.12, 0.12, week.shape)
    if kind.startswith("drift"):
        steps = rng.normal(0, 0.25, (DAYS // 91 + 2, g, 1, d))
        week *= np.exp(np.cumsum(steps, axis=0))[np.arange(WEEKS + 1) * 7 // 91]
    mix = np.empty((partners, WEEKS + 1, g, t, d))
    for partner in range(partners):
        own = rng.gamma(10, 1 / 10, (1, t, 1)) * rng.gamma(7, 1 / 7, (1, 1, d))
        if partner in starting(kind):
            own = (rng.dirichlet(np.full(g, 1.15)) / ground)[:, None, None] * (
                rng.dirichlet(np.full(d, 1.15)) / district
            )
            own = own * (rng.dirichlet(np.full(t, 1.15)) / terrain)[:, None]
        mix[partner] = shared * own * week
    shares: NDArray[np.float64] = mix / mix.sum(axis=(2, 3, 4), keepdims=True)
    return shares


def _lags(kind: str, count: int, rng: np.random.Generator) -> np.ndarray:
    mean = {"plain": 0.0, "season": 0.0, "delay": 6.5}.get(kind, 0.58)
    return rng.geometric(1 / (1 + mean), count) - 1


def _quiet_rows(kind: str, city: str, rng: np.random.Generator, context: Context) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a year without tension, and the expected number per day and cell."""
    level = _level(kind, rng) * REPORTS_PER_WEEK[city] / 7
    partners = SIZES.partner
    founders = partners - max(1, len(starting(kind)))
    weight = np.full(partners, 1 / 3)
    weight[:founders] = rng.dirichlet(np.full(founders, 28.0))
    late = int(rng.integers(founders)) if kind == "batch" else -1
    mix = _mix(kind, rng, partners)
    factor = np.ones((DAYS, SIZES.ground))
    for campaign in context.campaigns:
        whole = len(campaign.grounds) == SIZES.ground
        height = (2.0 if whole else 2.2) * rng.gamma(16, 1 / 16)
        factor[campaign.start : min(campaign.end, DAYS), sorted(campaign.grounds)] = max(1.0, height)
    rows, expected = [], np.zeros((DAYS, SIZES.ground, SIZES.terrain, SIZES.district))
    week = np.minimum(np.arange(DAYS) // 7, WEEKS)
    for partner in range(partners):
        start = context.partner_start.get(partner, DAYS if partner == partners - 1 else 0)
        on = np.arange(DAYS) >= start
        mean = (level * on * weight[partner])[:, None, None, None] * mix[partner][week] * factor[:, :, None, None]
        if partner < partners - 1:
            expected += mean
        counted = rng.poisson(mean)
        place = np.argwhere(counted)
        place = np.repeat(place, counted[tuple(place.T)], axis=0)
        lag = _lags(kind, len(place), rng)
        arrival = place[:, 0] + lag
        if partner == late:
            arrival = (place[:, 0] // 28 + 1) * 28 - 1
        rows.append(np.column_stack([arrival, place, np.full(len(place), partner)]))
    return np.concatenate(rows), expected


def _tension(kind: str, size: str, expected: np.ndarray, rng: np.random.Generator, context: Context) -> Tension:
    length = LENGTH.get(kind, 42)
    start = int(rng.integers(JUDGED_FROM + 14, DAYS - length - 28))
    if kind == "in_campaign":
        judged = [c.start for c in context.campaigns if JUDGED_FROM < c.start < DAYS - 60]
        start = int(rng.choice(judged)) + int(rng.integers(0, 6))
    newcomer = context.partner_start.get(SIZES.partner - 1)
    if newcomer is not None:
        start = min(newcomer + int(rng.integers(15, 90)), DAYS - length - 20)
    base = expected[start : start + length]
    ground = int(rng.integers(SIZES.ground))
    terrain, district = ALL, int(rng.integers(SIZES.district))
    if kind == "cell":
        terrain = int(rng.integers(SIZES.terrain))
    if kind == "ground":
        district = ALL
    chosen = base[:, ground]
    chosen = chosen if terrain == ALL else chosen[:, [terrain]]
    chosen = chosen if district == ALL else chosen[:, :, [district]]
    fewest, per_root = NEEDED[size]
    extra = max(fewest, round(per_root * float(np.sqrt(chosen.sum()))))
    return Tension(ground, terrain, district, start, start + length, extra)


def _added(tension: Tension, kind: str, rng: np.random.Generator, lag_kind: str) -> np.ndarray:
    n, length = tension.extra, tension.end - tension.start
    when = np.sqrt(rng.random(n)) if kind == "ramp" else rng.random(n)
    day = tension.start + (when * length).astype(int)
    terrain = rng.integers(0, SIZES.terrain, n) if tension.terrain == ALL else np.full(n, tension.terrain)
    district = rng.integers(0, SIZES.district, n) if tension.district == ALL else np.full(n, tension.district)
    partner = rng.integers(0, SIZES.partner - 1, n)
    if kind == "through":
        partner[rng.random(n) < 0.5] = SIZES.partner - 1
    if kind == "source":
        partner[:] = 1
    arrival = day + _lags(lag_kind, n, rng)
    return np.column_stack([arrival, day, np.full(n, tension.ground), terrain, district, partner])


def build(name: str, city: str, seed: int) -> Year:
    """A replicate by name: one of QUIET, TENSIONS, HARDER or "source-L" (one partner alone tells of it)."""
    kind, _, size = name.partition("-")
    rng = np.random.default_rng([seed, sum(map(ord, name)), len(city), ord(city[0])])
    base = {"drifting": "drift"}.get(kind, kind)
    starts = {}
    if starting(kind):
        starts = {4: int(rng.integers(290, 690)), 5: int(rng.integers(JUDGED_FROM + 20, JUDGED_FROM + 240))}
    context = Context(_campaigns(kind, rng), starts)
    rows, expected = _quiet_rows(base, city, rng, context)
    tensions: list[Tension] = []
    if size:
        tensions = [_tension(kind, size, expected, rng, context)]
        if kind == "pair":
            tensions.append(replace(tensions[0], district=(tensions[0].district + 2) % SIZES.district))
        rows = np.concatenate([rows, *(_added(t, kind, rng, base) for t in tensions)])
    return Year(Stream.of(SIZES, rows), context, tuple(tensions))
