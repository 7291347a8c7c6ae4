# SPDX-License-Identifier: EUPL-1.2
"""Small organisations by the classes their names fall in: what names one goes, what is no name stays."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    # a bond with no capital: work, learning, renting, training, buying
    ("mijn man traint bij de flinke vuist en daar roepen ze dingen", "vuist"),
    ("ik ben ontslagen bij de zilveren naald omdat ik een hoofddoek draag", "zilveren"),
    ("ik solliciteerde bij blikvanger en kreeg te horen dat ze geen polen willen", "blikvanger"),
    ("zij huurt via woonfijn een kamer en krijgt geen reparatie", "woonfijn"),
    ("ik ben lid van de trage slakken, een wandelclub", "slakken"),
    ("mijn nicht die bij de notenkraker werkt mag geen hoofddoek om", "notenkraker"),
    ("mijn vriend mocht niet naar binnen bij de rode kater", "kater"),
    ("ik heb iets besteld bij pizza presto en de bezorger schold", "presto"),
    ("mijn dochter gaat naar het anker en de juf pest haar", "anker"),
    ("ik moest naar re-integratiebureau stapvooruit en werd uitgelachen", "stapvooruit"),
    ("gister bij patat paleis achter in de rij gezet", "patat"),
    # a name closed by a partner
    ("hij koopt altijd bij slagerij visch en zoon en daar schelden ze hem uit", "visch"),
    ("ik werk bij peters & zn. en de baas zegt aap", "peters"),
    ("het feestje was bij spring & co in de hal", "spring"),
    # a label
    ("werkgever: de groene vingers\nik krijg geen contract", "vingers"),
    ("school: de wissel\nhij wordt gepest", "wissel"),
    # a kind that needs no article before an article and a noun
    ("bij kerk de hoeksteen, zei de koster, hoor ik niet", "hoeksteen"),
    ("ik zit op het merel college in 3b", "merel"),
    ("sportschool beukhal. abonnement geweigerd", "beukhal"),
    ("Gesolliciteerd bij garage de gladde bocht, eerst met Mohamed en toen met Kees.", "gladde bocht"),
    ("Vader werkt bij wasserij blinkend helder. Moeder is thuis bij Sem.", "blinkend"),
    ("Ik ken Cees, die zit in het bestuur van koor de nachtegalen", "nachtegalen"),
    # kinds the table of words does not know, plurals of a trade
    ("Bij Huisartsen Parkzicht wil niemand een tolk bellen.", "Parkzicht"),
    ("Ze zingt bij popkoor Vrolijk Gestemd en mocht niet mee.", "Vrolijk"),
    ("De zaal De Driehoek wordt niet aan ons verhuurd.", "Driehoek"),
    # a kind cut short, a name broken by a line
    ("Hij werkt bij drukk. De Snelle Pen in de stad.", "Snelle"),
    ("Mijn man kwam niet in restaurant De Zil-\nveren Vork, zei hij.", "veren"),
    # an article with or without a capital
    ("Wij komen niet meer naar het Trefpunt. De leiding lacht ons uit.", "Trefpunt"),
    ("De sleutel is van het clubhuis van Onze Vrije Tuin, zegt men.", "Vrije"),
    ("Ik ben mentor op het Oude Haven Lyceum in de stad.", "Oude"),
    # a name of ordinary words that comes back in short
    ("Ik werk bij zorgbureau Warme Handen. De planner van Warme Handen zei dat.", "Warme"),
    ("Zij sport bij Gouden Tulp Fitness. Bij de Tulp roepen ze aap.", "Tulp"),
    # a club by its ending, a word of no Dutch list before a kind
    ("de trainer van dijkboys riep apengeluiden", "dijkboys"),
    ("die vrouw bij sunset lounge zei geen antillianen vanavond", "sunset"),
    ("ik wilde eten bij nordic nights maar er was geen plek", "nordic"),
    ("bij de apotheek van de koffiemolen kreeg ik niets", "koffiemolen"),
    ("Ik ga nu naar Kroeshaar & Co en daar kan het wel.", "Kroeshaar"),
    ("Bij Snel en Zo hoefde dat niet, zei ze.", "Snel"),
    ("Zij voetbalt bij Wartel FC dames 2 en dat gaat goed.", "dames 2"),
    # ordinary words and verbs inside a name with capitals, a firm beside a name that closes a letter
    ("Werkgever: De Wilde Zee\nIk krijg geen contract.", "Wilde"),
    ("Zij mocht niet mee op het schoolreisje van de Wilde Zee, zei men.", "Wilde"),
    ("Goedenavond, dit is iemand van Hak en Zaag over een klacht.", "Zaag"),
    ("Wij nemen u niet aan.\n\nSucces!\nSaskia\nBouwlust Verkuilen\n\nDat kreeg ik.", "Bouwlust"),
    ("ik moest wachten bij de wolk (kinderopvang) en toen zei ze het", "wolk"),
    ("gisteravond bij the blue rose zei de bewaker nee", "blue rose"),
    # other languages
    ("Chodzi o firmę Agro Tulp, pracuję tam w szklarni i brygadzista krzyczy.", "firmę Agro"),
    ("Meine Tochter geht in die Kita Sonnenblume und wurde ausgelacht.", "Sonnenblume"),
    ("Piet z biura werkkracht zuid powiedział że polki to tylko do sprzątania", "werkkracht"),
    ("تقدمت لوظيفة في شركة تاكسي ميركور فقال لي المدير لا", "ميركور"),
)

STAYS = (
    "ik werk bij de gemeente en mijn man bij de plantsoenendienst",
    "zij werkt bij de post en ik op kantoor",
    "hij is lid van de vakbond en van de ondernemingsraad",
    "ik werkte bij een bakker in het centrum",
    "ik solliciteerde bij de nieuwe supermarkt om de hoek",
    "ik heb gewerkt voor mensen die niks betalen",
    "hij werkt bij de politie en zij bij defensie",
    "ik zocht een baan op loopafstand",
    "ik werk op afroep bij een callcenter",
    "op school de juf gevraagd wat er was",
    "mijn zoon zit op de wachtlijst voor het speciaal onderwijs",
    "hij gaat naar de dierentuin met de klas",
    "het medisch college keek niet naar mijn klacht",
    "Wij gingen naar de Veluwe en naar de Albert Heijn.",
    "Hij ging naar de Marokkaanse bakker en naar de Turkse winkel.",
    'Wij kregen bij garage prijzen "voor Polen" te horen.',
    "wij kregen geen antwoord van de customer service via social media",
    "de winkel van de oude baas en de school van de buurt",
    "Hij werkte via uitzendbureau in de kas en bij slagerij als hulp.",
    "dat gebeurt alleen bij nat wegdek of bij groot alarm",
    "bij navraag bleek niets en bij slecht weer ging het niet door",
    "ouders en partners waren welkom en brood en zo ook",
)


@pytest.mark.parametrize(("text", "part"), GOES)
def test_the_name_of_a_small_organisation_is_gone(lexicon: Lexicon, text: str, part: str) -> None:
    assert part not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_what_names_no_organisation_stays(lexicon: Lexicon, text: str) -> None:
    assert redact(text, lexicon=lexicon).text == text


def test_the_place_of_a_firm_is_no_part_of_its_name(lexicon: Lexicon) -> None:
    found = redact("Ik werk bij Bakkerij Zonneveld in Oosterheem.", lexicon=lexicon).text
    assert "Zonneveld" not in found
    assert "in Oosterheem" in found
