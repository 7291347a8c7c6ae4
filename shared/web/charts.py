# SPDX-License-Identifier: EUPL-1.2
"""Charts as SVG, drawn on the server: a bar per row, or a line with the band that was expected.

Owns geometry and the words a screen reader hears. Pure, and deterministic: the same figures give the same bytes.
Colours come from the stylesheet by class, never inline. A chart never stands alone: a table with the figures goes
beside it. Never sees an unprotected figure by itself: a hidden value is given as None and drawn as hidden.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

WIDTH: Final = 360  # narrow, so that the words stay readable on a phone; the stylesheet bounds it on a screen
ROW_HEIGHT: Final = 46
BAR_HEIGHT: Final = 18
VALUE_GAP: Final = 8
CHARACTER_WIDTH: Final = 10  # of a bold figure of 14 px in a wide font
LABEL_LENGTH: Final = 42  # of 14 px over the whole width, with a wide font
PLOT_TOP, PLOT_LEFT, PLOT_RIGHT, PLOT_HEIGHT = 14, 40, 10, 190
LABEL_SPACE: Final = 34
LABELS_ALONG_X: Final = 4
TICKS: Final = 4
HIDDEN: Final = "niet getoond"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; None is a value that may not be shown."""

    label: str
    value: int | float | None


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a line chart; None is a value that may not be shown and breaks the line."""

    label: str
    value: int | float | None
    low: float | None = None
    high: float | None = None
    marked: bool = False


def bar_chart(rows: Sequence[Bar], *, title: str, description: str) -> Markup:
    """A horizontal bar per row, in the order given, under its label and before its figure."""
    shown = [row.value for row in rows if row.value is not None]
    room = WIDTH - VALUE_GAP - CHARACTER_WIDTH * max((len(dutch(value)) for value in shown), default=0)
    top = max(shown, default=0)
    parts = [_bar(row, index * ROW_HEIGHT, (row.value or 0) / (top or 1) * room) for index, row in enumerate(rows)]
    return drawing("bar", title, description, max(1, len(rows)) * ROW_HEIGHT, parts)


def _bar(row: Bar, y: int, width: float) -> Markup:
    label = Markup('<text x="0" y="{}">{}</text>').format(y + 16, _short(row.label))
    above = y + 22
    if row.value is None:
        shape = Markup('<rect class="bar-hidden" x="1" y="{}" width="40" height="{}"/>').format(above, BAR_HEIGHT)
        return label + shape + _value(49, above, HIDDEN)
    shape = Markup('<rect class="bar" x="0" y="{}" width="{}" height="{}"/>').format(
        above, coordinate(max(width, 1)), BAR_HEIGHT
    )
    return label + shape + _value(width + VALUE_GAP, above, dutch(row.value))


def _value(x: float, above: int, text: str) -> Markup:
    return Markup('<text class="value" x="{}" y="{}">{}</text>').format(coordinate(x), above + 14, text)


def line_chart(points: Sequence[Point], *, title: str, description: str) -> Markup:
    """A line through the values over the band from `low` to `high`, with a dot where `marked`.

    The axis starts at zero, so that a small change looks small.
    """
    highest = max((top for one in points for top in (one.value, one.high) if top is not None), default=0)
    step = _tick_step(highest)
    top = step * max(1, math.ceil(highest / step))
    step_x = (WIDTH - PLOT_LEFT - PLOT_RIGHT) / max(1, len(points) - 1)
    places = [PLOT_LEFT + index * step_x for index in range(len(points))]
    parts = [
        *_scale(top, step),
        *_band(points, places, top),
        *_line(points, places, top),
        *_dots(points, places, top),
        *_labels(points, places),
    ]
    return drawing("line", title, description, PLOT_TOP + PLOT_HEIGHT + LABEL_SPACE, parts)


def _height(value: float, top: float) -> float:
    return PLOT_TOP + PLOT_HEIGHT * (1 - value / top)


def _scale(top: float, step: float) -> list[Markup]:
    lines = []
    for index in range(round(top / step) + 1):
        y, kind = _height(index * step, top), "grid" if index else "axis"
        lines.append(
            Markup('<line class="{0}" x1="{1}" y1="{2}" x2="{3}" y2="{2}"/>').format(
                kind, PLOT_LEFT, coordinate(y), WIDTH - PLOT_RIGHT
            )
            + Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                PLOT_LEFT - 8, coordinate(y + 5), dutch(index * step)
            )
        )
    return lines


def _band(points: Sequence[Point], places: Sequence[float], top: float) -> list[Markup]:
    known = [(x, one.low, one.high) for x, one in zip(places, points, strict=True)]
    upper = [(x, high) for x, low, high in known if low is not None and high is not None]
    lower = [(x, low) for x, low, high in known if low is not None and high is not None]
    if len(upper) < 2:
        return []
    return [Markup('<path class="band" d="M{}Z"/>').format(_path([*upper, *reversed(lower)], top))]


def _line(points: Sequence[Point], places: Sequence[float], top: float) -> list[Markup]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, one in zip(places, points, strict=True):
        if one.value is None:
            runs.append([])
        else:
            runs[-1].append((x, one.value))
    return [Markup('<path class="line" d="M{}"/>').format(_path(run, top)) for run in runs if len(run) > 1]


def _dots(points: Sequence[Point], places: Sequence[float], top: float) -> list[Markup]:
    return [
        Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(
            "mark" if one.marked else "dot",
            coordinate(x),
            coordinate(_height(one.value, top)),
            6 if one.marked else 2.5,
        )
        for x, one in zip(places, points, strict=True)
        if one.value is not None
    ]


def _labels(points: Sequence[Point], places: Sequence[float]) -> list[Markup]:
    every = max(1, math.ceil(len(points) / LABELS_ALONG_X))
    last = len(points) - 1
    shown = {index for index in range(0, len(points), every) if last - index >= every} | {last}
    return [
        Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            coordinate(places[index]), PLOT_TOP + PLOT_HEIGHT + 24, _anchor(index, last), _short(points[index].label)
        )
        for index in sorted(shown)
        if index >= 0
    ]


def _anchor(index: int, last: int) -> str:
    if index == last:
        return "end"
    return "middle" if index else "start"


def _path(places: Sequence[tuple[float, float]], top: float) -> str:
    return "L".join(f"{coordinate(x)} {coordinate(_height(value, top))}" for x, value in places)


def _tick_step(highest: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that gives about four lines.

    >>> _tick_step(7), _tick_step(83), _tick_step(0)
    (2, 50, 1)
    """
    if highest <= TICKS:
        return 1
    power: int = 10 ** math.floor(math.log10(highest / TICKS))
    return next(step for factor in (1, 2, 5, 10) if (step := factor * power) * TICKS >= highest)


def drawing(kind: str, title: str, description: str, height: int, parts: Sequence[Markup]) -> Markup:
    """A whole picture of these parts, with its title and description for who cannot see it."""
    # the ids must differ between the charts of one page and be the same on every run
    mark = hashlib.sha256(f"{kind}|{title}|{description}".encode()).hexdigest()[:8]
    head = Markup(
        '<svg class="chart chart-{kind}" role="img" viewBox="0 0 {width} {height}"'
        ' aria-labelledby="t{mark}" aria-describedby="d{mark}">'
        '<title id="t{mark}">{title}</title><desc id="d{mark}">{description}</desc>'
    ).format(kind=kind, width=WIDTH, height=height, mark=mark, title=title, description=description)
    return head + Markup("").join(parts) + Markup("</svg>")


def coordinate(value: float) -> str:
    """A place in a picture, no longer than it needs to be."""
    return f"{value:.1f}".removesuffix(".0")


def dutch(value: float) -> str:
    """The figure as Dutch readers write it.

    >>> dutch(1234), dutch(2.5)
    ('1.234', '2,5')
    """
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,"))


def _short(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1].rstrip()}…"
