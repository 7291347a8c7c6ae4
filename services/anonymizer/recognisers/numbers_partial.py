# SPDX-License-Identifier: EUPL-1.2
"""Marks numbers told in part or far from the word that announces them: masked, the last figures, after fillers."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at, matches_at_figures

_MASKED: Final = re.compile(
    r"(?:0\d{1,3}|\+?\d{2}[ -]?\d{1,2})[ -]?[\d -]{0,9}(?:[xX*•#]{2,}(?:[ -]?[xX*•#\d]{1,4}){0,4}|\.{3,}|…)(?!\w)"
)
"""`06-1234 xxxx`: what somebody dares to give of a telephone number."""
_COORDINATES: Final = re.compile(
    r"\d{1,2}\.\d{3,8}°? ?[NZS]?[,; /]{1,3}-?\d{1,3}\.\d{3,8}°?(?: ?[EOW](?!\w))?(?![\w.])"
)
"""`52.3702, 4.8952`."""
_LEAST_OF_SPOT: Final = 7
_LAST: Final = re.compile(
    r"(?:eindigt|eindigend|eindigde|eindigen|ends|ending|endet|begint|begon|cijfers|digits)"
    r"(?: (?:in|op|met|zijn|is|waren|was|on|with|auf|de|mijn|van|het|nummer|telefoonnummer|bsn|"
    r"rekening)){0,4}[ :=]{1,3}"
    r"\.{0,3}(\d{2,6}(?:[ -]\d{1,4}){0,2})(?![\w%€]|[.,:/]\d| ?(?:euro|uur|jaar|procent))",
    re.IGNORECASE,
)
_LAST_WORDS: Final = frozenset(
    "eindigt eindigend eindigde eindigen ends ending endet begint begon cijfers digits".split()
)
_EXTENSION: Final = re.compile(
    r"(?:toestel|tst|ext|extensie|extension|doorkies|doorkiesnummer|durchwahl|poste|"
    r"lokaal nummer)(?:nummer)?\.?(?: is| nr\.?)?"
    r"[ :]{1,3}(\d{2,6})(?![\w%€]|[.,:/]\d)",
    re.IGNORECASE,
)
_EXTENSIONS: Final = frozenset(
    "toestel tst ext extensie extension doorkies doorkiesnummer durchwahl poste toestelnummer".split()
)
_CUE_ENDS: Final = ("nummer", "nummertje", "nummers", "nr", "nrs", "kenmerk", "referentie", "code", "pasje")
_CUES: Final = frozenset(
    "cvc cvv pin pincode "
    "dossier zaak aangifte polis badge lidmaatschap klacht melding bestelling boeking reservering kaart pas number "
    "reference membership matricule aktenzeichen الملف رقم ملف".split()
)
_COPULAS: Final = frozenset(
    "is was zijn luidt luidde betreft namelijk nl dat het ist est to jest olan geloof dacht meen mij onder".split()
)
_TARGET: Final = re.compile(r"([A-Za-z]{0,4}[-./ ]?\d[\dA-Za-z./-]{0,20}(?:[ -][\dA-Z]{1,6}){0,5})(?![\w%€]|[.,:]\d)")
_COUNTED: Final = re.compile(
    r" ?(?:keer|euro|eur\b|x\b|uur|u\b|jaar|jr|dagen|dag|weken|week|maanden|mensen|man\b|personen|procent|km|meter|"
    r"minuten|"
    r"min\b|kinderen|stuks|graden|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|"
    r"december)",
    re.IGNORECASE,
)
_HOUSES: Final = frozenset("postcode hnr huisnr huisnummer rugnummer".split())
"""Words that end as a cue and announce another thing."""
_MOST_FILLERS: Final = 9
_LEAST: Final = 3
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SCATTERED: Final = re.compile(r"((?:[A-Za-z]{1,4} ){0,2}[a-zA-Z]{0,3}(?:\d{1,2}[ -]){3,14}\d{1,2})(?![\w]|[.,:]\d)")
"""`ztm 4 0 0 7 1`: letters and loose figures."""


def mark_masked_numbers(reading: Reading) -> None:
    """Mark telephone numbers of which a part is masked and coordinates, before a part is taken for more."""
    if reading.figures > _LEAST_OF_SPOT and "." in reading.text:
        reading.claim_each(matches_at_figures(reading, _COORDINATES), "GEO_FINE")
    if reading.figures and any(map(reading.text.__contains__, ("xx", "XX", "**", "..", "…", "##", "••"))):
        reading.claim_each(matches_at_figures(reading, _MASKED), "PHONE")


def mark_partial_numbers(reading: Reading) -> None:
    """Mark what is left of numbers that are told in part or late."""
    if not reading.figured():
        return
    for words, pattern in ((_LAST_WORDS, _LAST), (_EXTENSIONS, _EXTENSION)):
        for match in matches_at(reading, pattern, words):
            reading.claim(*match.span(1), "ID_NUMBER")
    cues = [word for word in reading.where if word in _CUES or (word.endswith(_CUE_ENDS) and word not in _HOUSES)]
    for index in reading.indexes(frozenset(cues)) if cues else ():
        _mark_late(reading, index)


def _mark_late(reading: Reading, cue: int) -> None:
    """Mark the number of `mijn lidnummer van de sportschool is 882`: after a copula, a colon, or with its letters."""
    for index in range(cue + 1, min(cue + 2 + _MOST_FILLERS, len(reading.words))):
        gap = reading.gap(index)
        if reading.taken[index] or "\n" in gap or any(map(gap.__contains__, "!?;" if index == cue + 1 else ".!?;")):
            return
        word = reading.words[index]
        if not any(map(str.isdigit, word)):
            continue
        start = _letters_before(reading, cue, index)
        match = _SCATTERED.match(reading.text, start) or _TARGET.match(reading.text, start)
        told = ":" in gap or "=" in gap or _told(reading, cue, index) or start < reading.starts[index]
        if match is not None and told and _is_number(reading, match):
            reading.claim(*match.span(1), "ID_NUMBER")
        return


def _told(reading: Reading, cue: int, index: int) -> bool:
    """Whether the number comes right after its cue or a copula; after `...nummer` other words may follow the copula."""
    between = reading.words[cue + 1 : index]
    if not between or between[-1] in _COPULAS:
        return True
    numbered = reading.words[cue].endswith(("nummer", "nr"))
    return numbered and not {"is", "was", "luidt"}.isdisjoint(between) and between[-1] in _STILL


_STILL: Final = frozenset("steeds nog altijd gewoon dus nu toen ongeveer iets mij ik dacht meen weet inmiddels".split())


def _letters_before(reading: Reading, cue: int, index: int) -> int:
    """Where a number begins whose letters stand apart before its figures: `ztm 4 0 0`."""
    before = index - 1
    rare = not reading.flags[before] & (lex.FUNCTION | lex.VERB | lex.FREQ | lex.SLOT | lex.TITLE | lex.ROLE)
    if before > cue and len(reading.words[before]) < 4 and rare and reading.words[before] not in _COPULAS:
        return reading.starts[before]
    return reading.starts[index]


def _is_number(reading: Reading, match: re.Match[str]) -> bool:
    """Whether what was found has enough figures and letters, is no year and nothing is counted by it."""
    found = match[1]
    if _YEAR.fullmatch(found) or _COUNTED.match(reading.text, match.end(1)):
        return False
    figures = sum(map(str.isdigit, found))
    return figures >= _LEAST or (figures >= _LEAST - 1 and any(map(str.isalpha, found)))
