# SPDX-License-Identifier: EUPL-1.2
"""Reading what was sent, within bounds of size, depth, form and time.

Owns the limits on a request's body. Never parses it into values, and never waits for a sender who does not send.
"""

import asyncio
import re
from collections.abc import Collection
from typing import Final

from starlette.requests import ClientDisconnect, Request

from shared.errors import Rejected, TooLarge
from shared.web.problems import ProblemError

SLOW_BODY_SECONDS: Final = 30.0  # 10 MiB at 3 Mbit/s, a poor mobile line
DEPTH_LIMIT: Final = 32  # the deepest published body has four levels
_BRACKETS_OUTSIDE_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


async def read_json_body(
    request: Request,
    limit_bytes: int,
    *,
    depth_limit: int = DEPTH_LIMIT,
    content_types: Collection[str] = ("application/json",),
    seconds: float = SLOW_BODY_SECONDS,
) -> bytes:
    """The body, as sent, once it is known to be small, shallow and of the right kind.

    Raises: ProblemError 415 (other content type or any compression) and 408 (too slow), TooLarge 413, Rejected 400
    (nested too deep, empty). All permanent.
    """
    require_content_type(request, content_types)
    body = await read_body(request, limit_bytes, seconds=seconds)
    if not body.strip():
        raise Rejected("body_empty", errors=[{"pointer": "", "detail": "Er is geen inhoud gestuurd."}])
    if deeper_than(body, depth_limit):
        raise Rejected("body_too_deep", errors=[{"pointer": "", "detail": "De inhoud is te diep genest."}])
    return body


def require_content_type(request: Request, content_types: Collection[str]) -> str:
    """The media type of the body, which is one of `content_types`, in UTF-8 and not compressed.

    Compressed bodies are refused, so that no few bytes can unfold into many.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise ProblemError(415, code="content_encoding", headers={"Accept-Encoding": "identity"})
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.IGNORECASE)
    if media_type not in content_types or (charset and charset[1].lower() not in _UTF8):
        raise ProblemError(415, code="content_type", headers={"Accept": ", ".join(content_types)})
    return media_type


async def read_body(request: Request, limit_bytes: int, *, seconds: float = SLOW_BODY_SECONDS) -> bytes:
    """The raw body of at most `limit_bytes`; a chunked one is counted while it comes in.

    Raises: TooLarge, ProblemError 408 and 400 (the sender went away).
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit_bytes:
        raise TooLarge("body_too_large", limit_bytes=limit_bytes)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit_bytes:
                    raise TooLarge("body_too_large", limit_bytes=limit_bytes)
                chunks.append(chunk)
    except TimeoutError:
        raise ProblemError(408, code="body_too_slow") from None
    except ClientDisconnect:
        raise ProblemError(400, code="body_cut_off") from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def deeper_than(body: bytes, limit: int) -> bool:
    """Whether brackets outside strings nest deeper than `limit`, in one pass whatever the content.

    >>> deeper_than(b'{"a": ["[[[["]}', 2), deeper_than(b'[[[', 2)
    (False, True)
    """
    if body.count(b"[") + body.count(b"{") <= limit:
        return False
    depth = 0
    for match in _BRACKETS_OUTSIDE_STRINGS.finditer(body):
        first = body[match.start()]
        depth += (first in b"[{") - (first in b"]}")
        if depth > limit:
            return True
    return False
