# SPDX-License-Identifier: EUPL-1.2
"""Rule 8 and the rules of style that a machine can see."""

import json
from collections.abc import Callable

import pytest

from tests.architecture import text_rules as rules
from tests.architecture import word_rules
from tests.architecture.conftest import Plant
from tests.architecture.source import House

Rule = Callable[[House], list[str]]

RULES: list[Rule] = [
    rules.every_file_has_the_header,
    rules.files_stay_readable,
    rules.names_say_something,
    rules.catch_all_in_two_files,
    rules.one_wall_clock,
    rules.chance_is_handed_in,
    rules.exceptions_to_tools_carry_a_reason,
    rules.no_city_in_source,
    rules.no_discouraged_word,
    word_rules.no_forbidden_word_is_read,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_given_the_checkout_when_a_text_rule_is_asked_then_it_holds(house: House, rule: Rule) -> None:
    assert rule(house) == []


CATCH = "try:\n    pass\nexcept {}:\n    pass\n"


@pytest.mark.parametrize(
    ("rule", "where", "text"),
    [
        (rules.every_file_has_the_header, "shared/planted.py", '"""No licence."""\n'),
        (rules.every_file_has_the_header, "tests/planted.py", "\n" + rules.HEADER),
        (rules.files_stay_readable, "services/intake/planted.py", "x = 1\n" * 451),
        (rules.names_say_something, "shared/utils.py", ""),
        (rules.names_say_something, "services/stats/table_helpers.py", ""),
        (rules.names_say_something, "services/common/__init__.py", ""),
        (rules.catch_all_in_two_files, "shared/planted.py", CATCH.format("Exception")),
        (rules.catch_all_in_two_files, "shared/planted.py", CATCH.format("(ValueError, BaseException)")),
        (rules.catch_all_in_two_files, "services/__main__.py", CATCH.replace(" {}", "")),
        (rules.catch_all_in_two_files, "shared/planted.py", "with contextlib.suppress(Exception):\n    pass\n"),
        (rules.one_wall_clock, "services/stats/planted.py", "import datetime as dt\nx = dt.datetime.now(dt.UTC)\n"),
        (rules.one_wall_clock, "services/stats/planted.py", "from datetime import date\nx = date.today\n"),
        (rules.one_wall_clock, "shared/planted.py", "from time import time\nx = time()\n"),
        (rules.one_wall_clock, "shared/planted.py", "import time\nx = time.time_ns()\n"),
        (rules.chance_is_handed_in, "shared/planted.py", "import random\nx = random.random()\n"),
        (rules.chance_is_handed_in, "shared/planted.py", "from random import shuffle\nshuffle([])\n"),
        (rules.chance_is_handed_in, "services/stats/planted.py", "import numpy as np\nnp.random.seed(1)\n"),
        (rules.exceptions_to_tools_carry_a_reason, "shared/planted.py", "import os  # noqa: F401" + "\n"),
        (rules.exceptions_to_tools_carry_a_reason, "tests/planted.py", "x = f()  # type: ignore[misc]" + "\n"),
        (rules.no_city_in_source, "services/intake/planted.py", 'x = "zoetermeer"\n'),
        (rules.no_city_in_source, "shared/web/templates/planted.html", "<p>Welkom in Dordrecht.</p>\n"),
        (rules.no_discouraged_word, "services/intake/templates/planted.html", "<p>etnische minderheden</p>\n"),
        (rules.no_discouraged_word, "services/notifier/planted.py", 'x = "Etniciteit"\n'),
        (word_rules.no_forbidden_word_is_read, "services/notifier/templates/planted.html", "<p>Een broeinest.</p>\n"),
        (word_rules.no_forbidden_word_is_read, "services/notifier/templates/planted.html", '{{ f("De haard is") }}\n'),
        (
            word_rules.no_forbidden_word_is_read,
            "services/notifier/planted.py",
            'x = f"Let op {y}: radicale jongeren"\n',
        ),
        (word_rules.no_forbidden_word_is_read, "services/stats/planted.py", 'x = "Er is meer discriminatie."\n'),
        (word_rules.no_forbidden_word_is_read, "shared/web/templates/planted.html", "<p>Melden over ras</p>\n"),
        (
            word_rules.no_forbidden_word_is_read,
            "shared/codes/planted.json",
            '{"codes": [{"code": "x", "label": {"nl": "Risicogroep allochtonen"}}]}',
        ),
    ],
)
def test_given_a_planted_text_when_a_rule_is_asked_then_it_names_the_file(
    plant: Plant, rule: Rule, where: str, text: str
) -> None:
    violations = rule(plant({where: text}))

    assert [line for line in violations if line.startswith(where)], violations


def test_given_a_newly_configured_municipality_when_its_name_stands_in_source_then_the_rule_sees_it(
    plant: Plant,
) -> None:
    house = plant(
        {
            "deploy/municipalities/GM9999.json": json.dumps({"code": "GM9999", "name": "Verzonnen aan Zee"}),
            "services/intake/planted.py": 'x = "verzonnen aan zee"\ny = "GM9999"\n',
        }
    )

    assert len(rules.no_city_in_source(house)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "import datetime as dt\nx = clock.now()\ny = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)\n",
        "import time\nx = time.monotonic()\n",
        "import random\nx = random.Random(7).random()\n",
        "import numpy as np\nx = np.random.default_rng(7)\n",
        "import os  # noqa: F401 - imported for what it registers\n",
        "x = f()  # type: ignore[misc]  # the stub is wrong about None\n",
        CATCH.format("ValueError"),
    CATCH.format("BaseException") + "    raise\n",
        "# minder woorden, basis, databank\n",
        'x = \'{"gronden":["ras"], "terrein": "onderwijs"}\'\ny = "ras"\nz = "Dit zegt niet: meer discriminatie."\n',
    ],
)  # fmt: skip
def test_given_an_allowed_text_when_every_rule_is_asked_then_none_objects(plant: Plant, text: str) -> None:
    house = plant({"services/stats/planted.py": f"{rules.HEADER}\n{text}"})

    assert [line for rule in RULES for line in rule(house) if "planted" in line] == []
