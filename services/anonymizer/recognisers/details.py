# SPDX-License-Identifier: EUPL-1.2
"""Marks what singles a person out without a name: exact ages, functions only one person holds, exact spots."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading

_AGED: Final = re.compile(
    r"(?<![\w.,/-])(1[0-1]\d|[1-9]\d|[1-9])(?:\s?(?:-?jarige?n?)(?!\w)|[- "
    r"]?(?:jaar|jaren|jr\.?|years?|yrs?|y/o|yo)(?:[- ](?:oud\w{0,2}|jong|old))?(?!\w)|[- ]year[- ]olds?(?!\w)| "
    r"Jahren?(?: alte?r?)?(?!\w)|[- ]jährige?[rsn]?(?!\w)"
    r"| ans(?!\w)| yaşında\w{0,6}| lat(?:ka)?(?!\w)|-lat\w{0,4}| años(?!\w)| aña(?:nan)?(?!\w)| років| роки| "
    r"рік| лет| سنة| عام[اً]{0,2}| 岁)",
    re.IGNORECASE,
)
_TENURE_BEFORE: Final = re.compile(
    r"(?:\b(?:al|sinds|ruim|bijna|meer dan|langer "
    r"dan|afgelopen|laatste|vorige|komende|na|over|voor|binnen|gedurende|om "
    r"de|elke|iedere|ongeveer|zo'n|minstens|minimaal|pas|nog|van de|for|since|past|last|over|after|within|"
    r"seit|nach|vor|depuis|pendant|il y a|od|przez|przed|po|desde|hace|durante|вже|понад|протягом|contract "
    r"van|straf van|garantie|werk|werkt|werkte|woon|woont|wonen|werken|duurt|duurde|wacht|wachten|de "
    r"eerste|ervaring van)\s{1,3}(?:al |er |hier |ik |about |nu |nou |daar |bijna |ruim )?)$",
    re.IGNORECASE,
)
_TENURE_AFTER: Final = re.compile(
    r"\s{0,3}(?:in dienst|ervaring|werkervaring|lid|lang|geleden|later|eerder|bij|gewerkt|werk|werkt|werkzaam|"
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
    r"(?:nu |al |pas |net |bijna |only |just |inmiddels |ook |zelf |nog maar |nog "
    r")?)(1[0-1]\d|[1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|km|kg|cm|years|ans\b|lat\b|mensen|"
    r"kinderen|dni|min|pond|collega))",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"(?<=\()(\d{1,2})(?=(?: ?(?:jr|jaar|j|jaren|y|m|v|x))?(?:[,/;] ?[^\n()]{0,30})?\))")
_COMMA: Final = re.compile(
    r"(?:\b(?:man|vrouw|jongen|meisje|mevrouw|meneer|dame|heer|moeder|vader|zoon|dochter|kind|cliënt|melder|"
    r"meldster|m|v|mw|dhr|male|female|woman|m/v|beller|leerling)\b(?: van|,)? "
    r"{1,2})([1-9]\d?)(?![\w%:./-]|[.,]\d| ?(?:jaar|keer|dagen|weken|maanden|uur|euro|kinderen|mensen|x))",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?<=[^\d\s][,:] )([1-9]\d)(?=,)")
_AFTER_PERSON: Final = re.compile(
    r"[ ,(]{1,2}(?:is |nu |van )?([1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|mensen|km|kg|januari|februari|maart|april|mei|"
    r"juni|juli|augustus|september|oktober|november|december))"
)
_RELATED: Final = re.compile(
    r"\b(?:man|vrouw|zoon|zoontje|dochter|dochtertje|kind|kleinkind|kleinzoon|kleindochter|moeder|vader|oma|"
    r"opa|broer|broertje|zus|zusje|neef|nicht|neefje|nichtje|vriend|vriendin|jongen|meisje|meid|dame|heer|"
    r"leerling|collega|peuter|wife|husband|son|daughter|mother|father|brother|sister|boy|girl)"
    r"(?: [^\W\d_]{2,20}){0,2} (?:van|is|was|of) (?:nu |pas |bijna |net |al |inmiddels "
    r")?([1-9]\d?)(?![\w%€]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|kinderen|mensen|km|kg|cm|years))",
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
_AGE_WORD: Final = (
    "(" + "|".join([*(f"{one}(?:en|ën) ?{ten}" for one in _ONES for ten in _TENS), *_TENS, *_SMALL, *_ONES]) + ")"
)
_SPELT_AGED: Final = re.compile(r"(?<!\w)" + _AGE_WORD + r"[ -]?(?:jaar(?: oud)?|jarige?)(?!\w)", re.IGNORECASE)
_SPELT_BARE: Final = re.compile(
    r"\b(?:ik ben|ben|hij is|zij is|ze is|is "
    r"nu|leeftijd|word|wordt|(?:zoon|dochter|zoontje|dochtertje|kind|moeder|vader|oma|opa|broer|zus|zusje|"
    r"broertje)(?: \w{2,20}){0,2} is)[ :]{1,2}(?:nu |al |pas |net |bijna )?"
    + _AGE_WORD
    + r"(?= ?(?:[.,;!?)\n]|$| en | maar | dus ))",
    re.IGNORECASE,
)
_LAW_AGE: Final = re.compile(r"(?:plus|\+|plusser)", re.IGNORECASE)

_ONLY: Final = re.compile(
    r"\b(?:(?:de|het|als|hun|onze|mijn|ben) (?:enigste|enige|allereerste|eerste "
    r"(?=vrouwelijke|zwarte|mannelijke|moslim|gekleurde|donkere|vrouw|transgender|niet|turkse|marokkaanse|dove|"
    r"blinde|surinaamse))|(?:the|as the) only|(?:der|die|das|als) einzige[rsn]?|(?:le|la) seule?|(?:el|la) "
    r"únic[oa]|jedyn[aąy]\w{0,3}|tek(?= \w+ (?:ben|kişi)| kadın| siyahi| başörtülü| türk)|єдин\w{1,3}|e úniko) ",
    re.IGNORECASE,
)
_ONLY_GUARD: Final = frozenset(
    (
        "reden manier oplossing keer vraag optie kans mogelijkheid moment dag plek plaats antwoord verschil "
        "probleem doel wens ding wat die dat ik oorzaak bewijs troost weg uitleg verklaring reactie fout conclusie "
        "reason way thing time one problem solution grund raison razón powód"
    ).split()
)
_HOLDERS: Final = (
    "voorzitter secretaris penningmeester directeur directrice rector conrector conciërge concierge koster "
    "huismeester wethouder burgemeester schooldirecteur teamleider afdelingshoofd afdelingsleider "
    "bedrijfsleider filiaalleider filiaalmanager locatiemanager "
    "vestigingsmanager zorgmanager coördinator hoofd intern dirigent imam dominee pastoor voorganger "
    "badmeester beheerder hoofdtrainer jeugdcoördinator clubarts decaan zorgcoördinator gymleraar gymjuf "
    "gymdocent muziekdocent wiskundeleraar muziekleraar "
    "conducteur wijkagent schooltandarts bestuurslid hoofdverpleegkundige afdelingsmanager ploegleider"
).split()
_HOLDER: Final = re.compile(
    r"\b(?:de|onze|als|het|hun|is|was|ben|nieuwe|oud-|vrouwelijke|mannelijke) (?:"
    + "|".join(_HOLDERS)
    + r") (?:van|bij|in|op) (?:de |het |onze |ons |deze |dit )?(?=\w)",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(
    r"[.,;:!?\n()\"]| (?:en|maar|want|dus|omdat|die|dat|toen|heeft|had|is|was|zei|zegt|krijg|krijgt|kreeg|word|"
    r"wordt|werd|vind|vindt|mag|mocht|kan|moet|wil|wilde|weigerde|noemde|noemt|and|but|because|who|said|und|"
    r"aber|weil|et|mais|ve|ama|i|ale|y|pero) "
)
_CLAUSE: Final = 90

_TIME: Final = (
    r"(?:(?:om|rond|omstreeks|tegen|vanaf|van|kwart over|kwart "
    r"voor|half|at|um|à|saat|o)\s)?(?:[01]?\d|2[0-4])(?:[:.u]\s?[0-5]\d)(?: "
    r"?(?:uur|u|h|am|pm|Uhr))?|(?:om|rond|omstreeks|at|um|saat)\s(?:[01]?\d|2[0-4]) "
    r"?(?:uur|u\b|am|pm|Uhr|h\b)|(?:rond|om)\s(?:half|kwart (?:over|voor)) \w{3,8}"
)
_VEHICLE: Final = (
    r"(?:(?:de |het )?(?:bus|tram|lijn|metro|buslijn|tramlijn|nachtbus|trein|randstadrail|"
    r"sprinter|intercity|line|linie|ligne|hat|autobus)(?: ?(?:lijn|nr\.?|nummer|line|linie))? "
    r"?[A-Z]?\d{1,4}|(?:de )?(?:sprinter|intercity|trein|bus|tram) van(?= [01]?\d[:.u]| 2[0-4][:.u]))"
)
_LINE_TIME: Final = re.compile(
    r"\b"
    + _VEHICLE
    + r"(?:[ ,](?!\n)[^\n.;!?]{0,30}?)?(?:[ ,(]{1,3})(?:"
    + _TIME
    + r")(?: (?:richting|naar|bij|vanaf|ter hoogte van) (?:de |het )?(?:halte |station "
    r")?(?-i:[A-Z])[\w'-]{1,30}(?: (?-i:[A-Z])[\w'-]{1,30}){0,2})?",
    re.IGNORECASE,
)
_LINE_STOP: Final = re.compile(
    r"\b" + _VEHICLE + r"[ ,](?:[^\n.;!?,]{0,24}?)(?:bij |op |aan |vanaf |naar |richting |at )?(?:de |het "
    r")?(?:bus|tram|metro)?(?:halte|haltes|station|stop|perron)s? (?:[A-Z][\w'-]{1,30}(?:[ "
    r"-](?:[A-Z][\w'-]{1,30}|van|de)){0,3}|[a-z]\w{2,20})",
    re.IGNORECASE,
)
_STOP_NAMED: Final = re.compile(
    r"\b(?:bus|tram|metro)?(?:halte|opstapplaats) (?!waar|toen|en\b|om\b|van "
    r"de\b|in\b|is\b|stond|stonden|omdat|zei|met|zonder|te\b|stop|werd|waren|was\b|"
    r"bij\b)[A-Za-z][\w'-]{2,30}(?:[ -](?:[A-Z][\w'-]{1,30})){0,3}(?:,? (?:" + _TIME + r"))?",
    re.IGNORECASE,
)
_SPOT: Final = re.compile(
    r"\b(?:(?:bij|op|achter|naast|tegenover|voor|onder|in|aan|tussen|langs) )(?:de|het|die|dat|deze|een) "
    r"(?:\w+ )?(?:bankje|bankjes|glijbaan|schommel|schommels|speeltuintje|fietsenstalling|fietsenrek|"
    r"fietstunnel|tunneltje|tunnel|viaduct|bruggetje|rotonde|zebrapad|kruising|pinautomaat|geldautomaat|"
    r"trapveldje|voetbalkooi|"
    r"skatebaan|skatepark|hondenuitlaatplek|vijver|fontein|containers?|ondergrondse|glasbak|hek|poortje|"
    r"parkeerplaats|parkeergarage|trap|trappenhuis|lift|ingang|zijingang|uitgang|kassa|zelfscankassa|galerij|"
    r"pad|paadje|jeu de boules\w*|kooi|muurtje|standbeeld|hoek|bushokje|abri|pannakooi|voetbalveldje|"
    r"basketbalveldje|snackbar|winkel|supermarkt|bakker|kapper|moskee|kerk|flat|school|bushalte|sporthal|"
    r"gymzaal|buurthuis|bieb|bibliotheek|speeltuin)"
    r" (?:achter|naast|bij|van|voor|tegenover|tussen|onder|in|aan|op|langs) (?:de |het |mijn |ons |onze "
    r")?(?:\w[\w'-]{1,30})(?: (?:(?-i:[A-Z])[\w'-]{1,30}|van de \w{3,30})){0,2}",
    re.IGNORECASE,
)
_TIMED_SPOT: Final = re.compile(
    r"(?:(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:avond|middag|ochtend|nacht)? )?(?:"
    + _TIME
    + r"),? )(?:bij|op|achter|naast|tegenover|voor|onder|in|aan|langs) (?:de |het )?(?:\w{3,30})(?: "
    r"(?-i:[A-Z])[\w'-]{1,30}){0,2}",
    re.IGNORECASE,
)
_FLOOR: Final = re.compile(
    r"\b(?:op )?(?:de )?(?:\d{1,2}(?:e|de|ste)|begane|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|"
    r"negende|tiende|elfde|twaalfde) (?:verdieping|etage|woonlaag)(?: van (?:de |het )?(?:\w[\w'-]{1,30}))",
    re.IGNORECASE,
)
_SPOT_WORDS: Final = frozenset(
    "bankje bankjes glijbaan schommel schommels speeltuintje fietsenstalling fietsenrek fietstunnel tunneltje "
    "tunnel viaduct bruggetje rotonde zebrapad kruising pinautomaat geldautomaat trapveldje voetbalkooi "
    "skatebaan skatepark vijver fontein container containers "
    "glasbak hek poortje parkeerplaats parkeergarage trap trappenhuis lift ingang zijingang uitgang kassa "
    "zelfscankassa galerij pad paadje kooi muurtje standbeeld hoek bushokje abri pannakooi voetbalveldje "
    "basketbalveldje snackbar winkel supermarkt bakker kapper moskee kerk flat school bushalte sporthal "
    "gymzaal buurthuis bieb bibliotheek speeltuin".split()
)
_RIDES: Final = frozenset(
    (
        "bus tram lijn metro buslijn tramlijn nachtbus trein randstadrail sprinter intercity line linie ligne hat "
        "autobus halte haltes bushalte tramhalte metrohalte opstapplaats station"
    ).split()
)


def mark_details(reading: Reading) -> None:
    """Mark exact ages, unique functions and exact spots."""
    text = reading.text
    digits = any(map(text.__contains__, "0123456789"))
    if digits:
        _mark_ages(reading)
    if not reading.present.isdisjoint(_AGE_WORDS):
        _mark_spelt_ages(reading)
    if digits and _CLOCK.search(text):
        for match in _TIMED_SPOT.finditer(text):
            _claim_timed(reading, match)
    _mark_spots(reading)
    _mark_functions(reading)


_SPOTS: Final = (
    (_RIDES, (_LINE_TIME, _LINE_STOP, _STOP_NAMED)),
    (_SPOT_WORDS, (_SPOT,)),
    (frozenset({"verdieping", "etage"}), (_FLOOR,)),
)
"""Words that must be there before the patterns beside them are tried."""
_CLOCK: Final = re.compile(r"\d ?[:.u] ?[0-5]\d|\d ?(?:uur|u|am|pm|Uhr|h)\b|\bhalf\b|\bkwart\b", re.IGNORECASE)
_ONLY_WORDS: Final = frozenset(
    (
        "enige enigste allereerste eerste only einzige einziger einzigen einziges seul "
        "seule único única jedyny jedyna jedynym jedyną tek єдиний єдина úniko"
    ).split()
)
_YEARS: Final = re.compile(r"ja|jr|yea|yrs|y/o|yo\b|Jahr|jähr| ans\b|lat|yaş|añ|рок|рік|лет|سنة|عام|岁")
_AGE_WORDS: Final = frozenset({"jaar", "jarige", "jarig", "leeftijd", "ben", "is", "word", "wordt"})


def band(age: int) -> str:
    """The ten-year band an age falls in.

    >>> band(34)
    '30-39'
    """
    if age >= 90:
        return "90+"
    low = age // 10 * 10
    return f"{low}-{low + 9}"


def _spelt(words: str) -> int:
    found = words.lower().replace(" ", "")
    for table in (_TENS, _SMALL, _ONES):
        if found in table:
            return table[found]
    tens = next((value for name, value in _TENS.items() if found.endswith(name)), 0)
    return tens + next((value for name, value in _ONES.items() if found.startswith(name)), 0)


def _is_tenure(text: str, start: int, end: int) -> bool:
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
    text = reading.text
    if _YEARS.search(text):
        for match in _AGED.finditer(text):
            if not _is_tenure(text, *match.span()):
                reading.claim(*match.span(), "AGE", band(int(match[1])))
    if any(len(word) < 4 and word.isdigit() for word in reading.present):
        for pattern in (_BARE, _TURNING, _RELATED, _COMMA, _BRACKETED, _NAMED):
            for match in pattern.finditer(text):
                group = match.lastindex or 1
                if not _LAW_AGE.match(text, match.end(group)):
                    reading.claim(*match.span(group), "AGE", band(int(match[group])))


def _mark_spelt_ages(reading: Reading) -> None:
    for pattern, group in ((_SPELT_AGED, 0), (_SPELT_BARE, 1)):
        for match in pattern.finditer(reading.text):
            if not _is_tenure(reading.text, match.start(), match.end()):
                reading.claim(*match.span(group), "AGE", band(_spelt(match[1])))


def _mark_spots(reading: Reading) -> None:
    for words, patterns in _SPOTS:
        if not reading.present.isdisjoint(words):
            for pattern in patterns:
                for match in pattern.finditer(reading.text):
                    _claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def mark_ages_of_named(reading: Reading) -> None:
    """Mark the age right after a found name: `Toos 79 durft niet`, `Toos (79)`."""
    for span in list(reading.spans):
        if span.kind == "PERSON":
            match = _AFTER_PERSON.match(reading.text, span.end)
            if match is not None:
                reading.claim(*match.span(1), "AGE", band(int(match[1])))


def _claim_timed(reading: Reading, match: re.Match[str]) -> None:
    """Claim a time with a place, unless the place is a kind of which there are many."""
    index = reading.word_at(match.end() - 1)
    if index < len(reading.words) and not reading.kept[index] and not reading.flags[index] & lex.FREQ:
        _claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _mark_functions(reading: Reading) -> None:
    """Mark `de enige ... van ...`, and holders of a function of which a place has one."""
    text = reading.text
    if not reading.present.isdisjoint(_ONLY_WORDS):
        for match in _ONLY.finditer(text):
            following = reading.word_at(match.end())
            after = reading.words[following : following + 2]
            if after and not _ONLY_GUARD.intersection(after):
                _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")
    if not reading.present.isdisjoint(_HOLDERS):
        for match in _HOLDER.finditer(text):
            _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")


def _clause_end(text: str, start: int) -> int:
    """Where the clause that goes on at `start` ends."""
    match = _CLAUSE_END.search(text, start, start + _CLAUSE)
    if match is not None:
        return match.start()
    end = min(len(text), start + _CLAUSE)
    while end > start and end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end -= 1
    return end


def _claim_parts(reading: Reading, start: int, end: int, kind: str) -> None:
    """Claim what is still free of a stretch, word by word run, leaving what other rules took and what must be kept."""
    first = run = reading.word_at(start)
    last = min(reading.word_at(end - 1), len(reading.words) - 1)
    for index in range(first, last + 2):
        if index <= last and not _stays(reading, index, kind):
            continue
        if any(not reading.flags[at] & lex.FUNCTION for at in range(run, index)):
            reading.claim(max(start, reading.starts[run]), reading.ends[index - 1], kind)
        run = index + 1


def _stays(reading: Reading, index: int, kind: str) -> bool:
    """Whether a word inside a generalised stretch is left as it is."""
    ground = reading.kept[index] == 1 and bool(reading.flags[index] & lex.KEEP)
    return bool(reading.taken[index]) or (ground and kind == "JOB_UNIQUE")
