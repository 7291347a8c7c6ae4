# SPDX-License-Identifier: EUPL-1.2
"""After an epoch's key is destroyed nothing sealed to it can be read, not even in a backup made before.

The backup is a copy of the data directory without the keys, as the documentation tells to make it. Every sealed thing
in it is tried with every key there is; the same search opens them all while the key still exists, so that it can fail.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from shared.contracts import SignalCorrected, SignalSubmitted, SignalWithdrawn
from shared.errors import Rejected
from shared.keys import KeyStore
from shared.sealing import Epoch
from shared.unsealing import OpeningKeys, private_from_bytes, unseal
from tests.journey.program import a_signal, bearer, counted, eventually, json_of, partner_key, seinhuis, staff_token, up

CANARY = "Kwikzilver Zonderling"
PURPOSES = [event.purpose for event in (SignalSubmitted, SignalCorrected, SignalWithdrawn)]
Sealed = tuple[str, str, bytes]


def sealed_in(folder: Path) -> Iterator[Sealed]:
    """Signal id, epoch and bytes of everything sealed in any database of a data directory."""
    for file in sorted(folder.glob("*.sqlite")):
        database = sqlite3.connect(file)
        database.row_factory = sqlite3.Row
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - the name of a table of ours
                yield from sealed_of(dict(row))
        database.close()


def sealed_of(row: dict[str, object]) -> Iterator[Sealed]:
    for name in ("sealed", "withdrawal"):
        if isinstance(row.get(name), bytes):
            yield str(row["signal_id"]), str(row["epoch"]), bytes(row[name])  # type: ignore[call-overload]  # checked above
    value = row.get("value")  # a record of the log, the outbox, a dead letter
    if isinstance(value, bytes) and b'"sealed"' in value:
        event = SignalSubmitted.model_validate_json(json.dumps(json.loads(value)))
        yield str(event.signal_id), event.epoch, event.sealed


def opened(found: list[Sealed], keys: KeyStore) -> int:
    """How many of these some key of the store opens, for any purpose."""
    opening = OpeningKeys({epoch: private_from_bytes(raw) for epoch, raw in keys.sealing_privates().items()})
    return sum(
        any(_opens(one, opening, epoch, purpose) for epoch in _epochs(one, opening) for purpose in PURPOSES)
        for one in found
    )


def _epochs(one: Sealed, keys: OpeningKeys) -> set[Epoch]:
    return {Epoch(one[1]), *keys.by_epoch}


def _opens(one: Sealed, keys: OpeningKeys, epoch: Epoch, purpose: str) -> bool:
    try:
        unseal(one[2], keys, epoch=epoch, signal_id=one[0], purpose=purpose)
    except Rejected:
        return False
    return True


def holds_canary(folder: Path) -> list[str]:
    marks = (CANARY.encode(), CANARY.partition(" ")[0].encode())
    return [str(path) for path in folder.rglob("*") if path.is_file() and any(m in path.read_bytes() for m in marks)]


def fill(data: Path) -> str:
    """Signals, a corrected one, a withdrawn one, an import that was sent and one that waits; the adv's token."""
    program = up(data).start()
    key, token = partner_key(data), staff_token(data)
    url, headers = f"{program.url}/intake/v1", bearer(key)
    codes = [
        httpx2.post(f"{url}/signalen", json=a_signal(n, toelichting=f"Ik ben {CANARY}."), headers=headers).json()
        for n in range(4)
    ]
    first, second = ({"ontvangstcode": one["ontvangstcode"]} for one in codes[:2])
    corrected = {**first, "signaal": a_signal(toelichting=f"Ik heet {CANARY}.")}
    assert httpx2.post(f"{url}/correcties", json=corrected).status_code == 202
    assert httpx2.post(f"{url}/intrekkingen", json=second).status_code == 202
    rows = "Gronden;Terrein;Toelichting\n" + f"ras;onderwijs;{CANARY} zei iets.\n" * 20
    imports = [
        httpx2.post(f"{url}/importen", files={"bestand": ("a.csv", rows.encode())}, headers=headers).json()["id"]
        for _ in range(2)
    ]
    httpx2.post(f"{url}/importen/{imports[0]}/bevestigingen", headers=headers)
    eventually(lambda: counted(program.url, token) == 23)
    assert program.stop() == 0
    return token


def test_given_a_destroyed_epoch_when_an_older_backup_is_restored_then_nothing_in_it_opens(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    token = fill(data)
    shutil.copytree(data, backup, ignore=shutil.ignore_patterns("keys", "*.alive", "lock"))
    keys = KeyStore(data / "keys")
    found = list(sealed_in(backup))
    before = opened(found, keys)
    (epoch,) = keys.epochs()

    assert seinhuis("keys", "destroy", epoch, "--yes", "--data", str(data)).returncode == 2  # in use: rotate first
    assert seinhuis("keys", "rotate", "--data", str(data)).returncode == 0
    assert seinhuis("keys", "destroy", epoch, "--yes", "--data", str(data)).returncode == 0
    for path in data.iterdir():  # the backup takes the place of everything but the keys
        if path.name != "keys":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(backup, data, dirs_exist_ok=True)

    assert before == len(found) >= 60  # both copies of each signal, and the orders to take rows back
    assert opened(list(sealed_in(data)), keys) == 0
    assert holds_canary(backup) == holds_canary(data) == []
    assert new_signal_counts(data, token)


def new_signal_counts(data: Path, token: str) -> bool:
    """Whether the restored installation goes on: a signal is taken, sealed to the new epoch, counted."""
    program = up(data).start()
    try:
        key = partner_key(data, "nieuw")
        sent = httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key))
        eventually(lambda: counted(program.url, token) == 24)
    finally:
        program.stop()
    opens = [one["opens"] for one in json_of("keys", "list", "--data", str(data))["epochs"]]
    return sent.status_code == 201 and opens == [False, True] and bool(json_of("check", "--data", str(data))["ok"])


def test_given_the_search_when_nothing_is_sealed_then_it_finds_nothing(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "x.sqlite")
    database.execute("CREATE TABLE t (signal_id TEXT, epoch TEXT, sealed BLOB)")
    database.execute("INSERT INTO t VALUES ('a', 'e', NULL)")
    database.commit()
    database.close()

    assert list(sealed_in(tmp_path)) == []


@pytest.mark.parametrize("name", ["sealed", "withdrawal"])
def test_given_a_planted_copy_when_searched_then_found(tmp_path: Path, name: str) -> None:
    database = sqlite3.connect(tmp_path / "x.sqlite")
    database.execute(f"CREATE TABLE t (signal_id TEXT, epoch TEXT, {name} BLOB)")
    database.execute("INSERT INTO t VALUES ('a', 'e', x'00')")
    database.commit()
    database.close()

    assert list(sealed_in(tmp_path)) == [("a", "e", b"\0")]
