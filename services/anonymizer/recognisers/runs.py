# SPDX-License-Identifier: EUPL-1.2
"""Runs of words inside an organisation's name: what sticks together, where it ends. Claims nothing."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading
from services.anonymizer.recognisers.candidates import is_participle

STOP: Final = lex.FUNCTION | lex.VERB | lex.MONTH | lex.NUMBER
"""Words that end a name written without capitals."""
LONGEST: Final = 6
ARTICLES: Final = frozenset({"de", "het", "'t", "t", "den", "la", "le", "el", "the", "il", "onze"})
INNER: Final = frozenset(
    (
        "na voor met zonder naar over is tot onder van de der den het en & ten ter 't in aan "
        "op du la le el and und et of the"
    ).split()
)
"""Small words that may stand between two capitals of one name."""


def adjacent(reading: Reading, index: int) -> bool:
    """Whether word `index` is free and follows the one before it inside one name."""
    if index >= len(reading.words) or reading.taken[index]:
        return False
    return reading.joined(index) or reading.gap(index) in {" & ", "&", " '", ' "', "'", "-", " + "}


def ends(reading: Reading, index: int) -> bool:
    """Whether the clause ends or goes on with a verb or a small word after word `index`."""
    following = index + 1
    if following >= len(reading.words) or not reading.joined(following):
        return True
    flag = reading.flags[following]
    return bool(flag & (lex.FUNCTION | lex.VERB | lex.SLOT)) or is_participle(reading.words[following])


def capitals_from(reading: Reading, first: int) -> int:
    """Index of the last of the capitalised words that stand together from word `first` on."""
    last = first
    while last - first < LONGEST and adjacent(reading, last + 1) and _capital(reading, last + 1):
        last += 1
    return last


def capitals_before(reading: Reading, last: int, longest: int) -> int:
    """Index of the first of the capitalised words inside the sentence that stand together up to word `last`."""
    first = last
    while first > 0 and last - first < longest and reading.joined(first) and _inside(reading, first - 1):
        first -= 1
    return first


def name_from(reading: Reading, first: int) -> int:
    """Index of the last word of a capitalised name from word `first` on, small words between capitals included.

    A town that closes it says where, and stays.
    """
    last = first
    while last - first < LONGEST and adjacent(reading, last + 1):
        if _capital(reading, last + 1):
            last += 1
        elif _bridged(reading, last + 1):
            last += 2
        else:
            break
    if last - first > 1 and reading.flags[last] & (lex.TOWN | lex.NAME) == lex.TOWN:
        last -= reading.gap(last) == " " and reading.cases[last - 1] > 0
    return last


def _capital(reading: Reading, index: int) -> bool:
    return reading.cases[index] >= CAPITAL and reading.kept[index] != 3


def _inside(reading: Reading, index: int) -> bool:
    """Whether a word has its capital inside a sentence and is free to belong to a name."""
    free = bool(reading.cases[index]) and not reading.opens[index] and not reading.taken[index]
    return free and not reading.flags[index] & STOP


def _bridged(reading: Reading, small: int) -> bool:
    """Whether a small word joins two capitals of one name, rather than a name to a place or to a person."""
    after = small + 1
    if reading.words[small] not in INNER or not adjacent(reading, after) or reading.cases[after] < CAPITAL:
        return False
    if reading.words[small] in {"en", "van", "met"} and reading.flags[after] & lex.FIRST:
        return False
    if reading.words[small] == "in" and reading.flags[after] & (lex.WORD | lex.TOWN) != lex.WORD:
        return False
    placed = (
        reading.kept[after] == 3 or reading.flags[after] & lex.TOWN or reading.words[after] in reading.lexicon.local
    )
    return not (placed and reading.words[small] in {"in", "op", "aan", "van", "te"})
