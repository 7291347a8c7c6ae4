# SPDX-License-Identifier: EUPL-1.2
"""Questions for figures: what may be asked, and that answers from sheets equal counting by hand."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stats import cells, figures
from services.stats.facts import Facts
from services.stats.figures import Question, answered, question_from
from shared.errors import Rejected
from tests.unit.stats.builders import CITY, facts

TODAY = dt.date(2026, 11, 23)
KINDS = {"klacht": True, "melding": True, "eigen-waarneming": False, "signaal": False}


def ask(text: str) -> Question:
    pairs = [tuple(part.split("=", 1)) for part in text.split("&") if part]
    return question_from([(name, value) for name, value in pairs], today=TODAY, municipality=CITY, kinds=KINDS)


def faults(text: str) -> set[str]:
    with pytest.raises(Rejected) as refused:
        ask(text)
    assert not any(part.split("=")[1] in fault["detail"] for fault in refused.value.errors for part in UNREPEATABLE)
    return {fault["pointer"] for fault in refused.value.errors}


UNREPEATABLE = ("x=geheim", "x=2026-13-01")


def test_given_a_question_without_a_period_when_it_is_read_then_it_is_about_this_calendar_year() -> None:
    question = ask("rijen=grond&soort=melding")

    assert (question.period.first, question.period.last) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert (question.basis, question.with_mass, question.kinds) == ("registered", True, ("melding",))


def test_given_the_form_as_kind_when_it_is_read_then_only_what_the_bureau_registers_counts() -> None:
    assert ask("rijen=grond&soort=wga").kinds == ("klacht", "melding")


def test_given_kind_as_a_dimension_when_none_is_chosen_then_all_are_counted_apart() -> None:
    assert ask("rijen=grond&kolommen=soort").kinds == tuple(KINDS)


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("soort=melding", {"/rijen"}),
        ("rijen=geheim&soort=melding", {"/rijen"}),
        ("rijen=grond&kolommen=geheim&soort=melding", {"/kolommen"}),
        ("rijen=grond&kolommen=grond&soort=melding", {"/kolommen"}),
        ("rijen=grond", {"/soort"}),
        ("rijen=grond&soort=geheim", {"/soort"}),
        ("rijen=grond&soort=melding&van=2026-02-01&tot=2026-01-31", {"/tot"}),
        ("rijen=grond&soort=melding&van=1500-01-01&tot=2026-01-31", {"/van"}),
        ("rijen=grond&soort=melding&van=1901-01-01&tot=2400-12-31", {"/tot"}),
        ("rijen=grond&soort=melding&van=1976-01-01&tot=2026-01-31", {"/tot"}),
        ("rijen=grond&soort=melding&van=2026-01-01", {"/tot"}),
        ("rijen=grond&soort=melding&tot=2026-01-01", {"/van"}),
        ("rijen=grond&soort=melding&van=2026-13-01&tot=20260101", {"/van", "/tot"}),
        ("rijen=grond&soort=melding&massameldingen=misschien", {"/massameldingen"}),
        ("rijen=grond&soort=melding&datum=geheim", {"/datum"}),
        ("rijen=grond&soort=melding&wijken=oost", {"/wijken"}),
        ("rijen=grond&rijen=aard&soort=melding", {"/rijen"}),
        ("rijen=geheim&kolommen=geheim&van=x&soort=geheim", {"/rijen", "/kolommen", "/van", "/tot", "/soort"}),
    ],
)
def test_given_a_bad_question_when_it_is_read_then_every_fault_is_named_at_once(text: str, pointers: set[str]) -> None:
    assert faults(text) == pointers


def test_given_a_period_just_under_the_limit_when_it_is_read_then_it_is_taken() -> None:
    assert ask("rijen=grond&soort=melding&van=1977-01-01&tot=2026-12-31").period.first.year == 1977


CODES: Mapping[str, Callable[[Facts], tuple[str, ...]]] = {
    "grond": lambda one: one.grounds,
    "subgrond": lambda one: one.subgrounds,
    "terrein": lambda one: (one.terrain,),
    "aard": lambda one: (one.nature,),
    "behandeling": lambda one: one.handling,
    "wijk": lambda one: (one.district,),
    "melderRol": lambda one: (one.reporter_role,),
    "soort": lambda one: (one.kind,),
    "maand": lambda one: (f"{one.registered_on:%Y-%m}",),
    "kwartaal": lambda one: (f"{one.registered_on.year}-K{(one.registered_on.month + 2) // 3}",),
}
SOME_FACTS = st.builds(
    facts,
    kind=st.sampled_from(list(KINDS)),
    grounds=st.sets(st.sampled_from(["ras", "leeftijd", "geslacht"]), min_size=1).map(tuple),
    subgrounds=st.sets(st.sampled_from(["leeftijd-jong", "geslacht-man"])).map(tuple),
    terrain=st.sampled_from(["onderwijs", "overig"]),
    nature=st.sampled_from(["geweld", "onbekend"]),
    handling=st.sets(st.sampled_from(["registratie", "overig"])).map(tuple),
    district=st.sampled_from(["centrum", "online"]),
    reporter_role=st.sampled_from(["getuige", "onbekend"]),
    registered_on=st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)),
    mass_event=st.sampled_from([None, None, "actie"]),
    source_ref=st.sampled_from([f"source-{n}" for n in range(6)]),
)


@settings(max_examples=60)
@given(
    st.lists(SOME_FACTS, max_size=25),
    st.lists(st.sampled_from(figures.DIMENSIONS), min_size=1, max_size=2, unique=True),
    st.sampled_from(["wga", *KINDS]),
    st.sampled_from(["met", "zonder"]),
    st.tuples(*[st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))] * 2).map(sorted),
)
def test_given_any_cases_when_any_pair_of_dimensions_is_asked_then_the_answer_equals_counting_by_hand(
    cases: list[Facts], dimensions: list[str], kind: str, mass: str, ends: list[dt.date]
) -> None:
    columns = f"&kolommen={dimensions[1]}" if len(dimensions) > 1 else ""
    question = ask(f"rijen={dimensions[0]}{columns}&soort={kind}&massameldingen={mass}&van={ends[0]}&tot={ends[1]}")
    kinds = {"klacht", "melding"} if kind == "wga" else {kind}
    chosen = [
        one
        for one in cases
        if one.kind in kinds and ends[0] <= one.registered_on <= ends[1] and (mass == "met" or not one.mass_event)
    ]
    by_hand = Counter(codes for one in chosen for codes in product(*(CODES[name](one) for name in dimensions)))

    tallied = cells.tally(((1, one) for one in cases), pairs=question.wanted, bases=cells.BASES[:1])
    answer = answered(question, {k: tallied[k] for k in tallied if k.span in question.wanted[k.pair]}, order={})

    assert dict(answer.cells) == dict(by_hand)
    assert answer.total == len(chosen)
    assert answer.source_band == figures.source_band(len({one.source_ref for one in chosen}))


def test_given_an_order_of_codes_when_cells_are_answered_then_they_stand_in_that_order() -> None:
    cases = [facts(terrain=terrain) for terrain in ("a", "b", "c")]
    sheets = {key: counts for key, counts in cells.tally((1, one) for one in cases).items() if key.span == "2026"}

    answer = answered(ask("rijen=terrein&soort=melding"), sheets, order={"terrein": ("c", "a")})

    assert [codes for codes, _ in answer.cells] == [("c",), ("a",), ("b",)]


def test_given_a_week_across_new_year_when_asked_by_incident_then_it_belongs_to_the_year_of_its_thursday() -> None:
    cases = [facts(incident_week="2026-W01", registered_on=dt.date(2026, 2, 1))]  # from 29 December 2025
    question = ask("rijen=maand&soort=melding&datum=voorval&van=2026-01-01&tot=2026-12-31")
    tallied = cells.tally(((1, one) for one in cases), pairs=question.wanted, bases=cells.BASES[1:])

    answer = answered(question, {k: tallied[k] for k in tallied if k.span in question.wanted[k.pair]}, order={})

    assert answer.cells == ((("2026-01",), 1),)
