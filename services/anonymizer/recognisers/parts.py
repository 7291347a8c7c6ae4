# SPDX-License-Identifier: EUPL-1.2
"""Claims a described place or function piece by piece, so that what other rules took or what must stay is spared."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

ONLY_WORDS: Final = frozenset(
    (
        "langstzittende langstdienende enige enigste allereerste eerste only einzige einziger einzigen einziges seul "
        "seule único única jedyny jedyna jedynym jedyną tek єдиний єдина úniko"
    ).split()
)
"""Words that say there is one of a kind; small words otherwise, but not here."""


def claim_parts(reading: Reading, start: int, end: int, kind: str) -> None:
    """Claim what is still free of a stretch, word by word run, leaving what other rules took and what must be kept."""
    first = run = reading.word_at(start)
    last = min(reading.word_at(end - 1), len(reading.words) - 1)
    for index in range(first, last + 2):
        if index <= last and not _stays(reading, index, kind):
            continue
        if any(not reading.flags[at] & lex.FUNCTION or reading.words[at] in ONLY_WORDS for at in range(run, index)):
            reading.claim(max(start, reading.starts[run]), reading.ends[index - 1], kind)
        run = index + 1


_HOUSES: Final = frozenset("moskee moskeeën kerk synagoge tempel gebedshuis azc woonwagenkamp".split())
"""Places that say the ground; they stay inside the description of a spot."""


def _stays(reading: Reading, index: int, kind: str) -> bool:
    """Whether a word inside a generalised stretch is left as it is."""
    ground = (
        reading.kept[index] == 1
        and bool(reading.flags[index] & lex.KEEP)
        and not reading.flags[index] & (lex.GENERIC | lex.HEAD)
    )
    return bool(reading.taken[index]) or (ground and kind == "JOB_UNIQUE") or reading.words[index] in _HOUSES


_CLAUSE_END: Final = re.compile(
    r"[.,;:!?\n()\"]| (?:en|maar|want|dus|omdat|die|dat|toen|heeft|heb|hebben|had|is|was|ben|zei|zegt|krijg|krijgt|"
    r"kreeg|word|wordt|werd|vind|vindt|mag|mocht|kan|moet|wil|wilde|weigerde|noemde|noemt|zodat|terwijl|geweest|and|but|"
    r"because|who|said|so|please|und|aber|weil|et|mais|ve|ama|i|ale|y|pero) | (?=\w{2,12} (?:ik|wij|we|u|hij|zij|ze)\b)"
)
_CLAUSE: Final = 90


def clause_end(reading: Reading, start: int) -> int:
    """Where the clause that goes on at a place ends: at a sign, a small word, or a verb before its subject."""
    text = reading.text
    match = _CLAUSE_END.search(text, start, start + _CLAUSE)
    if match is not None:
        return match.start()
    end = min(len(text), start + _CLAUSE)
    while end > start and end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end -= 1
    return end


def description_end(reading: Reading, start: int) -> int:
    """Where the description of a function ends: at the end of its clause, or before the verb it is the subject of."""
    end = clause_end(reading, start)
    index = reading.word_at(start) + 1
    while index < len(reading.words) and reading.starts[index] < end:
        if reading.flags[index] & lex.VERB and not reading.flags[index] & lex.NAME and not reading.cases[index]:
            return reading.ends[index - 1]
        index += 1
    return end
