# SPDX-License-Identifier: EUPL-1.2
"""Webhooks towards a receiver that means harm or is merely broken: where the connection goes, and what it may cost."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.notifier import channel_webhook, deliver
from services.notifier.channel_webhook import Way
from services.notifier.service import new_id
from services.notifier.storage import staff
from services.notifier.storage import subscriptions as store
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Slots
from shared.access import Role
from tests.unit.notifier.room import CITY, START, Room, notifier
from tests.unit.notifier.sending import SECRET, Receiver, bundle, https_receiver

NOW = dt.datetime.now(dt.UTC)  # the library that checks signatures has a clock of its own


@pytest.fixture
async def https() -> AsyncIterator[tuple[Receiver, Way]]:
    async with https_receiver() as both:
        yield both


async def _post(way: Way, address: str) -> deliver.Attempt:
    one = bundle("webhook", address)
    return await channel_webhook.send(one, way, public_url="https://x.example", source="urn:x", secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "[fe80::1]",
    ],
)  # fmt: skip
async def test_given_a_host_that_means_inside_when_called_then_what_the_machine_reads_in_it_is_judged(
    https: tuple[Receiver, Way], host: str
) -> None:
    receiver, way = https

    async def as_this_machine(name: str, _port: int) -> Sequence[str]:
        if ":" in name or name == "localhost":
            return ["::1" if name == "localhost" else name]
        return [socket.inet_ntoa(socket.inet_aton(name))]  # decimal, hexadecimal, octal and short forms

    attempt = await _post(
        replace(way, allow_private=False, resolve=as_this_machine), f"https://{host}:{receiver.port}/"
    )

    assert (attempt.outcome, attempt.code, receiver.seen) == ("refused", "address-refused", [])


@pytest.mark.parametrize(
    "address", ["http://hook.example/", "https://a:b@hook.example/", "https:///x", "ftp://x.example/"]
)
async def test_given_an_address_of_another_kind_when_called_then_refused(
    https: tuple[Receiver, Way], address: str
) -> None:
    attempt = await _post(https[1], address)

    assert (attempt.outcome, attempt.code) == ("refused", "address-refused")


async def test_given_a_name_with_one_address_inside_when_called_then_none_of_them_is_used(
    https: tuple[Receiver, Way],
) -> None:
    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    attempt = await _post(replace(https[1], allow_private=False, resolve=both), "https://hook.example/")

    assert (attempt.outcome, attempt.code) == ("refused", "address-refused")


async def test_given_a_name_that_moves_after_it_was_judged_when_called_then_only_the_judged_address_is_used(
    https: tuple[Receiver, Way],
) -> None:
    receiver, way = https
    answers = iter([["127.0.0.1"], ["127.0.0.99"]])

    async def moving(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    attempt = await _post(replace(way, resolve=moving), f"https://hook.example:{receiver.port}/")

    assert (attempt.outcome, len(receiver.seen)) == ("sent", 1)
    assert next(answers) == ["127.0.0.99"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 4_000_000 + b"\r\n\r\n", "later"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 400_000, "later"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 65_535 + b"\r\n", "sent"),
        (b"", "later"),
        (b"\x00\x01\x02", "later"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", "refused"),
        (b"HTTP/1.1 307 Again\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "refused"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "sent"),
    ],
    ids=["one endless header", "endless headers", "endless chunks", "nothing", "no HTTP", "302", "307", "no gzip"],
)  # fmt: skip
async def test_given_an_answer_that_means_harm_when_called_then_little_is_read(
    https: tuple[Receiver, Way], answer: bytes, outcome: str
) -> None:
    receiver, way = https
    receiver.answer = answer

    attempt = await _post(way, f"https://hook.example:{receiver.port}/")

    assert attempt.outcome == outcome
    assert len(receiver.seen) == 1


async def test_given_a_receiver_that_answers_too_late_when_called_again_then_the_same_key(
    https: tuple[Receiver, Way],
) -> None:
    receiver, way = https
    receiver.pause = asyncio.Event()
    address = f"https://hook.example:{receiver.port}/"

    first = await _post(replace(way, seconds=0.5), address)
    receiver.pause.set()
    second = await _post(way, address)

    keys = {headers["idempotency-key"] for headers, _ in receiver.seen}
    assert (first.outcome, second.outcome) == ("later", "sent")
    assert (len(receiver.seen), len(keys)) == (2, 1)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/x", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://localhost/",
     "https://[::ffff:10.0.0.1]/", "https://10.0.0.8:8443/", "https://a:b@hook.example/", "https://[x/", "https://x/"],
)  # fmt: skip
async def test_given_a_webhook_that_points_inside_when_asked_for_then_400_at_once(room: Room, address: str) -> None:
    answer = await room.ask("POST", "/abonnementen", json={"kanaal": "webhook", "adres": address})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/adres"
    assert address not in answer.text


async def _subscribed(room: Room, **more: Any) -> str:
    made = (await room.ask("POST", "/abonnementen", json={"kanaal": "mail", "adres": "a@voorbeeld.nl", **more})).json()
    async with room.database.transaction() as tx:
        await store.set_state(tx, made["id"], "actief", confirmed_at=START)
    return str(made["id"])


async def test_given_a_receiver_that_is_gone_when_called_then_paused_and_its_owner_told_once(room: Room) -> None:
    hook = await _subscribed(room, kanaal="webhook", adres="https://hook.example/")
    mail = await _subscribed(room)
    slots = Slots((9, 15), CITY.timezone)

    async with room.database.transaction() as tx:
        await store.plan(
            tx, [Sending(new_id(), hook, f"a-{n}", "attendering", f"k-{n}", START, START) for n in range(3)]
        )
        held = await deliver.claim(tx, now=START, secret=room.keys.secret("notifier"), new_id=new_id)
        for one in [one for one in held if one.subscription.subscription_id == hook]:
            gone = deliver.Attempt("gone", "http-410")
            await deliver.settle(one, gone, tx, slots=slots, now=START, new_id=new_id)

    mine = {one["id"]: one["status"] for one in (await room.ask("GET", "/abonnementen")).json()["abonnementen"]}
    log = (await room.ask("GET", "/afleveringen", role=Role.BEHEER)).json()["afleveringen"]
    assert mine == {hook: "gepauzeerd", mail: "actief"}
    assert [one["abonnement"] for one in log if one["soort"] == "storing"] == [mail]
    async with room.database.reading() as tx:
        assert {one.code for one in await staff.notices(tx, CITY.code)} == {"given-up", "paused"}
    assert (await room.ask("POST", f"/abonnementen/{hook}/_hervat")).json()["status"] == "actief"
