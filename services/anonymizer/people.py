# SPDX-License-Identifier: EUPL-1.2
"""Gives the same person the same number, in any case, with any ending, by first name, surname or initials. Pure."""

from collections.abc import Sequence
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, Span
from services.anonymizer.recognisers.memory import folded

_NUMBERED: Final = frozenset({"PERSON", "ORGANISATION_SMALL"})


class _Party:
    """One person or organisation: the words it was called by, and its first given name."""

    __slots__ = ("given", "number", "words")

    def __init__(self, number: int) -> None:
        self.number = number
        self.words: set[str] = set()
        self.given = ""


def numbered(reading: Reading, spans: Sequence[Span]) -> list[int]:
    """For each span the number of its person or organisation, 0 for other kinds."""
    if not any(span.kind in _NUMBERED for span in spans):
        return [0] * len(spans)
    parties: dict[str, list[_Party]] = {"PERSON": [], "ORGANISATION_SMALL": []}
    index_of: dict[str, dict[str, list[_Party]]] = {"PERSON": {}, "ORGANISATION_SMALL": {}}
    numbers: list[int] = []
    for span in spans:
        if span.kind not in _NUMBERED:
            numbers.append(0)
            continue
        words = _called(reading, span)
        party = _same(words, index_of[span.kind])
        if party is None:
            party = _Party(len(parties[span.kind]) + 1)
            parties[span.kind].append(party)
        _learn(party, words, index_of[span.kind])
        numbers.append(party.number)
    return numbers


def _called(reading: Reading, span: Span) -> list[str]:
    """The words of a mention that tell who it is, without endings."""
    words: list[str] = []
    index = reading.word_at(span.start)
    while index < len(reading.words) and reading.starts[index] < span.end:
        word = reading.words[index].partition("'")[0] or reading.words[index]
        if not (reading.flags[index] & lex.PARTICLE and not reading.flags[index] & lex.STRONG):
            words.append(_base(word, reading))
        index += 1
    return words or [reading.text[span.start : span.end].lower()]


def _base(word: str, reading: Reading) -> str:
    """The word without accents, and without a genitive s when that leaves a listed name."""
    word = folded(word)
    if (
        len(word) > 4
        and word.endswith("s")
        and reading.lexicon.flag(word[:-1]) & lex.NAME
        and not reading.lexicon.flag(word) & lex.NAME
    ):
        return word[:-1]
    return word


def _same(words: list[str], known: dict[str, list[_Party]]) -> _Party | None:
    """The party these words call, if it was met before; the latest one when several fit."""
    for word in (words[-1], *words[:-1]):
        for party in reversed(known.get(word, ())):
            if _agrees(words, party):
                return party
    stem = words[-1][:5]
    if len(words) == 1 and len(words[0]) > 5:
        for party in reversed(known.get(f"{stem}*", ())):
            if any(_one_ending_apart(words[0], called) for called in party.words):
                return party
    return None


def _one_ending_apart(left: str, right: str) -> bool:
    shared = min(len(left), len(right)) - 1
    return abs(len(left) - len(right)) <= 3 and left[:shared] == right[:shared]


def _agrees(words: list[str], party: _Party) -> bool:
    """Whether the given names do not contradict each other."""
    if len(words) == 1 or not party.given:
        return True
    given = words[0]
    return (
        given == party.given
        or given in party.words
        or (party.given[0] == given[0] and min(len(given), len(party.given)) == 1)
    )


def _learn(party: _Party, words: list[str], known: dict[str, list[_Party]]) -> None:
    if len(words) > 1 and (not party.given or len(party.given) == 1):
        party.given = words[0]
    for word in words:
        if len(word) > 1 and word not in party.words:
            party.words.add(word)
            known.setdefault(word, []).append(party)
            if len(word) > 4:
                known.setdefault(f"{word[:5]}*", []).append(party)
