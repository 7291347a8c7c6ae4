# SPDX-License-Identifier: EUPL-1.2
"""What travels on: a closed list of fields and codes, coarsened at its borders, and no word anybody typed."""

import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.anonymizer import facts, storage
from services.anonymizer.facts import age_band, coded_facts, district, iso_week, mass_code, record_key
from shared import delivery, municipalities, vocabulary
from shared.contracts import SealedSignal, SignalAnonymised
from shared.vocabulary import Code, CodeList, Text
from tests.unit.anonymizer.room import DOUBTFUL, Room, case_id, room, told

SECRET = b"s" * 32
BANDS = vocabulary.load().age_bands


@pytest.fixture
async def anonymizer(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as made:
        yield made


def coded(**changes: Any) -> SignalAnonymised:
    """The facts of a signal."""
    signal = SealedSignal.from_bytes(told(1, **{"text": "", **changes}))
    return coded_facts(signal, revision=1, secret=SECRET, district_of=lambda _: None, age_bands=BANDS)


def test_given_an_extra_field_when_planted_in_the_facts_then_refused() -> None:
    with pytest.raises(ValidationError):
        SignalAnonymised.model_validate({**coded().model_dump(), "reporter_name": "x"})


def test_given_every_field_of_a_signal_filled_when_coded_then_only_codes_and_references_are_left() -> None:
    marks = {
        "text": "Kwikzilver", "reporter_name": "Kwikzilver", "reporter_email": "kwikzilver@x.example",
        "reporter_phone": "0698765432", "reporter_address": "Kwikzilverlaan 1", "persons": ("Kwikzilver",),
        "postcode": "9999ZZ", "mass_event": "kwikzilver-komt-hier", "reporter_born_on": dt.date(1990, 5, 1),
        "incident_on": dt.date(2026, 10, 28),
    }  # fmt: skip

    written = coded(**marks).model_dump_json().lower()

    assert not [one for one in ("kwikzilver", "98765432", "9999", "1990", "05-01", "10-28") if one in written]


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-12-28", "2026-W53"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"),
        ("2024-12-29", "2024-W52"), ("2024-12-30", "2025-W01"), ("2023-01-01", "2022-W52"),
    ],
)  # fmt: skip
def test_given_a_day_at_the_turn_of_a_year_when_coarsened_then_the_week_has_its_own_year(day: str, week: str) -> None:
    assert iso_week(dt.date.fromisoformat(day)) == week


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2026-11-03", "onbekend"),  # not born yet
        (None, "onbekend"),
        ("1850-01-01", "onbekend"),
    ],
)
def test_given_a_birth_date_that_cannot_be_when_coarsened_then_unknown(born: str | None, band: str) -> None:
    born_on = dt.date.fromisoformat(born) if born else None
    open_ended = [one for one in BANDS.in_order if one.upper_age is None and one.lower_age is not None]
    expected = open_ended[0].code if born == "1850-01-01" and open_ended else band

    assert age_band(born_on, on=dt.date(2026, 11, 2), bands=BANDS) == expected


def test_given_each_border_of_the_age_bands_when_the_birthday_comes_then_the_band_changes_that_day() -> None:
    for band in BANDS.in_order:
        if not band.lower_age:
            continue
        birthday = dt.date(2026, 11, 2)
        born_on = birthday.replace(year=birthday.year - band.lower_age)

        assert age_band(born_on, on=birthday, bands=BANDS) == band.code
        assert age_band(born_on, on=birthday - dt.timedelta(days=1), bands=BANDS) != band.code


def test_given_a_leap_day_birth_when_the_year_has_none_then_older_from_the_first_of_march() -> None:
    lowest = min(one.lower_age for one in BANDS.in_order if one.lower_age)
    born_on = dt.date(2004, 2, 29)
    on = dt.date(2004 + lowest, 3, 1) if (2004 + lowest) % 4 else dt.date(2004 + lowest, 2, 29)

    before = age_band(born_on, on=on - dt.timedelta(days=1), bands=BANDS)

    assert before != age_band(born_on, on=on, bands=BANDS)


@pytest.mark.parametrize("postcode", ["SW1A 1AA", "75001", "B-1000", "", "0123AB", "2729 ABC", "２７２９AB"])
def test_given_a_foreign_or_odd_postcode_when_coarsened_then_unknown(postcode: str) -> None:
    known = municipalities.load().default

    assert district("onbekend", postcode, district_of=known.district_of_postcode) == "onbekend"


def test_given_postcodes_when_coarsened_then_only_those_that_decide_give_a_district() -> None:
    for place in municipalities.load().all:
        for area in place.postcodes:
            found = district("onbekend", f"{area.area} AB", district_of=place.district_of_postcode)

            assert found == (area.districts[0] if area.decides else "onbekend")
            assert not (area.decides and len(area.districts) != 1)


def test_given_a_chosen_district_when_the_postcode_says_otherwise_then_the_choice_stands() -> None:
    assert district("online", "2700AA", district_of=lambda _: "elders") == "online"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=80))
def test_given_any_name_of_an_action_when_coded_then_the_same_each_time_and_no_way_back(name: str) -> None:
    code = mass_code(name, secret=SECRET)

    assert code == mass_code(name, secret=SECRET) == mass_code(code, secret=SECRET)
    assert len(code) == len("actie-") + 16
    assert code == name or mass_code(name, secret=b"t" * 32) != code


def test_given_cases_when_their_record_keys_are_made_then_they_fill_32_bits_and_hang_on_the_secret() -> None:
    keys = [record_key(case_id(number), secret=SECRET) for number in range(2_000)]

    assert len(set(keys)) > 1_995
    assert all(0 <= key < 2**32 for key in keys)
    assert max(keys) > 2**31 > min(keys)
    assert record_key(case_id(1), secret=b"t" * 32) != keys[1]
    assert facts.UNKNOWN == "onbekend"


@pytest.mark.parametrize(
    "change",
    [
        {"terrain": "Kwikzilver"}, {"grounds": ("ras", "Kwikzilver")}, {"subgrounds": ("Kwikzilver",)},
        {"nature": "Kwikzilver"}, {"handling": ("Kwikzilver",)}, {"reporter_role": "Kwikzilver"},
        {"anonymity": "Kwikzilver"}, {"residency": "Kwikzilver"}, {"incident_place": "Kwikzilver"},
        {"district": "Kwikzilver"}, {"municipality": "GM9999"}, {"municipality": "Kwikzilver"}, {"grounds": ()},
    ],
    ids=str,
)  # fmt: skip
async def test_given_a_value_that_is_no_code_when_handled_then_a_dead_letter_and_nothing_travels(
    anonymizer: Room, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    await anonymizer.submit(DOUBTFUL, **change)

    async with anonymizer.database.reading() as tx:
        letters = await delivery.dead_letters(tx)
        known = await storage.cases(tx, [case_id(1)])
    assert [one.code for one in letters] == ["uncodable_facts"]
    assert (await anonymizer.published(SignalAnonymised.topic), known) == ([], {})
    assert "Kwikzilver" not in "".join(capsys.readouterr())


async def test_given_signals_of_one_sender_when_handled_then_the_same_reference_and_the_day_of_registration(
    anonymizer: Room,
) -> None:
    for case, source in ((1, "source-aaaa"), (2, "source-aaaa"), (3, "source-bbbb")):
        await anonymizer.submit("", case=case, source_ref=source, registered_on=dt.date(2026, 1, case))

    found = await anonymizer.published(SignalAnonymised.topic)
    assert [one["source_ref"] for one in found] == ["source-aaaa", "source-aaaa", "source-bbbb"]
    assert [one["registered_on"] for one in found] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert "received_at" not in json.dumps(found)


def test_given_bands_with_a_gap_when_an_age_falls_in_it_then_unknown() -> None:
    bands = CodeList("test", (Code("jong", Text("jong", "young"), lower_age=0, upper_age=10),))

    assert age_band(dt.date(1990, 1, 1), on=dt.date(2026, 1, 1), bands=bands) == "onbekend"
