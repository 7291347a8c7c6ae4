# SPDX-License-Identifier: EUPL-1.2
"""What happens to a signal that arrives: facts travel on, a text stays only in doubt, bad input is set aside sealed."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.anonymizer import storage
from services.anonymizer.storage import Review
from shared import delivery, outbox, processing_log
from shared.contracts import (
    SignalAnonymised,
    SignalCorrected,
    SignalRetracted,
    SignalSubmitted,
    SignalUnderReview,
)
from shared.delivery import Halted
from tests.plumbing import Record
from tests.unit.anonymizer.room import BROKEN, DOUBTFUL, HIDDEN, Room, case_id, room, told

FIELDS = {
    "case_id", "revision", "municipality", "kind", "grounds", "subgrounds", "terrain", "nature", "handling",
    "reporter_role", "anonymity", "residency", "incident_place", "district", "incident_week", "registered_on",
    "age_band", "mass_event", "source_ref", "record_key",
}  # fmt: skip


@pytest.fixture
async def anonymizer(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as made:
        yield made


async def open_reviews(anonymizer: Room) -> list[Review]:
    async with anonymizer.database.reading() as tx:
        found = await storage.reviews(tx, is_open=True, limit=100, offset=0)
        return [one for listed in found if (one := await storage.review(tx, listed.id)) is not None]


async def dead_codes(anonymizer: Room) -> list[str]:
    async with anonymizer.database.reading() as tx:
        return [letter.code for letter in await delivery.dead_letters(tx)]


def test_given_the_facts_that_travel_when_their_fields_are_listed_then_the_list_is_closed() -> None:
    assert set(SignalAnonymised.model_fields) == FIELDS


@pytest.mark.parametrize("text", ["", "   ", f"Gewone tekst over {HIDDEN}."])
async def test_given_no_doubt_when_handled_then_facts_leave_and_nothing_of_the_text_is_kept(
    anonymizer: Room, text: str
) -> None:
    await anonymizer.submit(text)

    assert [one["case_id"] for one in await anonymizer.published(SignalAnonymised.topic)] == [case_id(1)]
    assert await open_reviews(anonymizer) == []
    assert await anonymizer.published(SignalUnderReview.topic) == []


async def test_given_doubt_when_handled_then_facts_leave_and_the_redacted_text_waits_encrypted(
    anonymizer: Room,
) -> None:
    await anonymizer.submit(f"Een {DOUBTFUL} over {HIDDEN}.")

    (waiting,) = await open_reviews(anonymizer)
    content = anonymizer.vault.open(waiting.content, case_id=waiting.case_id, epoch=waiting.epoch)
    assert content.text == f"Een {DOUBTFUL} over [PERSOON-1]."
    assert DOUBTFUL.encode() not in waiting.content
    assert waiting.reasons == ("onbekende-woorden",)
    assert len(await anonymizer.published(SignalAnonymised.topic)) == 1
    assert [one["open"] for one in await anonymizer.published(SignalUnderReview.topic)] == [True]


async def test_given_redaction_that_fails_when_handled_then_facts_leave_and_the_text_is_gone(anonymizer: Room) -> None:
    await anonymizer.submit(f"Dit is {BROKEN} bij {HIDDEN}.")

    (waiting,) = await open_reviews(anonymizer)
    assert anonymizer.vault.open(waiting.content, case_id=waiting.case_id, epoch=waiting.epoch).text is None
    assert waiting.reasons == ("redactie-mislukt",)
    assert len(await anonymizer.published(SignalAnonymised.topic)) == 1


async def test_given_a_language_nobody_measured_when_handled_then_the_text_waits(anonymizer: Room) -> None:
    await anonymizer.submit("Gewone tekst.", language="so")

    assert [one.reasons for one in await open_reviews(anonymizer)] == [("onbekende-taal",)]


async def test_given_a_sample_share_of_all_when_handled_then_sure_texts_wait_too(tmp_path: Path) -> None:
    async with room(tmp_path, review_share=1.0) as anonymizer:
        await anonymizer.submit("Gewone tekst.")

        assert [one.reasons for one in await open_reviews(anonymizer)] == [("steekproef",)]


async def test_given_a_case_under_review_when_withdrawn_then_text_and_facts_are_gone(anonymizer: Room) -> None:
    sent = await anonymizer.submit(DOUBTFUL)

    await anonymizer.withdraw()

    assert await open_reviews(anonymizer) == []
    assert [one["reason"] for one in await anonymizer.published(SignalRetracted.topic)] == ["withdrawn"]
    assert sent.value


async def test_given_a_case_under_review_when_corrected_without_doubt_then_the_review_ends(anonymizer: Room) -> None:
    await anonymizer.submit(DOUBTFUL)

    await anonymizer.correct("Gewone tekst.", grounds=("godsdienst",))

    assert await open_reviews(anonymizer) == []
    assert [(one["revision"], one["open"]) for one in await anonymizer.published(SignalUnderReview.topic)] == [
        (1, True), (2, False),
    ]  # fmt: skip
    assert [one["grounds"] for one in await anonymizer.published(SignalAnonymised.topic)] == [["ras"], ["godsdienst"]]


async def test_given_a_case_under_review_when_corrected_in_doubt_then_only_the_new_text_waits(anonymizer: Room) -> None:
    await anonymizer.submit(f"eerste {DOUBTFUL}")

    await anonymizer.correct(f"tweede {DOUBTFUL}")

    (waiting,) = await open_reviews(anonymizer)
    assert (
        anonymizer.vault.open(waiting.content, case_id=waiting.case_id, epoch=waiting.epoch).text
        == f"tweede {DOUBTFUL}"
    )


async def test_given_corrections_out_of_order_in_one_batch_when_handled_then_the_last_one_stands(
    anonymizer: Room,
) -> None:
    await anonymizer.submit()
    batch = [
        anonymizer.sealed(SignalCorrected, told(1, DOUBTFUL, correction=number, terrain=terrain))
        for number, terrain in ((2, "huisvesting"), (1, "horeca-amusement"))
    ]

    await anonymizer.deliver(SignalCorrected)(batch)

    found = await anonymizer.published(SignalAnonymised.topic)
    assert [(one["revision"], one["terrain"]) for one in found] == [(1, "onderwijs"), (2, "huisvesting")]


async def test_given_a_withdrawal_first_when_the_signal_arrives_then_nothing_leaves(anonymizer: Room) -> None:
    await anonymizer.withdraw()

    await anonymizer.submit(DOUBTFUL)

    assert await anonymizer.published(SignalAnonymised.topic) == []
    assert await open_reviews(anonymizer) == []


async def test_given_a_dead_letter_when_corrected_or_withdrawn_then_it_is_destroyed(anonymizer: Room) -> None:
    signal_id = uuid4()
    bad = anonymizer.sealed(SignalSubmitted, b"{no json", signal_id=signal_id)
    await anonymizer.deliver(SignalSubmitted)([bad])
    before = await dead_codes(anonymizer)

    await anonymizer.withdraw(signal_id=signal_id)

    async with anonymizer.database.reading() as tx:
        states = await storage.state_counts(tx)
    assert (before, await dead_codes(anonymizer)) == (["malformed_payload"], [])
    assert states == {"withdrawn": 1}


async def test_given_a_trace_when_handled_then_what_leaves_does_not_go_on_with_it(anonymizer: Room) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = anonymizer.sealed(SignalSubmitted, told(1, DOUBTFUL))
    sent.headers["traceparent"] = f"00-{trace}-00f067aa0ba902b7-01"

    await anonymizer.deliver(SignalSubmitted)([sent])

    async with anonymizer.database.reading() as tx:
        left = await outbox.waiting(tx, limit=10)
        (line,) = await tx.rows(processing_log.LINES.select())
    assert len(left) == 2
    assert not [one for one in left if trace in json.dumps(dict(one.envelope.headers))]
    assert (line["trace_id"], line["activity"]) == (trace, "signaal-anonimiseren")


async def test_given_a_processing_when_its_line_leaves_then_no_id_stands_in_clear(
    anonymizer: Room, tmp_path: Path
) -> None:
    sent = await anonymizer.submit(DOUBTFUL)

    sink = processing_log.Sink(tmp_path / "log.jsonl", "anonymizer", anonymizer.store.secret("anonymizer"))
    moved = await sink.drain(anonymizer.database)

    written = (tmp_path / "log.jsonl").read_text()
    assert (moved, written.count("\n")) == (1, 1)
    assert not [one for one in (sent.headers["ce_id"], case_id(1)) if one in written]


# Bad input.


def damaged(anonymizer: Room, kind: str) -> Record:
    """A record that cannot be handled, of the kind named."""
    good = anonymizer.sealed(SignalSubmitted, told(7, f"Over {HIDDEN}."))
    value = good.value
    epoch = anonymizer.store.sealing_key().epoch.encode()
    bodies = {
        "undecryptable": value.replace(b'"sealed":"', b'"sealed":"AAAA'),
        "wrong epoch": value.replace(epoch, b"9999-20990101"),
        "unknown schema version": value.replace(b'"schema_version":1', b'"schema_version":9'),
        "10 MB": value.replace(b'"sealed":"', b'"sealed":"' + base64.b64encode(bytes(7_500_000))),
        "invalid UTF-8": value[:-2] + b"\xff\xfe" + value[-2:],
        "nested JSON": b'{"signal_id":' + b"[" * 100_000,
        "no JSON": HIDDEN.encode(),
        "empty": b"",
    }
    inside = {
        "payload of another kind": b'{"case_id":"case-00000000000000000001"}',
        "payload invalid UTF-8": told(7, "x")[:-3] + b"\xff\xfe\xfd",
        "payload with an unknown field": told(7, f"Over {HIDDEN}.")[:-1] + b',"bsn":"123456782"}',
        "payload nested": b'{"case_id":' + b"[" * 90_000,
        "payload uncodable": told(7, f"Over {HIDDEN}.", municipality=HIDDEN),
    }
    if kind in inside:
        return anonymizer.sealed(SignalSubmitted, inside[kind])
    return Record(bodies[kind], good.headers, topic=good.topic, key=good.key)


CODES = {
    "undecryptable": "cannot_open",
    "wrong epoch": "unknown_epoch",
    "unknown schema version": "malformed_event",
    "10 MB": "event_too_large",
    "invalid UTF-8": "malformed_event",
    "nested JSON": "malformed_event",
    "no JSON": "malformed_event",
    "empty": "malformed_event",
    "payload of another kind": "malformed_payload",
    "payload invalid UTF-8": "malformed_payload",
    "payload with an unknown field": "malformed_payload",
    "payload nested": "malformed_payload",
    "payload uncodable": "uncodable_facts",
}


@pytest.mark.parametrize("kind", CODES)
async def test_given_bad_input_between_good_when_handled_then_set_aside_sealed_and_the_rest_goes_on(
    anonymizer: Room, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = damaged(anonymizer, kind)
    good = [anonymizer.sealed(SignalSubmitted, told(number, "")) for number in (1, 2)]

    await anonymizer.deliver(SignalSubmitted)([good[0], bad, good[1]])

    async with anonymizer.database.reading() as tx:
        (letter,) = await tx.rows(delivery.DEAD_LETTERS.select())
    assert (letter["code"], letter["value"]) == (CODES[kind], bad.value)
    assert [one["case_id"] for one in await anonymizer.published(SignalAnonymised.topic)] == [case_id(1), case_id(2)]
    assert HIDDEN not in "".join(capsys.readouterr())


async def test_given_a_destroyed_epoch_when_its_signals_arrive_then_they_are_set_aside_and_new_ones_go_on(
    anonymizer: Room,
) -> None:
    before = anonymizer.sealed(SignalSubmitted, told(1, ""))
    old = anonymizer.store.sealing_key().epoch
    anonymizer.store.rotate_sealing(at=anonymizer.clock.now())
    after = anonymizer.sealed(SignalSubmitted, told(2, ""))
    anonymizer.store.destroy_sealing(old)

    await anonymizer.deliver(SignalSubmitted)([before, after])

    assert await dead_codes(anonymizer) == ["unknown_epoch"]
    assert [one["case_id"] for one in await anonymizer.published(SignalAnonymised.topic)] == [case_id(2)]


async def test_given_more_bad_input_in_a_row_than_the_limit_when_handled_then_it_stops_and_a_mended_one_replays(
    anonymizer: Room,
) -> None:
    batch = [damaged(anonymizer, "wrong epoch") for _ in range(4)]
    consumer = anonymizer.deliver(SignalSubmitted, halt_after=3)

    with pytest.raises(Halted):
        await consumer(batch)

    assert consumer.halted
    assert await dead_codes(anonymizer) == ["unknown_epoch"] * 3


async def test_given_a_dead_letter_of_a_missing_key_when_the_key_is_back_and_it_is_replayed_then_it_counts(
    anonymizer: Room,
) -> None:
    epoch = anonymizer.store.sealing_key().epoch
    private = anonymizer.store.folder / "sealing" / f"{epoch}.private"
    kept = private.read_bytes()
    private.unlink()
    sent = await anonymizer.submit()
    private.write_bytes(kept)

    async with anonymizer.database.transaction() as tx:
        await delivery.replay(tx, (await delivery.dead_letters(tx))[0].id)
    await anonymizer.deliver(SignalSubmitted)([sent])

    assert [one["case_id"] for one in await anonymizer.published(SignalAnonymised.topic)] == [case_id(1)]
    assert await dead_codes(anonymizer) == []
