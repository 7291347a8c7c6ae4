# SPDX-License-Identifier: EUPL-1.2
"""The same review on PostgreSQL: what only shows with real concurrency and a stricter database."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.anonymizer import storage
from services.anonymizer.storage import Case
from shared.contracts import SignalAnonymised, SignalRetracted, SignalSubmitted
from tests.plumbing import ROOT
from tests.real.postgres import create_database
from tests.unit.anonymizer.desk import ReviewDesk, review_desk
from tests.unit.anonymizer.room import DOUBTFUL, case_id, told

CASES = 24
PEOPLE = ("Ana", "Bo", "Cas", "Dee")


@pytest.mark.postgres
async def test_given_postgresql_when_reviewed_by_five_at_once_undone_and_withdrawn_then_as_on_sqlite(
    postgres_url: str, tmp_path: Path
) -> None:
    async with review_desk(tmp_path, create_database(postgres_url, "anonymizer_review")) as desk:
        await desk.room.submit(f"Een {DOUBTFUL} over Brulboei.")
        review = await desk.first_id()
        mark = [{"van": 17, "tot": 25}]
        decision = {"besluit": "aangepast", "codering": {"terrein": "huisvesting"}, "markeringen": mark}

        answers = await asyncio.gather(
            *(desk.decide(decision, who=f"Persoon {n}", review=review) for n in range(5))
        )  # fmt: skip
        undone = await desk.post(f"/{review}/herroepingen")
        await desk.room.withdraw()

        facts = await desk.room.published(SignalAnonymised.topic)
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409]
        assert undone.status_code == 201
        assert [one["terrain"] for one in facts] == ["onderwijs", "huisvesting", "onderwijs"]
        assert [one["revision"] for one in await desk.room.published(SignalRetracted.topic)] == [4]
        assert (await desk.get(status="alle")).json()["totaal"] == 0


async def reviewed_by(name: str, way: str, *, url: str, folder: Path) -> list[tuple[str, str]]:
    """What a reviewer in a process of its own decided: the id and status of each."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.anonymizer.reviewer", url, str(folder), name, way,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    lines = [line.split() for line in out.decode().splitlines()]
    return [(words[0], words[1]) for words in lines if len(words) == 2 and len(words[0]) == 36]


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["take", "contend"])
async def test_given_four_processes_when_they_review_at_once_then_each_case_is_decided_once(
    postgres_url: str, tmp_path: Path, way: str
) -> None:
    url = create_database(postgres_url, f"anonymizer_review_{way}")
    async with review_desk(tmp_path, url) as desk:
        batch = [desk.room.sealed(SignalSubmitted, told(case, DOUBTFUL)) for case in range(1, CASES + 1)]
        await desk.room.deliver(SignalSubmitted)(batch)

        done = await asyncio.gather(*(reviewed_by(name, way, url=url, folder=tmp_path) for name in PEOPLE))

        statuses = Counter(status for one in done for _, status in one)
        decided = [review for one in done for review, status in one if status == "201"]
        facts = await desk.room.published(SignalAnonymised.topic)
        assert len(decided) == len(set(decided)) == CASES
        assert statuses == ({"201": CASES} if way == "take" else {"201": CASES, "409": CASES * 3})
        assert Counter(one["revision"] for one in facts) == {1: CASES, 2: CASES}


async def somebody_waits(desk: ReviewDesk) -> bool:
    """Whether a transaction waits for a lock of another."""
    async with desk.room.database.reading() as tx:
        return bool(await tx.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.mark.postgres
async def test_given_a_withdrawal_under_way_when_a_correction_and_a_decision_come_then_the_case_stays_withdrawn(
    postgres_url: str, tmp_path: Path
) -> None:
    async with review_desk(tmp_path, create_database(postgres_url, "anonymizer_race")) as desk:
        await desk.room.submit(f"Een {DOUBTFUL}.")
        review = await desk.first_id()
        async with desk.room.database.transaction() as tx:
            known = await storage.cases(tx, [case_id(1)])
            gone = Case(case_id(1), "withdrawn", submitted=True, revision=2, correction=0)
            await storage.save_cases(tx, [gone], known=known, on=desk.room.clock.now().date())
            correction = asyncio.create_task(desk.room.correct("Anders."))
            decision = asyncio.create_task(desk.decide({"besluit": "als-melding"}, review=review))
            async with asyncio.timeout(30):
                while not await somebody_waits(desk):
                    pass
            assert [correction.done(), decision.done()] == [False, False]
            await storage.delete_reviews(tx, [case_id(1)], why="withdrawn", on=desk.room.clock.now().date())
        await asyncio.gather(correction, decision)

        async with desk.room.database.reading() as tx:
            after = (await storage.cases(tx, [case_id(1)]))[case_id(1)]
        assert (after.state, after.revision) == ("withdrawn", 2)
        assert len(await desk.room.published(SignalAnonymised.topic)) == 1
        assert decision.result().status_code == 410
