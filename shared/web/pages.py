# SPDX-License-Identifier: EUPL-1.2
"""Pages made on the server: templates, their fixed parts, static files, messages that survive one redirect.

Owns how a page is put together. Every value is escaped; a name a template does not know is an error. Never puts a
secret or a text of a person in a cookie or an address.
"""

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shared.errors import Misconfigured, NotFound
from shared.web.entrances import ENTRANCES

HERE: Final = Path(__file__).parent
FLASH_COOKIE: Final = "seinhuis_bericht"
FLASH_SECONDS: Final = 60
FOREVER: Final = "public, max-age=31536000, immutable"  # safe: the address changes with the content
MessageKind = Literal["ok", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class NavLink:
    """One entry of the navigation."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class FlashMessage:
    """A fixed sentence shown once, after a redirect."""

    kind: MessageKind
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A municipality's own design tokens: a CSS file that lies over the neutral ones.

    `class_name` is the class under which a theme package of NL Design System puts its tokens (`utrecht-theme`);
    empty when the file puts them on `:root`.
    """

    css: Path
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about where it stands; from municipality data, never from source."""

    municipality: str = ""
    bureau: str = ""
    bureau_url: str = ""
    bureau_phone: str = ""
    product: str = "Seinhuis"
    theme: Theme | None = None


@dataclass(frozen=True, slots=True)
class _Asset:
    content: bytes
    media_type: str
    address: str


class Pages:
    """Renders the pages of one service on the shared layout. Made once; holds compiled templates and static files."""

    def __init__(
        self,
        *template_directories: Path,
        site: Site | None = None,
        messages: Mapping[str, FlashMessage] | None = None,
    ) -> None:
        self.site = site or Site()
        self.messages = messages or {}
        self._assets = _assets(self.site.theme)
        self._environment = Environment(
            loader=FileSystemLoader([*template_directories, HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        styles = [self.static("tokens.css"), *([self.static("theme.css")] if self.site.theme else [])]
        self._environment.globals.update(
            site=self.site,
            static=self.static,
            stylesheets=[*styles, self.static("seinhuis.css")],
            entrances=ENTRANCES,
        )

    def static(self, name: str) -> str:
        """The address of a static file, which changes when its content does. Raises: KeyError."""
        return self._assets[name].address

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        navigation: Sequence[NavLink] = (),
        signed_in_as: str = "",
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> HTMLResponse:
        """The page, with the message the last redirect left, if any."""
        left = request.cookies.get(FLASH_COOKIE)
        body = self._environment.get_template(template).render(
            path=request.url.path,
            navigation=navigation,
            signed_in_as=signed_in_as,
            flash=self.messages.get(left or ""),
            **context,
        )
        response = HTMLResponse(body, status, headers)
        if left is not None:
            response.delete_cookie(FLASH_COOKIE, samesite="lax", httponly=True)
        return response

    def failure(
        self,
        request: Request,
        *,
        status: int,
        title: str,
        detail: str,
        request_id: str | None,
        headers: Mapping[str, str] | None,
    ) -> HTMLResponse:
        """The page for something that went wrong."""
        return self.render(
            request, "failure.html", status=status, title=title, detail=detail, request_id=request_id, headers=headers
        )

    def redirect(self, request: Request, address: str, *, flash: str | None = None) -> RedirectResponse:
        """Send the browser on after a form, with 303; `flash` is the code of a fixed message. Raises: KeyError."""
        response = RedirectResponse(address, 303)
        if flash is not None:
            _ = self.messages[flash]
            set_private_cookie(request, response, FLASH_COOKIE, flash, seconds=FLASH_SECONDS)
        return response

    def static_router(self) -> APIRouter:
        """The route that serves the static files, by the address that `static` gives and no other."""
        router = APIRouter(include_in_schema=False)
        by_address = {asset.address: asset for asset in self._assets.values()}

        @router.get("/static/{digest}/{name}")
        async def static_file(digest: str, name: str) -> Response:
            asset = by_address.get(f"/static/{digest}/{name}")
            if asset is None:
                raise NotFound("static_file")
            return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": FOREVER})

        return router


def set_private_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int) -> None:
    """Set a cookie no script can read and no other site can use; only over TLS wherever TLS is used.

    A gateway that ends TLS says so in a header. Believing it from anyone is safe: it only makes a cookie stricter.
    """
    secure = "https" in {request.url.scheme, request.headers.get("x-forwarded-proto")}
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax")


def _assets(theme: Theme | None) -> dict[str, _Asset]:
    files = {path.name: path for path in sorted((HERE / "static").iterdir()) if path.is_file()}
    if theme is not None:
        if not theme.css.is_file():
            raise Misconfigured("theme_missing")
        files["theme.css"] = theme.css
    return {name: _asset(name, path.read_bytes()) for name, path in files.items()}


def _asset(name: str, content: bytes) -> _Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    return _Asset(content, mimetypes.guess_type(name)[0] or "application/octet-stream", f"/static/{digest}/{name}")
