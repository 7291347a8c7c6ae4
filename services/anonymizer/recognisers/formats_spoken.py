# SPDX-License-Identifier: EUPL-1.2
"""Marks mail, web and account names as people say, space out or disguise them."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at
from services.anonymizer.recognisers.numbers import is_number_word

_SURE_AT: Final = frozenset(
    "apenstaartje apenstaart apestaartje apestaart arobase małpa malpa klammeraffe arroba собака atteken "
    "apenstaartjes kuyruklu".split()
)
"""Words for the sign that mean nothing else."""
_DOUBTFUL_AT: Final = frozenset("at et ät".split())
_AT: Final = _SURE_AT | _DOUBTFUL_AT
_POINTS: Final = frozenset("punt dot point punkt kropka nokta punto ponto крапка точка".split())
_JOINTS: Final = _POINTS | frozenset(
    "streepje underscore liggend laag laagstreepje koppelteken min minus tiret dash".split()
)
_ENDINGS: Final = frozenset("nl com org net eu be de fr pl tr info online live me".split())
_HOSTS: Final = frozenset(
    "gmail gmial hotmail outlook ziggo kpnmail yahoo icloud kpn xs4all hetnet planet casema upcmail protonmail proton "
    "gmx web wp interia orange msn telfort solcon chello".split()
)
_LINKS: Final = frozenset("op van bij a aan".split())
_ODD_HOSTS: Final = frozenset({"web", "orange", "planet", "proton", "wp"})
"""Hosts that are words as well: they count with their ending only."""
_LONGEST: Final = 8
_WIDE: Final = 3
_LOCAL: Final = re.compile(
    r"(?<![\w.@+-])([\w+-]{1,40}(?:[._-][\w+-]{1,40}){0,5})\s{1,2}(?:(?:op|van|bij|at|a|aan|the|apenstaart)\s)?$"
)
_SIGNED: Final = re.compile(r"[._\d]")
_MAIL_CUE: Final = re.compile(r"\b(?:e-?mail|mail|mailadres|mailen|adres|emailadres)\b[^\n.]{0,16}$", re.IGNORECASE)
_AFTER_HOST: Final = re.compile(
    r"(?:\s?[.,]\s?|\s(?:punt|dot|point|punkt|kropka|nokta)\s|\s)(?:com|nl|org|net|de|fr|"
    r"be|eu|pl)(?!\w)"
)
_ODD_AT: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,40}\s?(?:<\s?at\s?>|\*{1,2}at\*{1,2}|_at_|\(@\)|\[@\]|at-teken|a-staartje|&#64;|-at-)"
    r"\s?[\w-]{2,40}(?:\s?(?:[.,]|[\[(<*]\s?(?:dot|punt)\s?[\])>*])\s?[a-z]{2,10}){0,3}",
    re.IGNORECASE,
)
_SPACED_MAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,64} ?@ ?[\w-]{1,30}(?: [\w-]{1,12})? ?\. ?(?:nl|com|net|org|be|de|eu|fr|pl|tr)(?!\w)",
    re.IGNORECASE,
)
_LABELLED_MAIL: Final = re.compile(
    r"(?:mail|adres)[a-z]{0,6}(?: is| naar| haar| hem| me| mij| op| via| aan|:){0,2}[ :]{1,2}"
    r"((?:[^\W_]{1,20}[ ._+-]{1,3}){1,6}@ ?[\w-]{1,30}(?: ?[.,] ?[\w-]{2,12}){1,2})(?!\w)",
    re.IGNORECASE,
)
"""`e-mail: j . de boer 60 @ voorbeeld . nl`."""
_ODD_SIGNS: Final = ("<at", "< at", "*at", "_at_", "(@)", "[@]", "at-teken", "a-staart", "&#64;", "-at-")
_SITE: Final = re.compile(
    r"(?<![\w@./\])}>-])[\w-]{2,40}(?:\s?[\[({]\s?(?:punt|dot|\.)\s?[\])}]\s?[\w-]{2,40}){1,4}(?:/[^\s<>\"]{0,200})?",
    re.IGNORECASE,
)
"""`voorbeeld(punt)nl/blad`."""
_SPACED_SITE: Final = re.compile(
    r"(?<![\w@.])(?<![@)\]>] )(?:www ?\. ?)?[\w-]{2,40} \. (?:nl|com|org|net|eu|be|de|info)"
    r"(?: ?/ ?[\w-]{1,40}){0,4}(?!\w)"
)
_SHORT_LINK: Final = re.compile(
    r"(?<![\w@./-])[a-z0-9]{2,16}\.[a-z]{2,3}/(?=[\w/-]{0,40}[\dA-Z])[\w/-]{3,60}(?![\w@])|(?<!\w)(?:u|"
    r"r)/(?=\w{0,20}[\d_])\w{3,24}"
)
_LINK_HINT: Final = re.compile(r"\.[a-z]{2,3}/|(?<!\w)[ur]/")
_PLATFORMS: Final = frozenset(
    "insta instagram snap snapchat tiktok twitter discord telegram facebook fb ig x xbox psn twitch reddit youtube "
    "linkedin threads bluesky mastodon whatsapp marktplaats vinted steam roblox signal".split()
)
_BEFORE_PLATFORM: Final = re.compile(
    r"(?<![\w@])((?:(?:account|profiel|naam|gebruiker|heet|als) )?(?:[^\W\d_]{2,12} ){0,2}[\w][\w.\-#]{0,40}) "
    r"(?:op|bij|via|on|auf|sur|na) (?:zijn |haar |de |mijn |mn )?$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"^(?:account|profiel|naam|gebruiker|heet|als) ", re.IGNORECASE)
_USER: Final = re.compile(
    r"(?:ingelogd als|inloggen als|inloggen met|gebruiker|inlognaam|loginnaam|login|inlog|alias|digid|whatsapp|"
    r"appnaam|tt|steam|signal|threads|linkedin|"
    r"youtube|vinted|roblox|kanaal|channel|user|utilisateur|benutzer|kullanıcı)(?:naam|name| naam| account)?"
    r"(?:\s?(?:is|=|:|heet)\s?|\s)([^\W\d_][\w.\-]{2,40}(?<![.\-]))",
    re.IGNORECASE,
)
_USERS: Final = frozenset(
    "ingelogd inloggen gebruiker inlognaam loginnaam login inlog alias digid whatsapp appnaam tt steam signal "
    "threads linkedin youtube "
    "vinted roblox kanaal channel user utilisateur benutzer kullanıcı".split()
)
_IPS: Final = frozenset("ip ipadres ipnummer ipv4".split())
_IP_FILLERS: Final = frozenset("adres address nummer is was nr het".split())
_IP: Final = re.compile(
    r"(?:[- ]?(?:adres|address|nummer|nr))?\.?(?: is| was)?[ :=]{0,3}"
    r"([\dlO]{1,3}(?:(?:\s?[.,·]\s?|\s|\s?[\[({]\s?(?:\.|punt|dot)\s?[\])}]\s?)(?:[\dlO]{1,3}|[xX*]{1,3})){3})(?![\w])"
)
_SITE_END: Final = re.compile(r"\.(?:com|nl|org|net|eu|be|de|example)$", re.IGNORECASE)
_WAVED: Final = re.compile(r"~ ?[^\W_][^~\n]{1,30}~|(?<=naam )~[^\W_][\w. ]{1,24}")
"""`~naam 79~`, as a medium shows who is no contact."""


def mark_spoken_formats(reading: Reading) -> None:
    """Mark addresses of mail, sites and accounts in their spoken and disguised forms."""
    _mark_said_mail(reading)
    _mark_hosts(reading)
    _mark_odd_mail(reading)
    if "[.]" in reading.text or (any(map(reading.text.__contains__, "([{")) and reading.any_of(_POINTS)):
        reading.claim_each(_SITE.finditer(reading.text), "URL")
    if " . " in reading.text:
        reading.claim_each(_SPACED_SITE.finditer(reading.text), "URL")
    if "/" in reading.text and _LINK_HINT.search(reading.text):
        reading.claim_each(_SHORT_LINK.finditer(reading.text), "URL")
    if "~" in reading.text:
        reading.claim_each(_WAVED.finditer(reading.text), "SOCIAL_HANDLE")
    _mark_accounts(reading)
    for index in reading.indexes(_IPS):
        _mark_network(reading, index)


def _mark_odd_mail(reading: Reading) -> None:
    """Mark mail with blanks around its signs, or with another sign for `@`."""
    if "@" in reading.text and (" ." in reading.text or " @" in reading.text):
        for match in _LABELLED_MAIL.finditer(reading.text):
            reading.claim(*match.span(1), "EMAIL")
        reading.claim_each(_SPACED_MAIL.finditer(reading.text), "EMAIL")
    if any(map(reading.low.__contains__, _ODD_SIGNS)):
        reading.claim_each(_ODD_AT.finditer(reading.text), "EMAIL")


def _mark_network(reading: Reading, index: int) -> None:
    """Mark a network address after `ip`, with other signs between its parts, or in words."""
    match = _IP.match(reading.text, reading.ends[index])
    if match is not None:
        reading.claim(*match.span(1), "IP")
        return
    first = index + 1
    while first < len(reading.words) and first - index < _WIDE and reading.words[first] in _IP_FILLERS:
        first += 1
    last = first
    while last < len(reading.words) and _near(reading, last) and last - first < _LONGEST * 3:
        word = reading.words[last]
        if not (word.isdigit() or word in _POINTS or is_number_word(word, reading.flags[last])):
            break
        last += 1
    if last - first > _WIDE:
        reading.claim_words(first, last - 1, "IP")


def _near(reading: Reading, index: int) -> bool:
    """Whether word `index` follows the one before it closely, in the same line."""
    gap = reading.gap(index)
    return len(gap) <= _WIDE and "\n" not in gap


def _mark_said_mail(reading: Reading) -> None:
    """Mark `jan punt de vries apenstaartje voorbeeld punt nl`, also without the points."""
    for index in reading.indexes(_AT):
        if index == 0 or index + 1 >= len(reading.words) or not _near(reading, index) or not _near(reading, index + 1):
            continue
        last, pointed = _host_end(reading, index + 1)
        if reading.words[index] in _DOUBTFUL_AT and not pointed:
            continue
        first = _local_start(reading, index - 1)
        if reading.words[index] in _SURE_AT or first < index - 1 or _odd(reading, first):
            reading.claim_words(first, last, "EMAIL")


def _odd(reading: Reading, index: int) -> bool:
    """Whether a word is no ordinary one, so that it may be a mail address' first part."""
    return not reading.flags[index] & (lex.FUNCTION | lex.VERB | lex.FREQ | lex.SLOT)


def _host_end(reading: Reading, first: int) -> tuple[int, bool]:
    """Index of the last word of a host that begins at word `first`, and whether it ends as one."""
    last, pointed = first, False
    while last + 2 < len(reading.words) and last - first < _LONGEST and reading.words[last + 1] in _JOINTS:
        if not _near(reading, last + 1) or not _near(reading, last + 2):
            break
        pointed = pointed or reading.words[last + 1] in _POINTS
        last += 2
    while last + 1 < len(reading.words) and reading.gap(last + 1) == "-" and last - first < _LONGEST:
        last += 1
    while last + 1 < len(reading.words) and reading.gap(last + 1) in {".", ","} and last - first < _LONGEST:
        last, pointed = last + 1, True
    known = reading.words[first] in _HOSTS and reading.words[first] not in _ODD_HOSTS
    if (
        last == first
        and last + 1 < len(reading.words)
        and reading.words[last + 1] in _ENDINGS
        and _near(reading, last + 1)
    ):
        ended = last + 2 >= len(reading.words) or reading.words[last + 1] not in {"de", "me", "be"}
        return (last + 1, True) if ended or known else (last, known)
    return last, pointed or known


def _local_start(reading: Reading, last: int) -> int:
    """Index of the first word of what stands before the sign, ending at word `last`."""
    first = last
    while first > 0 and last - first < _LONGEST and _near(reading, first):
        before = reading.words[first - 1]
        joined = reading.gap(first) in {".", "-", "_", "+"}
        spelt = len(before) == 1 or before.isdigit() or is_number_word(before, reading.flags[first - 1])
        apart = first > 1 and reading.words[first - 2] in _POINTS
        if not (
            joined
            or before in _JOINTS
            or reading.words[first] in _JOINTS
            or apart
            or (spelt and before != "e" and reading.gap(first) == " ")
        ):
            break
        first -= 1
    while first < last and reading.words[first] in _JOINTS:
        first += 1
    return first


def _mark_hosts(reading: Reading) -> None:
    """Mark `jansen88 van gmail`, `j.jansen gmail.com`: a name of mail before the host without its sign."""
    for index in reading.indexes(_HOSTS):
        start = reading.starts[index]
        first = _local_start(reading, index - 2) if index > 2 and reading.words[index - 1] in _LINKS else index
        if first < index - 2 and reading.words[index] not in _ODD_HOSTS:
            reading.claim_words(first, index, "EMAIL")
        match = _LOCAL.search(reading.text, max(0, start - 60), start)
        if match is None or not reading.free(match.start(1), start):
            continue
        word = reading.word_at(match.start(1))
        signed = _SIGNED.search(match[1]) is not None and any(map(str.isalpha, match[1]))
        cued = _MAIL_CUE.search(reading.text, max(0, match.start() - 30), match.start(1)) and _odd(reading, word)
        after = _AFTER_HOST.match(reading.text, reading.ends[index])
        if (signed or cued) and (after or reading.words[index] not in _ODD_HOSTS):
            reading.claim(match.start(1), after.end() if after else reading.ends[index], "EMAIL")


def _mark_accounts(reading: Reading) -> None:
    """Mark `jansen88 op insta` and `gebruiker jansen88`."""
    for index in reading.indexes(_PLATFORMS):
        start = reading.starts[index]
        match = _BEFORE_PLATFORM.search(reading.text, max(0, start - 60), start)
        if match is not None:
            _claim_account(reading, match)
    for match in matches_at(reading, _USER, _USERS):
        site = _SITE_END.search(match[1]) is not None or reading.text.startswith("/", match.end())
        if not site and _SIGNED.search(match[1]) and not reading.stem_flag(match[1].lower()):
            reading.claim(*match.span(1), "SOCIAL_HANDLE")


def _claim_account(reading: Reading, match: re.Match[str]) -> None:
    """Claim the last word before a medium when it has an account's form, with the words before it after a label."""
    label = _LABEL.match(match[1])
    start = match.start(1) + (len(label.group()) if label else 0)
    last = match[1].rpartition(" ")[2]
    mixed = _SIGNED.search(last) is not None and any(map(str.isalpha, last))
    figures = last.isdigit() and label is not None
    if mixed and not figures:
        start = match.end(1) - len(last) if not label or label.group() not in {"account ", "profiel "} else start
    if mixed or figures:
        reading.claim(start, match.end(1), "SOCIAL_HANDLE")
