# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL from the machine's own packages, with a database per asker."""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.real import NotHereError
from tests.real.process import end, free_port, launch

USER = "seinhuis"
ACCOUNT = "postgres"  # the server refuses to run as root; Debian's package makes this account
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server: where it keeps its things and where it listens. Its process may come and go."""

    directory: Path
    port: int

    @property
    def url(self) -> str:
        """The server's address without a database, as SQLAlchemy takes it."""
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}"

    def start(self) -> int:
        """The id of the server's process, once it answers."""
        command = [
            *(str(_binary("postgres")), "-D", f"{self.directory}/data", "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.directory}"),
            *("-c", "max_connections=200"),
        ]
        log = self.directory / "log"
        return launch(command, log=log, answers=self.answers, seconds=START_SECONDS, user=_account())

    def answers(self) -> bool:
        """The server takes connections."""
        command = [str(_binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def remove(self) -> None:
        """Throw its data away."""
        shutil.rmtree(self.directory, ignore_errors=True)


def make_postgres() -> Postgres:
    """A server with empty data, not yet started. Raises NotHereError."""
    initdb = _binary("initdb")
    directory = Path(tempfile.mkdtemp(prefix="seinhuis-postgres-"))
    account = _account()
    if account is not None:
        shutil.chown(directory, account)
    subprocess.run(
        [str(initdb), "-D", f"{directory}/data", "-A", "trust", "-U", USER, "--locale=C.UTF-8", "-E", "UTF8"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=account,
    )
    return Postgres(directory, free_port())


def create_database(url: str, name: str) -> str:
    """The address of a new, empty database on the server at this address; an older one of that name is gone."""
    port = url.rpartition(":")[2]
    server = ["-h", "127.0.0.1", "-p", port, "-U", USER]
    subprocess.run([str(_binary("dropdb")), *server, "--if-exists", "--force", name], check=True, capture_output=True)
    subprocess.run([str(_binary("createdb")), *server, name], check=True, capture_output=True)
    return f"{url}/{name}"


def stop(pid: int) -> None:
    """End the server in good order, whoever is connected."""
    end(pid, signal.SIGINT)


def kill(pid: int) -> None:
    """End the server the hard way."""
    end(pid, signal.SIGKILL)


def version() -> str:
    """What the server says it is. Raises NotHereError."""
    return subprocess.check_output([str(_binary("postgres")), "--version"], text=True).strip()


def _binary(name: str) -> Path:
    for home in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (home / name).exists():
            return home / name
    found = shutil.which(name)
    if found is None:
        raise NotHereError(f"no PostgreSQL on this machine ({name})")
    return Path(found)


def _account() -> str | None:
    return ACCOUNT if os.geteuid() == 0 else None
