# SPDX-License-Identifier: EUPL-1.2
"""Names told by the clause: doubted ones, maiden names, surnames that are everyday words, letters a scan broke."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("dir. (Blom?) zegt dat de klas vol is", "Blom"),
    ("docent (Paars?) lachte erom", "Paars"),
    ("De agent (Heuvel?) deed niets.", "Heuvel"),
    ("The manager: June? Joen? tall and rude", "June"),
    ("The manager: June? Joen? tall and rude", "Joen"),
    ("Teamleider: Bea? Jozet? Dat weet ik niet meer", "Jozet"),
    ("mijn vrouw heet lia de noor en zij werkt daar", "noor"),
    ("getekend sevda de visser", "visser"),
    ("ik heet karel de kluizenaar en ik woon hier", "kluizenaar"),
    ("ik ben fatma yilmaz haakje openen geboren kaya haakje sluiten", "kaya"),
    ("mevrouw haakje openen geboren terpstra haakje sluiten komma", "terpstra"),
    ("Wie: F. Demir, meisjesnaam: Polat, belt terug", "Polat"),
    ("C0rnelis Tirnrnerrnan", "Tirnrnerrnan"),
    ("Hoogachtend,\nHerrnan Irnrnink", "Irnrnink"),
    ("ik sprak met de heer Zuiderna en Zuiderna lachte", "Zuiderna"),
    ("Hey it's Faith, from upstairs. He told me to leave.", "Faith"),
    ("Hello all, it's Faith", "Faith"),
    ("Will's wife was told to leave the shop.", "Will"),
    ("Hope's sister was told to leave the shop.", "Hope"),
    ("mijn vriendin zara was erbij", "zara"),
    ("mijn buurman frans zei dat ik weg moest", "frans"),
    ("sylvia kat zei dat ik weg moest", "kat"),
    ("en jolanda boom riep dat ik weg moest", "boom"),
    ("mijn naam is anja sluis komma ik ben slechtziend", "sluis"),
    ("mw. Ilknur (achternaam? Bozdag?) belt over haar zoon", "Bozdag"),
    ("his name was Chance or Rusty, he pushed my sister", "Rusty"),
    ("dubbele punt een zekere hassan boom punt nieuwe regel", "boom"),
    ("storm zei dat bloem moest wachten", "bloem"),
    ("en ridder was erbij toen het gebeurde", "ridder"),
    ("collega grace en leidinggevende prins waren erbij", "prins"),
    ("met sofie bos, peter koning en de rest ging ik weg", "bos"),
    ("met sofie bos, peter koning en de rest ging ik weg", "koning"),
    ("dat zei de lerares mevrouw appel punt nieuwe regel", "appel"),
)
STAYS = (
    ("De chef (Marokkaan?) lachte.", "Marokkaan"),
    ("De agent: Paspoort? De klant: Serieus?", "Paspoort"),
    ("De agent: Paspoort? De klant: Serieus?", "Serieus"),
    ("zij is geboren in Delft en geboren moslim", "moslim"),
    ("zij is geboren en getogen in deze stad", "getogen"),
    ("ik heet karel de man van de balie zei niks", "balie"),
    ("dat karin later vroeg of het kon", "later"),
    ("ik ben karin trouwens", "trouwens"),
    ("De juf zei dat Marokkaantjes vies zijn", "Marokkaantjes"),
    ("en dat de Turkjes moesten wachten", "Turkjes"),
    ("geweigerd bij de deur (Antill. / Ghan.)", "Antill"),
    ("geweigerd bij de deur (Antill. / Ghan.)", "Ghan"),
    ("cl. is Marok. en wil hulp", "Marok"),
    ("toen werd sofie boos en ging weg", "boos"),
    ("de prins was boos en een zwaan kwam", "prins"),
    ("de prins was boos en een zwaan kwam", "zwaan"),
    ("It's Friday, so Today's manager was rude", "Friday"),
    ("rnijn nurnrner en de cornrnissie", "cornrnissie"),
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_name_told_by_its_clause_when_redacted_then_it_is_gone(text: str, gone: str, lexicon: Lexicon) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize(("text", "left"), STAYS)
def test_given_a_word_that_only_looks_told_when_redacted_then_it_stays(text: str, left: str, lexicon: Lexicon) -> None:
    assert left in redact(text, lexicon=lexicon).text
