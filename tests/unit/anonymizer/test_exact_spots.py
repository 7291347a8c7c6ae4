# SPDX-License-Identifier: EUPL-1.2
"""Exact spots: a thing with what it stands beside goes, a kind of place or a person beside somebody stays."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    # a thing, a preposition, a thing
    ("Het gebeurde bij het picknicktafeltje achter de skatebaan.", "picknicktafeltje"),
    ("Op de vierde parkeerplek vanaf de slagboom werd ik geslagen.", "parkeerplek"),
    ("bij de fietsenkelder onder portiek B hing een briefje", "portiek B"),
    ("tussen de prullenbak en het wachthokje riepen ze het", "wachthokje"),
    ("ingang B van de parkeergarage, naast de betaalautomaat", "betaalautomaat"),
    ("achter de glascontainer t.o. dok 4 stond hij, naast de glascontainer achterz. loods", "achterz"),
    ("Ik mag niet in de lift van flat Morgenzon.", "lift van flat"),
    ("In het café, aan de bar naast de gokkast, werd ik uitgescholden.", "gokkast"),
    ("ze zette ons aan het tafeltje naast de wc-deur neer", "tafeltje"),
    ("Het gebeurde tussen het pannakooitje en de wipkip.", "wipkip"),
    ("bij de fontein met die stenen vissen om kwart over drie", "vissen"),
    # a person's trade that stands for the place, an adjective before the noun
    ("ze zaten op het muurtje naast de slager bij de dikke eik", "dikke eik"),
    ("bij het poortje aan de kant van de gracht, tegen tienen 's avonds", "tienen"),
    # a stop or a street with what makes it exact
    ("Halte Koningsplein, lijn 9 richting Noord, voorste wagon.", "wagon"),
    ("Hij stond om 7.20 uur alleen bij halte Beukenlaan te wachten.", "7.20"),
    ("tram 6 richting Molenwijk, instap Lindelaan 9u12", "richting Molenwijk"),
    ("In de Kerkstraat, ter hoogte van de blauwe deur, riep hij het.", "blauwe deur"),
    ("Zij ligt op afdeling De Merel kamer 12 van het huis.", "kamer 12"),
    ("tram 4, tussen Voorhof en Lindenrode, 22.35 uur, en alleen ik moest iets laten zien", "22.35"),
    ("Voor ons staat er een toilet achter dock 14, naast de dieseltank. Ik ging niet.", "dieseltank"),
    # other languages
    ("At the entrance of the parking lot behind the swimming pool they hit me.", "parking lot"),
    ("Ich saß auf der Bank neben dem Spielplatz, als er das rief.", "Spielplatz"),
)

STAYS = (
    "Ik zat in de bus naast een oude vrouw.",
    "De winkel op de hoek is van mijn oom.",
    "Er lag post in de brievenbus van mijn buurman.",
    "Ik stond bij de balie van de gemeente.",
    "Hij zat aan tafel met zijn vrouw en zijn kind.",
    "In het zwembad in Zoetermeer mag ik niet met boerkini.",
    "Het gebeurt in de speeltuin in onze wijk.",
    "Ik zat op de fiets achter de auto van mijn neef.",
    "De moskee in onze wijk is beklad.",
    "Mijn stageplek bij de gemeente begon goed.",
    "De trap naar boven is kapot, dus ik kan met mijn rolstoel niet naar binnen.",
    "De Kamer van Koophandel wilde mij niet inschrijven.",
    "Zij zit op school naast een meisje dat haar pest.",
)


@pytest.mark.parametrize(("text", "part"), GOES)
def test_an_exact_spot_is_gone(lexicon: Lexicon, text: str, part: str) -> None:
    assert part in text
    assert part not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_a_kind_of_place_stays(lexicon: Lexicon, text: str) -> None:
    assert redact(text, lexicon=lexicon).text == text
