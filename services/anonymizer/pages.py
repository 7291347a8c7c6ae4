# SPDX-License-Identifier: EUPL-1.2
"""The pages under `/beoordelen`: the queue, one case with its text and coding, the decision, and on to the next case.

Owns nothing but the edge: forms in, pages out. What may be seen or decided is up to the same verbs as for the API.
"""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.anonymizer import documents, marking, page_forms, reviews
from services.anonymizer.api import BUREAU, OPEN_BY_STATUS, PAGE_SIZE, SENTENCES, Reviewing
from services.anonymizer.coding import Lists
from services.anonymizer.decide import decide, undo
from services.anonymizer.learned import KIND
from services.anonymizer.review import Opened, give_back, open_review, read_queue, take_next
from services.anonymizer.reviews import Decision
from shared.access import Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.sign_in import navigation
from shared.web import FlashMessage, Form, Pages, read_form

FORM_LIMIT_BYTES: Final = 256 * 1024
FIELDS_LIMIT: Final = 6_000  # one box per word of the longest text, and one field per placeholder
SPOTS_SHOWN: Final = 60
MESSAGES: Final = {
    "besloten": FlashMessage("ok", "Uw besluit is vastgelegd. De cijfers volgen vanzelf."),
    "herroepen": FlashMessage("ok", "Het besluit is herroepen. De zaak wacht weer op beoordeling."),
    "vrijgegeven": FlashMessage("ok", "U hebt de zaak teruggegeven. Een collega kan hem nu pakken."),
    "niets-vrij": FlashMessage("info", "Er is nu geen zaak vrij. Wat er nog staat, heeft een collega."),
}
DECISIONS: Final = (
    (Decision.AGREED.value, "Akkoord", "De codering klopt."),
    (Decision.CHANGED.value, "Aangepast", "Er moest iets anders: de codering of de tekst."),
    (Decision.AS_REPORT.value, "Wordt een melding", "Alleen bij een signaal. Telt als melding vanaf vandaag."),
    (Decision.NOT_COUNTED.value, "Telt niet mee", "Kies hieronder ook de reden."),
)
TAB_LABELS: Final = (("open", "Te beoordelen"), ("besloten", "Beoordeeld"))
KINDS: Final = {KIND: "door een collega weggehaald", marking.PUT_BACK: "teruggezet"}


def routes(reviewing: Reviewing, pages: Pages) -> APIRouter:
    """The routes under `/beoordelen`."""
    router = APIRouter(prefix="/beoordelen", include_in_schema=False)
    clock = reviewing.desk.clock

    @router.get("")
    async def queue_page(request: Request, status: str = "open", bladzijde: int = 1) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        shown, page = (status if status in dict(TAB_LABELS) else "open"), max(1, min(bladzijde, 10_000))
        queue = await reviewing.database.in_group(
            lambda tx: read_queue(
                tx, is_open=OPEN_BY_STATUS[shown], page=page, size=PAGE_SIZE, staff=staff, desk=reviewing.desk
            )
        )
        listed = [
            documents.as_listed(one, now=clock.now()) | {"canUndo": reviewing.bench.decided_today(one)}
            for one in queue.reviews
        ]
        return _render(
            pages, request, staff, "beoordelen.html", listed=listed, total=queue.total, shown=shown, tabs=TAB_LABELS,
            page=page, page_count=max(1, -(-queue.total // PAGE_SIZE)), me=staff.name, done=queue.done,
        )  # fmt: skip

    @router.post("/volgende")
    async def post_next(request: Request) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        return await _to_next(reviewing, pages, request, staff)

    @router.get("/{review_id}")
    async def review_page(request: Request, review_id: str, vorige: str = "") -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        return await _case_page(reviewing, pages, request, review_id, staff, previous=vorige)

    _deciding(router, reviewing, pages)
    return router


def _deciding(router: APIRouter, reviewing: Reviewing, pages: Pages) -> None:
    @router.post("/{review_id}/besluit")
    async def post_decision(request: Request, review_id: str) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        form = await read_form(request, FORM_LIMIT_BYTES, fields_limit=FIELDS_LIMIT)
        found = await _opened(reviewing, review_id, staff)
        try:
            judgement = page_forms.judgement_of(form, found.content, _lists(reviewing, found))
            await reviewing.database.in_group(
                lambda tx: decide(review_id, judgement, tx, staff=staff, bench=reviewing.bench)
            )
        except Rejected as rejection:
            return await _case_page(reviewing, pages, request, review_id, staff, form=form, faults=rejection.errors)
        except Conflict as conflict:
            told: list[FieldFault] = [{"pointer": "/besluit", "detail": SENTENCES[conflict.code]}]
            return await _case_page(
                reviewing, pages, request, review_id, staff, form=form, faults=told, status=409
            )  # fmt: skip
        return await _to_next(reviewing, pages, request, staff, decided=review_id)

    @router.post("/{review_id}/herroeping")
    async def post_undo(request: Request, review_id: str) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        await reviewing.database.in_group(lambda tx: undo(review_id, tx, staff=staff, bench=reviewing.bench))
        return pages.redirect(request, f"/beoordelen/{review_id}", flash="herroepen")

    @router.post("/{review_id}/vrijgave")
    async def post_release(request: Request, review_id: str) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        await reviewing.database.in_group(lambda tx: give_back(review_id, tx, staff=staff, desk=reviewing.desk))
        return pages.redirect(request, "/beoordelen", flash="vrijgegeven")


async def _to_next(
    reviewing: Reviewing, pages: Pages, request: Request, staff: Staff, *, decided: str = ""
) -> RedirectResponse:
    """On to the case that waits longest and nobody has; to the queue when there is none."""
    following = await reviewing.database.in_group(lambda tx: take_next(tx, staff=staff, desk=reviewing.desk))
    flash = "besloten" if decided else None
    if following is None:
        return pages.redirect(request, "/beoordelen", flash=flash or "niets-vrij")
    address = f"/beoordelen/{following}" + (f"?vorige={decided}" if decided else "")
    return pages.redirect(request, address, flash=flash)


async def _case_page(
    reviewing: Reviewing, pages: Pages, request: Request, review_id: str, staff: Staff, *, form: Form | None = None,
    faults: Sequence[FieldFault] = (), status: int | None = None, previous: str = "",
) -> Response:  # fmt: skip
    found = await _opened(reviewing, review_id, staff)
    content, lists = found.content, _lists(reviewing, found)
    words = page_forms.typed_words(form)
    told = [(page_forms.id_of(one, words), one["detail"]) for one in faults]
    pieces = list(marking.pieces(content.redacted))
    return _render(
        pages, request, staff, "beoordeling.html", status=status or (400 if faults else 200),
        review=documents.as_listed(found.review, now=reviewing.desk.clock.now()), reasons=reviews.NOT_COUNTED_REASONS,
        pieces=pieces, spots=[one for one in pieces if one.index is not None][:SPOTS_SHOWN], kinds=KINDS,
        words=words, ticked=page_forms.chosen_words(form) if form else set(),
        kept=reviewing.bench.kept_in(found.review.municipality), has_text=content.text is not None,
        taken_by=found.taken_by, fields=list(page_forms.fields(content, lists, form)), decisions=DECISIONS,
        note=content.note, revision=content.facts.revision, summary=list(page_forms.summary(content, lists)),
        typed=page_forms.typed(form), faults=told, fault=dict(told),
        can_undo=reviewing.bench.decided_today(found.review), previous=previous if _is_id(previous) else "",
        kind=lists.codes.kinds.label(content.facts.kind),
    )  # fmt: skip


async def _opened(reviewing: Reviewing, review_id: str, staff: Staff) -> Opened:
    return await reviewing.database.in_group(
        lambda tx: open_review(review_id, tx, staff=staff, desk=reviewing.desk)
    )  # fmt: skip


def _is_id(text: str) -> bool:
    """Whether a text from the address can be the id of a review; anything else is not repeated on the page."""
    return len(text) == 36 and set(text) <= set("0123456789abcdef-")


def _lists(reviewing: Reviewing, found: Opened) -> Lists:
    return reviewing.bench.lists[found.review.municipality]


def _render(
    pages: Pages, request: Request, staff: Staff, template: str, *, status: int = 200, **context: Any  # noqa: ANN401 - what the template names
) -> Response:  # fmt: skip
    return pages.render(
        request, template, status=status, navigation=navigation(staff), signed_in_as=staff.name, **context
    )
