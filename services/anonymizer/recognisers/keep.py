# SPDX-License-Identifier: EUPL-1.2
"""Marks words that must survive: origin, religion, disability, large bodies, towns, districts. Claims nothing."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

_KEPT_ENDING: Final = re.compile(
    r".{3,}(?:isch|ische|ischen|aans|aanse|ees|ese|iër|iërs|talig|talige|discriminatie|fobie|fobe|foob|haat|"
    r"achtergrond|afkomst)"
)
_COMPOUND: Final = re.compile(
    r"(?:anti|pro|niet|oud|ex)?(?:moslim|islam|jode?n?|homo|trans|vrouwen|marokkanen|turken|polen|"
    r"vluchtelingen|asiel|leeftijds|zwangerschaps|discriminatie|racisme|rassen|geloofs|gender|"
    r"lhbt\w{0,5})\w{0,16}"
)


def mark_kept(reading: Reading) -> None:
    """Fill `reading.kept`: 1 for a kept word, 2 for a town, 3 for a word of a kept phrase."""
    kept, words, flags = reading.kept, reading.words, reading.flags
    phrases = reading.lexicon.phrases
    for index, word in enumerate(words):
        flag = flags[index]
        if flag & lex.KEEP:
            kept[index] = 1
        elif flag & lex.TOWN:
            kept[index] = 2
        elif not flag and len(word) > 5 and (_KEPT_ENDING.fullmatch(word) or _COMPOUND.fullmatch(word)):
            kept[index] = 1
        found = phrases.get(word)
        if found is not None:
            _mark_phrase(reading, index, found)


def _mark_phrase(reading: Reading, index: int, found: tuple[tuple[str, ...], ...]) -> None:
    for phrase in found:
        last = index + len(phrase)
        if (
            tuple(reading.words[index:last]) == phrase
            and "\n" not in reading.text[reading.starts[index] : reading.ends[last - 1]]
        ):
            reading.kept[index:last] = b"\x03" * len(phrase)
            return
