# SPDX-License-Identifier: EUPL-1.2
"""Loads the committed table of words: `lexicon.bin` and `context.bin`. Never judges a text."""

import json
import zlib
from functools import cache
from pathlib import Path
from sys import intern

from services.anonymizer.lexicon import FREQ, STRONG, Lexicon, slips_of

TABLE = Path(__file__).with_name("lexicon.bin")
CONTEXT = Path(__file__).with_name("context.bin")


@cache
def load() -> Lexicon:
    """The table of words, read once per process.

    Raises: OSError or ValueError when the committed file is missing or damaged (a broken installation).
    """
    document = json.loads(zlib.decompress(TABLE.read_bytes()))
    flags: dict[str, int] = {}
    used: list[str] = []
    listed = document.pop("flags")
    for value in list(listed):  # each list is let go as soon as it is read: the peak of a start stays with the process
        words, flag = listed.pop(value).split(" "), int(value)
        flags.update(dict.fromkeys(words, flag))
        used += words if flag & (FREQ | STRONG) == FREQ else ()
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for line in document["phrases"]:
        phrase = tuple(intern(word) for word in line.split(" "))
        phrases.setdefault(phrase[0], []).append(phrase)
    return Lexicon(
        flags=flags,
        languages=document["languages"],
        phrases={first: tuple(sorted(found, key=len, reverse=True)) for first, found in phrases.items()},
        grams=document["grams"],
        bias=document["bias"],
        slips=slips_of(used),
        context=json.loads(zlib.decompress(CONTEXT.read_bytes())),
    )
