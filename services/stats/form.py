# SPDX-License-Identifier: EUPL-1.2
"""Give the statutory form of a year to whoever may have it.

Owns who: the bureau alone, and it is written down. A settled form is given as it was settled, with what has changed
since beside it.
"""

from dataclasses import dataclass
from typing import Any

from services.stats import wga
from services.stats.storage import forms
from services.stats.wga import Schema
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.database import Transaction
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class FormAsked:
    """Which form. `as_it_stands` asks for the figures of now, though the year is settled."""

    schema: Schema
    municipality: str
    year: int
    with_mass: bool = True
    as_it_stands: bool = False


async def read_form(asked: FormAsked, tx: Transaction, *, staff: Staff, audit: AuditLog, action: str) -> dict[str, Any]:
    """The form for a member of the bureau, written down in the same transaction. Raises: Forbidden."""
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")
    facts = {"municipality": asked.municipality, "year": asked.year, "schema": asked.schema.schema}
    await audit.append(tx, actor=staff.name, role=staff.role, action=action, facts=facts)
    return await current_form(asked, tx)


async def current_form(asked: FormAsked, tx: Transaction) -> dict[str, Any]:
    """The form on the wire, with its status, revision and differences, for whoever the caller has checked."""
    form = await forms.live(
        asked.schema, tx, municipality=asked.municipality, year=asked.year, with_mass=asked.with_mass
    )
    live = wga.as_wire(form)
    settled = (await forms.settled(tx, municipality=asked.municipality, years=[asked.year])).get(asked.year)
    if settled is None or settled.schema != asked.schema.schema:
        return live | {"status": "voorlopig", "revisie": 0, "verschillen": []}
    kept = settled.form if asked.with_mass else settled.form_without_mass
    changed = list(wga.differences(kept, live))
    if asked.as_it_stands:
        return live | {"status": "voorlopig", "revisie": settled.revision, "verschillen": changed}
    return kept | {"status": "definitief", "revisie": settled.revision, "verschillen": changed}
