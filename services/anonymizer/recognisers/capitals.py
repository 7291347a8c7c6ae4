# SPDX-License-Identifier: EUPL-1.2
"""Marks names by their capital: inside a sentence any unlisted word with one, at its start only with more evidence."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, SHOUTED, Reading
from services.anonymizer.recognisers.candidates import HINTED, is_compound, looks_like_name, namelike, unknown, unlisted
from services.anonymizer.recognisers.names import parse

_EXCLUDED: Final = lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.TITLE | lex.NUMBER
_PLAIN: Final = lex.WORD | lex.FOREIGN | lex.HEAD | lex.TAIL | lex.LABEL | lex.ROLE | lex.VERB
_LONGEST_ACRONYM: Final = 5
_GERMAN_BORDER: Final = 0.12
_START_BORDER: Final = -0.25
_FOREIGN_START_BORDER: Final = 0.35
_BEFORE_MONTHS: Final = frozenset(
    (
        "in van tot sinds vanaf eind begin half medio mid voor na per tussen en t/m of vorige afgelopen komende hele"
    ).split()
)
_LONG_COMPOUND: Final = 11
_NO_NAME: Final = lex.CUE | lex.TOWN | lex.KEEP | lex.PARTICLE | lex.SLOT
_PRACTICES: Final = frozenset(
    "tandarts huisarts dierenarts notaris makelaar fysiotherapeut psycholoog logopedist slager bakker kapper drogist "
    "opticien juwelier bloemist aannemer loodgieter schilder".split()
)
"""Trades whose capital inside a sentence makes them a part of a firm's name: `bij Tandarts Zuidema`."""
_PLACE_WORDS: Final = frozenset({"in", "op", "aan", "bij"})
_GERMAN_DETERMINERS: Final = frozenset(
    (
        "der die das den dem des ein eine einen einem einer eines im am zum zur beim vom ins ans kein keine keinen "
        "mein meine meinen meinem meiner sein seine ihr ihre unser unsere dieser diese dieses jeder jede alle "
        "viele keine als"
    ).split()
)


def mark_capitalised(reading: Reading) -> None:
    """Mark capitalised words that can only be names."""
    if reading.lower_mode and not any(reading.cases):
        return
    for index, case in enumerate(reading.cases):
        if case and not reading.taken[index]:
            _judge(reading, index, case)


def extend_left(reading: Reading) -> None:
    """Mark capitalised everyday words right before a found name: `Vleeswaren [Dekkers]` is a firm."""
    for span in list(reading.spans):
        if span.kind not in {"PERSON", "ORGANISATION_SMALL"}:
            continue
        first = reading.word_at(span.start)
        at = first
        while at > 0 and first - at < 4 and reading.joined(at) and _belongs_left(reading, at - 1):
            at -= 1
        if at < first and not reading.lower_mode:
            reading.claim_words(at, first - 1, "ORGANISATION_SMALL")


def _belongs_left(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    inside = reading.cases[index] and not reading.opens[index] and len(reading.words[index]) > 2
    if not inside or reading.taken[index] or reading.kept[index]:
        return False
    if reading.words[index] in _PRACTICES:
        return True
    return (bool(flag & lex.WORD) and not flag & (_EXCLUDED | lex.CUE | lex.LABEL)) or unlisted(reading, index)


def _particles_first(reading: Reading, index: int) -> bool:
    """Claim `Van 't Hek`, `Van der Ploeg`, `El Idrissi` at the start of a sentence or after small letters."""
    after = index + 1
    while after < len(reading.words) and after - index < 3 and _small_particle(reading, after):
        after += 1
    if after >= len(reading.words) or not reading.cases[after] or reading.taken[after] or reading.kept[after] == 3:
        return False
    flag = reading.flags[after]
    glued = reading.joined(after) or reading.gap(after) == "'"
    if not glued or flag & (lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.HEAD):
        return False
    article = reading.opens[index] and reading.kept[after] == 1
    surname = flag & lex.LAST and (flag & lex.WORD or not reading.kept[after]) and not article
    if after - index > 1 or surname:
        last = parse(reading, after, HINTED)
        return reading.claim_words(index, after if last is None else last, "PERSON")
    return False


def _small_particle(reading: Reading, index: int) -> bool:
    return bool(reading.flags[index] & lex.PARTICLE) and not reading.cases[index] and reading.gap(index) in {" ", " '"}


def _judge(reading: Reading, index: int, case: int) -> None:
    flag, word = reading.flags[index], reading.words[index]
    if _shortened_surname(reading, index):
        reading.claim(reading.starts[index], _past_initials(reading, index + 1), "PERSON")
        return
    articled = reading.language == "de" and word in _GERMAN_DETERMINERS
    particle = not articled and flag & lex.PARTICLE and case == CAPITAL and len(word) > 1 and word not in _PLACE_WORDS
    if particle and _particles_first(reading, index):
        return
    if reading.initial(index) and not (len(word) > 1 and flag & lex.WORD):
        _judge_initial(reading, index)
    elif len(word) > 1 and not word[0].isdigit() and _is_name(reading, index, case):
        _claim(reading, index)


def _shortened_surname(reading: Reading, index: int) -> bool:
    """Whether a capitalised word and an initial after it are a person: `Sem K.`, `Mo.A.`."""
    after = index + 1
    if (
        after >= len(reading.words)
        or len(reading.words[after]) != 1
        or not reading.cases[after]
        or reading.taken[after]
    ):
        return False
    flag, end = reading.flags[index], reading.ends[after]
    if len(reading.words[index]) < 2 or reading.cases[index] != CAPITAL or reading.kept[index] == 3:
        return False
    barred = flag & (lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.TITLE | lex.HEAD | lex.LABEL | lex.ROLE | lex.KEEP)
    pointed = reading.text[end : end + 1] == "." or (
        end < len(reading.text) and reading.text[end] in ",)" and bool(flag & lex.FIRST)
    )
    return (
        not barred and pointed and reading.gap(after) in {" ", "."} and not (flag & lex.FREQ and not flag & lex.FIRST)
    )


def _past_initials(reading: Reading, index: int) -> int:
    """Where the initials from word `index` on end, the last point included."""
    last = index
    while reading.joined(last + 1) and reading.initial(last + 1) and not reading.taken[last + 1]:
        last += 1
    end = reading.ends[last]
    return end + (reading.text[end : end + 1] == ".")


def _is_name(reading: Reading, index: int, case: int) -> bool:
    """Whether a capitalised word of two and more letters is a name where it stands."""
    flag = reading.flags[index]
    if flag & _EXCLUDED and not flag & lex.STRONG:
        return _names_despite_excluded(reading, index)
    if reading.kept[index]:
        return _names_despite_kept(reading, index)
    acronym = len(reading.words[index]) <= _LONGEST_ACRONYM or flag & _PLAIN
    if case == SHOUTED and acronym and not flag & lex.STRONG:
        return False
    return _starts_with_name(reading, index, flag) if reading.opens[index] else _inside_is_name(reading, index, flag)


def _names_despite_excluded(reading: Reading, index: int) -> bool:
    """Whether a month or a function word is a given name here: `Mei-Ling`, `omdat Wil er was`."""
    flag, following = reading.flags[index], index + 1
    if (reading.words[index], reading.language) in {("will", "en"), ("wil", "nl")} and _verb_follows(reading, index):
        return not reading.words[index + 1].endswith("en")
    if not flag & lex.FIRST:
        return False
    if _human_follows(reading, index) and not flag & lex.FUNCTION:
        return True
    hyphened = following < len(reading.words) and reading.gap(following) == "-" and reading.cases[following] > 0
    if hyphened and not flag & lex.FUNCTION:
        return True
    if flag & lex.FUNCTION and len(reading.words[index]) > 2 and _signs(reading, index):
        return True
    unsure = flag & (lex.FUNCTION | lex.MONTH) and len(reading.words[index]) > 2
    return bool(unsure) and _bare_inside(reading, index)


def _signs(reading: Reading, index: int) -> bool:
    """Whether a word has a line of its own below a sentence that has ended, as a signature has."""
    gap, end = reading.gap(index), reading.ends[index]
    ended = index > 0 and "\n" in gap and gap.lstrip(" ")[:1] in {".", ",", "!", "\n"}
    return ended and reading.text[end : end + 3].lstrip(" .")[:1] in {"", "\n"}


def _bare_inside(reading: Reading, index: int) -> bool:
    """Whether a word has its capital only because it is a name: inside a sentence, between small letters."""
    if index == 0 or reading.opens[index] or reading.lower_mode or reading.language != "nl":
        return False
    before = reading.words[index - 1]
    after = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    dated = before in _BEFORE_MONTHS or before[0].isdigit() or after[:1].isdigit()
    if reading.flags[index] & lex.MONTH and dated:
        return False
    return (not reading.cases[index - 1] or reading.opens[index - 1]) and reading.gap(index) == " "


def _judge_initial(reading: Reading, index: int) -> None:
    """Mark initials with the surname after them, or one that stands for somebody: `Y. uit de straat`."""
    following = index + 1
    if following >= len(reading.words):
        return
    lonely = reading.gap(following) in {". ", "., "} and reading.words[following] in {
        "uit",
        "van",
        "heeft",
        "is",
        "zei",
        "zegt",
    }
    if lonely and not reading.cases[following] and len(reading.words[index]) == 1:
        reading.claim(reading.starts[index], reading.ends[index] + 1, "PERSON")
        return
    pointed = reading.text[reading.ends[index]] == "."
    surname = reading.joined(following) and reading.flags[following] & lex.LAST and reading.cases[following]
    pronoun = reading.words[index] == "i" and reading.language == "en"
    if pronoun or not (pointed or (surname and reading.words[index] != "u")):
        return
    last = parse(reading, index, HINTED)
    if last is not None and last > index:
        reading.claim_words(index, last, "PERSON")


def _claim(reading: Reading, index: int) -> None:
    last = parse(reading, index, HINTED)
    if last is None:
        last = index
    long_compound = (
        last == index
        and not reading.flags[index]
        and len(reading.words[index]) > _LONG_COMPOUND
        and is_compound(reading, reading.words[index])
    )
    reading.claim_words(index, last, "ORGANISATION_SMALL" if long_compound else "PERSON")


def _inside_is_name(reading: Reading, index: int, flag: int) -> bool:
    """Whether a capitalised word inside a sentence is a name."""
    if flag & lex.STRONG:
        return True
    if reading.language == "de":
        return _german_is_name(reading, index, flag)
    if flag & lex.NAME:
        return True
    if flag & (lex.WORD | lex.FOREIGN) and not flag & (
        lex.FREQ | _NO_NAME | lex.HEAD | lex.TAIL | lex.LABEL | lex.VERB
    ):
        following = index + 1
        return reading.joined(following) and _is_surname(reading, following)
    return unlisted(reading, index) or (bool(flag) and not flag & (_PLAIN | _NO_NAME))


def _is_surname(reading: Reading, index: int) -> bool:
    """Whether a capitalised word is a listed surname that is no ordinary word."""
    flag = reading.flags[index]
    return reading.cases[index] == CAPITAL and bool(flag & lex.LAST) and not flag & (lex.ORDINARY | lex.TOWN | lex.KEEP)


def _german_is_name(reading: Reading, index: int, flag: int) -> bool:
    """Whether a capitalised word inside a German sentence is a name: nouns have capitals there too."""
    if reading.words[index - 1] in _GERMAN_DETERMINERS:
        return False
    if flag & lex.NAME:
        return not flag & (lex.FOREIGN | lex.WORD) or _next_is_name(reading, index)
    return unknown(reading, index) and namelike(reading, index, _GERMAN_BORDER)


def _starts_with_name(reading: Reading, index: int, flag: int) -> bool:
    """Whether the first word of a sentence is a name."""
    if flag & lex.STRONG:
        return _strong_opens(reading, index, flag)
    if flag & lex.NAME:
        subject = not flag & lex.ROLE and _verb_follows(reading, index) and not flag & lex.FREQ
        lonely = _alone(reading, index) and not flag & (lex.UNLIKELY | lex.ROLE)
        lonely = lonely or (bool(flag & (lex.FIRST | lex.CALLED)) and _signs(reading, index))
        return not flag & (lex.WORD | lex.FOREIGN | lex.ROLE) or subject or lonely or _next_is_name(reading, index)
    labelled = reading.text[reading.ends[index] : reading.ends[index] + 1] == ":"
    if labelled or not unknown(reading, index):
        return False
    if _next_is_name(reading, index):
        return True
    if reading.language in {"nl", "en"}:
        return _verb_follows(reading, index) or looks_like_name(reading, index, _START_BORDER)
    return reading.language != "de" and namelike(reading, index, _FOREIGN_START_BORDER)


def _strong_opens(reading: Reading, index: int, flag: int) -> bool:
    """Whether a name that is no other word opens a sentence as one: not as a date, and not as a greeting (`Salam`)."""
    if flag & lex.GREETING:
        return _verb_follows(reading, index)
    return not (flag & lex.MONTH and index + 1 < len(reading.words) and reading.words[index + 1][0].isdigit())


def _alone(reading: Reading, index: int) -> bool:
    """Whether the word stands alone on its line, as in a signature."""
    end = reading.ends[index]
    after = reading.text[end : end + 3].lstrip(" .,!")
    return not after or after[0] in "\n,"


def _human_follows(reading: Reading, index: int) -> bool:
    """Whether a verb that only a person can do comes right after: `Frans zei dat`."""
    return reading.joined(index + 1) and bool(reading.flags[index + 1] & lex.HUMAN)


def _verb_follows(reading: Reading, index: int) -> bool:
    following = index + 1
    return reading.joined(following) and bool(reading.flags[following] & (lex.VERB | lex.HUMAN))


def _next_is_name(reading: Reading, index: int) -> bool:
    """Whether a surname, or a particle with a capitalised word, follows."""
    following = index + 1
    if not reading.joined(following) or reading.taken[following]:
        return False
    if reading.flags[following] & lex.PARTICLE and not reading.cases[following]:
        return _surname_past_particles(reading, following)
    flag = reading.flags[following]
    if not reading.cases[following] or flag & (lex.FUNCTION | lex.GENERIC | lex.MONTH):
        return False
    return reading.kept[following] != 3 and (bool(flag & lex.NAME) or unlisted(reading, following))


def _surname_past_particles(reading: Reading, first: int) -> bool:
    """Whether the particles from word `first` on lead to a capitalised word that is not kept."""
    after = first + 1
    while after < len(reading.words) and after - first < 3 and _small_particle(reading, after):
        after += 1
    return reading.joined(after) and reading.cases[after] >= CAPITAL and not reading.kept[after]


def _names_despite_kept(reading: Reading, index: int) -> bool:
    """Whether a kept word is a name here after all: a listed given name with a surname or a verb after it."""
    flag = reading.flags[index]
    if reading.kept[index] == 3 or not flag & lex.FIRST:
        return False
    before = reading.words[index - 1] if index else ""
    if _human_follows(reading, index):
        return True
    if before in {"in", "uit", "te", "naar", "gemeente", "regio", "omgeving", "rond", "near", "from"}:
        return False
    return _next_is_name(reading, index) or (
        _verb_follows(reading, index) and not reading.opens[index] and reading.kept[index] == 2
    )
