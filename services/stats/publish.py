# SPDX-License-Identifier: EUPL-1.2
"""Make a release: gather what it is made from, and keep what came out of it as a concept.

Owns who may, and what must hold before: the period is closed, the counts follow from the cases. Between gathering and
keeping it is protected and attacked elsewhere, outside any transaction; only the whole concept is ever written.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from services.stats import alert_claims, cells, periods, publishing, releases
from services.stats.catalogues import Catalogue
from services.stats.facts import Facts
from services.stats.periods import Period
from services.stats.publishing import Material
from services.stats.releases import Release
from services.stats.storage import claims, ledger
from services.stats.storage import releases as kept
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.database import Transaction
from shared.errors import Conflict, FieldFault, Forbidden, Rejected


@dataclass(frozen=True, slots=True)
class Asked:
    """Which release: of which period of which municipality, and until when sources may object."""

    municipality: str
    period: str
    objections_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Releasing:
    """What releasing needs. `order`: the codes of each dimension in a municipality."""

    catalogue: Callable[[str], Catalogue]
    order: Callable[[str], Mapping[str, Sequence[str]]]
    audit: AuditLog
    clock: Clock


async def gather(asked: Asked, tx: Transaction, *, staff: Staff, today: dt.date, releasing: Releasing) -> Material:
    """What the release is made from, of one moment.

    Raises: Forbidden; Rejected `period_unknown`, `request_invalid`; Conflict `period_not_closed`, `counts_differ`,
    `release_unchanged` (it would say the same as the one that holds), `code_not_in_list`.
    """
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")
    period = releases.closed_period_of(asked.period)
    catalogue, order = releasing.catalogue(asked.municipality), releasing.order(asked.municipality)
    releases.require_closed(period, today=today, wait_days=catalogue.wait_days)
    if asked.objections_until is not None and asked.objections_until < today:
        fault: FieldFault = {"pointer": "/bezwaarTot", "detail": "Kies een dag die nog niet voorbij is."}
        raise Rejected("request_invalid", errors=[fault])
    cases = await kept.cases_of(tx, asked.municipality, period)
    await _require_equal_counts(tx, asked.municipality, period, [facts for _, facts in cases])
    frozen = {count.id: publishing.freeze(cases, count, order) for count in catalogue.counts}
    told = await claims.of(tx, asked.municipality, period)
    around = await kept.cases_of(tx, asked.municipality, alert_claims.reach(told, period)) if told else []
    ever = await kept.ever_approved(tx, asked.municipality)
    same = [one for one in ever if one.period == asked.period]
    if any(one.state == "goedgekeurd" and one.frozen == frozen for one in same):
        raise Conflict("release_unchanged")
    return Material(
        id=str(uuid4()),
        municipality=asked.municipality,
        period=asked.period,
        revision=max((one.revision for one in same), default=0) + 1,
        catalogue=catalogue,
        order=order,
        frozen=frozen,
        binding=tuple(releases.overlapping(period, ever)),
        made_by=staff.name,
        made_at=releasing.clock.now(),
        objections_until=asked.objections_until,
        claims=tuple(told),
        around=tuple(around),
    )


async def keep(release: Release, tx: Transaction, *, staff: Staff, audit: AuditLog) -> Release:
    """The concept, kept whole. Raises: Conflict `release_outdated` when another one came out in the meantime."""
    await kept.lock(tx)
    binding = releases.overlapping(release.days, await kept.ever_approved(tx, release.municipality))
    if tuple(one.id for one in binding) != release.considered:
        raise Conflict("release_outdated")
    await kept.save(tx, release)
    facts = {"municipality": release.municipality, "period": release.period, "revision": release.revision}
    await audit.append(tx, actor=staff.name, role=staff.role, action="release-made", subject=release.id, facts=facts)
    return release


async def _require_equal_counts(tx: Transaction, municipality: str, period: Period, facts: Sequence[Facts]) -> None:
    """Nothing. Raises: Conflict `counts_differ` when the counters do not follow from the cases themselves."""
    spans = periods.cover(period)
    wanted = dict.fromkeys(cells.PAIRS, spans)
    kept_sheets = await ledger.sheets(tx, municipality, wanted=wanted, basis="registered")
    counted = cells.tally(((1, one) for one in facts), bases=cells.BASES[:1])
    if {key: counts for key, counts in counted.items() if key.span in spans} != kept_sheets:
        raise Conflict("counts_differ")
