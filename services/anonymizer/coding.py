# SPDX-License-Identifier: EUPL-1.2
"""The coding of a case as a reviewer sees and corrects it, in the words of the wire.

Pure. Owns which facts a person may correct, and the check of a correction against the code lists. Never changes what
identifies a case: its id, sender, record key, dates.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.contracts import SignalAnonymised
from shared.errors import FieldFault, Rejected
from shared.vocabulary import CodeList, CodeLists

UNKNOWN_CODE: Final = "Deze code staat niet in de codelijst."
TWICE: Final = "Een code staat er meer dan één keer in."
NONE: Final = "Kies er minstens één."
OTHER_KIND: Final = "De soort verandert alleen met het besluit als-melding."
NO_GROUND: Final = "Deze subgrond hoort niet bij een gekozen grond."


@dataclass(frozen=True, slots=True)
class Lists:
    """What a coding is held against: the code lists and the municipality's districts."""

    codes: CodeLists
    districts: CodeList

    @property
    def single(self) -> Mapping[str, tuple[str, CodeList]]:
        """For each pointer with one code: the fact and its list."""
        codes = self.codes
        return {
            "/soort": ("kind", codes.kinds),
            "/terrein": ("terrain", codes.terrains),
            "/aard": ("nature", codes.natures),
            "/melderRol": ("reporter_role", codes.reporter_roles),
            "/anonimiteit": ("anonymity", codes.anonymity),
            "/inwonerschap": ("residency", codes.residency),
            "/voorval/plaats": ("incident_place", codes.incident_places),
            "/voorval/wijk": ("district", self.districts),
        }

    @property
    def several(self) -> Mapping[str, tuple[str, CodeList]]:
        """For each pointer with any number of codes: the fact and its list."""
        codes = self.codes
        return {
            "/gronden": ("grounds", codes.grounds),
            "/subgronden": ("subgrounds", codes.subgrounds),
            "/behandeling": ("handling", codes.handling),
        }


def as_wire(facts: SignalAnonymised) -> dict[str, Any]:
    """The coding of a case, in the names a sender uses."""
    return {
        "soort": facts.kind,
        "gronden": list(facts.grounds),
        "subgronden": list(facts.subgrounds),
        "terrein": facts.terrain,
        "aard": facts.nature,
        "melderRol": facts.reporter_role,
        "anonimiteit": facts.anonymity,
        "inwonerschap": facts.residency,
        "behandeling": list(facts.handling),
        "voorval": {"plaats": facts.incident_place, "wijk": facts.district},
        "massamelding": facts.mass_event,
    }


def corrected(facts: SignalAnonymised, given: Mapping[str, Any], lists: Lists) -> SignalAnonymised:
    """The facts with what was given in place of what was there; what was not given stays.

    Shape: `given` has the names of `as_wire`, with values of the right type. Raises: Rejected `coding_invalid` with
    every fault and its pointer below `/codering`.
    """
    flat = dict(_flattened(given))
    changes: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for pointer, value in flat.items():
        if pointer == "/massamelding":
            changes["mass_event"] = value
        elif pointer in lists.single:
            name, codes = lists.single[pointer]
            changes[name] = value
            faults += [(pointer, UNKNOWN_CODE)] if value not in codes else []
        else:
            name, codes = lists.several[pointer]
            changes[name] = tuple(value)
            faults += _faults_of_several(pointer, value, codes)
    if changes.get("kind", facts.kind) != facts.kind:
        faults.append(("/soort", OTHER_KIND))
    after = facts.model_copy(update=changes)
    faults += [] if faults else _faults_together(after, lists)
    if faults:
        errors: list[FieldFault] = [{"pointer": f"/codering{where}", "detail": what} for where, what in faults]
        raise Rejected("coding_invalid", errors=errors)
    return after


def is_closed(facts: SignalAnonymised, lists: Lists, age_bands: CodeList) -> bool:
    """Whether every code of the facts stands in its list: only then may they travel."""
    return (
        all(getattr(facts, name) in codes for name, codes in lists.single.values())
        and all(one in codes for name, codes in lists.several.values() for one in getattr(facts, name))
        and facts.age_band in age_bands
    )


def _flattened(given: Mapping[str, Any], below: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{below}/{name}")
        else:
            yield f"{below}/{name}", value


def _faults_of_several(pointer: str, values: Sequence[str], codes: CodeList) -> Iterator[tuple[str, str]]:
    for index, value in enumerate(values):
        if value not in codes:
            yield f"{pointer}/{index}", UNKNOWN_CODE
    if len(set(values)) != len(values):
        yield pointer, TWICE
    if pointer == "/gronden" and not values:
        yield pointer, NONE


def _faults_together(after: SignalAnonymised, lists: Lists) -> list[tuple[str, str]]:
    """What is wrong between fields whose codes are all right."""
    parent = lists.codes.subgrounds.parent
    return [
        (f"/subgronden/{index}", NO_GROUND)
        for index, code in enumerate(after.subgrounds)
        if parent(code) not in after.grounds
    ]
