# SPDX-License-Identifier: EUPL-1.2
"""Marks ages that are told sideways: by a year of birth, by the ten years one is in, in halves, as an answer."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at, matches_at_figures
from services.anonymizer.recognisers.ages import NUMBER_WORDS, band, is_tenure, seen, spelt

_ENDS: Final = r"(?=\s?(?:[,;!?)\]\"'/|]|\.(?!\d)|\n|$| en | maar | and | but | dus | hoor | nu | ja | komma| punt))"
"""What follows a number after which nothing is counted."""
_TENS_WORD: Final = r"(twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|[2-9]0)"
_YEAR: Final = r"((?:19[1-9]\d|20[0-2]\d)|'\d\d)(?![\w-]|[.,/]\d)"
_BORN: Final = re.compile(
    rf"(?:(?:geboorte|bouw|geb\.? ?)jaar|gebjr|jaargang|geboren|born|geboortejr)(?: is| was|:| ben ik van| van)?"
    rf"[ :.]{{1,3}}(?:en getogen )?(?:(?:in|te) (?!19|20)[\w'-]{{2,24}} )?(?:in |van |uit |anno )?{_YEAR}"
    r"|(?:bouwjaar|geboortejaar|jaargang)[ :.]{1,3}(\d\d)(?![\w-]|[.,/:]\d)",
    re.IGNORECASE,
)
"""`bouwjaar 1971`, `geboren in 1969`, `geboren te Assen in 1969`."""
_BORN_WORDS: Final = frozenset("geboortejaar bouwjaar gebjaar gebjr jaargang geboren born geb geboortejr".split())
_BUILT: Final = frozenset(
    "auto huis woning flat pand fiets scooter bus machine ketel lift gebouw appartement caravan boot camper motor "
    "busje bestelbus wagen model toestel schip portiek complex schoolgebouw".split()
)
"""Things that have a year of building."""
_BUILT_NEAR: Final = 5
_OF_YEAR: Final = re.compile(
    r"(?:ben|is|bent|was|kind|kindje|iemand|eentje|een|man|vrouw|jongen|meisje|meid|broer|zus|zoon|dochter|wij|we|"
    r"zijn|allebei|beiden)"
    rf" (?:er (?:een|1) |ook |nog |zelf |allebei |allemaal )?(?:van|uit|anno) (?:'(\d\d)(?![\w-]|[.,/]\d)|{_YEAR})",
    re.IGNORECASE,
)
"""`ik ben van '71`, `een kind van 1988`."""
_OF_YEAR_WORDS: Final = frozenset(
    "ben is bent was kind kindje iemand eentje een man vrouw jongen meisje meid broer zus zoon dochter wij we zijn "
    "allebei beiden".split()
)
_THINGS_OF_YEAR: Final = frozenset({"een", "is", "was", "zijn"})
"""Openers after which also a thing may be of a year: a two-figure year is then asked for."""
_DECADE: Final = re.compile(
    rf"(?:achter|achteraan|achterin|ver|diep|voor|vooraan|halverwege|midden|al|nu|goed|ruim|(?:ben|is|was) (?:ik )?al)"
    rf" in de {_TENS_WORD}{_ENDS}|(?:achter|voor)in de {_TENS_WORD}{_ENDS}",
    re.IGNORECASE,
)
_DECADE_WORDS: Final = frozenset(
    "achter achteraan achterin ver diep voor vooraan voorin halverwege midden al nu goed ruim ben is was".split()
)
_IN_TENS: Final = re.compile(
    rf"(?:(?:van|dame|heer|man|vrouw|mevrouw|meneer|iemand|ouders|echtpaar),? |"
    rf"(?<=\())in de {_TENS_WORD}{_ENDS}",
    re.IGNORECASE,
)
"""`een vrouw van in de zestig`, `(in de tachtig)`."""
_TOWARDS: Final = re.compile(
    rf"(?:loop|loopt|zit|ga|gaat|kom|komt|ben|is|was|liep|zat)(?: (?:ik|hij|zij|ze|u|je|al|nu|ook|zelf|toch|hard|"
    rf"zo)){{0,3}}"
    rf" (?:(?:tegen|naar|richting|rond|aan|tegen|voorbij|over) (?:de )?|(?:de )?(?=[\w]{{2,8}} (?:al |net |ruim )?"
    rf"(?:gepasseerd|voorbij))){_TENS_WORD}(?= aan\b| toe\b| (?:al |net |ruim )?(?:gepasseerd|voorbij)|{_ENDS[3:]}",
    re.IGNORECASE,
)
"""`ik loop tegen de vijftig`, `ik ben de 60 al gepasseerd`."""
_TOWARDS_WORDS: Final = frozenset("loop loopt zit ga gaat kom komt ben is was liep zat".split())
_NOT_YET: Final = re.compile(
    rf"(?:ben|is|was|bent|ze's|hij's)(?: (?:ik|hij|zij|ze|je|u|zelf|ook)){{0,2}} (?:nog (?:geen|net geen|niet eens)|"
    rf"net geen|"
    rf"haast|amper|ruim|dik) ([1-9]\d){_ENDS}",
    re.IGNORECASE,
)
_YOU_ARE: Final = re.compile(
    r"(?:(?:je|jij|u|jullie) bent|ben je|bent u|ben jij)(?: (?:toch|al|nu|pas|net|nog|maar|ook|ruim|bijna|zelf)){0,3} "
    rf"([1-9]\d){_ENDS}",
    re.IGNORECASE,
)
_YOU: Final = frozenset("je jij u jullie ben bent".split())
_PLUS: Final = re.compile(
    r"(?:ben|bent|is|was|am|i'm)(?: (?:ik|nu|al|zelf|ook|toch)){0,2} ([1-9]\d) ?\+(?=[\s.,;!?)]|$)", re.IGNORECASE
)
_PLUS_WORDS: Final = frozenset("ben bent is was am i'm".split())
_TURNED_ROUND: Final = re.compile(
    r"([1-9](?<![\w.,/:-][1-9])\d) (?:ben|is|was|word|wordt|jaar ben) (?:ik|hij|zij|ze|u|mijn)\b"
)
_HALF_N: Final = r"(anderhalf|\d{1,2}[,.]5|\d{1,2} ?(?:½|1/2)|(?:\d{1,2}|[a-z]{3,8}) en een half)"
_HALF: Final = re.compile(
    r"(?:baby|kindje|kind|zoontje|zoon|dochtertje|dochter|meisje|jongetje|jongen|peuter|kleuter|dreumes|broertje|zusje|"
    r"neefje|nichtje|kleinkind|kleinzoon|kleindochter|tweeling|kleintje|toddler|son|daughter|child|hij|zij|ze|is|die)"
    rf"(?:,| van| is| was|:| of| is nu| van nu| \()? ?{_HALF_N}(?: jaar| jr)?(?: oud)?{_ENDS}"
    rf"|(?:baby|kindje|kind|zoontje|zoon|dochtertje|dochter|meisje|jongetje|jongen|peuter|kleuter|dreumes|broertje|"
    rf"zusje|"
    rf"neefje|nichtje|kleinkind|tweeling|kleintje|toddler|son|daughter|child) (?:van|of) {_HALF_N}(?: jaar)?(?!\w|"
    rf"[.,]\d)",
    re.IGNORECASE,
)
_HALF_WORDS: Final = frozenset(
    "baby kindje kind zoontje zoon dochtertje dochter meisje jongetje jongen peuter kleuter dreumes broertje zusje "
    "neefje "
    "nichtje kleinkind kleinzoon kleindochter tweeling kleintje toddler son daughter child hij zij ze is die".split()
)
_HALVES: Final = (",5", ".5", "half", "½", "1/2")
_TOLD: Final = re.compile(
    rf"(?:ik|hij|zij|ze|wij|allebei|zelf|haar man|zijn vrouw|mijn man|mijn vrouw|m'n man)"
    rf"(?:,? (?:ook|al|pas|nu|net|toen|inmiddels|zelf|dan|bijna|nog maar)){{0,2}},? ([1-9]\d){_ENDS}",
    re.IGNORECASE,
)
"""`zij 29, ik ook 29`."""
_TOLD_WORDS: Final = frozenset("ik hij zij ze wij allebei zelf haar zijn mijn m'n".split())
_ASKED: Final = re.compile(
    r"(?:hoe (?:oud|jong)|how old|wie alt|quel âge|quel age|kaç yaş\w{0,6}|ile (?:masz|ma pan|ma pani) lat|je leeftijd|"
    r"uw leeftijd|your age|hoeveel jaar)\b[^\n]{0,60}?(?:\?[^\n]{0,6}|\n)(?:\s{0,3}(?:[^\n\d:]{0,24}:|"
    r"[^\n\d:]{1,16}\d{1,6}:)"
    rf"\s?)?(?:[^\n\d?]{{0,24}} )?(?<!\d)([1-9]\d?){_ENDS}",
    re.IGNORECASE,
)
"""The answer to `hoe oud ben je?`, also in the next line of a chat."""
_ASKING: Final = frozenset("hoe how wie quel kaç ile je uw your".split())
_SOON: Final = re.compile(
    r"(?:over|in|binnen) (?:\d{1,2}|een|twee|drie|vier|vijf|zes|paar|een paar) (?:wkn|weken|week|maanden|mnd|maand|"
    r"dagen|dag)"
    rf"(?: (?:word|wordt|ben|is|dan|pas|al))?(?: (?:ik|hij|zij|ze|u|pas|al|dan)){{0,2}} ([1-9]\d){_ENDS}",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"(?:lftd?|lftijd|leeft|leeftd|leeftijd(?: in jaren| \(jaren\)| vd \w{3,12}| van \w{3,12}(?: \w{3,12})?)?|age|"
    r"zoon|dochter|kind|zoontje|dochtertje|kinderen|jongen|meisje|moeder|vader|partner|cliënt|melder|beller|betrokkene)"
    rf"(?: (?:\d|cl[iï]ënt|client|melder|beller|betrokkene|kind))?\.? ?[:=] ?([1-9]\d?|"
    rf"[a-zéë]{{4,18}})(?: ?/ ?[mvx])?{_ENDS}",
    re.IGNORECASE,
)
_LABELS: Final = frozenset(
    "lft lftd lftijd leeft leeftd leeftijd age zoon dochter kind zoontje dochtertje kinderen jongen meisje moeder "
    "vader "
    "partner cliënt melder beller betrokkene".split()
)
_SEX: Final = re.compile(r"[mvfx]([1-9]\d)(?=[,;/)]| uit | en |, )|([1-9]\d)[mvfx](?=[ ,;)])", re.IGNORECASE)
_SEX_OPENS: Final = frozenset({"", "\n", "("})
"""What stands right before a letter for a sex with an age, beside the sign of a list and a blank."""
_LISTED: Final = ("- ", "* ", "• ")
_BRACKETED: Final = re.compile(
    r"\((?:[mvfxj]|jongen|meisje|man|vrouw|kind|zoon|dochter|zoontje|dochtertje|boy|"
    r"girl)[,;/ ]{1,2}([1-9]\d?)(?=[,;/ )])",
    re.IGNORECASE,
)
_ISH: Final = re.compile(r"([1-9](?<![\w.,/-][1-9])\d)-?ish(?!\w)[^\n.;]{0,12}?(?:: ?([1-9]\d)(?!\d))?", re.IGNORECASE)
_ENGLISH_UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
_ENGLISH_N: Final = (
    rf"((?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]?(?:{_ENGLISH_UNITS}))?|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teen|ten|eleven|twelve|{_ENGLISH_UNITS}))"
)
_ENGLISH: Final = re.compile(
    rf"\b(?:aged |age ){_ENGLISH_N}(?!\w)|\b{_ENGLISH_N}(?:[- ]years?[- ]olds?|-?ish)(?!\w)", re.IGNORECASE
)
_ENGLISH_HINTS: Final = frozenset("year years aged age ish".split())
_TENS_OF: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ENGLISH_TENS: Final = frozenset(_TENS_OF)
_ENGLISH_AGE: Final = re.compile(
    r"(?<!\w)(" + "|".join(_TENS_OF) + r")(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"(?:[- ]years?[- ]old|(?=,|\.| and (?:I|the|my|he|she)\b))(?<!\d)",
    re.IGNORECASE,
)
_BECOMING: Final = re.compile(
    r"(?:word|wordt|werd|worden)(?: (?:ik|hij|zij|ze|u|dit|volgend|vorig|jaar|maand|deze|week|al|pas|net|in|nu|toen|"
    r"zelf|a\.s\.|aanstaande|komende|afgelopen|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    rf"bijna|gisteren|morgen)){{1,4}} ([a-zéë]{{3,18}}|[1-9]\d){_ENDS}",
    re.IGNORECASE,
)
_BECOMES: Final = frozenset("word wordt werd worden".split())
_KIN: Final = re.compile(
    rf"(?:zusje|broertje|zoontje|dochtertje|zoon|dochter|kindje|kleinkind|kleinzoon|kleindochter|neefje|nichtje|"
    rf"jongste|"
    rf"oudste|zus|broer),? (?:is |van |pas |nu |net )?([a-zéë]{{3,18}}){_ENDS}",
    re.IGNORECASE,
)
_KINS: Final = frozenset(
    "zusje broertje zoontje dochtertje zoon dochter kindje kleinkind kleinzoon kleindochter neefje nichtje jongste "
    "oudste "
    "zus broer".split()
)
_ABOUT: Final = re.compile(
    rf"(?:van|is|was|ben) (?:een|'n|1) (?:jaar|jaartje) of ([a-zéë]{{3,18}})(?: oud)?{_ENDS}", re.IGNORECASE
)
_ROMANCE: Final = re.compile(
    r"(?<!\w)(?:(?:binti|trinta|kuarenta|sinkuenta|sesenta|setenta|ochenta|nobenta|veinti\w{2,7}|treinta|cuarenta|"
    r"cincuenta)"
    r"(?: (?:i|y) [a-z]{2,7})?|dies\w{2,6}|diez) (?:aña|año|años)(?!\w)",
    re.IGNORECASE,
)
_LENTES: Final = re.compile(r"(?<!\w)([a-zéë]{3,18}) (?:lentes|winters|levensjaren|jaartjes)\b", re.IGNORECASE)
_ROMANCE_YEARS: Final = frozenset({"aña", "año", "años"})
_LENTE_WORDS: Final = frozenset("lentes winters levensjaren jaartjes".split())
_BIRTHDAY: Final = re.compile(
    r"(?<!\w)(\d{1,2} ?(?:e|de|ste)|[a-zëé]{0,14}(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|"
    r"tiende|elfde|"
    r"twaalfde|tigste)) (?=verjaardag\b)",
    re.IGNORECASE,
)
_AND_MONTHS: Final = re.compile(r" (?:en )?(\d{1,2} (?:mnd|maanden|maand|mnden|wkn|weken))(?!\w)", re.IGNORECASE)
"""What follows an age in years: `8 jr en 3 mnd`."""
_CORRECTED: Final = re.compile(
    r"[\s,(-]{1,3}(?:nee|no|sorry|eh|uh|nou ja|wacht|i mean|well|correctie|bedoel ik|eigenlijk|of nee|pardon|exact|"
    r"precies)"
    r"[:,]? {0,2}([1-9]\d)(?![\w]|[.,:/-]\d)",
    re.IGNORECASE,
)
_LASTING: Final = frozenset(
    "bestaan jubileum huwelijk contract contracten dienstverband relatie periode opleiding studie ervaring feest plan "
    "overeenkomst lidmaatschap programma onderzoek project verbintenis termijn wachttijd".split()
)
"""What lasts for years, after `tienjarig`."""
_GROWN: Final = 12
_YEAR_LENGTH: Final = 4
_TENS_GATE: Final = frozenset(
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig 20 30 40 50 60 70 80 90".split()
)
_UNIT_GATE: Final = frozenset("wkn weken week maanden mnd maand dagen dag".split())
_AGE_GATE: Final = frozenset("oud jong old alt âge age lat leeftijd jaar yaşında yaşındasın yaşındasınız".split())
_OPENED: Final[tuple[tuple[frozenset[str], frozenset[str], re.Pattern[str]], ...]] = (
    (_TENS_GATE, _DECADE_WORDS, _DECADE),
    (_TENS_GATE, _TOWARDS_WORDS, _TOWARDS),
    (_TENS_GATE, frozenset("van dame heer man vrouw mevrouw meneer iemand ouders echtpaar in".split()), _IN_TENS),
    (
        frozenset({"geen", "niet", "haast", "amper", "ruim", "dik"}),
        frozenset("ben is was bent ze's hij's".split()),
        _NOT_YET,
    ),
    (frozenset(), _YOU, _YOU_ARE),
    (frozenset(), _TOLD_WORDS, _TOLD),
    (_AGE_GATE, _ASKING, _ASKED),
    (_UNIT_GATE, frozenset("over in binnen".split()), _SOON),
    (frozenset(), _LABELS, _LABELLED),
    (frozenset(), _BECOMES, _BECOMING),
    (NUMBER_WORDS, _KINS, _KIN),
    (frozenset({"jaar", "jaartje"}), frozenset("van is was ben".split()), _ABOUT),
)
"""Patterns with the words that open them, and before these words of which one must be in the text, if any."""


def mark_said_ages(reading: Reading) -> None:
    """Mark the ages that are told sideways."""
    text = seen(reading)
    figured = bool(reading.figured())
    if figured:
        _mark_born(reading, text)
        _mark_signs(reading, text)
    if figured or reading.any_of(NUMBER_WORDS) or "half" in reading.low:
        _mark_opened(reading, text)
    if "jarig" in reading.low:
        _mark_compounds(reading)
    reading.claim_each(_ROMANCE.finditer(reading.text) if reading.any_of(_ROMANCE_YEARS) else (), "AGE")
    if "verjaardag" in reading.present:
        _mark_birthdays(reading)
    if reading.any_of(_ENGLISH_HINTS) or (reading.language == "en" and reading.any_of(_ENGLISH_TENS)):
        _mark_english(reading)
    if figured:
        _mark_corrected(reading)


def _mark_opened(reading: Reading, text: str) -> None:
    """Mark the ages that one word announces."""
    opened = [(words, pattern) for gate, words, pattern in _OPENED if not gate or reading.any_of(gate)]
    for match in (match for words, pattern in opened for match in matches_at(reading, pattern, words, text)):
        _claim(reading, match)
    for match in matches_at(reading, _PLUS, _PLUS_WORDS, text) if "+" in text else ():
        _claim(reading, match)
    halves = any(map(reading.low.__contains__, _HALVES))
    for match in matches_at(reading, _HALF, _HALF_WORDS, text) if halves else ():
        _claim(reading, match)
    for match in _LENTES.finditer(text) if reading.any_of(_LENTE_WORDS) else ():
        _claim(reading, match)


def _claim(reading: Reading, match: re.Match[str]) -> None:
    """Claim the number of a match as an age, when it is one."""
    for group in range(1, match.re.groups + 1):
        found = match[group]
        if found:
            figures = re.match(r"\d+", found)
            age = int(figures.group()) if figures else spelt(found.partition(" en een half")[0])
            if age or "half" in found:
                reading.claim(*match.span(group), "AGE", band(age or 1))


def _mark_born(reading: Reading, text: str) -> None:
    """Mark years of birth, and people `of` a year; nothing of an age can stay there, since no year is known."""
    for match in matches_at(reading, _BORN, _BORN_WORDS, text):
        index = reading.word_at(match.start())
        before = reading.words[max(0, index - _BUILT_NEAR) : index]
        if reading.words[index] != "bouwjaar" or _BUILT.isdisjoint(before):
            reading.claim(*match.span(match.lastindex or 0), "AGE")
    years = "'" in text or any(len(reading.words[index]) == _YEAR_LENGTH for index in reading.numbered)
    for match in matches_at(reading, _OF_YEAR, _OF_YEAR_WORDS, text) if years else ():
        opener = reading.words[reading.word_at(match.start())]
        short = match.lastindex == 1
        owned = reading.word_at(match.start()) > 0 and reading.words[reading.word_at(match.start()) - 1] in _SELVES
        if (short or opener not in _THINGS_OF_YEAR) and (owned or opener not in _THINGS_OF_YEAR):
            reading.claim(*match.span(match.lastindex or 0), "AGE")


_SELVES: Final = frozenset("ik hij zij ze wij we die man vrouw zoon dochter broer zus moeder vader kind".split())


def _mark_signs(reading: Reading, text: str) -> None:
    """Mark ages beside a letter for a sex or after a sign, and `63 ben ik`."""
    for match in matches_at_figures(reading, _SEX):
        start = match.start()
        listed = match[1] and text[max(0, start - 2) : start] in _LISTED
        if listed or text[max(0, start - 1) : start] in _SEX_OPENS:
            _claim(reading, match)
    for match in _BRACKETED.finditer(text) if "(" in text else ():
        _claim(reading, match)
    if "ish" in reading.low:
        for match in _ISH.finditer(text):
            _claim(reading, match)
    for match in matches_at_figures(reading, _TURNED_ROUND):
        index = reading.word_at(match.start())
        if reading.opens[index] or text[match.start() - 1 : match.start()] in {"'", '"', "("}:
            _claim(reading, match)


def _mark_compounds(reading: Reading) -> None:
    """Mark `zestienjarige`, but for what lasts: `tienjarig bestaan`, `vierjarige opleiding`."""
    for word, indexes in list(reading.where.items()):
        if not word.endswith(("jarige", "jarig", "jarigen")):
            continue
        age = spelt(word.partition("jarig")[0])
        for index in indexes if age else ():
            after = index + 1
            nothing = after >= len(reading.words)
            lasting = not nothing and reading.words[after] in _LASTING
            person = not nothing and bool(reading.flags[after] & (lex.ROLE | lex.FUNCTION))
            if not lasting and (age >= _GROWN or person or nothing):
                reading.claim_words(index, index, "AGE", band(age))


def _mark_english(reading: Reading) -> None:
    """Mark `seven-year-old`, `aged sixty-two`, and in an English text tens before a sign or `and`."""
    for match in _ENGLISH_AGE.finditer(reading.text) if reading.language == "en" else ():
        if not is_tenure(reading.text, *match.span()):
            reading.claim(*match.span(), "AGE", band(_TENS_OF[match[1].lower()]))
    for match in _ENGLISH.finditer(reading.text):
        words = (match[1] or match[2]).lower()
        tens = next((value for start, value in _TENS_OF.items() if words.startswith(start)), 0)
        teen = words.endswith("teen") or words in {"ten", "eleven", "twelve"}
        reading.claim(*match.span(), "AGE", band(tens or (10 if teen else 1)))


def _mark_birthdays(reading: Reading) -> None:
    """Mark `5e verjaardag`, `haar achttiende verjaardag`."""
    for match in _BIRTHDAY.finditer(reading.text):
        reading.claim(*match.span(1), "AGE")


def _mark_corrected(reading: Reading) -> None:
    """Mark the number with which somebody corrects an age: `34, nee 35`."""
    for span in [span for span in reading.spans if span.kind == "AGE"]:
        more = _AND_MONTHS.match(reading.text, span.end)
        if more is not None:
            reading.claim(*more.span(1), "AGE")
        match = _CORRECTED.match(reading.text, span.end)
        if match is not None:
            _claim(reading, match)
