# SPDX-License-Identifier: EUPL-1.2
"""Answer for a release: approve it as a second person, take it back with a reason, object to it as a source.

Owns the steps between the states of a release and what each of them tells the world. Never changes what is printed.
"""

import datetime as dt
from dataclasses import replace

from services.stats import releases
from services.stats.releases import Objection, Release
from services.stats.storage import releases as kept
from shared import contracts, outbox
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.contracts import ReleaseApproved
from shared.database import Transaction
from shared.errors import Conflict, Forbidden, NotFound


async def approve(
    release_id: str, tx: Transaction, *, staff: Staff, today: dt.date, audit: AuditLog, clock: Clock, source: str
) -> Release:
    """The release, approved and from now on unchangeable; everybody who listens is told.

    Raises: Forbidden, also for who made it; NotFound; Conflict as `releases.require_approvable`.
    """
    _require_bureau(staff)
    await kept.lock(tx)
    release = await _existing(tx, release_id)
    binding = releases.overlapping(release.days, await kept.ever_approved(tx, release.municipality))
    releases.require_approvable(release, by=staff.name, today=today, binding=[one.id for one in binding])
    now = clock.now()
    await kept.approve(tx, release_id, by=staff.name, at=now)
    event = ReleaseApproved(
        release_id=release_id, municipality=release.municipality, period=release.period, revision=release.revision
    )
    outbox.enqueue(tx, contracts.envelope(event, source=source, at=now))
    await _note(tx, release, staff=staff, audit=audit, action="release-approved")
    return replace(release, approved_by=staff.name, approved_at=now)


async def retract(
    release_id: str, tx: Transaction, *, staff: Staff, reason: str, audit: AuditLog, clock: Clock
) -> Release:
    """The release, taken back: its figures are given no more. Raises: Forbidden, NotFound, Conflict `not_approved`."""
    _require_bureau(staff)
    release = await _existing(tx, release_id)
    if release.state != "goedgekeurd":
        raise Conflict("not_approved")
    now = clock.now()
    await kept.retract(tx, release_id, by=staff.name, at=now, reason=reason)
    await _note(tx, release, staff=staff, audit=audit, action="release-retracted")
    return replace(release, retracted_by=staff.name, retracted_at=now, retraction=reason)


async def object_to(
    release_id: str, tx: Transaction, *, source: str, text: str, today: dt.date, clock: Clock
) -> Release:
    """The concept with the source's objection. Raises: NotFound; Conflict `objections_closed`."""
    release = await own_share(release_id, tx, source=source)
    if release.state != "concept" or release.objections_until is None or today > release.objections_until:
        raise Conflict("objections_closed")
    kept.object_to(tx, release_id, Objection(source, text, clock.now()))
    return release


async def own_share(release_id: str, tx: Transaction, *, source: str) -> Release:
    """The release, for a source that has cases in it. Raises: NotFound, also for a source without any."""
    release = await _existing(tx, release_id)
    if not any(member.source == source for frozen in release.frozen.values() for member in frozen.members):
        raise NotFound("no_such_release")
    return release


def _require_bureau(staff: Staff) -> None:
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")


async def _existing(tx: Transaction, release_id: str) -> Release:
    release = await kept.by_id(tx, release_id)
    if release is None:
        raise NotFound("no_such_release")
    return release


async def _note(tx: Transaction, release: Release, *, staff: Staff, audit: AuditLog, action: str) -> None:
    facts = {"municipality": release.municipality, "period": release.period, "revision": release.revision}
    await audit.append(tx, actor=staff.name, role=staff.role, action=action, subject=release.id, facts=facts)
