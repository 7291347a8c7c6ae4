# SPDX-License-Identifier: EUPL-1.2
"""Marks codes and accounts said word by word after a word that announces them, and numbers that scans garbled."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at
from services.anonymizer.recognisers.numbers import is_number_word

_CUE_ENDS: Final = ("nummer", "nr", "kenmerk", "referentie", "number")
_CUES: Final = frozenset(
    "kenteken bsn dossier zaak code postcode aangifte polis nummerbord meldcode sofi melding paspoort rijbewijs "
    "bestelling order verbaal".split()
)
_CODED: Final = frozenset({"kenteken", "nummerbord", "postcode"})
"""Cues after which letters are said as names."""
_COPULAS: Final = frozenset("is was het dat luidt van mijn hier komt volgt nummer eh uh".split())
_SIGNS: Final = frozenset("streep streepje schuine slash punt min koppelteken spatie komma liggend underscore".split())
_LETTERS: Final = frozenset("zet zed ypsilon dubbel ef el ka ha ge cee bee dee pee tee vee wee ix jee".split())
_ALPHABET: Final = frozenset(
    "anton bernard cornelis dirk eduard ferdinand gerard hendrik izaak isaac jan karel lodewijk maria nico otto pieter "
    "quotiënt rudolf simon teunis utrecht victor willem xantippe ypsilon zaandam alfa alpha bravo charlie delta echo "
    "foxtrot "
    "golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform whiskey xray "
    "yankee zulu "
    "piet johan anna hendrika bertha".split()
)
"""Words by which letters are said, in Dutch and in English."""
_COUNTED: Final = frozenset(
    "keer maal uur jaar euro minuten dagen weken maanden mensen man personen kinderen stuks procent meter "
    "kilometer".split()
)
_PLAIN: Final = frozenset(
    "nummer nr zaak code dossier klacht melding paspoort rijbewijs bestelling order verbaal number".split()
)
"""Cues right after which two number words may be a list."""
_MOST_COPULAS: Final = 3
_LONGEST: Final = 24
_LEAST_NUMBERS: Final = 2
_HUNDRED: Final = "honderd"
_ACCOUNTS: Final = frozenset(
    "insta instagram snap snapchat tiktok twitter discord telegram facebook fb ig xbox psn twitch reddit account "
    "gebruikersnaam username profiel".split()
)
_JOINTS: Final = frozenset("underscore streepje punt liggend laag koppelteken dot".split())
_GARBLED: Final = re.compile(
    r"(?:bsn|sofi|burgerservicenummer|tel|telefoon|mob|mobiel|gsm|rekening|polisnr|klantnr|"
    r"dossiernr)[^\w\n]{1,4}(?:is |nr |nummer )?"
    r"(?-i:((?:[\dOIlSBZGo][ .\-/]{0,2}){6,14}(?<=[\dOIlSBZGo])))(?!\w)",
    re.IGNORECASE,
)
_GARBLED_WORDS: Final = frozenset(
    "bsn sofi burgerservicenummer tel telefoon mob mobiel gsm rekening polisnr klantnr dossiernr".split()
)
_LEAST_FIGURES: Final = 4


def mark_dictated_codes(reading: Reading) -> None:
    """Mark what is said after a cue, word by word."""
    for word, indexes in reading.where.items():
        if word in _CUES or word.endswith(_CUE_ENDS):
            for index in indexes:
                _mark_said(reading, index)
    for index in reading.indexes(_ACCOUNTS):
        _mark_said_account(reading, index)
    if reading.figures >= _LEAST_FIGURES:
        for match in matches_at(reading, _GARBLED, _GARBLED_WORDS):
            letters = not match[1].replace(" ", "").isdigit() and any(char in "OIlSBZGo" for char in match[1])
            if letters and sum(map(str.isdigit, match[1])) >= _LEAST_FIGURES:
                kind = "BSN" if match.group()[:3].lower() in {"bsn", "bur", "sof"} else "PHONE"
                reading.claim(*match.span(1), kind)


def _near(reading: Reading, index: int) -> bool:
    """Whether a word follows the one before it within its sentence."""
    return index < len(reading.words) and reading.gap(index) in {" ", ", ", "-", " - ", ": ", "  "}


def _mark_said(reading: Reading, cue: int) -> None:
    """Mark the run of number words, letters and signs after the word `cue`."""
    first = _first_said(reading, cue)
    named = reading.words[cue] in _CODED
    last, numbers, large, at = first - 1, 0, False, first
    while (_near(reading, at) or _shortened(reading, cue, at)) and at - first < _LONGEST and not reading.taken[at]:
        word = reading.words[at]
        if is_number_word(word, reading.flags[at]) or word.isdigit():
            numbers, last = numbers + 1, at
            large = large or _HUNDRED in word
        elif (
            len(word) == 1
            or word in _LETTERS
            or (named and (word in _ALPHABET or (len(word) == 2 and not _usual(reading, at))))
        ):
            last = at
        elif word not in _SIGNS:
            break
        at += 1
    after = reading.words[last + 1] if last + 1 < len(reading.words) and reading.gap(last + 1) == " " else ""
    spelt = any(is_number_word(reading.words[at], reading.flags[at]) for at in range(first, last + 1))
    least = _LEAST_NUMBERS + (first == cue + 1 and reading.words[cue] in _PLAIN)
    if (
        spelt
        and after not in _COUNTED
        and (after != "van" or numbers > _LEAST_FIGURES - 1)
        and (numbers >= least or (large and last > first))
    ):
        reading.claim_words(first, last, "LICENSE_PLATE" if named and reading.words[cue] != "postcode" else "ID_NUMBER")


def _shortened(reading: Reading, cue: int, index: int) -> bool:
    """Whether a word follows a cue that was cut short, with its point: `klachtnr. een drie negen`."""
    after = index == cue + 1 and index < len(reading.words)
    return after and reading.words[cue].endswith("nr") and reading.gap(index) == ". "


def _first_said(reading: Reading, cue: int) -> int:
    """Index of the first word after a cue and what may stand between: `is`, `van mijn`."""
    first = cue + 1
    while first - cue <= _MOST_COPULAS and _near(reading, first) and reading.words[first] in _COPULAS:
        first += 1
    return first


def _usual(reading: Reading, index: int) -> bool:
    """Whether a word is a usual one, so that it ends a code."""
    return bool(reading.flags[index] & (lex.FUNCTION | lex.VERB | lex.FREQ))


def _mark_said_account(reading: Reading, index: int) -> None:
    """Mark `insta jan underscore kok`."""
    first = index + 1
    while (
        first - index < _MOST_COPULAS and _near(reading, first) and reading.words[first] in {"is", "naam", "heet", "ik"}
    ):
        first += 1
    last, at = first, first + 1
    while _near(reading, at + 1) and at - first < _LONGEST and reading.words[at] in _JOINTS:
        skip = at + 1 if reading.words[at + 1] in _JOINTS and _near(reading, at + 2) else at
        last, at = skip + 1, skip + 2
    usual = reading.flags[first] & (lex.FUNCTION | lex.NUMBER) if first < len(reading.words) else 1
    if last > first and reading.words[first] not in _JOINTS and not usual:
        reading.claim_words(first, last, "SOCIAL_HANDLE")
