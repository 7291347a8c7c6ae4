# SPDX-License-Identifier: EUPL-1.2
"""The only wall clock of the house.

Owns what "now" means. Everything else is given a `Clock`, so tests and the replay of a history move time themselves.
"""

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """Where "now" comes from."""

    def now(self) -> dt.datetime:
        """The moment, timezone-aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go up, for measuring durations; unrelated to the wall clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """The moment, timezone-aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds that only go up."""
        return time.monotonic()


class MovableClock:
    """A clock that stands still until it is moved; `release` lets it follow the machine's clock again."""

    def __init__(self, start: dt.datetime) -> None:
        self._now: dt.datetime | None = _aware(start)

    def now(self) -> dt.datetime:
        """The moment it was last moved to, or the machine's once released."""
        return self._now or dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds that only go up: durations are real even while the date is not."""
        return time.monotonic()

    def move_to(self, moment: dt.datetime) -> None:
        """Set the moment. Raises ValueError when it is naive."""
        self._now = _aware(moment)

    def release(self) -> None:
        """Follow the machine's clock from here on."""
        self._now = None


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a timezone")
    return moment.astimezone(dt.UTC)


def rfc3339(moment: dt.datetime) -> str:
    """The moment as RFC 3339 text in UTC, whole seconds.

    >>> rfc3339(dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC))
    '2026-11-21T20:00:00Z'
    """
    return _aware(moment).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
