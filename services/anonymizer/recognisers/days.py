# SPDX-License-Identifier: EUPL-1.2
"""Marks exact days in less usual forms: archaic, spoken, without a year, by the week, in Turkish order."""

import re
from typing import Final

from services.anonymizer.reading import Reading, matches_at_figures

_MONTHS: Final = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|febr?|mrt|"
    r"apr|jun|jul|"
    r"aug|sept?|okt|nov|dec)"
)
_WEEKDAY: Final = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)(?:dag)?(?:avond|middag|ochtend|morgen|nacht)|"
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo)\.?"
)
_ROMAN: Final = re.compile(
    r"(?:(?<=[.:;,(\n|\-/] )|(?<=\n)|^|(?<=\bop )|(?<=\bdd )|(?<=\bdatum )|(?<=\bvan )|(?<=\bwas ))"
    r"(?:0?[1-9]|[12]\d|3[01])[-/.](?:VIII|VII|VI|IV|IX|XII|XI|III|II)(?![\w/-])"
)
_END_OF: Final = re.compile(rf"\b(?:ultimo|ult\.|primo) (?:{_MONTHS} )?(?:19|20)\d\d(?!\d)", re.IGNORECASE)
_BARE_FIGURES: Final = re.compile(
    r"(?:(?<=\bsinds )|(?<=\bop )|(?<=\bsedert )|(?<=\bvanaf )|(?<=\bdatum )|(?<=\bdd )|(?<=\bsince )|(?<=\bon )|"
    r"(?<=\bwas )|(?<=\bgeboren ))(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) \d\d(?![\w]|[.,:]\d| \d)"
)
_BEFORE_TIME: Final = re.compile(
    r"(?<![\w.,/:-])(?:0?[1-9]|[12]\d|3[01])[/-](?:0?[1-9]|1[0-2])(?= (?:om )?\d{1,2}(?:[u.:h]\d\d|u\b))"
)
_OF_THE_MONTH: Final = re.compile(
    rf"\b{_WEEKDAY},? (?:de |den )?\d{{1,2}}(?:ste|de|e)(?: (?:v\.?d\.?|van de) \d{{1,2}}(?:de|e)(?: "
    rf"'?\d\d(?:\d\d)?)?)?"
    r"(?![\w/]| (?:klas|keer|verdieping|etage|eeuw|helft|set|ronde|wedstrijd|plaats|week|rang))",
    re.IGNORECASE,
)
_NTH_WEEKDAY: Final = re.compile(
    r"\b(?:de |the )?(?:eerste|tweede|derde|vierde|laatste|1e|2e|3e|4e|first|second|third|last) "
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day) "
    rf"(?:van|in|of) (?:{_MONTHS}|january|february|march|may|june|july|august|october)\b(?: (?:19|20)\d\d)?"
    r"(?:, de \d{1,2}(?:ste|de|e))?",
    re.IGNORECASE,
)
_NTH_ENGLISH: Final = re.compile(
    r"\bthe \d{1,2}(?:st|nd|rd|th),? (?:a |on a )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE
)
_ORDINALS: Final = (
    r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|(?:der|veer|vijf|zes|"
    r"zeven|acht|negen)tiende|(?:[a-z]{3,5}(?:en|ën))?twintigste|(?:eenen)?dertigste)"
)
_NTH_OF_NTH: Final = re.compile(
    rf"\b{_ORDINALS} van de {_ORDINALS}\b(?:,? (?:19|20)\d\d| [a-zë]{{4,18}}tig)?(?! (?:plaats|keer|ronde|rij|klas))",
    re.IGNORECASE,
)
_FEAST: Final = re.compile(
    r"\b(?:(?:paas|pinkster)(?:zaterdag|nacht|avond)|kerst(?:avond|nacht)|goede vrijdag|oudejaars(?:avond|dag|nacht)|"
    r"oudjaarsdag|nieuwjaarsdag)\b(?: (?:19|20)\d\d)?",
    re.IGNORECASE,
)
_TURKISH: Final = re.compile(
    r"\b(?:ocağ|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralığ|subat|mayis|agustos|eylul|kasim)"
    r"'?(?:ın|in|un|ün) [0-3]?\d(?!\d)(?:'?[a-zçğıöşü]{1,4})?(?!\w)",
    re.IGNORECASE,
)
_UNITS: Final = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_SMALL: Final = rf"{_UNITS}|tien|elf|twaalf"
_DAYS: Final = (
    rf"(?:(?:{_UNITS})(?:en|ën)twintig|eenendertig|dertig|twintig|dertien|veertien|vijftien|zestien|zeventien|achttien|"
    rf"negentien|{_SMALL})"
)
_YEARS: Final = (
    rf"(?:(?:tweeduizend ?(?:en ?)?|twintig ?)?(?:(?:{_UNITS})(?:en|ën)twintig)|twintig ?twintig|"
    r"negentien ?(?:honderd ?)?[a-zë]{4,16}tig|(?:19|20)\d\d)"
)
_IN_WORDS: Final = re.compile(
    rf"(?<!\w)(?<!nul )(?<!zes ){_DAYS} (?:{_SMALL}) {_YEARS}(?!\w| (?:nul|{_SMALL})\b)", re.IGNORECASE
)
_ROMAN_WORDS: Final = frozenset("ii iii iv vi vii viii ix xi xii".split())
_GATES: Final[tuple[tuple[frozenset[str], str, re.Pattern[str]], ...]] = (
    (frozenset({"ultimo", "ult", "primo"}), "", _END_OF),
    (frozenset("monday tuesday wednesday thursday friday saturday sunday".split()), "the ", _NTH_ENGLISH),
    (
        frozenset("eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde".split()),
        " van de ",
        _NTH_OF_NTH,
    ),
    (
        frozenset("eerste tweede derde vierde laatste 1e 2e 3e 4e first second third last".split()),
        "da",
        _NTH_WEEKDAY,
    ),
    (
        frozenset(
            "paaszaterdag pinksterzaterdag paasnacht paasavond pinksternacht pinksteravond kerstavond kerstnacht goede "
            "oudejaarsavond oudejaarsdag oudejaarsnacht oudjaarsdag nieuwjaarsdag".split()
        ),
        "",
        _FEAST,
    ),
)
"""Words of which one must be there, and what the text must hold, before a pattern is tried."""
_YEAR_WORDS: Final = ("twintig", "tweeduizend", "negentien")


def mark_days(reading: Reading) -> None:
    """Mark the less usual forms of an exact day."""
    low = reading.low
    for gate, hint, pattern in _GATES:
        if hint in low and reading.any_of(gate):
            reading.claim_each(pattern.finditer(reading.text), "DATE")
    if any(map(low.__contains__, _YEAR_WORDS)):
        reading.claim_each(_IN_WORDS.finditer(reading.text), "DATE")
    if reading.figured():
        _mark_figures(reading)


def _mark_figures(reading: Reading) -> None:
    """Mark days with a figure."""
    if reading.any_of(_ROMAN_WORDS):
        reading.claim_each(matches_at_figures(reading, _ROMAN), "DATE")
    reading.claim_each(matches_at_figures(reading, _BARE_FIGURES), "DATE")
    if "/" in reading.text:
        reading.claim_each(matches_at_figures(reading, _BEFORE_TIME), "DATE")
    if any(reading.words[index][-1] == "e" for index in reading.numbered):
        reading.claim_each(_OF_THE_MONTH.finditer(reading.text), "DATE")
    if reading.language == "tr":
        reading.claim_each(_TURKISH.finditer(reading.text), "DATE")
