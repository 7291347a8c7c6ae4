# SPDX-License-Identifier: EUPL-1.2
"""A demo that is stopped while its history is replayed ends in order, and the next start begins the history anew."""

import datetime as dt
import json
from pathlib import Path

from tests.journey.program import Program, a_signal, counted, eventually, staff_token

WEEKS, PER_WEEK = 40, 3


def a_history(file: Path) -> int:
    """How many signals were written to the file, week after week."""
    first = dt.datetime(2025, 1, 6, 10, tzinfo=dt.UTC)
    lines = [
        {
            "op": (first + dt.timedelta(weeks=week, minutes=number)).isoformat(),
            "partner": "bibliotheek", "adv": False,
            "signaal": a_signal(number, voorval={"datum": "2025-01-03", "plaats": "in-gemeente"}),
        }
        for week in range(WEEKS) for number in range(PER_WEEK)
    ]  # fmt: skip
    file.write_text("\n".join(json.dumps(line) for line in lines))
    return len(lines)


def test_given_a_history_under_way_when_told_to_stop_then_it_ends_well_and_the_next_start_has_it_whole(
    tmp_path: Path,
) -> None:
    data, history = tmp_path / "data", tmp_path / "history.jsonl"
    written = a_history(history)
    arguments = ("demo", "--data", str(data), "--history", str(history))
    program = Program(arguments, err=tmp_path / "stderr.log")
    program.launch()
    eventually((data / "notifier.sqlite").exists, seconds=60)  # the last of the services is starting

    code = program.stop()
    unfinished = json.loads((data / "history.json").read_text())["finished"]
    program.start()
    try:
        counts = counted(program.url, staff_token(data), van="2025-01-01", tot="2025-12-31")
    finally:
        ended = program.stop()

    assert (code, unfinished, counts, ended) == (0, False, written, 0)
