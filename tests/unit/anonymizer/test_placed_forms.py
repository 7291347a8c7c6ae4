# SPDX-License-Identifier: EUPL-1.2
"""Addresses and ages known by their place in the sentence: a floor over generated frames, and what stays."""

from itertools import product
from typing import Final

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

STREETS: Final = (
    "Zandkreek", "Spinnekop", "Hortensias", "Wielewaal", "Anemoon", "Sibelius", "Lange Akkers", "Tussen de Vaarten",
    "Achter de Hoven", "Het Wold", "Oude Kerkstraat", "Hoeve Welgelegen",
)  # fmt: skip
HOUSES: Final = ("14", "7 a", "14 zw", "nr 14", "nummer veertien", "l2", "honderdtwaalf", "22 bis")
PLACES: Final = (
    "Mijn zus woont op {a} en durft niet naar buiten.",
    "Adres: {a}",
    "ik woon {a} en mijn buren schelden mij uit",
    "Mijn buurvrouw van {a} scheldt ons uit.",
    "Melder Karim Aziz ({a}) is geweigerd.",
    "Met vriendelijke groet,\nKarim Aziz\n{a}",
    "I live at {a} in Zoetermeer and my neighbour shouts at us.",
    "Ich wohne {a} und werde beleidigt.",
    "Mieszkam przy {a} w Zoetermeer.",
)
CASES: Final = (str, str.lower, str.upper)
AGES: Final = ("18", "34", "67", "vierendertig", "twee-en-vijftig", "eenentachtig")
AGE_PLACES: Final = (
    "Mijn oma is nog maar {n}!",
    "Zij is ongeveer {n}.",
    "De melder werd vorige week {n} en was verdrietig.",
    "Toen mijn man {n} was begon het pesten.",
    "Hij is gwn {n}",
    "lft {n}, klacht over school",
    "Die jongen is te oud, {n} namelijk.",
    "Cliënte met haar {n} jaren werd weggestuurd.",
    "Onze collega {n}, twee kinderen, werkt in een winkel.",
    "Met {n} ben je te oud zeiden ze.",
    "De bewoonster / {n} / gehuwd",
)
CODES: Final = (
    ("ik word in maart 80 en zij in juni tachtig", "tachtig"),
    ("Ik ben 34 en mijn man 36.", "36"),
    ("Hij is\ntwee-en-\nvijftig. Hij klaagt.", "vijftig"),
    ("Onze jongste is 13¾, dus toestemming vragen", "13¾"),
    ("Mi tin desinuebe aña i mi ta bibá na Assen", "desinuebe"),
    ("tengo treinta y dos años y vivo en Assen", "treinta"),
    ("Groeten\nHet Geer 6\nhuis\n27 I 4 AS", "27 i"),
    ("Onder de Molen 4 zw 27 19 kp Assen", "onder"),
    ("mail naar k.aziz@@gmail.com graag", "aziz"),
    ("Ik huur een kamer op Naast het Spoor 14-II.", "spoor"),
    ("sinds kort op Hofstede Landlust 7hs, daar begon het", "landlust"),
    ("ze gooiden eieren tegen ons huis aan De Oude Smidse 14.", "smidse"),
    ("wonend te buiten de poort i7, geboren in Syrië", "poort"),
    ("golf 88 streepje ZK streepje PD stond er", "zk"),
    ("foto van zn bus XV streepje 616 streepje J", "616"),
    ("De bestuurder reed weg (13-XDV-\n2).", "xdv"),
    ("PV-6ll-P = grijze Polo", "pv-6ll"),
    ("Hij reed in een blauwe auto, FV 6 33G, en schold", "33g"),
    ("kenteken dacht ik H negen negen N B G", "negen"),
    ("mijn postcode is 1083/RS in Zoetermeer", "1083"),
    ("Lindelaan 12\n9741\nKX Zoetermeer", "9741"),
    ("ik woon in 974i tz dus dichtbij", "974i"),
    ("de buurt (9741 (RS)) is niet veilig", "9741"),
    ("ik woon in 2712, tz dus dat is dichtbij", "2712"),
    ("klachtnr. een drie negen twee drie, niks gehoord", "twee"),
    ("mijn paspoort negen twee twee twee zeven is ingenomen", "negen"),
    ("melding vier vijf drie negen negen bij de gemeente", "vijf"),
    ("My case number is negen vijf een vier twee and nothing", "vijf"),
    ("patiëntnr zeven drie zes acht zes van het ziekenhuis", "acht"),
)
"""Plates, postcodes and numbers whose parts stand apart, with a part that must go."""
LEAST_ADDRESSES: Final = 0.95
LEAST_AGES: Final = 0.97

STAYS: Final = (
    "Karim Aziz, groep 8, werd gepest.",
    "Mijn dochter Noor (klas 3b) wordt gepest.",
    "Karim Aziz (team 2) zegt niks.",
    "Wij wonen hier met drie kinderen.",
    "Ik woon in een straat met drie woningen.",
    "Ik woon in Rotterdam 2 straten verder.",
    "Adres: onbekend, 3 getuigen",
    "Het was voor de deur van zaal 4.",
    "Karim Aziz, artikel 1, Grondwet",
    "Ik woon in Assen\n2. Mijn buurman scheldt",
    "Bewoners van drie flats klagen.",
    "Ik sta ingeschreven voor 3 woningen.",
    "Ik woon op mezelf 3 dagen per week.",
    "I live in Zoetermeer with two kids",
    "Het is 12 en ik wacht nog.",
    "Zij was nummer 12 in de rij.",
    "Zij is 2 van de tien.",
    "Ze waren 14 en wij 3.",
    "Getuige 12, een vrouw, zag het.",
    "Met 14 is het team compleet.",
    "Dus 14 mensen zagen het.",
    "Wij waren vijf en zij vier, dat was oneerlijk.",
    "Ik ben zeker 40 keer gebeld.",
    "Hij is twee tegen een.",
    "Het huis is oud, dus 14 ramen zijn stuk.",
    "De auto stond 5 km en 100 m verder.",
    "auto van 5 km 100 m verder",
    "Het was model BMW 320 d zei hij.",
    "score 3-2-1 en 4-4-2 met de auto",
    "Ik deed een melding een keer of twee.",
    "mijn bestelling twee drie dagen later",
    "In 2011, na de zomer, woonde ik in Assen.",
    "in 2012/om en nabij",
    "Hij zit in de ploeg van Ajax 2",
    "Dat stond op pagina 7 bis.",
    "Ik zit op niveau 2",
    "de man van team 3",
    "wij zitten met 4 man in een huis",
    "pakket van PostNL 3 weken kwijt",
    "Ik kreeg brief 2 en hij heeft 3 honden.",
    "hace veinte años que vivo en Assen",
)


def _leaks(texts: list[tuple[str, str]], lexicon: Lexicon) -> list[str]:
    """The texts in which a word that had to go can still be read."""
    found = ((text, word, redact(text, lexicon=lexicon).text.lower()) for text, word in texts)
    return [text for text, word, left in found if word.lower() in left]


def test_a_street_is_known_by_its_place_whatever_it_is_called(lexicon: Lexicon) -> None:
    """Every street meets every number; place and case go round, so that each pair of them is met."""
    texts = [
        (CASES[at % 3](PLACES[at % len(PLACES)].format(a=f"{street} {house}")), street.split()[-1])
        for at, (street, house) in enumerate(product(STREETS, HOUSES))
    ] + [(place.format(a=f"{street} 14"), street.split()[-1]) for street, place in product(STREETS, PLACES)]
    leaks = _leaks(texts, lexicon)
    assert len(leaks) <= len(texts) * (1 - LEAST_ADDRESSES), leaks


def test_an_age_is_known_by_its_place(lexicon: Lexicon) -> None:
    texts = [
        (CASES[at % 3](place.format(n=age)), age.split("-")[-1])
        for at, (place, age) in enumerate(product(AGE_PLACES, AGES))
    ]
    leaks = _leaks(texts, lexicon)
    assert len(leaks) <= len(texts) * (1 - LEAST_AGES), leaks


@pytest.mark.parametrize(("text", "part"), CODES)
def test_a_code_whose_parts_stand_apart_goes(text: str, part: str, lexicon: Lexicon) -> None:
    assert _leaks([(text, part)], lexicon) == []


@pytest.mark.parametrize("text", STAYS)
def test_what_looks_like_an_address_or_an_age_or_a_code_stays(text: str, lexicon: Lexicon) -> None:
    kinds = {mark.kind for mark in redact(text, lexicon=lexicon).marks}
    assert kinds.isdisjoint({"ADDRESS", "AGE", "POSTCODE", "LICENSE_PLATE", "ID_NUMBER"})
