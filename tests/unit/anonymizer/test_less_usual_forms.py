# SPDX-License-Identifier: EUPL-1.2
"""Less usual forms, one sentence for each rule: what identifies someone goes, what carries the ground stays."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("ik las het bericht, gepost door @noor.kwast.nl gisteren", "noor.kwast"),
    ("Aanbieder staat bij zie ook @kamers_rijk. Verder niets.", "kamers_rijk"),
    ("Advertentie: koopwaar.example/v/m998877 met een uitsluiting", "m998877"),
    ("De bijlage staat op http intra, zie stukken.example/hr/2026/lijst", "lijst"),
    ("Account praatjesmaker88 dreigt met geweld.", "praatjesmaker88"),
    ("op snap heet ik lotus-kind9 en daar word ik gepest", "lotus-kind9"),
    ("kijk op www punt veenhuis punt nl slash jaap", "veenhuis"),
    ("Kenteken deels KR-..-7, een witte bestelbus.", "KR-..-7"),
    ("Mijn sollicitatiecode is QX#0771b en ik hoor niets.", "0771b"),
    ("Op de strook staat personeelsnummer: 0047/K.", "0047/K"),
    ("mijn badge nummer is zeven-acht-een", "zeven-acht-een"),
    ("mijn klantnummer is drie vijf negen", "drie vijf negen"),
    ("De boete kwam van CJIB 5512 7733 9944 2211.", "7733"),
    ("Naarn : 0lga Verschoor , Wijk 3", "0lga"),
    ("De heer Bo1derman heeft mij geslagen.", "Bo1derman"),
    ("Zij wonen aan het Sluis 33 met drie kinderen.", "Sluis 33"),
    ("Antwoord graag naar: Ravijn de Grote Beer 5, 9911 KX.", "Ravijn"),
    ("Adres : Anemoontuin l7 , 1111 K K", "Anemoontuin"),
    ("Wij wonen aan de Kwikstaartlaan 30 t/m 36 en de hal is beklad.", "36"),
    ("Dat zei Anne-Bet. Getekend, AB", "AB"),
    ("Manuela werd weggestuurd. Meld het toch, Manu, zei ik nog.", "Manu,"),
    ("aldus mevrouw Kerkven-\nhoven van de balie", "hoven"),
    ("Ik klaagde bij meneer Kerst en die lachte.", "Kerst"),
    ("Het gaat om Chr. van 't Laar en zijn zoon.", "Laar"),
    ("Mijn familienaam is Bisschop en dat vinden ze raar.", "Bisschop"),
    ("Zij is van Molukse afkomst en 83.", "83"),
    ("Karim, een goeie 52, kreeg geen baan.", "52"),
    ("Te jong. Of te oud. 61. Dat zeiden ze.", "61"),
    ("was zondagmiddag 18e bij de haven", "18e"),
    ("Wij trouwden op de elfde van de negende, 1999.", "elfde van de negende"),
    ("It happened on the 4th, a Tuesday.", "4th"),
    ("Moeder zit op afdeling De Iepen, kamer 12 van het huis.", "Iepen"),
    ("zij staat altijd bij de notenkraam om een uur of elf", "notenkraam"),
    ("Bij de lichtmast tegenover de ingang van de Vomar werd ik geslagen.", "lichtmast"),
    ("Ik ben de enige die de leerlingpassen uitgeeft bij ons.", "leerlingpassen"),
    ("Ik ben de eerste Turkse brandmeester van Goor.", "brandmeester"),
    ("Van: bestuur v.v. Blauw-Geel '62, inzake uw klacht", "Blauw-Geel"),
    ("Ik klaagde bij Tandarts Zuidhof over zijn opmerking.", "Zuidhof"),
    ("De eigenaar Zandlaan sr. wil geen Polen.", "Zandlaan"),
    ("Met groet, W. (Wies) Hoogkamp, Lisse", "Hoogkamp"),
    ("Zij is ontslagen, ik ben nl 53.", "53"),
    ("met van galen spreekt u ik heb een klacht over de bus", "galen"),
    ("mijn geboortedatum is acht mei negentienzesenzeventig en ik ben doof", "zesenzeventig"),
    ("Cliënt is Afghaan, 27. Werkt in een kas.", "27"),
    ("ik zit op het brinkerland college in 4c en word gepest", "brinkerland"),
    ("mijn moeder werd uitgelachen bij apotheek zuidkamp door iemand", "zuidkamp"),
    ("Dit is mijn derde melding, eerdere nummers 25-118 en 25-340.", "25-340"),
    ("In de nacht van 18 op 19 maart is mijn ruit ingegooid.", "18"),
    ("Mijn broer van 17, mijn zus 15 en ik 24.", "24"),
    ("In vak H rij 12 van het stadion riepen ze geluiden.", "vak H"),
    ("In lokaal B1.14 zei de docent het weer.", "B1.14"),
    ("Hij is eigenaar van Rozenburg Bloemen & Planten.", "Rozenburg"),
    ("Gesprek gehad. BSN 1112 22 333 staat erbij.", "22 333"),
    ("Code AB 4411 van 12 mei is weg.", "4411"),
    ("Wij wonen op Plein 1953 12 in Goor.", "12"),
    ("Locatie: Brink 3B.", "Brink"),
    ("Het pand aan de Korte Lindenhout 113-II staat leeg.", "Lindenhout"),
    ("Adres: Achter de Toren 9, Goor", "Toren"),
    ("Stuur het naar Burg. Mr. v.d. Kolkstr. 14 bis in Goor.", "Burg."),
    ("Wij huren Ommelkant 13-unit 208 als kerk.", "Ommelkant"),
    ("Mijn school is 't Zonnerad in de wijk.", "Zonnerad"),
    ("Bij Cafetaria de Hoek kreeg ik niets.", "de Hoek"),
    ("Über das Autohaus Seeblick beschwere ich mich sehr, weil der Chef lacht.", "Seeblick"),
)
STAYS = (
    ("Hij riep kankerlesbo en tyfusturk naar ons.", "kankerlesbo en tyfusturk"),
    ("Zij is Arabischsprekend en draagt een hoofddoek.", "Arabischsprekend"),
    ("Er stond een hindoebeeld voor ons raam.", "hindoebeeld"),
    ("Wij spraken Farsi en Dari op het werk.", "Farsi en Dari"),
    ("HEMA: hoi\nKlant: ik werd geweigerd\nHEMA: wat naar\nKlant: ja", "HEMA: wat naar"),
    ("Guest: hello\nAgent: hi\nGuest: I was refused\nAgent: sorry", "Guest: I was refused"),
    ("Vragen staat vrij\nTim (discriminatie.nl): hoi\nik: ha\nTim (discriminatie.nl): dag", "(discriminatie.nl): dag"),
    ('Ik wil niet dat de vereniging "een Hollandse sfeer" wil houden.', "een Hollandse sfeer"),
    ("Ik mocht niet op de nachtwinkel De Uil rekenen.", "nachtwinkel"),
    ("Wij werden geweigerd bij sauna De Bron.", "sauna"),
    ("heb je die man van de Jumbo nog gezien", "man van de Jumbo"),
    ("De beveiliger van het winkelcentrum riep mij na.", "van het winkelcentrum"),
    ("De trainer van de C2 stelt hem niet op.", "van de C2"),
    ("Beller gaf geen naam, Utrecht.", "Utrecht"),
    ("Op de TU Eindhoven hebben wij klachten.", "TU Eindhoven"),
    ("J'habite à La Haye depuis un an.", "La Haye"),
    ("Lahey'de oturuyorum ve Den Haag'da çalışıyorum.", "Den Haag'da"),
    ("Mijn fiets is met purschuim vastgezet door de buurman.", "purschuim"),
    ("My boss said we were good but not good enough.", "we were good but not good enough"),
    ("Eén van hen lachte en zei dat het zó hoort.", "Eén van hen"),
    ("PERS0NEELSGESPREK over mijn werk en mijn geloof", "PERS0NEELSGESPREK"),
    ("De ingang bij het stadhuis is te hoog voor mijn rolstoel.", "ingang bij het stadhuis"),
    ("Ik kom net uit jullie winkel van Action met mijn hond.", "winkel van Action"),
    ("ING kantoor Stadshart weigerde mij.", "ING kantoor Stadshart"),
    ("Ik sprak iemand van de afdeling Vergunningen over mijn aanvraag.", "afdeling Vergunningen"),
    ("Drempel van 20 cm, bladzijde 2 van 2.", "van 20 cm"),
    ("In bus 4 bij halte Ganzenweide toen drie jongens mij uitscholden.", "toen drie jongens mij uitscholden"),
    ("Het was de eerste zwarte dag van dit jaar.", "de eerste zwarte dag"),
    ("Het enige café van het dorp weigert haar te bedienen.", "weigert haar te bedienen"),
    ("Wij zijn Kenianen en Armeniërs uit de buurt.", "Kenianen en Armeniërs"),
    ('Meester Ruud noemt hem steeds "dromedaris" in de klas.', "dromedaris"),
    ("Sehr geehrte Damen und Herren, ich wohne hier.", "Damen und Herren"),
    ("Aan de heer Officier van Justitie te Assen", "Officier van Justitie"),
    ("Wij wonen op woonwagencentrum De Hoeve.", "woonwagencentrum"),
    ("Voor de ingang van de moskee aan de gracht lag een kop.", "moskee"),
    ("Het gebeurde bij de speeltuin Het Kikkertje, elke dag.", "speeltuin"),
    ("Ons clubje De Vrolijke Fluit mag niet meer repeteren.", "clubje"),
    ("My colleagues make jokes about my religion every day.", "every day"),
    ("Ik ben beheerder van de kinderboerderij in Goor en moslim.", "Ik ben"),
    ("Mogen we uw naam en mailadres noteren?", "naam en mailadres"),
    ("Als dirigent van het koor in Goor heb ik gemerkt dat het anders is.", "heb ik gemerkt"),
    ("Beste mevrouw. lk ben al vier jaar klant.", "lk ben al vier jaar"),
    ("Rotterdam'da yaşıyorum, ben Rotterdam'dan geldim.", "ben Rotterdam'dan geldim"),
    ("Hello, I live in Utrecht and I am deaf.", "Hello, I live"),
    ("Die Personalabteilung reagiert nicht, weil ich schwanger bin.", "Personalabteilung"),
    ("In lijn 3 richting Vogelmeer werd ik bespuugd.", "richting Vogelmeer"),
    ("Mi ta biba na Kòrsou i nan ta hari numa.", "biba na Kòrsou i nan ta hari numa"),
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_less_usual_form_when_redacted_then_it_is_gone(text: str, gone: str, lexicon: Lexicon) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize(("text", "kept"), STAYS)
def test_given_words_that_carry_the_ground_when_redacted_then_they_stay(text: str, kept: str, lexicon: Lexicon) -> None:
    assert kept in text
    assert kept in redact(text, lexicon=lexicon).text


def test_given_a_surname_that_ends_like_a_people_when_redacted_then_it_is_a_name(lexicon: Lexicon) -> None:
    assert "Ammerlaan" not in redact("Ik sprak eigenaar Ammerlaan daarover.", lexicon=lexicon).text
    assert redact("Wij zijn Marokkanen en Antillianen.", lexicon=lexicon).text == "Wij zijn Marokkanen en Antillianen."
