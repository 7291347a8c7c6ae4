# SPDX-License-Identifier: EUPL-1.2
"""The words of one municipality that redaction keeps: its name, its districts and their parts.

Reads nothing itself; knows the municipalities as `shared.municipalities` loads them.
"""

import re
from collections.abc import Iterator

from shared.municipalities import Municipality

_SPECIAL = re.compile(r"[/&]|\s(?:en|of)\s")


def local_words(municipality: Municipality) -> tuple[str, ...]:
    """The municipality's own names, as words and phrases, each once."""
    return tuple(dict.fromkeys(name for name in _names(municipality) if len(name) > 2))


def _names(municipality: Municipality) -> Iterator[str]:
    yield municipality.name
    for code in municipality.districts.in_order:
        for label in (code.label.nl, *code.aliases):
            yield from (part.strip() for part in _SPECIAL.split(label))
    for part in municipality.parts:
        yield part.label
