# SPDX-License-Identifier: EUPL-1.2
"""Marks streets cut short (`Bronkhorstl. 10`), houses by block or side, and postcodes said letter by letter."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

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


def mark_short_streets(reading: Reading) -> None:
    """Mark a street with its kind cut short and its number; a word that ends a sentence is none."""
    for match in _SHORT_STREET.finditer(reading.text) if _SHORT_HINT.search(reading.text) else ():
        index = reading.word_at(match.start("street"))
        word = reading.words[index] if index < len(reading.words) else ""
        if reading.flags[index] & (lex.WORD | lex.NAME | lex.FOREIGN | lex.KEEP) and not word.endswith("str"):
            continue
        reading.claim(*match.span(), "ADDRESS")
    for match in _PREPOSED.finditer(reading.text):
        reading.claim(*match.span(), "ADDRESS")
    for match in _CORNER_HOUSE.finditer(reading.text):
        reading.claim(*match.span(), "ADDRESS")


def mark_dictated_postcodes(reading: Reading) -> None:
    """Mark `tweeduizend elf, G van Gerard, W van Willem` and the house number after it."""
    if "van" in reading.present and _LETTER_OF.search(reading.text):
        for match in _DICTATED.finditer(reading.text):
            end = match.start(1) if match[1] else match.end()
            code = reading.text[match.start() : end].rstrip(", ")
            reading.claim(match.start(), match.start() + len(code.removesuffix("nummer").rstrip(" ,")), "POSTCODE")
            if match[1]:
                reading.claim(*match.span(1), "ADDRESS")
