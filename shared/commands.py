# SPDX-License-Identifier: EUPL-1.2
"""The commands that concern every service alike: keys, staff links, audit, dead letters, topics.

Owns how these talk to a person: one clear line for what went wrong, exit 0, 1, 2 or 3. Knows no service's tables.
"""

import asyncio
import contextlib
import datetime as dt
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn
from urllib.parse import quote

import typer

from shared.errors import Conflict, Misconfigured, NotFound, Rejected, SeinhuisError, Unavailable
from shared.sentences import SENTENCES

if TYPE_CHECKING:  # the database is slow to import, and most commands need none
    from shared.database import Transaction

Data = Annotated[Path | None, typer.Option("--data", help="The embedded data directory.", envvar="SEINHUIS_DATA")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

EXIT_DOES_NOT_HOLD: Final = 1
EXIT_BAD_INPUT: Final = 2
EXIT_UNAVAILABLE: Final = 3


def stop(message: str, code: int) -> NoReturn:
    """End the command with one line on stderr."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def run(
    work: Callable[[], Coroutine[Any, Any, Any]], *, loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> Any:  # noqa: ANN401 - whatever the work returns
    """What the work returns, its known failures turned into one line and the right exit code."""
    from shared.runtime import one_line

    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(work())
    except (Misconfigured, Unavailable) as error:
        stop(one_line(error), EXIT_UNAVAILABLE)
    except (Rejected, NotFound, Conflict) as error:
        stop(_told(error), EXIT_BAD_INPUT)
    except SeinhuisError as error:
        stop(error.code.replace("_", " "), EXIT_DOES_NOT_HOLD)


def _told(error: SeinhuisError) -> str:
    """One line: the sentence of the code, the safe fields, and the first fault of an input."""
    details = [f"{name} {value}" for name, value in error.fields.items()]
    if isinstance(error, Rejected) and error.errors:
        details.append(f"{error.errors[0]['pointer']}: {error.errors[0]['detail']}")
    sentence = SENTENCES.get(error.code, error.code.replace("_", " "))
    return f"{sentence} ({', '.join(details)})" if details else sentence


def show(document: dict[str, Any], *, as_json: bool, lines: list[str]) -> None:
    """Print a result, for a program or for a person."""
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(lines))


@contextlib.asynccontextmanager
async def opened(service: str, data: Path | None) -> AsyncIterator[Any]:
    """A service's database, for one command. Raises: Unavailable `no_data_here` when there is none."""
    from shared.database import Database
    from shared.settings import DatabaseSettings, read, read_installation

    installation = read_installation(data=data)
    url = read(DatabaseSettings).url(service, installation)
    if installation.embedded and not (installation.data_folder / f"{service}.sqlite").exists():
        raise Unavailable("no_data_here")
    database = Database(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


staff = typer.Typer(no_args_is_help=True)


@staff.callback()
def _staff_group() -> None:
    """Sign-in links for staff."""


@staff.command("link")
def link(
    role: Annotated[str, typer.Option(help="adv, gemeente, netwerk, raad, fg or beheer.")],
    name: Annotated[str, typer.Option(help="Whose link this is; counts as one person in four-eyes rules.")],
    hours: Annotated[float, typer.Option(help="How long it is valid; may be a fraction.")] = 8,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """A token and a link that signs a browser in."""
    from shared.access import Role, issue
    from shared.clock import SystemClock

    if role not in set(Role):
        stop(f"there is no such role; use one of {', '.join(Role)}", EXIT_BAD_INPUT)
    if hours <= 0 or hours > 24 * 366 or not name.strip() or len(name) > 100:
        stop("a link needs a name of at most 100 characters and more than 0, at most 8784 hours", EXIT_BAD_INPUT)

    async def make() -> str:
        keys, _ = key_store(data)
        valid_for = dt.timedelta(hours=hours)
        return issue(
            name.strip(), Role(role), signing=keys.signing_key("staff"), clock=SystemClock(), valid_for=valid_for
        )

    token = run(make)
    url = f"{public_address(data)}/aanmelden?code={quote(token)}"
    show({"token": token, "url": url}, as_json=as_json, lines=[f"token {token}", f"link  {url}"])


keys_app = typer.Typer(no_args_is_help=True)


@keys_app.command("init")
def init(out: Annotated[Path, typer.Option(help="The folder to make.")]) -> None:
    """Make every key an installation needs; what is there already stays."""
    from shared.clock import SystemClock
    from shared.keys import create

    async def make() -> int:
        try:
            return len(create(out, at=SystemClock().now()).epochs())
        except OSError:
            raise Unavailable("data_unwritable") from None

    show({}, as_json=False, lines=[f"keys are in {out} ({run(make)} sealing epoch)"])


@keys_app.command("list")
def list_keys(data: Data = None, as_json: Json = False) -> None:
    """The sealing epochs, and whether they can still be opened."""

    async def epochs() -> list[dict[str, Any]]:
        keys, _ = key_store(data)
        privates = keys.sealing_privates()
        return [{"epoch": epoch, "opens": epoch in privates} for epoch in keys.epochs()]

    found = run(epochs)
    lines = [f"{e['epoch']}  {'opens' if e['opens'] else 'destroyed or not here'}" for e in found]
    show({"epochs": found}, as_json=as_json, lines=lines)


@keys_app.command("rotate")
def rotate(data: Data = None, as_json: Json = False) -> None:
    """Seal to a new epoch; running processes take it up within a minute."""
    from shared.clock import SystemClock

    async def make() -> str:
        keys, _ = key_store(data)
        return str(keys.rotate_sealing(at=SystemClock().now()))

    epoch = run(make)
    show({"epoch": epoch}, as_json=as_json, lines=[f"new epoch {epoch}"])


@keys_app.command("destroy")
def destroy(
    epoch: Annotated[str, typer.Argument(help="The epoch whose private key goes.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Make everything sealed to an epoch unreadable, in every copy, for good."""
    from shared.sealing import Epoch

    if not yes:
        typer.confirm(f"Destroy epoch {epoch}? Nothing sealed to it can ever be read again.", abort=True)

    async def go() -> None:
        keys, _ = key_store(data)
        if epoch not in keys.epochs():
            raise NotFound("unknown_epoch")
        if epoch == keys.sealing_key().epoch:  # what came in next could not be sealed at all
            raise Conflict("epoch_in_use")
        keys.destroy_sealing(Epoch(epoch))

    run(go)
    show({}, as_json=False, lines=[f"epoch {epoch} is destroyed"])


audit_app = typer.Typer(no_args_is_help=True)


@audit_app.callback()
def _audit_group() -> None:
    """The log of who did and saw what."""


@audit_app.command("verify")
def verify(data: Data = None, as_json: Json = False) -> None:
    """Whether no entry was changed, removed or put in; exit 1 when one was."""
    from shared import audit
    from shared.settings import SERVICES

    async def verdicts() -> dict[str, Any]:
        keys, _ = key_store(data)

        async def verdict_on(service: str, tx: "Transaction") -> list[tuple[str, Any]]:
            return [(service, audit.verify(await audit.read(tx), keys.verifying_key("audit")))]

        return dict(await _read_each(SERVICES, data, verdict_on))

    found = run(verdicts)
    ok = all(verdict.broken_at == 0 for verdict in found.values())
    rows = {
        service: {"entries": v.entries, "checkpoints": v.checkpoints, "brokenAt": v.broken_at, "hash": v.last_hash}
        for service, v in found.items()
    }
    lines = [
        f"{service}: {v.entries} entries, {'whole' if v.broken_at == 0 else f'broken at {v.broken_at}'}"
        for service, v in found.items()
    ]
    show({"ok": ok, "services": rows}, as_json=as_json, lines=lines)
    if not ok:
        raise typer.Exit(EXIT_DOES_NOT_HOLD)


dead = typer.Typer(no_args_is_help=True)


@dead.command("list")
def list_dead(data: Data = None, as_json: Json = False) -> None:
    """The messages that were set aside, with the code that says why; never their content."""
    from shared import delivery
    from shared.clock import rfc3339
    from shared.settings import SERVICES

    async def letters(service: str, tx: "Transaction") -> list[dict[str, Any]]:
        return [
            {
                "id": f"{service}:{letter.id}",
                "topic": letter.topic,
                "code": letter.code,
                "attempts": letter.attempts,
                "buriedAt": rfc3339(letter.buried_at),
            }
            for letter in await delivery.dead_letters(tx)
        ]

    found = run(lambda: _read_each(SERVICES, data, letters))
    lines = [f"{d['id']}  {d['topic']}  {d['code']}  {d['attempts']} tries  {d['buriedAt']}" for d in found]
    show({"deadLetters": found}, as_json=as_json, lines=lines or ["there are no dead letters"])


@dead.command("replay")
def replay(
    which: Annotated[str, typer.Argument(help="An id from the list, a service, or `all`.")] = "all",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put dead letters back on their topic, as they were received."""
    from shared import delivery
    from shared.settings import SERVICES

    chosen, _, number = which.partition(":")
    if which != "all" and (chosen not in SERVICES or (number and not re.fullmatch(r"\d{1,18}", number))):
        stop("name `all`, a service, or an id as `dead-letters list` prints it", EXIT_BAD_INPUT)

    async def put_back() -> int:
        count = 0
        for service in SERVICES if which == "all" else (chosen,):
            async with opened(service, data) as database, database.transaction() as tx:
                ids = [int(number)] if number else [letter.id for letter in await delivery.dead_letters(tx)]
                for letter_id in ids:
                    await delivery.replay(tx, letter_id)
                count += len(ids)
        return count

    count = run(put_back)
    show({"replayed": count}, as_json=as_json, lines=[f"{count} put back"])


deletions = typer.Typer(no_args_is_help=True)


@deletions.callback()
def _deletions_group() -> None:
    """The register of what was deleted."""


@deletions.command("list")
def list_deletions(data: Data = None, as_json: Json = False) -> None:
    """What was deleted because its term had passed: where, what kind, how many, when, by which rule."""
    from shared import retention
    from shared.clock import rfc3339

    async def register_of(service: str, tx: "Transaction") -> list[dict[str, Any]]:
        return [
            {
                "service": service,
                "kind": one.kind,
                "count": one.count,
                "rule": one.rule,
                "deletedAt": rfc3339(one.deleted_at),
            }
            for one in await retention.deletions(tx)
        ]

    found = run(lambda: _read_each(retention.KEPT_BY, data, register_of))
    lines = [f"{d['deletedAt']}  {d['service']}  {d['count']}  {d['rule']}" for d in found]
    show({"deletions": found}, as_json=as_json, lines=lines or ["nothing was deleted yet"])


topics = typer.Typer(no_args_is_help=True)


@topics.command("create")
def create_all(data: Data = None) -> None:
    """Make the topics that are missing."""
    from shared import bus, contracts
    from shared.settings import read_installation

    url = read_installation(data=data).bus_url
    run(
        lambda: bus.create_topics(
            url, [bus.TopicSpec(t.name, t.partitions, t.retention_seconds) for t in contracts.TOPICS]
        )
    )
    show({}, as_json=False, lines=[f"{len(contracts.TOPICS)} topics are there"])


@topics.command("check")
def check_all(data: Data = None, as_json: Json = False) -> None:
    """Which topics are missing or differ; exit 1 when any does."""
    from shared import bus, contracts
    from shared.settings import read_installation

    url = read_installation(data=data).bus_url
    specs = [bus.TopicSpec(t.name, t.partitions, t.retention_seconds) for t in contracts.TOPICS]
    faults = run(lambda: bus.check_topics(url, specs))
    show({"ok": not faults, "faults": faults}, as_json=as_json, lines=faults or ["all topics are as they must be"])
    if faults:
        raise typer.Exit(EXIT_DOES_NOT_HOLD)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(staff, name="staff", help="Sign-in links for staff.")
    app.add_typer(keys_app, name="keys", help="Keys of this installation.")
    app.add_typer(audit_app, name="audit", help="The log of who did and saw what.")
    app.add_typer(dead, name="dead-letters", help="Messages that were set aside.")
    app.add_typer(deletions, name="deletions", help="The register of what was deleted.")
    app.add_typer(topics, name="topics", help="Topics of the bus (distributed mode).")


async def _read_each(
    services: Iterable[str], data: Path | None, read: Callable[[str, "Transaction"], Coroutine[Any, Any, list[Any]]]
) -> list[Any]:
    """What is found in the database of each service, one after another."""
    found = []
    for service in services:
        async with opened(service, data) as database, database.reading() as tx:
            found += await read(service, tx)
    return found


def key_store(data: Path | None) -> tuple[Any, bool]:
    """The key store of this installation, made in embedded mode when it is not there yet, and whether it was made."""
    from shared.clock import SystemClock
    from shared.keys import KeyStore, create
    from shared.settings import read_installation

    installation = read_installation(data=data)
    folder = installation.keys_folder
    if not installation.embedded:
        return KeyStore(folder), False
    there = (folder / "sealing").exists()
    try:
        return create(folder, at=SystemClock().now()), not there
    except OSError:
        raise Unavailable("data_unwritable") from None


def public_address(data: Path | None) -> str:
    """The address of the running `up`, else the configured one."""
    from shared.runtime import noted_address
    from shared.settings import read_installation

    installation = read_installation(data=data)
    configured = str(installation.public_url).rstrip("/") if installation.public_url else None
    running = noted_address(installation.data_folder) if installation.embedded else None
    return running or configured or "http://127.0.0.1:8000"
