# SPDX-License-Identifier: EUPL-1.2
"""A backup of an embedded installation in one file: every database and the bus as they were at one moment.

Owns the format `seinhuis-backup-1`: a tar file with `manifest.json` and the SQLite files. Keys are never in it: they
are kept apart, or a stolen backup could be read. A moment is what a power cut at that moment would leave, which every
service recovers from: what was under way is delivered again, once.
"""

import contextlib
import datetime as dt
import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from shared.errors import Conflict, NotFound, Rejected, Unavailable

FORMAT: Final = "seinhuis-backup-1"
MANIFEST: Final = "manifest.json"
SUFFIX: Final = ".sqlite"
WAIT_SECONDS: Final = 30.0
"""How long a database may be busy before the backup gives up; the services wait for the backup far shorter."""
_LARGEST_MANIFEST: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds: the moment it shows, and per file its size and SHA-256."""

    made_at: dt.datetime
    files: dict[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Units: bytes."""
        return sum(size for size, _ in self.files.values())


def write(folder: Path, target: Path, *, now: dt.datetime) -> Backup:
    """Write everything in a data directory but its keys to a new file, also while the services run.

    Raises: NotFound `no_data_here`, Conflict `file_exists`, Unavailable `data_busy`, `backup_unwritable`.
    """
    sources = sorted(folder.glob(f"*{SUFFIX}"))
    if not sources:
        raise NotFound("no_data_here")
    if target.exists():
        raise Conflict("file_exists")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as room:
            copies = _copied(sources, Path(room))
            made = Backup(now, {copy.name: (copy.stat().st_size, _digest(copy)) for copy in copies})
            packed = Path(room) / "packed"
            _pack(made, copies, packed)
            os.link(packed, target)  # unlike a rename it never replaces a file made meanwhile
    except FileExistsError:
        raise Conflict("file_exists") from None
    except sqlite3.Error:
        raise Unavailable("data_busy") from None
    except OSError:
        raise Unavailable("backup_unwritable") from None
    return made


def restore(source: Path, folder: Path) -> Backup:
    """Put the files of a backup into a data directory that holds no databases; keys there are left as they are.

    Raises: Conflict `data_already_there`, Rejected `backup_unreadable`, `backup_damaged`, Unavailable
    `backup_unwritable`. Nothing is left behind when it fails.
    """
    if any(folder.glob(f"*{SUFFIX}*")):
        raise Conflict("data_already_there")
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as room:
            held = _unpack(source, Path(room))
            for name in sorted(held.files):
                (Path(room) / name).rename(folder / name)
    except (tarfile.TarError, EOFError):
        raise Rejected("backup_unreadable") from None
    except OSError:
        raise Unavailable("backup_unwritable") from None
    return held


def _copied(sources: list[Path], room: Path) -> list[Path]:
    """Copies of the databases as they are at one moment: all are held for writing at once, then copied from there."""
    with contextlib.ExitStack() as stack:
        snapshots = [stack.enter_context(_snapshot(source)) for source in sources]
        with contextlib.ExitStack() as held:
            for source in sources:
                held.enter_context(_held(source))
            for snapshot in snapshots:
                snapshot.execute("BEGIN")
                snapshot.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the snapshot begins at a first read
        copies = []
        for source, snapshot in zip(sources, snapshots, strict=True):
            copy = room / source.name
            with contextlib.closing(sqlite3.connect(copy)) as written:
                snapshot.backup(written)
                written.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            copy.chmod(0o600)
            copies.append(copy)
    return copies


@contextlib.contextmanager
def _snapshot(source: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(source, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        yield connection


@contextlib.contextmanager
def _held(source: Path) -> Iterator[None]:
    """Nobody writes to the file meanwhile."""
    with contextlib.closing(sqlite3.connect(source, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _pack(made: Backup, copies: list[Path], packed: Path) -> None:
    document = {
        "format": FORMAT,
        "madeAt": made.made_at.isoformat(),
        "files": [{"name": name, "size": size, "sha256": digest} for name, (size, digest) in made.files.items()],
    }
    manifest = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    with tarfile.open(packed, "w") as archive:
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mtime, entry.mode = len(manifest), int(made.made_at.timestamp()), 0o600
        archive.addfile(entry, io.BytesIO(manifest))
        for copy in copies:
            archive.add(copy, arcname=copy.name, recursive=False, filter=_anonymous)
    packed.chmod(0o600)
    with packed.open("rb") as written:
        os.fsync(written.fileno())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The entry without the account it was made by."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _unpack(source: Path, room: Path) -> Backup:
    """The files of a backup written to a folder, each checked against the manifest."""
    with tarfile.open(source, "r:") as archive:
        held = _manifest(archive)
        for name, (size, digest) in held.files.items():
            _take_out(archive, name, size, room / name)
            if _digest(room / name) != digest:
                raise Rejected("backup_damaged")
    return held


def _manifest(archive: tarfile.TarFile) -> Backup:
    """What the file says it holds. Raises: Rejected `backup_unreadable` when it is no backup of this format."""
    try:
        opened = archive.extractfile(MANIFEST)
        document = orjson.loads(opened.read(_LARGEST_MANIFEST) if opened else b"")
        files = {str(one["name"]): (int(one["size"]), str(one["sha256"])) for one in document["files"]}
        made_at = dt.datetime.fromisoformat(document["madeAt"])
        known = document["format"] == FORMAT
    except (KeyError, TypeError, ValueError):
        raise Rejected("backup_unreadable") from None
    if not known or not files or any(Path(name).name != name or not name.endswith(SUFFIX) for name in files):
        raise Rejected("backup_unreadable")
    return Backup(made_at, files)


def _take_out(archive: tarfile.TarFile, name: str, size: int, target: Path) -> None:
    try:
        entry = archive.getmember(name)
    except KeyError:
        raise Rejected("backup_damaged") from None
    opened = archive.extractfile(entry) if entry.isreg() and entry.size == size else None
    if opened is None:
        raise Rejected("backup_damaged")
    with target.open("xb") as written:
        target.chmod(0o600)
        while chunk := opened.read(_CHUNK):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
