# SPDX-License-Identifier: EUPL-1.2
"""Marks ages in lists, beside another age, after a label with more words, and in the forms of other languages."""

import re
from typing import Final

from services.anonymizer.reading import Reading, matches_at, matches_at_figures
from services.anonymizer.recognisers.ages import band, seen

_N: Final = r"([1-9]\d?)"
_ENDS: Final = r"(?=\s?(?:[,;!?)\]\"'/|]|\.(?!\d)|\n|$| en | und | i | ve | et | and | kind | zoon | dochter ))"
_KIN: Final = re.compile(
    r"(?:kind|zoon|dochter|zoontje|dochtertje|jongen|meisje|kids?|kinderen|kleinkind)(?: \d)? ?[:=(] ?"
    rf"{_N}(?: ?(?:jr|j|jaar))?(?=\s?[,;.)/\n]|\s[a-z]{{3,12}}(?: \d)? ?[:=]|$)",
    re.IGNORECASE,
)
_KIN_WORDS: Final = frozenset("kind zoon dochter zoontje dochtertje jongen meisje kid kids kinderen kleinkind".split())
_SEXED: Final = re.compile(
    r"(?:kids|kinderen|kind|kindjes|zoons|dochters|knd)[^\n.;]{0,12}?(?<!\d )(?<!\w)[mvjd] ?(\d{1,2})"
    r"(?:(?: en | & |, ?| ?/ ?|\+)[mvjd] ?(\d{1,2}))?(?:(?: en | & |, ?| ?/ ?|\+)[mvjd] ?(\d{1,2}))?(?!\w)",
    re.IGNORECASE,
)
_SEXED_WORDS: Final = frozenset("kids kinderen kind kindjes zoons dochters knd".split())
_LABELLED: Final = re.compile(
    rf"(?:leeftijd|leeftijden|lft|ages?|alter|âge|wiek|yaş|edad|leeft)\.?(?: \w{{3,14}}){{0,2}} ?[:=] ?(?:± ?|"
    rf"ca\.? )?{_N}"
    rf"(?:(?: ?[/,&+-] ?| en | a | à ){_N})?(?:(?: ?[/,&+-] ?| en ){_N})?(?![\w%€]|[.,:/-]\d)",
    re.IGNORECASE,
)
_LABELS: Final = frozenset("leeftijd leeftijden lft age ages alter âge wiek yaş edad leeft".split())
_PLUS: Final = re.compile(
    r"(?:man|vrouw|dame|heer|m|v|moslima|moslim|meneer|mevrouw),? ([1-9]\d) ?\+(?=[\s,.;)]|$)", re.IGNORECASE
)
_PLUS_WORDS: Final = frozenset("man vrouw dame heer m v moslima moslim meneer mevrouw".split())
_ABOUT: Final = re.compile(
    rf"(?:iemand|senior|bejaarde|oudere|figuur|type|gast|persoon|veertiger|vijftiger|zestiger|dertiger|tachtiger) van "
    rf"(?:rond de |ongeveer |ca\.? |circa |in de |een jaar of )?{_N}{_ENDS}",
    re.IGNORECASE,
)
_ABOUT_WORDS: Final = frozenset(
    "iemand senior bejaarde oudere figuur type gast persoon veertiger vijftiger zestiger dertiger tachtiger".split()
)
_BORN: Final = re.compile(r"(?:bj|bjr|gebjr|geb\.?jr)\.? ?:? ?((?:19|20)\d\d|\d\d)(?!\w|[.,/-]\d)", re.IGNORECASE)
_BORN_WORDS: Final = frozenset("bj bjr gebjr".split())
_BUILT: Final = frozenset("auto woning huis flat pand scooter fiets camper boot bus".split())
_CLASS: Final = re.compile(
    r"(?:klas|lichting|generatie|jaargang) (?:van |uit )?('\d\d|19\d\d)(?!\w|"
    r"[.,/-]\d)",
    re.IGNORECASE,
)
_CLASS_WORDS: Final = frozenset("klas lichting generatie jaargang".split())
_GERMAN: Final = re.compile(
    rf"(?:Sohn|Tochter|Kind|Mann|Frau|Mutter|Vater|Bruder|Schwester|fils|fille|syn|córka|oğlum|kızım) (?:ist|wird|"
    rf"war|jetzt|ma|a) "
    rf"(?:jetzt |erst |schon )?{_N}{_ENDS}",
    re.IGNORECASE,
)
_GERMAN_WORDS: Final = frozenset(
    "sohn tochter kind mann frau mutter vater bruder schwester fils fille syn córka oğlum kızım".split()
)
_GERMAN_TENS: Final = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90, "zehn": 10,
}  # fmt: skip
_GERMAN_SPELT: Final = re.compile(
    r"(?:bin|ist|wird|werde|war) (?:jetzt |erst |schon |nun )?((?:[a-zäöü]{3,8}und)?(?:zwanzig|drei(?:ß|ss)ig|"
    r"vierzig|fünfzig|"
    r"sechzig|siebzig|achtzig|neunzig)|[a-zäöü]{3,8}zehn)(?= und |[,.;!?)\n]|$)",
    re.IGNORECASE,
)
_GERMAN_VERBS: Final = frozenset("bin ist wird werde war".split())
_POLISH: Final = re.compile(r"([1-9]\d?)-?letni\w{0,4}", re.IGNORECASE)
_TURKISH: Final = re.compile(r"(?:bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz) yaş[^\W\d_]{1,9}", re.IGNORECASE)
_SECOND: Final = re.compile(
    rf" ?(?:/|-|–|&|,|\ben\b|\ba\b|\bà\b|\band\b|\bund\b|\bet\b|\bi\b|\bve\b) ?{_N}(?=\s?[,;.)/\n]|$| jaar\b|"
    rf" jr\b)(?![.,/]\d)"
)
_BESIDE: Final = frozenset("precies exact nu pas net".split())
_ROUND: Final = re.compile(r"([1-9]\d) (?:ben|is|word|wordt) (?:ik|hij|zij|ze|u)\b")
_OPENED: Final = (
    (_KIN_WORDS, _KIN),
    (_SEXED_WORDS, _SEXED),
    (_LABELS, _LABELLED),
    (_ABOUT_WORDS, _ABOUT),
    (_GERMAN_WORDS, _GERMAN),
)


def mark_listed_ages(reading: Reading) -> None:
    """Mark the ages that are left in lists and beside others."""
    if "yaş" in reading.low:
        for match in _TURKISH.finditer(reading.text):
            reading.claim(*match.span(), "AGE", band(1))
    for match in matches_at(reading, _GERMAN_SPELT, _GERMAN_VERBS) if reading.language == "de" else ():
        tens = next(value for name, value in _GERMAN_TENS.items() if match[1].lower().endswith(name))
        reading.claim(*match.span(1), "AGE", band(tens))
    if reading.figured():
        _mark_opened(reading)
        _mark_years(reading)
        _mark_figures(reading)


def _mark_opened(reading: Reading) -> None:
    """Mark ages in figures after the words that announce them."""
    text = seen(reading)
    for words, pattern in _OPENED:
        for match in matches_at(reading, pattern, words, text):
            _claim(reading, match)
    for match in matches_at(reading, _PLUS, _PLUS_WORDS, text) if "+" in text else ():
        _claim(reading, match)


def _mark_years(reading: Reading) -> None:
    """Mark years of birth after `bj`, and of the class or the generation somebody is of."""
    for words, pattern in ((_BORN_WORDS, _BORN), (_CLASS_WORDS, _CLASS)):
        for match in matches_at(reading, pattern, words):
            index = reading.word_at(match.start())
            if _BUILT.isdisjoint(reading.words[max(0, index - 4) : index]):
                reading.claim(*match.span(1), "AGE")


def _mark_figures(reading: Reading) -> None:
    """Mark ages that their own figures open, and those beside an age that was found."""
    for match in matches_at_figures(reading, _POLISH) if "letni" in reading.low else ():
        reading.claim(*match.span(), "AGE", band(int(match[1])))
    for match in matches_at_figures(reading, _ROUND):
        index = reading.word_at(match.start())
        if index and reading.words[index - 1] in _BESIDE:
            _claim(reading, match)
    for span in [span for span in reading.spans if span.kind == "AGE"]:
        second = _SECOND.match(reading.text, span.end)
        if second is not None:
            _claim(reading, second)


def _claim(reading: Reading, match: re.Match[str]) -> None:
    for group in range(1, match.re.groups + 1):
        if match[group]:
            reading.claim(*match.span(group), "AGE", band(int(match[group])))
