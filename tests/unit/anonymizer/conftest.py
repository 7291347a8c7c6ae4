# SPDX-License-Identifier: EUPL-1.2
"""What the redaction tests share: the table of words with an invented town's own words."""

import pytest

from services.anonymizer import words
from services.anonymizer.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return words.load().with_local(["Waterdorp", "Noorderkwartier", "De Vlinders"])
