# SPDX-License-Identifier: EUPL-1.2
"""The same review on PostgreSQL: what only shows with real concurrency and a stricter database."""

import asyncio
from pathlib import Path

import pytest

from shared.contracts import SignalAnonymised, SignalRetracted
from tests.real.postgres import create_database
from tests.unit.anonymizer.desk import review_desk
from tests.unit.anonymizer.room import DOUBTFUL


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
