# SPDX-License-Identifier: EUPL-1.2
"""Two processes of intake on one database, without a bus: what one command changes holds in both at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from tests.journey.program import Program, a_signal, bearer, eventually, json_of, seinhuis
from tests.real.process import free_port

WITHIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Both processes, and the environment they and the commands share."""

    env: dict[str, str]
    programs: tuple[Program, Program]

    def statuses(self, key: str) -> list[int]:
        """What each of the two answers to a signal under this key."""
        return [
            httpx2.post(
                f"{one.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key), timeout=30
            ).status_code
            for one in self.programs
        ]  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    env = {
        "SEINHUIS_BUS": f"kafka://127.0.0.1:{free_port()}",  # nobody there: intake accepts into its outbox
        "SEINHUIS_KEYS": str(folder / "keys"),
        "INTAKE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'intake.sqlite'}",
        "INTAKE_PROCESSING_LOG": str(folder / "processing.jsonl"),
    }
    assert seinhuis("keys", "init", "--out", str(folder / "keys")).returncode == 0
    migrated = seinhuis("migrate", "intake", env=env)
    assert migrated.returncode == 0, migrated.stderr
    programs = tuple(Program(("run", "intake"), err=folder / f"{n}.log", env=env).start() for n in range(2))
    yield Pair(env, (programs[0], programs[1]))
    for program in programs:
        program.stop()


def test_given_a_key_used_in_both_when_revoked_then_it_stops_in_both_within_a_second(pair: Pair) -> None:
    key = str(json_of("partner", "add", "weg", env=pair.env)["apiKey"])
    assert pair.statuses(key) == [201, 201]

    assert seinhuis("partner", "revoke", "weg", env=pair.env).returncode == 0

    eventually(lambda: pair.statuses(key) == [401, 401], seconds=WITHIN_SECONDS)


def test_given_a_rotated_key_when_used_then_old_and_new_work_in_both(pair: Pair) -> None:
    old = str(json_of("partner", "add", "wissel", env=pair.env)["apiKey"])

    new = str(json_of("partner", "rotate", "wissel", env=pair.env)["apiKey"])

    assert (pair.statuses(old), pair.statuses(new)) == ([201, 201], [201, 201])


def test_given_one_repeat_key_when_sent_to_both_then_one_signal_and_one_answer(pair: Pair) -> None:
    key = str(json_of("partner", "add", "dubbel", env=pair.env)["apiKey"])
    headers = {**bearer(key), "Idempotency-Key": "een-keer"}

    answers = [
        httpx2.post(f"{one.url}/intake/v1/signalen", json=a_signal(), headers=headers, timeout=30)
        for one in pair.programs
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
