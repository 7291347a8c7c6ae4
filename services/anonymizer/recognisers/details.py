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
    r"рік| лет| سنة| سنوات| عام[اً]{0,2}| أعوام| 岁)",
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
_SHORT_AGE: Final = re.compile(r"(?<![\w.,/-])([1-9]\d?) ?(?:j|jr|y|yo|jrs)(?![\w%]|\.\w)")
_YOUNG: Final = re.compile(
    r"\b(?:ik ben|hij is|zij is|ze is|die|dat|is pas|is net|is nu|is|he is|she is|wordt|net) (?:nu |pas |net |al |bijna )?"
    r"([1-9]\d?)(?: is)?(?= (?:en|maar|dus|is|and|but)\b|[.,;!?)](?!\d)|$)",
    re.IGNORECASE,
)
_HALF: Final = re.compile(r"(?<=\()(\d{1,2})(?= ?(?:1/2|½)\))")
_MEN_OF: Final = re.compile(
    r"\b(?:mannen|vrouwen|mensen|spelers|iemand|jongens|meisjes|ouderen) van ([1-9]\d)(?![\w%€+]|[.,:/-]\d| "
    r"?(?:jaar|euro|keer|dagen|weken|maanden|uur|tot|plus))",
    re.IGNORECASE,
)
_ORDINAL_AGE: Final = re.compile(
    r"\b(?:sinds|vanaf|voor|op|tot|na) (?:mijn|mn|m'n|zijn|haar|z'n|hun) (?:(\d{1,2})(?:e|ste)|(\w{0,10}(?:twintigste|dertigste|"
    r"veertigste|vijftigste|zestigste|zeventigste|tachtigste|negentigste|tiende|elfde|twaalfde|dertiende|veertiende|"
    r"vijftiende|zestiende|zeventiende|achttiende|negentiende)))(?!\w)",
    re.IGNORECASE,
)
_AFTER_PERSON: Final = re.compile(
    r"[ ,(]{1,2}(?:is |nu |van )?([1-9]\d)(?![\w%€]|[.,:/-]\d| "
    r"?(?:euro|keer|x\b|dagen|weken|maanden|uur|minuten|procent|mensen|km|kg|januari|februari|maart|april|mei|"
    r"juni|juli|augustus|september|oktober|november|december))"
)
_RELATED: Final = re.compile(
    r"\b(?:man|vrouw|zoon|zoontje|dochter|dochtertje|kind|kleinkind|kleinzoon|kleindochter|moeder|vader|oma|"
    r"opa|broer|broertje|zus|zusje|neef|nicht|neefje|nichtje|vriend|vriendin|jongen|meisje|meid|dame|heer|"
    r"leerling|collega|peuter|wife|husband|son|daughter|mother|father|brother|sister|boy|girl)"
    r"(?:,? [^\W\d_]{2,20}){0,2},? (?:van|is|was|of|die) (?:nu |pas |bijna |net |al |inmiddels "
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
    r"(?<!\w)(?:(?:de|het|als|hun|onze|mijn|ben|een van de|the|as the|der|die|das|als|le|la|el) )?"
    r"(?:(?:eerste|langstzittende|laatste|oudste|jongste) (?:en (?:\w{2,14} ){0,2})?(?:enige|enigste)|enigste|enige|"
    r"allereerste|langstzittende|langstdienende|"
    r"eerste(?= (?:vrouwelijke|zwarte|mannelijke|moslim|gekleurde|donkere|vrouw|transgender|turkse|marokkaanse|dove|blinde|"
    r"surinaamse|slechtziende|slechthorende|joodse|homoseksuele|lesbische|allochtone|niet|syrische|antilliaanse|trans|"
    r"transgender|poolse|hindoestaanse|molukse|chinese|somalische|eritrese|islamitische|openlijk|gehandicapte)\b)|"
    r"(?<=the )only|(?<=as the )only|einzige[rsn]?|(?<=l[ea] )seule?|únic[oa])(?= \w)"
    r"|(?:jedyn[aąy]\w{0,3}|tek(?= \w+ (?:ben|kişi)| kadın| siyahi| başörtülü| türk)|єдин\w{1,3}|e úniko)(?= \w)",
    re.IGNORECASE,
)
_ONLY_GUARD: Final = frozenset(
    (
        "jaar maand week weken maanden malen tijd soort reden manier oplossing keer vraag optie kans mogelijkheid moment dag plek plaats antwoord verschil "
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
_SPOT_NOUNS: Final = (
    "bankje bankjes bank glijbaan schommel schommels speeltuintje fietsenstalling fietsenrek fietstunnel tunneltje tunnel "
    "viaduct bruggetje brug rotonde zebrapad kruising pinautomaat geldautomaat trapveldje voetbalkooi skatebaan skatepark "
    "hondenuitlaatplek vijver fontein container containers ondergrondse glasbak hek poortje parkeerplaats parkeergarage "
    "parkeerdek parkeerterrein trap trappenhuis lift ingang zijingang achteringang uitgang nooduitgang kassa zelfscankassa "
    "galerij pad paadje kooi muurtje standbeeld hoek bushokje abri pannakooi voetbalveldje basketbalveldje snackbar winkel "
    "supermarkt bakker kapper moskee kerk flat school bushalte tramhalte sporthal gymzaal buurthuis bieb bibliotheek speeltuin "
    "rookhok rookplek steiger veld tuintje volkstuintje berging kelder kleedkamer kleedhokje kantine balkon kade slagboom "
    "lantaarn lantaarnpaal paal boom tankstation pomp carwash carpoolplaats fietspad stoep stoeprand perron loket balie kluisje "
    "kluisjes toilet toiletten wc douches sauna zwembad lokaal gang aula tafel tafeltje bed kamer plek hokje schuur "
    "schuurtje brievenbus brievenbussen portiek entree roltrap trappetje beeld boei sluis pitch bench"
).split()
_SPOT_PREPOSITIONS: Final = (
    r"(?:(?:pal|vlak|schuin|recht|net) )?(?:achter|naast|bij|van|voor|tegenover|tussen|onder|boven|in|aan|op|langs|links van|"
    r"rechts van|om de hoek van|next to|behind|near|opposite|in front of|at)"
)
_SPOT: Final = re.compile(
    r"(?<!\w)(?:(?:bij|op|achter|naast|tegenover|voor|onder|in|aan|tussen|langs|at|by|on|near) )?"
    r"(?:(?:de|het|die|dat|deze|een|t|'t|the|that) )?(?:(?!de |het |een )\w{2,20} )?"
    r"(?:" + "|".join(sorted(_SPOT_NOUNS, key=len, reverse=True)) + r")"
    r"(?: (?-i:[A-Z0-9])\w{0,3}(?: (?:plek|vak|nr|nummer) \w{1,4})?)?,? "
    + _SPOT_PREPOSITIONS + r" (?:(?:de|het|mijn|ons|onze|die|dat|'t|t|the|that) )?(?:\w[\w'-]{1,30})"
    r"(?:(?: (?-i:[A-Z])[\w'-]{1,30}| (?:van|aan|bij|naast|at) (?:de |het |the )?\w{3,30}(?: (?-i:[A-Z])[\w'-]{1,30}){0,2})){0,2}",
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
_SPOT_WORDS: Final = frozenset(_SPOT_NOUNS)
_MANY: Final = frozenset(
    "bank bed kamer plek hoek gang winkel school balie boom tafel toilet wc lokaal veld beeld kantine loket kassa "
    "zwembad".split()
)
"""Spots so common that they single a place out only with a second spot beside them."""
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
    for match in _ORDINAL_AGE.finditer(text) if _ORDINALS.search(text) else ():
        group = 1 if match[1] else 2
        reading.claim(*match.span(group), "AGE")
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
        "langstzittende langstdienende enige enigste allereerste eerste only einzige einziger einzigen einziges seul "
        "seule único única jedyny jedyna jedynym jedyną tek єдиний єдина úniko"
    ).split()
)
_YEARS: Final = re.compile(r"ja|jr|yea|yrs|y/o|yo\b|Jahr|jähr| ans\b|lat|yaş|añ|рок|рік|лет|سنة|عام|岁")
_AGE_WORDS: Final = frozenset({"jaar", "jarige", "jarig", "leeftijd", "ben", "is", "word", "wordt"})


_ORDINALS: Final = re.compile(r"(?:tigste|iende|elfde|lfde|\de|\dste)\b", re.IGNORECASE)


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
        for pattern in (_SHORT_AGE, _HALF, _MEN_OF, _YOUNG, _BARE, _TURNING, _RELATED, _COMMA, _BRACKETED, _NAMED):
            for match in pattern.finditer(text):
                group = match.lastindex or 1
                if not _LAW_AGE.match(text, match.end(group)) and not (
                    pattern is _SHORT_AGE and _is_tenure(text, *match.span())
                ):
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
                    if pattern is not _SPOT or _is_fine(reading, match):
                        _claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _is_fine(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a spot with what it stands beside is an exact place that nothing else has hidden yet."""
    first, last = reading.word_at(match.start()), min(reading.word_at(match.end() - 1), len(reading.words) - 1)
    inside = range(first, last + 1)
    hidden = {span.kind for span in reading.spans if span.start < match.end() and span.end > match.start()}
    if not hidden.isdisjoint({"ADDRESS", "PERSON"}):
        return False
    spots = [reading.words[index] for index in inside if reading.words[index] in _SPOT_WORDS]
    rest = [index for index in inside if not reading.flags[index] & (lex.FUNCTION | lex.SLOT)]
    if any(reading.flags[index] & (lex.ROLE | lex.VERB) for index in inside):
        return False
    if len(spots) < 2 and any(reading.kept[index] == 2 or reading.flags[index] & lex.TOWN for index in inside):
        return False
    named = any(reading.cases[index] and not reading.opens[index] for index in inside) or any(map(str.isdigit, match.group()))
    plain = all(spot in _MANY for spot in spots)
    return len(rest) > 1 and (named or len(spots) > 1 or not plain)


def mark_ages_of_named(reading: Reading) -> None:
    """Mark the age right after a found name: `Toos 79 durft niet`, `Toos (79)`; and the name before an age in brackets."""
    for span in list(reading.spans):
        if span.kind == "AGE" and reading.text[span.start - 1 : span.start] == "(":
            _name_before_age(reading, reading.word_at(span.start) - 1)
    for span in list(reading.spans):
        if span.kind == "PERSON":
            match = _AFTER_PERSON.match(reading.text, span.end)
            if match is not None:
                reading.claim(*match.span(1), "AGE", band(int(match[1])))


def _name_before_age(reading: Reading, index: int) -> None:
    """Mark a word right before an age in brackets, unless it says what the person is: `Bloem (16)`, not `moeder (82)`."""
    if index < 0 or reading.taken[index] or reading.gap(index + 1) != " (" or reading.kept[index] == 3:
        return
    flag = reading.flags[index]
    is_kind = flag & (lex.ROLE | lex.FUNCTION | lex.VERB | lex.TITLE | lex.HEAD | lex.GENERIC | lex.LABEL)
    capital = reading.cases[index] and (not reading.kept[index] or flag & lex.FIRST)
    if not is_kind and len(reading.words[index]) > 1 and (capital or flag & lex.NAME or not flag):
        reading.claim_words(index, index, "PERSON")


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
            if _singles_out(reading, match):
                _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")
    if not reading.present.isdisjoint(_HOLDERS):
        for match in _HOLDER.finditer(text):
            _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")


def _singles_out(reading: Reading, match: re.Match[str]) -> bool:
    """Whether `de enige`, `als eerste` goes on with who that is, rather than with what was done or about a thing."""
    following = reading.word_at(match.end())
    after = reading.words[following : following + 2]
    if not after or not _ONLY_GUARD.isdisjoint(after):
        return False
    flag, word = reading.flags[following], reading.words[following]
    bare = match.group().split()[0].lower() in {"als", "enige", "eerste", "enigste"}
    acts = bool(flag & (lex.FUNCTION | lex.VERB | lex.SLOT)) or (word.endswith("en") and bool(flag & lex.WORD))
    return not (bare and acts and not reading.kept[following])


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
        if any(not reading.flags[at] & lex.FUNCTION or reading.words[at] in _ONLY_WORDS for at in range(run, index)):
            reading.claim(max(start, reading.starts[run]), reading.ends[index - 1], kind)
        run = index + 1


def _stays(reading: Reading, index: int, kind: str) -> bool:
    """Whether a word inside a generalised stretch is left as it is."""
    ground = reading.kept[index] == 1 and bool(reading.flags[index] & lex.KEEP) and not reading.flags[index] & lex.GENERIC
    return bool(reading.taken[index]) or (ground and kind == "JOB_UNIQUE")
