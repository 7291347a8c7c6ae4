# SPDX-License-Identifier: EUPL-1.2
"""Logging: JSON lines on stderr, static event names, allow-listed fields.

Owns the list of every log event and every field that may appear. A field that is not on the list is dropped, an event
that is not on the list is refused: personal data has no way in. ERROR means someone must act.
"""

import contextlib
import logging
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TextIO, cast

import structlog

EVENTS: Final[Mapping[str, str]] = {
    "service_started": "a service finished starting",
    "service_stopping": "a service was asked to stop and drains",
    "service_stopped": "a service has stopped",
    "bus_away": "the bus cannot be reached; work goes on where it can",
    "bus_back": "the bus can be reached again",
    "database_away": "a database cannot be reached or written",
    "batch_retried": "a batch failed for a passing reason and is tried again",
    "message_buried": "a message was set aside as a dead letter",
    "consumption_halted": "too many messages in a row were set aside; consuming stops until someone looks",
    "relay_failed": "the outbox could not be published; tried again",
    "job_failed": "a periodic job failed; it runs again next time",
    "job_done": "a periodic job did something worth telling",
    "request_failed": "a request ended in an error of ours",
    "unexpected_error": "something failed that nobody foresaw",
    "redaction_failed_closed": "a recogniser failed; the text went to review unseen",
    "keys_created": "a first start made the keys of this installation",
    "migrated": "a database schema was brought up to date",
    "history_replayed": "an invented or given history was replayed",
    "third_party": "a library reported something; its text is withheld",
}
FIELDS: Final = frozenset(
    {
        "event", "level", "timestamp", "service", "topic", "code", "attempts", "count", "seconds", "job", "error_type",
        "request_id", "status", "revision", "epoch", "rule", "logger", "place",
    }
)  # fmt: skip


def allow_listed(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The entry with only what may be said. An unknown event becomes `third_party`."""
    if entry.get("event") not in EVENTS:
        entry["event"] = "third_party"
    return {key: value for key, value in entry.items() if key in FIELDS and isinstance(value, str | int | float)}


class _WithholdText(logging.Handler):
    """Turns a library's own log line into our static event: their texts may hold values."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line with the library's name and, for an exception, its type."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        logger().log(record.levelno, "third_party", logger=record.name, error_type=kind)


@dataclass(frozen=True, slots=True)
class Unfailing:
    """Where lines go. One that cannot be written, on a full disk say, is lost; what it is about goes on."""

    out: TextIO

    def write(self, text: str) -> int:
        """The text is written, or it is not."""
        with contextlib.suppress(OSError, ValueError):
            return self.out.write(text)
        return 0

    def flush(self) -> None:
        """What was written has left, or it has not."""
        with contextlib.suppress(OSError, ValueError):
            self.out.flush()


def configure(*, level: int = logging.INFO) -> None:
    """Set logging up for this process, once, before anything else speaks."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_WithholdText(level=logging.WARNING)]
    root.setLevel(logging.WARNING)


def logger(**fields: object) -> structlog.typing.FilteringBoundLogger:
    """A logger that carries these fields; only events of `EVENTS` come through."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind(**fields)
    return bound
