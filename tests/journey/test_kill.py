# SPDX-License-Identifier: EUPL-1.2
"""Whatever is killed at whatever moment, nothing is lost and nothing counts twice."""

import threading
from pathlib import Path
from random import Random

import httpx2
import pytest

from tests.journey.program import Program, a_signal, bearer, counted, eventually, json_of, partner_key, staff_token, up


class Sender(threading.Thread):
    """Sends signals one after the other until told to stop; what got no answer is sent again with the same key."""

    def __init__(self, program: Program, key: str, name: str) -> None:
        super().__init__(daemon=True)
        self.program, self.key, self.label = program, key, name
        self.codes: set[str] = set()
        self.sent = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Send until told to stop, and then until the last one is answered."""
        while not self.stopping.is_set():
            self.sent += 1
            while not self._once(self.sent):
                pass

    def _once(self, number: int) -> bool:
        headers = {**bearer(self.key), "Idempotency-Key": f"{self.label}-{number}"}
        try:
            answer = httpx2.post(
                f"{self.program.url}/intake/v1/signalen", json=a_signal(number), headers=headers, timeout=5
            )
        except httpx2.HTTPError:
            self.stopping.wait(0.05)
            return False
        if answer.status_code != 201:
            return False
        self.codes.add(answer.json()["ontvangstcode"])
        return True


def kill_under_load(data: Path, *, times: int, seed: int) -> None:
    """Kill the embedded process again and again under load, then compare what was accepted with what is counted."""
    dice = Random(seed)
    program = up(data)
    program.start()
    key, token = partner_key(data), staff_token(data)
    senders = [Sender(program, key, f"sender-{n}") for n in range(4)]
    for sender in senders:
        sender.start()
    for _ in range(times):
        before = sum(len(sender.codes) for sender in senders)
        goal = before + dice.randint(1, 60)
        eventually(lambda goal=goal: sum(len(sender.codes) for sender in senders) >= goal)  # type: ignore[misc]  # a loop variable bound by default
        program.kill()
        program.start()
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join(30)

    accepted = sum(sender.sent for sender in senders)
    codes = {code for sender in senders for code in sender.codes}
    eventually(lambda: counted(program.url, token) >= accepted)
    figures = counted(program.url, token)
    found = json_of("check", "--data", str(data))
    code = program.stop()

    assert len(codes) == accepted
    assert figures == accepted
    assert (found["ok"], found["accepted"], found["anonymised"]) == (True, accepted, accepted)
    assert code == 0


def test_given_load_when_the_process_is_killed_then_none_lost_and_none_double(tmp_path: Path) -> None:
    kill_under_load(tmp_path / "data", times=3, seed=1)


@pytest.mark.slow
def test_given_load_when_the_process_is_killed_twenty_times_then_none_lost_and_none_double(tmp_path: Path) -> None:
    kill_under_load(tmp_path / "data", times=20, seed=2)
