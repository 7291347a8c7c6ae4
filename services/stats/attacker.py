# SPDX-License-Identifier: EUPL-1.2
"""What follows from a published set: the gate before every release, and a tool for anyone.

Owns the attack: every cell, and every increment between releases that only add cases, is bounded by integer programs
over all that is printed. Shares no code with the protector: its own reading, its own matrix (over the leaves of the
whole cross), its own solver calls. Never sees a true count, so it says what follows from the print alone.

What it cannot decide in its time counts as disclosed: a gate that is unsure stays shut.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from services.stats.attacker_reading import Place, Reading
from services.stats.attacker_worlds import ROUNDING, Ints, Worlds

Kind = Literal["shown", "exact", "narrow", "increment", "undecided"]

MOST_SAMPLES: Final = 60  # worlds that move many cells; most are seen wide in a few, before any is looked at alone
IDLE_SAMPLES: Final = 4  # stop when this many in a row showed little
WORTH_SAMPLING: Final = 8  # fewer cells than this are looked at one by one
MOST_AT_ONCE: Final = 300
SAMPLE_SECONDS: Final = 20.0
ONE_SOLVE_SECONDS: Final = 120.0  # a fuse by the clock on the wall: a busy machine must not make the attacker unsure


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that follows, though it must not."""

    kind: Kind
    release: str
    at: dict[str, str]
    low: int
    high: int
    since: str | None = None
    """For an increment: the earlier release."""

    @property
    def line(self) -> str:
        """The finding as a line of text."""
        where = ", ".join(f"{name}={node}" for name, node in self.at.items()) or "the total"
        span = f"is {self.low}" if self.low == self.high else f"lies between {self.low} and {self.high}"
        since = f", added since {self.since}" if self.since else ""
        return f"{self.kind}: {self.release}: {where}{since}: {span}"

    def as_document(self) -> dict[str, Any]:
        """The finding for a program."""
        earlier = {"since": self.since} if self.since else {}
        return {"kind": self.kind, "release": self.release, "at": self.at, "lo": self.low, "hi": self.high, **earlier}


@dataclass(slots=True)
class _Target:
    """A number that must stay uncertain: what it is the sum of, and between what it was seen to lie."""

    release: int
    place: Place
    plus: Ints
    minus: Ints
    since: int | None
    low: float = np.inf
    high: float = -np.inf

    def see(self, value: float) -> None:
        """Take what it is in a possible world into account."""
        self.low, self.high = min(self.low, value), max(self.high, value)


class _Watch:
    """All targets at once, so that every world found for one of them also settles others."""

    def __init__(self, targets: list[_Target], worlds: Worlds) -> None:
        self._targets = targets
        self._sums = worlds.rows_of([(target.plus, target.minus) for target in targets])

    def see(self, world: Ints | None) -> None:
        """Let every target see a possible world."""
        if world is not None:
            for target, value in zip(self._targets, (self._sums @ world).tolist(), strict=True):
                target.see(value)


def attack(reading: Reading, *, seconds: float, elapsed: Callable[[], float]) -> list[Finding]:
    """Everything that follows from what is printed though it must not; empty for a protected set.

    A cell is disclosed when its interval is narrower than the promised width and a small count lies in it; an
    increment when it is surely a small count.

    Raises: Contradiction when no counts fit the print; Unreadable when the set is too large to attack.
    """
    worlds = Worlds(reading)
    targets = [*_cells(reading, worlds), *_increments(reading, worlds)]
    watch = _Watch(targets, worlds)
    _sample(reading, worlds, targets, watch, lambda: seconds - elapsed())
    found = []
    for target in targets:
        kind = _judge(reading, worlds, target, watch, lambda: seconds - elapsed())
        if kind is not None:
            found.append(_finding(reading, target, kind))
    return found


def _cells(reading: Reading, worlds: Worlds) -> Iterator[_Target]:
    """Every cell of every release but those that are printed and not small."""
    nothing = np.zeros(0, dtype=np.int64)
    for number, snapshot in enumerate(reading.snapshots):
        for place, (low, high) in snapshot.bounds.items():
            leaves = worlds.leaves(number, place)
            if low < reading.threshold and high != 0 and not worlds.has_free(leaves):
                yield _Target(number, place, leaves, nothing, None)


def _increments(reading: Reading, worlds: Worlds) -> Iterator[_Target]:
    """Where releases only add cases: what each cell gained between any two of them."""
    if not reading.accumulates:
        return
    for earlier, later in itertools.combinations(range(len(reading.snapshots)), 2):
        after = reading.snapshots[later].bounds
        for place, (low, high) in reading.snapshots[earlier].bounds.items():
            if place not in after:
                continue
            most = after[place][1]
            if low == high and after[place][0] == most and not 0 < after[place][0] - low < reading.threshold:
                continue
            yield _Target(later, place, worlds.leaves(later, place), worlds.leaves(earlier, place), earlier)


def _sample(reading: Reading, worlds: Worlds, targets: list[_Target], watch: _Watch, left: Callable[[], float]) -> None:
    """See as many targets wide as possible, many in one world. Raises: Contradiction when there is no world."""
    first = worlds.extreme(np.zeros(worlds.count), up=True, seconds=max(left(), 1.0)).world
    if first is None:
        return
    watch.see(first)
    dice = np.random.default_rng(5)
    idle = 0
    for number in range(MOST_SAMPLES):
        waiting = [target for target in targets if not _is_clear(reading, target)]
        if len(waiting) < WORTH_SAMPLING or idle >= IDLE_SAMPLES or left() <= 0:
            return
        some = [waiting[i] for i in dice.permutation(len(waiting))[:MOST_AT_ONCE]]
        up, seconds = number % 2 == 0, min(SAMPLE_SECONDS, left())
        seen = np.array([target.low if up else target.high for target in some])
        sums = [(target.plus, target.minus) for target in some]
        watch.see(worlds.spread(sums, seen, float(reading.width), up=up, seconds=seconds))
        still = sum(not _is_clear(reading, target) for target in waiting)
        idle = idle + 1 if still > len(waiting) - WORTH_SAMPLING // 4 else 0


def _judge(reading: Reading, worlds: Worlds, target: _Target, watch: _Watch, left: Callable[[], float]) -> Kind | None:
    """What is wrong about a target; nothing for most."""
    low, high = -np.inf, np.inf
    for up in (True, False) if target.high <= 0 else (False, True):  # what settles it alone comes first
        if _is_clear(reading, target) or _is_harmless(reading, low, high):
            return None
        if left() <= 0:
            return "undecided"
        seconds = min(ONE_SOLVE_SECONDS, left())
        enough = _enough(reading, target, up=up)
        extreme = worlds.reach(target.plus, target.minus, up=up, seconds=seconds, enough=enough)
        watch.see(extreme.world)
        if up:
            high = np.floor(extreme.limit + ROUNDING)
        else:
            low = np.ceil(extreme.limit - ROUNDING)
    if _is_clear(reading, target) or _is_harmless(reading, low, high):
        return None
    if not _is_narrow(reading, target, low, high):
        return "undecided"
    target.low, target.high = low, high
    return _kind(reading, target)


def _is_clear(reading: Reading, target: _Target) -> bool:
    """Whether the worlds seen so far already show the target uncertain enough."""
    if target.since is not None:
        return target.low <= 0 or target.high >= reading.threshold
    return target.high - target.low >= reading.width


def _enough(reading: Reading, target: _Target, *, up: bool) -> float:
    """What to look for at most: a world this far away clears the target, so how much further it goes is no matter."""
    if target.since is not None and np.isfinite(target.low):
        return float(reading.threshold if up else 0)
    return target.low + reading.width if up else target.high - reading.width  # without end when never seen


def _is_harmless(reading: Reading, low: float, high: float) -> bool:
    """Whether no small count is possible, whatever the width."""
    return low >= reading.threshold or high <= 0


def _is_narrow(reading: Reading, target: _Target, low: float, high: float) -> bool:
    """Whether these proven bounds disclose the target."""
    if target.since is not None:
        return low >= 1 and high < reading.threshold
    return high - low < reading.width


def _kind(reading: Reading, target: _Target) -> Kind:
    if target.since is not None:
        return "increment"
    if target.low < target.high:
        return "narrow"
    low, high = reading.snapshots[target.release].bounds[target.place]
    return "shown" if low == high else "exact"


def _finding(reading: Reading, target: _Target, kind: Kind) -> Finding:
    at = {axis.name: node for axis, node in zip(reading.axes, target.place, strict=True) if node != axis.total}
    since = None if target.since is None else reading.snapshots[target.since].name
    bounds = [int(bound) if np.isfinite(bound) else 0 for bound in (target.low, target.high)]
    return Finding(kind, reading.snapshots[target.release].name, at, bounds[0], bounds[1], since)
