# SPDX-License-Identifier: EUPL-1.2
"""Tables as the protection sees them: dimensions of atoms, groups and a total, and the full cross of their nodes.

Owns the reading and checking of `sdc-instance-1` and the sums that hold in a table. Never decides what to hide, and
never builds anything before its size is known to be bearable.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shared.errors import Rejected

IntArray = npt.NDArray[np.int64]

MAX_CELLS: Final = 5_000  # cells of a whole cross: 15 x 15 x 15; far above a municipality's largest table
MAX_NODES: Final = 2_000  # nodes of one dimension
MAX_DIMENSIONS: Final = 6
MAX_COUNT: Final = 10**9  # below this, sums of a whole table stay exact in every solver
MAX_THRESHOLD: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What is promised: counts below `threshold` are hidden and stay `width` wide; whether zeros may be hidden."""

    threshold: int
    width: int
    zeros_public: bool

    def is_small(self, count: int) -> bool:
        """Whether a count may not be shown.

        >>> [Rules(5, 4, True).is_small(count) for count in (0, 1, 4, 5)]
        [False, True, True, False]
        """
        return 0 < count < self.threshold


@dataclass(frozen=True, slots=True)
class Dimension:
    """One classification: atoms that exclude each other, groups of them, and their total."""

    name: str
    total: str
    atoms: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    """Members as given: atoms or other groups."""
    under: Mapping[str, frozenset[str]]
    """The atoms under every node."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Atoms, then groups, then the total: the order of an axis."""
        return (*self.atoms, *self.groups, self.total)

    def sums(self) -> list[tuple[int, tuple[int, ...]]]:
        """Each node that is a sum with the nodes it is the sum of, as positions on the axis."""
        at = {node: position for position, node in enumerate(self.nodes)}
        found = [(group, self._parts(self.groups[group], self.under[group])) for group in self.groups]
        outermost = [g for g in self.groups if not any(self.under[g] < self.under[h] for h in self.groups)]
        in_groups = frozenset().union(*(self.under[g] for g in outermost))
        rest = [atom for atom in self.atoms if atom not in in_groups]
        found.append((self.total, self._parts([*outermost, *rest], frozenset(self.atoms))))
        return [(at[node], tuple(at[part] for part in parts)) for node, parts in found]

    def _parts(self, members: Sequence[str], whole: frozenset[str]) -> tuple[str, ...]:
        """The members when no atom stands under two of them, else the atoms themselves."""
        if sum(len(self.under[m]) for m in members) == len(whole):
            return tuple(members)
        return tuple(atom for atom in self.atoms if atom in whole)

    def as_document(self) -> dict[str, Any]:
        """The dimension as both file formats write it."""
        groups = {name: list(members) for name, members in self.groups.items()}
        return {"total": self.total, "atoms": list(self.atoms), "groups": groups}


@dataclass(frozen=True, slots=True)
class Instance:
    """One table to protect: true counts over the atoms, in the order of `dimensions`."""

    id: str
    dimensions: tuple[Dimension, ...]
    rules: Rules
    counts: IntArray


def cross_size(dimensions: Sequence[Dimension]) -> int:
    """How many cells the full cross of all nodes has."""
    return math.prod(len(dimension.nodes) for dimension in dimensions)


def full_cross(counts: IntArray, dimensions: Sequence[Dimension]) -> IntArray:
    """The count of every node combination, from the counts over the atoms.

    Shape: one axis per dimension, as long as its nodes.
    """
    cells = counts
    for axis, dimension in enumerate(dimensions):
        at = {atom: position for position, atom in enumerate(dimension.atoms)}
        membership = np.zeros((len(dimension.nodes), len(at)), dtype=np.int64)
        for row, node in enumerate(dimension.nodes):
            membership[row, [at[atom] for atom in dimension.under[node]]] = 1
        cells = np.moveaxis(np.tensordot(membership, cells, axes=(1, axis)), 0, axis)
    return np.ascontiguousarray(cells)


def sum_lines(dimensions: Sequence[Dimension]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every published sum of the cross: a flat cell index and those it is the sum of."""
    positions = np.arange(cross_size(dimensions)).reshape([len(d.nodes) for d in dimensions])
    for axis, dimension in enumerate(dimensions):
        along = np.moveaxis(positions, axis, 0).reshape(len(dimension.nodes), -1)
        for parent, parts in dimension.sums():
            for column in range(along.shape[1]):
                yield int(along[parent, column]), tuple(along[list(parts), column].tolist())


def aggregated(dimensions: Sequence[Dimension]) -> IntArray:
    """For each flat cell, how many of its dimensions stand at a group or the total: what hiding it costs above 1."""
    per_axis = [[0] * len(d.atoms) + [1] * (len(d.groups) + 1) for d in dimensions]
    return np.array([sum(levels) for levels in itertools.product(*per_axis)], dtype=np.int64)


def bad(pointer: str, detail: str) -> Rejected:
    """The error for input that cannot be meant, with where and what, and no value of it."""
    return Rejected("bad_table", errors=[{"pointer": pointer, "detail": detail}])


def parse_instance(document: object) -> Instance:
    """The instance in an `sdc-instance-1` document.

    Raises: Rejected, with a pointer to the first fault.
    """
    root = expect_object(document, "")
    if root.get("format") != "sdc-instance-1":
        raise bad("/format", "must be sdc-instance-1")
    dimensions = parse_dimensions(root.get("dimensions"))
    order = parse_order(root.get("dims"), dimensions, "/dims")
    if not order:
        raise bad("/dims", "must name at least one dimension")
    if set(order) != set(dimensions):
        raise bad("/dims", "must name every dimension")
    chosen = tuple(dimensions[name] for name in order)
    if cross_size(chosen) > MAX_CELLS:
        raise bad("/dimensions", f"the cross has more than {MAX_CELLS} cells")
    identity = root.get("id", "instance")
    if not isinstance(identity, str):
        raise bad("/id", "must be text")
    return Instance(identity, chosen, parse_rules(root.get("rules")), _parse_counts(root.get("counts"), chosen))


def parse_rules(document: object) -> Rules:
    """The rules of either format. Raises: Rejected."""
    rules = expect_object(document, "/rules")
    zeros = rules.get("zeros")
    if zeros not in ("public", "hideable"):
        raise bad("/rules/zeros", "must be public or hideable")
    threshold = whole(rules.get("threshold"), "/rules/threshold", least=2, most=MAX_THRESHOLD)
    width = whole(rules.get("width"), "/rules/width", least=1, most=MAX_THRESHOLD)
    return Rules(threshold, width, zeros == "public")


def parse_dimensions(document: object) -> dict[str, Dimension]:
    """The dimensions of either format, by name. Raises: Rejected."""
    named = expect_object(document, "/dimensions")
    if len(named) > MAX_DIMENSIONS:
        raise bad("/dimensions", f"more than {MAX_DIMENSIONS} dimensions")
    return {name: _parse_dimension(name, one, f"/dimensions/{_escape(name)}") for name, one in named.items()}


def parse_order(document: object, dimensions: Mapping[str, Dimension], pointer: str) -> tuple[str, ...]:
    """A list of names of dimensions, each once. Raises: Rejected."""
    names = texts(document, pointer)
    if any(name not in dimensions for name in names):
        raise bad(pointer, "names an unknown dimension")
    return names


def _parse_dimension(name: str, document: object, pointer: str) -> Dimension:
    fields = expect_object(document, pointer)
    total = fields.get("total")
    if not isinstance(total, str):
        raise bad(f"{pointer}/total", "must be text")
    atoms = texts(fields.get("atoms"), f"{pointer}/atoms")
    if not atoms:
        raise bad(f"{pointer}/atoms", "must name at least one atom")
    given = expect_object(fields.get("groups", {}), f"{pointer}/groups")
    if 1 + len(atoms) + len(given) > MAX_NODES:
        raise bad(pointer, f"more than {MAX_NODES} nodes")
    groups = {group: texts(members, f"{pointer}/groups/{_escape(group)}") for group, members in given.items()}
    if len({total, *atoms, *groups}) != 1 + len(atoms) + len(groups):
        raise bad(pointer, "the same name stands for two nodes")
    under = _atoms_under(atoms, groups, f"{pointer}/groups")
    return Dimension(name, total, atoms, groups, {**under, total: frozenset(atoms)})


def _atoms_under(atoms: Sequence[str], groups: Mapping[str, Sequence[str]], pointer: str) -> dict[str, frozenset[str]]:
    """The atoms under each atom and group; groups may hold groups, but not in a circle."""
    for group, members in groups.items():
        if not members:
            raise bad(f"{pointer}/{_escape(group)}", "has no members")
        if any(member not in groups and member not in atoms for member in members):
            raise bad(f"{pointer}/{_escape(group)}", "has an unknown member")
    under = {atom: frozenset((atom,)) for atom in atoms}
    waiting = dict(groups)
    while waiting:
        ready = [group for group, members in waiting.items() if all(member in under for member in members)]
        if not ready:
            raise bad(pointer, "the groups contain each other in a circle")
        for group in ready:
            under[group] = frozenset().union(*(under[member] for member in waiting.pop(group)))
    return under


def _parse_counts(document: object, dimensions: Sequence[Dimension]) -> IntArray:
    if not isinstance(document, list):
        raise bad("/counts", "must be a list")
    atoms = [{atom: position for position, atom in enumerate(d.atoms)} for d in dimensions]
    counts = np.zeros([len(d.atoms) for d in dimensions], dtype=np.int64)
    seen: set[tuple[int, ...]] = set()
    for index, entry in enumerate(document):
        pointer = f"/counts/{index}"
        fields = expect_object(entry, pointer)
        at = expect_object(fields.get("at"), f"{pointer}/at")
        if set(at) != {d.name for d in dimensions}:
            raise bad(f"{pointer}/at", "must name an atom of every dimension")
        places = [at[d.name] for d in dimensions]
        if any(not isinstance(place, str) or place not in known for place, known in zip(places, atoms, strict=True)):
            raise bad(f"{pointer}/at", "is not an atom")
        cell = tuple(known[place] for place, known in zip(places, atoms, strict=True))
        if cell in seen:
            raise bad(f"{pointer}/at", "stands in the list twice")
        seen.add(cell)
        counts[cell] = whole(fields.get("v"), f"{pointer}/v", least=0, most=MAX_COUNT)
    if counts.sum() > MAX_COUNT:
        raise bad("/counts", f"add up to more than {MAX_COUNT}")
    return counts


def expect_object(document: object, pointer: str) -> dict[str, Any]:
    """The document when it is a JSON object. Raises: Rejected."""
    if not isinstance(document, dict):
        raise bad(pointer, "must be an object")
    return document


def texts(document: object, pointer: str) -> tuple[str, ...]:
    """A list of different texts. Raises: Rejected."""
    if not isinstance(document, list) or any(not isinstance(item, str) for item in document):
        raise bad(pointer, "must be a list of texts")
    if len(document) > MAX_NODES or len(set(document)) != len(document):
        raise bad(pointer, f"must be at most {MAX_NODES} different texts")
    return tuple(document)


def whole(document: object, pointer: str, *, least: int, most: int) -> int:
    """A whole number within bounds; 3.0 counts as 3. Raises: Rejected."""
    if isinstance(document, float) and document.is_integer():
        document = int(document)
    if isinstance(document, bool) or not isinstance(document, int):
        raise bad(pointer, "must be a whole number")
    if not least <= document <= most:
        raise bad(pointer, f"must be at least {least} and at most {most}")
    return document


def _escape(token: str) -> str:
    """A name as a token of an RFC 6901 pointer."""
    return token.replace("~", "~0").replace("/", "~1")
