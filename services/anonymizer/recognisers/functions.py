# SPDX-License-Identifier: EUPL-1.2
"""Marks functions only one person holds: `de enige ... van ...`, `de eerste dove ...`."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.parts import ONLY_WORDS, claim_parts, clause_end, description_end

_ONLY: Final = re.compile(
    r"(?<!\w)(?:(?:de|het|als|hun|onze|mijn|ben|een van de|the|as the|der|die|das|als|le|la|el) )?"
    r"(?:(?:eerste|langstzittende|laatste|oudste|jongste) (?:en (?:\w{2,14} ){0,2})?(?:enige|enigste)|enigste|enige|"
    r"allereerste|langstzittende|langstdienende|"
    r"eerste(?= \w)|"
    r"(?<=the )only|(?<=as the )only|einzige[rsn]?|(?<=l[ea] )seule?|únic[oa])(?= \w)"
    r"|(?:jedyn[aąy]\w{0,3}|tek(?= \w+ (?:ben|kişi)| kadın| siyahi| başörtülü| türk)|єдин\w{1,3}|e úniko)(?= \w)",
    re.IGNORECASE,
)
_ONLY_GUARD: Final = frozenset(
    (
        "jaar maand week weken maanden malen tijd soort reden manier oplossing keer vraag "
        "optie kans mogelijkheid moment dag plek plaats antwoord verschil "
        "probleem doel wens ding wat die dat ik oorzaak bewijs troost weg uitleg verklaring reactie fout conclusie "
        "reason way thing time one problem solution grund raison razón powód"
    ).split()
)
_LONG_THING: Final = 6
_UNDERGOES: Final = frozenset(
    "niet geen nooit niets wordt werd word worden werden mocht mag moest moet kreeg krijgt kreegt krijg kon kan "
    "durfde durft wilde wil".split()
)
"""Words of what is done to somebody rather than of their task."""


def mark_functions(reading: Reading) -> None:
    """Mark `de enige ... van ...`, `de eerste dove ...`."""
    text = reading.text
    if reading.any_of(ONLY_WORDS):
        for match in _ONLY.finditer(text):
            if reading.free(*match.span()) and _singles_out(reading, match):
                after = match.end() + len(" die ") * text.startswith((" die ", " dat "), match.end())
                ends = description_end if after == match.end() else clause_end
                end = ends(reading, after)
                claim_parts(reading, match.start(), end, "JOB_UNIQUE")


def _not_relative(words: list[str]) -> list[str]:
    """The words but those that only go on about who it is: `de enige vrouw die ...`."""
    return [word for word in words if word not in {"die", "dat", "wat", "ik"}]


def _singles_out(reading: Reading, match: re.Match[str]) -> bool:
    """Whether `de enige`, `als eerste` goes on with who that is, rather than with what was done or about a thing."""
    following = reading.word_at(match.end())
    after = reading.words[following : following + 2]
    if (
        not after
        or after[0].isdigit()
        or (after[0] in _ONLY_GUARD and after[0] not in {"die", "dat"})
        or not _ONLY_GUARD.isdisjoint(_not_relative(after[1:]))
    ):
        return False
    if after[0] in {"die", "dat"}:
        return _keeps_a_task(reading, following)
    flag, word = reading.flags[following], reading.words[following]
    if match.group().split()[-1].lower() == "eerste" and not _first_of_a_group(reading, following):
        return False
    if flag & lex.HEAD and not flag & lex.ROLE:
        return False
    bare = match.group().split()[0].lower() in {"als", "enige", "eerste", "enigste"}
    acts = bool(flag & (lex.FUNCTION | lex.VERB | lex.SLOT)) or (word.endswith("en") and bool(flag & lex.WORD))
    return not (bare and acts and not reading.kept[following])


def _first_of_a_group(reading: Reading, index: int) -> bool:
    """Whether `de eerste` goes on with a ground and a person: `de eerste dove trainer`, not `de eerste zwarte dag`."""
    word, after = reading.words[index], index + 1
    if not reading.kept[index] and word not in _OPENLY:
        return False
    if word in _GROUPS:
        return True
    if not word.endswith(("e", "s")) and word not in _OPENLY:
        return False
    if after >= len(reading.words) or not reading.joined(after):
        return False
    flag = reading.flags[after]
    thing = flag & (lex.KEEP | lex.FREQ) and not flag & lex.ROLE
    return not thing and not flag & (lex.HEAD | lex.GENERIC | lex.NUMBER | lex.SLOT)


_OPENLY: Final = frozenset({"openlijk", "niet", "geadopteerde"})
_GROUPS: Final = frozenset("vrouw moslim moslima transgender trans homo hindoe jood rolstoelgebruiker".split())
"""People of a group by a noun of their own."""


def _keeps_a_task(reading: Reading, relative: int) -> bool:
    """Whether `de enige die ...` goes on with what that person does for work: `die de parkeerkaarten keurt`."""
    thing = relative + 2
    if thing >= len(reading.words) or reading.words[relative + 1] not in {"de", "het", "alle", "onze", "hier"}:
        return False
    end = clause_end(reading, reading.starts[thing])
    clause = reading.words[relative : reading.word_at(end - 1) + 1]
    return len(reading.words[thing]) > _LONG_THING and _UNDERGOES.isdisjoint(clause)
