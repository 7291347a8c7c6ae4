# SPDX-License-Identifier: EUPL-1.2
"""Marks ages by their place in the sentence, in figures and in words: after `is`, beside a person's word, a label."""

from collections.abc import Iterator
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.ages import NUMBER_WORDS, band, spelt
from services.anonymizer.recognisers.ages_told import is_person
from services.anonymizer.word_lists import listed

_HEDGE, _IS, _WHO = listed("ages", "hedge"), listed("ages", "is"), listed("ages", "who")
_CHILD, _OLD, _TOLD = listed("ages", "child"), listed("ages", "old"), listed("ages", "told")
_OWNER, _LABEL, _NO_AGE = listed("ages", "owner"), listed("ages", "label"), listed("ages", "no_age")
_SPELT: Final = {word: spelt(word) for word in NUMBER_WORDS}
_ABOUT: Final = frozenset({"rond", "tegen", "of", "around", "about"})
_PARTS: Final = frozenset({"-", "-\n", "- ", " "})
_OLDEST: Final = 110
_ADULT: Final = 12
_MOST_HEDGES: Final = 4
_LISTED: Final = frozenset("getuige getuigen verdachte klant deelnemer patiënt lid spreker".split())
"""Words for persons that are counted off: `getuige 12`."""
_NEAR: Final = 9
_AFTER: Final = frozenset("komma punt en and und jr jaren hoor maar but lentes winters".split())
_MONTHS: Final = frozenset("mnd maanden maand weken wkn months weeks".split())


def mark_placed_ages(reading: Reading) -> None:
    """Mark a number that the words around it make somebody's age."""
    if not reading.figures and not reading.any_of(NUMBER_WORDS):
        return
    for first, last, age in _numbers(reading):
        if _said(reading, first, last, age):
            reading.claim_words(first, last, "AGE", band(age))


def _numbers(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """The first and last word of each number that may be an age, and the age."""
    for index in [index for index in reading.figured() if reading.words[index].isdecimal()]:
        age = int(reading.words[index][:4])
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
    if not first or "\n" in reading.gap(first):
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
    if reading.words[index] in _WHO or is_person(reading, index):
        return True
    end = reading.ends[index]
    return bool(reading.taken[index]) and any(span.end == end and span.kind == "PERSON" for span in reading.spans)


def _is_said(reading: Reading, number: tuple[int, int], following: str, age: int) -> bool:
    """Whether a verb says it of somebody: `oma is nog maar 67`, `toen mijn man 34 was`."""
    first, last = number
    at, about = first - 1, False
    while at >= 0 and first - at <= _MOST_HEDGES and reading.words[at] in _HEDGE and reading.gap(at + 1) in {" ", ". "}:
        about |= reading.words[at] in _ABOUT
        at -= 1
    if about and age % 10 == 0:
        return False
    if at >= 0 and reading.gap(at + 1) in {" ", ": "}:
        if reading.words[at] in _IS and (_who(reading, at - 1) or _inverted(reading, at)):
            return True
        if following in _IS and _who(reading, at):
            return True
        if reading.words[at] == "van" and age >= _ADULT and _who(reading, at - 1):
            return True
    closed = not following and reading.text.startswith((",", ";", ")", " /"), reading.ends[last])
    alone = at == first - 1 and reading.gap(first) in {" ", " / "} and (closed or following in {"jr", "jaren"})
    return alone and age >= _ADULT and _who(reading, at) and reading.words[at] not in _LISTED


def _inverted(reading: Reading, verb: int) -> bool:
    """Whether the subject comes after the verb: `ben ik nu 34`, `is ze`."""
    return reading.words[verb + 1] in {"ik", "hij", "ze", "zij"}


def _is_told(reading: Reading, first: int, following: str, age: int) -> bool:
    """Whether `dus` or `namelijk` beside it tells what was said of an age just before: `te oud, 52 namelijk`."""
    if age < _ADULT or (reading.words[first - 1] not in _TOLD | {"gwn", "nou"} and following not in _TOLD):
        return False
    return not _OLD.isdisjoint(reading.words[max(0, first - _NEAR) : first])
