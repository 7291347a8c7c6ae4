# SPDX-License-Identifier: EUPL-1.2
"""Many signals at once, and a process that is killed in the middle: each arrives once, or is taken back whole."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest

from tests.journey.program import Program, a_signal, bearer, counted, eventually, json_of, partner_key, staff_token, up

PATIENCE_SECONDS = 300.0


@dataclass(slots=True)
class Stage:
    """A running program with a partner, and figures that hold something already."""

    data: Path
    dice: Random
    program: Program = field(init=False)
    key: str = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.program = up(self.data).start()
        self.key, self.token = partner_key(self.data), staff_token(self.data)
        for number in range(3):
            self.post("signalen", json=a_signal(number, terrein="arbeidsmarkt"))
        eventually(lambda: self.total() == 3)

    def post(self, path: str, **sent: Any) -> httpx2.Response:
        """What intake answers."""
        headers = bearer(self.key) | sent.pop("headers", {})
        return httpx2.post(f"{self.program.url}/intake/v1/{path}", headers=headers, timeout=PATIENCE_SECONDS, **sent)

    def import_of(self, import_id: str) -> dict[str, Any]:
        """How far an import is."""
        answer = httpx2.get(
            f"{self.program.url}/intake/v1/importen/{import_id}", headers=bearer(self.key), timeout=PATIENCE_SECONDS
        )
        found: dict[str, Any] = answer.json()
        return found

    def total(self) -> int:
        """How many signals count."""
        return counted(self.program.url, self.token)

    def figures(self) -> list[Any]:
        """Every figure there is, by each dimension."""
        asked = [
            {"rijen": rows, "soort": "signaal", "van": "2020-01-01", "tot": "2026-12-31", **more}
            for rows in ("grond", "subgrond", "terrein", "aard", "wijk", "maand", "melderRol")
            for more in ({}, {"datum": "voorval"}, {"massameldingen": "zonder"})
        ]
        url, headers = f"{self.program.url}/stats/v1/cijfers", bearer(self.token)
        return [httpx2.get(url, params=one, headers=headers, timeout=60).json() for one in asked]

    def kill_and_start(self) -> None:
        """Kill -9, and start again on the same data."""
        self.program.kill()
        self.program.start()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for it."""
        eventually(holds, seconds=PATIENCE_SECONDS)


def csv_of(rows: int) -> bytes:
    lines = [f"ras;onderwijs;{1 + n % 28}-1-2026;Voorval nummer {n}.;k-{n}" for n in range(rows)]
    return "\n".join(["Gronden;Terrein;Datum voorval;Toelichting;Kenmerk", *lines]).encode()


def kill_during_bulk(stage: Stage, *, lines: int, kills: int) -> None:
    """Send a bulk, kill the process somewhere in it, send the same request again until it is answered."""
    for round_number in range(kills):
        body = [a_signal(number) for number in range(lines)]
        answered = threading.Event()

        def send(body: list[Any] = body, name: str = f"bulk-{round_number}", done: threading.Event = answered) -> None:
            while not done.is_set():
                try:
                    answer = stage.post("signalen/_bulk", json=body, headers={"Idempotency-Key": name})
                except httpx2.HTTPError:
                    done.wait(0.1)
                    continue
                if answer.status_code == 200:
                    assert {row["status"] for row in answer.json()["resultaten"]} == {201}
                    done.set()

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        answered.wait(stage.dice.uniform(0.0, 0.8))  # some fall before the commit, some after it
        stage.kill_and_start()
        assert answered.wait(PATIENCE_SECONDS)
        sender.join(10)
    accepted = 3 + lines * kills
    stage.until(lambda: stage.total() >= accepted)
    found = json_of("check", "--data", str(stage.data))
    assert (stage.total(), found["ok"], found["accepted"]) == (accepted, True, accepted)


def kill_during_import(stage: Stage, *, rows: int, kills: int) -> None:
    """Import a file and take it back, killing the process while it does either."""
    before = stage.figures()
    tried = stage.post("importen", files={"bestand": ("signalen.csv", csv_of(rows))}).json()
    assert tried["goed"] == rows
    stage.post(f"importen/{tried['id']}/bevestigingen")
    for number in range(kills):
        goal = rows * number // kills
        stage.until(lambda goal=goal: stage.import_of(tried["id"])["verwerkt"] >= goal)  # type: ignore[misc]  # a loop variable bound by default
        stage.kill_and_start()
    stage.until(lambda: stage.import_of(tried["id"])["status"] == "verwerkt")
    stage.until(lambda: stage.total() >= 3 + rows)
    whole = json_of("check", "--data", str(stage.data))
    assert (stage.total(), whole["ok"], whole["accepted"]) == (3 + rows, True, 3 + rows)

    stage.post(f"importen/{tried['id']}/intrekkingen")
    for _ in range(kills):
        left = stage.total()
        stage.until(lambda left=left: stage.total() < left or stage.total() == 3)  # type: ignore[misc]  # a loop variable bound by default
        stage.kill_and_start()
    stage.until(lambda: stage.import_of(tried["id"])["status"] == "ingetrokken")
    stage.until(lambda: stage.figures() == before)
    after = json_of("check", "--data", str(stage.data))
    assert (after["ok"], after["withdrawn"], after["inFlight"]) == (True, rows, 0)


def test_given_a_bulk_when_killed_in_the_middle_then_each_line_counts_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "data", Random(4))
    try:
        kill_during_bulk(stage, lines=300, kills=1)
    finally:
        stage.program.stop()


def test_given_an_import_when_killed_while_sent_and_while_undone_then_finished_and_every_figure_as_before(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path / "data", Random(5))
    try:
        kill_during_import(stage, rows=1_200, kills=1)
    finally:
        stage.program.stop()


@pytest.mark.slow
def test_given_bulks_when_killed_again_and_again_then_each_line_counts_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "data", Random(6))
    try:
        kill_during_bulk(stage, lines=1_000, kills=8)
    finally:
        stage.program.stop()


@pytest.mark.slow
def test_given_a_large_import_when_killed_again_and_again_then_finished_and_every_figure_as_before(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path / "data", Random(7))
    try:
        kill_during_import(stage, rows=10_000, kills=4)
    finally:
        stage.program.stop()
