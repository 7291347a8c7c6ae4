# SPDX-License-Identifier: EUPL-1.2
"""A process to be killed: `consume URL TOPIC GROUP FILE` or `publish URL TOPIC PREFIX FILE`.

Each id is appended to FILE with one write when it was handled, or when it was acknowledged, so the file tells the truth
at whatever moment the process dies.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from itertools import count

from shared import bus

BATCH = 20
PAUSE_SECONDS = 0.02  # a steady load that one consumer of small batches keeps up with


async def consume(url: str, topic: str, group: str, file: str) -> None:
    """Handle records until killed."""
    broker = bus.make_broker(url, service="killed")
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle(batch: Sequence[bus.Incoming]) -> None:
        os.write(descriptor, "".join(f"{record.headers['ce_id']}\n" for record in batch).encode())

    bus.subscribe(broker, topic, group=group, handler=handle, max_records=BATCH)
    await bus.start(broker)
    await asyncio.Event().wait()


async def publish(url: str, topic: str, prefix: str, file: str) -> None:
    """Publish records until killed."""
    broker = bus.make_broker(url, service="killed")
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    await bus.start(broker)
    for number in count():
        ids = [f"{prefix}-{number}-{each}" for each in range(BATCH)]
        outcomes = await bus.publish(broker, [bus.Outgoing(topic, i.encode(), b"v", {"ce_id": i}) for i in ids])
        acknowledged = [i for i, outcome in zip(ids, outcomes, strict=True) if outcome is None]
        os.write(descriptor, "".join(f"{i}\n" for i in acknowledged).encode())
        await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    role = {"consume": consume, "publish": publish}[sys.argv[1]]
    asyncio.run(role(*sys.argv[2:]))
