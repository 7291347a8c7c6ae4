# SPDX-License-Identifier: EUPL-1.2
"""Decides which words can be a name: by lists, letters, compounds, and the slips of the pen that only look like names.

Claims nothing: the parser of names and the recognisers ask it.
"""

import re
from collections.abc import Iterator
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, Reading

CERTAIN: Final = 3  # after a title or a label: nearly anything is a name
INTRODUCED: Final = 2  # after "ik heet": anything that is no everyday word
HINTED: Final = 1  # after a role, a preposition: listed or unknown words only

_INFLECTED: Final = frozenset({"tr", "pl", "fr", "es", "de"})
"""Languages in which an unlisted word without a capital is more likely a form of a word than a name."""
_SIGNS: Final = frozenset(
    "komma punt haakje haakjes puntkomma uitroepteken vraagteken aanhalingsteken nieuweregel nieuwealinea dubbelepunt "
    "witregel eindecitaat eindezin".split()
)
"""Signs as they are said when somebody dictates."""
_NUMBERS: Final = ("nr", "nrs", "nummer", "nummers")
_ARABIC_SUFFIXES: Final = ("\u0646\u0627", "\u0647\u0645", "\u0647\u0627", "\u0643\u0645")
"""Arabic pronouns at the end of a word, which no name has."""
_LAST_LATIN: Final = "\u024f"
VERB_ENDS: Final = ("t", "en", "de", "te", "d")
_VOICED: Final = {"f": "v", "s": "z"}
_NEVER: Final = lex.FUNCTION | lex.MONTH | lex.NUMBER
_UNNAMELIKE: Final = -0.22
_HINTED_BORDER: Final = -0.35
_ODD_COMPOUND: Final = 0.08
"""Name score from which a word is a name even when it falls apart into Dutch words (`bok` + `hoven`)."""
_LONGEST_ODD: Final = 10
_CODE_WORD: Final = 4
"""Shorter than this a word with a figure in it is a code (`de C2`), not a name that was read badly."""
_LONGEST_SLIP: Final = 24
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
    if word.endswith(_NUMBERS):
        return True
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
    if reading.language == "fr" and word.endswith(("é", "ée", "és", "ées")):
        return False
    score = reading.lexicon.name_score(word)
    if not word.isascii() and reading.language in {"nl", "en", "xx"} and not _DUTCH_LETTERS.issuperset(word):
        score += _FOREIGN_LETTERS
    if _WORDY.fullmatch(word) and len(word) > 4:
        score -= 0.15
    return score > border


def is_slip(reading: Reading, word: str) -> bool:
    """Whether the word is one slip of the pen away from a much used one; False once the text used up its checks."""
    if reading.checks_left <= 0 or not 4 <= len(word) <= _LONGEST_SLIP or not word.isascii():
        return False
    reading.checks_left -= 1
    return word in reading.lexicon.slips or any(
        reading.lexicon.flag(candidate) & (lex.FREQ | lex.STRONG) == lex.FREQ
        for candidate in _repairs(word)
        if len(candidate) > 3
    )


def _repairs(word: str) -> Iterator[str]:
    """The word with one letter left out, or two letters swapped."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def looks_like_name(reading: Reading, index: int, border: float) -> bool:
    """Whether an unknown word is a name by its letters and is no misspelt everyday word."""
    return (
        reading.words[index][0] <= _LAST_LATIN
        and unknown(reading, index)
        and namelike(reading, index, border)
        and not is_slip(reading, reading.words[index])
    )


def is_inflected(reading: Reading, word: str) -> bool:
    """Whether an English word is a plural or a form of a listed one: `walls`, `prays`."""
    stems = (word.removesuffix(end) for end in ("s", "es", "ed", "ing", "ly") if word.endswith(end))
    return any(reading.lexicon.flag(stem) & lex.ORDINARY for stem in stems if len(stem) > 2)


def is_participle(word: str) -> bool:
    """Whether an unlisted or listed word has the form of a participle or a prefixed verb."""
    return _PREFIXED.fullmatch(word) is not None


def can_start(reading: Reading, index: int, strength: int) -> bool:
    """Whether the word can be the first of a name after a cue of this strength."""
    if index >= len(reading.words) or reading.taken[index] or _never_starts(reading, index):
        return False
    if reading.cases[index] and reading.initial(index):
        end = reading.ends[index]
        return reading.text[end : end + 1] == "." or followed_by_capital(reading, index)
    if len(reading.words[index]) < 2:
        return False
    if reading.cases[index]:
        return _capital_starts(reading, index, strength)
    return _lower_starts(reading, index, strength)


def _never_starts(reading: Reading, index: int) -> bool:
    """Whether the word is a figure, part of a kept phrase, or a closed-class word that no list has as a name."""
    flag = reading.flags[index]
    word = reading.words[index]
    if word[0].isdigit() or reading.kept[index] == 3 or (len(word) < _CODE_WORD and any(map(str.isdigit, word))):
        return True
    if not flag & _NEVER or flag & lex.STRONG:
        return False
    return not (reading.cases[index] and flag & lex.FIRST and _no_date(reading, index))


def _no_date(reading: Reading, index: int) -> bool:
    """Whether no figure stands beside a word that may be a month."""
    around = reading.words[max(0, index - 1) : index] + reading.words[index + 1 : index + 2]
    return not reading.opens[index] and not any(word[0].isdigit() for word in around)


def _capital_starts(reading: Reading, index: int, strength: int) -> bool:
    flag = reading.flags[index]
    if flag & lex.GENERIC and not flag & lex.STRONG:
        return strength == CERTAIN and _titled(reading, index) and closed_off(reading, index)
    if reading.kept[index]:
        full = bool(flag & lex.FIRST and followed_by_capital(reading, index))
        place = reading.kept[index] == 2 or flag & (lex.TOWN | lex.FIRST)
        called = bool(place) and index > 0 and reading.flags[index - 1] & lex.ROLE and not reading.opens[index]
        if called and reading.joined(index) and closed_off(reading, index):
            return True
        return strength == CERTAIN or (reading.kept[index] == 2 and strength >= INTRODUCED) or full
    if flag & lex.NAME:
        return True
    if strength >= INTRODUCED:
        return not flag & (lex.TITLE | lex.ROLE | lex.HEAD)
    return _follows_role(reading, index) or unknown(reading, index)


def _titled(reading: Reading, index: int) -> bool:
    """Whether a title that only people have stands right before the word: `meneer Pasen`."""
    return index > 0 and bool(reading.flags[index - 1] & lex.TITLE) and reading.joined(index)


def _follows_role(reading: Reading, index: int) -> bool:
    """Whether a capitalised word that is no everyday word stands right after a role: `docent Appelboom`."""
    flag = reading.flags[index]
    role = index > 0 and reading.flags[index - 1] & (lex.ROLE | lex.SOFT_TITLE)
    rare = not flag or (flag & (lex.WORD | lex.FOREIGN) and not flag & (lex.FREQ | lex.CUE | lex.HEAD))
    return bool(role and rare) and not reading.opens[index]


def _lower_starts(reading: Reading, index: int, strength: int) -> bool:
    flag = reading.flags[index]
    if flag & lex.STRONG:
        return True
    if reading.kept[index]:
        return _kept_counts(reading, index, flag, strength)
    inflected = reading.language in _INFLECTED and not reading.loose[index]
    if _barred(flag, strength) or (strength == HINTED and (inflected or len(reading.words[index]) < 3)):
        return False
    if flag & lex.NAME:
        return _name_counts(reading, index, flag, strength)
    if flag & lex.ORDINARY:
        return _everyday_counts(reading, index, flag, strength)
    return _unlisted_counts(reading, index, strength)


def _kept_counts(reading: Reading, index: int, flag: int, strength: int) -> bool:
    """Whether a kept word without a capital is a name: after a title, or a given name after who it is."""
    if strength == HINTED and flag & lex.FIRST and reading.loose[index] and reading.kept[index] != 3:
        role = index > 0 and reading.joined(index) and reading.flags[index - 1] & lex.ROLE
        return bool(role) and not reading.flags[index - 1] & lex.FUNCTION and closed_off(reading, index)
    if strength >= INTRODUCED and flag & lex.FIRST and reading.loose[index]:
        following = index + 1
        full = reading.joined(following) and reading.flags[following] & lex.STRONG
        return strength == INTRODUCED or bool(full) or closed_off(reading, index)
    kind = reading.kept[index] == 2 or bool(flag & lex.WORD and not flag & lex.ROLE)
    return strength == CERTAIN and kind and closed_off(reading, index)


def _everyday_counts(reading: Reading, index: int, flag: int, strength: int) -> bool:
    """Whether an everyday word without a capital is a name after a cue of this strength."""
    word, closed = reading.words[index], closed_off(reading, index)
    if strength == CERTAIN and not closed:
        return not flag & (lex.FREQ | lex.SLOT) and not word.endswith(VERB_ENDS) and reading.loose[index] > 0
    verbal = strength < CERTAIN and word.endswith(VERB_ENDS)
    rare = strength >= INTRODUCED and not flag & lex.SLOT and (not flag & lex.FREQ or _only_named(reading, index))
    return rare and not verbal and closed


def _unlisted_counts(reading: Reading, index: int, strength: int) -> bool:
    """Whether a word of no list and without a capital is a name after a cue of this strength."""
    if "\u0600" <= reading.words[index][0] <= "\u06ff":
        word = reading.words[index]
        return unlisted(reading, index) and len(word) > 2 and not word.endswith(_ARABIC_SUFFIXES)
    return unlisted(reading, index) if strength > HINTED else looks_like_name(reading, index, _HINTED_BORDER)


def _name_counts(reading: Reading, index: int, flag: int, strength: int) -> bool:
    """Whether a listed name without a capital is one after a cue of this strength."""
    odd = not reading.words[index].isascii() and reading.language == "nl"
    if strength == HINTED and flag & lex.WORD and not reading.loose[index] and not odd:
        return False
    return odd or _listed_counts(flag, strength) or _role_and_verb(reading, index, flag)


def _only_named(reading: Reading, index: int) -> bool:
    """Whether `heet` right before an everyday word says what somebody is called: `mijn chef heet bloem`."""
    if index < 2 or reading.words[index - 1] not in {"heet", "heette", "genaamd"} or not reading.joined(index):
        return False
    return reading.words[index - 2] not in {"het", "dat", "dit", "zo", "zoiets", "wat", "te", "erg", "zo'n"}


def _role_and_verb(reading: Reading, index: int, flag: int) -> bool:
    """Whether an unlikely surname stands between a role and a person's verb: `agent kuiper was`."""
    following = index + 1
    between = index > 0 and reading.flags[index - 1] & (lex.ROLE | lex.SOFT_TITLE) and reading.joined(following)
    return bool(between and not flag & lex.FREQ and reading.flags[following] & lex.VERB)


def _barred(flag: int, strength: int) -> bool:
    """Whether the kind of word bars it from opening a name written without a capital."""
    barred = flag & (lex.FUNCTION | lex.VERB | lex.GENERIC | lex.CUE | lex.HEAD)
    return bool(barred) and not (strength == CERTAIN and flag & lex.LAST and not flag & lex.FUNCTION)


def _listed_counts(flag: int, strength: int) -> bool:
    """Whether a listed name without a capital is taken for one after a cue of this strength."""
    if strength == CERTAIN:
        return True
    return not flag & lex.FREQ if strength == INTRODUCED else not flag & (lex.UNLIKELY | lex.FREQ)


def is_finite(reading: Reading, word: str) -> bool:
    """Whether a word in -t is a form of a verb of the dictionary: `proeft` of `proeven`, `loopt` of `lopen`."""
    if len(word) < 4 or not word.endswith("t"):
        return False
    stem = word[:-1]
    stems = {stem, stem[:-1] + _VOICED.get(stem[-1], stem[-1])}
    if len(stem) > 2 and stem[-3] == stem[-2] and stem[-2] in "aeou":
        stems |= {form[:-2] + form[-1] for form in stems}
    return any(reading.lexicon.flag(form + "en") & lex.WORD for form in stems)


def is_adjective(reading: Reading, index: int) -> bool:
    """Whether a word has the form of an adjective (`oude`) and is no past tense (`filmde` of `filmen`)."""
    word, flag = reading.words[index], reading.flags[index]
    if not word.endswith("e") or not flag & lex.WORD or flag & (lex.FUNCTION | lex.VERB | lex.ROLE):
        return False
    past = word.endswith(("de", "te")) and not flag & lex.FREQ and reading.lexicon.flag(word[:-2] + "en") & lex.WORD
    return not past


def closed_off(reading: Reading, index: int) -> bool:
    """Whether the word is followed by the end of a clause or a person's verb, as a name after a title is."""
    following = index + 1
    if following >= len(reading.words) or not reading.joined(following):
        return True
    return bool(reading.flags[following] & (lex.VERB | lex.FUNCTION)) or _is_spoken_sign(reading, following)


def _is_spoken_sign(reading: Reading, index: int) -> bool:
    """Whether a sign is dictated here: `komma`, `nieuwe regel`, `haakje sluiten`."""
    word = reading.words[index]
    return word in _SIGNS or "".join(reading.words[index : index + 2]) in _SIGNS


def followed_by_capital(reading: Reading, index: int) -> bool:
    """Whether a capitalised word that can belong to a name comes right after."""
    following = index + 1
    return (
        reading.joined(following)
        and reading.cases[following] >= CAPITAL
        and len(reading.words[following]) > 1
        and not reading.flags[following] & lex.FUNCTION
    )
