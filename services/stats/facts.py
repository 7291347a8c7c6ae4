# SPDX-License-Identifier: EUPL-1.2
"""The coded facts of one case, and how a case changes when the next word about it arrives.

Pure. Owns which word about a case is the newer one: facts and retractions travel on separate topics and may arrive
twice, late and in any order, so only the revision decides. Never holds a text, a name or an exact day of an incident.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import orjson

from shared.contracts import SignalAnonymised
from shared.errors import Rejected

State = Literal["counted", "withdrawn", "not-counted"]
Entry = Literal["registered", "corrected", "kind-changed", "withdrawn", "not-counted"]

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LISTS: Final = ("grounds", "subgrounds", "handling")
_SINGLE: Final = ("terrain", "nature", "reporter_role", "anonymity", "residency", "incident_place", "district")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case. Units: `incident_week` is an ISO week `2026-W45`; `record_key` 0 <= n < 2**32."""

    municipality: str
    kind: str
    grounds: tuple[str, ...]
    subgrounds: tuple[str, ...]
    terrain: str
    nature: str
    handling: tuple[str, ...]
    reporter_role: str
    anonymity: str
    residency: str
    incident_place: str
    district: str
    incident_week: str | None
    registered_on: dt.date
    age_band: str
    mass_event: str | None
    source_ref: str
    record_key: int

    @property
    def incident_on(self) -> dt.date | None:
        """The Thursday of the incident's week: ISO 8601 counts a week in the year, so the month, of its Thursday."""
        if self.incident_week is None:
            return None
        year, week = self.incident_week.split("-W")
        return dt.date.fromisocalendar(int(year), int(week), 4)

    @classmethod
    def of(cls, event: SignalAnonymised) -> Self:
        """The facts an event brings, each code once.

        Raises: Rejected (permanent) `malformed_code` or `impossible_week`.
        """
        values: dict[str, Any] = {name: getattr(event, name) for name in cls.__slots__}
        values |= {name: tuple(sorted(set(values[name]))) for name in _LISTS}
        codes = [code for name in _LISTS for code in values[name]] + [values[name] for name in _SINGLE]
        if not all(_CODE.fullmatch(code) for code in codes):
            raise Rejected("malformed_code")
        facts = cls(**values)
        try:
            _ = facts.incident_on
        except ValueError:
            raise Rejected("impossible_week") from None
        return facts

    def to_json(self) -> str:
        """The facts as they are stored."""
        return orjson.dumps(self).decode()

    @classmethod
    def from_json(cls, stored: str) -> Self:
        """The facts as they were stored."""
        values = orjson.loads(stored)
        values |= {name: tuple(values[name]) for name in _LISTS}
        values["registered_on"] = dt.date.fromisoformat(values["registered_on"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Case:
    """The newest that is known of a case; one that does not count keeps no facts, only its revision."""

    case_id: str
    revision: int
    state: State
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class Step:
    """One effective change: the case after it, what the ledger calls it, and what leaves and enters the counts."""

    after: Case
    entry: Entry
    leaves: Facts | None
    enters: Facts | None


def advance(before: Case | None, after: Case) -> Step | None:
    """The step this word makes, or None when something newer is known already.

    At equal revisions a retraction wins, so that the outcome does not depend on the order of arrival.
    """
    if before is not None and _rank(after) <= _rank(before):
        return None
    leaves = before.facts if before else None
    return Step(after, _entry(leaves, after), leaves, after.facts)


def _rank(case: Case) -> tuple[int, bool]:
    return case.revision, case.state != "counted"


def _entry(leaves: Facts | None, after: Case) -> Entry:
    if after.state != "counted":
        return after.state
    if leaves is None:
        return "registered"
    return "corrected" if after.facts and leaves.kind == after.facts.kind else "kind-changed"
