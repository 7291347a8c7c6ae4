# SPDX-License-Identifier: EUPL-1.2
"""The command line.

Owns the commands that start things and the ones that look at several services at once. With `services.assembly` the
only module that sees more than one service. Commands import what they run, so that `redact` starts fast.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from shared.commands import EXIT_BAD_INPUT, EXIT_DOES_NOT_HOLD, Data, Json, run, show, stop
from shared.errors import Rejected

if TYPE_CHECKING:  # most commands need no backup
    from shared.backup import Backup

app = typer.Typer(
    name="seinhuis",
    help="An anonymising reporting chain for discrimination signals.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 picks a free one.")]
Slug = Annotated[str | None, typer.Option("--municipality", help="Which configured municipality; default: by data.")]
SERVICES: Final = ("intake", "anonymizer", "stats", "notifier")


@app.command()
def up(data: Data = None, host: Host = "127.0.0.1", port: Port = 8000, municipality: Slug = None) -> None:
    """Everything on this machine: four services, one process, one port. Ctrl-C drains and stops."""
    _serve(lambda door: _up(door, data=data, municipality=municipality), host, port, data)


@app.command()
def demo(
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    history: Annotated[Path | None, typer.Option(help="A JSONL file; default: an invented history.")] = None,
    municipality: Slug = None,
) -> None:
    """`up`, after replaying a history through the real path with the clock moved along."""
    folder = data or Path("data/demo")

    async def work(door: socket.socket) -> None:
        from services import assembly
        from services.demo.history import read_history

        if history:
            await assembly.replay_history(folder, read_history(history), municipality=municipality)
        else:
            await assembly.replay_invented(folder, municipality=municipality)
        await _up(door, data=folder, municipality=municipality, newcomer=True)

    _serve(work, host, port, folder)


@app.command("run")
def run_service(
    service: Annotated[str, typer.Argument(help="intake, anonymizer, stats or notifier.")],
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data: Data = None,
) -> None:
    """One service of a distributed installation."""
    if service not in SERVICES:
        stop(f"there is no such service; use one of {', '.join(SERVICES)}", EXIT_BAD_INPUT)
    _serve(lambda door: _run(door, service, data=data), host, port, None)


@app.command()
def migrate(
    service: Annotated[str | None, typer.Argument(help="One service; default: all.")] = None, data: Data = None
) -> None:
    """Bring the databases up to date."""
    if service is not None and service not in SERVICES:
        stop(f"there is no such service; use one of {', '.join(SERVICES)}", EXIT_BAD_INPUT)

    async def all_of_them() -> list[str]:
        from shared import migrations
        from shared.database import Database
        from shared.settings import DatabaseSettings, read, read_installation

        installation, urls = read_installation(data=data), read(DatabaseSettings)
        done = []
        for name in [service] if service else SERVICES:
            database = Database(urls.url(name, installation))
            await database.open()
            try:
                changed = await migrations.migrate(database, Path(__file__).parent / name / "migrations")
            finally:
                await database.close()
            done.append(f"{name}: {'brought up to date' if changed else 'was up to date'}")
        return done

    show({}, as_json=False, lines=run(all_of_them))


@app.command()
def check(data: Data = None, as_json: Json = False) -> None:
    """Whether every accepted signal is somewhere, and every counter right; exit 1 when not."""

    async def document() -> dict[str, Any]:
        from services.assembly import checked

        return await checked(data)

    found = run(document)
    lines = [f"{name}: {value}" for name, value in found.items()]
    show(found, as_json=as_json, lines=lines)
    if not found["ok"]:
        raise typer.Exit(EXIT_DOES_NOT_HOLD)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Databases and bus of one moment in one file, also while running. Keys are not in it: keep them apart."""

    async def made() -> "Backup":
        from shared.backup import write
        from shared.clock import SystemClock

        return await asyncio.to_thread(write, _embedded_folder(data), file, now=SystemClock().now())

    _show_backup(run(made), "written", as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put a backup into a data directory without databases; put the keys of that time into it as well."""

    async def done() -> "Backup":
        from shared import runtime
        from shared.backup import restore

        folder = _embedded_folder(data)
        with runtime.sole_owner(folder):
            return await asyncio.to_thread(restore, file, folder)

    found = run(done)
    _show_backup(found, "restored", as_json=as_json)
    if not as_json:
        typer.echo("what was withdrawn or deleted since then is back: repeat it, then run `seinhuis check`")


def _embedded_folder(data: Path | None) -> Path:
    """The data directory. Raises: Rejected `backup_not_embedded` when databases or bus are elsewhere."""
    from shared.settings import read_installation

    installation = read_installation(data=data)
    if not installation.embedded:
        raise Rejected("backup_not_embedded")
    return installation.data_folder


def _show_backup(found: "Backup", done: str, *, as_json: bool) -> None:
    document = {"madeAt": found.made_at.isoformat(), "files": sorted(found.files), "bytes": found.size}
    lines = [f"{done}: {len(found.files)} files, {found.size:,} bytes, as of {found.made_at:%Y-%m-%d %H:%M:%S} UTC"]
    show(document, as_json=as_json, lines=lines)


release_app = typer.Typer(no_args_is_help=True)
Place = Annotated[str | None, typer.Option("--municipality", help="Its code; default: that of this installation.")]


@release_app.callback()
def _releases() -> None:
    """Releases of figures."""


@release_app.command("invite")
def invite(
    which: Annotated[str, typer.Argument(help="The release: its id, or its period.")],
    data: Data = None,
    municipality: Place = None,
    as_json: Json = False,
) -> None:
    """A link per partner to look at its own share of a release and object to it. Send each to its own partner."""

    async def links() -> dict[str, Any]:
        from services.assembly import invitations
        from shared.commands import public_address

        return await invitations(data, which, municipality=municipality, url=public_address(data))

    found = run(links)
    lines = [f"{one['partner']}  {one['url']}" for one in found["links"]]
    show(found, as_json=as_json, lines=[f"objections until {found['until']}", *lines])


def coverage(data: Data = None, municipality: Place = None, as_json: Json = False) -> None:
    """How regularly each partner reports, the most silent first. For the bureau alone: never publish it."""

    async def rows() -> list[dict[str, Any]]:
        from services.assembly import partner_coverage

        return await partner_coverage(data, municipality=municipality)

    found = run(rows)
    lines = [f"{one['partner']}  {one['months']} months  last {one['lastMonth'] or 'never'}" for one in found]
    show({"partners": found}, as_json=as_json, lines=lines or ["there are no partners yet"])


def _serve(work: Callable[[socket.socket], Coroutine[Any, Any, None]], host: str, port: int, data: Path | None) -> None:
    """Take the data directory and the port, then run; anything that cannot work ends in one line before serving."""
    import uvloop

    from shared import logs, runtime
    from shared.settings import read_installation

    logs.configure()

    async def served() -> None:
        with contextlib.ExitStack() as stack:
            installation = read_installation(data=data)
            if installation.embedded:
                stack.enter_context(runtime.sole_owner(installation.data_folder))
            door = stack.enter_context(contextlib.closing(runtime.listen(host, port)))
            await _until_told_to_stop(work(door))

    run(served, loop_factory=uvloop.new_event_loop)


async def _until_told_to_stop(work: Coroutine[Any, Any, None]) -> None:
    """Do the work; SIGINT or SIGTERM ends it in order, also while a history is still being replayed."""
    loop, working = asyncio.get_running_loop(), asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):  # once the door is open, `serve` takes them over
        loop.add_signal_handler(number, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _up(door: socket.socket, *, data: Path | None, municipality: str | None, newcomer: bool = False) -> None:
    from services import assembly
    from shared import runtime

    async with assembly.embedded(data, municipality=municipality) as (root, surroundings):
        url = assembly.address(door)
        surroundings.public_url.value = url
        runtime.note_address(surroundings.data_folder, url)
        lines = await assembly.welcome(data, url) if newcomer else []
        try:
            await runtime.serve(root, door, ready=lambda: assembly.announce(url, lines))
        finally:
            runtime.note_address(surroundings.data_folder, None)


async def _run(door: socket.socket, service: str, *, data: Path | None) -> None:
    from services import assembly
    from shared import runtime

    async with assembly.single(service, data) as root:
        url = assembly.address(door)
        await runtime.serve(root, door, ready=lambda: assembly.announce(url))


def main() -> None:
    """Run the command line."""
    from services.anonymizer import commands as anonymizer_commands
    from services.intake import commands as intake_commands
    from services.notifier import commands as notifier_commands
    from services.stats import commands as stats_commands
    from services.stats import report_command, wga_command
    from shared import commands as shared_commands

    for module in (
        shared_commands,
        intake_commands,
        anonymizer_commands,
        stats_commands,
        wga_command,
        report_command,
        notifier_commands,
    ):
        module.register(app)
    app.add_typer(release_app, name="release", help="Releases of figures.")
    intake_commands.partner.command("coverage")(coverage)
    app()
