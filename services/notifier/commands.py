# SPDX-License-Identifier: EUPL-1.2
"""The notifier's commands at the command line.

Owns arguments, streams and exit codes. Never decides what an alarm is.
"""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from shared.commands import EXIT_BAD_INPUT, stop
from shared.errors import Rejected

AHEAD_PER_JOB = 2  # lines handed out before the oldest answer is printed: bounds the memory of a long run


def register(app: typer.Typer) -> None:
    """Add the notifier's commands to the one entry point."""
    app.command("backtest")(backtest)


def backtest(
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes to use.")] = 1,
    everything: Annotated[bool, typer.Option("--all", help="Also print what stays below the threshold.")] = False,
) -> None:
    """Which days would have alerted: JSON lines with streams on stdin, JSON lines with alarms on stdout."""
    try:
        for answer in _answers(sys.stdin.buffer, jobs, everything):
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()
    except Rejected as error:
        detail = error.errors[0]["detail"] if error.errors else error.code
        stop(f"backtest: line {error.fields['line']}: {detail}", EXIT_BAD_INPUT)


def _lines(source: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their number, empty ones left out."""
    for number, line in enumerate(source, start=1):
        if line.strip():
            yield number, line


def _answers(source: Iterable[bytes], jobs: int, everything: bool) -> Iterator[str]:
    """Answers in the order of the lines.

    Raises: Rejected, with the number of the first line that is not a replicate, after the answers before it.
    """
    if jobs == 1:
        for number, line in _lines(source):
            yield _answer(number, line, everything)
        return
    from concurrent.futures import Future, ProcessPoolExecutor

    waiting: deque[Future[str]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        try:
            for number, line in _lines(source):
                waiting.append(pool.submit(_answer, number, line, everything))
                while len(waiting) > AHEAD_PER_JOB * jobs:
                    yield waiting.popleft().result()
            for future in waiting:
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _answer(number: int, line: bytes, everything: bool) -> str:
    """The answer to one line; runs in a process of its own when there are several."""
    from services.notifier.backtest import look_back
    from services.notifier.detector import DetectorSettings

    try:
        return look_back(line.decode(), settings=DetectorSettings(), everything=everything)
    except UnicodeDecodeError:
        raise Rejected("backtest_line", errors=[{"pointer": "", "detail": "not UTF-8"}], line=number) from None
    except Rejected as error:
        raise Rejected(error.code, errors=error.errors, line=number) from None
