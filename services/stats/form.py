# SPDX-License-Identifier: EUPL-1.2
"""Make the statutory form of a year from the counts as they are now.

Owns the use case only: which rows and columns there are is the schema's affair, how counts fall on them is `wga`.
"""

from services.stats import cells, periods, storage, wga
from services.stats.cells import Basis
from services.stats.wga import Form, Schema
from shared.database import Transaction


async def live_form(schema: Schema, tx: Transaction, *, municipality: str, year: int, with_mass: bool) -> Form:
    """The form as the figures stand."""
    span, pairs = periods.span_of(periods.calendar_year(year).first, "year"), wga.pairs_for(schema)
    sheets = await storage.sheets(tx, municipality, spans=[span], basis="registered", pairs=pairs)
    registered: tuple[Basis, ...] = ("registered",)
    waiting = await storage.uncounted(tx, municipality)
    for key, counts in cells.tally(waiting, pairs=pairs, bases=registered).items():
        if key.span == span:
            cells.add(sheets.setdefault(key, {}), counts)
    return wga.filled(schema, sheets, municipality=municipality, year=year, with_mass=with_mass)
