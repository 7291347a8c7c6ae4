# SPDX-License-Identifier: EUPL-1.2
"""Marks names by the line they stand on: who was there, who a message went to, initials alone, fields of a web form."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import unknown

_ROLLS: Final = frozenset(
    "aanwezig aanwezigen afwezig aanw afw deelnemers genodigden present presentie getuigen betrokkenen namen".split()
)
"""Labels before the names of everybody who was there."""
_HEADERS: Final = frozenset("van aan cc bcc from to von an de à od do kimden kime para".split())
_PARTICLES: Final = frozenset("van de der den ter ten te vd el al ait ben bin von zu du da dos di la le".split())
_LABELLED: Final = _ROLLS | _HEADERS
_MOST_LABELS: Final = 200
_MOST_WORDS: Final = 4
_NO_MEMBER: Final = (
    lex.ROLE | lex.TITLE | lex.SOFT_TITLE | lex.HEAD | lex.GENERIC | lex.KEEP | lex.MONTH | lex.NUMBER | lex.INTRO
)
_ITEMS: Final = re.compile(r"[,;/&+]| en | and | und | et | ve | i ")
_LONGEST_LINE: Final = 300
_INITIALS: Final = re.compile(
    r"(?:\.? |: )((?:(?:[Tt]e[rn]|V[ao]n|v\.? ?d\.?|v/d|v\.|van|de|der|den|ter|ten|el|al|'t) ?){0,3}"
    r"(?:[A-Z]\.(?:-(?=[A-Z]))?){1,4})(?!\w)(?! ?(?:\(\w{1,20}\) )?"
    r"(?:(?:v\.? ?d\.?|van|de|der|den|ter|ten|el|al|'t|v\.) ?){0,3}[A-Z]\w)"
)
_PAIR: Final = re.compile(r"(?<![\w.])([A-Z]\.) (?:en|of|&|and) ([A-Z]\.)(?! ?[A-Z])(?!\w)")
_SPACED: Final = re.compile(
    r"(?<![\w.])(?:[A-Z]\. ?){1,3}(?:(?:v/d|v\. ?d\.|van de[rn]?|van|vd|de|el|al|ter|ten|v\.|d\.) ?){1,3}"
    r"(?:[A-Z]\.-?){1,2}(?!\w)"
)
_HONOURS: Final = ("E.A.", "N.B.", "P.S.")
_SIGNS: Final = (". de ", ". van ", ". v", ".v.", ". el ", ". al ", ".d.", "v/d")
_FIELD: Final = re.compile(
    r"(?:naam|name|melder|afzender|contact)=([^\W\d_]{2,30}(?:(?:%20|\+)[^\W\d_'.-]{1,30}){1,4})", re.IGNORECASE
)


def mark_listed(reading: Reading) -> None:
    """Mark the names of lists, headers and forms, and initials alone."""
    if ":" in reading.text:
        for index in reading.indexes(_LABELLED)[:_MOST_LABELS]:
            _follow_label(reading, index)
    if "=" in reading.text and ("%20" in reading.text or "+" in reading.text):
        for match in _FIELD.finditer(reading.text):
            reading.claim(*match.span(1), "PERSON")
    if "." in reading.text:
        _mark_initials(reading)


def _follow_label(reading: Reading, index: int) -> None:
    end = reading.ends[index]
    if reading.text[end : end + 2].lstrip(" .")[:1] != ":" or not _at_line(reading, index):
        return
    start = reading.text.index(":", end) + 1
    stop = reading.text.find("\n", start, start + _LONGEST_LINE)
    stop = min(len(reading.text), start + _LONGEST_LINE) if stop < 0 else stop
    roll = reading.words[index] in _ROLLS
    at = start
    for match in [*_ITEMS.finditer(reading.text, start, stop), None]:
        until = match.start() if match else stop
        _claim_item(reading, at, until, roll=roll)
        if match is None or (not roll and "<" in reading.text[at:until]):
            return
        at = match.end()


def _at_line(reading: Reading, index: int) -> bool:
    """Whether the label opens its line, a sign of a list aside."""
    gap = reading.gap(index)
    return index == 0 or "\n" in gap or gap.endswith("  ")


def _claim_item(reading: Reading, start: int, stop: int, *, roll: bool) -> None:
    """Claim one item of a list when it can be a name: of those present any word, of a header a listed one."""
    first = reading.word_at(start)
    last = _last_of_item(reading, first, stop)
    if last < first:
        return
    whole = last + 1 >= len(reading.words) or reading.starts[last + 1] >= stop or "<" in reading.gap(last + 1)
    if not whole:
        if not roll or reading.flags[first] & (lex.PARTICLE | lex.FUNCTION):
            return
        last = first
    fits = all(_fits(reading, index, roll=roll) for index in range(first, last + 1))
    if fits and _has_name(reading, first, last, roll=roll):
        reading.claim_words(first, last, "PERSON")


def _last_of_item(reading: Reading, first: int, stop: int) -> int:
    """Index of the last word of the item that starts at a word; before it when there is none."""
    after = first
    while after < len(reading.words) and reading.starts[after] < stop and after - first < _MOST_WORDS:
        if reading.gap(after).strip(" .,-/'&;+:en"):
            break
        after += 1
    return after - 1


def _fits(reading: Reading, index: int, *, roll: bool) -> bool:
    """Whether a word can belong to a name on such a line."""
    word, flag = reading.words[index], reading.flags[index]
    if not word[0].isalpha() or reading.kept[index] == 3:
        return False
    if word in _PARTICLES or (flag & (lex.FIRST | lex.CALLED) and not flag & lex.KEEP):
        return True
    if flag & (lex.FUNCTION | lex.LABEL | _NO_MEMBER) and not flag & lex.LAST:
        return False
    return roll or bool(flag & lex.NAME) or unknown(reading, index) or len(word) == 1


def _has_name(reading: Reading, first: int, last: int, *, roll: bool) -> bool:
    """Whether one of the words makes the item a name: no particle, and more than an initial."""
    closing = reading.flags[last]
    if closing & lex.PARTICLE and not closing & lex.NAME:
        return False
    if roll and last == first:
        return not closing & lex.PARTICLE
    words = range(first, last + 1)
    known = any(reading.flags[index] & (lex.NAME | lex.CALLED) or not reading.flags[index] for index in words)
    return known and len(reading.words[last]) > 1


def _mark_initials(reading: Reading) -> None:
    """Mark initials alone: after who somebody is (`mw v.d. B.-S.`), and two of them together (`T. en K.`)."""
    text = reading.text
    if any(sign in text for sign in _SIGNS):
        reading.claim_each(_SPACED.finditer(text), "PERSON")
    for index, flag in enumerate(reading.flags):
        if flag & (lex.TITLE | lex.ROLE | lex.SOFT_TITLE | lex.NAMELABEL) and not reading.taken[index]:
            following = _INITIALS.match(text, reading.ends[index])
            if following is not None and not following[1].endswith(_HONOURS):
                of = 4 if flag & lex.ROLE and following[1].startswith("van ") and following[1][4:5].isupper() else 0
                reading.claim(following.start(1) + of, following.end(1), "PERSON")
    if ". en " in text or ". of " in text or ". & " in text or ". and " in text:
        for match in _PAIR.finditer(text):
            reading.claim(*match.span(1), "PERSON")
            reading.claim(*match.span(2), "PERSON")
