# SPDX-License-Identifier: EUPL-1.2
"""Reads the columns an import may have from the file beside the program."""

import json
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from services.intake.columns import Column

FILE = Path(__file__).parent.parent / "import-columns.json"


@cache
def load() -> tuple[Column, ...]:
    """The columns in the order of the template."""
    return TypeAdapter(tuple[Column, ...]).validate_python(json.loads(FILE.read_text(encoding="utf-8"))["columns"])
