# SPDX-License-Identifier: EUPL-1.2
"""What surrounds every test. Fixtures of one kind of test live beside those tests."""

from tests.guards import forbid_other_machines

pytest_plugins = ["tests.real.fixtures"]


def pytest_configure() -> None:
    """Before the first test is even collected: no network beyond this machine."""
    forbid_other_machines()
