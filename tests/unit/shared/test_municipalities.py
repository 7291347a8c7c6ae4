# SPDX-License-Identifier: EUPL-1.2
"""The municipalities that ship, and what happens to files that are wrong."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from shared import municipalities
from shared.errors import Misconfigured, Rejected
from shared.municipalities import SHIPPED, SPECIAL_DISTRICTS, Municipality, load
from shared.vocabulary import lint

BOTH: Final = load().all


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files that a test may spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "municipalities"))


def change(file: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    edit(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def test_given_the_shipped_files_when_loaded_then_there_are_two_and_one_is_the_default() -> None:
    found = load()

    assert [one.code for one in found.all] == ["GM0637", "GM0505"]
    assert found.default.code == "GM0637"
    assert found.get("GM0505") is found.by_slug("dordrecht")
    assert "GM0637" in found
    assert "GM9999" not in found


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.slug)
def test_given_a_shipped_municipality_when_used_then_it_is_complete(one: Municipality) -> None:
    assert one.districts.codes.issuperset(SPECIAL_DISTRICTS)
    assert one.timezone.key == "Europe/Amsterdam"
    assert one.bureau.phone
    assert {"112", "Discriminatie.nl"} <= {line.name for line in one.help_lines}
    assert one.population_on(dt.date(2026, 11, 23))
    assert {"ramadan", "week-tegen-racisme", "keti-koti"} <= {occasion.code for occasion in one.calendar}


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.slug)
def test_given_a_shipped_municipality_when_its_texts_are_linted_then_they_may_be_read(one: Municipality) -> None:
    shown = [text for code in one.districts.in_order for text in (code.label.nl, code.label.en, code.help or "")]
    shown += [part.label for part in one.parts] + [line.when for line in one.help_lines]
    shown += [text for occasion in one.calendar for text in (occasion.label.nl, occasion.label.en)]

    assert {finding for text in shown for finding in lint(text, where="alert")} == set()


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.slug)
def test_given_a_part_of_a_district_when_looked_up_then_the_district_is_found(one: Municipality) -> None:
    assert one.parts
    assert all(one.districts.find(part.label) == part.district for part in one.parts)


def test_given_the_reporting_groups_when_listed_then_they_are_the_nine_of_the_default_municipality() -> None:
    assert load().default.districts.codes == {
        "buytenwegh-de-leyens",
        "centrum",
        "rokkeveen",
        "noordhove-seghwaert",
        "oosterheem",
        "meerzicht",
        "overig-gebied",
        "online",
        "onbekend",
    }


@pytest.mark.parametrize(
    ("postcode", "decided", "possible"),
    [
        ("2728 AB", "noordhove-seghwaert", ("noordhove-seghwaert",)),
        ("2728ab", "noordhove-seghwaert", ("noordhove-seghwaert",)),
        (" 2728 ", "noordhove-seghwaert", ("noordhove-seghwaert",)),
        ("2729AB", None, ("oosterheem",)),
        ("2722 AB", None, ("centrum", "buytenwegh-de-leyens")),
        ("1011AB", None, ()),
        ("27281", None, ()),
        ("2728 ABC", None, ()),
        ("", None, ()),
    ],
)
def test_given_a_postcode_when_asked_for_its_district_then_only_a_confirmed_one_decides(
    postcode: str, decided: str | None, possible: tuple[str, ...]
) -> None:
    one = load().default

    assert one.district_of_postcode(postcode) == decided
    assert one.districts_of_postcode(postcode) == possible


def test_given_population_counts_when_asked_for_a_day_then_the_newest_known_then_is_given() -> None:
    one = load().default

    assert one.population_on(dt.date(2023, 12, 31)) == 125274
    assert one.population_on(dt.date(2024, 1, 1)) == 128424
    assert one.population_on(dt.date(2000, 1, 1)) is None


@pytest.mark.parametrize("find", [lambda: load().get("GM0000"), lambda: load().by_slug("nergens")])
def test_given_an_unknown_municipality_when_asked_for_then_rejected(find: Callable[[], Municipality]) -> None:
    with pytest.raises(Rejected) as refused:
        find()

    assert refused.value.code == "unknown_municipality"


def test_given_a_copy_elsewhere_when_loaded_then_that_folder_counts(folder: Path) -> None:
    change(folder / "index.json", lambda index: index.update(default="GM0505"))

    assert load(folder).default.slug == "dordrecht"


def test_given_an_empty_folder_when_loaded_then_it_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as wrong:
        load(tmp_path)

    assert (wrong.value.code, wrong.value.fields["file"]) == ("municipalities_missing", "index.json")


def _drop_district(document: dict[str, Any], code: str) -> None:
    document["districts"]["codes"] = [one for one in document["districts"]["codes"] if one["code"] != code]


@pytest.mark.parametrize(
    ("file", "edit", "problem"),
    [
        ("index.json", lambda d: d.update(default="GM0001"), "default"),
        ("index.json", lambda d: d.update(municipalities=["GM0637", "GM0637"]), "share a code"),
        ("index.json", lambda d: d.update(municipalities=["../etc"]), "municipalities/0"),
        ("GM0505.json", lambda d: d.update(code="GM0637"), "another one"),
        ("GM0505.json", lambda d: d.update(slug="zoetermeer"), "share a slug"),
        ("GM0505.json", lambda d: d.update(colour="red"), "colour"),
        ("GM0505.json", lambda d: d.update(timezone="Europe/Nergens"), "Nergens"),
        ("GM0505.json", lambda d: d.update(timezone="../../etc/passwd"), ""),
        ("GM0505.json", lambda d: d.update(theme="missing.css"), "theme"),
        ("GM0505.json", lambda d: d["population"].update({"2024-01-01": 0}), "population"),
        ("GM0505.json", lambda d: _drop_district(d, "online"), "district online is missing"),
        ("GM0505.json", lambda d: d["parts"].append({"code": "x", "label": "x", "district": "y"}), "part x"),
        ("GM0505.json", lambda d: d["postcodes"].append({"area": "3311", "districts": ["y"]}), "postcode 3311"),
        ("GM0505.json", lambda d: d["postcodes"].append({"area": "3311", "decides": True}), "cannot decide"),
        ("GM0637.json", lambda d: d["postcodes"].append({"area": "2711"}), "twice"),
        ("GM0505.json", lambda d: d["calendar"].update(file="nergens.json"), ""),
        ("GM0505.json", lambda d: d["calendar"].update(file="../index.json"), "calendar/file"),
        ("calendar.json", lambda d: d["entries"].append(d["entries"][0]), "twice"),
        ("calendar.json", lambda d: d["entries"][0].update(grounds=["kleur"]), "unknown ground"),
        ("calendar.json", lambda d: d["entries"][0].update(rule={"kind": "moon"}), "rule"),
    ],
)
def test_given_a_file_that_is_wrong_when_loaded_then_the_start_stops_with_the_file_and_the_place(
    folder: Path, file: str, edit: Callable[[dict[str, Any]], object], problem: str
) -> None:
    change(folder / file, edit)

    with pytest.raises(Misconfigured) as wrong:
        load(folder)

    assert wrong.value.code in {"municipality_invalid", "municipalities_missing"}
    assert wrong.value.fields["file"]
    assert problem in str(wrong.value.fields.get("problem", ""))


def test_given_a_municipality_that_leaves_a_moment_out_when_loaded_then_it_is_gone(folder: Path) -> None:
    change(folder / "GM0505.json", lambda d: d["calendar"].update(without=["burendag"]))

    assert "burendag" not in {occasion.code for occasion in load(folder).get("GM0505").calendar}


def test_given_another_default_when_chosen_by_its_short_name_then_only_the_default_changes() -> None:
    chosen = municipalities.load().defaulting_to("dordrecht")

    assert chosen.default.code == "GM0505"
    assert chosen.all == load().all
