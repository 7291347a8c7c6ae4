# SPDX-License-Identifier: EUPL-1.2
"""Parses one person's name from a word onwards: initials, particles, hyphens, second surnames. Decides which words can be a name.

Claims nothing by itself: the recognisers that saw a cue, a capital or a slot ask it.
"""

import re
from collections.abc import Iterator
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, LOWER, SHOUTED, Reading

CERTAIN: Final = 3  # after a title or a label: nearly anything is a name
INTRODUCED: Final = 2  # after "ik heet": anything that is no everyday word
HINTED: Final = 1  # after a role, a preposition: listed or unknown words only

_LONGEST: Final = 7
_LAST_LATIN: Final = "\u024f"
_PLACE_PARTICLES: Final = frozenset({"in", "op", "aan", "bij", "onder", "y", "e", "o"})
"""Particles that open a surname only after a title: `buren in ...` is a place."""
_VERB_ENDS: Final = ("t", "en", "de", "te", "d")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_CASELESS: Final = frozenset({"ar", "zh"})
_NEVER: Final = lex.FUNCTION | lex.MONTH | lex.NUMBER
_UNNAMELIKE: Final = -0.22
_HINTED_BORDER: Final = -0.35
_AFTER_NAME: Final = -0.45
_SURNAME_BORDER: Final = -0.6
_ODD_COMPOUND: Final = 0.08
"""Name score from which a word is a name even when it falls apart into Dutch words (`bok` + `hoven`)."""
_LONGEST_ODD: Final = 10
_WORDY: Final = re.compile(
    r".*(?:heid|ing|ingen|tie|ties|schap|lijk|lijke|baar|bare|loos|loze|end|ende|ische?|eren|eert|eerd|teit|"
    r"isme|achtig|ment|tje|tjes|atie|aties|ieve?|eur|aard|ster|kamer|huis|dag|werk|tijd|plek|plaats|club|groep|"
    r"team|vrouw|man|mannen|nr|nrs|buro|nummer|nummers|"
    r"ung|keit|lich|isch|chen|tion|ment|ness|ing|ful|ous|able|less|ości|ować|anie|enie|lar|ler|lık|lik|dan|den|"
    r"mente|ción|nan)"
)
_DUTCH_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzëïéèêöüäáóíàôûç'")
_FOREIGN_LETTERS: Final = 0.4
"""What a letter that Dutch words never hold adds to a word's name score."""
_PREFIXED: Final = re.compile(
    r"(?:ge|be|ver|ont|her|aan|uit|op|af|in|door|over|onder|mis|weg|mee|terug|voor|na|on)[a-z]{3,}(?:d|t|de|te|"
    r"den|ten|en|s)"
)


def unlisted(reading: Reading, index: int) -> bool:
    """Whether nobody listed the word, compound or not."""
    word = reading.words[index]
    return not reading.flags[index] and len(word) > 1 and not reading.kept[index] and not any(map(str.isdigit, word))


def unknown(reading: Reading, index: int) -> bool:
    """Whether nobody listed the word and it is no compound of Dutch words."""
    if not unlisted(reading, index):
        return False
    word = reading.words[index]
    return not is_compound(reading, word) or (
        len(word) <= _LONGEST_ODD and reading.lexicon.name_score(word) > _ODD_COMPOUND
    )


def is_compound(reading: Reading, word: str) -> bool:
    """Whether a word falls apart into two or three Dutch words, as new compounds do."""
    if len(word) < 7 or len(word) > 40:
        return False
    flags = reading.lexicon.flags
    for cut in range(3, len(word) - 2):
        if not flags.get(word[:cut], 0) & lex.WORD:
            continue
        rest = word[cut:]
        if _closes(flags.get(rest, 0), rest):
            return True
        if rest[0] == "s" and len(rest) > 4 and _closes(flags.get(rest[1:], 0), rest[1:]):
            return True
    return False


def _closes(flag: int, rest: str) -> bool:
    return len(rest) > 2 and bool(flag & lex.WORD) and (len(rest) > 3 or bool(flag & lex.FREQ))


def namelike(reading: Reading, index: int, border: float = _UNNAMELIKE) -> bool:
    """Whether an unknown word has the shape of a name rather than of a misspelt word."""
    word = reading.words[index].partition("'")[0]
    if len(word) > 18 or _PREFIXED.fullmatch(word):
        return False
    score = reading.lexicon.name_score(word)
    if not word.isascii() and reading.language in {"nl", "en", "xx"} and not _DUTCH_LETTERS.issuperset(word):
        score += _FOREIGN_LETTERS
    if _WORDY.fullmatch(word) and len(word) > 4:
        score -= 0.15
    return score > border


def is_slip(reading: Reading, word: str) -> bool:
    """Whether the word is one slip of the pen away from a much used Dutch word; False once the text used up its checks."""
    if reading.checks_left <= 0 or len(word) < 4 or not word.isascii():
        return False
    reading.checks_left -= 1
    flags = reading.lexicon.flags
    return any(
        flags.get(candidate, 0) & (lex.FREQ | lex.STRONG) == lex.FREQ
        for candidate in _repairs(word)
        if len(candidate) > 3
    )


def _repairs(word: str) -> Iterator[str]:
    """The word with one letter left out, two letters swapped, or one letter put in."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for at in range(1, len(word) + 1):
        for letter in _LETTERS:
            yield word[:at] + letter + word[at:]


def looks_like_name(reading: Reading, index: int, border: float) -> bool:
    """Whether an unknown word is a name by its letters and is no misspelt everyday word."""
    return (
        reading.words[index][0] <= _LAST_LATIN
        and unknown(reading, index)
        and namelike(reading, index, border)
        and not is_slip(reading, reading.words[index])
    )


def is_participle(word: str) -> bool:
    """Whether an unlisted or listed word has the form of a participle or a prefixed verb."""
    return _PREFIXED.fullmatch(word) is not None


def can_start(reading: Reading, index: int, strength: int) -> bool:
    """Whether the word can be the first of a name after a cue of this strength."""
    if index >= len(reading.words) or reading.taken[index]:
        return False
    flag, case, word = reading.flags[index], reading.cases[index], reading.words[index]
    if word[0].isdigit() or reading.kept[index] == 3:
        return False
    if flag & _NEVER and not flag & lex.STRONG and not (case and flag & lex.FIRST and _no_date(reading, index)):
        return False
    if reading.initial(index) and case:
        return reading.text[reading.ends[index] : reading.ends[index] + 1] == "." or _followed_by_capital(
            reading, index
        )
    if len(word) < 2:
        return False
    if case:
        return _capital_starts(reading, index, strength)
    return _lower_starts(reading, index, strength)


def _no_date(reading: Reading, index: int) -> bool:
    """Whether no figure stands beside a word that may be a month."""
    around = reading.words[max(0, index - 1) : index] + reading.words[index + 1 : index + 2]
    return not reading.opens[index] and not any(word[0].isdigit() for word in around)


def _capital_starts(reading: Reading, index: int, strength: int) -> bool:
    flag = reading.flags[index]
    if flag & lex.GENERIC and not flag & lex.STRONG:
        return False
    if reading.kept[index]:
        if strength == CERTAIN:
            return True
        return (reading.kept[index] == 2 and strength >= INTRODUCED) or bool(
            flag & lex.FIRST and _followed_by_capital(reading, index)
        )
    if strength >= INTRODUCED:
        return not flag & (lex.TITLE | lex.ROLE | lex.HEAD) or bool(flag & lex.NAME)
    if flag & lex.NAME:
        return True
    after_role = index > 0 and bool(reading.flags[index - 1] & (lex.ROLE | lex.SOFT_TITLE)) and not reading.opens[index]
    if after_role and (not flag or (flag & (lex.WORD | lex.FOREIGN) and not flag & (lex.FREQ | lex.CUE | lex.HEAD))):
        return True
    return not flag & (lex.ORDINARY | lex.CUE | lex.VERB | lex.HEAD | lex.TAIL | lex.LABEL) and unknown(reading, index)


def _lower_starts(reading: Reading, index: int, strength: int) -> bool:
    flag = reading.flags[index]
    if flag & lex.STRONG:
        return True
    if reading.kept[index]:
        return (
            strength == CERTAIN
            and (reading.kept[index] == 2 or bool(flag & lex.WORD and not flag & lex.ROLE))
            and _closed_off(reading, index)
        )
    if flag & (lex.FUNCTION | lex.VERB | lex.GENERIC | lex.CUE | lex.HEAD) and not (
        strength == CERTAIN and flag & lex.LAST and not flag & lex.FUNCTION
    ):
        return False
    if len(reading.words[index]) < 3 and strength == HINTED:
        return False
    if flag & lex.NAME:
        return (
            strength == CERTAIN
            or (not reading.words[index].isascii() and reading.language == "nl")
            or not flag & (lex.UNLIKELY | lex.FREQ)
            or (strength == INTRODUCED and not flag & lex.FREQ)
        )
    if flag & lex.ORDINARY:
        verbal = strength < CERTAIN and reading.words[index].endswith(_VERB_ENDS)
        return (
            strength >= INTRODUCED and not verbal and not flag & (lex.FREQ | lex.SLOT) and _closed_off(reading, index)
        )
    if strength > HINTED:
        return unlisted(reading, index)
    return looks_like_name(reading, index, _HINTED_BORDER)


def _closed_off(reading: Reading, index: int) -> bool:
    """Whether the word is followed by the end of a clause or a person's verb, as a name after a title is."""
    following = index + 1
    if following >= len(reading.words) or not reading.joined(following):
        return True
    return bool(reading.flags[following] & (lex.VERB | lex.FUNCTION))


def _followed_by_capital(reading: Reading, index: int) -> bool:
    following = index + 1
    return (
        reading.joined(following)
        and reading.cases[following] >= CAPITAL
        and len(reading.words[following]) > 1
        and not reading.flags[following] & lex.FUNCTION
    )


def parse(reading: Reading, index: int, strength: int) -> int | None:
    """Index of the last word of the name that starts at word `index`, or None when no name starts there."""
    start = index
    while (
        index < len(reading.words)
        and reading.cases[index]
        and reading.initial(index)
        and index - start < 5
        and not reading.taken[index]
    ):
        if not (index == start or reading.joined(index)):
            break
        index += 1
    if index > start:
        if index >= len(reading.words) or not reading.joined(index):
            return (
                index - 1
                if strength >= INTRODUCED and reading.text[reading.ends[index - 1] : reading.ends[index - 1] + 1] == "."
                else None
            )
        strength = max(strength, INTRODUCED)
    after = _past_particles(reading, index)
    placed = after is not None and after > index == start and reading.words[index] in _PLACE_PARTICLES
    if placed and not (strength == CERTAIN and reading.cases[after or 0] and not reading.kept[after or 0]):
        return None
    if (
        after is not None
        and after > index
        and strength == CERTAIN
        and len(reading.words[after]) > 2
        and not reading.taken[after]
    ):
        if (
            after - index > 1
            or reading.words[index] in {"vd", "v"}
            or reading.kept[after] == 2
            or _closed_off(reading, after)
        ):
            return extend(reading, start, after)
    if after is None or not can_start(reading, after, CERTAIN if index > start or after > index else strength):
        if index > start and strength >= INTRODUCED:
            return index - 1
        return None
    if (
        after > index
        and not reading.cases[after]
        and strength < CERTAIN
        and not reading.flags[after] & lex.NAME
        and not unlisted(reading, after)
    ):
        return None
    return extend(reading, start, after)


def _past_particles(reading: Reading, index: int) -> int | None:
    """Index of the first word after the particles, or None when they lead nowhere."""
    start = index
    while (
        index < len(reading.words)
        and reading.flags[index] & lex.PARTICLE
        and index - start < 3
        and not reading.taken[index]
    ):
        if index > start and not _glued(reading, index):
            return None
        if reading.flags[index] & lex.STRONG and (index + 1 >= len(reading.words) or not reading.cases[index + 1]):
            return index
        index += 1
    if index == start:
        return index
    if index >= len(reading.words) or not _glued(reading, index):
        return start if reading.flags[start] & lex.NAME else None
    return index


def _glued(reading: Reading, index: int) -> bool:
    """Whether a word follows the one before it inside one name (a space, hyphen, apostrophe or the point of `v.d.`)."""
    return reading.joined(index) or reading.gap(index) in {"'", " '", "/", ".", ". "}


def extend(reading: Reading, start: int, last: int) -> int:
    """Index of the last word of a name whose words `start` to `last` are sure."""
    while last - start < _LONGEST:
        following = last + 1
        if following >= len(reading.words) or reading.taken[following] or not _glued(reading, following):
            break
        if reading.gap(following) in {".", ". ", "/"} and not reading.initial(last):
            break
        hyphen = reading.gap(following) == "-"
        if _continues(reading, last, following, hyphen=hyphen):
            last = following
            continue
        after = _past_particles(reading, following) if reading.flags[following] & lex.PARTICLE else None
        if after is None or after == following or after >= len(reading.words) or reading.taken[after]:
            break
        if not _surname_after_particle(reading, last, after):
            break
        last = after
    return last


def _continues(reading: Reading, last: int, following: int, *, hyphen: bool) -> bool:
    """Whether the next word belongs to the same name."""
    flag, case = reading.flags[following], reading.cases[following]
    if reading.kept[following] == 3 or reading.words[following][0].isdigit():
        return False
    if reading.cases[last] and not reading.lower_mode:
        if case == LOWER or (
            case == SHOUTED
            and reading.cases[last] == CAPITAL
            and not flag & lex.NAME
            and len(reading.words[following]) < 5
        ):
            return False
        if reading.initial(following):
            return True
        if reading.kept[following]:
            return bool(flag & (lex.WORD | lex.LAST)) or (
                reading.words[following] not in reading.lexicon.local and bool(reading.flags[last] & lex.FIRST)
            )
        return not flag & (lex.FUNCTION | lex.MONTH | lex.GENERIC | lex.TITLE | lex.HEAD) or bool(flag & lex.STRONG)
    if reading.kept[following] or flag & (lex.FUNCTION | lex.VERB | lex.GENERIC | lex.MONTH | lex.SLOT):
        return False
    if reading.language in _CASELESS:
        return bool(flag & lex.NAME) or reading.words[following].startswith("ال")
    if flag & (lex.STRONG | lex.LAST) and not flag & (lex.FREQ | lex.CUE):
        return hyphen or not flag & lex.UNLIKELY or _closed_off(reading, following)
    if (
        flag & lex.WORD
        and not flag & (lex.FREQ | lex.CUE | lex.HEAD)
        and reading.flags[last] & lex.STRONG
        and _closed_off(reading, following)
    ):
        verbal = is_participle(reading.words[following]) or reading.words[following].endswith(_VERB_ENDS)
        return not verbal and namelike(reading, following, _SURNAME_BORDER)
    return looks_like_name(reading, following, _AFTER_NAME)


def _surname_after_particle(reading: Reading, last: int, after: int) -> bool:
    """Whether the word after the particles is this person's surname, not a place or a thing."""
    flag = reading.flags[after]
    if reading.cases[last] and not reading.lower_mode:
        if not reading.cases[after]:
            return False
        if reading.words[after - 1] in {"in", "uit", "op", "aan", "bij"} and not flag & lex.LAST:
            return False
        if reading.kept[after] == 3 or flag & (lex.HEAD | lex.GENERIC):
            return False
        if (
            reading.words[after - 1] == "van"
            and after - last == 2
            and reading.kept[after] == 1
            and not flag & (lex.WORD | lex.LAST)
        ):
            return False
        return True
    if flag & (lex.FUNCTION | lex.VERB | lex.GENERIC | lex.HEAD | lex.ROLE) or reading.kept[after] == 3:
        return False
    compound = after - last > 2 or reading.words[after - 1] in {"el", "al", "ait", "ben", "bin", "vd", "dos", "da"}
    if flag & lex.LAST:
        return compound or not flag & lex.FREQ or _closed_off(reading, after)
    return not flag and (compound or (unknown(reading, after) and namelike(reading, after)))
