# SPDX-License-Identifier: EUPL-1.2
"""Patterns of exact spots (`rij C, kraam 12`, `schuin tegenover de pomp`) and of rare trades. Claims nothing."""

import re
from typing import Final

NUMBERED_SPOTS: Final = frozenset(
    "box kraam rij baan veld kassa kluis kluisje sluis steiger ligplaats standplaats staanplaats kleedkamer "
    "tribune stal vak lokaal zaal".split()
)
_SPOT: Final = r"(?:" + "|".join(sorted(NUMBERED_SPOTS)) + r") (?:(?-i:[A-Z])\d{0,3}(?:\.\d{1,3})?|\d{1,3}[a-z]?)(?!\w)"
_THING: Final = r"(?:(?:de|het|een|'t|t|die|mijn|onze) )?[^\W\d_][\w'-]{2,30}"
_SIDE: Final = r"(?:links van|rechts van|naast|achter|tegenover|voor|bij|achterin|achteraan|vooraan)"
NUMBERED_SPOT: Final = re.compile(
    rf"\b(?:bij |op |in |aan )?(?:de )?{_SPOT}(?! ?(?:uur|jaar|keer|%|dagen|mensen|minuten|euro|op rij))"
    rf"(?:,? (?:en )?{_SPOT}){{0,2}}"
    rf"(?:,? {_SIDE}(?: {_THING})?)?",
    re.IGNORECASE,
)
BESIDE_WORDS: Final = frozenset("schuin pal recht hoek doel tussen".split())
BESIDE: Final = re.compile(
    rf"\b(?:schuin|pal|recht) (?:tegenover|achter|naast|voor|boven|onder|bij) {_THING}(?: (?-i:[A-Z])[\w'-]{{1,30}})?"
    rf"(?: op de hoek (?:bij|van|met|naast|tegenover) {_THING})?"
    rf"|\bop de hoek (?:bij|naast|tegenover) {_THING}(?:,? tussen {_THING} en {_THING})?"
    rf"|\bachter het doel(?: aan de kant van {_THING}(?: (?-i:[A-Z])[\w'-]{{1,30}})?)?",
    re.IGNORECASE,
)
RANKING: Final = frozenset("eerste laatste oudste jongste".split())
_TRADES: Final = (
    r"(?:maker|maakster|vlechter|vlechtster|wachter|bouwer|smid|schipper|visser|visserman|herder|molenaar|"
    r"mulder|beiaardier|"
    r"kapitein|rabbijn|imam|bakker|slager|leraar|lerares|docent|docente|arts|chauffeur|monteur|brandweervrouw|dirigent|"
    r"organist|danser|danseres|voetbalster|trainster|burgemeester|wethouder|piloot|loods|agente|rechter|notaris|"
    r"orgelbouwer|"
    r"boswachter|instrumentmaker|klompenmaker|kapster|kunstenares|schilder|schilderes)"
)
LAST_OF_A_TRADE: Final = re.compile(
    rf"\bde (?:eerste|laatste|oudste|jongste) (?:[a-zà-ÿ]{{3,20}}e )?[a-zà-ÿ]{{0,24}}{_TRADES} (?=(?:van|in|uit|"
    rf"op|die) )",
    re.IGNORECASE,
)
RARE_TRADES: Final = (
    "beiaardier torenwachter brugwachter sluiswachter molenaar havenmeester dijkgraaf stadsdichter strandvonder "
    "dorpsomroeper boswachter stadsgids doodgraver organist veerman veerschipper"
).split()
RARE_JOB: Final = re.compile(
    rf"\b[a-z]{{0,16}}(?:{'|'.join(RARE_TRADES)}) (?:in|op|van|te) (?:de |het |'t )?[^\W\d_][\w'-]{{2,30}}",
    re.IGNORECASE,
)
