# SPDX-License-Identifier: EUPL-1.2
"""What a reviewer does to a text: take more away, put an ordinary word back, and what later texts learn from it."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.anonymizer import kept_words, learned, lexicon, marking, words
from services.anonymizer.judgements import MARKS_LIMIT
from services.anonymizer.localities import local_words
from services.anonymizer.marking import PUT_BACK
from services.anonymizer.redacting import Given, Placeholder, Redacted, ToRedact, hidden
from services.anonymizer.redaction_worker import redact_chunk
from shared import municipalities
from tests.unit.anonymizer.desk import ReviewDesk, review_desk
from tests.unit.anonymizer.room import DOUBTFUL, HIDDEN, MUNICIPALITY, pretend

TEXT = f"Een {DOUBTFUL} over {HIDDEN} en Brulboei bij de kapper."
SHOWN = f"Een {DOUBTFUL} over [PERSOON-1] en Brulboei bij de kapper."
BACK = f"Een {DOUBTFUL} over moskee en Brulboei bij de kapper."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ReviewDesk]:
    async with review_desk(tmp_path) as made:
        yield made


def back(word: str = "moskee", spot: int = 0, **more: Any) -> dict[str, Any]:
    """A decision that puts a word back."""
    return {"besluit": "aangepast", "terugzetten": [{"plek": spot, "woord": word}], **more}


async def test_given_an_ordinary_word_that_was_hidden_when_put_back_then_it_stands_there(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide(back("Moskee"))

    (mark,) = answer.json()["markeringen"]
    assert (answer.status_code, answer.json()["tekst"]) == (201, BACK)
    assert (mark["soort"], BACK[mark["van"] : mark["tot"]]) == (PUT_BACK, "moskee")


async def test_given_a_word_put_back_and_one_taken_away_when_decided_then_both_are_where_they_belong(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    start = SHOWN.index("Brulboei")

    answer = await desk.decide(back(markeringen=[{"van": start, "tot": start + 8}]))
    undone = await desk.post(f"/{answer.json()['id']}/herroepingen")

    assert answer.json()["tekst"] == BACK.replace("Brulboei", "[GEMARKEERD]")
    assert undone.json()["tekst"] == SHOWN.replace("Brulboei", "[GEMARKEERD]")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (back("Brulboei"), ["/terugzetten/0/woord"]),
        (back(spot=1), ["/terugzetten/0/plek"]),
        (back(terugzetten=[{"plek": 0, "woord": "moskee"}] * 2), ["/terugzetten/1/plek"]),
        (back(markeringen=[{"van": 17, "tot": 19}]), ["/terugzetten/0/plek"]),
        (back(terugzetten=[{"plek": -1, "woord": "moskee"}]), ["/terugzetten/0/plek"]),
    ],
)
async def test_given_a_word_that_cannot_be_put_back_when_decided_then_400(
    desk: ReviewDesk, body: dict[str, Any], pointers: list[str]
) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide(body)

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (400, pointers)
    assert "Brulboei" not in answer.text


async def test_given_a_word_put_back_when_later_texts_are_redacted_then_it_is_asked_to_stay_until_undone(
    tmp_path: Path,
) -> None:
    asked: list[tuple[str, ...]] = []

    async def redact(told: Sequence[ToRedact]) -> list[Redacted | None]:
        asked.extend(one.kept for one in told)
        return await pretend(told)

    async with review_desk(tmp_path, redact=redact) as desk:
        await desk.room.submit(TEXT)
        review = await desk.first_id()
        await desk.decide(back("rijkswaterstaat"), review=review)
        await desk.room.submit(TEXT, case=2)
        await desk.post(f"/{review}/herroepingen")
        await desk.room.submit(TEXT, case=3)

    assert asked == [(), ("Rijkswaterstaat",), ()]


async def test_given_a_word_of_the_closed_list_when_marked_then_hidden_here_and_never_learned(desk: ReviewDesk) -> None:
    await desk.room.submit(f"Een {DOUBTFUL} bij Rijkswaterstaat.")

    await desk.decide({"besluit": "aangepast", "markeringen": [{"van": 17, "tot": 32}]})
    await desk.room.submit(f"Nog een {DOUBTFUL} bij Rijkswaterstaat.", case=2)

    later = (await desk.get(f"/{await desk.first_id()}")).json()
    assert later["tekst"] == f"Nog een {DOUBTFUL} bij Rijkswaterstaat."


async def test_given_a_word_put_back_when_the_database_is_searched_then_it_stands_nowhere(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    await desk.decide(back())

    path = Path(desk.room.database.url.partition("///")[2])
    raw = b"".join(file.read_bytes() for file in path.parent.glob("anonymizer.sqlite*")).lower()

    assert b"put_back_words" in raw
    assert b"moskee" not in raw


async def test_given_the_words_when_asked_for_then_by_group_and_for_a_known_municipality_only(desk: ReviewDesk) -> None:
    url, header = "/anonymizer/v1/terugzetwoorden", desk.credential()

    answers = [
        await desk.client.get(url, params=query, headers=header)
        for query in ({"gemeente": MUNICIPALITY}, {"gemeente": "GM9999"}, {"gemeente": "x"}, {})
    ]

    assert [one.status_code for one in answers] == [200, 404, 400, 400]
    assert answers[0].json()["groepen"][0]["woorden"][0] == "moskee"


def test_given_the_closed_list_when_held_against_the_lists_of_names_then_none_is_only_a_name() -> None:
    table = words.load()

    found = [
        word for _, listed in kept_words.for_municipality(municipalities.load().default).groups[:-1] for word in listed
    ]

    assert len(found) > 100
    assert [word for word in found if table.flag(word.lower()) & lexicon.STRONG] == []


def test_given_a_word_that_stays_when_a_person_is_called_so_then_it_goes_all_the_same() -> None:
    place = municipalities.load().default
    texts = ["Bij Rijkswaterstaat werd ik geweigerd.", "Meneer Rijkswaterstaat was boos."]

    answers = [redact_chunk([ToRedact(text, Given(), place.code, ("Rijkswaterstaat",))])[0] for text in texts]

    assert "Rijkswaterstaat" not in local_words(place)
    assert ["Rijkswaterstaat" in one.text for one in answers] == [True, False]


def test_given_ticked_words_when_joined_then_neighbours_are_one_and_each_stands_everywhere() -> None:
    text = "Jan Jansen, of Jan Jansens. Jan Jansen!"

    stretches = marking.joined(text, [(4, 10), (0, 3), (0, 3)])

    assert stretches == [(0, 10)]
    assert marking.everywhere(text, stretches) == [(0, 10), (28, 38)]


@given(st.text(alphabet="ab \n.-'[]1é", max_size=60), st.data())
def test_given_any_text_when_cut_in_pieces_then_they_are_the_text(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spots = [Placeholder(start, end, "X") for start, end in zip(ends[::2], ends[1::2], strict=False)]

    pieces = list(marking.pieces(Redacted(text, tuple(spots), ())))

    assert "".join(one.text for one in pieces) == text
    assert [one.index for one in pieces if one.index is not None] == list(range(len(spots)))
    assert all(text[one.start : one.end] == one.text for one in pieces)


@given(st.data())
def test_given_any_words_put_back_when_marks_move_along_then_they_cover_what_they_covered(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 4))
    text = " ".join(f"w{index} [N-{index}]" for index in range(count)) + " eind"
    spots = tuple(Placeholder(text.index(f"[N-{i}]"), text.index(f"[N-{i}]") + 5, "N") for i in range(count))
    marks = [(text.index(word), text.index(word) + len(word)) for word in (f"w{count - 1}", "eind")]
    chosen = data.draw(st.dictionaries(st.integers(0, count - 1), st.sampled_from(["a", "chronisch ziek"])))

    filled, moved = marking.put_back(Redacted(text, spots, ()), chosen, marks)

    assert [filled.text[start:end] for start, end in moved] == [f"w{count - 1}", "eind"]
    assert [filled.text[one.start : one.end] for one in filled.placeholders] == [
        chosen.get(index, f"[N-{index}]") for index in range(count)
    ]
    assert hidden(filled, moved, kind="M").text.count("[M]") == 2


def test_given_no_stretch_to_hide_when_hidden_then_the_text_is_the_same() -> None:
    text = Redacted("Een tekst.", (), ())

    assert hidden(text, [(3, 3)], kind="M") is text


def test_given_a_stretch_that_touches_a_placeholder_when_hidden_then_both_are_one() -> None:
    text = Redacted("Jan [X] en Piet", (Placeholder(4, 7, "X"),), ())

    found = hidden(text, [(0, 5)], kind="M")

    assert (found.text, found.placeholders) == ("[M] en Piet", (Placeholder(0, 3, "M"),))


def test_given_a_phrase_that_only_begins_alike_when_hidden_then_it_stands() -> None:
    key = b"k" * 32
    phrase = learned.phrase(["brul", "boei"], municipality=MUNICIPALITY, key=key)

    found = learned.hide_learned(
        Redacted("Brul, zei Brul Boei.", (), ()), learned.by_first([phrase]), municipality=MUNICIPALITY, key=key
    )

    assert found.text == "Brul, zei [GEMARKEERD]."


async def test_given_more_marks_than_may_be_when_decided_on_the_page_then_refused_at_the_field(
    desk: ReviewDesk,
) -> None:
    words_told = " ".join(f"woord{number}" for number in range(MARKS_LIMIT * 2 + 2))
    await desk.room.submit(f"{DOUBTFUL} {words_told}")
    review = await desk.first_id()
    text = (await desk.get(f"/{review}")).json()["tekst"]
    ticked = [f"{match.start()}-{match.end()}" for match in re.finditer(r"woord\d*[02468](?!\d)", text)]

    answer = await desk.client.post(
        f"/beoordelen/{review}/besluit", data={"besluit": "akkoord", "weg-woord": ticked, "gronden": "ras"},
        headers=desk.credential(),
    )  # fmt: skip

    assert len(ticked) > MARKS_LIMIT
    assert (answer.status_code, 'href="#weg"' in answer.text) == (400, True)


@pytest.mark.parametrize("body", [{"gronden": ["ras", "ras"]}, {"gronden": []}])
async def test_given_a_list_that_cannot_be_when_decided_then_400(desk: ReviewDesk, body: dict[str, Any]) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide({"besluit": "aangepast", "codering": body})

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (400, ["/codering/gronden"])


async def test_given_a_case_nobody_decided_when_undone_then_409(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    assert (await desk.post(f"/{await desk.first_id()}/herroepingen")).json()["code"] == "not_decided"
