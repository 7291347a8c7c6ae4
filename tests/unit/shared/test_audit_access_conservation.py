# SPDX-License-Identifier: EUPL-1.2
"""The audit chain shows every change; tokens hold for their person and time; nothing is lost unseen."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared import audit
from shared.access import Role, check, issue
from shared.audit import AuditLog, Verdict
from shared.clock import MovableClock
from shared.conservation import Seen, conserve
from shared.database import Database
from shared.errors import Unauthenticated
from tests.plumbing import NOON, clock_at_noon, migrated

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with migrated(f"sqlite+aiosqlite:///{tmp_path}/n.sqlite", "notifier") as made:
        yield made


async def chain(database: Database, entries: int) -> list[dict[str, object]]:
    log = AuditLog("stats", clock_at_noon(), b"secret", SIGNING)
    for number in range(entries):
        async with database.transaction() as tx:
            await log.append(tx, actor="ana", role="adv", action="read-figures", subject=f"case-{number}")
    async with database.reading() as tx:
        return [dict(row) for row in await audit.read(tx)]


def verdict(rows: list[dict[str, object]]) -> Verdict:
    return audit.verify(rows, SIGNING.public_key())


async def test_given_an_untouched_chain_when_verified_then_whole_with_its_checkpoints(database: Database) -> None:
    rows = await chain(database, audit.CHECKPOINT_EVERY + 1)

    found = verdict(rows)

    assert (found.broken_at, found.entries, found.checkpoints) == (0, audit.CHECKPOINT_EVERY + 1, 1)


async def test_given_a_changed_removed_or_swapped_entry_when_verified_then_broken_there(database: Database) -> None:
    rows = await chain(database, 5)
    changed = [dict(row) for row in rows]
    changed[2]["entry"] = str(changed[2]["entry"]).replace("ana", "bob")

    assert verdict(changed).broken_at == 3
    assert verdict([*rows[:1], *rows[2:]]).broken_at == 2
    assert verdict([rows[1], rows[0], *rows[2:]]).broken_at == 1


async def test_given_a_rewritten_chain_when_verified_then_its_checkpoint_gives_it_away(database: Database) -> None:
    rows = await chain(database, audit.CHECKPOINT_EVERY)
    rows[-1]["signature"] = Ed25519PrivateKey.generate().sign(str(rows[-1]["hash"]).encode()).hex()

    assert verdict(rows).broken_at == audit.CHECKPOINT_EVERY


async def test_given_a_subject_when_written_then_the_chain_holds_a_commitment_only(database: Database) -> None:
    rows = await chain(database, 1)

    assert "case-0" not in str(rows[0]["entry"])
    assert audit.commitment(b"secret", "case-0") in str(rows[0]["entry"])


def test_given_a_token_when_checked_within_its_time_then_the_person_and_after_it_nobody() -> None:
    clock = MovableClock(NOON)
    token = issue("Ana", Role.ADV, signing=SIGNING, clock=clock, valid_for=dt.timedelta(hours=0.5))

    staff = check(token, public=SIGNING.public_key(), clock=clock)
    clock.move_to(NOON + dt.timedelta(minutes=31))

    assert (staff.name, staff.role) == ("Ana", Role.ADV)
    with pytest.raises(Unauthenticated):
        check(token, public=SIGNING.public_key(), clock=clock)


@given(st.text(max_size=200))
def test_given_anything_else_when_checked_then_unauthenticated(token: str) -> None:
    with pytest.raises(Unauthenticated):
        check(token, public=SIGNING.public_key(), clock=clock_at_noon())


def test_given_a_token_of_another_key_when_checked_then_unauthenticated() -> None:
    other = Ed25519PrivateKey.generate()
    token = issue("Ana", Role.ADV, signing=other, clock=clock_at_noon(), valid_for=dt.timedelta(hours=1))

    with pytest.raises(Unauthenticated):
        check(token, public=SIGNING.public_key(), clock=clock_at_noon())


def test_given_every_signal_in_one_place_when_checked_then_conserved() -> None:
    seen = Seen(handled={"a", "b", "d"}, dead={"d"}, states={"anonymised": 1, "withdrawn": 1})

    found = conserve(before={"a", "b", "c", "d"}, seen=seen, after={"a", "b", "c", "d"}, transported={"c"})

    assert found.as_wire() == {
        "ok": True, "accepted": 4, "anonymised": 1, "quarantined": 0, "withdrawn": 1, "deadLettered": 1, "inFlight": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "seen", "transported"),
    [
        ({"a", "lost"}, Seen({"a"}, set(), {"anonymised": 1}), set()),
        ({"a"}, Seen({"a"}, set(), {"anonymised": 2}), set()),
        ({"a"}, Seen({"a"}, {"stranger"}, {"anonymised": 1}), set()),
        ({"a"}, Seen({"a"}, set(), {}), {"a"}),
    ],
)
def test_given_one_lost_doubled_strange_or_unsettled_when_checked_then_not_conserved(
    before: set[str], seen: Seen, transported: set[str]
) -> None:
    assert not conserve(before=before, seen=seen, after=before, transported=transported).ok


def test_given_a_signal_accepted_in_between_when_checked_then_it_counts_as_accepted() -> None:
    seen = Seen({"a", "new"}, set(), {"anonymised": 2})

    found = conserve(before={"a"}, seen=seen, after={"a", "new"}, transported=set())

    assert (found.ok, found.accepted) == (True, 2)
