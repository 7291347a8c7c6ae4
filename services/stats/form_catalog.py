# SPDX-License-Identifier: EUPL-1.2
"""The schemas of the statutory form, read from data files.

Owns finding and checking the files. Another version of the form is another file, never another line of code.
"""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from services.stats.wga import Schema
from shared.errors import Misconfigured

SHIPPED: Final = Path(__file__).parent / "forms"
_SCHEMA: Final = TypeAdapter(Schema)


def load(folder: Path | None = None) -> tuple[Schema, ...]:
    """Every schema in the folder, the oldest first. Raises: Misconfigured `form_schema_unusable` with the file."""
    found = []
    for path in sorted((folder or SHIPPED).glob("*.json")):
        try:
            found.append(_SCHEMA.validate_json(path.read_bytes()))
        except (ValidationError, OSError):
            raise Misconfigured("form_schema_unusable", file=path.name) from None
    if not found or len({schema.schema for schema in found}) < len(found):
        raise Misconfigured("form_schema_unusable", file="*")
    return tuple(sorted(found, key=lambda schema: (schema.first_year, schema.schema)))
