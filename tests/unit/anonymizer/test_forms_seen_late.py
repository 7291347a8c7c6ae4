# SPDX-License-Identifier: EUPL-1.2
"""Forms that texts written blind showed to be missed: they go, and what looks like them stays."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("hoi ik ben Yara en bel me ff op nul6 dertien 88 vier 20 19 of app", "nul6 dertien 88 vier 20 19"),
    (
        (
            "Tel.notitie 11/11 14.20: mw., 71 jr, woont Oude Haven 3-2 rood, pc 35 11 gk. Zoon (43) "
            "belt terug op 030 2345 6 78. Dossier bij u: 2025 - 00419."
        ),
        "11/11",
    ),
    (
        (
            "mijn bsn is één twee drie vier vijf zes zeven acht twee en geboren de tweede van de zesde "
            "zesenzestig te Meppel"
        ),
        "één twee drie vier vijf zes zeven acht twee",
    ),
    (
        "Kenteken v/d taxi was iets met TX 88 en dan nog een letter, chauffeursnr 4471. Was op 23 10 om kwart over 8.",
        "TX 88",
    ),
    (
        (
            "l.s., ik ben 47j en man, mail: r punt vos 1978 apestaartje outlook, bel liever niet. IBAN "
            "voor de borg NL 55 INGB 000 12 34 567."
        ),
        "47j",
    ),
    ("ticket #88-1204-B, ingelogd als rvos78, vanaf ip 84 . 12 . 220 . 7", "#88-1204-B"),
    (
        "cliënte geb 12 v 1961, adr. Hof v Holland 12 A 3hg, burgerlijke staat gehuwd, kinderen (14 en 17)",
        "Hof v Holland 12 A 3hg",
    ),
    ("Ik zit op de Bilderdijkkade nr 9 driehoog achter en de buren van 11 roepen elke dag iets", "Bilderdijkkade"),
    ("hij schreef vanaf janko-de-vis@tele 2 . nl en ook via telegram @janko_v", "janko-de-vis@tele 2 . nl"),
    ("Op 3en twintig maart stond ik bij het loket, volgnummer C 209, medewerker nr 17", "3en twintig maart"),
    ("zaaknr rechtbank C/13/7788 HA ZA 25-91, advocaat belt o2o 62o 11 22", "C/13/7788 HA ZA 25-91"),
    ("Ik ben drieëntwintig en mn zusje negen, allebei uitgescholden afgelopen dinsdag de 4de", "drieëntwintig"),
    ("DOB 4th of July 1990, NI number QQ 12 34 56 C, flat 4b, 17 Harbour Lane", "4th of July 1990"),
    ("Ich bin siebenunddreißig und wohne Am Deich 12b, Tel null eins sieben sechs 55 44 33 2", "siebenunddreißig"),
    ("Doğum: 5.6.85, tel sıfır beş üç iki 44 55 66, adres Gül Sokak 12/4", "5.6.85"),
    ("Mam trzydzieści siedem lat, mieszkam ul. Krucza 5 m 8, tel sześć zero zero 123 456", "trzydzieści siedem lat"),
    ("J'ai quarante-deux ans, né le 3 du 4 1983, tel zéro six douze 34 56 78", "quarante-deux ans"),
    ("mi tin trinta i ocho aña, mi number ta 6 9 5 1 2 3 4", "trinta i ocho aña"),
    ("V-nr 28 7 123 45 67, zorgpolis ZK-9912-33, lid v/d bond sinds 2001, lidnr B 1209", "28 7 123 45 67"),
    ("Hij woont op de Vliet 12 boven, Vliet nr twaalf dus, naast de bakker", "op de Vliet 12 boven"),
    ("pas verhuisd naar Seringenln 8 II, daarvoor Postbus 55", "Seringenln 8 II"),
    ("'t Hoefje 4, 1234 in Almere", "'t Hoefje 4"),
    ("DHL pakket JVGL 0612 3456 7890 12 en order NL-77 81 92", "JVGL 0612 3456 7890 12"),
    ("BIG nr 8 9 0 1 2 3 4 5 6 0 1, AGB 94 05 12 34", "8 9 0 1 2 3 4 5 6 0 1"),
    ("mijn kind is 7 en een halve maand oud", "7 en een halve maand"),
    ("ze is van bouwjaar '55 zeg maar", "bouwjaar '55"),
    ("een vent van een jaar of dertig", "dertig"),
    ("mn opa (bijna 90) en oma (ook die leeftijd)", "bijna 90"),
    ("word a.s. zaterdag achttien", "achttien"),
    ("6 december 2025 om 10:14 kreeg ik dit bericht van +31 6 11 22 33 44", "6 december 2025 om 10:14"),
    ("in de nacht v za 5 op zo 6 juli", "za 5 op zo 6 juli"),
    ("gebeurd op 2e pinksterdag 2024", "2e pinksterdag"),
    ("het was die eenendertigste oktober", "eenendertigste"),
    ("15-o1-2o25", "15-o1-2o25"),
    ("begin dit jaar, ik meen 8 jan", "8 jan"),
    ("ergens tussen 1 en 4 febr.", "1 en 4 febr."),
    ("Ik ben Femke '97 en slechthorend.", "'97"),
    ("mevrouw, Kempenaar '48, belt", "'48"),
    ("adres Kolk 4 zwart, Deventer", "Kolk 4 zwart"),
    ("het kenteken van die wagen was denk ik RT 91 nog iets", "RT 91"),
    ("Was op 14 6 om half negen.", "14 6"),
    ("ingelogd als fkemp48 zag ik niets", "fkemp48"),
    ("schreef vanaf fem.ke@zigg o . nl aan mij", "fem.ke@zigg o . nl"),
    ("op de 5en twintigste april was dat", "5en"),
    ("baliemedewerker nr 23 deed zo", "23"),
    ("bel o6 1o 22 33 o5", "o6 1o 22 33 o5"),
    ("mijn broertje twaalf en ik", "twaalf"),
    ("mijn dochter is zeventien en blind", "zeventien"),
    ("Doofblinde man van een jaar of zestig.", "zestig"),
    ("ze wordt a.s. dinsdag tachtig", "tachtig"),
    ("nacht van vr 4 op za 5 juli", "vr 4 op za 5 juli"),
    ("tengo cuarenta y dos años", "cuarenta y dos años"),
    ("wij wonen op 12 Mill Lane in Den Haag", "12 Mill Lane"),
    ("Mijn naam wil ik niet zeggen, ik ben een vrouw van in de zestig en ik rijd een JX-7-9-4-L.", "zestig"),
    ("In '25 op 17 mrt ('s avonds) is het gebeurd aan de Prinsenlaan thv nr 88.", "'25"),
    ("tel. nr. 06 - 21 34 88 (0) 1", "06 - 21 34 88 (0) 1"),
    ("mobielnr +31 (6) 213 488 01 of vast (0)15 21 3 44 55", "+31 (6) 213 488 01"),
    ("mijn lidmaatschapnr. bij de bond luidt als volgt: AB 77-1023", "AB 77-1023"),
    ("kenmerk brief gemeente Z/25/0117-b, uw brief van 9 okt. jl.", "Z/25/0117-b"),
    ("reactie op uw schrijven dd 9/10", "uw schrijven dd 9/10"),
    ("e-mailadres: j . vd berg 1960 @ hetnet . nl", "j . vd berg 1960 @ hetnet . nl"),
    ("mail hem op fred.k at hotmail punt com of via linkedin (fredkoster-8a1)", "fred.k at hotmail punt com"),
    ("zijn insta heet @fr3d.k en snap fr3dk", "@fr3d.k"),
    ("URL van de advertentie: marktplaats . nl/a/88123", "marktplaats . nl/a/88123"),
    ("gezien in een Golf, kenteken (deels) 4-?-KZ-8", "4-?-KZ-8"),
    ("personeelspasnr. 00-4471, afd. C", "00-4471"),
    ("de conducteur met nummer 0912 op zijn jas", "0912"),
    ("meldcode 7XK-22-P", "7XK-22-P"),
    ("Mijn uitkeringsnr is 8812.44.190, WMO-nr W 12 0099", "8812.44.190"),
    ("geb. 14/viii/'52", "14/viii/'52"),
    ("geb. veertien acht tweeënvijftig", "veertien acht tweeënvijftig"),
    ("zijn geboortedag 14 augs 1952", "14 augs 1952"),
    ("'s ochtends op 1-1-'26", "1-1-'26"),
    ("dd. vr. 13-02-26", "vr. 13-02-26"),
    ("(vrijdag 13 feb)", "vrijdag 13 feb"),
    ("op vrijd. 13 febr", "vrijd. 13 febr"),
    ("13 Febr 2026 om half tien", "13 Febr 2026"),
    ("zaterdag jl., de 14e", "zaterdag jl., de 14e"),
    ("veertiende februari dit jaar", "veertiende februari"),
    ("op Valentijnsdag 14/2", "Valentijnsdag 14/2"),
    ("Ik, m, zesendertig, Surinaams", "zesendertig"),
    ("Dame (in de tachtig) met rollator", "in de tachtig"),
    ("Jongetje, 8 jr en 3 mnd", "8 jr en 3 mnd"),
    ("hij is ongeveer mijn leeftijd, 50", "ongeveer mijn leeftijd, 50"),
    ("leeftijd client: tweeënzeventig", "tweeënzeventig"),
    ("leeftijd : 72 j.", "72 j."),
    ("72-jarige klant", "72-jarige"),
    ("Ik werd op mijn zestiende al uitgescholden", "op mijn zestiende"),
    ("Wij wonen op de Zandweg tussen 14 en 18 in", "Zandweg"),
    ("ik woon in het 3e huis aan de Zandweg", "3e huis aan de Zandweg"),
    ("adres: Zandweg veertien", "Zandweg veertien"),
    ("Zandweg 14/16", "Zandweg 14/16"),
    ("Zandwg. 14", "Zandwg. 14"),
    ("op adres zandweg 14 te utrecht", "zandweg 14 te utrecht"),
    ("Prof. v.d. Waalslaan 3-B12", "Prof. v.d. Waalslaan 3-B12"),
    ("Laan 1940-1945 nr 12", "Laan 1940-1945 nr 12"),
    ("Plein 1813 4", "Plein 1813 4"),
    ("Jan van Galenstr. 4-III", "Jan van Galenstr. 4-III"),
    ("postbus 90 123", "90 123"),
    ("pc/hnr: 3571 ab 12", "3571 ab 12"),
    ("3571AB-12", "12"),
    ("3571ab12", "3571ab12"),
    ("postcode en huisnr 3571 AB / 12", "3571 AB / 12"),
    ("sofi 1234 56 782", "1234 56 782"),
    ("BSN: 111-222-333", "111-222-333"),
    ("b.s.n. 111 222 333", "111 222 333"),
    ("id kaart SPECI2014", "SPECI2014"),
    ("verblijfsdocument nr I 1234 5678", "I 1234 5678"),
    ("IND klantnr 28 1234 5678", "28 1234 5678"),
    ("rekening 12.34.56.789", "12.34.56.789"),
    ("IBAN eindigend op ..4300", "..4300"),
    ("creditcard 5412 7512 3412 3456", "5412 7512 3412 3456"),
    ("cvc 123", "123"),
    ("klant-id 8812", "8812"),
    ("studentennummer s 1234567", "s 1234567"),
    ("OV nr 3528 0101 2233 4455", "3528 0101 2233 4455"),
    ("kamer B-212 in het azc", "B-212"),
)
STAYS = (
    "Het duurde een jaar of drie.",
    "Een jaar of tien geleden ook al.",
    "mijn broer een keer en mijn zus ook",
    "Ik zag agent 3 keer langskomen.",
    "Hij kreeg op 10 5 punten aftrek.",
    "Dat is van '97 of zo, die stoel.",
    "mijn dochter acht dit onjuist en stopt",
    "mijn zoon elf keer gebeld",
    "Op de kaart staat 14 6 keer.",
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_form_seen_late_when_redacted_then_it_is_gone(text: str, gone: str, lexicon: Lexicon) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_given_what_looks_like_a_form_seen_late_when_redacted_then_nothing_goes(text: str, lexicon: Lexicon) -> None:
    assert redact(text, lexicon=lexicon).text == text
