# SPDX-License-Identifier: EUPL-1.2
"""Marks names without a capital, as in chats and dictation: strong names anywhere, others where a bare noun is odd."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import (
    HINTED,
    is_inflected,
    looks_like_name,
    namelike,
    unknown,
    unlisted,
)
from services.anonymizer.recognisers.names import extend, parse

_BLOCKED: Final = (
    lex.FUNCTION | lex.MONTH | lex.GENERIC | lex.CUE | lex.VERB | lex.SLOT | lex.NUMBER | lex.HEAD | lex.TOWN
)
_SUBJECT_OPENERS: Final = frozenset(
    (
        "en want toen dat omdat maar of als waarop waarna terwijl toch ineens opeens daarna dus vervolgens gister "
        "gisteren vandaag and then because when but"
    ).split()
)
_DETERMINERS: Final = frozenset(
    (
        "de het een mijn mn m'n zijn z'n zn haar ons onze hun je jouw jullie uw die dat deze dit geen elke elk "
        "n 'n ieder iedere welke veel meer alle wat zo'n heel erg zeer te meest andere eerste the a an my your his her "
        "our their this that no some any der die das ein eine"
    ).split()
)
_BORDERS: Final = {2: -0.4, 1: -0.3, 0: -0.12, -1: 0.2}
"""Name score an unknown word needs, by how odd a bare noun is at its place."""
_STRONG_SLOTS: Final = frozenset("door met aan tegen volgens namens naast zonder jegens by with against".split())
_WEAK_SLOTS: Final = frozenset({"van", "bij", "voor", "from", "en"})
_PAIRING: Final = frozenset("en and und et ve i of or oder ou veya lub".split())
_PARTICLE_PAIRS: Final = (["van", "der"], ["van", "den"], ["van", "de"], ["van", "het"], ["ten", "den"])
_ASKING: Final = frozenset("kun kan kunt kunnen wil wilt willen zou moet mag".split())
_SUFFIXING: Final = frozenset({"tr", "pl", "fr", "es", "de"})
"""Languages in which many forms of words read like names: without a capital only a text without any has names."""
_PRONOUNS: Final = frozenset("ik je jij u hij ze zij we wij jullie men iemand niemand you he she they we".split())


def mark_lowercase(reading: Reading) -> None:
    """Mark names without capitals."""
    loose = reading.loose
    dutch = reading.language in {"nl", "en"}
    _sweep(reading, loose, dutch=dutch)
    _pair_up(reading)
    _extend_left(reading)


def _extend_left(reading: Reading) -> None:
    """Mark the unlisted word right before a found name: `tjong [ayong]`."""
    for span in list(reading.spans):
        if span.kind == "PERSON":
            index = reading.word_at(span.start) - 1
            if index >= 0 and reading.loose[index] and _goes_with_next(reading, index):
                reading.claim_words(index, index, "PERSON")


def _goes_with_next(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    if reading.taken[index] or not reading.joined(index + 1) or len(reading.words[index]) < 3:
        return False
    if index and reading.words[index - 1][0].isdigit() and reading.joined(index):
        return False
    if flag:
        return bool(flag & lex.NAME) and not flag & (_BLOCKED | lex.FREQ)
    if index and reading.flags[index - 1] & (lex.ROLE | lex.INTRO | lex.TITLE):
        return unknown(reading, index) and namelike(reading, index, _BORDERS[2])
    return reading.language in {"nl", "en"} and looks_like_name(reading, index, _BORDERS[2])


def _pair_up(reading: Reading) -> None:
    """Mark the other half of `dilano en {found}`: a listed or unknown word joined to a found name by `en`."""
    words = reading.words
    persons = {
        at
        for span in reading.spans
        if span.kind == "PERSON"
        for at in (reading.word_at(span.start), reading.word_at(span.end - 1))
    }
    for index in range(1, len(words) - 1):
        if (
            words[index] not in _PAIRING
            or reading.taken[index]
            or not (reading.joined(index) and reading.joined(index + 1))
        ):
            continue
        left, right = index - 1, index + 1
        if right in persons and not reading.taken[left]:
            _claim_half(reading, left, doubted=words[index] == "or")
        elif left in persons and not reading.taken[right]:
            _claim_half(reading, right, doubted=words[index] == "or")


def _claim_half(reading: Reading, index: int, *, doubted: bool) -> None:
    flag = reading.flags[index]
    called = flag & lex.CALLED or reading.words[index] == "wil"
    if reading.kept[index] or (flag & (_BLOCKED & ~lex.VERB) and not called) or len(reading.words[index]) < 3:
        return
    before = reading.words[index - 1] if index and reading.joined(index) else ""
    if before in _DETERMINERS or before == "als":
        return
    inside = reading.cases[index] and not reading.opens[index] and (reading.language == "nl" or doubted)
    if (
        flag & (lex.NAME | lex.CALLED)
        or inside
        or (reading.language in {"nl", "en"} and looks_like_name(reading, index, _BORDERS[1]))
    ):
        reading.claim_words(index, index, "PERSON")


def _sweep(reading: Reading, loose: bytearray, *, dutch: bool) -> None:
    for index, flag in enumerate(reading.flags):
        if reading.taken[index] or reading.kept[index] or reading.cases[index]:
            continue
        if flag & lex.PARTICLE and loose[index] and _surname_follows(reading, index):
            continue
        if flag & lex.STRONG:
            if _strong_counts(reading, index, flag, mode=bool(loose[index])):
                _claim(reading, index)
        elif loose[index] and len(reading.words[index]) > 2 and _may_be_judged(flag, dutch=dutch):
            _judge(reading, index, flag)


def _may_be_judged(flag: int, *, dutch: bool) -> bool:
    """Whether a word without a capital can be a name at all: listed, or in a language whose words are known."""
    if not flag:
        return dutch
    return bool(flag & lex.NAME) and (not flag & _BLOCKED or bool(flag & lex.FIRST and flag & lex.FUNCTION))


def _surname_follows(reading: Reading, index: int) -> bool:
    """Claim `van der wal`, `van den berg`: two particles and a surname are one wherever they stand."""
    last = index + 2
    if reading.words[index : index + 2] not in (["van", "der"], ["van", "den"]) or not (
        reading.joined(index + 1) and reading.joined(last)
    ):
        return False
    if reading.taken[last] or not (reading.flags[last] & lex.LAST or unlisted(reading, last)):
        return False
    return reading.claim_words(index, last, "PERSON")


def _strong_counts(reading: Reading, index: int, flag: int, *, mode: bool) -> bool:
    """Whether a listed name without a capital is taken for one here."""
    barred = flag & lex.ORDINARY or reading.language != "nl"
    if (not mode and barred) or (flag & lex.GREETING and reading.opens[index]):
        return False
    if reading.language in _SUFFIXING and not reading.lower_mode:
        return False
    if reading.language == "en" and not flag & lex.FIRST and is_inflected(reading, reading.words[index]):
        return False
    before = reading.words[index - 1] if index and reading.joined(index) else ""
    if flag & (lex.FUNCTION | lex.MONTH | lex.PARTICLE) or (
        len(reading.words[index]) < 4 and reading.language not in {"nl", "en"}
    ):
        return _slot(reading, index) > 0
    if flag & (lex.FREQ | lex.FOREIGN | lex.WORD):
        return before not in _DETERMINERS and not before[:1].isdigit()
    return len(reading.words[index]) > 2 and not before[:1].isdigit()


def _judge(reading: Reading, index: int, flag: int) -> None:
    last = _pair_from(reading, index, flag)
    if last is not None:
        reading.claim_words(index, last, "PERSON")
    elif flag:
        if not flag & lex.FUNCTION and _listed_fits(reading, index, flag):
            _claim(reading, index)
    else:
        slot = _slot(reading, index)
        if _quoted(reading, index):
            return
        if (slot or len(reading.words[index]) > 3) and looks_like_name(reading, index, _BORDERS[slot]):
            _claim(reading, index)


def _quoted(reading: Reading, index: int) -> bool:
    """Whether the word stands alone in quotes, as something that was called out."""
    end = reading.ends[index]
    return reading.text[end : end + 1] in {'"', "'"} and reading.gap(index).endswith(('"', "'"))


def _pair_from(reading: Reading, index: int, flag: int) -> int | None:
    """Index of the last word of `hendrik-jan`, `wil van der ham`: a given name that what follows makes sure."""
    after = index + 1
    if not flag & lex.FIRST or after >= len(reading.words):
        return None
    if reading.gap(after) == "-" and reading.flags[after] & lex.FIRST:
        return after
    if not reading.joined(after) or not reading.joined(after + 1):
        return None
    particles = reading.words[after] in {"vd", "el"} or reading.words[after : after + 2] in _PARTICLE_PAIRS
    return extend(reading, index, index) if particles else None


def _listed_fits(reading: Reading, index: int, flag: int) -> bool:
    """Whether a listed name that is also a word stands where a bare noun is odd."""
    slot = _slot(reading, index)
    if slot < 1 or "".join(reading.words[index + 1 : index + 2]) in {"worden", "geworden"}:
        return False
    told = index > 1 and reading.words[index - 1] in {"tegen", "aan"} and reading.flags[index - 2] & lex.VERB
    likely = flag & lex.FIRST and (not flag & (lex.UNLIKELY | lex.FREQ) or not reading.words[index].isascii())
    return bool(told or likely or not flag & (lex.WORD | lex.FOREIGN) or (slot > 1 and not flag & lex.FREQ))


def _claim(reading: Reading, index: int) -> None:
    last = parse(reading, index, HINTED)
    reading.claim_words(index, index if last is None else last, "PERSON")


def _slot(reading: Reading, index: int) -> int:
    """How odd a bare noun is at this word: 0 not, 1 somewhat, 2 very; -1 where an article asks for one."""
    joined = index > 0 and reading.joined(index)
    before = reading.words[index - 1] if joined else ""
    if before in _DETERMINERS:
        return -1
    subject = reading.joined(index + 1) and bool(reading.flags[index + 1] & lex.VERB)
    closed = subject or _ends_clause(reading, index)
    clause = subject and (not before or before in _SUBJECT_OPENERS or reading.opens[index])
    if clause or (joined and reading.flags[index - 1] & (lex.ROLE | lex.INTRO)):
        return 2
    if joined and (reading.taken[index - 1] or subject or (before in _PRONOUNS and closed)):
        return 1
    asked = before in _PRONOUNS and index > 1 and reading.words[index - 2] in _ASKING and closed
    if asked or before in _STRONG_SLOTS or (before in _WEAK_SLOTS and closed):
        return 2 if closed else 1
    return int(joined and closed and bool(reading.flags[index - 1] & lex.VERB))


def _ends_clause(reading: Reading, index: int) -> bool:
    following = index + 1
    return (
        following >= len(reading.words)
        or not reading.joined(following)
        or bool(reading.flags[following] & (lex.FUNCTION | lex.SLOT))
    )
