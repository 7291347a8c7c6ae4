# SPDX-License-Identifier: EUPL-1.2
"""Marks names by their capital: inside a sentence any capitalised word that is no known word, at its start only with more evidence."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, SHOUTED, Reading
from services.anonymizer.recognisers.candidates import HINTED, is_compound, looks_like_name, namelike, unknown, unlisted
from services.anonymizer.recognisers.names import parse

_EXCLUDED: Final = lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.TITLE | lex.NUMBER
_PLAIN: Final = lex.WORD | lex.FOREIGN | lex.HEAD | lex.TAIL | lex.LABEL | lex.ROLE | lex.VERB
_LONGEST_ACRONYM: Final = 5
_GERMAN_BORDER: Final = 0.12
_START_BORDER: Final = -0.25
_FOREIGN_START_BORDER: Final = 0.35
_BEFORE_MONTHS: Final = frozenset(
    (
        "in van tot sinds vanaf eind begin half medio mid voor na per tussen en t/m of vorige afgelopen komende hele"
    ).split()
)
_LONG_COMPOUND: Final = 11
_GERMAN_DETERMINERS: Final = frozenset(
    (
        "der die das den dem des ein eine einen einem einer eines im am zum zur beim vom ins ans kein keine keinen "
        "mein meine meinen meinem meiner sein seine ihr ihre unser unsere dieser diese dieses jeder jede alle "
        "viele keine als"
    ).split()
)


def mark_capitalised(reading: Reading) -> None:
    """Mark capitalised words that can only be names."""
    if reading.lower_mode and not any(reading.cases):
        return
    for index, case in enumerate(reading.cases):
        if case and not reading.taken[index]:
            _judge(reading, index, case)


def extend_left(reading: Reading) -> None:
    """Mark capitalised everyday words right before a found name: `Vleeswaren [Dekkers]` is a firm."""
    for span in list(reading.spans):
        if span.kind not in {"PERSON", "ORGANISATION_SMALL"}:
            continue
        first = reading.word_at(span.start)
        at = first
        while at > 0 and first - at < 4 and reading.joined(at) and _belongs_left(reading, at - 1):
            at -= 1
        if at < first and not reading.lower_mode:
            reading.claim_words(at, first - 1, "ORGANISATION_SMALL")


def _belongs_left(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    if (
        not reading.cases[index]
        or reading.opens[index]
        or reading.taken[index]
        or reading.kept[index]
        or len(reading.words[index]) < 3
    ):
        return False
    return (bool(flag & lex.WORD) and not flag & (_EXCLUDED | lex.CUE | lex.LABEL)) or unlisted(reading, index)


def _particles_first(reading: Reading, index: int) -> bool:
    """Claim `Van 't Hek`, `Van der Ploeg`, `El Idrissi` at the start of a sentence or after small letters."""
    after = index + 1
    while (
        after < len(reading.words)
        and after - index < 3
        and reading.flags[after] & lex.PARTICLE
        and reading.gap(after) in {" ", " '"}
        and not reading.cases[after]
    ):
        after += 1
    if (
        after >= len(reading.words)
        or (not reading.joined(after) and reading.gap(after) != "'")
        or not reading.cases[after]
        or reading.taken[after]
        or reading.kept[after] == 3
    ):
        return False
    flag = reading.flags[after]
    if flag & (lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.HEAD):
        return False
    several = after - index > 1
    if several or (flag & lex.LAST and bool(flag & lex.WORD or not reading.kept[after])):
        last = parse(reading, after, HINTED)
        return reading.claim_words(index, after if last is None else last, "PERSON")
    return False


def _judge(reading: Reading, index: int, case: int) -> None:
    flag = reading.flags[index]
    if (
        flag & lex.PARTICLE
        and case == CAPITAL
        and len(reading.words[index]) > 1
        and reading.words[index] not in {"in", "op", "aan", "bij"}
        and _particles_first(reading, index)
    ):
        return
    if reading.initial(index) and not (len(reading.words[index]) > 1 and flag & lex.WORD):
        _judge_initial(reading, index)
        return
    if len(reading.words[index]) < 2 or reading.words[index][0].isdigit():
        return
    if flag & _EXCLUDED and not flag & lex.STRONG:
        hyphened = index + 1 < len(reading.words) and reading.gap(index + 1) == "-" and reading.cases[index + 1] > 0
        if (flag & lex.FIRST and hyphened and not flag & lex.FUNCTION) or (
            flag & (lex.FUNCTION | lex.MONTH)
            and flag & lex.FIRST
            and len(reading.words[index]) > 2
            and _bare_inside(reading, index)
        ):
            _claim(reading, index)
        return
    if reading.kept[index]:
        if _names_despite_kept(reading, index):
            _claim(reading, index)
        return
    if case == SHOUTED and not flag & lex.STRONG and (len(reading.words[index]) <= _LONGEST_ACRONYM or flag & _PLAIN):
        return
    if reading.opens[index]:
        if _starts_with_name(reading, index, flag):
            _claim(reading, index)
    elif _inside_is_name(reading, index, flag):
        _claim(reading, index)


def _bare_inside(reading: Reading, index: int) -> bool:
    """Whether a function word or month that is also a given name has its capital for no other reason: inside a sentence, between small letters."""
    after = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    if reading.flags[index] & lex.MONTH and (
        reading.words[index - 1] in _BEFORE_MONTHS or reading.words[index - 1][0].isdigit() or after[:1].isdigit()
    ):
        return False
    return (
        not reading.opens[index]
        and index > 0
        and (not reading.cases[index - 1] or reading.opens[index - 1])
        and reading.gap(index) == " "
        and reading.language == "nl"
        and not reading.lower_mode
    )


def _judge_initial(reading: Reading, index: int) -> None:
    """Mark initials with the surname after them."""
    following = index + 1
    if following >= len(reading.words) or not (reading.text[reading.ends[index]] == "." or reading.joined(following)):
        return
    if (reading.words[index] == "i" and reading.language == "en") or (
        reading.words[index] == "u" and reading.text[reading.ends[index]] != "."
    ):
        return
    if reading.text[reading.ends[index]] != "." and not (
        reading.flags[following] & lex.LAST and reading.cases[following]
    ):
        return
    last = parse(reading, index, HINTED)
    if last is not None and last > index:
        reading.claim_words(index, last, "PERSON")


def _claim(reading: Reading, index: int) -> None:
    last = parse(reading, index, HINTED)
    if last is None:
        last = index
    long_compound = (
        last == index
        and not reading.flags[index]
        and len(reading.words[index]) > _LONG_COMPOUND
        and is_compound(reading, reading.words[index])
    )
    reading.claim_words(index, last, "ORGANISATION_SMALL" if long_compound else "PERSON")


def _inside_is_name(reading: Reading, index: int, flag: int) -> bool:
    """Whether a capitalised word inside a sentence is a name."""
    if flag & lex.STRONG:
        return True
    if flag & lex.NAME:
        if reading.language == "de" and reading.words[index - 1] in _GERMAN_DETERMINERS:
            return False
        return reading.language != "de" or not flag & (lex.FOREIGN | lex.WORD) or _next_is_name(reading, index)
    if flag & _PLAIN or flag & lex.CUE:
        return False
    if flag:
        return not flag & (lex.TOWN | lex.KEEP) and not flag & (lex.PARTICLE | lex.SLOT)
    if reading.language == "de":
        return (
            unknown(reading, index)
            and reading.words[index - 1] not in _GERMAN_DETERMINERS
            and namelike(reading, index, _GERMAN_BORDER)
        )
    return unlisted(reading, index)


def _starts_with_name(reading: Reading, index: int, flag: int) -> bool:
    """Whether the first word of a sentence is a name."""
    if flag & lex.STRONG:
        return not (flag & lex.MONTH and index + 1 < len(reading.words) and reading.words[index + 1][0].isdigit())
    if flag & lex.NAME:
        if _next_is_name(reading, index):
            return True
        return (
            not flag & (lex.WORD | lex.FOREIGN)
            or (_verb_follows(reading, index) and not flag & lex.FREQ)
            or (_alone(reading, index) and not flag & lex.UNLIKELY)
        )
    if flag or not unknown(reading, index) or reading.text[reading.ends[index] : reading.ends[index] + 1] == ":":
        return False
    if reading.language not in {"nl", "en"}:
        return _next_is_name(reading, index) or (
            reading.language != "de" and namelike(reading, index, _FOREIGN_START_BORDER)
        )
    return (
        _verb_follows(reading, index) or _next_is_name(reading, index) or looks_like_name(reading, index, _START_BORDER)
    )


def _alone(reading: Reading, index: int) -> bool:
    """Whether the word stands alone on its line, as in a signature."""
    end = reading.ends[index]
    after = reading.text[end : end + 3].lstrip(" .,!")
    return not after or after[0] in "\n,"


def _verb_follows(reading: Reading, index: int) -> bool:
    following = index + 1
    return reading.joined(following) and bool(reading.flags[following] & lex.VERB)


def _next_is_name(reading: Reading, index: int) -> bool:
    """Whether a surname, or a particle with a capitalised word, follows."""
    following = index + 1
    if not reading.joined(following) or reading.taken[following]:
        return False
    flag = reading.flags[following]
    if flag & lex.PARTICLE and not reading.cases[following]:
        after = following + 1
        while (
            after < len(reading.words)
            and reading.flags[after] & lex.PARTICLE
            and not reading.cases[after]
            and after - following < 3
        ):
            after += 1
        return (
            after < len(reading.words)
            and reading.joined(after)
            and reading.cases[after] >= CAPITAL
            and not reading.kept[after]
        )
    if (
        not reading.cases[following]
        or reading.kept[following] == 3
        or reading.flags[following] & (lex.FUNCTION | lex.GENERIC | lex.MONTH)
    ):
        return False
    return bool(flag & lex.NAME) or unlisted(reading, following)


def _names_despite_kept(reading: Reading, index: int) -> bool:
    """Whether a kept word is a name here after all: a listed given name with a surname or a verb after it."""
    flag = reading.flags[index]
    if reading.kept[index] == 3 or not flag & lex.FIRST:
        return False
    before = reading.words[index - 1] if index else ""
    if before in {"in", "uit", "te", "naar", "gemeente", "regio", "omgeving", "rond", "near", "from"}:
        return False
    return _next_is_name(reading, index) or (
        _verb_follows(reading, index) and not reading.opens[index] and reading.kept[index] == 2
    )
