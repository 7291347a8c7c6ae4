# SPDX-License-Identifier: EUPL-1.2
"""The drawings in a report, the same on a page and in a PDF.

Owns which chart belongs to which block and what somebody who cannot see it is told.
"""

from markupsafe import Markup

from services.stats.report_pages import Bars, DistrictMap
from shared.web.charts import HIDDEN, Bar, bar_chart
from shared.web.tile_map import Tile, tile_map


def drawn(block: Bars | DistrictMap) -> Markup:
    """The drawing of a block, as SVG."""
    if isinstance(block, Bars):
        bars = [Bar(name, number) for name, number in block.rows]
        return bar_chart(bars, title=block.title, description=described(block))
    tiles = [Tile(one.name, one.column, one.row, one.number) for one in block.tiles]
    return tile_map(tiles, title=block.title, description=described(block))


def described(block: Bars | DistrictMap) -> str:
    """The drawing in words."""
    pairs = block.rows if isinstance(block, Bars) else tuple((one.name, one.number) for one in block.tiles)
    told = ", ".join(f"{name} {HIDDEN if number is None else number}" for name, number in pairs)
    return f"{block.title}: {told}. De tabel ernaast heeft dezelfde aantallen."
