# SPDX-License-Identifier: EUPL-1.2
"""Marks long runs of digits, written in any way: telephone and citizen service numbers, cards, digits spelt out.

A checksum only names the kind: a run of digits goes whatever the check says. Money and years are the exceptions.
"""

import re
from collections.abc import Mapping
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at, matches_at_figures

_RUN: Final = re.compile(
    r"(?<![\w.,])(?:\+\s?|\(\+?)?(?:[0-9]|[Oo](?=[ .\-]?[0-9OIl]))(?:[ .\-/()]{0,3}[0-9OIlSB]){5,24}(?![\w])"
)
_LOOSE: Final = re.compile(
    r"(?<!\w)[0O][0-9OIlSo](?:\s?-\s?|\s|\.|/|\()?[0-9OIlSo](?:[\s.\-/)]{0,3}[0-9OIlSo]){5,9}(?!\w)"
)
_YEAR_SQUARE: Final = re.compile(r"\bPlein (?:19\d\d|'?40-'?45)(?: \d{1,4} ?(?:[a-zA-Z]|bis|hs)?(?:-\w{1,3})?)?(?!\w)")
"""A square called after a year, with its house number: `Plein 1944 12`."""
_FIVE: Final = re.compile(r"(?<![\w.,/€$£-])\d{5}(?![\w]|[.,/]\d)")
_MONEY: Final = re.compile(r"(?:€|eur(?:o|os)?|\$|£)\s{0,2}$", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(
    r"\s{0,2}(?:€|euro|eur\b|\$|£|,-|,\d{2}\b|procent|%|m2|m²|km|inwoners|mensen|stemmen|volgers|views|leden)",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(r"(?:19|20)\d{2}\s?[-/ ]\s?(?:19|20)\d{2}")
_TIMES: Final = re.compile(r"(?:[01]?\d|2[0-4])[.:]\d{2}\s?-\s?(?:[01]?\d|2[0-4])[.:]\d{2}")
_BSN_CUE: Final = re.compile(
    r"\b(?:bsn|burgerservicenummer|burger service nummer|sofi\w{0,8}|service number|sofinr)\b[^\n]{0,16}$",
    re.IGNORECASE,
)
_CONFUSED: Final = str.maketrans("OoIlSB", "001158")
_SPELT: Final = frozenset(
    "nul een één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig dubbel plus "
    "zero oh one two three four five six seven eight nine double null eins zwei drei vier fünf sechs sieben "
    "acht neun zéro un deux trois quatre cinq sept huit neuf "
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz zero jeden dwa trzy cztery pięć sześć siedem osiem "
    "dziewięć нуль один два три чотири п'ять шість сім вісім дев'ять صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة "
    "ثمانية تسعة "
    "zehn zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn dix onze douze treize quatorze quinze "
    "seize on dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście "
    "dziewiętnaście diez dies diesun diesdos diesnuebe desinuebe dieshete diesocho "
    "doce trece catorce quince sei trinta kuarenta sinkuenta "
    "cero sero uno dos tres cuatro kuater cinco sinku seis siete shete ocho nueve nuebe "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty "
    "fifty sixty "
    "seventy eighty ninety zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig vingt trente quarante "
    "cinquante soixante yirmi otuz kırk elli altmış yetmiş seksen doksan dwadzieścia trzydzieści czterdzieści "
    "pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt veinte treinta cuarenta cincuenta "
    "sesenta "
    "setenta ochenta noventa".split()
)
_SPELT_COMPOUND: Final = re.compile(
    r"(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën)(?:twintig|dertig|veertig|vijftig|zestig|"
    r"zeventig|tachtig|negentig)|(?:twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)(?:one|two|three|four|five|"
    r"six|seven|eight|nine)|(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(?:zwanzig|dreißig|vierzig|fünfzig|"
    r"sechzig|siebzig|achtzig|neunzig)|(?:yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan)(?:bir|iki|üç|dört|beş|altı|"
    r"yedi|sekiz|dokuz)"
)
_STARTS: Final = frozenset(
    [figure + rest for figure in "0123456789oli" for rest in ("", *"0123456789oliabcdefghjkmnpqrstuvwxyz")]
    + "ee éé tw dr vi ze ac ne th fo fi si se ei ni zw fü yi ot kı el al ye nu pl du zé".split()
)
"""First two letters of what may hold figures, beside the words above: `06`, `o9`, `nul78`, `eenentwintig`."""
_LEAST_OF_DATE: Final = 3
_DICTATED: Final = frozenset({"dan", "spatie", "streepje"})
_FILLERS: Final = frozenset(
    "streepje en keer maal punt dan spatie eh uh ehm dus de x maar und et y i ve and komma".split()
)
_LEAST_FIGURES: Final = 4
"""Figures that must be left for a run of them to be looked for; letters may stand for the others."""
_PHONES: Final = frozenset(
    "tel telnr telnummer telefoon telefoonnr telefoonnummer mob mobiel bel bellen nummer phone app".split()
)
_LEAST_DIGITS: Final = 7
_LEAST_IN_WORDS: Final = 1
_TELEPHONE: Final = 8
"""Figures of a run that opens with a nought, from which words between them do not matter: `06 12 en dan 34 en 56`."""
_LONGEST_GROUP: Final = 8
_WIDEST: Final = 3
_MOST_FILLERS: Final = 3
"""How far the next figure may be: `drie keer de twee`."""
_BIRTH_BEFORE: Final = 40
_BIRTH_CUE: Final = re.compile(r"\b(?:geboortedatum|geboren|geb|birth|born|doğum|urodz\w*|jarig)\b", re.IGNORECASE)
_BIRTH_HINTS: Final = ("gebo", "geb", "birth", "born", "doğum", "urodz", "jarig")
_TWO_DIGITS: Final = frozenset(
    "zehn zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn dix onze douze treize quatorze quinze "
    "seize on dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście "
    "dziewiętnaście diez dies diesun diesdos diesnuebe desinuebe dieshete diesocho "
    "doce trece catorce quince trinta kuarenta sinkuenta "
    "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig "
    "zestig zeventig tachtig negentig ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fourty fifty sixty seventy eighty ninety zwanzig dreißig vierzig fünfzig sechzig "
    "siebzig achtzig "
    "neunzig vingt trente quarante cinquante soixante yirmi otuz kırk elli altmış yetmiş seksen doksan dwadzieścia "
    "trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt veinte treinta "
    "cuarenta cincuenta sesenta setenta ochenta noventa".split()
)
_MIXED_FIGURES: Final = re.compile(
    r"(?<!\w)(?:[oOlI]\d|\d[oOlI]|[oO]\d[oO]|\d\d?[oO]\d?)(?!\w)|(?:nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen)\d"
)
_OCR_GROUP: Final = re.compile(r"(?=[oliI]{0,3}\d)[0-9oli]{1,8}")
_GLUED: Final = re.compile(
    r"(?:nul|zero|plus|dubbel|zéro|null|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(\d{1,8})"
)
_LETTER_NOUGHTS: Final = frozenset({"o", "oo"})
"""What people say and type for a nought, counted only inside a run."""
_SHORTEST_COMPOUND: Final = 7
_HUNDRED: Final = re.compile(
    r"(?:(?:twee|drie|vier|vijf|zes|zeven|acht|negen)?honderd(?:en)?)"
    r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven|acht|negen)tien|"
    r"(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|"
    r"tachtig|negentig))?"
)
_SHORT_PHONE: Final = re.compile(
    r"\b(?:tel(?:efoon)?(?:nr|nummer)?|mob(?:iel)?|bel(?:len)?|nummer|phone|app)\b[\s.:=]{0,3}(?:op |is |me op "
    r"|via )?(\d{3}[ -]?\d{3,5}(?:[ -]\d{2,4})?)(?!\w)",
    re.IGNORECASE,
)


def mark_numbers(reading: Reading) -> None:
    """Mark runs of six and more digits, and of five and more number words."""
    text = reading.text
    _mark_year_squares(reading)
    dictated = reading.any_of(_DICTATED) and reading.figures >= _TELEPHONE
    if dictated or reading.any_of(_SPELT) or (reading.figures and _MIXED_FIGURES.search(text)):
        _mark_spelt(reading)
    left = [reading.words[index] for index in reading.figured()]
    if sum(map(len, left)) < _LEAST_FIGURES:
        return
    for pattern in (_RUN, _LOOSE):
        for match in pattern.finditer(text):
            _mark_run(reading, match)
    if any(len(word) == 5 for word in left):
        _mark_fives(reading)
    for match in matches_at(reading, _SHORT_PHONE, _PHONES):
        reading.claim(*match.span(1), "PHONE")


def _mark_fives(reading: Reading) -> None:
    """Mark five figures together, but for money and other amounts."""
    for match in matches_at_figures(reading, _FIVE):
        before = reading.text[max(0, match.start() - 8) : match.start()]
        if not _MONEY.search(before) and not _MONEY_AFTER.match(reading.text, match.end()):
            reading.claim(*match.span(), "ID_NUMBER")


def _mark_year_squares(reading: Reading) -> None:
    """Mark `Plein 1944 12` before its figures are taken for a number."""
    reading.claim_each(_YEAR_SQUARE.finditer(reading.text) if "plein" in reading.present else (), "ADDRESS")


def checks_as_bsn(digits: str) -> bool:
    """Whether nine digits pass the 11-test of the citizen service number.

    >>> checks_as_bsn("111222333")
    True

    Source: Logisch Ontwerp BSN, 11-proef.
    """
    if len(digits) != 9 or not digits.isascii() or not digits.isdigit() or digits == "000000000":
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return weighed % 11 == 0


def _mark_run(reading: Reading, match: re.Match[str]) -> None:
    start, end = match.span()
    found = match.group()
    digits = re.sub(r"\D", "", found.translate(_CONFUSED))
    if len(digits) < 6 or sum(char.isdigit() for char in found) < 4:
        return
    before = reading.text[max(0, start - 40) : start]
    if (
        _YEARS.fullmatch(found)
        or _TIMES.fullmatch(found)
        or _MONEY.search(before)
        or _MONEY_AFTER.match(reading.text, end)
    ):
        return
    if found.endswith((" ", "-", "(", "/")):
        end -= len(found) - len(found.rstrip(" -(/"))
    reading.claim(start, end, _kind(digits, found, before))


def _kind(digits: str, found: str, before: str) -> str:
    """What a run of digits most likely is."""
    if _BSN_CUE.search(before):
        return "BSN"
    if found.lstrip().startswith(("+", "(+", "00")) or (digits.startswith("0") and 9 <= len(digits) <= 11):
        return "PHONE"
    if len(digits) == 9:
        return "BSN" if checks_as_bsn(digits) else "PHONE" if digits.startswith("6") else "ID_NUMBER"
    if len(digits) in {7, 8} and "-" in found:
        return "PHONE"
    return "ID_NUMBER"


def _mark_spelt(reading: Reading) -> None:
    """Mark runs of number words and figures that together hold as many digits as a telephone number."""
    held = {word: _digits(word) for word in reading.where if word in _SPELT or word[:2] in _STARTS}
    if reading.language != "tr":
        held.pop("on", None)  # ten in Turkish, and a small word of English
    total = sum(found * len(reading.where[word]) for word, found in held.items())
    if total < _LEAST_DIGITS and (total < _LEAST_OF_DATE or not any(map(reading.low.__contains__, _BIRTH_HINTS))):
        return
    after = 0
    for index in sorted(index for word, found in held.items() if found for index in reading.where[word]):
        once = reading.words[index] == "een" and reading.words[index + 1 : index + 2] in (["keer"], ["maal"])
        if reading.taken[index] or index < after or once:
            continue
        last, total, spelt = _run_from(reading, index, held)
        born = _BIRTH_CUE.search(reading.text, max(0, reading.starts[index] - _BIRTH_BEFORE), reading.starts[index])
        apart = total >= _TELEPHONE and len(reading.words[index]) > 1 and reading.words[index][0] == "0"
        if (spelt >= _LEAST_IN_WORDS and total >= _LEAST_DIGITS) or apart:
            reading.claim_words(index, last, "PHONE")
        elif born and last - index >= 2:
            reading.claim_words(index, last, "DATE_OF_BIRTH")
        after = last + 1


def _run_from(reading: Reading, first: int, held: Mapping[str, int]) -> tuple[int, int, int]:
    """The last word of the run of figures from word `first` on, its digits, and how many "
    "of its words are no figures.
    """
    words = reading.words
    last, total, spelt, following = first, 0, 0, first
    while following < len(words) and following - last <= _MOST_FILLERS and not reading.taken[following]:
        if following > first and (len(reading.gap(following)) > _WIDEST or "\n" in reading.gap(following)):
            break
        found = held.get(words[following], 0)
        if found:
            last = following
            total += found
            spelt += not words[following].isdigit()
        elif words[following] not in _FILLERS:
            break
        following += 1
    return last, total, spelt


def _digits(word: str) -> int:
    """How many digits a word stands for: `zes` one, `vierentachtig` two, `o9` two, `nul78` three; 0 for other words."""
    if word.isdigit():
        return len(word) if len(word) <= _LONGEST_GROUP else 0
    if word in _LETTER_NOUGHTS:
        return len(word)
    if word in _SPELT:
        return 2 if word in _TWO_DIGITS else 1
    if _SPELT_COMPOUND.fullmatch(word) is not None:
        return 2
    if _OCR_GROUP.fullmatch(word) is not None:
        return len(word)
    glued = _GLUED.fullmatch(word)
    return 1 + len(glued[1]) if glued is not None else 0


def is_number_word(word: str, flag: int) -> bool:
    """Whether a word spells a number out."""
    if flag & lex.NUMBER:
        return True
    if len(word) < _SHORTEST_COMPOUND or (word[:2] not in _STARTS and not word.startswith("honderd")):
        return False
    return _SPELT_COMPOUND.fullmatch(word) is not None or _HUNDRED.fullmatch(word) is not None
