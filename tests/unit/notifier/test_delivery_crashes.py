# SPDX-License-Identifier: EUPL-1.2
"""The process is killed between sending and noting it, twenty times: nothing is lost, doubles carry the same key."""

import asyncio
import datetime as dt
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from services.notifier.service import new_id
from services.notifier.storage import subscriptions as store
from services.notifier.storage.subscriptions import Sending
from services.notifier.subscriptions import Subscription, sealed_address
from tests.plumbing import ROOT, migrated

NOW = dt.datetime(2026, 11, 3, 8, 0, tzinfo=dt.UTC)
MESSAGES, CRASHES = 60, 20


async def _worker(url: str, taken: Path, at: dt.datetime, die_after: int) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.unit.notifier.sending_worker",
        url,
        str(taken),
        at.isoformat(),
        str(die_after),
        cwd=ROOT,
    )
    return await asyncio.wait_for(process.wait(), timeout=600)


@pytest.mark.slow
async def test_given_sixty_messages_when_killed_twenty_times_then_none_lost_and_doubles_have_one_key(
    tmp_path: Path,
) -> None:
    url, taken = f"sqlite+aiosqlite:///{tmp_path / 'notifier.sqlite'}", tmp_path / "taken"
    async with migrated(url, "notifier") as database, database.transaction() as tx:
        store.add(
            tx,
            Subscription(
                "sub-1", "GM0000", "Sam", "adv", "mail", sealed_address(b"s" * 32, "sub-1", "a@b.nl"), (), (), 1,
                "direct", "nl", "actief", NOW,
            ),
        )  # fmt: skip
        await store.plan(
            tx, [Sending(new_id(), "sub-1", f"a-{n}", "attendering", f"key-{n:03}", NOW, NOW) for n in range(MESSAGES)]
        )
    at = NOW
    for crash in range(CRASHES):
        assert await _worker(url, taken, at, 1 + crash % 3) == -signal.SIGKILL
        at += dt.timedelta(minutes=11)  # past the lease of whoever died

    assert await _worker(url, taken, at, 0) == 0

    counted = Counter(taken.read_text().split())
    assert set(counted) == {f"key-{n:03}" for n in range(MESSAGES)}
    assert sum(counted.values()) == MESSAGES + CRASHES
