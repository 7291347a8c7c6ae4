# SPDX-License-Identifier: EUPL-1.2
"""A real Apache Kafka and PostgreSQL for tests and for working by hand: `python -m tests.real up`.

Owns fetching, starting and stopping them. Everything listens on the loopback address and free ports; data is thrown
away at the end. Kafka comes from Maven Central into `.cache/` once, PostgreSQL from the machine's own packages.
"""

import os
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "real"
REQUIRED = os.environ.get("SEINHUIS_TEST_REQUIRE_REAL") == "1"


class NotHereError(Exception):
    """This machine cannot run the server; the text says what is missing."""
