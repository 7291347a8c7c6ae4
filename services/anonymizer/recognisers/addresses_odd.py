# SPDX-License-Identifier: EUPL-1.2
"""Marks addresses in less usual forms: a labelled number, a unit, two streets' corner, a street in two words."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading, matches_at, matches_at_figures
from services.anonymizer.recognisers.numbers import is_number_word
from services.anonymizer.recognisers.street_names import SUFFIX, leftmost

_LABELS: Final = frozenset("hnr huisnr huisnummer nr nummer no nº numer".split())
_UNITS: Final = frozenset(
    "unit kontener container chalet caravan stacaravan kavel huisje bungalow ligplaats woonboot boot box loods kamer "
    "room pokój appartement app apt apartment flat portiek studio woning blok".split()
)
_HOUSE: Final = re.compile(
    r"[\s.:=]{1,3}(\d{1,4}(?: ?(?:[a-zA-Z]|bis|hs|rd|zw)(?!\w))?(?:[-/]\w{1,4})?)(?![\w%€]|[.,:]\d)"
)
_LABEL_GAPS: Final = frozenset({" ", ", ", " (", "; ", " - ", ",", "\n", " / ", ": "})
_SHORTEST: Final = 5
_FOREIGN: Final = re.compile(
    r"(?:(?:ul|os|al|pl)\.|ulica|ulicy|osiedle|rue|avenue|place|chauss[ée]e|boulevard|calle|plaza|impasse|chemin|"
    r"quai)\.? "
    r"(?:(?:de la|de l'|du|des|de los|de|d'|la|le|les|del|della) ?)?(?-i:[A-ZŁŚŻĆ])[\w'-]{2,24}(?:[ -](?-i:[A-ZŁŚŻĆ])"
    r"[\w'-]{2,24}){0,2},? \d{1,4}[a-zA-Z]?(?: ?/ ?\d{1,4}| m\.? ?\d{1,3}| bis)?(?![\w/]|[.,:]\d)",
    re.IGNORECASE,
)
_FOREIGN_WORDS: Final = frozenset(
    "ul os al pl ulica ulicy osiedle rue avenue place chaussée boulevard calle plaza impasse chemin quai".split()
)
_KINDS: Final = frozenset("straat laan weg plein kade singel dreef gracht pad hof steeg dijk".split())
_COUNTED: Final = re.compile(
    r" ?(?:mensen|keer|euro|uur|jaar|meter|km|man\b|kinderen|huizen|woningen|auto|dagen|weken|maanden|minuten|x\b|%)"
)
_ENGLISH: Final = re.compile(
    r"\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'-]{1,24} ){1,3}(?:Lane|Road|Street|Avenue|Drive|Close|Court|Way|Place|Square|"
    r"Gardens|"
    r"Terrace|Crescent|Rd|St|Ave)(?!\w)"
)
_ENGLISH_KINDS: Final = frozenset(
    "lane road street avenue drive close court way place square gardens terrace crescent rd st ave".split()
)
_CORNERS: Final = frozenset("hoek kruising kruispunt hoekje h.v".split())
_JOINTS: Final = frozenset("de het met en van der the of en/of 't".split())
_BEFORE: Final = re.compile(
    r"\b(?:flat|portiek|appartement|app\.?|apt\.?|kamer|woning|huisnummer|huisnr\.?|nr\.?|nummer|unit|deur|bel|huis|"
    r"room)"
    r" ?(\d{1,4} ?[A-Za-z]?(?:-\d{1,4})?)(?:,? (?:aan|in|op|van|at|on)(?: de| het| the)? |, ?| )$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"(?:[,; (/-]{1,3}(?:(?:\d{1,2}(?:e|de|ste)|[a-z]{4,8}(?:de|ste)|first|second|third|fourth|fifth|\d(?:st|nd|rd|"
    r"th)) "
    r"(?:verdieping|etage|floor|woonlaag)|\d{1,2} ?hoog|(?:een|twee|drie|vier) ?hoog|"
    r"(?:kamer|room|app\.?|apt\.?|appartement|unit|nr\.?|nummer|huisnummer|huisnr\.?|hnr\.?|toev\w{0,8}\.?|flat|"
    r"portiek|"
    r"deur|bel|box) ?:? ?(?:\d{1,4} ?[A-Za-z]?|(?-i:[A-Z]))(?!\w))){1,3}",
    re.IGNORECASE,
)
_SIDE: Final = re.compile(
    r"[ -](?:(?:rood|zwart|rd|zw|hs|bis|bv|\d ?hg|\d ?hoog)(?!\w)|(?:links|rechts|boven|beneden|achter|"
    r"voor)(?=[,.;)\n]|$))",
    re.IGNORECASE,
)
_LINE_BEFORE: Final = re.compile(
    r"(?:^|\n|: ?)[ \t]{0,3}([A-Z][\w'-]{3,24}(?: [\w'-]{2,20}){0,2} (?=[\dlIO]{0,3}[\dlI])[\dlIO]{1,4}(?: ?[A-Za-z]|"
    r"-\w{1,3})?)"
    r"[ ,;\n]{1,4}$"
)
"""`Zwanenbalg l2 A` on the line before a postcode."""
_LONGEST_LINE: Final = 70
_HYPHEN_BEFORE: Final = re.compile(r"(?<!\w)([^\W\d_]{2,14}-)$")
_NAME_BEFORE: Final = re.compile(
    r"\b(?:op|aan|in|naar) de ((?:[a-z]{2,14} )?(?:van der |van den |van de |van 's |van 't |van |de |der |von |'s |"
    r"ter |ten ))$"
)
"""The name before a street's last word in small letters: `aan de jan van ...weg`."""
_PREPOSED: Final = re.compile(
    r"(?:(?:^|[\n,(:;/-]) {0,2}|(?<=[a-z] ))((?:Achter|Onder|Tussen|Langs|Boven|Buiten|Aan|Bij|Voor|Op) "
    r"(?:de|het|den|'t|der) )$"
)
"""The first words of a street called after where it lies: `Achter de ...`."""
_NEXT_LINE: Final = re.compile(
    r"\n[ \t]{0,3}((?:bis|hs|zw|rd|rood|zwart|huis|boven|beneden|achter|voor))[ \t]{0,3}(?=\n|$)"
)
"""The addition to a house number, alone on the next line."""
_LOOKBACK: Final = 40
_FLOORS: Final = ("verdieping", "etage", "floor", "woonlaag")
"""A floor alone, without a room, says little."""


def mark_foreign_streets(reading: Reading) -> None:
    """Mark streets that begin with their kind (`ul. ... 4/12`), before their number is taken for a day."""
    if reading.figures:
        reading.claim_each(matches_at(reading, _FOREIGN, _FOREIGN_WORDS), "ADDRESS")


def mark_odd_addresses(reading: Reading) -> None:
    """Mark a street with a labelled number or a unit, in two words, and the streets of a corner."""
    if reading.figured():
        reading.claim_each(matches_at_figures(reading, _ENGLISH) if reading.any_of(_ENGLISH_KINDS) else (), "ADDRESS")
        for index in reading.indexes(_LABELS):
            _mark_labelled(reading, index)
        for index in reading.indexes(_UNITS):
            _mark_labelled(reading, index, apart=False)
        for index in reading.indexes(_KINDS):
            _mark_split(reading, index)
    for index in reading.indexes(_CORNERS):
        _mark_corner(reading, index)


def mark_units(reading: Reading) -> None:
    """Mark the flat, the room or the side of the house before and after an address, and what of a street stayed."""
    _mark_lines(reading)
    for span in [span for span in reading.spans if span.kind == "ADDRESS"]:
        _mark_rest(reading, span.start)
        before = _BEFORE.search(reading.text, max(0, span.start - _LOOKBACK), span.start)
        if before is not None:
            reading.claim(*before.span(1), "ADDRESS")
        side = _SIDE.match(reading.text, span.end) or _NEXT_LINE.match(reading.text, span.end)
        if side is not None:
            reading.claim(*side.span(), "ADDRESS")
            continue
        after = _AFTER.match(reading.text, span.end)
        if after is not None and not after.group().rstrip().lower().endswith(_FLOORS):
            reading.claim(*after.span(), "ADDRESS")


def _mark_lines(reading: Reading) -> None:
    """Mark a garbled street and number alone on the line before a postcode."""
    for span in [span for span in reading.spans if span.kind == "POSTCODE"]:
        line = _LINE_BEFORE.search(reading.text, max(0, span.start - _LONGEST_LINE), span.start)
        if line is not None:
            reading.claim(*line.span(1), "ADDRESS")


def _mark_rest(reading: Reading, start: int) -> None:
    """Mark what of a street's name stands before the part that was found."""
    for pattern in (_HYPHEN_BEFORE, _NAME_BEFORE, _PREPOSED):
        rest = pattern.search(reading.text, max(0, start - _LOOKBACK), start)
        if rest is not None:
            reading.claim(*rest.span(1), "ADDRESS")


def _is_street(reading: Reading, index: int) -> bool:
    """Whether a word ends as a street does and is written as one."""
    word, flag = reading.words[index], reading.flags[index]
    if len(word) < _SHORTEST or reading.taken[index] or SUFFIX.fullmatch(word) is None:
        return False
    return reading.cases[index] >= CAPITAL or not flag & (lex.FREQ | lex.WORD | lex.KEEP | lex.TOWN)


def _mark_labelled(reading: Reading, index: int, *, apart: bool = True) -> None:
    """Mark `...laan hnr 12`, `...laan (nr. 12)`, `...pad container 7`."""
    street = index - 1
    if (
        street < 0
        or reading.gap(index) not in (_LABEL_GAPS if apart else {" ", ", "})
        or not _is_street(reading, street)
    ):
        return
    house = _HOUSE.match(reading.text, reading.ends[index])
    if house is None or _COUNTED.match(reading.text, house.end()):
        return
    first = leftmost(reading, street)
    if reading.gap(index) in {" ", ", "}:
        reading.claim(reading.starts[first], house.end(), "ADDRESS")
    else:
        reading.claim_words(first, street, "ADDRESS")
        reading.claim(*house.span(1), "ADDRESS")


def _mark_split(reading: Reading, index: int) -> None:
    """Mark `Linde laan 12`: a street whose kind stands apart from its name."""
    name = index - 1
    if name < 0 or reading.gap(index) not in {" ", "-", "-\n"} or reading.taken[name]:
        return
    flag = reading.flags[name]
    small = lex.FUNCTION | lex.VERB | lex.SLOT | lex.ROLE | lex.HEAD | lex.NUMBER | lex.TITLE
    if flag & small or (not reading.cases[name] and flag & (lex.FREQ | lex.WORD)) or len(reading.words[name]) < 3:
        return
    house = _HOUSE.match(reading.text, reading.ends[index])
    if house is not None and "\n" not in house.group() and not _COUNTED.match(reading.text, house.end()):
        reading.claim(reading.starts[name], house.end(), "ADDRESS")


def _mark_corner(reading: Reading, index: int) -> None:
    """Mark the streets of `Buitenweg hoek Kerkpad` and of `hoek Lindelaan / Kerkpad`."""
    before, after = index - 1, index + 1
    named = before >= 0 and reading.gap(index) == " " and _may_be_street(reading, before)
    while after < len(reading.words) and after - index < 4 and reading.words[after] in _JOINTS:
        after += 1
    followed = after < len(reading.words) and "\n" not in reading.gap(after) and _may_be_street(reading, after)
    if named and followed:
        reading.claim_words(leftmost(reading, before), after, "ADDRESS")
        return
    second = after + 1
    while followed and second < len(reading.words) and second - after < 4 and reading.words[second] in _JOINTS:
        second += 1
    apart = second > after + 1 or (second < len(reading.words) and reading.gap(second) != " ")
    paired = (
        followed
        and apart
        and second < len(reading.words)
        and reading.gap(after + 1) in {"/", " / ", "-", " - ", " ", " & "}
    )
    if paired and reading.gap(second) in {"/", " / ", "-", " - ", " ", " & "} and _may_be_street(reading, second):
        reading.claim_words(after, after, "ADDRESS")
        reading.claim_words(second, second, "ADDRESS")


def _may_be_street(reading: Reading, index: int) -> bool:
    """Whether a word beside a corner can be a street: it ends as one, or has a capital and is no place or verb."""
    if (
        reading.taken[index]
        or reading.kept[index]
        or len(reading.words[index]) < _SHORTEST - 1
        or is_number_word(reading.words[index], 0)
    ):
        return False
    flag = reading.flags[index]
    if reading.cases[index] >= CAPITAL and (not reading.opens[index] or not flag & (lex.FREQ | lex.FUNCTION)):
        return not flag & (lex.TOWN | lex.KEEP | lex.FUNCTION | lex.VERB | lex.HEAD | lex.GENERIC | lex.MONTH)
    return _is_street(reading, index)
