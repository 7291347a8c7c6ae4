# SPDX-License-Identifier: EUPL-1.2
"""How many reports a window should hold, whatever they are about: the level, late uploads and campaigns.

Owns the expected volume. It only says how busy it is; which region the reports fall in is the business of `shares`.
Never uses a report before it has arrived, nor a campaign before its first day.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from services.notifier.streams import Campaign, Context, Floats, Ints, Stream

MEMORY_DAYS = 40.0  # time constant of the daily rate
LEFT_OUT_DAYS = 7  # the newest week does not set the level it is judged by
LONGEST_LAG_DAYS = 120  # older uploads are taken as complete
KERNEL_DAYS = 320  # eight time constants: what is older weighs under a thousandth
CAMPAIGN_PRIOR = 1.5  # reports during a campaign against the weeks around it, before any campaign was seen
CAMPAIGN_PRIOR_REPORTS = 8.0
CAMPAIGN_SIDE_DAYS = 28


@dataclass(frozen=True, slots=True)
class CampaignEffect:
    """How much a campaign multiplies reporting: one for all grounds at once, one for some grounds."""

    everywhere: float
    some: float


def arrived_share(stream: Stream) -> Floats:
    """Share of reports that has arrived by age in days. Shape: (LONGEST_LAG_DAYS + 1,)."""
    lag = np.clip(stream.arrival - stream.day, 0, LONGEST_LAG_DAYS)
    counted = np.bincount(lag, minlength=LONGEST_LAG_DAYS + 1).astype(np.float64)
    counted[0] += 1.0
    return np.asarray(np.cumsum(counted) / counted.sum())


def _around(day: Ints, campaign: Campaign) -> tuple[int, float]:
    """Reports during a campaign, and the number the weeks on either side lead one to expect."""
    first, last = campaign.start, campaign.end
    inside = int(((day >= first) & (day < last)).sum())
    near = (day >= first - CAMPAIGN_SIDE_DAYS) & (day < last + CAMPAIGN_SIDE_DAYS)
    return inside, (int(near.sum()) - inside) * (last - first) / (2 * CAMPAIGN_SIDE_DAYS)


def campaign_effect(stream: Stream, context: Context, today: int) -> CampaignEffect:
    """What earlier campaigns did, pulled towards a modest rise while few are known."""
    grounds = stream.sizes.ground
    first = int(stream.day.min()) if len(stream) else today
    past = [
        c for c in context.campaigns if c.start - CAMPAIGN_SIDE_DAYS >= first and c.end + CAMPAIGN_SIDE_DAYS <= today
    ]
    sums = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for campaign in past:
        whole = len(campaign.grounds) == grounds
        of_it = stream.day[np.isin(stream.ground, list(campaign.grounds))]
        seen, usual = _around(of_it, campaign)
        sums[whole][0] += seen
        sums[whole][1] += usual
    prior = CAMPAIGN_PRIOR_REPORTS
    everywhere = (sums[True][0] + prior * CAMPAIGN_PRIOR) / (sums[True][1] + prior)
    some = (sums[False][0] + prior * everywhere) / (sums[False][1] + prior)
    return CampaignEffect(everywhere, some)


def campaign_days(context: Context, first: int, last: int, grounds: int, effect: CampaignEffect) -> Floats:
    """Factor per ground and day. Shape: (grounds, last - first + 1); overlapping campaigns do not add up."""
    days = np.arange(first, last + 1)
    factor = np.ones((grounds, len(days)))
    for campaign in context.campaigns:
        on = (days >= campaign.start) & (days < campaign.end)
        whole = len(campaign.grounds) == grounds
        chosen = np.ix_(np.array(sorted(campaign.grounds)), np.flatnonzero(on))
        factor[chosen] = np.maximum(factor[chosen], effect.everywhere if whole else effect.some)
    return factor


def _past_sum(values: Floats, kernel: Floats) -> Floats:
    """For each day the sum of earlier values, weighted by age. Shape: as `values`."""
    return np.asarray(np.convolve(values, kernel)[: len(values)])


def daily_rate(stream: Stream, arrived: Floats, factor: Floats, *, first: int, last: int, since: int) -> Floats:
    """Reports a day without campaigns, as known at the end of each day from `first` to `last`.

    `factor` is the city-wide campaign factor per day from `since` on. Shape: (last - first + 1,).
    """
    days = last - since + 1
    decay = float(np.exp(-1 / MEMORY_DAYS))
    counted_on = np.maximum(stream.arrival, stream.day + LEFT_OUT_DAYS) - since
    keep = (counted_on < days) & (stream.day >= since)
    weight = decay ** (counted_on[keep] - (stream.day[keep] - since))
    entering = np.bincount(counted_on[keep], weights=weight, minlength=days)
    seen = np.array(list(accumulate(entering.tolist(), lambda faded, new: decay * faded + new)))
    age = np.arange(KERNEL_DAYS)
    known = arrived[np.minimum(age, LONGEST_LAG_DAYS)]
    kernel = np.where(age >= LEFT_OUT_DAYS, decay**age * known, 0.0)
    usual = _past_sum(factor[:days], kernel)
    return np.asarray((seen / np.maximum(usual, 1e-3))[first - since :])


def exposures(rate: Floats, arrived: Floats, factor: Floats, windows: Ints, *, first: int, since: int) -> Floats:
    """Expected arrivals per day, window and ground, as if a ground got all reports.

    `factor` per ground and day from `since` on. Shape: (days, windows, grounds).
    """
    result = np.empty((len(rate), len(windows), len(factor)))
    last = first - since + len(rate)
    plain = None
    for ground, row in enumerate(factor):
        same_as_first = ground > 0 and np.array_equal(row, factor[0])
        if same_as_first and plain is not None:
            result[:, :, ground] = plain
            continue
        for index, window in enumerate(windows):
            known = arrived[np.minimum(np.arange(window), LONGEST_LAG_DAYS)]
            result[:, index, ground] = rate * _past_sum(row[:last], known)[first - since :]
        if ground == 0:
            plain = result[:, :, 0].copy()
    return result
