# SPDX-License-Identifier: EUPL-1.2
"""The NotifyNL-compatible service: a real HTTP server on loopback that speaks its API."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
import pytest

from services.notifier import channel_notify
from services.notifier.channel_mail import Links
from services.notifier.channel_notify import NotifyService
from services.notifier.messages import BODIES, SUBJECTS
from tests.unit.notifier.sending import SECRET, bundle

SERVICE, KEY = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"


@dataclass(slots=True)
class Notify:
    """What the service was asked, and what it answers. Source: the REST API of GOV.UK Notify."""

    url: str = ""
    status: int = 201
    answer: bytes = b'{"id":"740e5834-3a29-46b4-9a6f-16142fde533a"}'
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    known: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def notify() -> Iterator[Notify]:
    told = Notify()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            token = self.headers["Authorization"].removeprefix("Bearer ")
            told.known.append(jwt.decode(token, KEY, algorithms=["HS256"]))
            told.asked.append((self.path, body))
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


async def _send(url: str, kind: Any = "attendering") -> Any:
    one = bundle(kind=kind)
    links = Links.of(one, public_url="https://seinhuis.example", secret=SECRET)
    service = NotifyService(url, f"seinhuis-{SERVICE}-{KEY}", TEMPLATE)
    return links, await channel_notify.send(one, links, service)


@pytest.mark.parametrize("kind", ["attendering", "bevestiging", "ingetrokken"])
async def test_given_the_service_when_a_message_is_handed_over_then_template_words_and_our_key(
    notify: Notify, kind: str
) -> None:
    links, attempt = await _send(notify.url, kind)

    (path, body), (claims,) = notify.asked[0], notify.known
    asking = kind == "bevestiging"
    assert (attempt.outcome, path) == ("sent", "/v2/notifications/email")
    assert claims["iss"] == SERVICE
    assert (body["email_address"], UUID(body["template_id"])) == ("team@voorbeeld.nl", UUID(TEMPLATE))
    assert body["reference"] == bundle().once
    assert body["personalisation"] == {
        "onderwerp": SUBJECTS["nl"][kind],  # type: ignore[index]  # one of the kinds
        "tekst": BODIES["nl"][kind],  # type: ignore[index]  # as above
        "link": links.confirm if asking else links.read,
        "afmelden": "" if asking else links.leave,
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, "refused"), (403, "later"), (404, "later"), (429, "later"), (500, "later"), (503, "later")],
)
async def test_given_an_answer_when_handed_over_then_only_a_bad_address_is_given_up(
    notify: Notify, status: int, outcome: str
) -> None:
    notify.status, notify.answer = status, b'{"status_code":400,"errors":[{"error":"ValidationError","message":"no"}]}'

    _, attempt = await _send(notify.url)

    assert (attempt.outcome, attempt.code) == (outcome, f"notify-{status}")


async def test_given_an_answer_that_cannot_be_read_when_handed_over_then_not_sent_twice(notify: Notify) -> None:
    notify.answer = b"<html>"

    _, attempt = await _send(notify.url)

    assert attempt.outcome == "sent"


async def test_given_no_service_when_handed_over_then_later(unused_tcp_port: int) -> None:
    _, attempt = await _send(f"http://127.0.0.1:{unused_tcp_port}")

    assert attempt.outcome == "later"
