# SPDX-License-Identifier: EUPL-1.2
"""The outermost layer of every service: headers on every answer, a bound on every body, no forged forms.

Owns what holds for each request whatever its route. Pure ASGI and free of per-request objects where it can be,
because every signal passes here. Never looks at what a request contains.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.failures import Failures

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Source: NLgov API Design Rules, module transport security; OWASP secure headers.
SECURITY_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"cache-control", b"no-store"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
UNREAD: Final = frozenset({408, 413})  # what is still coming in is not waited for, however long somebody sends
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Edge:
    """ASGI middleware; one per service app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        prefix: str,
        version: str,
        body_limit_bytes: int,
        failures: Failures,
        on_response: Callable[[int], None] | None,
    ) -> None:
        self._app = app
        self._api_path = f"{prefix}/v1"
        self._api_headers = (*SECURITY_HEADERS, (b"api-version", version.encode()))
        self._body_limit_bytes = body_limit_bytes
        self._failures = failures
        self._on_response = on_response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is not HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        is_api = scope["path"].startswith(self._api_path)
        dress = self._dressing(self._api_headers if is_api else SECURITY_HEADERS, send, bodiless=method == "HEAD")
        if method == "HEAD":  # every page and resource that can be got can be asked for its head
            scope = {**scope, "method": "GET"}
        if method in SAFE_METHODS:
            await self._app(scope, receive, dress)
        else:
            await self._unsafe(scope, receive, dress, is_api=is_api)

    async def _unsafe(self, scope: Scope, receive: Receive, send: Send, *, is_api: bool) -> None:
        headers = dict(scope["headers"])
        if (not is_api or b"cookie" in headers) and from_elsewhere(headers):
            response = self._failures.answer(Request(scope), 403, code="cross_site")
            await response(scope, receive, send)
            return
        announced = headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced[:20]) > self._body_limit_bytes:
            response = self._failures.answer(Request(scope), 413, code="body_too_large")
            await response(scope, receive, send)
            return
        await self._app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._body_limit_bytes:
                # an HTTPException, because FastAPI turns any other error while it reads a body into a 400
                raise HTTPException(413)
            return message

        return counting

    def _dressing(self, extra: tuple[tuple[bytes, bytes], ...], send: Send, *, bodiless: bool) -> Send:
        on_response = self._on_response

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                present = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in extra if header[0] not in present)]
                if message["status"] in UNREAD:
                    message["headers"].append((b"connection", b"close"))
                if on_response is not None:
                    on_response(message["status"])
            elif bodiless:
                message["body"] = b""
            await send(message)

        return dress


def from_elsewhere(headers: dict[bytes, bytes]) -> bool:
    """Whether a browser sent this on behalf of another site.

    Cookies are SameSite=Lax as well; this also stops what a sibling site of the same domain or an old cookie lets
    through. A caller without either header is no browser, and then has no cookies it did not mean to send.
    Source: W3C Fetch Metadata; OWASP cross-site request forgery prevention.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in {b"same-origin", b"none"}
    origin = headers.get(b"origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin.decode("latin-1")).netloc != headers.get(b"host", b"").decode("latin-1")
    except ValueError:
        return True
