# SPDX-License-Identifier: EUPL-1.2
"""Marks ages by their place in the sentence, in figures and in words: after `is`, beside a person's word, a label."""

from collections.abc import Iterator
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.ages import NUMBER_WORDS, band, is_tenure, spelt
from services.anonymizer.recognisers.ages_told import is_person
from services.anonymizer.word_lists import listed

_HEDGE, _IS, _WHO = listed("ages", "hedge"), listed("ages", "is"), listed("ages", "who")
_CHILD, _OLD, _TOLD = listed("ages", "child"), listed("ages", "old"), listed("ages", "told")
_OWNER, _LABEL, _NO_AGE = listed("ages", "owner"), listed("ages", "label"), listed("ages", "no_age")
_SPELT: Final = {word: spelt(word) for word in NUMBER_WORDS}
_YEARS: Final = frozenset({"aña", "años", "anos"})
_TENS: Final = {word: age for age in range(10, 100, 10) for word in listed("ages", str(age))}
"""Numbers of Papiamento and Spanish, with the ten years they fall in."""
_ABOUT: Final = frozenset({"rond", "tegen", "of", "around", "about"})
_PARTS: Final = frozenset({"-", "-\n", "- ", " "})
_OLDEST: Final = 110
_FIGURES: Final = 4
_ADULT: Final = 12
_MOST_HEDGES: Final = 4
_LISTED: Final = frozenset("getuige getuigen verdachte klant deelnemer patiënt lid spreker".split())
"""Words for persons that are counted off: `getuige 12`."""
_NEAR: Final = 9
_FAR: Final = 24
_AFTER: Final = frozenset("komma punt en and und jr jaren hoor maar but lentes winters".split())
_MONTHS: Final = frozenset("mnd maanden maand weken wkn months weeks".split())


def mark_placed_ages(reading: Reading) -> None:
    """Mark a number that the words around it make somebody's age."""
    if not reading.figures and not reading.any_of(NUMBER_WORDS | _YEARS):
        return
    _mark_years(reading)
    for first, last, age in _numbers(reading):
        if _said(reading, first, last, age):
            reading.claim_words(first, last, "AGE", band(age))


def _mark_years(reading: Reading) -> None:
    """Mark `treinta y dos años` and the like, but not how long something lasts."""
    for index in reading.indexes(_YEARS):
        first = index - 1
        first -= 2 * (first > 1 and reading.words[first - 1] in {"i", "y"} and reading.words[first - 2] in _TENS)
        if first < 0 or reading.words[first] not in _TENS or "\n" in reading.gap(index):
            continue
        if not is_tenure(reading.text, reading.starts[first], reading.ends[index]):
            reading.claim_words(first, index, "AGE", band(_TENS[reading.words[first]]))


def _numbers(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """The first and last word of each number that may be an age, and the age."""
    for index in reading.figured():
        figures = reading.words[index].rstrip("¼½¾")
        age = int(figures) if figures.isdecimal() and len(figures) < _FIGURES else 0
        around = reading.text[max(0, reading.starts[index] - 1) : reading.starts[index]]
        if 0 < age < _OLDEST and around not in {",", ".", "-", "/", ":", "+", "€", "#"}:
            yield index, index, age
    for index in reading.indexes(NUMBER_WORDS):
        last, age = index, _SPELT[reading.words[index]]
        if index + 2 < len(reading.words) and reading.words[index + 1] in {"en", "ën"}:
            joined = spelt("".join(reading.words[index : index + 3]))
            if joined > _ADULT and {reading.gap(index + 1), reading.gap(index + 2)} <= _PARTS:
                last, age = index + 2, joined
        if not reading.taken[index] and (last > index or reading.words[index] not in {"een", "één"}):
            yield index, last, age


def _said(reading: Reading, first: int, last: int, age: int) -> bool:
    """Whether a number says how old somebody is."""
    after = last + 1
    next_to = after < len(reading.words) and reading.gap(after) in {" ", "-"}
    following = reading.words[after] if next_to else ""
    wrapped = "\n" in reading.gap(first)
    if not first or (wrapped and (reading.gap(first) != "\n" or reading.words[first - 1] not in _IS)):
        return False
    before = reading.words[first - 1]
    if (
        before in _CHILD
        and following not in _NO_AGE - _MONTHS
        and (not following or following in _MONTHS or _goes_on(reading, after))
    ):
        return True
    if following in _NO_AGE or reading.text[reading.ends[last] :][:1] in {"%", "€", "+", ":", "/", "-"}:
        return False
    if following and not _goes_on(reading, after):
        return False
    if reading.text[reading.ends[last] :][:2].strip(".,")[:1].isdigit():
        return False
    labelled = before in _LABEL and reading.gap(first).strip() in {"", ":", "=", "."}
    owned = before in _OWNER and reading.words[max(0, first - 2)] == "met" and following in {"jaren", "lentes", ""}
    owned |= before == "met" and following in {"ben", "bent", "word"} and age >= _ADULT
    return (
        labelled
        or owned
        or _is_said(reading, (first, last), following, age)
        or _is_told(reading, first, following, age)
    )


def _goes_on(reading: Reading, index: int) -> bool:
    """Whether the sentence goes on at a word without anything being counted."""
    word = reading.words[index]
    return word in _AFTER or word in _HEDGE or word in _TOLD or bool(reading.flags[index] & (lex.FUNCTION | lex.VERB))


def _who(reading: Reading, index: int) -> bool:
    """Whether a word says who somebody is: a name, a pronoun or a role."""
    if index < 0:
        return False
    if reading.words[index] in _WHO or reading.words[index] in _CHILD or is_person(reading, index):
        return True
    return reading.person_ends(reading.ends[index])


def _is_said(reading: Reading, number: tuple[int, int], following: str, age: int) -> bool:
    """Whether a verb says it of somebody: `oma is nog maar 67`, `toen mijn man 34 was`."""
    first, last = number
    at, about = first - 1, False
    while at >= 0 and first - at <= _MOST_HEDGES and _hedges(reading, at) and reading.gap(at + 1) in {" ", ". "}:
        about |= reading.words[at] in _ABOUT
        at -= 1
    if about and age % 10 == 0:
        return False
    if at >= 0 and reading.gap(at + 1) in {" ", ": ", "\n"}:
        if reading.words[at] in _IS and (_who(reading, at - 1) or _inverted(reading, at)):
            return True
        if _who(reading, at) and _after_age(reading, at):
            return True
        if following in _IS and _who(reading, at):
            return True
        if reading.words[at] == "van" and age >= _ADULT and _who(reading, at - 1):
            return True
    closed = not following and reading.text.startswith((",", ";", ")", " /"), reading.ends[last])
    alone = at == first - 1 and reading.gap(first) in {" ", " / "} and (closed or following in {"jr", "jaren"})
    return alone and age >= _ADULT and _who(reading, at) and reading.words[at] not in _LISTED


def _hedges(reading: Reading, index: int) -> bool:
    """Whether a word may stand between the verb and the age: `al`, `ongeveer`, `in mei`."""
    word, flags = reading.words[index], reading.flags
    return word in _HEDGE or bool(flags[index] & lex.MONTH) or (word == "in" and bool(flags[index + 1] & lex.MONTH))


def _after_age(reading: Reading, who: int) -> bool:
    """Whether an age was told just before, of which the verb goes on: `ik word 80 en zij in juni tachtig`."""
    start = reading.starts[who]
    near = (reading.ending[end] for end in range(start, max(0, start - _FAR), -1) if end in reading.ending)
    before = next((span.end for span in near if span.kind == "AGE"), None)
    if before is None:
        return False
    return reading.text[before:start].lstrip(" ").startswith(("en ", "maar ", ", ", "and ", "terwijl "))


def _inverted(reading: Reading, verb: int) -> bool:
    """Whether the subject comes after the verb: `ben ik nu 34`, `is ze`."""
    return reading.words[verb + 1] in {"ik", "hij", "ze", "zij"}


def _is_told(reading: Reading, first: int, following: str, age: int) -> bool:
    """Whether `dus` or `namelijk` beside it tells what was said of an age just before: `te oud, 52 namelijk`."""
    if age < _ADULT or (reading.words[first - 1] not in _TOLD | {"gwn", "nou"} and following not in _TOLD):
        return False
    return not _OLD.isdisjoint(reading.words[max(0, first - _NEAR) : first])
