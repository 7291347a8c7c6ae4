# SPDX-License-Identifier: EUPL-1.2
"""A year of alerts and of quarterly releases, read together: no count under five may follow."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from services.notifier.alerts import Alert
from services.notifier.evaluate import claim_of
from services.notifier.series import Area, SeriesCase
from services.stats import alert_claims, catalogue_files, publishing
from services.stats.alert_claims import Claim
from services.stats.catalogues import SEVERAL, TOTAL, Catalogue
from services.stats.facts import Facts
from services.stats.periods import Period, named
from services.stats.publishing import Material
from services.stats.releases import PrintedCount
from tests.privacy.reader import ALL, Finding, Printed, Told, World, read_all, truth_of
from tests.unit.notifier.room import CITY, case
from tests.unit.notifier.season import city_codes, shown_states

K = 5
QUARTERS = ("2026-K1", "2026-K2", "2026-K3", "2026-K4")
CODES = city_codes()
ORDER = {"grond": CODES.grounds, "wijk": CODES.districts, "terrein": CODES.terrains}


def catalogue(*tables: tuple[str, ...]) -> Catalogue:
    """The catalogue as it is, with these tables of partners' signals alone."""
    whole = catalogue_files.load().of(CITY.code)
    count = whole.count("signaal")
    assert count is not None
    return replace(whole, counts=(replace(count, tables=tables),))


def facts_of(one: SeriesCase) -> Facts:
    week = one.happened_on.isocalendar()
    return Facts(
        municipality=one.municipality, kind=one.kind, grounds=one.grounds, subgrounds=(), terrain=one.terrain,
        nature="onbekend", handling=(), reporter_role="onbekend", anonymity="onbekend", residency="onbekend",
        incident_place="onbekend", district=one.district, incident_week=f"{week.year}-W{week.week:02d}",
        registered_on=one.arrived_on, age_band="onbekend", mass_event=one.mass_event, source_ref=one.source_ref,
        record_key=0,
    )  # fmt: skip


def released(
    cases: Sequence[SeriesCase], quarter: str, told: Sequence[Claim], tables: tuple[tuple[str, ...], ...]
) -> PrintedCount:
    """What the quarter's release prints, by the code that makes releases."""
    period = named(quarter)
    assert period is not None
    book = catalogue(*tables)
    near = tuple(c for c in told if alert_claims.touches(c, period))
    around = [(c.case_id, facts_of(c)) for c in cases if c.arrived_on in alert_claims.reach(near, period)]
    frozen = {
        count.id: publishing.freeze([(i, f) for i, f in around if f.registered_on in period], count, ORDER)
        for count in book.counts
    }
    made_at = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    material = Material(
        quarter, CITY.code, quarter, 1, book, ORDER, frozen, (), "Noor", made_at, None, near, tuple(around)
    )
    return publishing.make(material, now=time.monotonic).printed["signaal"]


def claims_of(shown: Sequence[Alert]) -> list[Claim]:
    """What the events of the alerts carried, the newest of each."""
    newest = {a.alert_id: claim_of(a, a.changed_at.date()) for a in shown if a.status != "ingetrokken"}
    return [Claim(c.kind, c.ground, c.terrain, c.district, c.first, c.last, c.at_least) for c in newest.values()]


def codes_of(names: Sequence[str], area: Area) -> tuple[str, ...]:
    named_codes = {"grond": area.ground, "wijk": area.district, "terrein": area.terrain}
    return tuple(named_codes[name] or ALL for name in names)


def ends(alert: Alert) -> tuple[int, int]:
    return alert.facts.observed.low, alert.facts.observed.high


def read(cases: Sequence[SeriesCase], shown: Sequence[Alert], printed: dict[str, PrintedCount]) -> list[Finding]:
    """What the reader finds in alerts and tables together."""
    names = next(iter(printed.values())).names
    quarters: list[Period] = [p for q in printed if (p := named(q)) is not None]
    before = (dt.date(2000, 1, 1), quarters[0].first - dt.timedelta(days=1))
    by_alert: dict[str, list[Alert]] = {}
    for alert in shown:
        if alert.status != "ingetrokken":
            by_alert.setdefault(alert.alert_id, []).append(alert)
    told = [
        Told(key, stage, codes_of(names, a.area), a.since, a.changed_at.date(), *ends(a))
        for key, states in by_alert.items()
        for stage, a in enumerate(states, start=1)
    ]  # fmt: skip
    numbers = [
        Printed(tuple(ALL if c == TOTAL else c for c in place), number, value)
        for number, count in enumerate(printed.values(), start=1)
        for place, value in count.cells.items()
        if value is not None
    ]
    lists = {"grond": (*CODES.grounds, SEVERAL), "wijk": CODES.districts, "terrein": CODES.terrains}
    world = World(
        tuple(lists[name] for name in names), (before, *((p.first, p.last) for p in quarters)),
        tuple(told), tuple(numbers), {}, frozenset({SEVERAL}),
    )  # fmt: skip
    standing = []
    for one in cases:
        facts = facts_of(one)
        place = {
            "grond": facts.grounds[0] if len(facts.grounds) == 1 else SEVERAL,
            "wijk": one.district,
            "terrein": one.terrain,
        }
        entered = next(
            ((a.alert_id, s) for states in by_alert.values() for s, a in enumerate(states, start=1) if _in(a, one)),
            ("", 0),
        )
        standing.append((tuple(place[name] for name in names), one.arrived_on, *entered))
    return read_all(replace(world, truth=truth_of(world, standing)), k=K)


def _in(alert: Alert, one: SeriesCase) -> bool:
    known = one.arrived_on <= alert.changed_at.date()
    return known and alert.since <= one.happened_on <= alert.until and alert.area.holds(one)


def a_year(seed: int) -> list[SeriesCase]:
    """Two years of sparse signals, with a wave of one seldom ground in one district every few weeks of the last.

    So sparse that a quarter's cell often holds a wave and one or two others: what careless tables give away.
    """
    dice = Random(seed)
    end = dt.date(2026, 12, 31)
    grounds, districts, terrains = CODES.grounds[:5], CODES.districts[:4], CODES.terrains[:4]
    made = []
    for back in range(2 * 365):
        day = end - dt.timedelta(days=back)
        for _ in range(dice.choices((0, 1, 2), (5, 4, 1))[0]):
            picked = (dice.choices(grounds, (10, 8, 2, 2, 2))[0],)
            made.append((day, picked, dice.choice(terrains), dice.choice(districts), dice.randrange(6)))
    for wave in range(14):
        start = end - dt.timedelta(days=20 + 25 * wave + dice.randrange(6))
        ground, district, setting = dice.choice(grounds[2:]), dice.choice(districts), dice.choice(terrains)
        made += [
            (start + dt.timedelta(days=dice.randrange(16)), (ground,), setting, district, dice.randrange(5))
            for _ in range(dice.choice((6, 7, 8, 11)))
        ]
        made.append((start + dt.timedelta(days=24), (ground,), terrains[0], district, 5))
    return [
        case(n, day, grounds=g, terrain=t, district=d, source_ref=f"partner-{p}")
        for n, (day, g, t, d, p) in enumerate(sorted(made))
    ]


@pytest.fixture(scope="module")
def year() -> tuple[list[SeriesCase], list[Alert]]:
    cases = a_year(3)
    return cases, shown_states(cases, dt.date(2026, 12, 31), 364, every=3)


@pytest.mark.parametrize("tables", [(("grond",), ("wijk",), ("grond", "wijk")), (("terrein",),)])
def test_given_a_year_of_alerts_and_releases_when_all_are_read_then_no_small_count_follows(
    year: tuple[list[SeriesCase], list[Alert]], tables: tuple[tuple[str, ...], ...]
) -> None:
    cases, shown = year
    told = claims_of(shown)

    printed = {quarter: released(cases, quarter, told, tables) for quarter in QUARTERS}

    assert len(told) >= 8
    assert all(not count.withheld for count in printed.values())
    assert read(cases, shown, printed) == []


def test_given_releases_that_forget_the_alerts_when_all_are_read_then_the_reader_finds_it(
    year: tuple[list[SeriesCase], list[Alert]],
) -> None:
    cases, shown = year
    tables = (("grond",), ("wijk",), ("grond", "wijk"))

    printed = {quarter: released(cases, quarter, [], tables) for quarter in QUARTERS}

    assert read(cases, shown, printed)


def test_given_a_quarter_with_little_beside_the_alert_when_printed_in_full_then_the_reader_finds_it() -> None:
    first, last = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
    told = Told("a", 1, ("ras",), dt.date(2026, 8, 3), dt.date(2026, 8, 20), 5, 9)
    world = World((("ras", "leeftijd"),), ((first, last),), (told,), (Printed(("ras",), 0, 7),), {})
    cases = [(("ras",), dt.date(2026, 8, 10), "a", 1)] * 6 + [(("ras",), dt.date(2026, 9, 20), "", 0)]

    careless = read_all(replace(world, truth=truth_of(world, cases)), k=K)
    careful = read_all(replace(world, printed=(), truth=truth_of(world, cases)), k=K)

    assert {(one.low, one.high, one.true) for one in careless} == {(0, 2, 1)}
    assert careful == []


def test_given_bands_that_are_too_narrow_when_an_alert_grows_then_the_reader_finds_what_came_between() -> None:
    first, last = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
    states = (
        Told("a", 1, ("ras",), dt.date(2026, 8, 3), dt.date(2026, 8, 10), 9, 9),
        Told("a", 2, ("ras",), dt.date(2026, 8, 3), dt.date(2026, 8, 12), 10, 12),
    )
    world = World((("ras",),), ((first, last),), states, (), {})
    cases = [(("ras",), dt.date(2026, 8, 5), "a", 1)] * 9 + [(("ras",), dt.date(2026, 8, 11), "a", 2)] * 2

    found = read_all(replace(world, truth=truth_of(world, cases)), k=K)

    assert {(one.low, one.high, one.true) for one in found} == {(1, 3, 2)}
