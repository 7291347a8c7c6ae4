# SPDX-License-Identifier: EUPL-1.2
"""The web edge seen from outside: headers, problems, limits, forged forms, never an echo."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Message

from tests.unit.shared.probe_app import CANARY, LIMIT, make_probe_app


@pytest.fixture
def app() -> FastAPI:
    return make_probe_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx2.AsyncClient(transport=transport, base_url="http://seinhuis.test") as made:
        yield made


def is_problem(response: httpx2.Response, status: int) -> dict[str, object]:
    """The problem body, once its form is right."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("path", ["/probe/v1/dingen", "/probe/v1/weg", "/probe/v1/mislukt/bug", "/probe/v1/dingen/"])
async def test_given_any_api_path_when_asked_then_version_and_security_headers_are_there(
    client: httpx2.AsyncClient, path: str
) -> None:
    response = await client.get(path)

    assert response.headers["api-version"] == "1.2.3"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "max-age" in response.headers["strict-transport-security"]
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_given_a_trailing_slash_when_asked_then_404_and_no_redirect(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/probe/v1/dingen")).status_code == 200
    is_problem(await client.get("/probe/v1/dingen/"), 404)


async def test_given_two_routes_on_a_path_when_the_method_is_wrong_then_allow_names_both(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.delete("/probe/v1/dingen")

    is_problem(response, 405)
    assert response.headers["allow"] == "GET, POST, HEAD"


async def test_given_head_when_asked_then_headers_without_body(client: httpx2.AsyncClient) -> None:
    response = await client.head("/probe/v1/dingen")

    assert response.status_code == 200
    assert response.content == b""
    assert int(response.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("rejected", 400), ("unauthenticated", 401), ("forbidden", 403), ("notfound", 404), ("conflict", 409),
        ("gone", 410), ("toolarge", 413), ("toomany", 429), ("unavailable", 503), ("misconfigured", 500), ("bug", 500),
    ],
)  # fmt: skip
async def test_given_each_kind_of_error_when_raised_then_its_problem(
    client: httpx2.AsyncClient, kind: str, status: int
) -> None:
    response = await client.get(f"/probe/v1/mislukt/{kind}")

    body = is_problem(response, status)
    assert ("www-authenticate" in response.headers) == (status == 401)
    assert ("retry-after" in response.headers) == (status in {429, 503})
    assert ("errors" in body) == (status == 400)
    assert CANARY not in response.text


async def test_given_a_rate_limit_when_hit_then_retry_after_in_seconds(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/probe/v1/mislukt/toomany")).headers["retry-after"] == "17"


async def test_given_a_sentence_for_a_code_when_raised_then_it_is_used(client: httpx2.AsyncClient) -> None:
    body = is_problem(await client.get("/probe/v1/mislukt/gone"), 410)

    assert body["detail"] == "Dit signaal is ingetrokken."
    assert body["code"] == "withdrawn"


async def test_given_a_bug_when_hit_then_only_a_request_id_is_told_and_logged(
    client: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        body = is_problem(await client.get("/probe/v1/mislukt/bug"), 500)

    seen = capsys.readouterr()
    logged = seen.out + seen.err + caplog.text
    assert str(body["verzoekId"]) in logged
    assert "KeyError" in logged
    assert CANARY not in logged


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        (b'{"naam":"te lang","aantal":0,"weg":1}', ["/naam", "/aantal", "/weg"]),
        (b"{}", ["/naam"]),
        (b'{"naam":"a","x/y~z":1}', ["/x~1y~0z"]),
        (b'{"naam":"a","' + CANARY.encode() * 4 + b'":1}', [""]),
        (b'{"naam":', [""]),
        (b"", [""]),
        (b"[[[[[1]]]]]", [""]),
        (b'{"naam":"\\ud800"}', [""]),
        (b'{"naam":"\xff"}', [""]),
    ],
)
async def test_given_a_wrong_body_when_sent_then_every_fault_with_its_pointer(
    client: httpx2.AsyncClient, content: bytes, pointers: list[str]
) -> None:
    response = await client.post("/probe/v1/dingen", content=content, headers={"content-type": "application/json"})

    body = is_problem(response, 400)
    found = body["errors"]
    assert isinstance(found, list)
    assert [one["pointer"] for one in found] == pointers


async def test_given_personal_data_in_every_place_when_refused_then_nothing_is_echoed(
    client: httpx2.AsyncClient,
) -> None:
    body = json.dumps({"naam": CANARY, "aantal": CANARY})
    answers = [
        await client.post("/probe/v1/dingen", content=body, headers={"content-type": "application/json"}),
        await client.post("/probe/v1/dingen", content=body, headers={"content-type": f"text/{CANARY}"}),
        await client.get("/probe/v1/dingen", params={"rijen": CANARY}),
        await client.get(f"/probe/v1/dingen/{CANARY}"),
        await client.get(f"/{CANARY}"),
        await client.get(f"/{CANARY}", headers={"accept": f"text/html, {CANARY}/x"}),
        await client.get("/probe/v1/weergave", headers={"accept": f"{CANARY}/x"}),
        await client.post("/formulier", content=CANARY.encode() + b"\xff=1&", headers={"content-type": CANARY}),
        await client.post("/formulier", data={"naam": CANARY}, headers={"origin": f"http://{CANARY}"}),
    ]

    for answer in answers:
        assert answer.status_code >= 400
        assert CANARY.lower() not in answer.text.lower()
        assert CANARY.lower() not in str(answer.headers).lower()


async def test_given_a_query_of_the_wrong_type_when_asked_then_400_and_a_strange_id_is_404(
    client: httpx2.AsyncClient,
) -> None:
    body = is_problem(await client.get("/probe/v1/dingen", params={"rijen": "x"}), 400)
    assert body["errors"] == [{"pointer": "/rijen", "detail": "Hier hoort een geheel getal."}]
    is_problem(await client.get("/probe/v1/dingen/abc"), 404)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [LIMIT + 1, 5 * LIMIT])
async def test_given_a_body_over_the_limit_when_sent_then_413(
    client: httpx2.AsyncClient, *, chunked: bool, size: int
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(size):
            yield b"x"

    content = pieces() if chunked else b"x" * size
    response = await client.post("/probe/v1/dingen", content=content, headers={"content-type": "application/json"})

    is_problem(response, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_given_a_body_of_another_kind_when_sent_then_415(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    is_problem(await client.post("/probe/v1/dingen", content=b"{}", headers=headers), 415)


async def test_given_a_sender_that_stalls_when_time_is_up_then_408(app: FastAPI) -> None:
    answered: list[Message] = []
    first: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Message:
        if first:
            return first.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/probe/v1/dingen", "raw_path": b"", "query_string": b"",
        "root_path": "", "scheme": "http", "server": ("seinhuis.test", 80),
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await app(scope, receive, send)

    assert answered[0]["status"] == 408


async def test_given_an_accept_we_have_not_when_asked_then_406_else_the_best(client: httpx2.AsyncClient) -> None:
    async def asked(accept: str) -> httpx2.Response:
        return await client.get("/probe/v1/weergave", headers={"accept": accept})

    is_problem(await asked("image/png"), 406)
    is_problem(await asked("application/json;q=0"), 406)
    assert (await asked("text/*")).json() == {"soort": "text/csv"}
    assert (await asked("*/*")).json() == {"soort": "application/json"}
    assert (await asked("text/csv;q=0.3, */*;q=0.1")).json() == {"soort": "text/csv"}


async def test_given_a_browser_when_something_is_wrong_then_a_page(client: httpx2.AsyncClient) -> None:
    missing = await client.get("/weg", headers={"accept": "text/html"})
    broken = await client.get("/stuk", headers={"accept": "text/html"})

    assert (missing.status_code, broken.status_code) == (404, 500)
    for page in (missing, broken):
        assert page.headers["content-type"].startswith("text/html")
        assert "<h1>" in page.text
        assert CANARY not in page.text
    assert "api-version" not in missing.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://seinhuis.test"}, 403),
        ({"origin": "http://seinhuis.test"}, 200),
        ({"origin": "http://elders.test"}, 403),
        ({"origin": "http://seinhuis.test.elders.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
    ],
)
async def test_given_a_form_when_posted_then_only_from_our_own_pages(
    client: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    response = await client.post("/formulier", data={"naam": " Jip ", "vak": ["a", "b"]}, headers=headers)

    assert response.status_code == status
    assert (status != 200) or response.json() == {"naam": "Jip", "vak": ["a", "b"]}


async def test_given_the_api_with_a_cookie_when_posted_from_elsewhere_then_403_and_without_cookie_not(
    client: httpx2.AsyncClient,
) -> None:
    headers = {"sec-fetch-site": "cross-site", "content-type": "application/json"}

    is_problem(
        await client.post("/probe/v1/dingen", content=b'{"naam":"a"}', headers={**headers, "cookie": "a=b"}), 403
    )
    assert (await client.post("/probe/v1/dingen", content=b'{"naam":"a"}', headers=headers)).status_code == 201


async def test_given_a_flash_when_redirected_then_shown_once(client: httpx2.AsyncClient) -> None:
    sent = await client.post("/klaar")
    first = await client.get("/")
    second = await client.get("/")

    assert sent.status_code == 303
    cookie = sent.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "Het is bewaard." in first.text
    assert "Het is bewaard." not in second.text


@pytest.mark.parametrize(("headers", "secure"), [({}, False), ({"x-forwarded-proto": "https"}, True)])
async def test_given_tls_at_the_gateway_when_a_cookie_is_set_then_it_is_secure(
    client: httpx2.AsyncClient, headers: dict[str, str], *, secure: bool
) -> None:
    cookie = (await client.post("/klaar", headers=headers)).headers["set-cookie"].lower()

    assert ("secure" in cookie) == secure


async def test_given_a_forged_flash_cookie_when_shown_then_no_text_of_it(client: httpx2.AsyncClient) -> None:
    page = await client.get("/", headers={"cookie": f"seinhuis_bericht={CANARY}"})

    assert page.status_code == 200
    assert CANARY not in page.text


async def test_given_the_document_when_asked_then_it_follows_the_design_rules(client: httpx2.AsyncClient) -> None:
    response = await client.get("/probe/v1/openapi.json")
    document = response.json()

    assert response.headers["access-control-allow-origin"] == "*"
    assert document["openapi"] == "3.1.0"
    assert set(document["info"]["contact"]) == {"name", "url", "email"}
    assert document["servers"] == [{"url": "/probe/v1"}]
    assert set(document["paths"]) == {"/dingen", "/dingen/{number}", "/mislukt/{kind}", "/weergave"}
    for item in document["paths"].values():
        for operation in item.values():
            assert "422" not in operation["responses"]
            for status, answer in operation["responses"].items():
                assert "API-Version" in answer["headers"]
                assert (status < "400") or list(answer["content"]) == ["application/problem+json"]


async def test_given_no_documentation_pages_when_asked_then_404(client: httpx2.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await client.get(path)).status_code == 404


async def test_given_probes_when_asked_then_alive_and_what_is_missing(client: httpx2.AsyncClient) -> None:
    ready = await client.get("/readyz")

    assert (await client.get("/livez")).status_code == 200
    assert ready.status_code == 503
    assert ready.json() == {"status": "niet-gereed", "ontbreekt": ["bus"], "details": {"wachtend": 3}}
    assert (await client.get("/metrics")).headers["content-type"].startswith("text/plain")
