# SPDX-License-Identifier: EUPL-1.2
"""What may be told of a tension without telling who reported, or how few.

Owns the privacy gate: the thresholds, the climb to a coarser place and ground until they are met, the bands in which
numbers are told, and the rule that no two alerts may be subtracted. It decides on counts alone; it never names a
partner, and what does not pass is held back whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

BANDS = (5, 10, 20, 50, 100)  # lower ends; the first may not lie under the fewest signals told
EXPECTED_BANDS = (0, 2, 6, 10, 20, 50, 100)
PARTNER_BANDS = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class GateSettings:
    """Thresholds of the gate. Reason: under five, or by one or two partners, a reader can guess who it was about."""

    fewest_signals: int = 5
    fewest_partners: int = 3
    fewest_days: int = 2
    largest_partner_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as the gate counts it; codes as in the vocabulary. A case with two grounds is two of these."""

    case: str
    partner: str
    day: int
    district: str
    ground: str
    subground: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an alert speaks of: `None` is "not told apart". Days are inclusive."""

    first: int
    last: int
    district: str | None
    ground: str | None
    subground: str | None

    def holds(self, signal: Signal) -> bool:
        """Whether a signal falls in this scope."""
        return (
            self.first <= signal.day <= self.last
            and self.district in {None, signal.district}
            and self.ground in {None, signal.ground}
            and self.subground in {None, signal.subground}
        )

    def covers(self, other: "Scope") -> bool:
        """Whether whatever falls in the other scope falls in this one too."""
        return (
            self.first <= other.first
            and other.last <= self.last
            and self.district in {None, other.district}
            and self.ground in {None, other.ground}
            and self.subground in {None, other.subground}
        )


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that passed: its scope and the bands a reader sees. `upper` is None for an open band."""

    scope: Scope
    lower: int
    upper: int | None
    partners: str

    @property
    def observed(self) -> str:
        """The number of signals as told."""
        return f"{self.lower}+" if self.upper is None else f"{self.lower}-{self.upper}"


def band(value: float, edges: Sequence[int]) -> tuple[int, int | None]:
    """The band that holds a number; the last one is open.

    >>> band(5, BANDS), band(9, BANDS), band(10, BANDS), band(150, BANDS)
    ((5, 9), (5, 9), (10, 19), (100, None))
    """
    chosen = max((index for index, edge in enumerate(edges) if edge <= value), default=0)
    return edges[chosen], edges[chosen + 1] - 1 if chosen + 1 < len(edges) else None


def in_words(value: float, edges: Sequence[int]) -> str:
    """The band as a reader sees it.

    >>> in_words(2.4, EXPECTED_BANDS), in_words(4, PARTNER_BANDS), in_words(12, PARTNER_BANDS)
    ('2-5', '3-4', '10+')
    """
    lower, upper = band(value, edges)
    return f"{lower}+" if upper is None else f"{lower}-{upper}"


def pass_gate(
    signals: Iterable[Signal], wanted: Scope, *, told_before: Sequence[Told], settings: GateSettings
) -> Told | None:
    """The finest thing that may be told about the wanted scope, or None: then it waits for the digest.

    The place climbs before the ground does, for what a tension is about says more than where it shows.
    """
    every = list(signals)
    for scope in _climb(wanted):
        inside = [signal for signal in every if scope.holds(signal)]
        told = _told(inside, scope, settings)
        if told and not any(subtracts(told, other, settings.fewest_signals) for other in told_before):
            return told
    return None


def _climb(wanted: Scope) -> Iterator[Scope]:
    """The wanted scope and the coarser ones above it, finest first."""
    kinds = [(wanted.ground, wanted.subground), (wanted.ground, None), (None, None)]
    places = [wanted.district, None]
    for (ground, subground), district in dict.fromkeys(product(kinds, places)):
        yield Scope(wanted.first, wanted.last, district, ground, subground)


def _told(inside: Sequence[Signal], scope: Scope, settings: GateSettings) -> Told | None:
    """What is told when the thresholds are met. A case counts once, whatever its number of grounds."""
    cases = {signal.case: signal for signal in inside}
    by_partner = Counter(signal.partner for signal in cases.values())
    days = {signal.day for signal in cases.values()}
    count = len(cases)
    if count < settings.fewest_signals or len(by_partner) < settings.fewest_partners:
        return None
    if len(days) < settings.fewest_days or max(by_partner.values()) > settings.largest_partner_share * count:
        return None
    edges = sorted({settings.fewest_signals, *(edge for edge in BANDS if edge > settings.fewest_signals)})
    partner_edges = sorted({settings.fewest_partners, *(e for e in PARTNER_BANDS if e > settings.fewest_partners)})
    lower, upper = band(count, edges)
    return Told(scope, lower, upper, in_words(len(by_partner), partner_edges))


def subtracts(one: Told, other: Told, fewest_signals: int) -> bool:
    """Whether two alerts together bound a count under the threshold: the outer at most minus the inner at least.

    The same scope told again is fine when the band is the same, for that says nothing new, or far enough from it.

    >>> inner = Told(Scope(1, 28, "noord", "ras", None), 5, 9, "3-4")
    >>> subtracts(inner, Told(Scope(1, 28, None, "ras", None), 5, 9, "3-4"), 5)
    True
    >>> subtracts(inner, Told(Scope(1, 28, None, "ras", None), 10, 19, "3-4"), 5)
    False
    """
    if one.scope == other.scope:
        small, large = sorted((one, other), key=lambda told: told.lower)
        same = small.lower == large.lower
        return not same and large.upper is not None and large.upper - small.lower < fewest_signals
    for outer, inner in ((one, other), (other, one)):
        if outer.scope.covers(inner.scope) and outer.upper is not None and outer.upper - inner.lower < fewest_signals:
            return True
    return False
