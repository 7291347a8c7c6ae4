# SPDX-License-Identifier: EUPL-1.2
"""Messages on their way: a real SMTP server, a real HTTPS receiver, and everything that goes wrong."""

import datetime as dt
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from services.notifier import channel_mail, channel_webhook, deliver
from services.notifier.addresses import is_public
from services.notifier.channel_mail import Links, Relay
from services.notifier.channel_webhook import Way
from services.notifier.channels import Channels, Round
from services.notifier.deliver import Bundle
from services.notifier.service import new_id
from services.notifier.storage import subscriptions as store
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Slots, token, webhook_secret
from shared.access import Role
from tests.unit.notifier.room import CITY, START, Room, notifier, quiet_past, tension
from tests.unit.notifier.sending import NOW, SECRET, Mailbox, Receiver, bundle, https_receiver, relay_of


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[Mailbox, int]]:
    box = Mailbox()
    async with relay_of(box) as port:
        yield box, port


@pytest.fixture
async def https() -> AsyncIterator[tuple[Receiver, Way]]:
    async with https_receiver() as both:
        yield both


def _mail(kind: Any = "attendering") -> Any:
    one = bundle(kind=kind)
    links = Links.of(one, public_url="https://seinhuis.example", secret=SECRET)
    return channel_mail.mail(one, links, sender="seinhuis@seinhuis.example", now=NOW)


def _relay(port: int) -> Relay:
    return Relay("127.0.0.1", port, "seinhuis@seinhuis.example", tls="none", seconds=2)


@pytest.mark.parametrize("kind", ["attendering", "gegroeid", "ingetrokken", "overzicht", "herinnering", "bevestiging"])
async def test_given_any_kind_when_mailed_then_one_size_and_no_content(smtp: tuple[Mailbox, int], kind: str) -> None:
    box, port = smtp

    attempt = await channel_mail.send(_mail(kind), _relay(port))

    (raw,) = box.taken
    message = message_from_bytes(raw)
    assert attempt.outcome == "sent"
    assert len(_mail(kind).as_bytes()) == channel_mail.SIZE_CLASS_BYTES
    assert message.get_content_type() == "multipart/alternative"
    assert (message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") is (kind != "bevestiging")


@pytest.mark.parametrize(
    ("answer", "rcpt", "outcome"),
    [
        ("451 greylisted", "250 OK", "later"), ("554 no", "250 OK", "refused"), ("250 OK", "450 busy", "later"),
        ("250 OK", "550 unknown", "refused"),
    ],
)  # fmt: skip
async def test_given_a_refusal_when_mailed_then_passing_ones_are_tried_again(
    smtp: tuple[Mailbox, int], answer: str, rcpt: str, outcome: str
) -> None:
    box, port = smtp
    box.answer, box.rcpt = answer, rcpt

    attempt = await channel_mail.send(_mail(), _relay(port))

    assert attempt.outcome == outcome


async def test_given_a_line_dropped_after_data_when_sent_again_then_the_same_message_id(
    smtp: tuple[Mailbox, int],
) -> None:
    box, port = smtp
    box.drop = True
    first = await channel_mail.send(_mail(), _relay(port))
    box.drop = False

    second = await channel_mail.send(_mail(), _relay(port))

    assert (first.outcome, second.outcome) == ("later", "sent")
    assert len({message_from_bytes(raw)["Message-ID"] for raw in box.taken}) == 1


async def test_given_no_relay_when_mailed_then_later(unused_tcp_port: int) -> None:
    attempt = await channel_mail.send(_mail(), _relay(unused_tcp_port))

    assert attempt.outcome == "later"


async def _post(receiver: Receiver, way: Way, host: str = "hook.example") -> deliver.Attempt:
    one = bundle("webhook", f"https://{host}:{receiver.port}/in?x=1")
    return await channel_webhook.send(
        one,
        way,
        public_url="https://seinhuis.example",
        source="urn:nld:oin:1:systeem:t",
        secret=SECRET,
        now=dt.datetime.now(dt.UTC),
    )


async def test_given_a_receiver_when_called_then_a_thin_signed_event_with_its_number(
    https: tuple[Receiver, Way],
) -> None:
    receiver, way = https

    attempt = await _post(receiver, way)

    headers, body = receiver.seen[0]
    event = json.loads(body)
    assert attempt.outcome == "sent"
    assert headers["host"] == f"hook.example:{receiver.port}"
    assert headers["content-type"] == "application/cloudevents+json"
    assert Webhook(webhook_secret(SECRET, "sub-1")).verify(body, headers) == event
    assert (event["sequence"], event["dataref"]) == ("7", "https://seinhuis.example/notifier/v1/attenderingen/alert-1")
    assert "data" not in event
    assert event["id"] == headers["webhook-id"] == headers["idempotency-key"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("410 Gone", "gone"),
        ("404 Not Found", "refused"),
        ("301 Moved", "refused"),
        ("500 Oops", "later"),
        ("429 Slow", "later"),
    ],
)
async def test_given_an_answer_when_called_then_its_meaning_decides(
    https: tuple[Receiver, Way], status: str, outcome: str
) -> None:
    receiver, way = https
    receiver.answer = (
        f"HTTP/1.1 {status}\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )

    attempt = await _post(receiver, way)

    assert attempt.outcome == outcome
    assert len(receiver.seen) == 1


async def test_given_a_huge_answer_when_called_then_it_is_not_read_whole(https: tuple[Receiver, Way]) -> None:
    receiver, way = https
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 200_000

    attempt = await _post(receiver, way)

    assert attempt.outcome == "sent"


async def test_given_a_certificate_of_another_host_when_called_then_not_trusted(https: tuple[Receiver, Way]) -> None:
    receiver, way = https

    attempt = await _post(receiver, way, host="other.example")

    assert (attempt.outcome, receiver.seen) == ("later", [])


async def test_given_a_name_that_now_points_inside_when_called_then_nothing_leaves(https: tuple[Receiver, Way]) -> None:
    receiver, way = https

    attempt = await _post(receiver, replace(way, allow_private=False))

    assert (attempt.outcome, attempt.code, receiver.seen) == ("refused", "address-refused", [])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - judged, not bound to
        "::1", "::", "::ffff:10.0.0.1", "::ffff:a00:1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:7f00:1:0:0:80ff:fffe", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "nonsense",
    ],
)  # fmt: skip
def test_given_an_address_inside_in_any_form_when_judged_then_refused(address: str) -> None:
    assert not is_public(address)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


async def _subscribe(room: Room, **more: Any) -> str:
    body = {"kanaal": "mail", "adres": "team@voorbeeld.nl", **more}
    made = (await room.ask("POST", "/abonnementen", json=body)).json()
    async with room.database.transaction() as tx:
        await store.set_state(tx, made["id"], "actief", confirmed_at=START)
    return str(made["id"])


def _rounds(room: Room, send: Callable[[Bundle], Awaitable[deliver.Attempt]]) -> Round:
    secret = room.keys.secret("notifier")
    way = Way(ssl.create_default_context(), channel_webhook.resolve)
    channels = Channels(lambda: "https://x.example", "urn:x", secret, "a@b.example", room.folder, way)

    class Told(Channels):
        async def send(self, one: Bundle, *, now: dt.datetime) -> deliver.Attempt:  # noqa: ARG002 - as the real one
            return await send(one)

    told = Told(**{name: getattr(channels, name) for name in Channels.__dataclass_fields__})
    return Round(room.database, told, room.metrics, Slots((9, 15), CITY.timezone), new_id)


async def test_given_an_unconfirmed_address_when_an_alert_comes_then_it_only_gets_the_question(room: Room) -> None:
    await room.ask("POST", "/abonnementen", json={"kanaal": "mail", "adres": "team@voorbeeld.nl"})
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()

    await room.run_jobs(START + dt.timedelta(days=1))

    kinds = [message_from_bytes(path.read_bytes())["Subject"] for path in (room.folder / "berichten").rglob("*.eml")]
    assert kinds == ["Bevestig uw abonnement op attenderingen"]


async def test_given_a_subscriber_when_an_alert_is_raised_then_the_message_waits_for_the_slot(room: Room) -> None:
    await _subscribe(room)
    sent: list[str] = []

    async def send(one: Bundle) -> deliver.Attempt:
        sent.append(one.first.kind)
        return deliver.Attempt("sent", "ok")

    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    rounds = _rounds(room, send)
    await rounds.run(START + dt.timedelta(hours=1))
    before = list(sent)
    await rounds.run(START + dt.timedelta(hours=12, minutes=1))  # nine in the morning there

    assert before == []
    assert sent == ["attendering"]


async def test_given_a_message_sent_when_the_alert_is_taken_back_then_its_receiver_is_told(room: Room) -> None:
    await _subscribe(room)
    sent: list[str] = []

    async def send(one: Bundle) -> deliver.Attempt:
        sent.append(one.first.kind)
        return deliver.Attempt("sent", "ok")

    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    rounds = _rounds(room, send)
    await rounds.run(START + dt.timedelta(days=1))
    room.clock.move_to(START + dt.timedelta(days=1))
    alert = (await room.ask("GET", "/attenderingen")).json()["attenderingen"][0]
    await room.ask("POST", f"/attenderingen/{alert['id']}/intrekkingen")
    await rounds.run(START + dt.timedelta(days=2))

    assert sent == ["attendering", "ingetrokken"]


async def test_given_a_receiver_that_is_away_when_tried_for_days_then_given_up_told_and_repeatable(room: Room) -> None:
    identity = await _subscribe(room)
    keys: list[str] = []

    async def send(one: Bundle) -> deliver.Attempt:
        keys.append(one.once)
        return deliver.Attempt("later", "away")

    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    rounds = _rounds(room, send)
    for hour in range(24 * 7):
        await rounds.run(START + dt.timedelta(hours=hour))

    room.clock.move_to(START + dt.timedelta(days=7))
    log = (await room.ask("GET", "/afleveringen", role=Role.BEHEER)).json()["afleveringen"]
    notices = (await room.ask("GET", "/mededelingen", role=Role.BEHEER)).json()["mededelingen"]
    gone = next(one for one in log if one["soort"] == "attendering")
    assert len(keys) == 10
    assert len(set(keys)) == 1
    assert (gone["status"], gone["ontvanger"]) == ("opgegeven", "t...@voorbeeld.nl")
    assert [one["betreft"] for one in notices if one["soort"] == "given-up"] == [identity]
    again = await room.ask("POST", f"/afleveringen/{gone['id']}/_herhaal", role=Role.BEHEER)
    await rounds.run(START + dt.timedelta(days=7))
    assert (again.status_code, len(keys), len(set(keys))) == (202, 11, 1)


async def test_given_a_digest_when_two_alerts_wait_then_one_message(room: Room) -> None:
    identity = await _subscribe(room, ritme="dagelijks")
    rows = [
        Sending(
            new_id(), identity, f"alert-{n}", "overzicht", f"{identity}:20261103T090000:overzicht:alert-{n}", START, NOW
        )
        for n in range(2)
    ]
    sent: list[int] = []

    async def send(one: Bundle) -> deliver.Attempt:
        if one.first.kind == "overzicht":
            sent.append(len(one.sendings))
        return deliver.Attempt("sent", "ok")

    async with room.database.transaction() as tx:
        assert await store.plan(tx, rows) == 2
        assert await store.plan(tx, rows) == 0
    await _rounds(room, send).run(NOW)

    assert sent == [2]


async def test_given_one_click_when_posted_without_sign_in_then_left_and_the_address_is_gone(room: Room) -> None:
    identity = await _subscribe(room)
    secret = room.keys.secret("notifier")
    path = f"/abonnementen/afmelden/{token(secret, 'leave', identity)}"
    opened = await room.client.get(path)
    answer = await room.client.post(path, content="List-Unsubscribe=One-Click")

    assert (opened.status_code, answer.status_code) == (200, 200)
    assert (await room.ask("GET", "/abonnementen")).json() == {"abonnementen": []}
    async with room.database.reading() as tx:
        found = await store.find(tx, identity)
    assert found is not None
    assert (found.status, found.address) == ("beeindigd", b"")


async def test_given_another_persons_subscription_when_ended_then_404(room: Room) -> None:
    identity = await _subscribe(room)

    answer = await room.ask("DELETE", f"/abonnementen/{identity}", name="Robin")

    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["a@b.nl\r\nBcc: c@d.nl", "a b@c.nl", "geen-adres", "http://x.example", ""])
async def test_given_an_address_that_is_none_when_asked_then_400_without_it(room: Room, address: str) -> None:
    kind = "webhook" if address.startswith("http") else "mail"

    answer = await room.ask("POST", "/abonnementen", json={"kanaal": kind, "adres": address})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/adres"
    assert not address or address not in answer.text
