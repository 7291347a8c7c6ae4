# SPDX-License-Identifier: EUPL-1.2
"""Marks exact ages, in figures and in words, and tells them from how long something lasts."""

import re
from collections.abc import Iterable
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading, matches_at

_AGED: Final = re.compile(
    r"([1-9](?<![\w.,/-][1-9])(?:(?<=1)[01]\d|\d)?)(?:\s?(?:-?jarige?n?)(?!\w)|[- "
    r"]?(?:jaar|jaren|jr\.?|years?|yrs?|y/o|yo)(?:[- ](?:oud\w{0,2}|jong|old))?(?!\w)|[- ]year[- ]olds?(?!\w)| "
    r"Jahren?(?: alte?r?)?(?!\w)|[- ]jährige?[rsn]?(?!\w)"
    r"| ans(?!\w)| yaşında\w{0,6}| lat(?:ka)?(?!\w)|-lat\w{0,4}| años(?!\w)| aña(?:nan)?(?!\w)| років| роки| "
    r"рік| лет| سنة| سنوات| عام[اً]{0,2}| أعوام| 岁)",
    re.IGNORECASE,
)
_TENURE_BEFORE: Final = re.compile(
    r"(?:\b(?:al|sinds|ruim|bijna|meer dan|langer dan|afgelopen|laatste|vorige|komende|na|over|voor|binnen|gedurende|"
    r"om de|ouder dan|jonger dan|boven de|onder de|older than|younger than|elke|iedere|ongeveer|zo'n|minstens|minimaal|"
    r"pas|nog|van de|for|since|past|last|over|after|within|seit|nach|vor|depuis|pendant|il y a|od|przez|przed|po|desde|"
    r"hace|durante|вже|понад|протягом|contract van|straf van|(?:is|ben|zijn|was|zit|heeft|heb|werkt|woont) "
    r"(?:hier|daar|er)|garantie|werk|werkt|werkte|woon|woont|wonen|werken|duurt|duurde|wacht|wachten|de eerste|"
    r"ervaring van)\s{1,3}(?:al |er |hier |ik |about |nu |nou |daar |bijna |ruim ){0,2})$",
    re.IGNORECASE,
)
_TENURE_AFTER: Final = re.compile(
    r"\s{0,3}(?:tijd|in dienst|ervaring|werkervaring|lid|lang|geleden|later|eerder|bij|gewerkt|werk|werkt|werkzaam|"
    r"woonachtig|samen|getrouwd|contract|cel|garantie|geen|niet|niks|ago|experience|later|long|married|of "
    r"experience|lang|alt(?!e)|önce|sonra|boyunca|temu|później|після|тому|dat |achter|na elkaar|op "
    r"rij|huur|huurder|wacht|naast|hier|in nederland|in de |met )",
    re.IGNORECASE,
)
_OLD_AFTER: Final = re.compile(r"(?:oud|old|jarig|yaşında|alt|年)", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?:\b(?:ik ben|ben ik|ben|hij is|zij is|ze is|is nu|is pas|is "
    r"net|word|wordt|werd|leeftijd|lft|leeft|aged|age|i'm|i am|he is|she is|he's|she's|j'ai|il a|elle a|ich "
    r"bin|sie ist|er ist|tengo|tiene|mi tin|mam|ma|yaş\w{0,4}|wiek|мені|алет|вік|edad|âge|alter)\b[\s:=]{1,3}"
    r"(?:nu |al |nl |namelijk |pas |net |bijna |only |just |inmiddels |ook |zelf |nog maar |nog "
    r")?)(1[0-1]\d|[1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|km|kg|cm|years|ans\b|lat\b|mensen|"
    r"kinderen|dni|min|pond|collega))",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"(\d(?<=\(\d)\d?)(?=(?: ?(?:jr|jaar|j|jaren|y|m|v|x))?(?:[,/;] ?[^\n()]{0,30})?\))")
_COMMA: Final = re.compile(
    r"(?:\b(?:man|vrouw|jongen|meisje|mevrouw|meneer|dame|heer|moeder|vader|zoon|dochter|kind|cliënt|melder|"
    r"meldster|m|v|mw|dhr|male|female|woman|m/v|beller|leerling)\b(?: van|,)? "
    r"{1,2})([1-9]\d?)(?![\w%:./-]|[.,]\d| ?(?:jaar|keer|dagen|weken|maanden|uur|euro|kinderen|mensen|x|havo|vwo|"
    r"mavo|vmbo|mbo|hbo))",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"([1-9](?<=[^\d\s][,:] [1-9])\d)(?=,)")
_SHORT_AGE: Final = re.compile(r"([1-9](?<![\w.,/-][1-9])\d?) ?(?:j|jr|y|yo|jrs)(?![\w%]|\.\w)")
_YOUNG: Final = re.compile(
    r"\b(?:ik ben|hij is|zij is|ze is|die|dat|is pas|is net|is nu|he is|she is|wordt|"
    r"net) (?:nu |pas |net |al |bijna )?"
    r"([1-9]\d?)(?: is)?(?= (?:en|maar|dus|is|and|but)\b|[.,;!?)](?!\d)|$)",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\b(?:is|ben|was|zijn)\b[^.\n;:0-9]{3,60} en (1[89]|[2-9]\d)(?=[.,;!?\n]|$)"
    r"|\b(?:zus|zusje|broer|broertje|zoon|dochter|moeder|vader|vriendin|vriend|ik) (1[0-9]|[2-9]\d)(?= en |[,.;)\n]|$)"
    r"|\b(?:goeie|dikke|kleine|jaar of|jaartje of) (1[89]|[2-9]\d)(?![\w%€]|[.,:/-]\d| (?:euro|keer|uur|minuten|dagen|"
    r"weken|maanden|mensen|man|stuks))|\b(?:oud|jong|old|young)[.:;] (1[89]|[2-9]\d)(?=[.,;!?\n\"]|$)",
    re.IGNORECASE,
)
_TOLD_IN_ARABIC: Final = re.compile(r"عمر\w{0,3} (\d{1,3})(?!\d)")
_HALF: Final = re.compile(r"(\d(?<=\(\d)\d?)(?= ?(?:1/2|½)\))")
_MEN_OF: Final = re.compile(
    r"\b(?:mannen|vrouwen|mensen|spelers|iemand|jongens|meisjes|ouderen) van ([1-9]\d)(?![\w%€+]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|dagen|weken|maanden|uur|tot|plus))",
    re.IGNORECASE,
)
_ORDINAL_AGE: Final = re.compile(
    r"\b(?:sinds|vanaf|voor|op|tot|na) (?:mijn|mn|m'n|zijn|haar|z'n|hun) (?:(\d{1,2})(?:e|"
    r"ste)|(\w{0,10}(?:twintigste|dertigste|"
    r"veertigste|vijftigste|zestigste|zeventigste|tachtigste|negentigste|tiende|elfde|twaalfde|dertiende|veertiende|"
    r"vijftiende|zestiende|zeventiende|achttiende|negentiende)))(?!\w)",
    re.IGNORECASE,
)
_AFTER_PERSON: Final = re.compile(
    r"[ ,(]{1,4}(?:is |nu |van )?([1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|mensen|km|kg|januari|februari|maart|april|mei|"
    r"juni|juli|augustus|september|oktober|november|december))"
)
_BORN_AFTER: Final = re.compile(r"[ ,(]{1,2}(?:van )?('\d\d)(?![\w-]|[.,:/]\d)")
"""`Noor '03`: a year of birth after a name."""
_LATER: Final = re.compile(r",(?: [^\W\d_]{2,20}){1,4}, ([1-9]\d)(?=[,;)\n]|\.\s|$)")
"""`Bakker, kok van beroep, 61`."""
_RELATED: Final = re.compile(
    r"\b(?:man|vrouw|zoon|zoontje|dochter|dochtertje|kind|kleinkind|kleinzoon|kleindochter|moeder|vader|oma|"
    r"opa|broer|broertje|zus|zusje|neef|nicht|neefje|nichtje|vriend|vriendin|jongen|meisje|meid|dame|heer|"
    r"leerling|collega|peuter|wife|husband|son|daughter|mother|father|brother|sister|boy|girl)"
    r"(?:,? [^\W\d_]{2,20}){0,2},? (?:van|is|was|of|die) (?:nu |pas |bijna |net |al |inmiddels "
    r")?([1-9]\d?)(?![\w%€]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|kinderen|mensen|km|kg|cm|years|havo|vwo|"
    r"mavo|vmbo|mbo|hbo|gymnasium))",
    re.IGNORECASE,
)
_TURNING: Final = re.compile(
    r"\b(?:word|wordt|werd|turn|turned|turning) (?:in \w{3,9} |volgende? (?:maand|week|jaar) |binnenkort "
    r"|straks |bijna |morgen )?([1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent))|\b(?:jonger|ouder|leeftijd|lft|age|"
    r"younger|older)[:=(] ?([1-9]\d)(?!\w|[.,:/-]\d)",
    re.IGNORECASE,
)
_TENS: Final = {
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
}
_ONES: Final = {
    "een": 1,
    "één": 1,
    "twee": 2,
    "drie": 3,
    "vier": 4,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "acht": 8,
    "negen": 9,
}
_SMALL: Final = {
    "tien": 10,
    "elf": 11,
    "twaalf": 12,
    "dertien": 13,
    "veertien": 14,
    "vijftien": 15,
    "zestien": 16,
    "zeventien": 17,
    "achttien": 18,
    "negentien": 19,
}
LARGE_WORDS: Final = frozenset(
    [*(one + joint + ten for one in _ONES for ten in _TENS for joint in ("en", "ën")), *_TENS, *_SMALL]
)
NUMBER_WORDS: Final = LARGE_WORDS | frozenset(_ONES)
"""Words of which an age in Dutch words is made."""
_AGE_WORD: Final = (
    "("
    + "|".join([*(f"{one}[ -]?(?:en|ën)[ -]?{ten}" for one in _ONES for ten in _TENS), *_TENS, *_SMALL, *_ONES])
    + ")(?: en een half)?"
)
_ADULT_WORD: Final = (
    "("
    + "|".join([*(f"{one}[ -]?(?:en|ën)[ -]?{ten}" for one in _ONES for ten in _TENS), *_TENS, *list(_SMALL)[1:]])
    + ")(?: en een half)?"
)
_SET_APART: Final = re.compile(
    r"(?<!tien, )(?<!tig, )(?<=, )" + _ADULT_WORD + r"(?=\s*(?:[,.;)/]|\n|$)(?! (?:twintig|dertig|veertig|vijftig)))|"
    r"(?<=[^\W\d_] \()" + _AGE_WORD + r"(?=\))|"
    r"\b(?:met|op mijn|op z'n|op haar) " + _ADULT_WORD + r"(?= (?:weg|met pensioen|te oud|te jong|stoppen|ben je))|"
    r"\b(?:en|en ben|ik ben|ben ik) (?:al |pas |nu )?" + _ADULT_WORD + r"(?= ?(?:[.,;!?)\n]|$| en | maar | dus ))",
    re.IGNORECASE,
)
"""Ages in words between commas, in brackets, or where one leaves with them."""
_CHILDREN: Final = re.compile(
    r"\b([A-Z][\w'-]{1,20}),? (\d{1,2})(?:, | en | and | & )([A-Z][\w'-]{1,20}),? (\d{1,2})"
    r"(?:(?:, | en | and | & )([A-Z][\w'-]{1,20}),? (\d{1,2}))?(?![\w:/-]|[.,]\d)"
)
_FAMILY: Final = frozenset(
    "kind kinderen kids knd zoon zoons zonen dochter dochters children sons daughters gezin kleinkind "
    "kleinkinderen".split()
)
_FAMILY_NEAR: Final = re.compile(
    r"\b(?:kind\w*|knd|zoons?|zonen|dochters?|kids|children|sons|daughters|gezin|kleinkind\w*)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
_SPELT_AGED: Final = re.compile(r"(?<!\w)" + _AGE_WORD + r"[ -]?(?:jaar(?: oud)?|jarige?)(?!\w)", re.IGNORECASE)
_SPELT_BARE: Final = re.compile(
    r"\b(?:ik ben|ben|hij is|zij is|ze is|is "
    r"nu|leeftijd|word|wordt|(?:zoon|dochter|zoontje|dochtertje|kind|moeder|vader|oma|opa|broer|zus|zusje|"
    r"broertje|jongen|meisje|man|vrouw)(?: \w{2,20}){0,2} (?:is|van))[ :]{1,2}(?:nu |al |pas |net |bijna )?"
    + _AGE_WORD
    + r"(?= ?(?:[.,;!?)\n]|$| en | maar | dus | is | die | met |komma|punt))",
    re.IGNORECASE,
)
_BARE_OPENERS: Final = frozenset(
    "ik ben hij zij ze is leeftijd word wordt zoon dochter zoontje dochtertje kind moeder vader oma opa "
    "broer zus zusje "
    "broertje jongen meisje man vrouw".split()
)
_APART_OPENERS: Final = NUMBER_WORDS | {"met", "op", "en", "ik", "ben"}
_LAW_AGE: Final = re.compile(r"(?:plus|\+|plusser)", re.IGNORECASE)
_AGE_WORDS: Final = frozenset({"jaar", "jarige", "jarig", "leeftijd", "ben", "is", "word", "wordt"})
_OLDEST_CHILD: Final = 25
_ORDINALS: Final = ("tigste", "iende", "lfde", *(f"{figure}{end}" for figure in range(10) for end in ("e", "ste")))
_OWNERS: Final = frozenset("mijn mn m'n zijn haar z'n hun".split())
_OF_AGE: Final = frozenset("sinds vanaf voor op tot na".split())


def mark_ages(reading: Reading) -> None:
    """Mark exact ages; what stays is the ten years they fall in."""
    if reading.figured():
        _mark_ages(reading)
    if reading.any_of(_OWNERS) and any(map(reading.low.__contains__, _ORDINALS)):
        for match in matches_at(reading, _ORDINAL_AGE, _OF_AGE):
            reading.claim(*match.span(1 if match[1] else 2), "AGE")
    if reading.any_of(NUMBER_WORDS):
        if reading.any_of(_AGE_WORDS):
            _mark_spelt_ages(reading)
        if reading.any_of(LARGE_WORDS) or "(" in reading.text:
            _mark_set_apart(reading)


def _mark_set_apart(reading: Reading) -> None:
    """Mark ages in words between commas, in brackets, or with which one leaves."""
    for match in matches_at(reading, _SET_APART, _APART_OPENERS):
        group = match.lastindex or 1
        reading.claim(match.start(group), max(match.end(), match.end(group)), "AGE", band(spelt(match[group])))


def mark_children(reading: Reading) -> None:
    """Mark a list of children with their ages, before a name with a number is taken for an address."""
    for match in _CHILDREN.finditer(reading.text) if reading.any_of(_FAMILY) else ():
        before = reading.text[max(0, match.start() - 40) : match.start()]
        ages = [int(age) for age in (match[2], match[4], match[6]) if age]
        if max(ages) <= _OLDEST_CHILD and _FAMILY_NEAR.search(before):
            for name, age in ((1, 2), (3, 4), (5, 6)):
                if match[name]:
                    reading.claim(*match.span(name), "PERSON")
                    reading.claim(*match.span(age), "AGE", band(int(match[age])))


def band(age: int) -> str:
    """The ten-year band an age falls in.

    >>> band(34)
    '30-39'
    """
    if age >= 90:
        return "90+"
    low = age // 10 * 10
    return f"{low}-{low + 9}"


_LIKE_FIGURES: Final = re.compile(r"(?<![\w.,-])(?:[lI]\d|\d[lIoO])(?!\w)")
_FIGURES: Final = str.maketrans("lIoO", "1100")


def seen(reading: Reading) -> str:
    """The text with letters that scans take for figures put right in two-figure numbers: `l5`, `6O`."""
    if not any(len(word) == 2 and not word.isalpha() and not word.isdigit() for word in reading.present):
        return reading.text
    return _LIKE_FIGURES.sub(lambda match: match.group().translate(_FIGURES), reading.text)


def spelt(words: str) -> int:
    """The age in Dutch words, or 0 when they are none.

    >>> spelt("zevenentwintig"), spelt("winkel")
    (27, 0)
    """
    found = words.lower().replace(" ", "").replace("-", "")
    for table in (_TENS, _SMALL, _ONES):
        if found in table:
            return table[found]
    tens = next((value for name, value in _TENS.items() if found.endswith(name)), 0)
    return tens and tens + next((value for name, value in _ONES.items() if found.startswith(name)), 0)


_RANGED: Final = re.compile(
    r"(?:\btussen (?:de )?\d{1,2} en|(?<![\d/.,-])\d{1,2} ?(?:tot|t/m|-|–|to)) ?$", re.IGNORECASE
)
"""Before the second of two ages: a band, which may stay."""


def is_tenure(text: str, start: int, end: int) -> bool:
    """Whether a number of years is how long, not how old."""
    if _OLD_AFTER.search(text[start:end]):
        return False
    if _LAW_AGE.match(text, end):
        return True
    return (
        _TENURE_BEFORE.search(text[max(0, start - 24) : start]) is not None
        or _TENURE_AFTER.match(text, end) is not None
    )


def _mark_ages(reading: Reading) -> None:
    text = seen(reading)
    for match in _AGED.finditer(text):
        if (
            not is_tenure(text, *match.span())
            and _RANGED.search(text, max(0, match.start() - 18), match.start()) is None
        ):
            reading.claim(*match.span(), "AGE", band(int(match[1])))
    if any(len(reading.words[index]) < 4 for index in reading.figured()) and len(reading.numbered) < len(reading.words):
        _mark_told(reading, text)


def _mark_told(reading: Reading, text: str) -> None:
    """Mark the ages that only the words and signs around them give away."""
    for words, pattern in _BY_CONTEXT:
        _mark_by_context(reading, matches_at(reading, pattern, words, text), text)
    if reading.language == "ar":
        _mark_by_context(reading, _TOLD_IN_ARABIC.finditer(text), text)
    if "yaş" in reading.low:
        _mark_by_context(reading, _BARE.finditer(text), text)
    for sign, pattern in ((" ", _SHORT_AGE), ("(", _HALF), ("(", _BRACKETED), (",", _NAMED)):
        if sign in text:
            _mark_by_context(reading, pattern.finditer(text), text)


_BY_CONTEXT: Final[tuple[tuple[frozenset[str], re.Pattern[str]], ...]] = (
    (
        frozenset(
            "is ben was zijn zus zusje broer broertje zoon dochter moeder vader vriendin vriend ik goeie dikke "
            "kleine jaar "
            "jaartje oud jong old young".split()
        ),
        _TOLD,
    ),
    (frozenset("mannen vrouwen mensen spelers iemand jongens meisjes ouderen".split()), _MEN_OF),
    (frozenset("ik hij zij ze die dat is he she wordt net".split()), _YOUNG),
    (
        frozenset(
            "ik ben hij zij ze is word wordt werd leeftijd lft leeft aged age i'm i he she he's she's j'ai il elle ich "
            "sie er tengo tiene mi mam ma wiek мені алет вік edad âge alter".split()
        ),
        _BARE,
    ),
    (frozenset("word wordt werd turn turned turning jonger ouder leeftijd lft age younger older".split()), _TURNING),
    (
        frozenset(
            "man vrouw zoon zoontje dochter dochtertje kind kleinkind kleinzoon kleindochter moeder vader oma "
            "opa broer "
            "broertje zus zusje neef nicht neefje nichtje vriend vriendin jongen meisje meid dame heer leerling "
            "collega "
            "peuter wife husband son daughter mother father brother sister boy girl".split()
        ),
        _RELATED,
    ),
    (
        frozenset(
            "man vrouw jongen meisje mevrouw meneer dame heer moeder vader zoon dochter kind cliënt melder "
            "meldster m v mw "
            "dhr male female woman beller leerling".split()
        ),
        _COMMA,
    ),
)
"""Words that open a pattern of ages, with the pattern."""


def _mark_by_context(reading: Reading, matches: Iterable[re.Match[str]], text: str) -> None:
    """Mark numbers that what stands around them makes an age."""
    for match in matches:
        group = match.lastindex or 1
        tenure = match.re is _SHORT_AGE and is_tenure(text, *match.span())
        if not tenure and not _LAW_AGE.match(text, match.end(group)):
            reading.claim(*match.span(group), "AGE", band(int(match[group])))


def _mark_spelt_ages(reading: Reading) -> None:
    for words, pattern, group in ((NUMBER_WORDS, _SPELT_AGED, 0), (_BARE_OPENERS, _SPELT_BARE, 1)):
        for match in matches_at(reading, pattern, words):
            about = match[1].lower() == "een" and reading.low.startswith(" of ", match.end())
            if not about and not is_tenure(reading.text, match.start(), match.end()):
                reading.claim(*match.span(group), "AGE", band(spelt(match[1])))


def mark_ages_of_named(reading: Reading) -> None:
    """Mark the age right after a found name: `Toos 79 durft niet`, `Toos (79)`; and the "
    "name before an age in brackets.
    """
    for span in list(reading.spans):
        if span.kind == "AGE" and reading.text[span.start - 1 : span.start] == "(":
            _name_before_age(reading, reading.word_at(span.start) - 1)
    for span in list(reading.spans):
        if span.kind == "PERSON":
            match = _AFTER_PERSON.match(reading.text, span.end) or _LATER.match(reading.text, span.end)
            if match is not None:
                reading.claim(*match.span(1), "AGE", band(int(match[1])))
            born = _BORN_AFTER.match(reading.text, span.end)
            if born is not None:
                reading.claim(*born.span(1), "AGE")


def _name_before_age(reading: Reading, index: int) -> None:
    """Mark a word right before an age in brackets, unless it says what the person is: "
    "`Bloem (16)`, not `moeder (82)`.
    """
    if index < 0 or reading.taken[index] or reading.gap(index + 1) != " (" or reading.kept[index] == 3:
        return
    flag = reading.flags[index]
    is_kind = flag & (lex.ROLE | lex.FUNCTION | lex.VERB | lex.TITLE | lex.HEAD | lex.GENERIC | lex.LABEL)
    capital = reading.cases[index] and (not reading.kept[index] or flag & lex.FIRST)
    if not is_kind and len(reading.words[index]) > 1 and (capital or flag & lex.NAME or not flag):
        reading.claim_words(index, index, "PERSON")
