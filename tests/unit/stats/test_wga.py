# SPDX-License-Identifier: EUPL-1.2
"""The statutory form, computed by hand for small cases; and another version of it, loaded as data alone."""

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.stats import cells, form_catalog, wga
from services.stats.facts import Facts
from services.stats.wga import Form, Schema, Tally
from shared.errors import Misconfigured, NotFound
from tests.unit.stats.builders import CITY, FORMS, facts

COLUMNS = ("a", "b", "ab", "c", "t")
SHIPPED = form_catalog.load()


def schema(name: str = "wga-2011") -> Schema:
    found: dict[str, Schema] = {one.schema: one for one in (*SHIPPED, *form_catalog.load(FORMS))}
    return found[name]


def filled(cases: Sequence[Facts], *, name: str = "wga-2011", year: int = 2026, with_mass: bool = True) -> Form:
    """The form from the cases; where the schema allows it, shown to be the same from sheets."""
    chosen = schema(name)
    of_year = [one for one in cases if one.registered_on.year == year]
    form = form_of(chosen, wga.from_facts(chosen, of_year, with_mass=with_mass), year=year, with_mass=with_mass)
    if chosen.one_code_per_row:
        tallied = cells.tally(((1, one) for one in cases), bases=cells.BASES[:1])
        sheets = {key: counts for key, counts in tallied.items() if key.span == str(year)}
        again = wga.from_sheets(chosen, sheets, with_mass=with_mass)
        assert form_of(chosen, again, year=year, with_mass=with_mass) == form
    return form


def form_of(chosen: Schema, tally: Tally, *, year: int, with_mass: bool) -> Form:
    return wga.filled(chosen, tally, municipality=CITY, year=year, with_mass=with_mass)


def line(form: Form, section: str, row: str | None = None) -> tuple[int, ...]:
    block = next(one for one in form.blocks if one.code == section)
    values = block.total if row is None else next(one.values for one in block.lines if one.code == row)
    return tuple(values.values())


def test_given_a_handful_of_complaints_when_the_form_is_filled_then_it_equals_the_hand_count() -> None:
    form = filled(
        [
            # 1 and 2: residents, here. One has two grounds and two ways of handling.
            facts(1, grounds=("ras", "godsdienst"), terrain="onderwijs", nature="geweld",
                  handling=("registratie", "advies-informatie")),
            facts(2, kind="klacht", grounds=("ras",), terrain="arbeidsmarkt", nature="onbekend"),
            # 3: a resident, elsewhere.
            facts(3, grounds=("leeftijd",), terrain="arbeidsmarkt", nature="omstreden-behandeling",
                  incident_place="andere-gemeente", handling=("registratie",)),
            # 4: somebody from elsewhere, here; antisemitisme has its own row and is in no other.
            facts(4, grounds=("antisemitisme",), terrain="openbare-ruimte", nature="bedreiging",
                  residency="niet-ingezetene"),
            # Not on the form: a partner's signal, the bureau's own observation, another year, another town's form.
            facts(5, kind="signaal"),
            facts(6, kind="eigen-waarneming"),
            facts(7, registered_on=dt.date(2025, 12, 31)),
            facts(8, residency="niet-ingezetene", incident_place="andere-gemeente"),
        ]
    )  # fmt: skip

    #                                             a  b  a+b  c  a+b+c
    assert line(form, "totaal") == (2, 1, 3, 1, 4)  # a: 1, 2   b: 3   c: 4
    assert line(form, "gronden", "ras") == (2, 0, 2, 0, 2)  # 1, 2
    assert line(form, "gronden", "godsdienst") == (1, 0, 1, 0, 1)  # 1
    assert line(form, "gronden", "leeftijd") == (0, 1, 1, 0, 1)  # 3
    assert line(form, "gronden", "antisemitisme") == (0, 0, 0, 1, 1)  # 4
    assert line(form, "gronden") == (3, 1, 4, 1, 5)  # four complaints, one of them on two grounds: 5
    assert line(form, "terreinen", "arbeidsmarkt") == (1, 1, 2, 0, 2)  # 2, 3
    assert line(form, "terreinen", "onderwijs") == (1, 0, 1, 0, 1)  # 1
    assert line(form, "terreinen", "openbare-ruimte") == (0, 0, 0, 1, 1)  # 4
    assert line(form, "terreinen") == (2, 1, 3, 1, 4)  # single-valued: as many as complaints
    assert line(form, "aarden", "onbekend") == (1, 0, 1, 0, 1)  # 2: nobody said, so its row is onbekend
    assert line(form, "aarden") == (2, 1, 3, 1, 4)
    assert line(form, "behandeling", "registratie") == (1, 1, 2, 0, 2)  # 1, 3
    assert line(form, "behandeling", "advies-informatie") == (1, 0, 1, 0, 1)  # 1
    assert line(form, "behandeling") == (2, 1, 3, 0, 3)  # 1 counts twice, 2 and 4 are open: 2+0+1+0
    assert (form.questions, form.elsewhere, wga.faults(form)) == ((), 1, [])


def test_given_the_official_form_when_it_is_filled_then_sections_rows_and_columns_stand_in_the_official_order() -> None:
    wire = wga.as_wire(filled([]))

    assert [section["code"] for section in wire["secties"]] == [
        "totaal",
        "gronden",
        "terreinen",
        "aarden",
        "behandeling",
    ]
    assert [len(section["rijen"]) for section in wire["secties"]] == [0, 15, 15, 6, 8]
    rows = {section["code"]: [row["code"] for row in section["rijen"]] for section in wire["secties"]}
    assert rows["gronden"][:2] == ["ras", "antisemitisme"]
    assert rows["gronden"][-1] == "onbekend"
    assert rows["terreinen"][-1] == "onbekend-nvt"
    assert all(tuple(section["totaal"]) == COLUMNS for section in wire["secties"])
    assert {tuple(row)[2:] for section in wire["secties"] for row in section["rijen"]} == {COLUMNS}
    assert wire["secties"][1]["rijen"][0]["label"] == "Ras"


def test_given_unknown_residency_or_place_when_the_form_is_filled_then_it_asks_and_counts_in_no_column() -> None:
    form = filled(
        [
            facts(1, residency="onbekend"),
            facts(2, residency="onbekend", incident_place="onbekend"),
            facts(3, incident_place="niet-van-toepassing"),
            facts(4),
        ]
    )

    assert line(form, "totaal") == (1, 0, 1, 0, 1)  # only 4
    assert {question.code: question.cases for question in form.questions} == {
        "inwonerschap-onbekend": 2,  # 1, 2
        "plaats-onbekend": 1,  # 2
        "plaats-niet-van-toepassing": 1,  # 3
    }
    assert (form.elsewhere, wga.faults(form)) == (0, [])


def test_given_mass_reports_when_the_form_is_filled_without_them_then_the_others_are_left() -> None:
    cases = [facts(1), *(facts(number, mass_event="actie") for number in range(2, 302))]

    assert line(filled(cases), "totaal", None) == (301, 0, 301, 0, 301)
    assert line(filled(cases, with_mass=False), "totaal") == (1, 0, 1, 0, 1)


def test_given_a_code_without_a_row_when_the_form_is_filled_then_it_is_a_question_and_no_fault() -> None:
    form = filled([facts(1, terrain="ruimtevaart"), facts(2, terrain="onbekend"), facts(3)])

    assert line(form, "terreinen") == (2, 0, 2, 0, 2)  # 2 counts as its row onbekend-nvt
    assert line(form, "terreinen", "onbekend-nvt") == (1, 0, 1, 0, 1)
    assert [(question.code, question.cases) for question in form.questions] == [("code-niet-op-formulier-terreinen", 1)]
    assert wga.faults(form) == []


def test_given_another_version_of_the_form_when_it_is_loaded_as_data_then_it_is_filled_by_its_own_rules() -> None:
    cases = [
        facts(1, grounds=("ras", "nationaliteit")),
        facts(2, grounds=("onbekend",), incident_place="niet-van-toepassing", kind="eigen-waarneming"),
        facts(3, grounds=("geslacht",), district="centrum"),
        facts(4, residency="onbekend"),
    ]

    form = filled(cases, name="wga-2027-test")

    assert line(form, "totaal") == (2, 1, 3)  # binnen: 1, 3   online: 2
    assert line(form, "gronden", "afkomst") == (1, 0, 1)  # 1 has two grounds that share this row: it stands there once
    assert line(form, "gronden", "rest") == (0, 1, 1)  # 2: missing counts as the rest
    assert line(form, "gronden", "alles") == (1, 1, 2)  # a row that adds up others
    assert line(form, "gronden") == (1, 1, 2)  # rows that add up others are not added again
    assert line(form, "wijken", "oosterheem") == (1, 1, 2)
    assert {question.code: question.cases for question in form.questions} == {
        "inwonerschap-onbekend": 1,
        "code-niet-op-formulier-gronden": 1,  # 3: geslacht
        "code-niet-op-formulier-wijken": 1,  # 3: centrum
    }
    assert wga.faults(form) == []


def test_given_two_versions_of_the_form_when_one_is_chosen_then_the_year_or_the_name_decides(tmp_path: Path) -> None:
    for file in (*form_catalog.SHIPPED.glob("*.json"), *FORMS.glob("*.json")):
        shutil.copy(file, tmp_path)
    both = form_catalog.load(tmp_path)

    assert wga.choose(both, 2025).schema == "wga-2011"
    assert wga.choose(both, 2026).schema == "wga-2027-test"
    assert wga.choose(both, 2026, "wga-2011").schema == "wga-2011"
    for year, name in ((2010, None), (2025, "wga-2027-test"), (2026, "wga-1999")):
        with pytest.raises(NotFound):
            wga.choose(both, year, name)


def changed(document: Any, *path: Any, to: Any) -> str:
    copy = json.loads(json.dumps(document))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return json.dumps(copy)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("columns", 1, "code"), "binnen"),
        (("columns", 2, "sum"), ["binnen", "buiten"]),
        (("sections", 1, "rows", 0, "codes"), ["leeftijd"]),
        (("sections", 1, "rows", 0, "code"), "rest"),
        (("sections", 1, "rows", 2, "sum"), ["niets"]),
        (("sections", 1, "missing_counts_as"), "niets"),
        (("sections", 1, "rows"), []),
        (("sections", 1, "list"), "kleuren"),
        (("extra",), True),
        (("title",), ""),
    ],
)
def test_given_a_schema_that_contradicts_itself_when_it_is_loaded_then_the_process_stops(
    tmp_path: Path, path: tuple[Any, ...], to: Any
) -> None:
    document = json.loads((FORMS / "wga-2027-test.json").read_text())
    (tmp_path / "bad.json").write_text(changed(document, *path, to=to))

    with pytest.raises(Misconfigured, match="form_schema_unusable"):
        form_catalog.load(tmp_path)


def test_given_no_schema_at_all_when_they_are_loaded_then_the_process_stops(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        form_catalog.load(tmp_path)


def test_given_a_form_that_does_not_add_up_when_it_is_checked_then_the_place_is_named() -> None:
    form = filled([facts(1)])
    blocks = list(form.blocks)
    blocks[2] = replace(blocks[2], total=blocks[2].total | {"a": 2})

    assert wga.faults(replace(form, blocks=tuple(blocks))) == [
        "terreinen/totaal/ab",
        "terreinen/totaal/t",
        "terreinen/totaal",
    ]


def test_given_two_forms_when_they_are_compared_then_each_changed_value_is_listed_once() -> None:
    before = wga.as_wire(filled([facts(1)]))
    after = wga.as_wire(filled([facts(1), facts(2, grounds=("leeftijd",))]))

    found = wga.differences(before, after)

    assert {"sectie": "gronden", "code": "leeftijd", "kolom": "a", "was": 0, "wordt": 1} in found
    assert {(one["was"], one["wordt"]) for one in found if one["sectie"] == "totaal"} == {(1, 2)}
    assert len(found) == 3 + (3 + 3) + (3 + 3) + (3 + 3)  # a, ab and t of: cases, then a row and the total per section
    assert wga.differences(None, after) == []
    assert wga.differences(before, before) == []
