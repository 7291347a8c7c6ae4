# SPDX-License-Identifier: EUPL-1.2
"""The pages under `/beoordelen`: the queue, one case with its text and coding, the decision.

Owns nothing but the edge: forms in, pages out. What may be seen or decided is up to the same verbs as for the API.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.anonymizer import coding, documents, reviews
from services.anonymizer.api import BUREAU, OPEN_BY_STATUS, PAGE_SIZE, SENTENCES, Reviewing
from services.anonymizer.coding import Lists
from services.anonymizer.decide import decide, undo
from services.anonymizer.judgements import Judgement
from services.anonymizer.review import Opened, give_back, open_review, read_queue
from services.anonymizer.reviews import Content, Decision
from shared.access import Staff
from shared.errors import Conflict, FieldFault, Rejected
from shared.sign_in import navigation
from shared.vocabulary import CodeList
from shared.web import FlashMessage, Form, Pages, read_form

FORM_LIMIT_BYTES: Final = 64 * 1024
MESSAGES: Final = {
    "besloten": FlashMessage("ok", "Uw besluit is vastgelegd. De cijfers volgen vanzelf."),
    "herroepen": FlashMessage("ok", "Het besluit is herroepen. De zaak wacht weer op beoordeling."),
    "vrijgegeven": FlashMessage("ok", "U hebt de zaak teruggegeven. Een collega kan hem nu pakken."),
}
DECISIONS: Final = (
    (Decision.AGREED.value, "Akkoord", "De codering klopt."),
    (Decision.CHANGED.value, "Aangepast", "Er moest iets anders: de codering, of iets dat nog weg moest."),
    (Decision.AS_REPORT.value, "Wordt een melding", "Alleen bij een signaal. Telt als melding vanaf vandaag."),
    (Decision.NOT_COUNTED.value, "Telt niet mee", "Kies hieronder ook de reden."),
)
LABELS: Final[Mapping[str, str]] = {
    "/gronden": "Discriminatiegrond",
    "/subgronden": "Nadere aanduiding van de grond",
    "/terrein": "Terrein",
    "/aard": "Aard van het voorval",
    "/melderRol": "Rol van de melder",
    "/anonimiteit": "Anonimiteit",
    "/inwonerschap": "Woont in de gemeente",
    "/behandeling": "Behandeling",
    "/voorval/plaats": "Plaats van het voorval",
    "/voorval/wijk": "Wijk",
}
TAB_LABELS: Final = (("open", "Te beoordelen"), ("besloten", "Beoordeeld"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text as it is shown; `hidden` when something was taken out here."""

    text: str
    hidden: bool


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
        listed = [documents.as_listed(one, now=clock.now()) for one in queue.reviews]
        return _render(
            pages, request, staff, "beoordelen.html", listed=listed, total=queue.total, shown=shown, tabs=TAB_LABELS,
            page=page, page_count=max(1, -(-queue.total // PAGE_SIZE)), me=staff.name,
        )  # fmt: skip

    @router.get("/{review_id}")
    async def review_page(request: Request, review_id: str) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        return await _case_page(reviewing, pages, request, review_id, staff)

    @router.post("/{review_id}/besluit")
    async def post_decision(request: Request, review_id: str) -> Response:
        staff = reviewing.staff.require(request, BUREAU)
        form = await read_form(request, FORM_LIMIT_BYTES)
        found = await _opened(reviewing, review_id, staff)
        try:
            judgement = judgement_of(form, found.content, _lists(reviewing, found))
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
        return pages.redirect(request, "/beoordelen", flash="besloten")

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

    return router


def judgement_of(form: Form, content: Content, lists: Lists) -> Judgement:
    """The decision a form holds; of the coding only what differs from what it was. Raises: Rejected."""
    given = form.first("besluit")
    if given not in {one.value for one in Decision}:
        raise Rejected("decision_invalid", errors=[{"pointer": "/besluit", "detail": "Kies wat u besluit."}])
    decision = Decision(given)
    return Judgement(
        decision=decision,
        reason=form.first("reden") if decision is Decision.NOT_COUNTED else "",
        coding=_changed(form, content, lists) or None,
        marks=tuple(_marks(form, content)),
        note=form.first("opmerking")[: documents.NOTE_LIMIT],
    )


def _changed(form: Form, content: Content, lists: Lists) -> dict[str, Any]:
    before = content.facts
    changed: dict[str, Any] = {}
    for pointer, (name, _) in lists.single.items():
        value = form.first(_field(pointer))
        if pointer in LABELS and value and value != getattr(before, name):
            _put(changed, pointer, value)
    for pointer, (name, _) in lists.several.items():
        values = form.all(_field(pointer))
        if set(values) != set(getattr(before, name)):
            _put(changed, pointer, values)
    return changed


def _put(changed: dict[str, Any], pointer: str, value: object) -> None:
    *above, last = pointer.split("/")[1:]
    for name in above:
        changed = changed.setdefault(name, {})
    changed[last] = value


def _marks(form: Form, content: Content) -> Iterator[tuple[int, int]]:
    """Every place in the text where a stretch stands that the reviewer copied out of it. Raises: Rejected."""
    text = content.text or ""
    for number, line in enumerate(form.first("weg").splitlines(), start=1):
        wanted = line.strip()
        if not wanted:
            continue
        start = text.find(wanted)
        if start < 0:
            detail = f"Regel {number} staat niet zo in de tekst. Kopieer het stuk precies."
            raise Rejected("decision_invalid", errors=[{"pointer": "/weg", "detail": detail}])
        while start >= 0:
            yield start, start + len(wanted)
            start = text.find(wanted, start + len(wanted))


async def _case_page(
    reviewing: Reviewing, pages: Pages, request: Request, review_id: str, staff: Staff, *, form: Form | None = None,
    faults: Sequence[FieldFault] = (), status: int | None = None,
) -> Response:  # fmt: skip
    found = await _opened(reviewing, review_id, staff)
    now = reviewing.desk.clock.now()
    lists = _lists(reviewing, found)
    told = [(_id_of(one["pointer"]), one["detail"]) for one in faults]
    return _render(
        pages, request, staff, "beoordeling.html", status=status or (400 if faults else 200),
        review=documents.as_listed(found.review, now=now), reasons=reviews.NOT_COUNTED_REASONS.items(),
        stretches=list(stretches(found.content)), has_text=found.content.text is not None, taken_by=found.taken_by,
        fields=list(_fields(found.content, lists, form)), decisions=DECISIONS, note=found.content.note,
        summary=list(_summary(found.content, lists)), typed=_typed(form), faults=told, fault=dict(told),
        can_undo=reviewing.bench.decided_today(found.review),
        kind=lists.codes.kinds.label(found.content.facts.kind),
    )  # fmt: skip


async def _opened(reviewing: Reviewing, review_id: str, staff: Staff) -> Opened:
    return await reviewing.database.in_group(
        lambda tx: open_review(review_id, tx, staff=staff, desk=reviewing.desk)
    )  # fmt: skip


def stretches(content: Content) -> Iterator[Stretch]:
    """The text in pieces, those where something was taken out apart."""
    text, at = content.text or "", 0
    for start, end, _ in content.marks:
        yield Stretch(text[at:start], hidden=False)
        yield Stretch(text[start:end], hidden=True)
        at = end
    yield Stretch(text[at:], hidden=False)


def _fields(content: Content, lists: Lists, form: Form | None) -> Iterator[dict[str, Any]]:
    """The fields of the coding, filled with what was typed or else with what counts now."""
    wire = coding.as_wire(content.facts)
    wire |= {f"voorval/{name}": value for name, value in wire.pop("voorval").items()}
    for pointer, label in LABELS.items():
        name, several = _field(pointer), pointer in lists.several
        codes = (lists.several if several else lists.single)[pointer][1]
        now = wire[pointer.lstrip("/")]
        chosen: Any = now if form is None else (form.all(name) if several else form.first(name))
        yield {
            "name": name, "label": label, "several": several, "options": _options(codes, several=several),
            "value": chosen, "required": pointer == "/gronden",
        }  # fmt: skip


def _summary(content: Content, lists: Lists) -> Iterator[tuple[str, str]]:
    """The coding in words."""
    for pointer, label in LABELS.items():
        if pointer in lists.several:
            name, codes = lists.several[pointer]
            yield label, ", ".join(codes.label(code) for code in getattr(content.facts, name)) or "-"
        else:
            name, codes = lists.single[pointer]
            yield label, codes.label(getattr(content.facts, name))


def _options(codes: CodeList, *, several: bool) -> list[tuple[str, ...]]:
    labels = [(code.code, codes.label(code.code)) for code in codes.in_order]
    return [(*one, "") for one in labels] if several else [*labels]


def _typed(form: Form | None) -> dict[str, str]:
    return {name: form.first(name) if form else "" for name in ("besluit", "reden", "weg", "opmerking")}


def _field(pointer: str) -> str:
    return pointer.strip("/").replace("/", "-")


def _id_of(pointer: str) -> str:
    """The id of the field on the page that a fault is about."""
    parts = [part for part in pointer.removeprefix("/codering").split("/") if part and not part.isdigit()]
    known = {_field(one) for one in LABELS} | {"besluit", "reden", "weg", "opmerking"}
    name = "-".join(parts)
    return "weg" if name == "markeringen" else name if name in known else "besluit"


def _lists(reviewing: Reviewing, found: Opened) -> Lists:
    return reviewing.bench.lists[found.review.municipality]


def _render(
    pages: Pages, request: Request, staff: Staff, template: str, *, status: int = 200, **context: Any  # noqa: ANN401 - what the template names
) -> Response:  # fmt: skip
    return pages.render(
        request, template, status=status, navigation=navigation(staff), signed_in_as=staff.name, **context
    )
