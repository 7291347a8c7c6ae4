# SPDX-License-Identifier: EUPL-1.2
"""Marks exact days, in figures and in words. The month and the year may stay; a birthday leaves nothing."""

import re
from typing import Final

from services.anonymizer.reading import Reading, matches_from

_UNITS: Final = "een één eén twee drie vier vijf zes zeven acht negen".split()
_TEENS: Final = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
_ORDINALS: Final = (
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende "
    "veertiende vijftiende zestiende zeventiende "
    "achttiende negentiende twintigste eenentwintigste tweeëntwintigste drieëntwintigste vierentwintigste "
    "vijfentwintigste zesentwintigste "
    "zevenentwintigste achtentwintigste negenentwintigste dertigste eenendertigste"
).split()
_DAY_WORDS: Final = frozenset(
    [*_UNITS, *_TEENS, *_ORDINALS, "twintig", "dertig", "eenendertig", "eenendertigste"]
    + [unit + joint + tens for unit in _UNITS for joint in ("en", "ën") for tens in ("twintig", "dertig")]
    + "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente zwölften "
    "vierten fünften sechsten siebten achten neunten zehnten elften zwanzigsten dreißigsten czwartego piątego szóstego "
    "siódmego ósmego dziewiątego dziesiątego jedenastego dwunastego trzynastego czternastego piętnastego szesnastego "
    "siedemnastego osiemnastego dziewiętnastego dwudziestego trzydziestego bir iki üç dört beş altı yedi sekiz dokuz "
    "yirmi otuz dos tres cuatro cinco seis siete ocho nueve diez kuater sinku shete ocho nuebe dies "
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
    "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig treize "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth thirtieth ersten zweiten dritten premier primero pierwszego drugiego trzeciego".split()
)
MONTHS: Final = (
    "januari februari maart april mei juni juli augustus september oktober november december jan feb febr mrt "
    "apr jun jul aug sep sept okt nov dec "
    "janu janurai januarie febuari febuarie feburari februarie aprl apirl augs augu agustes sepr septembr septemb "
    "sebtember "
    "okto ocktober oktobr otkober novem novmber decem decmber decembr "
    "january february march may june july august october oct januar februar märz maerz mai dezember dez "
    "janvier février fevrier mars avril juin juillet août aout septembre octobre "
    "novembre décembre decembre ocak şubat subat mart nisan mayıs mayis haziran temmuz ağustos agustos eylül "
    "eylul ekim kasım kasim aralık aralik "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września wrzesnia października pazdziernika "
    "listopada grudnia "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre yanüari yanuari "
    "febrüari aprel yüni yuni yüli yuli ougùstùs ougustus sèptèmber òktober "
    "novèmber desèmber gennaio febbraio maggio giugno luglio settembre ottobre dicembre січня лютого березня "
    "квітня травня червня липня серпня вересня жовтня листопада грудня "
    "січ лют бер квіт трав черв лип серп вер жовт лист груд "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря يناير فبراير مارس أبريل "
    "ابريل مايو يونيو يوليو أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر ديسمبر"
).split()
_MONTH_SET: Final = frozenset(MONTHS) | frozenset("rnei rnaart septernber novernber decernber rnars rnay".split())
"""Months by name, also as optical reading breaks their first letter."""
_WEEKDAY_BEFORE: Final = re.compile(
    r"(?<!\w)(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo|(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day)\.?,? {1,2}$",
    re.IGNORECASE,
)
_DAY_BEFORE: Final = re.compile(
    r"(?<![\w.,-])(?P<day>(?-i:[0-3OIlo]?[0-9OIl]))(?:den|sten|e|de|ste|st|nd|rd|th|\.|ero|ro|er|º|-го|"
    r"-е)?[\s\-/.]{1,3}"
    r"(?:of |di |de |d |d'|(?<=e )van )?$",
    re.IGNORECASE,
)
_YEAR_OF: Final = re.compile(
    r"\.?(?:[\s\-/.,]{0,3}(?:de |di |del )?(?P<year>(?-i:(?:[1lI]9|2[0O])[0-9OIl]{2})|'\d{2}|(?<=[ .\-/])\d{2}"
    r"(?![\w:.,]\d|\s?(?:uur|jaar|u\b|euro|mensen|keer|man))))?(?!\d)",
    re.IGNORECASE,
)
_DAY_AFTER: Final = re.compile(
    r"(?:\.?\s|[-/])(?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.]\d|\w|\s?(?:uur|jaar|keer|mensen|x\b))"
    r"(?:(?:,?\s{0,2}|[-/])(?P<year>(?:19|20)\d{2}|'\d\d)|(?<=-\d\d)-\d\d(?!\d))?",
    re.IGNORECASE,
)
_LONGEST_DAY: Final = 12
_TWO_DAYS: Final = re.compile(r"(?<![\w.,/:-])(?P<first>[0-3]?\d)(?:e|ste)? ?[-/–] ?(?P<day>[0-3]?\d)(?:e|ste)? $")
"""`3-5 maart`, `3/4 maart`."""
_JOINTS: Final = frozenset("van of de di del".split())
_ORDINAL_ENDS: Final = ("de", "ste", "st", "nd", "rd", "th")
_TENS_APART: Final = frozenset("twenty thirty vingt trente dwudziestego trzydziestego on yirmi otuz twintig".split())
_SPELT_YEAR: Final = re.compile(
    r" (?:[a-zëé]{3,5}(?:en|ën))?(?:dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)(?!\w)", re.IGNORECASE
)
_NUMBER_GOES_ON: Final = re.compile(
    r" (?:en dan |dan |en toen |en )?\d\d(?: (?:en dan |dan |en toen |en )?\d\d){1,3}(?![\w:/-]|[.,]\d)"
)
"""After `06-12` a telephone number, not a day."""
_YEAR_AFTER: Final = re.compile(
    r" (?:19|20)\d{2}(?!\d)| (?:negentien|tweeduizend)(?:honderd)?(?:en)?[a-zë]{3,18}(?<=tig)|"
    r"(?: (?:negentien|tweeduizend)(?:honderd)?)(?: ?en)?(?: [a-zë]{3,16})?",
    re.IGNORECASE,
)
_FIGURES: Final = re.compile(r"[\dOIlo] ?[-/. ] ?[\dOIlo]|\d{8}")
_NUMERIC: Final = re.compile(
    r"(?<![\w.\-/])(?P<day>[0-3OIlo]?[0-9OIlo])\s?(?P<sep>[-/.])\s?(?P<month>[01OIlo]?[0-9OIlo])\s?(?P=sep)\s?(?P<year>"
    r"(?:[1lI]9|[2Z][0Oo])[0-9OIloBSZ]{2}|'?[0-9]{2})(?![\w]|[-/.]\d)"
)
_AMERICAN: Final = re.compile(
    r"(?<![\w.\-/])(?P<month>[01]?\d)/(?P<day>[0-3]?\d)/(?P<year>(?:19|20)?\d{2})(?![\w/]|[-.]\d)"
)
_ISO: Final = re.compile(
    r"(?<![\w.\-/])(?P<year>(?:19|20)\d{2})(?P<sep>[-/. ])(?P<month>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)(?!(?!T\d\d:)\w|"
    r"-\d)"
)
_SPACED: Final = re.compile(
    r"(?<![\w.\-/])(?<!\d )(?P<day>[0-3]?\d)\s(?P<month>0?[1-9]|1[0-2])\s(?P<year>(?:19|20)\d{2})(?!\w|\s?\d)"
)
_COMPACT: Final = re.compile(
    r"\b(?:geb(?:oren|oortedatum)?|gebdat|gbd|dob|d\.o\.b|born)\b[\s.:]{0,4}(?:op |on |is "
    r")?(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(
    r"(?=[0-3]?\d[-/.])(?:(?<=\bop )|(?<=\bdd )|(?<=\bd\.d\. )|(?<=\bvanaf )|(?<=\bsinds )|(?<=\bdatum )|"
    r"(?<=datum: )|(?<=\bon )|(?<=\bam )|(?<=\ble )|(?<=dag )|(?<=\bma )|(?<=\bdi )|(?<=\bwo )|(?<=\bdo )|(?<=\bvr )"
    r"|(?<=\bza )|(?<=\bzo )|(?<=\[)|^|(?<=\n)|(?<=\bdnia "
    r"))(?P<day>[0-3]?\d)[-/.](?P<month>0?[1-9]|1[0-2])\.?(?![\w/]|[-.:,]\d|\s?(?:uur|jaar|jr|keer|%|euro|"
    r"gewonnen|verloren|voor|jarige|van de|deel))"
)
_ZERO_SHORT: Final = re.compile(
    r"(?<![\w.\-/:,])(?P<day>[0-3]\d)[-/](?P<month>0[1-9]|1[0-2])(?![\w/]|[-.:,]\d|\s?(?:uur|jaar|jr))"
)
_SLASHED: Final = re.compile(
    r"(?<![\w.\-/:,])(?!1/[2348]\b|2/3\b|3/4\b|24/7|9/11|50/50)(?P<day>[0-3]?\d)/(?P<month>0?[1-9]|"
    r"1[0-2])(?![\w/]|[-.:,]\d|\s?(?:uur|jaar|jr|deel|van de))"
)
_STREET_BEFORE: Final = re.compile(
    r"(?:str\.?|straat|laan|ln\.?|weg|wg\.?|plein|gracht|kade|singel|dreef|hof|pad|dijk) $", re.IGNORECASE
)
"""After a street figures with a slash are a house number."""
_ROMAN: Final = re.compile(
    r"(?<![\w.\-/])(?P<day>[0-3]?\d)\s?[-./ ]\s?(?P<month>XI{0,2}|I[XV]|V?I{1,3}|V|"
    r"(?:xi{1,2}|i[xv]|vi{1,3}|i{2,3})(?=\s?[-./]\s?))\s?[-./ ]\s?(?P<year>'?(?:19|20)?\d{2})(?!\w)"
)
_ROMANS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_WORDS: Final = frozenset(roman.lower() for roman in _ROMANS)
_POINTED: Final = re.compile(
    r"\b(?:op|am|vom|den|dd|bis|ab|mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|datum)\.?,? "
    r"(?P<day>[0-3]?\d)\.(?P<month>0?[1-9]|1[0-2])\.(?![\w/]|[-.:,]?\d)(?P<year>)",
    re.IGNORECASE,
)
_ORDINAL_MONTH: Final = re.compile(
    r"\b(\w{4,20}(?:de|ste)) (?:dag )?van de (?:\w{4,9}(?:de|ste)) maand\b(?: (?:19|20)\d\d)?", re.IGNORECASE
)
_FEAST: Final = re.compile(
    r"\b(?:(?:1e|2e|eerste|tweede) (?:paas|pinkster|kerst)dag|(?:paas|pinkster)maandag|hemelvaart(?:sdag)?"
    r"|(?:de )?dag voor kerst)(?: (?:19|20)\d\d| in \w{3,18}(?= |$))?",
    re.IGNORECASE,
)
"""Feasts that are one day of the year."""
_BIRTH: Final = re.compile(
    r"(?:\b(?:geb(?:\.|oren|oortedatum|dat|ortedag)?|geboortedag|gbd|verjaar\w{0,10}|jarig|dob|d\.o\.b\.?|born|"
    r"birth\w{0,4}|geburtsdatum|geburtstag|né|née|ne|naissance|doğum\w{0,8}|dogum\w{0,8}|ur|urodz\w{0,6}|"
    r"nac(?!ht)\w{0,7}|nasí|народ\w{0,10}|рожд\w{0,6})\b|مواليد|ميلاد|ولدت|[*†])[^\n]{0,14}$",
    re.IGNORECASE,
)
_BORN: Final = tuple("geb gbd jar dob d.o born birth né ne nai do doğ ur nac nas наро рожд مو مي ول * †".split())
"""A quick look that rules most dates out before the exact one."""
_BIRTH_LOOKBACK: Final = 34
_FIRST_OF_TWO: Final = re.compile(
    r"(?<![\w.,:/-])([0-3]?\d)(?:e|de|ste)? (?:op|en|tot|t/m|tot en met|of|and|to|bis|und|et|au|i|do) (?:de )?$"
)
"""The first of two days of one month: `van 20 op 21 maart`."""
_DAY_ENDS: Final = ("dag", "day", "ma", "di", "wo", "do", "vr", "za", "zo")
_PAIRING: Final = frozenset("op en tot t/m of and to bis und et au i do de".split())
_LONGEST_WEEKDAY: Final = 14
_FEAST_WORDS: Final = frozenset(
    "paasdag pinksterdag kerstdag paasmaandag pinkstermaandag hemelvaart hemelvaartsdag kerst".split()
)
_PATTERNS: Final[tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]] = (
    (".", frozenset("op am vom den dd bis ab mo di mi do fr sa so ma wo vr za zo datum".split()), _POINTED),
    ("", frozenset(), _ISO),
    ("", frozenset(), _NUMERIC),
    ("", frozenset(first + second for first in "oil" for second in ("", *"oil")), _NUMERIC),
    ("/", frozenset(), _AMERICAN),
    (" ", frozenset(), _SPACED),
    ("", frozenset("geb geboren geboortedatum gebdat gbd dob d born".split()), _COMPACT),
    ("", frozenset(), _SHORT),
    ("", frozenset(), _ZERO_SHORT),
    ("/", frozenset(), _SLASHED),
)
"""Patterns of days in figures with a sign each holds and the words it opens with; none: it opens with a figure."""


def mark_dates(reading: Reading) -> None:
    """Mark each exact day; `hint` holds its month and year as they were written."""
    _mark_days_in_words(reading)
    for index in reading.indexes(_months(reading)):
        _mark_named(reading, index)
    if not reading.figured():
        return
    if reading.any_of(_ROMAN_WORDS):
        _mark_roman(reading)
    if _FIGURES.search(reading.text):
        _mark_figures(reading)


def _mark_roman(reading: Reading) -> None:
    """Mark `17.X.2024`."""
    for match in _ROMAN.finditer(reading.text):
        if _possible(match["day"], "1"):
            _claim_day(reading, *match.span(), f"{_ROMANS.index(match['month'].upper()) + 1} {match['year']}")


def _mark_days_in_words(reading: Reading) -> None:
    """Mark feasts of one day, and `de achttiende van de vierde maand`."""
    if reading.any_of(_FEAST_WORDS):
        reading.claim_each(_FEAST.finditer(reading.text), "DATE")
    if "maand" in reading.present:
        for match in _ORDINAL_MONTH.finditer(reading.text):
            if match[1].lower() in _DAY_WORDS:
                reading.claim(*match.span(), "DATE")


def _mark_figures(reading: Reading) -> None:
    for sign, words, pattern in _PATTERNS:
        indexes = reading.indexes(words) if words else reading.figured()
        for match in matches_from(reading, pattern, indexes) if sign in reading.text else ():
            housed = pattern is _SLASHED and _STREET_BEFORE.search(
                reading.text, max(0, match.start() - 12), match.start()
            )
            housed = housed or _NUMBER_GOES_ON.match(reading.text, match.end())
            if not housed and _possible(match["day"], match["month"]):
                start = match.start("day" if pattern is _POINTED else 0)
                _claim_day(reading, start, match.end(), f"{match['month']} {match.groupdict().get('year') or ''}")


def _months(reading: Reading) -> frozenset[str]:
    """The words of the text that name a month, also with a suffix (`nisan'da`) or a figure for a letter (`apri1`)."""
    words = [reading.words[index] for index in reading.numbered] if reading.figures else []
    if "'" in reading.text:
        words.extend(word for word in reading.where if "'" in word)
    odd = [word for word in words if _month(word) in _MONTH_SET]
    return _MONTH_SET.union(odd) if odd else _MONTH_SET


def _month(word: str) -> str:
    """The month a word names, without its suffix and with the letters that scans take for figures."""
    stem = word.partition("'")[0].lower() if not word.isalpha() else word.lower()
    if stem.isalpha() or not stem[:1].isalpha():
        return stem
    read = stem.replace("0", "o")
    return next((month for month in (read.replace("1", "l"), read.replace("1", "i")) if month in _MONTH_SET), stem)


def _mark_named(reading: Reading, index: int) -> None:
    """Mark the day before or after the name of a month."""
    text, start, end = reading.text, reading.starts[index], reading.ends[index]
    month = _month(text[start:end])
    before = _DAY_BEFORE.search(text, max(0, start - _LONGEST_DAY), start)
    both = _TWO_DAYS.search(text, max(0, start - _LONGEST_DAY), start)
    if both is not None and _possible(both["first"], month) and _possible(both["day"], month):
        before = both
    year = _YEAR_OF.match(text, end)
    if before is not None and before["day"] != "I" and year is not None and _possible(before["day"], month):
        after_month = year.end() if year["year"] else end
        _claim_day(reading, before.start(), after_month, f"{month} {year['year'] or ''}")
        return
    after = _DAY_AFTER.match(text, end)
    if after is not None and _possible(after["day"], month):
        _claim_day(reading, start, after.end(), f"{month} {after['year'] or ''}")
        return
    first = _spelt_day(reading, index)
    if first is not None:
        spelt = _YEAR_AFTER.match(text, end)
        figures = spelt.group().strip() if spelt and spelt.group().strip().isdigit() else ""
        _claim_day(reading, reading.starts[first], spelt.end() if spelt else end, f"{month} {figures}")


def _spelt_day(reading: Reading, index: int) -> int | None:
    """Index of the first word of the day in words before a month: `veertien maart`, `the twenty-first of May`."""
    last = index - 1
    joint = reading.words[last] if last > 0 and reading.gap(index) == " " else ""
    last -= joint in _JOINTS
    if last < 0 or reading.words[last] not in _DAY_WORDS or reading.gap(last + 1) != " ":
        return None
    if joint in {"van", "of"} and not reading.words[last].endswith(_ORDINAL_ENDS):
        return None
    apart = last > 0 and reading.gap(last) in {" ", "-"}
    tens = apart and (reading.words[last - 1] in _TENS_APART or reading.words[last - 1].endswith(("en", "ën")))
    tens = tens and (reading.words[last - 1] in _TENS_APART or reading.words[last - 1][0].isdigit())
    return last - tens


def _possible(day: str, month: str) -> bool:
    """Whether figures can be a day and a month."""
    figures = _plain(day)
    if not figures.isdigit() or not 1 <= int(figures) <= 31:
        return False
    named = _plain(month)
    return not named.isdigit() or 1 <= int(named) <= 12


def _plain(figures: str) -> str:
    """Figures with the letters that optical reading takes for them made digits again."""
    if len(figures) > 2 or not any(char.isdigit() or char in "OIlo" for char in figures):
        return figures
    return figures.replace("O", "0").replace("o", "0").replace("I", "1").replace("l", "1")


def _weekday_before(reading: Reading, before: str, start: int) -> int:
    """How many characters a free weekday right before a day takes; 0 without one."""
    if not before.rstrip(" ,.").lower().endswith(_DAY_ENDS):
        return 0
    weekday = _WEEKDAY_BEFORE.search(before[-_LONGEST_WEEKDAY:])
    return len(weekday.group()) if weekday is not None and reading.free(start - len(weekday.group()), start) else 0


def _claim_day(reading: Reading, start: int, end: int, hint: str) -> None:
    """Claim a day with the weekday before it; after a word of birth nothing of it may stay."""
    before = reading.text[max(0, start - _BIRTH_LOOKBACK) : start]
    if any(map(before.lower().__contains__, _BORN)) and _BIRTH.search(before):
        spelt = _SPELT_YEAR.match(reading.text, end)
        reading.claim(start, spelt.end() if spelt else end, "DATE_OF_BIRTH")
        return
    earlier = _weekday_before(reading, before, start)
    inner = before[: len(before) - earlier]
    if earlier and inner.rstrip().rpartition(" ")[2].lower() in _PAIRING:
        start -= earlier
        before = inner
    paired = before.rstrip().rpartition(" ")[2].lower() in _PAIRING
    first = _FIRST_OF_TWO.search(before[-_LONGEST_WEEKDAY:]) if paired else None
    if first is not None and _possible(first[1], "1") and reading.free(start - len(first.group()), start):
        start -= len(first.group())
        before = before[: -len(first.group())]
    start -= _weekday_before(reading, before, start)
    month, _, year = hint.partition(" ")
    if _plain(month).isdigit():
        month = MONTHS[int(_plain(month)) - 1]
    elif month.lower() not in MONTHS:
        month = month.lower().replace("rn", "m")
    reading.claim(start, end, "DATE", f"{month} {year}".strip())
