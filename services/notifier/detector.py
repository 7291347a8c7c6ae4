# SPDX-License-Identifier: EUPL-1.2
"""Emerging tensions in a stream of coded reports.

Owns the order of work: fit what is normal, score each day, compare with the level that chance reaches, and say what
was seen and allowed for. The notifier and the back-test run this same code. It speaks of more reports than expected,
never of more discrimination, and never of a person or a partner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import scipy  # loads `stats` when it is first asked for: thirty megabytes that most looks never need

from services.notifier.evidence import Scores, score_days
from services.notifier.model import Fit, fit, fit_day, prepare
from services.notifier.null import quiet_years
from services.notifier.short_history import ENOUGH_DAYS, Surprise, surprises
from services.notifier.streams import ALL, Context, Regions, Stream, regions_of
from services.notifier.threshold import Crossing, Null, null_from

FLOOR = -1.0  # log evidence; what scores lower speaks against a tension and is not worth a line
BAND = 0.95  # of quiet windows fall within the predictive interval


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """What an administrator may change. Units: episodes a year for a whole municipality; simulated years."""

    budget_per_year: float = 4.0
    simulated_years: int = 16


@dataclass(frozen=True, slots=True)
class Alarm:
    """More reports on one ground than expected, on one day. `terrain` and `district` are -1 when not narrowed down.

    `low`..`high` hold 95% of quiet windows; `since` is the first day of the window that says most; `chance_per_year`
    is how often a pattern this strong arises by chance here; `completeness` is the share of the window's reports that
    has usually arrived by now; `sources` counts partners. `allowed_for` holds codes: campaign, newcomer, batches,
    late-uploads, not-enough-history.
    """

    day: int
    ground: int
    terrain: int
    district: int
    score: float
    observed: int
    expected: float
    low: int
    high: int
    since: int
    chance_per_year: float
    completeness: float
    sources: int
    largest_source_share: float
    above: bool
    allowed_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where and when an alarm looks."""

    day: int
    since: int
    ground: int
    terrain: int
    district: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found there, and what the expectation took into account."""

    score: float
    observed: int
    expected: float
    shape: float
    completeness: float
    allowed_for: tuple[str, ...]


def calibrate(stream: Stream, context: Context, day: int, *, settings: DetectorSettings) -> Null:
    """What chance does in this city, as known before `day`. Costs about a second; good for weeks, so keep it."""
    regions = regions_of(stream.sizes)
    model = fit(stream, context, regions, fit_day(day))
    pieces, total = [], 0
    for days, scores in quiet_years(model, stream, context, years=settings.simulated_years):
        pieces.append(_crossings(scores, regions))
        total += days
    return null_from(pieces, total, settings.budget_per_year)


def evaluate(
    stream: Stream,
    days: Iterable[int],
    context: Context,
    *,
    settings: DetectorSettings,
    null: Null | None = None,
    everything: bool = False,
) -> list[Alarm]:
    """The alarms of the given days, by day and ground; each day sees only what had arrived and was known by then.

    `null` is what `calibrate` gave; left out it is made for the first day. With `everything` also what stays below.
    """
    chosen = sorted(set(days))
    if not chosen or not len(stream):
        return []
    regions = regions_of(stream.sizes)
    begun = int(stream.arrival.min())
    early = [day for day in chosen if day - begun < ENOUGH_DAYS]
    later = chosen[len(early) :]
    alarms = [_early_alarm(s, stream, settings) for s in surprises(stream, regions, early)]
    if later:
        null = null or calibrate(stream, context, later[0], settings=settings)
        for day, block in groupby(later, fit_day):
            model = fit(stream, context, regions, day)
            alarms += _judge(model, stream, context, list(block), null)
    return [alarm for alarm in alarms if everything or alarm.above]


def _crossings(scores: Scores, regions: Regions) -> list[Crossing]:
    """What scored above nought in simulated days."""
    day, ground = np.nonzero((scores.region >= 0) & (scores.score > 0))
    region = scores.region[day, ground]
    columns = (day, ground, regions.terrain[region], regions.district[region], scores.score[day, ground])
    return [Crossing(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _judge(model: Fit, stream: Stream, context: Context, days: Sequence[int], null: Null) -> list[Alarm]:
    """The alarms, strong and weak, of days that share a fit."""
    first, last = days[0], days[-1]
    regions = model.regions
    span = prepare(model, stream, context, first, last - first + 1)
    scores = score_days(span.groups, regions, first=first, days=span.days, common=model.common, campaign=span.campaign)
    wanted = np.isin(np.arange(first, last + 1), days)[:, None]
    alarms = []
    for row, ground in np.argwhere(wanted & (scores.region >= 0) & (scores.score > FLOOR)).tolist():
        region, window = int(scores.region[row, ground]), int(scores.window[row, ground])
        day = first + row
        spot = _Spot(day, day - window + 1, ground, int(regions.terrain[region]), int(regions.district[region]))
        complete = model.completeness(window)
        seen = _Seen(
            score=float(scores.score[row, ground]),
            observed=int(scores.observed[row, ground]),
            expected=float(scores.expected[row, ground]),
            shape=float(scores.shape[row, ground]),
            completeness=complete,
            allowed_for=_allowed_for(model, context, spot, complete),
        )
        chance, level = null.per_year(seen.score), null.level
        alarms.append(_alarm(stream, spot, seen, chance_per_year=chance, above=seen.score >= level))
    return alarms


def _alarm(stream: Stream, spot: _Spot, seen: _Seen, *, chance_per_year: float, above: bool) -> Alarm:
    """One alarm with what a reader needs to weigh it."""
    low, high = scipy.stats.nbinom.ppf(
        [(1 - BAND) / 2, (1 + BAND) / 2], seen.shape, seen.shape / (seen.shape + seen.expected)
    )
    sources, largest = _sources(stream, spot)
    return Alarm(
        day=spot.day,
        ground=spot.ground,
        terrain=spot.terrain,
        district=spot.district,
        score=seen.score,
        observed=seen.observed,
        expected=seen.expected,
        low=int(low),
        high=int(high),
        since=spot.since,
        chance_per_year=chance_per_year,
        completeness=seen.completeness,
        sources=sources,
        largest_source_share=largest,
        above=above,
        allowed_for=seen.allowed_for,
    )


def _sources(stream: Stream, spot: _Spot) -> tuple[int, float]:
    """How many partners told of it, and the largest part that one of them told."""
    inside = (stream.arrival <= spot.day) & (stream.day <= spot.day) & (stream.day >= spot.since)
    inside &= stream.ground == spot.ground
    if spot.terrain != ALL:
        inside &= stream.terrain == spot.terrain
    if spot.district != ALL:
        inside &= stream.district == spot.district
    counted = np.bincount(stream.partner[inside])
    return int((counted > 0).sum()), float(counted.max(initial=0) / max(1, counted.sum()))


def _allowed_for(model: Fit, context: Context, spot: _Spot, complete: float) -> tuple[str, ...]:
    """Codes of what the expectation took into account."""
    campaigns = context.known_on(spot.day).campaigns
    facts = {
        "campaign": any(spot.ground in c.grounds and c.end > spot.since for c in campaigns),
        "newcomer": any(g.newcomer and g.since <= spot.day for g in model.groups),
        "batches": any(g.erratic for g in model.groups),
        "late-uploads": complete < 0.95,
    }
    return tuple(code for code, holds in facts.items() if holds)


def _early_alarm(surprise: Surprise, stream: Stream, settings: DetectorSettings) -> Alarm:
    """An alarm from the simple rule for a stream that is still too short."""
    seen = _Seen(
        score=surprise.score,
        observed=surprise.observed,
        expected=surprise.expected,
        shape=surprise.shape,
        completeness=1.0,
        allowed_for=("not-enough-history",),
    )
    spot = _Spot(surprise.day, surprise.since, surprise.ground, ALL, surprise.district)
    chance = min(settings.budget_per_year, surprise.chance_per_year)
    return _alarm(stream, spot, seen, chance_per_year=chance, above=surprise.above)
