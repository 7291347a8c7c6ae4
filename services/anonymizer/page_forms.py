# SPDX-License-Identifier: EUPL-1.2
"""The form of `/beoordelen`: its fields, filled in, and the decision that comes back in it.

Owns the names of the fields. Holds no rule: what a decision may be is said by `judgements` and `coding`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.anonymizer import coding, documents, marking
from services.anonymizer.coding import Lists
from services.anonymizer.judgements import Judgement
from services.anonymizer.reviews import Content, Decision
from shared.errors import FieldFault, Rejected
from shared.vocabulary import CodeList
from shared.web import Form

WORDS_FIELD: Final = "weg-woord"
SPOT_FIELD: Final = "terug-"
TYPED: Final = ("besluit", "reden", "weg", "opmerking")
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
_STRETCH: Final = re.compile(r"(\d{1,6})-(\d{1,6})")
_SPOT: Final = re.compile(SPOT_FIELD + r"(\d{1,4})")


def judgement_of(form: Form, content: Content, lists: Lists) -> Judgement:
    """The decision a form holds; of the coding only what differs from what it was. Raises: Rejected."""
    given = form.first("besluit")
    if given not in {one.value for one in Decision}:
        raise Rejected("decision_invalid", errors=[{"pointer": "/besluit", "detail": "Kies wat u besluit."}])
    decision = Decision(given)
    seen = form.first("revisie")
    return Judgement(
        decision=decision,
        reason=form.first("reden") if decision is Decision.NOT_COUNTED else "",
        coding=_changed(form, content, lists) or None,
        marks=tuple(_marks(form, content)),
        put_back=tuple(typed_words(form).items()),
        note=form.first("opmerking")[: documents.NOTE_LIMIT],
        seen=int(seen) if seen.isascii() and seen.isdigit() else None,
    )


def chosen_words(form: Form) -> set[tuple[int, int]]:
    """The words that were ticked, as stretches of the text."""
    found = (_STRETCH.fullmatch(value) for value in form.all(WORDS_FIELD))
    return {(int(match[1]), int(match[2])) for match in found if match}


def typed_words(form: Form | None) -> dict[int, str]:
    """What was typed per placeholder to put back."""
    if form is None:
        return {}
    found = ((_SPOT.fullmatch(name), values) for name, values in form.fields.items())
    return {int(match[1]): values[0].strip() for match, values in found if match and values[0].strip()}


def typed(form: Form | None) -> dict[str, str]:
    """What was typed in the other fields."""
    return {name: form.first(name) if form else "" for name in TYPED}


def id_of(fault: FieldFault, judgement_words: Mapping[int, str]) -> str:
    """The id of the field on the page that a fault is about."""
    parts = [part for part in fault["pointer"].removeprefix("/codering").split("/") if part]
    if parts[:1] == ["terugzetten"] and len(parts) > 1:
        return f"{SPOT_FIELD}{list(judgement_words)[int(parts[1])]}"
    if parts[:1] == ["markeringen"]:
        return "weg"
    name = "-".join(part for part in parts if not part.isdigit())
    return name if name in {*(_field(one) for one in LABELS), *TYPED} else "besluit"


def fields(content: Content, lists: Lists, form: Form | None) -> Iterator[dict[str, Any]]:
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


def summary(content: Content, lists: Lists) -> Iterator[tuple[str, str]]:
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


def _marks(form: Form, content: Content) -> list[tuple[int, int]]:
    """Every place where a ticked word stands, or a stretch that was copied out of the text. Raises: Rejected."""
    text = content.text or ""
    words = {piece.start: piece.end for piece in marking.pieces(content.redacted) if piece.is_word}
    ticked = [(start, end) for start, end in chosen_words(form) if words.get(start) == end]
    return marking.everywhere(text, [*marking.joined(text, ticked), *_copied(form, text)])


def _copied(form: Form, text: str) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(form.first("weg").splitlines(), start=1):
        wanted = line.strip()
        if not wanted:
            continue
        start = text.find(wanted)
        if start < 0:
            detail = f"Regel {number} staat niet zo in de tekst. Kopieer het stuk precies."
            raise Rejected("decision_invalid", errors=[{"pointer": "/weg", "detail": detail}])
        yield start, start + len(wanted)


def _field(pointer: str) -> str:
    return pointer.strip("/").replace("/", "-")
