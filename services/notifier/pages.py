# SPDX-License-Identifier: EUPL-1.2
"""The pages `/spanningen`.

Owns what stands on them and which form does what. Decides nothing: each form calls the verb the API calls, and a fault
comes back as a sentence above the form. Exact figures stand only on the bureau's own chart, and reading that is noted.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.numbers import format_percent
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notifier import alert_api, drawings, evaluate, govern, respond, sightings, staff_api
from services.notifier.alert_api import Door
from services.notifier.alerts import LEVELS, STEPS, VERDICTS
from services.notifier.messages import day
from services.notifier.respond import Desk
from services.notifier.schemas import CampaignIn, InterpretationIn
from services.notifier.staff_api import Office
from services.notifier.storage import staff as store
from shared.access import Role, Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.municipalities import Municipality
from shared.sign_in import navigation
from shared.vocabulary import load
from shared.web import FlashMessage, Form, Pages, read_form, validation_errors
from shared.web.charts import Point

FORM_BYTES: Final = 64 * 1024
MESSAGES: Final[Mapping[str, FlashMessage]] = {
    "interpreted": FlashMessage("ok", "Uw duiding is bewaard. U kunt haar een dag lang ongedaan maken."),
    "undone": FlashMessage("ok", "De duiding is ongedaan gemaakt."),
    "taken-back": FlashMessage("ok", "De attendering is ingetrokken. Wie haar kreeg, krijgt bericht."),
    "asked": FlashMessage("ok", "Uw abonnement is aangevraagd. De ontvanger krijgt een bericht om het te bevestigen."),
    "ended": FlashMessage("ok", "Het abonnement is opgezegd. Het adres is gewist."),
    "entered": FlashMessage("ok", "Bewaard. Vanaf de volgende blik wordt er rekening mee gehouden."),
    "removed": FlashMessage("ok", "Weggehaald."),
    "resumed": FlashMessage("ok", "Het abonnement loopt weer. Wat wachtte, gaat alsnog."),
    "muted": FlashMessage("ok", "De stilte is ingesteld."),
    "repeated": FlashMessage("ok", "Het bericht wordt opnieuw verzonden."),
    "rule-set": FlashMessage("ok", "De nieuwe regels gelden vanaf nu."),
    "conflict": FlashMessage("error", "Dat kon niet: er is net iets veranderd. Kijk opnieuw."),
}
STEP_LABELS: Final = {
    "signaleer": "Signaleer",
    "onderzoek": "Onderzoek",
    "delen-en-duiden": "Delen en duiden",
    "ontwikkel": "Ontwikkel",
    "pak-aan": "Pak aan",
    "vieren-en-verbeteren": "Vieren en verbeteren",
}
VERDICT_LABELS: Final = {
    "spanning": "Spanning: hier speelt iets",
    "ruis": "Ruis: toeval of andere manier van melden",
    "landelijk-nieuws": "Landelijk nieuws",
    "dubbel": "Dubbel: hetzelfde als een andere attendering",
    "onbekend": "Nog niet te zeggen",
}
STATUS_LABELS: Final = {"open": "Open", "geduid": "Geduid", "ingetrokken": "Ingetrokken", "verlopen": "Verlopen"}
ROLE_LABELS: Final = {Role.ADV: "meldpunt", Role.GEMEENTE: "gemeente", Role.NETWERK: "netwerk"}
LEVEL_LABELS: Final = {0: "Beeld", 1: "Aandacht", 2: "Duiding nodig", 3: "Oplopend"}


@dataclass(frozen=True, slots=True)
class Room:
    """What the pages share: who is signed in, how to render, how a form's faults come back."""

    door: Door
    desk: Desk
    office: Office
    pages: Pages

    def who(self, request: Request, roles: Sequence[Role] = respond.READERS) -> Staff:
        """The signed-in person, when the role is one of these. Raises: Unauthenticated, Forbidden."""
        return self.door.staff.require(request, roles)

    def render(
        self,
        request: Request,
        template: str,
        staff: Staff | None,
        *,
        status: int = 200,
        **more: Any,  # noqa: ANN401 - whatever a template shows
    ) -> Response:
        """The page, with the person's name and navigation."""
        name = staff.name if staff else ""
        return self.pages.render(
            request, template, status=status, navigation=navigation(staff), signed_in_as=name, **more
        )

    def words(self) -> dict[str, Any]:
        """How codes and dates read on every page."""
        labels = self.desk.labels
        return {
            "step_labels": STEP_LABELS,
            "verdict_labels": VERDICT_LABELS,
            "status_labels": STATUS_LABELS,
            "level_labels": LEVEL_LABELS,
            "levels": LEVELS,
            "ground_label": labels.ground,
            "terrain_label": labels.terrain,
            "district_label": labels.district,
            "role_labels": ROLE_LABELS,
            "day": lambda text: day(dt.date.fromisoformat(text[:10]), "nl"),
            "percent": lambda share: format_percent(share, locale="nl"),
        }

    @property
    def home(self) -> Municipality:
        """The municipality these pages are about."""
        return self.door.municipalities.default


def routes(room: Room) -> APIRouter:
    """The pages of alerts."""
    router = APIRouter(include_in_schema=False)
    _lists(router, room)
    _alert(router, room)
    return router


def faults_of(error: Rejected | ValidationError) -> list[FieldFault]:
    """The faults of a form, by pointer."""
    return error.errors if isinstance(error, Rejected) else validation_errors(error)


def summary(faults: Sequence[FieldFault]) -> list[tuple[str, str]]:
    """The faults as the summary above a form shows them: the id of a field, and a sentence."""
    return [(fault["pointer"].strip("/").split("/")[0] or "inhoud", fault["detail"]) for fault in faults]


def _lists(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen")
    async def overview(request: Request) -> Response:
        staff = room.who(request)
        found = await room.door.done(
            lambda tx: respond.listed(staff, tx, desk=room.desk, municipality=None, status=None)
        )
        alive = [one for one in found if one["status"] in {"open", "geduid"}]
        by_step = [(STEP_LABELS[step], [one for one in alive if one["stap"] == step]) for step in STEPS]
        ended = [one for one in found if one["status"] not in {"open", "geduid"}][:20]
        return room.render(
            request,
            "tensions.html",
            staff,
            by_step=by_step,
            alive=alive,
            ended=ended,
            may_read_rules=staff.role in govern.READERS,
            may_read_notices=staff.role in staff_api.OVERSEERS,
            **room.words(),
        )

    @router.get("/spanningen/kalender")
    async def calendar(request: Request) -> Response:
        return await _calendar_page(room, request, room.who(request))

    @router.post("/spanningen/kalender")
    async def enter(request: Request) -> Response:
        staff = room.who(request, staff_api.KEEPERS)
        form = await read_form(request, FORM_BYTES)
        values = {name: form.first(name) for name in ("soort", "naam", "van", "tot")} | {"gronden": form.all("gronden")}
        try:
            given = CampaignIn.model_validate(values)
            await room.door.done(
                lambda tx: govern.add_campaign(
                    given.kind,
                    given.label,
                    (given.start, given.end),
                    given.grounds,
                    tx,
                    municipality=room.home.code,
                    known_grounds=frozenset(room.office.roll.grounds),
                    by=staff,
                    audit=room.office.audit,
                    now=room.door.clock.now(),
                    new_id=room.office.roll.new_id,
                )
            )
        except (ValidationError, Rejected) as error:
            return await _calendar_page(room, request, staff, given=values, faults=faults_of(error))
        return room.pages.redirect(request, "/spanningen/kalender", flash="entered")

    @router.post("/spanningen/kalender/{campaign_id}/verwijderen")
    async def remove(request: Request, campaign_id: str) -> Response:
        staff = room.who(request, staff_api.KEEPERS)
        await room.door.done(lambda tx: govern.remove_campaign(campaign_id, tx, by=staff, audit=room.office.audit))
        return room.pages.redirect(request, "/spanningen/kalender", flash="removed")


async def _calendar_page(
    room: Room,
    request: Request,
    staff: Staff,
    *,
    given: Mapping[str, Any] | None = None,
    faults: Sequence[FieldFault] = (),
) -> Response:
    place = room.office.places[room.home.code]
    today = place.today(room.door.clock.now())
    coming = [
        one
        for one in place.calendar(today.year, today.year + 1)
        if today - dt.timedelta(days=30) <= one.end and one.start <= today + dt.timedelta(days=120)
    ]
    async with room.door.database.reading() as tx:
        entered = [govern.campaign_wire(one) for one in await store.campaigns(tx, room.home.code)]
    return room.render(
        request,
        "calendar.html",
        staff,
        status=400 if faults else 200,
        coming=[(one.label, day(one.start, "nl"), day(one.end, "nl"), one.expects_more) for one in coming],
        entered=entered,
        may_enter=staff.role in staff_api.KEEPERS,
        grounds=choices("grounds"),
        given=given or {"soort": "campagne", "naam": "", "van": "", "tot": "", "gronden": []},
        faults=summary(faults),
        **room.words(),
    )


def choices(name: str) -> list[tuple[str, str, str]]:
    """A code list as the boxes of a form."""
    return [(code.code, code.label.nl, "") for code in getattr(load(), name).in_order]


def number(text: str) -> float | int | str:
    """The number somebody typed, with a comma or a point; what is no number is left for the form to refuse."""
    plain = text.replace(",", ".").strip()
    try:
        return int(plain) if plain.isascii() and plain.isdigit() else float(plain)
    except ValueError:
        return text


def _alert(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen/{alert_id}")
    async def detail(request: Request, alert_id: str) -> Response:
        return await _alert_page(room, request, alert_id, room.who(request))

    @router.post("/spanningen/{alert_id}/duiding")
    async def interpret(request: Request, alert_id: str) -> Response:
        staff = room.who(request, respond.INTERPRETERS)
        form = await read_form(request, FORM_BYTES)
        values = {name: form.first(name) for name in ("stap", "oordeel", "tekst", "eigenaar", "vervaltOp", "niveau")}
        try:
            given = alert_api.interpretation(InterpretationIn.model_validate(_interpretation_values(form)))
            now = room.door.clock.now()
            await room.door.done(
                lambda tx: respond.interpret(given, tx, alert_id=alert_id, staff=staff, desk=room.desk, now=now)
            )
        except (ValidationError, Rejected) as error:
            return await _alert_page(room, request, alert_id, staff, given=values, faults=faults_of(error))
        except Conflict:
            return room.pages.redirect(request, f"/spanningen/{alert_id}", flash="conflict")
        return room.pages.redirect(request, f"/spanningen/{alert_id}", flash="interpreted")

    _buttons(router, room)


def _buttons(router: APIRouter, room: Room) -> None:
    def button(path: str, verb: Callable[..., Any], flash: str) -> None:
        @router.post(f"/spanningen/{{alert_id}}/{path}")
        async def press(request: Request, alert_id: str) -> Response:
            staff, now = room.who(request, respond.INTERPRETERS), room.door.clock.now()
            try:
                await room.door.done(lambda tx: verb(alert_id, tx, staff=staff, desk=room.desk, now=now))
            except Conflict:
                return room.pages.redirect(request, f"/spanningen/{alert_id}", flash="conflict")
            return room.pages.redirect(request, f"/spanningen/{alert_id}", flash=flash)

    button("herstel", respond.undo, "undone")
    button("intrekken", respond.take_back, "taken-back")


def _interpretation_values(form: Form) -> dict[str, Any]:
    """What the form says, without the fields that were left empty."""
    values: dict[str, Any] = {name: form.first(name) for name in ("stap", "oordeel", "tekst", "eigenaar")}
    values["bevatGeenPersoonsgegevens"] = form.first("bevatGeenPersoonsgegevens") == "ja"
    if form.first("niveau"):
        values["niveau"] = number(form.first("niveau"))
    if form.first("vervaltOp"):
        values["vervaltOp"] = f"{form.first('vervaltOp')}T12:00:00Z"
    return values


async def _alert_page(
    room: Room,
    request: Request,
    alert_id: str,
    staff: Staff,
    *,
    given: Mapping[str, str] | None = None,
    faults: Sequence[FieldFault] = (),
) -> Response:
    alert = await room.door.done(lambda tx: respond.read(alert_id, tx, staff=staff, desk=room.desk))
    exact = staff.role == Role.ADV
    weeks = await _weeks(room, alert) if exact else []
    steps = [step for step in STEPS[1:] if step != "pak-aan" or staff.role == Role.GEMEENTE]
    now = room.door.clock.now()
    return room.render(
        request,
        "tension.html",
        staff,
        status=400 if faults else 200,
        alert=alert,
        chart=drawings.of_weeks(weeks) if weeks else drawings.of_bands(alert),
        weeks=[(one.label, one.value, int(one.low or 0), int(one.high or 0)) for one in weeks],
        exact=exact,
        today=now.date().isoformat(),
        steps=[(step, STEP_LABELS[step]) for step in steps],
        verdicts=[(code, VERDICT_LABELS[code], "") for code in VERDICTS],
        may_interpret=staff.role in respond.INTERPRETERS and alert["status"] in {"open", "geduid"},
        may_undo=respond.may_undo(alert, staff, now),
        given={**_empty_interpretation(alert), **(given or {})},
        faults=summary(faults),
        step_names=list(STEP_LABELS.values()),
        step_number=STEPS.index(alert["stap"]) + 1,
        **room.words(),
    )


def _empty_interpretation(alert: Mapping[str, Any]) -> dict[str, str]:
    return {
        "stap": alert["voorstel"]["stap"],
        "oordeel": "onbekend",
        "tekst": "",
        "eigenaar": "",
        "vervaltOp": "",
        "niveau": "",
    }


async def _weeks(room: Room, alert: Mapping[str, Any]) -> list[Point]:
    """The weeks of this area beside what is usual, in exact figures: for the bureau alone."""
    place = room.office.places.get(alert["gemeente"])
    if place is None:
        return []
    async with room.door.database.reading() as tx:
        past = await evaluate.past_of(place, tx, today=place.today(room.door.clock.now()))
    return drawings.weeks(sightings.prepare(past).cases, alert)
