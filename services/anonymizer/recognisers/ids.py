# SPDX-License-Identifier: EUPL-1.2
"""Marks numbers that stand for a person or a file: passports, cases, staff, clients, members, police reports."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.numbers import is_number_word

_CUE_WORDS: Final = (
    "nummer nr nrs no id code zaak zaaknr zaaknummer dossier dossiernr dossiernummer kenmerk referentie ref "
    "refnr referentienummer registratienummer klacht klachtnummer meldingsnummer melding meldnummer "
    "aangifte aangiftenummer proces-verbaal pv mutatienummer bvh paspoort paspoortnummer paspoortnr rijbewijs "
    "rijbewijsnummer rijbewijsnr identiteitskaart idkaart id-kaart identiteitsbewijs documentnummer "
    "document verblijfsvergunning vreemdelingennummer v-nummer vnummer vnr v-nr personeelsnummer personeelsnr "
    "persnr personeels medewerkersnummer medewerkernummer studentnummer studentnr studnr leerlingnummer "
    "leerlingnr "
    "lidnummer lidnr lidmaatschapsnummer lidmaatschap klantnummer klantnr clientnummer cliëntnummer clientnr "
    "cliëntnr cliëntcode patiëntnummer patientnummer patiëntnr patientnr polis polisnummer polisnr "
    "verzekeringsnummer "
    "kaartnummer kaartnr pasnummer ov-chipkaart ovchip ov-chip chipkaart chipnummer bonnummer factuurnummer "
    "ordernummer bestelnummer boekingsnummer ticket ticketnummer sollicitatienummer vacaturenummer "
    "contractnummer "
    "huurdersnummer kvk kvknummer kvk-nummer big bignummer big-nummer burgernummer aanvraagnummer aanvraag "
    "incident incidentnummer "
    "passport number case file reference member membership customer client employee student badge licence "
    "license policy account "
    "aktenzeichen ausweis ausweisnummer personalausweis reisepass kundennummer mitgliedsnummer personalnummer "
    "matrikelnummer fallnummer numéro dossier référence matricule passeport adhérent client "
    "numarası numarasi numaram no'su pasaport dosya sicil üye müşteri öğrenci numer nr paszport paszportu "
    "dowód dowodu sprawy klienta pracownika pesel legitymacji numeru número expediente pasaporte referencia "
    "number "
    "номер паспорт справи посвідчення رقم جواز ملف الهوية المريض"
).split()
_CUES: Final = frozenset(word for cue in _CUE_WORDS for word in cue.split("-"))
_CUED: Final = re.compile(
    r"(?<![\w])(?:\w{0,24}(?:nummers?|nrs?)|"
    + "|".join(re.escape(word) for word in sorted({*_CUE_WORDS}, key=len, reverse=True))
    + r")(?![\w])"
    r"(?:[\s.:#=()\-]{1,4}(?:is|was|nummer|nr|no|number|numer|numéro|van|id|code|het|mijn|my|de|ta|est|to|es|ist|v|"
    r":)(?![\w])){0,3}[\s.:#=('\-]{0,4}"
    r"(?-i:((?:(?:[A-Z]{1,6}[ .\-/]?|[a-z]{1,3}[.\-/]?)){0,2}[0-9OIl](?:[ "
    r".\-/]?[A-Z0-9]|[.\-/]?[a-z](?![a-z]{2})){2,24}))(?!\w)",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"(?: ?/ ?|[ -])(?:\d ){2,8}\d(?!\w)|(?:[ .\-/()]{1,3}[0-9OoIl]{2,6})+(?![\w])")
"""Figures that belong to the number found, after any separators."""
_GROUPS_ON: Final = re.compile(r"(?:[ .\-/]\d{3,6}){1,4}(?![\w])")
"""Whole groups of figures after a code: `CJIB 4123 8877 6655`."""
_CODED: Final = re.compile(
    r"(?<!\w)\w{0,24}(?:nummer|nr|code|kenmerk|dossier|referentie|reference|ref|naam)(?:[\s.:=]{1,3}(?:is|was|"
    r"van|het))?"
    r"[\s.:=]{1,3}(?=[\w./#\-]{0,30}\d)([A-Za-z0-9][A-Za-z0-9./#\-]{3,30})(?![\w@])",
    re.IGNORECASE,
)
_NUMBERED: Final = ("nummer", "nr", "nummers", "nrs")
_ALSO: Final = re.compile(r"(?:, | en | & | of )(?=[\w./-]{0,24}\d[\w./-]{0,8}\d)([A-Z0-9][\w/-]{3,24})(?![\w:]|,\d)")
"""One more number after the first: `nummers 25-118 en 25-340`."""
_CODED_ENDS: Final = ("nummer", "nr", "code", "kenmerk", "dossier", "referentie", "reference", "ref", "naam")
_UPPER_CODE: Final = re.compile(r"(?<![\w@./#-])(?=[A-Z0-9]{0,13}\d)(?=[A-Z0-9]{0,12}[A-Z]{2})[A-Z0-9]{6,14}(?![\w@])")
_SPELT_WORDS: Final = 4
_HYPHENED_WORDS: Final = 3
"""`zes-twee-drie` is one code; three loose number words after `nummer` may be a count."""
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_LETTERS_SPELT: Final = 2
_FIGURES_SPELT: Final = 3
_DICTATED_GAPS: Final = frozenset({" ", ", ", "-", " - "})
_SCORED: Final = re.compile(r"(?<![\w/])(?:\d{1,10}[/.-]){0,3}\d{1,10}(?:_\d{1,10}){1,4}(?!\w)")
"""Figures joined by underscores, which no other number is."""
_PLATES: Final = frozenset({"kenteken", "nummerplaat", "kentekenplaat"})
_STAFF: Final = re.compile(
    r"\b\w{0,12}(?:chauffeur|agent|medewerker|bestuurder|conducteur|controleur|boa|beveiliger|badge|dienst|"
    r"handhaver|machinist|"
    r"driver|officer|employee|kassamedewerker|baliemedewerker)(?: (?:nr\.?|nummer|no\.?|"
    r"met nummer|met badge) ?#?(?=\d{1,7})|(?= #?\d{3,7})) ?#?(\d{1,7})"
    r"(?![\w%]|[.,:/-]\d| (?:euro|keer|uur|mensen|kilometer|km))",
    re.IGNORECASE,
)
_STAFF_ENDS: Final = tuple(
    "chauffeur agent medewerker bestuurder conducteur controleur boa beveiliger badge dienst handhaver machinist "
    "driver officer employee".split()
)
_ENDS: Final = (*_NUMBERED, *_CODED_ENDS, *_STAFF_ENDS)
_SPELT_CUES: Final = frozenset(
    "kenteken nummerplaat kentekenplaat klantnummer nummer nr dossiernummer zaaknummer "
    "kenmerk polisnummer lidnummer studentnummer personeelsnummer "
    "patiëntnummer cliëntnummer paspoortnummer documentnummer meldnummer code".split()
)
_MIXED: Final = re.compile(
    r"(?<![\w@./-])(?=[A-Za-z0-9]{0,12}\d)(?=[A-Za-z0-9.\-/]{0,24}[A-Za-z])(?:[A-Za-z]{1,6}[-./]?\d{3,12}(?:[-."
    r"/]?[A-Za-z0-9]{1,12}){0,4}|"
    r"\d{1,8}[-./]?[A-Za-z]{1,6}[-./]?\d{2,10}(?:[-./][A-Za-z0-9]{1,10}){0,3})(?![\w@])"
)
_HYPHENED: Final = re.compile(r"(?<![\w@./-])[A-Z][A-Z0-9]{0,7}(?:[-/][A-Z0-9]{1,10}){1,5}(?![\w@])")
_PASSPORT: Final = re.compile(r"(?<![A-Za-z0-9])[A-NP-Z]{2}[A-NP-Z0-9]{6}\d(?![A-Za-z0-9])")
_CASE_YEAR: Final = re.compile(r"(?<![\w.\-/])(?:19|20)\d{2}[-/.]\d{3,10}(?:[-/.]\d{1,6})?(?![\w]|[-/]\d)")
_LETTERED: Final = re.compile(
    r"(?<![\w-])(?!(?:BSN|TEL|MOB|GSM|FAX|EUR|NEN|ISO|NIEUW|JAAR|IN|OP|SINDS|VAN|TOT|EN|MEI|"
    r"JAN)\b)[A-Z]{2,5} ?\d{4,8}(?![\w.,]\d|\w)"
)
_HASHED: Final = re.compile(r"(?<!\w)\w{0,6}#\s?\d{3,12}[a-z]?(?!\w)")
_SLASHED_CODE: Final = re.compile(r"(?<![\w./,-])\d{3,8}/[A-Z]{1,3}(?![\w/])")
"""`0419/K`; a house number has no nought in front and fewer figures."""
_LINES: Final = re.compile(
    r"(?:bus|lijn|tram|metro|rode|route|n|a|e|art|artikel|gm|iso|covid|f|mp|rtl|npo|v|ps|w|u|o|jo|mo|d|bij|ja|"
    r"wk|week|windows)[-. ]?\d{1,4}",
    re.IGNORECASE,
)
_MINIMUM_DIGITS: Final = 4
_MINIMUM_CUED: Final = 3
_LEAST_FIGURES: Final = 2
"""Figures that must be left in a text for a code to be looked for."""


def mark_ids(reading: Reading) -> None:
    """Mark numbers after a word that announces one, and codes that mix letters with four or more digits."""
    text = reading.text
    if reading.any_of(_SPELT_CUES) or "nummer" in reading.low:
        _mark_spelt(reading)
    _mark_dictated(reading)
    left = [reading.words[index] for index in reading.figured()]
    if sum(map(len, left)) < _LEAST_FIGURES:
        return
    _mark_cued(reading)
    for possible, pattern, fits in _CODES:
        for match in pattern.finditer(text) if possible(text, left) else ():
            if fits(match.group()):
                reading.claim(match.start(), _end_of_groups(reading, _GROUPS_ON, match.end()), "ID_NUMBER")


_LETTERS_AFTER: Final = re.compile(r" ?[A-Za-z]{2}(?:[-, ]{1,2}\d|\n|$)")
"""After four figures these make a postcode, with the number of the house."""
_OF_YEAR: Final = re.compile(r"(?:van|uit|in|sinds|anno) (?:19|20)\d\d$", re.IGNORECASE)


def _no_code(reading: Reading, match: re.Match[str]) -> bool:
    """Whether what was found is a word before a count (`nummer al 100 keer`) or a year (`dossier van 2023`)."""
    head = match[1].partition(" ")[0]
    worded = len(head) > 1 and head.isalpha() and head.islower() and bool(reading.stem_flag(head))
    code = match[1].isdigit() and len(match[1]) == 4 and _LETTERS_AFTER.match(reading.text, match.end(1)) is not None
    return worded or code or _OF_YEAR.search(reading.text[match.start() : match.end(1)]) is not None


def _mark_cued(reading: Reading) -> None:
    """Mark what stands after `dossiernummer`, `kenmerk` and the like."""
    opening = [word for word in reading.where if word.endswith(_ENDS) or word in _CUES]
    if not opening:
        return
    for match in _after(reading, _CUED, [word for word in opening if word.endswith(_NUMBERED) or word in _CUES]):
        if sum(map(str.isdigit, match[1])) >= _MINIMUM_CUED and not _no_code(reading, match):
            end = _end_of_groups(reading, _GOES_ON, match.end(1))
            reading.claim(match.start(1), end, "ID_NUMBER")
            also = _ALSO.match(reading.text, end)
            while also is not None:
                reading.claim(*also.span(1), "ID_NUMBER")
                also = _ALSO.match(reading.text, also.end())
    for match in _after(reading, _CODED, [word for word in opening if word.endswith(_CODED_ENDS)]):
        if _is_cued_code(match[1]) and match.group()[:5].lower() != "postc":
            reading.claim(*match.span(1), "ID_NUMBER")
    for match in _after(reading, _STAFF, [word for word in opening if word.endswith(_STAFF_ENDS)]):
        reading.claim(*match.span(1), "ID_NUMBER")


def _end_of_groups(reading: Reading, pattern: re.Pattern[str], end: int) -> int:
    """Where the groups of figures that go on at `end` end, when nothing else claimed them."""
    more = pattern.match(reading.text, end)
    return more.end() if more is not None and reading.free(*more.span()) else end


def _after(reading: Reading, pattern: re.Pattern[str], words: list[str]) -> Iterator[re.Match[str]]:
    """Matches of a pattern that opens with one of the words of the text, looked for there only."""
    at = 0
    for index in sorted(index for word in words for index in reading.where[word]):
        if reading.starts[index] >= at:
            match = pattern.match(reading.text, reading.starts[index])
            if match is not None:
                at = match.end()
                yield match


def _mark_spelt(reading: Reading) -> None:
    """Mark a code spelt out after its cue: `klantnummer is d h vier vier nul zeven`."""
    for index, word in enumerate(reading.words):
        if word not in _SPELT_CUES and not word.endswith("nummer"):
            continue
        first = index + 1
        if first < len(reading.words) and reading.words[first] in {"is", "was", "van"}:
            first += 1
        last = first
        while last < len(reading.words) and reading.joined(last) and _is_spelt(reading, last):
            last += 1
        hyphened = last - first > 1 and reading.gap(first + 1) == "-"
        sure = hyphened or (word not in {"nummer", "nr", "code"} and word.endswith("nummer"))
        if last - first >= (_HYPHENED_WORDS if sure else _SPELT_WORDS):
            reading.claim_words(first, last - 1, "LICENSE_PLATE" if word in _PLATES else "ID_NUMBER")


def _mark_dictated(reading: Reading) -> None:
    """Mark a code said letter by letter and figure by figure without any cue: `b x k zeven vier l`."""
    if sum(len(reading.where[letter]) for letter in _LETTERS.intersection(reading.where)) < _LETTERS_SPELT:
        return
    spelt = sorted(index for indexes in reading.where.values() if _is_spelt(reading, indexes[0]) for index in indexes)
    first = 0
    for last, index in enumerate(spelt):
        goes_on = last + 1 < len(spelt) and spelt[last + 1] == index + 1 and reading.gap(index + 1) in _DICTATED_GAPS
        if goes_on:
            continue
        said = reading.words[spelt[first] : index + 1]
        letters = sum(len(word) == 1 and word.isalpha() for word in said)
        if letters >= _LETTERS_SPELT and len(said) - letters >= _FIGURES_SPELT:
            reading.claim_words(spelt[first], index, "ID_NUMBER")
        first = last + 1


def _is_spelt(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    return len(word) == 1 or (word.isdigit() and len(word) < 4) or is_number_word(word, reading.flags[index])


def _is_cued_code(found: str) -> bool:
    """Whether what stands after a cue is a code: it holds figures, and capitals or signs between them."""
    found = found.rstrip(".-/")
    figures = sum(map(str.isdigit, found))
    mixed = any(map(str.isalpha, found)) or any(sign in found for sign in "./#-")
    return (
        figures >= 2 and mixed and re.fullmatch(r"(?:19|20)\d\d[-/.](?:19|20)?\d\d|\d{1,2}[./-]\d{1,2}", found) is None
    )


def _is_upper_code(found: str) -> bool:
    """Whether capitals and figures without a word among them are a code."""
    return re.fullmatch(r"[1-9]\d{3}[A-Z]{2}|[A-Z]{4,}(?:19|20)\d\d|[A-Z]{5,}\d", found) is None


def _is_numbered(found: str) -> bool:
    """Whether letters with figures are a code, not a word with a year."""
    figures = found.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    return len(figures) != 4 or figures[:2] not in {"19", "20"}


def _is_code(found: str) -> bool:
    """Whether a mixed token is a code rather than a postcode, a line, a size or a model."""
    if found.startswith("O6"):
        return False  # a telephone number with a letter for its nought
    digits = sum(char.isdigit() for char in found)
    if digits < _MINIMUM_DIGITS and not (digits >= 3 and "-" in found and any(char.isupper() for char in found)):
        return False
    return (
        _LINES.fullmatch(found) is None
        and re.fullmatch(r"\d{1,3}[A-Za-z]\d{0,2}", found) is None
        and re.fullmatch(r"\d{4}[A-Za-z]{2}", found) is None
    )


def _is_year_range(found: str) -> bool:
    first, _, second = found.replace("/", "-").replace(".", "-").partition("-")
    return len(second) == 4 and second.isdigit() and second[:2] in {"19", "20"} and int(second) >= int(first)


def _mixed(_text: str, left: list[str]) -> bool:
    """Whether a word of letters and figures is left."""
    return not all(map(str.isdigit, left))


def _long(_text: str, left: list[str]) -> bool:
    """Whether a word with at least four figures is left."""
    return max(map(len, left)) >= _MINIMUM_DIGITS


def _slashed(text: str, left: list[str]) -> bool:
    return "/" in text and len(max(left, key=len)) >= _MINIMUM_CUED


_CODES: Final[tuple[tuple[Callable[[str, list[str]], bool], re.Pattern[str], Callable[[str], bool]], ...]] = (
    (_mixed, _PASSPORT, bool),
    (lambda text, _left: "_" in text, _SCORED, bool),
    (_long, _LETTERED, _is_numbered),
    (lambda _text, left: sum(map(len, left)) >= _MINIMUM_CUED, _MIXED, _is_code),
    (lambda text, _left: "-" in text or "/" in text, _HYPHENED, _is_code),
    (_long, _CASE_YEAR, lambda found: not _is_year_range(found)),
    (lambda text, _left: "#" in text, _HASHED, bool),
    (_slashed, _SLASHED_CODE, lambda found: found.startswith("0") or len(found.partition("/")[0]) > 4),
    (_mixed, _UPPER_CODE, _is_upper_code),
)
"""Codes by their form alone: when one is possible, its form, and what must hold of what was found."""
