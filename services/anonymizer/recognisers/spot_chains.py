# SPDX-License-Identifier: EUPL-1.2
"""Marks a spot with what it stands beside: `het bankje achter de tandarts`, `tweede paal vanaf de deur`.

Walks from each noun of a spot to the left over its adjective and to the right over prepositions and nouns.
"""

from typing import Final, NamedTuple

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.parts import claim_parts
from services.anonymizer.word_lists import listed, sections

_SPOTS: Final = listed("spots", "spots")
_MANY: Final = listed("spots", "many")
_ENDINGS: Final = sections("spots")["endings"]
_LAST: Final = frozenset(end[-2:] for end in (*_ENDINGS, "tje", "tjes"))
"""Last two letters of compounds and small forms: most words are ruled out by these."""
_NO_SPOTS: Final = listed("spots", "no_spots")
_EXACT: Final = listed("spots", "exact")
_BESIDE: Final = _EXACT | listed("spots", "beside")
_AREAS: Final = listed("spots", "areas")
_CARRIERS: Final = listed("spots", "carriers")
_TELLING: Final = frozenset({"naast", "achter", "tegenover"})
_BETWEEN: Final = frozenset({"tussen"})
_LEADING: Final = frozenset("aan op bij in onder naast achter tegenover voor".split())
_TRADES: Final = listed("spots", "trades")
_PHRASES: Final = (
    ("ter", "hoogte", "van"),
    ("ter", "hoogte", "v"),
    ("links", "van"),
    ("rechts", "van"),
    ("schuin", "tegenover"),
    ("aan", "de", "kant", "van"),
    ("aan", "de", "zijde", "van"),
    ("op", "de", "hoek", "van"),
    ("op", "de", "hoek", "bij"),
    ("om", "de", "hoek", "van"),
    ("om", "de", "hoek", "bij"),
    ("next", "to"),
    ("in", "front", "of"),
    ("met", "die"),
    ("met", "dat"),
)
"""Prepositions of more words; all of them say which one of many."""
_OPENERS: Final = frozenset(phrase[0] for phrase in _PHRASES)
_DETERMINERS: Final = listed("spots", "determiners")
_PLACED: Final = frozenset("in te uit van".split())
_MOST_BESIDE: Final = 4
_LONGEST_NAME: Final = 4
_CLOSE: Final = frozenset("vlak pal recht net schuin direct".split())
_SHORTEST_COMPOUND: Final = 8
_NO_NOUN: Final = lex.FUNCTION | lex.VERB | lex.SLOT | lex.MONTH | lex.GREETING
_GAPS: Final = frozenset({" ", ", ", "-", ". "})


class _Chain(NamedTuple):
    """The words of a spot from its first to its last, and what was found on the way."""

    first: int
    last: int
    exact: bool
    beside: int


def mark_spot_chains(reading: Reading) -> None:
    """Mark each spot that something beside it makes an exact one."""
    done = -1
    for index in _spots(reading):
        if index <= done:
            continue
        chain = _chain(reading, index)
        if chain.beside and _is_fine(reading, chain):
            claim_parts(reading, reading.starts[chain.first], reading.ends[chain.last], "GEO_FINE")
            done = chain.last
        elif chain.beside == _MOST_BESIDE:
            done = chain.last
    mark_things_beside(reading)
    mark_between(reading)


def mark_things_beside(reading: Reading) -> None:
    """Mark `aan de bar naast de gokkast`: any two things with an article and a preposition that tells which one."""
    for index in reading.indexes(_TELLING):
        thing, start = index - 1, index - 2
        if start < 1 or reading.taken[thing] or not reading.joined(index) or reading.gap(thing) != " ":
            continue
        if _describes(reading, start) and reading.words[start - 1] in _DETERMINERS:
            start -= 1
        if start < 1 or reading.words[start] not in _DETERMINERS or reading.words[start - 1] not in _LEADING:
            continue
        noun, _ = _beside(reading, index, between=False)
        if noun < 0 or reading.words[index + 1] not in _DETERMINERS or reading.taken[noun]:
            continue
        if _is_plain_thing(reading, thing) and _is_plain_thing(reading, noun):
            claim_parts(reading, reading.starts[start + 1], reading.ends[_named(reading, noun)], "GEO_FINE")


def mark_between(reading: Reading) -> None:
    """Mark `tussen het pannakooitje en de wipkip` when one of the two is a spot."""
    for index in reading.indexes(_BETWEEN):
        words = reading.words[index : index + 6]
        if len(words) < 6 or words[3] != "en" or words[1] not in _DETERMINERS or words[4] not in _DETERMINERS:
            continue
        one, other = index + 2, index + 5
        fitting = _is_plain_thing(reading, one) and _is_plain_thing(reading, other)
        if fitting and (is_spot(words[2]) or is_spot(words[5])):
            claim_parts(reading, reading.starts[one], reading.ends[other], "GEO_FINE")


def _is_plain_thing(reading: Reading, index: int) -> bool:
    flag = reading.flags[index] & (_NO_NOUN | lex.ROLE | lex.GENERIC | lex.NAME | lex.TITLE | lex.SOFT_TITLE)
    return not flag and not reading.kept[index] and reading.words[index] not in _CARRIERS and not reading.cases[index]


def is_spot(word: str) -> bool:
    """Whether a word is a spot, or a compound that ends as one."""
    if word in _SPOTS:
        return True
    if len(word) < _SHORTEST_COMPOUND or word[-2:] not in _LAST:
        return False
    if word.endswith(("tje", "tjes")):
        return is_spot(word.removesuffix("s").removesuffix("tje"))
    return word.endswith(_ENDINGS) and word not in _NO_SPOTS


def _spots(reading: Reading) -> list[int]:
    found = [index for word, indexes in reading.where.items() if is_spot(word) for index in indexes]
    return sorted(index for index in found if reading.kept[index] != 3 and not _is_worker(reading, index))


def _is_worker(reading: Reading, index: int) -> bool:
    """Whether a trade without an article is what somebody is, rather than a place: `ik ben kapper bij`."""
    return reading.words[index] in _TRADES and not (index and reading.words[index - 1] in _DETERMINERS)


def _chain(reading: Reading, spot: int) -> _Chain:
    """The spot with its adjective, its number and everything it stands beside."""
    last = _numbered(reading, spot)
    exact, beside = False, 0
    between = "tussen" in reading.words[max(0, spot - 3) : spot]
    if _follows(reading, last + 1):
        last, beside = last + 1, 1
    while beside < _MOST_BESIDE:
        noun, is_exact = _beside(reading, last + 1, between=between and not beside)
        if noun < 0:
            break
        last = _named(reading, _numbered(reading, noun))
        exact, beside = exact or is_exact, beside + 1
    return _Chain(_left(reading, spot), last, exact, beside)


def _follows(reading: Reading, index: int) -> bool:
    """Whether a second spot stands right after the first, as in notes: `uitgang parkeergarage`."""
    if index >= len(reading.words) or reading.gap(index) != " " or reading.taken[index]:
        return False
    return is_spot(reading.words[index]) and reading.words[index] not in _MANY


def _left(reading: Reading, spot: int) -> int:
    """Index of the first word of the spot: its ordinal or adjective, or the first half of `zij-ingang`."""
    first = spot
    if first > 0 and reading.gap(first) == "-":
        first -= 1
    before = first - 1
    if before < 0 or reading.gap(first) != " " or reading.taken[before] or reading.opens[first]:
        return first
    flag, word = reading.flags[before], reading.words[before]
    plain = flag & (_NO_NOUN | lex.ROLE | lex.HEAD | lex.NAME) or word in _DETERMINERS or word in _BESIDE
    described = word.endswith(("e", "ste", "de")) or bool(flag & lex.FOREIGN and reading.language == "en")
    return before if described and not (plain and not flag & lex.NUMBER) else first


def _numbered(reading: Reading, noun: int) -> int:
    """The noun, or the number or the single letter right after it: `dok 3`, `portiek C`."""
    after = noun + 1
    if after < len(reading.words) and reading.gap(after) == " " and not reading.taken[after]:
        word = reading.words[after]
        if word == "lot" and reading.words[noun] == "parking":
            return after
        letter = len(word) == 1 and word.isalpha() and bool(reading.cases[after]) and word not in {"u", "i"}
        if letter or (word[0].isdigit() and len(word) <= 4) or (word[-1].isdigit() and len(word) <= 5):
            return after
    return noun


def _named(reading: Reading, last: int) -> int:
    """The last of the capitals that go on with a name: `de parkeerplaats achter station Helmond Brouwhuis`."""
    end = min(last + _LONGEST_NAME, len(reading.words) - 1)
    if last < end and reading.gap(last + 1) == "-":  # the second half of `wc-deur`
        last += 1
    while last < end and reading.gap(last + 1) in {" ", "-"} and reading.cases[last + 1]:
        last += 1
    return last


def _beside(reading: Reading, index: int, *, between: bool) -> tuple[int, bool]:
    """Index of the noun the spot stands beside, or -1, and whether the preposition says which one of many."""
    count = len(reading.words)
    if index >= count or reading.gap(index) not in _GAPS:
        return -1, False
    if reading.words[index] in _CLOSE and index + 1 < count and reading.gap(index + 1) == " ":
        index += 1
    paired = between and reading.words[index] == "en"
    after, exact = (index + 1, True) if paired else _preposition(reading, index)
    if after < 0 or after >= count:
        return -1, False
    bare = reading.words[after] not in _DETERMINERS
    noun = after if bare else after + 1
    if noun >= count or reading.gap(noun).strip(".") != " ":
        return -1, False
    if _describes(reading, noun):
        noun += 1
    return (noun, exact) if _is_thing(reading, noun, bare=bare, preposition=reading.words[after - 1]) else (-1, False)


def _preposition(reading: Reading, index: int) -> tuple[int, bool]:
    """Index after a preposition that stands at a word, or -1, and whether it is an exact one."""
    word = reading.words[index]
    if word in _OPENERS:
        for phrase in _PHRASES:
            if tuple(reading.words[index : index + len(phrase)]) == phrase:
                return index + len(phrase), True
    return (index + 1, word in _EXACT) if word in _BESIDE else (-1, False)


def _describes(reading: Reading, index: int) -> bool:
    """Whether a word is an adjective before a noun: `de grote wilg`, `die paarse toko`."""
    after = index + 1
    if after >= len(reading.words) or reading.gap(after) != " " or reading.cases[after]:
        return False
    word, flag = reading.words[index], reading.flags[index]
    adjective = word.endswith(("e", "en")) or (reading.language == "en" and bool(flag & lex.FOREIGN))
    noun = reading.flags[after] & (_NO_NOUN | lex.PARTICLE)
    return adjective and not flag & (_NO_NOUN | lex.ROLE | lex.HEAD) and word not in _SPOTS and not noun


def _is_thing(reading: Reading, noun: int, *, bare: bool, preposition: str) -> bool:
    """Whether a word is a thing or a building a spot can stand beside, rather than a person, an area or a time."""
    word, flag = reading.words[noun], reading.flags[noun]
    if word in _AREAS or word[0].isdigit() or (len(word) < 3 and word not in _SPOTS):
        return False
    if reading.taken[noun]:
        return not bare
    if flag & _NO_NOUN and not is_spot(word):
        return False
    if flag & lex.ROLE and word not in _TRADES:
        return False
    if not bare or preposition not in _PLACED:
        return True
    after = noun + 1
    return (
        is_spot(word) and after < len(reading.words) and (bool(reading.cases[after]) or _numbered(reading, noun) > noun)
    )


def _is_fine(reading: Reading, chain: _Chain) -> bool:
    """Whether a spot with what it stands beside is an exact place rather than a kind of place."""
    inside = range(chain.first, chain.last + 1)
    named = any(_tells_apart(reading, index) for index in inside)
    spots = [reading.words[index] for index in inside if is_spot(reading.words[index])]
    public = any(reading.kept[index] in {2, 3} or _is_chain(reading, index) for index in inside)
    hidden = any(reading.taken[index] for index in inside)
    if (public or hidden) and not named and not chain.exact:
        return False
    if named or chain.exact:
        return named or chain.beside > 1 or not _MANY.issuperset(spots)
    return not all(word in _MANY for word in spots)


def _tells_apart(reading: Reading, index: int) -> bool:
    """Whether a number or a capital of no chain, town or body tells one place from the others."""
    if reading.words[index][0].isdigit():
        return True
    if reading.taken[index]:
        return is_spot(reading.words[index - 1]) and reading.gap(index) == " " and bool(reading.cases[index])
    return bool(reading.cases[index]) and not reading.opens[index] and not reading.kept[index]


def _is_chain(reading: Reading, index: int) -> bool:
    return bool(reading.kept[index] == 1 and reading.cases[index] and not reading.opens[index])
