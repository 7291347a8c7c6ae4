# SPDX-License-Identifier: EUPL-1.2
"""Bodies and forms: bounded, in memory, never a crash and never an echo, whatever is sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from shared.errors import Rejected, SeinhuisError, TooLarge
from shared.web import pointer, read_form
from shared.web.bodies import deeper_than, read_body
from shared.web.problems import ProblemError

BOUNDARY = "grens"


def request(body: bytes, content_type: str, *headers: tuple[bytes, bytes]) -> Request:
    """A request that brings this body in two pieces."""
    half = len(body) // 2
    messages = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    every = [(b"content-type", content_type.encode("latin-1")), *headers]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": every}, receive)


def multipart(*parts: tuple[str, str | None, bytes]) -> bytes:
    """A multipart body of (name, file name or None, content) parts."""
    made = b""
    for name, file_name, content in parts:
        extra = f'; filename="{file_name}"' if file_name is not None else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
        made += head.encode() + content + b"\r\n"
    return made + f"--{BOUNDARY}--\r\n".encode()


async def test_given_a_multipart_form_when_read_then_fields_and_file_are_whole() -> None:
    content = bytes(range(256)) * 9_000  # over a megabyte: where libraries begin to write to disk
    body = multipart(("naam", None, "Café".encode()), ("bestand", "lijst.csv", content), ("vak", None, b"a"))

    form = await read_form(request(body, f"multipart/form-data; boundary={BOUNDARY}"), 5_000_000)

    assert form.first("naam") == "Café"
    assert form.files["bestand"][0].name == "lijst.csv"
    assert form.files["bestand"][0].content == content


async def test_given_an_urlencoded_form_when_read_then_every_value_in_order() -> None:
    form = await read_form(request(b"a=1&b=caf%C3%A9+x&a=2&leeg=", "application/x-www-form-urlencoded"), 100)

    assert form.all("a") == ["1", "2"]
    assert form.first("b") == "café x"
    assert form.all("leeg") == []
    assert form.first("weg", "anders") == "anders"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=%ff", "application/x-www-form-urlencoded"),
        (b"\xff=1", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(201)), "application/x-www-form-urlencoded"),
        (multipart(*[("a", None, b"1")] * 201), f"multipart/form-data; boundary={BOUNDARY}"),
        (multipart(("a", "x", b"1"), ("b", "y", b"2")), f"multipart/form-data; boundary={BOUNDARY}"),
        (multipart(("a", None, b"\xff")), f"multipart/form-data; boundary={BOUNDARY}"),
        (b"x" * 20, f"multipart/form-data; boundary={BOUNDARY}"),
        (b"x" * 20, "multipart/form-data"),
        (multipart(("a", None, b"1")), f"multipart/form-data; boundary={'x' * 500}"),
    ],
)
async def test_given_a_broken_form_when_read_then_rejected(body: bytes, content_type: str) -> None:
    with pytest.raises(Rejected) as caught:
        await read_form(request(body, content_type), 1_000_000)

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.binary(max_size=400), st.sampled_from([f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data"]))
async def test_given_any_bytes_when_read_as_a_form_then_a_form_or_one_of_our_errors(body: bytes, kind: str) -> None:
    for content in (body, multipart(("a", None, body)), multipart(("a", "b", body))[:-5]):
        try:
            form = await read_form(request(content, kind), 10_000)
        except (SeinhuisError, ProblemError) as error:
            assert str(error) in {"form_unreadable", "form_too_many_parts"}  # noqa: PT017 -- either outcome is right
        else:
            assert set(form.fields) | set(form.files) <= {"a"} or content is body


@pytest.mark.parametrize("announced", [b"5000", b"9" * 400])
async def test_given_a_length_over_the_limit_when_announced_then_refused_unread(announced: bytes) -> None:
    with pytest.raises(TooLarge):
        await read_body(request(b"", "text/plain", (b"content-length", announced)), 1_000)


async def test_given_a_length_that_lies_when_read_then_counted_anyway() -> None:
    with pytest.raises(TooLarge):
        await read_body(request(b"x" * 2_000, "text/plain", (b"content-length", b"10")), 1_000)


def nesting(value: object) -> int:
    """How deep a JSON value nests."""
    if isinstance(value, list):
        return 1 + max(map(nesting, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(nesting, value.values()), default=0)
    return 0


@given(
    st.recursive(
        st.text() | st.sampled_from(["[[[", '"{', "\\", '\\"']) | st.integers(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=30,
    ),
    st.integers(0, 6),
    st.booleans(),
)
def test_given_any_json_when_measured_then_the_depth_is_right(value: object, limit: int, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    assert deeper_than(body, limit) == (nesting(value) > limit)


@given(st.lists(st.text()))
def test_given_any_place_when_pointed_at_then_the_pointer_leads_back(parts: list[str]) -> None:
    made = pointer(parts)

    back = [part.replace("~1", "/").replace("~0", "~") for part in made.split("/")[1:]]
    assert back == parts
