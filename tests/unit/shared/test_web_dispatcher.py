# SPDX-License-Identifier: EUPL-1.2
"""One port for several services: the first segment of a path decides who answers."""

import httpx2
from fastapi import FastAPI
from starlette.types import Message

from shared.web import dispatcher


async def test_given_several_apps_when_dispatched_then_the_first_segment_decides() -> None:
    def answering(name: str) -> FastAPI:
        made = FastAPI(openapi_url=None)

        @made.get("/{path:path}")
        async def anything(path: str) -> dict[str, str]:
            return {"app": name, "path": path}

        return made

    joined = dispatcher({"intake": answering("intake"), "melden": answering("intake")}, answering("root"))
    transport = httpx2.ASGITransport(app=joined)
    async with httpx2.AsyncClient(transport=transport, base_url="http://seinhuis.test") as client:
        answers = [(await client.get(path)).json() for path in ("/intake/v1/x", "/melden", "/", "/intakex", "//intake")]

    assert [answer["app"] for answer in answers] == ["intake", "intake", "root", "root", "root"]
    assert answers[0]["path"] == "intake/v1/x"


async def test_given_a_dispatcher_when_the_server_starts_and_stops_then_it_answers_itself() -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    incoming: list[Message] = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]
    answered: list[str] = []

    async def receive() -> Message:
        return incoming.pop()

    async def send(message: Message) -> None:
        answered.append(str(message["type"]))

    await dispatcher({}, never)({"type": "lifespan"}, receive, send)

    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
