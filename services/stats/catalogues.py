# SPDX-License-Identifier: EUPL-1.2
"""Which tables a municipality releases, and where a case stands in them.

Pure. Owns the catalogue as data and the place of a case in it. Every dimension is a partition, so that tables add up
and can be protected exactly: a case with several grounds stands at `meerdere-gronden`, once. Kinds that are never
added together are different counts, each with tables of its own. Never counts and never hides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.stats.facts import Facts
from services.stats.tables import Dimension, Rules
from shared.errors import Conflict

TOTAL: Final = "totaal"
SEVERAL: Final = "meerdere-gronden"
SEVERAL_LABEL: Final = "Meerdere gronden"
Place = tuple[str, ...]
"""A node per dimension of the count, in its order."""

READERS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "grond": lambda facts: facts.grounds[0] if len(facts.grounds) == 1 else SEVERAL,
    "terrein": lambda facts: facts.terrain,
    "wijk": lambda facts: facts.district,
    "aard": lambda facts: facts.nature,
    "melderRol": lambda facts: facts.reporter_role,
    "soort": lambda facts: facts.kind,
}


@dataclass(frozen=True, slots=True)
class CountSpec:
    """One count: kinds that may be added together, and the tables that come out of it.

    `dominance`: a cell of which one source supplied at least this share is sensitive; None where one source sends all.
    """

    id: str
    label: str
    kinds: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]
    dominance: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions its tables use, each once."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table))

    def parts(self) -> list[tuple[tuple[str, ...], ...]]:
        """Its tables in groups that share no dimension: with the total public they say nothing of each other."""
        parts: list[list[tuple[str, ...]]] = []
        for table in self.tables:
            touching = [part for part in parts if any(set(table) & set(other) for other in part)]
            parts = [part for part in parts if part not in touching]
            parts.append([*(other for part in touching for other in part), table])
        return [tuple(part) for part in parts]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All counts a municipality releases, by which rules. `wait_days`: how long after its end a period is released."""

    threshold: int
    width: int
    wait_days: int
    counts: tuple[CountSpec, ...]
    version: str = ""

    @property
    def rules(self) -> Rules:
        """The rules of protection; a zero may always hide, so a hidden cell is never known to hold a case."""
        return Rules(self.threshold, self.width, zeros_public=False)

    def count(self, name: str) -> CountSpec | None:
        """The count of this id."""
        return next((one for one in self.counts if one.id == name), None)


def dimension(name: str, atoms: Sequence[str], groups: Mapping[str, tuple[str, ...]] | None = None) -> Dimension:
    """A dimension with its total; groups hold atoms alone."""
    groups = groups or {}
    under = {atom: frozenset((atom,)) for atom in atoms}
    under |= {group: frozenset(members) for group, members in groups.items()}
    return Dimension(name, TOTAL, tuple(atoms), groups, under | {TOTAL: frozenset(atoms)})


def dimensions_of(count: CountSpec, order: Mapping[str, Sequence[str]]) -> dict[str, Dimension]:
    """The dimensions of a count by name. `order` lists the codes of each dimension in the municipality."""
    made = {}
    for name in count.names:
        codes = count.kinds if name == "soort" else tuple(order[name])
        made[name] = dimension(name, (*codes, SEVERAL) if name == "grond" else codes)
    return made


def place_of(facts: Facts, dimensions: Mapping[str, Dimension]) -> Place:
    """Where a case stands. Raises: Conflict `code_not_in_list` for a code the lists no longer hold."""
    place = tuple(READERS[name](facts) for name in dimensions)
    if any(code not in one.atoms for code, one in zip(place, dimensions.values(), strict=True)):
        raise Conflict("code_not_in_list")
    return place
