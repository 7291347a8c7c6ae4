# SPDX-License-Identifier: EUPL-1.2
"""Codes, accounts, days and ages as they are dictated, and numbers that scans garble; counts and lists stay."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("Naarn: onbekend, geb.dat: l2-O4-l96B", "l2-O4-l96B"),
    ("Geboortedaturn : O3 / l2 / l957", "O3 / l2 / l957"),
    ("Tel. : O6 - 4B 11 2O 93", "O6 - 4B 11 2O 93"),
    ("Telef00n: o6.4811.2093", "o6.4811.2093"),
    ("BSN : l23 4S6 7B2", "l23 4S6 7B2"),
    ("BSN 1 23.45 67.82", "1 23.45 67.82"),
    ("Postcode: 97l3 KP Groningen", "97l3 KP"),
    ("9713 K P Groningen", "9713 K P"),
    ("97 13KP", "97 13KP"),
    ("Adres : Dahlialaan l4 b", "Dahlialaan l4 b"),
    ("Adres: Dahlia-\nlaan 14", "Dahlia-\nlaan 14"),
    ("Dahl1alaan 14", "Dahl1alaan 14"),
    ("E-rnail : j.kok @ kpnrnail . nl", "j.kok @ kpnrnail . nl"),
    ("E-mail j.kok©kpnmail.nl", "j.kok©kpnmail.nl"),
    ("E-mail: j_kok (at)kpnmail.nl", "j_kok (at)kpnmail.nl"),
    ("Rekening: NL91 A8NA O417 l643 OO", "NL91 A8NA O417 l643 OO"),
    ("IBAN: NL91ABNAO417l64300", "NL91ABNAO417l64300"),
    ("Kenmerk : Z / 2O25 / OO447", "Z / 2O25 / OO447"),
    ("Uw kenmerk: BJZ-25 / 0 0 4 4 7", "BJZ-25 / 0 0 4 4 7"),
    ("Ons kenrnerk 25/BZ/447", "25/BZ/447"),
    ("Polisnurnmer Z 4471 - 09", "Z 4471 - 09"),
    ("Datum : l4 rnaart 2O25", "l4 rnaart 2O25"),
    ("Datum: 14 maart Z025", "14 maart Z025"),
    ("dd. 1 4 maart 2025", "1 4 maart 2025"),
    ("14-03-2O25 1O:2O uur", "14-03-2O25"),
    ("Leeftijd : 4l jaar", "4l jaar"),
    ("Leeftijd: 4 1 jr", "4 1 jr"),
    ("(5l jr)", "5l jr"),
    ("Kenteken : H - 9l 2 - VK", "H - 9l 2 - VK"),
    ("kenteken H-9I2-VK", "H-9I2-VK"),
    ("Paspoort NW7 B4K 2L9", "NW7 B4K 2L9"),
    ("Dossiernr. O0447 / 2O25", "O0447 / 2O25"),
    ("Dossiernr : 447 1 2 B", "447 1 2 B"),
    ("Lid nr. O 4471", "O 4471"),
    (
        "mijn geboortedatum is twaalf april negentienhonderd achtenzestig punt",
        "twaalf april negentienhonderd achtenzestig",
    ),
    ("ik ben van twaalf vier achtenzestig", "twaalf vier achtenzestig"),
    ("geboren op twaalf april achtenzestig", "twaalf april achtenzestig"),
    ("ik ben zevenenvijftig komma ik heb ms", "zevenenvijftig"),
    ("ik ben nu zeven en vijftig", "zeven en vijftig"),
    ("telefoonnummer nul zes vier acht elf twintig drieënnegentig", "nul zes vier acht elf twintig drieënnegentig"),
    ("telefoon nul zes achtenveertig elf twintig drie negen", "nul zes achtenveertig elf twintig drie negen"),
    ("het nummer is nul vijftig drie één twee zes acht acht vijf", "nul vijftig drie één twee zes acht acht vijf"),
    ("postcode zevenennegentig dertien k p", "zevenennegentig dertien k p"),
    ("postcode negen zeven een drie kp", "negen zeven een drie kp"),
    ("postcode negen zeven een drie karel pieter", "negen zeven een drie karel pieter"),
    ("ik woon dahlialaan veertien b in groningen", "dahlialaan veertien"),
    ("ik woon op de dahlialaan nummer veertien", "dahlialaan"),
    ("adres dahlialaan veertien b", "dahlialaan veertien b"),
    ("mijn mail is j punt kok apenstaartje kpn mail punt nl", "j punt kok apenstaartje kpn mail punt nl"),
    ("mail jan kok zestig apenstaartje gmail punt com alles aan elkaar", "jan kok zestig apenstaartje gmail punt com"),
    ("mail j o k o k at gmail punt com", "j o k o k at gmail punt com"),
    ("bsn een twee drie vier vijf zes zeven acht twee", "een twee drie vier vijf zes zeven acht twee"),
    (
        "bsn is honderddrieëntwintig vierhonderdzesenvijftig zevenhonderdtweeëntachtig",
        "honderddrieëntwintig vierhonderdzesenvijftig zevenhonderdtweeëntachtig",
    ),
    (
        "mijn rekeningnummer is n l negen een a b n a nul vier een zeven een zes vier drie nul nul",
        "n l negen een a b n a nul vier een zeven een zes vier drie nul nul",
    ),
    ("kenteken h negen een twee v k", "h negen een twee v k"),
    ("kenteken hendrik negen een twee victor karel", "hendrik negen een twee victor karel"),
    ("het gebeurde op veertien drie vijfentwintig", "veertien drie vijfentwintig"),
    ("het gebeurde op vrijdag veertien maart", "vrijdag veertien maart"),
    ("het was de veertiende toen dat gebeurde", "de veertiende"),
    ("zaaknummer zet vijfentwintig streep nul nul vier vier zeven", "zet vijfentwintig streep nul nul vier vier zeven"),
    ("zaaknummer z streepje twee vijf streepje vier vier zeven", "z streepje twee vijf streepje vier vier zeven"),
    (
        "dossier vierhonderdzevenenveertig schuine streep vijfentwintig",
        "vierhonderdzevenenveertig schuine streep vijfentwintig",
    ),
    ("klantnummer vier vier zeven een", "vier vier zeven een"),
    ("lidnummer vierenveertig eenenzeventig", "vierenveertig eenenzeventig"),
    ("insta jan underscore kok", "jan underscore kok"),
    ("site jan kok punt nl", "jan kok punt nl"),
)
STAYS = (
    "het nummer is twee keer gebeld en niemand nam op",
    "de code is rood en niemand deed iets",
    "mijn zaak is een twee keer afgewezen",
    "nummer een twee en drie van de lijst kregen een huis",
    "op insta een punt gemaakt over racisme",
    "mijn account is een week dicht",
    "de klacht nummer een en nummer twee zijn weg",
    "dat nummer vier vijf keer gedraaid",
    "het kenteken was niet te zien",
    "de postcode van de wijk is bekend",
    "mijn code is kwijt en de pas ook",
    "de polis is drie dagen later opgezegd",
    "zaak een is dat ik niet mocht",
    "zaak twee is dat hij lachte",
    "we hebben het over kenmerk een en kenmerk twee",
    "op facebook staat een punt twee keer",
    "ik was de twintigste in de rij",
    "hij was de vijftiende die dat zei",
    "op de dertiende verdieping woont hij",
    "ik ben van twee kanten gepakt",
    "ik ben van een op de ander dag ontslagen",
    "tel op een hand wie er nog is",
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_dictated_or_garbled_number_when_redacted_then_it_is_gone(
    text: str, gone: str, lexicon: Lexicon
) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_given_what_looks_like_a_dictated_or_garbled_number_when_redacted_then_nothing_goes(
    text: str, lexicon: Lexicon
) -> None:
    assert redact(text, lexicon=lexicon).text == text
