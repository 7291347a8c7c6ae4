# SPDX-License-Identifier: EUPL-1.2
"""Rules 1 to 7: services apart, layers downward, nouns pure, one opener, counts through verbs, one bus."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.architecture import import_rules as rules
from tests.architecture.conftest import Plant
from tests.architecture.source import House

Rule = Callable[[House], list[str]]

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(house: House) -> subprocess.CompletedProcess[str]:
    """What the import linter says of a tree. A process of its own, because it looks for packages where it stands."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=house.root, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_given_the_checkout_when_its_imports_are_linted_then_every_contract_is_kept(house: House) -> None:
    outcome = lint_imports(house)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("contract", "files"),
    [
        pytest.param(
            "services never import each other",
            {"services/stats/cells.py": "import services.notifier\n"},
            id="a service imports another",
        ),
        pytest.param(
            "shared never imports services",
            {"shared/clock.py": "import services.intake\n"},
            id="shared imports a service",
        ),
        pytest.param(
            "notifier: service > edge",
            {
                "services/notifier/handle.py": "from services.notifier import deliver\n",
                "services/notifier/deliver.py": "",
            },
            id="a verb imports a verb",
        ),
        pytest.param(
            "stats: service > edge",
            {"services/stats/cells.py": "import services.stats.storage\n", "services/stats/storage.py": ""},
            id="a noun imports storage",
        ),
        pytest.param(
            "intake: service > edge",
            {
                "services/intake/submit.py": "def submit():\n    import services.intake.api\n",
                "services/intake/api.py": "",
            },
            id="a verb imports the edge lazily",
        ),
        pytest.param(
            "anonymizer: service > edge",
            {"services/anonymizer/homeless.py": ""},
            id="a module stands in no layer",
        ),
    ],
)
def test_given_a_planted_import_when_linted_then_its_contract_is_broken(
    plant: Plant, contract: str, files: dict[str, str]
) -> None:
    outcome = lint_imports(plant(files))

    assert outcome.returncode == 1
    broken = [line for line in outcome.stdout.splitlines() if " BROKEN" in line]
    assert [line for line in broken if line.startswith(contract)], outcome.stdout


RULES: list[Rule] = [
    rules.only_the_anonymizer_opens,
    rules.edges_of_stats_reach_counts_through_verbs,
    rules.broker_stays_in_the_bus,
    rules.no_object_mapper,
    rules.rows_stay_in_storage,
    rules.nouns_do_no_io,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_given_the_checkout_when_an_import_rule_is_asked_then_it_holds(house: House, rule: Rule) -> None:
    assert rule(house) == []


STATS_PATH = {
    "services/stats/api.py": "import services.stats.count\n",
    "services/stats/count.py": "import services.stats.storage\n",
    "services/stats/storage.py": "",
}
PAST_THE_VERBS_BY_PAGE = STATS_PATH | {"services/stats/pages.py": "from services.stats import storage\n"}
PAST_THE_VERBS_BY_COMMAND = STATS_PATH | {
    "services/stats/api.py": "import services.stats.commands\n",
    "services/stats/commands.py": "def f():\n    import services.stats.storage\n",
}
IO_AT_A_DISTANCE = {
    "services/stats/cells.py": "import services.stats.periods\n",
    "services/stats/periods.py": "import shared.planted\n",
    "shared/planted.py": "def f():\n    import logging\n",
}
IO_IN_A_PACKAGE = {
    "services/anonymizer/recognisers/__init__.py": "",
    "services/anonymizer/recognisers/names.py": "import os\n",
}


@pytest.mark.parametrize(
    ("rule", "planted", "said"),
    [
        (
            rules.only_the_anonymizer_opens,
            ("services/stats/handle.py", "import shared.unsealing"),
            "services.stats.handle",
        ),
        (rules.only_the_anonymizer_opens, ("shared/inbox.py", "from shared import unsealing"), "shared.inbox"),
        (
            rules.only_the_anonymizer_opens,
            ("services/anonymizer/review.py", "def f():\n    from shared.unsealing import x"),
            "review",
        ),
        (rules.edges_of_stats_reach_counts_through_verbs, PAST_THE_VERBS_BY_PAGE, "services.stats.pages"),
        (rules.edges_of_stats_reach_counts_through_verbs, PAST_THE_VERBS_BY_COMMAND, "services.stats.api"),
        (
            rules.broker_stays_in_the_bus,
            ("services/stats/handle.py", "import faststream.kafka"),
            "services/stats/handle.py",
        ),
        (rules.broker_stays_in_the_bus, ("shared/relay.py", "from aiokafka import errors"), "shared/relay.py"),
        (
            rules.no_object_mapper,
            ("services/intake/storage.py", "from sqlalchemy import orm"),
            "services/intake/storage.py",
        ),
        (rules.rows_stay_in_storage, ("services/intake/api.py", "import sqlalchemy as sa"), "services/intake/api.py"),
        (rules.nouns_do_no_io, ("services/stats/cells.py", "import sqlite3"), "services.stats.cells -> sqlite3"),
        (
            rules.nouns_do_no_io,
            ("services/stats/cells.py", "import shared.clock"),
            "services.stats.cells -> shared.clock",
        ),
        (rules.nouns_do_no_io, IO_AT_A_DISTANCE, "cells -> services.stats.periods -> shared.planted -> logging"),
        (rules.nouns_do_no_io, IO_IN_A_PACKAGE, "services.anonymizer.recognisers.names -> os"),
        (
            rules.nouns_do_no_io,
            ("services/notifier/gate.py", "x = open('x')"),
            "services/notifier/gate.py:1 calls open()",
        ),
    ],
)
def test_given_a_planted_import_when_a_rule_is_asked_then_it_names_the_place(
    plant: Plant, rule: Rule, planted: tuple[str, str] | dict[str, str], said: str
) -> None:
    files = planted if isinstance(planted, dict) else dict([planted])

    violations = rule(plant(files))

    assert [line for line in violations if said in line], violations


def test_given_an_edge_that_asks_a_verb_when_the_rule_is_asked_then_it_holds(plant: Plant) -> None:
    assert rules.edges_of_stats_reach_counts_through_verbs(plant(STATS_PATH)) == []


def test_given_a_noun_that_writes_moments_when_the_rule_is_asked_then_only_asking_the_clock_is_named(
    plant: Plant,
) -> None:
    house = plant(
        {
            "services/stats/periods.py": "from shared.clock import rfc3339\n",
            "services/stats/cells.py": "from shared.clock import SystemClock, rfc3339\n",
        }
    )

    named = {line.split(" -> ")[0] for line in rules.nouns_do_no_io(house)}
    assert "services.stats.cells" in named
    assert "services.stats.periods" not in named


def test_given_the_opener_and_the_wiring_when_the_rules_are_asked_then_they_hold(plant: Plant) -> None:
    house = plant(
        {
            "services/anonymizer/handle.py": "import shared.unsealing\n",
            "services/anonymizer/service.py": "import faststream\nimport shared.unsealing\n",
            "shared/bus.py": "import faststream.kafka\n",
            "shared/embedded_log_client.py": "import aiokafka\n",
        }
    )

    assert rules.only_the_anonymizer_opens(house) == []
    assert rules.broker_stays_in_the_bus(house) == []
