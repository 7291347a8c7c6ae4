# SPDX-License-Identifier: EUPL-1.2
"""The back-test as it is driven from outside: lines in, lines out, one complaint for bad input."""

import json
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from services.notifier import commands
from services.notifier.backtest import explain, look_back
from services.notifier.detector import DetectorSettings, evaluate
from shared.errors import Rejected
from tests.unit.notifier.world import SIZES, Year, build

SECRET = 918_273
SETTINGS = DetectorSettings()


def line_of(year: Year, name: str, first: int = 1300, last: int = 1306) -> dict[str, Any]:
    s = year.stream
    columns = (s.arrival, s.day, s.ground, s.terrain, s.district, s.partner)
    campaigns = [{"start": c.start, "end": c.end, "grounds": sorted(c.grounds)} for c in year.context.campaigns]
    return {
        "id": name,
        "city": "small",
        "sizes": {"ground": 6, "terrain": 4, "district": 5, "partner": 6},
        "evaluate": {"from": first, "to": last, "every": 1},
        "context": {
            "campaigns": campaigns,
            "partner_start": {str(p): day for p, day in year.context.partner_start.items()},
        },
        "events": np.column_stack(columns).tolist(),
    }


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    tension = build("district-L", "small", 2)
    start = tension.tensions[0].start
    return [
        line_of(tension, "tension", start + 20, start + 30),
        line_of(build("campaign", "small", 2), "campaign"),
        line_of(build("onboarding", "small", 2), "onboarding"),
    ]


def backtest(text: str, *options: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    commands.register(app)
    return CliRunner().invoke(app, ["backtest", *options], input=text)


def jsonl(lines: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_given_lines_when_looked_back_then_answers_come_in_order_with_the_documented_fields(
    lines: list[dict[str, Any]],
) -> None:
    result = backtest(jsonl(lines))

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [a["id"] for a in answers] == ["tension", "campaign", "onboarding"]
    day, ground, terrain, district, score, facts = answers[0]["alarms"][0]
    assert all(isinstance(code, int) for code in (day, ground, terrain, district))
    assert isinstance(score, float)
    assert facts["observed"] > facts["expected"]
    assert facts["from"] <= day
    assert "meer discriminatie" not in facts["why"]


def test_given_several_processes_when_looked_back_then_the_answers_are_the_same(lines: list[dict[str, Any]]) -> None:
    alone, together = backtest(jsonl(lines)), backtest(jsonl(lines), "--jobs", "2")

    assert together.stdout == alone.stdout


def test_given_all_when_looked_back_then_weak_alarms_are_added_and_strong_ones_stay(
    lines: list[dict[str, Any]],
) -> None:
    some, every = (json.loads(backtest(jsonl(lines[:1]), *o).stdout)["alarms"] for o in ((), ("--all",)))

    assert len(every) > len(some)
    assert [a for a in every if a[5]["above"]] == some


def test_given_the_same_stream_when_the_notifier_evaluates_it_then_it_says_what_the_backtest_says(
    lines: list[dict[str, Any]],
) -> None:
    year = build("district-L", "small", 2)
    when = lines[0]["evaluate"]

    live = evaluate(year.stream, range(when["from"], when["to"] + 1), year.context, settings=SETTINGS)
    answer = json.loads(look_back(json.dumps(lines[0]), settings=SETTINGS))

    assert [a[:4] for a in answer["alarms"]] == [[a.day, a.ground, a.terrain, a.district] for a in live]
    assert [a[5]["why"] for a in answer["alarms"]] == [explain(a) for a in live]


def test_given_a_step_of_a_week_when_looked_back_then_only_those_days_are_judged(lines: list[dict[str, Any]]) -> None:
    line = {**lines[1], "evaluate": {"from": 1300, "to": 1320, "every": 7}}

    alarms = json.loads(look_back(json.dumps(line), settings=SETTINGS, everything=True))["alarms"]

    assert {a[0] for a in alarms} <= {1300, 1307, 1314}


def test_given_no_lines_when_looked_back_then_nothing_is_printed() -> None:
    result = backtest("\n\n")

    assert (result.exit_code, result.stdout) == (0, "")


def changed(line: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**line, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"sizes": {"ground": 6, "terrain": 4, "district": 5}},
        {"sizes": {"ground": 0, "terrain": 4, "district": 5, "partner": 6}},
        {"evaluate": {"from": 1300, "to": 1299}},
        {"evaluate": {"from": 1300, "to": 10**12}},
        {"evaluate": {"from": 1300, "to": 1310, "every": 0}},
        {"events": [[5, 5, 0, 0, 0]]},
        {"events": [[5, 5, 0, 0, SECRET, 0]]},
        {"events": [[5, 5, 0, 0, 0, -1]]},
        {"events": [[4, 5, 0, 0, 0, 0]]},
        {"events": [[5.5, 5, 0, 0, 0, 0]]},
        {"events": [[True, 5, 0, 0, 0, 0]]},
        {"events": "geheim"},
        {"context": {"campaigns": [{"start": 5, "end": 5, "grounds": [0]}]}},
        {"context": {"campaigns": [{"start": 5, "end": 9, "grounds": [SECRET]}]}},
        {"context": {"partner_start": {"geheim": 5}}},
        {"context": {"partner_start": {"6": 5}}},
    ],
)
def test_given_a_bad_line_when_looked_back_then_it_is_refused_without_repeating_a_value(
    lines: list[dict[str, Any]], changes: dict[str, Any]
) -> None:
    result = backtest(jsonl([changed(lines[1], **changes)]))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "line 1" in result.stderr
    assert str(SECRET) not in result.stderr
    assert "geheim" not in result.stderr


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"id":NaN}', "\xff", "1" * 5000])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_given_no_replicate_after_a_good_line_when_looked_back_then_the_good_one_is_answered_first(
    lines: list[dict[str, Any]], text: str, jobs: str
) -> None:
    result = backtest(jsonl(lines[1:2]) + text + "\n", "--jobs", jobs)

    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert "line 2" in result.stderr
    assert "Traceback" not in result.stderr


def test_given_a_line_of_bytes_that_are_no_text_when_answered_then_it_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        commands._answer(3, b"\xff\xfe", everything=False)

    assert refused.value.fields == {"line": 3}


def test_given_a_stream_of_other_sizes_when_looked_back_then_it_is_judged_all_the_same() -> None:
    rng = np.random.default_rng(4)
    day = np.sort(rng.integers(0, 900, 2500))
    events = np.column_stack([day, day, *(rng.integers(0, n, 2500) for n in (15, 15, 9, 14))])
    line = {
        "id": 7,
        "sizes": {"ground": 15, "terrain": 15, "district": 9, "partner": 14},
        "evaluate": {"from": 880, "to": 890},
        "events": events.tolist(),
    }

    answer = json.loads(look_back(json.dumps(line), settings=SETTINGS, everything=True))

    assert answer["id"] == 7
    assert all(880 <= a[0] <= 890 for a in answer["alarms"])
    assert SIZES.ground == 6
