# SPDX-License-Identifier: EUPL-1.2
"""The pages `/spanningen`.

Owns what stands on them and which form does what. Decides nothing: each form calls the verb the API calls, and a fault
comes back as a sentence above the form. Exact figures stand only on the bureau's own chart, and reading that is noted.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from markupsafe import Markup
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notifier import alert_api, evaluate, govern, respond, sightings, staff_api
from services.notifier.alert_api import Door
from services.notifier.alerts import LEVELS, STEPS, VERDICTS
from services.notifier.messages import day
from services.notifier.respond import Desk
from services.notifier.schemas import CampaignIn, InterpretationIn, RuleIn, TrialIn
from services.notifier.series import Area
from services.notifier.staff_api import Office
from services.notifier.storage import staff as store
from shared.access import Role, Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.municipalities import Municipality
from shared.sign_in import navigation
from shared.vocabulary import load
from shared.web import FlashMessage, Form, Pages, read_form, validation_errors
from shared.web.charts import Bar, Point, bar_chart, line_chart

FORM_BYTES: Final = 64 * 1024
WEEKS_SHOWN: Final = 26
MESSAGES: Final[Mapping[str, FlashMessage]] = {
    "interpreted": FlashMessage("ok", "Uw duiding is bewaard."),
    "undone": FlashMessage("ok", "De duiding is ongedaan gemaakt."),
    "taken-back": FlashMessage("ok", "De attendering is ingetrokken. Wie haar kreeg, krijgt bericht."),
    "asked": FlashMessage("ok", "Uw abonnement is aangevraagd. De ontvanger krijgt een bericht om het te bevestigen."),
    "ended": FlashMessage("ok", "Het abonnement is opgezegd. Het adres is gewist."),
    "entered": FlashMessage("ok", "Bewaard. Vanaf de volgende blik wordt er rekening mee gehouden."),
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
            "day": lambda text: day(dt.date.fromisoformat(text[:10]), "nl"),
        }

    @property
    def home(self) -> Municipality:
        """The municipality these pages are about."""
        return self.door.municipalities.default


def routes(room: Room) -> APIRouter:
    """The pages of alerts."""
    router = APIRouter(include_in_schema=False)
    _lists(router, room)
    _workshop(router, room)
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
        may = staff.role in govern.READERS
        return room.render(
            request,
            "tensions.html",
            staff,
            by_step=by_step,
            alive=alive,
            ended=ended,
            may_read_rules=may,
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


def _workshop(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen/regels")
    async def rules(request: Request) -> Response:
        return await _rules_page(room, request, room.who(request, govern.READERS))

    @router.post("/spanningen/regels")
    async def change(request: Request) -> Response:
        staff = room.who(request, govern.SETTERS)
        form = await read_form(request, FORM_BYTES)
        names = ("valsAlarmPerJaar", "minsteSignalen", "minsteOrganisaties", "minsteDagen", "grootsteAandeel")
        values: dict[str, Any] = {name: number(form.first(name)) for name in names if form.first(name)}
        trying = form.first("doe") != "bewaar"
        try:
            if trying:
                trial = TrialIn.model_validate(values | {"weken": number(form.first("weken", "26"))})
                both = await staff_api.tried(
                    room.door, room.office, room.home.code, staff_api.values_of(trial), trial.weeks
                )
                return await _rules_page(room, request, staff, given=values, tried=both, weeks=trial.weeks)
            rule = RuleIn.model_validate(values | {"reden": form.first("reden")})
            await room.door.done(
                lambda tx: govern.set_rule(
                    staff_api.values_of(rule),
                    rule.reason,
                    tx,
                    municipality=room.home.code,
                    by=staff,
                    audit=room.office.audit,
                    now=room.door.clock.now(),
                    new_id=room.office.roll.new_id,
                )
            )
        except (ValidationError, Rejected) as error:
            return await _rules_page(room, request, staff, given=values, faults=faults_of(error))
        except Conflict:
            return room.pages.redirect(request, "/spanningen/regels", flash="conflict")
        return room.pages.redirect(request, "/spanningen/regels", flash="rule-set")


def number(text: str) -> float | int | str:
    """The number somebody typed, with a comma or a point; what is no number is left for the form to refuse."""
    plain = text.replace(",", ".").strip()
    try:
        return int(plain) if plain.isascii() and plain.isdigit() else float(plain)
    except ValueError:
        return text


async def _rules_page(
    room: Room,
    request: Request,
    staff: Staff,
    *,
    given: Mapping[str, Any] | None = None,
    faults: Sequence[FieldFault] = (),
    tried: tuple[list[dict[str, Any]], list[dict[str, Any]]] | None = None,
    weeks: int = 26,
) -> Response:
    past = await room.office.past(room.door, room.home.code)
    holds = govern.rule_wire(past.rule, past.detector.budget_per_year)
    async with room.door.database.reading() as tx:
        versions = [govern.version_wire(one) for one in await store.rules(tx, room.home.code)]
        scores = await govern.scores(tx, municipality=room.home.code)
    return room.render(
        request,
        "rules.html",
        staff,
        status=400 if faults else 200,
        holds=holds,
        given={**holds, **(given or {})},
        versions=versions,
        scores=scores,
        tried=tried,
        weeks=weeks,
        faults=summary(faults),
        may_set=staff.role in govern.SETTERS,
        **room.words(),
    )


def _alert(router: APIRouter, room: Room) -> None:
    @router.get("/spanningen/{alert_id}")
    async def detail(request: Request, alert_id: str) -> Response:
        return await _alert_page(room, request, alert_id, room.who(request))

    @router.post("/spanningen/{alert_id}/duiding")
    async def interpret(request: Request, alert_id: str) -> Response:
        staff = room.who(request, respond.INTERPRETERS)
        form = await read_form(request, FORM_BYTES)
        values = {name: form.first(name) for name in ("stap", "oordeel", "tekst", "eigenaar")}
        try:
            given = alert_api.interpretation(InterpretationIn.model_validate(values | _optional(form)))
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


def _optional(form: Form) -> dict[str, Any]:
    values: dict[str, Any] = {"bevatGeenPersoonsgegevens": form.first("bevatGeenPersoonsgegevens") == "ja"}
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
    drawn = await _series_chart(room, alert) if exact else _band_chart(alert)
    steps = [step for step in STEPS[1:] if step != "pak-aan" or staff.role == Role.GEMEENTE]
    standing = [said for said in alert["duidingen"] if said["ongedaanOp"] is None]
    return room.render(
        request,
        "tension.html",
        staff,
        status=400 if faults else 200,
        alert=alert,
        chart=drawn,
        exact=exact,
        steps=[(step, STEP_LABELS[step]) for step in steps],
        verdicts=[(code, VERDICT_LABELS[code], "") for code in VERDICTS],
        may_interpret=staff.role in respond.INTERPRETERS and alert["status"] in {"open", "geduid"},
        may_undo=bool(standing) and standing[-1]["door"] == staff.name,
        given=given or {"stap": alert["voorstel"]["stap"], "oordeel": "onbekend", "tekst": "", "eigenaar": ""},
        faults=summary(faults),
        step_names=list(STEP_LABELS.values()),
        step_number=STEPS.index(alert["stap"]) + 1,
        **room.words(),
    )


async def _series_chart(room: Room, alert: Mapping[str, Any]) -> Markup | None:
    """The weeks of this area beside what is usual, in exact figures: for the bureau alone."""
    place = room.office.places.get(alert["gemeente"])
    if place is None:
        return None
    async with room.door.database.reading() as tx:
        past = await evaluate.past_of(place, tx, today=place.today(room.door.clock.now()))
    cases = sightings.prepare(past).cases
    district = alert["gebied"]["code"] if alert["gebied"]["soort"] == "wijk" else None
    area = Area(alert["grond"], alert["terrein"], district)
    last = dt.date.fromisoformat(alert["periode"]["tot"])
    first_of_alert = dt.date.fromisoformat(alert["periode"]["van"])
    monday = last - dt.timedelta(days=last.weekday())
    points = []
    for back in range(WEEKS_SHOWN - 1, -1, -1):
        start = monday - dt.timedelta(weeks=back)
        end = start + dt.timedelta(days=6)
        usual = sightings.usual(cases, area, since=start, today=end)
        count = sum(start <= c.happened_on <= end and area.holds(c) for c in cases)
        marked = end >= first_of_alert
        points.append(Point(f"{start:%d-%m}", count, float(usual.low), float(usual.high), marked))
    return line_chart(
        points,
        title="Signalen per week",
        description="De lijn is het aantal, de band wat meestal binnenkomt. Grote punten horen bij de attendering.",
    )


def _band_chart(alert: Mapping[str, Any]) -> Markup | None:
    """What is usual beside what was seen, by the bands that were shown."""
    usual, seen = alert["verwacht"].split("-")[-1], alert["waargenomen"].split("-")[0]
    rows = [Bar("Meestal hoogstens", int(usual)), Bar("Nu minstens", int(seen))]
    return bar_chart(
        rows, title="Meestal en nu", description="Het aantal signalen dat meestal hoogstens binnenkomt, en nu."
    )
