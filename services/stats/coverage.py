# SPDX-License-Identifier: EUPL-1.2
"""Say how well the city is heard, to whoever may know.

Owns who sees what: releases and bands for every reader of releases; each organisation's own regularity, by reference,
for the bureau alone, and that is written down. Never a ranking outside the bureau.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.stats import coverage_bands
from services.stats.coverage_bands import Heard, SourceMonths
from services.stats.periods import Period
from services.stats.releases import Release
from services.stats.reports import Span, available, last_quarters, picture
from services.stats.storage import ledger
from services.stats.storage import releases as kept
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.database import Transaction
from shared.errors import Forbidden

READERS = frozenset({Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG})
LOOKED_BACK = dt.timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the city is heard. `senders`: a band; `span`: the newest longest period that was released."""

    span: Span | None
    senders: str | None
    regularity: Mapping[str, str]
    quarters: tuple[str, ...]
    districts: Mapping[str, Heard]
    grounds: Mapping[str, Heard]
    sources: Sequence[SourceMonths] | None = None


async def read_coverage(
    municipality: str, tx: Transaction, *, staff: Staff, today: dt.date, audit: AuditLog
) -> Coverage:
    """The coverage this person may see. Raises: Forbidden."""
    if staff.role not in READERS:
        raise Forbidden("role_not_allowed")
    sources = None
    if staff.role is Role.ADV:
        facts = {"municipality": municipality}
        await audit.append(tx, actor=staff.name, role=staff.role, action="coverage-read", facts=facts)
        sources = await exact(municipality, tx, today=today)
    return _from_releases(await kept.approved(tx, municipality), sources)


async def exact(municipality: str, tx: Transaction, *, today: dt.date) -> list[SourceMonths]:
    """Each organisation's regularity, for whoever the caller has checked."""
    period = Period(today - LOOKED_BACK, today)
    facts = await ledger.facts_of(tx, municipality, period, basis="registered")
    return coverage_bands.by_source(facts, today=today)


def _from_releases(approved: Sequence[Release], sources: Sequence[SourceMonths] | None) -> Coverage:
    spans = available(approved)
    found = picture(spans[0], approved) if spans else None
    if found is None:
        return Coverage(None, None, {}, (), {}, {}, sources)
    quarters = last_quarters(found.span.days, approved, coverage_bands.QUARTERS)
    count = coverage_bands.SIGNAL_COUNT
    total = found.total(count)
    return Coverage(
        span=found.span,
        senders=coverage_bands.band_of(found.parts),
        regularity=coverage_bands.bands_by_regularity(quarters) if quarters else {},
        quarters=tuple(one.period for one in quarters),
        districts=coverage_bands.heard(found.by(count, "wijk"), total),
        grounds=coverage_bands.heard(found.by(count, "grond"), total),
        sources=sources,
    )
