# SPDX-License-Identifier: EUPL-1.2
"""Backups: one moment over all files, no keys, nothing half restored."""

import contextlib
import datetime as dt
import io
import json
import sqlite3
import tarfile
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.command_line import app
from shared import backup
from shared.errors import Conflict, NotFound, Rejected, SeinhuisError

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
NAMES = ("log", "intake", "stats")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "intake.secret").write_bytes(b"geheim")
    for name in NAMES:
        with contextlib.closing(sqlite3.connect(folder / f"{name}.sqlite")) as made:
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("CREATE TABLE facts (value INTEGER)")
            made.commit()
    return folder


def count(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as opened:
        return int(opened.execute("SELECT count(*) FROM facts").fetchone()[0])


def write_on(folder: Path, stopped: threading.Event, written: threading.Event) -> None:
    """Each fact goes to the files one after the other, as an event goes from one service to the next."""
    with contextlib.ExitStack() as stack:
        files = [
            stack.enter_context(contextlib.closing(sqlite3.connect(folder / f"{name}.sqlite", timeout=10)))
            for name in NAMES
        ]
        while not stopped.is_set():
            for file in files:
                file.execute("INSERT INTO facts VALUES (1)")
                file.commit()
            written.set()


def test_given_writers_at_work_when_backed_up_then_all_files_show_one_moment(data: Path, tmp_path: Path) -> None:
    stopped, written = threading.Event(), threading.Event()
    writer = threading.Thread(target=write_on, args=(data, stopped, written))
    writer.start()
    try:
        assert written.wait(10)
        for number in range(5):
            backup.write(data, tmp_path / f"{number}.tar", now=NOW)
    finally:
        stopped.set()
        writer.join()

    for number in range(5):
        place = tmp_path / f"restored-{number}"
        place.mkdir()
        backup.restore(tmp_path / f"{number}.tar", place)
        first, second, third = (count(place / f"{name}.sqlite") for name in NAMES)
        assert first >= second >= third >= first - 1
        assert first > 0


def test_given_a_backup_when_restored_then_every_file_is_back_and_no_key_was_in_it(data: Path, tmp_path: Path) -> None:
    made = backup.write(data, tmp_path / "b.tar", now=NOW)
    place = tmp_path / "new"
    place.mkdir()

    found = backup.restore(tmp_path / "b.tar", place)

    assert found == made
    assert sorted(file.name for file in place.iterdir()) == sorted(f"{name}.sqlite" for name in NAMES)
    assert b"geheim" not in (tmp_path / "b.tar").read_bytes()
    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_given_a_file_of_that_name_when_backed_up_then_it_is_left_as_it_was(data: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("van mij")

    with pytest.raises(Conflict, match="file_exists"):
        backup.write(data, tmp_path / "b.tar", now=NOW)

    assert (tmp_path / "b.tar").read_text() == "van mij"


def test_given_no_databases_when_backed_up_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no_data_here"):
        backup.write(tmp_path, tmp_path / "b.tar", now=NOW)


def test_given_databases_when_restored_over_them_then_they_are_left_as_they_were(data: Path, tmp_path: Path) -> None:
    backup.write(data, tmp_path / "b.tar", now=NOW)
    before = {file.name: file.read_bytes() for file in data.glob("*.sqlite")}

    with pytest.raises(Conflict, match="data_already_there"):
        backup.restore(tmp_path / "b.tar", data)

    assert {file.name: file.read_bytes() for file in data.glob("*.sqlite")} == before


def packed(tmp_path: Path, manifest: object, files: dict[str, bytes]) -> Path:
    """A tar file as somebody else might make it."""
    made = tmp_path / "foreign.tar"
    with tarfile.open(made, "w") as archive:
        for name, content in {"manifest.json": json.dumps(manifest).encode(), **files}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return made


def manifest_of(name: str, size: int = 1, digest: str = "0" * 64, form: str = backup.FORMAT) -> dict[str, object]:
    return {"format": form, "madeAt": NOW.isoformat(), "files": [{"name": name, "size": size, "sha256": digest}]}


@pytest.mark.parametrize(
    ("manifest", "files", "code"),
    [
        (manifest_of("../weg.sqlite"), {"../weg.sqlite": b"x"}, "backup_unreadable"),
        (manifest_of("/weg.sqlite"), {"/weg.sqlite": b"x"}, "backup_unreadable"),
        (manifest_of("keys"), {"keys": b"x"}, "backup_unreadable"),
        (manifest_of("a.sqlite", form="iets-anders"), {"a.sqlite": b"x"}, "backup_unreadable"),
        ({"format": backup.FORMAT}, {}, "backup_unreadable"),
        ([], {}, "backup_unreadable"),
        (manifest_of("a.sqlite"), {}, "backup_damaged"),
        (manifest_of("a.sqlite"), {"a.sqlite": b"x"}, "backup_damaged"),
        (manifest_of("a.sqlite", size=7), {"a.sqlite": b"x"}, "backup_damaged"),
    ],
)
def test_given_a_file_that_is_no_sound_backup_when_restored_then_nothing_is_left(
    tmp_path: Path, manifest: object, files: dict[str, bytes], code: str
) -> None:
    place = tmp_path / "new"
    place.mkdir()

    with pytest.raises(Rejected, match=code):
        backup.restore(packed(tmp_path, manifest, files), place)

    assert not list(place.iterdir())
    assert not (tmp_path / "weg.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"geen tar", b"\x00" * 5_000])
def test_given_no_tar_file_when_restored_then_it_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    place = tmp_path / "new"
    place.mkdir()

    with pytest.raises(SeinhuisError, match="backup_unreadable"):
        backup.restore(tmp_path / "b.tar", place)


def test_given_a_cut_off_backup_when_restored_then_nothing_is_left(data: Path, tmp_path: Path) -> None:
    backup.write(data, tmp_path / "b.tar", now=NOW)
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    place = tmp_path / "new"
    place.mkdir()

    with pytest.raises(Rejected):
        backup.restore(tmp_path / "cut.tar", place)

    assert not list(place.iterdir())


def test_given_the_commands_when_used_then_each_outcome_is_one_line(data: Path, tmp_path: Path) -> None:
    runner, file, place = CliRunner(), str(tmp_path / "b.tar"), str(tmp_path / "new")

    made = runner.invoke(app, ["backup", file, "--data", str(data), "--json"])
    again = runner.invoke(app, ["backup", file, "--data", str(data)])
    restored = runner.invoke(app, ["restore", file, "--data", place])
    over = runner.invoke(app, ["restore", file, "--data", place])

    assert json.loads(made.stdout)["files"] == sorted(f"{name}.sqlite" for name in NAMES)
    assert (again.exit_code, again.stderr) == (2, "there is a file of this name already\n")
    assert restored.exit_code == 0
    assert restored.stdout.startswith("restored: 3 files")
    assert over.exit_code == 2
    assert over.stderr.count("\n") == 1


def test_given_a_place_that_cannot_be_written_when_backed_up_then_a_sentence_says_so(
    data: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "nowhere" / "b.tar"), "--data", str(data)])

    assert done.exit_code == 3
    assert done.stderr == "the file or directory cannot be read or written; nothing was changed\n"
