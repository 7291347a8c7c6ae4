# SPDX-License-Identifier: EUPL-1.2
"""Scores redacted texts against labelled ones: what leaked, what was taken away too much. Pure.

A span leaks when its content can still be read anywhere in the redacted text; the same words outside the labelled spans
of the original are subtracted first. Placeholders count as empty unless they hold a labelled word.
Never looks at what the recognisers claim: only at the text a reader would get.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from math import sqrt
from typing import Any, Final

DIRECT: Final = frozenset(
    {
        "EMAIL",
        "PHONE",
        "BSN",
        "IBAN",
        "POSTCODE",
        "ADDRESS",
        "DATE_OF_BIRTH",
        "LICENSE_PLATE",
        "ID_NUMBER",
        "IP",
        "URL",
        "SOCIAL_HANDLE",
    }
)
NAMES: Final = frozenset({"PERSON"})
QUASI: Final = frozenset({"DATE", "AGE", "ORGANISATION_SMALL", "JOB_UNIQUE", "GEO_FINE"})
GROUPS: Final = {"direct": DIRECT, "names": NAMES, "quasi": QUASI}

_WORD: Final = re.compile(r"\w+")
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]{0,60}\]|<[^<>\n]{0,60}>|⟦[^⟧\n]{0,60}⟧|«[^»\n]{0,60}»|\*{2,}|█+|_{3,}")
_DIGIT_RUN: Final = re.compile(r"\+?\d[\d\s().\-–/]*\d")
_EASTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_SMALL_WORDS: Final = frozenset(
    (
        "van der den het ter ten bin ibn abu von und del the mevrouw mevr meneer mnr dhr fam familie oma opa juf "
        "meester dokter mrs mme sra abla heer ait ben mag and voor aan een"
    ).split()
)
_KINDS: Final = frozenset(
    (
        "basisschool school bakkerij kapper kapsalon garage restaurant eetcafé eetcafe café cafe snackbar toko "
        "stichting vereniging voetbalclub tennisvereniging zwemclub sportschool sportclub club college lyceum "
        "praktijk praktijkschool bedrijf bouwbedrijf autobedrijf uitzendbureau advocatenkantoor kantoor bureau "
        "rijschool autorijschool winkel bloemisterij drukkerij kinderdagverblijf kinderopvang opvang gym studio "
        "halte lijn bus tram flat etage verdieping dorp oost west noord zuid centrum moskee kerk tuincentrum"
    ).split()
)
_DAY_MONTH: Final = (
    re.compile(r"\d{4}-(\d{1,2}-\d{1,2})"),
    re.compile(r"([O\d]{1,2}\s*[-/.]\s*[O\d]{1,2})(?!\d)"),
    re.compile(r"(\d{1,2}\W+(?:di\s+|de\s+)?[^\W\d_]{3,12})"),
    re.compile(r"([^\W\d_]{3,12}\W+\d{1,2})(?!\d)"),
)
_BAND: Final = re.compile(r"\d+\s*(?:-|–|—|tot|t/m|to)\s*\d+")
_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled text: spans as (start, end, type), words that must survive, stretches where anything goes."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    keep: tuple[str, ...] = ()
    neutral: tuple[tuple[int, int], ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Labelled":
        """The labelled text of one line of a corpus. Raises: ValueError when a span is not what its text says."""
        text = document["text"]
        spans = tuple((span["start"], span["end"], span["type"]) for span in document["spans"])
        for span in document["spans"]:
            if text[span["start"] : span["end"]] != span["text"]:
                raise ValueError("span_and_text_differ")
        neutral = tuple((span["start"], span["end"]) for span in document.get("neutral") or ())
        return cls(text, spans, tuple(document.get("keep") or ()), neutral)


@dataclass(frozen=True, slots=True)
class Score:
    """What one redacted text left and lost."""

    leaks: tuple[tuple[str, bool], ...]
    keep_lost: int
    keep: int
    chars_lost: int
    chars: int


@dataclass(slots=True)
class Tally:
    """Sums over texts: leaks and spans per type, kept words, characters, texts without any leak."""

    types: Counter[str] = field(default_factory=Counter)
    leaked: Counter[str] = field(default_factory=Counter)
    keep_lost: int = 0
    keep: int = 0
    chars_lost: int = 0
    chars: int = 0
    texts: int = 0
    clean: int = 0

    def add(self, score: Score) -> None:
        """Count one text."""
        for kind, leaked in score.leaks:
            self.types[kind] += 1
            self.leaked[kind] += leaked
        self.keep_lost += score.keep_lost
        self.keep += score.keep
        self.chars_lost += score.chars_lost
        self.chars += score.chars
        if score.leaks:
            self.texts += 1
            self.clean += not any(leaked for _, leaked in score.leaks)

    def group(self, kinds: Iterable[str]) -> tuple[int, int]:
        """Leaks and spans of some types together."""
        wanted = set(kinds)
        return sum(self.leaked[kind] for kind in wanted), sum(self.types[kind] for kind in wanted)


def interval(hits: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share; (0, 1) when nothing was counted.

    >>> tuple(round(border, 3) for border in interval(0, 100))
    (0.0, 0.037)

    Source: Wilson (1927), score interval.
    """
    if not total:
        return 0.0, 1.0
    share = hits / total
    spread = _Z95 * _Z95 / total
    middle = share + spread / 2
    reach = _Z95 * sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))


def low(text: str) -> str:
    """The text without case differences."""
    return text.replace("İ", "i").casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(low(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.translate(_EASTERN))


def _runs(text: str) -> list[str]:
    return [_digits(run) for run in _DIGIT_RUN.findall(text.translate(_EASTERN))]


def _compact(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", low(text))


@dataclass(frozen=True, slots=True)
class _Page:
    """The redacted text without placeholders, and the original without its labelled spans, ready to be searched."""

    left: str
    outside: str
    left_words: Counter[str]
    outside_words: Counter[str]
    covered: Counter[str]
    names: frozenset[str]

    def survives(self, word: str) -> bool:
        """Whether a labelled word can be read more often than the text has it outside labels."""
        return self.left_words[word] > self.outside_words[word]


def score(labelled: Labelled, redacted: str) -> Score:
    """What a redacted text leaks of its labelled spans, and what it lost beside them."""
    page = _page(labelled, redacted)
    leaks = tuple((kind, _leaks(kind, labelled.text[start:end], page)) for start, end, kind in labelled.spans)
    outside = low(page.outside)
    left = low(page.left)
    keep = [(outside.count(low(word)), left.count(low(word))) for word in labelled.keep]
    lost, chars = _lost_characters(labelled, page.left)
    return Score(
        leaks,
        keep_lost=sum(max(0, there - stayed) for there, stayed in keep),
        keep=sum(there for there, _ in keep),
        chars_lost=lost,
        chars=chars,
    )


def _page(labelled: Labelled, redacted: str) -> _Page:
    text = labelled.text
    gold = {
        word
        for start, end, _ in labelled.spans
        for word in _words(text[start:end])
        if len(word) > 2 and not (word.isdigit() and len(word) < 4)
    }

    def content(match: re.Match[str]) -> str:
        found = match.group()
        return found if found in text or any(word in gold for word in _words(found)) else " ¤ "

    left = _PLACEHOLDER.sub(content, redacted)
    hidden = list(text)
    for start, end, _ in labelled.spans:
        hidden[start:end] = "\x00" * (end - start)
    outside = "".join(hidden)
    names = {word for start, end, kind in labelled.spans if kind == "PERSON" for word in _words(text[start:end])}
    return _Page(left, outside, Counter(_words(left)), Counter(_words(outside)), Counter(gold), frozenset(names))


def _leaks(kind: str, content: str, page: _Page) -> bool:
    rule = _RULES.get(kind)
    return rule(content, page) if rule else low(content) in low(page.left)


def _person(content: str, page: _Page) -> bool:
    words = _words(content)
    telling = [word for word in words if len(re.sub(r"[\d_]", "", word)) > 2 and word not in _SMALL_WORDS]
    telling = telling or [word for word in words if len(word) == 2 and word not in _SMALL_WORDS]
    if telling:
        return any(page.survives(word) for word in telling)
    whole = re.compile(rf"(?<!\w){re.escape(low(content))}(?!\w)")
    return len(whole.findall(low(page.left))) > len(whole.findall(low(page.outside)))


def _email(content: str, page: _Page) -> bool:
    box, _, rest = re.sub(r"\s*@\s*|\s+apenstaartje\s+|\s+at\s+", "@", low(content)).partition("@")
    if len(box) < 3 or box in {"info", "noreply", "helpdesk", "directie", "secretaris"}:
        return bool(rest) and low(page.left).count(rest) > low(page.outside).count(rest)
    after = r"(?:\s*@|\s+apenstaartje|\s+at\s)" if box in page.names else r"(?!\w)"
    pattern = re.compile(rf"(?<!\w){re.escape(box)}{after}")
    return len(pattern.findall(low(page.left))) > len(pattern.findall(low(page.outside)))


def _run_left(content: str, page: _Page, length: int) -> bool:
    digits = _digits(content)
    length = min(length, len(digits))
    if length < 3:
        return False
    pieces = [digits[at : at + length] for at in range(len(digits) - length + 1)]
    return any(piece in run for run in _runs(page.left) for piece in pieces)


def _phone(content: str, page: _Page) -> bool:
    if len(_digits(content)) >= 7:
        return _run_left(content, page, 6)
    return _longest_run(_words(content), _words(page.left)) >= 0.5


def _longest_run(wanted: Sequence[str], there: Sequence[str]) -> float:
    match = SequenceMatcher(None, wanted, there, autojunk=False).find_longest_match(0, len(wanted), 0, len(there))
    return match.size / max(1, len(wanted))


def _iban(content: str, page: _Page) -> bool:
    return _compact(content)[-8:] in _compact(page.left) or _run_left(_digits(content)[2:], page, 7)


def _postcode(content: str, page: _Page) -> bool:
    match = re.match(r"(\d{4})\s*([a-zA-Z]{2})", content)
    if match is None:
        return content in page.left
    return re.search(rf"(?<!\d){match[1]}\s*{match[2].lower()}(?![a-z])", low(page.left)) is not None


def _address(content: str, page: _Page) -> bool:
    words = _words(content)
    generic = _KINDS | _SMALL_WORDS | {"nummer", "kamer", "straat", "laan"}
    telling = [word for word in words if len(word) > 3 and not word.isdigit() and word not in generic]
    telling = telling or [word for word in words if any(map(str.isdigit, word))]
    return any(page.survives(word) for word in telling)


def _date(content: str, page: _Page) -> bool:
    plain = content.translate(_EASTERN)
    found = next((match[1] for match in (pattern.search(low(plain)) for pattern in _DAY_MONTH) if match), plain)
    wanted = _words(found)

    def count(words: list[str]) -> int:
        return sum(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))

    return count(_words(page.left.translate(_EASTERN))) > count(_words(page.outside.translate(_EASTERN)))


def _age(content: str, page: _Page) -> bool:
    number = re.search(r"\d+", content)
    left = _BAND.sub("¤", page.left)
    if number is None:
        counted = Counter(_words(left))
        return any(counted[word] > page.outside_words[word] for word in _words(content) if len(word) > 4)
    pattern = re.compile(rf"(?<!\d){number.group()}(?!\d)")
    return len(pattern.findall(left)) > len(pattern.findall(_BAND.sub("¤", page.outside)))


def _id_number(content: str, page: _Page) -> bool:
    numbers = re.findall(r"\d+", re.sub(r"(?<=\d)[ .](?=\d)", "", content))
    longest = max(numbers, key=len) if numbers else ""
    if len(longest) < 4:
        return _compact(content) in _compact(page.left)
    size = max(4, len(longest) - 2)
    there = _runs(page.left) + re.findall(r"\d+", page.left)
    return any(longest[-size:] in run or longest[:size] in run for run in there)


def _url(content: str, page: _Page) -> bool:
    parts = [part for part in re.split(r"[/?=]", re.sub(r"^https?://", "", low(content)).rstrip("/")) if part]
    return bool(parts) and parts[-1] in low(page.left)


def _organisation(content: str, page: _Page) -> bool:
    words = _words(content)
    telling = [word for word in words if len(word) > 2 and word not in _KINDS and word not in _SMALL_WORDS]
    if telling:
        return any(page.survives(word) for word in telling)
    return _longest_run(words, _words(page.left)) == 1


def _described(content: str, page: _Page) -> bool:
    telling = [word for word in _words(content) if len(word) > 3 or any(map(str.isdigit, word))]
    return sum(page.survives(word) for word in telling) / max(1, len(telling)) >= 0.6


_RULES: Final = {
    "PERSON": _person,
    "EMAIL": _email,
    "PHONE": _phone,
    "BSN": lambda content, page: _run_left(content, page, 6),
    "IBAN": _iban,
    "POSTCODE": _postcode,
    "ADDRESS": _address,
    "DATE": _date,
    "DATE_OF_BIRTH": _date,
    "AGE": _age,
    "LICENSE_PLATE": lambda content, page: _compact(content) in _compact(page.left),
    "ID_NUMBER": _id_number,
    "URL": _url,
    "SOCIAL_HANDLE": lambda content, page: low(content).lstrip("@") in low(page.left),
    "ORGANISATION_SMALL": _organisation,
    "JOB_UNIQUE": _described,
    "GEO_FINE": _described,
}


def _lost_characters(labelled: Labelled, left: str) -> tuple[int, int]:
    """Letters and digits outside labels that are gone, and how many there were."""
    tokens = list(_WORD.finditer(labelled.text))
    before = [low(token.group()) for token in tokens]
    stayed = bytearray(len(tokens))
    for match in SequenceMatcher(None, before, _words(left), autojunk=False).get_matching_blocks():
        stayed[match.a : match.a + match.size] = b"\x01" * match.size
    skipped = [(start, end) for start, end, _ in labelled.spans] + list(labelled.neutral)
    lost = total = 0
    for index, token in enumerate(tokens):
        start, end = token.span()
        if any(start < right and end > left_border for left_border, right in skipped):
            continue
        total += end - start
        lost += 0 if stayed[index] else end - start
    return lost, total
