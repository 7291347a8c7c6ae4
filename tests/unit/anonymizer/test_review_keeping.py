# SPDX-License-Identifier: EUPL-1.2
"""How long a redacted text can be read: leases on a clock that jumps, terms, and the end of a key."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.anonymizer import storage
from services.anonymizer.retain import Terms, retain
from services.anonymizer.reviews import Content
from services.anonymizer.vault import vault
from shared import delivery, retention
from shared.contracts import SignalSubmitted, SignalUnderReview
from shared.errors import Gone, Misconfigured, Rejected
from shared.metrics import Metrics
from shared.sealing import Epoch
from tests.plumbing import SOURCE
from tests.unit.anonymizer.desk import LEASE, ReviewDesk, review_desk
from tests.unit.anonymizer.room import DOUBTFUL, case_id, told
from tests.unit.anonymizer.test_coded_facts import coded

TEXT = f"Een {DOUBTFUL} over Brulboei."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ReviewDesk]:
    async with review_desk(tmp_path) as made:
        yield made


async def retained(desk: ReviewDesk, *, days: float = 0) -> dict[str, int]:
    """What retention registers after so many days."""
    destroyed = desk.room.store.destroyed_epochs()
    now = desk.room.clock.now() + dt.timedelta(days=days)
    async with desk.room.database.transaction() as tx:
        await retain(
            tx, now=now, terms=Terms(7, 180, 30), destroyed=destroyed, metrics=Metrics(), event_source=SOURCE
        )  # fmt: skip
        return {one.kind: one.count for one in await retention.deletions(tx)}


def destroy(desk: ReviewDesk) -> Epoch:
    """The epoch whose key was just destroyed; a new one took its place before."""
    store = desk.room.store
    old = store.sealing_key().epoch
    store.rotate_sealing(at=desk.room.clock.now())
    store.destroy_sealing(old)
    return old


async def test_given_a_destroyed_epoch_when_everything_kept_is_tried_then_nothing_opens_and_the_rest_goes_on(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.decide({"besluit": "akkoord", "markeringen": [{"van": 17, "tot": 25}]}, review=review)
    await desk.room.submit(TEXT, case=2)
    bad = desk.room.sealed(SignalSubmitted, b"{no json")
    await desk.room.deliver(SignalSubmitted)([bad])

    destroy(desk)

    waiting = await desk.first_id()
    answers = [
        await desk.get(f"/{review}"), await desk.get(f"/{waiting}"), await desk.post(f"/{review}/herroepingen"),
        await desk.decide({"besluit": "akkoord"}, review=waiting),
    ]  # fmt: skip
    async with desk.room.database.transaction() as tx:
        (letter,) = await delivery.dead_letters(tx)
        await delivery.replay(tx, letter.id)
    await desk.room.deliver(SignalSubmitted)([bad])
    async with desk.room.database.reading() as tx:
        codes = [one.code for one in await delivery.dead_letters(tx)]
    await desk.room.submit(f"Nieuw {DOUBTFUL} over Brulboei.", case=3)
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(410, "key_destroyed")] * 4
    assert codes == ["unknown_epoch"]
    opened = [await desk.get(f"/{one['id']}") for one in (await desk.get()).json()["beoordelingen"]]
    assert sorted(one.status_code for one in opened) == [200, 410]


async def test_given_a_destroyed_epoch_when_retained_then_its_reviews_end_and_learned_words_stay(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    await desk.decide({"besluit": "akkoord", "markeringen": [{"van": 17, "tot": 25}]})
    await desk.room.submit(f"Weer {DOUBTFUL}.", case=2)
    destroy(desk)

    registered = await retained(desk)
    await desk.room.submit(f"Nieuw {DOUBTFUL} over Brulboei.", case=3)

    found = (await desk.get(f"/{await desk.first_id()}")).json()
    closed = (await desk.room.published(SignalUnderReview.topic))[-2]
    assert registered == {"review-key-destroyed": 2}
    assert (closed["case_id"], closed["open"]) == (case_id(2), False)
    assert found["tekst"] == f"Nieuw {DOUBTFUL} over [GEMARKEERD]."


async def test_given_a_key_that_is_only_away_when_retained_then_nothing_goes_and_the_next_case_is_another(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    away = await desk.first_id()
    store = desk.room.store
    private = store.folder / "sealing" / f"{store.sealing_key().epoch}.private"
    kept = private.read_bytes()
    store.rotate_sealing(at=desk.room.clock.now())
    await desk.room.submit(TEXT, case=2)
    private.unlink()

    registered = await retained(desk)
    taken = await desk.post("/_volgende")
    private.write_bytes(kept)

    assert registered == {}
    assert taken.json()["id"] != away
    assert (await desk.get(f"/{away}")).status_code == 200


async def test_given_terms_when_they_run_out_then_gone_with_the_reason_and_after_that_forgotten(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.decide({"besluit": "akkoord"}, review=review)

    before, after = await retained(desk, days=6.9), await retained(desk, days=7.1)
    answer = await desk.post(f"/{review}/herroepingen")
    await retained(desk, days=16)

    assert (before, after) == ({}, {"review-reviewed": 1})
    assert (answer.status_code, answer.json()["code"]) == (410, "review_over")
    assert (await desk.post(f"/{review}/herroepingen")).status_code == 404


def test_given_a_vault_when_row_case_epoch_or_secret_differ_then_it_does_not_open() -> None:
    keys = {Epoch("1"): b"k" * 96, Epoch("2"): b"l" * 96}
    made, other = vault(b"s" * 32, lambda: keys), vault(b"t" * 32, lambda: keys)
    content = Content(text="Een tekst.", facts=coded())
    closed = made.close(content, case_id="a", epoch=Epoch("1"))

    assert made.open(closed, case_id="a", epoch=Epoch("1")) == content
    assert made.close(content, case_id="a", epoch=Epoch("1")) != closed
    for opener, case, epoch in ((made, "b", "1"), (made, "a", "2"), (other, "a", "1")):
        with pytest.raises(Misconfigured):
            opener.open(closed, case_id=case, epoch=Epoch(epoch))
    with pytest.raises(Gone):
        made.open(closed, case_id="a", epoch=Epoch("3"))
    with pytest.raises(Rejected):
        made.close(content, case_id="a", epoch=Epoch("3"))
    assert "kkk" not in repr(made)


async def test_given_a_lease_from_a_clock_that_ran_ahead_when_it_is_right_again_then_nobody_is_kept_out(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review, now = await desk.first_id(), desk.room.clock.now()
    desk.room.clock.move_to(now + dt.timedelta(days=400))
    await desk.get(f"/{review}", who="Ana")
    desk.room.clock.move_to(now)

    listed = (await desk.get()).json()["beoordelingen"][0]["bezetDoor"]

    assert listed is None
    assert (await desk.post("/_volgende", who="Bo")).json()["id"] == review
    assert (await desk.decide({"besluit": "akkoord"}, who="Ana", review=review)).json()["code"] == "review_taken"


async def test_given_a_clock_that_jumps_back_when_the_holder_decides_then_the_lease_still_holds(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    await desk.get(f"/{review}", who="Ana")
    desk.room.clock.move_to(desk.room.clock.now() - dt.timedelta(hours=2))

    refused = await desk.decide({"besluit": "akkoord"}, who="Bo", review=review)

    assert refused.json()["code"] == "review_taken"
    assert (await desk.decide({"besluit": "akkoord"}, who="Ana", review=review)).status_code == 201


async def test_given_a_lease_that_ran_out_when_a_colleague_took_decided_and_undid_it_then_the_late_one_is_refused(
    desk: ReviewDesk,
) -> None:
    await desk.room.submit(TEXT)
    review = await desk.first_id()
    seen: Any = (await desk.get(f"/{review}", who="Ana")).json()["revisie"]
    desk.room.clock.move_to(desk.room.clock.now() + LEASE)
    await desk.decide({"besluit": "akkoord", "markeringen": [{"van": 0, "tot": 3}]}, who="Bo", review=review)
    taken = await desk.decide({"besluit": "akkoord", "revisie": seen}, who="Ana", review=review)
    await desk.post(f"/{review}/herroepingen", who="Bo")

    late = await desk.decide({"besluit": "akkoord", "revisie": seen}, who="Ana", review=review)

    assert [taken.json()["code"], late.json()["code"]] == ["already_decided", "review_changed"]
    now: Any = (await desk.get(f"/{review}", who="Ana")).json()["revisie"]
    assert (await desk.decide({"besluit": "akkoord", "revisie": now}, who="Ana", review=review)).status_code == 201


async def test_given_nothing_free_when_the_next_is_asked_then_no_content(desk: ReviewDesk) -> None:
    assert (await desk.post("/_volgende")).status_code == 204


async def test_given_more_cases_than_a_page_when_the_queue_is_read_then_no_text_and_at_most_a_page(
    desk: ReviewDesk,
) -> None:
    batch = [desk.room.sealed(SignalSubmitted, told(case, TEXT)) for case in range(1, 203)]
    await desk.room.deliver(SignalSubmitted)(batch)

    first, second = [(await desk.get(bladzijde=number)).json() for number in (1, 2)]

    assert [len(one["beoordelingen"]) for one in (first, second)] == [200, 2]
    assert (first["totaal"], "Brulboei" in str(first)) == (202, False)
    async with desk.room.database.reading() as tx:
        assert len(await storage.reviews(tx, is_open=True, limit=500, offset=0)) == 202
