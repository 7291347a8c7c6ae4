# SPDX-License-Identifier: EUPL-1.2
"""Answer a question for figures with what the asker may see.

Owns who sees what: the bureau sees exact counts and is written down for it; a named partner sees approved releases
only; whoever is not signed in sees open figures only. No exact count leaves stats in another way.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.stats import wga
from services.stats.figures import Answer, Method, Question, answered
from services.stats.storage import forms, ledger
from services.stats.wga import Schema
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.database import Transaction

Audience = Literal["partners", "open"]
PARTNERS: Final = frozenset({Role.GEMEENTE, Role.NETWERK, Role.RAAD})
METHOD: Final[Mapping[Audience, Method]] = {"partners": "onderdrukt", "open": "celsleutel"}
NOTHING_YET: Final[Mapping[Audience, str]] = {
    "partners": "Voor deze vraag is nog geen goedgekeurde publicatie. Alleen goedgekeurde cijfers worden getoond.",
    "open": "Voor deze vraag zijn nog geen open cijfers. Open cijfers komen uit goedgekeurde publicaties.",
}
Released = Callable[[Question, Audience, Transaction], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Counting:
    """What exact figures need. `order`: the codes of each dimension in a municipality; `forms`: all schemas."""

    audit: AuditLog
    order: Callable[[str], Mapping[str, Sequence[str]]]
    forms: tuple[Schema, ...] = ()


def audience_of(staff: Staff | None) -> Audience | None:
    """For whom an answer is made; None for the bureau itself, which sees exact counts."""
    if staff is not None and staff.role is Role.ADV:
        return None
    return "partners" if staff is not None and staff.role in PARTNERS else "open"


async def answer(
    question: Question, tx: Transaction, *, staff: Staff | None, counting: Counting, released: Released
) -> Answer:
    """What this person may know. An exact answer is written down in the same transaction."""
    audience = audience_of(staff)
    if staff is None or audience is not None:
        audience = audience or "open"
        return await released(question, audience, tx) or _nothing(question, audience)
    await counting.audit.append(
        tx, actor=staff.name, role=staff.role, action="exact-figures-read", facts=_asked(question)
    )
    return await exact(question, tx, counting=counting)


async def exact(question: Question, tx: Transaction, *, counting: Counting) -> Answer:
    """The true counts, for whoever the caller has checked."""
    sheets = await ledger.sheets(
        tx, question.municipality, wanted=question.wanted, basis=question.basis, kinds=question.kinds
    )
    final, revision = await _finality(question, tx, counting=counting)
    found = answered(question, sheets, order=counting.order(question.municipality))
    return replace(found, final=final, revision=revision)


async def _finality(question: Question, tx: Transaction, *, counting: Counting) -> tuple[bool, int]:
    """Whether these figures are settled, and in which revision of their years' forms.

    They are when the form of every year they touch is settled and still equals the figures, for kinds on that form.
    """
    years = question.period.years
    if question.basis != "registered":
        return False, 0
    settled = await forms.settled(tx, municipality=question.municipality, years=years)
    if len(settled) < len(years):
        return False, 0
    revision = max(filed.revision for filed in settled.values())
    for year, filed in settled.items():
        schema = next((one for one in counting.forms if one.schema == filed.schema), None)
        if schema is None or not set(question.kinds) <= set(schema.counted_kinds):
            return False, revision
        live = await forms.live(schema, tx, municipality=question.municipality, year=year, with_mass=True)
        if wga.as_wire(live) != filed.form:
            return False, revision
    return True, revision


def _nothing(question: Question, audience: Audience) -> Answer:
    return Answer(
        question=question,
        cells=(),
        total=None,
        method=METHOD[audience],
        explanation=NOTHING_YET[audience],
        source_band=None,
        rule_version="geen-publicatie",
    )


def _asked(question: Question) -> dict[str, object]:
    return {
        "municipality": question.municipality,
        "dimensions": list(question.dimensions),
        "kinds": list(question.kinds),
        "first": question.period.first.isoformat(),
        "last": question.period.last.isoformat(),
        "basis": question.basis,
        "with_mass": question.with_mass,
    }
