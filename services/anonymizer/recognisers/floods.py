# SPDX-License-Identifier: EUPL-1.2
"""Marks all figures of a text that holds more of them than any report: what each number is no longer matters there."""

from typing import Final

from services.anonymizer.reading import Reading

MOST_NUMBERS: Final = 1_000
"""Words with a figure from which a text is a table, a log or an attack; a long report has some dozens."""


def mark_flood(reading: Reading) -> None:
    """Mark every number of such a text, those with nothing but signs between them as one."""
    numbered = reading.numbered
    if len(numbered) <= MOST_NUMBERS:
        return
    first = numbered[0]
    for index, following in zip(numbered, [*numbered[1:], -1], strict=True):
        if following != index + 1 or "\n" in reading.gap(following):
            reading.claim_words(first, index, "ID_NUMBER")
            first = following
