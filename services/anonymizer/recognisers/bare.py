# SPDX-License-Identifier: EUPL-1.2
"""Marks everyday words that are names, in texts without capitals, where Dutch has no such word without an article.

`koning zei dat`, `tegen roos`, `met mij vink`, `aan de jong verteld`: the syntax decides, not the word.
"""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import closed_off, is_adjective, is_participle
from services.anonymizer.recognisers.memory import ARTICLES
from services.anonymizer.recognisers.names import extend

_MAY: Final = lex.CALLED | lex.FIRST | lex.LAST
_BARRED: Final = lex.TITLE | lex.MONTH | lex.NUMBER | lex.GENERIC | lex.SLOT | lex.KEEP | lex.INTRO
_OPENERS: Final = frozenset(
    "en want toen dat omdat maar of als waarop terwijl dus daarna vervolgens gisteren vandaag ook alleen zelfs".split()
)
_BARE_AFTER: Final = frozenset({"tegen", "volgens", "namens", "jegens"})
"""Prepositions before persons: a bare word after them that can be a name is one."""
_BESIDE: Final = frozenset({"aan", "met", "door", "naast", "zonder", "bij", "van", "voor"})
UNINFLECTED: Final = frozenset("jong wit groot bruin zwart grijs rood groen wild klein lang kort dik".split())
"""Adjectives that take an ending after `de`: without it they are surnames."""
_MODALS: Final = frozenset({"wil"})
"""Names that are a modal verb: before another finite verb or after a preposition they are no verb."""
UNCOUNTED: Final = frozenset("storm zon zomer winter lente regen wind sneeuw hoop lief liefde vrede vuur zee".split())
"""Words people are called by that a sentence has without an article as well: names only before a person's verb."""
_NO_NICKNAME: Final = lex.FREQ | lex.FUNCTION | lex.VERB | lex.ROLE | lex.HEAD | lex.LABEL | lex.SOFT_TITLE | lex.TOWN
_ROLES_AND_BODIES: Final = (
    *("en", "er", "ster", "or", "eur", "ist", "ant", "ent", "aar", "ing", "ie", "heid", "schap", "dienst", "raad"),
    *("team", "bestuur", "huis", "zaken", "man", "vrouw", "baas", "hoofd", "arts", "kracht", "school", "groep", "s"),
)
"""Ends of words for who does a job or for a body: notes have them without an article too."""
_LONGEST: Final = 12
_SAID: Final = frozenset({"zei", "zegt", "riep", "vroeg"})
_ME: Final = (["mij"], ["me"], ["mijn"], ["ons"], ["haar"], ["hem"])
_BEFORE_ROLES: Final = frozenset({"en", "of", *_BARE_AFTER, *_BESIDE})
_WHOSE: Final = frozenset("mijn mn m'n zijn z'n zn haar onze ons hun je jouw uw de die".split())


def mark_bare(reading: Reading) -> None:
    """Mark everyday words that stand where only a name can."""
    if reading.language != "nl":
        return
    for index, flag in enumerate(reading.flags):
        if not flag & _MAY or reading.taken[index] or reading.cases[index]:
            continue
        if _beside_me(reading, index):
            reading.claim_words(index, index, "PERSON")
        elif reading.loose[index]:
            _judge(reading, index, flag)


def mark_nicknames(reading: Reading) -> None:
    """Mark a rare word that stands more than once, never with an article, and once where only a name can."""
    if reading.language != "nl" or not any(reading.loose):
        return
    for word, indexes in reading.where.items():
        if len(indexes) > 1 and _may_be_nickname(reading, indexes[0], word):
            free = [index for index in indexes if not reading.taken[index]]
            bare = all(_is_bare(reading, index) for index in indexes)
            if bare and any(_surely(reading, index) for index in free):
                for index in free:
                    reading.claim_words(index, index, "PERSON")


def _may_be_nickname(reading: Reading, index: int, word: str) -> bool:
    """Whether a rare word is neither a role nor a body by its ending, so that it can be what somebody is called."""
    flag = reading.flags[index]
    if flag & (_BARRED | _NO_NICKNAME) or reading.kept[index] or not 3 <= len(word) <= _LONGEST:
        return False
    return word.isalpha() and not word.endswith(_ROLES_AND_BODIES)


def _is_bare(reading: Reading, index: int) -> bool:
    """Whether no article, figure or adjective comes right before the word."""
    if not index or not reading.joined(index):
        return True
    before = reading.words[index - 1]
    return before not in ARTICLES and not before[0].isdigit() and not is_adjective(reading, index - 1)


def _surely(reading: Reading, index: int) -> bool:
    """Whether the word is who says something, or who it is said to."""
    if not reading.loose[index] or reading.cases[index]:
        return False
    before = reading.words[index - 1] if reading.joined(index) else ""
    if _speaks_next(reading, index):
        return not before or reading.opens[index] or before in _OPENERS
    if before in _BARE_AFTER:
        return closed_off(reading, index)
    return before in _SAID and closed_off(reading, index)


def _judge(reading: Reading, index: int, flag: int) -> None:
    word = reading.words[index]
    if word in UNINFLECTED:
        if _uninflected(reading, index):
            reading.claim_words(index - 1, index, "PERSON")
        return
    if word in _MODALS:
        named = _modal_is_name(reading, index)
    elif reading.kept[index]:
        named = bool(flag & lex.FIRST) and reading.kept[index] != 3 and _surely(reading, index)
    else:
        named = _may_be_called(flag) and _stands_bare(reading, index, flag)
    if named:
        reading.claim_words(index, extend(reading, index, index), "PERSON")


def _beside_me(reading: Reading, index: int) -> bool:
    """Whether somebody is named beside the writer: `tegen mo en mij`."""
    told = index > 0 and reading.words[index - 1] in _BARE_AFTER and reading.joined(index)
    return told and reading.words[index + 1 : index + 2] == ["en"] and reading.words[index + 2 : index + 3] in _ME


def _may_be_called(flag: int) -> bool:
    """Whether an everyday word is one that people are called by."""
    if flag & (_BARRED | lex.FUNCTION):
        return False
    if flag & lex.CALLED:
        return True
    return not flag & (lex.ROLE | lex.HEAD | lex.VERB | lex.SOFT_TITLE | lex.FREQ)


def _stands_bare(reading: Reading, index: int, flag: int) -> bool:
    before = reading.words[index - 1] if reading.joined(index) else ""
    if _speaks_next(reading, index):
        return not before or reading.opens[index] or before in _OPENERS
    counted = flag & lex.CALLED and reading.words[index] not in UNCOUNTED
    if counted and (not before or reading.opens[index] or before in _OPENERS) and _acts_next(reading, index):
        return True
    if not before:
        return False
    if before in _BARE_AFTER and reading.words[index] not in UNCOUNTED:
        return _closed(reading, index)
    if flag & (lex.CALLED | lex.FIRST) and _is_presented(reading, index, before):
        return True
    return bool(counted) and before in _BESIDE and _closed(reading, index)


def _speaks_next(reading: Reading, index: int) -> bool:
    following = index + 1
    return reading.joined(following) and bool(reading.flags[following] & lex.HUMAN)


def _acts_next(reading: Reading, index: int) -> bool:
    """Whether a finite verb in the singular comes right after, so that the word is a subject without an article."""
    following = index + 1
    verb = reading.joined(following) and reading.flags[following] & lex.VERB
    return bool(verb) and not reading.words[following].endswith("en")


def _closed(reading: Reading, index: int) -> bool:
    """Whether the words that belong together end here: a verb or a small word follows, or nothing."""
    following = index + 1
    if closed_off(reading, index):
        return True
    word = reading.words[following]
    return is_participle(word) or (word.endswith("en") and bool(reading.flags[following] & lex.FREQ))


def _is_presented(reading: Reading, index: int, before: str) -> bool:
    """Whether somebody gives the word as a name: `met mij roos`, `mijn collega beer zei`, `zei wolf toen`."""
    earlier = reading.words[index - 2] if index > 1 else ""
    if before in {"mij", "hier"} and (earlier == "met" or reading.opens[index - 1]):
        return True
    flag = reading.flags[index - 1]
    if flag & lex.ROLE and not flag & lex.FUNCTION:
        return (earlier in _WHOSE or earlier in _BEFORE_ROLES or reading.opens[index - 1]) and closed_off(
            reading, index
        )
    if flag & (lex.GREETING | lex.CLOSING) and (reading.opens[index - 1] or flag & lex.CLOSING):
        return _closed(reading, index)
    said = flag & lex.HUMAN and flag & lex.VERB
    return bool(said) and closed_off(reading, index) and not reading.flags[index] & lex.FOREIGN


def _modal_is_name(reading: Reading, index: int) -> bool:
    """Whether `wil` is somebody: before a finite verb, or after a preposition."""
    before = reading.words[index - 1] if reading.joined(index) else ""
    following = index + 1
    after = reading.words[following] if reading.joined(following) else ""
    if before in _BARE_AFTER or before in _BESIDE:
        return after not in {"en", "van"} or reading.words[following + 1 : following + 2] != ["dank"]
    if before in {"heet", "heette", "genaamd"}:
        return True
    finite = after and reading.flags[following] & lex.VERB and not after.endswith("en") and after not in _MODALS
    return bool(finite) and (not before or reading.opens[index] or before in _OPENERS)


def _uninflected(reading: Reading, index: int) -> bool:
    """Whether `de jong` is a surname: an adjective after `de` would have an ending here."""
    if not reading.joined(index) or reading.words[index - 1] != "de" or reading.taken[index - 1]:
        return False
    before = reading.words[index - 2] if index > 1 and reading.joined(index - 1) else ""
    placed = before in _BARE_AFTER or before in _BESIDE
    return _closed(reading, index) if placed else closed_off(reading, index)
