# SPDX-License-Identifier: EUPL-1.2
"""Server processes: a free port, waiting until one answers, ending one by its id."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.real import NotHereError

POLL_SECONDS = 0.05
PORTS = (20_000, 32_768)
_given: set[int] = set()


def free_port() -> int:
    """A port nothing listens on, given only once, and below those that outgoing connections take for themselves."""
    while True:
        port = random.randrange(*PORTS)
        if port in _given:
            continue
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            _given.add(port)
            return port


_launched: list[subprocess.Popen[bytes]] = []  # kept: a forgotten Popen of a running process is a ResourceWarning


def launch(
    command: Sequence[str], *, log: Path, answers: Callable[[], bool], seconds: float, user: str | None = None
) -> int:
    """The id of the server's process, once it answers; it outlives us. Raises NotHereError when it ends instead."""
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, start_new_session=True, user=user)
    _launched.append(process)
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            end(process.pid, signal.SIGKILL)
            raise NotHereError(f"{command[0]} does not answer; its log ends:\n{log.read_text()[-2000:]}")
        time.sleep(POLL_SECONDS)
    return process.pid


def alive(pid: int) -> bool:
    """The process exists and has not ended; one that ended but was not waited for does not count."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # takes a child of ours that ended out of the process table
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def end(pid: int, sign: signal.Signals, *, seconds: float = 20.0) -> None:
    """The process is gone: asked first, killed when it does not listen."""
    for each in (sign, signal.SIGKILL):
        try:
            os.kill(pid, each)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while alive(pid) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
