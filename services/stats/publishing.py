# SPDX-License-Identifier: EUPL-1.2
"""From the cases of a closed period to what may be printed of them.

Pure, and heavy: it solves and attacks, so it runs beside the thread that serves. Owns the order: freeze, protect every
count together with the releases that bind it, attack what a reader would hold. What the attacker breaks is no release.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.stats import attacker, attacker_reading, joint, releases, tabset
from services.stats.alert_claims import Claim, Standing, known_least
from services.stats.attacker_worlds import Contradiction
from services.stats.catalogues import Catalogue, CountSpec, Place, dimension, dimensions_of, place_of
from services.stats.facts import Facts
from services.stats.periods import Period
from services.stats.releases import FrozenCount, Member, PrintedCount, Release, closed_period_of
from services.stats.segments import Bound, Earlier
from services.stats.suppression_model import Budget

PROTECT_SECONDS: Final = 20.0  # per count; three counts with their attacks stay within two minutes
ATTACK_SECONDS: Final = 600.0  # a fuse: an attack takes seconds, on a busy machine many, and unsure means refused
DIGEST_LENGTH: Final = 32
COUNT: Final = "telling"


@dataclass(frozen=True, slots=True)
class Material:
    """What a release is made from. `binding`: the earlier releases that share days with it, the oldest first."""

    id: str
    municipality: str
    period: str
    revision: int
    catalogue: Catalogue
    order: Mapping[str, Sequence[str]]
    frozen: Mapping[str, FrozenCount]
    binding: tuple[Release, ...]
    made_by: str
    made_at: dt.datetime
    objections_until: dt.date | None
    claims: tuple[Claim, ...] = ()
    """What readers of alerts know about these days."""
    around: tuple[tuple[str, Facts], ...] = ()
    """The cases of all days those claims reach over."""


def freeze(cases: Iterable[tuple[str, Facts]], count: CountSpec, order: Mapping[str, Sequence[str]]) -> FrozenCount:
    """The cases of a count as they are now, each at its place. Raises: Conflict `code_not_in_list`."""
    dimensions = dimensions_of(count, order)
    found = []
    for case_id, facts in cases:
        if facts.kind in count.kinds:
            place = place_of(facts, dimensions)
            found.append(Member(_digest(case_id, place), place, facts.source_ref, facts.record_key))
    return FrozenCount(tuple(dimensions), tuple(sorted(found)))


def _digest(case_id: str, place: Place) -> str:
    return hashlib.sha256("|".join((case_id, *place)).encode()).hexdigest()[:DIGEST_LENGTH]


def make(material: Material, *, now: Callable[[], float]) -> Release:
    """The release, proven by the attacker. `now`: a clock that only goes forward, in seconds.

    Raises: Conflict `catalogue_changed`.
    """
    printed: dict[str, PrintedCount] = {}
    # No case stands in two counts, so they are one more dimension; its total is never printed.
    counts = dimension(COUNT, [one.id for one in material.catalogue.counts])
    publications: list[tabset.PublishedRelease] = []
    dimensions: dict[str, Any] = {COUNT: counts}
    expected = expected_segments([*(one.days for one in material.binding), _days(material)])
    for number, count in enumerate(material.catalogue.counts):
        bound = Bound(
            count,
            material.catalogue,
            dimensions_of(count, material.order),
            material.frozen[count.id],
            tuple(_earlier(one, count.id) for one in material.binding if count.id in one.frozen),
            expected if all(count.id in one.frozen for one in material.binding) else frozenset(),
            least=_known(material, count),
            is_open=releases.has_open_figures(material.period),
        )
        # A moment of its own per count: nothing printed of one says anything of another, so nobody need solve for both.
        as_of = f"{_days(material).last.isoformat()}T00:00:{number:02}Z"
        protected = _unbroken(bound, as_of=as_of, now=now)
        printed[count.id] = protected.printed
        publications += [tabset.beside(one, counts, count.id) for one in protected.publications]
        dimensions |= protected.dimensions
    whole = tabset.TabSet(dimensions, material.catalogue.rules, tuple(publications))
    return Release(
        id=material.id,
        municipality=material.municipality,
        period=material.period,
        revision=material.revision,
        catalogue_version=material.catalogue.version,
        made_by=material.made_by,
        made_at=material.made_at,
        considered=tuple(one.id for one in material.binding),
        frozen=material.frozen,
        printed=printed,
        tabset=tabset.render(whole),
        objections_until=material.objections_until,
    )


def _known(material: Material, count: CountSpec) -> dict[Place, int]:
    """What readers of alerts know of a count."""
    dimensions = dimensions_of(count, material.order)
    chosen = [facts for _, facts in material.around if facts.kind in count.kinds] if material.claims else []
    cases = [Standing(place_of(facts, dimensions), facts.registered_on) for facts in chosen]
    return known_least(material.claims, count, _days(material), tuple(dimensions), cases)


def _unbroken(bound: Bound, *, as_of: str, now: Callable[[], float]) -> joint.Protected:
    """What of a count stands against the attacker: tables that it breaks are left out, in the end all of them."""
    dropped: joint.Tables = ()
    while True:
        protected = joint.protect_count(bound, Budget(PROTECT_SECONDS, _since(now)), as_of=as_of, dropped=dropped)
        broken: list[str] = []
        for publication in protected.publications:  # they share the public total alone, so each is attacked by itself
            single = tabset.TabSet(protected.dimensions, bound.catalogue.rules, (publication,))
            if findings(tabset.render(single), now=now):
                broken += [name for table in publication.tables for name in table.dims]
        if not broken:
            return protected
        known = dropped + protected.printed.dropped
        more = [
            _next(group, known) for group in bound.count.parts() if any(name in broken for t in group for name in t)
        ]
        if not all(more):
            return joint.withheld(bound)  # nothing more can be left out: even the total says too much
        dropped = tuple(dict.fromkeys([*known, *(table for one in more for table in one)]))


def _next(group: joint.Tables, dropped: joint.Tables) -> joint.Tables:
    """What to leave out of a group of tables after what was; empty when nothing is left."""
    return next((one for one in joint.fewer(group) if not set(one) <= set(dropped)), ())


def findings(document: Mapping[str, Any], *, now: Callable[[], float]) -> set[str]:
    """The kinds of what follows from the set though it must not; empty when it may come out."""
    try:
        found = attacker.attack(attacker_reading.read(document), seconds=ATTACK_SECONDS, elapsed=_since(now))
    except Contradiction:
        return {"contradiction"}
    return {finding.kind for finding in found}


def expected_segments(days: Sequence[Period]) -> frozenset[frozenset[int]]:
    """In which releases a case can stand together, by position, when nothing is corrected or withdrawn afterwards.

    A case that is known in time stands in every release of its day; one that comes late only in the later ones.

    >>> year, quarter = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    >>> sorted(map(sorted, expected_segments([quarter, year])))
    [[0, 1], [1]]
    """  # noqa: E501 - a doctest line cannot be broken
    edges = {day for one in days for day in (one.first, one.last)}
    covering = {tuple(i for i, one in enumerate(days) if day in one) for day in edges}
    return frozenset(frozenset(cover[start:]) for cover in covering for start in range(len(cover)))


def _since(now: Callable[[], float]) -> Callable[[], float]:
    started = now()
    return lambda: now() - started


def _earlier(release: Release, count: str) -> Earlier:
    name = f"{release.period}-r{release.revision}"
    return Earlier(name, release.frozen[count], release.printed[count], releases.has_open_figures(release.period))


def _days(material: Material) -> Period:
    return closed_period_of(material.period)
