# SPDX-License-Identifier: EUPL-1.2
"""Review from open case to corrected figures: who may, what follows, what is written down."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.anonymizer.retain import Terms, retain
from shared import audit, retention
from shared.access import Role
from shared.contracts import SignalAnonymised, SignalRetracted, SignalUnderReview
from shared.metrics import Metrics
from tests.plumbing import SOURCE
from tests.unit.anonymizer.desk import LEASE, ReviewDesk, review_desk
from tests.unit.anonymizer.room import BROKEN, DOUBTFUL, HIDDEN, case_id

TEXT = f"Een {DOUBTFUL} over {HIDDEN} en Brulboei bij de kapper."
SHOWN = f"Een {DOUBTFUL} over [PERSOON-1] en Brulboei bij de kapper."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ReviewDesk]:
    async with review_desk(tmp_path) as made:
        yield made


async def audited(desk: ReviewDesk) -> list[tuple[str, str]]:
    """Who did what, in order."""
    async with desk.room.database.reading() as tx:
        entries = [json.loads(row["entry"]) for row in await audit.read(tx)]
    return [(entry["actor"], entry["action"]) for entry in entries]


def terms(desk: ReviewDesk) -> dict[str, Any]:
    """What retention is given."""
    destroyed = desk.room.store.destroyed_epochs()
    return {"terms": Terms(7, 180, 30), "destroyed": destroyed, "metrics": Metrics(), "event_source": SOURCE}


async def newest(desk: ReviewDesk, topic: str) -> dict[str, Any]:
    return (await desk.room.published(topic))[-1]


async def test_given_a_text_in_doubt_when_the_queue_is_read_then_reason_and_age_but_no_text(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    desk.room.clock.move_to(desk.room.clock.now() + dt.timedelta(days=2, hours=3))

    answer = await desk.get(status="open")

    (listed,) = answer.json()["beoordelingen"]
    assert (listed["status"], listed["wachtDagen"], listed["bezetDoor"]) == ("open", 2, None)
    assert [reason["code"] for reason in listed["redenen"]] == ["onbekende-woorden"]
    assert DOUBTFUL not in answer.text


async def test_given_a_case_when_opened_then_redacted_text_with_marks_and_its_coding(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT, grounds=("ras", "godsdienst"), district="online")

    found = (await desk.get(f"/{await desk.first_id()}")).json()

    (mark,) = found["markeringen"]
    assert found["tekst"] == SHOWN
    assert found["tekst"][mark["van"] : mark["tot"]] == "[PERSOON-1]"
    assert found["codering"]["gronden"] == ["ras", "godsdienst"]
    assert found["codering"]["voorval"] == {"plaats": "onbekend", "wijk": "online"}
    assert found["bezetDoor"] == "Ana"


async def test_given_agreement_when_decided_then_the_same_facts_under_a_higher_revision(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide({"besluit": "akkoord"})

    first, second = await desk.room.published(SignalAnonymised.topic)
    assert answer.status_code == 201
    assert second == {**first, "revision": 2}
    assert [(one["revision"], one["open"]) for one in await desk.room.published(SignalUnderReview.topic)] == [
        (1, True), (2, False),
    ]  # fmt: skip
    assert (await desk.get()).json()["totaal"] == 0
    assert (await desk.get(status="besloten")).json()["totaal"] == 1


async def test_given_another_coding_when_decided_then_the_facts_follow_and_the_rest_stays(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT, nature="geweld")

    change = {"gronden": ["godsdienst"], "voorval": {"plaats": "in-gemeente"}, "massamelding": "actie"}
    answer = await desk.decide({"besluit": "aangepast", "codering": change})

    after = await newest(desk, SignalAnonymised.topic)
    assert answer.status_code == 201
    assert (after["grounds"], after["incident_place"]) == (["godsdienst"], "in-gemeente")
    assert after["mass_event"] == desk.bench.mass_code("actie")
    assert (after["nature"], after["terrain"], after["revision"]) == ("geweld", "onderwijs", 2)


async def test_given_a_detail_when_its_coding_is_sent_back_then_it_fits(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    found = (await desk.get(f"/{await desk.first_id()}")).json()

    answer = await desk.decide({"besluit": "aangepast", "codering": {**found["codering"], "terrein": "huisvesting"}})

    assert answer.status_code == 201, answer.text
    assert (await newest(desk, SignalAnonymised.topic))["terrain"] == "huisvesting"


async def test_given_a_reason_when_not_counted_then_the_case_is_retracted(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide({"besluit": "niet-meegeteld", "reden": "dubbel"})

    assert answer.json()["redenBesluit"] == "dubbel"
    assert await desk.room.published(SignalRetracted.topic) == [
        {"case_id": case_id(1), "revision": 2, "reason": "not-counted"}
    ]


async def test_given_a_signal_when_made_a_report_then_registered_on_the_day_of_the_decision(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT, registered_on=dt.date(2026, 10, 1))
    desk.room.clock.move_to(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC))  # new year has begun in the municipality

    answer = await desk.decide({"besluit": "als-melding", "codering": {"inwonerschap": "ingezetene"}})

    after = await newest(desk, SignalAnonymised.topic)
    assert answer.status_code == 201
    assert (after["kind"], after["registered_on"], after["residency"]) == ("melding", "2027-01-01", "ingezetene")


async def test_given_a_report_when_made_a_report_again_then_409(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT, kind="melding")

    assert (await desk.decide({"besluit": "als-melding"})).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/besluit"]),
        ({"besluit": "misschien"}, ["/besluit"]),
        ({"besluit": "akkoord", "wat": 1}, ["/wat"]),
        ({"besluit": "niet-meegeteld"}, ["/reden"]),
        ({"besluit": "niet-meegeteld", "reden": "zomaar"}, ["/reden"]),
        ({"besluit": "aangepast"}, ["/codering"]),
        ({"besluit": "akkoord", "codering": {"terrein": "huisvesting"}}, ["/codering"]),
        (
            {"besluit": "aangepast", "codering": {"gronden": ["ras", "nix"], "terrein": "nix", "soort": "klacht"}},
            ["/codering/gronden/1", "/codering/terrein", "/codering/soort"],
        ),
        ({"besluit": "aangepast", "codering": {"gronden": []}}, ["/codering/gronden"]),
        ({"besluit": "aangepast", "codering": {"subgronden": ["leeftijd-jong"]}}, ["/codering/subgronden/0"]),
        ({"besluit": "aangepast", "codering": {"voorval": {"wijk": "nix"}}}, ["/codering/voorval/wijk"]),
        ({"besluit": "aangepast", "codering": {"voorval": {"datum": "x"}}}, ["/codering/voorval/datum"]),
        ({"besluit": "aangepast", "codering": {"terrein": 3}}, ["/codering/terrein"]),
        ({"besluit": "akkoord", "markeringen": [{"van": 5, "tot": 5}, {"van": 0, "tot": 999}]},
         ["/markeringen/0", "/markeringen/1"]),
    ],
)  # fmt: skip
async def test_given_a_decision_that_does_not_fit_when_sent_then_400_with_every_pointer(
    desk: ReviewDesk, body: dict[str, Any], pointers: list[str]
) -> None:
    await desk.room.submit(TEXT)

    answer = await desk.decide(body)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    assert len(await desk.room.published(SignalAnonymised.topic)) == 1


async def test_given_two_people_when_both_open_a_case_then_only_the_first_decides(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.get(f"/{review}", who="Ana")
    seen = (await desk.get(f"/{review}", who="Bo")).json()

    refused = await desk.decide({"besluit": "akkoord"}, who="Bo", review=review)
    taken = await desk.decide({"besluit": "akkoord"}, who="Ana", review=review)
    again = await desk.decide({"besluit": "akkoord"}, who="Bo", review=review)

    assert seen["bezetDoor"] == "Ana"
    assert [(one.status_code, one.json().get("code")) for one in (refused, taken, again)] == [
        (409, "review_taken"), (201, None), (409, "already_decided"),
    ]  # fmt: skip


async def test_given_two_people_when_both_decide_at_once_then_exactly_one_does(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()

    answers = await asyncio.gather(
        *(desk.decide({"besluit": "akkoord"}, who=f"Persoon {n}", review=review) for n in range(5))
    )

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409]
    assert len(await desk.room.published(SignalAnonymised.topic)) == 2


@pytest.mark.parametrize("way", ["given back", "expired"])
async def test_given_a_case_of_a_colleague_when_it_is_free_again_then_another_decides(
    desk: ReviewDesk, way: str
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.get(f"/{review}", who="Ana")

    if way == "expired":
        desk.room.clock.move_to(desk.room.clock.now() + LEASE)
    else:
        assert (await desk.post(f"/{review}/vrijgaven", who="Ana")).status_code == 204

    assert (await desk.decide({"besluit": "akkoord"}, who="Bo", review=review)).status_code == 201


async def test_given_marks_when_decided_then_hidden_here_and_in_later_texts(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    start, shop = SHOWN.index("Brulboei"), SHOWN.index("de kapper")
    marks = [{"van": start, "tot": start + 8}, {"van": shop, "tot": shop + 9}]

    answer = await desk.decide({"besluit": "akkoord", "markeringen": marks})
    await desk.room.submit(f"Nu {DOUBTFUL}: BRULBOEI en de kapper.", case=2)

    later = (await desk.get(f"/{await desk.first_id()}")).json()
    assert answer.json()["tekst"] == f"Een {DOUBTFUL} over [PERSOON-1] en [GEMARKEERD] bij [GEMARKEERD]."
    assert later["tekst"] == f"Nu {DOUBTFUL}: [GEMARKEERD] en de kapper."


async def test_given_learned_words_when_the_database_is_searched_then_no_word_stands_there(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    start = SHOWN.index("Brulboei")
    await desk.decide({"besluit": "akkoord", "markeringen": [{"van": start, "tot": start + 8}]})

    path = Path(desk.room.database.url.partition("///")[2])
    raw = b"".join(file.read_bytes() for file in path.parent.glob("anonymizer.sqlite*")).lower()

    assert b"learned_words" in raw
    assert not [word for word in (b"brulboei", DOUBTFUL.encode(), HIDDEN.lower().encode()) if word in raw]


@pytest.mark.parametrize(
    "decision",
    [
        {"besluit": "aangepast", "codering": {"terrein": "huisvesting"}},
        {"besluit": "niet-meegeteld", "reden": "proef"},
        {"besluit": "als-melding"},
    ],
)
async def test_given_a_decision_when_undone_the_same_day_then_the_facts_are_as_before_and_it_waits(
    desk: ReviewDesk, decision: dict[str, Any]
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.decide(decision)

    answer = await desk.post(f"/{review}/herroepingen", who="Bo")

    found = await desk.room.published(SignalAnonymised.topic)
    assert (answer.status_code, answer.json()["status"]) == (201, "open")
    assert found[-1] == {**found[0], "revision": 3}
    assert (await newest(desk, SignalUnderReview.topic))["open"] is True
    assert (await desk.decide({"besluit": "akkoord"})).status_code == 201


async def test_given_a_decision_when_undone_the_next_day_then_409(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.decide({"besluit": "akkoord"})
    desk.room.clock.move_to(desk.room.clock.now() + dt.timedelta(days=1))

    answers = [await desk.post(f"/{review}/herroepingen"), await desk.post("/none/herroepingen")]

    assert [one.status_code for one in answers] == [409, 404]


async def test_given_a_text_that_failed_when_opened_then_no_text_and_the_coding_can_be_decided(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(f"Dit is {BROKEN}.")
    review = await desk.first_id()

    found = (await desk.get(f"/{review}")).json()

    assert (found["tekst"], found["redenen"][0]["code"]) == (None, "redactie-mislukt")
    assert (await desk.decide({"besluit": "akkoord"}, review=review)).status_code == 201


async def test_given_a_case_that_was_withdrawn_when_decided_then_it_is_gone(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.room.withdraw()

    answers = [await desk.get(f"/{review}"), await desk.decide({"besluit": "akkoord"}, review=review)]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(410, "case_withdrawn")] * 2


async def test_given_a_decided_case_when_withdrawn_then_its_retraction_is_the_newest(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    await desk.decide({"besluit": "akkoord"})

    await desk.room.withdraw()

    assert (await newest(desk, SignalRetracted.topic))["revision"] == 3
    assert (await desk.get(status="alle")).json()["totaal"] == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADV])
async def test_given_another_role_when_asking_then_403_everywhere(desk: ReviewDesk, role: Role) -> None:
    await desk.room.submit(TEXT)
    review, header = await desk.first_id(), desk.credential("Cas", role)
    base = "/anonymizer/v1/beoordelingen"

    gets = [await desk.client.get(url, headers=header) for url in (base, f"{base}/{review}", f"/beoordelen/{review}")]
    posts = [
        await desk.client.post(f"{base}/{review}/{way}", json={"besluit": "akkoord"}, headers=header)
        for way in ("besluiten", "herroepingen", "vrijgaven")
    ]

    assert {one.status_code for one in (*gets, *posts)} == {403}
    assert DOUBTFUL not in "".join(one.text for one in gets)


async def test_given_nobody_signed_in_when_asking_then_401(desk: ReviewDesk) -> None:
    answers = [await desk.client.get(url) for url in ("/anonymizer/v1/beoordelingen", "/beoordelen")]

    assert [one.status_code for one in answers] == [401, 401]


async def test_given_a_review_when_done_then_every_look_and_deed_is_in_an_unbroken_chain(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.get(f"/{review}", who="Bo")
    await desk.decide({"besluit": "akkoord", "opmerking": "iets"}, who="Bo", review=review)
    await desk.post(f"/{review}/herroepingen", who="Bo")

    async with desk.room.database.reading() as tx:
        rows = await audit.read(tx)
    verdict = audit.verify(rows, desk.room.store.verifying_key("audit"))
    assert await audited(desk) == [
        ("Ana", "review-queue-read"), ("Bo", "review-read"), ("Bo", "review-decided"), ("Bo", "review-undone"),
    ]  # fmt: skip
    assert verdict.broken_at == 0
    assert not [row for row in rows if DOUBTFUL in row["entry"] or case_id(1) in row["entry"] or "iets" in row["entry"]]


async def test_given_terms_that_are_over_when_retained_then_texts_are_gone_and_registered(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT, case=1)
    await desk.room.submit(TEXT, case=2)
    await desk.decide({"besluit": "akkoord"})
    now = desk.room.clock.now() + dt.timedelta(days=200)

    async with desk.room.database.transaction() as tx:
        done = await retain(tx, now=now, **terms(desk))
        registered = await retention.deletions(tx)

    assert done == 2
    assert [(one.kind, one.count) for one in registered] == [("review-reviewed", 1), ("review-unreviewed", 1)]
    assert (await desk.get(status="alle")).json()["totaal"] == 0
    assert (await newest(desk, SignalUnderReview.topic))["open"] is False


async def test_given_terms_that_run_when_retained_then_nothing_goes(desk: ReviewDesk) -> None:
    await desk.room.submit(TEXT)

    async with desk.room.database.transaction() as tx:
        done = await retain(tx, now=desk.room.clock.now(), **terms(desk))

    assert (done, (await desk.get()).json()["totaal"]) == (0, 1)
