# SPDX-License-Identifier: EUPL-1.2
"""The whole chain on one machine, from outside: how soon a signal is visible, how many a second, memory, idle cost.

Visible means: the bureau's exact figures count it. Each figure stands against its goal in one run of one program.
"""

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import psutil

from tests.journey.program import Program, a_signal, bearer, counted, partner_key, staff_token, up

LIGHT_SIGNALS = 60
LIGHT_PAUSE_SECONDS = 0.05
# Looking without a pause would measure how long the figures are busy with the one who looks.
LOOK_SECONDS, LOOK_AFTER_LOAD_SECONDS = 0.002, 0.1
BULK_LINES, BULK_REQUESTS, BULK_SENDERS = 500, 12, 3
IDLE_SECONDS = 10.0
P50_GOAL_MS, P99_GOAL_MS, CHAIN_GOAL_PER_S, RSS_GOAL_MB, IDLE_GOAL_PERCENT = 50.0, 250.0, 1_000.0, 350.0, 2.0


def run() -> list[dict[str, Any]]:
    """Shape: one row per figure, `ratio` higher is better and reaches its goal at 1."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        program = up(data)
        begun = time.monotonic()
        program.start()
        started = time.monotonic() - begun
        try:
            return [_row("chain: 10 s / start to first answer", 10.0 / started, seconds=started), *_rows(program, data)]
        finally:
            program.stop()


def _rows(program: Program, data: Path) -> list[dict[str, Any]]:
    key, token = partner_key(data), staff_token(data)
    latencies = _visible(program, key, token)
    p50, p99 = statistics.median(latencies), statistics.quantiles(latencies, n=100)[98]
    rate = bulk_rate(program.url, program.url, key=key, token=token)
    process = _family(program)
    idle = _idle(process)
    # Resident counts what processes share once for each of them; the proportional size counts it once in all.
    memory = [one.memory_full_info() for one in process]
    rss = sum(one.rss for one in memory) / 2**20
    pss = sum(getattr(one, "pss", 0) for one in memory) / 2**20
    return [
        _row("chain: 50 ms / 201 to visible, p50", P50_GOAL_MS / p50, p50_ms=p50),
        _row("chain: 250 ms / 201 to visible, p99", P99_GOAL_MS / p99, p99_ms=p99),
        _row("chain: whole chain / 1,000 signals a second", rate / CHAIN_GOAL_PER_S, per_s=rate),
        _row("chain: 350 MB / resident memory after the load", RSS_GOAL_MB / rss, mb=rss, proportional_mb=pss),
        _row("chain: 2% of a core / idle", IDLE_GOAL_PERCENT / max(idle, 0.01), percent=idle),
    ]


def _visible(program: Program, key: str, token: str) -> list[float]:
    """Milliseconds from the 201 to the figures that count it, under light load."""
    latencies = []
    with httpx2.Client(headers=bearer(key)) as sender:
        before = counted(program.url, token)
        for number in range(LIGHT_SIGNALS):
            answer = sender.post(f"{program.url}/intake/v1/signalen", json=a_signal(number))
            accepted_at = time.perf_counter()
            assert answer.status_code == 201, answer.text
            while counted(program.url, token) < before + number + 1:
                time.sleep(LOOK_SECONDS)
            latencies.append((time.perf_counter() - accepted_at) * 1_000)
            time.sleep(LIGHT_PAUSE_SECONDS)
    return latencies


def bulk_rate(door: str, figures: str, *, key: str, token: str) -> float:
    """Signals a second from the first request at the door until the last is in the figures."""
    before, total = counted(figures, token), BULK_LINES * BULK_REQUESTS
    batch = [a_signal(number) for number in range(BULK_LINES)]

    def send(_: int) -> int:
        answer = httpx2.post(f"{door}/intake/v1/signalen/_bulk", json=batch, headers=bearer(key), timeout=60)
        return sum(line["status"] == 201 for line in answer.json()["resultaten"])

    begun = time.perf_counter()
    with ThreadPoolExecutor(BULK_SENDERS) as senders:
        accepted = sum(senders.map(send, range(BULK_REQUESTS)))
    assert accepted == total
    while counted(figures, token) < before + total:
        time.sleep(LOOK_AFTER_LOAD_SECONDS)
    return total / (time.perf_counter() - begun)


def _family(program: Program) -> list[psutil.Process]:
    assert program.process is not None
    parent = psutil.Process(program.process.pid)
    return [parent, *parent.children(recursive=True)]


def _idle(processes: list[psutil.Process]) -> float:
    """Percent of one core, nobody asking."""
    time.sleep(2)
    before = sum(sum(one.cpu_times()[:2]) for one in processes)
    time.sleep(IDLE_SECONDS)
    return float(100 * (sum(sum(one.cpu_times()[:2]) for one in processes) - before) / IDLE_SECONDS)


def _row(name: str, ratio: float, **detail: float) -> dict[str, Any]:
    rounded = {label: round(value, 2) for label, value in detail.items()}
    return {"name": name, "ratio": round(ratio, 2), "goal": 1.0, "unit": "x", "detail": rounded}
