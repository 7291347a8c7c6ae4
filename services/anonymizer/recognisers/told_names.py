# SPDX-License-Identifier: EUPL-1.2
"""Marks names by the clause they stand in: doubted ones, maiden names, surnames that are everyday words."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.bare import UNINFLECTED
from services.anonymizer.recognisers.candidates import closed_off, is_finite

_NO_NAME: Final = lex.FUNCTION | lex.GENERIC | lex.TITLE | lex.HEAD | lex.NUMBER
_NO_BIRTH_NAME: Final = lex.FREQ | lex.FUNCTION | lex.TOWN | lex.MONTH | lex.NUMBER | lex.PARTICLE | lex.KEEP
_BORN: Final = frozenset({"geboren", "geb", "meisjesnaam", "née", "nee", "geborene"})
_CONJUNCTIONS: Final = frozenset({"en", "maar"})
_INTRODUCED: Final = (["naam", "is"], ["spreekt", "met"], ["ik", "ben"], ["een", "zekere"])
_SHORTEST_NOUN: Final = 3
_NO_NOUN: Final = ("en", "de", "te", "lijk", "er", "ens", "ig", "aal")
"""Ends of verbs, adjectives and adverbs."""
_CUT_ROLES: Final = frozenset("dir mgr coord teaml secr".split())
"""Roles cut short, with a point behind them."""
_IT_IS: Final = frozenset({"it's", "its", "that's"})
_FOLLOWED: Final = frozenset({",", ".", "!", "\n", ""})
_MOST_DOUBTED: Final = 3


def mark_told(reading: Reading) -> None:
    """Mark what the signs and words around a name tell, before capitals are judged."""
    if "?" in reading.text:
        _mark_doubted(reading)
    for index in reading.indexes(_BORN):
        _mark_born(reading, index)
    if reading.language == "en":
        _mark_english(reading)


def mark_surnames(reading: Reading) -> None:
    """Mark the everyday word that is the surname of somebody found: `peter kat zei`, `ik heet bert de smid`."""
    if reading.language != "nl" or not any(reading.loose):
        return
    for span in list(reading.spans):
        if span.kind == "PERSON":
            first, last = reading.word_at(span.start), reading.word_at(span.end - 1)
            following = last + 1
            if reading.joined(following) and reading.loose[last] and not reading.taken[following]:
                if reading.words[following] == "de":
                    _mark_after_article(reading, first, following)
                elif first == last and _is_noun(reading, following):
                    _mark_before_verb(reading, last)


def _mark_doubted(reading: Reading) -> None:
    """Mark the capitals somebody is not sure of, after who it is: `directeur (Blauw?)`, `de chef: Bea? Bep?`."""
    for index in range(len(reading.words) - 1):
        cut = reading.words[index] in _CUT_ROLES and reading.text.startswith(".", reading.ends[index])
        if not cut and not reading.flags[index] & (lex.ROLE | lex.SOFT_TITLE | lex.INTRO):
            continue
        following = index + 1
        if reading.gap(following) not in {" (", ". (", ": ", ", ", "? "}:
            continue
        while following < len(reading.words) and following - index <= _MOST_DOUBTED and _is_doubted(reading, following):
            reading.claim_words(following, following, "PERSON")
            following += 1


def _is_doubted(reading: Reading, index: int) -> bool:
    """Whether a capital has a question mark right behind it and can be a name."""
    doubted = reading.text.startswith("?", reading.ends[index]) and reading.cases[index] and not reading.taken[index]
    if not doubted or reading.kept[index] == 3:
        return False
    flag = reading.flags[index]
    if flag & (lex.FIRST | lex.LAST):
        return not reading.kept[index] or not flag & lex.TOWN
    bracketed = reading.gap(index).endswith("(") and not flag & (_NO_NAME | lex.FREQ)
    return not reading.kept[index] and (not flag or bracketed)


def _mark_born(reading: Reading, index: int) -> None:
    """Mark the surname somebody was born with: `geboren kaya`, `meisjesnaam: Vos`."""
    following = index + 1
    if following >= len(reading.words) or reading.taken[following]:
        return
    if reading.gap(following) not in {" ", ": ", ". "} or not closed_off(reading, following):
        return
    flag, named = reading.flags[following], reading.cases[following] or reading.loose[following]
    if named and flag & lex.LAST and not flag & _NO_BIRTH_NAME and not reading.kept[following]:
        reading.claim_words(following, following, "PERSON")


def _mark_english(reading: Reading) -> None:
    """Mark `it's Faith,` and `Hope's sister`: given names that are words, by what stands beside them."""
    for index in range(1, len(reading.words)):
        if not reading.cases[index] or reading.taken[index] or reading.kept[index] == 3:
            continue
        presented = reading.words[index - 1] in _IT_IS and reading.gap(index) == " "
        if (
            presented
            and reading.flags[index] & lex.FIRST
            and reading.text[reading.ends[index] : reading.ends[index] + 1] in _FOLLOWED
        ):
            reading.claim_words(index, index, "PERSON")
    for index in range(len(reading.words) - 1):
        word = reading.words[index]
        owner = word.endswith("'s") and reading.cases[index] and not reading.taken[index]
        if owner and reading.flags[index + 1] & lex.ROLE and _may_own(reading, word[:-2]):
            reading.claim_words(index, index, "PERSON")


def _may_own(reading: Reading, word: str) -> bool:
    """Whether a word before `'s` can be a given name, the modal verb among them."""
    return word == "will" or bool(reading.lexicon.flag(word) & lex.NAME)


def _mark_after_article(reading: Reading, first: int, article: int) -> None:
    """Claim `de smid` after a name that was introduced: nobody explains a trade right after saying how he is called."""
    surname = article + 1
    if not reading.joined(surname) or reading.taken[surname] or reading.kept[surname] == 3 or not first:
        return
    flag = reading.flags[surname]
    told = reading.flags[first - 1] & (lex.INTRO | lex.CLOSING) or reading.words[first - 1] in {"ene", "zekere"}
    if told and not flag & (_NO_NAME | lex.VERB | lex.ROLE) and closed_off(reading, surname):
        reading.claim_words(article, surname, "PERSON")


def _is_noun(reading: Reading, index: int) -> bool:
    """Whether a word can be an everyday noun, and by its form is no verb and no adverb."""
    flag, word = reading.flags[index], reading.words[index]
    barred = flag & (_NO_NAME | lex.VERB | lex.SLOT | lex.ROLE | lex.MONTH) or reading.kept[index] in {1, 3}
    if barred or reading.cases[index] or not flag & lex.WORD or len(word) < _SHORTEST_NOUN:
        return False
    return not word.endswith(_NO_NOUN) and not is_finite(reading, word)


def _mark_before_verb(reading: Reading, given: int) -> None:
    """Claim a word between a given name and the end of what it is in: before the verb of a clause the name opens, where
    Dutch has room for one phrase only, after `mijn naam is`, and a listed surname wherever the clause is closed.
    """
    surname, verb = given + 1, given + 2
    before = reading.words[given - 1] if given and reading.joined(given) else ""
    listed = reading.flags[surname] & lex.LAST and reading.words[surname] not in UNINFLECTED
    if _is_introduced(reading, given) or (listed and not reading.kept[surname]):
        named = closed_off(reading, surname)
    else:
        opening = reading.opens[given] or not before or before in _CONJUNCTIONS
        speaks = reading.joined(verb) and bool(reading.flags[verb] & lex.HUMAN)
        named = opening and speaks and not reading.kept[surname]
    if named:
        reading.claim_words(surname, surname, "PERSON")


def _is_introduced(reading: Reading, index: int) -> bool:
    """Whether `heet`, `mijn naam is`, `u spreekt met` comes right before the name."""
    if not index or not reading.joined(index):
        return False
    return bool(reading.flags[index - 1] & lex.INTRO) or reading.words[max(0, index - 2) : index] in _INTRODUCED
