# SPDX-License-Identifier: EUPL-1.2
"""Pytest's side of the real servers: fixtures, and their versions in the header.

`SEINHUIS_TEST_KAFKA` and `SEINHUIS_TEST_POSTGRES` name servers that run already. Without them each is started by the
first test that asks, and shared by all workers. `SEINHUIS_TEST_REQUIRE_REAL=1` turns a skip into a failure.
"""

import os
from collections.abc import Iterator

import pytest

from tests.real import REQUIRED, NotHereError, kafka, postgres
from tests.real.servers import KAFKA, POSTGRES
from tests.real.sharing import Kind, acquire, release


def pytest_report_header() -> list[str]:
    """Which servers the tests will use."""
    try:
        database = postgres.version()
    except NotHereError as missing:
        database = f"PostgreSQL: {missing}"
    return [
        f"Apache Kafka {os.environ.get('SEINHUIS_TEST_KAFKA', kafka.VERSION)}",
        os.environ.get("SEINHUIS_TEST_POSTGRES", database),
    ]


@pytest.fixture(scope="session")
def kafka_url() -> Iterator[str]:
    """The address of a real Kafka, as `shared.bus` takes it; other tests' topics are there too: use own names."""
    yield from _shared(KAFKA, "SEINHUIS_TEST_KAFKA")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server; `tests.real.postgres.create_database` makes a database on it."""
    yield from _shared(POSTGRES, "SEINHUIS_TEST_POSTGRES")


def _shared(kind: Kind, variable: str) -> Iterator[str]:
    if variable in os.environ:
        yield os.environ[variable]
        return
    try:
        url = acquire(kind)
    except NotHereError as missing:
        give_up(missing)
    try:
        yield url
    finally:
        release(kind)


def give_up(missing: NotHereError) -> None:
    """Skip the test, or fail it where the real thing is required."""
    if REQUIRED:
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))
