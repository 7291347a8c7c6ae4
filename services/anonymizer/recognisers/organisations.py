# SPDX-License-Identifier: EUPL-1.2
"""Marks the distinctive part of small organisations' names; the kind (`bakkerij`, `school`) and large chains stay."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import CAPITAL, LOWER, Reading
from services.anonymizer.recognisers.candidates import is_participle, looks_like_name, unknown, unlisted
from services.anonymizer.recognisers.kinds import COMMON, family, is_head_compound

_ARTICLES: Final = frozenset({"de", "het", "'t", "t", "den", "la", "le", "el", "the", "il", "onze"})
_INNER: Final = frozenset(
    (
        "na voor met zonder naar over is tot onder van de der den het en & ten ter 't in aan "
        "op du la le el and und et of the"
    ).split()
)
_CLUBS: Final = frozenset(
    "fc sv vv rkvv rksv svv hc tc ltc kv cbs obs pcb rkbs ikc bso kdv asv usv csv zvv wvv rkav mhc bc gvs cv".split()
)
_LABELS: Final = frozenset(
    (
        "werkgever school bedrijf instelling organisatie vereniging club winkel zaak praktijk employer company "
        "arbeitgeber firma employeur işyeri şirket firma pracodawca empresa"
    ).split()
)
_COMPOUND_ENDS: Final = (
    "college",
    "lyceum",
    "school",
    "gymnasium",
    "kliniek",
    "hoeve",
    "hof",
    "bakkerij",
    "garage",
    "kapsalon",
    "apotheek",
    "stichting",
    "club",
    "vereniging",
)
_PLAIN_SCHOOLS: Final = frozenset(
    "basisschool hogeschool middelbareschool school taalschool zondagschool avondschool koranschool "
    "sportschool rijschool dansschool muziekschool zwemschool praktijkschool vakschool kleuterschool "
    "voorschool nieuwkomersschool "
    "voetbalschool balletschool theaterschool toneelschool scholengemeenschap roc topsportschool brede "
    "buitenschool weekendschool bijbelschool schakelklas moedermavo voetbalclub tennisclub hockeyclub "
    "zwemclub schaakclub sportclub nachtclub fanclub motorclub vechtsportschool boksschool judoschool "
    "karateschool kickboksschool danceschool vrijeschool montessorischool daltonschool jenaplanschool "
    "islamschool".split()
)
_NEARBY: Final = frozenset("over tegen met bij van voor op naar in door aan via at for by from bei chez u w".split())
_STOP: Final = lex.FUNCTION | lex.VERB | lex.MONTH | lex.NUMBER
_PLACES: Final = frozenset("in te aan op om bij voor met waar die dat en of is was want heeft".split())
_LONGEST: Final = 6
_TAIL_BORDER: Final = -0.35


def mark_organisations(reading: Reading) -> None:
    """Mark the names of small organisations."""
    words, flags = reading.words, reading.flags
    for index in range(len(words)):
        if reading.taken[index]:
            continue
        flag = flags[index]
        if flag & lex.HEAD or words[index] in _CLUBS or is_head_compound(words[index]):
            _after_head(reading, index)
        if flag & lex.TAIL and reading.cases[index] | (words[index] in {"bv", "nv", "vof"}):
            _before_tail(reading, index)
        if words[index].endswith(_COMPOUND_ENDS):
            _compound(reading, index)
        if words[index] in _LABELS:
            _labelled(reading, index)
        if (
            reading.cases[index]
            and index + 1 < len(words)
            and reading.gap(index + 1) == " & "
            and not reading.kept[index]
        ):
            _around_ampersand(reading, index)
        if words[index] in _CAPITAL_ARTICLES and reading.cases[index] and not reading.opens[index]:
            _after_capital_article(reading, index)
        if words[index] in _SCHOOLS:
            _before_school(reading, index)
        if (
            words[index] == "het"
            and index
            and words[index - 1] in {"op", "bij", "van", "naar"}
            and reading.loose[index]
        ):
            _after_neuter(reading, index + 1)
    _mark_after_at(reading)


_CAPITAL_ARTICLES: Final = frozenset({"de", "het", "'t", "t", "la", "le", "el", "the", "den", "huize", "villa"})
_SCHOOLS: Final = frozenset({"college", "lyceum", "gymnasium", "kliniek", "stichting", "ziekenhuis"})


def _around_ampersand(reading: Reading, index: int) -> None:
    """Claim `Peppers & Co`: capitals joined by an ampersand are a firm."""
    if (
        reading.cases[index + 1]
        and len(reading.words[index]) > 1
        and len(reading.words[index + 1]) > 1
        and not reading.taken[index + 1]
    ):
        reading.claim_words(index, index + 1, "ORGANISATION_SMALL")


def _after_capital_article(reading: Reading, article: int) -> None:
    """Claim `De Regenboog`, `Het Witte Huis`: an article with a capital inside a sentence opens a proper name."""
    first = article + 1
    if not _adjacent(reading, first) or not reading.cases[first] or reading.kept[first] == 3:
        return
    before = article - 1
    joined = before >= 0 and reading.joined(article) and not reading.taken[before]
    surname = reading.flags[first] & lex.LAST and not reading.flags[first] & lex.FREQ
    if surname and not (
        joined and (reading.flags[before] & lex.HEAD or reading.words[before] in {"bij", "op", "naar"})
    ):
        return
    noun = (
        joined
        and reading.cases[before] == LOWER
        and reading.flags[before] & (lex.WORD | lex.HEAD)
        and not reading.flags[before]
        & (_STOP | lex.SLOT | lex.ROLE | lex.SOFT_TITLE | lex.TITLE | lex.CLOSING | lex.GREETING)
    )
    _claim_capitals(reading, before if noun else article, article, first, quoted=True)


def _after_neuter(reading: Reading, index: int) -> None:
    """Claim `op het wellant`: an unknown word after `op het` is a school or an office."""
    if (
        index < len(reading.words)
        and reading.joined(index)
        and not reading.taken[index]
        and _ends(reading, index)
        and looks_like_name(reading, index, _TAIL_BORDER)
    ):
        reading.claim_words(index, index, "ORGANISATION_SMALL")


def _before_school(reading: Reading, school: int) -> None:
    """Claim the name before `college`, `lyceum`: `het Piet Hein College`, `het stedelijk alfrink lyceum`."""
    first = school
    while first > 0 and school - first < 4 and reading.joined(first) and not reading.taken[first - 1]:
        before = first - 1
        capital = reading.cases[before] >= CAPITAL and not reading.opens[before] and not reading.flags[before] & _STOP
        odd = (reading.flags[before] & lex.NAME and not reading.flags[before] & (_STOP | lex.SLOT)) or unknown(
            reading, before
        )
        if not (capital or (reading.loose[before] and odd)):
            break
        first = before
    if first < school:
        reading.claim_words(first, school, "ORGANISATION_SMALL", family(reading.words[school]))


def _adjacent(reading: Reading, index: int) -> bool:
    """Whether word `index` follows the one before it inside one name."""
    if index >= len(reading.words) or reading.taken[index]:
        return False
    return reading.joined(index) or reading.gap(index) in {" & ", "&", " '", ' "', "'", "-", " + "}


def _after_head(reading: Reading, head: int) -> None:
    """Claim the capitalised, quoted or lower-case name after a generic head noun."""
    first = head + 1
    if not _adjacent(reading, first):
        return
    if (
        reading.cases[head]
        and not reading.opens[head]
        and reading.cases[first]
        and reading.kept[first] != 3
        and not reading.lower_mode
    ):
        _claim_proper(reading, head, first)
        return
    quoted = reading.gap(first).strip() in {"'", '"'}
    start = first
    if reading.words[first] in _ARTICLES or (
        reading.words[first] in {"van", "aan"} and reading.cases[head] and reading.cases[first]
    ):
        first += 1
        if not _adjacent(reading, first):
            return
    if reading.cases[first] >= CAPITAL or quoted:
        _claim_capitals(reading, head, start, first, quoted=quoted)
    elif (reading.loose[head] or reading.words[head] in _CLUBS) and reading.language in {"nl", "en", "xx"}:
        _claim_lower(reading, head, start, first)


def _claim_proper(reading: Reading, head: int, first: int) -> None:
    """Claim `Tandheelkundig Centrum Noord`: a head noun with a capital inside a sentence, with the capitals around it."""
    start, last = head, first
    while (
        start > 0
        and head - start < 3
        and reading.joined(start)
        and reading.cases[start - 1]
        and not reading.opens[start - 1]
        and not reading.taken[start - 1]
        and not reading.flags[start - 1] & _STOP
    ):
        start -= 1
    while (
        last - first < _LONGEST
        and _adjacent(reading, last + 1)
        and (
            reading.cases[last + 1]
            or (reading.words[last + 1] in _INNER and _adjacent(reading, last + 2) and reading.cases[last + 2])
        )
    ):
        if reading.words[last + 1] in {"in", "te", "aan", "op"} and (
            reading.kept[last + 2] or reading.flags[last + 2] & lex.TOWN
        ):
            break
        last += 1
    if start == head and reading.words[head] in COMMON:
        reading.claim_words(first, last, "ORGANISATION_SMALL")
    else:
        reading.claim_words(start, last, "ORGANISATION_SMALL", family(reading.words[head]))


def _claim_capitals(reading: Reading, head: int, start: int, first: int, *, quoted: bool) -> None:
    if not quoted and (
        _is_kept_word(reading, first)
        or (
            reading.flags[first] & (_STOP | lex.GENERIC | lex.TITLE)
            and start == first
            and not (_adjacent(reading, first + 1) and reading.cases[first + 1] and not reading.opens[first])
        )
    ):
        return
    last = first
    while last - first < _LONGEST:
        following = last + 1
        if not _adjacent(reading, following) or (reading.gap(following) == ". " and not reading.initial(last)):
            break
        if reading.cases[following] >= CAPITAL and reading.kept[following] != 3:
            last = following
        elif (
            reading.words[following] in _INNER
            and _adjacent(reading, following + 1)
            and reading.cases[following + 1] >= CAPITAL
            and not (reading.words[following] in {"en", "van", "met"} and reading.flags[following + 1] & lex.FIRST)
        ):
            place = (
                reading.kept[following + 1] == 3
                or reading.flags[following + 1] & lex.TOWN
                or reading.words[following + 1] in reading.lexicon.local
            )
            if place and reading.words[following] in {"in", "op", "aan", "van"}:
                break
            last = following + 1
        else:
            break
    _claim_named(reading, head, start, last)


def _claim_named(reading: Reading, head: int, start: int, last: int) -> None:
    """Claim a name after a head noun; a rare head noun goes with it and leaves its family."""
    apart = start - head > 1
    while head > 0 and reading.gap(head) == "-" and not reading.taken[head - 1] and reading.flags[head - 1] & lex.HEAD:
        head -= 1
    word = reading.words[head]
    if word in COMMON or reading.taken[head] or apart:
        reading.claim_words(start, last, "ORGANISATION_SMALL")
    else:
        reading.claim_words(head, last, "ORGANISATION_SMALL", family(word))


def _is_kept_word(reading: Reading, index: int) -> bool:
    return reading.kept[index] == 3 or (
        bool(reading.kept[index]) and not (reading.joined(index + 1) and reading.cases[index + 1] >= CAPITAL)
    )


def _claim_lower(reading: Reading, head: int, start: int, first: int) -> None:
    """Claim the name after a head noun in a text without capitals."""
    flag = reading.flags[first]
    if _claim_bare_tail(reading, head, start):
        return
    if reading.kept[first] or (
        flag & (_STOP | lex.GENERIC | lex.TITLE | lex.ROLE | lex.SLOT) and not flag & lex.STRONG
    ):
        return
    article_before = (
        head > 0
        and reading.joined(head)
        and reading.words[head - 1]
        in {"de", "het", "een", "die", "dat", "mijn", "zijn", "haar", "deze", "mn", "onze", "ons", "hun"}
    )
    near = head > 0 and reading.words[head - 1] in _NEARBY
    odd = flag & lex.NAME or looks_like_name(reading, first, _TAIL_BORDER)
    with_article = start != first
    if with_article:
        named = not flag and unlisted(reading, first)
        if not named and (article_before or not near or (flag & lex.FREQ and not odd and not _ends(reading, first))):
            return
    elif not odd and not (
        near and not article_before and flag & lex.WORD and not flag & lex.FREQ and _ends(reading, first)
    ):
        return
    last = first
    while (
        last - first < 2
        and _adjacent(reading, last + 1)
        and not reading.flags[last + 1] & (_STOP | lex.SLOT)
        and not reading.kept[last + 1]
        and reading.flags[last + 1] & (lex.NAME | lex.TAIL)
    ):
        last += 1
    _claim_named(reading, head, start, last)


_USUALLY_BARE: Final = frozenset(
    (
        "school kantoor club college kerk moskee thuiszorg dagbesteding opvang kinderopvang zorg bso praktijk "
        "apotheek fitness camping disco sport bar koor company work shop store market"
    ).split()
)


def _claim_bare_tail(reading: Reading, head: int, start: int) -> bool:
    """Claim up to three words after a head noun that stands without an article after `bij`, `van`: `bij telefoonwinkel gsm hoek zei`."""
    if (
        head < 1
        or reading.words[head - 1] not in _NEARBY
        or reading.words[head] in _USUALLY_BARE
        or not reading.joined(head)
    ):
        return False
    last = start - 1
    index = start
    while (
        index < len(reading.words) and index - start < 4 and _adjacent(reading, index) and not reading.kept[index] == 3
    ):
        particle = (
            reading.words[index] in _ARTICLES
            or reading.flags[index] & lex.PARTICLE
            or reading.words[index] in {"by", "en"}
        )
        if not particle and (
            reading.flags[index] & ((_STOP & ~lex.NUMBER) | lex.SLOT) or is_participle(reading.words[index])
        ):
            break
        if particle and index - start > 2:
            break
        if not particle:
            last = index
        index += 1
    if last < start:
        return False
    _claim_named(reading, head, start, last)
    return True


def _ends(reading: Reading, index: int) -> bool:
    following = index + 1
    return (
        following >= len(reading.words)
        or not reading.joined(following)
        or bool(reading.flags[following] & (lex.FUNCTION | lex.VERB | lex.SLOT))
        or is_participle(reading.words[following])
    )


def _before_tail(reading: Reading, tail: int) -> None:
    """Claim the capital run that a word like `BV`, `Transport`, `& Zn` closes."""
    first = tail
    while first > 0 and tail - first < _LONGEST and _adjacent(reading, first) and not reading.taken[first - 1]:
        before = reading.words[first - 1]
        if (
            (
                reading.cases[first - 1] >= CAPITAL
                and not (reading.opens[first - 1] and reading.flags[first - 1] & lex.FUNCTION)
                and not reading.flags[first - 1] & lex.HEAD
                and reading.kept[first - 1] != 3
            )
            or (
                before in {"en", "van", "de", "der", "den"}
                and first > 1
                and reading.cases[first - 2] >= CAPITAL
                and _adjacent(reading, first - 1)
                and not reading.opens[first - 2]
            )
            or (reading.lower_mode and not reading.flags[first - 1] and unknown(reading, first - 1))
        ):
            first -= 1
        else:
            break
    last = tail
    while _adjacent(reading, last + 1) and reading.flags[last + 1] & lex.TAIL and reading.cases[last + 1] >= CAPITAL:
        last += 1
    if (first == tail and last == tail) or all(reading.kept[at] for at in range(first, tail)):
        return
    reading.claim_words(first, last, "ORGANISATION_SMALL")


def _compound(reading: Reading, index: int) -> None:
    """Claim names like `Zuidercollege` that are one word with their kind."""
    word, flag = reading.words[index], reading.flags[index]
    if (
        word in _PLAIN_SCHOOLS
        or word in _COMPOUND_ENDS
        or flag & (lex.WORD | lex.HEAD | lex.KEEP)
        or reading.kept[index]
    ):
        return
    stem = next(word[: -len(end)] for end in _COMPOUND_ENDS if word.endswith(end))
    if len(stem) < 3:
        return
    if reading.cases[index] == LOWER and word.endswith(("hof", "hoeve", "garage", "club", "vereniging")):
        return
    first = index
    while (
        first > 0
        and reading.joined(first)
        and not reading.taken[first - 1]
        and reading.cases[first - 1] >= CAPITAL
        and not reading.opens[first - 1]
        and index - first < 3
    ):
        first -= 1
    if first > 0 and reading.gap(first) in {"-", " "} and reading.initial(first - 1):
        first -= 1
    reading.claim_words(first, index, "ORGANISATION_SMALL")


def _labelled(reading: Reading, index: int) -> None:
    """Claim what stands after `Werkgever:` and the like."""
    following = index + 1
    if (
        following >= len(reading.words)
        or reading.taken[following]
        or reading.gap(following).strip() not in {":", "=", ": '", ': "', ":-"}
        or "\n" in reading.gap(following)
    ):
        return
    start = following
    if reading.words[following] in _ARTICLES and _adjacent(reading, following + 1):
        following += 1
    if reading.flags[following] & lex.HEAD and _adjacent(reading, following + 1):
        return
    if (
        reading.kept[following]
        or reading.flags[following] & (lex.FUNCTION | lex.GENERIC | lex.HEAD)
        or (reading.flags[following] & lex.WORD and not reading.cases[following])
    ):
        return
    last = following
    while _adjacent(reading, last + 1) and reading.cases[last + 1] >= CAPITAL and last - following < _LONGEST:
        last += 1
    reading.claim_words(start, last, "ORGANISATION_SMALL")


_AT: Final = frozenset("bij at bei chez".split())
_ABOUT: Final = frozenset("van voor door over tegen from for against".split())


def _mark_after_at(reading: Reading) -> None:
    """Claim the capitalised run after `bij`, and after `van`, `over` when it holds an everyday word, as an organisation."""
    for index in range(1, len(reading.words)):
        before = reading.words[index - 1]
        if (
            (before not in _AT and before not in _ABOUT)
            or reading.taken[index]
            or not reading.cases[index]
            or not reading.joined(index)
            or reading.lower_mode
        ):
            continue
        last = index
        while (
            _adjacent(reading, last + 1)
            and last - index < _LONGEST
            and reading.kept[last + 1] != 3
            and reading.cases[last + 1] >= CAPITAL
        ):
            last += 1
        if _is_firm(reading, index, last, at=before in _AT):
            reading.claim_words(index, last, "ORGANISATION_SMALL")


def _is_firm(reading: Reading, first: int, last: int, *, at: bool) -> bool:
    """Whether a capitalised run after a preposition names a firm rather than a person or a public body."""
    if (
        len(reading.words[first]) < 3
        or reading.kept[first]
        or reading.flags[first] & (_STOP | lex.TITLE | lex.GENERIC | lex.FIRST | lex.PARTICLE | lex.SOFT_TITLE)
    ):
        return False
    ordinary = bool(reading.flags[first] & (lex.WORD | lex.FOREIGN | lex.HEAD)) or (
        not reading.flags[first] and len(reading.words[first]) > 8
    )
    if last > first:
        return ordinary if not at else not reading.flags[first] & lex.ROLE
    return at and not reading.flags[first] & (lex.NAME | lex.ORDINARY | lex.CUE | lex.HEAD)
