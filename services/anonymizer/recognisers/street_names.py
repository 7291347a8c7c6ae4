# SPDX-License-Identifier: EUPL-1.2
"""Knows how a street's name looks: what it ends in, where it begins, which words announce it. Claims nothing."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading

SUFFIX: Final = re.compile(
    r".{2,40}(?:straat|str|laan|ln|weg|wg|plein|plaats|hof|hove|kade|gracht|singel|dijk|dreef|drift|pad|park|"
    r"steeg|poort|ring|wal|werf|oord|erf|veld|burg|rode|horst|donk|akker|tuin|heuvel|berg|bosch|bos|meer|"
    r"baan|boulevard|allee|allée|avenue|street|road|lane|strasse|straße|gasse|platz|zoom|brink|haven|waard|"
    r"weide|weerd|land|schans|vaart|stede|rade|kamp|hage|ruwaard|mark|stroom|wetering|wijk|zijde|rak|blok|eind|"
    r"einde|sloot)"
)
CAPITAL_ENDS: Final = (
    "kant",
    "gaarde",
    "meent",
    "gang",
    "hoek",
    "slag",
    "mient",
    "kamp",
    "rijn",
    "diep",
    "sluis",
    "terp",
)
"""Endings of streets that are also those of ordinary words: they count with a capital only."""
CUES: Final = frozenset(
    (
        "adres adresse address aan op te wonende woonachtig woon woont wonen wonend woonde nummer huisnummer "
        "bezoekadres postadres locatie straat woonadres wohne wohnt wohnhaft habite j'habite habitant ul ulica "
        "ulicy przy mieszkam adresim oturuyorum live living at"
    ).split()
)
LEFTWARDS: Final = 5
STREET_ADJECTIVES: Final = frozenset(
    "oude nieuwe lange korte hoge lage grote kleine kromme brede smalle groene rode witte zwarte sint achter voor "
    "boven beneden noorder zuider ooster wester".split()
)
"""First words of streets' names, also where a line begins with them."""
_FUNCTIONS: Final = frozenset(
    (
        "van der den de het ten ter 't 's la du des op 'd le st sint dr prof ds mr burg burgemeester koningin "
        "koning prins prinses pastoor generaal graaf president jan willem ir wethouder minister kon pr past v"
    ).split()
)


def located(reading: Reading, first: int) -> bool:
    """Whether `op de`, `van de`, `aan het` stands right before the word, as before a street."""
    return (
        first > 1
        and reading.words[first - 1] in {"de", "het", "'t"}
        and reading.words[first - 2] in {"op", "aan", "van", "in", "langs", "naar"}
        and reading.joined(first)
    )


def leftmost(reading: Reading, last: int) -> int:
    """Index of the first word that belongs to the street's name."""
    first = last
    while first > 0 and last - first < LEFTWARDS and reading.joined(first) and not reading.taken[first - 1]:
        before = reading.words[first - 1]
        capital = reading.cases[first - 1] >= CAPITAL and (
            not reading.opens[first - 1] or _opens_street(reading, first)
        )
        if (capital and not reading.flags[first - 1] & lex.TOWN) or (
            before in _FUNCTIONS and (_part_of_street(reading, first - 1) or _begins_line(reading, first - 1))
        ):
            first -= 1
        else:
            break
    while (
        first < last
        and reading.words[first] in {"de", "het", "der", "van", "op", "aan", "den", "la"}
        and reading.cases[first] < CAPITAL
    ):
        first += 1
    return first


def _opens_street(reading: Reading, first: int) -> bool:
    """Whether the first word of a line, before a small word of a street's name, belongs to it: `Ravelijn de ...`."""
    flag = reading.flags[first - 1]
    if reading.words[first - 1] in STREET_ADJECTIVES and reading.cases[first]:
        return True
    joint = (
        reading.words[first] in {"de", "van", "den", "der", "het", "op", "aan", "in", "v", "vd"}
        and not reading.cases[first]
    )
    return joint and not flag & (lex.FUNCTION | lex.VERB | lex.SLOT | lex.ROLE | lex.LABEL | lex.HEAD)


def _begins_line(reading: Reading, small: int) -> bool:
    """Whether a small word follows a street's first word at the start of a line."""
    return small > 0 and reading.cases[small - 1] > 0 and reading.opens[small - 1] and _opens_street(reading, small)


def _part_of_street(reading: Reading, index: int) -> bool:
    """Whether a small word stands between two words of a street's name, as in `Laan van de Vrede`."""
    if reading.words[index] not in {"van", "de", "der", "den", "het", "ter", "ten", "op", "'t", "la", "du"}:
        return True
    return any(
        reading.cases[at] >= CAPITAL or SUFFIX.fullmatch("xx" + reading.words[at]) is not None
        for at in range(max(0, index - 3), index)
        if not reading.opens[at] and reading.words[at] not in CUES
    )
