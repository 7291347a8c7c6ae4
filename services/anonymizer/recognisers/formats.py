# SPDX-License-Identifier: EUPL-1.2
"""Marks what has a form of its own: mail and web addresses, handles, account numbers, network addresses, plates."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at, matches_at_figures, matches_from

_MAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}\s{0,2}(?:@{1,2}|[\[({]\s?(?:at|a|apenstaart(?:je)?|ät|arroba|małpa|"
    r"собака)\s?[\])}])\s{0,2}[\w-]{1,63}"
    r"(?:(?:\.[\w-]{1,63}){1,5}|(?:(?:\s?(?:\.(?!\s(?-i:[A-Z]))|[\[({]\s?(?:dot|punt)\s?[\])}])|\s(?:punt|dot)\s)"
    r"\s?[\w-]{1,63}){0,5})",
    re.IGNORECASE,
)
_LONE_HANDLE: Final = re.compile(r"\s@(?!\s)")
"""`op @naam.x`: a blank before the sign and none after it is an account after a word, unless a provider follows."""
_SPELT_MAIL: Final = re.compile(
    r"(?<!\w)[\w-]{1,40}(?:\.[\w-]{1,40}){0,3}(?:\s(?:punt|streepje|underscore|dot|laag streepje|koppelteken)"
    r"\s[\w-]{1,40}){0,5}"
    r"\s(?:apenstaartje|apenstaart|apestaartje|apestaart|at)\s[\w-]{1,40}(?:\s(?:punt|dot)\s[\w-]{1,20}|"
    r"\.[a-z]{2,10}){1,3}(?!\w)",
    re.IGNORECASE,
)
_URL: Final = re.compile(
    r"(?:h(?:tt|xx)ps?\s?:\s?/\s?/\s?|www\.|file:/{2,3})[^\s<>\"]{1,2000}"
    r"(?:(?<=/) (?=[\w-]{0,40}[\d/])[\w/-]{1,60}){0,3}|"
    r"www ?[.,] ?[\w-]{2,63} ?[.,] ?[a-z]{2,6}(?: ?/ ?[\w-]{1,40}){0,4}(?!\w)|"
    r"(?<![\w:])(?:[a-z]:\\|\\\\)[^\s<>\"]{3,300}|"
    r"(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:nl|com|org|net|eu|be|de|fr|pl|tr|uk|io|me|info|nu|online|app|shop|site|blog|amsterdam|frl|tv|sr|cw|aw|"
    r"ma|ua|gle|be|ly|gg|to|cc|es|ch|dk|pt|lu|ro|bg|cz|gr|hu|rent|homes|immo|jobs|agency|wiki|cloud|website|biz|dev|"
    r"xyz|club|link|page|live|social)"
    r"(?:/[^\s<>\"]{0,2000}|(?![\w.-]*\w*@)(?!\w))",
    re.IGNORECASE,
)
_PATHED: Final = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,40}\.){0,3}[a-z0-9-]{3,40}\.[a-z]{2,12}(?::\d{1,5})?/[^\s<>\"]{2,2000}"
    r"|(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,4}(?:example|test|invalid|localhost)(?![\w@-])",
    re.IGNORECASE,
)
"""An address under any ending when a path follows, and the endings that stand for none."""
_URL_HINT: Final = re.compile(r"[\w-]\.[A-Za-z]{2}|: ?/ ?/|www ?[.,]|\\")
_PUBLIC_SITES: Final = frozenset(
    "discriminatie.nl meld.online idb.nl radar.nl art1.nl mensenrechten.nl rijksoverheid.nl politie.nl "
    "facebook.com instagram.com twitter.com x.com tiktok.com youtube.com "
    "marktplaats.nl bol.com whatsapp.com linkedin.com indeed.nl indeed.com funda.nl nu.nl geenstijl.nl "
    "dumpert.nl booking.com thuisbezorgd.nl kamernet.nl google.com werk.nl pararius.nl".split()
)
_SPELT_URL: Final = re.compile(
    r"(?<!\w)(?:(?:www|w w w|https?)(?: dubbele punt| slash){0,4} (?:punt|dot) )?[\w-]{2,40}"
    r"(?: (?:punt|dot) [\w-]{2,30}){0,3} (?:punt|dot) (?:nl|com|org|net|eu|be|de|info|nu|online)"
    r"(?: (?:slash|schuine streep) [\w-]{1,40}){0,4}(?!\w)",
    re.IGNORECASE,
)
"""A web address as it is said: `www punt voorbeeld punt nl slash jan`."""
_HANDLE: Final = re.compile(r"(?<![\w@.])@\s?\w[\w.]{1,40}")
_NAMED_HANDLE: Final = re.compile(
    r"\b(insta(?:gram)?|snap(?:chat)?|tiktok|twitter|discord|telegram|facebook|fb|ig|xbox|psn|twitch|reddit|"
    r"gamertag|username|gebruikersnaam|handle|account|profiel|profile|nickname|nick|konto|compte|cuenta)"
    r"((?:[ \-]?(?:account|naam|profiel|name))?(?:\s?(?:is|=|:|heet(?: ik| hij| ze)?|als)\s?|\s?[:=]\s?|"
    r"\s(?=\w{0,30}[._\d]\w)))([\w][\w.\-#]{2,40}(?<![.\-]))",
    re.IGNORECASE,
)
_UNDERSCORED: Final = re.compile(
    r"(?<![\w@./])(?=\w{0,40}[^\W\d_])[^\W_]{1,40}(?:[_.]{1,2}[^\W_]{1,40}){0,5}_{1,2}[^\W_]{1,40}(?:[_.]{1,2}["
    r"^\W_]{1,40}){0,5}_?(?![\w@])"
)
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .\-]?[0-9OIl]{2}(?:[ .\-]{0,2}[A-Za-z0-9]){10,30}(?![A-Za-z0-9])"
)
_IBAN_START: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\s?[0-9OIl]{2}[ .\-]{0,2}[A-Za-z0158]{4}[ .\-]{0,2}[0-9OIl][0-9OIlSB .\-]{5,24}"
    r"[0-9OIlSB]"
)
_IBAN_DIGITS: Final = 9
_COUNTRIES: Final = frozenset(
    "AD AE AL AT AZ BA BE BG BH BR BY CH CR CY CZ DE DK DO EE EG ES FI FO FR GB GE GI GL GR GT HR HU IE IL IQ IS IT "
    "JO KW "
    "KZ LB LC LI LT LU LV LY MC MD ME MK MR MT MU NL NO PK PL PS PT QA RO RS SA SC SD SE SI SK SM ST SV TL TN TR UA "
    "VA VG "
    "XK MA NI FK MN OM SO RU DJ BI".split()
)
"""What account numbers begin with (the register of ISO 13616)."""
_IBAN_WORDS: Final = 4
"""The first figure of an account number stands in one of its first words: `NL OI ABNA O417`."""
_IPV4: Final = re.compile(r"(?<![\d./])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_IPV6: Final = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])", re.IGNORECASE)
_PLATE: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,3}[- ]\d{2,3}[- ][A-Z]{1,2}|\d{1,2}[- ][A-Z]{2,3}[- ]\d{1,2}|[A-Z]{2}[- ]\d{2}[- "
    r"]\d{2}|\d{2}[- ]\d{2}[- ][A-Z]{2}|\d{2}[- ][A-Z]{2}[- ][A-Z]{2}"
    r"|[A-Z]{2}[- ][A-Z]{2}[- "
    r"]\d{2}|[A-Z]{1,3}-\d{2,4}-[A-Z]{1,2}\d{0,2}|[A-Z]-?\d{3}-?[A-Z]{2}|[A-Z]{2}-?\d{3}-?[A-Z])(?![\w-])"
)
_SMALL_PLATE: Final = re.compile(
    r"(?<![\w.,*-])(?=(\w{1,3}([ \-.*/])\w{1,3}\2\w{1,3})(?![\w-]|[.,]\d))",
)
"""Looks ahead, so that it is tried at each word."""
_PLATE_LETTERS: Final = re.compile(r"[bcdfghjklmnprstvwxz]{1,3}", re.IGNORECASE)
"""Dutch plates have no vowels, so that they hold no words."""
_NO_PLATE_LETTERS: Final = frozenset(
    "km cm mm kg st nr pg wk hr dr mr ds vs zn mn jr pc blz pk gr d s t m v x kr h".split()
)
_PLATE_SIZE: Final = 6
_PLATE_LOOKBACK: Final = 40
_PLATE_NEAR: Final = re.compile(
    r"\b(?:auto|kenteken|plaat|wagen|scooter|busje|kennzeichen|car|plate|taxi|brommer|samochód|samochod|rejestracja|"
    r"plaka|araba|coche|voiture|matrícula|wóz|tablice)\b",
    re.IGNORECASE,
)
_CARS: Final = frozenset(
    "auto kenteken plaat wagen scooter busje kennzeichen car plate taxi brommer samochód rejestracja plaka araba coche "
    "voiture matrícula wóz tablice".split()
)
_FOREIGN_PLATE: Final = re.compile(
    r"(?<![\w-])[A-Z]{1,3}[ -]?(?=[A-Z]{0,3}\d)[A-Z0-9]{2,6}(?:[ -](?=[A-Z]{0,2}\d)[A-Z0-9]{1,4})?(?:[ "
    r"-][A-Z]{1,2})?(?![\w-])"
)
_PART_PLATE: Final = re.compile(
    r"\b(?:kenteken|nummerplaat|kentekenplaat|plaat|plate|kennzeichen)\b[^\n.]{0,24}?(?<=[ :(\"])"
    r"((?-i:(?=[A-Z0-9.*?_x-]{0,9}[A-Z0-9])(?=[A-Z0-9.*?_x-]{0,9}[.*?_x])[A-Z0-9*?][A-Z0-9.*?_x]{0,3}"
    r"(?:-[A-Z0-9.*?_x]{1,4}){1,3}))(?!\w)",
    re.IGNORECASE,
)
"""What somebody saw of a plate: `AB-..-3`."""
_PLATE_CUE: Final = re.compile(
    r"\b(?:kenteken|nummerplaat|kentekenplaat|plaat|license plate|licence "
    r"plate|plate|kennzeichen|plaque|plaka|rejestracja|tablica)\b[^\w\n]{0,4}(?:(?:is|was|nummer|nr|number|"
    r"no)\b[^\w\n]{0,3}){0,2}"
    r"([A-Z0-9]{1,4}(?:[ .\-]?[A-Z0-9]{1,4}){1,4})(?!\w)",
    re.IGNORECASE,
)


def mark_formats(reading: Reading) -> None:
    """Mark everything whose form alone gives it away."""
    text = reading.text
    bracketed = any(map(text.__contains__, "([{")) and _BRACKETED_AT.search(text)
    if "@" in text or reading.any_of(_MAIL_WORDS) or bracketed:
        _mark_mail(reading)
    if any(reading.free(*match.span()) for match in _URL_HINT.finditer(text)):
        _mark_urls(reading)
    if "@" in text:
        reading.claim_each(_HANDLE.finditer(reading.text), "SOCIAL_HANDLE")
    if reading.any_of(_POINTS):
        _mark_spelt_urls(reading)
    if "_" in text:
        reading.claim_each(_UNDERSCORED.finditer(reading.text), "SOCIAL_HANDLE")
    if reading.any_of(_HANDLE_WORDS):
        _mark_named_handles(reading)
    _mark_part_plates(reading)
    if reading.figures:
        _mark_numbered(reading)


_POINTS: Final = frozenset({"punt", "dot"})
_MAIL_WORDS: Final = frozenset("apenstaartje apenstaart apestaartje apestaart at".split())
_BRACKETED_AT: Final = re.compile(r"[\[({] ?a ?[\])}]")
_MAIL_HOSTS: Final = frozenset(
    "gmail hotmail outlook ziggo kpnmail live yahoo icloud kpn xs4all hetnet planet casema upcmail home".split()
)
_HANDLE_WORDS: Final = frozenset(
    (
        "insta instagram snap snapchat tiktok twitter discord telegram facebook fb ig xbox psn twitch reddit "
        "gamertag username gebruikersnaam handle account profiel profile nickname nick konto compte cuenta"
    ).split()
)


def _mark_named_handles(reading: Reading) -> None:
    """Mark `insta: kees.de.kale`, `account waarheid2712`: what follows the word for a medium or an account."""
    for match in matches_at(reading, _NAMED_HANDLE, _HANDLE_WORDS):
        named = any(map(str.isalpha, match[3])) and not reading.stem_flag(match[3].lower())
        if "_" in match[3] or named:
            reading.claim(*match.span(3), "SOCIAL_HANDLE")


def _mark_mail(reading: Reading) -> None:
    text = reading.text
    for match in _MAIL.finditer(text):
        found = match.group()
        if _LONE_HANDLE.search(found) is not None and not _known_host(found.rpartition(".")[0]):
            continue
        if "@" not in found or "." in found or "punt" in found or _known_host(found):
            reading.claim(match.start(), _trimmed(text, match), "EMAIL")
    if reading.any_of(_MAIL_WORDS):
        for match in _SPELT_MAIL.finditer(text):
            if not _at_a_site(reading, match):
                reading.claim(*match.span(), "EMAIL")


def _at_a_site(reading: Reading, match: re.Match[str]) -> bool:
    """Whether `at` is the English word, before the address of a site: `it was at www.x.nl/12`, `sold at x.nl`."""
    found = match.group().lower()
    before, at, host = found.partition(" at ")
    if not at or " dot " in found or " punt " in found:
        return False
    if host.startswith("www") or reading.text[match.end() : match.end() + 1] == "/":
        return True
    flag = reading.flags[reading.word_at(match.start())]
    return " " not in before and bool(flag & (lex.FUNCTION | lex.VERB | lex.FREQ | lex.FOREIGN)) and not flag & lex.NAME


def _known_host(found: str) -> bool:
    """Whether a mail address without a point ends in the name of a large provider."""
    return found.lower().rpartition("@")[2].strip() in _MAIL_HOSTS


def _trimmed(text: str, match: re.Match[str]) -> int:
    """End of the match without the punctuation of the sentence around it."""
    end = match.end()
    while end > match.start() and text[end - 1] in ".,;:!?)'\"-]}":
        end -= 1
    return end


def _mark_urls(reading: Reading) -> None:
    for match in (*_URL.finditer(reading.text), *_PATHED.finditer(reading.text)):
        end = _trimmed(reading.text, match)
        address = reading.text[match.start() : end].lower()
        site = re.sub(r"^(?:https?://)?(?:www\.)?", "", address).rstrip("/")
        if site not in _PUBLIC_SITES:
            reading.claim(match.start(), end, "URL")


def _mark_part_plates(reading: Reading) -> None:
    if reading.any_of(_PLATE_WORDS):
        for match in _PART_PLATE.finditer(reading.text):
            reading.claim(*match.span(1), "LICENSE_PLATE")


def _mark_spelt_urls(reading: Reading) -> None:
    """Mark web addresses in words, but for the public sites."""
    for match in _SPELT_URL.finditer(reading.text):
        site = re.sub(r"\s(?:punt|dot)\s", ".", match.group().lower()).removeprefix("www.")
        ended = site.endswith((".de", ".be", ".nu")) and "/" not in site and not match.group().lower().startswith("www")
        goes_on = ended and _WORD_AFTER.match(reading.text, match.end()) is not None
        if site not in _PUBLIC_SITES and not goes_on:
            reading.claim(*match.span(), "URL")


_WORD_AFTER: Final = re.compile(r" [a-z]")
"""In dictation `punt de` ends a sentence and begins the next one."""


def _mark_numbered(reading: Reading) -> None:
    """Mark account numbers, network addresses and plates."""
    text = reading.text
    if reading.figures >= _IBAN_DIGITS - 3:
        _mark_accounts(reading)
    if text.count(".") >= 3:
        reading.claim_each(matches_at_figures(reading, _IPV4), "IP")
    if text.count(":") >= 4 or "::" in text:
        _mark_ipv6(reading)
    _mark_plates(reading)


def _mark_plates(reading: Reading) -> None:
    """Mark number plates by their form and after a word that announces one."""
    possible = _before_figures(reading)
    for match in matches_from(reading, _PLATE, possible):
        if any(map(str.isdigit, match.group())) and _YEARLY.fullmatch(match.group()) is None:
            reading.claim(*match.span(), "LICENSE_PLATE")
    _mark_small_plates(reading, possible)
    _mark_foreign_plates(reading)
    if reading.any_of(_PLATE_WORDS):
        for match in _PLATE_CUE.finditer(reading.text):
            if any(map(str.isdigit, match[1])):
                reading.claim(*match.span(1), "LICENSE_PLATE")


def _before_figures(reading: Reading) -> list[int]:
    """Indexes of the words a plate may start at: a word with a figure, or one or two words before it."""
    return sorted({max(0, index - back) for index in reading.figured() for back in range(3)})


def _mark_small_plates(reading: Reading, possible: list[int]) -> None:
    """Mark plates written small or with other signs between their parts: `78 xks 5`, `zb*114*k`."""
    cars = reading.any_of(_CARS)
    for match in matches_from(reading, _SMALL_PLATE, possible):
        found, sign = match[1], match[2]
        if len(found) != _PLATE_SIZE + 2 or not _parts_of_plate(found.split(sign)):
            continue
        if sign == " " and found.islower():
            before = reading.text[max(0, match.start() - _PLATE_LOOKBACK) : match.start()] if cars else ""
            if (
                not _PLATE_NEAR.search(before)
                or reading.text[match.end(1) : match.end(1) + 4].lstrip(" -")[:1].isdigit()
            ):
                continue
        reading.claim(*match.span(1), "LICENSE_PLATE")


def _parts_of_plate(groups: list[str]) -> bool:
    """Whether each part is all letters without vowels or all figures, some of both, and no measures (`12 km 34`)."""
    letters = [group for group in groups if group.isalpha()]
    if not 0 < len(letters) < 3 or not all(group.isalpha() or group.isdigit() for group in groups):
        return False
    if not all(_PLATE_LETTERS.fullmatch(group) for group in letters):
        return False
    return not all(group.lower() in _NO_PLATE_LETTERS for group in letters)


def _mark_foreign_plates(reading: Reading) -> None:
    """Mark capitals and figures close before or after a word for a car: `GD 7K 219`."""
    text = reading.text
    for match in _FOREIGN_PLATE.finditer(text) if reading.any_of(_CARS) else ():
        around = text[max(0, match.start() - _PLATE_LOOKBACK) : match.end() + _PLATE_LOOKBACK]
        figures = sum(map(str.isdigit, match.group()))
        if figures > 1 and len(match.group()) > _PLATE_SIZE - 1 and _PLATE_NEAR.search(around):
            reading.claim(*match.span(), "LICENSE_PLATE")


def _mark_ipv6(reading: Reading) -> None:
    for match in _IPV6.finditer(reading.text):
        if match.group().count(":") >= 4 or "::" in match.group():
            reading.claim(*match.span(), "IP")


def _mark_accounts(reading: Reading) -> None:
    possible = {max(0, index - back) for index in reading.figured() for back in range(_IBAN_WORDS)}
    opening = [index for index in sorted(possible) if reading.words[index][:2].isalpha()]
    for match in matches_from(reading, _IBAN_START, opening):
        figures = sum(char.isdigit() or char in "OIl" for char in match.group())
        if figures >= _IBAN_DIGITS and match.group()[:2].upper() in _COUNTRIES:
            reading.claim(*match.span(), "IBAN")
    for match in matches_from(reading, _IBAN, opening):
        compact = re.sub(r"[ .\-]", "", match.group()).upper()
        figured = sum(map(str.isdigit, compact)) >= _IBAN_DIGITS
        if figured and (" " not in match.group() or (compact[:2] in _COUNTRIES and checks_as_iban(compact))):
            reading.claim(*match.span(), "IBAN")


_YEARLY: Final = re.compile(r"(?:[A-Z]{1,3}[- ])?(?:19|20)\d{2}[- ]?")
"""What has the form of a plate but is a word with a year."""
_PLATE_WORDS: Final = frozenset(
    "kenteken nummerplaat kentekenplaat plaat plate kennzeichen plaque plaka rejestracja tablica".split()
)


def checks_as_iban(compact: str) -> bool:
    """Whether the text without separators passes the IBAN check.

    >>> checks_as_iban("NL91ABNA0417164300")
    True

    Source: ISO 13616 (mod 97).
    """
    if not 15 <= len(compact) <= 34 or not compact.isascii() or not compact.isalnum():
        return False
    digits = "".join(str(int(char, 36)) for char in compact[4:] + compact[:4])
    return int(digits) % 97 == 1
