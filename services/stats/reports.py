# SPDX-License-Identifier: EUPL-1.2
"""What releases say of a period: the printed figures of one release, or of several that together are that period.

Pure. Owns which releases make up a period and how their printed counts are added. Works with printed figures alone: a
count that is hidden in one part is hidden in the whole, so a report says nothing a reader of the releases cannot work
out. Never sees a frozen case.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.stats import periods
from services.stats.catalogues import TOTAL
from services.stats.periods import Period
from services.stats.releases import PrintedCount, Release, closed_period_of
from shared.errors import Rejected

RANGE: Final = "--"
LONGEST_YEARS: Final = 10
_ORDINALS: Final = ("eerste", "tweede", "derde", "vierde")
_NAME: Final = re.compile(r"\d{4}(-[KH]\d)?")
Codes = tuple[str, ...]
Figures = Mapping[Codes, int | None]


@dataclass(frozen=True, slots=True)
class Span:
    """A period a report is about, with the name it has in an address.

    >>> Span.named("2026-H1").label
    'de eerste helft van 2026'
    >>> Span.named("2025-K3--2026-K2").days.last
    datetime.date(2026, 6, 30)
    """

    name: str
    days: Period

    @classmethod
    def named(cls, name: str) -> "Span":
        """The period of this name: a quarter, half-year or year, or two of them as `first--last`.

        Raises: Rejected `period_unknown`.
        """
        first, _, last = name.partition(RANGE)
        begin, end = closed_period_of(first), closed_period_of(last or first)
        if not _NAME.fullmatch(first) or end.last < begin.last or end.last.year - begin.first.year >= LONGEST_YEARS:
            detail = f"De laatste periode ligt na de eerste, en samen zijn ze korter dan {LONGEST_YEARS} jaar."
            raise Rejected("period_unknown", errors=[{"pointer": "/periode", "detail": detail}])
        return cls(name, Period(begin.first, end.last))

    @property
    def label(self) -> str:
        """The period in words."""
        first, _, last = self.name.partition(RANGE)
        return f"{_label(first)} tot en met {_label(last)}" if last else _label(first)

    @property
    def short(self) -> str:
        """The period above a column."""
        first, _, last = self.name.partition(RANGE)
        return f"{_short(first)} t/m {_short(last)}" if last else _short(first)

    @property
    def length_days(self) -> int:
        """How many days it has."""
        return (self.days.last - self.days.first).days + 1

    @property
    def year_before(self) -> "Span":
        """The same period a year earlier."""
        return Span.named(RANGE.join(f"{int(part[:4]) - 1:04d}{part[4:]}" for part in self.name.split(RANGE)))

    @property
    def just_before(self) -> "Span | None":
        """The period of the same kind that ends where this one begins; None for a range."""
        year, _, part = self.name.partition("-")
        if RANGE in self.name:
            return None
        if not part:
            return Span.named(f"{int(year) - 1:04d}")
        number, most = int(part[1:]), {"K": 4, "H": 2}[part[0]]
        return Span.named(f"{year}-{part[0]}{number - 1}" if number > 1 else f"{int(year) - 1:04d}-{part[0]}{most}")


def _label(name: str) -> str:
    year, _, part = name.partition("-")
    if not part:
        return f"het jaar {year}"
    unit = "kwartaal" if part[0] == "K" else "helft"
    return f"{'het' if part[0] == 'K' else 'de'} {_ORDINALS[int(part[1:]) - 1]} {unit} van {year}"


def _short(name: str) -> str:
    year, _, part = name.partition("-")
    if not part:
        return year
    return f"{part[1:]}e {'kwartaal' if part[0] == 'K' else 'helft'} {year}"


@dataclass(frozen=True, slots=True)
class CountFigures:
    """What is printed of one count: its total and its tables. None is hidden."""

    id: str
    total: int | None
    tables: Mapping[tuple[str, ...], Figures]

    def by(self, dimension: str) -> Figures:
        """The figures of one dimension; none when it has no table of it alone."""
        return self.tables.get((dimension,), {})


@dataclass(frozen=True, slots=True)
class Picture:
    """What releases say of a period. `parts`: the releases it was made from, the earliest first."""

    span: Span
    parts: tuple[Release, ...]
    counts: Mapping[str, CountFigures]

    @property
    def is_concept(self) -> bool:
        """Whether any of it still waits for a second person."""
        return any(one.state == "concept" for one in self.parts)

    @property
    def as_of(self) -> dt.datetime:
        """When the newest part was approved, or made when it was not."""
        return max(one.approved_at or one.made_at for one in self.parts)

    def total(self, count: str) -> int | None:
        """The total of a count; None when it is hidden or not there."""
        found = self.counts.get(count)
        return found.total if found else None

    def by(self, count: str, dimension: str) -> Figures:
        """The figures of a count by one dimension."""
        found = self.counts.get(count)
        return found.by(dimension) if found else {}


def picture(span: Span, releases: Sequence[Release]) -> Picture | None:
    """What these releases say of the period; None when they do not make it up exactly.

    `releases` hold at most one per period.
    """
    parts = tiling(span.days, releases)
    if not parts:
        return None
    names = [name for name in parts[0].printed if all(name in one.printed for one in parts)]
    return Picture(span, parts, {name: _added(name, [one.printed[name] for one in parts]) for name in names})


def tiling(days: Period, releases: Iterable[Release]) -> tuple[Release, ...]:
    """The fewest releases that follow each other from the first day to the last; empty when there are none."""
    by_first: dict[dt.date, list[Release]] = {}
    for one in releases:
        by_first.setdefault(one.days.first, []).append(one)

    def cover(day: dt.date) -> tuple[Release, ...] | None:
        if day > days.last:
            return ()
        fitting = [one for one in by_first.get(day, ()) if one.days.last <= days.last]
        for one in sorted(fitting, key=lambda one: one.days.last, reverse=True):
            rest = cover(one.days.last + dt.timedelta(days=1))
            if rest is not None:
                return (one, *rest)
        return None

    return cover(days.first) or ()


def _added(name: str, parts: Sequence[PrintedCount]) -> CountFigures:
    tables = [table for table in parts[0].tables if all(table in one.tables for one in parts)]
    return CountFigures(
        id=name,
        total=_sum([one.cells.get((TOTAL,) * len(one.names)) for one in parts]),
        tables={table: _table(table, parts) for table in tables},
    )


def _table(table: tuple[str, ...], parts: Sequence[PrintedCount]) -> Figures:
    """One table without its totals; a code that one part does not have is hidden, for nobody printed it."""
    found = [dict(figures_of(one, table)) for one in parts]
    codes = dict.fromkeys(code for one in found for code in one)
    return {code: _sum([one.get(code) for one in found]) for code in codes}


def figures_of(printed: PrintedCount, table: Sequence[str]) -> Iterable[tuple[Codes, int | None]]:
    """The cells of one table with their codes in its order, without totals."""
    for place, number in printed.cells.items():
        at = dict(zip(printed.names, place, strict=True))
        inside = all((code == TOTAL) == (name not in table) for name, code in at.items())
        if inside:
            yield tuple(at[name] for name in table), None if printed.withheld else number


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def available(releases: Sequence[Release]) -> list[Span]:
    """Every named period these releases make up, the newest first and the longest first among those."""
    if not releases:
        return []
    years = range(min(one.days.first.year for one in releases), max(one.days.last.year for one in releases) + 1)
    names = [f"{year}{part}" for year in years for part in ("", "-H1", "-H2", "-K1", "-K2", "-K3", "-K4")]
    spans = [Span.named(name) for name in names]
    found = [span for span in spans if tiling(span.days, releases)]
    return sorted(found, key=lambda span: (span.days.last, span.days.last - span.days.first), reverse=True)


def quarters_between(releases: Sequence[Release]) -> list[str]:
    """The quarters that begin or end where a release does, to choose a range from."""
    return sorted({periods.span_of(day, "quarter") for one in releases for day in (one.days.first, one.days.last)})


def last_quarters(days: Period, releases: Sequence[Release], number: int) -> list[Release]:
    """The releases of the last quarters up to the end of these days, the oldest first; none unless all are there."""
    quarters = {one.period: one for one in releases if "-K" in one.period}
    span: Span | None = Span.named(periods.span_of(days.last, "quarter"))
    names: list[str] = []
    while span is not None and len(names) < number:
        names.insert(0, span.name)
        span = span.just_before
    return [quarters[name] for name in names] if all(name in quarters for name in names) else []
