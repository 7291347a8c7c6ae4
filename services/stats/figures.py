# SPDX-License-Identifier: EUPL-1.2
"""A question for figures, and its answer with how it was counted.

Pure. Owns the dimensions by their Dutch names, what may be asked, and how sheets of counts become the cells of an
answer. Never adds kinds together unless the question names the kinds of the statutory form.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.stats import cells, periods
from services.stats.cells import SEPARATOR, Basis, Sheets
from services.stats.periods import Period
from shared.errors import FieldFault, Rejected

Method = Literal["exact", "onderdrukt", "celsleutel"]
RULE_VERSION: Final = "exact-1"  # goes up when the same cases would give other exact figures
WGA: Final = "wga"

AXIS_OF: Final[Mapping[str, str]] = {
    "grond": "ground",
    "subgrond": "subground",
    "terrein": "terrain",
    "aard": "nature",
    "behandeling": "handling",
    "wijk": "district",
    "melderRol": "reporter_role",
}
KIND: Final = "soort"
TIME: Final[Mapping[str, Callable[[str], str]]] = {"maand": periods.month_of, "kwartaal": periods.quarter_of}
DIMENSIONS: Final = (*AXIS_OF, KIND, *TIME)
MULTIPLE: Final = frozenset({"grond", "subgrond", "behandeling"})
PARAMETERS: Final = ("rijen", "kolommen", "van", "tot", "soort", "gemeente", "massameldingen", "datum")
SOURCE_BANDS: Final = ((0, "0"), (2, "1-2"), (4, "3-4"), (9, "5-9"), (19, "10-19"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: one or two dimensions, over which cases. `kinds` is what may be counted, together or apart."""

    dimensions: tuple[str, ...]
    period: Period
    basis: Basis
    kinds: tuple[str, ...]
    kind_asked: str | None
    municipality: str
    with_mass: bool

    @property
    def cell_pair(self) -> str:
        """The pair that holds the cells."""
        axes = [AXIS_OF[name] for name in self.dimensions if name in AXIS_OF]
        if len(axes) == 2:
            return cells.pair_of(*axes)
        return cells.pair_with(axes[0]) if axes else cells.NATURES_PAIR

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The pairs of axes the answer is made from, each with the spans that make up the period.

        The cells' own pair has spans no longer than its dimensions allow; that of the organisations, whose sum is also
        the number of cases, takes the longest.
        """
        longest = periods.cover(self.period)
        coarsest: periods.Level = "year"
        if "kwartaal" in self.dimensions:
            coarsest = "quarter"
        if "maand" in self.dimensions:
            coarsest = "month"
        spans = periods.cover(self.period, coarsest=coarsest)
        return {cells.SOURCES_PAIR: longest, self.cell_pair: spans}


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures with how they came about. A count of None is hidden; `source_band` says how many organisations sent."""

    question: Question
    cells: tuple[tuple[tuple[str, ...], int | None], ...]
    total: int | None
    method: Method
    explanation: str
    source_band: str | None
    rule_version: str
    final: bool = False
    revision: int = 0


def question_from(
    given: Sequence[tuple[str, str]],
    *,
    today: dt.date,
    municipality: str,
    kinds: Mapping[str, bool],
) -> Question:
    """The question that query parameters ask. `kinds` says of each kind whether it counts for the statutory form.

    Raises: Rejected `question_invalid` with every fault at once, by JSON pointer, without the values given.
    """
    values = dict(given)
    times = Counter(name for name, _ in given)
    faults = [_fault(_escaped(name), "Deze parameter bestaat niet.") for name in times if name not in PARAMETERS]
    faults += [_fault(name, "Geef deze parameter één keer.") for name in PARAMETERS if times[name] > 1]
    dimensions = _dimensions(values, faults)
    question = Question(
        dimensions=dimensions,
        period=_period(values, today, faults),
        basis=_basis(values, faults),
        kinds=_kinds(values, dimensions, kinds, faults),
        kind_asked=values.get("soort"),
        municipality=municipality,
        with_mass=_choice(values, "massameldingen", ("met", "zonder"), faults) != "zonder",
    )
    if faults:
        raise Rejected("question_invalid", errors=faults)
    return question


def _fault(name: str, detail: str) -> FieldFault:
    return {"pointer": f"/{name}", "detail": detail}


def _escaped(name: str) -> str:
    """A parameter's own name in a pointer; it is the caller's, so one that is no plain name is not repeated."""
    return name if name.isascii() and name.isalpha() and len(name) <= 30 else ""


def _dimensions(values: Mapping[str, str], faults: list[FieldFault]) -> tuple[str, ...]:
    known = f"Kies uit: {', '.join(DIMENSIONS)}."
    if "rijen" not in values:
        faults.append(_fault("rijen", f"Geef aan waarnaar u wilt uitsplitsen. {known}"))
    chosen = [(name, values[name]) for name in ("rijen", "kolommen") if name in values]
    for name, value in chosen:
        if value not in DIMENSIONS:
            faults.append(_fault(name, f"Deze dimensie bestaat niet. {known}"))
    if len(chosen) == 2 and chosen[0][1] == chosen[1][1]:
        faults.append(_fault("kolommen", "Kies voor kolommen een andere dimensie dan voor rijen."))
    return tuple(value for _, value in chosen)


def _period(values: Mapping[str, str], today: dt.date, faults: list[FieldFault]) -> Period:
    this_year = periods.calendar_year(today.year)
    if "van" not in values and "tot" not in values:
        return this_year
    days: dict[str, dt.date] = {}
    for name in ("van", "tot"):
        day = _date(values[name]) if name in values else None
        if day is not None:
            days[name] = day
        elif name in values:
            faults.append(_fault(name, "Schrijf een datum als jjjj-mm-dd, vanaf het jaar 1900."))
        else:
            faults.append(_fault(name, f"Geef ook {name}: een periode heeft een begin en een eind."))
    if len(days) < 2:
        return this_year
    first, last = days["van"], days["tot"]
    if first > last:
        faults.append(_fault("tot", "De laatste dag ligt vóór de eerste dag."))
    elif last.year - first.year >= periods.LONGEST_YEARS:
        faults.append(_fault("tot", f"Een periode is korter dan {periods.LONGEST_YEARS} jaar."))
    return Period(first, last)


def _date(text: str) -> dt.date | None:
    if len(text) != 10:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= periods.EARLIEST else None


def _basis(values: Mapping[str, str], faults: list[FieldFault]) -> Basis:
    chosen = _choice(values, "datum", ("registratie", "voorval"), faults)
    return "incident" if chosen == "voorval" else "registered"


def _choice(values: Mapping[str, str], name: str, options: tuple[str, ...], faults: list[FieldFault]) -> str:
    value = values.get(name, options[0])
    if value not in options:
        faults.append(_fault(name, f"Kies uit: {', '.join(options)}."))
    return value


def _kinds(
    values: Mapping[str, str], dimensions: tuple[str, ...], kinds: Mapping[str, bool], faults: list[FieldFault]
) -> tuple[str, ...]:
    options = f"Kies uit: {', '.join((*kinds, WGA))}."
    if "soort" not in values:
        if KIND not in dimensions:
            faults.append(_fault("soort", f"Kies een soort: soorten worden nooit bij elkaar opgeteld. {options}"))
        return tuple(kinds)
    if values["soort"] == WGA:
        return tuple(kind for kind, counts in kinds.items() if counts)
    if values["soort"] not in kinds:
        faults.append(_fault("soort", f"Deze soort bestaat niet. {options}"))
    return (values["soort"],)


def answered(question: Question, sheets: Sheets, *, order: Mapping[str, Sequence[str]]) -> Answer:
    """The exact answer from the sheets of the question's spans and pairs. `order` lists codes by dimension."""
    chosen = {
        key: counts
        for key, counts in sheets.items()
        if key.kind in question.kinds and (question.with_mass or not key.mass)
    }
    total = sum(sum(counts.values()) for key, counts in chosen.items() if key.pair == cells.SOURCES_PAIR)
    counted = _counted(question, chosen)
    found = [(codes, number) for codes, number in counted.items() if number]
    ranks = {name: {code: place for place, code in enumerate(codes)} for name, codes in order.items()}
    found.sort(
        key=lambda cell: [_rank(ranks, name, code) for name, code in zip(question.dimensions, cell[0], strict=True)]
    )
    return Answer(
        question=question,
        cells=tuple(found),
        total=total,
        method="exact",
        explanation=explanation(question),
        source_band=source_band(_sources(chosen)),
        rule_version=RULE_VERSION,
    )


def _counted(question: Question, chosen: Sheets) -> Counter[tuple[str, ...]]:
    """The count of each cell of the answer. Sheets are added up first, and each cell's name is taken apart once."""
    pair, dimensions = question.cell_pair, question.dimensions
    has_time, has_kind = any(name in TIME for name in dimensions), KIND in dimensions
    gathered: dict[tuple[str, str], list[cells.Counts]] = {}
    for key, counts in chosen.items():
        if key.pair == pair:
            gathered.setdefault((key.span if has_time else "", key.kind if has_kind else ""), []).append(counts)
    axes = cells.axes_of(pair)
    from_cell = [axes.index(AXIS_OF[name]) if name in AXIS_OF else None for name in dimensions]
    parts: dict[str, list[str]] = {}
    counted: Counter[tuple[str, ...]] = Counter()
    for (span, kind), many in gathered.items():
        outside = [kind if name == KIND else TIME[name](span) if name in TIME else "" for name in dimensions]
        for cell, number in cells.summed(many).items():
            part = parts.get(cell) or parts.setdefault(cell, cell.split(SEPARATOR))
            codes = (
                part[place] if place is not None else fixed for place, fixed in zip(from_cell, outside, strict=True)
            )
            counted[tuple(codes)] += number
    return counted


def _sources(chosen: Sheets) -> int:
    sent = cells.summed(counts for key, counts in chosen.items() if key.pair == cells.SOURCES_PAIR)
    place = cells.axes_of(cells.SOURCES_PAIR).index("source")
    return len({cell.split(SEPARATOR)[place] for cell in sent})


def _rank(ranks: Mapping[str, Mapping[str, int]], name: str, code: str) -> tuple[int, str]:
    return ranks.get(name, {}).get(code, len(ranks.get(name, {}))), code


def source_band(sources: int) -> str:
    """How many organisations, coarsely.

    >>> source_band(0), source_band(3), source_band(40)
    ('0', '3-4', '20 of meer')
    """
    return next((band for most, band in SOURCE_BANDS if sources <= most), "20 of meer")


def explanation(question: Question) -> str:
    """How the figures were counted, in plain Dutch."""
    if question.kind_asked == WGA:
        what = "Klachten en meldingen samen, zoals op het formulier van de Wga"
    elif question.kind_asked is None:
        what = "Alle soorten, elk apart"
    else:
        what = f"Alleen de soort {question.kind_asked}"
    by = (
        "de dag van registratie"
        if question.basis == "registered"
        else "de week van het voorval; een week hoort bij de maand en het jaar van zijn donderdag"
    )
    parts = [
        f"{what}.",
        f"Gekozen op {by}, van {question.period.first.isoformat()} tot en met {question.period.last.isoformat()}.",
        f"Massameldingen tellen {'mee' if question.with_mass else 'niet mee'}.",
        "Het totaal telt zaken.",
    ]
    if MULTIPLE & set(question.dimensions):
        parts.append("Een zaak kan bij meer codes horen of bij geen, dus de cellen tellen niet op tot het totaal.")
    return " ".join(parts)


def as_wire(answer: Answer) -> dict[str, Any]:
    """The answer as it goes over the wire."""
    question = answer.question
    hidden = any(number is None for _, number in answer.cells)
    return {
        "dimensies": list(question.dimensions),
        "cellen": [
            dict(zip(question.dimensions, codes, strict=True)) | {"aantal": number} for codes, number in answer.cells
        ],
        "totaal": answer.total,
        "methode": answer.method,
        "uitleg": answer.explanation,
        "status": "definitief" if answer.final else "voorlopig",
        "revisie": answer.revision,
        "hoeGeteld": {
            "gemeente": question.municipality,
            "van": question.period.first.isoformat(),
            "tot": question.period.last.isoformat(),
            "basis": "registratie" if question.basis == "registered" else "voorval",
            "soorten": list(question.kinds),
            "massameldingen": "met" if question.with_mass else "zonder",
            "organisaties": answer.source_band,
            "onderdrukt": hidden,
            "regelversie": answer.rule_version,
        },
    }
