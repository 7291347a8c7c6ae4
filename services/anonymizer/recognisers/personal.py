# SPDX-License-Identifier: EUPL-1.2
"""Marks names by how people give them: `X hier`, a nickname in quotes, initials alone, one more in a list of names."""

import re
from itertools import zip_longest
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import closed_off, unlisted
from services.anonymizer.recognisers.names import extend

_NO_NAME: Final = lex.FUNCTION | lex.GENERIC | lex.TITLE | lex.HEAD | lex.ROLE | lex.KEEP | lex.NUMBER
_HERE: Final = frozenset({"hier", "here"})
_GIVEN_MONTHS: Final = frozenset({"may", "april", "june", "mei", "juni", "august"})
_RANKS: Final = frozenset(
    "kapitein wethouder burgemeester sergeant korporaal luitenant majoor kolonel dominee pastoor pater rabbijn "
    "inspecteur rechercheur captain sergeant".split()
)
_SAID: Final = frozenset("zegt noemt noemen genoemd heet tekent getekend naam heten zeggen".split())
_INITIALS: Final = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,5}(?!\w)")
_NO_INITIALS: Final = frozenset(
    "B.V. N.V. V.O.F. A.U.B. U.S.A. V.S. N.B. P.S. G.G.D. O.M. M.V.G. W.C. D.D. T.A.V.".split()
)
_NICKNAMED: Final = re.compile(r"[\"'(]([^\W\d_][\w-]{1,20}(?: [^\W\d_][\w-]{0,20})?)[\"')]")
_CALLED: Final = re.compile(
    r"\b(?:iedereen zegt|zegt zelf|noemt zichzelf|noemt zich|noem me|noemen me|noemen mij|luistert naar|bekend als|"
    r"everyone calls (?:him|her|me)|calls (?:himself|herself)|roepnaam) (?:me |mij )?([A-Z][\w'-]{1,20}(?: "
    r"[A-Z][\w'-]{0,20}){0,2})"
)
_OF_A_DESK: Final = re.compile(
    r"(?:^|(?<=[:\n.!?] )|(?<=\n)|(?<=\bdoor )|(?<=\bmet ))([A-Z][^\W\d_]{1,20}) (?:van de|van het|v/?d|v\.d\.) "
    r"(?:balie|receptie|kassa|bar|keuken|administratie|kantine|garderobe|beveiliging|thuiszorg|bso|overkant|training)\b"
)
_QUOTED_ARTICLE: Final = re.compile(r"(?<=[a-z] [\"'])((?:de|den|het|el|la) [A-Z][\w-]{1,20})(?=[\"'])")
_PATTERNS: Final = (
    (frozenset("iedereen zelf noemt noem noemen luistert bekend calls roepnaam".split()), _CALLED),
    (
        frozenset(
            "balie receptie kassa bar keuken administratie kantine garderobe beveiliging thuiszorg bso overkant "
            "training".split()
        ),
        _OF_A_DESK,
    ),
    (frozenset("maat vriend vriendin broer buurman collega baas chef trainer".split()), _QUOTED_ARTICLE),
)
"""Words of which one must be there before the pattern beside them is tried."""
_LONGEST_CALLER: Final = 6
_SIGNED: Final = re.compile(r"(?:\n|[.!?] )((?:[A-Z]\.){2,5})\s*$")


def mark_presented(reading: Reading) -> None:
    """Mark names by the words right beside them, before capitals are judged."""
    if reading.any_of(_HERE):
        _mark_here(reading)
    if reading.any_of(_GIVEN_MONTHS):
        _mark_given_months(reading)
    if reading.any_of(_RANKS):
        _mark_ranked(reading)
    if "spreekt" in reading.present:
        _mark_who_speaks(reading)
    for words, pattern in _PATTERNS:
        if reading.any_of(words):
            _mark_by_pattern(reading, pattern)
    _mark_doubles(reading)
    _mark_full_introductions(reading)
    if reading.any_of(_SAID):
        _mark_initials(reading)
    _mark_signature(reading)


def _mark_who_speaks(reading: Reading) -> None:
    """Mark `met van Dalen spreekt u`: whatever stands between `met` and `spreekt`."""
    for index in range(2, len(reading.words) - 1):
        if reading.words[index] != "spreekt" or reading.words[index + 1] not in {"u", "je"}:
            continue
        first = index - 1
        while first > 0 and index - first < _LONGEST_CALLER and reading.words[first] != "met":
            first -= 1
        while first + 1 < index and reading.flags[first + 1] & lex.TITLE:
            first += 1
        said = reading.words[first] == "met" or reading.flags[first] & lex.TITLE
        if said and first + 1 < index:
            reading.claim_words(first + 1, index - 1, "PERSON")


def _mark_signature(reading: Reading) -> None:
    """Mark initials alone that close the text."""
    match = _SIGNED.search(reading.text[-40:]) if reading.text.rstrip().endswith(".") else None
    if match is not None and match[1] not in _NO_INITIALS:
        start = max(0, len(reading.text) - 40) + match.start(1)
        reading.claim(start, start + len(match[1]), "PERSON")


def _mark_by_pattern(reading: Reading, pattern: re.Pattern[str]) -> None:
    """Mark the first group of a pattern where its first word can be a name."""
    for match in pattern.finditer(reading.text):
        index = reading.word_at(match.start(1))
        last = reading.word_at(match.end(1) - 1)
        quoted = pattern is _QUOTED_ARTICLE and reading.flags[index - 1] & lex.ROLE
        named = pattern is not _QUOTED_ARTICLE and not reading.flags[index] & _NO_NAME
        if (quoted or named) and not any(reading.kept[index : last + 1]):
            reading.claim(*match.span(1), "PERSON")


def _mark_doubles(reading: Reading) -> None:
    """Mark a name without a capital that is a month or a country elsewhere, right after who it is: `collega mei`."""
    for index in range(1, len(reading.words)) if any(reading.loose) else ():
        flag, before = reading.flags[index], reading.flags[index - 1]
        double = reading.words[index] in _GIVEN_MONTHS or flag & (lex.FIRST | lex.TOWN) == lex.FIRST | lex.TOWN
        if (
            not double
            or not reading.loose[index]
            or reading.taken[index]
            or reading.cases[index]
            or reading.gap(index) != " "
        ):
            continue
        follows = reading.words[index + 1][0].isdigit() if index + 1 < len(reading.words) else False
        if before & (lex.ROLE | lex.TITLE) and not before & lex.FUNCTION and not follows and reading.loose[index]:
            reading.claim_words(index, index, "PERSON")


def mark_beside_names(reading: Reading) -> None:
    """Mark a nickname in quotes inside a name, and a short word between two names of a list."""
    if ". (" in reading.text:
        _mark_called_names(reading)
    spans = [span for span in sorted(reading.spans) if span.kind == "PERSON"]
    for span, following in zip_longest(spans, spans[1:]):
        match = _NICKNAMED.match(reading.text, span.end + 1)
        _mark_explained(reading, span.start)
        named = match is not None and (match[1][0].isupper() or _small_nickname(reading, match))
        if match is not None and named and reading.text[span.end] == " " and match.group()[0] != "(":
            reading.claim(*match.span(1), "PERSON")
        if following is not None and following.start - span.end < 24:
            _mark_listed(reading, span.end, following.start)


_CALLED_NAME: Final = re.compile(
    r"(?<=[A-Z]\. )\(([A-Z][\w'-]{1,20})\) ((?:(?:van|de|der|den|ter|ten|'t|te|la|el) ){0,3}[A-Z][\w'-]{1,30})"
)


def _small_nickname(reading: Reading, match: re.Match[str]) -> bool:
    """Whether one quoted word without a capital is a nickname: nobody's word, in a text without capitals."""
    index = reading.word_at(match.start(1))
    known = reading.flags[index] & (lex.ORDINARY | lex.KEEP) or reading.kept[index]
    return bool(reading.loose[index]) and " " not in match[1] and not known and reading.language in {"nl", "en"}


def _mark_called_names(reading: Reading) -> None:
    """Mark the surname after initials and the name somebody goes by: `A.B. (Anna) de Boer`."""
    for match in _CALLED_NAME.finditer(reading.text):
        reading.claim(*match.span(1), "PERSON")
        reading.claim(*match.span(2), "PERSON")


def _mark_explained(reading: Reading, start: int) -> None:
    """Mark the one name before a full name in brackets: `Djo (Johanna Martis)`."""
    index = reading.word_at(start) - 1
    if index < 0 or reading.gap(index + 1) != " (" or reading.taken[index] or reading.kept[index]:
        return
    bracketed = reading.cases[index] and not reading.flags[index] & (_NO_NAME | lex.VERB | lex.WORD | lex.SOFT_TITLE)
    if bracketed and len(reading.words[index]) > 1:
        reading.claim_words(index, index, "PERSON")


def _mark_listed(reading: Reading, start: int, end: int) -> None:
    """Mark the one capitalised word between two names of a list: `Mi, Do en Re`."""
    index = reading.word_at(start)
    if index >= len(reading.words) or reading.ends[index] > end or reading.taken[index] or not reading.cases[index]:
        return
    before = reading.text[start : reading.starts[index]]
    after = reading.text[reading.ends[index] : end]
    if before == ", " and after in {", ", " en ", " and ", " & "} and not reading.kept[index]:
        reading.claim_words(index, index, "PERSON")


def _mark_here(reading: Reading) -> None:
    """Mark `Raaf hier.`: the one word before `hier` that opens a message."""
    for index in range(1, len(reading.words)):
        name = index - 1
        if reading.words[index] not in _HERE or not reading.opens[name] or not reading.joined(index):
            continue
        stops = reading.text[reading.ends[index] : reading.ends[index] + 1] in {".", ",", "!", ":", ""}
        fits = not reading.flags[name] & (_NO_NAME | lex.VERB) and not reading.kept[name] and not reading.taken[name]
        if stops and fits and len(reading.words[name]) > 1:
            reading.claim_words(name, name, "PERSON")


def _mark_given_months(reading: Reading) -> None:
    """Mark `May van den Heuvel`: a month that a surname follows and no day comes before."""
    for index, word in enumerate(reading.words):
        if word not in _GIVEN_MONTHS or not reading.cases[index] or reading.taken[index]:
            continue
        dated = index > 0 and reading.words[index - 1][0].isdigit() and reading.gap(index) != ", "
        if dated or not reading.joined(index + 1):
            continue
        flag = reading.flags[index + 1]
        surname = reading.cases[index + 1] and not flag & _NO_NAME and (flag & lex.NAME or unlisted(reading, index + 1))
        particle = flag & lex.PARTICLE and not reading.cases[index + 1]
        last = extend(reading, index, index) if surname or particle else index
        if last > index:
            reading.claim_words(index, last, "PERSON")


def _mark_ranked(reading: Reading) -> None:
    """Mark the capital after a rank, whatever else it means: `kapitein Blauw`."""
    for index in range(1, len(reading.words)):
        ranked = reading.words[index - 1] in _RANKS and reading.gap(index) == " " and not reading.lower_mode
        fits = not reading.flags[index] & (lex.FUNCTION | lex.TITLE) and reading.kept[index] != 3
        fits = fits and (reading.kept[index] != 2 or closed_off(reading, index))
        if ranked and fits and reading.cases[index] and not reading.taken[index]:
            reading.claim_words(index, extend(reading, index, index), "PERSON")


def _mark_full_introductions(reading: Reading) -> None:
    """Mark `ik ben brandaan van de meent`: a word that is no word of Dutch, and particles with a surname."""
    for index in range(2, len(reading.words) - 2) if "ben" in reading.present else ():
        if reading.words[index - 1] != "ben" or reading.words[index - 2] != "ik" or reading.taken[index]:
            continue
        flag = reading.flags[index]
        given = (flag & lex.FIRST and not flag & lex.FREQ) or unlisted(reading, index)
        if not given or reading.kept[index] or reading.words[index + 1] not in {"van", "vd", "ter", "ten", "de", "el"}:
            continue
        last = index + 1
        while last < len(reading.words) - 1 and last - index < 3 and reading.flags[last] & lex.PARTICLE:
            last += 1
        if reading.joined(last) and not reading.flags[last] & (lex.FUNCTION | lex.FREQ) and reading.kept[last] != 3:
            reading.claim_words(index, last, "PERSON")


def _mark_initials(reading: Reading) -> None:
    """Mark initials alone after a word that says how somebody is called."""
    for match in _INITIALS.finditer(reading.text):
        index = reading.word_at(match.start()) - 1
        if index >= 0 and reading.words[index] in _SAID and match.group() not in _NO_INITIALS:
            reading.claim(*match.span(), "PERSON")
