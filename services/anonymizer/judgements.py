# SPDX-License-Identifier: EUPL-1.2
"""What a reviewer decided, and whether it fits itself and the text. Pure: knows no table, no clock and no key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.anonymizer import reviews
from services.anonymizer.marking import Stretch, overlaps
from services.anonymizer.reviews import Content, Decision
from shared.errors import FieldFault, Rejected

MARKS_LIMIT: Final = 200
PUT_BACK_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer decided.

    Units: `marks` are stretches of the redacted text in code points; `put_back` gives placeholders, counted from 0 as
    they stand in the text, with the word that belongs there; `seen` is the revision that was looked at.
    """

    decision: Decision
    reason: str = ""
    coding: Mapping[str, Any] | None = None
    marks: tuple[Stretch, ...] = ()
    put_back: tuple[tuple[int, str], ...] = ()
    note: str = ""
    seen: int | None = None


def check(judgement: Judgement, content: Content, find: Callable[[str], str | None]) -> None:
    """Raises: Rejected `decision_invalid` with every fault of a decision that does not fit itself or the text."""
    faults = [
        *_faults_of_reason(judgement), *_faults_of_change(judgement), *_faults_of_marks(judgement, content),
        *_faults_of_words(judgement, content, find),
    ]  # fmt: skip
    if faults:
        raise Rejected("decision_invalid", errors=faults)


def _faults_of_reason(judgement: Judgement) -> list[FieldFault]:
    if judgement.decision is Decision.NOT_COUNTED and judgement.reason not in reviews.NOT_COUNTED_REASONS:
        return [{"pointer": "/reden", "detail": f"Kies uit: {', '.join(reviews.NOT_COUNTED_REASONS)}."}]
    return []


def _faults_of_change(judgement: Judgement) -> list[FieldFault]:
    changes = judgement.decision in {Decision.CHANGED, Decision.AS_REPORT}
    if judgement.coding and not changes:
        return [{"pointer": "/codering", "detail": "De codering verandert alleen met aangepast of als-melding."}]
    said = judgement.coding or judgement.marks or judgement.put_back or judgement.note
    if judgement.decision is Decision.CHANGED and not said:
        return [{"pointer": "/codering", "detail": "Zeg wat er anders moet: codering, tekst of opmerking."}]
    return []


def _faults_of_marks(judgement: Judgement, content: Content) -> list[FieldFault]:
    if len(judgement.marks) > MARKS_LIMIT:
        return [{"pointer": "/markeringen", "detail": f"Kies ten hoogste {MARKS_LIMIT} stukken."}]
    length = len(content.text or "")
    return [
        {"pointer": f"/markeringen/{index}", "detail": f"Kies een stuk van de tekst, van 0 tot en met {length}."}
        for index, (start, end) in enumerate(judgement.marks)
        if not 0 <= start < end <= length
    ]


def _faults_of_words(judgement: Judgement, content: Content, find: Callable[[str], str | None]) -> list[FieldFault]:
    faults: list[FieldFault] = []
    seen: set[int] = set()
    for number, (index, word) in enumerate(judgement.put_back):
        where = f"/terugzetten/{number}"
        if not 0 <= index < len(content.marks) or index in seen:
            faults.append(
                {"pointer": f"{where}/plek", "detail": "Kies een plek die is weggehaald, elke plek één keer."}
            )
        elif overlaps(content.marks[index][:2], judgement.marks):
            faults.append(
                {"pointer": f"{where}/plek", "detail": "Op deze plek haalt u ook iets weg. Kies één van beide."}
            )
        if find(word) is None:
            faults.append({"pointer": f"{where}/woord", "detail": "Kies een woord uit de lijst."})
        seen.add(index)
    return faults
