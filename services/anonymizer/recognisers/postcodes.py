# SPDX-License-Identifier: EUPL-1.2
"""Marks postcodes in any spacing and case; four figures with two letters are one only where the letters are no word."""

import re
from typing import Final

from services.anonymizer.reading import Reading, matches_at, matches_at_figures
from services.anonymizer.recognisers.ages import LARGE_WORDS

_POSTCODE: Final = re.compile(r"([1-9](?<![\w.,€-][1-9])\d{3})[ \-.]{0,3}([A-Z] ?[A-Z])(?!\w)")
_LOWER_POSTCODE: Final = re.compile(
    r"([1-9](?<![\w.,€-][1-9])\d{3})([ \-.]{0,3})([a-z]{2}|[A-Z][a-z]|[a-z][A-Z])(?!\w)"
)
_APART_POSTCODE: Final = re.compile(
    r"\b(?:postcode|pc|postc)\b[^\w\n]{0,3}([1-9](?:[ .]{0,2}\d){3}[ .\-(]{0,3}[a-z][ .]{0,2}[a-z])(?!\w)",
    re.IGNORECASE,
)
_SPACED_POSTCODE: Final = re.compile(r"([1-9](?<![\w.,€-][1-9]) ?\d ?\d ?\d) {0,2}([A-Z] ?[A-Z])(?!\w)")
_SMALL_SPACED: Final = re.compile(r"([1-9](?<![\w.,€-][1-9])(?: ?\d){3})[ -]{1,3}([a-z]{2}|[a-z] [a-z])(?![\w'])")
"""`27 19 kx`: figures apart and small letters that are no word."""
_SIGNED: Final = re.compile(r"([1-9](?<![\w.,€-][1-9])\d{3}) ?(?:[A-Z]\.[A-Z]\.|\([A-Z]{2}\)|, [A-Z]{2}(?=[\s.,;]|$))")
_PARTED: Final = re.compile(
    r"([1-9](?<![\w.,€-][1-9])\d{3})(?: ?/ ?|\n|, |\. ?| ?\()([A-Z]{2}|[a-z]{2})\)?(?![\w'])(?=[^\w]|$)"
)
"""`2012/kx`, or its letters on the next line, in brackets, after a comma."""
_OCR_POSTCODE: Final = re.compile(
    r"(?<![\w.,€-])([1-9lI](?: ?[\dOIl]){3}) ?([A-Z]{2})(?!\w)|(?<![\w.,€-])([1-9li][\doil]{3}) ?([a-z]{2})(?!\w)"
)
_POSTCODE_CUE: Final = re.compile(
    r"\b(?:postcode|pc|postc|wonen?d?|woont|woon|adres|te|in|buurt|wijk|omgeving)\b[^\n]{0,24}$|"
    r"\d{1,4} ?[a-z]?,?\s{0,2}$",
    re.IGNORECASE,
)
_FOREIGN_POSTCODE: Final = re.compile(
    r"(?:postcode|plz|zip|code postal|postleitzahl|posta kodu)\W{0,3}(\d{4,5}(?:-\d{3,4})?)(?!\w)", re.IGNORECASE
)
_LEAST_FIGURES: Final = 1
"""Optical reading may take most of the four figures for letters."""
_FIGURES: Final = 4
_CUES: Final = frozenset("postcode pc postc plz zip code postleitzahl posta".split())
_TWO_LETTER_WORDS: Final = frozenset(
    (
        "af ex hm ie oh al an as bv de di do en er ga go ha he hu ik in is it ja je ka kg km la ma me mi mm na "
        "nu nv of ok om op "
        "po pp re te to uw vd ve vo vr we wo xx za ze zn zo cm dd mb gb pm am on at or jr st nd rd th eu"
    ).split()
)


def mark_postcodes(reading: Reading) -> None:
    """Mark every postcode of the text."""
    if reading.figures < _LEAST_FIGURES:
        return
    for match in matches_at(reading, _APART_POSTCODE, _CUES):
        reading.claim(*match.span(1), "POSTCODE")
    for pattern, fits in _POSTCODES:
        for match in matches_at_figures(reading, pattern):
            if fits(match, reading.text):
                reading.claim(*match.span(), "POSTCODE")
    for match in matches_at(reading, _FOREIGN_POSTCODE, _CUES):
        reading.claim(*match.span(1), "POSTCODE")


def mark_spelt_postcodes(reading: Reading) -> None:
    """Mark `twaalf vierendertig A B`, and after `postcode` also letters as names: `A van` is read elsewhere."""
    for index in reading.indexes(LARGE_WORDS):
        second, third = index + 1, index + 2
        if third >= len(reading.words) or reading.words[second] not in LARGE_WORDS or reading.taken[index]:
            continue
        letters = reading.words[third : third + 2]
        if len(letters[0]) == 2 and letters[0].isalpha() and letters[0] not in _TWO_LETTER_WORDS:
            reading.claim_words(index, third, "POSTCODE")
        elif len(letters) == 2 and all(len(word) == 1 and word.isalpha() for word in letters):
            reading.claim_words(index, third + 1, "POSTCODE")
        elif "postcode" in reading.words[max(0, index - 3) : index]:
            reading.claim_words(index, second, "POSTCODE")


def _is_year(figures: str) -> bool:
    return figures[:2] in {"19", "20"}


def _upper_fits(match: re.Match[str], _text: str) -> bool:
    return not (match[2] in {"EN", "OF", "DE", "IN", "IS", "OM"} and _is_year(match[1]))


def _apart_fits(match: re.Match[str], _text: str) -> bool:
    """Whether figures apart with two small letters are a postcode: at least one blank in them, and no word after."""
    letters = match[2].replace(" ", "")
    return " " in match[1] and letters not in _TWO_LETTER_WORDS


def _signed_fits(match: re.Match[str], text: str) -> bool:
    """Whether a postcode with signs between its parts follows a word that announces one."""
    return _POSTCODE_CUE.search(text[max(0, match.start() - 40) : match.start()]) is not None


def _parted_fits(match: re.Match[str], text: str) -> bool:
    """Whether figures and letters that stand apart are a postcode: something says so, and the letters are no word."""
    return match[2].lower() not in _TWO_LETTER_WORDS and _signed_fits(match, text)


def _scanned_fits(match: re.Match[str], text: str) -> bool:
    """Whether figures of which some were read as letters are a postcode."""
    figures, letters = match[1] or match[3], match[2] or match[4]
    read, whole = sum(map(str.isdigit, figures)), match[2] is not None and " " not in figures
    if whole and read > 1:
        return True
    alone = text[max(0, match.start() - 1) : match.start()] == "\n" and text[match.end() : match.end() + 1] in {
        "",
        "\n",
    }
    if alone and match[2] is not None and read > 1:
        return True
    return 0 < read < _FIGURES and letters.lower() not in _TWO_LETTER_WORDS and _signed_fits(match, text)


def _lower_fits(match: re.Match[str], text: str) -> bool:
    """Whether four figures and two small letters are a postcode: the letters are no word, or something says so."""
    year, word = _is_year(match[1]), match[3].lower() in _TWO_LETTER_WORDS
    if not year and not word:
        return True
    before = text[max(0, match.start() - 40) : match.start()]
    cued = _POSTCODE_CUE.search(before) is not None
    if not word:
        return cued
    return cued and ((not match[2] and not year) or "postcode" in before.lower())


_POSTCODES: Final = (
    (_POSTCODE, _upper_fits),
    (_SPACED_POSTCODE, _upper_fits),
    (_LOWER_POSTCODE, _lower_fits),
    (_SMALL_SPACED, _apart_fits),
    (_SIGNED, _signed_fits),
    (_PARTED, _parted_fits),
    (_OCR_POSTCODE, _scanned_fits),
)
