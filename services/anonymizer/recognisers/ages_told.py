# SPDX-License-Identifier: EUPL-1.2
"""Marks ages that a person's word, a second age, a label or a sentence's form gives away, in figures and in words."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at
from services.anonymizer.recognisers.ages import NUMBER_WORDS, band, is_tenure, seen, spelt

_N: Final = r"([1-9]\d|[1-9])"
_UNITS: Final = (
    r"(?![\w%€+]|[.,:/-]\d| ?(?:euro|eur|keer|x\b|dagen|weken|maanden|mnd|uur|minuten|min\b|procent|km|kg|cm|mm|m2|"
    r"meter|liter|havo|vwo|mavo|vmbo|mbo|hbo|personen|mensen|man\b|stuks|plus|januari|februari|maart|"
    r"april|mei\b|juni|juli|augustus|september|oktober|november|december|jan\b|feb\b|mrt|apr|jun\b|jul\b|aug\b|sep|"
    r"okt|nov|dec|years|months|weeks|days|hours|"
    r"people|percent|times))"
)
_PERSON_OF: Final = re.compile(
    rf"(?<![\w-])(?:[^\W\d_]{{2,20}}-)?([^\W\d_]{{3,24}}) (?:van|of|aged) (?:bijna |net |al |rond de |circa |± ?)?{_N}"
    + _UNITS,
    re.IGNORECASE,
)
_PEOPLE: Final = (
    "ster", "aar", "ares", "ling", "ist", "iste", "ant", "ante", "ent", "ente", "eur", "euse", "oor", "kracht",
    "kundige", "genoot", "genote", "vrouw", "man", "meisje", "jongen", "kind", "baby", "peuter", "kleuter", "puber",
    "tiener", "tante", "oom", "klant", "gast", "vriend", "vriendin", "moeder", "vader", "zoon", "dochter",
    "bewoner", "vrijwilliger", "huurder", "werker", "gebruiker", "chauffeur", "helper", "verzorger", "drager",
    "rijder", "speler", "verkoper", "melder", "beller", "bezoeker", "medewerker", "werknemer", "vluchteling",
    "weduwe", "weduwnaar", "tweeling", "kindje", "toddler", "widow", "resident", "client", "customer", "girl",
    "boy", "woman", "lady", "gentleman", "stuk",
)  # fmt: skip
"""What words for one person end in, beside the roles of the lexicon."""
_CHILD: Final = (
    r"(?:baby(?:'tje|tje)?|zuigeling|kindje|kind|kleintje|zoontje|zoon|dochtertje|dochter|meisje|jongetje|peuter|"
    r"dreumes|broertje|zusje|neefje|nichtje|kleinkind|toddler|infant|child|son|daughter|bébé|enfant|tweeling)"
)
_MONTHS: Final = (
    r"(?:maanden|maand|mnd|weken|wkn|months?|weeks?|mos|Monate|mois|miesięcy|aylık|meses)"
    r"(?:[ -](?:oude?|old|alt))?(?!\w)"
)
_SMALL_WORDS: Final = (
    r"(?:\d{1,2}|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|"
    r"zeventien|achttien|three|four|five|six|seven|eight|nine|ten|eleven|two)"
)
_IN_MONTHS: Final = re.compile(
    rf"\b{_CHILD},? (?:van |of |is |\(|aged |de )?(?:nu |pas |net |nog geen |ruim |only |just )?"
    rf"({_SMALL_WORDS}[ -]{_MONTHS})|(?<!\w)({_SMALL_WORDS}[ -]?(?:maanden|mnd|weken|wkn|months?|weeks?)"
    rf"[ -](?:oude?|old))(?!\w)",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    rf"(?<!\ber )\b(?:zijn(?: nu| al)?|are|sind|(?:groot)?ouders|kinderen|kids|kindjes|children|zoons|zonen|"
    rf"dochters|jongens|meisjes|tweeling|kleinkinderen|meiden|zusjes|broertjes|sons|daughters|girls|boys)"
    rf"(?: van| aged| of|:|,)? ?\(?"
    rf"{_N}(?:, {_N})?(?:, {_N})? ?(?:,|en|and|und|&|/) ?{_N}{_UNITS}",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(
    r"(?:(?<=[(\s])|^)(?:[mvfxMVFX]|vr|mnr|man|vrouw) ?/ ?([1-9]\d)(?![\w/:-]|[.,]\d)"
    r"|(?<![\w/.,:-])([1-9]\d) ?/ ?[mvfxMVFX](?![\w/])"
    r"|(?:\b(?:I'm|I am|im|ik ben|ben) |\(|\b(?:man|vrouw|meisje|jongen|male|female),? )(?:[mvfxMVFX] ?)?([1-9]\d) ?"
    r"[mvfxMVFX](?![\w/])|\b(?:man|vrouw|meisje|jongen|male|female),? [mvfxMVFX]([1-9]\d)(?![\w/])",
    re.IGNORECASE,
)
_THEN: Final = re.compile(
    rf"\b(?:toen|als|sinds|when|since|nu) "
    rf"(?:ik|je|jij|hij|zij|ze|u|we|I|he|she|you|(?:mijn|m'n|onze|haar|zijn) \w{{3,15}}) "
    rf"(?:(?:nog|pas|net|was|am|is|were|maar|al|just|only) ){{0,2}}{_N}(?= (?:was|werd|word|wordt|ben|bent|is|waren)\b|"
    rf"[.,;!?)])(?![.,]\d)",
    re.IGNORECASE,
)
_REACHED: Final = re.compile(r"([1-9](?<![\w.,/-][1-9])\d?) (?:geworden|lentes|winters|levensjaren)\b", re.IGNORECASE)
_BECAME: Final = re.compile(
    rf"\b(?:ben|is|word|wordt|werd) (?:er|d'r) {_N}{_UNITS}|\b(?:allebei|beiden|beide|alle twee) {_N}{_UNITS}"
    rf"|\b(?:hij's|zij's|ze's|zei ik ben) {_N}{_UNITS}"
    rf"|\b(?:als|een|deze|die|ben) ([1-9]\d)-?'?er(?!\w)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"\b(?:leeftijd|lft|age|alter|âge|wiek|edad|yaş|ouderdom)\.?(?: (?:beller|melder|cliënt|client|kind|ong\.?|"
    r"ongeveer|circa|ca\.?|van|is|of|bij benadering|betrokkene|leerling|huurder)){0,3}[ :=~±]{1,4}([1-9]\d?)" + _UNITS,
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(
    rf"\((?:bijna|net|pas|nu|toen|ca\.?|circa|ongeveer|±|~|almost|only|just|[mvfx][ ,/]) ?{_N}"
    rf"(?: en een half)?(?=[,;/ )])|\({_N} en een half\)|\((\d{{1,2}} ?(?:mnd|maanden|months|mos|weken|wkn))[,;)]",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(r"([1-9](?<=[,/;|•*>-] [1-9])\d(?<!1[01]))(?=\s?[,/;|.)\n]| en | maar |$)(?![.,/]\d)")
_ABOUT: Final = re.compile(
    r"\b(?:jongen|man|vrouw|meisje|dame|heer|kind|vent|jongens|meid),? (?:van )?(?:± ?|ca\.? |circa |ong\.? |ongeveer )"
    r"([1-9]\d)" + _UNITS,
    re.IGNORECASE,
)
_FIGURES: Final[tuple[tuple[frozenset[str], re.Pattern[str]], ...]] = (
    (
        frozenset(
            "zijn are sind ouders grootouders kinderen kids kindjes children zoons zonen dochters jongens meisjes "
            "tweeling kleinkinderen meiden zusjes broertjes sons daughters girls boys".split()
        ),
        _PAIR,
    ),
    (frozenset("toen als sinds when since nu".split()), _THEN),
    (
        frozenset("ben is word wordt werd allebei beiden beide alle hij's zij's ze's zei als een deze die".split()),
        _BECAME,
    ),
    (frozenset("leeftijd lft age alter âge wiek edad yaş ouderdom".split()), _LABELLED),
    (frozenset("man vrouw jongen meisje dame heer kind vent jongens meid".split()), _ABOUT),
)
"""Words that open a pattern of ages in figures, with the pattern."""
_OF: Final = frozenset("van of aged".split())
_SPELT: Final = re.compile(
    r"\b(?:(?:zoon|dochter|zoontje|dochtertje|kind|kindje|meisje|jongen|jongetje|broertje|zusje|peuter|kleuter|man|"
    r"vrouw)"
    r" van|(?:word|wordt|werd)(?: (?:volgende? (?:maand|week|jaar)|binnenkort|straks|morgen|in [a-z]{3,9}|d'r|er))?|"
    r"(?:ben|is) (?:er|d'r)|leeftijd van) ([a-zéë]{3,18})(?!\w)|(?<!\w)([a-zéë]{3,18}) geworden\b",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"\b(?:am|I'm|is|he's|she's|was|turned|turning|aged) (?:only |just |already |now )?"
    r"((twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|eleven|twelve)(?= (?:and|but|so|or|years?)\b|[.,;!?)]|$)",
    re.IGNORECASE,
)
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "zwanzig": 20, "drei": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "dwadz": 20,
    "trzydz": 30, "czterdz": 40, "pięćdz": 50, "sześćdz": 60, "siedemdz": 70, "osiemdz": 80, "yirmi": 20,
    "otuz": 30, "kırk": 40, "elli": 50, "altmış": 60, "yetmiş": 70, "seksen": 80, "doksan": 90,
}  # fmt: skip
_FOREIGN: Final = re.compile(
    r"(?<!\w)(?:((?:[a-zäöü]{0,8}und)?(?:zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)|"
    r"[a-z]{3,6}zehn) (?:Jahren?(?: alt)?|jährige?[rsn]?)|((?:quatre-)?(?:vingts?|trente|quarante|cinquante|soixante|"
    r"dix|onze|douze|treize|quatorze|quinze|seize)(?:[ -](?:et )?[a-z]{2,6}){0,2}) ans|((?:dwadzieścia|trzydzieści|"
    r"czterdzieści|pięćdziesiąt|sześćdziesiąt|siedemdziesiąt|osiemdziesiąt)(?: [^\W\d_]{3,9})?|[^\W\d_]{3,9}naście) lat"
    r"|((?:on|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan)(?: ?(?:bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz))?) "
    r"yaş[^\W\d_]{0,9})(?!\w)",
    re.IGNORECASE,
)
_SPELT_OPENERS: Final = NUMBER_WORDS | frozenset(
    "zoon dochter zoontje dochtertje kind kindje meisje jongen jongetje broertje zusje peuter kleuter man vrouw word "
    "wordt werd ben is leeftijd".split()
)
_YEARS: Final = frozenset({"jahr", "jahre", "jahren", "ans", "lat"})
_MONTH_WORDS: Final = frozenset(
    "maanden maand mnd weken wkn month months week weeks mos monate mois miesięcy aylık meses".split()
)
_SEXES: Final = frozenset("m v f x vr mnr".split())
_NUMBERS: Final = NUMBER_WORDS - {"een", "één"}
_ADULT: Final = 12


def mark_told_ages(reading: Reading) -> None:
    """Mark the ages that are left once those with their own unit or sign are marked."""
    text = seen(reading)
    if reading.any_of(_MONTH_WORDS):
        for match in _IN_MONTHS.finditer(text):
            reading.claim(*match.span(match.lastindex or 0), "AGE", band(0))
    if reading.figured():
        _mark_figures(reading, text)
    _mark_spelt(reading)


def _mark_figures(reading: Reading, text: str) -> None:
    """Mark ages in figures."""
    for words, pattern in _FIGURES:
        for match in matches_at(reading, pattern, words, text):
            _claim_groups(reading, match)
    for index in reading.indexes(_OF):
        _mark_person_of(reading, index - 1, text)
    for match in _REACHED.finditer(text):
        _claim_groups(reading, match)
    _mark_signed(reading, text)
    _mark_segments(reading, text)


def _mark_signed(reading: Reading, text: str) -> None:
    """Mark ages beside a sex, or in brackets."""
    if reading.any_of(_SEXES) or any(_with_sex(reading.words[index]) for index in reading.numbered):
        for match in _LETTER.finditer(text):
            _claim_groups(reading, match)
    if "(" in text:
        for match in _BRACKETED.finditer(text):
            _claim_groups(reading, match)


def _mark_person_of(reading: Reading, index: int, text: str) -> None:
    """Mark the age of `een bewoonster van 88`, by the word before `van`."""
    if index > 0 and reading.gap(index) == "-":
        index -= 1
    match = _PERSON_OF.match(text, reading.starts[index]) if index >= 0 else None
    if match is not None:
        _claim_person(reading, match)


def _with_sex(word: str) -> bool:
    """Whether a word is a sex with a number: `v58`, `34f`."""
    return len(word) == 3 and word.strip("mvfx").isdigit()


def _claim_groups(reading: Reading, match: re.Match[str]) -> None:
    """Claim each number of a match as an age, but for one after which something is counted."""
    if match.re is _PAIR and _counts(reading, match.end()):
        return
    for group in range(1, (match.re.groups or 0) + 1):
        if match[group]:
            figures = re.match(r"\d+", match[group])
            months = figures is not None and figures.group() != match[group]
            reading.claim(*match.span(group), "AGE", band(0 if months or figures is None else int(match[group])))


def is_person(reading: Reading, index: int) -> bool:
    """Whether a word says who somebody is: a role, or a word that ends like one (`bewoonster`)."""
    word, flag = reading.words[index], reading.flags[index]
    return bool(flag & lex.ROLE) or (word.endswith(_PEOPLE) and not flag & (lex.HEAD | lex.FUNCTION))


def _counts(reading: Reading, end: int) -> bool:
    """Whether what comes right after a number is what it counts: `12 panden`, not `81 werd`."""
    after = reading.word_at(end)
    if after >= len(reading.words) or reading.starts[after] != end + 1:
        return False
    small = reading.flags[after] & (lex.FUNCTION | lex.VERB | lex.SLOT)
    return not small and reading.words[after].endswith(("en", "s", "a", "kilo", "man", "ton"))


def _claim_person(reading: Reading, match: re.Match[str]) -> None:
    """Claim `een bewoonster van 88 viel`: a person's word with a number after which nothing is counted."""
    age, person = int(match[2]), reading.word_at(match.start(1))
    young = age >= _ADULT or reading.words[person].endswith(("ling", *_CHILDREN))
    if young and not _counts(reading, match.end()) and is_person(reading, person):
        reading.claim(*match.span(2), "AGE", band(age))


_CHILDREN: Final = ("kind", "kindje", "baby", "peuter", "kleuter", "meisje", "jongen", "zoon", "dochter", "toddler")


def _mark_segments(reading: Reading, text: str) -> None:
    """Mark a number alone between signs beside who or what somebody is: `slechtziend / 77`, `77, blind`."""
    for match in _SEGMENT.finditer(text):
        at = reading.word_at(match.start(1))
        before, after = at - 1, at + 1
        told = _tells(reading, before) and match.start() - reading.ends[before] <= _NEAR
        goes_on = after < len(reading.words) and reading.starts[after] - match.end() <= _NEAR
        if told or (goes_on and "\n" not in reading.gap(after) and _tells(reading, after)):
            reading.claim(*match.span(1), "AGE", band(int(match[1])))


_NEAR: Final = 3


def _tells(reading: Reading, index: int) -> bool:
    """Whether a word says who somebody is: a ground, or a word for a person."""
    if index < 0:
        return False
    return reading.kept[index] == 1 or bool(reading.flags[index] & (lex.ROLE | lex.TITLE))


def _mark_spelt(reading: Reading) -> None:
    """Mark ages in the words of Dutch and of the other languages of reports."""
    for match in matches_at(reading, _SPELT, _SPELT_OPENERS) if reading.any_of(_NUMBERS) else ():
        age = spelt(match[1] or match[2])
        if age and (match[1] or match[2]).lower() not in {"een", "één"}:
            reading.claim(*match.span(1 if match[1] else 2), "AGE", band(age))
    if reading.language == "en":
        for match in _ENGLISH.finditer(reading.text):
            reading.claim(*match.span(1), "AGE", band(_foreign(match[1])))
    if reading.any_of(_YEARS) or "yaş" in reading.low or "jährig" in reading.low:
        for match in _FOREIGN.finditer(reading.text):
            if not is_tenure(reading.text, *match.span()):
                reading.claim(*match.span(), "AGE", band(_foreign(match.group())))


def _foreign(words: str) -> int:
    """The tens of an age in the words of another language; ten when there are none."""
    lowered = words.lower()
    return next((value for start, value in _TENS.items() if start in lowered), 10)
