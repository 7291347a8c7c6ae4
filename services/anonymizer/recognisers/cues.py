# SPDX-License-Identifier: EUPL-1.2
"""Marks names that something announces: a title, a label, an introduction, a role, a salutation, a signature, a speaker."""

from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import CERTAIN, HINTED, INTRODUCED, can_start, unknown, unlisted
from services.anonymizer.recognisers.names import parse

_ANY_CUE: Final = lex.CUE
_MOST_TITLES: Final = 4
_LABELS: Final = frozenset(
    "naam voornaam achternaam roepnaam melder meldster dader verdachte beklaagde getuige getuigen betrokkene "
    "betrokkenen slachtoffer cliënt client cliënte contactpersoon afzender van aan cc klager klaagster beller "
    "verweerder verweerster bewoner "
    "leerling ouder ouders docent mentor coach begeleider leidinggevende collega chauffeur medewerker "
    "wederpartij ondergetekende name from to sent von an de à kimden isim ad imię nazwisko od nombre nòmber "
    "ім'я прізвище الاسم اسم teamleider trainer directeur manager vader moeder zoon dochter huurder verhuurder "
    "patiënt".split()
)
_MAIL_LABELS: Final = frozenset("van aan cc bcc from to von an de à od do kimden kime".split())
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
        ("tu",),
    }
)
_ARTICLES: Final = frozenset(
    (
        "de het een mijn zijn haar ons onze hun je jouw uw die dat deze dit the a my your his her our their der "
        "die das ein eine mein meine le la les un une mon ma"
    ).split()
)


def mark_cued(reading: Reading) -> None:
    """Mark every name that a cue announces."""
    flags = reading.flags
    count = len(flags)
    for index in range(count):
        flag = flags[index]
        if flag & _ANY_CUE and not reading.taken[index]:
            _follow_cue(reading, index, flag)
    _mark_labels(reading)
    _mark_introduced(reading)
    _mark_signature(reading)


def _follow_cue(reading: Reading, index: int, flag: int) -> None:
    following = index + 1
    if following >= len(reading.words):
        return
    gap = reading.gap(following)
    if flag & lex.TITLE and gap in {" ", ". ", ".", "  "}:
        _claim_titled(reading, index, following)
    elif flag & (lex.SOFT_TITLE | lex.ROLE) and gap in _ROLE_GAPS:
        _claim_role(reading, following, gap)
    elif flag & lex.INTRO:
        _claim_introduced(reading, index, following, gap)
    elif flag & lex.GREETING and gap in {" ", ", ", "! "}:
        _claim_greeted(reading, index, following)


def _claim_role(reading: Reading, following: int, gap: str) -> None:
    """Claim the name after a role; in brackets and as half of a full name a listed word is enough."""
    after = following + 1
    if (
        reading.words[following] == "van"
        and reading.joined(after)
        and reading.cases[after]
        and not reading.cases[following]
    ):
        following, after = after, after + 1
    flag = reading.flags[following]
    if flag & lex.FIRST and not reading.kept[following]:
        bracketed = gap == " (" and reading.text[reading.ends[following] : reading.ends[following] + 1] == ")"
        if bracketed:
            reading.claim_words(following, following, "PERSON")
            return
        if (
            gap == " "
            and not reading.cases[following]
            and reading.joined(after)
            and reading.flags[after] & lex.LAST
            and not reading.flags[after] & (lex.FREQ | lex.FUNCTION)
        ):
            reading.claim_words(following, after, "PERSON")
            return
    surname = (
        flag & lex.PARTICLE
        and gap == " "
        and reading.words[following] in {"van", "vd", "de", "el", "der", "den", "ten", "ter"}
    )
    if (
        surname
        and reading.joined(after)
        and after < len(reading.words)
        and (reading.words[following] in {"vd", "el"} or reading.flags[after] & lex.PARTICLE)
        and not reading.words[after] == "de"
    ):
        _claim(reading, following, CERTAIN)
        return
    _claim(reading, following, HINTED)


_ROLE_GAPS: Final = frozenset({" ", ", ", " (", ": ", " = ", " - ", ' "', ', "', ' ("'})


def _claim_titled(reading: Reading, index: int, following: int) -> None:
    word = reading.words[index]
    if word == "dr" and reading.loose[index] and reading.gap(following) == " ":
        return
    if (
        reading.cases[index] == 0
        and word
        in {"pan", "an", "bay", "bey", "don", "sr", "mej", "heer", "drs", "oom", "opa", "oma", "sir", "ing", "ir"}
        and reading.flags[index] & lex.NAME
        and reading.language == "nl"
        and word in {"pan", "bay", "don", "sir"}
    ):
        return
    if word in {"bey", "hanım", "hanim", "abi", "abla", "hoca", "amca", "teyze"}:
        if (
            index
            and not reading.taken[index - 1]
            and (reading.cases[index - 1] or reading.flags[index - 1] & lex.NAME)
            and not reading.flags[index - 1] & lex.FUNCTION
        ):
            reading.claim_words(index - 1, index - 1, "PERSON")
        return
    _claim(reading, _past_titles(reading, following), CERTAIN)


def _past_titles(reading: Reading, following: int) -> int:
    """Index of the first word after a few titles and greetings; bounded, so that a row of titles costs no more than its length."""
    first = following
    while (
        following < len(reading.words)
        and following - first < _MOST_TITLES
        and reading.flags[following] & (lex.TITLE | lex.SOFT_TITLE | lex.GREETING)
        and reading.gap(following).strip(" ") in {":", ".", "", "="}
        and not reading.flags[following] & lex.STRONG
    ):
        following += 1
    if first < following < len(reading.words) and "\n" in reading.gap(following):
        return len(reading.words)
    return following


def _claim(reading: Reading, index: int, strength: int) -> bool:
    if index >= len(reading.words):
        return False
    last = parse(reading, index, strength)
    if last is None or not reading.claim_words(index, last, "PERSON"):
        return False
    _claim_second(reading, last)
    return True


def _claim_second(reading: Reading, last: int) -> None:
    """Claim the other half of `Anna en Piet` when it is a name as well."""
    following = last + 2
    if (
        following < len(reading.words)
        and reading.words[last + 1] in {"en", "and", "und", "et", "ve", "i", "y", "и", "та"}
        and reading.gap(following) == " "
    ):
        end = parse(reading, following, HINTED)
        if end is not None:
            reading.claim_words(following, end, "PERSON")
    elif (
        following < len(reading.words) + 1
        and last + 1 < len(reading.words)
        and reading.gap(last + 1) in {", ", "/", " / ", " & "}
    ):
        end = parse(reading, last + 1, HINTED) if reading.flags[last + 1] & lex.NAME else None
        if end is not None:
            reading.claim_words(last + 1, end, "PERSON")


def _claim_introduced(reading: Reading, index: int, following: int, gap: str) -> None:
    word = reading.words[index]
    if word in {"namens", "namelijk"} and gap != " ":
        return
    if gap.strip() not in {"", ":", "=", '"', "'", ': "', ",", "(", "-", '("', "is"}:
        return
    if "\n" in gap and ":" not in gap:
        return
    skipped = 0
    while following < len(reading.words) and skipped < 4 and _is_filler(reading, following):
        following += 1
        skipped += 1
    capital = following < len(reading.words) and reading.cases[following] > 0 and not reading.lower_mode
    strength = INTRODUCED if capital or (word not in _LOOSE_INTROS and skipped < 4) else HINTED
    if not _claim(reading, following, strength) and word in {"bijnaam", "roepnaam"} and following < len(reading.words):
        if not reading.flags[following] & lex.FUNCTION:
            reading.claim_words(following, following, "PERSON")


def _is_filler(reading: Reading, index: int) -> bool:
    """Whether a small word stands between an introduction and the name: `heet volgens mij ...`."""
    if reading.words[index] not in _FILLERS or reading.cases[index]:
        return False
    return not (reading.flags[index] & lex.PARTICLE and _past_is_name(reading, index))


def _past_is_name(reading: Reading, index: int) -> bool:
    following = index + 1
    return following < len(reading.words) and (
        reading.cases[following] > 0
        or bool(reading.flags[following] & (lex.LAST | lex.PARTICLE))
        or unlisted(reading, following)
    )


def _claim_greeted(reading: Reading, index: int, following: int) -> None:
    """Claim the name in a salutation; an everyday word there is no name."""
    if not (reading.opens[index] or index == 0 or reading.flags[index - 1] & lex.GREETING):
        return
    following = _past_titles(reading, following)
    capital = following < len(reading.words) and reading.cases[following] > 0
    if not (
        following < len(reading.words)
        and reading.flags[following] & (lex.ROLE | lex.HEAD | lex.GENERIC | lex.WORD)
        and not reading.flags[following] & lex.NAME
    ):
        _claim(reading, following, INTRODUCED if capital else HINTED)


def _mark_labels(reading: Reading) -> None:
    """Mark what stands after `Naam:` and the like, and the speaker before a colon at the start of a line."""
    text, words = reading.text, reading.words
    if ":" not in text and "=" not in text:
        return
    for index in range(len(words) - 1):
        end = reading.ends[index]
        sign = text[end : end + 2].lstrip()[:1]
        if sign not in {":", "="}:
            continue
        gap = reading.gap(index + 1)
        if (
            words[index] in _LABELS
            and "\n" not in gap
            and gap.strip() in {":", "=", ': "', ":-"}
            and not reading.taken[index + 1]
        ):
            _claim_after_label(reading, index, index + 1)
        elif sign == ":" and reading.opens[index] and not reading.taken[index]:
            _claim_speaker(reading, index, index)
        elif (
            sign == ":"
            and index
            and reading.opens[index - 1]
            and not reading.taken[index - 1]
            and not reading.taken[index]
            and reading.joined(index)
        ):
            _claim_speaker(reading, index - 1, index)


def _claim_after_label(reading: Reading, label: int, following: int) -> None:
    following = _past_titles(reading, following)
    if following >= len(reading.words):
        return
    mail = reading.words[label] in _MAIL_LABELS
    if (
        mail
        and reading.flags[following] & (lex.HEAD | lex.ROLE | lex.GENERIC)
        and not reading.flags[following] & lex.NAME
    ):
        return
    capital = reading.cases[following] > 0
    named = "naam" in reading.words[label] or "nam" in reading.words[label]
    strength = (
        CERTAIN
        if named or (mail and capital)
        else INTRODUCED
        if capital and (not reading.flags[following] & lex.WORD or reading.flags[following] & lex.NAME)
        else HINTED
    )
    _claim(reading, following, strength)


def _claim_speaker(reading: Reading, first: int, last: int) -> None:
    """Claim a chat speaker: one or two words before a colon at the start of a line."""
    flag = reading.flags[last] | reading.flags[first]
    if (
        flag & (lex.LABEL | lex.FUNCTION | lex.ROLE | lex.TITLE | lex.HEAD | lex.INTRO | lex.GENERIC)
        and not flag & lex.STRONG
    ):
        return
    if reading.words[first] in _LABELS or reading.kept[first] or reading.words[first][0].isdigit():
        return
    if not flag & lex.NAME and reading.gap(first).rstrip(" ")[-1:] in {"-", "*", "\u2022"}:
        return
    if first == last and (flag & lex.NAME or unknown(reading, first)):
        reading.claim_words(first, last, "PERSON")
    elif first != last and can_start(reading, first, HINTED):
        end = parse(reading, first, HINTED)
        if end is not None and end >= last:
            reading.claim_words(first, end, "PERSON")


def _mark_introduced(reading: Reading) -> None:
    """Mark the name in `ik ben Fatima`, `dit is Jan`, `de trainer is Kees`, `mijn buurman, Kees`."""
    words, flags = reading.words, reading.flags
    for index in range(1, len(words)):
        if reading.taken[index] or (flags[index] & lex.FUNCTION and not flags[index] & lex.STRONG):
            continue
        before = words[index - 1]
        if (
            before in _PREDICATES
            and index > 1
            and (
                flags[index - 2] & (lex.ROLE | lex.SOFT_TITLE | lex.INTRO)
                or words[index - 2] in {"dit", "dat", "wie", "en"}
            )
        ):
            _claim(reading, index, HINTED)
        elif (before,) in _AM or (index > 1 and (words[index - 2], before) in _AM):
            _claim(reading, index, INTRODUCED if reading.cases[index] and not reading.opens[index] else HINTED)


def _mark_signature(reading: Reading) -> None:
    """Mark the writer's name after a closing phrase, on its line or the next."""
    flags, words = reading.flags, reading.words
    count = len(words)
    for index in range(count):
        if not flags[index] & lex.CLOSING or reading.taken[index]:
            continue
        following = index + 1
        while (
            following < count
            and following - index < 4
            and (
                flags[following] & lex.CLOSING
                or words[following] in {"van", "en", "alvast", "u", "je", "met", "vriendelijke", "hartelijke"}
            )
        ):
            following += 1
        if following >= count or reading.taken[following]:
            continue
        gap = reading.gap(following)
        lonely = following + 4 >= count or "\n" in reading.text[reading.ends[following] : reading.ends[following] + 30]
        if "\n" in gap or "," in gap or lonely:
            _claim(
                reading,
                following,
                INTRODUCED if reading.cases[following] or (lonely and not flags[following] & lex.WORD) else HINTED,
            )
