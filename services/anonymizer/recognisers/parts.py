# SPDX-License-Identifier: EUPL-1.2
"""Claims a described place or function piece by piece, so that what other rules took or what must stay is spared."""

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
        reading.kept[index] == 1 and bool(reading.flags[index] & lex.KEEP) and not reading.flags[index] & lex.GENERIC
    )
    return bool(reading.taken[index]) or (ground and kind == "JOB_UNIQUE") or reading.words[index] in _HOUSES
