# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of tables, read from its data file.

Owns finding and checking the file. Another table or another municipality is data, never another line of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from services.stats.catalogues import READERS, Catalogue
from shared.errors import Misconfigured

SHIPPED: Final = Path(__file__).parent / "data" / "catalogue.json"


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The catalogue of every municipality: its own, else the default."""

    version: str
    default: Catalogue
    municipalities: Mapping[str, Catalogue]

    def of(self, municipality: str) -> Catalogue:
        """The catalogue of this municipality."""
        return replace(self.municipalities.get(municipality, self.default), version=self.version)


_FILE: Final = TypeAdapter(Catalogues)


def load(path: Path = SHIPPED) -> Catalogues:
    """The catalogues in the file. Raises: Misconfigured `catalogue_unusable`."""
    try:
        found = _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise Misconfigured("catalogue_unusable", file=path.name) from None
    for catalogue in (found.default, *found.municipalities.values()):
        kinds = [kind for count in catalogue.counts for kind in count.kinds]
        known = all(name in READERS for count in catalogue.counts for name in count.names)
        if not known or len(set(kinds)) != len(kinds) or catalogue.threshold < 2 or catalogue.width < 1:
            raise Misconfigured("catalogue_unusable", file=path.name)
    return found
