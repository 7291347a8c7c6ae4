# SPDX-License-Identifier: EUPL-1.2
"""Marks streets that stand without a number in figures: by their ending alone, or with a number in words."""

from collections.abc import Iterable
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading
from services.anonymizer.recognisers.numbers import is_number_word
from services.anonymizer.recognisers.street_names import LEFTWARDS, SUFFIX, leftmost, located

_STREET_ENDS: Final = (
    "straat",
    "laan",
    "singel",
    "kade",
    "gracht",
    "dreef",
    "steeg",
    "plantsoen",
    "hofje",
    "weg",
    "plein",
    "strasse",
    "straße",
    "drive",
    "street",
)
_HOUSE_WORDS: Final = frozenset(
    (
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
        "achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd nummer"
    ).split()
)
_NO_STREETS: Final = frozenset(
    "werkplein leerplein schoolplein banenplein stationsplein dorpsplein dorpsstraat winkelstraat".split()
)
"""Words that end like a street and name none."""
_COMMON_WAYS: Final = frozenset(
    "zijstraat hoofdstraat achterweg speelstraat "
    "woonstraat dwarsstraat snelweg spoorweg rondweg hoofdweg buitenweg binnenweg fietsstraat eenrichtingsweg onderweg "
    "halverwege landweg zandweg ventweg uitvalsweg marktplein speelplein parkeerplein stadsplein winkelplein autoweg "
    "achterstraat volksbuurt trapsteeg toegangsweg oprijlaan".split()
)
"""Ordinary words for a way, which somebody may live on as well."""
_NUMBERS: Final = frozenset({"nummer", "huisnummer"})
_HOMES: Final = frozenset(
    "woon woont wonen woonde woonden woonachtig wonend wonende thuis huis woning verhuisd buren buurman buurvrouw flat "
    "bovenburen benedenburen ons live lives wohne wohnt".split()
)
"""Words of somebody's home; a street after them is named even where it is a word of its own."""
_HOME_BACK: Final = 7


def mark_spelt_streets(reading: Reading) -> None:
    """Mark house numbers in words, and streets named without a number."""
    if reading.any_of(_NUMBERS):
        _mark_spelt_house_numbers(reading)
    possible = {index for word, indexes in reading.where.items() if word.endswith(_STREET_ENDS) for index in indexes}
    if possible or reading.any_of(_HOUSE_WORDS) or "honderd" in reading.low:
        for word, indexes in reading.where.items():
            if is_number_word(word, reading.flags[indexes[0]]):
                possible.update(index - back for index in indexes for back in (1, 2) if index >= back)
        _mark_bare_streets(reading, sorted(possible))


def _mark_bare_streets(reading: Reading, indexes: Iterable[int]) -> None:
    """Mark streets that need no number to be known as one, with the number word after them if there is one."""
    for index in indexes:
        word, counted = reading.words[index], _counted(reading, index)
        if not counted and not word.endswith(_STREET_ENDS):
            continue
        if (
            reading.taken[index]
            or word in _NO_STREETS
            or (index > 0 and not counted and reading.flags[index - 1] & lex.TITLE and reading.cases[index])
            or len(word) < (5 if counted else 7)
            or not (
                word.endswith(_STREET_ENDS) or (counted and (SUFFIX.fullmatch(word) or _located_rare(reading, index)))
            )
        ):
            continue
        last = index
        while (
            last - index < 3
            and (reading.joined(last + 1) or (last == index and _numbered_next(reading, last + 1)))
            and (
                reading.flags[last + 1] & lex.NUMBER
                or reading.words[last + 1] in {"nummer", "nr", "huisnummer"}
                or (last > index and reading.words[last + 1].endswith("hoog"))
                or is_number_word(reading.words[last + 1], 0)
            )
        ):
            last += 1
        listed = reading.flags[index] & (lex.WORD | lex.KEEP | lex.TOWN | lex.FOREIGN)
        inside = reading.cases[index] >= CAPITAL and not reading.opens[index]
        if (
            not listed
            or _at_home(reading, index)
            or (last > index and not reading.flags[index] & lex.FREQ)
            or (inside and not reading.kept[index] and not reading.flags[index] & lex.FREQ)
        ):
            first = leftmost(reading, index)
            _claim_number_before(reading, first)
            reading.claim_words(_far_left(reading, first), last, "ADDRESS")


def _at_home(reading: Reading, index: int) -> bool:
    """Whether `ik woon in de`, `onze buren aan de` stands before the word."""
    placed = located(reading, index) or (index > 0 and reading.words[index - 1] in {"in", "op", "aan"})
    if not placed or reading.words[index] in _COMMON_WAYS or reading.flags[index] & (lex.FREQ | lex.KEEP | lex.TOWN):
        return False
    return not _HOMES.isdisjoint(reading.words[max(0, index - _HOME_BACK) : index])


def _mark_spelt_house_numbers(reading: Reading) -> None:
    """Mark `van nummer achtentachtig`: a house number in words after `nummer` and `van`, `op`."""
    for index in range(2, len(reading.words)):
        if reading.words[index - 1] not in {"nummer", "huisnummer"} or reading.taken[index]:
            continue
        before = reading.words[index - 2]
        placed = before in {"van", "op", "naar", "bij"} or reading.taken[index - 2]
        if placed and is_number_word(reading.words[index], reading.flags[index]):
            reading.claim_words(index - 1, index, "ADDRESS")


def _numbered_next(reading: Reading, index: int) -> bool:
    """Whether `, nummer` with a number in words stands at a word: `de Oude Weg, huisnummer twaalf`."""
    if index + 1 >= len(reading.words) or reading.gap(index) != ", ":
        return False
    if reading.words[index] not in {"nummer", "nr", "huisnummer"}:
        return False
    return is_number_word(reading.words[index + 1], reading.flags[index + 1])


def _counted(reading: Reading, index: int) -> bool:
    """Whether a number in words comes right after, with or without `nummer`."""
    after = index + 1
    if after < len(reading.words) and reading.words[after] in {"nummer", "nr", "huisnummer"}:
        after += 1
    return after < len(reading.words) and is_number_word(reading.words[after], reading.flags[after])


def _located_rare(reading: Reading, index: int) -> bool:
    """Whether `op de`, `aan het` stands before a rare or unlisted word and nothing is counted after it."""
    flag = reading.flags[index]
    if not located(reading, index) or flag & (lex.FREQ | lex.FUNCTION | lex.KEEP | lex.ROLE | lex.VERB):
        return False
    after = index + 2
    if reading.words[index + 1 : after] in (["nummer"], ["nr"], ["huisnummer"]):
        return True
    return after >= len(reading.words) or not reading.joined(after) or bool(reading.flags[after] & lex.FUNCTION)


def _claim_number_before(reading: Reading, first: int) -> None:
    """Claim the number in words of `op nummer zeven in de wilgenstraat`."""
    at = first - 1
    if at > 0 and reading.words[at] in {"de", "het"}:
        at -= 1
    if at > 1 and reading.words[at] in {"in", "op", "aan", "van"}:
        number = at - 1
        if reading.words[number - 1] in {"nummer", "nr"} and is_number_word(
            reading.words[number], reading.flags[number]
        ):
            reading.claim_words(number, number, "ADDRESS")


def _far_left(reading: Reading, first: int) -> int:
    """Index of the first word of a street written small, back to the `op de` before it, "
    "when only its name stands there.
    """
    if not reading.loose[first]:
        return first
    at = first
    while at > 0 and first - at < LEFTWARDS and reading.joined(at) and not reading.taken[at - 1]:
        before, flag = reading.words[at - 1], reading.flags[at - 1]
        if before in {"op", "aan"}:
            return at
        if before in {"de", "het"} and at > 1 and reading.words[at - 2] in {"op", "aan", "in", "van"}:
            return at
        if flag & (lex.VERB | lex.ROLE) or before in {"en", "in", "bij", "met", "ik", "hij", "zij", "die", "dat"}:
            return first
        at -= 1
    return first
