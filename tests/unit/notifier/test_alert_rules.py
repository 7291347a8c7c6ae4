# SPDX-License-Identifier: EUPL-1.2
"""The rules of an alert's life and of who hears of it, at their borders."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier import alerts, messages, sightings
from services.notifier.addresses import is_public, webhook_fault
from services.notifier.alerts import Alert, Facts, Sighting
from services.notifier.detector import Alarm
from services.notifier.gate import Band, GateRule, Tally
from services.notifier.series import Area
from services.notifier.service import labels_of
from services.notifier.shown import as_wire, proposed_step, restored, state_of
from services.notifier.sightings import Past
from services.notifier.subscriptions import (
    BACK_OFF,
    Slots,
    Subscription,
    address_fault,
    after_quiet,
    due_at,
    masked,
    muted,
    next_slot,
    opened_address,
    retry_at,
    sealed_address,
    subscription_of,
    token,
    wants,
)
from tests.unit.notifier.room import CITY, HERE, START, case
from tests.unit.notifier.season import QUICK, city_codes

RULE = GateRule()
AREA = Area("ras", None, HERE)
SLOTS = Slots((9, 15), ZoneInfo("Europe/Amsterdam"))
SECRET = b"s" * 32
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(
    lambda n: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=n)
)


def alert(**more: Any) -> Alert:
    facts = Facts(Band(5, 9), Band(0, 2), Band(5, 9), 0.4, 0.9)
    day = START.date()
    plain = Alert("a", CITY.code, AREA, day, day, 1, "signaleer", "open", facts, 6, START, START, START, day)
    return replace(plain, **more)


def seen(signals: int, *, partners: int = 5, chance: float = 2.0, campaign: bool = False) -> Sighting:
    day, found = START.date() + dt.timedelta(days=3), Tally(signals, partners, 4, 0.3)
    return Sighting(AREA, START.date(), day, found, Band(0, 2), chance, 0.9, (), (), campaign, climbed=False)


@pytest.mark.parametrize(
    ("sighting", "level"),
    [
        (seen(12, chance=0.4), 2), (seen(12, chance=0.6), 1), (seen(12, chance=0.0), 1),
        (seen(12, partners=4, chance=0.4), 1), (seen(12, chance=0.4, campaign=True), 1),
    ],
)  # fmt: skip
def test_given_what_is_seen_when_judged_then_the_machine_gives_one_or_two(sighting: Sighting, level: int) -> None:
    assert alerts.level_of(sighting) == level


def test_given_the_same_band_and_level_when_seen_again_then_not_grown() -> None:
    assert alerts.grown(alert(), seen(8), now=START, rule=RULE) is None


def test_given_a_higher_band_when_seen_again_then_grown_with_a_later_expiry() -> None:
    after = alerts.grown(alert(), seen(12), now=START, rule=RULE)

    assert after is not None
    assert (after.facts.observed, after.until, after.expires_at) == (
        Band(10, 19), START.date() + dt.timedelta(days=3), START + alerts.LASTING,
    )  # fmt: skip


def test_given_an_interpreted_alert_when_it_grows_then_the_date_somebody_gave_stands() -> None:
    after = alerts.grown(alert(status="geduid"), seen(12), now=START, rule=RULE)

    assert after is not None
    assert after.expires_at == START


def test_given_only_a_higher_level_when_seen_again_then_the_counts_stay_as_shown() -> None:
    after = alerts.grown(alert(), seen(8, chance=0.4), now=START, rule=RULE)

    assert after is not None
    assert (after.level, after.facts.observed) == (2, Band(5, 9))


def test_given_bands_so_near_that_they_tell_the_difference_when_seen_again_then_not_shown() -> None:
    strict = GateRule(signals=15)
    shown = alert(facts=replace(alert().facts, observed=Band(5, 9)))

    assert alerts.grown(shown, seen(19), now=START, rule=strict) is None


@pytest.mark.parametrize(
    ("partners", "a_week_before", "change"), [(6, 0, "grown"), (6, 4, "grown"), (6, 24, None), (1, 0, None)]
)
def test_given_an_alert_that_lives_when_more_comes_then_it_grows_only_by_what_many_send_and_more_than_usual(
    partners: int, a_week_before: int, change: str | None
) -> None:
    alive, today = alert(), START.date() + dt.timedelta(days=3)
    before = [case(1_000 * week + n, alive.since - dt.timedelta(weeks=week, days=n % 7))
              for week in range(1, 110) for n in range(a_week_before)]  # fmt: skip
    now = [case(n, alive.since + dt.timedelta(days=n % 4), source_ref=f"partner-{n % partners}") for n in range(14)]
    past = Past(CITY.code, [*before, *now], (), city_codes(), RULE, QUICK)
    alarm = Alarm(0, 0, -1, 0, 9.0, 14, 1.0, 0, 2, 0, 2.0, 0.9, partners, 0.3, above=True, allowed_for=())

    found = sightings._Book(past, past.cases, today, START, [alive])._grown(alive, alarm)

    assert (found.change if found else None) == change


@pytest.mark.parametrize(
    ("found", "observed", "partners"),
    [(Tally(6, 5, 2, 0.3), None, None), (Tally(6, 4, 2, 0.3), Band(5, 9), Band(3, 4))],
)
def test_given_what_is_left_when_lowered_then_only_when_a_band_falls(
    found: Tally, observed: Band | None, partners: Band | None
) -> None:
    after = alerts.lowered(alert(level=2), found, now=START, rule=RULE)

    shown = (after.facts.observed, after.facts.partners, after.level, after.facts.lowered) if after else (None, None)
    assert shown == ((observed, partners, 1, True) if observed else (None, None))


def test_given_facts_kept_before_lowering_was_said_when_read_then_not_lowered() -> None:
    stored = {name: value for name, value in alert().facts.as_json().items() if name != "lowered"}

    assert Facts.from_json(stored) == alert().facts


@pytest.mark.parametrize(
    ("given_alert", "status"),
    [
        (alert(), "verlopen"),
        (alert(status="geduid", step="onderzoek", verdict="spanning"), "open"),
        (alert(status="geduid", step="onderzoek", verdict="onbekend"), "open"),
        (alert(status="geduid", step="onderzoek", verdict="ruis"), "verlopen"),
        (alert(status="geduid", step="vieren-en-verbeteren", verdict="spanning"), "verlopen"),
    ],
)
def test_given_a_date_that_passes_when_nobody_acts_then_open_again_only_what_is_not_settled(
    given_alert: Alert, status: str
) -> None:
    assert alerts.after_expiry(given_alert, now=START).status == status


def test_given_an_alert_seen_another_day_when_open_then_it_lives_on_and_when_interpreted_it_does_not() -> None:
    assert alerts.still_seen(alert(), now=START).expires_at == START + alerts.AGAIN
    assert alerts.still_seen(alert(status="geduid"), now=START).expires_at == START


@pytest.mark.parametrize(
    ("given_alert", "step"),
    [
        (alert(), "onderzoek"), (alert(level=2), "delen-en-duiden"), (alert(level=0), "onderzoek"),
        (alert(step="ontwikkel"), "pak-aan"), (alert(step="vieren-en-verbeteren"), "vieren-en-verbeteren"),
    ],
)  # fmt: skip
def test_given_a_step_when_the_next_is_proposed_then_never_further_than_one(given_alert: Alert, step: str) -> None:
    assert proposed_step(given_alert) == step


@pytest.mark.parametrize("level", [True, False])
def test_given_what_an_interpretation_changes_when_restored_then_as_before(level: bool) -> None:
    before = alert()
    changed = alerts.interpreted(
        before, step="onderzoek", verdict="ruis", owner="x", expires_at=None, now=START, level=3 if level else None
    )

    assert replace(changed, **restored(state_of(before, level=level))) == before


def test_given_a_whole_city_when_shown_then_the_place_is_the_municipality() -> None:
    wire = as_wire(alert(area=Area(None, None, None), retraction="by-hand"), labels_of([CITY]))

    assert wire["gebied"] == {"soort": "gemeente", "code": CITY.code}
    assert "medewerker" in wire["intrekking"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"chance_per_year": 3.2}, "3 keer per jaar"),
        ({"chance_per_year": 0.2}, "minder dan één keer"),
        ({"chance_per_year": 0.0}, "organisaties. De gegevens"),
        ({"allowed_for": ("not-enough-history",)}, "voorzichtig"),
        (
            {"allowed_for": ("campaign", "newcomer", "batches")},
            "een campagne, een nieuwe partner en een partner die in",
        ),
        ({"climbed": True}, "ruimer genomen"),
        ({"lowered": True}, "verlaagd"),
        ({"observed": Band(5, 5), "expected": Band(1_000, 2_000)}, "5 signalen"),
        ({"completeness": 0.87}, "87% compleet"),
    ],
)
def test_given_facts_when_told_then_each_has_its_sentence(facts: dict[str, Any], said: str) -> None:
    told = messages.why(alert(facts=replace(alert().facts, **facts)), labels_of([CITY]))

    assert said in told


def test_given_a_place_and_a_setting_when_told_then_both_are_named() -> None:
    narrow = alert(area=Area("ras", "onderwijs", HERE))

    told = messages.why(narrow, labels_of([CITY]), "en")

    assert CITY.districts.label(HERE) in told
    assert "(" in told


def subscription(**more: Any) -> Subscription:
    plain = Subscription("sub-1", CITY.code, "Sam", "adv", "mail", b"", (), (), 1, "direct", "nl", "actief", START)
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("more", "area", "level", "wanted"),
    [
        ({}, AREA, 1, True),
        ({"status": "gepauzeerd"}, AREA, 1, False),
        ({"municipality": "GM0001"}, AREA, 1, False),
        ({"level": 2}, AREA, 1, False),
        ({"districts": (HERE,)}, AREA, 1, True),
        ({"districts": ("x",)}, AREA, 1, False),
        ({"districts": ("x",)}, Area("ras", None, None), 1, True),
        ({"grounds": ("leeftijd",)}, AREA, 1, False),
        ({"grounds": ("leeftijd",)}, Area(None, None, None), 1, True),
    ],
)
def test_given_a_subscription_when_matched_then_area_ground_and_level_decide(
    more: dict[str, Any],
    area: Area,
    level: int,
    wanted: bool,
) -> None:
    assert wants(subscription(**more), municipality=CITY.code, area=area, level=level) is wanted


def test_given_no_hour_when_a_slot_is_asked_then_it_says_so() -> None:
    with pytest.raises(ValueError, match="no hour"):
        next_slot(START, Slots((), SLOTS.timezone))


@given(
    MOMENTS,
    st.sampled_from([(21, 8), (1, 6), (0, 7)]),
)
def test_given_any_moment_when_quiet_hours_are_kept_then_it_is_not_within_them_and_never_early(
    moment: dt.datetime, quiet: tuple[int, int]
) -> None:
    slots = Slots((9,), SLOTS.timezone, quiet)

    after = after_quiet(moment, slots)

    hour = after.astimezone(slots.timezone).hour
    begin, end = quiet
    inside = (hour >= begin or hour < end) if begin > end else begin <= hour < end
    assert not inside
    assert moment <= after <= moment + dt.timedelta(hours=13)


def test_given_no_quiet_hours_when_kept_then_any_moment_is_fine() -> None:
    assert after_quiet(START, replace(SLOTS, quiet=(0, 0))) == START


@given(
    MOMENTS,
    st.sampled_from(["direct", "dagelijks", "wekelijks", "maandelijks"]),
)
def test_given_any_moment_when_a_rhythm_is_kept_then_later_at_a_fixed_hour_within_the_rhythm(
    moment: dt.datetime, rhythm: Any
) -> None:
    due = due_at(rhythm, moment, SLOTS)

    local = due.astimezone(SLOTS.timezone)
    longest = {"direct": 1, "dagelijks": 2, "wekelijks": 8, "maandelijks": 32}[rhythm]
    assert moment <= due <= moment + dt.timedelta(days=longest)
    assert local.hour in SLOTS.hours
    assert rhythm != "wekelijks" or local.weekday() == 0
    assert rhythm != "maandelijks" or local.day == 1


def test_given_attempts_when_the_last_has_failed_then_given_up() -> None:
    assert retry_at(len(BACK_OFF), START) == START + BACK_OFF[-1]
    assert retry_at(len(BACK_OFF) + 1, START) is None


@pytest.mark.parametrize(
    ("channel", "address", "good"),
    [
        ("mail", "a@example.org", True), ("mail", "a@b", False), ("mail", f"{'a' * 330}@b.nl", False),
        ("mail", "a@b.nl\u200b", False), ("mail", "a@b.nl,c@d.nl", False), ("webhook", "https://hook.example/x", True),
        ("webhook", "https://hook.example:99999/", False), ("webhook", "https://hook.local/", False),
        ("bestand", "team-wijk", True), ("bestand", "../elders", False), ("bestand", "Team", False),
    ],
)  # fmt: skip
def test_given_an_address_when_judged_then_by_its_channel(channel: Any, address: str, good: bool) -> None:
    assert (address_fault(channel, address) is None) is good


def test_given_tests_on_one_machine_when_private_is_allowed_then_a_loopback_webhook_may_be() -> None:
    assert webhook_fault("https://127.0.0.1:8443/", allow_private=True) is None
    assert not is_public("2001:0:7f00:1::")


@pytest.mark.parametrize(
    ("channel", "address", "shown"), [("bestand", "team", "team"), ("mail", "jan@b.nl", "j...@b.nl")]
)
def test_given_an_address_when_masked_then_little_is_left(channel: Any, address: str, shown: str) -> None:
    assert masked(channel, address) == shown


def test_given_a_sealed_address_when_opened_then_only_with_its_own_secret_and_subscription() -> None:
    kept = subscription(address=sealed_address(SECRET, "sub-1", "a@b.nl"))

    assert opened_address(SECRET, kept) == "a@b.nl"
    for secret, other in ((b"x" * 32, kept), (SECRET, replace(kept, subscription_id="sub-2"))):
        with pytest.raises(ValueError, match="another secret"):
            opened_address(secret, other)


def test_given_a_token_when_shown_then_only_for_its_own_purpose() -> None:
    mine = token(SECRET, "leave", "sub-1")

    assert subscription_of(SECRET, "leave", mine) == "sub-1"
    assert subscription_of(SECRET, "confirm", mine) is None
    assert subscription_of(SECRET, "leave", "sub-2." + mine.partition(".")[2]) is None
    assert subscription_of(SECRET, "leave", "é") is None


@pytest.mark.parametrize(("mute", "covers"), [((None, None), True), (("ras", None), True), (("ras", "x"), False)])
def test_given_a_mute_when_held_against_an_area_then_what_it_leaves_open_covers_all(
    mute: tuple[str | None, str | None],
    covers: bool,
) -> None:
    assert muted(AREA, [mute]) is covers
