# SPDX-License-Identifier: EUPL-1.2
"""Marks who holds a function a place has one of, rare trades, and people by what they always do."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.parts import claim_parts, description_end
from services.anonymizer.recognisers.runs import ends
from services.anonymizer.word_lists import listed, sections

_HOLDERS: Final = listed("functions", "holders")
_ENDS: Final = sections("functions")["ends"]
_NO_ENDS: Final = sections("functions")["no_ends"]
_OFFICES: Final = listed("functions", "offices")
_BEFORE: Final = listed("functions", "before")
_VIRTUAL: Final = listed("functions", "virtual")
_TRADES: Final = sections("functions")["trades"]
_RARE: Final = listed("functions", "rare")
_RARE_ENDS: Final = sections("functions")["rare"]
_LAST: Final = frozenset(word[-2:] for word in (*_HOLDERS, *_ENDS, *_RARE))
"""Last two letters of holders and rare trades: most words are ruled out by these."""
_PEOPLE: Final = listed("functions", "people")
_HABITS: Final = listed("functions", "habits")
_DOINGS: Final = listed("functions", "doings")
_HERE: Final = listed("functions", "here")
_INDEFINITE: Final = frozenset("een geen mijn jouw uw elke iedere welke onder tussen".split())
_PLAIN: Final = frozenset("school kantoor werk beroep dienst huis".split())
_OF: Final = frozenset("van bij in op aan te".split())
_REGULAR: Final = frozenset("elk elke ieder iedere".split())
_THAT: Final = frozenset({"die"})
_RANKS: Final = frozenset("eerste laatste oudste jongste dé".split())
_ARTICLES: Final = frozenset("de het onze ons deze dit 't dat die".split())
_SHORTEST_COMPOUND: Final = 8
_CLAUSE: Final = 90
_RELATIVE_END: Final = re.compile(r"[.,;:!?\n()\"]| (?:en|maar|want|dus|omdat) ")
_KIN: Final = re.compile(r".*(?:zoon|dochter|broer|zus|kind|neef|nicht)$")
_NO_OBJECT: Final = lex.VERB | lex.SLOT | lex.MONTH


def mark_holders(reading: Reading) -> None:
    """Mark holders of a function, rare trades, and people known by an office or by what they always do."""
    for word, indexes in reading.where.items():
        if word[-2:] not in _LAST:
            continue
        holder, rare = _is_holder(word), _is_rare(word)
        for index in indexes if holder or rare else ():
            if holder:
                _mark_holder(reading, index)
            if rare:
                _mark_rare(reading, index)
    for word in reading.where.keys() & _BY_WORD.keys():
        for index in reading.where[word]:
            _BY_WORD[word](reading, index)


def _is_rare(word: str) -> bool:
    return word in _RARE or (len(word) > _SHORTEST_COMPOUND and word.endswith(_RARE_ENDS))


def _is_holder(word: str) -> bool:
    if word in _HOLDERS:
        return True
    return len(word) >= _SHORTEST_COMPOUND and word.endswith(_ENDS) and not word.endswith(_NO_ENDS)


def _mark_holder(reading: Reading, holder: int) -> None:
    """Claim `jeugdvoorzitter van Oranje Zwart`, `directrice van de enige school in Oss`, `hoofd techniek van ...`."""
    field = holder + 1
    fielded = field < len(reading.words) and reading.joined(field) and reading.words[field] not in _OF
    plain = fielded and reading.flags[field] & (lex.FUNCTION | lex.VERB | lex.SLOT | lex.NAME | lex.ROLE)
    thing = _object(reading, field if fielded and not plain else holder)
    if thing and _is_this_one(reading, holder):
        end = description_end(reading, reading.starts[thing])
        claim_parts(reading, reading.starts[holder], end, "JOB_UNIQUE")


def _object(reading: Reading, holder: int) -> int:
    """Index of what a function is held of, or 0: `van de volkstuin`, but not `van een club`, `van de app`."""
    of, thing = holder + 1, holder + 2
    if thing >= len(reading.words) or not reading.joined(of) or not reading.joined(thing):
        return 0
    if reading.words[of] not in _OF or reading.cases[of]:
        return 0
    bare = reading.words[thing] not in _ARTICLES
    thing += not bare
    if thing >= len(reading.words) or not reading.joined(thing) or _is_no_body(reading, thing, bare=bare):
        return 0
    return thing


def _is_no_body(reading: Reading, thing: int, *, bare: bool) -> bool:
    """Whether a word is a number, a large body, an app, a place of work without a name or a small word."""
    word, flag = reading.words[thing], reading.flags[thing]
    if word[0].isdigit() or word in _VIRTUAL or (bare and word in _PLAIN and not reading.capital_after(thing)):
        return True
    if reading.kept[thing] in {1, 3} and not flag & (lex.HEAD | lex.TOWN) and ends(reading, thing):
        return True
    if reading.cases[thing]:
        return False
    small = flag & lex.FUNCTION and not flag & lex.PARTICLE
    return bool(small or (flag & _NO_OBJECT and not flag & lex.HEAD))


def _is_this_one(reading: Reading, holder: int) -> bool:
    """Whether what stands before a function says that it is this one, or nothing stands before it."""
    if not holder or reading.opens[holder] or reading.gap(holder).strip(" "):
        return True
    before = holder - 1
    if reading.words[before] in _BEFORE or (
        reading.flags[before] & lex.FUNCTION and reading.words[before] not in _INDEFINITE
    ):
        return True
    described = reading.words[before].endswith("e") and before > 0 and reading.joined(holder)
    return described and reading.words[before - 1] in {"de", "onze", "als", "het"}


def _mark_rare(reading: Reading, trade: int) -> None:
    """Claim `de beiaardier die op zaterdag in de Oude Kerk speelt`, `vuurtorenwachter op Schier`."""
    after = trade + 1
    if after >= len(reading.words) or not reading.joined(after):
        return
    if reading.words[after] == "die":
        end = _relative_end(reading, after)
        claim_parts(reading, reading.starts[trade], end, "JOB_UNIQUE")
    elif _object(reading, trade):
        claim_parts(reading, reading.starts[trade], description_end(reading, reading.starts[after + 1]), "JOB_UNIQUE")


def _mark_ranked(reading: Reading, rank: int) -> None:
    """Claim `laatste touwslager van de werf`, `de jongste machinist van het bedrijf`, `dé hoefsmid van het dorp`."""
    trade = rank + 1
    if trade < len(reading.words) and reading.joined(trade) and reading.words[trade].endswith("e"):
        trade += 1
    if trade >= len(reading.words) or not reading.joined(trade):
        return
    word = reading.words[trade]
    if not (word.endswith(_TRADES) or _is_holder(word)) or _KIN.match(word) or not _object(reading, trade):
        return
    claim_parts(reading, reading.starts[rank], description_end(reading, reading.starts[trade + 2]), "JOB_UNIQUE")


def _mark_known_by(reading: Reading, office: int) -> None:
    """Claim `de wethouder met de rode cabrio`, `de burgemeester die zelf de trouwerijen doet`."""
    after, start = office + 1, office
    if after + 1 >= len(reading.words) or not reading.joined(after) or not reading.joined(after + 1):
        return
    known = reading.words[after] == "met" and reading.words[after + 1] in {"de", "het", "een", "zijn", "haar", "die"}
    if known:
        noun = after + 2
        if reading.joined(noun + 1) and reading.words[noun].endswith("e"):
            noun += 1
        if noun < len(reading.words) and reading.joined(noun):
            claim_parts(reading, reading.starts[start], reading.ends[noun], "JOB_UNIQUE")
    elif reading.words[after] == "die" and reading.words[after + 1] in _HABITS:
        claim_parts(reading, reading.starts[start], _relative_end(reading, after), "JOB_UNIQUE")


def _mark_doer(reading: Reading, person: int) -> None:
    """Claim `die gozer met de twee honden die altijd de orgelbus rijdt`, `de man die elk jaar de Sint speelt`."""
    index, last = person + 1, min(person + 9, len(reading.words) - 1)
    while index < last and reading.joined(index):
        if reading.words[index] == "die" and reading.words[index + 1] in _HABITS:
            end = _relative_end(reading, index)
            verb = reading.word_at(end - 1)
            if _does(reading, index, min(verb, len(reading.words) - 1)):
                claim_parts(reading, reading.starts[person], end, "JOB_UNIQUE")
            return
        if index == person + 1 and reading.words[index] != "met":
            return
        index += 1


def _does(reading: Reading, relative: int, verb: int) -> bool:
    """Whether a clause tells of a task: by its verb, or by what is done on a fixed day (`elke zaterdag de klok`)."""
    word = reading.words[verb]
    if word in _DOINGS:
        return True
    regular = reading.words[relative + 1] in _REGULAR and reading.words[relative + 2 : relative + 3] != ["keer"]
    thing = verb - relative > 4 and reading.words[verb - 2] in {"de", "het"} and len(reading.words[verb - 1]) > 5
    return regular and thing and word.endswith("t")


def _relative_end(reading: Reading, relative: int) -> int:
    """Where a clause that opens with `die` ends."""
    start = reading.starts[relative]
    match = _RELATIVE_END.search(reading.text, start, start + _CLAUSE)
    if match is not None:
        return match.start()
    return reading.ends[reading.word_at(min(len(reading.text), start + _CLAUSE)) - 1]


def _mark_that_worker(reading: Reading, that: int) -> None:
    """Claim `die buschauffeur met het houten been`: a trade that is pointed at, with what marks the person."""
    trade, noun = that + 1, that + 4
    if noun >= len(reading.words) or not reading.words[trade].endswith(_TRADES) or not reading.joined(trade):
        return
    if reading.words[trade + 1] != "met" or reading.words[trade + 2] not in {"de", "het", "een", "zijn", "haar", "die"}:
        return
    if reading.words[noun].endswith("e") or reading.words[noun].endswith("en"):
        noun += noun + 1 < len(reading.words) and reading.joined(noun + 1)
    claim_parts(reading, reading.starts[trade], reading.ends[noun], "JOB_UNIQUE")


def _mark_here(reading: Reading, here: int) -> None:
    """Claim `schaatsenmaker aldaar`."""
    if here and reading.words[here - 1].endswith(_TRADES) and reading.joined(here):
        claim_parts(reading, reading.starts[here - 1], reading.ends[here], "JOB_UNIQUE")


_BY_WORD: Final[Mapping[str, Callable[[Reading, int], None]]] = {
    word: mark
    for words, mark in (
        (_OFFICES, _mark_known_by),
        (_PEOPLE, _mark_doer),
        (_RANKS, _mark_ranked),
        (_HERE, _mark_here),
        (_THAT, _mark_that_worker),
    )
    for word in words
}
"""What is tried at each word; no word is in two of the lists."""
