# SPDX-License-Identifier: EUPL-1.2
"""Review on the running program: every decision moves the figures and the series, and a halted consumer goes on."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.anonymizer.reviews import NOT_COUNTED_REASONS
from tests.journey.program import (
    Program,
    a_signal,
    bearer,
    counted,
    eventually,
    json_of,
    partner_key,
    seinhuis,
    staff_token,
    up,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def program(data: Path) -> Iterator[Program]:
    started = up(data, ANONYMIZER_REVIEW_SHARE="1", ANONYMIZER_DEAD_LETTER_LIMIT="2").start()
    yield started
    started.stop()


def tell(program: Program, key: str, text: str = "Een voorval.") -> None:
    body = a_signal(toelichting=text)
    answer = httpx2.post(f"{program.url}/intake/v1/signalen", json=body, headers=bearer(key))
    assert answer.status_code == 201


def series(data: Path) -> list[tuple[str, int]]:
    """The kinds of the cases in the notifier's series, and whether they were taken out."""
    with sqlite3.connect(f"file:{data / 'notifier.sqlite'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT kind, retracted, terrain FROM cases").fetchall()
    return sorted((f"{kind}/{terrain}", int(retracted)) for kind, retracted, terrain in rows)


def test_given_a_case_when_each_decision_is_taken_and_undone_then_figures_and_series_follow(
    program: Program, data: Path
) -> None:
    key, token = partner_key(data), staff_token(data)
    tell(program, key)
    base = f"{program.url}/anonymizer/v1/beoordelingen"
    with httpx2.Client(headers=bearer(token)) as client:
        eventually(lambda: client.get(base).json()["totaal"] == 1)
        review = client.post(f"{base}/_volgende").json()["id"]
        eventually(lambda: series(data) == [("signaal/onderwijs", 0)])

        def figures(kind: str, **query: str) -> int:
            return counted(program.url, token, soort=kind, **query)

        def decide(body: dict[str, Any]) -> None:
            assert client.post(f"{base}/{review}/besluiten", json=body).status_code == 201

        def undo() -> None:
            assert client.post(f"{base}/{review}/herroepingen").status_code == 201
            eventually(lambda: (figures("signaal"), figures("melding")) == (1, 0))
            eventually(lambda: series(data) == [("signaal/onderwijs", 0)])

        for reason in NOT_COUNTED_REASONS:
            decide({"besluit": "niet-meegeteld", "reden": reason})
            eventually(lambda: figures("signaal") == 0)
            eventually(lambda: [taken for _, taken in series(data)] == [1])
            undo()
        decide({"besluit": "als-melding"})
        eventually(lambda: (figures("signaal"), figures("melding")) == (0, 1))
        eventually(lambda: series(data) == [("melding/onderwijs", 0)])
        undo()
        decide({"besluit": "aangepast", "codering": {"terrein": "huisvesting"}})
        eventually(lambda: series(data) == [("signaal/huisvesting", 0)])
        undo()
        decide({"besluit": "akkoord"})

    assert json_of("audit", "verify", "--data", str(data))
    assert seinhuis("audit", "verify", "--data", str(data)).returncode == 0
    assert json_of("check", "--data", str(data))["ok"] is True


def test_given_more_dead_letters_in_a_row_than_the_limit_when_the_key_is_back_then_all_is_counted_after_a_replay(
    program: Program, data: Path
) -> None:
    key, token = partner_key(data), staff_token(data)
    (private,) = (data / "keys" / "sealing").glob("*.private")
    kept = private.read_bytes()
    private.unlink()
    for number in range(5):
        tell(program, key, f"Voorval {number}.")

    eventually(lambda: httpx2.get(f"{program.url}/readyz").status_code == 503)
    letters = json_of("dead-letters", "list", "--data", str(data))
    assert seinhuis("check", "--data", str(data)).returncode == 0
    private.write_bytes(kept)
    eventually(lambda: httpx2.get(f"{program.url}/readyz").status_code == 200)
    seinhuis("dead-letters", "replay", "anonymizer", "--data", str(data))

    eventually(lambda: counted(program.url, token) == 5)
    assert {one["code"] for one in next(iter(letters.values()))} == {"unknown_epoch"}
    assert len(next(iter(letters.values()))) >= 2
    assert next(iter(json_of("dead-letters", "list", "--data", str(data)).values())) == []
    found = json_of("check", "--data", str(data))
    assert (found["ok"], found["anonymised"], found["deadLettered"]) == (True, 5, 0)
