# SPDX-License-Identifier: EUPL-1.2
"""The front door: the home page, and turning a staff link into a signed-in browser.

Owns the cookie of signed-in staff. The link's token is checked before the cookie is set, and never shown again.
"""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.access import STAFF_COOKIE, Role, Staff, StaffCheck, check
from shared.errors import Unauthenticated
from shared.web.pages import NavLink, Pages, set_private_cookie

EVERYONE: Final = (NavLink("/melden", "Melden"), NavLink("/cijfers", "Cijfers"))
BY_ROLE: Final[dict[Role, tuple[NavLink, ...]]] = {
    Role.ADV: (
        NavLink("/beoordelen", "Beoordelen"),
        NavLink("/publicaties", "Publicaties"),
        NavLink("/rapportages", "Rapportages"),
        NavLink("/spanningen", "Spanningen"),
    ),
    Role.GEMEENTE: (NavLink("/rapportages", "Rapportages"), NavLink("/spanningen", "Spanningen")),
    Role.NETWERK: (
        NavLink("/rapportages", "Rapportages"),
        NavLink("/spanningen", "Spanningen"),
        NavLink("/abonnementen", "Abonnementen"),
    ),
    Role.RAAD: (NavLink("/rapportages", "Rapportages"),),
    Role.FG: (NavLink("/publicaties", "Publicaties"), NavLink("/rapportages", "Rapportages")),
    Role.BEHEER: (NavLink("/spanningen/mededelingen", "Mededelingen"),),
}


def navigation(staff: Staff | None) -> tuple[NavLink, ...]:
    """The links a person sees, by role."""
    return EVERYONE + (BY_ROLE[staff.role] if staff else ())


def sign_in_routes(staff_check: StaffCheck, pages: Pages | None) -> APIRouter:
    """`/`, `/aanmelden` and `/afmelden`."""
    router = APIRouter(include_in_schema=False)
    if pages is None:
        return router

    @router.get("/")
    async def home(request: Request) -> Response:
        staff = staff_check.find(request)
        name = staff.name if staff else ""
        return pages.render(request, "home.html", navigation=navigation(staff), signed_in_as=name)

    @router.get("/aanmelden")
    async def sign_in(request: Request, code: str = "") -> Response:
        try:
            staff = check(code, public=staff_check.public, clock=staff_check.clock)
        except Unauthenticated:
            return pages.render(request, "sign_in_failed.html", status=401, navigation=EVERYONE)
        response = RedirectResponse("/", 303)
        seconds = int((staff.expires_at - staff_check.clock.now()).total_seconds())
        set_private_cookie(request, response, STAFF_COOKIE, code, seconds=seconds)
        return response

    @router.post("/afmelden")
    async def sign_out() -> Response:
        response = RedirectResponse("/", 303)
        response.delete_cookie(STAFF_COOKIE, httponly=True, samesite="lax")
        return response

    return router
