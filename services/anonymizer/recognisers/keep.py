# SPDX-License-Identifier: EUPL-1.2
"""Marks words that must survive: origin, religion, disability, large bodies, towns, districts. Claims nothing."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.grounds import INFLECTED, carries_ground
from services.anonymizer.recognisers.staying import mark_staying

_BODIES: Final = frozenset(
    (
        "gemeente provincie eenheid rechtbank gerechtshof universiteit hogeschool ggd ggz station regio waterschap "
        "omgevingsdienst veiligheidsregio stadsdeel wijk deelgemeente woningcorporatie woningbouwcorporatie corporatie "
        "woningbouwvereniging zorgverzekeraar ministerie vliegveld luchthaven eiland streek universität université "
        "municipality province university gmina"
    ).split()
)
"""Nouns whose proper name is a large or public body, or a place on the right level."""
_PARTS_OF_BODIES: Final = frozenset("afdeling team dienst directie sector cluster loket opleiding vak studie".split())
_BODY_ENDS: Final = frozenset("ziekenhuis universiteit university hospital gasthuis umc".split())
_PLACED: Final = frozenset("in te uit richting nabij omgeving rond gemeente regio vanuit buiten".split())
_PLACED_ELSEWHERE: Final = frozenset("w we koło в in aus à en na uit".split())
_NOT_A_PLACE: Final = lex.FIRST | lex.STRONG | lex.FUNCTION | lex.GENERIC | lex.MONTH | lex.HEAD | lex.TITLE | lex.ROLE
_PLACED_BY_SUFFIX: Final = re.compile(r"[dt][ae](?:n|ki|yım|yim|yiz|yız)?|y[ae]|l[ıiuü]")
"""Turkish suffixes that make a town a place: `Rotterdam'da`, `Breda'dan`."""
_MOST_WORDS: Final = 3
_TOWN_FOLLOWS: Final = frozenset("in te uit naar à w we aus nach from near".split())
_QUARTERS: Final = frozenset(
    "noord zuid oost west centrum haven buiten stad poort hout zuidoost zuidwest noordoost noordwest".split()
)
_DIRECTIONS: Final = frozenset("noord oost zuid west midden centraal".split())
_ORIGINS_CUT: Final = frozenset(
    "som mar marok sur ant antill tur turk pol roem bulg eritr ethiop syr oekr afg afgh iran irak ned hind ghan nig "
    "nigerian congol chin indon moluk kaapv port joegosl".split()
)

_ORIGIN_GAPS: Final = frozenset({", ", " (", ". / ", " / ", "/", "./"})
_BEFORE_ORIGINS: Final = frozenset("is en van of was zijn ook half".split())


def mark_kept(reading: Reading) -> None:
    """Fill `reading.kept`: 1 for a kept word, 2 for a town, 3 for a word of a kept phrase."""
    kept, flags = reading.kept, reading.flags
    inflected = reading.language in INFLECTED
    for word, indexes in reading.where.items():
        flag = flags[indexes[0]]
        if flag & lex.KEEP:
            found = 1
        elif flag & lex.TOWN:
            found = 3 if "'" in word and _PLACED_BY_SUFFIX.fullmatch(word.partition("'")[2]) else 2
        elif (inflected or not flag & ~lex.FOREIGN) and carries_ground(reading, word, flag, inflected=inflected):
            found = 1
        else:
            continue
        for index in indexes:
            kept[index] = found
    phrases = reading.lexicon.phrases
    for index in sorted(index for word in phrases.keys() & reading.where.keys() for index in reading.where[word]):
        _mark_phrase(reading, index, phrases[reading.words[index]])
    mark_staying(reading)
    _mark_quarters(reading)
    _mark_regions(reading)
    _mark_cut_origins(reading)
    _mark_towns_in(reading)
    if not reading.lower_mode:
        _mark_named_places(reading)


def _mark_quarters(reading: Reading) -> None:
    """Keep `Almere Haven`, `rotterdam zuid`: a quarter after its town."""
    if not reading.any_of(_QUARTERS):
        return
    for index in range(1, len(reading.words)):
        quarter = reading.words[index] in _QUARTERS and reading.gap(index) in {" ", "-"}
        town = reading.kept[index - 1] and reading.flags[index - 1] & lex.TOWN
        if quarter and town and (reading.cases[index] or reading.lower_mode):
            reading.kept[index - 1] = reading.kept[index] = 3


def _mark_regions(reading: Reading) -> None:
    """Keep `Oost-Europeanen`, `Noord-Afrikaans`: a direction before an origin."""
    for index in reading.indexes(_DIRECTIONS):
        after = index + 1
        if after < len(reading.words) and reading.gap(after) == "-" and reading.kept[after] == 1:
            reading.kept[index] = reading.kept[after] = 3


def _mark_towns_in(reading: Reading) -> None:
    """Keep a listed town after `à`, `te`, `uit` for certain, though it may be a surname as well."""
    for index in range(1, len(reading.words)):
        placed = reading.kept[index] == 2 and reading.words[index - 1] in _TOWN_FOLLOWS and reading.gap(index) == " "
        if placed and reading.cases[index] and not reading.cases[index - 1]:
            after = index + 1
            alone = after >= len(reading.words) or not reading.joined(after) or not reading.cases[after]
            if alone and not reading.text[reading.ends[index] : reading.ends[index] + 2].strip().isdigit():
                reading.kept[index] = 3


def _mark_cut_origins(reading: Reading) -> None:
    """Keep `Som.`, `Mar.` between commas: an origin cut short."""
    if not reading.any_of(_ORIGINS_CUT):
        return
    for index in range(1, len(reading.words)):
        cut = (
            reading.words[index] in _ORIGINS_CUT and reading.text[reading.ends[index] : reading.ends[index] + 1] == "."
        )
        said = reading.gap(index) in {" ", ". "} and reading.words[index - 1] in _BEFORE_ORIGINS
        if cut and reading.cases[index] and (said or reading.gap(index) in _ORIGIN_GAPS):
            reading.kept[index] = 3


def _mark_phrase(reading: Reading, index: int, found: tuple[tuple[str, ...], ...]) -> None:
    following = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    for phrase in found:
        if phrase[1] != following and (len(phrase) > 2 or not following.startswith(phrase[1])):
            continue
        last = index + len(phrase)
        if _reads(reading.words, index, phrase) and (
            len(phrase) > 2 or "\n" not in reading.text[reading.starts[index] : reading.ends[last - 1]]
        ):
            reading.kept[index:last] = b"\x03" * len(phrase)
            return


def _reads(words: list[str], index: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words from `index` on are a phrase, a suffix after an apostrophe aside: `Den Haag'da`."""
    last = len(phrase) - 1
    if index + last >= len(words) or any(words[index + step] != phrase[step] for step in range(1, last)):
        return False
    word = words[index + last]
    return word == phrase[last] or ("'" in word and word.partition("'")[0] == phrase[last])


def _mark_named_places(reading: Reading) -> None:
    """Keep proper names that what stands beside them makes a place or a public body: `te Boxmeer`, `Gemeente Urk`."""
    for index in range(1, len(reading.words)):
        if (
            not reading.cases[index]
            or (reading.kept[index] and reading.words[index] not in _BODY_ENDS)
            or not reading.joined(index)
        ):
            continue
        before = reading.words[index - 1]
        if before in _BODIES:
            _keep_run(reading, index)
        elif before in _PARTS_OF_BODIES:
            _keep_department(reading, index)
        elif reading.words[index] in _BODY_ENDS:
            _keep_run_before(reading, index)
        elif _is_district(reading, index) or _is_place(reading, index, before):
            reading.kept[index] = 2


def _keep_run(reading: Reading, first: int) -> None:
    """Keep the capitals after `Gemeente`, `Hogeschool` and the like."""
    last = first
    while (
        last - first < _MOST_WORDS
        and last < len(reading.words)
        and reading.cases[last]
        and (last == first or reading.joined(last))
        and not reading.flags[last] & (lex.TITLE | lex.FUNCTION)
    ):
        reading.kept[last] = 3
        last += 1


def _keep_department(reading: Reading, index: int) -> None:
    """Keep `afdeling Vergunningen`: a dictionary word that nobody is called after a part of a body."""
    flag = reading.flags[index]
    if flag & lex.WORD and not flag & (lex.NAME | lex.FUNCTION):
        reading.kept[index] = 3


def _keep_run_before(reading: Reading, last: int) -> None:
    """Keep the capitals before `Ziekenhuis`, `Universiteit` inside a sentence."""
    index = last
    while index > 0 and last - index < _MOST_WORDS and reading.joined(index) and reading.cases[index - 1]:
        if reading.opens[index - 1] and index - 1 < last - 1:
            break
        index -= 1
        reading.kept[index] = 3
    reading.kept[last] = 3


def _is_district(reading: Reading, index: int) -> bool:
    """Whether the word is a district by its ending and its article: `de Vogelwijk`."""
    word = reading.words[index]
    named = reading.words[index - 1] in {"de", "het", "wijk", "buurt"} and not reading.opens[index]
    return (
        named and not reading.flags[index] & lex.NAME and word.endswith(("wijk", "buurt", "kwartier")) and len(word) > 6
    )


def _is_place(reading: Reading, index: int, before: str) -> bool:
    """Whether a single capital after `in`, `te`, `uit` is a place nobody listed."""
    placed = before in _PLACED or (reading.language in INFLECTED and before in _PLACED_ELSEWHERE)
    if not placed or reading.flags[index] & _NOT_A_PLACE or len(reading.words[index]) < 4:
        return False
    if reading.flags[index] and not reading.flags[index] & lex.LAST:
        return False
    after = index + 1
    alone = after >= len(reading.words) or not reading.joined(after) or not reading.cases[after]
    numbered = reading.text[reading.ends[index] : reading.ends[index] + 3].strip(" ,")[:1].isdigit()
    street = reading.words[index].endswith(
        ("straat", "laan", "weg", "plein", "kade", "gracht", "singel", "hof", "dreef")
    )
    firm = reading.words[index].endswith(("college", "school", "lyceum", "bv"))
    return alone and not numbered and not street and not firm
