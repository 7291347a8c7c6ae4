# SPDX-License-Identifier: EUPL-1.2
"""Marks names that a word before them announces: a title, a role, an introduction."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import (
    CERTAIN,
    HINTED,
    INTRODUCED,
    VERB_ENDS,
    closed_off,
    is_finite,
    unlisted,
)
from services.anonymizer.recognisers.names import parse

_LONGEST_SHORT_TITLE: Final = 4
"""A title longer than this is not cut short: a point after it ends the sentence."""
_MOST_TITLES: Final = 4
_MOST_FILLERS: Final = 4
_FILLERS: Final = frozenset(
    "is was van ook hij zij ze ik dus de het mijn die iets als volgens mij geloof en zich hem haar me".split()
)
_LOOSE_INTROS: Final = frozenset("namelijk noemen genoemd noemt noemde noem alias name bijnaam namen".split())
"""Introductions that are often followed by something else than a name."""
_PREDICATES: Final = frozenset("is was heet heette heten als genaamd werd named called heißt s'appelle".split())
_AM: Final = frozenset(
    {
        ("ik", "ben"),
        ("i", "am"),
        ("ich", "bin"),
        ("je", "suis"),
        ("u", "spreekt"),
        ("met", "mevrouw"),
        ("jestem",),
        ("ben",),
        ("soy",),
        ("mi", "ta"),
        ("this", "is"),
        ("dit", "is"),
        ("hallo", "ben"),
        ("hoi", "ben"),
        ("hey", "ben"),
        ("c'est",),
        ("ami", "ta"),
        ("hier", "ist"),
        ("أنا",),
    }
)
_ROLE_GAPS: Final = frozenset({" ", ", ", " (", ": ", " = ", " - ", ' "', ', "', ' ("', " '", " ('"})
_TITLE_GAPS: Final = frozenset({" ", ". ", ".", "  "})
_INTRO_GAPS: Final = frozenset({"", ":", "=", "=>", "->", '"', "'", ': "', ",", "(", "-", '("'})
_AFTER_NAME: Final = frozenset("bey hanım hanim abi abla hoca amca teyze".split())
"""Titles that follow the name."""
_AFTER_WHOM: Final = frozenset({"adlı", "isimli", "adındaki"})
"""Introductions that follow the name."""
_ALSO_WORDS: Final = frozenset({"pan", "bay", "don", "sir"})
"""Titles of another language that a Dutch text has as words."""
_SURNAME_PARTICLES: Final = frozenset("van vd de el der den ten ter".split())
_OF: Final = frozenset({"van", "de", "du", "della", "del"})
_NO_SURNAME: Final = frozenset(
    "een mijn m'n mn haar zijn z'n zn ons onze hun die dat dit deze hier daar wie jullie je".split()
)
"""Words after `van` that no surname goes on with."""
_ARTICLES: Final = frozenset({"de", "het", "'t", "t", "la", "le", "les"})
_BEFORE_NOUNS: Final = frozenset("de die een deze zo'n the that le la un une der die el".split())
"""Words that make a title after them a noun."""
_PAUSES: Final = frozenset(".!?;\n")
_CERTAIN_ONES: Final = frozenset({"ene", "zekere"})
"""Words before a name that is not known well: `ene Zomer`."""
_NO_NAME_GIVEN: Final = frozenset("geen zonder no kein keinen ohne sans sin bez anoniem".split())
"""`gaf geen naam, ...`: what follows is something else."""
_WITHHELD: Final = frozenset("en onbekend onleesbaar anoniem geheim vergeten nnb onduidelijk weggelaten".split())
"""What follows `naam` where no name does."""
_AND: Final = frozenset("en and und et ve i y и та".split())


def mark_cued(reading: Reading) -> None:
    """Mark every name after a title, a role or an introduction."""
    for index, flag in enumerate(reading.flags):
        if flag & lex.CUE and not reading.taken[index] and index + 1 < len(reading.flags):
            _follow_cue(reading, index, flag)
    _mark_predicates(reading)
    if reading.any_of(_CERTAIN_ONES):
        _mark_certain_ones(reading)


def _follow_cue(reading: Reading, index: int, flag: int) -> None:
    following = index + 1
    gap = reading.gap(following)
    if flag & lex.TITLE and gap in _TITLE_GAPS:
        _claim_titled(reading, index, following)
    elif flag & lex.HEAD and reading.cases[index] and not reading.opens[index] and not reading.lower_mode:
        return
    elif flag & (lex.SOFT_TITLE | lex.ROLE) and gap in _ROLE_GAPS:
        _claim_role(reading, following, gap)
    elif flag & lex.INTRO:
        _claim_introduced(reading, index, following, gap)


def claim_name(reading: Reading, index: int, strength: int) -> bool:
    """Claim the name that starts at a word, and the second one in `Anna en Piet`; False when no name starts there."""
    last = parse(reading, index, strength) if index < len(reading.words) else None
    if last is None or not reading.claim_words(index, last, "PERSON"):
        return False
    _claim_second(reading, last)
    return True


def _claim_second(reading: Reading, last: int) -> None:
    """Claim the other half of `Anna en Piet`, `Anna, Piet` when it is a name as well."""
    second = last + 1
    if second >= len(reading.words):
        return
    joined = reading.words[second] in _AND and second + 1 < len(reading.words) and reading.gap(second + 1) == " "
    listed = reading.gap(second) in {", ", "/", " / ", " & "} and reading.flags[second] & lex.NAME
    if joined or listed:
        first = second + 1 if joined else second
        end = parse(reading, first, HINTED)
        if end is not None:
            reading.claim_words(first, end, "PERSON")


def past_titles(reading: Reading, first: int) -> int:
    """Index of the first word after a few titles and greetings; past the end when a new line comes first.

    Bounded, so that a row of titles costs no more than its length.
    """
    following = first
    while following < len(reading.words) and following - first < _MOST_TITLES and _is_title(reading, following):
        following += 1
    if first < following < len(reading.words) and "\n" in reading.gap(following):
        return len(reading.words)
    return following


def _is_title(reading: Reading, index: int) -> bool:
    flag = reading.flags[index]
    title = flag & (lex.TITLE | lex.SOFT_TITLE | lex.GREETING) and not flag & lex.STRONG
    return bool(title) and reading.gap(index).strip(" ") in {":", ".", "", "="}


def _claim_titled(reading: Reading, index: int, following: int) -> None:
    """Claim the name after a title, or before one that follows the name."""
    word, small = reading.words[index], not reading.cases[index]
    if reading.gap(following).startswith(".") and len(word) > _LONGEST_SHORT_TITLE:
        return
    if word == "dr" and reading.loose[index] and reading.gap(following) == " " and not reading.cases[following]:
        return
    if small and word in _ALSO_WORDS and reading.flags[index] & lex.NAME and reading.language == "nl":
        return
    if _is_noun(reading, index, following):
        return
    if word not in _AFTER_NAME:
        claim_name(reading, past_titles(reading, following), CERTAIN)
    elif index and _can_precede(reading, index - 1):
        reading.claim_words(index - 1, index - 1, "PERSON")


def _is_noun(reading: Reading, index: int, following: int) -> bool:
    """Whether the title is a noun and no name follows: `de meneer van de taxi`, `weet mevrouw van een ander`."""
    word, flag = reading.words[following], reading.flags[following]
    if reading.cases[following]:
        return False
    if not flag & (lex.NAME | lex.PARTICLE) and word.endswith(VERB_ENDS):
        return bool(flag & lex.WORD) and (not reading.loose[following] or is_finite(reading, word))
    if word not in _OF or not reading.joined(following + 1):
        return False
    after = following + 1
    if reading.words[after] in _NO_SURNAME and not reading.cases[after]:
        return True
    while after < len(reading.words) - 1 and reading.words[after] in _ARTICLES:
        after += 1
    if reading.cases[after] or reading.kept[after] == 2:
        return False
    thing = reading.flags[after] & lex.WORD and not reading.flags[after] & lex.LAST
    articled = index > 0 and reading.words[index - 1] in _BEFORE_NOUNS and reading.joined(index)
    return bool(thing) or (articled and bool(reading.flags[after] & lex.WORD) and not closed_off(reading, after))


def _can_precede(reading: Reading, index: int) -> bool:
    """Whether a word before a title like `bey` is the name."""
    flag = reading.flags[index]
    return (
        not reading.taken[index]
        and not flag & (lex.FUNCTION | lex.GREETING)
        and bool(reading.cases[index] or flag & lex.NAME)
    )


def _claim_role(reading: Reading, following: int, gap: str) -> None:
    """Claim the name after a role; in brackets and as half of a full name a listed word is enough."""
    after = following + 1
    spoken = gap == ": " and not reading.cases[following] and reading.flags[following] & (lex.WORD | lex.FREQ)
    if spoken and not reading.flags[following] & lex.STRONG:
        return
    of_someone = reading.words[following] == "van" and not reading.cases[following]
    if of_someone and reading.joined(after) and reading.cases[after]:
        following, after = after, after + 1
    last = _listed_after_role(reading, following, gap)
    quoted = (
        gap in {' "', ', "', ' ("', " ('", " '"}
        and reading.cases[following]
        and not reading.flags[following] & lex.FUNCTION
    )
    if quoted and last is None and not reading.kept[following]:
        end = reading.ends[following]
        last = following if reading.text[end : end + 1] in {'"', "'"} else None
    if last is not None:
        reading.claim_words(following, last, "PERSON")
    elif gap == " " and _particles_after_role(reading, following):
        claim_name(reading, following, CERTAIN)
    elif (
        reading.cases[following]
        and reading.initial(following)
        and reading.text.startswith(".", reading.ends[following])
    ):
        claim_name(reading, following, INTRODUCED)
    else:
        claim_name(reading, following, HINTED)


def _listed_after_role(reading: Reading, following: int, gap: str) -> int | None:
    """Index of the last word of `(wil)` or `ton kuipers` after a role, where other evidence makes a given name sure."""
    if not reading.flags[following] & lex.FIRST or reading.kept[following]:
        return None
    end, after = reading.ends[following], following + 1
    if gap == " (" and reading.text[end : end + 1] == ")":
        return following
    if gap != " " or reading.cases[following] or not reading.joined(after):
        return None
    flag = reading.flags[after]
    return after if flag & lex.LAST and not flag & (lex.FREQ | lex.FUNCTION) else None


def _particles_after_role(reading: Reading, first: int) -> bool:
    """Whether two particles, or one that only names have, follow a role: `docent van der elst`."""
    after = first + 1
    if reading.words[first] not in _SURNAME_PARTICLES or not reading.joined(after) or reading.words[after] == "de":
        return False
    name = after
    while name < len(reading.words) and name - first < 3 and reading.flags[name] & lex.PARTICLE:
        name += 1
    if name >= len(reading.words) or not _closes_surname(reading, name):
        return False
    return reading.words[first] in {"vd", "el"} or bool(reading.flags[after] & lex.PARTICLE)


def _closes_surname(reading: Reading, name: int) -> bool:
    """Whether a word after particles can be the surname: no chain, no code, no thing (`van het winkelcentrum`)."""
    flag, word = reading.flags[name], reading.words[name]
    if reading.kept[name] or any(map(str.isdigit, word)):
        return False
    thing = not reading.cases[name] and flag & (lex.WORD | lex.FOREIGN) and not flag & lex.LAST
    thing = thing or (not reading.cases[name] and reading.language in {"fr", "es"} and not flag & lex.NAME)
    return not thing and not flag & (lex.HEAD | lex.ROLE)


def _claim_introduced(reading: Reading, index: int, following: int, gap: str) -> None:
    """Claim the name after `heet`, `mijn naam is`, `genaamd`."""
    word = reading.words[index]
    if not _introduces(reading, index, following, gap):
        return
    first = following
    while following < len(reading.words) and following - first < _MOST_FILLERS and _is_filler(reading, following):
        following += 1
    if following >= len(reading.words):
        return
    if _is_quoted_word(reading, following):
        return
    capital = reading.cases[following] > 0 and not reading.lower_mode
    sure = word not in _LOOSE_INTROS and following - first < _MOST_FILLERS
    claimed = claim_name(reading, following, INTRODUCED if capital or sure else HINTED)
    if not claimed and word in {"bijnaam", "roepnaam"} and not reading.flags[following] & lex.FUNCTION:
        reading.claim_words(following, following, "PERSON")


def _introduces(reading: Reading, index: int, following: int, gap: str) -> bool:
    """Whether a name can follow here: no sign or line stands between, and it is not said that there is none."""
    word = reading.words[index]
    if word in _AFTER_WHOM:
        return False
    if index and reading.words[index - 1] in _NO_NAME_GIVEN and ":" not in gap:
        return False
    if gap.strip() not in _INTRO_GAPS or ("\n" in gap and ":" not in gap):
        return False
    if word == "naam" and reading.words[following] in _WITHHELD:
        return False
    return word not in {"namens", "namelijk"} or gap == " "


def _is_quoted_word(reading: Reading, index: int) -> bool:
    """Whether a word without a capital stands in quotes, as what somebody is scolded for does: `noemt hem "kameel"`."""
    if reading.cases[index] or not reading.gap(index).endswith(('"', "'")):
        return False
    return not reading.loose[index] or bool(reading.flags[index] & (lex.WORD | lex.FOREIGN))


def _is_filler(reading: Reading, index: int) -> bool:
    """Whether a small word stands between an introduction and the name: `heet volgens mij ...`."""
    if reading.words[index] not in _FILLERS or reading.cases[index]:
        return False
    following = index + 1
    if not reading.flags[index] & lex.PARTICLE or following >= len(reading.words):
        return True
    surname = reading.cases[following] > 0 or reading.flags[following] & (lex.LAST | lex.PARTICLE)
    return not surname and not unlisted(reading, following)


def _mark_certain_ones(reading: Reading) -> None:
    """Mark the capital after `ene`, `een zekere`."""
    for index in range(1, len(reading.words)):
        free = reading.cases[index] and not reading.taken[index] and reading.joined(index)
        if free and reading.words[index - 1] in _CERTAIN_ONES:
            if not reading.kept[index] or reading.flags[index] & lex.FIRST:
                claim_name(reading, index, CERTAIN)
            reading.kept[index - 1] = 3
        small = not free and reading.loose[index] and not reading.taken[index] and reading.joined(index)
        if small and reading.words[index - 1] in _CERTAIN_ONES and claim_name(reading, index, INTRODUCED):
            reading.kept[index - 1] = 3


def _mark_predicates(reading: Reading) -> None:
    """Mark the name in `ik ben Fatima`, `dit is Jan`, `de trainer is Kees`."""
    words, flags = reading.words, reading.flags
    for index in range(1, len(words)):
        small = flags[index] & lex.FUNCTION and not flags[index] & lex.STRONG
        if reading.taken[index] or (small and not _opens_surname(reading, index)):
            continue
        before = words[index - 1]
        earlier = words[index - 2] if index > 1 else ""
        if words[index] == "van" and reading.joined(index + 1) and flags[index + 1] & (lex.KEEP | lex.TOWN):
            continue
        if _PAUSES.intersection(reading.gap(index)):
            continue
        if before in _PREDICATES and index > 1 and _takes_name(flags[index - 2], earlier):
            claim_name(reading, index, HINTED)
        elif (before,) in _AM or (earlier, before) in _AM or (before == "tu" and reading.language == "pl"):
            claim_name(reading, index, INTRODUCED if reading.cases[index] and not reading.opens[index] else HINTED)


def _opens_surname(reading: Reading, index: int) -> bool:
    """Whether a particle leads to a capitalised surname that is no place: `haar man is van Loon`."""
    after = index + 1
    if not reading.flags[index] & lex.PARTICLE or not reading.joined(after) or not reading.cases[after]:
        return False
    flag = reading.flags[after]
    return bool(flag & lex.LAST) and not flag & (lex.KEEP | lex.TOWN | lex.ORDINARY) and not reading.kept[after]


def _takes_name(flag: int, word: str) -> bool:
    """Whether a word before `is` can have a name as its complement."""
    return bool(flag & (lex.ROLE | lex.SOFT_TITLE | lex.INTRO)) or word in {"dit", "dat", "wie", "en"}
