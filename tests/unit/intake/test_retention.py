# SPDX-License-Identifier: EUPL-1.2
"""What is past its term is gone, and the register says so."""

import datetime as dt
import json
from pathlib import Path

import httpx2

from shared import processing_log, retention
from shared.processing_log import Sink
from tests.unit.intake.builders import API, NOW, signal
from tests.unit.intake.conftest import Room
from tests.unit.intake.test_imports import GOOD, csv_of, tried


async def run_jobs(room: Room, at: dt.datetime) -> None:
    room.clock.move_to(at)
    await room.service.run_due_jobs(at, room.metrics)


async def test_given_sealed_signals_and_a_dry_run_when_their_terms_pass_then_gone_and_registered(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    await client.post(f"{API}/signalen", json=signal(kenmerk="a"), headers=key | {"Idempotency-Key": "k"})
    place = f"{API}/importen/{(await tried(client, key, csv_of(GOOD))).json()['id']}"

    await run_jobs(room, NOW + dt.timedelta(hours=25))
    after_a_day = (await client.get(place, headers=key)).status_code
    await run_jobs(room, NOW + dt.timedelta(days=32))

    async with room.database.reading() as tx:
        found = {(one.kind, one.count) for one in await retention.deletions(tx)}
    assert after_a_day == 404
    assert found == {("proef-import", 1), ("antwoord", 1), ("verzegeld-signaal", 1)}


async def test_given_a_trace_when_a_signal_is_sent_then_one_line_in_the_processing_log_without_the_signal(
    client: httpx2.AsyncClient, room: Room, tmp_path: Path
) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = await room.partner() | {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    response = await client.post(f"{API}/signalen", json=signal(), headers=headers)
    sink = Sink(tmp_path / "log" / "intake.jsonl", "intake", room.keys.secret("intake"))

    moved = [await sink.drain(room.database) for _ in range(2)]

    (line,) = [json.loads(text) for text in sink.path.read_text().splitlines()]
    assert moved == [1, 0]
    assert line["trace_id"] == trace
    assert line["operation_id"] != "00f067aa0ba902b7"
    assert line["attributes"]["dpl.core.processing_activity_id"].endswith(processing_log.Activity.RECEIVE)
    assert response.json()["ontvangstcode"] not in sink.path.read_text()
