# SPDX-License-Identifier: EUPL-1.2
"""Marks what singles a person out without a name: functions only one person holds, exact spots."""

import re
from typing import Final

from services.anonymizer import lexicon as lex
from services.anonymizer.reading import Reading
from services.anonymizer.recognisers.spots import (
    BESIDE,
    BESIDE_WORDS,
    LAST_OF_A_TRADE,
    NUMBERED_SPOT,
    NUMBERED_SPOTS,
    RANKING,
    RARE_JOB,
    RARE_TRADES,
)

_ONLY: Final = re.compile(
    r"(?<!\w)(?:(?:de|het|als|hun|onze|mijn|ben|een van de|the|as the|der|die|das|als|le|la|el) )?"
    r"(?:(?:eerste|langstzittende|laatste|oudste|jongste) (?:en (?:\w{2,14} ){0,2})?(?:enige|enigste)|enigste|enige|"
    r"allereerste|langstzittende|langstdienende|"
    r"eerste(?= (?:vrouwelijke|zwarte|mannelijke|moslim|gekleurde|donkere|vrouw|"
    r"transgender|turkse|marokkaanse|dove|blinde|"
    r"surinaamse|slechtziende|slechthorende|joodse|homoseksuele|lesbische|allocht\w+|niet|syrische|antilliaanse|trans|"
    r"transgender|poolse|hindoestaanse|molukse|chinese|somalische|eritrese|islamitische|openlijk|gehandicapte)\b)|"
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
    r"\b(?:bus|tram|metro)?(?:halte|opstapplaats) (?!waar|door|toen|en\b|om\b|van "
    r"de\b|in\b|is\b|stond|stonden|omdat|zei|met|zonder|te\b|stop|werd|waren|was\b|"
    r"bij\b)[A-Za-z][\w'-]{2,30}(?:[ -](?:[A-Z][\w'-]{1,30})){0,3}(?:,? (?:" + _TIME + r"))?",
    re.IGNORECASE,
)
_SPOT_NOUNS: Final = (
    "bankje bankjes bank glijbaan schommel schommels speeltuintje fietsenstalling "
    "fietsenrek fietstunnel tunneltje tunnel "
    "viaduct bruggetje brug rotonde zebrapad kruising pinautomaat geldautomaat trapveldje "
    "voetbalkooi skatebaan skatepark "
    "hondenuitlaatplek vijver fontein container containers ondergrondse glasbak hek "
    "poortje parkeerplaats parkeergarage "
    "parkeerdek parkeerterrein trap trappenhuis lift ingang zijingang achteringang "
    "uitgang nooduitgang kassa zelfscankassa "
    "galerij pad paadje kooi muurtje standbeeld hoek bushokje abri pannakooi "
    "voetbalveldje basketbalveldje snackbar winkel "
    "supermarkt bakker kapper moskee kerk flat school bushalte tramhalte sporthal gymzaal "
    "buurthuis bieb bibliotheek speeltuin "
    "rookhok rookplek steiger veld tuintje volkstuintje berging kelder kleedkamer "
    "kleedhokje kantine balkon kade slagboom "
    "lantaarn lantaarnpaal paal boom tankstation pomp carwash carpoolplaats fietspad "
    "stoep stoeprand perron loket balie kluisje "
    "kluisjes toilet toiletten wc douches sauna zwembad lokaal gang aula tafel tafeltje bed kamer plek hokje schuur "
    "schuurtje brievenbus brievenbussen portiek entree roltrap trappetje beeld boei sluis pitch bench"
).split()
_SPOT_PREPOSITIONS: Final = (
    r"(?:(?:pal|vlak|schuin|recht|net) )?(?:achter|naast|bij|van|voor|tegenover|tussen|"
    r"onder|boven|in|aan|op|langs|links van|"
    r"rechts van|om de hoek van|next to|behind|near|opposite|in front of|at)"
)
_SPOT: Final = re.compile(
    r"(?<!\w)(?:(?:bij|op|achter|naast|tegenover|voor|onder|in|aan|tussen|langs|at|by|on|near) )?"
    r"(?:(?:de|het|die|dat|deze|een|t|'t|the|that) )?(?:(?!de |het |een )\w{2,20} )?"
    r"(?:" + "|".join(sorted(_SPOT_NOUNS, key=len, reverse=True)) + r")"
    r"(?: (?-i:[A-Z0-9])\w{0,3}(?: (?:plek|vak|nr|nummer) \w{1,4})?)?,? "
    + _SPOT_PREPOSITIONS
    + r" (?:(?:de|het|mijn|ons|onze|die|dat|'t|t|the|that) )?(?:\w[\w'-]{1,30})"
    r"(?:(?: (?-i:[A-Z])[\w'-]{1,30}| (?:van|aan|bij|naast|at) (?:de |het |"
    r"the )?\w{3,30}(?: (?-i:[A-Z])[\w'-]{1,30}){0,2})){0,2}",
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
    "zwembad lift ingang uitgang bakker kapper supermarkt sauna".split()
)
"""Spots so common that they single a place out only with a second spot beside them."""
_RIDES: Final = frozenset(
    (
        "bus tram lijn metro buslijn tramlijn nachtbus trein randstadrail sprinter intercity line linie ligne hat "
        "autobus halte haltes bushalte tramhalte metrohalte opstapplaats station"
    ).split()
)


_TIME_AFTER: Final = re.compile(
    rf",? (?:{_TIME}|(?:om|rond|tegen) (?:een uur of|half|kwart over|kwart voor) \w{{2,8}})(?!\w)", re.IGNORECASE
)
_SPOT_AT: Final = re.compile(
    r"\b(?:bij|op|achter|naast|tegenover|voor|in) (?:de|het) (?:\w{3,24}) (?:"
    + _TIME
    + r"|(?:om|rond|tegen) een uur of \w{2,8})(?!\w)",
    re.IGNORECASE,
)
_ROOM: Final = re.compile(
    r"\b(?:afdeling|locatie|woongroep|unit|huiskamer) ((?:De|Het|'t|Den) [A-Z][\w'-]{2,24}(?:,? kamer \d{1,3}[a-z]?)?)"
    r"|\b((?<=, )kamer \d{1,3}[a-z]?)(?!\w| (?:personen|mensen|bedden))"
)


def mark_details(reading: Reading) -> None:
    """Mark unique functions and exact spots."""
    text = reading.text
    clock = _CLOCK.search(text) is not None
    if clock:
        for match in _TIMED_SPOT.finditer(text):
            _claim_timed(reading, match)
        _mark_spots_at(reading)
    _mark_rooms(reading)
    _mark_spots(reading)
    if clock:
        _mark_times_after(reading)
    _mark_corners(reading)
    _mark_functions(reading)


def _mark_spots_at(reading: Reading) -> None:
    """Mark `bij de kaaskraam om een uur of elf`: a thing that is no everyday word, with a time."""
    for match in _SPOT_AT.finditer(reading.text):
        index = reading.word_at(match.start()) + 2
        flag = reading.flags[index]
        if not reading.kept[index] and not flag & (lex.FREQ | lex.FUNCTION | lex.HEAD | lex.TOWN | lex.ROLE):
            _claim_parts(reading, *match.span(), "GEO_FINE")


def _mark_rooms(reading: Reading) -> None:
    """Mark `afdeling De Wilgen, kamer 17`."""
    if not reading.present.isdisjoint(_ROOMS):
        for match in _ROOM.finditer(reading.text):
            reading.claim(*match.span(match.lastindex or 0), "GEO_FINE")


def _mark_times_after(reading: Reading) -> None:
    """Mark the time right after an exact spot: together they say who was there."""
    for span in list(reading.spans):
        if span.kind == "GEO_FINE":
            match = _TIME_AFTER.match(reading.text, span.end)
            if match is not None:
                reading.claim(*match.span(), "GEO_FINE")


_ROOMS: Final = frozenset("afdeling locatie woongroep unit huiskamer kamer".split())
_SPOTS: Final = (
    (_RIDES, (_LINE_TIME, _LINE_STOP, _STOP_NAMED)),
    (_SPOT_WORDS, (_SPOT,)),
    (frozenset({"verdieping", "etage"}), (_FLOOR,)),
)
"""Words that must be there before the patterns beside them are tried."""
_CLOCK: Final = re.compile(
    r"\d ?[:.u] ?[0-5]\d|\d ?(?:uur|u|am|pm|Uhr|h)\b|\bhalf\b|\bkwart\b|\been uur of\b", re.IGNORECASE
)
_ONLY_WORDS: Final = frozenset(
    (
        "langstzittende langstdienende enige enigste allereerste eerste only einzige einziger einzigen einziges seul "
        "seule único única jedyny jedyna jedynym jedyną tek єдиний єдина úniko"
    ).split()
)


def _mark_corners(reading: Reading) -> None:
    """Mark numbered spots and what stands right opposite a thing."""
    for words, pattern in ((NUMBERED_SPOTS, NUMBERED_SPOT), (BESIDE_WORDS, BESIDE)):
        if not reading.present.isdisjoint(words):
            for match in pattern.finditer(reading.text):
                if reading.free(*match.span()):
                    _claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _mark_spots(reading: Reading) -> None:
    hidden = bytearray(len(reading.text))
    for span in reading.spans:
        if span.kind in {"ADDRESS", "PERSON"}:
            hidden[span.start : span.end] = b"\x01" * (span.end - span.start)
    for words, patterns in _SPOTS:
        if not reading.present.isdisjoint(words):
            for pattern in patterns:
                for match in pattern.finditer(reading.text):
                    if pattern is not _SPOT or _is_fine(reading, match, hidden):
                        _claim_parts(reading, match.start(), match.end(), "GEO_FINE")


def _is_fine(reading: Reading, match: re.Match[str], hidden: bytearray) -> bool:
    """Whether a spot with what it stands beside is an exact place that nothing else has hidden yet."""
    first, last = reading.word_at(match.start()), min(reading.word_at(match.end() - 1), len(reading.words) - 1)
    inside = range(first, last + 1)
    if hidden.find(1, match.start(), match.end()) >= 0:
        return False
    spots = [reading.words[index] for index in inside if reading.words[index] in _SPOT_WORDS]
    rest = [index for index in inside if not reading.flags[index] & (lex.FUNCTION | lex.SLOT)]
    if any(reading.flags[index] & (lex.ROLE | lex.VERB) for index in inside):
        return False
    in_town = reading.flags[last] & lex.TOWN and last > 0 and reading.words[last - 1] in {"in", "te", "uit", "van"}
    if len(spots) < 2 and in_town:
        return False
    named = any(_names_spot(reading, index) for index in inside) or any(map(str.isdigit, match.group()))
    if not named and any(reading.kept[index] in {2, 3} or _is_chain(reading, index) for index in inside):
        return False
    plain = all(spot in _MANY for spot in spots)
    if plain and not named:
        return False
    return len(rest) > 1 and (named or len(spots) > 1 or not plain)


def _names_spot(reading: Reading, index: int) -> bool:
    """Whether a capitalised word tells one place from the others, as a chain, a town or a body does not."""
    return bool(reading.cases[index]) and not reading.opens[index] and not reading.kept[index]


def _is_chain(reading: Reading, index: int) -> bool:
    return bool(reading.kept[index] == 1 and reading.cases[index] and not reading.opens[index])


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
                after = match.end() + len(" die ") * text.startswith((" die ", " dat "), match.end())
                end = _clause_end(text, after)
                if after == match.end():
                    end = _before_verb(reading, match.end(), end)
                _claim_parts(reading, match.start(), end, "JOB_UNIQUE")
    _mark_trades(reading)
    if not reading.present.isdisjoint(_HOLDERS):
        for match in _HOLDER.finditer(text):
            _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")


def _not_relative(words: list[str]) -> list[str]:
    """The words but those that only go on about who it is: `de enige vrouw die ...`."""
    return [word for word in words if word not in {"die", "dat", "wat", "ik"}]


def _mark_trades(reading: Reading) -> None:
    """Mark `de laatste mandenvlechter van ...`, and who holds a trade few people have in a place."""
    text = reading.text
    if not reading.present.isdisjoint(RANKING):
        for match in LAST_OF_A_TRADE.finditer(text):
            _claim_parts(reading, match.start(), _clause_end(text, match.end()), "JOB_UNIQUE")
    lowered = text.lower()
    for match in RARE_JOB.finditer(text) if any(trade in lowered for trade in RARE_TRADES) else ():
        _claim_parts(reading, *match.span(), "JOB_UNIQUE")


def _singles_out(reading: Reading, match: re.Match[str]) -> bool:
    """Whether `de enige`, `als eerste` goes on with who that is, rather than with what was done or about a thing."""
    following = reading.word_at(match.end())
    after = reading.words[following : following + 2]
    if (
        not after
        or (after[0] in _ONLY_GUARD and after[0] not in {"die", "dat"})
        or not _ONLY_GUARD.isdisjoint(_not_relative(after[1:]))
    ):
        return False
    if after[0] in {"die", "dat"}:
        return _keeps_a_task(reading, following)
    flag, word = reading.flags[following], reading.words[following]
    if flag & lex.HEAD and not flag & lex.ROLE:
        return False
    bare = match.group().split()[0].lower() in {"als", "enige", "eerste", "enigste"}
    acts = bool(flag & (lex.FUNCTION | lex.VERB | lex.SLOT)) or (word.endswith("en") and bool(flag & lex.WORD))
    return not (bare and acts and not reading.kept[following])


def _before_verb(reading: Reading, start: int, end: int) -> int:
    """Where the description of a function ends at the latest: before the verb it is the subject of."""
    index = reading.word_at(start) + 1
    while index < len(reading.words) and reading.starts[index] < end:
        if reading.flags[index] & lex.VERB and not reading.flags[index] & lex.NAME and not reading.cases[index]:
            return reading.ends[index - 1]
        index += 1
    return end


def _keeps_a_task(reading: Reading, relative: int) -> bool:
    """Whether `de enige die ...` goes on with what that person does for work: `die de parkeerkaarten keurt`."""
    thing = relative + 2
    if thing >= len(reading.words) or reading.words[relative + 1] not in {"de", "het", "alle", "onze", "hier"}:
        return False
    end = _clause_end(reading.text, reading.starts[thing])
    clause = reading.words[relative : reading.word_at(end - 1) + 1]
    return len(reading.words[thing]) > _LONG_THING and _UNDERGOES.isdisjoint(clause)


_LONG_THING: Final = 6
_UNDERGOES: Final = frozenset(
    "niet geen nooit niets wordt werd word worden werden mocht mag moest moet kreeg krijgt kreegt krijg kon kan "
    "durfde durft wilde wil".split()
)
"""Words of what is done to somebody rather than of their task."""


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
    ground = (
        reading.kept[index] == 1 and bool(reading.flags[index] & lex.KEEP) and not reading.flags[index] & lex.GENERIC
    )
    return bool(reading.taken[index]) or (ground and kind == "JOB_UNIQUE")
