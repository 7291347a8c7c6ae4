# SPDX-License-Identifier: EUPL-1.2
"""Marks organisations after a kind cut short (`drukk. De Letter`) or of another language, and names a line broke."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import is_compound, is_participle
from services.anonymizer.recognisers.runs import ARTICLES, STOP, adjacent, name_from
from services.anonymizer.word_lists import listed

_SHORTENED: Final = listed("bonds", "shortened")
_ABROAD: Final = listed("kinds", "abroad")
_ARABIC: Final = listed("kinds", "arabic")
_ARABIC_PLAIN: Final = listed("kinds", "arabic_plain")
_SCHOOLS: Final = frozenset({"college", "lyceum", "gymnasium"})
_AT: Final = frozenset("bij via van at bei chez".split())
_LOANS: Final = listed("bonds", "loans")
_FOREIGN_ARTICLES: Final = frozenset("the la le les el los il chez".split())
_AT_OR_IN: Final = frozenset("bij in van naar via".split())
_CLOSING_REACH: Final = 6
_WISHES: Final = frozenset("groet groeten groetjes succes hoogachtend bedankt regards gegroet vast dank".split())
_UNSIGNED: Final = (
    STOP | lex.GENERIC | lex.TITLE | lex.ROLE | lex.SOFT_TITLE | lex.LABEL | lex.CLOSING | lex.GREETING | lex.TOWN
)
_BEFORE_CUT: Final = frozenset("bij van in op naar via der".split())
_NO_CUT: Final = STOP | lex.GENERIC | lex.TITLE | lex.ROLE | lex.FIRST | lex.LABEL
_MOST: Final = 2
_LONGEST_FOREIGN: Final = 3
_SHORT_KIND: Final = 3
_NO_SCHOOL: Final = lex.FREQ | lex.FUNCTION | lex.HEAD | lex.ROLE | lex.KEEP | lex.VERB
_ADJECTIVE_ENDS: Final = ("e", "isch", "lijk", "baar", "aal", "eel")


def mark_shaped_firms(reading: Reading) -> None:
    """Mark the names that stand after a kind cut short or a kind of another language, and small names of schools."""
    for index in reading.indexes(_SHORTENED):
        _after_cut_kind(reading, index)
    for index in reading.indexes(_SCHOOLS):
        _before_small_school(reading, index)
    if reading.language == "ar":
        for index in reading.indexes(_ARABIC):
            _after_arabic_kind(reading, index)
    elif reading.language not in {"nl", "en", "xx"}:
        for index in reading.indexes(_ABROAD):
            _after_kind_abroad(reading, index)


def mark_broken_firms(reading: Reading) -> None:
    """Mark the rest of an organisation's name that the end of a line broke: `De Gou-`, `den Lepel`."""
    if "-\n" not in reading.text:
        return
    for span in list(reading.spans):
        if span.kind == "ORGANISATION_SMALL" and reading.text.startswith("-\n", span.end):
            index = reading.word_at(span.end)
            if index < len(reading.words) and not reading.taken[index] and reading.starts[index] == span.end + 2:
                last = name_from(reading, index)
                reading.claim_words(index, last, span.kind)


def mark_signed_firms(reading: Reading) -> None:
    """Mark the firm under or beside a name that closes a letter: `Saskia`, and on the next line `Verkuilen Bouw`."""
    for span in list(reading.spans):
        first = reading.word_at(span.end) if span.kind == "PERSON" else len(reading.words)
        if first >= len(reading.words) or reading.taken[first] or not reading.cases[first] or reading.lower_mode:
            continue
        gap = reading.text[span.end : reading.starts[first]]
        if gap not in {"\n", " — ", " – ", "\r\n"} or not _closes_letter(reading, span.start, beside=gap[0] == " "):
            continue
        last = name_from(reading, first)
        rest = reading.text[reading.ends[last] : reading.ends[last] + 2]
        plain = reading.flags[first] & (_UNSIGNED if last == first else _UNSIGNED & ~STOP)
        if not plain and not reading.kept[first] and (not rest or rest[0] == "\n"):
            reading.claim_words(first, last, "ORGANISATION_SMALL")


def _closes_letter(reading: Reading, start: int, *, beside: bool) -> bool:
    """Whether a name stands at the start of a line, or beside a dash, with a closing word not far before it."""
    line = reading.text[:start].rfind("\n")
    alone = beside or not reading.text[line + 1 : start].strip(" ,-")
    near = range(max(0, reading.word_at(start) - _CLOSING_REACH), reading.word_at(start))
    return alone and any(reading.flags[index] & lex.CLOSING or reading.words[index] in _WISHES for index in near)


def _after_cut_kind(reading: Reading, kind: int) -> None:
    """Claim `De Vlugge Letter` after `drukk.`, `Gouden Tulp` after `rest.`."""
    first = kind + 1
    if first >= len(reading.words) or reading.gap(first) not in {". ", ".", '. "', ". '"} or reading.taken[first]:
        return
    name = first + (reading.words[first] in ARTICLES)
    if name >= len(reading.words) or not reading.cases[first] or not reading.cases[name] or reading.taken[name]:
        return
    quoted = reading.gap(first)[-1] in "\"'"
    placed = kind > 0 and reading.words[kind - 1] in _BEFORE_CUT
    if name == first and (reading.flags[first] & _NO_CUT or not (quoted or placed)):
        return
    if not reading.kept[name]:
        start = kind if len(reading.words[kind]) > _SHORT_KIND else first
        reading.claim_words(start, name_from(reading, name), "ORGANISATION_SMALL")


def _before_small_school(reading: Reading, school: int) -> None:
    """Claim `het wissel college` where capitals say nothing: a noun where an adjective would stand."""
    noun = school - 1
    if noun < 1 or not reading.loose[school] or reading.taken[school] or reading.taken[noun]:
        return
    flag, word = reading.flags[noun], reading.words[noun]
    placed = reading.words[noun - 1] in {"het", "t", "'t", "op", "van"} and reading.gap(noun) == " " == reading.gap(
        school
    )
    if placed and not flag & _NO_SCHOOL and not word.endswith(_ADJECTIVE_ENDS) and not is_participle(word):
        reading.claim_words(noun, school, "ORGANISATION_SMALL", "school")


def _after_arabic_kind(reading: Reading, kind: int) -> None:
    """Claim up to two words of no list right after an Arabic kind; what has the article is no name."""
    last, index = kind, kind + 1
    while index - kind <= _MOST and index < len(reading.words) and reading.gap(index) == " ":
        word = reading.words[index]
        ordinary = reading.flags[index] & (lex.FUNCTION | lex.FOREIGN | lex.ROLE | lex.TITLE) or word in _ARABIC_PLAIN
        opening = ("ال", "و") if index == kind + 1 else "و"
        if reading.taken[index] or reading.kept[index] or ordinary or word.startswith(opening) or len(word) < 3:
            break
        last = index
        index += 1
    if last > kind:
        reading.claim_words(kind + 1, last, "ORGANISATION_SMALL")


def _after_kind_abroad(reading: Reading, kind: int) -> None:
    """Claim Dutch or unlisted words without capitals after a kind of another language: `z biura flexkracht zuid`."""
    last, index = kind, kind + 1
    while index - kind <= _MOST and adjacent(reading, index) and not reading.cases[index] and not reading.kept[index]:
        own = reading.lexicon.flag(reading.words[index])
        small = reading.words[index] in reading.lexicon.languages and not (index > kind + 1 and own & lex.WORD)
        dutch = own & lex.WORD or is_compound(reading, reading.words[index])
        if small or own & lex.FOREIGN or not dutch:
            break
        last = index
        index += 1
    if last > kind:
        reading.claim_words(kind + 1, last, "ORGANISATION_SMALL")


def mark_lounges(reading: Reading) -> None:
    """Mark `bij sunset lounge`, `bij latin vibes`: words of no Dutch list after a preposition, without an article."""
    if reading.language not in {"nl", "xx"}:
        return
    for index in reading.indexes(_AT):
        last = _foreign_run(reading, index + 1) if reading.loose[index] else index
        kind = last + 1
        if last == index:
            continue
        named = kind < len(reading.words) and reading.gap(kind) == " " and not reading.taken[kind]
        if named and reading.flags[kind] & (lex.HEAD | lex.TAIL):
            last = _foreign_run(reading, kind + 1)
        elif last < index + 2 or all(word in _LOANS for word in reading.words[index + 1 : last + 1]):
            continue
        reading.claim_words(index + 1, last, "ORGANISATION_SMALL")


def mark_foreign_articles(reading: Reading) -> None:
    """Mark `bij the blue door`, `in la cantina` where capitals say nothing: an article of another language in Dutch."""
    if reading.language not in {"nl", "xx"}:
        return
    for article in reading.indexes(_FOREIGN_ARTICLES):
        before, last = article - 1, article
        if before < 0 or reading.words[before] not in _AT_OR_IN or not reading.loose[article] or reading.cases[article]:
            continue
        while last - article < _MOST and adjacent(reading, last + 1) and not reading.kept[last + 1]:
            flag = reading.flags[last + 1]
            if flag & lex.FUNCTION and not flag & lex.FOREIGN:
                break
            last += 1
        if last > article and reading.gap(article) == " ":
            reading.claim_words(article, last, "ORGANISATION_SMALL")


def _foreign_run(reading: Reading, first: int) -> int:
    """Index of the last of up to three words from `first` on that no Dutch list has; `first - 1` when there is none."""
    index = first
    while index < len(reading.words) and index - first < _LONGEST_FOREIGN and reading.gap(index) == " ":
        free = not reading.taken[index] and not reading.kept[index] and not reading.cases[index]
        if not free or reading.flags[index] & ~(lex.FOREIGN | lex.UNLIKELY) or not reading.words[index].isalpha():
            break
        index += 1
    return index - 1
