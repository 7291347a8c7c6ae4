# SPDX-License-Identifier: EUPL-1.2
"""Everyday words that are names by the words around them, names cut short or broken, and what only looks like them."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    # Subjects of what only people do.
    ("ik stond bij de balie en koning zei dat ik weg moest", "koning"),
    ("en toen riep wolf dat ik naar huis kon", "wolf"),
    ("en wil zegt dat het een grapje was", "wil"),
    ("hij zei niks want vlinder lachte hem uit", "vlinder"),
    # After prepositions before persons.
    ("ik heb het tegen roos gezegd en die geloofde mij niet", "roos"),
    ("volgens merel was het niet de eerste keer", "merel"),
    ("dat heb ik aan valk gevraagd maar ik hoor niks", "valk"),
    ("ik durf niet met beer alleen te werken", "beer"),
    ("hij zei het tegen wil maar die deed niks", "wil"),
    ("Hij zei tegen mo en mij dat we weg moesten. Meneer de Wit ook.", "tegen mo"),
    # Rare words that stand more than once, never with an article.
    ("prutser was er ook. kwab zei dat het niet mocht en alleen kwab bleef bij ons", "kwab"),
    # Presented by who they are, greetings and closings.
    ("mijn collega haas zei dat ik moest kappen", "haas"),
    ("hoi met mij duif alles goed met jou", "duif"),
    ("ik kom morgen niet werken groetjes vlinder", "vlinder"),
    ("mijn baas heette wil en hij wil niet praten", "heette wil"),
    # Adjectives without an ending after `de`.
    ("ik heb het aan de jong verteld en die deed niks", "de jong"),
    ("volgens de bruin mocht ik niet naar binnen", "de bruin"),
    ("u spreekt met mevrouw de wit en ja de wit met een t", "de wit"),
    ("ik ben niek de graaf en ja de graaf met een f", "graaf"),
    # Kept words that are somebody's name.
    ("Onze dochter India (15) mag niet meedoen.", "India"),
    ("My flatmate Faith (turning soon) was sent away by the guard.", "Faith"),
    ("mijn naam is israel pinas en ik kom uit den helder", "israel"),
    ("Mentor (melder): Joke de Turk\nDatum incident: mei", "Turk"),
    ("- achternaam melder = Polak, voornaam Ies\n- verder niets", "Polak"),
    ("Frans zei dat ik terug moest naar mijn land.", "Frans"),
    ("volgens frans was het maar een grapje", "frans"),
    ("Kunnen jullie Mohamed terugbellen?", "Mohamed"),
    # Surnames that are small words.
    ("Ik sprak met voorzitter Ter Haar over de club.", "Haar"),
    ("Haar man is van Looijen maar zij niet.", "Looijen"),
    # Lists, headers, forms.
    ("verslag\naanwezig: wil, bep, de boer en lotus\nafwezig: zon", "lotus"),
    ("verslag\naanwezig: wil, bep, de boer en lotus\nafwezig: zon", "zon"),
    ("verslag\naanwezig: wil, bep, de boer en lotus\nafwezig: zon", "boer"),
    ("Van: roos de wit\nAan: h. kok; beer\n\nhoi allemaal", "kok"),
    ("Aangever: VAN DE WAAL, Christiaan, geb. te Goor", "WAAL"),
    ("naam=Sjors%20van%20Tongeren\nbericht=mijn+zoon", "Tongeren"),
    ("Ik hoef dat niet meer.\nWil\nVerzonden vanaf mijn tablet", "Wil\n"),
    # Initials alone.
    ("Mw v.d. P.-S. belt over het traject", "P.-S."),
    ("nms cl. imam Y.: na preek stenen", "Y."),
    ("Ouders v. T. en K. waren erbij.", "K."),
    ("De chef, R. de W., lacht erom.", "de W."),
    ("Ik, Koen Wester-\nhuis, verklaar dat. Dat is waar. Westerhuis", "Westerhuis"),
    ("mijn broer heet mo en die mo hoeft niet meer te werken", "mo"),
    ("mijn broer heet ton en mn zwager filmde ton gisteren", "ton"),
    ("Zij wordt door Noa en Fee nageroepen in de gang.", "Fee"),
    # Broken by optical reading, by a line's end, or by an ending.
    ("Cliënt Fat ima meldt dat zij niet binnen mocht.", "Fat ima"),
    ("Agnieszka była tam. Nie ma pracy. Agnieszce należy się wypłata.", "Agnieszce"),
    ("Will was there too when they told me to leave the shop.", "Will"),
)
STAYS = (
    # The same words with an article, as trades, animals, weather.
    ("de koning zei dat een bakker niet minder is dan een prins", "koning"),
    ("ik ging naar de bakker en die zei niks tegen mij", "niks"),
    ("door een roos geprikt en een wolf gezien in het bos", "roos"),
    ("ik werk als kok en visser worden was mijn droom", "visser"),
    ("ik wil naar huis want wat ik wil is rust en zij wil dat ook", "ik wil is"),
    ("dat is tegen wil en dank gebeurd", "wil en dank"),
    ("de lang gekoesterde wens en de wit geverfde deur", "wit geverfde"),
    ("bij storm kom ik niet buiten en door regen ook niet", "storm"),
    ("notaris zegt dat het mag volgens notaris en directie zegt niks, directie zwijgt", "notaris"),
    ("spijt zei hij en spijt had hij maar spijt kwam te laat", "spijt zei"),
    ("naam onleesbaar, iets met een s", "onleesbaar"),
    ("Aan: Klachtenfunctionaris politie\nOnderwerp: staande gehouden", "Klachtenfunctionaris"),
    # Media, regions.
    ("Mijn Marktplaatsadvertentie werd verwijderd.", "Marktplaatsadvertentie"),
    ('Hij kreeg een hogere prijs "voor Oost-Europeanen" zei de garage.', "Oost-Europeanen"),
    ("wij heten winter en in de winter was het rustig", "de winter"),
    ("Bas praat met meester Vos. De vos in het verhaal is lief.", "De vos"),
    ("ik spreek frans en engels en mijn vader sprak alleen frans", "alleen frans"),
    ("In mei zei niemand iets tegen de Franse buren.", "In mei zei"),
    # Titles and roles that are nouns.
    ("en de meneer van de taxi zei dat het niet kon", "taxi"),
    ("en toen zei de mevrouw van het buurthuis dat ik moest wachten", "buurthuis"),
    ("ben jij de juf van het project of de stagiaire", "project"),
    ("Dat weet mevrouw van een andere moeder.", "van een andere"),
    ("ze zeiden hier eten we hollands, mevrouw proeft het verschil niet", "proeft"),
    ("Wat is er gebeurd?\nBuurman roept geluiden als ik langsloop.", "Buurman"),
    # Numbers, things and headings with a capital.
    ("Ik word genegeerd sinds ik zwanger ben. Personeelsnr volgt later.", "Personeelsnr"),
    ("De bus komt niet. Patientnr weet ze niet.", "Patientnr"),
    ("Aan: Meldpunt Discrirninatie\nBetreft: toegang", "Discrirninatie"),
    ("MELDlNG van een moeder over school", "MELDlNG"),
    ("op uw kan-\ntoor is mijn broer geweigerd", "toor"),
    ("Hij woont in Alphen aan\nden Rijn en is geweigerd.", "den Rijn"),
    # Speakers that are roles, players and desks.
    ("Speler1: hoorde je dat\nSpeler2: ja\nSpeler1: ik meld het", "Speler2"),
    # A people again, after somebody who is called so.
    ("Dhr Pool belt. Hij is geen Pool zegt hij zelf.", "geen Pool"),
    ("Wat is er? De Pool van hiernaast kreeg een klap.", "Pool van hiernaast"),
    # Words of other languages.
    ("Zeynep Hanım eve ağlayarak geldi ve okula gitmedi. Eşim çok üzgün.", "ağlayarak"),
    ("Zeynep Hanım eve ağlayarak geldi ve okula gitmedi. Eşim çok üzgün.", "Eşim"),
    ("Le portier de la discothèque m'a refusé avec mon frère.", "discothèque"),
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_place_where_only_a_name_can_stand_when_redacted_then_it_is_gone(
    text: str, gone: str, lexicon: Lexicon
) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize(("text", "kept"), STAYS)
def test_given_a_word_where_a_word_stands_when_redacted_then_it_stays(text: str, kept: str, lexicon: Lexicon) -> None:
    assert kept in text
    assert kept in redact(text, lexicon=lexicon).text
