# SPDX-License-Identifier: EUPL-1.2
"""The pages of review, as forms a browser sends: tick, put back, decide, on to the next, undo."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.anonymizer import page_forms
from shared.access import Role
from shared.contracts import SignalAnonymised, SignalRetracted
from tests.unit.anonymizer.desk import LEASE, ReviewDesk, review_desk
from tests.unit.anonymizer.room import BROKEN, DOUBTFUL, HIDDEN

TEXT = f"Een {DOUBTFUL} over {HIDDEN} en Brul Boei. Brul Boei, zei hij."
SHOWN = f"Een {DOUBTFUL} over [PERSOON-1] en Brul Boei. Brul Boei, zei hij."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ReviewDesk]:
    async with review_desk(tmp_path) as made:
        yield made


async def page(desk: ReviewDesk, path: str = "", *, who: str = "Ana") -> httpx2.Response:
    """A page as this person sees it."""
    return await desk.client.get(f"/beoordelen{path}", headers=desk.credential(who))


async def send(desk: ReviewDesk, path: str, *, who: str = "Ana", **fields: Any) -> httpx2.Response:
    """A form of the pages, sent."""
    return await desk.client.post(f"/beoordelen{path}", data=fields, headers=desk.credential(who))


async def coded(desk: ReviewDesk, review: str) -> dict[str, Any]:
    """The fields of the coding as a browser sends them when nobody touches them."""
    found = (await desk.get(f"/{review}")).json()["codering"]
    flat = {**found, **{f"voorval-{name}": value for name, value in found["voorval"].items()}}
    names = {page_forms._field(pointer) for pointer in page_forms.LABELS}
    return {name: value for name, value in flat.items() if name in names}


def stretch(word: str) -> str:
    """A ticked word as it is sent."""
    start = SHOWN.index(word)
    return f"{start}-{start + len(word)}"


async def test_given_nothing_waits_when_opened_then_the_page_says_so(desk: ReviewDesk) -> None:
    shown = await page(desk)
    none = await send(desk, "/volgende")

    assert "Er wacht nu niets op beoordeling." in shown.text
    assert (none.status_code, none.headers["location"]) == (303, "/beoordelen")


async def test_given_cases_when_the_next_is_taken_then_the_oldest_that_no_colleague_has(desk: ReviewDesk) -> None:
    for case in (1, 2):
        await desk.room.submit(TEXT, case=case)

    ana, bo, cas = [(await send(desk, "/volgende", who=who)).headers["location"] for who in ("Ana", "Bo", "Cas")]

    assert len({ana, bo, "/beoordelen"}) == 3
    assert cas == "/beoordelen"
    assert (await send(desk, "/volgende", who="Ana")).headers["location"] == ana


async def test_given_ticked_words_and_a_word_back_when_sent_then_the_text_follows_and_the_next_case_comes(
    desk: ReviewDesk,
) -> None:
    for case in (1, 2):
        await desk.room.submit(TEXT, case=case)
    address = (await send(desk, "/volgende")).headers["location"].removeprefix("/beoordelen")
    ticked: dict[str, Any] = {"weg-woord": [stretch("Brul"), stretch("Boei"), "0-2", "x"]}

    answer = await send(
        desk, f"{address}/besluit", besluit="aangepast", revisie="1", **await coded(desk, address[1:]),
        **ticked, **{"terug-0": "Moskee"},
    )  # fmt: skip

    decided = (await desk.get(address)).json()
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"?vorige={address[1:]}")
    assert decided["tekst"] == f"Een {DOUBTFUL} over moskee en [GEMARKEERD]. [GEMARKEERD], zei hij."
    assert len(await desk.room.published(SignalAnonymised.topic)) == 3
    after = await page(desk, answer.headers["location"].removeprefix("/beoordelen"))
    assert f'href="/beoordelen{address}"' in after.text
    assert "Vandaag door u beoordeeld: <strong>1</strong>" in (await page(desk)).text


async def test_given_faults_when_sent_then_the_page_says_where_and_keeps_what_was_typed(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()

    answer = await send(
        desk, f"/{review}/besluit", besluit="niet-meegeteld", reden="", opmerking="let op", **await coded(desk, review),
        **{"weg-woord": stretch("Brul"), "terug-0": "Brul"},
    )  # fmt: skip

    assert answer.status_code == 400
    assert all(f'href="#{name}"' in answer.text for name in ("reden", "terug-0"))
    assert f'value="{stretch("Brul")}" checked' in answer.text
    assert "let op" in answer.text
    assert len(await desk.room.published(SignalAnonymised.topic)) == 1


@pytest.mark.parametrize(
    ("fields", "where"),
    [({}, "besluit"), ({"besluit": "akkoord", "weg": "staat er niet"}, "weg"), ({"besluit": "aangepast"}, "besluit")],
)
async def test_given_a_form_that_does_not_fit_when_sent_then_400_at_that_field(
    desk: ReviewDesk, fields: dict[str, str], where: str
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()

    answer = await send(desk, f"/{review}/besluit", **await coded(desk, review), **fields)

    assert answer.status_code == 400
    assert f'<a href="#{where}">' in answer.text


async def test_given_another_coding_and_a_copied_line_when_sent_then_both_follow(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    fields = {**await coded(desk, review), "gronden": ["ras", "godsdienst"], "voorval-plaats": "in-gemeente"}

    await send(desk, f"/{review}/besluit", **{**fields, "besluit": "aangepast", "weg": "Brul Boei\n"})

    facts = (await desk.room.published(SignalAnonymised.topic))[-1]
    assert (facts["grounds"], facts["incident_place"]) == (["ras", "godsdienst"], "in-gemeente")
    assert "Brul" not in (await desk.get(f"/{review}")).json()["tekst"]


async def test_given_a_decision_when_undone_on_the_page_then_it_waits_again(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    sent = await send(
        desk, f"/{review}/besluit", besluit="niet-meegeteld", reden="dubbel", **await coded(desk, review)
    )  # fmt: skip

    listed = await page(desk, "?status=besloten")
    shown = await page(desk, f"/{review}")
    undone = await send(desk, f"/{review}/herroeping")

    assert sent.headers["location"] == "/beoordelen"
    assert "Vandaag te herroepen" in listed.text
    assert "Herroep het besluit" in shown.text
    assert undone.status_code == 303
    assert [one["reason"] for one in await desk.room.published(SignalRetracted.topic)] == ["not-counted"]
    assert (await desk.get()).json()["totaal"] == 1


async def test_given_a_lease_that_ran_out_and_went_to_a_colleague_when_the_first_sends_then_409_and_nothing_is_lost(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    fields = await coded(desk, review)
    desk.room.clock.move_to(desk.room.clock.now() + LEASE)
    await page(desk, f"/{review}", who="Bo")

    late = await send(desk, f"/{review}/besluit", besluit="akkoord", opmerking="iets", **fields)

    assert late.status_code == 409
    assert "Bo heeft deze zaak nu" in late.text
    assert (await send(desk, f"/{review}/besluit", who="Bo", besluit="akkoord", **fields)).status_code == 303


async def test_given_a_case_that_is_gone_or_never_was_when_opened_then_the_page_says_which(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.room.withdraw()

    answers = [await page(desk, f"/{review}"), await page(desk, "/none"), await send(desk, f"/{review}/herroeping")]

    assert [one.status_code for one in answers] == [410, 404, 410]
    assert "ingetrokken door wie hem doorgaf" in answers[0].text


async def test_given_a_text_that_failed_when_opened_then_no_text_and_a_form_for_the_coding(desk: ReviewDesk) -> None:
    await desk.room.submit(f"Dit is {BROKEN}.")
    review = await desk.first_id()

    shown = await page(desk, f"/{review}")

    assert "niets van bewaard" in shown.text
    assert (
        await send(desk, f"/{review}/besluit", besluit="akkoord", **await coded(desk, review))
    ).status_code == 303  # fmt: skip


async def test_given_an_address_with_a_foreign_text_when_opened_then_it_is_not_repeated(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    shown = await page(desk, f"/{await desk.first_id()}?vorige=Zonderling-met-een-naam-en-nog-iets-36")

    assert (shown.status_code, "Zonderling" in shown.text) == (200, False)


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADV)])
async def test_given_another_role_or_nobody_when_any_page_is_asked_then_refused(
    desk: ReviewDesk, role: Role | None
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    header = desk.credential("Cas", role) if role else {}
    asked = [("get", ""), ("get", "?status=besloten"), ("get", f"/{review}"), ("post", "/volgende")]
    asked += [("post", f"/{review}/{way}") for way in ("besluit", "herroeping", "vrijgave")]

    answers = [await desk.client.request(how, f"/beoordelen{path}", headers=header) for how, path in asked]

    assert {one.status_code for one in answers} == {403 if role else 401}
    assert DOUBTFUL not in "".join(one.text for one in answers)
    assert (await desk.get()).json()["beoordelingen"][0]["bezetDoor"] is None
