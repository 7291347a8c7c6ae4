# SPDX-License-Identifier: EUPL-1.2
"""Who may import what, where layers alone do not say it (rules 4 to 7 of the house).

Each rule takes a House and gives one line per violation; none means the rule holds.
"""

import ast
from collections.abc import Iterator

from tests.architecture.source import House, SourceFile

UNSEALERS = {"services.anonymizer.handle", "services.anonymizer.service"}

# What a pure rule cannot need: databases, brokers, the network, the clock, files, loggers, the environment, threads.
IMPURE = {
    "aiokafka", "aiosmtplib", "aiosqlite", "alembic", "asyncio", "asyncpg", "concurrent", "faststream", "fastapi",
    "glob", "httpx2", "importlib", "jinja2", "logging", "multiprocessing", "notifications_python_client", "os",
    "pathlib", "pkgutil", "prometheus_client", "pydantic_settings", "rich", "shutil", "signal", "smtplib",
    "socket", "sqlalchemy", "sqlite3", "ssl", "starlette", "structlog", "subprocess", "tempfile", "threading", "time",
    "typer", "uvicorn", "uvloop",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "breakpoint", "__import__"}

# Not followed when looking for indirect IO, each for its reason.
TAKEN_AS_PURE = {
    "shared.vocabulary": "the code lists are part of the package and the same for every run; nouns need their types",
    "services.anonymizer.word_lists": "classes of words are part of the package and the same for every run",
}
# What may be taken from a forbidden module all the same.
HARMLESS = {"shared.clock": {"shared.clock.rfc3339"}}  # how a moment is written, not what moment it is


def only_the_anonymizer_opens(house: House) -> list[str]:
    """Rule 5: nothing but the anonymizer's handler and wiring imports `shared.unsealing`."""
    graph = house.graph()
    importers = graph.find_modules_that_directly_import("shared.unsealing")
    return [f"{module} imports shared.unsealing" for module in sorted(importers - UNSEALERS)]


def edges_of_stats_reach_counts_through_verbs(house: House) -> list[str]:
    """Rule 6: with the verbs taken out, no path leads from stats' API or pages to its storage."""
    graph = house.graph()
    for verb in house.in_layer("verbs", "services.stats") & graph.modules:
        for module in {verb, *graph.find_descendants(verb)}:
            graph.remove_module(module)
    storage = "services.stats.storage"
    edges = sorted({"services.stats.api", "services.stats.pages"} & graph.modules)
    return [
        f"{edge} reaches {storage} past the verbs"
        for edge in edges
        if storage in graph.modules and graph.chain_exists(importer=edge, imported=storage, as_packages=True)
    ]


def broker_stays_in_the_bus(house: House) -> list[str]:
    """Rule 7: FastStream and aiokafka only in `shared/bus*`, `shared/embedded_log*` and each service's wiring."""
    return [
        f"{file.where} imports {name}"
        for file in house.product
        for name in sorted(file.imports)
        if name.split(".")[0] in {"faststream", "aiokafka"} and not _may_know_the_broker(file.module)
    ]


def _may_know_the_broker(module: str) -> bool:
    parts = module.split(".")
    if parts[0] == "shared":
        return parts[1].startswith(("bus", "embedded_log"))
    return len(parts) == 3 and parts[2] == "service"


def no_object_mapper(house: House) -> list[str]:
    """Rule 7: SQLAlchemy Core only."""
    mappers = ("sqlalchemy.orm", "sqlalchemy.ext.declarative", "sqlalchemy.ext.asyncio.AsyncSession")
    return [
        f"{file.where} imports {name}"
        for file in house.product
        for name in sorted(file.imports)
        if name.startswith(mappers)
    ]


def rows_stay_in_storage(house: House) -> list[str]:
    """Inside a service only storage and its migrations speak SQL."""
    return [
        f"{file.where} imports sqlalchemy"
        for file in house.product
        if file.module.startswith("services.")
        and any(name.split(".")[0] == "sqlalchemy" for name in file.imports)
        and not _may_speak_sql(file.module)
    ]


def _may_speak_sql(module: str) -> bool:
    parts = module.split(".")
    return len(parts) > 2 and (parts[2] == "storage" or "migrations" in parts)


def nouns_do_no_io(house: House) -> list[str]:
    """Rule 4: no noun module reaches a database, broker, clock, file, logger or the environment, at any distance."""
    return [*_impure_imports(house), *_impure_calls(house)]


def _impure_imports(house: House) -> Iterator[str]:
    graph = house.graph()
    forbidden = {*IMPURE, "shared.clock"}
    for module in TAKEN_AS_PURE.keys() & graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            graph.remove_import(importer=module, imported=imported)
    for file in house.product:
        for module in _taken_harmlessly(file):
            graph.remove_import(importer=file.module, imported=module)
    for noun in sorted(_nouns(house, graph.modules)):
        for reached in sorted(forbidden & graph.find_upstream_modules(noun)):
            chain = graph.find_shortest_chain(importer=noun, imported=reached) or (noun, reached)
            yield " -> ".join(chain)


def _taken_harmlessly(file: SourceFile) -> Iterator[str]:
    for module, harmless in HARMLESS.items():
        taken = {name for name in file.imports if name.startswith(f"{module}.")}
        if taken and taken <= harmless:
            yield module


def _impure_calls(house: House) -> Iterator[str]:
    nouns = _nouns(house, {file.module for file in house.product})
    for file in house.product:
        if file.module in nouns:
            for name, line in _plain_calls(file):
                if name in IMPURE_CALLS:
                    yield f"{file.where}:{line} calls {name}()"


def _nouns(house: House, modules: set[str]) -> set[str]:
    placed = house.in_layer("nouns")
    return {module for module in modules if ".".join(module.split(".")[:3]) in placed}


def _plain_calls(file: SourceFile) -> Iterator[tuple[str, int]]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
