# SPDX-License-Identifier: EUPL-1.2
"""How strongly counts speak for a tension: a Bayes factor per ground, mixed over regions, windows and sizes.

Owns the counting of windows and the score. Never decides what is strong enough; that is the threshold's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.notifier.streams import ALL, Floats, Ints, Regions

WINDOWS = np.array([7, 14, 21, 28, 35, 42, 49, 56, 70])  # days, all ending today; tensions build up over weeks
RISES = np.array([2.5, 4.0, 6.0, 9.0])  # sizes of a rise, in standard deviations of a quiet window
CLEARLY = 0.5  # standard deviations; below it even the smallest rise is seven times less likely than none
FEWEST = 3  # reports; fewer are an incident, never a pattern
LEVEL_REPORTS = 30.0  # weight of the expected volume against the volume seen elsewhere in the city
CAMPAIGN_SHAPE = 12.0  # campaigns differ: 1 / variance of the factor of one campaign
ECHO = 0.5  # what partners that only strengthen may add, against what the others show by themselves
TINY = 1e-6
TOP = 300.0  # log of the largest term kept, below the overflow of exp


@dataclass(frozen=True, slots=True)
class Group:
    """One group of partners as the score needs it. `doubt` is what this group adds to the doubt that all share.

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
class Common:
    """What is unsure for all groups alike: the shares, and a region's factor from week to week. Relative variances.

    Shape: `doubt` (regions,).
    """

    doubt: Floats
    week_noise: float


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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What each group was expected to report in each entry. Shape: (groups, entries)."""

    expected: Floats
    shape: Floats


def count_windows(arrival: Ints, day: Ints, member: Ints, *, first: int, days: int, columns: int) -> Ints:
    """Reports per day, window and column, counting on each day only what had arrived.

    A report counts in a window of n days from its arrival until n days after it happened.
    Shape: `member` (classes, reports), -1 for no column -> (days, windows, columns).
    """
    begin = np.maximum(np.maximum(arrival, day) - first, 0)
    end = np.minimum(day[None, :] + WINDOWS[:, None] - first, days)
    window, report = np.nonzero(end > begin)
    column = member[:, report]
    kept = column >= 0
    steps = len(WINDOWS) * columns
    place = (window * columns + column)[kept]
    enters = np.broadcast_to(begin[report], column.shape)[kept] * steps + place
    leaves = np.broadcast_to(end[window, report], column.shape)[kept] * steps + place
    size = (days + 1) * steps
    change = np.bincount(enters, minlength=size) - np.bincount(leaves, minlength=size)
    return np.cumsum(change.reshape(days + 1, len(WINDOWS), columns)[:-1], axis=0, dtype=np.int32)


def _entries(groups: Sequence[Group], regions: Regions, first: int, days: int, campaign: Floats) -> _Entries:
    """The windows that hold enough reports and more than expected, counted per group."""
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
    counts = [
        count_windows(
            g.arrival[keep], g.day[keep], column[g.regions[:, keep]], first=first, days=days, columns=len(active)
        )
        for g, keep in zip(groups, near, strict=True)
    ]
    ground = regions.ground[active]
    totals = [c[:, :, column[whole:]].sum(axis=2) for c in counts]
    summed: Ints = np.asarray(np.sum(counts, axis=0, dtype=np.int64))
    rough = np.sum([_rough(g, total, active, ground) for g, total in zip(groups, totals, strict=True)], axis=0)
    # A campaign for one ground may turn out weaker than expected, so there every window is looked at.
    day, window, which = np.nonzero((summed >= FEWEST) & ((summed > rough) | (campaign > 0)[:, :, ground]))
    region = active[which]
    seen = np.stack([c[day, window, which] for c in counts])
    others = np.stack([total[day, window] for total in totals]) - seen
    rest = summed[day, window, column[whole + regions.ground[region]]] - seen.sum(axis=0)
    return _Entries(day, window, region, seen, others, rest)


def _rough(group: Group, total: Ints, active: Ints, ground: Ints) -> NDArray[np.float32]:
    """Expected reports when the level is taken from all of the city, the region itself included.

    Where a region holds more than this, it holds more than expected. Shape: (days, windows, active regions).
    """
    volume = group.exposure @ group.share[-len(group.exposure[0, 0]) :]
    weight = group.level_reports
    level = (weight + total) / (weight + volume) if weight else (total + 0.5) / np.maximum(volume, TINY)
    scaled = (group.exposure * level[:, :, None]).astype(np.float32)
    return np.asarray(scaled[:, :, ground] * group.share[active].astype(np.float32))


def _expected(group: Group, others: Ints, entries: _Entries, regions: Regions) -> tuple[Floats, Floats, Floats]:
    """Expected reports of one group in each entry, its own doubt, and those expected in the rest of the ground.

    The level is what was expected beforehand, moved by what the rest of the city shows.
    """
    ground = regions.ground[entries.region]
    whole = group.share[regions.starts[3] :]
    exposure = group.exposure[entries.day, entries.window, ground]
    volume = (group.exposure @ whole)[entries.day, entries.window]
    prior = exposure * group.share[entries.region]
    elsewhere = np.maximum(volume - prior, TINY)
    # A group without a level of its own is judged by its mix alone: half a report stands for "none elsewhere".
    weight = group.level_reports
    level = (weight + others) / (weight + elsewhere) if weight else (others + 0.5) / elsewhere
    doubt = group.doubt[entries.region] + 1 / (weight + others + 0.5)
    rest = np.maximum(exposure * whole[ground] - prior, 0.0) * level
    return np.maximum(prior * level, TINY), doubt, rest


def _weigh(groups: Sequence[Group], regions: Regions, entries: _Entries, common: Common, campaign: Floats) -> _Weighed:
    """The negative binomial expectation of each entry, per group.

    How strong this one campaign is shows in the rest of its ground; the ground as a whole has only the past to go by.
    What all groups share does not average out over them: it is spread so that their sum has the variance it should.
    """
    ground = regions.ground[entries.region]
    each = [_expected(g, others, entries, regions) for g, others in zip(groups, entries.others, strict=True)]
    expected, doubt, rest = (np.stack(part) for part in zip(*each, strict=True))
    under = campaign[entries.day, entries.window, ground]
    known = under * entries.rest_of_ground
    expected = expected * (CAMPAIGN_SHAPE + known) / (CAMPAIGN_SHAPE + under * rest.sum(axis=0))
    shared = common.doubt[entries.region] + 7 * common.week_noise / WINDOWS[entries.window]
    shared = shared + under**2 / (CAMPAIGN_SHAPE + known)
    return _Weighed(expected, 1 / (doubt + shared * expected.sum(axis=0) / expected))


def _busier(entries: _Entries, weighed: _Weighed) -> tuple[_Entries, _Weighed]:
    """Only the entries with clearly more reports than expected; the others add next to nothing to a score."""
    usual = weighed.expected.sum(axis=0)
    keep = entries.seen.sum(axis=0) > usual + CLEARLY * np.sqrt(np.maximum(1.0, usual))
    some = _Entries(
        entries.day[keep],
        entries.window[keep],
        entries.region[keep],
        entries.seen[:, keep],
        entries.others[:, keep],
        entries.rest_of_ground[keep],
    )
    return some, _Weighed(weighed.expected[:, keep], weighed.shape[:, keep])


def score_days(
    groups: Sequence[Group], regions: Regions, *, first: int, days: int, common: Common, campaign: Floats
) -> Scores:
    """Scores of consecutive days from `first` on.

    Shape: `campaign` (days, windows, grounds): share of a window under a campaign for that ground alone.
    """
    every = _entries(groups, regions, first, days, campaign)
    entries, weighed = _busier(every, _weigh(groups, regions, every, common, campaign))
    seen, expected, shape = entries.seen, weighed.expected, weighed.shape
    usual = expected.sum(axis=0)
    only = np.array([g.corroborates_only for g in groups])
    term = np.zeros(len(usual))
    for rise in RISES:
        times = 1 + rise * np.sqrt(np.maximum(1.0, usual)) / usual
        log_factor = seen * np.log(times) - (shape + seen) * np.log((shape + times * expected) / (shape + expected))
        own = log_factor[~only].sum(axis=0)
        echo = log_factor[only].sum(axis=0)
        term += np.exp(np.minimum(own + np.minimum(echo, ECHO * np.maximum(own, 0.0)), TOP))
    term *= regions.prior[entries.region] / (len(WINDOWS) * len(RISES))
    return _strongest(entries, weighed, term, regions, days=days)


def _strongest(entries: _Entries, weighed: _Weighed, term: Floats, regions: Regions, *, days: int) -> Scores:
    """Sum the terms per day and ground and remember the largest."""
    grounds = regions.sizes.ground
    size = days * grounds
    slot = entries.day * grounds + regions.ground[entries.region]
    summed = np.bincount(slot, weights=term, minlength=size)
    largest = np.zeros(size)
    np.maximum.at(largest, slot, term)
    best = np.flatnonzero((term == largest[slot]) & (term > 0))[::-1]  # reversed: of equals the first stands
    expected = weighed.expected[:, best]
    usual = expected.sum(axis=0)

    with np.errstate(divide="ignore"):
        score = np.log(summed).reshape(days, grounds)
    slots = slot[best]
    region, window, observed = np.full(size, ALL), np.zeros(size, np.int64), np.zeros(size, np.int64)
    mean, width = np.zeros(size), np.ones(size)
    region[slots], window[slots] = entries.region[best], WINDOWS[entries.window[best]]
    observed[slots], mean[slots] = entries.seen[:, best].sum(axis=0), usual
    width[slots] = usual**2 / (expected**2 / weighed.shape[:, best]).sum(axis=0)
    board = (days, grounds)
    return Scores(
        score=score,
        region=region.reshape(board),
        window=window.reshape(board),
        observed=observed.reshape(board),
        expected=mean.reshape(board),
        shape=width.reshape(board),
    )
