# SPDX-License-Identifier: EUPL-1.2
"""Tells by its form whether an unlisted word is an origin, a belief or another ground: endings, compounds, slurs.

Claims nothing: the marker of kept words asks it.
"""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

INFLECTED: Final = frozenset({"pl", "uk", "ru", "tr", "de", "fr", "es"})
"""Languages that inflect the words of peoples."""
_ENDING: Final = re.compile(
    r".{3,}(?:isch|ische|ischen|aans|aanse|ees|ese|iër|iërs|talig|talige|discriminatie|fobie|fobe|foob|haat|"
    r"achtergrond|afkomst)"
)
_OPENING: Final = re.compile(
    r"(?:anti|pro|niet|oud|ex)?(?:moslim|hindoe|christen|boeddha|ramadan|islam|jode?n?|homo|trans|vrouwen|marokkanen|turken|polen|"
    r"vluchtelingen|asiel|leeftijds|zwangerschaps|discriminatie|racisme|rassen|geloofs|gender|hoofddoek|kopvod|"
    r"rolstoel|lhbt\w{0,5})\w{0,16}"
)
_STEM: Final = re.compile(
    r"(?:pol(?:sk|ak|k[aąięo]|ac[yh]|en[su]|nisch)|hol+[ae]nd|neder?land|niederl[aä]nd|n[eé]erland|niderland|"
    r"niemc|niemie|"
    r"ukra[iïy]|r[ou]s[js]|türk|turc|turk|turec|kürt|k[uo]erd|mar+o[ckq]+|europ|avrup|muzułm|m[uü]s[uü]lm|musul|"
    r"islam|żyd|"
    r"jüd|syri|syry|suriye|syr[ei]|afri[kc]|afryk|arab|arap|alman|deutsch|frans|franc|engels|angiel|span|español|"
    r"surin|antill?|antia|marok|roma?ni|rum[uä]n|rumen|bułg|bulg|albań|serb|somal|eritr|ghan|nigeri|pakist|"
    r"afgan|afghan|"
    r"ind[iy]|chin|çin|chiń|japan|latin|"
    r"украї|росі|росс|польщ|поляк|польс|нідерл|нидерл|голланд|німе|немец|німц|європ|европ|турец|турк|туреч|марок|сирі|"
    r"сири|араб|афри|мусульм|єврей|еврей|румун|ромськ)\w{1,9}"
)
"""Stems of peoples, countries and beliefs that other languages inflect."""
_GROUP: Final = re.compile(
    r"(?P<before>\w{2,16}?)(?:homo|flikker|nicht|lesbo|pot|janet|neger|nikker|roetmop|turk|marokkaan|marokkan|mocro|"
    r"polak|pool|pol|jood|jod|moslim|moslima|arabier|chinees|chinez|japanner|indo|molukker|surinamer|antilliaan|"
    r"antillian|hindoe|hindoestaan|koerd|syriër|afghaan|irakees|iraniër|somaliër|eritreeër|rus|oekraïner|bulgaar|"
    r"roemeen|roemen|zigeuner|buitenlander|allochtoon|allochton|migrant|vluchteling|asielzoeker|gehandicapt|"
    r"invalide|mongool|mongol|autist|transgender|trans|vrouw|moslima|katholiek|christen|bejaard)"
    r"(?:en|s|'s|e|es|je|jes|tje|tjes)?"
)
"""A group of people at the end of a compound: `bankmarokkaan`, `kankerhomo`."""
_CURSES: Final = frozenset(
    "kanker tering tyfus tyfes kut klote pleuris pokke pokken rot stink hoeren schijt vuil vuile vieze nep half "
    "knuffel bijstands bank straat dorps elite plofkip spijt".split()
)
_SPEAKING: Final = re.compile(r"(?:spreken|talig|klinken|stammi|achti|gezind|ogen|georiënteerd|georienteerd)\w{0,4}")
_SHORTEST_ORIGIN: Final = 5
_SHORTEST_MEDIUM: Final = 6
_LONGEST: Final = 32


def carries_ground(reading: Reading, word: str, flag: int, *, inflected: bool) -> bool:
    """Whether a word nobody keeps by name is an origin, a ground or of a place by its form."""
    if not flag and len(word) > 5 and _of_ground(reading, word):
        return True
    if word.startswith("\u0627\u0644") and reading.lexicon.flag(word[2:]) & lex.KEEP:
        return True
    if not flag & ~lex.FOREIGN and len(word) > 6 and _of_town(reading, word):
        return True
    return inflected and not flag & lex.NAME and len(word) > 4 and _STEM.fullmatch(word) is not None


def _of_ground(reading: Reading, word: str) -> bool:
    if _ENDING.fullmatch(word) or _OPENING.fullmatch(word) or _of_group(reading, word):
        return True
    if word.endswith(("je", "jes")) and _is_small_one(reading, word.removesuffix("s").removesuffix("je")):
        return True
    return len(word) > 8 and (_of_origin(reading, word) or _of_medium(reading, word))


def _is_small_one(reading: Reading, word: str) -> bool:
    """Whether a diminutive is of a people or another ground: `Marokkaantjes`, `turkje`."""
    return bool((reading.lexicon.flag(word) | reading.lexicon.flag(word.removesuffix("t"))) & lex.KEEP)


def _of_group(reading: Reading, word: str) -> bool:
    """Whether a word scolds or sorts a group of people: a curse or an ordinary word before who they are."""
    found = _GROUP.fullmatch(word)
    if found is None:
        return False
    before = found["before"]
    return before in _CURSES or (len(word) > 9 and bool(reading.lexicon.flag(before.removesuffix("s")) & lex.WORD))


def _of_origin(reading: Reading, word: str) -> bool:
    """Whether a word is an origin with a Dutch word after it: `Arabischklinkende`."""
    for cut in range(_SHORTEST_ORIGIN, min(len(word) - 3, _LONGEST)):
        origin = word[:cut]
        if origin[-1] in "sh" and reading.lexicon.flag(origin) & lex.KEEP and _SPEAKING.fullmatch(word[cut:]):
            return True
    return False


def _of_medium(reading: Reading, word: str) -> bool:
    """Whether a word is a medium or a body with a Dutch word after it: `Marktplaatsadvertentie`, `whatsappgroepje`."""
    for cut in range(_SHORTEST_MEDIUM, min(len(word) - 3, _LONGEST)):
        if reading.lexicon.flag(word[:cut]) & lex.GENERIC and reading.lexicon.flag(word[cut:]) & lex.WORD:
            return True
    return False


def _of_town(reading: Reading, word: str) -> bool:
    """Whether a word is made of a place nearby: `Rotterdamse`, `Amsterdammers`, `Hollandse`."""
    for ending in ("se", "er", "ers", "mer", "mers", "naar", "naren", "sche"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if reading.lexicon.flag(stem) & lex.TOWN or stem in reading.lexicon.local:
                return True
    return False
