# SPDX-License-Identifier: EUPL-1.2
"""The table of words with an invented town's own words, read once for all tests."""

from services.anonymizer import words

LEXICON = words.load().with_local(["Waterdorp", "Noorderkwartier", "De Vlinders"])
