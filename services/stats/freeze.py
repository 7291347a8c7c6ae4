# SPDX-License-Identifier: EUPL-1.2
"""Settle the statutory form of a year: one person proposes, another approves.

Owns the four eyes and what must hold before a form is settled: the year is over, the form adds up, and counting the
cases themselves gives the same form. Later corrections make the next revision, with a list of differences.
"""

from uuid import uuid4

from services.stats import periods, wga
from services.stats.filings import FiledForm
from services.stats.storage import forms, ledger
from services.stats.wga import Form, Schema
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.database import Transaction
from shared.errors import Conflict, Forbidden, NotFound


async def propose(
    schema: Schema, tx: Transaction, *, municipality: str, year: int, this_year: int, staff: Staff, audit: AuditLog,
    clock: Clock,
) -> FiledForm:  # fmt: skip
    """The proposal: the next revision of the form as the figures stand.

    Raises: Forbidden; Conflict `year_not_over`, `form_unchanged` (it equals the settled one) or `counts_differ` (the
    counts do not follow from the cases: nothing may be settled before `check` says so).
    """
    _require_bureau(staff)
    if year >= this_year:
        raise Conflict("year_not_over")
    form = await _proven(schema, tx, municipality=municipality, year=year, with_mass=True)
    without = await _proven(schema, tx, municipality=municipality, year=year, with_mass=False)
    before = (await forms.settled(tx, municipality=municipality, years=[year])).get(year)
    wire, wire_without = wga.as_wire(form), wga.as_wire(without)
    if before is not None and (before.form, before.form_without_mass) == (wire, wire_without):
        raise Conflict("form_unchanged")
    filed = FiledForm(
        id=str(uuid4()),
        municipality=municipality,
        year=year,
        revision=before.revision + 1 if before else 1,
        schema=schema.schema,
        form=wire,
        form_without_mass=wire_without,
        differences=list(wga.differences(before.form if before else None, wire)),
        proposed_by=staff.name,
        proposed_at=clock.now(),
    )
    await forms.propose(tx, filed)
    await _note(tx, filed, staff=staff, audit=audit, action="form-proposed")
    return filed


async def approve(
    form_id: str,
    tx: Transaction,
    *,
    year: int,
    staff: Staff,
    audit: AuditLog,
    clock: Clock,
    schemas: tuple[Schema, ...],
) -> FiledForm:
    """The settled form.

    Raises: Forbidden, also for the person who proposed it; NotFound `no_such_proposal`; Conflict `already_settled`, or
    `form_changed` when the figures have moved since: then it must be proposed anew.
    """
    _require_bureau(staff)
    filed = await forms.by_id(tx, form_id)
    if filed is None or filed.year != year:
        raise NotFound("no_such_proposal")
    if filed.approved_at is not None:
        raise Conflict("already_settled")
    if filed.proposed_by == staff.name:
        raise Forbidden("second_person_needed")
    schema = next((one for one in schemas if one.schema == filed.schema), None)
    if schema is None or not await _still_so(schema, tx, filed):
        raise Conflict("form_changed")
    await forms.settle(tx, form_id, by=staff.name, at=clock.now())
    await _note(tx, filed, staff=staff, audit=audit, action="form-settled")
    settled = await forms.by_id(tx, form_id)
    return settled or filed


async def read_proposals(
    tx: Transaction, *, municipality: str, year: int, staff: Staff, audit: AuditLog
) -> list[FiledForm]:
    """Every revision of a year's form, the last perhaps still a proposal. Written down. Raises: Forbidden."""
    _require_bureau(staff)
    await audit.append(
        tx, actor=staff.name, role=staff.role, action="form-revisions-read",
        facts={"municipality": municipality, "year": year},
    )  # fmt: skip
    return await forms.of_year(tx, municipality=municipality, year=year)


def _require_bureau(staff: Staff) -> None:
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")


async def _proven(schema: Schema, tx: Transaction, *, municipality: str, year: int, with_mass: bool) -> Form:
    """The form, once it adds up and equals the one counted from the cases themselves."""
    form = await forms.live(schema, tx, municipality=municipality, year=year, with_mass=with_mass)
    facts = await ledger.facts_of(tx, municipality, periods.calendar_year(year), basis="registered")
    tally = wga.from_facts(schema, facts, with_mass=with_mass)
    again = wga.filled(schema, tally, municipality=municipality, year=year, with_mass=with_mass)
    if form != again or wga.faults(form):
        raise Conflict("counts_differ")
    return form


async def _still_so(schema: Schema, tx: Transaction, filed: FiledForm) -> bool:
    for with_mass, kept in ((True, filed.form), (False, filed.form_without_mass)):
        live = await forms.live(schema, tx, municipality=filed.municipality, year=filed.year, with_mass=with_mass)
        if wga.as_wire(live) != kept:
            return False
    return True


async def _note(tx: Transaction, filed: FiledForm, *, staff: Staff, audit: AuditLog, action: str) -> None:
    facts = {"municipality": filed.municipality, "year": filed.year, "revision": filed.revision, "schema": filed.schema}
    await audit.append(tx, actor=staff.name, role=staff.role, action=action, subject=filed.id, facts=facts)
