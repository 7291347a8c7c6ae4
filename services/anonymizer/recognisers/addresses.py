# SPDX-License-Identifier: EUPL-1.2
"""Marks addresses: a street with its number, found from the number leftwards, whatever it ends in."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading, matches_at
from services.anonymizer.recognisers.postcodes import mark_postcodes, mark_spelt_postcodes
from services.anonymizer.recognisers.spelt_streets import mark_spelt_streets
from services.anonymizer.recognisers.street_names import (
    CAPITAL_ENDS,
    CUES,
    LEFTWARDS,
    STREET_ADJECTIVES,
    SUFFIX,
    leftmost,
    located,
)
from services.anonymizer.recognisers.streets import (
    mark_dictated_postcodes,
    mark_opened_streets,
    mark_short_streets,
)
from services.anonymizer.word_lists import listed

_NUMBER: Final = re.compile(
    r"(\d(?<![\w.,:/€$+-]\d)\d{0,3})(?:[a-z]\d{1,3}(?!\w)|"
    r" (?:t/m|tot en met) \d{1,4}(?!\w)| ?([a-zA-Z])(?:-\d{1,3})?(?![\w])|"
    r" ?[-/] "
    r"?(?:\d{1,4}|[IVX]{1,4}|[a-zA-Z]{1,3})(?!\w)|"
    r" ?(?:bis|hs|rd|zw|hoog|huis|rood|zwart|achter|boven|beneden|"
    r"eenhoog|tweehoog|driehoog)(?!\w)| "
    r"?-?(?:[IVX]{1,4})(?!\w))?(?![\d:]|[.,]\d|\s?(?:%|€|°|uur|jaar|jr\b|keer|euro|minuten|min\b|dagen|weken|"
    r"maanden|personen|mensen|kinderen|meter|km\b|x\b|cm\b|kg\b|procent|ans\b|Uhr|havo|vwo|mavo|vmbo|mbo|hbo|gymnasium|klas))"
)
_NUMBER_IN: Final = re.compile(
    r"\b(?:nummer|nr\.?|huisnummer|number|no\.?|nommer) (\d{1,4} ?[a-zA-Z]?)(?: (?:in|aan|van|op|on) )(?:de "
    r"|het |the )?([^\W\d_][\w'-]{3,40}(?: (?-i:[A-Z])[\w'-]{2,30}){0,2})",
    re.IGNORECASE,
)
_NUMBER_WORDS: Final = frozenset("nummer nr huisnummer number no nommer".split())
_SHORTENED: Final = ("str", "ln", "wg", "pl", "sngl", "weg", "laan", "straat")
_GLUED_NUMBER: Final = re.compile(
    r"(?<!\w)[A-Z][^\W\d_]{3,30}(?:straat|laan|weg|plein|kade|hof|singel|dreef|gracht|pad|dijk)(\d{1,4}[a-zA-Z]?)(?!\w)"
)
_NEIGHBOURS: Final = frozenset(
    "buren buurman buurvrouw overlast portiek vve bovenburen benedenburen onderburen flatbewoners".split()
)
"""Words of a text in which a bare house number is somebody's."""
_ADDRESS_LABELS: Final = frozenset(
    "adr adres adresse address woonadres huisadres straat brieven schrijven ulica adresim anschrift dirección".split()
)
_OCR_STREET: Final = re.compile(
    r"\b[A-Z][\w'-]{2,30}(?:straat|laan|weg|plein|kade|hof|singel|dreef|gracht|pad|steeg|dijk|park|tuin|veld|akker|"
    r"zoom|oord|erf|hove|horst|kamp|gaarde|gang|land|stede|burg|rode|wal|werf|haven|meent|wijk) "
    r"(?=[\dOIl]{0,3}\d)[\dOIl]{1,4}[a-zA-Z]?(?!\w)"
)
_POSTBOX: Final = re.compile(
    r"\b(?:postbus|antwoordnummer|p\.?o\.? box|postfach|(?-i:P[Bb]))\.? (\d{1,6}(?: \d{3})?(?!\d))", re.IGNORECASE
)
_NEXT_DOOR: Final = re.compile(
    r"(?<=\bvan )(?:huis)?(?:nummer|nr\.?) ?\d{1,4}(?: ?[a-z])?(?: en \d{1,4})?(?!\w|[.,/-]\d)|"
    r"(?<=\bop )(?:huis)?(?:nummer|nr\.?) "
    r"?\d{1,4} ?[a-z]?(?!\w|[.,/-]\d)|\bhuisnummer \d{1,4} ?[a-z]?(?!\w)",
    re.IGNORECASE,
)
_OTHER_HOUSES: Final = ((("postbus", "antwoordn", "box", "postfach", "pb"), _POSTBOX), (("nummer", "nr"), _NEXT_DOOR))
"""Patterns of house numbers, with what the text must hold for them."""
_HOUSE_NUMBER: Final = re.compile(
    r"(?<!\d )\b(?:op|van|naast|tegenover|t\.o\.|t/o|nr\.?|nummer|no\.?) (\d{1,4} ?[a-z]?)(?![\w%€]|[.,:/-]\d| "
    r"?(?:cm|mm|m2|kg|gram|meter|%|x|procent|uur|jaar|jr|keer|euro|minuten|dagen|weken|maanden|personen|mensen|kinderen|meter|km|januari|februari|"
    r"maart|april|mei|juni|juli|"
    r"augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sep|okt|nov|dec|leden|procent|"
    r"graden)\b)",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r",?[ -]?(?:unit|kamer|appartement|app\.?|apt\.?|toevoeging|box|bus) ?\w{1,4}(?!\w)", re.IGNORECASE
)
_HONOURS_BEFORE: Final = re.compile(
    r"(?<!\w)(?:(?:Burg|Mr|Dr|Prof|Ds|Ir|Pres|Kon|Past|Mgr|Gen|Adm|Pr|St|Wed|Jhr|Pieter|[A-Z]|v\. ?d|v)\. ?"
    r"){1,5}(?:van (?:der |den |de )?|de )?$"
)
_BARE_STREETS: Final = frozenset(
    "brink markt plein spui singel gracht kade hof werf laan dijk rapenburg voorhout".split()
)
"""Streets whose whole name is what they are."""
_LONGEST_HONOURS: Final = 24
"""What a street called after somebody begins with: `Burg. Mr. v.d. ...str. 12`."""
_FLATS: Final = listed("staying", "makes") | frozenset(
    (
        "bijlage bijlagen dossier zaak klacht melding brief tabel figuur noot regel vak dag optie bus tram "
        "lijn flat etage verdieping kamer lokaal klas groep week artikel art lid nummer nr punt vraag "
        "halte route zaal afdeling poort perron spoor gate hal stand unit fase team bladzijde pagina hoofdstuk "
        "model type maat top mbo havo vwo niveau schaal trede euro windows versie versies"
    ).split()
)


def mark_addresses(reading: Reading) -> None:
    """Mark postcodes, then each house number with the street before it, then streets named without a number."""
    mark_dictated_postcodes(reading)
    mark_spelt_postcodes(reading)
    mark_opened_streets(reading)
    _mark_numbered(reading)
    mark_spelt_streets(reading)


def mark_house_numbers(reading: Reading) -> None:
    """Mark other house numbers in a text that holds an address: `de buren op 212`."""
    if not reading.figured():
        return
    if any(span.kind == "ADDRESS" for span in reading.spans) or reading.any_of(_NEIGHBOURS):
        for match in _HOUSE_NUMBER.finditer(reading.text):
            reading.claim(*match.span(1), "ADDRESS")


def _mark_glued(reading: Reading) -> None:
    """Mark a street with its number written on to it: `Beverstraat188`."""
    glued = any(len(reading.words[index]) > _SHORTEST and reading.cases[index] for index in reading.figured())
    for match in _GLUED_NUMBER.finditer(reading.text) if glued else ():
        index = reading.word_at(match.start())
        if not reading.taken[index]:
            reading.claim(reading.starts[leftmost(reading, index)], match.end(), "ADDRESS")


def _mark_numbered(reading: Reading) -> None:
    """Mark postcodes and house numbers."""
    text = reading.text
    if not reading.figured():
        return
    mark_postcodes(reading)
    mark_short_streets(reading)
    _mark_number_in(reading)
    for match in _NUMBER.finditer(text):
        if reading.free(*match.span()):
            _mark_street(reading, match.start(), match.end())
    _mark_glued(reading)
    for index in reading.figured():
        scanned = _OCR_STREET.match(text, reading.starts[_before(reading, index)])
        if scanned is not None:
            reading.claim(*scanned.span(), "ADDRESS")
    for hints, pattern in _OTHER_HOUSES:
        reading.claim_each(pattern.finditer(text) if any(map(reading.low.__contains__, hints)) else (), "ADDRESS")
    _mark_around(reading)


def _before(reading: Reading, index: int) -> int:
    """Index of the first of the words joined by hyphens that stand before a word."""
    first = max(0, index - 1)
    while first and reading.gap(first) == "-" and index - first < LEFTWARDS:
        first -= 1
    return first


def _mark_around(reading: Reading) -> None:
    """Mark the unit after a house number, and the titles a street's name begins with."""
    for span in [span for span in reading.spans if span.kind == "ADDRESS"]:
        unit = _UNIT.match(reading.text, span.end)
        if unit is not None:
            reading.claim(*unit.span(), "ADDRESS")
        before = _HONOURS_BEFORE.search(reading.text, max(0, span.start - _LONGEST_HONOURS), span.start)
        if before is not None:
            reading.claim(*before.span(), "ADDRESS")


def _mark_number_in(reading: Reading) -> None:
    """Mark `nummer 12 in de ...`."""
    for match in matches_at(reading, _NUMBER_IN, _NUMBER_WORDS):
        street = match[2].split()[0].lower()
        if SUFFIX.fullmatch(street) or match[2][0].isupper():
            reading.claim(*match.span(1), "ADDRESS")
            reading.claim(*match.span(2), "ADDRESS")


def _mark_street(reading: Reading, number_start: int, number_end: int) -> None:
    """Claim the street left of a number, when the words there can be one."""
    last = reading.word_at(number_start) - 1
    if (
        last < 0
        or reading.taken[last]
        or number_start - reading.ends[last] > 3
        or "\n" in reading.text[reading.ends[last] : number_start]
    ):
        return
    separator = reading.text[reading.ends[last] : number_start].strip()
    if separator == "." and (reading.words[last].endswith(_SHORTENED) or reading.words[last] in {"nr", "no"}):
        separator = ""
    if separator not in {"", ",", "-", "nr", "#"}:
        return
    if last and len(reading.words[last]) == 1 and reading.gap(last) == "-" and reading.cases[last]:
        last -= 1
    counted = reading.words[last] in {"nr", "nummer", "no", "huisnummer"} and last > 0 and reading.joined(last)
    last -= counted
    first = _street_start(reading, last, loose=not separator)
    if first is None and counted and _called_by_number(reading, last):
        first = leftmost(reading, last)
    if first is not None:
        reading.claim(reading.starts[first], number_end, "ADDRESS")


def _street_start(reading: Reading, last: int, *, loose: bool) -> int | None:
    """Index of the first word of the street that ends at word `last`, or None when no street stands there."""
    word, flag = reading.words[last], reading.flags[last]
    if word in _FLATS or flag & (lex.MONTH | lex.TITLE) or word.isdigit() or len(word) < 3:
        return None
    capital = reading.cases[last] >= CAPITAL
    first = leftmost(reading, last)
    bare = loose and word in _BARE_STREETS
    ends_so = word.endswith(CAPITAL_ENDS) and not flag & (lex.WORD | lex.TOWN | lex.LAST)
    if (capital and (bare or ends_so)) or (SUFFIX.fullmatch(word) is not None and (capital or not flag & lex.FREQ)):
        return first
    if not loose:
        return None
    proper = capital and not flag & (lex.FUNCTION | lex.GENERIC | lex.HEAD | lex.KEEP)
    if proper and reading.opens[first] and _alone_with_place(reading, first, last):
        return first
    if capital and not reading.opens[last] and not flag & (lex.KEEP | lex.FUNCTION | lex.GENERIC | lex.HEAD):
        return first if _capital_street(reading, last) else None
    return first if _lower_street(reading, first, flag) else None


def _called_by_number(reading: Reading, last: int) -> bool:
    """Whether a rare word before `nummer` is a street: one with a capital, or after `op`, `aan`, `van` and `de`."""
    flag, word = reading.flags[last], reading.words[last]
    barred = lex.FUNCTION | lex.VERB | lex.FREQ | lex.ROLE | lex.KEEP | lex.SLOT | lex.NUMBER | lex.HEAD | lex.GENERIC
    if word in _FLATS or word in _COUNTED or len(word) < _SHORTEST or flag & (barred | lex.TITLE | lex.LABEL):
        return False
    placed = last > 0 and reading.words[last - 1] in {"op", "aan", "van"}
    return bool(reading.cases[last]) or placed or located(reading, last)


_SHORTEST: Final = 4
_COUNTED: Final = frozenset(
    "artikel order bestelling ticket loket kassa rug patiënt patient client cliënt kenteken telefoon product pakket "
    "formulier polis factuur huis klant rekening zaak incident procedure melding klachten lijst kavel tafel stoel "
    "bijlage zin top poging reden advertentie vacature woning kaart pas badge".split()
)
"""Things that have a number of their own, beside those above."""


def _alone_with_place(reading: Reading, first: int, last: int) -> bool:
    """Whether a name with a number opens its line and a postcode or a town follows, or a label announces an address."""
    labelled = (
        first > 0 and reading.words[first - 1] in _ADDRESS_LABELS and reading.gap(first).strip() in {":", ".:", "."}
    )
    after = _AFTER_NUMBER.match(reading.text, reading.ends[last])
    if after is None:
        return labelled
    at = after.end()
    coded = at < len(reading.text) and not reading.free(at, at + 1)
    index = reading.word_at(at)
    town = index < len(reading.words) and reading.starts[index] == at and bool(reading.flags[index] & lex.TOWN)
    return labelled or coded or town


_AFTER_NUMBER: Final = re.compile(r"\W{1,3}\d{1,4} ?[a-zA-Z]{0,4}[,;\s]{1,3}")


def _capital_street(reading: Reading, last: int) -> bool:
    """Whether a capitalised word before a number is a street; a town only as the end of `Hof van ...`."""
    in_name = last > 1 and reading.words[last - 1] in {"van", "de", "den", "der"} and reading.joined(last)
    named = in_name and reading.cases[last - 2] >= CAPITAL
    if last and reading.words[last - 1] in STREET_ADJECTIVES and reading.cases[last - 1]:
        return True
    on_street = located(reading, last) and reading.words[last - 2] in {"op", "aan"}
    return not reading.flags[last] & lex.TOWN or named or on_street or _cued(reading, last)


def _lower_street(reading: Reading, first: int, flag: int) -> bool:
    """Whether a word without a capital before a number is a street."""
    beside = located(reading, first)
    if flag & (lex.FUNCTION | lex.VERB | lex.FREQ | lex.ROLE | lex.KEEP | lex.SLOT | lex.NUMBER):
        return False
    return beside or (not flag & lex.TOWN and _cued(reading, first))


def _cued(reading: Reading, first: int) -> bool:
    """Whether a word just before announces an address."""
    before = reading.words[max(0, first - 2) : first]
    strong = {
        "adres",
        "adresse",
        "address",
        "wonende",
        "woonachtig",
        "wonend",
        "woonadres",
        "adresim",
        "ul",
        "habite",
        "j'habite",
        "wohne",
    }
    if strong.intersection(before):
        return True
    earlier = set(reading.words[max(0, first - 5) : first])
    homes = {
        "woon",
        "woont",
        "wonen",
        "woonde",
        "woning",
        "huis",
        "live",
        "living",
        "mieszkam",
        "oturuyorum",
        "wohnt",
        "flat",
        "portiek",
    }
    return bool(before) and before[-1] in CUES and not homes.isdisjoint(earlier)
