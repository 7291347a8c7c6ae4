# SPDX-License-Identifier: EUPL-1.2
"""Stats' commands: protect a table, attack a published set.

Owns how these talk to a person: the answer on stdout, one clear line on stderr for what went wrong, exit 0, 1 or 2.
Never decides what is safe; never shows a traceback for bad input.
"""

import sys
from pathlib import Path
from typing import IO, Annotated, Any, Final

import orjson
import typer

from shared.commands import EXIT_BAD_INPUT, EXIT_DOES_NOT_HOLD, Json, show, stop
from shared.errors import Rejected

MAX_INPUT_BYTES: Final = 32 * 1024 * 1024  # about twice the largest set that is allowed
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"  # what some editors put before UTF-8
RESERVED_SECONDS: Final = 5.0  # starting, reading, writing and the last audit stay within the time a caller allows
RESERVED_SHARE: Final = 0.2

Seconds = Annotated[
    float, typer.Option(min=0, max=86_400, help="Time for the solver; the answer is safe when it runs out.")
]


AttackSeconds = Annotated[
    float, typer.Option("--seconds", min=1, max=86_400, help="Time; what is undecided then counts as disclosed.")
]


def protect(seconds: Seconds = 30) -> None:
    """Protect the table on stdin (sdc-instance-1) and write what may be published (tabset-1) to stdout."""
    from shared.clock import SystemClock

    clock = SystemClock()
    started = clock.monotonic()  # before the solver is loaded: on a busy machine that takes seconds
    from services.stats.suppression import CannotProtect, suppress
    from services.stats.suppression_model import Budget, system_of
    from services.stats.tables import parse_instance
    from services.stats.tabset import of_instance, render

    document = _read_json(sys.stdin.buffer)
    usable = seconds - min(RESERVED_SECONDS, seconds * RESERVED_SHARE)
    try:
        instance = parse_instance(document)
        found = suppress(system_of(instance), Budget(usable, lambda: clock.monotonic() - started))
    except Rejected as error:
        stop(_one_line(error), EXIT_BAD_INPUT)
    except CannotProtect:
        stop("no pattern protects this table while its grand total is published: too few reports", EXIT_DOES_NOT_HOLD)
    sys.stdout.buffer.write(orjson.dumps(render(of_instance(instance, found.hidden)), option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def attack(
    file: Annotated[Path, typer.Argument(help="A tabset-1 file; - reads stdin.")],
    seconds: AttackSeconds = 600,
    as_json: Json = False,
) -> None:
    """Try to work back small counts from a published set (tabset-1); exit 1 and what follows when that succeeds."""
    from services.stats.attacker import attack as attack_on
    from services.stats.attacker_reading import Unreadable, read
    from services.stats.attacker_worlds import Contradiction
    from shared.clock import SystemClock

    clock = SystemClock()
    started = clock.monotonic()
    document = _read_file(file)
    try:
        findings = attack_on(read(document), seconds=seconds, elapsed=lambda: clock.monotonic() - started)
    except Unreadable as error:
        stop(str(error), EXIT_BAD_INPUT)
    except Contradiction:
        stop("the published numbers contradict each other: no counts fit them", EXIT_BAD_INPUT)
    found = {"protected": not findings, "findings": [finding.as_document() for finding in findings]}
    show(found, as_json=as_json, lines=[finding.line for finding in findings] or ["protected: no small count follows"])
    if findings:
        raise typer.Exit(EXIT_DOES_NOT_HOLD)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(protect)
    app.command()(attack)


def _read_file(path: Path) -> Any:  # noqa: ANN401 - whatever the document holds
    if str(path) == "-":
        return _read_json(sys.stdin.buffer)
    try:
        with path.open("rb") as file:
            return _read_json(file)
    except OSError:
        stop("the file cannot be read", EXIT_BAD_INPUT)


def _read_json(source: IO[bytes]) -> Any:  # noqa: ANN401 - whatever the document holds
    """The JSON document in a stream, never more of it than is allowed."""
    content = source.read(MAX_INPUT_BYTES + 1)
    if len(content) > MAX_INPUT_BYTES:
        stop(f"the input is larger than {MAX_INPUT_BYTES // 1024 // 1024} MiB", EXIT_BAD_INPUT)
    try:
        return orjson.loads(content.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError:  # also for what Python's own reader lets through: NaN, half a surrogate pair
        stop("the input is not JSON", EXIT_BAD_INPUT)


def _one_line(error: Rejected) -> str:
    fault = error.errors[0]
    return f"{fault['pointer'] or '/'}: {fault['detail']}"
