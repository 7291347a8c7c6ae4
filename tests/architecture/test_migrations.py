# SPDX-License-Identifier: EUPL-1.2
"""The migrations of each service stand in one line: two that were made side by side stop every start."""

import re

import pytest

from shared.settings import SERVICES
from tests.journey.program import ROOT

NAMES = ("revision", "down_revision")


def chain(texts: list[str]) -> list[tuple[str, str | None]]:
    """Revision and what it stands on, for each migration in the order of its file's name."""
    found = []
    for text in texts:
        revision, down = (re.search(rf'^{name} = (?:"(\w+)"|None)', text, re.MULTILINE) for name in NAMES)
        assert revision
        assert down
        found.append((str(revision[1]), down[1]))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_given_the_migrations_of_a_service_when_read_then_each_stands_on_the_one_before(service: str) -> None:
    files = sorted((ROOT / "services" / service / "migrations" / "versions").glob("*.py"))

    found = chain([file.read_text(encoding="utf-8") for file in files])

    assert [down for _, down in found] == [None, *(revision for revision, _ in found[:-1])]
    assert [file.name.partition("_")[0] for file in files] == [revision for revision, _ in found]


def test_given_two_migrations_on_one_when_read_then_they_are_no_line() -> None:
    found = chain(['revision = "1"\ndown_revision = None', 'revision = "2"\ndown_revision = "1"'] * 2)

    assert [down for _, down in found] != [None, *(revision for revision, _ in found[:-1])]
