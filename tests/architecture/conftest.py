# SPDX-License-Identifier: EUPL-1.2
"""The checkout under test, and copies of it to plant violations in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, READ_BY_PEOPLE, House

ROOT = Path(__file__).parents[2]

Plant = Callable[[dict[str, str]], House]


@pytest.fixture(scope="session")
def house() -> House:
    """The checkout itself."""
    return House(ROOT)


@pytest.fixture(scope="session")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source that tests may plant in; `plant` puts it right again."""
    root = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=_only_what_is_judged)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.fixture
def plant(copy_of_the_house: Path) -> Iterator[Plant]:
    """A function that gives a copy of the checkout in which the given files were written or overwritten."""
    before: dict[Path, str | None] = {}

    def planted(files: dict[str, str]) -> House:
        for where, text in files.items():
            path = copy_of_the_house / where
            before.setdefault(path, path.read_text(encoding="utf-8") if path.exists() else None)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return House(copy_of_the_house)

    yield planted
    for path, text in before.items():
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")


def _only_what_is_judged(folder: str, names: list[str]) -> set[str]:
    here = Path(folder)
    return {name for name in names if name == "__pycache__" or _is_other_data(here / name)}


def _is_other_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in READ_BY_PEOPLE
