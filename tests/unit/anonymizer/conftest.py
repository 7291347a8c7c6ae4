# SPDX-License-Identifier: EUPL-1.2
"""What the redaction tests share."""

import pytest

from services.anonymizer.lexicon import Lexicon
from tests.unit.anonymizer.town import LEXICON


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return LEXICON
