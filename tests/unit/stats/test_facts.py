# SPDX-License-Identifier: EUPL-1.2
"""Facts of a case: which word is newer, and what cannot be counted."""

import datetime as dt
from typing import Any

import pytest

from services.stats.catalogues import dimension, place_of
from services.stats.facts import Case, Facts, State, advance
from shared.errors import Conflict, Rejected
from tests.unit.stats.builders import event, facts


def case(revision: int, state: State = "counted", **given: Any) -> Case:
    return Case("case", revision, state, facts(**given) if state == "counted" else None)


def test_given_an_unknown_case_when_its_facts_arrive_then_it_is_registered() -> None:
    step = advance(None, case(1))

    assert step is not None
    assert (step.entry, step.leaves, step.enters) == ("registered", None, facts())


def test_given_facts_when_an_equal_or_older_revision_arrives_then_nothing_changes() -> None:
    assert advance(case(2), case(2, terrain="overig")) is None
    assert advance(case(2), case(1)) is None
    assert advance(case(2), case(1, "withdrawn")) is None


def test_given_facts_when_a_newer_revision_arrives_then_the_old_ones_leave() -> None:
    step = advance(case(1), case(2, terrain="overig"))

    assert step is not None
    assert (step.entry, step.leaves, step.enters) == ("corrected", facts(), facts(terrain="overig"))


def test_given_a_signal_when_review_makes_it_a_report_then_the_ledger_says_so() -> None:
    step = advance(case(1, kind="signaal"), case(2, kind="melding"))

    assert step is not None
    assert step.entry == "kind-changed"


def test_given_a_retraction_when_the_facts_it_retracts_arrive_later_then_they_never_count() -> None:
    tombstone = advance(None, case(2, "withdrawn"))

    assert tombstone is not None
    assert (tombstone.entry, tombstone.leaves, tombstone.enters) == ("withdrawn", None, None)
    assert advance(tombstone.after, case(1)) is None


def test_given_two_words_of_the_same_revision_when_they_arrive_in_either_order_then_the_retraction_stands() -> None:
    assert advance(case(2, "not-counted"), case(2)) is None
    step = advance(case(2), case(2, "not-counted"))
    assert step is not None
    assert step.entry == "not-counted"


def test_given_a_week_when_its_day_is_asked_then_it_is_the_thursday() -> None:
    assert facts(incident_week="2026-W53").incident_on == dt.date(2026, 12, 31)
    assert facts(incident_week="2025-W01").incident_on == dt.date(2025, 1, 2)
    assert facts(incident_week=None).incident_on is None


def test_given_facts_when_they_are_stored_and_read_then_they_are_the_same() -> None:
    stored = facts(grounds=("ras", "leeftijd"), mass_event="actie", incident_week=None)

    assert Facts.from_json(stored.to_json()) == stored


def test_given_a_ground_twice_when_the_facts_are_taken_then_it_stands_once() -> None:
    assert facts(grounds=("ras", "leeftijd", "ras")).grounds == ("leeftijd", "ras")


@pytest.mark.parametrize("given", [{"terrain": "a|b"}, {"grounds": ("",)}, {"district": "Oost"}, {"nature": "x y"}])
def test_given_a_code_that_is_none_when_the_facts_are_taken_then_they_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match="malformed_code"):
        Facts.of(event(**given))


@pytest.mark.parametrize("week", ["2026-W00", "2026-W54", "2025-W53"])
def test_given_a_week_that_never_was_when_the_facts_are_taken_then_they_are_refused(week: str) -> None:
    with pytest.raises(Rejected, match="impossible_week"):
        Facts.of(event(incident_week=week))


def test_given_a_case_with_a_code_that_left_the_lists_when_it_is_placed_then_it_is_refused_and_not_left_out() -> None:
    dimensions = {
        name: dimension(name, codes) for name, codes in {"terrein": ["onderwijs"], "soort": ["melding"]}.items()
    }

    assert place_of(facts(), dimensions) == ("onderwijs", "melding")
    with pytest.raises(Conflict) as refused:
        place_of(facts(terrain="kerk"), dimensions)
    assert refused.value.code == "code_not_in_list"
