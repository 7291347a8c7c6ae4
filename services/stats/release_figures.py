# SPDX-License-Identifier: EUPL-1.2
"""Answers from approved releases: printed figures for signed-in readers, open figures for everybody.

Pure. Owns which release answers a question. Gives what was printed, or the cell-key figure of what was frozen; never
another count, and never one that was computed from figures that were changed.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.stats import cell_key, periods
from services.stats.catalogues import SEVERAL, TOTAL, Catalogue, CountSpec, Place
from services.stats.figures import KIND, Answer, Method, Question, explanation, source_band
from services.stats.releases import FrozenCount, Release, has_open_figures

QUARTER: Final = "kwartaal"
ONE_PLACE: Final = "Wie meer gronden noemt, telt één keer mee bij `meerdere-gronden`."
HIDDEN_MEANS: Final = "Een leeg aantal tonen we niet, zodat niemand kan afleiden om wie het gaat."
NOISE_MEANS: Final = (
    "Open cijfers wijken hoogstens 5 af van het echte aantal, en 1 en 2 komen niet voor. Cellen tellen niet precies op."
)
RULE_VERSIONS: Final[Mapping[Method, str]] = {"onderdrukt": "onderdrukking-1", "celsleutel": "celsleutel-1"}
Codes = tuple[str, ...]
Cells = dict[Codes, int | None]


@dataclass(frozen=True, slots=True)
class _Source:
    """A count of one release that answers a question, with the kind asked for when the count holds more."""

    release: Release
    count: CountSpec
    kind: str | None


def from_releases(
    question: Question, approved: Sequence[Release], *, catalogue: Catalogue, method: Method
) -> Answer | None:
    """The answer these releases give; None when they hold none."""
    if question.basis != "registered" or not question.with_mass or "maand" in question.dimensions:
        return None
    chosen = _releases(question, approved, quarters_only=method == "celsleutel")
    sources = [source for release in chosen for source in _sources(question, release, catalogue)]
    if not sources:
        return None
    cells: Cells = {}
    fill = _open if method == "celsleutel" else _printed
    total = fill(question, sources, cells)
    return _answer(question, sources, cells, total, method)


def available(approved: Sequence[Release]) -> str:
    """A sentence that says for which periods there are figures."""
    listed = ", ".join(
        f"{one.period} ({one.days.first:%d-%m-%Y} tot en met {one.days.last:%d-%m-%Y})" for one in approved
    )
    return f"Er zijn goedgekeurde cijfers over: {listed}."


def _releases(question: Question, approved: Sequence[Release], *, quarters_only: bool) -> list[Release]:
    """The one release of exactly this period; else the quarters that may be told apart or added."""
    quarters = [
        one for one in approved
        if has_open_figures(one.period)
        and question.period.first <= one.days.first and one.days.last <= question.period.last
    ]  # fmt: skip
    if QUARTER in question.dimensions:
        return quarters
    if quarters_only:
        spans = periods.cover(question.period, coarsest="quarter")
        return quarters if {one.period for one in quarters} == set(spans) else []
    return [one for one in approved if one.days == question.period][:1]


def _sources(question: Question, release: Release, catalogue: Catalogue) -> Iterator[_Source]:
    for count in catalogue.counts:
        asked = [kind for kind in count.kinds if kind in question.kinds]
        if not asked or count.id not in release.printed:
            continue
        if KIND in question.dimensions:
            yield from (_Source(release, count, kind) for kind in asked)
        elif len(asked) == len(count.kinds) == len(question.kinds):
            yield _Source(release, count, None)
        elif len(asked) == len(question.kinds) == 1:
            yield _Source(release, count, asked[0])


def _names(question: Question) -> tuple[str, ...]:
    """The dimensions to look up, without those the source itself answers."""
    return tuple(name for name in question.dimensions if name not in (QUARTER, KIND))


def _has_table(source: _Source, names: Sequence[str]) -> bool:
    needed = {*names} | ({KIND} if source.kind and len(source.count.kinds) > 1 else set())
    return not needed or any(needed <= set(table) for table in source.count.tables)


def _is_dropped(source: _Source, names: Sequence[str]) -> bool:
    """Whether no open figures may come out of these dimensions, because their table could not be protected."""
    printed = source.release.printed[source.count.id]
    asked = {*names} | ({KIND} if source.kind and len(source.count.kinds) > 1 else set())
    return printed.has_dropped(asked) or (printed.withheld and not asked)


def _codes(question: Question, source: _Source, names: Sequence[str], found: Codes) -> Codes:
    known = dict(zip(names, found, strict=True)) | {QUARTER: source.release.period, KIND: source.kind or ""}
    return tuple(known[name] for name in question.dimensions)


def _printed(question: Question, sources: list[_Source], cells: Cells) -> int | None:
    totals: list[int | None] = []
    for source in sources:
        names = _names(question)
        if not _has_table(source, names):
            continue
        printed = source.release.printed[source.count.id]
        totals.append(printed.cells.get(_place(printed.names, source, {})))
        for place, number in printed.cells.items():
            at = dict(zip(printed.names, place, strict=True))
            codes = tuple(at[name] for name in names)
            if TOTAL not in codes and place == _place(printed.names, source, dict(zip(names, codes, strict=True))):
                cells[_codes(question, source, names, codes)] = number
    return None if not totals or None in totals else sum(number for number in totals if number is not None)


def _place(all_names: Sequence[str], source: _Source, at: Mapping[str, str]) -> Place:
    """A place with the rest at its total, and the kind where the count holds several."""
    kind = source.kind if len(source.count.kinds) > 1 else None
    return tuple((kind if name == KIND and kind else at.get(name)) or TOTAL for name in all_names)


def _open(question: Question, sources: list[_Source], cells: Cells) -> int | None:
    counts: Counter[Codes] = Counter()
    keys: Counter[Codes] = Counter()
    total, total_key, found = 0, 0, False
    for source in sources:
        names = _names(question)
        if not _has_table(source, names) or _is_dropped(source, names):
            continue
        found = True
        frozen = source.release.frozen[source.count.id]
        for codes, record_key in _members(frozen, source, names):
            cell = _codes(question, source, names, codes)
            counts[cell] += 1
            keys[cell] += record_key
            total, total_key = total + 1, total_key + record_key
    for cell, number in counts.items():
        shown = cell_key.perturb(number, keys[cell] % cell_key.KEYS)
        if shown:
            cells[cell] = shown
    return cell_key.perturb(total, total_key % cell_key.KEYS) if found else None


def _members(frozen: FrozenCount, source: _Source, names: Sequence[str]) -> Iterator[tuple[Codes, int]]:
    for member in frozen.members:
        at = dict(zip(frozen.names, member.place, strict=True))
        if source.kind is None or at.get(KIND, source.kind) == source.kind:
            yield tuple(at[name] for name in names), member.record_key


def _answer(question: Question, sources: Sequence[_Source], cells: Cells, total: int | None, method: Method) -> Answer:
    parts = [explanation(replace(question, dimensions=()))]
    parts.append(HIDDEN_MEANS if method == "onderdrukt" else NOISE_MEANS)
    if "grond" in question.dimensions:
        parts.append(ONE_PLACE)
    members = itertools.chain.from_iterable(one.release.frozen[one.count.id].members for one in sources)
    return Answer(
        question=question,
        cells=tuple(cells.items()),
        total=total if len({one.count.id for one in sources}) == 1 else None,
        method=method,
        explanation=" ".join(parts),
        source_band=source_band(len({member.source for member in members})) if method == "onderdrukt" else None,
        rule_version=RULE_VERSIONS[method],
        final=bool(cells),
        revision=max(one.release.revision for one in sources),
    )


def ordered(answer: Answer, order: Mapping[str, Sequence[str]]) -> Answer:
    """The answer with its cells in the official order of the codes."""
    ranks = {name: {code: place for place, code in enumerate([*codes, SEVERAL])} for name, codes in order.items()}

    def rank(cell: tuple[Codes, int | None]) -> list[tuple[int, str]]:
        named = zip(answer.question.dimensions, cell[0], strict=True)
        return [(ranks.get(name, {}).get(code, 0), code) for name, code in named]

    return replace(answer, cells=tuple(sorted(answer.cells, key=rank)))
