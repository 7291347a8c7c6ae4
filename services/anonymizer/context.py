# SPDX-License-Identifier: EUPL-1.2
"""Judges from the words around it whether a word is a person's name: a small linear model. Claims nothing.

The weights are learned by `words.train` and kept in the table of words. Pure.
"""

from itertools import repeat
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

SCALE: Final = 32
"""Weights are stored as whole numbers, this many to one unit of log-odds."""
_CUE_OR_FUNCTION: Final = lex.FREQ | lex.FUNCTION | lex.CUE | lex.VERB | lex.SLOT | lex.LABEL | lex.PARTICLE
_NO_CANDIDATE: Final = lex.GENERIC | lex.MONTH | lex.TITLE | lex.NUMBER
_CLASSES: Final = (
    (lex.TITLE, "T"),
    (lex.ROLE, "R"),
    (lex.INTRO, "I"),
    (lex.GREETING, "E"),
    (lex.CLOSING, "C"),
    (lex.HEAD, "H"),
    (lex.VERB, "V"),
    (lex.FUNCTION, "F"),
    (lex.STRONG, "N"),
)
_GAPS: Final = {" ": "s", "": "", ", ": "c", "-": "h", ": ": "k", " (": "o", ") ": "e", ". ": "p", "\n": "n", ' "': "q"}


def is_candidate(reading: Reading, index: int) -> bool:
    """Whether a word is one the model has an opinion on: listed as a name, listed "
    "nowhere, or capitalised mid-sentence.
    """
    word, flag = reading.words[index], reading.flags[index]
    if len(word) < 2 or not word[0].isalpha() or reading.kept[index] == 3:
        return False
    if flag & _NO_CANDIDATE and not flag & lex.STRONG:
        return False
    if flag & lex.PARTICLE and not flag & lex.STRONG:
        return False
    if not flag or flag & lex.NAME:
        return word.isalpha()
    return bool(reading.cases[index]) and not reading.opens[index] and not reading.lower_mode and word.isalpha()


def score(reading: Reading, index: int) -> float:
    """Log-odds that the word is a part of a person's name. Units: above 0 more likely than not."""
    return sum(map(reading.lexicon.context.get, features(reading, index), repeat(0))) / SCALE


def features(reading: Reading, index: int) -> list[str]:
    """What the model sees of a word and of the two words on either side."""
    flag, count = reading.flags[index], len(reading.words)
    loose = reading.loose[index]
    case = "l" if loose or not reading.cases[index] else "ucs"[reading.cases[index]]
    own = f"{case}{'b' if reading.opens[index] else ''}{_own(reading, index, flag)}"
    before, after = index - 1, index + 1
    left = _gap(reading, index) if index else "^"
    right = _gap(reading, after) if after < count else "$"
    near = left + (_kind(reading, before) if index else "")
    far = right + (_kind(reading, after) if after < count else "")
    short = _short(flag)
    left_word = left + _identity(reading, before) if index else "^"
    right_word = right + _identity(reading, after) if after < count else "$"
    seen = [
        "*",
        f"o{own}",
        f"i{flag & 0x1FFFFFF:x}{case}",
        f"l{near}",
        f"r{far}",
        f"ol{own}|{near}",
        f"or{own}|{far}",
        f"lr{near}|{far}",
        f"olr{case}{short}|{near}|{far}",
        f"L{left_word}",
        f"R{right_word}",
        f"oL{short}{case}|{left_word}",
        f"oR{short}{case}|{right_word}",
        f"Lr{left_word}|{far}",
        f"lR{near}|{right_word}",
        f"LR{left_word}|{right_word}",
    ]
    if before > 0:
        seen += f"M{_identity(reading, before - 1)}|{left_word}", f"m{_kind(reading, before - 1)}|{near}"
    if after + 1 < count:
        seen += f"S{right_word}|{_identity(reading, after + 1)}", f"s{far}|{_kind(reading, after + 1)}"
    return seen


def _own(reading: Reading, index: int, flag: int) -> str:
    """What a word is by itself: its flags, and by its letters when they leave doubt."""
    kind = _short(flag)
    if kind in {"N", "F"}:
        return kind
    shape = round(max(-1.0, min(1.0, reading.lexicon.name_score(reading.words[index]))) * 6)
    return f"{kind}{shape}"


def _short(flag: int) -> str:
    if not flag:
        return "U"
    if flag & lex.STRONG and not flag & lex.ORDINARY:
        return "N"
    if flag & lex.FUNCTION:
        return "F" if not flag & lex.FIRST else "f"
    name = ("1" if flag & lex.FIRST else "") + ("2" if flag & lex.LAST else "")
    word = "w" if flag & lex.FREQ else "W" if flag & lex.WORD else "G" if flag & lex.FOREIGN else ""
    return name + word + ("x" if flag & lex.UNLIKELY else "") + ("k" if flag & (lex.KEEP | lex.TOWN) else "")


def _kind(reading: Reading, index: int) -> str:
    """The class of a neighbour."""
    flag, word = reading.flags[index], reading.words[index]
    if word[0].isdigit():
        return "9"
    capital = "c" if reading.cases[index] and not reading.lower_mode else ""
    for bits, letter in _CLASSES:
        if flag & bits:
            return letter + capital
    if reading.kept[index]:
        return "K" + capital
    if flag & lex.NAME:
        return ("A" if flag & lex.ORDINARY else "N") + capital
    return ("W" if flag & lex.WORD else "G" if flag else "U") + capital


def _identity(reading: Reading, index: int) -> str:
    """A neighbour itself when it is much used, else its class."""
    return reading.words[index] if reading.flags[index] & _CUE_OR_FUNCTION else _kind(reading, index)


def _gap(reading: Reading, index: int) -> str:
    gap = reading.gap(index)
    found = _GAPS.get(gap)
    if found is not None:
        return found
    return "n" if "\n" in gap else "k" if ":" in gap else "p" if "." in gap else "x"
