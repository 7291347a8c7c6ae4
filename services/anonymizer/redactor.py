# SPDX-License-Identifier: EUPL-1.2
"""Redaction beside the main process, so that it never makes a sender wait. Owns the workers and their failures.

Fails closed: whatever goes wrong with a text (an exception, a time-out, a crash), the answer for that text is None and
the text is gone. Only when redaction as a whole is away is the batch refused, so that no text is lost for that reason.
Never logs a text or what an exception says.
"""

import asyncio
import contextlib
import faulthandler
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, TypeVar

from services.anonymizer import lexicon as lex
from services.anonymizer import words
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redacting import Given, Redacted, ToRedact, redact_one
from shared import logs
from shared.clock import Clock
from shared.errors import Unavailable
from shared.metrics import Metrics

T = TypeVar("T")
Limits = tuple[Mapping[str, tuple[str, ...]], float, int]
CHUNK_TEXTS: Final = 32  # measured: handing over costs under 2% of redacting this many short texts
START_SECONDS: Final = 30.0  # a worker on a busy machine reads its words in one to three seconds
PROBE: Final = ToRedact("", Given(), "")


class TooSlow(Exception):
    """Redacting one text took longer than is allowed."""


@dataclass(slots=True)
class Redactor:
    """Redacts texts in worker processes; with none, in a thread, where a text that hangs keeps that thread.

    Units: `seconds` for one text, `memory_mb` of address space for one worker process.
    """

    processes: int
    seconds: float
    memory_mb: int
    kept_words: Mapping[str, tuple[str, ...]]
    metrics: Metrics
    clock: Clock
    work: Callable[[Sequence[ToRedact]], list[Redacted]] = field(default_factory=lambda: redact_chunk)
    _executor: Executor | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The workers up; the words are read while the service starts."""
        for _ in range(max(1, self.processes)):
            self._pool().submit(self.work, [PROBE])
        try:
            yield
        finally:
            self._drop()

    async def redact(self, asked: Sequence[ToRedact]) -> list[Redacted | None]:
        """The redacted texts in order, None where redaction failed.

        Raises: Unavailable `redaction_away` when not even an empty text can be redacted.
        """
        chunks = [asked[at : at + CHUNK_TEXTS] for at in range(0, len(asked), CHUNK_TEXTS)]
        answers = await asyncio.gather(*(self._chunk(chunk) for chunk in chunks))
        results: list[Redacted | None] = []
        for chunk, answer in zip(chunks, answers, strict=True):
            results += answer if answer is not None else [await self._alone(one) for one in chunk]
        return results

    async def unlisted(self, words_asked: Sequence[str]) -> list[bool]:
        """For each word whether no word list knows it as an ordinary or a kept word."""
        found = await self._outcome(unlisted_words, list(words_asked), START_SECONDS)
        if isinstance(found, BaseException):
            raise Unavailable("redaction_away")
        return found

    async def _chunk(self, chunk: Sequence[ToRedact]) -> list[Redacted] | None:
        started = self.clock.monotonic()
        found = await self._outcome(self.work, list(chunk), START_SECONDS + self.seconds * len(chunk))
        if isinstance(found, BaseException):
            return None
        mean = (self.clock.monotonic() - started) / len(chunk)
        for _ in chunk:
            self.metrics.redaction_seconds.observe(mean)
        return found

    async def _alone(self, asked: ToRedact) -> Redacted | None:
        """One text by itself: whatever fails now is this text's own failure, unless an empty text fails as well."""
        found = await self._outcome(self.work, [asked], START_SECONDS + self.seconds)
        if not isinstance(found, BaseException):
            return found[0]
        probe = await self._outcome(self.work, [PROBE], START_SECONDS)
        if isinstance(probe, BaseException):
            raise Unavailable("redaction_away")
        logs.logger().error("redaction_failed_closed", service="anonymizer", error_type=type(found).__name__)
        return None

    async def _outcome(self, call: Callable[[Any], T], argument: object, seconds: float) -> T | BaseException:
        """What the worker returned, or what went wrong with it."""
        try:
            future = asyncio.wrap_future(self._pool().submit(call, argument))
        except BrokenExecutor as broken:
            self._drop()
            return broken
        await asyncio.wait([future], timeout=seconds)
        if not future.done():
            future.cancel()
            self._drop()
            return TooSlow()
        failure = future.exception()
        if isinstance(failure, BrokenExecutor):
            self._drop()
        return failure if failure is not None else future.result()

    def _pool(self) -> Executor:
        if self._executor is None:
            self._executor = self._new_pool()
        return self._executor

    def _new_pool(self) -> Executor:
        if not self.processes:
            return ThreadPoolExecutor(1, thread_name_prefix="redact", initializer=_equip, initargs=(self._equipment(),))
        return ProcessPoolExecutor(
            self.processes,
            mp_context=multiprocessing.get_context("spawn"),  # a fork would copy the keys and the event loop
            initializer=_begin,
            initargs=(self._equipment(),),
        )

    def _equipment(self) -> Limits:
        return dict(self.kept_words), self.seconds, self.memory_mb

    def _drop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


# What follows runs in a worker.


@dataclass(slots=True)
class _Equipment:
    """What a worker has: the words, the local ones per municipality, and how long one text may take."""

    kept_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: float = 0.0
    silence: Any = None
    lexicons: dict[str, tuple[tuple[str, ...], Lexicon]] = field(default_factory=dict)

    def lexicon(self, asked: ToRedact) -> Lexicon:
        """The words with those of the municipality, and what its reviewers put back."""
        held = self.lexicons.get(asked.municipality)
        if held is None or held[0] != asked.kept:
            local = (*self.kept_words.get(asked.municipality, ()), *asked.kept)
            held = self.lexicons[asked.municipality] = asked.kept, words.load().with_local(local)
        return held[1]


_EQUIPMENT: Final = _Equipment()


def _begin(equipment: Limits) -> None:
    """Make this process a worker: Ctrl-C is the parent's affair, and without a parent there is nothing to do.

    A text that makes a recogniser ask for ever more memory fails here, before the machine has to choose whom to kill.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _too_slow)
    _EQUIPMENT.silence = open(os.devnull, "w")  # noqa: SIM115, PTH123 - open for as long as the process lives
    threading.Thread(target=_die_with_parent, daemon=True).start()
    limit = equipment[2] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    _equip(equipment)


def _equip(equipment: Limits) -> None:
    _EQUIPMENT.kept_words, _EQUIPMENT.seconds, _ = equipment
    _EQUIPMENT.lexicons.clear()
    words.load()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # an orphan would keep texts and words in memory for good


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def redact_chunk(chunk: Sequence[ToRedact]) -> list[Redacted]:
    """The redacted texts, in order. Raises: whatever a recogniser raises, TooSlow."""
    return [_within_time(one) for one in chunk]


def _within_time(asked: ToRedact) -> Redacted:
    with time_limit(_EQUIPMENT.seconds, silence=_EQUIPMENT.silence):
        return redact_one(asked, _EQUIPMENT.lexicon(asked))


@contextlib.contextmanager
def time_limit(seconds: float, *, silence: Any) -> Iterator[None]:  # noqa: ANN401 - an open file of any kind
    """Ends the block with TooSlow after these seconds, and the whole worker soon after when that is not heard.

    Does nothing in a thread: only the main thread of a process gets signals.
    """
    if silence is None:
        yield
        return
    faulthandler.dump_traceback_later(seconds * 2 + 1, exit=True, file=silence)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()


def unlisted_words(asked: Sequence[str]) -> list[bool]:
    """For each lower-case word whether no list knows it as an ordinary or a kept word, a town or a language's word."""
    table = words.load()
    return [not table.flag(word) & (lex.ORDINARY | lex.KEEP | lex.TOWN | lex.MONTH | lex.HEAD) for word in asked]
