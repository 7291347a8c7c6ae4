# SPDX-License-Identifier: EUPL-1.2
"""Marks names that optical reading broke in two: `Fat ima`, where only both halves together are a name."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import LOWER, Reading

_SHORTEST: Final = 5
_SHORTEST_HALF: Final = 2
_COMMON: Final = lex.FREQ | lex.FUNCTION | lex.VERB | lex.SLOT | lex.TITLE | lex.ROLE | lex.NUMBER | lex.KEEP


def mark_broken(reading: Reading) -> None:
    """Mark two words beside each other that are a listed name when they are read as one."""
    flags, cases, words = reading.flags, reading.cases, reading.words
    for index in range(1, len(words)):
        if cases[index] or flags[index] & _COMMON or reading.taken[index] or reading.taken[index - 1]:
            continue
        first = index - 1
        if (cases[first] == LOWER and not reading.loose[first]) or reading.gap(index) != " ":
            continue
        if _is_broken(reading, first, index):
            reading.claim_words(first, index, "PERSON")


def _is_broken(reading: Reading, first: int, second: int) -> bool:
    left, right = reading.words[first], reading.words[second]
    if min(len(left), len(right)) < _SHORTEST_HALF or len(left) + len(right) < _SHORTEST:
        return False
    if not reading.lexicon.flag(left + right) & lex.STRONG or reading.kept[first] or reading.kept[second]:
        return False
    flag = reading.flags[first]
    whole = flag & lex.NAME and reading.flags[second] & (lex.WORD | lex.NAME)
    small = reading.cases[first] == LOWER and flag & lex.WORD and reading.flags[second] & lex.WORD
    return not whole and not small and not flag & (lex.FUNCTION | lex.PARTICLE)
