# SPDX-License-Identifier: EUPL-1.2
"""A stats database on SQLite, a clock that stands still, and builders of events and people."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.stats.service import MIGRATIONS
from shared.clock import MovableClock
from shared.database import Database
from shared.migrations import migrate

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'stats.sqlite'}")
    await opened.open()
    await migrate(opened, MIGRATIONS)
    yield opened
    await opened.close()
