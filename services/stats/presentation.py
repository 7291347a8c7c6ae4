# SPDX-License-Identifier: EUPL-1.2
"""Figures as people read them: names instead of codes, a table with rows and columns.

Pure. Owns the words for codes and periods on a page. A hidden count stays hidden: it is None here too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.stats.catalogues import SEVERAL, SEVERAL_LABEL
from services.stats.figures import Answer
from shared.vocabulary import CodeList, CodeLists

MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
DIMENSION_LABELS: Final[Mapping[str, str]] = {
    "grond": "Discriminatiegrond",
    "subgrond": "Nadere grond",
    "terrein": "Terrein",
    "aard": "Aard",
    "behandeling": "Behandeling",
    "wijk": "Wijk",
    "melderRol": "Wie meldde",
    "soort": "Soort",
    "maand": "Maand",
    "kwartaal": "Kwartaal",
}
Labels = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to show: its headings, and per row the name and the counts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    has_hidden: bool


def labels_of(codes: CodeLists, districts: CodeList) -> Labels:
    """The function that gives the name of a code in a dimension; a code nobody knows is its own name."""
    lists = {
        "grond": codes.grounds,
        "subgrond": codes.subgrounds,
        "terrein": codes.terrains,
        "aard": codes.natures,
        "behandeling": codes.handling,
        "wijk": districts,
        "melderRol": codes.reporter_roles,
        "soort": codes.kinds,
    }

    def label(dimension: str, code: str) -> str:
        found = lists.get(dimension)
        if found is not None:
            return found.label(code) if code in found else code
        return period_label(code)

    return label


def release_labels_of(codes: CodeLists, districts: CodeList) -> Labels:
    """The same, with the codes that only releases have."""
    named = labels_of(codes, districts)
    return lambda dimension, code: SEVERAL_LABEL if code == SEVERAL else named(dimension, code)


def period_label(code: str) -> str:
    """A month or quarter in words.

    >>> period_label("2026-03"), period_label("2026-K4")
    ('maart 2026', '4e kwartaal 2026')
    """
    year, _, part = code.partition("-")
    return f"{part[1:]}e kwartaal {year}" if part.startswith("K") else f"{MONTHS[int(part) - 1]} {year}"


def table_of(answer: Answer, labels: Labels, order: Mapping[str, Sequence[str]]) -> Table:
    """The answer as a table: one row per code of the first dimension, a column per code of the second.

    A cell that the answer leaves out is 0; a hidden cell is None. `order` lists codes by dimension.
    """
    hidden = any(number is None for _, number in answer.cells)
    first, *second = answer.question.dimensions
    if not second:
        rows = tuple((labels(first, codes[0]), number) for codes, number in answer.cells)
        return Table((DIMENSION_LABELS[first], "Aantal"), rows, hidden)
    found = {(codes[0], codes[1]): number for codes, number in answer.cells}
    ranks = {code: place for place, code in enumerate(order.get(second[0], ()))}
    across = sorted({column for _, column in found}, key=lambda code: (ranks.get(code, len(ranks)), code))
    matrix = tuple(
        (labels(first, row), *(found.get((row, column), 0) for column in across))
        for row in dict.fromkeys(row for row, _ in found)
    )
    return Table((DIMENSION_LABELS[first], *(labels(second[0], column) for column in across)), matrix, hidden)


def lines_of(answer: Answer, labels: Labels) -> list[list[str]]:
    """The answer as lines of a file: per cell the code and name of each dimension, and the count, empty when hidden.

    A name that a spreadsheet would take for a formula is made text.
    """
    dimensions = answer.question.dimensions
    lines = [[part for name in dimensions for part in (name, f"{name}Label")] + ["aantal"]]
    for codes, number in answer.cells:
        named = zip(dimensions, codes, strict=True)
        parts = [part for name, code in named for part in (code, as_text(labels(name, code)))]
        lines.append([*parts, "" if number is None else str(number)])
    return lines


def as_text(value: str) -> str:
    """The value, with a quote before what a spreadsheet would calculate.

    >>> as_text("=1+1"), as_text("Ras")
    ("'=1+1", 'Ras')
    """
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
