# SPDX-License-Identifier: EUPL-1.2
"""What a city normally reports, fitted on one day from what had arrived by then.

Owns the fit: groups of partners, their shares, delays and levels, and the effect of campaigns. A fit stands for four
weeks; days are assigned to fits on a fixed grid, so a day gets the same answer whatever range it is asked in.
"""

from dataclasses import dataclass

import numpy as np

from services.notifier.evidence import LEVEL_REPORTS, WINDOWS, Common, Group
from services.notifier.levels import (
    CampaignEffect,
    arrived_share,
    campaign_days,
    campaign_effect,
    daily_rate,
    exposures,
)
from services.notifier.partners import PartnerGroup, group_partners
from services.notifier.shares import GUARD_DAYS, Shares, blocks_of, established, leaning
from services.notifier.streams import Context, Floats, Ints, Regions, Stream

REFIT_DAYS = 28
YEAR = 364
LONGEST_HISTORY_DAYS = 5 * YEAR  # older reports have faded whatever the wander


@dataclass(frozen=True, slots=True)
class Fit:
    """A city as known at the end of `day`. Lists run over the groups of partners."""

    day: int
    since: int
    regions: Regions
    groups: list[PartnerGroup]
    shares: list[Shares]
    arrived: list[Floats]
    effect: CampaignEffect
    volume: list[int]
    common: Common

    def completeness(self, window: int) -> float:
        """Share of the reports of the last `window` days that has usually arrived by now."""
        known = [arrived[: min(window, len(arrived))].mean() for arrived in self.arrived]
        return float(np.average(known, weights=self.volume)) if any(self.volume) else 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days prepared for scoring. `campaign`: share of a window under a campaign for that ground alone."""

    first: int
    days: int
    groups: list[Group]
    campaign: Floats


def fit_day(day: int) -> int:
    """The day whose fit judges `day`: the last multiple of 28 before it.

    >>> fit_day(1120), fit_day(1121)
    (1092, 1120)
    """
    return (day - 1) // REFIT_DAYS * REFIT_DAYS


def _skipped(context: Context, today: int) -> Ints:
    """Days whose mix of grounds a campaign has changed."""
    days: set[int] = set()
    for campaign in context.campaigns:
        days.update(range(campaign.start, min(campaign.end, today)))
    return np.array(sorted(days), dtype=np.int64)


def fit(stream: Stream, context: Context, regions: Regions, day: int) -> Fit:
    """The fit of one day; reports that arrive later have no influence.

    `stream` and `context` may reach further: partners that begin within the next four weeks get a group of their own.
    """
    past = stream.known_on(day)
    known = context.known_on(day)
    groups = group_partners(stream, context.known_on(day + REFIT_DAYS), day, day + REFIT_DAYS)
    until = day - GUARD_DAYS
    since = int(past.day.min()) if len(past) else day
    since = max(since, until - LONGEST_HISTORY_DAYS)
    skip = _skipped(known, day)
    shares: list[Shares] = []
    common = Common(np.zeros(regions.count), 0.0)
    for group in groups:
        own = past.where(np.isin(past.partner, group.partners))
        blocks = blocks_of(own, regions, until, skip, since)
        if not shares:
            base = established(blocks, regions, ahead_days=GUARD_DAYS + REFIT_DAYS // 2)
            common = Common(base.doubt, base.week_noise)
        shares.append(base.certain() if group.own_level else leaning(blocks.sum(axis=0), base, regions))
    arrived = [arrived_share(past.where(np.isin(past.partner, g.partners) & (past.day < until))) for g in groups]
    recent = past.partner[past.day >= until - YEAR]
    volume = [int(np.isin(recent, g.partners).sum()) for g in groups]
    return Fit(day, since, regions, groups, shares, arrived, campaign_effect(past, known, day), volume, common)


def prepare(model: Fit, stream: Stream, context: Context, first: int, days: int) -> Span:
    """The days from `first` on, ready to be scored with a fit."""
    since = min(model.since, first)
    last = first + days - 1
    grounds = model.regions.sizes.ground
    factor = campaign_days(context.known_on(last), since, last, grounds, model.effect)
    groups = []
    for group, shares, arrived in zip(model.groups, model.shares, model.arrived, strict=True):
        own = stream.where(np.isin(stream.partner, group.partners) & (stream.day >= first - WINDOWS[-1]))
        rate = np.ones(days)
        if group.own_level:
            whole = shares.share[model.regions.starts[3] :]
            every = stream.where(np.isin(stream.partner, group.partners))
            rate = daily_rate(every, arrived, whole @ factor, first=first, last=last, since=since)
        groups.append(
            Group(
                arrival=own.arrival,
                day=own.day,
                regions=model.regions.members(own.ground, own.terrain, own.district),
                exposure=exposures(rate, arrived, factor, WINDOWS, first=first, since=since),
                share=shares.share,
                doubt=shares.doubt,
                level_reports=LEVEL_REPORTS if group.own_level else 0.0,
                corroborates_only=group.corroborates_only,
            )
        )
    return Span(first, days, groups, _campaign_share(context, model, first, days))


def _campaign_share(context: Context, model: Fit, first: int, days: int) -> Floats:
    """Share of each window that lies in a campaign for that ground alone. Shape: (days, windows, grounds)."""
    grounds = model.regions.sizes.ground
    longest = int(WINDOWS[-1])
    some = Context(tuple(c for c in context.known_on(first + days - 1).campaigns if len(c.grounds) < grounds))
    on = campaign_days(some, first - longest, first + days - 1, grounds, CampaignEffect(1.0, 2.0)) - 1
    summed = np.concatenate([np.zeros((grounds, 1)), np.cumsum(on, axis=1)], axis=1)
    end = longest + 1 + np.arange(days)
    share = [(summed[:, end] - summed[:, end - window]) / window for window in WINDOWS]
    return np.ascontiguousarray(np.stack(share).transpose(2, 0, 1))
