# SPDX-License-Identifier: EUPL-1.2
"""The page of the rules: which hold, how good they were, and trying others on past weeks before they are kept.

Owns what stands on it. Decides nothing: each button calls the verb the API calls.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notifier import govern, respond, staff_api
from services.notifier.pages import FORM_BYTES, Room, faults_of, number, summary
from services.notifier.schemas import RuleIn, TrialIn
from services.notifier.storage import staff as store
from shared.access import Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.web import read_form


def routes(room: Room) -> APIRouter:
    """The page."""
    router = APIRouter(include_in_schema=False)

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

    return router


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
        may_read_alerts=staff.role in respond.READERS,
        **room.words(),
    )
