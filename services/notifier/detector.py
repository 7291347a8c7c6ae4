# SPDX-License-Identifier: EUPL-1.2
"""Emerging tensions in a stream of coded reports.

Owns the order of work: fit what is normal, score each day, compare with the level that chance reaches, and say why.
The notifier and the back-test run this same code. Says "more reports than expected", never "more discrimination".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.notifier.evidence import Scores, score_days
from services.notifier.model import REFIT_DAYS, Fit, fit, fit_day, prepare
from services.notifier.streams import Context, Regions, Stream, regions_of
from services.notifier.null import quiet_years
from services.notifier.threshold import Crossing, level_for


@dataclass(frozen=True, slots=True)
class Alarm:
    day: int
    ground: int
    terrain: int
    district: int
    score: float
    observed: int
    expected: float
    since: int


LAST_THRESHOLD = None


def crossings(s, regions, first, floor=-1.0):
    day, ground = np.nonzero((s.region >= 0) & (s.score > floor))
    r = s.region[day, ground]
    return [Crossing(*x) for x in zip((first + day).tolist(), ground.tolist(), regions.terrain[r].tolist(), regions.district[r].tolist(), s.score[day, ground].tolist())]


def threshold_on(stream, context, regions, day, years=20):
    m = fit(stream, context, regions, fit_day(day))
    pieces, total = [], 0
    for days, s in quiet_years(m, stream, context, years=years):
        pieces.append(crossings(s, regions, 0, 0.0))
        total += days
    return level_for(pieces, total, 4.0)


def evaluate(stream: Stream, days: Sequence[int], context: Context) -> list[Alarm]:
    regions = regions_of(stream.sizes)
    global LAST_THRESHOLD
    LAST_THRESHOLD = threshold_on(stream, context, regions, days[0])
    alarms = []
    blocks = {}
    for d in days:
        blocks.setdefault(fit_day(d), []).append(d)
    for day, chosen in blocks.items():
        m = fit(stream, context, regions, day)
        first, last = min(chosen), max(chosen)
        span = prepare(m, stream, context, first, last - first + 1)
        s = score_days(span.groups, regions, first=first, days=span.days, week_noise=m.week_noise, campaign=span.campaign)
        for d in chosen:
            for g in range(stream.sizes.ground):
                r = s.region[d - first, g]
                if r >= 0 and s.score[d - first, g] > -3:
                    alarms.append(Alarm(d, g, int(regions.terrain[r]), int(regions.district[r]), float(s.score[d - first, g]), int(s.observed[d-first, g]), float(s.expected[d-first, g]), d - int(s.window[d-first, g]) + 1))
    return alarms
