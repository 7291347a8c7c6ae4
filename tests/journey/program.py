# SPDX-License-Identifier: EUPL-1.2
"""The program as its users meet it: processes on free ports, asked over HTTP.

Owns starting, killing and asking. Waits for conditions, never for time.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2

from tests.real.process import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


def seinhuis(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "services", *arguments],
        capture_output=True, text=True, timeout=120, cwd=ROOT, env={**os.environ, **(env or {})}, check=False,
    )  # fmt: skip


def json_of(*arguments: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a command prints with --json."""
    done = seinhuis(*arguments, "--json", env=env)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@dataclass(slots=True)
class Program:
    """A started command that serves. `err` gathers everything it ever wrote to stderr."""

    arguments: tuple[str, ...]
    err: Path
    env: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        with self.err.open("a") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services", *self.arguments, "--port", str(self.port)],
                stdout=subprocess.PIPE, stderr=err, text=True, cwd=ROOT, env={**os.environ, **self.env},
            )  # fmt: skip

    def start(self) -> "Program":
        """Start it and wait until it says it is ready."""
        self.launch()
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("ready "):
                return self
        raise AssertionError(f"ended before it was ready: {self.err.read_text()[-500:]}")

    def kill(self) -> None:
        """Kill -9."""
        assert self.process is not None
        self.process.kill()
        self._wait()

    def stop(self) -> int:
        """SIGTERM, and the code it ends with."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def _wait(self) -> int:
        assert self.process is not None
        code = self.process.wait(timeout=30)
        stream: IO[str] | None = self.process.stdout
        if stream is not None:
            stream.close()
        return code


def up(data: Path, **env: str) -> Program:
    """`seinhuis up` on a data directory."""
    data.mkdir(parents=True, exist_ok=True)
    settings = {"INTAKE_RATE_LIMIT_PER_MINUTE": "0", **env}
    return Program(("up", "--data", str(data)), err=data / "stderr.log", env=settings)


def a_signal(number: int = 0, **changes: object) -> dict[str, object]:
    """A valid signal."""
    body: dict[str, object] = {
        "soort": "signaal", "gronden": ["ras"], "terrein": "onderwijs", "toelichting": f"Voorval nummer {number}.",
        "voorval": {"datum": "2026-01-05", "plaats": "in-gemeente"},
    }  # fmt: skip
    return {**body, **changes}


def partner_key(data: Path, name: str = "bibliotheek", *, adv: bool = False) -> str:
    """The API key of a new partner."""
    flags = ["--adv"] if adv else []
    return str(json_of("partner", "add", name, *flags, "--data", str(data))["apiKey"])


def staff_token(data: Path, role: str = "adv", name: str = "Ana") -> str:
    """A token of a person with a role."""
    return str(json_of("staff", "link", "--role", role, "--name", name, "--data", str(data))["token"])


def bearer(token: str) -> dict[str, str]:
    """The header of a credential."""
    return {"Authorization": f"Bearer {token}"}


def eventually(holds: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Return once it holds; fail when that takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("the condition never held")
        time.sleep(0.02)


def counted(url: str, token: str, **query: str) -> int:
    """How many signals the figures hold."""
    asked = {"rijen": "grond", "soort": "signaal", **query}
    response = httpx2.get(f"{url}/stats/v1/cijfers", params=asked, headers=bearer(token))
    assert response.status_code == 200, response.text
    return int(response.json()["totaal"])
