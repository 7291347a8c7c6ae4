# SPDX-License-Identifier: EUPL-1.2
"""The embedded program from outside: from partner to figure, and how it refuses to start."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.journey.program import (
    Program,
    a_signal,
    bearer,
    counted,
    eventually,
    json_of,
    partner_key,
    seinhuis,
    staff_token,
    up,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path]]:
    data = tmp_path_factory.mktemp("embedded") / "data"
    program = up(data).start()
    yield program, data
    program.stop()


def test_given_a_new_partner_when_it_sends_then_counted_and_withdrawn_by_the_code(
    running: tuple[Program, Path],
) -> None:
    program, data = running
    key, token = partner_key(data, "school"), staff_token(data)
    before = counted(program.url, token)

    answer = httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key))
    eventually(lambda: counted(program.url, token) == before + 1)
    code = answer.json()["ontvangstcode"]
    gone = httpx2.post(f"{program.url}/intake/v1/intrekkingen", json={"ontvangstcode": code})
    eventually(lambda: counted(program.url, token) == before)

    assert (answer.status_code, gone.status_code) == (201, 202)
    assert json_of("check", "--data", str(data))["ok"]


def test_given_a_proof_when_verified_offline_then_good_and_a_changed_one_is_not(
    running: tuple[Program, Path], tmp_path: Path
) -> None:
    program, data = running
    key = partner_key(data, "zwembad")
    proof = httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key)).json()["bewijs"]
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text(proof)
    bad.write_text(proof[:-4] + "AAAA")

    assert seinhuis("receipt", "verify", str(good), "--data", str(data)).returncode == 0
    assert seinhuis("receipt", "verify", str(bad), "--data", str(data)).returncode == 1


def test_given_a_revoked_key_when_used_within_a_second_then_401(running: tuple[Program, Path]) -> None:
    program, data = running
    key = partner_key(data, "weg")
    first = httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key))

    seinhuis("partner", "revoke", "weg", "--data", str(data))

    assert first.status_code == 201
    eventually(
        lambda: (
            httpx2.post(f"{program.url}/intake/v1/signalen", json=a_signal(), headers=bearer(key)).status_code == 401
        ),
        seconds=1.5,
    )


@pytest.mark.parametrize("role", ["gemeente", "netwerk", "raad", "fg", "beheer"])
def test_given_another_role_when_asking_for_the_form_then_403(running: tuple[Program, Path], role: str) -> None:
    program, data = running
    token = staff_token(data, role)

    answer = httpx2.get(f"{program.url}/stats/v1/wga-rapportages/2026?gemeente=GM0637", headers=bearer(token))

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


def test_given_a_data_directory_in_use_when_started_again_then_exit_3_and_one_line(
    running: tuple[Program, Path],
) -> None:
    _, data = running

    second = seinhuis("up", "--data", str(data), "--port", "0")

    assert second.returncode == 3
    assert len(plain(second.stderr)) == 1


def test_given_a_port_in_use_when_started_then_exit_3_and_one_line(
    running: tuple[Program, Path], tmp_path: Path
) -> None:
    program, _ = running

    second = seinhuis("up", "--data", str(tmp_path), "--port", str(program.port))

    assert second.returncode == 3
    assert len(plain(second.stderr)) == 1


def test_given_a_damaged_database_when_started_then_exit_3_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "stats.sqlite").write_bytes(b"no database " * 1000)

    done = seinhuis("up", "--data", str(tmp_path), "--port", "0")

    assert (done.returncode, len(plain(done.stderr))) == (3, 1)


def test_given_a_newer_schema_when_started_then_exit_3_and_one_line(tmp_path: Path) -> None:
    assert seinhuis("migrate", "--data", str(tmp_path)).returncode == 0
    with sqlite3.connect(tmp_path / "stats.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    done = seinhuis("up", "--data", str(tmp_path), "--port", "0")

    assert done.returncode == 3
    assert "newer" in plain(done.stderr)[-1]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("INTAKE_RATE_LIMIT_PER_MINUTE", "many"), ("SEINHUIS_PUBLIC_URL", "nowhere"), ("SEINHUIS_EVENT_SOURCE", "x")],
)
def test_given_a_bad_setting_when_started_then_exit_3_and_its_name_without_its_value(
    tmp_path: Path, setting: str, value: str
) -> None:
    done = seinhuis("up", "--data", str(tmp_path), "--port", "0", env={setting: value})

    assert done.returncode == 3
    assert setting in plain(done.stderr)[-1]
    assert f"{value}'" not in done.stderr


def test_given_an_unusable_data_directory_when_started_then_exit_3_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    done = seinhuis("up", "--data", str(tmp_path / "file" / "data"), "--port", "0")

    assert (done.returncode, len(plain(done.stderr))) == (3, 1)


def plain(stderr: str) -> list[str]:
    """The lines for a person: all that are no log lines."""
    return [line for line in stderr.splitlines() if line.strip() and not line.startswith("{")]
