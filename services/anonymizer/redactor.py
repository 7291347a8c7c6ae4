# SPDX-License-Identifier: EUPL-1.2
"""Redaction beside the main process, so that it never makes a sender wait. Owns the workers and their failures.

Fails closed: whatever goes wrong with a text (an exception, a time-out, a crash), the answer for that text is None and
the text is gone. Only when redaction as a whole is away is the batch refused, so that no text is lost for that reason.
Never logs a text or what an exception says.
"""

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from services.anonymizer import redaction_worker
from services.anonymizer.redacting import Given, Redacted, ToRedact
from services.anonymizer.redaction_worker import Limits, TooSlow, redact_chunk, unlisted_words
from shared import logs
from shared.clock import Clock
from shared.errors import Unavailable
from shared.metrics import Metrics

T = TypeVar("T")
CHUNK_TEXTS: Final = 32  # measured: handing over costs under 2% of redacting this many short texts
START_SECONDS: Final = 30.0  # a worker on a busy machine reads its words in one to three seconds
PROBE: Final = ToRedact("", Given(), "")


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
            return ThreadPoolExecutor(
                1, thread_name_prefix="redact", initializer=redaction_worker.equip, initargs=(self._equipment(),)
            )
        return ProcessPoolExecutor(
            self.processes,
            mp_context=multiprocessing.get_context("spawn"),  # a fork would copy the keys and the event loop
            initializer=redaction_worker.begin,
            initargs=(self._equipment(),),
        )

    def _equipment(self) -> Limits:
        return dict(self.kept_words), self.seconds, self.memory_mb

    def _drop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
