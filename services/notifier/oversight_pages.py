# SPDX-License-Identifier: EUPL-1.2
"""The pages beside the alerts: the picture of a month, notices, mutes, deliveries.

Owns what stands on them. Decides nothing: each form calls the verb the API calls.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notifier import deliver, govern, respond, staff_api, summarise
from services.notifier.pages import FORM_BYTES, Room, choices, faults_of, summary
from services.notifier.schemas import MuteIn
from services.notifier.storage import staff as store
from services.notifier.storage.staff import Mute
from shared.access import Staff
from shared.errors import Conflict, FieldFault, NotFound, Rejected
from shared.web import read_form

TITLES: Final = {
    "quiet": "Een partner is stil",
    "late-batch": "Een stapel is laat",
    "flood": "Een partner stuurt ineens veel meer",
    "one-source": "Een stijging komt van te weinig partners",
    "given-up": "Een bericht kwam niet aan",
    "paused": "Een abonnement is gepauzeerd",
}
TEXTS: Final = {
    "quiet": "Er kwam lang niets binnen. Vraag na of het stil is, of dat aanleveren niet lukt.",
    "late-batch": "Deze partner levert op vaste tijden aan. De nieuwe stapel is er nog niet.",
    "flood": "Dit telt niet mee voor attenderingen. Kijk of het echt is, of een fout of misbruik.",
    "one-source": "Daarom is er geen attendering. Vraag na of het echt is, en of anderen dit herkennen.",
    "given-up": "Na veel pogingen is gestopt. De eigenaar van het abonnement kreeg bericht als dat kon.",
    "paused": "Berichten kwamen steeds niet aan. De eigenaar kan het hervatten.",
}
DATES: Final = {
    "quiet": "Laatste signaal",
    "late-batch": "Laatste stapel",
    "flood": "Week van",
    "one-source": "Maand van",
}
SUBJECTS: Final = {
    "quiet": "Partner",
    "late-batch": "Partner",
    "flood": "Partner",
    "one-source": "Waarover",
    "given-up": "Abonnement",
    "paused": "Abonnement",
}


def routes(room: Room) -> APIRouter:
    """The pages; they go before those of a single alert, whose address would catch them."""
    router = APIRouter(include_in_schema=False)
    _pictures(router, room)
    _notices(router, room)
    _mutes(router, room)
    return router


def _pictures(router: APIRouter, room: Room) -> None:
    async def page(request: Request, month: str | None) -> Response:
        staff = room.who(request)
        async with room.door.database.reading() as tx:
            every = await summarise.listed(tx, municipality=room.home.code, labels=room.desk.labels)
        chosen = next((one for one in every if month in {None, one["maand"]}), None)
        if chosen is None and month is not None:
            raise NotFound("no_such_picture")
        alerts = await room.door.done(
            lambda tx: respond.listed(staff, tx, desk=room.desk, municipality=room.home.code, status=None)
        )
        raised = [one for one in alerts if chosen and one["id"] in chosen["attenderingen"]]
        others = [one for one in every if one is not chosen]
        return room.render(request, "picture.html", staff, picture=chosen, raised=raised, others=others, **room.words())

    @router.get("/spanningen/beeld")
    async def newest(request: Request) -> Response:
        return await page(request, None)

    @router.get("/spanningen/beeld/{month}")
    async def of_month(request: Request, month: str) -> Response:
        return await page(request, month)


def _notices(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen/mededelingen")
    async def notices(request: Request) -> Response:
        staff = room.who(request, staff_api.OVERSEERS)
        async with room.door.database.reading() as tx:
            found = deliver.notices_wire(await store.notices(tx, room.home.code))
        return room.render(
            request,
            "notices.html",
            staff,
            notices=found,
            titles=TITLES,
            texts=TEXTS,
            dates=DATES,
            subjects=SUBJECTS,
            may_read_alerts=staff.role in respond.READERS,
            may_read_deliveries=staff.role in staff_api.ADMINISTRATOR,
            may_read_rules=staff.role in govern.READERS,
            **room.words(),
        )

    @router.get("/spanningen/afleveringen")
    async def deliveries(request: Request) -> Response:
        staff, office = room.who(request, staff_api.ADMINISTRATOR), room.office
        found = await room.door.done(
            lambda tx: deliver.log(
                tx, municipality=room.home.code, staff_member=staff, audit=office.audit, secret=office.roll.secret
            )
        )
        return room.render(request, "deliveries.html", staff, deliveries=found, **room.words())

    @router.post("/spanningen/afleveringen/{delivery_id}/herhaal")
    async def repeat(request: Request, delivery_id: str) -> Response:
        staff, now = room.who(request, staff_api.ADMINISTRATOR), room.door.clock.now()
        try:
            await room.door.done(
                lambda tx: deliver.again(delivery_id, tx, staff_member=staff, audit=room.office.audit, now=now)
            )
        except Conflict:
            return room.pages.redirect(request, "/spanningen/afleveringen", flash="conflict")
        return room.pages.redirect(request, "/spanningen/afleveringen", flash="repeated")


def _mutes(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen/stiltes")
    async def mutes(request: Request) -> Response:
        return await _mutes_page(room, request, room.who(request, staff_api.OVERSEERS))

    @router.post("/spanningen/stiltes")
    async def mute(request: Request) -> Response:
        staff, roll = room.who(request, staff_api.MUTERS), room.office.roll
        form = await read_form(request, FORM_BYTES)
        values = {name: form.first(name) for name in ("grond", "wijk", "van", "tot", "reden")}
        try:
            given = MuteIn.model_validate({name: value for name, value in values.items() if value})
            now, here = room.door.clock.now(), {"municipality": room.home.code}
            made = Mute(mute_id=roll.new_id(), by=staff.name, at=now, **{**given.model_dump(), **here})
            await room.door.done(
                lambda tx: govern.add_mute(
                    made,
                    tx,
                    known_grounds=frozenset(roll.grounds),
                    known_districts=frozenset(roll.districts(room.home.code)),
                    by=staff,
                    audit=room.office.audit,
                )
            )
        except (ValidationError, Rejected) as error:
            return await _mutes_page(room, request, staff, given=values, faults=faults_of(error))
        return room.pages.redirect(request, "/spanningen/stiltes", flash="muted")

    @router.post("/spanningen/stiltes/{mute_id}/opheffen")
    async def lift(request: Request, mute_id: str) -> Response:
        staff = room.who(request, staff_api.MUTERS)
        await room.door.done(lambda tx: govern.remove_mute(mute_id, tx, by=staff, audit=room.office.audit))
        return room.pages.redirect(request, "/spanningen/stiltes", flash="removed")


async def _mutes_page(
    room: Room,
    request: Request,
    staff: Staff,
    *,
    given: Mapping[str, Any] | None = None,
    faults: Sequence[FieldFault] = (),
) -> Response:
    async with room.door.database.reading() as tx:
        found = [govern.mute_wire(one) for one in await store.mutes(tx, room.home.code)]
    return room.render(
        request,
        "mutes.html",
        staff,
        status=400 if faults else 200,
        mutes=found,
        may_mute=staff.role in staff_api.MUTERS,
        grounds=[(code, label) for code, label, _ in choices("grounds")],
        districts=[(code.code, code.label.nl) for code in room.home.districts.in_order],
        given=given or {"grond": "", "wijk": "", "van": "", "tot": "", "reden": ""},
        faults=summary(faults),
        **room.words(),
    )
