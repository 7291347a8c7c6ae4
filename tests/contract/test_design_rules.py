# SPDX-License-Identifier: EUPL-1.2
"""What the design rules ask of behaviour, for every operation of every service.

The rules about the documents themselves are checked by the official linter of the standard (CONTRIBUTING.md).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.settings import SERVICES
from shared.web.edge import SECURITY_HEADERS
from shared.web.openapi import OPERATIONS
from tests.contract.snapshots import built
from tests.contract.snapshots import document as document_of

OPEN_TO_ALL = {"/abonnementen/_bevestig"}  # a code from a message is enough, though its router names a token
OPEN_IN_PART = {"/cijfers"}  # without sign-in it answers with open data
VERSION = re.compile(r"1\.\d+\.\d+")


@pytest.fixture(params=SERVICES)
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A service's document, and a client that asks its application without a network."""
    app = built(request.param, tmp_path).app
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api.test") as client:
        yield f"/{request.param}/v1", app.openapi(), client


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in OPERATIONS:
                yield method.upper(), re.sub(r"{\w+}", "2026", path), operation


def dressed(answer: httpx2.Response) -> bool:
    """Whether an answer carries the version of the API and every security header."""
    headers = {name.decode(): value.decode() for name, value in SECURITY_HEADERS}
    return bool(VERSION.fullmatch(answer.headers.get("api-version", ""))) and all(
        name in answer.headers for name in headers
    )


def is_problem(answer: httpx2.Response) -> bool:
    told = answer.json()
    return answer.headers["content-type"] == "application/problem+json" and (
        told["status"] == answer.status_code and bool(told["title"]) and bool(told["detail"])
    )


async def test_given_every_operation_when_asked_without_credential_then_401_as_a_problem_with_all_headers(
    service: Any,
) -> None:
    base, document, client = service
    for method, path, operation in operations(document):
        if not operation.get("security") or path in OPEN_TO_ALL:
            continue
        answer = await client.request(method, base + path)
        if path in OPEN_IN_PART and answer.status_code == 400:  # without a question there is nothing to refuse
            continue
        assert answer.status_code == 401, (method, path, answer.status_code)
        assert dressed(answer), (method, path)
        assert is_problem(answer), (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_given_every_path_when_asked_in_another_way_then_405_with_allow_and_a_slash_is_404(service: Any) -> None:
    base, document, client = service
    for path in {path for _, path, _ in operations(document)}:
        wrong, slash = await client.request("PURGE", base + path), await client.get(f"{base}{path}/")
        assert (wrong.status_code, slash.status_code) == (405, 404), path
        assert wrong.headers["allow"], path
        assert all(dressed(answer) and is_problem(answer) for answer in (wrong, slash)), path


async def test_given_every_operation_with_a_body_when_it_is_of_another_kind_then_never_taken(service: Any) -> None:
    base, document, client = service
    for method, path, operation in operations(document):
        if "requestBody" not in operation:
            continue
        answer = await client.request(method, base + path, content=b"x", headers={"Content-Type": "image/png"})
        assert answer.status_code in {401, 415}, (method, path, answer.status_code)
        assert dressed(answer), path
        assert is_problem(answer), path


async def test_given_the_document_when_asked_by_a_page_elsewhere_then_it_may_read_it(service: Any) -> None:
    base, document, client = service

    answer = await client.get(f"{base}/openapi.json", headers={"Origin": "https://developer.overheid.nl"})

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert answer.json() == document
    assert dressed(answer)


@pytest.mark.parametrize("name", SERVICES)
def test_given_a_document_when_read_then_paths_dates_and_answers_follow_the_rules(name: str, tmp_path: Path) -> None:
    document = document_of(name, tmp_path)
    fields = list(fields_of(document))

    paths = [path for path in document["paths"] if not re.fullmatch(r"(/(_?[a-z][a-z0-9-]*|{\w+}))+", path)]
    days = [field for field, shape in fields if field.endswith("Datum") and shape.get("format") != "date"]
    moments = [field for field, shape in fields if field.endswith("Op") and "date-time" not in str(shape)]
    answers = [
        (method, path, status)
        for method, path, operation in operations(document)
        for status, response in operation["responses"].items()
        if "API-Version" not in response["headers"] or status == "422"
    ]

    assert (paths, days, moments, answers) == ([], [], [], [])


def fields_of(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named field of every schema."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "properties" and isinstance(value, dict):
                yield from ((field, shape) for field, shape in value.items() if isinstance(shape, dict))
            if name != "example":
                yield from fields_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from fields_of(value)
