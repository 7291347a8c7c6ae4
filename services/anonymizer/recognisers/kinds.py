# SPDX-License-Identifier: EUPL-1.2
"""Tells which kind of organisation a head noun stands for. A rare kind is itself a clue, so it becomes its family."""

from typing import Final

COMMON: Final = frozenset(
    "bakkerij kapper kapsalon garage restaurant eetcafé eetcafe café cafe snackbar toko winkel bedrijf "
    "bouwbedrijf autobedrijf kantoor bureau uitzendbureau uitzend "
    "advocatenkantoor notariskantoor makelaardij rijschool autorijschool sportschool sportclub voetbalclub "
    "vereniging club zwemclub tennisvereniging tennisclub school basisschool college lyceum gymnasium "
    "praktijkschool "
    "praktijk kinderdagverblijf kinderopvang opvang stichting moskee kerk drukkerij bloemisterij fietsenzaak "
    "kwekerij manege gym studio nagelstudio lunchroom brasserie tuincentrum dansschool huize flat "
    "supermarkt bouwmarkt apotheek zwembad slagerij sportvereniging voetbalvereniging toneelvereniging toneelclub "
    "hockeyclub buurthuis wijkcentrum "
    "restaurant club school".split()
)
"""Kinds of which there are many in any town: they may stay as they are."""

STAYING: Final = frozenset(
    "camping hospice verpleeghuis verzorgingshuis woonzorgcentrum kapperszaak volkstuin volkstuinvereniging woonvorm "
    "woongroep clubhuis nachtwinkel avondwinkel kringloopwinkel sauna schoonheidssalon nagelsalon nagelstudio "
    "toneelclub sportcentrum dorpshuis wijkhuis buurtcentrum jongerencentrum coffeeshop hotel kroeg bar nachtclub "
    "tankstation huisartsenpraktijk tandartspraktijk rechtswinkel schietvereniging strandtent zonnestudio "
    "wasserette strandpaviljoen fysiotherapie pretpark bowlingbaan speelparadijs kinderboerderij".split()
)
"""Rarer kinds that say where it happened; they stay when they are written small, as a kind rather than a name."""
GROUNDS: Final = (
    "woonwagen", "moskee", "homo", "vrouwen", "islam", "lhbt", "doven", "blinden", "asiel", "vluchtelingen",
    "gehandicapten", "ouderen", "bejaarden", "christen", "migranten", "transgender", "regenboog",
)  # fmt: skip
"""First parts of kinds that say the ground: these kinds stay too (`woonwagencentrum`, `vrouwenopvang`)."""
_FAMILIES: Final = (
    (
        (
            "winkel",
            "zaak",
            "markt",
            "handel",
            "boetiek",
            "juwelier",
            "opticien",
            "drogist",
            "drogisterij",
            "bloemist",
            "slagerij",
            "slager",
            "supermarkt",
            "bakery",
            "bakkerij",
            "bakker",
            "slijterij",
            "boer",
            "maker",
            "shop",
            "market",
            "marketi",
            "store",
            "sklep",
            "sklepie",
        ),
        "winkel",
    ),
    (
        (
            "café",
            "cafe",
            "lunchcafé",
            "lunchcafe",
            "bistro",
            "brasserie",
            "pizzeria",
            "grillroom",
            "frituur",
            "friettent",
            "lokanta",
            "lokantası",
            "restauracja",
            "restauracji",
            "coffeeshop",
            "hotel",
            "kroeg",
            "bar",
            "cafetaria",
            "pension",
            "paviljoen",
            "camping",
            "restaurant",
        ),
        "horecazaak",
    ),
    (("discotheek", "disco", "nachtclub", "bioscoop"), "uitgaansgelegenheid"),
    (("vereniging", "harmonie", "koor", "scouting", "scoutinggroep", "groep"), "vereniging"),
    (
        (
            "club",
            "fc",
            "sv",
            "vv",
            "rkvv",
            "rksv",
            "svv",
            "hc",
            "tc",
            "ltc",
            "kv",
            "asv",
            "usv",
            "csv",
            "zvv",
            "wvv",
            "rkav",
            "mhc",
            "bc",
            "gvs",
            "cv",
        ),
        "club",
    ),
    (
        (
            "school",
            "vmbo",
            "middelbare",
            "scholengemeenschap",
            "cbs",
            "obs",
            "pcb",
            "rkbs",
            "ikc",
            "école",
            "okulu",
            "szkoła",
            "szkole",
            "escuela",
            "ecole",
        ),
        "school",
    ),
    (("dagverblijf", "opvang", "crèche", "creche", "speelzaal", "bso", "kdv", "gastouderbureau"), "kinderopvang"),
    (
        (
            "praktijk",
            "tandarts",
            "apotheek",
            "kliniek",
            "huis",
            "zorginstelling",
            "zorgorganisatie",
            "thuiszorg",
            "thuiszorgorganisatie",
            "hospice",
            "dagbesteding",
            "dierenarts",
        ),
        "zorginstelling",
    ),
    (("studio", "salon", "barbershop", "hairdresser", "coiffeur", "friseur", "kuaför", "berber", "fryzjer"), "salon"),
    (("kantoor", "notaris"), "kantoor"),
    (("bureau", "uitzend"), "bureau"),
    (("fitness", "fitnesscentrum", "bad"), "sportschool"),
    (("centrum",), "centrum"),
)
_SUFFIXES: Final = tuple(
    (
        "winkel speciaalzaak zaak studio bedrijf bureau kantoor vereniging club centrum praktijk "
        "salon markt dagverblijf atelier makelaardij handel bakkerij slagerij restaurant café "
        "verhuur dealer kwekerij opvang moskee kerk"
    ).split()
)
"""Endings that make an unlisted compound a head noun (`speelgoedwinkel`)."""


def family(head: str) -> str:
    """The word that may stand in place of a head noun: itself when it is common, else its family.

    >>> family("biljartvereniging"), family("bakkerij")
    ('vereniging', 'bakkerij')
    """
    if head in COMMON:
        return head
    for endings, kind in _FAMILIES:
        if head in endings or head.endswith(tuple(end for end in endings if len(end) > 3)):
            return kind
    return "bedrijf" if len(head) > 3 else "organisatie"


def is_head_compound(word: str) -> bool:
    """Whether an unlisted word is a compound that names a kind of organisation."""
    return len(word) > 8 and word.endswith(_SUFFIXES)
