# SPDX-License-Identifier: EUPL-1.2
"""The whole chain as four processes on a real Kafka and PostgreSQL: signals a second from the sender to the figures.

Needs Java and PostgreSQL; without them it is left out, unless it was asked for by name.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tests.benchmarks.bench_chain import CHAIN_GOAL_PER_S, bulk_rate
from tests.journey.program import Program, json_of, seinhuis
from tests.real import kafka, postgres

SERVICES: Final = ("intake", "anonymizer", "stats", "notifier")


def run() -> list[dict[str, Any]]:
    """Shape: one row, `ratio` higher is better and reaches its goal at 1. Raises: NotHereError."""
    with tempfile.TemporaryDirectory() as folder, _servers() as (bus_url, database_url):
        env = _environment(Path(folder), bus_url, database_url)
        for command in (["keys", "init", "--out", env["SEINHUIS_KEYS"]], ["topics", "create"], ["migrate"]):
            done = seinhuis(*command, env=env)
            if done.returncode:
                raise RuntimeError(done.stderr)
        with contextlib.ExitStack() as stack:
            programs = {}
            for name in SERVICES:
                program = Program(("run", name), err=Path(folder) / f"{name}.log", env=env)
                stack.callback(program.stop)
                programs[name] = program.start()
            key = str(json_of("partner", "add", "bibliotheek", env=env)["apiKey"])
            token = str(json_of("staff", "link", "--role", "adv", "--name", "Ana", env=env)["token"])
            rate = bulk_rate(programs["intake"].url, programs["stats"].url, key=key, token=token)
    return [
        {
            "name": "distributed: whole chain on Kafka and PostgreSQL / 1,000 signals a second",
            "ratio": round(rate / CHAIN_GOAL_PER_S, 2),
            "goal": 1.0,
            "unit": "x",
            "detail": {"per_s": round(rate, 1), "postgresql": postgres.version()},
        }
    ]


@contextlib.contextmanager
def _servers() -> Iterator[tuple[str, str]]:
    """A broker and a database server of its own, so that no test beside it takes part."""
    broker, server = kafka.make_kafka(), postgres.make_postgres()
    with contextlib.ExitStack() as stack:
        stack.callback(broker.remove)
        stack.callback(server.remove)
        stack.callback(kafka.stop, broker.start())
        stack.callback(postgres.stop, server.start())
        yield broker.url, server.url


def _environment(folder: Path, bus_url: str, database_url: str) -> dict[str, str]:
    suffix = uuid4().hex[:8]
    databases = {
        f"{name.upper()}_DATABASE_URL": postgres.create_database(database_url, f"{name}_{suffix}") for name in SERVICES
    }
    keys = str(folder / "keys")
    return {"SEINHUIS_BUS": bus_url, "SEINHUIS_KEYS": keys, "INTAKE_RATE_LIMIT_PER_MINUTE": "0", **databases}
