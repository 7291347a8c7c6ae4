# SPDX-License-Identifier: EUPL-1.2
"""Marks exact days told in part: glued to their month, by the month that is running, a span of days, by a weekday."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at, matches_at_figures
from services.anonymizer.recognisers.dates import MONTHS

_MONTHS: Final = frozenset(MONTHS)
_GLUED: Final = re.compile(r"([0-3]?\d)(?:e|de|ste)?([^\W\d_]{3,9})(\d\d|(?:19|20)\d\d)?(?!\w)")
_CUES: Final = frozenset(
    "op dd datum sinds vanaf van tussen tot rond voor na d periode dag maandag dinsdag woensdag donderdag vrijdag "
    "zaterdag "
    "zondag ma di wo do vr za zo on since from am vom le du".split()
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_FROM_TO: Final = re.compile(
    rf"{_DAY} ?[-/.] ?{_MONTH} ?(?:tot en met|tot|t/m|tm|en|and|to|bis|–|à|au) (?:met )?{_DAY} ?[-/.] ?{_MONTH}"
    r"(?:[-/. ](?:19|20)?\d\d)?(?![\w]|[-/.:,]\d)",
)
"""`van 3-3 tot 5-3`."""
_APART: Final = re.compile(
    rf"{_DAY}(?: [-/.] ?|[-/.] ){_MONTH}(?!\w| ?[-/.:,] ?\d| ?(?:voor|gewonnen|verloren|uur|"
    rf"euro|keer))"
)
"""`op 14 / 3`, with blanks around its sign."""
_RUNNING: Final = re.compile(
    r"[0-3]?\d(?: ?(?:e|de|ste))?,? (?:jl|dezer|d\.z|jongstleden|a\.s|aanstaande|van (?:deze|vorige|de vorige|"
    r"afgelopen|"
    r"volgende|de volgende|dezelfde|die) maand|vorige maand|deze maand)(?!\w)\.?",
    re.IGNORECASE,
)
_NTH: Final = re.compile(r"[0-3]?\d ?(?:e|de|ste)(?=[.,;!?)\n]|$| jl| dezer)", re.IGNORECASE)
_NTH_CUES: Final = ("op de", "sinds de", "vanaf de", "rond de", "voor de", "na de", "tot de", "op den")
_WEEKDAY_BACK: Final = 16
_WEEKDAYS: Final = frozenset(
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag maandagavond dinsdagavond woensdagavond donderdagavond "
    "vrijdagavond zaterdagavond zondagavond maandagmiddag dinsdagmiddag woensdagmiddag donderdagmiddag vrijdagmiddag "
    "zaterdagmiddag zondagmiddag maandagochtend dinsdagochtend woensdagochtend donderdagochtend vrijdagochtend "
    "zaterdagochtend zondagochtend monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag".split()
)
_ON_WEEKDAY: Final = re.compile(
    r"[a-z]{6,18},? (?:den )?[0-3]?\d(?=[.,;!?)\n](?!\d)|$| (?:om|was|is|kwam|stond|werd|heb|ben|had|en|maar|toen|"
    r"hebben|rond|tegen|bij|at|was)\b(?! \d{1,2}[-/]\d))",
    re.IGNORECASE,
)
_SHORT_WEEKDAYS: Final = frozenset("ma di wo do vr za zo".split())
_ON_SHORT: Final = re.compile(r"(?:ma|di|wo|do|vr|za|zo)\.? [0-3]?\d(?= (?:om|rond|tegen) \d| jl)", re.IGNORECASE)
_ON_GLUED: Final = re.compile(rf"(?:ma|di|wo|do|vr|za|zo){_DAY}[-/]{_MONTH}(?!\w|[-/.:,]\d)", re.IGNORECASE)
_ORDINALS: Final = frozenset(
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
    "vijftiende "
    "zestiende zeventiende achttiende negentiende twintigste eenentwintigste tweeëntwintigste drieëntwintigste "
    "vierentwintigste vijfentwintigste zesentwintigste zevenentwintigste achtentwintigste negenentwintigste dertigste "
    "eenendertigste".split()
)
_SMALL: Final = "een twee drie vier vijf zes zeven acht negen tien elf twaalf".split()
_NUMBERS: Final = {word: number for number, word in enumerate(_SMALL, 1)} | {
    "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
    "twintig": 20, "eenentwintig": 21, "tweeëntwintig": 22, "drieëntwintig": 23, "vierentwintig": 24,
    "vijfentwintig": 25, "zesentwintig": 26, "zevenentwintig": 27, "achtentwintig": 28, "negenentwintig": 29,
    "dertig": 30, "eenendertig": 31,
}  # fmt: skip
_NUMBER_WORDS: Final = frozenset(_NUMBERS)
_BIRTH_CUES: Final = frozenset("van op geboren geb is geboortedatum".split())
_YEAR_ENDS: Final = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_DAY_CUES: Final = frozenset("op dd datum sinds vanaf den".split())
_ORDERED: Final = frozenset(
    "keer maal ronde verdieping klas rij helft bus dag week plaats wedstrijd man vrouw set".split()
)
"""What may come first, second or third on a weekday."""


def mark_told_days(reading: Reading) -> None:
    """Mark the days that are told in part."""
    _mark_ordinal_weekdays(reading)
    if reading.any_of(_NUMBER_WORDS):
        _mark_two_words(reading)
    if not reading.figured():
        return
    _mark_glued(reading)
    _mark_bare(reading)
    reading.claim_each(matches_at_figures(reading, _RUNNING), "DATE")
    for match in matches_at_figures(reading, _NTH):
        before = reading.low[max(0, match.start() - _WEEKDAY_BACK) : match.start()]
        if reading.low.endswith(_NTH_CUES, 0, max(0, match.start() - 1)) or (
            "dag" in before and before.endswith("de ")
        ):
            reading.claim(*match.span(), "DATE")
    for words, pattern in ((_WEEKDAYS, _ON_WEEKDAY), (_SHORT_WEEKDAYS, _ON_SHORT)):
        reading.claim_each(matches_at(reading, pattern, words), "DATE")


def mark_spans_of_days(reading: Reading) -> None:
    """Mark `van 3-3 tot 5-3` and `op 14 / 3`, before their parts are taken for other days."""
    if not reading.figured():
        return
    for pattern in (_FROM_TO, _APART):
        for match in matches_at_figures(reading, pattern):
            if _announced(reading, reading.word_at(match.start()), paired=pattern is _FROM_TO):
                reading.claim(*match.span(), "DATE")


def _mark_bare(reading: Reading) -> None:
    """Mark `op 23 10 om kwart over acht`, `datum voorval 02.11`, and after a word of birth `3 van de 4`."""
    for match in matches_at_figures(reading, _DOTTED) if reading.any_of(_DATED) else ():
        index = reading.word_at(match.start())
        if not _DATED.isdisjoint(reading.words[max(0, index - 2) : index]):
            reading.claim(*match.span(), "DATE")
    for match in matches_at_figures(reading, _BARE):
        if reading.words[reading.word_at(match.start()) - 1 : reading.word_at(match.start())] in (
            ["op"],
            ["dd"],
            ["datum"],
        ):
            reading.claim(*match.span(), "DATE")
    if reading.any_of(_BIRTHS):
        for match in matches_at_figures(reading, _OF_MONTH):
            index = reading.word_at(match.start())
            if not _BIRTHS.isdisjoint(reading.words[max(0, index - 3) : index]):
                reading.claim(*match.span(), "DATE_OF_BIRTH")


_BARE: Final = re.compile(rf"{_DAY} {_MONTH}(?= (?:om|rond|tegen|was|werd|is|kwam|stond|heb|ben)\b|[.;!)\n]|$)(?!\.\d)")
_OF_MONTH: Final = re.compile(
    rf"{_DAY}(?:e|de|ste)? (?:du|van de|v\.?d\.?|of the|de|v) {_MONTH}(?:e|de)?(?: (?:19|20)?\d\d)?(?!\w)",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(rf"{_DAY}[./-]{_MONTH}(?!\w|[-/.:,]\d| ?(?:uur|u\b|euro))")
_DATED: Final = frozenset("datum dd incidentdatum voorvaldatum date fecha tarih datę".split())
_BIRTHS: Final = frozenset("geboren geb né née born ur urodzony urodzona".split())


def _mark_glued(reading: Reading) -> None:
    """Mark `14maart`, `14mrt25`, `di4/3`."""
    for index in reading.figured():
        word = reading.words[index]
        match = _GLUED.fullmatch(word)
        if match is not None and match[2] in _MONTHS and 1 <= int(match[1]) <= 31:
            reading.claim_words(index, index, "DATE", match[2])
        elif word[:2] in _SHORT_WEEKDAYS:
            weekday = _ON_GLUED.match(reading.text, reading.starts[index])
            if weekday is not None:
                reading.claim(*weekday.span(), "DATE")


def _announced(reading: Reading, index: int, *, paired: bool) -> bool:
    """Whether a word for a day or a time stands before word `index`; before two days a colon will do."""
    before = reading.words[index - 1] if index else ""
    colon = reading.gap(index).strip() in {":", "("}
    return before in _CUES or (paired and (colon or index == 0))


def _mark_ordinal_weekdays(reading: Reading) -> None:
    """Mark `vrijdag de dertiende`, and `de drieëntwintigste` of this or the last month."""
    for index in reading.indexes(_ORDINALS):
        if index < 1 or reading.words[index - 1] not in {"de", "den"} or reading.taken[index]:
            continue
        after = index + 1
        loose = after >= len(reading.words) or reading.gap(after) != " "
        follows = loose or bool(reading.flags[after] & (lex.FUNCTION | lex.VERB | lex.SLOT))
        if (
            index > 1
            and reading.words[index - 2] in _WEEKDAYS
            and follows
            and (loose or reading.words[after] not in _ORDERED)
        ):
            reading.claim_words(index - 2, index, "DATE")
        elif reading.words[index + 1 : index + 4] in _THIS_MONTH or (follows and _late_in_month(reading, index)):
            reading.claim_words(index, index, "DATE")


def _late_in_month(reading: Reading, index: int) -> bool:
    """Whether `op de veertiende` or `was de twintigste` is a day: the thirteenth or later, and nothing after it."""
    late = reading.words[index].endswith(("tiende", "tigste")) and reading.words[index] != "tiende"
    if not late or index < 2:
        return False
    after = reading.words[index + 1] if index + 1 < len(reading.words) and reading.gap(index + 1) == " " else "toen"
    before = reading.words[index - 2]
    return before in {"op", "sinds", "vanaf", "tot"} or (
        before in {"was", "is"} and after in {"toen", "en", "om", "maar"}
    )


_THIS_MONTH: Final = tuple(["van", which, "maand"] for which in ("deze", "vorige", "die", "dezelfde", "volgende"))


def _mark_two_words(reading: Reading) -> None:
    """Mark `op elf elf`, `van drie negen`: a day and a month in words, where nothing is counted or goes on."""
    for index in reading.indexes(_NUMBER_WORDS):
        month = index + 1
        if month >= len(reading.words) or reading.taken[index] or reading.gap(month) not in {" ", "-"}:
            continue
        day, number = _NUMBERS[reading.words[index]], _NUMBERS.get(reading.words[month], 99)
        if number > 12 or number == day + 1:
            continue
        after = reading.words[month + 1] if month + 1 < len(reading.words) else ""
        before = reading.words[index - 1] if index else ""
        alone = (
            len(before) > 1 and before not in _NUMBERS and not reading.flags[index - 1] & lex.NUMBER if index else False
        )
        year = month + 1
        dated = year < len(reading.words) and reading.words[year].endswith(_YEAR_ENDS) and reading.gap(year) == " "
        if dated and before in _BIRTH_CUES:
            reading.claim_words(index, year, "DATE_OF_BIRTH")
            continue
        ended = (
            month + 1 >= len(reading.words)
            or reading.gap(month + 1) != " "
            or bool(reading.flags[month + 1] & (lex.FUNCTION | lex.VERB))
        )
        told = before in _DAY_CUES or (reading.lower_mode and number == day)
        if alone and ended and told and after not in _NUMBERS:
            reading.claim_words(index, month, "DATE")
