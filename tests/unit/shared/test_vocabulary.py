# SPDX-License-Identifier: EUPL-1.2
"""The code lists as they ship, looking things up in them, and the words nobody may use."""

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import vocabulary
from shared.errors import Rejected
from shared.vocabulary import Code, CodeList, CodeLists, Text, lint, load

LISTS: Final = [field.name for field in dataclasses.fields(CodeLists)]
FORM: Final = Path("services/stats/forms/wga-2011.json")
ALL_CODES: Final = [(name, code) for name in LISTS for code in getattr(load(), name).in_order]


def code(name: str, *aliases: str) -> Code:
    return Code(name, Text(name, name), aliases=aliases)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("grounds", 15),
        ("subgrounds", 27),
        ("terrains", 15),
        ("natures", 6),
        ("handling", 8),
        ("reporter_roles", 7),
        ("residency", 3),
        ("incident_places", 4),
        ("kinds", 4),
    ],
)
def test_given_the_shipped_lists_when_counted_then_no_code_is_missing(name: str, count: int) -> None:
    assert len(getattr(load(), name).codes) == count


@pytest.mark.parametrize(("name", "entry"), ALL_CODES, ids=[f"{name}/{entry.code}" for name, entry in ALL_CODES])
def test_given_a_code_when_any_of_its_names_is_looked_up_then_it_is_found(name: str, entry: Code) -> None:
    code_list: CodeList = getattr(load(), name)

    assert {code_list.find(known) for known in entry.names} == {entry.code}
    assert entry.code in code_list
    assert code_list.label(entry.code) == entry.label.nl
    assert code_list.label(entry.code, "en") == entry.label.en


@pytest.mark.parametrize(("name", "entry"), ALL_CODES, ids=[f"{name}/{entry.code}" for name, entry in ALL_CODES])
def test_given_a_code_when_its_texts_are_linted_then_they_may_be_read(name: str, entry: Code) -> None:
    shown = [entry.label.nl, entry.label.en, entry.help or "", entry.example or ""]

    assert [lint(text, where="alert") for text in shown] == [[]] * len(shown)


@pytest.mark.parametrize("name", ["grounds", "terrains"])
def test_given_a_ground_or_terrain_when_shown_on_a_form_then_it_has_help_and_an_example(name: str) -> None:
    assert all(entry.help and entry.example for entry in getattr(load(), name).in_order)


def test_given_help_texts_when_their_sentences_are_counted_then_they_stay_short() -> None:
    texts = [text for _, entry in ALL_CODES for text in (entry.help, entry.example) if text]
    sentences = [sentence for text in texts for sentence in text.split(". ")]

    assert max(len(sentence.split()) for sentence in sentences) <= 16


def test_given_the_subgrounds_when_rolled_up_then_each_belongs_to_a_ground() -> None:
    lists = load()

    assert {lists.subgrounds.parent(entry.code) for entry in lists.subgrounds.in_order} <= lists.grounds.codes
    assert lists.grounds.parent("ras") is None


def test_given_the_statutory_form_when_compared_with_the_lists_then_rows_order_and_wording_agree() -> None:
    lists = load()
    sections = {section["code"]: section for section in json.loads(FORM.read_text(encoding="utf-8"))["sections"]}
    named = {
        "gronden": lists.grounds,
        "terreinen": lists.terrains,
        "aarden": lists.natures,
        "behandeling": lists.handling,
    }

    for name, code_list in named.items():
        rows = [(row["code"], row["label"]) for row in sections[name]["rows"]]
        assert rows == [(entry.code, code_list.label(entry.code, statutory=True)) for entry in code_list.in_order]
        assert [entry.row for entry in code_list.in_order] == list(range(1, len(rows) + 1))
        assert sections[name]["multiple"] == code_list.multiple


def test_given_the_ground_of_origin_when_labelled_then_the_word_of_the_law_is_only_on_the_form() -> None:
    grounds = load().grounds

    assert grounds.label("ras") == "Herkomst/huidskleur"
    assert grounds.label("ras", statutory=True) == "Ras"
    assert grounds.label("leeftijd", statutory=True) == "Leeftijd"


def test_given_the_kinds_when_asked_what_counts_then_only_what_the_bureau_registered_does() -> None:
    assert {entry.code for entry in load().kinds.in_order if entry.counts_for_wga} == {"klacht", "melding"}


def test_given_the_age_bands_when_laid_out_then_every_age_falls_in_exactly_one() -> None:
    bands = [band for band in load().age_bands.in_order if band.code != "onbekend"]

    for age in range(121):
        fitting = [b.code for b in bands if (b.lower_age or 0) <= age and (b.upper_age is None or age <= b.upper_age)]
        assert len(fitting) == 1


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("grounds", "  HANDICAP / chronische Ziekte ", "handicap-chronische-ziekte"),
        ("grounds", "Seksuele orientatie", "seksuele-gerichtheid"),
        ("terrains", "commerciele dienstverlening", "commerciele-dienstverlening"),
        ("terrains", "Stage", "arbeidsmarkt"),
        ("terrains", "N.v.t.", "onbekend-nvt"),
        ("natures", "Schelden/belediging", "vijandige-bejegening"),
        ("grounds", "iets heel anders", None),
        ("grounds", "", None),
        ("grounds", "…", None),
    ],
)
def test_given_a_register_of_others_when_looked_up_then_spelling_does_not_matter(
    name: str, text: str, found: str | None
) -> None:
    assert getattr(load(), name).find(text) == found


def test_given_an_unknown_code_when_labelled_then_the_refusal_repeats_nothing() -> None:
    with pytest.raises(Rejected) as refused:
        load().grounds.label("Jansen")

    assert refused.value.code == "unknown_code"
    assert "Jansen" not in repr(refused.value.fields) + str(refused.value)


@pytest.mark.parametrize(
    "codes", [(code("a", "same"), code("b", "SAME!")), (code("a", "b"), code("b")), (code("a"), code("a"))]
)
def test_given_two_codes_that_cannot_be_told_apart_when_listed_then_refused(codes: tuple[Code, ...]) -> None:
    with pytest.raises(ValueError, match="list x"):
        CodeList("x", codes)


def test_given_a_list_file_with_an_unknown_field_when_read_then_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        vocabulary.code_list({"list": "x", "codes": [{"code": "a", "label": {"nl": "a", "en": "a"}, "colour": 1}]})


@pytest.mark.parametrize(
    ("day", "valid"), [("2010-12-31", False), ("2011-01-01", True), ("2026-12-31", True), ("2027-01-01", False)]
)
def test_given_a_code_with_dates_when_asked_on_a_day_then_both_ends_are_in(day: str, *, valid: bool) -> None:
    dated = dataclasses.replace(code("a"), valid_from=dt.date(2011, 1, 1), valid_until=dt.date(2026, 12, 31))

    assert dated.valid_on(dt.date.fromisoformat(day)) is valid
    assert code("b").valid_on(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Cijfers over minderheden", "minderheden"),
        ("MINDERHEID", "minderheden"),
        ("het minderhedenbeleid", "minderheden"),
        ("bevolkingsminderheden-beleid", "minderheden"),
        ("min\u00adder\u200bheden", "minderheden"),
        ("etniciteit", "etniciteit"),
        ("etniciteitsgegevens", "etniciteit"),
        ("een etnische groep", "etnisch"),
        ("multi-etnisch", "etnisch"),
        ("étnisch", "etnisch"),
        ("allochtone inwoners", "allochtoon"),
        ("Ras", "ras"),
        ("Grond: ras.", "ras"),
        ("rassenhaat", "ras"),
        ("ethnic minorities", "ethnicity"),
        ("Er is meer discriminatie.", "meer discriminatie"),
        ("De toename van\n discriminatie is groot", "meer discriminatie"),
        ("Dit klopt niet. Er is meer discriminatie.", "meer discriminatie"),
    ],
)
def test_given_a_forbidden_word_when_linted_anywhere_then_it_is_named(text: str, term: str) -> None:
    assert term in lint(text, where="public")
    assert term in lint(text, where="alert")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("een haard van onrust", "haard"),
        ("onrusthaarden", "haard"),
        ("een broeinest", "broeinest"),
        ("radicale jongeren", "radicaal"),
        ("radicalisering", "radicaal"),
        ("gederadicaliseerd", "radicaal"),
        ("risicogroepen", "risicogroep"),
        ("een risico-jongere", "risicogroep"),
        ("de probleemwijk", "probleemgroep"),
        ("de vermoedelijke daders", "dader"),
        ("een verdachte", "verdachte"),
        ("a hotbed of hate", "hotbed"),
    ],
)
def test_given_a_word_that_accuses_when_linted_in_an_alert_then_it_is_named(text: str, term: str) -> None:
    assert lint(text, where="alert") == [term]
    assert lint(text, where="public") == []


@pytest.mark.parametrize(
    "text",
    [
        "Week tegen Racisme",
        "ras-anti-zwart-racisme",
        "Er zijn meer meldingen dan verwacht.",
        "Dit betekent niet dat er meer discriminatie is.",
        "Bedreiging",
        "een behaarde hond met een harde stem",
        "gepast gras op het terras",
        "Extra aandacht voor de wijk",
        "",
    ],
)
def test_given_an_innocent_text_when_linted_then_nothing_is_named(text: str) -> None:
    assert lint(text, where="alert") == []


@pytest.mark.parametrize("word", vocabulary.forbidden_words(), ids=lambda word: word.term)
def test_given_a_forbidden_word_when_its_advice_is_linted_then_it_does_not_forbid_itself(
    word: vocabulary.ForbiddenWord,
) -> None:
    assert lint(word.term, where="alert"), "a term is found by its own pattern"
    assert lint(word.instead, where="alert") == []


@given(st.text(max_size=200))
def test_given_any_text_when_linted_then_an_alert_is_never_freer_than_the_public(text: str) -> None:
    assert set(lint(text, where="public")) <= set(lint(text, where="alert"))


@given(st.text(max_size=60))
def test_given_any_text_when_looked_up_then_only_codes_of_the_list_come_back(text: str) -> None:
    assert load().terrains.find(text) in load().terrains.codes | {None}
