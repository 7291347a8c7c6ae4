# SPDX-License-Identifier: EUPL-1.2
"""Reading a history: good lines, and every way a line can be bad."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.demo.history import parse, read_history
from shared.errors import Rejected

SECRET = "Kanarie Jansen 0612345678"


def line(**changes: object) -> str:
    told: dict[str, Any] = {"op": "2026-01-05T10:00:00Z", "partner": "bibliotheek", "adv": False, "signaal": {"a": 1}}
    return json.dumps(told | changes)


def test_given_lines_in_order_when_read_then_each_keeps_its_number() -> None:
    found = list(parse([line(), "\n", line(op="2026-01-05T12:00:00+01:00", partner="coc").encode(), "  "]))

    assert [one.number for one in found] == [1, 3]
    assert found[1].op == dt.datetime(2026, 1, 5, 11, tzinfo=dt.UTC)
    assert (found[0].partner, found[0].adv, found[0].signal) == ("bibliotheek", False, {"a": 1})


def test_given_two_signals_at_one_moment_when_read_then_both_are_kept_in_order() -> None:
    assert [one.partner for one in parse([line(partner="b"), line(partner="a")])] == ["b", "a"]


def test_given_a_line_without_adv_when_read_then_the_partner_may_not_register() -> None:
    told = json.loads(line())
    del told["adv"]

    assert [one.adv for one in parse([json.dumps(told)])] == [False]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "not a line"),
        ("null", "not a line"),
        (b"\xff\xfe\xfa", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5000, "not JSON"),
        ('{"op": NaN}', "not JSON"),
        (line(signaal={"a": float("nan")}), "not JSON"),
        (line(signaal={"a": "\ud800"}), "not JSON"),
        (line(op="0001-01-01T00:00:00+14:00"), "not JSON"),
        (line(op="2026-01-05T10:00:00"), "op"),
        (line(op="2026-01-05"), "op"),
        (line(op=1767607200), "op"),
        (line(op="1767607200"), "op"),
        (line(op=SECRET), "op"),
        (line(op=None), "op"),
        (line(partner=""), "partner"),
        (line(partner="   "), "partner"),
        (line(partner=7), "partner"),
        (line(partner=SECRET * 10), "partner"),
        (line(adv="ja"), "adv"),
        (line(adv=1), "adv"),
        (line(signaal=SECRET), "signaal"),
        (line(signaal=None), "signaal"),
        (json.dumps({"op": "2026-01-05T10:00:00Z"}), "partner, signaal"),
        (line(**{SECRET: 1}), "not a line"),
    ],
)
def test_given_a_bad_line_when_read_then_its_number_is_told_and_nothing_of_it(bad: str | bytes, problem: str) -> None:
    with pytest.raises(Rejected) as refused:
        list(parse([line(), "", bad, line()]))

    assert refused.value.code == "history_line_invalid"
    assert refused.value.fields["line"] == 3
    assert problem in str(refused.value.fields["problem"])
    assert "Jansen" not in repr(refused.value.fields)


@pytest.mark.parametrize("second", [line(op="2026-01-05T09:59:59Z"), line(adv=True)])
def test_given_a_line_that_contradicts_an_earlier_one_when_read_then_it_is_refused(second: str) -> None:
    with pytest.raises(Rejected) as refused:
        list(parse([line(), second]))

    assert refused.value.fields["line"] == 2


def test_given_a_good_beginning_when_a_later_line_is_bad_then_the_beginning_was_given_first() -> None:
    lines = parse([line(), "{"])

    assert next(lines).number == 1
    with pytest.raises(Rejected):
        next(lines)


@given(st.text(max_size=80) | st.binary(max_size=80))
def test_given_anything_at_all_when_read_then_it_is_a_history_or_a_plain_refusal(raw: str | bytes) -> None:
    def outcome() -> tuple[int, object]:
        try:
            return len(list(parse([raw]))), None
        except Rejected as refused:
            return 0, refused.fields["line"]

    assert outcome() in {(0, None), (0, 1)}


def test_given_a_file_when_read_then_its_lines_come_back(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text(f"{line()}\n{line(op='2026-01-06T10:00:00Z')}\n", encoding="utf-8")

    assert [one.op.day for one in read_history(file)] == [5, 6]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_given_no_readable_file_when_read_then_it_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_history(tmp_path / name)

    assert refused.value.code == "history_unreadable"
