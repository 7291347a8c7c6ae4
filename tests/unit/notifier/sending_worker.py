# SPDX-License-Identifier: EUPL-1.2
"""A process that sends what is due to a file, and dies at once after the message it is told to die after.

Arguments: database URL, file that takes the messages, moment, number of the message after which to die (0 = live).
"""

import asyncio
import datetime as dt
import os
import signal
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from services.notifier import deliver
from services.notifier.deliver import Attempt
from services.notifier.service import new_id
from services.notifier.subscriptions import Slots
from shared.database import Database

SLOTS = Slots((9, 15), ZoneInfo("Europe/Amsterdam"))


async def main(url: str, taken: Path, moment: str, die_after: int) -> None:
    """One round after another until nothing is due."""
    now, done = dt.datetime.fromisoformat(moment), 0
    database = Database(url)
    await database.open()
    while True:
        async with database.transaction() as tx:
            held = await deliver.claim(tx, now=now, secret=b"s" * 32, new_id=new_id)
        if not held:
            break
        for one in held:
            with taken.open("a") as file:
                file.write(f"{one.once}\n")
            done += 1
            if done == die_after:
                os.kill(os.getpid(), signal.SIGKILL)
            async with database.transaction() as tx:
                await deliver.settle(one, Attempt("sent", "ok"), tx, slots=SLOTS, now=now, new_id=new_id)
    await database.close()


asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
