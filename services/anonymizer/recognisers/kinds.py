# SPDX-License-Identifier: EUPL-1.2
"""Tells which words are kinds of organisations, and what may stand in place of one. A rare kind is itself a clue.

The kinds are data: `words/lists/kinds.txt` and `families.txt`.
"""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.word_lists import listed, sections

COMMON: Final = listed("kinds", "common")
"""Kinds of which there are many in any town: they may stay as they are."""
STAYING: Final = listed("kinds", "staying")
"""Rarer kinds that say where it happened; they stay when they are written small, as a kind rather than a name."""
GROUNDS: Final = sections("kinds")["grounds"]
"""First parts of kinds that say the ground: these kinds stay too (`woonwagencentrum`, `vrouwenopvang`)."""
_FAMILIES: Final = tuple(
    (frozenset(endings), tuple(end for end in endings if len(end) > 3), kind)
    for kind, endings in sections("families").items()
)
_ENDINGS: Final = sections("kinds")["endings"]
_LAST: Final = frozenset(end[-2:] for end in _ENDINGS)
"""Last two letters of the endings: most words are ruled out by these."""
_MORE: Final = listed("kinds", "more")
_ABROAD: Final = listed("kinds", "abroad")
_ABROAD_FAMILIES: Final = tuple((stems, kind) for kind, stems in sections("families_abroad").items())
_STEMS: Final = tuple(stem for stems, _ in _ABROAD_FAMILIES for stem in stems if len(stem) > 4)
_LONGEST_CASE: Final = 14
_SHORTEST: Final = 9


def family(head: str) -> str:
    """The word that may stand in place of a head noun: itself when it is common, else its family.

    >>> family("biljartvereniging"), family("bakkerij")
    ('vereniging', 'bakkerij')
    """
    if head in COMMON:
        return head
    for kinds, endings, kind in _FAMILIES:
        if head in kinds or head.endswith(endings):
            return kind
    return "bedrijf" if len(head) > 3 else "organisatie"


def family_abroad(word: str) -> str:
    """The Dutch family of a kind in another language; empty when none is listed, so that the kind stays."""
    return next((kind for stems, kind in _ABROAD_FAMILIES if word.startswith(stems)), "")


def is_kind_abroad(word: str) -> bool:
    """Whether a word is a kind in another language of reports, in any of its cases."""
    return word in _ABROAD or (word.startswith(_STEMS) and len(word) <= _LONGEST_CASE)


def is_head_compound(word: str) -> bool:
    """Whether an unlisted word is a compound that names a kind of organisation."""
    return len(word) >= _SHORTEST and word[-2:] in _LAST and word.endswith(_ENDINGS)


def mark_kinds(reading: Reading) -> None:
    """Flag the words that are kinds of organisations, though the table of words does not say so; claims nothing."""
    for word, indexes in reading.where.items():
        if word in _MORE or is_head_compound(word):
            for index in indexes:
                if not (reading.kept[index] and reading.cases[index]):
                    reading.flags[index] |= lex.HEAD
