# SPDX-License-Identifier: EUPL-1.2
"""Withdrawn and corrected, in every order things can happen: the last word of the sender stands, and no text stays."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.anonymizer import storage
from shared import delivery, inbox
from shared.contracts import (
    SealedEvent,
    SealedWithdrawal,
    SignalAnonymised,
    SignalCorrected,
    SignalRetracted,
    SignalSubmitted,
    SignalUnderReview,
    SignalWithdrawn,
)
from tests.plumbing import Record
from tests.unit.anonymizer.desk import ReviewDesk, review_desk
from tests.unit.anonymizer.room import DOUBTFUL, Room, case_id, told

SIGNAL = UUID(int=7)
ORDERS = [
    *itertools.permutations(["submit", "correct again", "withdraw", "review"]),
    *itertools.permutations(["submit", "correct", "correct again", "withdraw"]),
]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ReviewDesk]:
    async with review_desk(tmp_path) as made:
        yield made


def events(room: Room) -> dict[str, tuple[type[SealedEvent], Record]]:
    """What intake sends about one signal; each correction is in doubt, so that a text waits."""
    withdrawal = SealedWithdrawal(case_id=case_id(1)).model_dump_json().encode()
    payloads: dict[str, tuple[type[SealedEvent], bytes]] = {
        "submit": (SignalSubmitted, told(1, DOUBTFUL)),
        "correct": (SignalCorrected, told(1, f"eerste {DOUBTFUL}", correction=1)),
        "correct again": (SignalCorrected, told(1, f"tweede {DOUBTFUL}", correction=2, terrain="huisvesting")),
        "withdraw": (SignalWithdrawn, withdrawal),
    }
    return {name: (model, room.sealed(model, payload, signal_id=SIGNAL)) for name, (model, payload) in payloads.items()}


async def review_now(desk: ReviewDesk) -> None:
    """Whoever has a case open decides about it, if there is one."""
    for one in (await desk.get()).json()["beoordelingen"]:
        await desk.decide({"besluit": "niet-meegeteld", "reden": "proef"}, review=one["id"])


async def play(desk: ReviewDesk, order: tuple[str, ...]) -> None:
    """Everything in this order, each event delivered twice."""
    sent = events(desk.room)
    for step in order:
        if step == "review":
            await review_now(desk)
            continue
        model, made = sent[step]
        deliver = desk.room.deliver(model)
        await deliver([made])
        await deliver([made])


async def newest(desk: ReviewDesk) -> dict[str, Any]:
    """What a service after this one knows of the case: the event with the highest revision."""
    told_now = [
        {**one, "topic": topic}
        for topic in (SignalAnonymised.topic, SignalRetracted.topic)
        for one in await desk.room.published(topic)
    ]
    revisions = [one["revision"] for one in told_now]
    assert len(set(revisions)) == len(revisions), "two events share a revision: which one stands is chance"
    return max(told_now, key=lambda one: int(one["revision"]))


async def reviews_left(desk: ReviewDesk) -> int:
    """How many texts are kept, decided ones too."""
    return int((await desk.get(status="alle")).json()["totaal"])


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_given_any_order_with_a_withdrawal_in_it_when_played_then_the_case_is_gone_everywhere(
    desk: ReviewDesk, order: tuple[str, ...]
) -> None:
    await play(desk, order)

    last = await newest(desk)
    async with desk.room.database.reading() as tx:
        states, letters = await storage.state_counts(tx), await delivery.dead_letters(tx)
    assert (last["topic"], last["reason"]) == (SignalRetracted.topic, "withdrawn")
    assert await reviews_left(desk) == 0
    assert (states, letters) == ({"withdrawn": 1}, [])


@pytest.mark.parametrize("order", list(itertools.permutations(["submit", "correct", "correct again"])), ids="-".join)
async def test_given_corrections_in_any_order_when_played_then_the_last_correction_stands_and_its_text_alone_waits(
    desk: ReviewDesk, order: tuple[str, ...]
) -> None:
    await play(desk, order)

    (waiting,) = (await desk.get()).json()["beoordelingen"]
    found = (await desk.get(f"/{waiting['id']}")).json()
    last = await newest(desk)
    opened = await desk.room.published(SignalUnderReview.topic)
    assert (last["terrain"], found["tekst"], found["codering"]["terrein"]) == (
        "huisvesting", f"tweede {DOUBTFUL}", "huisvesting",
    )  # fmt: skip
    assert max(opened, key=lambda one: int(one["revision"]))["open"] is True


async def decided(desk: ReviewDesk) -> str:
    """The id of a case that was decided."""
    review = await desk.first_id()
    await desk.decide({"besluit": "niet-meegeteld", "reden": "proef"}, review=review)
    return review


Act = Callable[[ReviewDesk, str], Awaitable[Any]]


@pytest.mark.parametrize(
    ("after", "code"), [("correct", "case_corrected"), ("withdraw", "case_withdrawn")]
)  # fmt: skip
@pytest.mark.parametrize("deed", ["herroepingen", "besluiten", "vrijgaven", ""])
async def test_given_a_case_somebody_holds_when_the_sender_changes_it_then_every_deed_is_told_why(
    desk: ReviewDesk, after: str, code: str, deed: str
) -> None:
    await play(desk, ("submit",))
    review = await decided(desk) if deed == "herroepingen" else await desk.first_id()
    await desk.get(f"/{review}")

    await play(desk, (after,))

    path = f"/{review}/{deed}" if deed else f"/{review}"
    answer = await (desk.post(path, {"besluit": "akkoord"}) if deed else desk.get(path))
    assert (answer.status_code, answer.json()["code"]) == (410, code)


async def test_given_a_decision_not_to_count_when_corrected_then_the_case_counts_as_corrected(desk: ReviewDesk) -> None:
    await play(desk, ("submit", "review", "correct again"))

    last = await newest(desk)
    assert (last["topic"], last["terrain"], last["revision"]) == (SignalAnonymised.topic, "huisvesting", 3)


async def test_given_a_dead_letter_when_withdrawn_and_replayed_from_the_bus_then_nothing_counts(
    desk: ReviewDesk,
) -> None:
    room = desk.room
    epoch = room.store.sealing_key().epoch
    private = room.store.folder / "sealing" / f"{epoch}.private"
    kept = private.read_bytes()
    sent = events(room)
    private.unlink()
    await room.deliver(SignalSubmitted)([sent["submit"][1]])
    private.write_bytes(kept)
    async with room.database.transaction() as tx:
        (letter,) = await delivery.dead_letters(tx)
        await delivery.replay(tx, letter.id)  # on its way back to the topic when the withdrawal comes

    await room.deliver(SignalWithdrawn)([sent["withdraw"][1]])
    await room.deliver(SignalSubmitted)([sent["submit"][1]])

    async with room.database.reading() as tx:
        states = await storage.state_counts(tx)
    assert states == {"withdrawn": 1}
    assert await room.published(SignalAnonymised.topic) == []
    assert await reviews_left(desk) == 0


async def test_given_a_withdrawal_that_cannot_be_opened_when_its_letter_is_replayed_then_the_case_goes_after_all(
    desk: ReviewDesk,
) -> None:
    room = desk.room
    await play(desk, ("submit",))
    sent = events(room)["withdraw"][1]
    private = room.store.folder / "sealing" / f"{room.store.sealing_key().epoch}.private"
    kept = private.read_bytes()
    private.unlink()
    await room.deliver(SignalWithdrawn)([sent])
    private.write_bytes(kept)

    async with room.database.transaction() as tx:
        await delivery.replay(tx, (await delivery.dead_letters(tx))[0].id)
    await room.deliver(SignalWithdrawn)([sent])

    assert (await newest(desk))["topic"] == SignalRetracted.topic
    assert await reviews_left(desk) == 0


async def test_given_an_inbox_that_forgot_when_an_old_submission_comes_again_then_a_withdrawn_case_stays_gone(
    desk: ReviewDesk,
) -> None:
    sent = events(desk.room)
    await desk.room.deliver(SignalSubmitted)([sent["submit"][1]])
    await desk.room.deliver(SignalWithdrawn)([sent["withdraw"][1]])
    async with desk.room.database.transaction() as tx:
        await inbox.forget(tx, [sent["submit"][1].headers["ce_id"]])

    await desk.room.deliver(SignalSubmitted)([sent["submit"][1]])

    assert (await newest(desk))["topic"] == SignalRetracted.topic
    assert await reviews_left(desk) == 0
