# SPDX-License-Identifier: EUPL-1.2
"""The invented history: always the same, always acceptable, and with everything in it that a demo must show."""

import collections
import datetime as dt
import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.demo import invented, stories
from services.demo.history import parse
from services.demo.invented import Planted
from services.demo.stories import fitting
from services.demo.world import BUREAU, HISTORY_DAYS, MASS_REPORT, PARTNERS, TENSIONS, Tension
from services.intake.signals import Rules
from services.intake.signals import parse as parse_signal
from services.notifier.calendar import Happening, happenings
from shared import vocabulary
from shared.municipalities import Municipality, load
from shared.vocabulary import Text

TODAY: Final = dt.date(2026, 11, 23)
BOTH: Final = load().all
# How few and how many signals a demo may hold, so that it fills the tables and still replays within seconds.
SIZE: Final = range(1500, 2501)

Told = dict[str, Any]


def campaigns(one: Municipality, today: dt.date = TODAY) -> list[Happening]:
    moments = happenings(one.calendar, today - dt.timedelta(days=HISTORY_DAYS), today)
    return [moment for moment in moments if moment.effect == "visibility"]


@cache
def history(one_code: str) -> tuple[Told, ...]:
    one = load().get(one_code)
    return tuple(invented.history(one, today=TODAY, campaigns=campaigns(one)))


def planted(one: Municipality, today: dt.date = TODAY) -> tuple[Planted, ...]:
    return invented.planted(one, today=today, campaigns=campaigns(one, today))


def signals(told: Sequence[Told], *, adv: bool) -> list[Told]:
    return [line["signaal"] for line in told if line["adv"] is adv]


both = pytest.mark.parametrize("one", BOTH, ids=lambda one: one.slug)


@both
def test_given_the_same_day_and_seed_when_made_twice_then_the_history_is_the_same(one: Municipality) -> None:
    again = list(invented.history(one, today=TODAY, campaigns=campaigns(one)))

    assert json.dumps(again) == json.dumps(history(one.code))


def test_given_another_seed_when_made_then_the_history_is_another() -> None:
    one = load().default

    assert list(invented.history(one, today=TODAY, campaigns=campaigns(one), seed=1)) != list(history(one.code))


@both
def test_given_the_history_when_read_as_a_file_then_every_line_is_good_and_in_order(one: Municipality) -> None:
    lines = list(parse(json.dumps(line) for line in history(one.code)))

    assert len(lines) in SIZE
    assert lines[0].op.date() >= TODAY - dt.timedelta(days=HISTORY_DAYS)
    assert TODAY - dt.timedelta(days=4) <= lines[-1].op.date() < TODAY


@both
def test_given_the_history_when_intake_reads_its_signals_then_all_are_accepted(one: Municipality) -> None:
    for line in parse(json.dumps(told) for told in history(one.code)):
        today = line.op.astimezone(one.timezone).date()
        rules = Rules(vocabulary.load(), one.districts, today, line.adv)
        parse_signal(json.dumps(line.signal).encode(), rules)


@both
def test_given_the_history_when_its_senders_are_counted_then_twelve_partners_and_the_bureau_report(
    one: Municipality,
) -> None:
    senders = collections.Counter((line["partner"], line["adv"]) for line in history(one.code))

    assert {name for name, _ in senders} == {partner.name for partner in PARTNERS} | {one.bureau.name}
    assert [name for name, adv in senders if adv] == [one.bureau.name]
    assert min(senders.values()) >= 20


@both
def test_given_the_history_when_its_kinds_are_counted_then_only_the_bureau_registers(one: Municipality) -> None:
    told = history(one.code)
    registered = collections.Counter(signal["soort"] for signal in signals(told, adv=True))

    assert {signal["soort"] for signal in signals(told, adv=False)} == {"signaal"}
    assert registered.keys() == {"melding", "klacht", "eigen-waarneming"}
    assert 0.7 <= sum(not line["adv"] for line in told) / len(told) <= 0.9
    assert not any("behandeling" in signal for signal in signals(told, adv=False))


@both
def test_given_the_history_when_its_grounds_are_counted_then_origin_leads_and_none_is_forgotten(
    one: Municipality,
) -> None:
    grounds = collections.Counter(ground for line in history(one.code) for ground in line["signaal"]["gronden"])

    assert grounds.most_common(1)[0][0] == "ras"
    assert 0.3 <= grounds["ras"] / grounds.total() <= 0.5
    assert len(grounds) >= 12


@both
def test_given_the_history_when_its_districts_are_counted_then_all_of_the_municipality_occur(one: Municipality) -> None:
    districts = {line["signaal"]["voorval"]["wijk"] for line in history(one.code)}

    assert districts == one.districts.codes


@both
def test_given_the_history_when_its_texts_are_read_then_people_numbers_and_languages_stand_in_them(
    one: Municipality,
) -> None:
    told = [line["signaal"] for line in history(one.code)]
    texts = [signal.get("toelichting", "") for signal in told]

    assert {signal["taal"] for signal in told} == {"nl", "en", "tr", "pl"}
    assert sum("@example." in text for text in texts) > 50
    assert sum("1234" in text for text in texts) > 50
    assert any(signal["melder"]["naam"].split()[0] in signal["toelichting"] for signal in told if "melder" in signal)
    assert any(signal.get("betrokkenen") for signal in told)
    assert not any("{" in text for text in texts)
    assert len(set(texts)) > 0.7 * len(texts)


@both
def test_given_a_story_when_its_gaps_are_filled_then_the_city_is_named_nowhere(one: Municipality) -> None:
    assert not any(one.name in json.dumps(line["signaal"], ensure_ascii=False) for line in history(one.code))


def test_given_the_mass_report_when_counted_then_it_is_one_event_of_the_bureau_within_days() -> None:
    told = [line for line in history(load().default.code) if "massamelding" in line["signaal"]]
    days = {line["signaal"]["voorval"]["datum"] for line in told}

    assert len(told) == MASS_REPORT.reports
    assert {line["adv"] for line in told} == {True}
    assert {(line["signaal"]["massamelding"], line["signaal"]["soort"]) for line in told} == {
        (MASS_REPORT.event, "melding")
    }
    assert len(days) <= MASS_REPORT.lasts_days


def test_given_the_newcomer_when_its_first_signal_is_looked_up_then_it_came_late_in_the_history() -> None:
    newcomer = next(partner for partner in PARTNERS if partner.joined_days_ago < HISTORY_DAYS)
    sent = [line["op"] for line in history(load().default.code) if line["partner"] == newcomer.name]

    assert min(sent) >= (TODAY - dt.timedelta(days=newcomer.joined_days_ago)).isoformat()


def test_given_the_four_weekly_partner_when_its_days_are_counted_then_it_sends_on_few_of_them() -> None:
    rare = next(partner for partner in PARTNERS if partner.upload == "four-weekly")
    days = {line["op"][:10] for line in history(load().default.code) if line["partner"] == rare.name}
    gaps = {(dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days % 28 for a in days for b in days}

    assert gaps == {0}


def test_given_the_backlog_when_it_arrives_then_two_months_come_on_one_day() -> None:
    late = next(partner for partner in PARTNERS if partner.backlog)
    assert late.backlog
    arrived = TODAY - dt.timedelta(days=late.backlog[1])
    told = [line for line in history(load().default.code) if line["partner"] == late.name]
    batch = [line for line in told if line["op"].startswith(arrived.isoformat())]
    oldest = min(line["signaal"]["voorval"].get("datum", "9") for line in batch)

    assert len(batch) >= 5
    assert (arrived - dt.date.fromisoformat(oldest)).days >= 30


@both
def test_given_a_planted_tension_when_the_history_is_searched_there_then_it_stands_out(one: Municipality) -> None:
    told = [line["signaal"] | {"van": line["partner"]} for line in history(one.code)]
    for tension in planted(one):
        days = (tension.end - tension.start).days + 1
        there = [
            signal
            for signal in told
            if tension.ground == signal["gronden"][0]
            and signal["terrein"] in tension.terrains
            and tension.district in {None, signal["voorval"]["wijk"]}
            and "datum" in signal["voorval"]
        ]
        within = [
            signal
            for signal in there
            if tension.start <= dt.date.fromisoformat(signal["voorval"]["datum"]) <= tension.end
        ]

        assert len(within) >= 10
        assert len({signal["van"] for signal in within}) >= 3
        assert len({signal["voorval"]["datum"] for signal in within}) >= 2
        assert len(within) / days > 3 * (len(there) - len(within)) / (HISTORY_DAYS - days)


def test_given_the_tensions_when_placed_then_one_is_still_fresh_and_all_have_partners_that_exist() -> None:
    names = {partner.name for partner in PARTNERS}

    assert len(TENSIONS) == 3
    assert min(tension.starts_days_ago for tension in TENSIONS) <= 28
    assert all(set(tension.partners) <= names and len(tension.partners) >= 3 for tension in TENSIONS)
    assert BUREAU.name not in names
    assert len({ground for tension in TENSIONS for ground in tension.grounds}) == 6


@pytest.mark.parametrize("tension", TENSIONS, ids=lambda tension: tension.name)
def test_given_a_tension_when_any_of_its_grounds_is_taken_then_there_are_stories_that_fit(tension: Tension) -> None:
    for ground in tension.grounds:
        assert {incident.terrain for incident in fitting(ground, tension.terrains)} <= set(tension.terrains)


def test_given_the_stories_when_checked_against_the_code_lists_then_every_code_exists() -> None:
    lists = vocabulary.load()
    for incident in stories.load().incidents:
        assert incident.ground in lists.grounds
        assert incident.terrain in lists.terrains
        assert incident.nature in lists.natures
        assert incident.subground is None or lists.subgrounds.parent(incident.subground) == incident.ground


def test_given_a_campaign_about_a_tensions_ground_when_planted_then_another_ground_is_taken() -> None:
    one = load().default
    first, *_ = planted(one)
    about = Happening("x", Text("x", "x"), first.start, first.start, "visibility", (first.ground,))

    moved, *_ = invented.planted(one, today=TODAY, campaigns=[about])

    assert moved.ground != first.ground
    assert (moved.start, moved.district) == (first.start, first.district)


def test_given_a_campaign_when_it_runs_then_its_ground_is_reported_more() -> None:
    one = load().default
    first, last = TODAY - dt.timedelta(days=300), TODAY - dt.timedelta(days=241)
    about = Happening("x", Text("x", "x"), first, last, "visibility", ("leeftijd",))

    def counted(running: list[Happening]) -> int:
        told = invented.history(one, today=TODAY, campaigns=running)
        return sum(
            line["signaal"]["gronden"][0] == "leeftijd" and first.isoformat() <= line["op"][:10] <= last.isoformat()
            for line in told
        )

    assert counted([about]) > counted([])


@settings(max_examples=5)
@given(st.dates(dt.date(2025, 1, 1), dt.date(2035, 12, 31)), st.integers(0, 1000))
def test_given_any_day_and_seed_when_made_then_the_history_is_ordered_ends_before_it_and_has_its_size(
    today: dt.date, seed: int
) -> None:
    one = load().default

    told = list(invented.history(one, today=today, campaigns=campaigns(one, today), seed=seed))

    assert [line["op"] for line in told] == sorted(line["op"] for line in told)
    assert told[-1]["op"][:10] < today.isoformat()
    assert len(told) in SIZE
    assert len({tension.ground for tension in planted(one, today)}) == 3
