# SPDX-License-Identifier: EUPL-1.2
"""Counts of cases by two properties at once, kept per span of days so that any period adds up from few of them.

Pure. Owns which pairs of properties are counted and how a case falls in them. A case with several grounds falls in
several cells of a sheet, never twice in the same one. Kinds and mass reports are kept apart in the key of a sheet, so
nothing here can add them together by accident.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import combinations
from typing import Final, Literal, NamedTuple

from services.stats import periods
from services.stats.facts import Facts

Basis = Literal["registered", "incident"]
Change = tuple[int, Facts]
Counts = dict[str, int]
SEPARATOR: Final = "|"  # cannot stand in a code: facts with such a code are refused

AXES: Final[Mapping[str, Callable[[Facts], tuple[str, ...]]]] = {
    "ground": lambda facts: facts.grounds,
    "subground": lambda facts: facts.subgrounds,
    "terrain": lambda facts: (facts.terrain,),
    "nature": lambda facts: (facts.nature,),
    "handling": lambda facts: facts.handling,
    "district": lambda facts: (facts.district,),
    "reporter_role": lambda facts: (facts.reporter_role,),
    "place": lambda facts: (place_code(facts.residency, facts.incident_place),),
    "source": lambda facts: (facts.source_ref,),
    "every": lambda _facts: ("case",),
}
_ASKED: Final = ("ground", "subground", "terrain", "nature", "handling", "district", "reporter_role")


def pair_of(one: str, other: str) -> str:
    """The name of the pair of two axes, whichever comes first."""
    first, second = sorted((one, other), key=list(AXES).index)
    return f"{first}{SEPARATOR}{second}"


def pair_with(axis: str) -> str:
    """A pair that holds this axis once per case: its partner has one code per case, so sums over it count cases.

    >>> pair_with("ground"), pair_with("nature")
    ('ground|nature', 'terrain|nature')
    """
    return pair_of(axis, "nature") if axis != "nature" else NATURES_PAIR


def axes_of(pair: str) -> tuple[str, str]:
    """The two axes of a pair, in the order in which a cell names their codes."""
    one, other = pair.split(SEPARATOR)
    return one, other


BASES: Final[tuple[Basis, ...]] = ("registered", "incident")
# One code of each per case, so the sum of either is the number of cases.
NATURES_PAIR: Final = pair_of("terrain", "nature")
SOURCES_PAIR: Final = pair_of("source", "every")
PAIRS: Final = (
    *(pair_of(one, other) for one, other in combinations(_ASKED, 2)),
    *(pair_of(axis, "place") for axis in _ASKED),
    SOURCES_PAIR,
)


def place_code(residency: str, incident_place: str) -> str:
    """Residency and place of the incident as one code: the column of the statutory form."""
    return f"{residency}/{incident_place}"


class SheetKey(NamedTuple):
    """What one sheet of counts is about. `kind` and `mass` (is it part of a mass report) are never mixed in a sheet."""

    municipality: str
    span: str
    basis: Basis
    pair: str
    kind: str
    mass: bool


Sheets = dict[SheetKey, Counts]


def tally(changes: Iterable[Change], *, pairs: Collection[str] = PAIRS, bases: Collection[Basis] = BASES) -> Sheets:
    """The sheets these changes add to; a case that leaves counts as -1. Cells that come out at 0 are left out."""
    asked = [(pair, *axes_of(pair)) for pair in pairs]
    readers = {axis: AXES[axis] for _, *both in asked for axis in both}
    daily: dict[tuple[str, str, Basis, str, bool], dict[str, dict[str, int]]] = {}
    spans: dict[str, tuple[str, ...]] = {}
    for sign, facts in changes:
        codes = {axis: read(facts) for axis, read in readers.items()}  # once per case: each is in several pairs
        falls_in = [
            (pair, [f"{a}{SEPARATOR}{b}" for a in codes[one] for b in codes[other]]) for pair, one, other in asked
        ]
        for basis, day in (("registered", facts.registered_on), ("incident", facts.incident_on)):
            if day is None or basis not in bases:
                continue
            text = day.isoformat()
            if text not in spans:
                spans[text] = periods.spans_of(day)
            key = (facts.municipality, text, basis, facts.kind, facts.mass_event is not None)
            sheets = daily.setdefault(key, defaultdict(lambda: defaultdict(int)))  # type: ignore[arg-type]  # basis is one of the two literals above
            for pair, cells in falls_in:
                counts = sheets[pair]
                for cell in cells:
                    counts[cell] += sign
    return _rolled_up(daily, spans)


def _rolled_up(
    daily: Mapping[tuple[str, str, Basis, str, bool], Mapping[str, Mapping[str, int]]],
    spans: Mapping[str, tuple[str, ...]],
) -> Sheets:
    sheets: Sheets = {}
    for (municipality, day, basis, kind, mass), pairs in daily.items():
        for pair, counts in pairs.items():
            for span in spans[day]:
                add(sheets.setdefault(SheetKey(municipality, span, basis, pair, kind, mass), {}), counts)
    return {key: counts for key, counts in sheets.items() if counts}


def add(counts: Counts, more: Mapping[str, int]) -> None:
    """Add counts to counts, in place; a cell that comes out at 0 is forgotten."""
    for cell, number in more.items():
        total = counts.get(cell, 0) + number
        if total:
            counts[cell] = total
        else:
            counts.pop(cell, None)


def summed(many: Iterable[Mapping[str, int]]) -> Counts:
    """The counts added up; a cell that comes out at 0 is left out."""
    counts: Counts = {}
    known = counts.get  # looked up once: this loop is most of the time of a long question
    for more in many:
        for cell, number in more.items():
            counts[cell] = known(cell, 0) + number
    return {cell: number for cell, number in counts.items() if number}
