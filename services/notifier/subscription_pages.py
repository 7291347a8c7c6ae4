# SPDX-License-Identifier: EUPL-1.2
"""The pages `/abonnementen`: one's own subscriptions, and what whoever holds a message may do.

Owns what stands on them. Decides nothing: each form calls the verb the API calls.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notifier import subscribe
from services.notifier.pages import FORM_BYTES, Room, choices, faults_of, number, summary
from services.notifier.schemas import SubscriptionIn
from services.notifier.subscribe import Wish
from shared.access import Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.web import read_form

CHANNEL_LABELS: Final = {"mail": "E-mail", "webhook": "Webhook", "bestand": "Bestand"}
RHYTHM_LABELS: Final = {
    "direct": "Zo snel als kan",
    "dagelijks": "Eén keer per dag",
    "wekelijks": "Eén keer per week",
    "maandelijks": "Eén keer per maand",
}


def routes(room: Room) -> APIRouter:
    """The pages of subscriptions."""
    router = APIRouter(include_in_schema=False)
    _subscriptions(router, room)
    _receivers(router, room)
    return router


def _subscriptions(router: APIRouter, room: Room) -> None:
    @router.get("/abonnementen")
    async def mine(request: Request) -> Response:
        return await _subscriptions_page(room, request, room.who(request))

    @router.post("/abonnementen")
    async def ask(request: Request) -> Response:
        staff = room.who(request)
        form = await read_form(request, FORM_BYTES)
        values: dict[str, Any] = {name: form.first(name) for name in ("kanaal", "adres", "ritme", "taal")}
        values |= {name: form.all(name) for name in ("wijken", "gronden")}
        values["niveau"] = number(form.first("niveau", "1"))
        try:
            given = SubscriptionIn.model_validate(values)
            wish = Wish(**{**given.model_dump(), "municipality": room.home.code})
            now = room.door.clock.now()
            made = await room.door.done(
                lambda tx: subscribe.create(wish, tx, staff=staff, roll=room.office.roll, now=now)
            )
        except (ValidationError, Rejected) as error:
            return await _subscriptions_page(room, request, staff, given=values, faults=faults_of(error))
        except Conflict:
            return room.pages.redirect(request, "/abonnementen", flash="conflict")
        if "geheim" in made:  # shown once, so not after a redirect
            return await _subscriptions_page(room, request, staff, secret=made["geheim"])
        return room.pages.redirect(request, "/abonnementen", flash="asked")

    _changes(router, room)


def _changes(router: APIRouter, room: Room) -> None:
    @router.post("/abonnementen/{subscription_id}/opzeggen")
    async def end(request: Request, subscription_id: str) -> Response:
        staff, now, roll = room.who(request), room.door.clock.now(), room.office.roll
        await room.door.done(lambda tx: subscribe.remove(subscription_id, tx, staff=staff, roll=roll, now=now))
        return room.pages.redirect(request, "/abonnementen", flash="ended")

    @router.post("/abonnementen/{subscription_id}/hervatten")
    async def resume(request: Request, subscription_id: str) -> Response:
        staff, roll = room.who(request), room.office.roll
        try:
            await room.door.done(lambda tx: subscribe.resume(subscription_id, tx, staff=staff, roll=roll))
        except Conflict:
            return room.pages.redirect(request, "/abonnementen", flash="conflict")
        return room.pages.redirect(request, "/abonnementen", flash="resumed")


async def _subscriptions_page(
    room: Room,
    request: Request,
    staff: Staff,
    *,
    given: Mapping[str, Any] | None = None,
    faults: Sequence[FieldFault] = (),
    secret: str = "",
) -> Response:
    async with room.door.database.reading() as tx:
        mine = await subscribe.listed(staff, tx, roll=room.office.roll)
    empty = {"kanaal": "mail", "adres": "", "ritme": "direct", "niveau": "1", "taal": "nl", "wijken": [], "gronden": []}
    return room.render(
        request,
        "subscriptions.html",
        staff,
        status=400 if faults else 200,
        mine=mine,
        secret=secret,
        given={**empty, **(given or {})},
        grounds=choices("grounds"),
        districts=[(code.code, code.label.nl, "") for code in room.home.districts.in_order],
        faults=summary(faults),
        channel_labels=CHANNEL_LABELS,
        rhythm_labels=RHYTHM_LABELS,
        **room.words(),
    )


def _receivers(router: APIRouter, room: Room) -> None:
    """Pages for whoever holds a message. Opening one does nothing: mail scanners open every link."""

    @router.get("/abonnementen/bevestigen/{code}")
    async def ask_confirm(request: Request, code: str) -> Response:
        return room.render(request, "receiver.html", None, doing="confirm", code=code)

    @router.post("/abonnementen/bevestigen/{code}")
    async def confirm(request: Request, code: str) -> Response:
        now = room.door.clock.now()
        await room.door.done(lambda tx: subscribe.confirm(code, tx, roll=room.office.roll, now=now))
        return room.render(request, "receiver.html", None, doing="confirmed", code=code)

    @router.get("/abonnementen/afmelden/{code}")
    async def ask_leave(request: Request, code: str) -> Response:
        return room.render(request, "receiver.html", None, doing="leave", code=code)

    @router.post("/abonnementen/afmelden/{code}")
    async def leave(request: Request, code: str) -> Response:
        now = room.door.clock.now()
        await room.door.done(lambda tx: subscribe.leave(code, tx, roll=room.office.roll, now=now))
        return room.render(request, "receiver.html", None, doing="left", code=code)
