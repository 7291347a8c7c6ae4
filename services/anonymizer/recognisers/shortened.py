# SPDX-License-Identifier: EUPL-1.2
"""Marks found people again where their name is cut short: `GJ` for Gert-Jan, `Dil` for Dilara, `Nieuwen-` at a line.

Knows only what the other recognisers found in the text.
"""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import SHOUTED, Reading, Span

_SHORTEST: Final = 3
_LONG_NAME: Final = 5
_MOST_INITIALS: Final = 4
_NO_INITIALS: Final = lex.KEEP | lex.GENERIC | lex.TITLE | lex.LABEL | lex.TAIL | lex.HEAD | lex.MONTH
_NO_SHORT: Final = lex.FUNCTION | lex.GENERIC | lex.KEEP | lex.TITLE | lex.ROLE | lex.MONTH | lex.HEAD | lex.FREQ


def mark_shortened(reading: Reading) -> None:
    """Mark initials and first syllables of people found in the text, and the other half of a name at a line's end."""
    people = [span for span in reading.spans if span.kind == "PERSON"]
    if not people:
        return
    if "-\n" in reading.text:
        for span in people:
            _claim_other_half(reading, span)
    called = [_names(reading, span) for span in people]
    initials = {"".join(name[0] for name in names) for names in called}
    given: dict[str, set[str]] = {}
    for name in {name for names in called for name in names if len(name) >= _LONG_NAME}:
        given.setdefault(name[:_SHORTEST], set()).add(name)
    for index, case in enumerate(reading.cases):
        small = reading.loose[index] and not reading.flags[index]
        if (case or small) and not reading.taken[index] and not reading.kept[index]:
            _judge(reading, index, initials, given)


def _names(reading: Reading, span: Span) -> list[str]:
    """The capitalised words of a found name, particles aside."""
    first, last = reading.word_at(span.start), reading.word_at(span.end - 1)
    return [
        reading.words[index]
        for index in range(first, min(last + 1, len(reading.words)))
        if (reading.cases[index] or reading.loose[index]) and reading.words[index][0].isalpha()
    ]


def _judge(reading: Reading, index: int, initials: set[str], given: dict[str, set[str]]) -> None:
    word, flag = reading.words[index], reading.flags[index]
    if reading.cases[index] == SHOUTED:
        short = 2 <= len(word) <= _MOST_INITIALS and word in initials and not flag & _NO_INITIALS
    else:
        barred = _NO_SHORT | (lex.ORDINARY | lex.TOWN if reading.opens[index] else 0)
        alike = given.get(word[:_SHORTEST], ()) if len(word) >= _SHORTEST and not flag & barred else ()
        short = any(name.startswith(word) for name in alike)
    if short:
        reading.claim_words(index, index, "PERSON")


def _claim_other_half(reading: Reading, span: Span) -> None:
    """Claim what stands after or before the hyphen at a line's end: `Nieuwen-` and `huyzen`."""
    text = reading.text
    if text.startswith("-\n", span.end):
        index = reading.word_at(span.end)
        broken = index < len(reading.words) and reading.starts[index] == span.end + 2 and not reading.cases[index]
        if broken and not reading.taken[index] and reading.kept[index] != 3:
            reading.claim_words(index, index, "PERSON")
    if text[max(0, span.start - 2) : span.start] == "-\n":
        index = reading.word_at(span.start) - 1
        free = index >= 0 and not reading.taken[index] and reading.kept[index] != 3
        if free and reading.ends[index] == span.start - 2:
            reading.claim_words(index, index, "PERSON")
