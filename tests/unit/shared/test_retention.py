# SPDX-License-Identifier: EUPL-1.2
"""The registers of deletions of every room that keeps one, as a data protection officer asks for them."""

import asyncio
import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.command_line import app
from shared import commands, retention

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert CliRunner().invoke(app, ["migrate", "--data", str(folder)]).exit_code == 0
    return folder


def registered(data: Path, service: str, kind: str, count: int) -> None:
    async def write() -> None:
        async with commands.opened(service, data) as database, database.transaction() as tx:
            retention.register(tx, kind, count, rule="after 30 days", at=AT)

    asyncio.run(write())


def listed(data: Path) -> list[dict[str, object]]:
    answer = CliRunner().invoke(commands.deletions, ["list", "--json", "--data", str(data)])
    assert answer.exit_code == 0, answer.output
    found: list[dict[str, object]] = json.loads(answer.stdout)["deletions"]
    return found


def test_given_registers_in_two_rooms_when_listed_then_both_with_their_room(data: Path) -> None:
    registered(data, "intake", "verzegeld-signaal", 3)
    registered(data, "anonymizer", "beoordeling", 2)

    found = listed(data)

    assert [(one["service"], one["kind"], one["count"]) for one in found] == [
        ("intake", "verzegeld-signaal", 3),
        ("anonymizer", "beoordeling", 2),
    ]
    assert found[0]["deletedAt"] == "2026-03-01T12:00:00Z"


def test_given_nothing_deleted_when_registered_then_no_line(data: Path) -> None:
    registered(data, "intake", "verzegeld-signaal", 0)

    assert listed(data) == []
