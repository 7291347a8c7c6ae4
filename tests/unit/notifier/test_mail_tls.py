# SPDX-License-Identifier: EUPL-1.2
"""Mail over TLS to a real server: STARTTLS and TLS from the first byte; a certificate that is not the relay's."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from services.notifier import channel_mail
from services.notifier.channel_mail import Links, Relay
from tests.unit.notifier.sending import NOW, SECRET, Mailbox, bundle, relay_of

SENDER = "seinhuis@seinhuis.example"


def _message() -> Any:
    one = bundle()
    return channel_mail.mail(
        one, Links.of(one, public_url="https://seinhuis.example", secret=SECRET), sender=SENDER, now=NOW
    )


@dataclass(slots=True)
class Papers:
    """What the relay shows, and whom we trust."""

    theirs: ssl.SSLContext
    mine: ssl.SSLContext

    def relay(self, port: int, tls: Any, **more: Any) -> Relay:
        return Relay("127.0.0.1", port, SENDER, tls=tls, context=self.mine, seconds=3, **more)


@pytest.fixture
def papers() -> Papers:
    authority = trustme.CA()
    made = Papers(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context())
    authority.issue_cert("127.0.0.1").configure_cert(made.theirs)
    authority.configure_trust(made.mine)
    return made


def _server(tls: str, papers: Papers) -> dict[str, Any]:
    return {"ssl": papers.theirs} if tls == "tls" else {"tls_context": papers.theirs, "require_starttls": True}


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_given_a_relay_with_tls_when_mailed_then_taken(papers: Papers, tls: str) -> None:
    box = Mailbox()

    async with relay_of(box, **_server(tls, papers)) as port:
        attempt = await channel_mail.send(_message(), papers.relay(port, tls))

    assert (attempt.outcome, len(box.taken)) == ("sent", 1)


def _stranger(papers: Papers) -> None:
    trustme.CA().issue_cert("127.0.0.1").configure_cert(papers.theirs)


def _other_name(papers: Papers) -> None:
    authority = trustme.CA()
    authority.issue_cert("other.example").configure_cert(papers.theirs)
    authority.configure_trust(papers.mine)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("spoil", [_stranger, _other_name])
async def test_given_a_certificate_that_is_not_the_relays_when_mailed_then_nothing_leaves(
    papers: Papers, tls: str, spoil: Callable[[Papers], None]
) -> None:
    box = Mailbox()
    spoil(papers)

    async with relay_of(box, **_server(tls, papers)) as port:
        attempt = await channel_mail.send(_message(), papers.relay(port, tls))

    assert (attempt.outcome, attempt.code, box.taken) == ("later", "smtp-tls", [])


async def test_given_a_relay_without_tls_when_starttls_is_asked_then_nothing_leaves_in_the_open(papers: Papers) -> None:
    box = Mailbox()

    async with relay_of(box) as port:
        attempt = await channel_mail.send(_message(), papers.relay(port, "starttls"))

    assert (attempt.outcome, box.taken) == ("later", [])


async def test_given_a_password_when_the_relay_refuses_it_then_no_address_is_blamed(papers: Papers) -> None:
    box = Mailbox()

    def refuse(*_: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    server = {**_server("starttls", papers), "authenticator": refuse, "auth_required": True}
    async with relay_of(box, **server) as port:
        attempt = await channel_mail.send(_message(), papers.relay(port, "starttls", user="wij", password="fout"))

    assert (attempt.outcome, attempt.code, box.taken) == ("later", "smtp-535", [])


class NoSender(Mailbox):
    """A relay that refuses the sender."""

    async def handle_MAIL(self, _server: Any, _session: Any, _envelope: Any, _address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        return "550 sender refused"


async def test_given_a_relay_that_refuses_our_sender_when_mailed_then_no_address_is_blamed() -> None:
    async with relay_of(NoSender()) as port:
        attempt = await channel_mail.send(_message(), Relay("127.0.0.1", port, SENDER, tls="none", seconds=3))

    assert (attempt.outcome, attempt.code) == ("later", "smtp-550")


@pytest.mark.parametrize("greeting", [b"554 no service\r\n", b"421 later\r\n", b"", b"nonsense\r\n"])
async def test_given_a_relay_with_a_strange_greeting_when_mailed_then_later(greeting: bytes) -> None:
    class Strange(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.write(greeting)
            if greeting:
                transport.close()

    server = await asyncio.get_running_loop().create_server(Strange, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        attempt = await channel_mail.send(_message(), Relay("127.0.0.1", port, SENDER, tls="none", seconds=0.3))

    assert attempt.outcome == "later"


async def test_given_a_long_address_when_mailed_then_the_way_out_stays_whole_in_its_header() -> None:
    box, one = Mailbox(), bundle()
    links = Links.of(one, public_url="https://seinhuis.een-lange-naam-van-een-gemeente.example", secret=SECRET)

    async with relay_of(box) as port:
        message = channel_mail.mail(one, links, sender=SENDER, now=NOW)
        await channel_mail.send(message, Relay("127.0.0.1", port, SENDER, tls="none", seconds=3))

    raw = box.taken[0]
    unfolded = raw.replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
    assert f"List-Unsubscribe: <{links.leave}>".encode() in unfolded
    assert b"=?utf-8?" not in raw.split(b"\r\n\r\n")[0]
    assert len(raw) % channel_mail.SIZE_CLASS_BYTES == 0
    kinds = [part.get_content_type() for part in message_from_bytes(raw).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
