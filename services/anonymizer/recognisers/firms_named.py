# SPDX-License-Identifier: EUPL-1.2
"""Marks small organisations by a kind that follows, explains or equates: `Van der Vorm Wasserij`, `De Uil (school)`."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading
from services.anonymizer.recognisers.kinds import COMMON, family, family_abroad, is_kind_abroad
from services.anonymizer.recognisers.runs import ARTICLES, STOP, adjacent, ends, name_from
from services.anonymizer.word_lists import listed

_LEVELS: Final = listed("kinds", "levels")
_UPPER_CLUBS: Final = listed("kinds", "upper")
_ABROAD: Final = listed("kinds", "abroad")
"""Kinds of small organisations in the other languages of reports."""
_EQUATES: Final = frozenset("is heet heette heeft genaamd".split())
_LONGEST_RUN: Final = 4
_PARTICLES: Final = frozenset("van der den de ter ten te 't la el".split())
_NO_OPENING: Final = lex.FUNCTION | lex.VERB | lex.GENERIC | lex.GREETING | lex.LABEL | lex.NUMBER | lex.ROLE


def mark_named_firms(reading: Reading) -> None:
    """Mark organisations by the kind beside their name, before names of persons are looked for."""
    for index in range(len(reading.words)):
        if reading.taken[index]:
            continue
        head = reading.flags[index] & lex.HEAD
        if head and reading.cases[index] and not reading.opens[index]:
            _claim_before_kind(reading, index)
        if head:
            _claim_explained(reading, index)
            _claim_equated(reading, index)
        if _opens_by_kind(reading, index):
            _claim_after_kind(reading, index)


def _opens_by_kind(reading: Reading, index: int) -> bool:
    """Whether a word is a school level, a club's short form or a kind of another language that a name follows."""
    word = reading.words[index]
    if reading.cases[index] and (word in _LEVELS or word in _ABROAD or _is_club(reading, index)):
        return True
    return reading.language not in {"nl", "en", "xx"} and is_kind_abroad(word)


def _is_club(reading: Reading, index: int) -> bool:
    return reading.words[index] in _UPPER_CLUBS and reading.text[reading.starts[index] : reading.ends[index]].isupper()


def _is_name(reading: Reading, index: int) -> bool:
    """Whether a word with a capital can be a part of a firm's name."""
    return not reading.taken[index] and reading.cases[index] >= CAPITAL and not reading.kept[index]


def _claim_before_kind(reading: Reading, kind: int) -> None:
    """Claim `Van der Vorm Wasserij`: a capitalised kind with capitals, and particles between them, before it."""
    first = kind
    while first > 0 and kind - first < _LONGEST_RUN and reading.joined(first):
        before = first - 1
        old = first < kind and reading.kept[before] == 1 and reading.cases[before] and not reading.opens[before]
        particle = reading.words[before] in _PARTICLES and first < kind
        if not (old or _is_name(reading, before) or (particle and not reading.taken[before])):
            break
        surname = particle or reading.flags[before] & lex.LAST or reading.words[before] in _PARTICLES
        if reading.opens[before] and (reading.flags[before] & _NO_OPENING or not surname):
            break
        first = before
    while first < kind and not reading.cases[first]:
        first += 1
    own = any(not reading.flags[at] & (lex.FUNCTION | lex.PARTICLE | lex.KEEP | lex.HEAD) for at in range(first, kind))
    if not own or _goes_on(reading, kind):
        return
    if reading.words[kind] in COMMON:
        reading.claim_words(first, kind - 1, "ORGANISATION_SMALL")
    else:
        reading.claim_words(first, kind, "ORGANISATION_SMALL", family(reading.words[kind]))


def _goes_on(reading: Reading, kind: int) -> bool:
    """Whether a capital follows the kind, so that it opens a name of its own: `Club Mirador`."""
    return adjacent(reading, kind + 1) and bool(reading.cases[kind + 1])


def _claim_explained(reading: Reading, kind: int) -> None:
    """Claim `De Uil (basisschool)` and `Zonnedauw, een kinderopvang`: a name that its kind explains."""
    last = kind - 1
    if last > 0 and reading.words[last] == "een" and reading.gap(last) == ", " and reading.joined(kind):
        last -= 1
    elif last < 0 or reading.gap(kind) != " (":
        return
    first = last
    while first > 0 and last - first < _LONGEST_RUN and reading.joined(first) and _is_name(reading, first - 1):
        if reading.opens[first - 1] and reading.words[first - 1] not in ARTICLES:
            break
        first -= 1
    plain = reading.flags[last] & (lex.FIRST | lex.FUNCTION | lex.ROLE | lex.TITLE | lex.HEAD | lex.GENERIC)
    if _is_name(reading, last) and not (first == last and plain):
        reading.claim_words(first, last, "ORGANISATION_SMALL")


def _claim_equated(reading: Reading, kind: int) -> None:
    """Claim `restaurant is Gouden Karper`, `de zaak heet gouden karper`."""
    verb, first = kind + 1, kind + 2
    if first >= len(reading.words) or reading.words[verb] not in _EQUATES or not adjacent(reading, verb):
        return
    if not adjacent(reading, first) or reading.kept[first]:
        return
    if reading.cases[first]:
        flag = reading.flags[first]
        followed = adjacent(reading, first + 1) and reading.cases[first + 1]
        if followed or not flag & (STOP | lex.GENERIC | lex.ROLE | lex.TITLE | lex.FIRST):
            reading.claim_words(first, name_from(reading, first), "ORGANISATION_SMALL")
    elif reading.words[verb] in {"heet", "heette", "genaamd"} and reading.loose[first]:
        last = first + (not ends(reading, first) and adjacent(reading, first + 1))
        if ends(reading, last):
            reading.claim_words(first, last, "ORGANISATION_SMALL")


def _claim_after_kind(reading: Reading, kind: int) -> None:
    """Claim `Mavo Plantage-Oost`, `Pralnia De Witte Was`, `GV Olympia`."""
    first = kind + 1
    if not adjacent(reading, first) or reading.gap(first) != " ":
        return
    followed = adjacent(reading, first + 1) and reading.cases[first + 1]
    barred = reading.flags[first] & (STOP | lex.GENERIC | lex.TITLE | lex.ROLE) and not followed
    if reading.cases[first] >= CAPITAL and not barred and (not reading.kept[first] or followed):
        reading.flags[kind] |= lex.HEAD
        abroad = is_kind_abroad(reading.words[kind]) and family_abroad(reading.words[kind])
        start = kind if abroad else first
        reading.claim_words(start, name_from(reading, first), "ORGANISATION_SMALL", abroad or "")
