# SPDX-License-Identifier: EUPL-1.2
"""The checkout under test, and copies of it to plant violations in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, READ_BY_PEOPLE, House

ROOT = Path(__file__).parents[2]

Plant = Callable[[dict[str, str]], House]


@pytest.fixture(scope="session")
def house() -> House:
    """The checkout itself."""
    return House(ROOT)


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """A function that gives a copy of the checkout in which the given files were written or overwritten."""

    def planted(files: dict[str, str]) -> House:
        for package in PACKAGES:
            shutil.copytree(ROOT / package, tmp_path / package, ignore=_only_what_is_judged)
        (tmp_path / "tests").mkdir()
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        for where, text in files.items():
            path = tmp_path / where
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return House(tmp_path)

    return planted


def _only_what_is_judged(folder: str, names: list[str]) -> set[str]:
    here = Path(folder)
    return {name for name in names if name == "__pycache__" or _is_other_data(here / name)}


def _is_other_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in READ_BY_PEOPLE
