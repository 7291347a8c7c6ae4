# SPDX-License-Identifier: EUPL-1.2
"""Reads the classes of words in `words/lists/` that recognisers judge by. Owns their form; judges no text.

Read once, when the recognisers are loaded.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "words" / "lists"


@cache
def sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """The words of each section of a list, in their order; lines that start with # are remarks.

    Raises: OSError when the committed file is missing (a broken installation).
    """
    found: dict[str, tuple[str, ...]] = {}
    section = ""
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found[section] = (*found.get(section, ()), *line.split())
    return found


def listed(name: str, section: str) -> frozenset[str]:
    """The words of one section of a list.

    Raises: KeyError when the list has no such section.
    """
    return frozenset(sections(name)[section])
