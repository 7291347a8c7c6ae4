# SPDX-License-Identifier: EUPL-1.2
"""Recognisers with something wrong, planted in a worker: each fails on a text that holds its word.

A module of its own, because a worker process imports what it runs.
"""

import os
import re
from collections.abc import Sequence

from services.anonymizer import redaction
from services.anonymizer.reading import Reading
from services.anonymizer.redacting import Redacted, ToRedact
from services.anonymizer.redaction_worker import redact_chunk

RAISES, HANGS, CRASHES, DEVOURS = "valkuil", "doolhof", "afgrond", "schransen"
_ENDLESS = re.compile(r"(\w+\s?)+\d$")


def recognise_badly(reading: Reading) -> None:
    """Raise, hang in a regular expression, take the process down, or ask for all the memory there is."""
    if RAISES in reading.text:
        raise ValueError(reading.text)  # as a careless error would: with the text in it
    if HANGS in reading.text:
        _ENDLESS.match("woord " * 40)
    if CRASHES in reading.text:
        os._exit(11)
    if DEVOURS in reading.text:
        bytearray(64 * 1024**3)  # more than any worker may have


def planted_chunk(chunk: Sequence[ToRedact]) -> list[Redacted]:
    """Redact with the bad recogniser among the good ones."""
    if recognise_badly not in redaction.ORDER:
        redaction.ORDER = (*redaction.ORDER, recognise_badly)  # type: ignore[misc]  # this is the planting
    return redact_chunk(chunk)


def broken_start(chunk: Sequence[ToRedact]) -> list[Redacted]:
    """A worker that cannot even do nothing."""
    raise OSError(len(chunk))
