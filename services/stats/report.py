# SPDX-License-Identifier: EUPL-1.2
"""Give a report made from releases, and keep what people write in it.

Owns who: everybody who may read releases reads the reports made of them; the bureau alone writes in them and sees
concepts. What is written is checked for words that may not stand there and for small counts put into words.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from services.stats import benchmarks, cells, coverage_bands, periods, report_layout, report_words, reports
from services.stats.benchmarks import Benchmark, Rate
from services.stats.catalogues import Catalogue
from services.stats.releases import Release
from services.stats.report_layout import Material, Place
from services.stats.report_pages import Report, Written
from services.stats.report_words import MassShare
from services.stats.reports import Picture, Span
from services.stats.storage import ledger, report_blocks
from services.stats.storage import releases as kept
from services.stats.storage.report_blocks import KeptBlock
from shared import vocabulary
from shared.access import Role, Staff
from shared.audit import AuditLog
from shared.clock import Clock
from shared.database import Transaction
from shared.errors import FieldFault, Forbidden, NotFound, Rejected

READERS: Final = frozenset({Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG})
LONGEST_TEXT: Final = 4_000
WGA_COUNT: Final = "wga"
_SMALL: Final = re.compile(
    r"\b(?:[1-4]|[eé]én|een enkele|twee|drie|vier)\s+(?:\w+\s+)?(?:klacht|melding|signa(?:al|len)|zaak|zaken|gevall?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report: `raad` or `wijken`, of which period; `concept` takes what still waits for a second person too."""

    kind: str
    municipality: str
    span: Span
    concept: bool = False

    @property
    def place(self) -> report_blocks.Place:
        """Where its blocks of text stand."""
        return report_blocks.Place(self.municipality, self.kind, self.span.name)


@dataclass(frozen=True, slots=True)
class Reporting:
    """What reports need. `population`: inhabitants of a municipality on a day, when known."""

    catalogue: Callable[[str], Catalogue]
    place: Callable[[str], Place]
    population: Callable[[str, dt.date], int | None]
    timezone: Callable[[str], ZoneInfo]
    benchmark: Benchmark


async def read_report(asked: Asked, tx: Transaction, *, staff: Staff, reporting: Reporting) -> Report:
    """The report. Raises: Forbidden; NotFound `no_such_report` when no releases make up the period."""
    require_reader(staff)
    if asked.concept:
        _require_bureau(staff)
    return await made(asked, tx, reporting=reporting)


async def made(asked: Asked, tx: Transaction, *, reporting: Reporting) -> Report:
    """The report, for whoever the caller has checked. Raises: NotFound `no_such_report`."""
    releases = await _releases(asked, tx)
    now = reports.picture(asked.span, releases)
    if now is None or asked.kind not in report_layout.KINDS:
        raise NotFound("no_such_report")
    history = await report_blocks.history(tx, asked.place)
    zone = reporting.timezone(asked.municipality)
    material = material_of(now, releases, _written(history, zone), reporting)
    material = replace(
        material,
        mass=await _mass_shares(tx, material.pictures, reporting),
        own_rate=await _with_mass(material.own_rate, tx, releases, reporting),
    )
    return report_layout.council(material) if asked.kind == report_layout.COUNCIL else report_layout.districts(material)


async def periods_with_reports(
    municipality: str, tx: Transaction, *, staff: Staff
) -> tuple[list[Span], list[Span], list[str]]:
    """The periods a report can be made of, those of concepts (for the bureau), and the quarters to choose a range from.

    Raises: Forbidden.
    """
    require_reader(staff)
    approved = await kept.approved(tx, municipality)
    waiting: list[Span] = []
    if staff.role is Role.ADV:
        concepts = [one.period for one in await kept.of(tx, municipality) if one.state == "concept"]
        waiting = [Span.named(name) for name in dict.fromkeys(concepts)]
    return reports.available(approved), waiting, reports.quarters_between(approved)


async def blocks_of(asked: Asked, tx: Transaction, *, staff: Staff) -> list[KeptBlock]:
    """Everything ever written in the report, the oldest first. Raises: Forbidden for anyone but the bureau."""
    _require_bureau(staff)
    return await report_blocks.history(tx, asked.place)


async def write_block(
    asked: Asked, tx: Transaction, *, slot: str, text: str, staff: Staff, audit: AuditLog, clock: Clock
) -> None:
    """Keep what a member of the bureau writes in a report; an empty text takes away what stood there.

    Raises: Forbidden; Rejected `request_invalid` for what may not stand in a report.
    """
    _require_bureau(staff)
    clean = "\n".join(line.rstrip() for line in text.strip().splitlines())
    faults = text_faults(slot, clean)
    if faults:
        raise Rejected("request_invalid", errors=faults)
    report_blocks.add(tx, asked.place, KeptBlock(slot, clean, staff.name, clock.now()))
    facts = {"municipality": asked.municipality, "report": asked.kind, "period": asked.span.name, "slot": slot}
    await audit.append(tx, actor=staff.name, role=staff.role, action="report-text-written", facts=facts)


def text_faults(slot: str, text: str) -> list[FieldFault]:
    """What is wrong with a block of text, without repeating it.

    >>> [fault["pointer"] for fault in text_faults("duiding", "In deze wijk was er maar één melding.")]
    ['/duiding']
    """
    pointer = f"/{slot}" if slot in report_layout.SLOTS else "/plaats"
    faults: list[FieldFault] = []
    if slot not in report_layout.SLOTS:
        faults.append({"pointer": pointer, "detail": f"Kies uit: {', '.join(report_layout.SLOTS)}."})
    if len(text) > LONGEST_TEXT:
        faults.append({"pointer": pointer, "detail": f"De tekst is langer dan {LONGEST_TEXT} tekens."})
    words = vocabulary.lint(text, where="public")
    if words:
        faults.append({"pointer": pointer, "detail": f"Deze woorden horen niet in een rapport: {', '.join(words)}."})
    if _SMALL.search(text):
        detail = "Noem geen aantallen onder de 5. Zo kan niemand afleiden om wie het gaat."
        faults.append({"pointer": pointer, "detail": detail})
    return faults


def own_rate(municipality: str, releases: Sequence[Release], last_year: int, reporting: Reporting) -> Rate | None:
    """The municipality's rate over its newest whole year that was released, none after that year."""
    place = reporting.place(municipality)
    for span in reports.available(releases):
        year = span.days.first.year
        if span.name != f"{year}" or year > last_year:
            continue
        found = reports.picture(span, releases)
        total = found.total(WGA_COUNT) if found else None
        people = reporting.population(municipality, span.days.first)
        if total is not None and people is not None:
            return benchmarks.rate(place.name, total, people, year=year)
    return None


def require_reader(staff: Staff) -> None:
    """Nothing. Raises: Forbidden for a role that reads no releases."""
    if staff.role not in READERS:
        raise Forbidden("role_not_allowed")


def _require_bureau(staff: Staff) -> None:
    if staff.role is not Role.ADV:
        raise Forbidden("role_not_allowed")


async def _releases(asked: Asked, tx: Transaction) -> list[Release]:
    approved = await kept.approved(tx, asked.municipality)
    if not asked.concept:
        return approved
    concepts = [one for one in await kept.of(tx, asked.municipality) if one.state == "concept"]
    return list({one.period: one for one in (*approved, *concepts)}.values())


def _written(history: Sequence[KeptBlock], zone: ZoneInfo) -> dict[str, Written]:
    newest = {one.slot: one for one in history}
    return {
        slot: Written(slot, one.text, one.author, one.written_at.astimezone(zone).date())
        for slot, one in newest.items()
        if one.text
    }


def material_of(
    now: Picture, releases: Sequence[Release], written: Mapping[str, Written], reporting: Reporting
) -> Material:
    """What a report of this picture is made from; mass reports come from elsewhere."""
    municipality = now.parts[0].municipality
    spans = [now.span.year_before, *([now.span.just_before] if now.span.just_before else [])]
    unique = {span.name: span for span in spans}
    catalogue = reporting.catalogue(municipality)
    last_quarters = reports.last_quarters(now.span.days, releases, coverage_bands.QUARTERS)
    own = own_rate(municipality, releases, now.span.days.last.year, reporting)
    days = [dt.datetime.combine(one.written_on, dt.time(), dt.UTC) for one in written.values()]
    return Material(
        place=reporting.place(municipality),
        now=now,
        earlier=tuple((span, reports.picture(span, releases)) for span in unique.values()),
        written=written,
        titles={name: _title(catalogue, name) for name in now.counts},
        senders=coverage_bands.band_of(now.parts),
        regularity=coverage_bands.bands_by_regularity(last_quarters) if last_quarters else {},
        mass={},
        own_rate=own,
        rates=tuple(reporting.benchmark.latest(up_to=own.year, without=own.place)) if own else (),
        as_of=max([now.as_of, *days]),
    )


async def _mass_shares(
    tx: Transaction, pictures: Sequence[Picture], reporting: Reporting
) -> dict[tuple[str, str], MassShare]:
    """How much of each count that is printed belongs to mass reports, as a class and never as a number."""
    found: dict[tuple[str, str], MassShare] = {}
    for one in pictures:
        municipality = one.parts[0].municipality
        wanted = {cells.SOURCES_PAIR: periods.cover(one.span.days)}
        sheets = await ledger.sheets(tx, municipality, wanted=wanted, basis="registered")
        for spec in reporting.catalogue(municipality).counts:
            sizes = [(key.mass, sum(counts.values())) for key, counts in sheets.items() if key.kind in spec.kinds]
            mass = sum(size for is_mass, size in sizes if is_mass)
            if one.total(spec.id) is not None:
                found[one.span.name, spec.id] = report_words.mass_share(mass, sum(size for _, size in sizes))
    return found


async def _with_mass(
    own: Rate | None, tx: Transaction, releases: Sequence[Release], reporting: Reporting
) -> Rate | None:
    """The own rate with how much of it belongs to mass reports: one of them can double a year."""
    found = reports.picture(Span.named(f"{own.year}"), releases) if own else None
    if own is None or found is None:
        return own
    shares = await _mass_shares(tx, [found], reporting)
    return replace(own, note=report_words.mass_note(shares.get((found.span.name, WGA_COUNT), "weinig")))


def _title(catalogue: Catalogue, count: str) -> str:
    spec = catalogue.count(count)
    return spec.label if spec else count


async def compare(
    municipality: str, tx: Transaction, *, staff: Staff, this_year: int, reporting: Reporting
) -> tuple[Rate | None, list[Rate]]:
    """The municipality's rate over its newest released year, and the newest rates of others. Raises: Forbidden."""
    require_reader(staff)
    releases = await kept.approved(tx, municipality)
    own = await _with_mass(own_rate(municipality, releases, this_year, reporting), tx, releases, reporting)
    others = reporting.benchmark.latest(
        up_to=own.year if own else this_year, without=reporting.place(municipality).name
    )
    return own, others
