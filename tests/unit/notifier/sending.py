# SPDX-License-Identifier: EUPL-1.2
"""Receivers on loopback: a mail relay and an HTTPS receiver that answer as told, and a message to send them.

Owns valid things a test starts from. Never asserts.
"""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import trustme
from aiosmtpd import smtp as aiosmtpd_server

from services.notifier.channel_webhook import Way
from services.notifier.deliver import Bundle
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Subscription, sealed_address
from tests.unit.notifier.room import CITY

SECRET = b"s" * 32
NOW = dt.datetime(2026, 11, 3, 8, 0, tzinfo=dt.UTC)


def subscription(channel: Any = "mail", address: str = "team@voorbeeld.nl", **more: Any) -> Subscription:
    plain = Subscription(
        subscription_id="sub-1",
        municipality=CITY.code,
        by="Sam",
        role="adv",
        channel=channel,
        address=sealed_address(SECRET, "sub-1", address),
        districts=(),
        grounds=(),
        level=1,
        rhythm="direct",
        language="nl",
        status="actief",
        made_at=NOW,
    )
    return replace(plain, **more)


def bundle(channel: Any = "mail", address: str = "team@voorbeeld.nl", kind: Any = "attendering") -> Bundle:
    sending = Sending(
        "d-1", "sub-1", "alert-1", kind, "sub-1:20261103T080000:alert-1", NOW, NOW, sequence=7, attempts=1
    )
    return Bundle((sending,), subscription(channel, address), address, sending.once)


@dataclass(slots=True)
class Mailbox:
    """A relay that keeps what it took, and answers as told."""

    answer: str = "250 OK"
    rcpt: str = "250 OK"
    taken: list[bytes] = field(default_factory=list)
    drop: bool = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        self.taken.append(envelope.content)
        if self.drop:
            server.transport.abort()
        return self.answer


@contextlib.asynccontextmanager
async def relay_of(box: Mailbox, **more: Any) -> AsyncIterator[int]:
    """The port of a relay; `more` goes to the server: `ssl` for TLS from the first byte, `tls_context` for STARTTLS."""
    implicit = more.pop("ssl", None)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: aiosmtpd_server.SMTP(box, enable_SMTPUTF8=False, hostname="relay", **more), "127.0.0.1", 0, ssl=implicit
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


@dataclass(slots=True)
class Receiver:
    """An HTTPS receiver that keeps requests and answers as told."""

    port: int
    answer: bytes = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    seen: list[tuple[dict[str, str], str]] = field(default_factory=list)
    pause: asyncio.Event | None = None


@contextlib.asynccontextmanager
async def https_receiver() -> AsyncIterator[tuple[Receiver, Way]]:
    """A receiver with a certificate for hook.example, and the way to it."""
    authority = trustme.CA()
    mine, theirs = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(mine)
    authority.issue_cert("hook.example").configure_cert(theirs)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        receiver.seen.append((headers, body))
        if receiver.pause is not None:
            await receiver.pause.wait()
        with contextlib.suppress(OSError):  # who reads little hangs up early
            writer.write(receiver.answer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=theirs)
    receiver = Receiver(server.sockets[0].getsockname()[1])

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with server:
        yield receiver, Way(mine, resolve, allow_private=True, seconds=3)
