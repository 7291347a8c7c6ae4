# SPDX-License-Identifier: EUPL-1.2
"""Marks words the context judge takes for names after the rules had their say. Owns its borders."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.context import is_candidate, score
from services.anonymizer.reading import SHOUTED, Reading
from services.anonymizer.recognisers.bare import UNCOUNTED
from services.anonymizer.recognisers.candidates import is_compound, is_inflected, is_participle, is_slip
from services.anonymizer.recognisers.memory import ARTICLES
from services.anonymizer.recognisers.names import extend

SURE: Final = 1.6
"""Log-odds from which a word is a name (0.9), chosen on texts the weights were not learned on."""
UNSURE: Final = -1.5
"""Log-odds from which a word that stays makes the text doubtful."""
BESIDE: Final = 0.0
"""Log-odds from which a word right beside a name belongs to it."""
DESPITE: Final = 4.0
"""Log-odds from which a kept word that is also a given name is that name."""
_SHORTEST: Final = 4
_THINGS: Final = ("nr", "nrs", "nummer", "nummers", "app", "chat", "bot", "lijn", "taxi", "formulier")
_MOST: Final = 400
_INFLECTED: Final = frozenset({"tr", "pl", "fr", "es", "de"})
_SUFFIXING: Final = frozenset({"tr", "xx", "pl", "fr", "es"})
"""Languages whose words are too many to list: there only a capital inside a sentence speaks for an unlisted name."""


def mark_judged(reading: Reading) -> None:
    """Mark what the judge is sure of, and the words beside it that go with it."""
    count = 0
    for index in _possible(reading):
        if reading.taken[index] or not is_candidate(reading, index):
            continue
        count += 1
        if count > _MOST:
            return
        found = score(reading, index)
        if found > SURE and _holds(reading, index):
            last = index
            while (
                last + 1 < len(reading.words)
                and reading.joined(last + 1)
                and not reading.taken[last + 1]
                and (_hyphened(reading, last + 1) or _goes_along(reading, last + 1))
            ):
                last += 1
            reading.claim_words(index, max(last, extend(reading, index, index)), "PERSON")
        elif found > UNSURE:
            reading.unsure.append(index)


def _possible(reading: Reading) -> list[int]:
    """Indexes of the words that are listed as a name, listed nowhere, or capitalised inside a sentence."""
    told = not reading.lower_mode
    return [
        index
        for index, flag in enumerate(reading.flags)
        if not flag or flag & lex.NAME or (told and reading.cases[index] and not reading.opens[index])
    ]


def _goes_along(reading: Reading, index: int) -> bool:
    """Whether a word right beside a name belongs to it."""
    return is_candidate(reading, index) and score(reading, index) > BESIDE


def _hyphened(reading: Reading, index: int) -> bool:
    """Whether a capitalised word hangs on to the name with a hyphen: `Zuid-Oost`."""
    return bool(reading.cases[index]) and reading.gap(index) == "-"


def _holds(reading: Reading, index: int) -> bool:
    """Whether nothing speaks against it: the word is kept, or a slip of the pen."""
    if len(reading.words[index]) < _SHORTEST and not reading.flags[index] & lex.NAME:
        return False
    if _is_plain(reading, index) if not reading.cases[index] else _is_capital_word(reading, index):
        return False
    if not reading.flags[index] and _of_unlisted_language(reading, index):
        return False
    if reading.opens[index] and _opens_as_word(reading, index):
        return False
    if reading.kept[index]:
        named = reading.flags[index] & lex.FIRST and reading.cases[index] and not reading.opens[index]
        return bool(named) and (reading.kept[index] == 2 or score(reading, index) > DESPITE)
    return bool(reading.flags[index]) or not is_slip(reading, reading.words[index])


def _is_capital_word(reading: Reading, index: int) -> bool:
    """Whether a word has its capital for another reason than being a name: a thing, a heading, the start of a note."""
    flag, word = reading.flags[index], reading.words[index]
    if flag & (lex.NAME | lex.CALLED) or not flag & lex.ORDINARY:
        return False
    cued = index and reading.flags[index - 1] & (lex.CUE | lex.NAMELABEL)
    return reading.cases[index] == SHOUTED or word.endswith(_THINGS) or (bool(flag & lex.FREQ) and not cued)


def _opens_as_word(reading: Reading, index: int) -> bool:
    """Whether the first word of a sentence has its capital from there: a compound, or an everyday word and no verb."""
    flag, word, following = reading.flags[index], reading.words[index], index + 1
    joined = reading.joined(following)
    if not flag:
        named = joined and (reading.flags[following] & lex.HUMAN or reading.cases[following])
        alone = not joined and "\n" in reading.gap(index) + "\n"[: index == 0]
        return word.endswith(_THINGS) or (is_compound(reading, word) and not named and not alone)
    if flag & lex.STRONG:
        return False
    subject = joined and (reading.flags[following] & lex.VERB or reading.cases[following])
    return bool(flag & (lex.ROLE | lex.GREETING)) or (bool(flag & lex.FREQ) and not flag & lex.CALLED and not subject)


def _is_plain(reading: Reading, index: int) -> bool:
    """Whether a word without a capital is an everyday one, one hardly anybody is called, or an English plural."""
    flag = reading.flags[index]
    if flag & lex.UNLIKELY and _beside_colon(reading, index):
        return True
    if reading.language in _INFLECTED and not reading.lower_mode:
        return True
    trade = "".join(reading.words[index + 1 : index + 2]) in {"worden", "geworden"}
    after = trade or (index > 0 and reading.words[index - 1] in ARTICLES)
    if flag & lex.ORDINARY and not flag & lex.STRONG and (after or reading.words[index] in UNCOUNTED):
        return True
    everyday = flag & lex.FUNCTION or (flag & lex.FREQ and flag & lex.UNLIKELY and not flag & lex.CALLED)
    if everyday and not flag & lex.STRONG and reading.language == "nl":
        return True
    if reading.language == "en" and not flag & lex.FIRST and is_inflected(reading, reading.words[index]):
        return True
    return _is_everyday(reading, index) if reading.loose[index] else _is_ordinary(reading, index)


def _beside_colon(reading: Reading, index: int) -> bool:
    """Whether a word is a label of its own, or the first one somebody says: `- wil: excuses`, `Klant: tas moest`."""
    return ":" in reading.gap(index) or reading.text[reading.ends[index] : reading.ends[index] + 1] == ":"


def _of_unlisted_language(reading: Reading, index: int) -> bool:
    """Whether a word of no list is more likely a word of a language that is listed in part; in German any noun is."""
    if reading.language == "de":
        return True
    return reading.language in _SUFFIXING and bool(reading.opens[index] or not reading.cases[index])


def _is_everyday(reading: Reading, index: int) -> bool:
    """Whether an English text has a word that is also a surname: without a capital it is the word."""
    flag = reading.flags[index]
    return reading.language == "en" and bool(flag & lex.FOREIGN) and not flag & (lex.FIRST | lex.STRONG)


def _is_ordinary(reading: Reading, index: int) -> bool:
    """Whether a word without a capital, in a sentence that has them, is a word: listed, a compound, or of a language
    whose words are not all known.
    """
    flag, word = reading.flags[index], reading.words[index]
    if flag & lex.ORDINARY:
        return True
    if flag:
        return False
    return reading.language not in {"nl", "en"} or is_compound(reading, word) or is_participle(word)
