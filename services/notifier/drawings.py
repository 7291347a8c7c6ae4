# SPDX-License-Identifier: EUPL-1.2
"""The charts of an alert: exact weeks for the bureau, bands for everyone else.

Owns which figures are drawn. Never decides who may see them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from services.notifier import sightings
from services.notifier.series import Area, SeriesCase
from shared.web.charts import Bar, Point, bar_chart, line_chart

WEEKS_SHOWN: Final = 26


def weeks(cases: Sequence[SeriesCase], alert: Mapping[str, Any]) -> list[Point]:
    """The half year up to the last week of an alert, in its own area, beside what is usual."""
    district = alert["gebied"]["code"] if alert["gebied"]["soort"] == "wijk" else None
    area = Area(alert["grond"], alert["terrein"], district)
    last = dt.date.fromisoformat(alert["periode"]["tot"])
    first_of_alert = dt.date.fromisoformat(alert["periode"]["van"])
    monday = last - dt.timedelta(days=last.weekday())
    points = []
    for back in range(WEEKS_SHOWN - 1, -1, -1):
        start = monday - dt.timedelta(weeks=back)
        end = start + dt.timedelta(days=6)
        usual = sightings.usual(cases, area, since=start, today=end)
        count = sum(start <= c.happened_on <= end and area.holds(c) for c in cases)
        marked = end >= first_of_alert
        points.append(Point(f"{start:%d-%m}", count, float(usual.low), float(usual.high), marked))
    return points


def of_weeks(points: Sequence[Point]) -> Markup:
    """The weeks as a line with its band."""
    return line_chart(
        points,
        title="Signalen per week",
        description="De lijn is het aantal, de band wat meestal binnenkomt. Grote punten horen bij de attendering.",
    )


def of_bands(alert: Mapping[str, Any]) -> Markup:
    """What is usual beside what was seen, by the bands that were shown."""
    usual, seen = alert["verwacht"].split("-")[-1], alert["waargenomen"].split("-")[0]
    rows = [Bar("Meestal hoogstens", int(usual)), Bar("Nu minstens", int(seen))]
    return bar_chart(
        rows, title="Meestal en nu", description="Het aantal signalen dat meestal hoogstens binnenkomt, en nu."
    )
