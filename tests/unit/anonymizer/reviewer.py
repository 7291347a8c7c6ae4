# SPDX-License-Identifier: EUPL-1.2
"""A reviewer in a process of its own, over a database others work in as well: `reviewer URL FOLDER NAME take|contend`.

Prints one line per case: its id and the status of the decision. Never asserts.
"""

import asyncio
import sys
from pathlib import Path

from tests.unit.anonymizer.desk import ReviewDesk, review_desk

AGREED = {"besluit": "akkoord"}


async def take(desk: ReviewDesk, name: str) -> None:
    """Take the next case and decide about it until none is free."""
    while (taken := await desk.post("/_volgende", who=name)).status_code == 200:
        review = str(taken.json()["id"])
        say(review, (await desk.decide(AGREED, who=name, review=review)).status_code)


async def contend(desk: ReviewDesk, name: str) -> None:
    """Decide about every case without asking whose it is."""
    for listed in (await desk.get(status="alle", who=name)).json()["beoordelingen"]:
        say(listed["id"], (await desk.decide(AGREED, who=name, review=listed["id"])).status_code)


def say(review: str, status: int) -> None:
    """One line for whoever started this process."""
    sys.stdout.write(f"{review} {status}\n")


async def main(url: str, folder: str, name: str, way: str) -> None:
    """Review as this person until nothing is left."""
    async with review_desk(Path(folder), url) as desk:
        await {"take": take, "contend": contend}[way](desk, name)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
