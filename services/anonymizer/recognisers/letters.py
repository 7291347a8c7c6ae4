# SPDX-License-Identifier: EUPL-1.2
"""Marks names by their place in a letter, a mail, a note or a chat: salutations, labels, speakers, signatures."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.candidates import CERTAIN, HINTED, INTRODUCED, can_start, is_compound, unknown
from services.anonymizer.recognisers.cues import claim_name, past_titles
from services.anonymizer.recognisers.names import parse

_MAIL_LABELS: Final = frozenset("van aan cc bcc from to von an de à od do kimden kime".split())
_LABEL_SIGNS: Final = frozenset({":", "=", ': "', ":-"})
_NO_SPEAKER: Final = lex.LABEL | lex.FUNCTION | lex.ROLE | lex.TITLE | lex.HEAD | lex.INTRO | lex.GENERIC
_BULLETS: Final = frozenset({"-", "*", "\u2022"})
_CLOSING_WORDS: Final = frozenset("van en alvast u je met vriendelijke hartelijke".split())
_LONGEST_CLOSING: Final = 4
_SHORT: Final = 7
"""Up to this length a rare word with a capital, alone after a label, is taken for a name: `Melder: Mex`."""
_LINE: Final = 30


def mark_letters(reading: Reading) -> None:
    """Mark the names that greetings, labels, speakers and signatures hold."""
    for index, flag in enumerate(reading.flags):
        if flag & lex.GREETING and not reading.taken[index]:
            _claim_greeted(reading, index)
    if reading.text.count("\n") > 1 and ":" in reading.text:
        _mark_repeated_speakers(reading)
    if ":" in reading.text or "=" in reading.text:
        for index in range(len(reading.words) - 1):
            _follow_colon(reading, index)
    for index, flag in enumerate(reading.flags):
        if flag & lex.CLOSING and not reading.taken[index]:
            _claim_signature(reading, index)


def _mark_repeated_speakers(reading: Reading) -> None:
    """Mark who speaks more than once in a chat, whatever the name looks like: `Wie:`, `Duygu*:`, `Henk nr 12:`."""
    turns: dict[str, list[tuple[int, int]]] = {}
    for match in _TURN.finditer(reading.text):
        turns.setdefault(match[1].strip().lower(), []).append(match.span(1))
    for found in turns.values():
        if len(found) > 1:
            for start, end in found:
                _claim_turn(reading, start, end)


def _claim_turn(reading: Reading, start: int, end: int) -> None:
    """Claim the words of a speaker that are no role; a number after them stays."""
    bracket = reading.text.find(" (", start, end)
    end = bracket if bracket > start else end
    first, last = reading.word_at(start), reading.word_at(end - 1)
    for index in range(first, min(last + 1, len(reading.words))):
        if index > first and reading.words[index].isdigit() and reading.words[index - 1] in {"nr", "nummer", "hs"}:
            reading.claim_words(index, index, "ADDRESS")
        word = reading.words[index].rstrip("0123456789")
        flag = reading.lexicon.flag(word) if word != reading.words[index] else reading.flags[index]
        if reading.taken[index] or not word or not word[0].isalpha() or reading.starts[index] >= end:
            continue
        speaks = flag & (lex.LABEL | lex.ROLE | lex.TITLE | lex.SOFT_TITLE | lex.HEAD) or word in _NO_PERSONS
        speaks = speaks or _is_body(reading, index)
        if not speaks and not (word in {"nr", "uit", "van", "hh", "de", "ik"} and last > first):
            reading.claim_words(index, index, "PERSON")


def _is_body(reading: Reading, index: int) -> bool:
    """Whether a speaker is a chain, a public body or a desk rather than a person: `HEMA`, `Klantenservice`."""
    if reading.words[index].endswith(_DESKS):
        return True
    return bool(reading.kept[index]) and not reading.flags[index] & lex.FIRST


_DESKS: Final = (
    "service",
    "desk",
    "balie",
    "team",
    "contact",
    "beheer",
    "bureau",
    "afdeling",
    "administratie",
    "bot",
    "meldpunt",
    "chat",
)
_TURN: Final = re.compile(
    r"^[ >*\-]{0,3}(?:[\[(<]?\d[\d:./, -]{3,20}[\])>]?[ ,-]{0,3})?[<\[]?"
    r"([^\W\d_][^\n:<>\[\]]{0,24}?)[>\]]? ?:(?=[ \n])",
    re.MULTILINE,
)
_NO_PERSONS: Final = frozenset(
    (
        "medewerker bezoeker agent visitor helpdesk chatbot bot user gebruiker client customer support admin beheer "
        "systeem moderator ik jij hij zij klant vraag antwoord mam mama pap papa moeder vader "
        "oma opa leraar buurvrouw buurman "
        "stem a b q x bewoner burger adviseur consulent receptie balie operator assistant assistent me mij "
        "ja ich moi yo io eu beratung berater beraterin kunde kundin mitarbeiter mitarbeiterin klient doradca "
        "konsultant "
        "pracownik gość müşteri danışman conseiller conseillère visiteur usager asesor consultor"
    ).split()
)


def _claim_greeted(reading: Reading, index: int) -> None:
    """Claim the name in a salutation; an everyday word there is no name."""
    following = index + 1
    if following >= len(reading.words) or reading.gap(following) not in {" ", ", ", "! "}:
        return
    if not (reading.opens[index] or index == 0 or reading.flags[index - 1] & lex.GREETING):
        return
    following = past_titles(reading, following)
    if following >= len(reading.words):
        return
    flag = reading.flags[following]
    if flag & (lex.NAME | lex.CALLED) or not flag & (lex.ROLE | lex.HEAD | lex.GENERIC | lex.WORD):
        claim_name(reading, following, INTRODUCED if reading.cases[following] else HINTED)


def _follow_colon(reading: Reading, index: int) -> None:
    """Claim what stands after `Naam:` and the like, or the speaker before a colon at the start of a line."""
    end = reading.ends[index]
    sign = reading.text[end : end + 2].lstrip()[:1]
    if sign not in {":", "="}:
        return
    gap = reading.gap(index + 1)
    role = bool(reading.flags[index] & (lex.ROLE | lex.SOFT_TITLE)) and reading.cases[index + 1] > 0
    role = role and not reading.flags[index + 1] & (lex.GREETING | lex.CLOSING | lex.VERB)
    if (reading.flags[index] & lex.NAMELABEL or role) and gap.strip() in _LABEL_SIGNS and "\n" not in gap:
        if not reading.taken[index + 1]:
            _claim_after_label(reading, index, index + 1)
    elif sign == ":" and not reading.taken[index]:
        if reading.opens[index]:
            _claim_speaker(reading, index, index)
        elif index and reading.opens[index - 1] and not reading.taken[index - 1] and reading.joined(index):
            _claim_speaker(reading, index - 1, index)


def _asks_name(reading: Reading, label: int) -> bool:
    """Whether a label asks for a name: `Naam`, `achternaam melder`."""
    first = label - 1 if label > 0 and reading.joined(label) else label
    return any(reading.words[index].endswith(("naam", "naarn", "name", "nom")) for index in range(first, label + 1))


def _claim_after_label(reading: Reading, label: int, following: int) -> None:
    following = past_titles(reading, following)
    if following >= len(reading.words):
        return
    flag, capital = reading.flags[following], reading.cases[following] > 0
    mail = reading.words[label] in _MAIL_LABELS
    desk = flag & lex.LABEL or reading.words[following].endswith(_DESKS)
    if desk and not flag & lex.NAME:
        return
    if mail and not flag and is_compound(reading, reading.words[following]):
        return
    if mail and flag & (lex.HEAD | lex.ROLE | lex.GENERIC | lex.FREQ) and not flag & lex.NAME:
        return
    plain = flag & lex.WORD and not flag & (lex.NAME | lex.CALLED)
    several = bool(flag & lex.PARTICLE and reading.flags[min(following + 1, len(reading.words) - 1)] & lex.PARTICLE)
    if (
        (mail and capital and not plain)
        or (several and not mail)
        or (_asks_name(reading, label) and (reading.kept[following] or flag & lex.NAME))
    ):
        strength = CERTAIN
    else:
        rare = not flag & lex.FREQ and len(reading.words[following]) <= _SHORT and not reading.joined(following + 1)
        strength = INTRODUCED if capital and (not flag & lex.WORD or flag & lex.NAME or rare) else HINTED
    claim_name(reading, following, strength)


def _claim_speaker(reading: Reading, first: int, last: int) -> None:
    """Claim a chat speaker: one or two words before a colon at the start of a line."""
    flag = reading.flags[last] | reading.flags[first]
    if _is_no_person(reading, first, last):
        return
    if (flag & _NO_SPEAKER and not flag & lex.STRONG) or reading.flags[first] & lex.NAMELABEL or reading.kept[first]:
        return
    listed = bool(flag & lex.NAME)
    if reading.words[first][0].isdigit() or (not listed and reading.gap(first).rstrip(" ")[-1:] in _BULLETS):
        return
    if first == last:
        if listed or unknown(reading, first):
            reading.claim_words(first, last, "PERSON")
    elif can_start(reading, first, HINTED):
        end = parse(reading, first, HINTED)
        if end is not None and end >= last:
            reading.claim_words(first, end, "PERSON")


def _is_no_person(reading: Reading, first: int, last: int) -> bool:
    """Whether one word before a colon is a desk or the writer, or an everyday word after the sign of a list."""
    word, flag = reading.words[first], reading.flags[first]
    if first != last:
        return False
    small = not reading.cases[first] and flag & (lex.FREQ | lex.VERB) and not flag & lex.STRONG
    listed = small and reading.gap(first).rstrip(" ")[-1:] in _BULLETS
    return word in _NO_PERSONS or word.endswith(_DESKS) or bool(listed)


def _claim_signature(reading: Reading, index: int) -> None:
    """Claim the writer's name after a closing phrase, on its line or the next."""
    following = index + 1
    while following < len(reading.words) and following - index < _LONGEST_CLOSING and _closes(reading, following):
        following += 1
    if following >= len(reading.words) or reading.taken[following]:
        return
    after = following + 1
    if reading.kept[following] or (
        after < len(reading.words) and reading.words[following] == "te" and reading.kept[after]
    ):
        return
    gap, end = reading.gap(following), reading.ends[following]
    lonely = following + _LONGEST_CLOSING >= len(reading.words) or "\n" in reading.text[end : end + _LINE]
    if lonely or "\n" in gap or "," in gap:
        sure = reading.cases[following] > 0 or (lonely and not reading.flags[following] & lex.WORD)
        claim_name(reading, following, INTRODUCED if sure else HINTED)


def _closes(reading: Reading, index: int) -> bool:
    return bool(reading.flags[index] & lex.CLOSING) or reading.words[index] in _CLOSING_WORDS
