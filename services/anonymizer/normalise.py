# SPDX-License-Identifier: EUPL-1.2
"""One spelling for many: composed letters, plain digits, nothing invisible. Owns the way back to original offsets.

Never loses a character of the original: every position of the normalised text points at where it came from.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_INVISIBLE: Final = dict.fromkeys(
    [
        0x00AD,
        0x034F,
        0x061C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
        *range(0xFE00, 0xFE10),
    ]
)
_SPACES: Final = dict.fromkeys((0, 11, 12, 133, 160, 5760, *range(8192, 8203), 8239, 8287, 12288), " ")
_DIGITS: Final = {zero + value: str(value) for zero in (0x0660, 0x06F0, 0x0966, 0xFF10) for value in range(10)}
_SIGNS: Final = {
    ord(sign): plain
    for signs, plain in (
        ("\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4\u2032", "'"),
        ("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d", "-"),
        ("\uff20\ufe6b", "@"),
        ("\uff0e\u2024\u3002", "."),
        ("\uff1a", ":"),
        ("\uff0b", "+"),
        ("\uff0f\u2044", "/"),
        ("\uff08", "("),
        ("\uff09", ")"),
        ("\u0132", "IJ"),
        ("\u0133", "ij"),
        ("\u2028\u2029", "\n"),
    )
    for sign in signs
}
_FULLWIDTH: Final = {0xFF21 + shift: chr(0x41 + shift) for shift in range(26)} | {
    0xFF41 + shift: chr(0x61 + shift) for shift in range(26)
}
_TABLE: Final = {**_INVISIBLE, **_SPACES, **_DIGITS, **_SIGNS, **_FULLWIDTH}
_TWINS: Final = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁɡοανιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSaeopcyxijsdgoaviABEZHIKMNOPTYX"
)
"""Cyrillic and Greek letters that look like Latin ones, used only inside a word that also holds Latin letters."""
_MIXED: Final = re.compile(r"(?=\w{0,40}[A-Za-z])(?=\w{0,40}[\u0370-\u04ff])\w{2,60}")
_NOUGHT_IN_WORD: Final = re.compile(
    r"(?<![\w@./#:'-])(?:[A-Z][a-z]{0,20}[01][a-z]{2,20}|[a-z]{1,20}0[a-z]{2,20}|[a-z]{3,20}1[a-z]{3,20}|0[a-z]{3,20}|[A-Z]{2,20}0[A-Z]{5,20}|[A-Z]{5,20}0[A-Z]{2,20})"
    r"(?![\w@./#]|-\w)"
)
"""One nought or one among the letters of a word, as optical reading takes for an o and an l."""
_COMBINING: Final = re.compile(r"[\u0300-\u036f]")
_SPECIAL: Final = re.compile(f"[\u0300-\u036f{''.join(map(re.escape, map(chr, sorted(_TABLE))))}]")
"""Whatever is written in one way for many, or has to be composed."""
_BORROWED: Final = re.compile(r"[\u0370-\u04ff]")
_OBFUSCATING: Final = frozenset(
    code for code in _INVISIBLE if code not in {0xAD, 0xFEFF, 0x200D, 0x200E, 0x200F, *range(0xFE00, 0xFE10)}
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in one spelling, with the original offset of every character (`None`: offsets are the same)."""

    text: str
    offsets: tuple[int, ...] | None
    disguised: bool

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that a span of the normalised text stands for."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]


def normalise(text: str) -> Normalised:
    r"""The text in one spelling.

    >>> normalise("e\u0301e\u0301n \u0661\u0662").text
    'één 12'
    """
    if "0" in text or "1" in text:
        text = _NOUGHT_IN_WORD.sub(_lettered, text)
    if text.isascii() and "\x00" not in text and "`" not in text:
        return Normalised(text, None, disguised=False)
    if _SPECIAL.search(text) is None:
        plain, mixed = _untwinned(text)
        return Normalised(plain, None, disguised=mixed)
    if _COMBINING.search(text) is None:
        pieces = text.translate(_TABLE)
        if len(pieces) == len(text) and not any(code in text for code in ("\u0132", "\u0133")):
            plain, mixed = _untwinned(pieces)
            return Normalised(plain, None, disguised=mixed)
    return _tracked(text)


def _lettered(match: re.Match[str]) -> str:
    """The word with its figure made the letter it stands for."""
    word = match.group().replace("1", "l")
    return word.replace("0", "O" if word[0] == "0" or word.replace("0", "").isupper() else "o")


def _tracked(text: str) -> Normalised:
    """Normalise character by character, remembering where each came from."""
    out: list[str] = []
    offsets: list[int] = []
    hidden = 0
    for index, char in enumerate(text):
        code = ord(char)
        if 0x0300 <= code <= 0x036F and out:
            composed = unicodedata.normalize("NFC", out[-1] + char)
            if len(composed) == 1:
                out[-1] = composed
            continue
        replacement = _TABLE.get(code, char)
        if replacement is None:
            hidden += code in _OBFUSCATING
            continue
        for piece in replacement:
            out.append(piece)
            offsets.append(index)
    offsets.append(len(text))
    plain, mixed = _untwinned("".join(out))
    return Normalised(plain, tuple(offsets), disguised=mixed or hidden > 0)


def _untwinned(text: str) -> tuple[str, bool]:
    """The text with look-alike letters made Latin inside mixed words, and whether there were any."""
    if _BORROWED.search(text) is None:
        return text, False
    plain = _MIXED.sub(lambda match: match.group().translate(_TWINS), text)
    return plain, plain != text
