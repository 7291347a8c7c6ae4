# SPDX-License-Identifier: EUPL-1.2
"""Parses one person's name from a word onwards: initials, particles, hyphens, second surnames.

Claims nothing: the recognisers that saw a cue, a capital or a slot ask it.
"""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, LOWER, SHOUTED, Reading
from services.anonymizer.recognisers.candidates import (
    CERTAIN,
    HINTED,
    INTRODUCED,
    VERB_ENDS,
    can_start,
    closed_off,
    is_participle,
    is_slip,
    looks_like_name,
    namelike,
    unknown,
    unlisted,
)

_MOST_INITIALS: Final = 5
_SHORT: Final = 5
_LONGEST: Final = 7
_CASELESS: Final = frozenset({"ar", "zh"})
_AFTER_NAME: Final = -0.45
_SURNAME_BORDER: Final = -0.6
_COLOURS: Final = frozenset("bruin wit zwart groen rood grijs blauw jong oude groot lange korte wilde goede".split())
"""Kept and everyday words that are surnames after `de`."""
_SUFFIXED: Final = frozenset({"tr", "pl"})
_ROMANCE: Final = frozenset({"fr", "es"})
"""Languages whose particles stand before any noun: `le portier de la salle`."""
_OF_NAMES: Final = frozenset({"ter", "ten"})
"""Particles that open a surname whatever word comes after: `Ter Haar`."""
_PLACE_PARTICLES: Final = frozenset({"in", "op", "aan", "bij", "onder", "y", "e", "o"})
"""Particles that open a surname only after a title: `buren in ...` is a place."""


def parse(reading: Reading, index: int, strength: int) -> int | None:
    """Index of the last word of the name that starts at word `index`, or None when no name starts there."""
    start = index
    index = _past_initials(reading, start)
    if index > start:
        if index >= len(reading.words) or not reading.joined(index):
            pointed = reading.text[reading.ends[index - 1] : reading.ends[index - 1] + 1] == "."
            return index - 1 if strength >= INTRODUCED and pointed else None
        strength = max(strength, INTRODUCED)
    after = _past_particles(reading, index)
    if after is not None and after > index:
        if not _particles_count(reading, index, after, strength, alone=index == start):
            return None
        sure = strength == CERTAIN or (
            reading.cases[after] > 0 and (index > start or reading.words[index] in _OF_NAMES)
        )
        if sure and _surname_for_sure(reading, index, after):
            return extend(reading, start, after)
    if after is not None and after > start and strength == HINTED and _is_body(reading, after):
        return None
    if after is not None and can_start(reading, after, CERTAIN if after > start else strength):
        return extend(reading, start, after)
    pointed = reading.text[reading.ends[index - 1] : reading.ends[index - 1] + 1] == "."
    return index - 1 if index > start and strength >= INTRODUCED and (pointed or index - start > 1) else None


def _is_body(reading: Reading, index: int) -> bool:
    """Whether particles lead to a chain or a public body: `die man van de Jumbo`."""
    return reading.kept[index] in {1, 3} and not reading.flags[index] & (lex.FIRST | lex.LAST)


def _past_initials(reading: Reading, start: int) -> int:
    """Index of the first word after the initials that stand at `start`; `start` when there are none."""
    index = start
    while index < len(reading.words) and index - start < _MOST_INITIALS:
        if not (reading.cases[index] and reading.initial(index)) or reading.taken[index]:
            break
        if index > start and not reading.joined(index):
            break
        index += 1
    return index


def _particles_count(reading: Reading, first: int, after: int, strength: int, *, alone: bool) -> bool:
    """Whether particles before word `after` can open a name here."""
    capital = reading.cases[after] > 0
    if reading.flags[after] & lex.TITLE and not capital:
        return False
    if (
        alone
        and reading.words[first] in _PLACE_PARTICLES
        and not (strength == CERTAIN and capital and not reading.kept[after])
    ):
        return False
    if capital or strength == CERTAIN or reading.flags[after] & lex.NAME:
        return True
    return unlisted(reading, after) and reading.language not in _ROMANCE


def _surname_for_sure(reading: Reading, first: int, after: int) -> bool:
    """Whether a word after a title and particles is a surname whatever else it means."""
    if len(reading.words[after]) < 3 or reading.taken[after]:
        return False
    several = after - first > 1 or reading.words[first] in {"vd", "v"} or reading.words[first] in _OF_NAMES
    return several or reading.kept[after] == 2 or closed_off(reading, after)


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
    if reading.kept[following] == 3 or reading.words[following][0].isdigit():
        return False
    if reading.cases[last] and not reading.lower_mode:
        return _capital_continues(reading, last, following, hyphen=hyphen)
    return _lower_continues(reading, last, following, hyphen=hyphen)


def _capital_continues(reading: Reading, last: int, following: int, *, hyphen: bool) -> bool:
    flag, case = reading.flags[following], reading.cases[following]
    if hyphen and case and not flag & lex.FUNCTION:
        return True
    label = flag & lex.LABEL and reading.text[reading.ends[following] : reading.ends[following] + 2] in {".:", ": "}
    acronym = case == SHOUTED and reading.cases[last] == CAPITAL and len(reading.words[following]) < _SHORT
    if label or case == LOWER or (acronym and not flag & lex.NAME):
        return False
    if reading.initial(following):
        return True
    if reading.kept[following]:
        return _kept_continues(reading, last, following)
    if flag & lex.FUNCTION and len(reading.words[following]) > 2 and reading.gap(following) == " ":
        return not reading.opens[following] and case == CAPITAL and reading.language == "nl"
    dated = flag & lex.MONTH and "".join(reading.words[following + 1 : following + 2])[:1].isdigit()
    named = flag & lex.STRONG or (flag & lex.MONTH and flag & lex.FIRST and not dated)
    return not flag & (lex.FUNCTION | lex.MONTH | lex.GENERIC | lex.TITLE | lex.HEAD) or bool(named)


def _kept_continues(reading: Reading, last: int, following: int) -> bool:
    """Whether a kept word with a capital is somebody's surname after a given name."""
    flag = reading.flags[following]
    if reading.kept[following] == 1 and reading.language in _SUFFIXED:
        return bool(flag & lex.LAST)
    foreign = reading.words[following] not in reading.lexicon.local and reading.flags[last] & lex.FIRST
    return bool(flag & (lex.WORD | lex.LAST) or foreign)


def _lower_continues(reading: Reading, last: int, following: int, *, hyphen: bool) -> bool:
    flag = reading.flags[following]
    if reading.kept[following] or flag & (lex.FUNCTION | lex.VERB | lex.GENERIC | lex.MONTH | lex.SLOT):
        return False
    if reading.language in _CASELESS or "\u0600" <= reading.words[following][0] <= "\u06ff":
        surname = reading.words[following].startswith("ال") or (not flag and _ends_sentence(reading, following))
        return bool(flag & lex.NAME) or (surname and not flag & (lex.FOREIGN | lex.KEEP))
    if flag & (lex.STRONG | lex.LAST) and not flag & (lex.FREQ | lex.CUE):
        return hyphen or not flag & lex.UNLIKELY or closed_off(reading, following)
    rare = flag & lex.WORD and not flag & (lex.FREQ | lex.CUE | lex.HEAD)
    if rare and reading.flags[last] & lex.STRONG and closed_off(reading, following):
        verbal = is_participle(reading.words[following]) or reading.words[following].endswith(VERB_ENDS)
        return not verbal and namelike(reading, following, _SURNAME_BORDER)
    return looks_like_name(reading, following, _AFTER_NAME) or _odd_surname(reading, last, following)


def _ends_sentence(reading: Reading, index: int) -> bool:
    """Whether a sentence ends right after the word."""
    end = reading.ends[index]
    return reading.text[end : end + 1] in {".", ",", "،", "\n", ""}


def _odd_surname(reading: Reading, last: int, following: int) -> bool:
    """Whether a word of no list closes the clause after a given name: `wopke tichelaar ik ben`."""
    word = reading.words[following]
    given = reading.flags[last] & lex.FIRST and not reading.flags[last] & (lex.FREQ | lex.UNLIKELY)
    if not given or len(word) < _SHORT or not unlisted(reading, following) or not closed_off(reading, following):
        return False
    return not is_participle(word) and not is_slip(reading, word)


def _surname_after_particle(reading: Reading, last: int, after: int) -> bool:
    """Whether the word after the particles is this person's surname, not a place or a thing."""
    if reading.kept[after] == 3 or reading.flags[after] & (lex.HEAD | lex.GENERIC):
        return False
    if reading.cases[last] and not reading.lower_mode:
        return reading.cases[after] > 0 and _capital_surname(reading, last, after)
    return _lower_surname(reading, last, after)


def _capital_surname(reading: Reading, last: int, after: int) -> bool:
    flag, particle = reading.flags[after], reading.words[after - 1]
    if particle in {"in", "uit", "op", "aan", "bij"}:
        return bool(flag & lex.LAST) and reading.kept[after] != 2
    origin = (
        particle in {"van", "di", "uit"}
        and after - last == 2
        and reading.kept[after] == 1
        and reading.gap(after - 1) != "-"
    )
    return not origin or bool(flag & (lex.WORD | lex.LAST))


def _lower_surname(reading: Reading, last: int, after: int) -> bool:
    flag = reading.flags[after]
    if flag & (lex.FUNCTION | lex.VERB | lex.ROLE):
        return False
    if reading.words[after] in _COLOURS and reading.words[after - 1] == "de":
        return closed_off(reading, after)
    several = after - last > 2 or reading.words[after - 1] in {"el", "al", "ait", "ben", "bin", "vd", "dos", "da"}
    if flag & lex.LAST:
        return several or not flag & lex.FREQ or closed_off(reading, after)
    return not flag and (several or (unknown(reading, after) and namelike(reading, after)))
