# SPDX-License-Identifier: EUPL-1.2
"""Words that reviewers marked, so that they are hidden from then on: known only as keyed hashes, per municipality.

Pure. Never holds a word in a form that can be read back; without the key nothing can be tested against the list.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, NewType

from services.anonymizer.normalise import normalise
from services.anonymizer.redacting import Redacted, hidden

WordHash = NewType("WordHash", str)
KIND: Final = "GEMARKEERD"
LONGEST: Final = 4  # a longer stretch says something about one case; it would never come back word for word
SHORTEST_WORD: Final = 3
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class LearnedPhrase:
    """A phrase to hide: the hash of its first word, by which it is looked up, and that of the whole."""

    first: WordHash
    whole: WordHash


def tokens(text: str) -> list[str]:
    """The words of a text in one spelling: lower case, composed, no invisible characters."""
    return [match.group().lower() for match in _WORD.finditer(normalise(text).text)]


def learnable(words: Sequence[str], unlisted: Mapping[str, bool]) -> bool:
    """Whether a marked stretch may be hidden wherever it stands: short, and not made of ordinary words alone.

    Someone who marks "de kapper" means that one; hiding every "kapper" would hide what the case is about.
    """
    return 0 < len(words) <= LONGEST and any(unlisted.get(word, False) and len(word) >= SHORTEST_WORD for word in words)


def phrase(words: Sequence[str], *, municipality: str, key: bytes) -> LearnedPhrase:
    """The words as a phrase that is known by its hashes only."""
    return LearnedPhrase(_hash(words[:1], municipality, key), _hash(words, municipality, key))


def word_hash(word: str, *, municipality: str, key: bytes) -> WordHash:
    """A word or phrase of the closed list as it is known in the list of what was put back."""
    return _hash(tokens(word), municipality, key)


def hide_learned(
    redacted: Redacted, phrases: Mapping[WordHash, Set[WordHash]], *, municipality: str, key: bytes
) -> Redacted:
    """The text with every learned phrase hidden. `phrases` gives per first word the wholes that start with it."""
    if not phrases:
        return redacted
    normalised = normalise(redacted.text)
    found = list(_WORD.finditer(normalised.text))
    words = [match.group().lower() for match in found]
    stretches = []
    for index, word in enumerate(words):
        wholes = phrases.get(_hash([word], municipality, key))
        if wholes:
            for length in range(min(LONGEST, len(words) - index), 0, -1):
                if _hash(words[index : index + length], municipality, key) in wholes:
                    start, end = found[index].start(), found[index + length - 1].end()
                    stretches.append(normalised.original(start, end))
                    break
    return hidden(redacted, stretches, kind=KIND)


def by_first(phrases: Iterable[LearnedPhrase]) -> dict[WordHash, set[WordHash]]:
    """The phrases, to be looked up by their first word."""
    found: dict[WordHash, set[WordHash]] = {}
    for one in phrases:
        found.setdefault(one.first, set()).add(one.whole)
    return found


def _hash(words: Sequence[str], municipality: str, key: bytes) -> WordHash:
    said = f"{municipality}\0{' '.join(words)}".encode()
    return WordHash(hashlib.blake2b(said, key=key, digest_size=16, person=b"learned-words").hexdigest())
