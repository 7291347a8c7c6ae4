# SPDX-License-Identifier: EUPL-1.2
"""What runs in a redaction worker: its words, the time one text may take, and its end with its parent.

A module of its own so that a worker loads the engine and its words and nothing of the main process: no web, no log, no
metrics. Never logs a text or what an exception says.
"""

import contextlib
import faulthandler
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

from services.anonymizer import lexicon as lex
from services.anonymizer import words
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redacting import Redacted, ToRedact, redact_one

Limits = tuple[Mapping[str, tuple[str, ...]], float, int]
"""The kept words per municipality, the seconds one text may take, the megabytes of address space of one worker."""


class TooSlow(Exception):
    """Redacting one text took longer than is allowed."""


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


def begin(equipment: Limits) -> None:
    """Make this process a worker: Ctrl-C is the parent's affair, and without a parent there is nothing to do.

    A text that makes a recogniser ask for ever more memory fails here, before the machine has to choose whom to kill.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _too_slow)
    _EQUIPMENT.silence = open(os.devnull, "w")  # noqa: SIM115, PTH123 - open for as long as the process lives
    threading.Thread(target=_die_with_parent, daemon=True).start()
    limit = equipment[2] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    equip(equipment)


def equip(equipment: Limits) -> None:
    """Read the words, before the first text comes."""
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
