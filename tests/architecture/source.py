# SPDX-License-Identifier: EUPL-1.2
"""The source tree as data: files, syntax trees, imports, and which module lives in which layer.

Owns reading. What is allowed is decided in the rules beside it.
"""

import ast
import contextlib
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import grimp

PACKAGES = ("services", "shared")
READ_BY_PEOPLE = {".py", ".html", ".css", ".j2", ".typ", ".svg"}
LAYERS = ("service", "edge", "verbs", "storage", "nouns", "settings")


@dataclass(frozen=True)
class SourceFile:
    """One Python file. Its module name is dotted, without `__init__`."""

    path: Path
    where: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree; not to be changed, equal texts share one."""
        return _parsed(self.text)

    @property
    def module(self) -> str:
        """The dotted name, as an import statement would say it."""
        parts = Path(self.where).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def imports(self) -> frozenset[str]:
        """Every dotted name that is imported anywhere in the file, lazy imports included."""
        return _imported(self.text)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _imported(text: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


@dataclass(frozen=True)
class House:
    """A checkout, or a copy of one with something planted in it."""

    root: Path

    @cached_property
    def product(self) -> tuple[SourceFile, ...]:
        """The Python files of services and shared."""
        return tuple(self._python(PACKAGES))

    @cached_property
    def everything(self) -> tuple[SourceFile, ...]:
        """The Python files of the product and of its tests."""
        return tuple(self._python((*PACKAGES, "tests")))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Path and text of each file of the product that people read: source, templates, styles."""
        for package in PACKAGES:
            for path in sorted((self.root / package).rglob("*")):
                if path.suffix in READ_BY_PEOPLE and "__pycache__" not in path.parts:
                    yield self._where(path), path.read_text(encoding="utf-8")

    @cached_property
    def layers(self) -> dict[str, dict[str, str]]:
        """Service -> module -> layer, read from the import contracts: the one place where a module is placed."""
        config = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        placed: dict[str, dict[str, str]] = {}
        for contract in config["tool"]["importlinter"]["contracts"]:
            if contract["type"] == "layers":
                (container,) = contract["containers"]
                rows = zip(LAYERS, contract["layers"], strict=True)
                placed[container] = {
                    f"{container}.{name.strip(' ()')}": layer
                    for layer, row in rows
                    for name in row.replace("|", ":").split(":")
                }
        return placed

    def in_layer(self, layer: str, service: str | None = None) -> frozenset[str]:
        """The modules placed in a layer, of one service or of all; they need not exist yet."""
        return frozenset(
            module
            for container, modules in self.layers.items()
            if service in (None, container)
            for module, placed in modules.items()
            if placed == layer
        )

    def graph(self) -> grimp.ImportGraph:
        """A fresh import graph of this tree, external packages included; the caller may cut pieces out of it."""
        with _only_here(self.root):
            return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)

    def _python(self, packages: tuple[str, ...]) -> Iterator[SourceFile]:
        for package in packages:
            for path in sorted((self.root / package).rglob("*.py")):
                yield SourceFile(path, self._where(path), path.read_text(encoding="utf-8"))

    def _where(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


@contextlib.contextmanager
def _only_here(root: Path) -> Iterator[None]:
    """Let the packages be found under `root`, though this process may have imported them from elsewhere."""
    hidden = {name: sys.modules.pop(name) for name in PACKAGES if name in sys.modules}
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        sys.modules.update(hidden)
