# SPDX-License-Identifier: EUPL-1.2
"""The picture of a month: words without numbers, made once, sent to whoever asked for it."""

import datetime as dt
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.notifier import messages
from services.notifier.channel_mail import Links
from services.notifier.detector import DetectorSettings
from services.notifier.gate import GateRule
from services.notifier.picture import Picture, drawn, month_before
from services.notifier.series import SeriesCase
from services.notifier.service import labels_of
from services.notifier.sightings import Codes, Occurrence, Past
from services.notifier.storage import pictures
from shared import outbox, vocabulary
from shared.access import Role
from shared.vocabulary import lint
from tests.unit.notifier.room import CITY, START, Room, case, notifier, quiet_past, tension
from tests.unit.notifier.sending import SECRET, bundle
from tests.unit.notifier.test_telling import sent, subscribed

OCTOBER = dt.date(2026, 10, 1)
AFTER = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)


def past(cases: Sequence[SeriesCase], *occurrences: Occurrence) -> Past:
    codes = Codes(
        tuple(one.code for one in vocabulary.load().grounds.in_order),
        tuple(one.code for one in vocabulary.load().terrains.in_order),
        tuple(one.code for one in CITY.districts.in_order),
    )
    return Past(CITY.code, cases, occurrences, codes, GateRule(), DetectorSettings())


def picture(cases: Sequence[SeriesCase], *occurrences: Occurrence) -> Picture | None:
    return drawn(past(cases, *occurrences), OCTOBER, held=False, gaps=False, now=AFTER)


def even() -> list[SeriesCase]:
    return quiet_past(dt.date(2026, 11, 1))


def more(count: int, partners: int, **changes: Any) -> list[SeriesCase]:
    return [
        case(n, dt.date(2026, 10, 2) + dt.timedelta(days=n % 28), source_ref=f"partner-{n % partners}", **changes)
        for n in range(count)
    ]


def test_given_an_even_month_when_drawn_then_as_usual() -> None:
    found = picture(even())

    assert found is not None
    assert (found.volume, found.grounds) == ("meestal", ())


@pytest.mark.parametrize(
    ("count", "partners", "volume", "grounds"),
    [(60, 5, "meer", ("leeftijd",)), (14, 5, "meestal", ("leeftijd",)), (14, 1, "meestal", ())],
)
def test_given_a_busy_ground_when_drawn_then_it_is_named_only_when_enough_organisations_saw_it(
    count: int, partners: int, volume: str, grounds: tuple[str, ...]
) -> None:
    found = picture([*even(), *more(count, partners, grounds=("leeftijd",))])

    assert found is not None
    assert (found.volume, found.grounds) == (volume, grounds)


def test_given_a_quieter_month_when_drawn_then_less_than_usual() -> None:
    thinned = [c for n, c in enumerate(even()) if c.arrived_on < OCTOBER or n % 3 == 0]

    found = picture(thinned)

    assert found is not None
    assert found.volume == "minder"


def test_given_a_young_series_when_drawn_then_nothing_is_said_of_more_or_less() -> None:
    found = picture([c for c in even() if c.arrived_on > dt.date(2026, 8, 1)])

    assert found is not None
    assert (found.volume, found.grounds) == ("onbekend", ())


def test_given_what_arrives_after_the_month_when_drawn_then_it_is_the_same_picture() -> None:
    late = [replace(c, case_id=f"l{c.case_id}", arrived_on=dt.date(2026, 11, 3)) for c in more(40, 5)]

    assert picture([*even(), *late]) == picture(even())


def test_given_nothing_ever_arrived_when_drawn_then_no_picture() -> None:
    assert picture([]) is None


def test_given_a_campaign_in_the_month_when_drawn_then_it_is_said() -> None:
    week = Occurrence("Week", dt.date(2026, 9, 30), dt.date(2026, 10, 2), (), expects_more=True)
    later = replace(week, label="Later", start=dt.date(2026, 11, 2), end=dt.date(2026, 11, 3))

    found = picture(even(), week, later)

    assert found is not None
    assert found.context == ("Week",)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("volume", ["meer", "meestal", "minder", "onbekend"])
def test_given_any_picture_when_told_then_no_number_but_the_year_and_no_forbidden_word(
    volume: Any, language: Any
) -> None:
    grounds = tuple(code.code for code in vocabulary.load().grounds.in_order)
    for named in ((), grounds[:1], grounds):
        made = Picture(CITY.code, OCTOBER, volume, named, ("Week",), held=True, gaps=True, made_at=AFTER)

        told = " ".join(messages.picture_lines(made, labels_of([CITY]), language))

        assert re.findall(r"\d+", told) == ["2026"]
        assert lint(told, where="alert") == []


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with notifier(tmp_path) as opened:
        yield opened


async def test_given_a_month_that_is_over_when_looked_at_then_one_picture_read_by_those_who_may(room: Room) -> None:
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs()
    await room.run_jobs(START + dt.timedelta(days=1))

    (found,) = (await room.ask("GET", "/beelden", role=Role.NETWERK)).json()["beelden"]

    assert (found["maand"], found["omvang"]) == ("2026-10", "meestal")
    async with room.database.reading() as tx:
        told = [json.loads(one.envelope.value) for one in await outbox.waiting(tx, limit=50)]
    claims = [one["claim"] for one in told if one.get("level") == 0]
    assert [(one["ground"], one["first"], one["last"], one["at_least"]) for one in claims] == [
        ("ras", "2026-10-01", "2026-10-31", 5),
        (None, "2026-10-01", "2026-10-31", 5),
    ]
    refused = [(await room.ask("GET", "/beelden", role=role)).status_code for role in (Role.RAAD, Role.BEHEER, None)]
    assert refused == [403, 403, 401]
    headers = {"Authorization": f"Bearer {room.token(Role.NETWERK)}", "Accept": "text/html"}
    shown = [await room.client.get(f"/spanningen/beeld{end}", headers=headers) for end in ("", "/2026-10", "/2026-01")]
    assert [one.status_code for one in shown] == [200, 200, 404]
    assert found["tekst"][0] in shown[0].text


async def test_given_the_new_month_when_it_begins_then_monthly_and_level_nought_subscribers_get_one_mail(
    room: Room,
) -> None:
    monthly = await subscribed(room, ritme="maandelijks")
    everything = await subscribed(room, role=Role.NETWERK, niveau=0)
    await subscribed(room, role=Role.GEMEENTE)
    await room.keep([*quiet_past(START.date()), *tension(START.date())])
    await room.run_jobs(dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))  # half past midnight there

    told = await sent(room, dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC))

    pictures_told = sorted(identity for kind, identity in told if kind == "beeld")
    assert pictures_told == sorted([monthly, everything])
    async with room.database.reading() as tx:
        assert [one.month for one in await pictures.listed(tx, CITY.code)] == [dt.date(2026, 11, 1)]


def test_given_a_picture_when_mailed_then_its_link_is_the_page() -> None:
    links = Links.of(bundle(kind="beeld"), public_url="https://x.example", secret=SECRET)

    assert links.read == "https://x.example/spanningen/beeld"


@pytest.mark.parametrize(("day", "month"), [("2026-01-01", "2025-12-01"), ("2026-03-31", "2026-02-01")])
def test_given_a_day_when_asked_for_the_month_before_then_across_years(day: str, month: str) -> None:
    assert month_before(dt.date.fromisoformat(day)) == dt.date.fromisoformat(month)
