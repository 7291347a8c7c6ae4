# SPDX-License-Identifier: EUPL-1.2
"""A schematic map as SVG: every district is a tile, roughly where it lies.

Owns the drawing. Pure, and deterministic. No geometry of any city: tiles come as data. The shade is never the only
carrier: the figure stands in the tile, and a table with the same figures goes beside it.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from shared.web.charts import HIDDEN, WIDTH, coordinate, drawing, dutch

GAP: Final = 6
TILE_HEIGHT: Final = 84
LINE_HEIGHT: Final = 15
CHARACTER_WIDTH: Final = 7.2  # of 12 px
SHADES: Final = 4
MOST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A district; None is a figure that may not be shown."""

    name: str
    column: int
    row: int
    number: int | None


def tile_map(tiles: Sequence[Tile], *, title: str, description: str) -> Markup:
    """The tiles in their places, the darker the higher their figure."""
    columns = 1 + max((one.column for one in tiles), default=0)
    rows = 1 + max((one.row for one in tiles), default=0)
    width = (WIDTH - GAP * (columns - 1)) / columns
    highest = max((one.number for one in tiles if one.number is not None), default=0)
    parts = [_tile(one, width, highest) for one in tiles]
    return drawing("map", title, description, rows * (TILE_HEIGHT + GAP) - GAP, parts)


def shade(number: int | None, highest: int) -> str:
    """The class of a tile.

    >>> shade(None, 9), shade(0, 9), shade(1, 9), shade(9, 9)
    ('tile-hidden', 'tile-1', 'tile-1', 'tile-4')
    """
    if number is None:
        return "tile-hidden"
    return f"tile-{max(1, math.ceil(SHADES * number / highest)) if highest else 1}"


def _tile(tile: Tile, width: float, highest: int) -> Markup:
    x, y = tile.column * (width + GAP), tile.row * (TILE_HEIGHT + GAP)
    box = Markup('<rect class="tile {}" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(
        shade(tile.number, highest), coordinate(x + 1), coordinate(y + 1), coordinate(width - 2), TILE_HEIGHT - 2
    )
    spaced = tile.name.replace("/", "/ ")
    lines = textwrap.wrap(spaced, int((width - 14) / CHARACTER_WIDTH), max_lines=MOST_LINES, placeholder="…")
    names = [
        Markup('<text class="tile-name" x="{}" y="{}">{}</text>').format(
            coordinate(x + 8), coordinate(y + 18 + index * LINE_HEIGHT), line
        )
        for index, line in enumerate(lines)
    ]
    shown = HIDDEN if tile.number is None else dutch(tile.number)
    kind = "tile-name" if tile.number is None else "value"
    number = Markup('<text class="{}" x="{}" y="{}">{}</text>').format(
        kind, coordinate(x + 8), coordinate(y + TILE_HEIGHT - 11), shown
    )
    return box + Markup("").join(names) + number
