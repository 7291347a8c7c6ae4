# SPDX-License-Identifier: EUPL-1.2
"""What surrounds every test. Fixtures of one kind of test live beside those tests."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.guards import forbid_other_machines

pytest_plugins = ["tests.real.fixtures"]


def pytest_configure() -> None:
    """Before the first test is even collected: no network beyond this machine."""
    forbid_other_machines()
    # A busy machine is no fault of the code: how fast something is stands in the benchmarks, never in a test.
    settings.register_profile("seinhuis", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("seinhuis")


@pytest.fixture(autouse=True)
def logging_as_found() -> Iterator[None]:
    """A test that sets logging up, itself or by a command, leaves it to the next one as it found it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
