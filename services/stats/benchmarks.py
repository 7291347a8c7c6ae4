# SPDX-License-Identifier: EUPL-1.2
"""Reports per 100,000 inhabitants, here and elsewhere, with the interval that chance leaves.

Pure. Owns the published figures of others as values, and the arithmetic. The own figure is a printed one or none at
all, so the comparison says no more than a release did. Never ranks: an order by rate would be an order by findability.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import scipy  # loads `stats` when it is first asked for: sixty megabytes that only a report needs
from pydantic import ConfigDict, Field

PER: Final = 100_000
CERTAINTY: Final = 0.95
Level = Literal["land", "regio", "gemeente"]


@dataclass(frozen=True, slots=True)
class Published:
    """A yearly figure somebody published, with its source. `ground`: reports on that ground alone; None is all."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    year: Annotated[int, Field(ge=2000, le=2100)]
    place: Annotated[str, Field(min_length=1, max_length=60)]
    level: Level
    reports: Annotated[int, Field(ge=0, le=10_000_000)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    ground: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] | None = None
    with_mass: bool | None = None
    note: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """How many people lived in a place at the start of a year, with the source."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    year: Annotated[int, Field(ge=2000, le=2100)]
    place: Annotated[str, Field(min_length=1, max_length=60)]
    number: Annotated[int, Field(ge=1, le=100_000_000)]
    source: Annotated[str, Field(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Everything that was published by others and imported here."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    version: str
    about: str
    figures: tuple[Published, ...]
    inhabitants: tuple[Inhabitants, ...]

    def latest(self, *, up_to: int, without: str) -> list["Rate"]:
        """The newest rate of every other place, none after that year: the country first, then regions, then cities."""
        ranks: dict[Level, int] = {"land": 0, "regio": 1, "gemeente": 2}
        newest: dict[str, tuple[Published, int]] = {}
        for one in sorted(self.figures, key=lambda one: one.year):
            people = self._inhabitants(one)
            if one.ground is None and one.place != without and one.year <= up_to and people is not None:
                newest[one.place] = (one, people)
        chosen = sorted(newest.values(), key=lambda pair: (ranks[pair[0].level], pair[0].place))
        return [
            rate(one.place, one.reports, people, year=one.year, note=one.note, source=one.source)
            for one, people in chosen
        ]

    def _inhabitants(self, figure: Published) -> int | None:
        known = (one.number for one in self.inhabitants if (one.place, one.year) == (figure.place, figure.year))
        return next(known, None)


@dataclass(frozen=True, slots=True)
class Rate:
    """Reports per 100,000 inhabitants; `low` and `high` bound what chance alone can explain."""

    place: str
    year: int
    per_100_000: float
    low: float
    high: float
    note: str = ""
    source: str = ""


def rate(place: str, reports: int, inhabitants: int, *, year: int, note: str = "", source: str = "") -> Rate:
    """The rate with its exact 95% interval.

    Source: Garwood 1936, the exact interval of a Poisson count.

    >>> made = rate("x", 10, 100_000, year=2025)
    >>> round(made.per_100_000, 1), round(made.low, 1), round(made.high, 1)
    (10.0, 4.8, 18.4)
    """
    tail = (1 - CERTAINTY) / 2
    low = scipy.stats.chi2.ppf(tail, 2 * reports) / 2 if reports else 0.0
    high = scipy.stats.chi2.ppf(1 - tail, 2 * reports + 2) / 2
    scale = PER / inhabitants
    return Rate(place, year, reports * scale, float(low) * scale, float(high) * scale, note, source)


def sentence(own: Rate, other: Rate) -> str:
    """How the own rate relates to another; only a gap between the intervals counts as a difference."""
    if own.low > other.high:
        return f"Dat is meer dan in {other.place} in {other.year}."
    if own.high < other.low:
        return f"Dat is minder dan in {other.place} in {other.year}."
    return f"Dat verschilt niet duidelijk van {other.place} in {other.year}."
