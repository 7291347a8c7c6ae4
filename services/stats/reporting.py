# SPDX-License-Identifier: EUPL-1.2
"""What reports are given: the municipalities, the tables and the figures of others, as this installation has them.

Owns putting these together, once for the service and once for the command.
"""

from pathlib import Path

from services.stats import benchmark_files, catalogue_files, presentation
from services.stats.report import Reporting
from services.stats.report_layout import Place
from shared import vocabulary
from shared.municipalities import Municipalities


def reporting_of(configured: Municipalities, benchmark: Path | None) -> Reporting:
    """What reports need. Raises: Misconfigured."""
    codes = vocabulary.load()

    def place(code: str) -> Place:
        one = configured.get(code)
        tiles = tuple((tile.district, tile.column, tile.row) for tile in one.tiles)
        label = presentation.release_labels_of(codes, one.districts)
        return Place(one.code, one.name, one.bureau.full_name or one.bureau.name, tiles, label)

    return Reporting(
        catalogue=catalogue_files.load().of,
        place=place,
        population=lambda code, day: configured.get(code).population_on(day),
        timezone=lambda code: configured.get(code).timezone,
        benchmark=benchmark_files.load(benchmark),
    )
