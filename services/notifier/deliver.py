# SPDX-License-Identifier: EUPL-1.2
"""Bring what is due to its receivers, once each as far as the other side can tell.

Owns leases, back-off, giving up, pausing. A message is held, sent, then settled; whoever dies in between leaves a lease
that runs out, and the message goes again under the same key. Never decides what a message says.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.notifier.storage import staff
from services.notifier.storage import subscriptions as sendings
from services.notifier.storage.staff import Notice
from services.notifier.storage.subscriptions import GIVEN_UP, SENT, WAITING, Sending
from services.notifier.storage.telling import told_of
from services.notifier.subscriptions import (
    DIGESTS,
    PAUSE_AFTER,
    Slots,
    Subscription,
    after_quiet,
    masked,
    opened_address,
    retry_at,
)
from shared.access import Staff
from shared.audit import AuditLog
from shared.clock import rfc3339
from shared.database import Transaction
from shared.errors import Conflict

LEASE: Final = dt.timedelta(minutes=10)
ROUND: Final = 20
Outcome = Literal["sent", "later", "refused", "gone"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt went. `gone`: the receiver says that it is no longer there. `code` is safe to log."""

    outcome: Outcome
    code: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rows that are one message to one receiver: one row, or a digest's. `once` tells doubles apart."""

    sendings: tuple[Sending, ...]
    subscription: Subscription
    address: str
    once: str

    @property
    def first(self) -> Sending:
        """The row that stands for the message."""
        return self.sendings[0]


async def claim(tx: Transaction, *, now: dt.datetime, secret: bytes, new_id: Callable[[], str]) -> list[Bundle]:
    """What is due, held by the caller for a while. What failed under way about an alert that has ended is let go."""
    await sendings.cancel_ended(tx, at=now)
    held = await sendings.claim(tx, now=now, lease=new_id(), until=now + LEASE, limit=ROUND)
    keyed = [(message_key(sending), sending, subscription) for sending, subscription in held]
    keyed.sort(key=lambda one: (one[0], one[1].sequence))
    bundles = []
    for once, group in itertools.groupby(keyed, key=lambda one: one[0]):
        rows = list(group)
        subscription, sendings_of_it = rows[0][2], tuple(row[1] for row in rows)
        try:
            address = opened_address(secret, subscription)
        except ValueError:  # kept under a secret that is gone: nobody can be reached, and nobody else may wait for it
            for sending in sendings_of_it:
                await sendings.settle(tx, sending, status=GIVEN_UP, outcome="address-lost", at=now)
            continue
        bundles.append(Bundle(sendings_of_it, subscription, address, once))
    return sorted(bundles, key=lambda bundle: (bundle.first.due_at, bundle.first.sequence))


def message_key(sending: Sending) -> str:
    """The key of the message a row belongs to: its own, or that of the moment of its digest."""
    return sending.once.rsplit(":", 1)[0] if sending.kind in DIGESTS else sending.once


async def settle(
    bundle: Bundle,
    attempt: Attempt,
    tx: Transaction,
    *,
    slots: Slots,
    now: dt.datetime,
    new_id: Callable[[], str],
) -> bool:
    """Whether the receiver has it now. What failed is tried later or given up; a receiver that is gone is paused."""
    retry = _retry(bundle, slots, now) if attempt.outcome == "later" else None
    status = SENT if attempt.outcome == "sent" else WAITING if retry else GIVEN_UP
    written = [
        await sendings.settle(tx, sending, status=status, outcome=attempt.code, at=now, retry=retry)
        for sending in bundle.sendings
    ]
    if not any(written) or status == WAITING:
        return False
    failures = await sendings.count_failure(tx, bundle.subscription.subscription_id, failed=status == GIVEN_UP)
    if status == SENT:
        return True
    pause = attempt.outcome == "gone" or failures >= PAUSE_AFTER
    await _given_up(bundle.subscription, attempt, tx, pause=pause, slots=slots, now=now, new_id=new_id)
    return False


def _retry(bundle: Bundle, slots: Slots, now: dt.datetime) -> dt.datetime | None:
    """When to try again, or None to give up. A mailbox is a person's: not at night."""
    retry = retry_at(bundle.first.attempts, now)
    return after_quiet(retry, slots) if retry and bundle.subscription.channel == "mail" else retry


async def _given_up(
    failing: Subscription,
    attempt: Attempt,
    tx: Transaction,
    *,
    pause: bool,
    slots: Slots,
    now: dt.datetime,
    new_id: Callable[[], str],
) -> None:
    """Note it, pause the subscription if need be, and tell its owner at most once a day, at an address that works."""
    identity, today = failing.subscription_id, now.astimezone(slots.timezone).date()
    noted = [("given-up", {"code": attempt.code})]
    if pause:
        await sendings.set_state(tx, identity, "gepauzeerd")
        noted.append(("paused", {}))
    for code, facts in noted:
        await staff.note(tx, Notice(new_id(), failing.municipality, code, identity, today, facts, now))
    others = [
        one
        for one in await sendings.of_person(tx, failing.by, failing.role)
        if one.status == "actief" and one.channel == "mail" and one.subscription_id != identity
    ]
    for one in others[:1]:
        await sendings.plan(tx, [told_of("storing", one, on=today, slots=slots, now=now, new_id=new_id)])


async def log(
    tx: Transaction, *, municipality: str, staff_member: Staff, audit: AuditLog, secret: bytes
) -> list[dict[str, Any]]:
    """The newest deliveries, with the receiver's address masked."""
    await audit.append(tx, actor=staff_member.name, role=staff_member.role, action="deliveries-read")
    return [
        {
            "id": sending.delivery_id,
            "abonnement": sending.subscription_id,
            "soort": sending.kind,
            "kanaal": subscription.channel,
            "ontvanger": _shown_address(subscription, secret),
            "status": sending.status,
            "pogingen": sending.attempts,
            "uitkomst": sending.outcome,
            "gemaaktOp": rfc3339(sending.made_at),
            "verzendenOp": rfc3339(sending.due_at),
            "afgerondOp": rfc3339(sending.done_at) if sending.done_at else None,
        }
        for sending, subscription in await sendings.log(tx, municipality=municipality)
    ]


def _shown_address(subscription: Subscription, secret: bytes) -> str | None:
    try:
        return masked(subscription.channel, opened_address(secret, subscription))
    except ValueError:  # erased, or kept under a secret that is gone
        return None


async def again(delivery_id: str, tx: Transaction, *, staff_member: Staff, audit: AuditLog, now: dt.datetime) -> None:
    """A message that was given up is due again, under its own key. Raises: Conflict when it was not given up."""
    if not await sendings.again(tx, delivery_id, now=now):
        raise Conflict("not_given_up")
    await audit.append(
        tx, actor=staff_member.name, role=staff_member.role, action="delivery-repeated", subject=delivery_id
    )


def notices_wire(found: Sequence[Notice]) -> list[dict[str, Any]]:
    """Notices as staff read them."""
    return [
        {
            "id": one.notice_id,
            "soort": one.code,
            "betreft": one.subject,
            "sinds": one.since.isoformat(),
            "gegevens": dict(one.facts),
            "gemeldOp": rfc3339(one.at),
        }
        for one in found
    ]
