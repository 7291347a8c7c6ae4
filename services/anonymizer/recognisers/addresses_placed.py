# SPDX-License-Identifier: EUPL-1.2
"""Marks addresses by their place in the sentence, whatever the street is called: after `woont op`, behind a name."""

import re
from collections.abc import Callable
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading
from services.anonymizer.recognisers.numbers import is_number_word
from services.anonymizer.word_lists import listed

_LABEL, _LIVING, _BESIDE = listed("homes", "label"), listed("homes", "living"), listed("homes", "beside")
_OPENERS: Final = _LABEL | _LIVING | _BESIDE
_BETWEEN, _SMALL = listed("homes", "between"), listed("homes", "small")
_BEFORE, _ARTICLES = listed("homes", "before"), listed("homes", "article")
_NUMBERED, _COUNTED = listed("homes", "numbered"), listed("homes", "counted")
_NUMBERED_ENDS: Final = tuple(word for word in _NUMBERED if len(word) > 3)
_SAYS_NUMBER: Final = frozenset("nr nummer no huisnr huisnummer hnr numer number numéro num".split())
_HOUSE: Final = re.compile(
    r"(?=[lLiIoO]{0,3}\d)[\dlLiIoO]{1,4}(?:[ -]?(?i:bis|hs|zw|rd|rood|zwart|boven|beneden|achter|huis|hoog|i{1,3}|"
    r"iv|vi?|[a-z])(?!\w))?(?:[-/]\w{1,3})?(?![\w%€:+]|[.,]\d|-\d| ?(?:€|%|°))"
)
_ADDITION: Final = re.compile(r"(?:[ -](?:bis|hs|zw|rd|rood|zwart|boven|beneden|huis|[a-z](?!\w))(?!\w))?")
_ENDS_PART: Final = frozenset(["", ",", ".", ";", ")", "\n"])
"""What a part of a text ends at; the text itself ends at nothing."""
_NAME_GAPS: Final = frozenset({" ", "-", "  ", ". ", " '"})
_HOUSE_GAPS: Final = frozenset({" ", "  ", "\n", ", ", ",\n", " #", "-", " - "})
_MOST_WORDS: Final = 6
_GROUNDS: Final = frozenset({1, 2})
_ITEM: Final = re.compile(r"[.)] ")
_NEAR: Final = 3
_LONG: Final = 2
_EXPLICIT: Final = re.compile(
    r"(?:huisnr|huisnummer|hnr)\.? |\d ?(?:bis|hs|zw|rood|zwart)$|\d ?-(?:i{1,3}|iv)$", re.IGNORECASE
)
"""A number that only a house has: `14 hs`, `7-II`, `huisnummer 3`."""
_SITTING: Final = frozenset("zit zitten zat zaten sliep slaapt sta staat".split())
"""What one does in a class, a team and a train as well: only `op` and `aan` tell a street."""
_PLACED: Final = frozenset({"op", "aan", "naar", "bij", "in", "van", "te"})
_ON: Final = frozenset({"op", "aan", "at", "przy"})
_MOST_BETWEEN: Final = 3
_LEAST_LETTERS: Final = 3
_NO_NAME: Final = lex.FUNCTION | lex.VERB | lex.ROLE | lex.NUMBER | lex.MONTH | lex.LABEL
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def mark_placed_addresses(reading: Reading) -> None:
    """Mark a street and its number after a word of living, a label or the word for a neighbour."""
    if reading.any_of(_OPENERS) or (reading.figures and reading.any_of(_PLACED)):
        for index in _houses(reading):
            _mark(reading, index, _opened)


def mark_addresses_of_named(reading: Reading) -> None:
    """Mark a street and its number in brackets, between commas or on a line of its own beside a person's name."""
    if any(span.kind in {"PERSON", "POSTCODE"} for span in reading.spans):
        for index in _houses(reading):
            _mark(reading, index, _beside_name)


def _houses(reading: Reading) -> list[int]:
    """Indexes of the words that can be a house number, in figures or in words, or that begin a part that was found."""
    spelt = [
        index
        for word, indexes in reading.where.items()
        if is_number_word(word, reading.flags[indexes[0]]) and word not in {"een", "één", "nul"}
        for index in indexes
        if not reading.taken[index]
    ]
    found = [reading.word_at(span.start) for span in reading.spans if span.kind == "ADDRESS"]
    return sorted([*reading.figured(), *spelt, *found])


def _mark(reading: Reading, index: int, placed: Callable[[Reading, int, int, int], int | None]) -> None:
    """Claim the street and the number at a word when the place before them tells an address."""
    last, gap = index - 1, reading.gap(index)
    end = house = _house_end(reading, index)
    if reading.taken[index]:
        house = reading.ends[last]
        claimed = reading.starting.get(reading.starts[index])
        end = claimed.end if claimed else 0
    if not end or last < 0:
        return
    if reading.words[last] in _SAYS_NUMBER:
        gap = reading.gap(last) if gap in {" ", ". ", ".", ": "} else gap
        last -= 1
    apart = "," in gap and reading.text[end : end + 1] not in _ENDS_PART
    if last < 0 or gap not in _HOUSE_GAPS or apart or ("\n" in gap and _ITEM.match(reading.text, end)):
        return
    first = placed(reading, _first_of_name(reading, last), last, end)
    if first is not None and _is_name(reading, first, last):
        reading.claim(reading.starts[first], house, "ADDRESS")


def _house_end(reading: Reading, index: int) -> int:
    """Where a house number ends, or 0 when the word counts something, is a year or no house number."""
    end = reading.ends[index]
    if reading.words[index][0].isdigit() or any(map(str.isdigit, reading.words[index])):
        match = _HOUSE.match(reading.text, reading.starts[index])
        if match is None or _YEAR.fullmatch(match.group()):
            return 0
        end = match.end()
    else:
        more = index + 1
        while more < len(reading.words) and reading.gap(more) == " " and is_number_word(reading.words[more], 0):
            more += 1
        addition = _ADDITION.match(reading.text, reading.ends[more - 1])
        end = addition.end() if addition else end
    after = reading.word_at(end)
    if after < len(reading.words) and reading.starts[after] == end + 1 and reading.text[end] in " -":
        small = reading.flags[after] & (lex.FUNCTION | lex.VERB | lex.SLOT | lex.TOWN | lex.KEEP)
        counts = reading.words[after] in _COUNTED or reading.flags[after] & lex.MONTH
        if counts or (not small and reading.words[after].endswith(("en", "s"))):
            return 0
    return end


def _first_of_name(reading: Reading, last: int) -> int:
    """Index of the first word before a number that can belong to a street's name."""
    first = last + 1
    while first and last - first + 1 < _MOST_WORDS and _belongs(reading, first - 1):
        if first <= last and reading.gap(first) not in _NAME_GAPS:
            break
        first -= 1
    return first


def _belongs(reading: Reading, index: int) -> bool:
    """Whether a word can stand in a street's name: a small word of such names, or one that is no verb or role."""
    word = reading.words[index]
    if reading.taken[index] or (word in _OPENERS and (word not in _BESIDE or reading.words[index + 1] in _BEFORE)):
        return False
    if word in _SMALL or word in _BEFORE:
        return True
    barred = _NO_NAME if reading.cases[index] != CAPITAL or reading.opens[index] else _NO_NAME & ~lex.VERB
    return not reading.flags[index] & barred and not word.isdigit()


def _is_name(reading: Reading, first: int, last: int) -> bool:
    """Whether the words are a street's name: they end in a word of their own that has no numbers itself."""
    word, flag = reading.words[last], reading.flags[last]
    if first > last or len(word) < _LEAST_LETTERS or word in _SMALL or word in _COUNTED:
        return False
    barred = lex.GENERIC | (lex.HEAD if first == last else 0)
    if last - first >= _LONG and reading.words[last - 1] in _ARTICLES:
        return True
    return word not in _NUMBERED and not word.endswith(_NUMBERED_ENDS) and not flag & barred


def _opened(reading: Reading, first: int, last: int, end: int) -> int | None:
    """Index of the street's first word when a label, a word of living or one of a house opens the address."""
    opener = first - 1
    while opener >= 0 and first - opener <= _MOST_BETWEEN and reading.words[opener] in _BETWEEN:
        opener -= 1
    if opener < 0 or reading.words[opener] not in _OPENERS or "\n" in reading.gap(first):
        return _explicit(reading, first, last, end)
    if reading.words[opener] in _SITTING and reading.words[first] not in _ON:
        return None
    labelled = reading.words[opener] in _LABEL
    if not labelled and reading.gap(opener + 1) != " ":
        return None
    start = first
    if start < last and reading.words[start] in _BEFORE:
        start += 1 + (start + 1 < last and reading.words[start + 1] in _ARTICLES)
    elif reading.words[opener] in _BESIDE:
        return None
    placed = labelled or (start > first and reading.words[first] in _ON)
    known = reading.kept[last] or reading.flags[last] & lex.TOWN
    added = reading.text[end - 1].isalpha() and any(map(str.isdigit, reading.text[reading.ends[last] : end]))
    return None if known and start == last and not placed and not added else start


def _explicit(reading: Reading, first: int, last: int, end: int) -> int | None:
    """Index of the street's first word after a preposition, when the number is one that only a house has."""
    if first >= last or reading.words[first] not in _PLACED:
        return None
    house = reading.text[reading.ends[last] : end]
    first += 1 + (first + 2 <= last and reading.words[first + 1] in _ARTICLES)
    return first if _EXPLICIT.search(house) else None


def _beside_name(reading: Reading, first: int, last: int, end: int) -> int | None:
    """Index of the street's first word when the address stands alone beside a person's name or a postcode."""
    if first > last or reading.kept[last] in _GROUNDS or not (reading.cases[last] or reading.loose[last]):
        return None
    if not reading.cases[last] and reading.flags[last] & lex.FREQ:
        return None
    gap, closing = reading.gap(first), reading.text[end : end + 1]
    named = first > 0 and reading.person_ends(reading.ends[first - 1])
    alone = (closing in _ENDS_PART or reading.text.startswith((" -", " /"), end)) and (
        "\n" in gap or gap.strip() in {",", "(", ";", "-", "/"}
    )
    if named and alone:
        return first
    after = reading.word_at(end)
    near = after < len(reading.words) and reading.starts[after] - end <= _NEAR
    following = reading.starting.get(reading.starts[after]) if near else None
    coded = following is not None and following.kind == "POSTCODE"
    return first if coded and (not gap or not gap.isspace() or "\n" in gap) else None
