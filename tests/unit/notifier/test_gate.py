# SPDX-License-Identifier: EUPL-1.2
"""What may be shown: the gate at its borders, the attacker on a year of alerts, the words of every text."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier import alerts, messages, pages
from services.notifier.alerts import Alert, Facts
from services.notifier.calendar import happenings
from services.notifier.gate import Band, Tally, admit, band, climb, may_change, refusal
from services.notifier.messages import BODIES, LINKS, SUBJECTS, TEXTS, Labels
from services.notifier.rhythm import floods, lulls, without
from services.notifier.series import Area, SeriesCase
from services.notifier.service import labels_of
from services.notifier.subscriptions import Slots, due_at, next_slot
from shared.vocabulary import lint
from tests.unit.notifier.attack_alerts import Claim, attack
from tests.unit.notifier.room import CITY, START, case, quiet_past, tension
from tests.unit.notifier.season import RULE, city_codes, shown_states


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Tally(5, 3, 2, 0.6), None), (Tally(4, 3, 2, 0.5), "few-signals"), (Tally(5, 2, 2, 0.6), "few-partners"),
        (Tally(5, 3, 1, 0.6), "few-days"), (Tally(10, 3, 2, 0.61), "one-source"),
    ],
)  # fmt: skip
def test_given_a_tally_at_the_border_when_judged_then_only_enough_passes(found: Tally, why: str | None) -> None:
    assert refusal(found, RULE) == why


@given(st.integers(5, 100_000), st.integers(5, 100_000))
def test_given_two_counts_when_banded_then_each_lies_in_its_band_and_order_is_kept(one: int, other: int) -> None:
    a, b = band(one, smallest=5), band(other, smallest=5)

    assert a.low <= one <= a.high
    assert a == b or (a.high < b.low) == (one < other)
    assert a.high - a.low >= 4


def test_given_a_vague_place_when_climbing_then_it_is_left_out_at_once() -> None:
    first = next(climb(Area("ras", "onbekend-nvt", "online")))

    assert first == Area("ras", None, None)


def test_given_few_partners_in_a_district_when_admitted_then_the_city_passes_instead() -> None:
    today = START.date()
    here = [case(n, today - dt.timedelta(days=n), source_ref=f"partner-{n % 2}") for n in range(6)]
    there = [
        case(n + 50, today - dt.timedelta(days=n % 3), source_ref=f"partner-{n}", district="elders") for n in range(4)
    ]

    outcomes = list(
        admit(
            [*here, *there],
            Area("ras", None, CITY.districts.in_order[0].code),
            since=today - dt.timedelta(days=20),
            today=today,
            rule=RULE,
        )
    )

    assert outcomes[0].narrow == "few-partners"  # type: ignore[union-attr]  # the first says why the narrowest is refused
    assert outcomes[1].area == Area("ras", None, None)  # type: ignore[union-attr]  # the second is what passes


def test_given_bands_when_one_replaces_another_then_only_with_room_between() -> None:
    assert may_change(Band(5, 9), Band(10, 19), rule=RULE)
    assert not may_change(Band(5, 9), Band(5, 9), rule=RULE)


def test_given_a_season_of_alerts_when_all_are_read_then_no_small_count_follows() -> None:
    today = START.date()
    waves = [
        tension(
            today - dt.timedelta(days=7 * wave),
            signals=6 + 3 * wave,
            partners=4,
            district=CITY.districts.in_order[wave % 3].code,
            grounds=(("ras", "godsdienst")[wave % 2],),
        )
        for wave in range(8)
    ]
    flat = [c for wave in waves for c in wave]
    cases = [*quiet_past(today), *(SeriesCase(**{**_plain(c), "case_id": f"wave-{n}"}) for n, c in enumerate(flat))]
    shown = shown_states(cases, today, 84, every=2)

    kept = [a for a in shown if a.status != "ingetrokken"]
    claims = [
        Claim(
            _name(a),
            _within(a),
            a.facts.observed.low,
            a.facts.observed.high,
            frozenset(_name(b) for b in kept if a is not b and _lies_in(a, b)),
        )
        for a in kept
    ]

    assert len({a.alert_id for a in shown}) >= 2
    assert attack(claims, [c for c in cases if c.kind == "signaal"], k=5) == []


def test_given_a_careless_publisher_when_attacked_then_the_attacker_finds_it() -> None:
    today = START.date()
    cases = [case(n, today) for n in range(6)] + [case(n + 10, today, terrain="onderwijs") for n in range(2)]
    claims = [
        Claim("all", lambda _: True, 8, 9),
        Claim("street", lambda c: c.terrain == "openbare-ruimte", 6, 6, frozenset({"all"})),  # type: ignore[attr-defined]  # a case
    ]

    assert attack(claims, list(cases), k=5)


def _plain(one: SeriesCase) -> dict[str, Any]:
    return {name: getattr(one, name) for name in SeriesCase.__dataclass_fields__}


def _name(alert: Alert) -> str:
    return f"{alert.alert_id}@{alert.changed_at}"


def _lies_in(one: Alert, other: Alert) -> bool:
    days = other.since <= one.since and one.until <= other.until and one.changed_at <= other.changed_at
    return days and one.area.within(other.area)


def _within(alert: Alert) -> Any:
    def holds(one: Any) -> bool:
        known = one.arrived_on <= alert.changed_at.date()
        return known and alert.since <= one.happened_on <= alert.until and alert.area.holds(one)

    return holds


def test_given_every_text_when_linted_then_no_forbidden_word() -> None:
    texts = [text for table in (TEXTS, BODIES, LINKS, SUBJECTS) for words in table.values() for text in words.values()]
    texts += [*alerts.LEVELS.values(), *pages.STEP_LABELS.values(), *pages.VERDICT_LABELS.values()]
    texts += [message.text for message in pages.MESSAGES.values()]

    assert [(text, found) for text in texts if (found := lint(text, where="alert"))] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_given_every_kind_of_alert_when_told_then_no_forbidden_word(language: Any) -> None:
    labels, codes = labels_of([CITY]), city_codes()
    areas = [
        Area(g, t, d)
        for g in (None, *codes.grounds)
        for t in (None, *codes.terrains[:3])
        for d in (None, *codes.districts)
    ]
    faults = {(area, word) for area in areas for word in lint(_told(area, labels, language), where="alert")}

    assert faults == set()


def _told(area: Area, labels: Labels, language: Any) -> str:
    facts = Facts(
        Band(5, 9), Band(0, 2), Band(3, 4), 0.4, 0.9, (), ("campaign", "batches", "late-uploads"), climbed=True
    )
    now = START
    alert = Alert(
        "a", CITY.code, area, now.date(), now.date(), 1, "signaleer", "open", facts, 6, now, now, now, now.date()
    )
    return f"{messages.why(alert, labels, language)} {messages.says_not(language)}"


def test_given_the_calendar_when_its_labels_are_linted_then_no_forbidden_word() -> None:
    found = happenings(CITY.calendar, dt.date(2026, 1, 1), dt.date(2027, 12, 31))

    assert [one.label.nl for one in found if lint(one.label.nl, where="alert")] == []


@pytest.mark.parametrize(
    ("now", "rhythm", "due"),
    [
        ("2026-03-28T20:00:00Z", "direct", "2026-03-29T07:00:00Z"),  # the night in which an hour is skipped
        ("2026-10-24T20:00:00Z", "direct", "2026-10-25T08:00:00Z"),  # the night in which an hour comes twice
        ("2026-11-03T08:00:00Z", "direct", "2026-11-03T08:00:00Z"),
        ("2026-11-03T08:00:01Z", "direct", "2026-11-03T14:00:00Z"),
        ("2026-12-31T20:00:00Z", "dagelijks", "2027-01-01T08:00:00Z"),
        ("2026-12-30T20:00:00Z", "wekelijks", "2027-01-04T08:00:00Z"),  # over week 53
        ("2026-12-15T20:00:00Z", "maandelijks", "2027-01-01T08:00:00Z"),
    ],
)
def test_given_a_moment_when_something_happens_then_it_leaves_at_a_fixed_local_hour(
    now: str, rhythm: Any, due: str
) -> None:
    slots = Slots((9, 15), CITY.timezone)

    assert due_at(rhythm, dt.datetime.fromisoformat(now), slots) == dt.datetime.fromisoformat(due)


def test_given_any_slot_hour_when_clocks_change_then_a_slot_is_found() -> None:
    for hour in range(24):
        slots = Slots((hour,), CITY.timezone)
        for night in (dt.datetime(2026, 3, 28, 22, tzinfo=dt.UTC), dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC)):
            assert night <= next_slot(night, slots) <= night + dt.timedelta(hours=26)


def test_given_a_partner_that_stops_when_looked_at_then_it_is_quiet_and_the_others_are_not() -> None:
    today = START.date()
    steady = [case(n, today - dt.timedelta(days=3 * n), source_ref="steady") for n in range(40)]
    stopped = [case(n + 100, today - dt.timedelta(days=60 + 3 * n), source_ref="stopped") for n in range(40)]
    monthly = [case(n + 200, today - dt.timedelta(days=50 + 28 * n), source_ref="monthly") for n in range(10)]

    found = {(lull.source_ref, lull.kind) for lull in lulls([*steady, *stopped, *monthly], today)}

    assert found == {("stopped", "quiet"), ("monthly", "late-batch")}


def test_given_a_flood_when_taken_out_then_the_rest_stays() -> None:
    today = START.date()
    usual = quiet_past(today)
    flood = [case(n, today, source_ref="flooder") for n in range(500)]

    (found,) = floods([*usual, *flood])

    assert (found.source_ref, found.signals) == ("flooder", 500)
    assert without([*usual, *flood], [found]) == usual
