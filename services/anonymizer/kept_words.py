# SPDX-License-Identifier: EUPL-1.2
"""The closed list of words a reviewer may put back in a redacted text. Owns `kept_words.json`; reads nothing else.

No word of the general list is only a name, so a reviewer who is wrong about what stood there exposes nobody; a
municipality's own districts stay standing in every text anyway.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from services.anonymizer.localities import local_words
from shared.municipalities import Municipality

LIST: Final = Path(__file__).with_name("kept_words.json")
LOCAL: Final = "Gemeente en wijken"


@dataclass(frozen=True, slots=True)
class KeptWords:
    """The words, in groups as people look for them."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]

    def find(self, written: str) -> str | None:
        """The word as the list spells it, however it was typed; None when it is not on the list."""
        wanted = " ".join(written.split()).casefold()
        return next((word for word in self.all if word.casefold() == wanted), None)

    @property
    def all(self) -> tuple[str, ...]:
        """Every word of the list."""
        return tuple(word for _, words in self.groups for word in words)


def for_municipality(municipality: Municipality) -> KeptWords:
    """The words with the municipality's own: its name, its districts and their parts."""
    return KeptWords((*_general(), (LOCAL, local_words(municipality))))


@cache
def _general() -> tuple[tuple[str, tuple[str, ...]], ...]:
    document = json.loads(LIST.read_text(encoding="utf-8"))
    return tuple((group["label"], tuple(group["words"])) for group in document["groups"])
