# SPDX-License-Identifier: EUPL-1.2
"""One server for all test processes of this checkout: the first starts it, the last stops it.

Owns a small file per server under `.cache/` with the server's process and who uses it. Users that died without saying
so are forgotten, so a server never outlives the next test run that looks.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real import CACHE
from tests.real.process import alive


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of server: how to start one and how to end it.

    Shape: `begin` gives url, process id and directory; `finish` takes process id and directory.
    """

    name: str
    begin: Callable[[], tuple[str, int, Path]]
    finish: Callable[[int, Path], None]


def acquire(kind: Kind) -> str:
    """The address of the running server, started when there is none. Raises NotHereError."""
    with _state(kind) as state:
        state["users"] = [pid for pid in state.get("users", []) if alive(pid)]
        if not (state.get("pid") and alive(state["pid"])):
            url, pid, directory = kind.begin()
            state.update(url=url, pid=pid, directory=str(directory))
        state["users"].append(os.getpid())
        return str(state["url"])


def release(kind: Kind) -> None:
    """This process needs the server no more."""
    with _state(kind) as state:
        state["users"] = [pid for pid in state.get("users", []) if pid != os.getpid() and alive(pid)]
        if not state["users"] and state.get("pid"):
            kind.finish(state.pop("pid"), Path(state.pop("directory")))


@contextmanager
def _state(kind: Kind) -> Iterator[dict[str, Any]]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{kind.name}.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        try:
            yield state
        finally:
            file.seek(0)
            file.truncate()
            json.dump(state, file)
            file.flush()
