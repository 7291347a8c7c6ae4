# SPDX-License-Identifier: EUPL-1.2
"""Webhooks: a thin, signed CloudEvent that says where to read, never what.

Owns the form of the event and the guards on the way out: https only, no private address, the address that was judged is
the one that is used, no redirects, a small answer, a short wait.
Source: NL GOV profile for CloudEvents (structured mode, dataref, sequence); Standard Webhooks (signature).
"""

import asyncio
import datetime as dt
import hashlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpx2
import orjson
from standardwebhooks import Webhook

from services.notifier.addresses import is_public
from services.notifier.deliver import Attempt, Bundle
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import DIGESTS, Kind, token, webhook_secret
from shared.clock import rfc3339
from shared.contracts import AlertRaised

ANSWER_BYTES: Final = 16 * 1024  # nothing in an answer matters but its status
SECONDS: Final = 15.0
TYPES: Final[dict[Kind, str]] = {
    "bevestiging": "nl.discriminatiesignalen.abonnement-bevestigen.v1",
    "beeld": "nl.discriminatiesignalen.maandbeeld-vastgesteld.v1",
}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Way:
    """How webhooks go out. `allow_private` is for tests on one machine."""

    context: ssl.SSLContext
    resolve: Resolve
    allow_private: bool = False
    seconds: float = SECONDS


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host. Raises: OSError when it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def event(
    sending: Sending, once: str, *, dataref: str, source: str, data: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The event in structured form. The same message has the same id whenever it is sent."""
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id(once),
        "source": source,
        "type": TYPES.get(sending.kind, AlertRaised.type),
        "time": rfc3339(sending.due_at.replace(minute=0, second=0, microsecond=0)),
        "sequence": str(sending.sequence),
        "sequencetype": "Integer",
        "dataref": dataref,
    }
    if data is not None:
        made |= {"datacontenttype": "application/json", "data": data}
    return made


def event_id(once: str) -> str:
    """The id a receiver tells doubles by."""
    return f"msg_{hashlib.sha256(once.encode()).hexdigest()[:32]}"


def dataref(sending: Sending, public_url: str) -> str:
    """Where to read what the event is about."""
    if sending.kind == "beeld":
        return f"{public_url}/notifier/v1/beelden"
    place = f"{public_url}/notifier/v1/attenderingen"
    return f"{place}/{sending.alert_id}" if sending.alert_id and sending.kind not in DIGESTS else place


async def send(bundle: Bundle, way: Way, *, public_url: str, source: str, secret: bytes, now: dt.datetime) -> Attempt:
    """How the receiver took it. 2xx is taken, 410 is gone, other 4xx refused but 408, 425 and 429; the rest later."""
    target = urlsplit(bundle.address)
    try:
        address = await _judged(target, way)
    except ValueError:
        return Attempt("refused", "address-refused")
    except (OSError, TimeoutError, UnicodeError):
        return Attempt("later", "no-address")
    identity = bundle.subscription.subscription_id
    asking = bundle.first.kind == "bevestiging"
    data = {"code": token(secret, "confirm", identity)} if asking else None
    where = f"{public_url}/notifier/v1/abonnementen" if asking else dataref(bundle.first, public_url)
    body = orjson.dumps(event(bundle.first, bundle.once, dataref=where, source=source, data=data)).decode()
    name = event_id(bundle.once)
    headers = {
        "host": target.netloc.rpartition("@")[2],
        "content-type": "application/cloudevents+json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(webhook_secret(secret, identity)).sign(name, now, body),
        "idempotency-key": name,
    }
    try:
        async with asyncio.timeout(way.seconds):
            return _attempt(await _post(target, address, body, headers, way))
    except (httpx2.HTTPError, OSError, TimeoutError):
        return Attempt("later", "http-away")


async def _judged(target: SplitResult, way: Way) -> str:
    """The one address that will be used. Raises: ValueError when any address of the host may not be reached."""
    if target.scheme != "https" or not target.hostname or target.username or target.password:
        raise ValueError("only https, to a host")
    port = target.port or 443
    async with asyncio.timeout(way.seconds):
        found = await way.resolve(target.hostname, port)
    if not found:
        raise OSError("no address")
    if not way.allow_private and not all(is_public(address) for address in found):
        raise ValueError("an address that may not be reached")
    return found[0]


async def _post(target: SplitResult, address: str, body: str, headers: dict[str, str], way: Way) -> int:
    host = f"[{address}]" if ":" in address else address
    path = target.path or "/"
    url = f"https://{host}:{target.port or 443}{path}{f'?{target.query}' if target.query else ''}"
    transport = httpx2.AsyncHTTPTransport(verify=way.context, retries=0)
    async with httpx2.AsyncClient(
        transport=transport, follow_redirects=False, timeout=way.seconds, trust_env=False
    ) as client:
        # the certificate must be the host's own, though the connection goes to the address that was judged
        extensions = {"sni_hostname": target.hostname}
        async with client.stream("POST", url, content=body, headers=headers, extensions=extensions) as response:
            taken = 0
            async for chunk in response.aiter_raw():
                taken += len(chunk)
                if taken > ANSWER_BYTES:
                    break
            return int(response.status_code)


def _attempt(status: int) -> Attempt:
    code = f"http-{status}"
    if 200 <= status < 300:
        return Attempt("sent", code)
    if status == 410:
        return Attempt("gone", code)
    return Attempt("later" if status in {408, 425, 429} or status >= 500 else "refused", code)
