# SPDX-License-Identifier: EUPL-1.2
"""A text read once: words with what they are, and which characters are already claimed. Owns spans and their overlap.

Made per text and thrown away with it; never logged, never stored.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from services.anonymizer import lexicon as lex
from services.anonymizer.lexicon import Lexicon

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_OPENING: Final = frozenset(".!?\n;:•|*>=#\u2022")
_OPENING_ALONE: Final = frozenset('\n.;:|>=*#"')
"""Signs after which a word opens a sentence even when nothing else stands between."""
_FIGURE: Final = re.compile(r"[0-9]+")
_LOWER_SHARE: Final = 0.03
"""Below this share of mid-sentence capitals a text is read as written without capitals."""
_SHOUTED_SHARE: Final = 0.6
_LANGUAGE_SAMPLE: Final = 400
_LONGEST_ELISION: Final = 2
_SUFFIXES: Final = frozenset(
    "s in ın un ün nin nın nun nün i ı u ü yi yı yu yü a e ya ye da de ta te dan den tan ten la le yla yle".split()
)
"""What Dutch and Turkish put after a name and an apostrophe."""
_SOUNDS: Final = frozenset({"Th", "Ch", "Ph", "IJ", "St"})
_SHORT_GIVEN: Final = frozenset("Chr Joh Jac Wilh Tj Sj Kl Gerh Corn Alb Fred Ant Bern Herm Jos Nic".split())
"""Given names cut short before a surname: `Chr. van Dam`."""
_SHORT_REST: Final = 3
_SHORTEST_BROKEN: Final = 4

LOWER: Final = 0
CAPITAL: Final = 1
SHOUTED: Final = 2


class Span(NamedTuple):
    """A claimed stretch of the normalised text; `hint` is what a reader may still see of it."""

    start: int
    end: int
    kind: str
    hint: str = ""


@dataclass(slots=True)
class Reading:
    """Words of one text as parallel lists, and the spans claimed so far.

    `low` is the text in small letters (as long as the text, but for a dotted capital I), `figures` how many figures it
    holds, `numbered` the words with one, `where` each different word with its indexes, `vocabulary` these words as a
    set, since two sets meet at the length of the smaller one: by these a rule sees cheaply that it has nothing to do
    here.
    `starting` and `ending` hold the spans by where they start and end.
    `checks_left` bounds the costly look at misspellings, so that a text full of odd words takes no longer.
    """

    text: str
    low: str
    figures: int
    lexicon: Lexicon
    starts: list[int]
    ends: list[int]
    words: list[str]
    flags: list[int]
    cases: list[int]
    opens: list[bool]
    where: dict[str, list[int]]
    vocabulary: frozenset[str]
    numbered: list[int]
    claimed: bytearray
    taken: bytearray
    kept: bytearray
    spans: list[Span]
    loose: bytearray
    starting: dict[int, Span] = field(default_factory=dict)
    ending: dict[int, Span] = field(default_factory=dict)
    unsure: list[int] = field(default_factory=list)
    checks_left: int = 64
    language: str = "nl"
    lower_mode: bool = False

    @property
    def present(self) -> KeysView[str]:
        """The different words of the text."""
        return self.where.keys()

    def any_of(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands in the text."""
        return not words.isdisjoint(self.vocabulary)

    def indexes(self, words: frozenset[str]) -> list[int]:
        """Indexes of all words of the text that are among these, in order."""
        found = [self.where[word] for word in words.intersection(self.vocabulary)]
        return sorted(index for indexes in found for index in indexes)

    def figured(self) -> list[int]:
        """Indexes of the words that hold a figure and are not claimed yet."""
        if not self.figures:
            return []
        return [index for index in self.numbered if not self.taken[index]]

    def gap(self, index: int) -> str:
        """What stands between word `index` and the one before it."""
        return self.text[self.ends[index - 1] if index else 0 : self.starts[index]]

    def joined(self, index: int) -> bool:
        """Whether word `index` follows the one before it with nothing but a space, a hyphen or an initial's point."""
        if index <= 0 or index >= len(self.words):
            return False
        gap = self.text[self.ends[index - 1] : self.starts[index]]
        if gap in {" ", "-", " -", "- ", "  "}:
            return True
        return gap in {".", ". ", ".-"} and self.initial(index - 1)

    def initial(self, index: int) -> bool:
        """Whether the word is one capital letter (or two that stand for one sound), as an initial is."""
        word = self.text[self.starts[index] : self.ends[index]]
        if len(word) == 1:
            return word.isupper()
        return word in _SOUNDS or (word in _SHORT_GIVEN and self.text[self.ends[index] : self.ends[index] + 1] == ".")

    def free(self, start: int, end: int) -> bool:
        """Whether no character of the stretch is claimed."""
        return self.claimed.find(1, start, end) < 0

    def claim(self, start: int, end: int, kind: str, hint: str = "") -> bool:
        """Claim a stretch for a kind; False when a part of it was claimed before or it is empty."""
        if end <= start or self.claimed.find(1, start, end) >= 0:
            return False
        self.reserve(start, end)
        span = Span(start, end, kind, hint)
        self.spans.append(span)
        self.starting[start] = self.ending[end] = span
        return True

    def reserve(self, start: int, end: int) -> None:
        """Keep every rule away from a stretch without claiming it."""
        self.claimed[start:end] = b"\x01" * (end - start)
        first = bisect_left(self.ends, start + 1)
        last = bisect_left(self.starts, end)
        if last > first:
            self.taken[first:last] = b"\x01" * (last - first)

    def claim_words(self, first: int, last: int, kind: str, hint: str = "") -> bool:
        """Claim the words `first` up to and including `last`."""
        end = self.ends[last]
        if kind == "PERSON" and "'" in self.words[last]:
            end -= _suffix(self.words[last])
        return self.claim(self.starts[first], end, kind, hint)

    def claim_each(self, matches: Iterable[re.Match[str]], kind: str) -> None:
        """Claim what each match holds for a kind."""
        for match in matches:
            self.claim(*match.span(), kind)

    def person_ends(self, position: int) -> bool:
        """Whether the name of somebody found ends at a position."""
        span = self.ending.get(position)
        return span is not None and span.kind == "PERSON"

    def capital_after(self, index: int) -> bool:
        """Whether a word with a capital follows word `index`, with nothing between but a space or a hyphen."""
        return self.joined(index + 1) and bool(self.cases[index + 1])

    def word_at(self, position: int) -> int:
        """Index of the first word that ends after the position."""
        return bisect_left(self.ends, position + 1)

    def stem_flag(self, word: str) -> int:
        """Flags of a word or, when nobody listed it, of the word without its genitive or suffix after an apostrophe."""
        return _flag(word, self.lexicon)


def matches_at(
    reading: Reading, pattern: re.Pattern[str], words: frozenset[str], text: str | None = None
) -> Iterator[re.Match[str]]:
    """Matches of a pattern that opens with one of the words, looked for at those words only.

    `text` is the text of the reading with other characters in the same places, where a rule reads it so.
    """
    return matches_from(reading, pattern, reading.indexes(words), text)


def matches_at_figures(reading: Reading, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Matches of a pattern that opens with a figure, looked for at the words with one that are not claimed yet."""
    return matches_from(reading, pattern, reading.figured())


def matches_from(
    reading: Reading, pattern: re.Pattern[str], indexes: Iterable[int], text: str | None = None
) -> Iterator[re.Match[str]]:
    """Matches of a pattern that begins at one of these words; `text` as for `matches_at`."""
    seen = reading.text if text is None else text
    return filter(None, (pattern.match(seen, reading.starts[index]) for index in indexes))


def _suffix(word: str) -> int:
    """How many characters of a word are a suffix after an apostrophe: `'nın` of `Ria'nın`, nothing of `Ra'ed`."""
    name, _, rest = word.partition("'")
    return len(rest) + 1 if len(name) > _LONGEST_ELISION and rest in _SUFFIXES else 0


_STRESSED: Final = str.maketrans("áàéèíìóòúùêâô", "aaeeiioouueao")


def _unstressed(word: str) -> str:
    """The word without accents that only stress it: `dít`, `één`, `zó`."""
    return word.translate(_STRESSED)


def _broken_flag(word: str, flags: Mapping[str, int]) -> int | None:
    """Flags of a name or a much used word whose letters optical reading broke: `timrnerrnan`, `nurnrner`."""
    if len(word) < _SHORTEST_BROKEN or not ("rn" in word or "vv" in word or "cl" in word):
        return None
    found = flags.get(word.replace("rn", "m").replace("vv", "w").replace("cl", "d"), 0)
    return found if found & (lex.NAME | lex.FREQ | lex.FUNCTION) else None


def _flag(word: str, lexicon: Lexicon) -> int:
    flags = lexicon.flags
    found = flags.get(word, _broken_flag(word, flags))
    if found is not None:
        return found | (lex.KEEP if word in lexicon.local else 0)
    if word in lexicon.local:
        return lex.KEEP
    if not word.isascii():
        plain = flags.get(_unstressed(word), 0)
        if plain & lex.FREQ and not plain & lex.STRONG:
            return plain & ~lex.NAME
    stem, apostrophe, rest = word.partition("'")
    if apostrophe:
        return flags.get(stem, 0) if len(stem) > _LONGEST_ELISION else _elided(rest, flags)
    if word.endswith("s") and len(word) > 4:
        base = flags.get(word[:-1], 0)
        if base & (lex.NAME | lex.KEEP):
            return base & ~(lex.FUNCTION | lex.VERB | lex.SLOT)
    return 0


def read(text: str, lexicon: Lexicon) -> Reading:
    """The text as words with flags, ready for the recognisers."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    low = text.lower()
    if len(low) == len(text):
        words = [low[start:end] for start, end in spans]
    else:  # a dotted capital I grows by a dot when it is lowered
        words = [text[start:end].lower().replace("\u0307", "") for start, end in spans]
    where: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        if word in where:
            where[word].append(index)
        else:
            where[word] = [index]
    starts, ends = map(list, zip(*spans, strict=True)) if spans else ([], [])
    flags = _flags(where, len(words), lexicon)
    numbered = _numbered(words) if any(map(low.__contains__, "0123456789")) else []
    reading = Reading(
        text=text,
        low=low,
        figures=sum(map(len, _FIGURE.findall("".join([words[index] for index in numbered])))),
        lexicon=lexicon,
        starts=starts,
        ends=ends,
        words=words,
        flags=flags,
        cases=_cases(text, spans),
        opens=_opens(text, starts, ends, words, flags),
        where=where,
        vocabulary=frozenset(where),
        numbered=numbered,
        claimed=bytearray(len(text)),
        taken=bytearray(len(words)),
        kept=bytearray(len(words)),
        spans=[],
        loose=bytearray(len(words)),
    )
    _set_modes(reading)
    _set_loose(reading)
    return reading


def _numbered(words: list[str]) -> list[int]:
    """Indexes of the words that hold a figure."""
    return [index for index, word in enumerate(words) if not word.isalpha() and _FIGURE.search(word)]


def _flags(where: Mapping[str, list[int]], count: int, lexicon: Lexicon) -> list[int]:
    """The flags of each word of the text, looked up once for each different word."""
    flags = [0] * count
    lookup, local = lexicon.flags.get, lexicon.local
    for word, indexes in where.items():
        found = lookup(word)
        if found is None:
            if word.isdigit():
                continue
            found = _flag(word, lexicon)
        elif word in local:
            found |= lex.KEEP
        for index in indexes:
            flags[index] = found
    return flags


def _cases(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """How each word is written: small, with a capital (also after `d'`), or in capitals alone."""
    cases = [
        0 if not text[start].isupper() else SHOUTED if end - start > 1 and text[start:end].isupper() else CAPITAL
        for start, end in spans
    ]
    if "d'" in text:
        for index, (start, end) in enumerate(spans):
            if end - start > 2 and text[start] == "d" and text[start + 1] == "'" and text[start + 2].isupper():
                cases[index] = CAPITAL
    return cases


def _opens(text: str, starts: list[int], ends: list[int], words: list[str], flags: list[int]) -> list[bool]:
    """Which words open a sentence, a line or what somebody says."""
    opens = [False] * len(words)
    opens[:1] = [True] * bool(words)
    for index, (previous, start) in enumerate(zip(ends, starts[1:], strict=False), 1):
        sign = text[previous]
        if start - previous == 1:
            if sign != " " and sign in _OPENING_ALONE:
                opens[index] = sign != "." or not _abbreviated(words[index - 1], flags[index - 1])
            continue
        gap = text[previous:start]
        if gap.isspace() and "\n" not in gap:
            continue
        opens[index] = '"' in gap or (
            not _OPENING.isdisjoint(gap)
            and not (
                gap.lstrip(" ")[:1] == "." and "\n" not in gap and _abbreviated(words[index - 1], flags[index - 1])
            )
        )
    return opens


def _in_language(flag: int, closed_class: int) -> int:
    """Flags of a word in a text of another language: its small words are no names, listed names no Dutch words."""
    if closed_class:
        return flag & ~(lex.NAME | lex.CUE) | lex.FUNCTION
    if flag & lex.NAME and not flag & lex.FOREIGN:
        return flag & ~(lex.WORD | lex.FREQ)
    return flag


def _in_english(flag: int, closed_class: int) -> int:
    """Flags of a word in an English text: its small words are no names unless they are names there too (`Will`)."""
    return flag & ~(lex.NAME | lex.CUE) | lex.FUNCTION if closed_class and not flag & lex.STRONG else flag


def _set_loose(reading: Reading) -> None:
    """Note which words stand in a sentence that was begun without a capital: there capitals say nothing."""
    if reading.lower_mode:
        reading.loose[:] = b"\x01" * len(reading.loose)
        return
    openings = [index for index, opening in enumerate(reading.opens) if opening]
    for first, after in pairwise([*openings, len(reading.words)]):
        if reading.cases[first] == LOWER and reading.words[first][0].isalpha():
            reading.loose[first:after] = b"\x01" * (after - first)


def _abbreviated(word: str, flag: int) -> bool:
    """Whether a point after the word is part of it: a title, an initial, a known short form."""
    return (
        (len(word) == 1 and word.isalpha())
        or bool(flag & lex.TITLE)
        or word in {"st", "th", "ch", "nr", "mr", "v", "d", "geb", "tel", "bijv", "ca", "fa", "fam", "gebr"}
    )


def _elided(rest: str, flags: Mapping[str, int]) -> int:
    """Flags of `l'école`, `m'a` by what follows the apostrophe; a short rest is a small word."""
    return lex.FOREIGN if len(rest) < _SHORT_REST else flags.get(rest, 0)


@cache
def _bits(number: int) -> tuple[int, ...]:
    """The places of the ones of a number of languages."""
    return tuple(index for index in range(len(lex.LANGUAGES)) if number >> index & 1)


def _set_modes(reading: Reading) -> None:
    """Find out the language and whether capitals say anything in this text."""
    if reading.words:
        _set_language(reading)
        _set_case_mode(reading)


def _set_language(reading: Reading) -> None:
    """Find out the language, and read the flags as it does."""
    languages = reading.lexicon.languages
    counted = Counter(map(languages.get, reading.words[:_LANGUAGE_SAMPLE]))
    del counted[None]
    votes = [0] * len(lex.LANGUAGES)
    for bits, times in counted.items():
        for index in _bits(bits or 0):
            votes[index] += times
    best = votes.index(max(votes))
    if votes[best]:
        reading.language = lex.LANGUAGES[best]
    elif len(reading.words) >= 4:
        reading.language = "xx"
    if reading.language not in {"nl", "xx"}:
        bit = 1 << lex.LANGUAGES.index(reading.language)
        within = _in_english if reading.language == "en" else _in_language
        reading.flags = [
            within(flag, languages.get(word, 0) & bit) for word, flag in zip(reading.words, reading.flags, strict=True)
        ]


def _set_case_mode(reading: Reading) -> None:
    """Find out whether capitals say anything."""
    count = len(reading.words)
    capitals = sum([bool(case) and not opening for case, opening in zip(reading.cases, reading.opens, strict=True)])
    shouted = reading.cases.count(SHOUTED)
    if capitals < _LOWER_SHARE * count:
        reading.lower_mode = True
    elif count > 5 and (shouted > _SHOUTED_SHARE * count or capitals > _SHOUTED_SHARE * count):
        reading.lower_mode = True
        reading.cases = [LOWER] * count
