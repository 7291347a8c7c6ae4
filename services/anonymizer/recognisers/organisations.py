# SPDX-License-Identifier: EUPL-1.2
"""Marks the distinctive part of small organisations' names; the kind (`bakkerij`, `school`) and large chains stay."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading
from services.anonymizer.recognisers.candidates import is_participle, looks_like_name, unlisted
from services.anonymizer.recognisers.firms import claim_with_kind
from services.anonymizer.recognisers.kinds import COMMON, family
from services.anonymizer.recognisers.runs import ARTICLES, STOP, adjacent, capitals_before, ends, name_from
from services.anonymizer.word_lists import listed, sections

_CLUBS: Final = listed("kinds", "clubs")
_NEARBY: Final = frozenset("over tegen met bij van voor op naar in door aan via at for by from bei chez u w".split())
_USUALLY_BARE: Final = listed("kinds", "plain")
_NO_NAMES: Final = (*sections("bonds")["endings"], "en", "s", "e")
_WHERE: Final = frozenset("in op aan uit voor met over naar".split())
_PARTS: Final = frozenset("groep klas kamer lokaal afdeling team leerjaar".split())
_DETERMINERS: Final = frozenset("de het een die dat mijn zijn haar deze mn onze ons hun".split())
_TAIL_BORDER: Final = -0.35
_NAMED_SMALL: Final = frozenset("kerk moskee school bar disco koor club camping bso opvang".split())
"""Kinds whose bare noun needs no article, before an article and a rare noun: `kerk de hoeksteen`."""
_LONGEST_TAIL: Final = 4


def mark_organisations(reading: Reading) -> None:
    """Mark the names of small organisations after the noun that says what they are."""
    for index, flag in enumerate(reading.flags):
        head = flag & lex.HEAD
        if not (head or reading.words[index] in _CLUBS):
            continue
        if reading.taken[index] or not adjacent(reading, index + 1):
            continue
        if head and reading.cases[index] and _numbered(reading, index + 1):
            claim_with_kind(reading, index, index + 1, index + 1)
        else:
            _after_head(reading, index)


def _numbered(reading: Reading, index: int) -> bool:
    """Whether a firm is called by a number after a capitalised head noun: `Snackbar 2000`."""
    word = reading.words[index]
    return (
        word.isdigit()
        and 2 <= len(word) <= 4
        and reading.gap(index) == " "
        and word not in {"2023", "2024", "2025", "2026"}
    )


def _after_head(reading: Reading, head: int) -> None:
    """Claim the capitalised, quoted or lower-case name after a generic head noun."""
    start = first = head + 1
    if head and reading.kept[head - 1] in {1, 3} and reading.joined(head) and reading.cases[head - 1]:
        return
    proper = reading.cases[head] and not reading.opens[head] and reading.cases[first] and not reading.lower_mode
    if proper and reading.kept[first] != 3:
        _claim_proper(reading, head, first)
        return
    quoted = _quoted_name(reading, first)
    named_after = reading.words[first] in {"van", "aan"} and reading.cases[head] and reading.cases[first]
    if reading.words[first] in ARTICLES or named_after:
        first += 1
        if not adjacent(reading, first):
            return
    if reading.cases[first] >= CAPITAL or quoted:
        if quoted or _opens_name(reading, start, first):
            claim_with_kind(reading, head, start, name_from(reading, first))
    elif _lower_name_fits(reading, head, with_article=start != first) and reading.language in {"nl", "en", "xx"}:
        _claim_lower(reading, head, start, first)


def _lower_name_fits(reading: Reading, head: int, *, with_article: bool) -> bool:
    """Whether a name in small letters can stand here: capitals say nothing, or the kind lacks the article it needs."""
    if reading.loose[head] or reading.words[head] in _CLUBS:
        return True
    bare = head > 0 and reading.joined(head) and reading.words[head - 1] in _NEARBY and not reading.cases[head]
    everyday = reading.words[head] in _USUALLY_BARE or reading.flags[head + 1] & lex.FREQ
    return bare and (with_article or not everyday) and reading.language == "nl"


def _quoted_name(reading: Reading, first: int) -> bool:
    """Whether a quoted word after a head noun is its name; what somebody said begins with a small word."""
    if reading.gap(first).strip() not in {"'", '"'} or reading.kept[first] == 1:
        return False
    return bool(reading.cases[first]) or not reading.flags[first] & (lex.FUNCTION | lex.VERB | lex.SLOT)


def _claim_proper(reading: Reading, head: int, first: int) -> None:
    """Claim `Tandheelkundig Centrum Noord`: a capitalised head noun inside a sentence and the capitals around it."""
    start, last = capitals_before(reading, head, 3), name_from(reading, first)
    if start == head and reading.words[head] in COMMON:
        reading.claim_words(first, last, "ORGANISATION_SMALL")
    else:
        reading.claim_words(start, last, "ORGANISATION_SMALL", family(reading.words[head]))


def _opens_name(reading: Reading, start: int, first: int) -> bool:
    """Whether the capitalised word after a head noun opens a name rather than goes on about something kept."""
    followed = adjacent(reading, first + 1) and reading.cases[first + 1] >= CAPITAL
    chain = followed and reading.kept[first] == 1 and reading.kept[first + 1] == 2
    if reading.text.startswith("-\n", reading.ends[first]) and start != first:  # `De Zil-`, `veren Vork`
        return True
    if chain or reading.kept[first] == 3:
        return False
    village = reading.kept[first] == 2 and start != first and reading.flags[first] & lex.WORD
    if reading.kept[first] and not village and not (followed and reading.joined(first + 1)):
        return False
    plain = reading.flags[first] & (STOP | lex.GENERIC | lex.TITLE) and start == first
    return not plain or (followed and not reading.opens[first])


def _claim_lower(reading: Reading, head: int, start: int, first: int) -> None:
    """Claim the name after a head noun in a text without capitals."""
    if _claim_bare_tail(reading, head, start):
        return
    flag = reading.flags[first]
    counted = (flag & lex.NUMBER or _is_adjective(reading, first)) and start != first and _named_in_two(reading, first)
    barred = flag & (STOP | lex.GENERIC | lex.TITLE | lex.ROLE | lex.SLOT) and not flag & lex.STRONG and not counted
    if reading.kept[first] or barred or (start == first and is_participle(reading.words[first])):
        return
    if _lower_tail_counts(reading, head, first, with_article=start != first):
        last = first + (start != first and _named_in_two(reading, first))
        while last - first < 2 and adjacent(reading, last + 1) and _goes_on(reading, last + 1):
            last += 1
        claim_with_kind(reading, head, start, last)


def _goes_on(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    return bool(flag & (lex.NAME | lex.TAIL)) and not flag & (STOP | lex.SLOT) and not reading.kept[index]


def _lower_tail_counts(reading: Reading, head: int, first: int, *, with_article: bool) -> bool:
    """Whether a word after a head noun, both without capitals, is its name."""
    flag = reading.flags[first]
    determined = head > 0 and reading.joined(head) and reading.words[head - 1] in _DETERMINERS
    near = _near(reading, head)
    odd = bool(flag & lex.NAME) or looks_like_name(reading, first, _TAIL_BORDER)
    closed = near and not determined and ends(reading, first)
    if not with_article:
        alone = reading.opens[head] or (head > 0 and reading.gap(head) == ", ")
        opened = (alone and unlisted(reading, first)) or _apposed(reading, head, first, determined=determined)
        rare = flag & (lex.WORD | lex.FREQ) == lex.WORD or unlisted(reading, first)
        return odd or opened or (closed and rare)
    if not flag and unlisted(reading, first):
        return True
    if determined:
        return False
    return _named_with_article(reading, head, first) or (near and (not flag & lex.FREQ or odd or closed))


def _apposed(reading: Reading, head: int, first: int, *, determined: bool) -> bool:
    """Whether a rare noun stands between `de sportschool` and a verb or the end, as only a name does."""
    flag, word = reading.flags[first], reading.words[first]
    noun = flag & lex.WORD and not flag & (lex.FREQ | lex.ROLE | lex.HEAD | lex.VERB) and not word.endswith(_NO_NAMES)
    return bool(noun and determined and reading.words[head] not in _USUALLY_BARE and ends(reading, first))


def _near(reading: Reading, head: int) -> bool:
    """Whether a kind stands right after a preposition, a bracket, or a prefix that does: `naar re-integratiebureau`."""
    if head > 1 and reading.gap(head) == "-":
        head -= 1
    return head > 0 and (reading.words[head - 1] in _NEARBY or reading.gap(head).endswith("("))


def _named_with_article(reading: Reading, head: int, first: int) -> bool:
    """Whether an article and a noun after a kind are its name: `restaurant de zeven zonden`, `kerk de hoeksteen`."""
    flag, kind = reading.flags[first], reading.words[head]
    if kind in _NAMED_SMALL and _named_in_two(reading, first) and _pauses(reading, first + 1):
        return True
    if kind in _NAMED_SMALL and _pauses(reading, first):
        return not flag & (lex.FREQ | lex.HEAD | lex.ROLE) and not reading.words[first].endswith("e")
    if kind in _USUALLY_BARE:
        return False
    return (not flag & lex.FREQ and ends(reading, first)) or _named_in_two(reading, first)


def _pauses(reading: Reading, index: int) -> bool:
    """Whether a point, a comma, the end or a small word of place comes after the word, rather than a verb."""
    after = index + 1
    if after >= len(reading.words) or not reading.joined(after):
        return True
    return reading.words[after] in {"in", "te", "uit", "op", "en"}


def _named_in_two(reading: Reading, first: int) -> bool:
    """Whether two nouns that close their clause stand after `restaurant de`: `de zeven zonden in ...`."""
    second = first + 1
    if not adjacent(reading, second) or reading.kept[second] or reading.kept[first] == 1:
        return False
    flag = reading.flags[second]
    first_flag = reading.flags[first]
    if first_flag & (lex.FUNCTION | lex.VERB) and not first_flag & lex.NUMBER and not _is_adjective(reading, first):
        return False
    return (
        not flag & (STOP | lex.SLOT | lex.ROLE) and ends(reading, second) and not is_participle(reading.words[second])
    )


def _claim_bare_tail(reading: Reading, head: int, start: int) -> bool:
    """Claim up to three words after a head noun without an article: `bij telefoonwinkel gsm hoek zei`."""
    bracketed = reading.gap(head).endswith("(")
    if head < 1 or not (reading.words[head - 1] in _NEARBY or bracketed) or reading.words[head] in _USUALLY_BARE:
        return False
    last, index = start - 1, start
    while (bracketed or reading.joined(head)) and index - start < _LONGEST_TAIL and adjacent(reading, index):
        particle = _is_particle(reading, index) and not (index == start and reading.words[index] in _WHERE)
        stays = reading.kept[index] == 3 or (reading.kept[index] and _no_part_of_name(reading, index, start))
        if stays or (particle and index - start > 2) or (not particle and _closes(reading, index)):
            break
        if not particle:
            last = index
        index += 1
    if last >= start:
        claim_with_kind(reading, head, start, last)
    return last >= start


def _no_part_of_name(reading: Reading, index: int, start: int) -> bool:
    """Whether a kept word is a chain with its town, or the town after a firm's name."""
    town = reading.flags[index] & (lex.TOWN | lex.WORD) == lex.TOWN
    if index > start:
        return town and not reading.flags[index] & lex.LAST
    after = index + 1
    return not town and reading.kept[index] == 1 and after < len(reading.words) and reading.kept[after] == 2


def _is_particle(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    if word == "te":
        return False
    return word in ARTICLES or word in {"by", "en"} or bool(reading.flags[index] & lex.PARTICLE)


def _is_adjective(reading: Reading, index: int) -> bool:
    """Whether a word between an article and a noun is an adjective, though it is a verb elsewhere: `de wilde zee`."""
    after = index + 1
    if reading.words[index - 1] not in ARTICLES or not reading.words[index].endswith("e"):
        return False
    if not adjacent(reading, after) or reading.gap(after) != " ":
        return False
    flag = reading.flags[after]
    return bool(flag & lex.WORD) and not flag & (STOP | lex.SLOT | lex.ROLE)


def _closes(reading: Reading, index: int) -> bool:
    """Whether a word cannot belong to the name, so that the name ends before it."""
    if reading.words[index] in _PARTS:
        return True
    if _is_adjective(reading, index):
        return False
    return bool(reading.flags[index] & ((STOP & ~lex.NUMBER) | lex.SLOT)) or is_participle(reading.words[index])
