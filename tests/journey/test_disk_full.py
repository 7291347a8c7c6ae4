# SPDX-License-Identifier: EUPL-1.2
"""A disk that takes no more: refused and said so, nothing half stored, and all goes on once there is room."""

import resource
from pathlib import Path

import httpx2

from tests.journey.program import Program, a_signal, bearer, counted, eventually, json_of, partner_key, staff_token, up


def test_given_a_full_disk_when_signals_come_then_503_until_there_is_room_and_nothing_half_stored(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    program = up(data).start()
    try:
        key, token = partner_key(data), staff_token(data)
        first = post(program, key, 1)
        eventually(lambda: counted(program.url, token) == 1)

        no_file_grows(program)
        refused = [post(program, key, number) for number in range(2, 5)]
        eventually(lambda: httpx2.get(f"{program.url}/readyz").status_code == 503)
        away = httpx2.get(f"{program.url}/readyz").json()["ontbreekt"]
        no_file_grows(program, room=True)
        eventually(lambda: httpx2.get(f"{program.url}/readyz").status_code == 200)
        again = [post(program, key, number) for number in range(2, 5)]
        eventually(lambda: counted(program.url, token) == 4)
        found = json_of("check", "--data", str(data))
    finally:
        code = program.stop()

    assert first.status_code == 201
    assert {answer.status_code for answer in refused} == {503}
    assert {answer.headers["content-type"] for answer in refused} == {"application/problem+json"}
    assert any("database" in name for name in away)
    assert [answer.status_code for answer in again] == [201, 201, 201]
    assert (found["ok"], found["accepted"], found["anonymised"], code) == (True, 4, 4, 0)


def post(program: Program, key: str, number: int) -> httpx2.Response:
    """One signal, sent with a key of its own so that a repeat is one."""
    headers = {**bearer(key), "Idempotency-Key": f"vol-{number}"}
    return httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(number), headers=headers, timeout=30)


def no_file_grows(program: Program, *, room: bool = False) -> None:
    """Have the kernel refuse the running program every byte beyond what its own log needs, or none any more."""
    assert program.process is not None
    hard = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)[1]
    limit = hard if room else program.err.stat().st_size + 16 * 1024
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (limit, hard))
