# SPDX-License-Identifier: EUPL-1.2
"""Marks organisations that no head noun announces: `De Regenboog`, `Peppers & Co`, `Zuidercollege`."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, LOWER, Reading
from services.anonymizer.recognisers.candidates import looks_like_name, unknown, unlisted
from services.anonymizer.recognisers.kinds import GROUNDS, family, is_head_compound
from services.anonymizer.recognisers.runs import (
    ARTICLES,
    LONGEST,
    STOP,
    adjacent,
    capitals_before,
    capitals_from,
    ends,
    name_from,
)
from services.anonymizer.word_lists import listed, sections

_LABELS: Final = listed("kinds", "labels")
_COMPOUND_ENDS: Final = (
    "college",
    "lyceum",
    "school",
    "gymnasium",
    "kliniek",
    "hoeve",
    "hof",
    "bakkerij",
    "garage",
    "kapsalon",
    "apotheek",
    "stichting",
    "club",
    "vereniging",
)
_PLAIN_SCHOOLS: Final = listed("kinds", "schools")
_CAPITAL_ARTICLES: Final = frozenset(
    {"de", "het", "'t", "t", "la", "le", "el", "the", "den", "huize", "villa", "ons", "onze", "bij"}
)
_SCHOOLS: Final = frozenset({"college", "lyceum", "gymnasium", "kliniek", "stichting"})
_PARTNERS: Final = listed("bonds", "joined")
_DEPARTMENTS: Final = (*sections("bonds")["endings"], "en", "s")
"""Ends of words written with a capital after `bij` that are departments and tasks rather than firms."""
_AT: Final = frozenset("bij at bei chez via".split())
_ABOUT: Final = frozenset("van voor door over tegen from for against".split())
_TAIL_BORDER: Final = -0.35
_DOTTED_CLUB: Final = re.compile(
    r"(?<![\w.])(?:[rR]\.?[kK]\.?)?(?:[svkhtSVKHT]\.){1,3}[vcVC]\.? (?:(?:de|De|het|Het|'t) )?[A-Z][\w']{1,20}"
    r"(?:[ -](?:[A-Z][\w']{1,20}|'\d\d|\d{2,4}(?!\w))){0,3}"
)
"""A sports club by its short form with points: `v.v. Rood-Wit '62`."""
_FAR: Final = 3
_LONG: Final = 8
_NO_NOUN: Final = STOP | lex.SLOT | lex.ROLE | lex.SOFT_TITLE | lex.TITLE | lex.CLOSING | lex.GREETING


_TAILS: Final = frozenset({"bv", "nv", "vof"})
_TELLING: Final = _LABELS | _SCHOOLS | _TAILS | _PARTNERS | {"het"}
"""Words that by themselves say that an organisation may stand beside them."""


def mark_firms(reading: Reading) -> None:
    """Mark organisations by their own shape and by what stands around them."""
    if "." in reading.text:
        reading.claim_each(_DOTTED_CLUB.finditer(reading.text), "ORGANISATION_SMALL")
    telling = {
        index
        for word, indexes in reading.where.items()
        if word in _TELLING or word.endswith(_COMPOUND_ENDS)
        for index in indexes
    }
    for index in sorted(telling.union(index for index, case in enumerate(reading.cases) if case)):
        word = reading.words[index]
        if word in _PARTNERS and index and reading.taken[index - 1] and reading.gap(index) == " & ":
            reading.claim_words(index, index, "ORGANISATION_SMALL")
        if index in telling and not reading.taken[index]:
            _mark_by_word(reading, index, word)
        if not reading.taken[index] and reading.cases[index]:
            _mark_by_capital(reading, index, word)
    if not reading.lower_mode:
        _mark_after_at(reading)


def _mark_by_word(reading: Reading, index: int, word: str) -> None:
    """Mark what a word of its own kind gives away."""
    if word.endswith(_COMPOUND_ENDS):
        _compound(reading, index)
    if word in _LABELS:
        _labelled(reading, index)
    if word in _SCHOOLS:
        _before_school(reading, index)
    if word in _TAILS:
        _before_tail(reading, index)
    if word == "het" and index and reading.loose[index] and reading.words[index - 1] in {"op", "bij", "van", "naar"}:
        _after_neuter(reading, index + 1)


def _mark_by_capital(reading: Reading, index: int, word: str) -> None:
    """Mark what a capital gives away."""
    if reading.flags[index] & lex.TAIL:
        _before_tail(reading, index)
    if index + 1 < len(reading.words) and reading.gap(index + 1) == " & ":
        _around_ampersand(reading, index)
    if index and reading.words[index - 1] in {"t", "'t"} and not reading.cases[index - 1] and _in_firm(reading, index):
        start = reading.starts[index - 1]
        start -= reading.text[start - 1 : start] in {"'", "\u2019"}
        reading.claim(start, reading.ends[capitals_from(reading, index)], "ORGANISATION_SMALL")
    if word in _CAPITAL_ARTICLES and not reading.opens[index] and not reading.taken[index]:
        _after_capital_article(reading, index)


def _in_firm(reading: Reading, index: int) -> bool:
    """Whether `t` with a capital comes right after `bij`, `van`, `in`: `bij t Stoepje`."""
    before = index - 2
    near = (
        before >= 0
        and reading.joined(index)
        and (reading.joined(index - 1) or reading.gap(index - 1) in {" '", " \u2019"})
        and reading.words[before] in {"bij", "van", "in", "naar"}
    )
    return (
        near
        and not reading.taken[index]
        and not reading.taken[index - 1]
        and not reading.flags[index] & (lex.GENERIC | lex.FUNCTION)
    )


def _around_ampersand(reading: Reading, index: int) -> None:
    """Claim `Peppers & Co`: capitals joined by an ampersand are a firm."""
    long = min(len(reading.words[index]), len(reading.words[index + 1])) > 1
    public = reading.kept[index] == 3 or (reading.kept[index] and reading.kept[index + 1])
    if public and reading.words[index + 1] not in _PARTNERS:
        return
    if long and reading.taken[index + 1] and not reading.opens[index]:
        reading.claim_words(capitals_before(reading, index, 3), index, "ORGANISATION_SMALL")
    if long and reading.cases[index + 1] and not reading.taken[index + 1]:
        reading.claim_words(capitals_before(reading, index, 3), index + 1, "ORGANISATION_SMALL")


def _after_capital_article(reading: Reading, article: int) -> None:
    """Claim `De Regenboog`, `Het Witte Huis`: an article with a capital inside a sentence opens a proper name."""
    first, before = article + 1, article - 1
    if not adjacent(reading, first) or not reading.cases[first] or reading.kept[first] == 3:
        return
    joined = before >= 0 and reading.joined(article) and not reading.taken[before]
    surname = reading.flags[first] & lex.LAST and not reading.flags[first] & lex.FREQ
    housed = joined and (reading.flags[before] & lex.HEAD or reading.words[before] in {"bij", "op", "naar"})
    if surname and not housed:
        return
    noun = joined and reading.cases[before] == LOWER and reading.flags[before] & (lex.WORD | lex.HEAD)
    last = name_from(reading, first)
    if noun and not reading.flags[before] & _NO_NOUN:
        claim_with_kind(reading, before, article, last)
    else:
        reading.claim_words(article, last, "ORGANISATION_SMALL")


def claim_with_kind(reading: Reading, head: int, start: int, last: int) -> None:
    """Claim a name after a head noun; a rare head noun goes with it and leaves its family."""
    apart = start - head > 1
    while head > 0 and reading.gap(head) == "-" and not reading.taken[head - 1] and reading.flags[head - 1] & lex.HEAD:
        head -= 1
    kind = family(reading.words[head])
    plain = not reading.flags[head] & lex.HEAD and not is_head_compound(reading.words[head])
    if not reading.cases[head] and (plain or reading.words[head].startswith(GROUNDS)):
        kind = reading.words[head]
    if kind == reading.words[head] or reading.taken[head] or apart:
        reading.claim_words(start, last, "ORGANISATION_SMALL")
    else:
        reading.claim_words(head, last, "ORGANISATION_SMALL", kind)


def _after_neuter(reading: Reading, index: int) -> None:
    """Claim `op het wellant`: an unknown word after `op het` is a school or an office."""
    if index >= len(reading.words) or not reading.joined(index) or reading.taken[index]:
        return
    listed_name = reading.flags[index] & lex.NAME and not reading.flags[index] & (lex.ORDINARY | lex.KEEP | lex.CUE)
    if ends(reading, index) and (listed_name or looks_like_name(reading, index, _TAIL_BORDER)):
        reading.claim_words(index, index, "ORGANISATION_SMALL")


def _before_school(reading: Reading, school: int) -> None:
    """Claim the name before `college`, `lyceum`: `het Piet Hein College`, `het stedelijk alfrink lyceum`."""
    first = school
    while first > 0 and school - first <= _FAR and reading.joined(first) and _names_school(reading, first - 1):
        first -= 1
    if first < school:
        reading.claim_words(first, school, "ORGANISATION_SMALL", family(reading.words[school]))


def _names_school(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    if reading.taken[index] or flag & STOP or reading.kept[index] == 3:
        return False
    if reading.cases[index] >= CAPITAL and not reading.opens[index]:
        return True
    odd = (flag & lex.NAME and not flag & lex.SLOT) or unlisted(reading, index)
    return bool(reading.loose[index] and odd)


def _before_tail(reading: Reading, tail: int) -> None:
    """Claim the capital run that a word like `BV`, `Transport`, `& Zn` closes."""
    first = tail
    while first > 0 and tail - first < LONGEST and adjacent(reading, first) and not reading.taken[first - 1]:
        if not _before_tail_fits(reading, first):
            break
        first -= 1
    last = tail
    while adjacent(reading, last + 1) and reading.flags[last + 1] & lex.TAIL and reading.cases[last + 1] >= CAPITAL:
        last += 1
    alone = first == tail == last
    if not alone and not all(reading.kept[at] for at in range(first, tail)):
        reading.claim_words(first, last, "ORGANISATION_SMALL")


def _before_tail_fits(reading: Reading, first: int) -> bool:
    """Whether the word before word `first` belongs to a firm's name."""
    before = first - 1
    flag = reading.flags[before]
    if reading.cases[before] >= CAPITAL:
        opening = reading.opens[before] and flag & lex.FUNCTION
        return not opening and not flag & lex.HEAD and reading.kept[before] != 3
    if reading.words[before] in {"en", "van", "de", "der", "den"} and before and adjacent(reading, before):
        return reading.cases[before - 1] >= CAPITAL and not reading.opens[before - 1]
    return reading.lower_mode and not flag and unknown(reading, before)


def _compound(reading: Reading, index: int) -> None:
    """Claim names like `Zuidercollege` that are one word with their kind."""
    word = reading.words[index]
    if word in _PLAIN_SCHOOLS or reading.flags[index] & (lex.WORD | lex.HEAD | lex.KEEP) or reading.kept[index]:
        return
    stem = next(word[: -len(end)] for end in _COMPOUND_ENDS if word.endswith(end))
    vague = reading.cases[index] == LOWER and word.endswith(("hof", "hoeve", "garage", "club", "vereniging"))
    if len(stem) < _FAR or vague:
        return
    first = capitals_before(reading, index, _FAR)
    if first > 0 and reading.gap(first) in {"-", " "} and reading.initial(first - 1):
        first -= 1
    reading.claim_words(first, index, "ORGANISATION_SMALL")


def _labelled(reading: Reading, index: int) -> None:
    """Claim what stands after `Werkgever:` and the like."""
    start = first = index + 1
    if first >= len(reading.words) or reading.taken[first]:
        return
    gap = reading.gap(first)
    if reading.words[first] in {"is", "heet", "heette"} and gap == " ":
        _called(reading, first + 1)
        return
    if gap.strip() not in {":", "=", ": '", ': "', ":-"} or "\n" in gap:
        return
    if reading.words[first] in ARTICLES and adjacent(reading, first + 1):
        first += 1
    flag = reading.flags[first]
    named = first > start and reading.cases[first] and adjacent(reading, first + 1) and reading.cases[first + 1]
    plain = (flag & lex.WORD and not reading.cases[first]) or flag & (lex.FUNCTION | lex.GENERIC | lex.HEAD)
    if not reading.kept[first] and (named or not plain):
        reading.claim_words(start, capitals_from(reading, first), "ORGANISATION_SMALL")


def _called(reading: Reading, start: int) -> None:
    """Claim `school is 't Venster`: an article with a capital after what a school or an employer is."""
    first = start + 1
    if first >= len(reading.words) or reading.words[start] not in ARTICLES or not adjacent(reading, first):
        return
    flag = reading.flags[first]
    if reading.cases[first] and not reading.kept[first] and not flag & (STOP | lex.GENERIC | lex.ROLE):
        reading.claim_words(start, capitals_from(reading, first), "ORGANISATION_SMALL")


def _mark_after_at(reading: Reading) -> None:
    """Claim a capitalised run after `bij`, and after `van`, `over` when it holds an everyday word."""
    for index in range(1, len(reading.words)):
        before = reading.words[index - 1]
        if not reading.cases[index] or (before not in _AT and before not in _ABOUT):
            continue
        if reading.taken[index] or not reading.joined(index):
            continue
        last = name_from(reading, index)
        if last - index > 1 and reading.kept[last] == 2:
            last -= 1
        if _is_firm(reading, index, last, at=before in _AT):
            reading.claim_words(index, last, "ORGANISATION_SMALL")


def _is_firm(reading: Reading, first: int, last: int, *, at: bool) -> bool:
    """Whether a capitalised run after a preposition names a firm rather than a person or a public body."""
    flag, word = reading.flags[first], reading.words[first]
    barred = flag & (STOP | lex.TITLE | lex.GENERIC | lex.FIRST | lex.PARTICLE | lex.SOFT_TITLE)
    if barred or len(word) < _FAR or reading.kept[first] or (not at and reading.kept[last] == 1):
        return False
    if last == first:
        if flag & (lex.NAME | lex.CUE | lex.HEAD | lex.GENERIC | lex.FUNCTION | lex.FREQ) or not at:
            return False
        return not flag & lex.ORDINARY or (bool(flag & lex.WORD) and not word.endswith(_DEPARTMENTS))
    if at:
        return not flag & lex.ROLE
    return bool(flag & (lex.WORD | lex.FOREIGN | lex.HEAD)) or (not flag and len(word) > _LONG)
