# SPDX-License-Identifier: EUPL-1.2
"""The statutory form of a year, made from counts by a schema that is data.

Pure. Owns what a schema may say and how counts fall on its rows and columns. A case whose column nobody knows is in no
column and becomes a question for a person: nothing is guessed.
Source: Wet gemeentelijke antidiscriminatievoorzieningen, art. 2-3; the annex that a schema names.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict

from services.stats import cells
from services.stats.cells import SEPARATOR, Sheets
from services.stats.facts import Facts
from shared.errors import NotFound

Values = dict[str, int]
ListName = Literal["grounds", "subgrounds", "terrains", "natures", "handling", "districts", "reporter_roles"]
AXIS_OF: Final[Mapping[str, str]] = {
    "grounds": "ground",
    "subgrounds": "subground",
    "terrains": "terrain",
    "natures": "nature",
    "handling": "handling",
    "districts": "district",
    "reporter_roles": "reporter_role",
}
TOTAL: Final = "totaal"
LOST: Final = "code-niet-op-formulier-"
UNKNOWN: Final = "onbekend"
UNDECIDED: Final = frozenset({UNKNOWN, "niet-van-toepassing"})
_STRICT: Final = ConfigDict(extra="forbid", str_min_length=1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the cases of this residency and place, or the sum of other columns."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    code: str
    label: str
    residency: str | None = None
    place: str | None = None
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the cases with one of these codes (its own when none are named), or the sum of other rows."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    code: str
    label: str
    codes: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[str, ...]:
        """The codes that count on this row."""
        return () if self.sum else self.codes or (self.code,)


@dataclass(frozen=True, slots=True)
class Section:
    """A block of rows over one code list; without a list it holds the number of cases alone."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    code: str
    label: str
    list: ListName | None
    multiple: bool
    missing_counts_as: str | None
    footnote: str | None
    rows: tuple[Row, ...]

    def row_of(self, code: str) -> str | None:
        """The row a code counts on; what is unknown and has no row of its own counts as missing."""
        found = next((row.code for row in self.rows if code in row.counts), None)
        return found or (self.missing_counts_as if code == UNKNOWN else None)


@dataclass(frozen=True, slots=True)
class Schema:
    """A version of the form, with the years it is for. `last_year` is None while it is in force."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    schema: str
    title: str
    law: str
    source: str
    first_year: int
    last_year: int | None
    counted_kinds: tuple[str, ...]
    due: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        """Raises: ValueError when the schema contradicts itself."""
        columns = [column.code for column in self.columns]
        _require(len(set(columns)) == len(columns), "a column code stands twice")
        _require(all(set(column.sum) < set(columns) for column in self.columns), "a column adds up unknown columns")
        for section in self.sections:
            rows = [row.code for row in section.rows]
            _require(len(set(rows)) == len(rows) and TOTAL not in rows, f"{section.code}: a row code stands twice")
            _require(all(set(row.sum) < set(rows) for row in section.rows), f"{section.code}: adds up unknown rows")
            _require((section.list is None) == (not section.rows), f"{section.code}: rows need a list")
            missing = section.missing_counts_as
            _require(missing is None or missing in rows, f"{section.code}: no row for what is missing")
            counted = [code for row in section.rows for code in row.counts]
            _require(len(set(counted)) == len(counted), f"{section.code}: a code counts on two rows")

    @property
    def one_code_per_row(self) -> bool:
        """Whether counts per code are enough: where codes share a row, a case with both must stand on it once."""
        several = (section for section in self.sections if section.multiple)
        return all(
            len(row.counts) <= 1 and (row.code != section.missing_counts_as or row.counts == (UNKNOWN,))
            for section in several
            for row in section.rows
        )

    def covers(self, year: int) -> bool:
        """Whether the form is for this year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def choose(schemas: tuple[Schema, ...], year: int, name: str | None = None) -> Schema:
    """The schema of this name, or the newest that is for the year. Raises: NotFound `no_form_for_year`."""
    fitting = [schema for schema in schemas if schema.schema == name] if name else []
    fitting = fitting if name else [schema for schema in schemas if schema.covers(year)]
    if not fitting or not fitting[-1].covers(year):
        raise NotFound("no_form_for_year")
    return fitting[-1]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a filled form, with a value per column."""

    code: str
    label: str
    values: Values


@dataclass(frozen=True, slots=True)
class Block:
    """A section of a filled form. `total` adds up its rows, and is the number of cases where there are none."""

    code: str
    label: str
    footnote: str | None
    lines: tuple[Line, ...]
    total: Values


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something a person must decide before these cases can stand on the form."""

    code: str
    text: str
    cases: int


@dataclass(frozen=True, slots=True)
class Form:
    """A filled form. `elsewhere` counts cases that belong on no form of this municipality, though all is known."""

    schema: Schema
    municipality: str
    year: int
    with_mass: bool
    blocks: tuple[Block, ...]
    questions: tuple[OpenQuestion, ...]
    elsewhere: int = field(default=0)


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion with a sentence
    if not holds:
        raise ValueError(otherwise)


@dataclass(slots=True)
class Tally:
    """Cases by place, and per section by row and place; `lost` are codes that stand on no row of the section."""

    places: Counter[str] = field(default_factory=Counter)
    rows: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    lost: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, section: Section, codes: Iterable[str], place: str, number: int = 1) -> None:
        """Count these codes of as many cases; a case stands on a row once, however many of its codes do."""
        found = [section.row_of(code) for code in codes]
        rows = self.rows.setdefault(section.code, Counter())
        for row in {row for row in found if row is not None}:
            rows[row, place] += number
        self.lost.setdefault(section.code, Counter())[place] += number * found.count(None)


def pairs_for(schema: Schema) -> tuple[str, ...]:
    """The pairs of axes a form is made from."""
    axes = {AXIS_OF[section.list] for section in schema.sections if section.list}
    return tuple(cells.pair_of(axis, "place") for axis in sorted(axes | {"nature"}))


def from_sheets(schema: Schema, sheets: Sheets, *, with_mass: bool) -> Tally:
    """The tally from the sheets of one year, by registration; only for a schema with `one_code_per_row`."""
    tally = Tally()
    sections = {cells.pair_of(AXIS_OF[one.list], "place"): one for one in schema.sections if one.list}
    for key, counts in sheets.items():
        if key.kind not in schema.counted_kinds or (key.mass and not with_mass):
            continue
        for cell, number in counts.items():
            code, place = cell.split(SEPARATOR)
            if key.pair == _NATURES:  # one nature per case: its sum is the number of cases
                tally.places[place] += number
            if key.pair in sections:
                tally.add(sections[key.pair], (code,), place, number)
    return tally


_NATURES: Final = cells.pair_of("nature", "place")


def from_facts(schema: Schema, facts: Iterable[Facts], *, with_mass: bool) -> Tally:
    """The tally from the cases of one year themselves, for any schema."""
    tally = Tally()
    for one in facts:
        if one.kind not in schema.counted_kinds or (one.mass_event is not None and not with_mass):
            continue
        place = cells.place_code(one.residency, one.incident_place)
        tally.places[place] += 1
        for section in schema.sections:
            if section.list:
                tally.add(section, cells.AXES[AXIS_OF[section.list]](one), place)
    return tally


def filled(schema: Schema, tally: Tally, *, municipality: str, year: int, with_mass: bool) -> Form:
    """The form that these counts make."""
    on_form = {column_place(column) for column in schema.columns if not column.sum}
    questions = _place_questions(tally.places, on_form)
    for section in schema.sections:
        lost = sum(number for place, number in tally.lost.get(section.code, {}).items() if place in on_form)
        if lost:
            text = f"Op welke regel van '{section.label}' hoort een code die niet op dit formulier staat?"
            questions.append(OpenQuestion(f"{LOST}{section.code}", text, lost))
    blocks = tuple(_block(schema, section, tally) for section in schema.sections)
    known = {place: n for place, n in tally.places.items() if not UNDECIDED & set(place.split("/"))}
    elsewhere = sum(number for place, number in known.items() if place not in on_form)
    return Form(schema, municipality, year, with_mass, blocks, tuple(questions), elsewhere)


def column_place(column: Column) -> str:
    """The place code of a column that counts cases itself."""
    return cells.place_code(column.residency or "", column.place or "")


def _block(schema: Schema, section: Section, tally: Tally) -> Block:
    if section.list is None:
        return Block(section.code, section.label, section.footnote, (), _valued(schema, lambda at: tally.places[at]))
    own = tally.rows.get(section.code, Counter())

    def values_of(rows: Collection[str]) -> Values:
        return _valued(schema, lambda place: sum(own[row, place] for row in rows))

    lines = tuple(Line(row.code, row.label, values_of(row.sum or (row.code,))) for row in section.rows)
    total = values_of([row.code for row in section.rows if not row.sum])
    return Block(section.code, section.label, section.footnote, lines, total)


def _valued(schema: Schema, count: Callable[[str], int]) -> Values:
    values: Values = {column.code: count(column_place(column)) for column in schema.columns if not column.sum}
    for column in schema.columns:
        if column.sum:
            values[column.code] = sum(values[code] for code in column.sum)
    return {column.code: values[column.code] for column in schema.columns}


_PLACE_QUESTIONS: Final = (
    ("inwonerschap-onbekend", 0, UNKNOWN, "Woont de melder in de gemeente?"),
    ("plaats-onbekend", 1, UNKNOWN, "Was het voorval in de gemeente?"),
    ("plaats-niet-van-toepassing", 1, "niet-van-toepassing", "Hoort dit voorval zonder plaats op het formulier?"),
)


def _place_questions(places: Mapping[str, int], on_form: Collection[str]) -> list[OpenQuestion]:
    asked = []
    for code, part, value, text in _PLACE_QUESTIONS:
        open_cases = sum(n for place, n in places.items() if place.split("/")[part] == value and place not in on_form)
        if open_cases:
            asked.append(OpenQuestion(code, text, open_cases))
    return asked


def faults(form: Form) -> list[str]:
    """What does not add up, by section and column; empty for a sound form.

    A single-valued section must add up to the number of cases, less those with an open question about its codes.
    """
    schema, found = form.schema, []
    cases = next((block.total for block in form.blocks if not block.lines), None)
    asked = {question.code for question in form.questions}
    for section, block in zip(schema.sections, form.blocks, strict=True):
        for line in (*block.lines, Line(TOTAL, "", block.total)):
            found += [
                f"{block.code}/{line.code}/{column.code}"
                for column in schema.columns
                if column.sum and line.values[column.code] != sum(line.values[code] for code in column.sum)
            ]
        single = section.list is not None and not section.multiple
        if single and cases != block.total and f"{LOST}{section.code}" not in asked:
            found.append(f"{block.code}/{TOTAL}")
    return found


def as_wire(form: Form) -> dict[str, Any]:
    """The form as it goes over the wire and is frozen."""
    return {
        "gemeente": form.municipality,
        "jaar": form.year,
        "schema": form.schema.schema,
        "titel": form.schema.title,
        "massameldingen": "met" if form.with_mass else "zonder",
        "secties": [
            {
                "code": block.code,
                "label": block.label,
                "rijen": [{"code": line.code, "label": line.label, **line.values} for line in block.lines],
                "totaal": block.total,
            }
            for block in form.blocks
        ],
        "vragen": [{"code": q.code, "vraag": q.text, "aantal": q.cases} for q in form.questions],
        "nietOpFormulier": form.elsewhere,
    }


def cells_of(wire: Mapping[str, Any]) -> dict[tuple[str, str, str], int]:
    """Every value of a form on the wire, by section, row and column."""
    found = {}
    for section in wire["secties"]:
        lines: Iterable[Mapping[str, Any]] = (*section["rijen"], {"code": TOTAL, **section["totaal"]})
        for line in lines:
            for column, value in line.items():
                if column not in {"code", "label"}:
                    found[section["code"], line["code"], column] = value
    return found


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """The values that differ between two forms on the wire, in the order of the later one."""
    if before is None:
        return []
    old, new = cells_of(before), cells_of(after)
    return [
        {"sectie": key[0], "code": key[1], "kolom": key[2], "was": old.get(key, 0), "wordt": new.get(key, 0)}
        for key in dict.fromkeys((*new, *old))
        if old.get(key, 0) != new.get(key, 0)
    ]
