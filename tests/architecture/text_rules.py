# SPDX-License-Identifier: EUPL-1.2
"""What a file may say and be called: names, size, header, errors, clock, chance, cities, words (rule 8, and style).

Each rule takes a House and gives one line per violation; none means the rule holds.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.source import House, SourceFile

HEADER = "# SPDX-License-Identifier: EUPL-1.2"
LONGEST_FILE_LINES = 450
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "misc"}
MAY_CATCH_ALL = {"shared/delivery.py", "shared/runtime.py"}
THE_CLOCK = "shared/clock.py"

# Discouraged by the municipalities this is made for; the lint of `shared.vocabulary` holds the full list as data.
THE_WORD_LINT = "shared/vocabulary.py"  # shows in its examples what it refuses
DISCOURAGED = re.compile(r"\bminderhe(?:den|id)\w*|\betniciteit\w*|\betnisch\w*", re.IGNORECASE)

# So that the check can bite before any municipality is configured.
WELL_KNOWN_CITIES = {"Zoetermeer", "Dordrecht"}

UNEXPLAINED = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[\w, -]+\])?)\s*$")


def every_file_has_the_header(house: House) -> list[str]:
    """Each Python file starts with its licence."""
    return [f.where for f in house.everything if not f.text.removeprefix("#!/usr/bin/env python3\n").startswith(HEADER)]


def files_stay_readable(house: House) -> list[str]:
    """No Python file is longer than one idea takes."""
    counted = ((f.where, f.text.count("\n")) for f in house.everything)
    return [f"{where} has {lines} lines" for where, lines in counted if lines > LONGEST_FILE_LINES]


def names_say_something(house: House) -> list[str]:
    """Rule 8: no module or package is named after nothing in particular."""
    return [
        file.where
        for file in house.everything
        if any(EMPTY_NAMES & set(part.split("_")) for part in PurePosixPath(file.where).with_suffix("").parts)
    ]


def catch_all_in_two_files(house: House) -> list[str]:
    """Rule 8: what swallows every error stands only where messages and processes end.

    `except Exception`, a bare `except` and `suppress(Exception)` count; a handler that ends by passing the error on
    swallows nothing.
    """
    return [
        f"{file.where}:{line} catches everything"
        for file in house.product
        if file.where not in MAY_CATCH_ALL
        for line in _catch_alls(file.tree)
    ]


def _catch_alls(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.ExceptHandler, ast.Call)) and _catches_everything(node):
            yield node.lineno


def _catches_everything(node: ast.ExceptHandler | ast.Call) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return (node.type is None or _names_everything(node.type)) and not _passes_on(node)
    return _dotted(node.func).endswith("suppress") and any(_names_everything(argument) for argument in node.args)


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _names_everything(node: ast.expr) -> bool:
    kinds = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(_dotted(kind).removeprefix("builtins.") in {"Exception", "BaseException"} for kind in kinds)


def one_wall_clock(house: House) -> list[str]:
    """Nothing but `shared.clock` asks what time it is; durations may be measured."""
    return [
        f"{file.where}:{line} asks {name}"
        for file in house.product
        if file.where != THE_CLOCK
        for name, line in _references(file)
        if _asks_the_time(name)
    ]


def _asks_the_time(name: str) -> bool:
    owner, _, verb = name.rpartition(".")
    if owner.split(".")[-1] in {"datetime", "date"}:
        return verb in {"now", "utcnow", "today"}
    return owner == "time" and verb in {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"}


def chance_is_handed_in(house: House) -> list[str]:
    """No global random numbers: a generator with a seed, or the operating system's secrets."""
    return [
        f"{file.where}:{line} draws from {name}"
        for file in house.product
        for name, line in _references(file)
        if _draws_globally(name)
    ]


def _draws_globally(name: str) -> bool:
    owner, _, verb = name.rpartition(".")
    if owner == "random":
        return verb not in {"Random", "SystemRandom"}
    return owner in {"np.random", "numpy.random"} and verb not in {"Generator", "default_rng", "SeedSequence", "PCG64"}


def exceptions_to_tools_carry_a_reason(house: House) -> list[str]:
    """A `noqa` or `type: ignore` says why it is there."""
    return [
        f"{file.where}:{number}"
        for file in house.everything
        for number, line in enumerate(file.text.splitlines(), start=1)
        if UNEXPLAINED.search(line)
    ]


def no_city_in_source(house: House) -> list[str]:
    """A city is data: no name, slug or code of a configured municipality stands in source, template or style."""
    names = "|".join(re.escape(name) for name in sorted(WELL_KNOWN_CITIES | _configured_cities(house)))
    return _matches(house, re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE))


def _configured_cities(house: House) -> set[str]:
    found: set[str] = set()
    for path in (house.root / "deploy" / "municipalities").glob("GM*.json"):
        entry = json.loads(path.read_text(encoding="utf-8"))
        found.add(path.stem)
        found.update(str(entry[key]) for key in ("name", "slug", "code") if entry.get(key))
    return found


def no_discouraged_word(house: House) -> list[str]:
    """The words that municipalities stopped using stand in nothing people read."""
    return [line for line in _matches(house, DISCOURAGED) if not line.startswith(f"{THE_WORD_LINT}:")]


def _matches(house: House, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{where}:{number} says {match.group()}"
        for where, text in house.texts()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def _references(file: SourceFile) -> Iterator[tuple[str, int]]:
    """Dotted names as used, with names that were imported bare put back under their module."""
    bare = {name.rpartition(".")[2]: name for name in file.imports if name.startswith(("time.", "random."))}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute):
            yield _dotted(node), node.lineno
        elif isinstance(node, ast.Name) and node.id in bare:
            yield bare[node.id], node.lineno


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
