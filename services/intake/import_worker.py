# SPDX-License-Identifier: EUPL-1.2
"""Works imports off in the background: what was confirmed is sent, what was undone is taken back.

Owns when, never what. Starts again by itself where a killed process stopped, because each piece is one transaction.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from services.intake.confirm_import import WORK, send_piece
from services.intake.storage import imports as kept
from services.intake.undo_import import take_back_piece
from shared import logs
from shared.clock import Clock
from shared.database import Database
from shared.errors import Unavailable
from shared.metrics import Metrics

POLL_SECONDS: Final = 2.0  # another process may have confirmed it
RETRY_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class ImportWorker:
    """One per process; two of them never take the same piece."""

    database: Database
    clock: Clock
    event_source: str
    metrics: Metrics

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block is left; the piece under way is finished or rolled back."""
        task = asyncio.create_task(self._run(), name="imports")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def work_off(self) -> None:
        """Do everything there is to do now."""
        while await self._piece():
            pass

    async def _piece(self) -> bool:
        """Whether there was a piece to do."""
        async with self.database.transaction() as tx:
            one = await kept.claim(tx)
            if one is None:
                return False
            at = self.clock.now().replace(microsecond=0)
            if one.state == "confirming":
                sent = await send_piece(one, tx, event_source=self.event_source, at=at)
            else:
                await take_back_piece(one, tx, event_source=self.event_source, at=at)
                sent = 0
        self.metrics.accepted.labels("import").inc(sent)
        return True

    async def _run(self) -> None:
        woken = self.database.event(WORK)
        while True:
            woken.clear()
            try:
                await self.work_off()
            except Unavailable as away:
                logs.logger().warning("database_away", service="intake", code=away.code)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), timeout=POLL_SECONDS)
