# SPDX-License-Identifier: EUPL-1.2
"""Functions that one person holds: they go, the ground in them stays; what many hold or anybody may do stays too."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    # a function a body has one of, also as a compound, with or without an article
    ("Zij is penningmeester van de speeltuinvereniging en wordt weggezet.", "penningmeester"),
    ("De jeugdvoorzitter van de turnclub zei dat ik te dik ben.", "jeugdvoorzitter"),
    ("Kop: directrice van de enige islamitische basisschool in Oss, boze ouders.", "directrice"),
    ("Kastelein van het enige café van Wergea weigert haar te bedienen.", "Kastelein"),
    ("De planner van de avondroute gaf mij de zwaarste dienst.", "avondroute"),
    ("mijn vader is zelf penningmeester van de wijkvereniging", "penningmeester"),
    # a rank and a trade
    ("Mijn vader is de oudste vrijwilliger bij de dierenambulance.", "dierenambulance"),
    ("Functie: laatste touwslager van de werf", "touwslager"),
    ("hij is de jongste kraanmachinist van het hele bedrijf", "kraanmachinist"),
    ("dé hoefsmid van het eiland wil geen zwarte klanten", "hoefsmid"),
    # a rare trade with what it does, or here
    ("Ik ben de orgeldraaier die op zaterdag op de markt staat. Zij lachen.", "orgeldraaier"),
    ("Getuige: schaatsenmaker aldaar, die alles zag.", "schaatsenmaker"),
    # an office with a mark, somebody by what they always do
    ("de dominee met de rode brommer zegt dat ik niet welkom ben", "brommer"),
    ("de burgemeester die zelf de huwelijken doet, lachte mij uit", "huwelijken"),
    ("het was die man met de bakfiets die altijd de krantjes verkoopt", "krantjes"),
    ("Hij heet zo, de man die elk jaar de kerstman speelt, en meldt het.", "kerstman"),
    ("De markt kent mij als de man die elke zaterdag de torenklok opwindt, dus niet doen.", "torenklok"),
    ("ik ben die buschauffeur met het houten been", "houten been"),
    ("Als hoofd techniek van het theater krijg ik dit.", "techniek"),
    ("Ik ben de enige doventolk van het zwembad.", "zwembad"),
)

STAYS = (
    "De man die naast mij woont schreeuwt elke dag.",
    "De eerste klant van de dag was boos.",
    "Ik heb een gesprek met de directeur gehad.",
    "Een beheerder van een flat mag dat niet zeggen.",
    "De beheerder van de groepsapp verwijderde mij.",
    "De laatste trein van de avond reed door.",
    "Dat is de enige reden dat ik meld.",
    "De burgemeester zei dat hij er niets aan kan doen.",
    "De vrouw met de hoofddoek werd geweigerd.",
    "De jongen met de rolstoel mocht niet mee.",
    "De man die altijd roept kwam weer langs.",
    "Ik werk als enige 20 uur per week.",
    "en toen kwam de conducteur van de ns",
    "ik ging naar de directeur van school",
    "Hij moest van de gymmeester op de gang staan.",
)


@pytest.mark.parametrize(("text", "part"), GOES)
def test_a_function_one_person_holds_is_gone(lexicon: Lexicon, text: str, part: str) -> None:
    assert part in text
    assert part not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_a_function_many_hold_stays(lexicon: Lexicon, text: str) -> None:
    assert redact(text, lexicon=lexicon).text == text


def test_the_ground_in_a_function_stays_and_so_does_what_it_is_about(lexicon: Lexicon) -> None:
    found = redact("Als voorzitter van de Turkse vrouwenraad meld ik dat wij geweigerd zijn.", lexicon=lexicon).text
    assert "voorzitter" not in found
    assert "Turkse" in found
    assert "meld ik dat wij geweigerd zijn" in found
