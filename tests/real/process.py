# SPDX-License-Identifier: EUPL-1.2
"""Server processes: a free port, waiting until one answers, ending one by its id."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.05


def free_port() -> int:
    """A port nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


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


def wait_until(holds: Callable[[], bool], *, seconds: float, what: str, log: Path) -> None:
    """Returns once it holds. Raises TimeoutError with the end of the server's log."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {seconds} s; its log ends:\n{log.read_text()[-2000:]}")
        time.sleep(POLL_SECONDS)


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
