# SPDX-License-Identifier: EUPL-1.2
"""Marks every further mention of what was found once, in any case and ending, and the names given with the text.

Knows only the text at hand; forgets it with the reading.
"""

import itertools
import re
import unicodedata
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import LOWER, Reading
from services.anonymizer.recognisers.candidates import is_adjective

_ENDINGS: Final = frozenset(
    (
        "s z x je tje ke ie etje jes tjes en in un ın ün ya ye na ne nin nın nun nün yi yı yu yü da de dan den la "
        "le a e i u y em om ą ę ego emu owi iem ie ów owie ów a owa im ym ej ą iej ой ою у а ом ові ем и і ю я"
    ).split()
)
_SHORTEST: Final = 3
_LETTERS: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
ARTICLES: Final = frozenset(
    "de het een mijn mn m'n zijn z'n zn haar ons onze hun je jouw uw die dat deze dit geen elke elk ieder iedere n 'n "
    "welke veel zo'n the a an no any some my your his her our their".split()
)
"""Words after which a word is a thing rather than somebody's name."""
_MUTATIONS: Final = (
    ("ka", ("ce",)),
    ("ga", ("dze",)),
    ("ra", ("rze",)),
    ("ta", ("cie",)),
    ("da", ("dzie",)),
    ("ek", ("ka", "kowi", "kiem", "ku")),
    ("ec", ("ca", "cowi", "cem")),
)
"""Ends of Polish names and what becomes of them before an ending."""
_NEVER: Final = lex.FUNCTION | lex.MONTH | lex.PARTICLE | lex.TITLE
_INITIALLED: Final = re.compile(r"(?:[A-Za-z'/.]{1,4}[. ] ?){0,4}[A-Z](?:\.-[A-Z])?\.?")
"""A name of which no word is written out."""
_MOST_INITIALLED: Final = 8
_LOCAL_PART: Final = re.compile(r"[^\W\d_]{3,}")
_GENERIC_BOX: Final = frozenset(
    (
        "info mail contact admin administratie receptie office directie secretaris secretariaat noreply hallo post "
        "help helpdesk support klantenservice sales redactie bestuur jeugd leden planning personeel school team"
    ).split()
)


def folded(word: str) -> str:
    """The word without accents and dots, so that `YILDIZ` is `Yıldız` again.

    >>> folded("yıldız"), folded("rené")
    ('yildiz', 'rene')
    """
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char)) or word


def mark_known(reading: Reading, known: tuple[str, ...]) -> None:
    """Mark the names given with the text, in every form: whole, by part, by initials, in any case and ending."""
    wanted: dict[str, str] = {}
    for name in known:
        for match in re.finditer(r"[^\W\d_]+(?:'[^\W\d_]+)?", name.lower().replace("\u0307", "")):
            part = match.group()
            if len(part) > 1 and not (reading.lexicon.flag(part) & lex.PARTICLE and len(part) < 4):
                wanted[part] = "PERSON"
    if wanted:
        _mark_mentions(reading, wanted, certain=True)


def mark_remembered(reading: Reading) -> None:
    """Mark other mentions of names, streets and organisations found in the text."""
    wanted: dict[str, str] = {}
    for span in reading.spans:
        if span.kind == "EMAIL":
            _remember_mailbox(reading, span.start, span.end, wanted)
        elif span.kind in {"PERSON", "ADDRESS", "ORGANISATION_SMALL"}:
            _remember_words(reading, span.start, span.end, span.kind, wanted)
            if reading.text.startswith("-\n", span.end) and span.kind == "PERSON":
                _remember_joined(reading, span.end, wanted)
    if wanted:
        _mark_mentions(reading, wanted, certain=False)
        _mark_surnames(reading)
    if "." in reading.text:
        _mark_initialled(reading)


def _remember_joined(reading: Reading, end: int, wanted: dict[str, str]) -> None:
    """Remember a name in one piece that the end of a line cut: `Wester-` and `huis`."""
    second = reading.word_at(end)
    if 0 < second < len(reading.words) and reading.starts[second] == end + 2:
        wanted[reading.words[second - 1] + reading.words[second]] = "PERSON"


def _mark_initialled(reading: Reading) -> None:
    """Mark initials that stand for somebody wherever they stand again: `Ter B.`, `R. de W.`."""
    text, found = reading.text, set()
    for span in reading.spans:
        if span.kind == "PERSON" and _INITIALLED.fullmatch(text, span.start, span.end):
            name = text[span.start : span.end]
            if name.endswith(".") or text.startswith(".", span.end):
                found.add(name.rstrip(".") + ".")
    for name in sorted(found)[:_MOST_INITIALLED]:
        reading.claim_each(re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w)", text), "PERSON")


def _mark_surnames(reading: Reading) -> None:
    """Mark `de graaf` again where somebody is `niek de graaf`: particles and all, in a text without capitals."""
    if not any(reading.loose):
        return
    surnames: set[tuple[str, str]] = set()
    for span in reading.spans:
        if span.kind == "PERSON":
            last = min(reading.word_at(span.end - 1), len(reading.words) - 1)
            if last > 0 and reading.starts[last - 1] >= span.start and reading.flags[last - 1] & lex.PARTICLE:
                surnames.add((reading.words[last - 1], reading.words[last]))
    for particle, name in surnames:
        for index in reading.where.get(name, ()):
            repeated = index and reading.words[index - 1] == particle and reading.gap(index) == " "
            if repeated and reading.loose[index] and not reading.taken[index]:
                reading.claim_words(index - 1, index, "PERSON")


def mark_firms_again(reading: Reading) -> None:
    """Mark an organisation called by ordinary words again: two of them side by side, or one with a capital."""
    pairs: set[tuple[str, str]] = set()
    single: set[str] = set()
    for span in reading.spans:
        if span.kind == "ORGANISATION_SMALL":
            inside = [index for index in _indexes(reading, span.start, span.end) if _of_firm(reading, index)]
            pairs.update(itertools.pairwise(reading.words[index] for index in inside))
            single.update(reading.words[index] for index in inside if reading.flags[index] & lex.WORD)
    for index in reading.indexes(frozenset(one for one, _ in pairs)):
        following = index + 1
        if reading.joined(following) and (reading.words[index], reading.words[following]) in pairs:
            reading.claim_words(index, following, "ORGANISATION_SMALL")
    for index in reading.indexes(frozenset(single)):
        if _named_by_one(reading, index):
            reading.claim_words(index, index, "ORGANISATION_SMALL")


def _indexes(reading: Reading, start: int, end: int) -> range:
    return range(reading.word_at(start), reading.word_at(end - 1) + 1)


def _of_firm(reading: Reading, index: int) -> bool:
    return len(reading.words[index]) >= _SHORTEST and not reading.flags[index] & (_NEVER | lex.HEAD)


def _named_by_one(reading: Reading, index: int) -> bool:
    """Whether one ordinary word of a name stands with a capital after a small word, as the name in short does."""
    flag = reading.flags[index] & (lex.FREQ | lex.TOWN | lex.TAIL | lex.ROLE)
    alone = (
        reading.cases[index]
        and not reading.lower_mode
        and not reading.opens[index]
        and not reading.kept[index]
        and not flag
    )
    return bool(alone and index and reading.words[index - 1] in {"bij", "van", "naar", "op", "de", "het"})


def _remember_words(reading: Reading, start: int, end: int, kind: str, wanted: dict[str, str]) -> None:
    index = reading.word_at(start)
    while index < len(reading.words) and reading.starts[index] < end:
        word = reading.words[index].partition("'")[0]
        flag = reading.flags[index]
        fitting = (
            (len(word) >= _SHORTEST or (len(word) == 2 and kind == "PERSON" and bool(flag & lex.CALLED)))
            and not flag & _NEVER
            and not word[0].isdigit()
            and not (kind != "PERSON" and flag & (lex.WORD | lex.HEAD | lex.TAIL | lex.TOWN | lex.KEEP))
        )
        if fitting and not (reading.kept[index] and kind != "PERSON"):
            wanted.setdefault(word, kind)
        index += 1


def _remember_mailbox(reading: Reading, start: int, end: int, wanted: dict[str, str]) -> None:
    box = re.split(r"@|\bapenstaart|\bat\b|\[", reading.text[start:end].lower())[0]
    for part in _LOCAL_PART.findall(box):
        if (
            part not in _GENERIC_BOX
            and not reading.lexicon.flag(part)
            & (lex.FUNCTION | lex.KEEP | lex.GENERIC | lex.HEAD | lex.ROLE | lex.TAIL | lex.TOWN)
            and not (reading.lexicon.flag(part) & lex.WORD and not reading.lexicon.flag(part) & lex.NAME)
        ):
            wanted.setdefault(part, "PERSON")


def _mark_mentions(reading: Reading, wanted: dict[str, str], *, certain: bool) -> None:
    wanted = {folded(name): kind for name, kind in wanted.items()}
    if reading.language == "pl":
        wanted |= {form: kind for name, kind in wanted.items() if kind == "PERSON" for form in _polish(name)}
    stems = {name[: max(4, len(name) - 1)]: name for name in wanted if len(name) > 4}
    heads = {name[:2] for name in wanted}
    for index, word in enumerate(reading.words):
        if reading.taken[index]:
            continue
        plain = folded(word)
        if plain[:2] not in heads:
            continue
        if plain not in wanted and not certain and _other_word(reading, index):
            continue
        kind = _mention_of(plain, wanted, stems, 2 if certain else _SHORTEST)
        if kind is not None and reading.kept[index] and plain not in wanted and not certain:
            continue
        if kind is not None and (certain or _counts(reading, index)):
            reading.claim_words(index, index, kind)


def _polish(name: str) -> tuple[str, ...]:
    """Forms of a Polish name whose last consonant changes: `Agnieszce` of Agnieszka, `Tomkowi` of Tomek."""
    for end, changed in _MUTATIONS:
        if name.endswith(end) and len(name) > len(end) + 1:
            return tuple(name[: -len(end)] + form for form in changed)
    return ()


def _other_word(reading: Reading, index: int) -> bool:
    """Whether a word that begins like a name is a word of its own: `tulpen` beside somebody called Tulp."""
    flag = reading.flags[index]
    return bool(flag & lex.WORD) and not flag & lex.NAME and reading.language == "nl"


def _mention_of(word: str, wanted: dict[str, str], stems: dict[str, str], shortest: int) -> str | None:
    """The kind of the name this word is a form of, if any."""
    kind = wanted.get(word)
    if kind is not None:
        return kind
    bare = word.partition("'")[0]
    if bare != word and bare in wanted:
        return wanted[bare]
    for cut in (1, 2, 3, 4):
        if len(word) - cut >= shortest and word[:-cut] in wanted and word[-cut:] in _ENDINGS:
            return wanted[word[:-cut]]
    if len(word) > 4:
        for size in range(max(4, len(word) - 4), len(word) + 1):
            name = stems.get(word[:size])
            if name is not None and word[size:] in _ENDINGS and word[: len(name) - 1] == name[:-1]:
                return wanted[name]
    return None


def _small_counts(reading: Reading, index: int, before: str, *, subject: bool) -> bool:
    """Whether a repeated word without a capital is the name: where no article or adjective comes before it."""
    flag = reading.flags[index]
    if not reading.loose[index] or (reading.kept[index] and not flag & lex.FIRST):
        return False
    described = bool(before) and not reading.taken[index - 1] and is_adjective(reading, index - 1)
    bare = before not in ARTICLES and not described and not before[:1].isdigit()
    if before in ARTICLES and flag & lex.ORDINARY and not flag & lex.STRONG:
        return before == "die" and subject
    if flag & lex.FOREIGN and not flag & (lex.FIRST | lex.CALLED):
        return subject
    if reading.kept[index] or not flag & (lex.NAME | lex.CALLED):
        beside = reading.joined(index + 1) and reading.taken[index + 1]
        return bare and (subject or bool(beside and flag & lex.FIRST))
    return subject or bare or not flag & (lex.FREQ | lex.UNLIKELY)


def _counts(reading: Reading, index: int) -> bool:
    """Whether a repeated word is the name again rather than the ordinary word."""
    flag = reading.flags[index]
    if reading.kept[index] == 3 or flag & lex.FUNCTION:
        return bool(flag & lex.FIRST and reading.cases[index] and not reading.opens[index] and reading.kept[index] != 3)
    if (flag & lex.STRONG and not flag & lex.FREQ) or not (flag & _ORDINARY or reading.kept[index]):
        return True
    subject = reading.joined(index + 1) and bool(reading.flags[index + 1] & (lex.VERB | lex.HUMAN))
    before = reading.words[index - 1] if index and reading.joined(index) else ""
    if reading.kept[index] == 1 and before in ARTICLES:
        return False
    if reading.cases[index] == LOWER:
        return _small_counts(reading, index, before, subject=subject)
    if reading.opens[index]:
        alone = not reading.joined(index + 1) and flag & lex.FIRST
        return subject or bool(alone) if reading.kept[index] else subject or not flag & lex.FREQ
    return not (reading.kept[index] == 2 and index > 0 and reading.words[index - 1] in {"in", "te", "uit", "naar"})


_ORDINARY: Final = lex.WORD | lex.FOREIGN | lex.KEEP | lex.GENERIC | lex.VERB | lex.TOWN
