# SPDX-License-Identifier: EUPL-1.2
"""Count everything again from the ledger and compare.

Owns the proof that every figure follows from the ledger: the cases are what the ledger says last of each, and every
sheet is what these cases add up to. Reads only.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from services.stats import cells, periods
from services.stats.cells import Basis, Sheets
from services.stats.facts import Case
from services.stats.storage import ledger
from shared.database import Transaction

PAGE: Final = 500


@dataclass(slots=True)
class Recount:
    """How much was compared, and how much differs. Units: cases and sheets of counts."""

    cases: int = 0
    sheets: int = 0
    cases_differing: int = 0
    sheets_differing: int = 0
    cases_missing: int = field(default=0)

    @property
    def ok(self) -> bool:
        """Whether every figure follows from the ledger."""
        return not (self.cases_differing or self.sheets_differing or self.cases_missing)


async def recount(tx: Transaction) -> Recount:
    """What counting again from the ledger finds. Takes a transaction in which nothing was read yet."""
    await ledger.snapshot(tx)
    found = Recount()
    await _compare_cases(tx, found)
    await _compare_sheets(tx, found)
    return found


async def _compare_cases(tx: Transaction, found: Recount) -> None:
    async for page in ledger.all_cases(tx, size=PAGE):
        last = await ledger.last_entries(tx, [case.case_id for case in page])
        found.cases += len(page)
        found.cases_differing += sum(not _follows(case, last.get(case.case_id)) for case in page)
    found.cases_missing = abs(await ledger.size(tx) - found.cases)


def _follows(case: Case, last: ledger.LastEntry | None) -> bool:
    if last is None or last.revision != case.revision:
        return False
    if case.state == "counted":
        return last.facts == case.facts and last.entry not in {"withdrawn", "not-counted"}
    return last.entry == case.state and case.facts is None


async def _compare_sheets(tx: Transaction, found: Recount) -> None:
    """Month by month, so that memory stays bounded; quarters and years add up from the months on the way."""
    years: dict[tuple[str, Basis, str], Sheets] = {}
    for municipality, basis, name in await ledger.months(tx):
        longer = years.setdefault((municipality, basis, name[:4]), {})
        period = periods.named(name.replace("-", "-M"))
        if period is None or name == name[:4]:
            continue
        cases = await ledger.facts_of(tx, municipality, period, basis=basis)
        expected = cells.tally(((1, facts) for facts in cases), bases=(basis,))
        for key in [key for key in expected if periods.month_or_year_of(key.span) != name]:
            cells.add(longer.setdefault(key, {}), expected.pop(key))
        spans = {span for day in period.days() for span in periods.spans_of(day) if span.startswith(name)}
        _compare(expected, await _stored(tx, municipality, basis, spans), found)
    for (municipality, basis, year), expected in years.items():
        spans = {year, *(f"{year}-K{number}" for number in range(1, 5))}
        _compare(expected, await _stored(tx, municipality, basis, spans), found)


async def _stored(tx: Transaction, municipality: str, basis: Basis, spans: Collection[str]) -> Sheets:
    return await ledger.sheets(tx, municipality, wanted=dict.fromkeys(cells.PAIRS, spans), basis=basis)


def _compare(expected: Sheets, actual: Sheets, found: Recount) -> None:
    found.sheets += len(expected.keys() | actual.keys())
    found.sheets_differing += sum(expected.get(key) != actual.get(key) for key in expected.keys() | actual.keys())
