# SPDX-License-Identifier: EUPL-1.2
"""A statutory form that was put on file: proposed by one person, settled by another.

Pure. Owns what is known of such a form. A settled one is never changed: what moves later is its next revision.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FiledForm:
    """A form that was proposed and perhaps settled, with and without mass reports, and what differs from the last."""

    id: str
    municipality: str
    year: int
    revision: int
    schema: str
    form: dict[str, Any]
    form_without_mass: dict[str, Any]
    differences: list[dict[str, Any]]
    proposed_by: str
    proposed_at: dt.datetime
    approved_by: str | None = None
    approved_at: dt.datetime | None = None
