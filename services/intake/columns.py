# SPDX-License-Identifier: EUPL-1.2
"""Which column of a file fills which field of a signal. Pure.

A header may be a Dutch label, the field's own name or an alias; spelling, case and punctuation are forgiven.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from pydantic import ConfigDict

SKIP: Final = "-"
REQUIRED: Final = frozenset({"/gronden", "/terrein"})
_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template. `codes` names the code list its values come from."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    field: str
    label: str
    help: str
    list: str | None = None
    many: bool = False
    date: bool = False
    registered: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """Where the value goes: `("voorval", "datum")`."""
        return _path(self.field)


@lru_cache
def _path(field: str) -> tuple[str, ...]:
    return tuple(field.split("/")[1:])


@dataclass(frozen=True, slots=True)
class Layout:
    """What a header row turned out to mean: for each place in a row its column, or None."""

    columns: tuple[Column | None, ...]
    headers: tuple[str, ...]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]

    def header_of(self, path: Sequence[str | int]) -> str:
        """The header of the column that filled this place, as it stands in the file."""
        names = [part for part in path if isinstance(part, str)]
        for column, header in zip(self.columns, self.headers, strict=True):
            if column is not None and list(column.path[: len(names)]) == names[: len(column.path)] and names:
                return header
        return ""


def has_required(headers: Sequence[str], columns: Sequence[Column], chosen: Mapping[str, str]) -> bool:
    """Whether these can be the headers: some column fills each field that a signal cannot do without."""
    present = {column.field for column in layout(headers, columns, chosen).columns if column is not None}
    return present >= REQUIRED


def header_key(header: str) -> str:
    """The header without what people spell differently.

    >>> header_key("  Discriminatie-grond(en): "), header_key("Privésfeer")
    ('discriminatiegronden', 'privesfeer')
    """
    plain = unicodedata.normalize("NFKD", header)
    return _NOT_ALPHANUMERIC.sub("", "".join(c for c in plain if not unicodedata.combining(c)).casefold())


def layout(headers: Sequence[str], columns: Sequence[Column], chosen: Mapping[str, str]) -> Layout:
    """What each header means. `chosen` gives a partner's own choices by header key: a field, or `-` to skip."""
    by_key: dict[str, Column] = {}
    for column in columns:
        for name in (column.label, column.path[-1], ".".join(column.path), *column.aliases):
            by_key.setdefault(header_key(name), column)
    by_field = {column.field: column for column in columns}
    found: list[Column | None] = []
    unknown, twice, used = [], [], set()
    for header in headers:
        key = header_key(header)
        wanted = chosen.get(key)
        match = by_field.get(wanted) if wanted is not None else by_key.get(key)
        if match is None and header.strip() and wanted != SKIP:
            unknown.append(header)
        if match is not None and match.field in used:
            twice.append(header)
            match = None
        if match is not None:
            used.add(match.field)
        found.append(match)
    return Layout(tuple(found), tuple(headers), tuple(unknown), tuple(twice))
