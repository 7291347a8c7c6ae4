# SPDX-License-Identifier: EUPL-1.2
"""Conservation: every accepted signal is in exactly one place.

Pure. accepted = anonymised + quarantined + withdrawn + dead-lettered + in flight, proven from ids, not from counters:
the two sides are read one after the other while work goes on, so the sets say which signals moved in between.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What the anonymizer's database says, read in one snapshot."""

    handled: Set[str]
    dead: Set[str]
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Conservation:
    """Where every accepted signal is. `ok` is False when one is nowhere, or in two places, or came from nowhere."""

    ok: bool
    accepted: int
    anonymised: int
    quarantined: int
    withdrawn: int
    dead_lettered: int
    in_flight: int

    def as_wire(self) -> dict[str, bool | int]:
        """The fields as `check --json` prints them."""
        return {
            "ok": self.ok,
            "accepted": self.accepted,
            "anonymised": self.anonymised,
            "quarantined": self.quarantined,
            "withdrawn": self.withdrawn,
            "deadLettered": self.dead_lettered,
            "inFlight": self.in_flight,
        }


def conserve(*, before: Set[str], seen: Seen, after: Set[str], transported: Set[str]) -> Conservation:
    """Whether nothing was lost.

    `before` and `after`: ids accepted, read before and after `seen`. `transported`: ids in an outbox (read before
    `seen`) or held by the bus (read after it). A signal accepted in between and handled already counts as accepted.
    """
    reached = seen.handled | seen.dead
    accepted = before | (reached & after)
    in_flight = accepted - reached
    settled = sum(seen.states.values())
    whole = reached <= accepted and in_flight <= transported and settled == len(seen.handled - seen.dead)
    return Conservation(
        ok=whole,
        accepted=len(accepted),
        anonymised=seen.states.get("anonymised", 0) + seen.states.get("not-counted", 0),
        quarantined=seen.states.get("quarantined", 0),
        withdrawn=seen.states.get("withdrawn", 0),
        dead_lettered=len(seen.dead),
        in_flight=len(in_flight),
    )
