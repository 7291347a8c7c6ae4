# SPDX-License-Identifier: EUPL-1.2
"""Who wants to hear what, and when it may be sent: matching, send slots, rhythms, back-off.

Pure. Owns the fixed moments at which anything leaves: what happens when tells nobody when a signal came in, and nobody
is woken. Every moment is worked out in the municipality's own time, so a night with a changed clock shifts nothing.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.notifier.addresses import webhook_fault
from services.notifier.series import Area

Channel = Literal["mail", "webhook", "bestand"]
Rhythm = Literal["direct", "dagelijks", "wekelijks", "maandelijks"]
State = Literal["onbevestigd", "actief", "gepauzeerd", "beeindigd"]
Kind = Literal[
    "bevestiging",
    "attendering",
    "gegroeid",
    "verlaagd",
    "ingetrokken",
    "herinnering",
    "overzicht",
    "beeld",
    "storing",
    "mededeling",
]
DIGESTS: Final[frozenset[Kind]] = frozenset({"overzicht", "beeld"})  # all rows of one moment are one message

BACK_OFF: Final = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
PAUSE_AFTER: Final = 3  # messages given up in a row
ADDRESS_CHARACTERS: Final = 320
_MAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_FOLDER: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Slots:
    """When messages leave. Units: whole hours of the municipality's own day, in order.

    `quiet`: from the first hour to the second nobody's mail is tried again; equal hours: there is no quiet time.
    """

    hours: tuple[int, ...]
    timezone: ZoneInfo
    quiet: tuple[int, int] = (21, 8)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish to be told. No districts or grounds means all of them."""

    subscription_id: str
    municipality: str
    by: str
    role: str
    channel: Channel
    address: bytes
    districts: tuple[str, ...]
    grounds: tuple[str, ...]
    level: int
    rhythm: Rhythm
    language: Literal["nl", "en"]
    status: State
    made_at: dt.datetime
    confirmed_at: dt.datetime | None = None
    sequence: int = 0
    failures: int = 0


def wants(subscription: Subscription, *, municipality: str, area: Area, level: int) -> bool:
    """Whether an alert is for this subscription. An alert about the whole city is for every district."""
    if subscription.status != "actief" or subscription.municipality != municipality or level < subscription.level:
        return False
    here = not subscription.districts or area.district is None or area.district in subscription.districts
    about = not subscription.grounds or area.ground is None or area.ground in subscription.grounds
    return here and about


def next_slot(after: dt.datetime, slots: Slots) -> dt.datetime:
    """The first fixed moment that is not before `after`, in UTC."""
    local = after.astimezone(slots.timezone)
    for days in range(3):
        day = local.date() + dt.timedelta(days=days)
        for hour in slots.hours:
            moment = _at(day, hour, slots)
            if moment >= after:
                return moment
    raise ValueError("there is no hour to send at")


def due_at(rhythm: Rhythm, now: dt.datetime, slots: Slots) -> dt.datetime:
    """When something that happens now is sent: the next slot, or the first slot of the next day, week or month."""
    if rhythm == "direct":
        return next_slot(now, slots)
    local = now.astimezone(slots.timezone).date()
    if _at(local, slots.hours[0], slots) < now:
        local += dt.timedelta(days=1)
    if rhythm == "wekelijks":
        local += dt.timedelta(days=-local.weekday() % 7)
    elif rhythm == "maandelijks" and local.day != 1:
        local = (local.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return _at(local, slots.hours[0], slots)


def _at(day: dt.date, hour: int, slots: Slots) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), slots.timezone).astimezone(dt.UTC)


def after_quiet(moment: dt.datetime, slots: Slots) -> dt.datetime:
    """The moment, or the end of the quiet hours that it falls in.

    >>> after_quiet(dt.datetime(2026, 11, 3, 0, 30, tzinfo=dt.UTC), Slots((9,), ZoneInfo("Europe/Amsterdam")))
    datetime.datetime(2026, 11, 3, 7, 0, tzinfo=datetime.timezone.utc)
    """
    begin, end = slots.quiet
    local = moment.astimezone(slots.timezone)
    early, late = local.hour < end, local.hour >= begin
    if begin == end or not ((early or late) if begin > end else (early and late)):
        return moment
    return _at(local.date() + dt.timedelta(days=begin > end and late), end, slots)


def retry_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When to try again after so many attempts, or None to give up."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def address_fault(channel: Channel, address: str, *, allow_private: bool = False) -> str | None:
    r"""What is wrong with an address, without repeating it.

    >>> address_fault("mail", "a@example.org"), address_fault("mail", "a@example.org\nBcc: b@example.org") is None
    (None, False)
    """
    if len(address) > ADDRESS_CHARACTERS or any(c.isspace() or not c.isprintable() for c in address):
        return "Het adres heeft tekens die hier niet kunnen."
    if channel == "mail" and not _MAIL.fullmatch(address):
        return "Dit is geen e-mailadres."
    if channel == "webhook":
        return webhook_fault(address, allow_private=allow_private)
    if channel == "bestand" and not _FOLDER.fullmatch(address):
        return "Een mapnaam heeft alleen kleine letters, cijfers en streepjes."
    return None


def masked(channel: Channel, address: str) -> str:
    """An address as a log of deliveries shows it.

    >>> masked("mail", "jan@example.org"), masked("webhook", "https://example.org/hook?key=1")
    ('j...@example.org', 'https://example.org/...')
    """
    if channel == "mail":
        name, _, domain = address.partition("@")
        return f"{name[:1]}...@{domain}"
    return "/".join(address.split("/")[:3]) + "/..." if channel == "webhook" else address


def sealed_address(secret: bytes, subscription_id: str, address: str) -> bytes:
    """The address as it is stored. The nonce comes from the id, which is used once."""
    return AESGCM(_key(secret, "address")).encrypt(
        _nonce(secret, subscription_id), address.encode(), subscription_id.encode()
    )


def opened_address(secret: bytes, subscription: Subscription) -> str:
    """The address. Raises: ValueError when it was stored under another secret or for another subscription."""
    identity = subscription.subscription_id
    try:
        return (
            AESGCM(_key(secret, "address"))
            .decrypt(_nonce(secret, identity), subscription.address, identity.encode())
            .decode()
        )
    except InvalidTag:
        raise ValueError("address sealed under another secret") from None


def token(secret: bytes, purpose: Literal["confirm", "leave"], subscription_id: str) -> str:
    """What a receiver shows to confirm or to leave. Units: 128 bits behind the subscription's own id."""
    mark = hmac.new(_key(secret, purpose), subscription_id.encode(), hashlib.sha256).hexdigest()[:32]
    return f"{subscription_id}.{mark}"


def subscription_of(secret: bytes, purpose: Literal["confirm", "leave"], shown: str) -> str | None:
    """The subscription a token was made for, or None for anything else."""
    identity = shown.partition(".")[0]
    good = hmac.compare_digest(token(secret, purpose, identity).encode(), shown.encode())
    return identity if good else None


def webhook_secret(secret: bytes, subscription_id: str) -> str:
    """The secret a webhook's receiver checks signatures with. Source: Standard Webhooks, form `whsec_`."""
    raw = hmac.new(_key(secret, "webhook"), subscription_id.encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(raw).decode()}"


def _key(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, f"subscription/{purpose}".encode(), hashlib.sha256).digest()


def _nonce(secret: bytes, subscription_id: str) -> bytes:
    return hmac.new(_key(secret, "nonce"), subscription_id.encode(), hashlib.sha256).digest()[:12]


def muted(area: Area, mutes: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether a mute of (ground, district) covers an area; None covers all."""
    return any(
        (ground is None or ground == area.ground) and (district is None or district == area.district)
        for ground, district in mutes
    )
