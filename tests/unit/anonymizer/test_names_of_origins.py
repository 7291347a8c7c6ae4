# SPDX-License-Identifier: EUPL-1.2
"""Given names and surnames of many origins go in small letters, wherever they stand."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GIVEN = {
    "older Dutch": "leentje trijn gezina bartje hiltje roelfje zwaantina krijntje",
    "Turkish": "sündüz ümmühan turgay bünyamin satılmış ökkeş",
    "Moroccan": "tamimount mimount abdelmounaim nouhaila rokaya hassania",
    "Surinamese": "drupatie sabitrie soenita ngadiman moestadja rajshri",
    "Antillean": "shudendy rudsel jurienne churensley sharenska jomairo",
    "Bulgarian": "tsvetana stoyanka kaloyan lachezar temenuzhka desislava",
    "Romanian": "lacramioara floricica nicusor steluta georgel anisoara",
    "Caucasian": "hakob gevorg ketevan tinatin shkelzen merita",
    "Syrian": "mouhannad obada louai raneem khouloud moutaz",
    "Iraqi": "murtadha kadhim peshraw rebwar zhyan shno",
    "Afghan": "esmatullah zarmina behishta frishta naweed mohibullah",
    "Iranian": "alireza farideh shokoufeh manouchehr roghayeh parastoo",
    "Somali": "sharmarke saalax xaliimo ugbaad faarax istahil",
    "Eritrean and Ethiopian": "tsehainesh kisanet getachew frehiwot tewodros nigisti",
    "Ghanaian and Nigerian": "serwaa pokuaa funmilayo osagie ugochukwu gbemisola",
    "Congolese": "jeancy lokua nsimba chadrac dieudonne guylain",
    "Chinese and Vietnamese": "guiying haoran xiuzhen weiqiang cuong khoi",
    "Indian and Pakistani": "venkatesh sukhwinder aishwarya shagufta rukhsana nauman",
}
SURNAMES = {
    "Dutch": "terpstra roelofsen hakvoort kranendonk",
    "Moroccan": "ouazzani akhloufi laghmouchi bouyaghlafen",
    "Surinamese": "jainandunsing kromowirjo harkisoen baldewsingh",
    "Moluccan": "tutuhatunewa sahuleka pattinasarany latumeten",
    "Congolese": "tshisekedi kalonji mutombo ndombasi",
    "Afghan": "popalzai alokozai mohammadzai stanekzai",
    "Ghanaian": "amankwah asubonteng nyarko acheampong",
    "Bulgarian": "mihaylova gospodinov yankova dragomirescu",
}


@pytest.mark.parametrize(
    "given", [name for names in GIVEN.values() for name in names.split()], ids=lambda name: f"given {name}"
)
def test_given_a_given_name_of_any_origin_in_small_letters_when_redacted_then_it_goes(
    given: str, lexicon: Lexicon
) -> None:
    text = f"ik was er met {given} en toen lachte iedereen om {given} in de bus"
    assert given not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize(
    "family", [name for names in SURNAMES.values() for name in names.split()], ids=lambda name: f"family {name}"
)
def test_given_a_surname_of_any_origin_in_small_letters_when_redacted_then_it_goes(
    family: str, lexicon: Lexicon
) -> None:
    text = f"het was die {family} van de balie die mij wegstuurde"
    assert family not in redact(text, lexicon=lexicon).text
