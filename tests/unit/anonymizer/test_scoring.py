# SPDX-License-Identifier: EUPL-1.2
"""The score looks at what a reader can still read, not at what the recognisers claim."""

import pytest

from services.anonymizer import score_table
from services.anonymizer.scoring import Labelled, Tally, interval, score


def labelled(text: str, *spans: tuple[str, str], keep: tuple[str, ...] = ()) -> Labelled:
    return Labelled(text, tuple((text.index(part), text.index(part) + len(part), kind) for kind, part in spans), keep)


@pytest.mark.parametrize(
    ("kind", "content", "redacted", "leaks"),
    [
        ("PERSON", "Fatima El Amrani", "dat zei [PERSOON-1].", False),
        ("PERSON", "Fatima El Amrani", "dat zei [PERSOON-1] Amrani.", True),
        ("PERSON", "Fatima El Amrani", "dat zei [naam: Fatima].", True),
        ("PHONE", "06-12345678", "dat zei 06-[TELEFOON].", False),
        ("PHONE", "06-12345678", "dat zei 06 1234 56.", True),
        ("BSN", "111222333", "dat zei 111.222.", True),
        ("IBAN", "NL91 ABNA 0417 1643 00", "dat zei NL91 ABNA [..].", False),
        ("IBAN", "NL91 ABNA 0417 1643 00", "dat zei 0417164300.", True),
        ("POSTCODE", "1234 AB", "dat zei 1234.", False),
        ("POSTCODE", "1234 AB", "dat zei 1234ab.", True),
        ("ADDRESS", "Dorpslaan 12", "dat zei 12.", False),
        ("ADDRESS", "Dorpslaan 12", "dat zei Dorpslaan.", True),
        ("DATE", "3 mei 2026", "dat zei [DATUM mei 2026].", False),
        ("DATE", "3 mei 2026", "dat zei 3 mei.", True),
        ("AGE", "34 jaar", "dat zei [LEEFTIJD 30-39].", False),
        ("AGE", "34 jaar", "dat zei 34.", True),
        ("EMAIL", "jan.jansen@x.nl", "dat zei [E-MAIL].", False),
        ("EMAIL", "jan.jansen@x.nl", "dat zei jan.jansen.", True),
        ("ID_NUMBER", "2026-0381", "dat zei [NUMMER].", False),
        ("ID_NUMBER", "AB-04418", "dat zei 04418.", True),
        ("URL", "https://x.org/jan-jansen", "dat zei x.org.", False),
        ("LICENSE_PLATE", "GT-561-R", "dat zei gt561r.", True),
        ("SOCIAL_HANDLE", "@jan_j", "dat zei jan_j.", True),
        ("ORGANISATION_SMALL", "bakkerij De Zon", "dat zei bakkerij [ORGANISATIE-1].", False),
        ("ORGANISATION_SMALL", "bakkerij De Zon", "dat zei Zon.", True),
        ("JOB_UNIQUE", "de enige monteur van de garage", "dat zei de enige.", False),
        ("GEO_FINE", "halte Noord om 7:45", "dat zei halte Noord om 7:45.", True),
        ("IP", "10.0.0.1", "dat zei 10.0.0.1.", True),
    ],
)
def test_given_a_labelled_span_when_its_content_can_be_read_then_it_leaks(
    kind: str, content: str, redacted: str, leaks: bool
) -> None:
    found = score(labelled(f"dat zei {content}.", (kind, content)), redacted)

    assert found.leaks == ((kind, leaks),)


def test_given_the_same_word_outside_labels_when_it_stays_then_nothing_leaks() -> None:
    text = labelled("Roos heeft een roos.", ("PERSON", "Roos"))

    assert score(text, "[PERSOON-1] heeft een roos.").leaks == (("PERSON", False),)


def test_given_kept_words_and_plain_text_when_they_go_then_they_count_as_lost() -> None:
    text = labelled("De moslim en Jan liepen weg.", ("PERSON", "Jan"), keep=("moslim",))

    found = score(text, "De [X] en [PERSOON-1] liepen [X].")

    assert (found.keep_lost, found.keep) == (1, 1)
    assert (found.chars_lost, found.chars) == (9, 19)


def test_given_a_wrong_label_when_read_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="span_and_text_differ"):
        Labelled.from_document({"text": "abc", "spans": [{"start": 0, "end": 1, "type": "PERSON", "text": "b"}]})


def test_given_nothing_counted_when_the_interval_is_asked_then_it_is_everything() -> None:
    assert interval(0, 0) == (0.0, 1.0)


def test_given_tallies_when_laid_out_then_people_and_programs_get_the_same_figures() -> None:
    tally = Tally()
    tally.add(score(labelled("Jan liep.", ("PERSON", "Jan")), "Jan liep."))

    document = score_table.documents({"all": tally})["all"]
    lines = "\n".join(score_table.lines({"all": tally}))

    assert document["names"] == {"count": 1, "of": 1, "share": 1.0, "interval": [0.20655, 1.0]}
    assert document["direct"]["share"] is None
    assert "100.0%" in lines
