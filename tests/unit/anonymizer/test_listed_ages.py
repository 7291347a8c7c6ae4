# SPDX-License-Identifier: EUPL-1.2
"""Ages in lists and beside others, and streets whose name runs on to the left: they go, what counts stays."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("[02-11-2025, 20:14:33] ~ Noor: ik woon zilvermeeuw 44 dus", "02-11-2025"),
    ("2 nov 2025 om 20:14 schreef Kemp <noor.k@kpnmail.nl>:", "2 nov 2025"),
    ('Van: "N. Kemp" <noor.k@kpnmail.nl>', '"N. Kemp" <noor.k@kpnmail.nl>'),
    ("Verzonden vanaf mijn iPhone, tel +31(0)621348801", "+31(0)621348801"),
    ("vraagje, mijn zoon (13) mag dat?", "13"),
    ("zus van 21 en broer van 17", "21"),
    ("tweeling (14 mnd)", "14 mnd"),
    ("baby van 6 wkn", "6 wkn"),
    ("ze is pas 19j", "19j"),
    ("als vijftiger (54) krijg je niks", "54"),
    ("Ik (vrouw, 54) solliciteer al jaren", "54"),
    ("Moslima (23) geweigerd", "23"),
    ("student, 23, Turks", "23"),
    ("Een collega, 61, slechthorend", "61"),
    ("senior van 74", "74"),
    ("mijn ouders, 71 en 74, wonen", "71 en 74"),
    ("wij (71/74) willen", "71/74"),
    ("leeftijden: 71, 74", "71, 74"),
    ("iemand van mijn leeftijd, 63", "63"),
    ("ik ben geboren in '63", "'63"),
    ("jaargang 1963", "1963"),
    ("bj. 1963", "1963"),
    ("(bj 63)", "63"),
    ("Ik ben klas van '84", "'84"),
    ("18 lentes jong", "18"),
    ("zo'n 45-jarige vent", "45"),
    ("iemand van rond de 45", "45"),
    ("50-plusser, precies 52 ben ik", "52"),
    ("man +/- 45 jr", "45"),
    ("man ±45 jaar", "45"),
    ("man, 45+", "45+"),
    ("leeftijd daders: 16/17", "16/17"),
    ("twee jongens van 16 a 17", "16 a 17"),
    ("a 45yo man", "45yo"),
    ("(45/M)", "45/M"),
    ("M45 here", "M45"),
    ("she's 45, he's 47", "45"),
    ("my mum (72)", "72"),
    ("my 72yo mum", "72yo"),
    ("je suis une femme de 34 ans", "34 ans"),
    ("femme, 34 ans", "34"),
    ("Frau, 34, Kopftuch", "34"),
    ("oğlum dokuz yaşında", "dokuz yaşında"),
    ("34 yaşındaki eşim", "34 yaşındaki"),
    ("moja córka ma 9 lat", "9 lat"),
    ("9-letnia córka", "9-letnia"),
    ("mój 34-letni mąż", "34-letni"),
    ("ابني عمره 9 سنوات", "9 سنوات"),
    ("mi yu tin 9 aña", "9 aña"),
    ("моєму сину 9 років", "9 років"),
    ("мені 34", "34"),
    ("ik woon aan de jan van nassaustraat 12", "jan van nassaustraat 12"),
    ("hij stond op de storm van 's gravesandeweg negen", "storm van 's gravesandeweg negen"),
    ("bij de noord-oosterkade 12 was het", "kade 12"),
    ("Pijlkruid l4\n2711 KM Zoetermeer", "Pijlkruid l4"),
    ("Pieter van Dam\nGrote Spui 3I B\n2711 KM Zoetermeer", "Grote Spui 3I B"),
)
STAYS = (
    "type 2 van de 3 formulieren",
    "persoon 1: Ik mocht niet. persoon 2: ik ook niet.",
    "Het pand heeft 4 kinderen op 12 m2.",
    "iemand van 3 hoog gooide water",
    "Hij won 3 van de 5 keer.",
    "De klas van 30 leerlingen lachte.",
    "Leeftijd speelt geen rol, 3 van de 4 zijn wit.",
    "Vrouw, 3 kinderen, geen baan.",
    "v8 motor en m3 boor",
    "Aan: team klachten\nin 2024 had ik 12 brieven",
    "op de hoek van het plein stond een man",
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_an_age_in_a_list_or_a_long_street_when_redacted_then_it_is_gone(
    text: str, gone: str, lexicon: Lexicon
) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize("text", STAYS)
def test_given_what_looks_like_an_age_in_a_list_or_a_long_street_when_redacted_then_nothing_goes(
    text: str, lexicon: Lexicon
) -> None:
    assert redact(text, lexicon=lexicon).text == text
