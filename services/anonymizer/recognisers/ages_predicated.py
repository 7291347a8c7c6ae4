# SPDX-License-Identifier: EUPL-1.2
"""Marks an age that is all that is said of somebody: `mevrouw is 74`, `de klant was vijfenveertig en boos`."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.ages import NUMBER_WORDS, band, spelt
from services.anonymizer.recognisers.ages_told import is_person

_COPULAS: Final = frozenset("is ben bent was wordt word werd".split())
_SUBJECTS: Final = frozenset(
    "ik hij zij ze u je jij die deze wie oudste jongste middelste kleinste kleine grote eerste tweede".split()
)
_GOES_ON: Final = lex.FUNCTION | lex.GREETING | lex.CLOSING
"""What may follow an age: a small word or a greeting, never a noun that is counted."""
_NOBODY: Final = lex.WORD | lex.FUNCTION | lex.FOREIGN | lex.GENERIC | lex.HEAD | lex.MONTH | lex.NUMBER
"""Words that are things; a word of none of these kinds before the verb is somebody's name or nickname."""
_COUNTS: Final = frozenset(
    "tot van procent à a x per op de het bij uur keer jaar minuten dagen weken maanden uren euro kilo meter".split()
)
_YOUNGEST: Final = 12


def mark_predicated_ages(reading: Reading) -> None:
    """Mark a number after who somebody is and a form of to be, when nothing is counted by it."""
    if not reading.figured() and not reading.any_of(NUMBER_WORDS):
        return
    for copula in reading.indexes(_COPULAS):
        number = copula + 1
        if number < len(reading.words) and reading.gap(number) == " " and not reading.taken[number]:
            age = _age(reading.words[number])
            old_enough = age >= _YOUNGEST or (age and copula and reading.joined(copula))
            if old_enough and _is_somebody(reading, copula) and _ends(reading, number):
                reading.claim_words(number, number, "AGE", band(age))


def _age(word: str) -> int:
    """The age a word tells, 0 when it tells none."""
    if word.isdigit():
        return int(word) if len(word) <= 2 else 0
    age = spelt(word) if word in NUMBER_WORDS else 0
    return age if age >= _YOUNGEST else 0


def _is_somebody(reading: Reading, copula: int) -> bool:
    """Whether the word before the verb is a person, or none stands there: `is 17, heet ...`."""
    subject = copula - 1
    if not copula:
        return True
    if reading.words[subject] in _SUBJECTS:
        return True
    if not reading.joined(copula):
        return reading.opens[copula] or "," in reading.gap(copula)
    flag = reading.flags[subject]
    if flag & (lex.TITLE | lex.SOFT_TITLE) or is_person(reading, subject):
        return True
    rare = reading.cases[subject] and not flag & (_NOBODY & ~lex.WORD | lex.FREQ)
    return (rare or not flag & _NOBODY) and reading.words[subject].isalpha() and not reading.kept[subject]


def _ends(reading: Reading, number: int) -> bool:
    """Whether nothing is counted: the sentence ends, or goes on with a small word."""
    after, text = number + 1, reading.text
    sign = text[reading.ends[number] : reading.ends[number] + 2]
    if sign[:1] in {"%", "€", "+", "/", ":"} or (sign[:1] in {".", ",", "-"} and sign[1:].isdigit()):
        return False
    if after >= len(reading.words) or reading.gap(after) != " ":
        return True
    return bool(reading.flags[after] & _GOES_ON) and reading.words[after] not in _COUNTS
