# SPDX-License-Identifier: EUPL-1.2
"""Which channel takes a message, and the round of sending: hold what is due, send, settle.

Owns the choice and the round. What a channel does is its own module's; what is due is `deliver`'s.
"""

import asyncio
import datetime as dt
import itertools
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.notifier import channel_file, channel_mail, channel_notify, channel_webhook, deliver
from services.notifier.channel_mail import Links, Relay
from services.notifier.channel_notify import NotifyService
from services.notifier.channel_webhook import Way
from services.notifier.deliver import Attempt, Bundle
from services.notifier.settings import NotifierSettings
from services.notifier.subscriptions import Slots
from shared.database import Database
from shared.errors import Misconfigured
from shared.metrics import Metrics

# After this a round leaves what it still holds to whoever comes when the lease has run out: a slow receiver must not
# make a message leave from here and from another process at once.
ROUND_SECONDS: Final = deliver.LEASE.total_seconds() - 2 * channel_mail.LONGEST_SECONDS
AT_ONCE: Final = 8  # receivers written to side by side; one receiver's messages keep their order
MOST_ROUNDS: Final = 50  # of one job run: the next run goes on


@dataclass(frozen=True, slots=True)
class Channels:
    """Every way out, bound once. No relay and no service: mail is left as files."""

    public_url: Callable[[], str]
    source: str
    secret: bytes
    sender: str
    folder: Path
    webhook: Way
    relay: Relay | None = None
    notify: NotifyService | None = None

    async def send(self, bundle: Bundle, *, now: dt.datetime) -> Attempt:
        """How the message went."""
        url, channel = self.public_url(), bundle.subscription.channel
        if channel == "webhook":
            return await channel_webhook.send(
                bundle, self.webhook, public_url=url, source=self.source, secret=self.secret, now=now
            )
        links = Links.of(bundle, public_url=url, secret=self.secret)
        if channel == "bestand":
            where = links.confirm if bundle.first.kind == "bevestiging" else links.read
            event = channel_webhook.event(bundle.first, bundle.once, dataref=where, source=self.source)
            return await asyncio.to_thread(channel_file.drop_event, bundle, event, self.folder)
        if self.notify is not None:
            return await channel_notify.send(bundle, links, self.notify)
        message = channel_mail.mail(bundle, links, sender=self.sender, now=now)
        if self.relay is not None:
            return await channel_mail.send(message, self.relay)
        return await asyncio.to_thread(channel_file.drop_mail, bundle, message, self.folder)


@dataclass(frozen=True, slots=True)
class Round:
    """The job that sends what is due."""

    database: Database
    channels: Channels
    metrics: Metrics
    slots: Slots
    new_id: Callable[[], str]
    seconds: float = ROUND_SECONDS

    async def run(self, now: dt.datetime) -> int:
        """How many messages their receivers have now."""
        sent = 0
        for _ in range(MOST_ROUNDS):
            async with self.database.transaction() as tx:
                held = await deliver.claim(tx, now=now, secret=self.channels.secret, new_id=self.new_id)
            if not held:
                break
            sent += sum(await self._all(held, now))
        return sent

    async def _all(self, held: Sequence[Bundle], now: dt.datetime) -> list[int]:
        gate = asyncio.Semaphore(AT_ONCE)
        loop = asyncio.get_running_loop()
        last_start = loop.time() + self.seconds
        ordered = sorted(held, key=lambda one: (one.subscription.subscription_id, one.first.sequence))

        async def in_order(mine: Sequence[Bundle]) -> int:
            async with gate:
                return sum([await self._one(bundle, now) for bundle in mine if loop.time() < last_start])

        groups = [list(group) for _, group in itertools.groupby(ordered, lambda one: one.subscription.subscription_id)]
        return await asyncio.gather(*(in_order(group) for group in groups))

    async def _one(self, bundle: Bundle, now: dt.datetime) -> int:
        attempt = await self.channels.send(bundle, now=now)
        async with self.database.transaction() as tx:
            has_it = await deliver.settle(bundle, attempt, tx, slots=self.slots, now=now, new_id=self.new_id)
        self.metrics.sent.labels(bundle.subscription.channel, attempt.outcome).inc()
        return int(has_it)


def channels_of(
    settings: NotifierSettings, *, public_url: Callable[[], str], source: str, secret: bytes, folder: Path
) -> Channels:
    """The channels as configured. Raises: Misconfigured when a named file cannot be read."""
    try:
        context = ssl.create_default_context()
        if settings.webhook_ca_file is not None:
            context.load_verify_locations(settings.webhook_ca_file)
        relay = _relay(settings)
        notify = _notify(settings)
    except OSError:
        raise Misconfigured("bad_setting", setting="NOTIFIER_*_FILE") from None
    return Channels(
        public_url=public_url,
        source=source,
        secret=secret,
        sender=settings.mail_from,
        folder=settings.drop_folder or folder / "berichten",
        webhook=Way(context, channel_webhook.resolve, allow_private=settings.webhook_allow_private),
        relay=relay,
        notify=notify,
    )


def _relay(settings: NotifierSettings) -> Relay | None:
    if settings.smtp_host is None:
        return None
    context = ssl.create_default_context(cafile=settings.smtp_ca_file) if settings.smtp_tls != "none" else None
    return Relay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.password(),
        context=context,
    )


def _notify(settings: NotifierSettings) -> NotifyService | None:
    if not (settings.notify_url and settings.notify_template and settings.notify_key_file):
        return None
    key = settings.notify_key_file.read_text(encoding="utf-8").strip()
    return NotifyService(settings.notify_url, key, settings.notify_template)
