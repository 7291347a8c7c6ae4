# SPDX-License-Identifier: EUPL-1.2
"""Marks organisations with a figure in their name (`Bloom4U`), and a proper name after `bij de`, `bestuur van de`."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.runs import STOP, adjacent, name_from
from services.anonymizer.word_lists import listed

_WITH_FIGURE: Final = re.compile(
    r"(?<![\w@.#/-])(?:[A-Za-z]{3,20}\d{1,2}[A-Za-z]{1,16}|[A-Z][a-z]{1,12}[A-Z][a-z]{1,12}\d{1,3})(?![\w@/-])"
)
_AFTER_HEAD: Final = re.compile(r"[A-Za-z]{2,16}\d{1,3}|\d{1,2}[a-z]{3,16}", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"(?:covid|groep|klas|lijn|vmbo|havo|windows|jaar|euro|week|dag|kamer|maart|mei)\d", re.IGNORECASE
)
_OF: Final = listed("bonds", "of")
_ARTICLES: Final = frozenset({"de", "het", "'t"})
_BODIES: Final = lex.GENERIC | lex.HEAD | lex.ROLE | lex.TITLE | lex.KEEP | lex.TOWN | lex.MONTH | lex.SOFT_TITLE


def mark_brands(reading: Reading) -> None:
    """Mark names with a figure in them and names after an article that only an organisation has."""
    if not all(reading.words[index].isdigit() for index in reading.figured()):
        for match in _WITH_FIGURE.finditer(reading.text):
            if _PLAIN.match(match.group()) is None:
                reading.claim(*match.span(), "ORGANISATION_SMALL")
        _mark_after_heads(reading)
    if not reading.lower_mode:
        _mark_after_article(reading)


def _mark_after_heads(reading: Reading) -> None:
    """Mark a word with a figure right after what an organisation is: `Loungecafé 7even`, `Padelclub Bounce9`."""
    for index in reading.figured():
        word = reading.words[index]
        follows = index > 0 and reading.gap(index) == " " and not word.isdigit()
        if follows and reading.flags[index - 1] & lex.HEAD and _AFTER_HEAD.fullmatch(word) and not _PLAIN.match(word):
            reading.claim_words(index, index, "ORGANISATION_SMALL")


def _mark_after_article(reading: Reading) -> None:
    """Mark `bij de Wolfskuil`, `het bestuur van het Anker`."""
    for article in reading.indexes(_ARTICLES):
        index = article + 1
        if article < 1 or index >= len(reading.words) or not reading.cases[index] or reading.cases[article]:
            continue
        before = reading.words[index - 2]
        of = index > 2 and before == "van" and reading.words[index - 3] in _OF
        if (
            (before not in {"bij", "naar"} and not of)
            or reading.taken[index]
            or reading.kept[index]
            or not reading.joined(index)
        ):
            continue
        named = adjacent(reading, index + 1) and reading.cases[index + 1] and not reading.kept[index + 1]
        barred = reading.flags[index] & (_BODIES if named else STOP | _BODIES)
        if len(reading.words[index]) > 3 and not barred and adjacent(reading, index):
            reading.claim_words(index - 1, name_from(reading, index), "ORGANISATION_SMALL")
