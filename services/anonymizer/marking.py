# SPDX-License-Identifier: EUPL-1.2
"""What a reviewer does to a redacted text: take more out of it, or put an ordinary word back.

Pure. Owns where words begin and end for whoever points at them. What was hidden is known to nobody any more, so a word
that is put back is the reviewer's own, from a closed list; never a piece of the first text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.anonymizer.redacting import Placeholder, Redacted

PUT_BACK: Final = "TERUGGEZET"
_WORD: Final = re.compile(r"\w(?:\S*\w)?")
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it is shown. `index` counts the placeholders; None for what was not taken out."""

    start: int
    end: int
    text: str
    kind: str = ""
    index: int | None = None
    is_word: bool = False


def pieces(redacted: Redacted) -> Iterator[Piece]:
    """The whole text in pieces: placeholders, words that can be pointed at, and what stands between.

    >>> [one.text for one in pieces(Redacted("Zie [DATUM], Jan!", (Placeholder(4, 11, "DATE"),), ()))]
    ['Zie', ' ', '[DATUM]', ', ', 'Jan', '!']
    """
    at = 0
    for index, one in enumerate(redacted.placeholders):
        yield from _words(redacted.text, at, one.start)
        yield Piece(one.start, one.end, redacted.text[one.start : one.end], one.kind, index)
        at = one.end
    yield from _words(redacted.text, at, len(redacted.text))


def _words(text: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for match in _WORD.finditer(text, start, end):
        if match.start() > at:
            yield Piece(at, match.start(), text[at : match.start()])
        yield Piece(*match.span(), match.group(), is_word=True)
        at = match.end()
    if at < end:
        yield Piece(at, end, text[at:end])


def joined(text: str, chosen: Iterable[Stretch]) -> list[Stretch]:
    """The chosen words, those with only spaces between them as one stretch: a first and a last name are one phrase."""
    found: list[Stretch] = []
    for start, end in sorted(set(chosen)):
        if found and text[found[-1][1] : start].strip() == "":
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def everywhere(text: str, stretches: Iterable[Stretch]) -> list[Stretch]:
    """These stretches, and every other place where the same words stand."""
    found: set[Stretch] = set()
    for start, end in stretches:
        words = re.escape(text[start:end])
        found.add((start, end))
        found.update(match.span() for match in re.finditer(rf"(?<!\w){words}(?!\w)", text))
    return sorted(found)


def put_back(
    redacted: Redacted, words: Mapping[int, str], marks: Sequence[Stretch]
) -> tuple[Redacted, tuple[Stretch, ...]]:
    """The text with these words in the place of placeholders, by their index, and the marks moved along with it.

    >>> text = Redacted("De [NAAM] en Jan", (Placeholder(3, 9, "NAME"),), ())
    >>> put_back(text, {0: "moskee"}, [(13, 16)])[0].text, put_back(text, {0: "kerk"}, [(13, 16)])[1]
    ('De moskee en Jan', ((11, 14),))
    """
    shown: list[str] = []
    placeholders: list[Placeholder] = []
    longer: list[tuple[int, int]] = []  # from where on everything stands further, and by how much
    at = length = 0
    for index, one in enumerate(redacted.placeholders):
        word, kind = redacted.text[one.start : one.end], one.kind
        if index in words:
            word, kind = words[index], PUT_BACK
        before = redacted.text[at : one.start]
        shown += [before, word]
        start = length + len(before)
        length = start + len(word)
        placeholders.append(Placeholder(start, length, kind))
        at = one.end
        longer.append((one.end, length - one.end))
    shown.append(redacted.text[at:])
    moved = tuple((_moved(start, longer), _moved(end, longer)) for start, end in marks)
    return Redacted("".join(shown), tuple(placeholders), redacted.doubt), moved


def _moved(offset: int, longer: Sequence[tuple[int, int]]) -> int:
    """Where an offset outside every placeholder that was replaced has gone."""
    by = [shift for end, shift in longer if end <= offset]
    return offset + (by[-1] if by else 0)


def overlaps(one: Stretch, others: Iterable[Stretch]) -> bool:
    """Whether a stretch touches one of the others."""
    return any(start < one[1] and one[0] < end for start, end in others)
