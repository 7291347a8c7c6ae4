# SPDX-License-Identifier: EUPL-1.2
"""The anonymizer's command: `redact`, texts in and redacted texts out, or the score on a labelled file.

Owns how it talks: JSON lines in order, one clear line on stderr for bad input. Keeps nothing of what it reads.
"""

import contextlib
import json
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Queue
from typing import IO, TYPE_CHECKING, Annotated, Any, Final

import typer

from shared.commands import EXIT_BAD_INPUT, Json, stop

if TYPE_CHECKING:
    from services.anonymizer.lexicon import Lexicon
    from services.anonymizer.scoring import Tally

MOST_JOBS: Final = 64
CHUNK_LINES: Final = 64  # handing over one short text costs about half of redacting it
MOST_WAITING: Final = 1_000
Chunk = list[tuple[int, bytes]]
Jobs = Annotated[int, typer.Option(min=1, max=MOST_JOBS, help="How many processes redact at the same time.")]
ScoreFile = Annotated[
    Path | None, typer.Option("--score", help="A labelled JSONL file: print leaks and losses instead.")
]
Slug = Annotated[str | None, typer.Option("--municipality", help="Whose districts are kept; default: by data.")]


class BadLine(Exception):
    """A line of the input that is no text to redact; `number` counts from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason


def register(app: typer.Typer) -> None:
    """Add `redact` to the command line."""
    app.command("redact")(redact)


def redact(jobs: Jobs = 1, score: ScoreFile = None, municipality: Slug = None, as_json: Json = False) -> None:
    """Redact JSON lines {"id","text"[,"known":["names"]]} from stdin; with --score, print the figures of a file."""
    lexicon = _lexicon(municipality)
    try:
        if score is not None:
            with _opened(score) as lines:
                _show_score(_tallies(lines, lexicon), as_json=as_json)
            return
        lines = sys.stdin.buffer
        answers = _alone(lines, lexicon) if jobs == 1 else _together(lines, municipality, jobs)
        for answer in answers:
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
    except BadLine as bad:
        sys.stdout.buffer.flush()
        stop(f"line {bad.number}: {bad.reason}", EXIT_BAD_INPUT)
    except BrokenPipeError:
        sys.stderr.close()


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError:
        stop("the file to score cannot be read", EXIT_BAD_INPUT)


def _lexicon(slug: str | None) -> "Lexicon":
    """The table of words with the municipality's own."""
    from services.anonymizer.localities import local_words
    from services.anonymizer.words import load
    from shared import municipalities
    from shared.errors import Misconfigured, Rejected

    try:
        known = municipalities.load()
        chosen = known.by_slug(slug) if slug else known.default
    except (Misconfigured, Rejected):
        stop("this municipality is not configured; see deploy/municipalities", EXIT_BAD_INPUT)
    return load().with_local(local_words(chosen))


def _document(number: int, line: bytes) -> dict[str, Any]:
    """One line as a document with an id and a text. Raises: BadLine."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(number, "not a line of JSON") from None
    if not isinstance(document, dict) or not isinstance(document.get("text"), str) or "id" not in document:
        raise BadLine(number, 'an object with "id" and "text" is needed')
    known = document.get("known", [])
    if not isinstance(known, list) or not all(isinstance(name, str) for name in known):
        raise BadLine(number, '"known" must be a list of names')
    return document


def _lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers."""
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _answer(document: dict[str, Any], lexicon: "Lexicon") -> bytes:
    """The redacted text as a JSON line."""
    from services.anonymizer import redaction
    from shared.clock import SystemClock

    clock = SystemClock()
    started = clock.monotonic()
    done = redaction.redact(document["text"], lexicon=lexicon, known=document.get("known", ()))
    answer = {
        "id": document["id"],
        "redacted": done.text,
        "ms": round((clock.monotonic() - started) * 1000, 3),
        "review": done.review,
        "found": done.found,
    }
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form, but JSON can escape it
        return json.dumps(answer).encode() + b"\n"


def _alone(lines: Iterable[bytes], lexicon: "Lexicon") -> Iterator[bytes]:
    for number, line in _lines(lines):
        yield _answer(_document(number, line), lexicon)


_of_worker: dict[str, "Lexicon"] = {}


def _start_worker(slug: str | None) -> None:
    _of_worker["lexicon"] = _lexicon(slug)


def _work(chunk: Chunk) -> list[bytes | tuple[int, str]]:
    """The answers to some lines; a bad one ends them with its number and the reason."""
    answers: list[bytes | tuple[int, str]] = []
    for number, line in chunk:
        try:
            answers.append(_answer(_document(number, line), _of_worker["lexicon"]))
        except BadLine as bad:
            return [*answers, (bad.number, bad.reason)]
    return answers


def _chunks(lines: Iterable[bytes]) -> Iterator[Chunk]:
    """The lines as they come, several together when they come faster than they are handed on."""
    waiting: Queue[tuple[int, bytes] | None] = Queue(MOST_WAITING)

    def read() -> None:
        for entry in _lines(lines):
            waiting.put(entry)
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    ended = False
    while not ended:
        chunk: Chunk = []
        while not ended and len(chunk) < CHUNK_LINES and not (chunk and waiting.empty()):
            entry = waiting.get()
            if entry is None:
                ended = True
            else:
                chunk.append(entry)
        if chunk:
            yield chunk


def _together(lines: Iterable[bytes], slug: str | None, jobs: int) -> Iterator[bytes]:
    """The answers in the order of the lines, made by several processes; a bounded number of lines is under way.

    Lines are handed on by a thread of their own, so that an answer never waits for the next line.
    """
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    pending: Queue[Future[list[bytes | tuple[int, str]]] | None] = Queue(jobs * 2)
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (slug,)) as pool:

        def hand_on() -> None:
            with contextlib.suppress(RuntimeError):  # a bad line closed the pool; nobody waits for the rest
                for chunk in _chunks(lines):
                    pending.put(pool.submit(_work, chunk))
            pending.put(None)

        threading.Thread(target=hand_on, daemon=True).start()
        try:
            while (future := pending.get()) is not None:
                yield from map(_unpacked, future.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _unpacked(result: bytes | tuple[int, str]) -> bytes:
    if isinstance(result, tuple):
        raise BadLine(*result)
    return result


def _tallies(lines: Iterable[bytes], lexicon: "Lexicon") -> dict[str, "Tally"]:
    """Sums over all texts and per language, style and origin of the labelled file."""
    from services.anonymizer import redaction
    from services.anonymizer.scoring import Labelled, Tally
    from services.anonymizer.scoring import score as score_text

    tallies: dict[str, Tally] = {}
    for number, line in _lines(lines):
        document = _document(number, line)
        try:
            labelled = Labelled.from_document(document)
        except (KeyError, TypeError, ValueError):
            raise BadLine(number, '"spans" must list start, end, type and text of the text') from None
        found = score_text(labelled, redaction.redact(labelled.text, lexicon=lexicon).text)
        for key in (
            "all",
            *(f"{name}={document[name]}" for name in ("lang", "style", "src", "origin") if name in document),
        ):
            tallies.setdefault(key, Tally()).add(found)
    return tallies


def _show_score(tallies: dict[str, "Tally"], *, as_json: bool) -> None:
    from services.anonymizer import score_table

    if as_json:
        typer.echo(json.dumps({"groups": score_table.documents(tallies)}, ensure_ascii=False))
    else:
        typer.echo("\n".join(score_table.lines(tallies)))
