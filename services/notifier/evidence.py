# SPDX-License-Identifier: EUPL-1.2
"""How strongly counts speak for a tension: a Bayes factor per ground, mixed over regions, windows and sizes.

Owns the counting of windows and the score. Never decides what is strong enough; that is the threshold's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.notifier.streams import Floats, Ints, Regions

WINDOWS = np.array([7, 14, 21, 28, 35, 42, 49, 56, 70])  # days, all ending today; tensions build up over weeks
RISES = np.array([2.5, 4.0, 6.0, 9.0])  # sizes of a rise, in standard deviations of a quiet window
FEWEST = 3  # reports; fewer are an incident, never a pattern
LEVEL_REPORTS = 30.0  # weight of the expected volume against the volume seen elsewhere in the city
CAMPAIGN_SHAPE = 12.0  # campaigns differ: 1 / variance of the factor of one campaign
TOP = 300.0  # log of the largest term kept, below the overflow of exp


@dataclass(frozen=True, slots=True)
class Group:
    """One group of partners as the score needs it.

    Shape: `regions` (4, reports), `exposure` (days, windows, grounds), `share` and `doubt` (regions,).
    """

    arrival: Ints
    day: Ints
    regions: Ints
    exposure: Floats
    share: Floats
    doubt: Floats
    level_reports: float
    corroborates_only: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """Per day and ground the score and the region and window that say most; `region` is -1 where nothing speaks.

    Shape: (days, grounds). `observed`, `expected`, `shape` describe that region and window.
    """

    score: Floats
    region: Ints
    window: Ints
    observed: Ints
    expected: Floats
    shape: Floats


@dataclass(frozen=True, slots=True)
class _Entries:
    """Windows with enough reports to matter, one element each; `seen` and `others` are per group of partners.

    Shape: `seen`, `others` (groups, entries): reports in the region, and in the rest of the city.
    """

    day: Ints
    window: Ints
    region: Ints
    seen: Ints
    others: Ints
    rest_of_ground: Ints


def count_windows(arrival: Ints, day: Ints, member: Ints, first: int, days: int, columns: int) -> Ints:
    """Reports per day, window and column, counting on each day only what had arrived.

    A report counts in a window of n days from its arrival until n days after it happened.
    Shape: `member` (classes, reports), -1 for no column -> (days, windows, columns).
    """
    begin = np.maximum(np.maximum(arrival, day) - first, 0)
    end = np.minimum(day[None, :] + WINDOWS[:, None] - first, days)
    window, report = np.nonzero(end > begin)
    change = np.zeros(((days + 1) * len(WINDOWS), columns), dtype=np.int32)
    for row in member:
        column = row[report]
        kept = column >= 0
        where, which = window[kept], column[kept]
        np.add.at(change, (begin[report[kept]] * len(WINDOWS) + where, which), 1)
        np.add.at(change, (end[window, report][kept] * len(WINDOWS) + where, which), -1)
    return np.cumsum(change.reshape(days + 1, len(WINDOWS), columns)[:-1], axis=0, dtype=np.int32)


def _entries(groups: Sequence[Group], regions: Regions, first: int, days: int) -> _Entries:
    """The windows that hold enough reports, counted per group."""
    near = [(g.day > first - WINDOWS[-1]) & (g.arrival < first + days) for g in groups]
    volume = sum(
        np.bincount(g.regions[:, keep].ravel(), minlength=regions.count) for g, keep in zip(groups, near, strict=True)
    )
    whole = regions.starts[3]
    busy = np.asarray(volume) >= FEWEST
    busy[whole:] = True
    active = np.flatnonzero(busy)
    column = np.full(regions.count, -1)
    column[active] = np.arange(len(active))
    counts = np.stack(
        [
            count_windows(g.arrival[keep], g.day[keep], column[g.regions[:, keep]], first, days, len(active))
            for g, keep in zip(groups, near, strict=True)
        ]
    )
    day, window, which = np.nonzero(counts.sum(axis=0) >= FEWEST)
    region = active[which]
    seen = counts[:, day, window, which]
    grounds = counts[:, :, :, column[whole:]]
    others = grounds.sum(axis=3)[:, day, window] - seen
    rest = grounds[:, day, window, regions.ground[region]].sum(axis=0) - seen.sum(axis=0)
    return _Entries(day, window, region, seen, others, rest)


def _expected(
    group: Group, index: int, entries: _Entries, regions: Regions, noise: Floats, campaign: Floats
) -> tuple[Floats, Floats]:
    """Expected reports of one group in each entry and the gamma shape of that expectation.

    The level is what was expected beforehand, moved by what the rest of the city shows.
    """
    grounds = regions.starts[3]
    ground = regions.ground[entries.region]
    volume = group.exposure @ group.share[grounds:]
    prior = group.exposure[entries.day, entries.window, ground] * group.share[entries.region]
    elsewhere = np.maximum(volume[entries.day, entries.window] - prior, 1e-6)
    others = entries.others[index]
    level = (group.level_reports + others) / (group.level_reports + elsewhere)
    if group.level_reports == 0:
        level = (others + 0.5) / elsewhere
    expected = np.maximum(prior * level, 1e-9)
    doubt = group.doubt[entries.region] + 1 / (group.level_reports + others + 0.5) + noise + campaign
    return expected, 1 / doubt


def score_days(
    groups: Sequence[Group], regions: Regions, *, first: int, days: int, week_noise: float, campaign: Floats
) -> Scores:
    """Scores of consecutive days from `first` on.

    Shape: `campaign` (days, windows, grounds): share of a window under a campaign for that ground alone.
    """
    entries = _entries(groups, regions, first, days)
    weeks = WINDOWS[entries.window] / 7
    ground = regions.ground[entries.region]
    noise = week_noise / weeks
    under = campaign[entries.day, entries.window, ground]
    pairs = [_expected(g, i, entries, regions, noise, under**2 / CAMPAIGN_SHAPE) for i, g in enumerate(groups)]
    expected = np.stack([e for e, _ in pairs])
    shape = np.stack([s for _, s in pairs])
    seen = entries.seen
    total, usual = seen.sum(axis=0), expected.sum(axis=0)
    weight = regions.prior[entries.region] / (len(WINDOWS) * len(RISES))
    term = np.zeros(len(total))
    only = np.array([g.corroborates_only for g in groups])
    for rise in RISES:
        times = 1 + rise * np.sqrt(np.maximum(1.0, usual)) / usual
        log_factor = seen * np.log(times) - (shape + seen) * np.log((shape + times * expected) / (shape + expected))
        own = log_factor[~only].sum(axis=0)
        echo = log_factor[only].sum(axis=0)
        term += np.exp(np.minimum(own + np.minimum(echo, np.maximum(own, 0.0)), TOP))
    term *= weight * (total > usual)
    return _strongest(entries, term, total, expected, shape, days, regions.sizes.ground, ground)


def _strongest(
    entries: _Entries, term: Floats, total: Ints, expected: Floats, shape: Floats, days: int, grounds: int, ground: Ints
) -> Scores:
    """Sum the terms per day and ground and remember the largest."""
    slot = entries.day * grounds + ground
    summed = np.bincount(slot, weights=term, minlength=days * grounds)
    largest = np.zeros(days * grounds)
    np.maximum.at(largest, slot, term)
    best = np.flatnonzero(term == largest[slot])[::-1]  # reversed: of equals the first stands
    usual = expected.sum(axis=0)
    together = usual**2 / (expected**2 / shape).sum(axis=0)
    blank = np.full(days * grounds, -1)
    region, window, observed = blank.copy(), blank.copy(), np.zeros_like(blank)
    mean, width = np.zeros(days * grounds), np.ones(days * grounds)
    where = slot[best]
    region[where] = np.where(term[best] > 0, entries.region[best], -1)
    window[where], observed[where] = WINDOWS[entries.window[best]], total[best]
    mean[where], width[where] = usual[best], together[best]
    with np.errstate(divide="ignore"):
        score = np.log(summed)
    columns = (score, region, window, observed, mean, width)
    return Scores(*(c.reshape(days, grounds) for c in columns))
