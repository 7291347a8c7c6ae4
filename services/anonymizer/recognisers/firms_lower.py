# SPDX-License-Identifier: EUPL-1.2
"""Marks small organisations in sentences without capitals: by a bond (`ik werk bij`), by `& zn`, by a club's end."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import is_participle, unlisted
from services.anonymizer.recognisers.firms_shaped import mark_foreign_articles, mark_lounges
from services.anonymizer.recognisers.runs import ARTICLES, STOP, ends
from services.anonymizer.recognisers.spot_chains import is_spot
from services.anonymizer.word_lists import listed, sections

_BONDS: Final = listed("bonds", "bonds")
_PREPOSITIONS: Final = listed("bonds", "prepositions")
_OTHERS: Final = listed("bonds", "others")
_ENDINGS: Final = sections("bonds")["endings"]
_LABELS: Final = listed("kinds", "labels")
_CHILDREN: Final = listed("bonds", "children")
_GOING: Final = listed("bonds", "going")
_SCHOOL: Final = listed("bonds", "school")
_NO_SCHOOL: Final = sections("bonds")["no_school"]
_PLACED: Final = frozenset("bij van in naar via op".split())
_BARE: Final = listed("bonds", "bare")
_BARE_ENDS: Final = ("e", "heid", "nis", "schap", "sel", "isme", "ij")
_VAN: Final = frozenset({"van"})
_TO: Final = frozenset({"naar", "op"})
_JOINED: Final = listed("bonds", "joined")
_CLUBS: Final = sections("bonds")["clubs"]
_REACH: Final = 5
_LONGEST: Final = 4
_LONGEST_SENTENCE: Final = 40
_CLOSES: Final = (STOP & ~lex.NUMBER) | lex.SLOT | lex.GENERIC | lex.TITLE
_NO_NAME: Final = lex.ROLE | lex.HEAD | lex.LABEL | lex.CUE | lex.NUMBER | lex.FREQ
_PERSON: Final = lex.STRONG | lex.FIRST


def mark_lower(reading: Reading) -> None:
    """Mark organisations in sentences without capitals by everything that can give them away there."""
    mark_clubs_by_ending(reading)
    for mark in _SMALL_LETTERS if 1 in reading.loose else ():
        mark(reading)


def mark_lower_firms(reading: Reading) -> None:
    """Mark organisations by what ties somebody to them, where capitals say nothing."""
    if reading.language not in {"nl", "xx"} or 1 not in reading.loose:
        return
    if "&" in reading.text or not _JOINED.isdisjoint(reading.where):
        _mark_joined(reading)
    for index in reading.indexes(_PREPOSITIONS):
        if reading.loose[index] and not reading.taken[index]:
            _mark_after(reading, index)


def _mark_after(reading: Reading, preposition: int) -> None:
    """Claim the name after a preposition when a bond stands before it or right after the name."""
    start = first = preposition + 1
    if first < len(reading.words) and reading.words[first] in ARTICLES and _goes_on(reading, first):
        first += 1
    last = _run(reading, first)
    if last < first:
        return
    if not _bound(reading, preposition, last) and not (first == start and _unbound_at(reading, preposition, last)):
        return
    if _is_name(reading, first, last, article=first != start):
        reading.claim_words(start, last, "ORGANISATION_SMALL")


def _alone_at(reading: Reading, preposition: int) -> bool:
    """Whether a rare noun without an article stands between `bij` and the end of its clause: `bij roodborst!`."""
    noun = preposition + 1
    flag, word = reading.flags[noun], reading.words[noun]
    rare = flag & (lex.WORD | lex.FREQ | lex.FOREIGN) == lex.WORD and word not in _BARE
    return (
        reading.words[preposition] == "bij"
        and rare
        and not word.endswith((*_BARE_ENDS, *_ENDINGS))
        and ends(reading, noun)
    )


def _unbound_at(reading: Reading, preposition: int, last: int) -> bool:
    """Whether what stands after `bij` is a name without a bond: one rare noun, or two nouns side by side."""
    first = preposition + 1
    if last == first:
        return _alone_at(reading, preposition)
    begun = _begun_with_capital(reading, first) or reading.words[preposition] != "bij"
    return not begun and _two_nouns(reading, first, last) and ends(reading, last)


def _goes_on(reading: Reading, index: int) -> bool:
    """Whether a free word follows the one before it with a space or an ampersand between."""
    free = index < len(reading.words) and not reading.taken[index] and not reading.kept[index]
    return free and reading.gap(index) in {" ", " & ", " '"}


def _run(reading: Reading, first: int) -> int:
    """Index of the last word of the run that may be a name from word `first` on."""
    index = first
    while index - first < _LONGEST and _goes_on(reading, index):
        word, flag = reading.words[index], reading.flags[index]
        joins = index > first and word in {"en", "op", "&"} and not reading.flags[index - 1] & lex.FREQ
        if (flag & _CLOSES and not joins) or is_participle(word) or word in _BONDS:
            break
        index += 1
    while index > first and reading.flags[index - 1] & lex.FUNCTION:
        index -= 1
    return index - 1


def _bound(reading: Reading, preposition: int, last: int) -> bool:
    """Whether a word of working, learning, renting or training stands near in the same clause."""
    after = last + 1
    if after < len(reading.words) and reading.gap(after) == " " and reading.words[after] in _BONDS:
        return True
    for index in range(preposition - 1, max(-1, preposition - 1 - _REACH), -1):
        if reading.gap(index + 1).strip():
            return False
        if reading.words[index] in _BONDS:
            return True
    return False


def _is_name(reading: Reading, first: int, last: int, *, article: bool) -> bool:
    """Whether a run after a bond is a name rather than a department, a trade or a person."""
    word, flag = reading.words[last], reading.flags[last]
    if word.endswith(_ENDINGS) or flag & (lex.ROLE | lex.HEAD | lex.CUE) or len(word) < 3 or word.isdigit():
        return False
    if reading.words[first][0].isdigit():
        return False
    if last == first:
        return not _begun_with_capital(reading, first) and _is_one_word_name(reading, first, article=article)
    return _is_long_name(reading, first, last, article=article)


def _is_one_word_name(reading: Reading, index: int, *, article: bool) -> bool:
    """Whether one word after a bond is a name: a rare noun after an article, an unlisted or a rare one without."""
    word, flag = reading.words[index], reading.flags[index]
    if flag & (_NO_NAME | lex.NAME) or _is_plural(reading, word):
        return False
    if article:
        return not word.endswith("e")
    known = reading.words[index - 1] in {"bij", "via", "heet"} and bool(flag & lex.WORD)
    return (known or unlisted(reading, index)) and not word.endswith("tje")


def _is_long_name(reading: Reading, first: int, last: int, *, article: bool) -> bool:
    """Whether some words after a bond are a name: an adjective and a noun after an article, nouns side by side."""
    opening = reading.flags[first]
    if reading.words[first] in _OTHERS or opening & (lex.ROLE | lex.HEAD | lex.CUE) or opening & _PERSON == _PERSON:
        return False
    if article or not opening & lex.FREQ or not reading.flags[last] & lex.WORD:
        return True
    return reading.words[first - 1] in {"bij", "via"} and _two_nouns(reading, first, last)


def _two_nouns(reading: Reading, first: int, last: int) -> bool:
    """Whether two nouns in the singular stand side by side, as only a name has them: `bij pizza presto`."""
    if last != first + 1 or reading.flags[last] & lex.NUMBER:
        return False
    flags = reading.flags[first] & reading.flags[last]
    return bool(flags & lex.WORD) and not any(
        _inflects(reading, word) or _is_plural(reading, word) for word in reading.words[first : last + 1]
    )


def _inflects(reading: Reading, word: str) -> bool:
    """Whether a word has a form in -e, as adjectives have: `nat`, `natte`; `hoog`, `hoge`."""
    forms = (word + "e", word + word[-1] + "e", word[:-2] + word[-1] + "e")
    return word.endswith("e") or any(reading.lexicon.flag(form) & lex.WORD for form in forms)


def mark_labelled_lower(reading: Reading) -> None:
    """Mark `werkgever: de groene vingers` where capitals say nothing: what fills the rest of the line after a label."""
    for label in reading.indexes(_LABELS):
        start = first = label + 1
        if first >= len(reading.words) or not reading.loose[first] or reading.gap(first) not in {": ", ":", " : "}:
            continue
        if reading.cases[first] or reading.taken[first]:
            continue
        if reading.words[first] in ARTICLES and _goes_on(reading, first + 1):
            first += 1
        last = _run(reading, first)
        closed = last + 1 >= len(reading.words) or reading.gap(last + 1).strip(" ") != ""
        if last >= first and closed and _is_name(reading, first, last, article=first != start):
            reading.claim_words(start, last, "ORGANISATION_SMALL")


def _begun_with_capital(reading: Reading, index: int) -> bool:
    """Whether the sentence opens with a capital, so that its writer would have given a name one."""
    first = max(0, index - _LONGEST_SENTENCE)
    while index > first and not reading.opens[index]:
        index -= 1
    return bool(reading.cases[index])


def mark_explained_lower(reading: Reading) -> None:
    """Mark `bij de halve maan (kebabzaak)`, `bij wapper, dat is een eetcafé`: a name its kind explains."""
    for word, indexes in reading.where.items():
        for kind in indexes if reading.flags[indexes[0]] & lex.HEAD and len(word) > 3 else ():
            last = _explained(reading, kind)
            if last <= 0 or not reading.loose[last] or reading.cases[last]:
                continue
            first = last
            while first > 1 and last - first < _LONGEST and reading.joined(first) and not reading.taken[first]:
                if reading.words[first - 1] in _PLACED:
                    break
                first -= 1
            name = first + (reading.words[first] in ARTICLES)
            placed = first > 0 and reading.words[first - 1] in _PLACED and reading.joined(first)
            plain = reading.flags[last] & (lex.HEAD | lex.ROLE)
            if placed and name <= last and _run(reading, name) == last and not plain:
                reading.claim_words(first, last, "ORGANISATION_SMALL")


def _explained(reading: Reading, kind: int) -> int:
    """Index of the last word of a name that a kind explains, or -1: before `(kebabzaak)`, `, een eetcafé`."""
    if not kind:
        return -1
    if reading.gap(kind) == " (":
        return kind - 1
    last = kind - 1
    if reading.words[last] != "een" or reading.gap(kind) != " ":
        return -1
    if last > 1 and reading.words[last - 1] == "is" and reading.words[last - 2] in {"dat", "het", "dit"}:
        last -= 2
    return last - 1 if reading.gap(last) in {", ", " - "} or last < kind - 1 else -1


def mark_of_kind(reading: Reading) -> None:
    """Mark `de apotheek van de wetering` where capitals say nothing: a rare noun that a kind is named after."""
    for index in reading.indexes(_VAN):
        article, noun = index + 1, index + 2
        if not index or noun >= len(reading.words) or not reading.loose[noun] or reading.words[article] not in ARTICLES:
            continue
        kind = reading.flags[index - 1] & (lex.HEAD | lex.WORD) == lex.HEAD | lex.WORD and reading.joined(index)
        if not kind or reading.gap(article) != " " or not _goes_on(reading, noun) or not ends(reading, noun):
            continue
        word, flag = reading.words[noun], reading.flags[noun]
        barred = flag & (_NO_NAME | lex.NAME | _CLOSES) or word.endswith((*_ENDINGS, *_NO_SCHOOL, "e"))
        plain = barred or is_spot(word) or _is_plural(reading, word) or _begun_with_capital(reading, noun)
        if flag & lex.WORD and not plain:
            reading.claim_words(article, noun, "ORGANISATION_SMALL")


def mark_schools_by_children(reading: Reading) -> None:
    """Mark `mijn dochter gaat naar het anker` in a text about a school, where capitals say nothing."""
    if not (reading.any_of(_SCHOOL) and reading.any_of(_CHILDREN) and reading.any_of(_GOING)):
        return
    for index in reading.indexes(_TO):
        noun = index + 2
        if noun >= len(reading.words) or not reading.loose[noun] or reading.words[index + 1] not in ARTICLES:
            continue
        if _goes_on(reading, noun) and reading.gap(index + 1) == " " and _goes_there(reading, index, noun):
            word, flag = reading.words[noun], reading.flags[noun]
            barred = flag & (_NO_NAME | lex.NAME | _CLOSES) or word.endswith((*_ENDINGS, *_NO_SCHOOL, "e"))
            if flag & lex.WORD and not barred and not is_spot(word) and not _is_plural(reading, word):
                reading.claim_words(index + 1, noun, "ORGANISATION_SMALL")


def _goes_there(reading: Reading, preposition: int, noun: int) -> bool:
    """Whether a child stands before, and a word of going or being there before or after, and nothing between."""
    before = reading.words[max(0, preposition - _REACH) : preposition]
    after = reading.words[noun + 1] if noun + 1 < len(reading.words) and reading.gap(noun + 1) == " " else ""
    return not _CHILDREN.isdisjoint(before) and (after in _GOING or before[-1] in _GOING)


def _is_plural(reading: Reading, word: str) -> bool:
    """Whether a word is the plural of a listed one: `wortels`, `bakken`, `molens`, but not `molen`."""
    flag = reading.lexicon.flag
    stems = [word[:-1]] if word.endswith("s") else []
    if word.endswith("en"):
        stems += [word[:-2], word[:-1], word[:-3], word[:-3] + {"v": "f", "z": "s"}.get(word[-3:-2], word[-3:-2])]
    return any(flag(stem) & lex.WORD for stem in stems if len(stem) > 2)


def _mark_joined(reading: Reading) -> None:
    """Mark `koning & zn`, `bij bounce & co`, `slagerij bos en zonen`."""
    for index in reading.indexes(_JOINED):
        if index < 1 or reading.taken[index] or not reading.loose[index]:
            continue
        amp = reading.gap(index) in {" & ", "&", " + "}
        first = index - 1 if amp else index - 2
        joined = amp or (reading.words[index - 1] == "en" and reading.words[index] in {"zn", "zoon", "zonen", "co"})
        if not joined or first < 0 or reading.taken[first] or (not amp and reading.gap(index) != " "):
            continue
        if reading.flags[first] & lex.FUNCTION or not reading.words[first].isalpha():
            continue
        reading.claim_words(first, index, "ORGANISATION_SMALL")


def mark_clubs_by_ending(reading: Reading) -> None:
    """Mark `bij de rijnstreekboys`, `tegen Schiekickers`: only a club's name ends so."""
    for word, indexes in reading.where.items():
        if len(word) > 7 and word.endswith(_CLUBS) and not reading.flags[indexes[0]]:
            for index in indexes:
                if not reading.kept[index]:
                    reading.claim_words(index, index, "ORGANISATION_SMALL")


_SMALL_LETTERS: Final = (
    mark_lower_firms,
    mark_labelled_lower,
    mark_of_kind,
    mark_schools_by_children,
    mark_explained_lower,
    mark_foreign_articles,
    mark_lounges,
)
"""In this order: what ties somebody to a firm first, the vaguer forms last."""
