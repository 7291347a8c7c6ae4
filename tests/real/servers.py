# SPDX-License-Identifier: EUPL-1.2
"""The servers by kind, ready to be shared."""

from pathlib import Path

from tests.real import kafka, postgres
from tests.real.sharing import Kind


def _begin_kafka() -> tuple[str, int, Path]:
    server = kafka.make_kafka()
    return server.url, server.start(), server.directory


def _finish_kafka(pid: int, directory: Path) -> None:
    kafka.stop(pid)
    kafka.Kafka(directory, 0).remove()


def _begin_postgres() -> tuple[str, int, Path]:
    server = postgres.make_postgres()
    return server.url, server.start(), server.directory


def _finish_postgres(pid: int, directory: Path) -> None:
    postgres.stop(pid)
    postgres.Postgres(directory, 0).remove()


KAFKA = Kind("kafka", _begin_kafka, _finish_kafka)
POSTGRES = Kind("postgres", _begin_postgres, _finish_postgres)
