# SPDX-License-Identifier: EUPL-1.2
"""Marks streets cut short (`Bronkhorstl. 10`), houses by block or side, and postcodes said letter by letter."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at
from services.anonymizer.recognisers.street_names import leftmost

_SHORT_STREET: Final = re.compile(
    r"(?<!\w)(?:(?:Prof|Dr|Ds|Mr|Burg|Pr|Past|Gen|Kon|St|Ir|Adm)\. ?|(?:[A-Za-z]\.){1,3} ?|(?:[A-Z][\w'-]{2,20} "
    r"){1,2})?"
    r"(?P<street>[A-Za-z][\w'-]{3,30}(?:str\.?|(?:l|ln|wg|pl|gr|sngl|sgl|dr|k|plnts)\.)) ?\d{1,4}"
    r"(?: ?[a-zA-Z](?!\w)|[/-]\w{1,4})?(?!\w)"
)
_CORNER_HOUSE: Final = re.compile(
    r"(?<!\w)(?:'t|'s) [A-Z][\w'-]{2,20} \d{1,4}(?: ?(?:achter|voor|rood|zwart|boven|beneden|zw|hs|[a-z])(?!\w))?"
    r"|\bblok (?:[A-Z]-?\d{1,3}|[A-Z]|\d{1,3}[A-Z]?)(?!\w)"
)
"""`'t Oost 3 achter`, `blok D-14`."""
_NUMBER: Final = r"[a-zéëï]*(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|tig|honderd|duizend)"
_SHORT_HINT: Final = re.compile(r"(?:str|[lgrk]\.|ln\.|nts\.) ?\d")
_SHORT_ENDS: Final = ("str", "l.", "r.", "g.", "k.", "n.", "s.")
"""What a text holds when the hint above can be found in it."""
_PREPOSITIONS: Final = frozenset("achter onder voor boven tussen langs bij".split())
_CORNERS: Final = ("'t ", "'s ", "blok")
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_LETTER_OF: Final = re.compile(r"\b[A-Za-z] van ")
_DICTATED: Final = re.compile(
    rf"(?<!\w)(?:{_NUMBER}[ -]){{0,4}}{_NUMBER},? [a-z] van \w{{2,20}},? (?:en )?(?:de )?[a-z] van \w{{2,20}}"
    rf"(?:,? (?:(?:huis)?nummer )?({_NUMBER}(?: (?:rood|zwart|hs|bis|[a-z]))?|\d{{1,4}}[a-z]?)(?!\w))?",
    re.IGNORECASE,
)


_PREPOSED: Final = re.compile(
    r"(?<!\w)(?:Achter|Onder|Voor|Boven|Tussen|Langs|Bij) (?:de|het|den|'t) [A-Z][\w'-]{2,24} \d{1,4}"
    r" ?(?:[a-zA-Z]|bis|hs)?(?:-\w{1,3})?(?=[,.;)\n]|$| te | in [A-Z])"
)
"""`Achter de Kerk 9`, where nothing is counted after the number."""


_OPENED: Final = re.compile(
    r"(?<![\w-])(?:Laan|Weg|Plein|Boulevard|Avenue|Pad|Straat|Kade|Singel|Dreef|Park|Hof|Allee|Ring|Baan|Dijk) "
    r"(?:van|naar|der|des|op|aan|achter|langs)(?: (?:de|den|der|het|'t))? [A-Z][\w'-]{2,24}"
    r"(?:(?: (?:van|der|de|en|aan))?"
    r"(?: [A-Z][\w'-]{2,24})){0,4}( \d{1,4}(?: ?[a-zA-Z](?!\w))?(?:[/-]\w{1,4})?(?!\w))?"
)
"""A street by its first word: `Laan van ... 17/3`, whatever the last one ends in."""
_OPENERS: Final = frozenset(
    "laan weg plein boulevard avenue pad straat kade singel dreef park hof allee ring baan dijk".split()
)
_NUMBER_FIRST: Final = re.compile(
    r"(?<![\w.,/-])\d{1,4}(?: ?bis| ?ter|[a-zA-Z])?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|cours) "
    r"(?:(?:de la|de l'|des|du|de|d'|la|le|les) ?)?[^\W\d_][\w'-]{2,24}(?:[ -][A-Z][\w'-]{2,24}){0,2}"
    r"|\b(?:live|lives|lived|living|address|home|house|flat|reside|resides) (?:is )?at"
    r" (\d{1,4}[a-zA-Z]? [A-Z][\w'-]{3,24}"
    r"(?: [A-Z][\w'-]{2,24}){0,2})",
)
_LIKE_DATE: Final = re.compile(
    r"(?<!\w)[A-Z][\w'-]{2,30}(?:straat|str\.?|laan|ln\.|weg|plein|kade|gracht|singel|dreef|hof|steeg|plantsoen|pad|dijk|"
    r"gaarde|rode|hove|horst|veld|park|poort|oord|erf|akker|zoom|kamp|burg|einde|eind) "
    r"\d{1,4} ?[-/] ?(?:\d{1,3}|[IVX]{1,4})(?![\w/-]|\.\d)"
)
"""A number with an addition that would be taken for a day of a month: `Dorpsweg 11-3`."""
_FIRST_HINT: Final = frozenset("rue avenue boulevard place chemin allée impasse quai cours at".split())
_LABELS: Final = frozenset("straat straatnaam street ulica straße strasse woonadres huisadres sokak calle".split())
_LABELLED: Final = re.compile(
    r"\b(?i:straat|straatnaam|street|ulica|straße|strasse|woonadres|huisadres|sokak|calle) ?: ?([A-Z][\w'-]{2,24}"
    r"(?: [A-Z][\w'-]{2,24}){0,3})(?:, ?(?:(?i:nr|nummer|huisnr|huisnummer)\.? ?:? ?)?(\d{1,4}[a-zA-Z]?)(?!\w))?"
)


def mark_streets_like_dates(reading: Reading) -> None:
    """Mark, before dates are looked for, streets whose number could be one: `Laan van ... 17/3`."""
    text = reading.text
    if not reading.figures or ("/" not in text and "-" not in text):
        return
    for match in matches_at(reading, _OPENED, _OPENERS):
        if match[1] and ("/" in match[1] or "-" in match[1]):
            reading.claim(*match.span(), "ADDRESS")
    if _PAIRED.search(text):
        for match in _LIKE_DATE.finditer(text):
            first = leftmost(reading, reading.word_at(match.start()))
            reading.claim(reading.starts[first], match.end(), "ADDRESS")


_PAIRED: Final = re.compile(r"[a-z.] \d{1,4} ?[-/] ?[\dIVX]")


def mark_opened_streets(reading: Reading) -> None:
    """Mark streets by their first word, by a label, and addresses that begin with their number."""
    for match in matches_at(reading, _OPENED, _OPENERS):
        inside = range(reading.word_at(match.start()), reading.word_at(match.end() - 1) + 1)
        place = any(reading.kept[index] == 3 for index in inside) or reading.words[inside[0]] in {"hof", "park"}
        if match[1] or not place:
            reading.claim(*match.span(), "ADDRESS")
    for match in _NUMBER_FIRST.finditer(reading.text) if reading.figures and reading.any_of(_FIRST_HINT) else ():
        reading.claim(*match.span(match.lastindex or 0), "ADDRESS")
    for match in matches_at(reading, _LABELLED, _LABELS) if ":" in reading.text else ():
        if not reading.kept[reading.word_at(match.start(1))]:
            reading.claim(*match.span(1), "ADDRESS")
            reading.claim(*match.span(2), "ADDRESS")


def mark_short_streets(reading: Reading) -> None:
    """Mark a street with its kind cut short and its number; a word that ends a sentence is none."""
    hinted = any(map(reading.low.__contains__, _SHORT_ENDS)) and _SHORT_HINT.search(reading.text)
    for match in _SHORT_STREET.finditer(reading.text) if hinted else ():
        index = reading.word_at(match.start("street"))
        word = reading.words[index] if index < len(reading.words) else ""
        if reading.flags[index] & (lex.WORD | lex.NAME | lex.FOREIGN | lex.KEEP) and not word.endswith("str"):
            continue
        reading.claim(*match.span(), "ADDRESS")
    reading.claim_each(matches_at(reading, _PREPOSED, _PREPOSITIONS), "ADDRESS")
    reading.claim_each(
        _CORNER_HOUSE.finditer(reading.text) if any(map(reading.low.__contains__, _CORNERS)) else (), "ADDRESS"
    )


def mark_dictated_postcodes(reading: Reading) -> None:
    """Mark `tweeduizend elf, G van Gerard, W van Willem` and the house number after it."""
    if "van" in reading.where and reading.any_of(_LETTERS) and _LETTER_OF.search(reading.text):
        for match in _DICTATED.finditer(reading.text):
            end = match.start(1) if match[1] else match.end()
            code = reading.text[match.start() : end].rstrip(", ")
            reading.claim(match.start(), match.start() + len(code.removesuffix("nummer").rstrip(" ,")), "POSTCODE")
            if match[1]:
                reading.claim(*match.span(1), "ADDRESS")
