# SPDX-License-Identifier: EUPL-1.2
"""Patterns of exact spots (`rij C, kraam 12`, `schuin tegenover de pomp`). Claims nothing."""

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
