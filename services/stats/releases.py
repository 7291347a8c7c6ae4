# SPDX-License-Identifier: EUPL-1.2
"""A release: the frozen cases of a closed period, what is printed of them, and who answered for it.

Pure. Owns its states, who may bring it from one to the next, and which earlier releases bind it. A release that was
ever approved binds all later ones, retracted or not: what was read cannot be unread.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from services.stats import periods
from services.stats.catalogues import Place
from services.stats.periods import Period
from shared.errors import Conflict, Forbidden, Rejected

State = Literal["concept", "goedgekeurd", "ingetrokken"]
FIRST_YEAR: Final = 2000


class Member(NamedTuple):
    """One frozen case: a digest that says only whether the same case stands at the same place elsewhere."""

    digest: str
    place: Place
    source: str
    record_key: int


@dataclass(frozen=True, slots=True)
class FrozenCount:
    """The cases of one count as they were when the release was made."""

    names: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class PrintedCount:
    """What is printed of one count: every place of every table; None is hidden. `withheld`: nothing at all is."""

    names: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]
    cells: Mapping[Place, int | None]
    withheld: bool = False
    cost: int = 0
    proven: bool = False
    hidden_small: int = 0
    """Cells that are hidden because they are small or come from one source."""
    hidden_company: int = 0
    """Cells that are hidden so that the others do not follow."""
    dropped: tuple[tuple[str, ...], ...] = ()
    """Tables of which nothing but the total comes out, in print or as open figures: they cannot be protected."""

    def has_dropped(self, names: Collection[str]) -> bool:
        """Whether figures over these dimensions would stand in dropped tables alone."""
        kept = [one for one in self.tables if one not in self.dropped]
        return bool(self.dropped and names) and not any(set(names) <= set(table) for table in kept)

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(number is None for number in self.cells.values())


@dataclass(frozen=True, slots=True)
class Objection:
    """What a source says against a release; stats knows its reference only."""

    source: str
    text: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Release:
    """A release with everything that is known of it."""

    id: str
    municipality: str
    period: str
    revision: int
    catalogue_version: str
    made_by: str
    made_at: dt.datetime
    considered: tuple[str, ...]
    """The ids of the earlier releases it was protected together with."""
    frozen: Mapping[str, FrozenCount]
    printed: Mapping[str, PrintedCount]
    tabset: Mapping[str, Any]
    """What a reader holds of it and of the releases that bind it, as `tabset-1`; the count is a dimension of it."""
    objections_until: dt.date | None = None
    approved_by: str | None = None
    approved_at: dt.datetime | None = None
    retracted_by: str | None = None
    retracted_at: dt.datetime | None = None
    retraction: str | None = None
    objections: tuple[Objection, ...] = field(default=())

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.retracted_at is not None:
            return "ingetrokken"
        return "concept" if self.approved_at is None else "goedgekeurd"

    @property
    def days(self) -> Period:
        """The days it is about."""
        return closed_period_of(self.period)


def closed_period_of(name: str) -> Period:
    """The calendar quarter, half-year or year of this name. Raises: Rejected `period_unknown`."""
    period = periods.named(name) if "-M" not in name else None
    if period is None or period.first.year < FIRST_YEAR:
        detail = "Kies een kwartaal (2026-K3), een halfjaar (2026-H2) of een jaar (2026)."
        raise Rejected("period_unknown", errors=[{"pointer": "/periode", "detail": detail}])
    return period


def has_open_figures(period: str) -> bool:
    """Whether open figures come out with a release: with quarters only.

    >>> has_open_figures("2026-K3"), has_open_figures("2026")
    (True, False)
    """
    return "-K" in period


def require_closed(period: Period, *, today: dt.date, wait_days: int) -> None:
    """Nothing. Raises: Conflict `period_not_closed` until some days after its end, so that late reports are in."""
    if today <= period.last + dt.timedelta(days=wait_days):
        raise Conflict("period_not_closed", wait_days=wait_days)


def overlapping(period: Period, earlier: Iterable[Release]) -> list[Release]:
    """The releases that share days with the period or with a release that does, the oldest first."""
    rest, found, reach = list(earlier), list[Release](), [period]
    while touching := [one for one in rest if any(_touch(one.days, span) for span in reach)]:
        found += touching
        reach += [one.days for one in touching]
        rest = [one for one in rest if one not in touching]
    return sorted(found, key=lambda one: (one.approved_at or one.made_at, one.revision))


def _touch(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def require_approvable(release: Release, *, by: str, today: dt.date, binding: Sequence[str]) -> None:
    """Nothing when this person may approve it now.

    Raises: Conflict `already_decided`, `objection_round_open`, `objections_open` or `release_outdated` (another one
    came out since); Forbidden `second_person_needed`.
    """
    if release.state != "concept":
        raise Conflict("already_decided")
    if release.made_by == by:
        raise Forbidden("second_person_needed")
    if release.objections_until is not None and today <= release.objections_until:
        raise Conflict("objection_round_open")
    if tuple(binding) != release.considered:
        raise Conflict("release_outdated")


def is_mostly_hidden(printed: PrintedCount) -> bool:
    """Whether more than half of the cells say nothing.

    >>> is_mostly_hidden(PrintedCount((), (), {("a",): None, ("b",): None, ("c",): 9}))
    True
    """
    return printed.withheld or 2 * printed.hidden > len(printed.cells)


def proposals(release: Release) -> list[str]:
    """What would show more, when most is hidden."""
    found = []
    for printed in release.printed.values():
        if not is_mostly_hidden(printed):
            continue
        wide = [table for table in printed.tables if len(table) > 1]
        if wide:
            found.append(f"Laat de tabel {' × '.join(wide[0])} weg, of voeg codes samen in het tabellenboek.")
        found.append(longer_period(release.period))
    return list(dict.fromkeys(text for text in found if text))


def longer_period(period: str) -> str:
    """The advice to take a longer period; empty for a whole year.

    >>> longer_period("2026-K3")
    'Kies een langere periode: het halfjaar 2026-H2 of het jaar 2026.'
    """
    year, _, part = period.partition("-")
    if part.startswith("K"):
        return f"Kies een langere periode: het halfjaar {year}-H{(int(part[1:]) + 1) // 2} of het jaar {year}."
    return f"Kies een langere periode: het jaar {year}." if part else ""
