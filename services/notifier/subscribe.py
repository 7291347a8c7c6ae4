# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions: ask for one, confirm it, leave it, catch up after a gap.

Owns that nothing but a request to confirm is ever sent to an address that has not confirmed, and that anyone who holds
a message can leave with it.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.notifier.storage import subscriptions as store
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import (
    Channel,
    Rhythm,
    Subscription,
    address_fault,
    opened_address,
    sealed_address,
    subscription_of,
    webhook_secret,
)
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import rfc3339
from shared.database import Transaction
from shared.errors import Conflict, FieldFault, NotFound, Rejected

ROLES: Final = (Role.ADV, Role.GEMEENTE, Role.NETWERK)
MOST_PER_PERSON: Final = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be told."""

    municipality: str
    channel: Channel
    address: str
    districts: Sequence[str]
    grounds: Sequence[str]
    level: int
    rhythm: Rhythm
    language: Any


@dataclass(frozen=True, slots=True)
class Roll:
    """What these verbs are wired to."""

    audit: AuditLog
    secret: bytes
    grounds: Collection[str]
    districts: Callable[[str], Collection[str]]
    new_id: Callable[[], str]
    allow_private: bool = False


async def create(wish: Wish, tx: Transaction, *, staff: Staff, roll: Roll, now: dt.datetime) -> dict[str, Any]:
    """The subscription, waiting for its receiver to confirm.

    Raises: Rejected with every fault, Conflict when a person has more than anyone needs.
    """
    wrong = faults(
        roll,
        municipality=wish.municipality,
        channel=wish.channel,
        address=wish.address,
        districts=wish.districts,
        grounds=wish.grounds,
    )
    if wrong:
        raise Rejected("subscription_invalid", errors=wrong)
    mine = await store.of_person(tx, staff.name, staff.role)
    asked = await store.asked_since(tx, staff.name, staff.role, now - dt.timedelta(days=1))
    if max(len(mine), asked) >= MOST_PER_PERSON:  # each asks somebody a question by mail
        raise Conflict("too_many_subscriptions")
    identity = roll.new_id()
    made = Subscription(
        subscription_id=identity,
        municipality=wish.municipality,
        by=staff.name,
        role=staff.role,
        channel=wish.channel,
        address=sealed_address(roll.secret, identity, wish.address),
        districts=tuple(dict.fromkeys(wish.districts)),
        grounds=tuple(dict.fromkeys(wish.grounds)),
        level=wish.level,
        rhythm=wish.rhythm,
        language=wish.language,
        status="onbevestigd",
        made_at=now,
    )
    store.add(tx, made)
    asking = Sending(
        delivery_id=roll.new_id(),
        subscription_id=identity,
        alert_id=None,
        kind="bevestiging",
        once=f"{identity}:bevestiging",
        made_at=now,
        due_at=now,
    )
    await store.plan(tx, [asking])
    await _note(tx, staff, "subscription-asked", identity, roll)
    wire = as_wire(made, roll)
    return {**wire, "geheim": webhook_secret(roll.secret, identity)} if wish.channel == "webhook" else wire


def faults(
    roll: Roll,
    *,
    municipality: str,
    channel: Channel | None,
    address: str | None,
    districts: Sequence[str] = (),
    grounds: Sequence[str] = (),
) -> list[FieldFault]:
    """What is wrong with the parts of a wish; a part that was not given is not judged."""
    found: list[FieldFault] = []
    wrong = address_fault(channel, address, allow_private=roll.allow_private) if channel and address else None
    if wrong:
        found.append({"pointer": "/adres", "detail": wrong})
    known = {"wijken": (districts, roll.districts(municipality)), "gronden": (grounds, roll.grounds)}
    for name, (given, codes) in known.items():
        found += [
            {"pointer": f"/{name}/{index}", "detail": "Deze code staat niet in de lijst."}
            for index, code in enumerate(given)
            if code not in codes
        ]
    return found


async def listed(staff: Staff, tx: Transaction, *, roll: Roll) -> list[dict[str, Any]]:
    """A person's own subscriptions."""
    return [as_wire(one, roll) for one in await store.of_person(tx, staff.name, staff.role)]


async def confirm(code: str, tx: Transaction, *, roll: Roll, now: dt.datetime) -> dict[str, Any]:
    """The subscription, active from now on; twice is once. Raises: NotFound for a code that is not one of ours."""
    found = await _by_token(tx, "confirm", code, roll)
    if found.status == "onbevestigd":
        await store.set_state(tx, found.subscription_id, "actief", confirmed_at=now)
        await roll.audit.append(
            tx, actor="", role="ontvanger", action="subscription-confirmed", subject=found.subscription_id
        )
    return {"id": found.subscription_id, "status": "actief"}


async def leave(code: str, tx: Transaction, *, roll: Roll, now: dt.datetime) -> None:
    """Whoever holds a message has left; twice is once. Raises: NotFound for a code that is not one of ours."""
    identity = subscription_of(roll.secret, "leave", code)
    found = await store.find(tx, identity) if identity else None
    if found is None:
        raise NotFound("no_such_subscription")
    if found.status != "beeindigd":
        await _end(tx, found, now)
        await roll.audit.append(
            tx, actor="", role="ontvanger", action="subscription-left", subject=found.subscription_id
        )


async def remove(subscription_id: str, tx: Transaction, *, staff: Staff, roll: Roll, now: dt.datetime) -> None:
    """One's own subscription has ended. Raises: NotFound, for another person's too."""
    found = await _own(tx, subscription_id, staff)
    await _end(tx, found, now)
    await _note(tx, staff, "subscription-ended", subscription_id, roll)


async def resume(subscription_id: str, tx: Transaction, *, staff: Staff, roll: Roll) -> dict[str, Any]:
    """One's own subscription after a pause. Raises: NotFound, Conflict when it is not paused."""
    found = await _own(tx, subscription_id, staff)
    if found.status != "gepauzeerd":
        raise Conflict("not_paused")
    await store.set_state(tx, subscription_id, "actief")
    await _note(tx, staff, "subscription-resumed", subscription_id, roll)
    return as_wire(found, roll) | {"status": "actief"}


async def since(subscription_id: str, after: int, tx: Transaction, *, staff: Staff) -> list[Sending]:
    """What was meant for a receiver after a number. Raises: NotFound, for another person's too."""
    await _own(tx, subscription_id, staff)
    return await store.since_number(tx, subscription_id, after)


def as_wire(one: Subscription, roll: Roll) -> dict[str, Any]:
    """A subscription as its owner reads it."""
    return {
        "id": one.subscription_id,
        "gemeente": one.municipality,
        "kanaal": one.channel,
        "adres": opened_address(roll.secret, one),
        "wijken": list(one.districts),
        "gronden": list(one.grounds),
        "niveau": one.level,
        "ritme": one.rhythm,
        "taal": one.language,
        "status": one.status,
        "gemaaktOp": rfc3339(one.made_at),
        "bevestigdOp": rfc3339(one.confirmed_at) if one.confirmed_at else None,
    }


async def _end(tx: Transaction, found: Subscription, now: dt.datetime) -> None:
    await store.cancel(tx, subscription_id=found.subscription_id, at=now)
    await store.set_state(tx, found.subscription_id, "beeindigd")


async def _by_token(tx: Transaction, purpose: Any, code: str, roll: Roll) -> Subscription:  # noqa: ANN401 - a literal of `subscriptions`
    identity = subscription_of(roll.secret, purpose, code)
    found = await store.find(tx, identity) if identity else None
    if found is None or found.status == "beeindigd":
        raise NotFound("no_such_subscription")
    return found


async def _own(tx: Transaction, subscription_id: str, staff: Staff) -> Subscription:
    found = await store.find(tx, subscription_id)
    if found is None or found.status == "beeindigd" or (found.by, found.role) != (staff.name, staff.role):
        raise NotFound("no_such_subscription")
    return found


async def _note(tx: Transaction, staff: Staff, action: str, subject: str, roll: Roll) -> None:
    await roll.audit.append(tx, actor=staff.name, role=staff.role, action=action, subject=subject)
