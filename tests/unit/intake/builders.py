# SPDX-License-Identifier: EUPL-1.2
"""Valid things a test of intake starts from."""

import datetime as dt
from typing import Any

NOW = dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC)
API = "/intake/v1"


def signal(**changes: Any) -> dict[str, Any]:
    """A signal any partner may send."""
    return {"soort": "signaal", "gronden": ["ras"], "terrein": "onderwijs", "toelichting": "Een proef."} | changes
