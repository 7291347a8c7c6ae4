# SPDX-License-Identifier: EUPL-1.2
"""Redaction as a whole: what goes, what stays, and that nothing makes it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import LABELS, redact
from tests.unit.anonymizer.town import LEXICON

EXAMPLES = settings(max_examples=150)
PIECES = st.sampled_from(
    [
        "mevrouw ", "Jan de Vries", " 06-12345678", "a@b.nl", "12 mei 2026", "Dorpstraat 12", "1234 AB", " de enige ",
        "bij ", "bakkerij ", "De Zon", "\n", ": ", "e\u0301", "\u200b", "Ĳ", "\u0661\u0662", "ik ben ", "'s ", "-", ".",
        "lijn 7 om 8:15 ", "NL91ABNA0417164300", "\x00", "\ud800", "\u0645\u0631\u062d ", "王 ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=40).map("".join))


@EXAMPLES
@given(text=TEXTS)
def test_given_any_text_when_redacted_then_the_marks_lie_in_order_on_the_original(text: str) -> None:
    done = redact(text, lexicon=LEXICON)

    at, pieces = 0, []
    for mark in done.marks:
        assert at <= mark.start < mark.end <= len(text)
        pieces += [text[at : mark.start], mark.placeholder]
        at = mark.end
    assert "".join([*pieces, text[at:]]) == done.text
    assert sum(done.found.values()) == len(done.marks)


@EXAMPLES
@given(text=TEXTS)
def test_given_a_redacted_text_when_redacted_again_then_no_mark_covers_a_placeholder_label(text: str) -> None:
    once = redact(text, lexicon=LEXICON).text
    twice = redact(once, lexicon=LEXICON).text

    assert all(twice.count(f"[{label}") >= once.count(f"[{label}") for label in LABELS.values() if label != "DATUM")


@EXAMPLES
@given(
    name=st.sampled_from(["Zilpa", "Bouzoubaa", "Yıldız", "Ng", "O'Neill", "Wil", "Roos", "Hoop", "van der Meer"]),
    form=st.sampled_from(["{}", "{}'s", "{}s", "({})", "{},", '"{}"', "@ {}", "x {} y"]),
    case=st.sampled_from([str, str.lower, str.upper]),
    around=st.sampled_from(["ik zag {} op straat", "{}", "de man heet {}", "Dat zei {}.", "met {} en anderen"]),
)
def test_given_a_known_name_when_it_stands_in_any_form_then_it_is_gone(
    name: str, form: str, case: type[str], around: str
) -> None:
    text = around.format(form.format(case(name)))

    done = redact(text, lexicon=LEXICON, known=[name])

    core = max(name.replace("'", " ").split(), key=len).lower()
    assert core not in [word.strip("'\"().,s") for word in done.text.lower().replace("'", " ").split()] or core == "s"
    assert done.marks


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800\udfff", "\ud800 jan", "a" * 200_000, "\n" * 1000, "😀" * 500]
)
def test_given_an_odd_text_when_redacted_then_it_answers(text: str, lexicon: Lexicon) -> None:
    done = redact(text, lexicon=lexicon)

    assert isinstance(done.text, str)


def test_given_one_person_under_several_names_when_redacted_then_the_number_is_the_same(lexicon: Lexicon) -> None:
    text = (
        "Ik sprak Fatima El Amrani. FATIMA huilde. Fatima's moeder was er ook, en fatima ging weg. "
        "Daarna kwam Joost Postma."
    )

    done = redact(text, lexicon=lexicon)

    assert done.text.count("[PERSOON-1]") == 4
    assert "[PERSOON-2]" in done.text
    assert "Postma" not in done.text


def test_given_two_people_with_one_surname_when_redacted_then_they_have_two_numbers(lexicon: Lexicon) -> None:
    done = redact("Fatima Bouali en haar broer Youssef Bouali deden mee.", lexicon=lexicon)

    assert "[PERSOON-1]" in done.text
    assert "[PERSOON-2]" in done.text


@pytest.mark.parametrize(
    ("text", "gone", "label"),
    [
        ("mail naar jan.jansen@voorbeeld.nl graag", "jan.jansen", "E-MAIL"),
        ("mail: jan [at] voorbeeld punt nl", "voorbeeld", "E-MAIL"),
        ("mijn mail is jan punt jansen apenstaartje gmail punt com", "jansen", "E-MAIL"),
        ("bel 06 1234 5678 of mail", "1234", "TELEFOON"),
        ("bel +31 (0)6-12345678", "12345678", "TELEFOON"),
        ("nul zes een twee drie vier vijf zes zeven acht is mijn nummer", "zeven acht", "TELEFOON"),
        ("bsn 111222333", "111222333", "BSN"),
        ("BSN: 1112.22.333", "1112.22.333", "BSN"),
        ("rekening NL91 ABNA 0417 1643 00", "0417", "REKENINGNUMMER"),
        ("IP 192.168.44.201 stond erbij", "192.168.44.201", "IP-ADRES"),
        ("kenteken GT-561-R", "GT-561-R", "KENTEKEN"),
        ("paspoort NXK4R7L82", "NXK4R7L82", "NUMMER"),
        ("dossier 2026-0381", "2026-0381", "NUMMER"),
        ("Zonnedauwstraat 12b te Waterdorp", "Zonnedauwstraat", "ADRES"),
        ("ik woon op de Zilverlinde 8", "Zilverlinde", "ADRES"),
        ("postcode 1234 ab", "1234", "POSTCODE"),
        ("ik woon in 1234AB", "1234AB", "POSTCODE"),
        ("geboren op 3 mei 1986", "1986", "GEBOORTEDATUM"),
        ("op 3 mei 2026 gebeurde het", "3 mei", "DATUM"),
        ("op drie mei gebeurde het", "drie", "DATUM"),
        ("dnia 3 lutego 2026", "3 lutego", "DATUM"),
        ("am 14. Juni 2026 war es", "14", "DATUM"),
        ("ik ben 43 jaar", "43", "LEEFTIJD"),
        ("zie www.voorbeeld.org/jan", "voorbeeld", "WEBADRES"),
        ("zijn insta is @kees_de_kale", "kees", "ACCOUNT"),
        ("Ik werk bij bakkerij De Gouden Aar.", "Gouden", "ORGANISATIE"),
        ("ik ben de enige vrouwelijke monteur van de garage", "monteur", "FUNCTIE"),
        ("in bus 55 van 17:20 zat hij", "17:20", "PLEK"),
    ],
)
def test_given_a_kind_of_data_when_redacted_then_it_is_gone_and_labelled(
    text: str, gone: str, label: str, lexicon: Lexicon
) -> None:
    done = redact(text, lexicon=lexicon)

    assert gone not in done.text
    assert f"[{label}" in done.text


@pytest.mark.parametrize(
    "text",
    [
        "Ik werk hier al 8 jaar en heb 20 jaar ervaring.",
        "Het kostte € 1.250.000 en dat was in 2019-2020.",
        "De Turkse buren in Waterdorp gaan naar de moskee.",
        "In het Noorderkwartier en in De Vlinders is het rustig.",
        "Ik ben moslim en draag een hoofddoek.",
        "Bij de Albert Heijn en bij de Rabobank werd ik geweigerd.",
        "Het College voor de Rechten van de Mens gaf advies.",
        "Op maandag om 10 uur belde de politie van Rotterdam.",
        "Voor 50-plussers en mensen van 65+ is er niets.",
        "ik vind het niet normaal dat dit gebeurd op het werk",
    ],
)
def test_given_words_that_carry_the_signal_when_redacted_then_they_stay(text: str, lexicon: Lexicon) -> None:
    assert redact(text, lexicon=lexicon).text == text


def test_given_a_rare_kind_of_club_when_redacted_then_its_family_stays(lexicon: Lexicon) -> None:
    done = redact("Ik mocht niet bij biljartvereniging De Krijtjes.", lexicon=lexicon)

    assert done.text == "Ik mocht niet bij vereniging [ORGANISATIE-1]."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("مرحبا أنا هنا اليوم", "onbekend-schrift"),
        ("ik zag vm\u200bf in het", "vermomde-tekens"),
        ("woord " * 1500, "zeer-lang"),
        ("tere tulemast koju oma sõbrad kõik", "onbekende-taal"),
    ],
)
def test_given_a_doubtful_text_when_redacted_then_it_waits_for_a_person(
    text: str, reason: str, lexicon: Lexicon
) -> None:
    done = redact(text, lexicon=lexicon)

    assert reason in done.doubt
    assert done.review


def test_given_a_plain_text_when_redacted_then_nobody_needs_to_look(lexicon: Lexicon) -> None:
    assert redact("Ik werd geweigerd omdat ik een hoofddoek draag.", lexicon=lexicon).doubt == ()
