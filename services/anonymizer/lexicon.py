# SPDX-License-Identifier: EUPL-1.2
"""The table of words redaction judges by: what a word is, as bit flags. Owns the meaning of each flag.

Never reads a file (the `words` package loads the table) and never holds a word of a text under redaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Final

WORD: Final = 1 << 0  # Dutch dictionary word, lower case
FREQ: Final = 1 << 1  # one of the most used Dutch words
FIRST: Final = 1 << 2  # given name in a list
LAST: Final = 1 << 3  # surname in a list
STRONG: Final = 1 << 4  # a listed name that is no word of a report language
FOREIGN: Final = 1 << 5  # word of another report language
KEEP: Final = 1 << 6  # carries ground, terrain or setting
TOWN: Final = 1 << 7  # town, village, district
PARTICLE: Final = 1 << 8  # van, der, el, ben ...
TITLE: Final = 1 << 9  # mevrouw, dhr, Frau ...
SOFT_TITLE: Final = 1 << 10  # dokter, agent ...
ROLE: Final = 1 << 11  # collega, buurman, zoon ...
VERB: Final = 1 << 12  # finite verb with a person as subject
SLOT: Final = 1 << 13  # word after which a bare noun is odd
GREETING: Final = 1 << 14
CLOSING: Final = 1 << 15
INTRO: Final = 1 << 16  # heet, naam, called ...
LABEL: Final = 1 << 17  # a label before a colon that is no speaker
HEAD: Final = 1 << 18  # generic head noun of an organisation
TAIL: Final = 1 << 19  # last word of a firm's name
GENERIC: Final = 1 << 20  # media, days, measures ... often capitalised, never a person
MONTH: Final = 1 << 21
FUNCTION: Final = 1 << 22  # closed-class Dutch word
UNLIKELY: Final = 1 << 23  # in a name list, but nearly always an ordinary word
NUMBER: Final = 1 << 24  # number word
CALLED: Final = 1 << 25  # everyday word people are called by, which a sentence has with an article else
HUMAN: Final = 1 << 26  # finite verb in the singular that only a person can do
NAMELABEL: Final = 1 << 27  # label that a name follows: naam, melder, cc ...

NAME: Final = FIRST | LAST | STRONG
ORDINARY: Final = WORD | FOREIGN | GENERIC | FUNCTION
CUE: Final = TITLE | SOFT_TITLE | ROLE | INTRO | GREETING | CLOSING

CUE_FILES: Final[Mapping[str, int]] = {
    "titles": TITLE,
    "softtitles": SOFT_TITLE,
    "roles": ROLE,
    "verbs": VERB,
    "particles": PARTICLE,
    "slots": SLOT,
    "greetings": GREETING,
    "closings": CLOSING,
    "intros": INTRO,
    "speakers": LABEL,
    "heads": HEAD,
    "tails": TAIL,
    "generics": GENERIC,
    "months": MONTH,
    "numbers": NUMBER,
    "called": CALLED,
    "humanverbs": HUMAN,
    "namelabels": NAMELABEL,
}
"""Which flag each file of `words/cues/` gives."""

LANGUAGES: Final = ("nl", "en", "de", "fr", "tr", "pl", "es", "pap", "uk", "ru", "ar", "zh")
"""Order of the language bits in `Lexicon.languages`."""

_SHORTEST_SLIP: Final = 4
"""Words of more letters than this are known again with one left out."""
LIKELY_NAME: Final = 0.0
"""Border of `Lexicon.name_score`: above it an unknown word looks more like a name than like a word.

Chosen when the table is built, on words held apart from training."""


@dataclass(frozen=True, slots=True, repr=False)
class Lexicon:
    """Words and phrases with what they are; immutable and shared by all texts.

    `slips` are the much used words with one letter after the first left out, as they are mistyped.
    """

    flags: Mapping[str, int]
    languages: Mapping[str, int]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    grams: Mapping[str, int]
    bias: int = 0
    context: Mapping[str, int] = field(default_factory=dict)
    slips: frozenset[str] = frozenset()
    local: frozenset[str] = field(default_factory=frozenset)

    def flag(self, word: str) -> int:
        """All flags of a lower-case word; 0 for a word nobody listed."""
        return self.flags.get(word, 0)

    def name_score(self, word: str) -> float:
        """How much more a lower-case word looks like a name than like an ordinary word; 0 is undecided.

        Units: mean log-odds per letter group, as learned from the lists when the table was built.
        """
        padded = f"^{word[:24]}$"
        size = len(padded)
        pieces = [padded[start : start + width] for width in (2, 3, 4) for start in range(size - width + 1)]
        return (self.bias + sum(map(self.grams.get, pieces, repeat(0)))) / (16.0 * size)

    def with_local(self, keep: Iterable[str]) -> "Lexicon":
        """The same table with a municipality's own kept words: districts, neighbourhoods, its name."""
        phrases = dict(self.phrases)
        local: set[str] = set(self.local)
        for entry in keep:
            words = tuple(entry.lower().replace("-", " ").split())
            if len(words) == 1:
                local.add(words[0])
            elif words:
                longest_first = {*phrases.get(words[0], ()), words}
                phrases[words[0]] = tuple(sorted(longest_first, key=lambda phrase: (-len(phrase), phrase)))
        return replace(self, phrases=phrases, local=frozenset(local))


def slips_of(used: Iterable[str]) -> frozenset[str]:
    """The words with one letter after the first left out."""
    long = [word for word in used if len(word) > _SHORTEST_SLIP]
    return frozenset(word[:at] + word[at + 1 :] for word in long for at in range(1, len(word)))
