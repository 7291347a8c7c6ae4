# SPDX-License-Identifier: EUPL-1.2
"""A canary through every way in which the anonymizer can fail: nothing of it in a log, a table or an answer."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.anonymizer.redacting import Redacted, ToRedact
from shared import logs
from shared.contracts import SignalCorrected, SignalSubmitted, SignalWithdrawn
from shared.metrics import Metrics
from tests.privacy.test_canary import MAIL, NAME, PHONE, TEXT, traces
from tests.unit.anonymizer.desk import ReviewDesk, review_desk
from tests.unit.anonymizer.room import DOUBTFUL, told

GIVEN: dict[str, Any] = {
    "reporter_name": NAME, "reporter_email": MAIL, "reporter_phone": PHONE, "persons": (NAME,),
    "mass_event": "kwikzilver-zonderling",
}  # fmt: skip


async def raising(asked: Sequence[ToRedact]) -> list[Redacted | None]:
    """Redaction with a bug that puts the text in its message."""
    raise ValueError(*(one.text for one in asked))


async def failing(asked: Sequence[ToRedact]) -> list[Redacted | None]:
    """Redaction that fails closed on every text."""
    return [None for _ in asked]


async def passing(asked: Sequence[ToRedact]) -> list[Redacted | None]:
    """Redaction that misses everything and doubts it: the worst that can reach the review."""
    return [Redacted(one.text, (), ("onbekende-woorden",)) for one in asked]


def metrics(desk: ReviewDesk) -> bytes:
    """Everything the metrics say."""
    found: Metrics = desk.room.metrics
    return str([list(one.samples) for one in found.registry.collect()]).encode()


async def everything(desk: ReviewDesk, capfd: pytest.CaptureFixture[str]) -> list[str]:
    """The marks that stand in what was written: database, log lines, metrics."""
    path = Path(desk.room.database.url.partition("///")[2])
    raw = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    return traces(raw + "".join(capfd.readouterr()).encode() + metrics(desk))


async def missing_table(desk: ReviewDesk) -> None:
    async with desk.room.database.transaction() as tx:
        await tx.execute(sa.text("DROP TABLE reviews"))


@pytest.mark.parametrize("way", ["raises", "fails closed", "misses", "no table"])
async def test_given_a_text_when_it_goes_wrong_on_its_way_then_nothing_of_it_is_written(
    tmp_path: Path, way: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    redact = {"raises": raising, "fails closed": failing}.get(way, passing)
    async with review_desk(tmp_path, redact=redact) as desk:
        if way == "no table":
            await missing_table(desk)

        await desk.room.submit(TEXT, **GIVEN)

        written = await everything(desk, capfd)
    assert written == []


@pytest.mark.parametrize(
    "payload",
    [
        told(1, TEXT)[:-1] + f',"{NAME}":1}}'.encode(),
        json.dumps({**json.loads(told(1, TEXT)), "kind": NAME}).encode(),
        json.dumps({**json.loads(told(1, TEXT)), "registered_on": NAME}).encode(),
        json.dumps({**json.loads(told(1, TEXT)), "terrain": NAME}).encode(),
        json.dumps({**json.loads(told(1, TEXT)), "municipality": NAME}).encode(),
        TEXT.encode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("model", [SignalSubmitted, SignalCorrected, SignalWithdrawn])
async def test_given_a_sealed_payload_that_is_no_signal_when_handled_then_only_the_sealed_form_is_kept(
    tmp_path: Path, payload: bytes, model: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    async with review_desk(tmp_path) as desk:
        await desk.room.deliver(model)([desk.room.sealed(model, payload)])

        written = await everything(desk, capfd)
    assert written == []


async def test_given_a_review_when_canaries_are_typed_everywhere_then_no_refusal_repeats_them_and_none_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    async with review_desk(tmp_path) as desk:
        await desk.room.submit(f"Een {DOUBTFUL}.")
        review = await desk.first_id()
        bodies: list[dict[str, Any]] = [
            {"besluit": NAME}, {"besluit": "niet-meegeteld", "reden": NAME}, {"wat": NAME},
            {"besluit": "aangepast", "codering": {"gronden": [NAME], "terrein": NAME, "massamelding": NAME}},
            {"besluit": "aangepast", "terugzetten": [{"plek": 0, "woord": NAME}]},
        ]  # fmt: skip
        refused = [await desk.decide(body, review=review) for body in bodies]
        refused += [await desk.get(f"/{NAME}"), await desk.post(f"/{NAME}/besluiten", bodies[0])]
        refused += [await desk.get(status=NAME), await desk.get(bladzijde=NAME)]
        words = "/anonymizer/v1/terugzetwoorden"
        refused.append(await desk.client.get(words, params={"gemeente": NAME}, headers=desk.credential()))
        page = {
            "besluit": NAME,
            "reden": NAME,
            "revisie": NAME,
            "weg-woord": NAME,
            "gronden": NAME,
            f"terug-{NAME}": "x",
        }
        refused.append(
            await desk.client.post(f"/beoordelen/{review}/besluit", data=page, headers=desk.credential())
        )  # fmt: skip
        note = {"besluit": "akkoord", "opmerking": TEXT}

        kept = await desk.decide(note, review=review)

        written = await everything(desk, capfd)
    assert [one.status_code for one in refused] == [400] * 5 + [404, 400, 400, 400, 400, 400]
    assert [traces(one.content) for one in refused if traces(one.content)] == []
    assert (kept.status_code, written) == (201, [])
