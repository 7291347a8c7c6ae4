# SPDX-License-Identifier: EUPL-1.2
"""How much a sender may send: a bucket that refills evenly.

Pure: the moment is given. Keeps counts only, no addresses.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from shared.errors import TooMany

MAX_BUCKETS: Final = 10_000


@dataclass(slots=True)
class RateLimit:
    """A limit per key. `per_minute` 0 turns it off."""

    per_minute: int
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, key: str, *, now: float, count: int = 1) -> int:
        """How many are left after taking `count`. Raises: TooMany with the seconds to wait."""
        if self.per_minute == 0:
            return 0
        level, at = self._buckets.get(key, (float(self.per_minute), now))
        level = min(float(self.per_minute), level + (now - at) * self.per_minute / 60)
        if level < count:
            self._keep(key, level, now)
            raise TooMany("rate_limited", retry_after_seconds=math.ceil((count - level) * 60 / self.per_minute))
        self._keep(key, level - count, now)
        return int(level - count)

    def _keep(self, key: str, level: float, now: float) -> None:
        if len(self._buckets) >= MAX_BUCKETS and key not in self._buckets:
            self._buckets.clear()
        self._buckets[key] = (level, now)


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """How often codes may be tried, without keeping who tries.

    Each code has a bucket under its hash, so that nobody can hammer one receipt. All wrong codes together share one, so
    that guessing is slow for everybody at once, while whoever has a right code is never made to wait by guessers.
    """

    per_code: RateLimit
    misses: RateLimit

    def try_code(self, code_hash: str, *, now: float) -> None:
        """Count a try of this code. Raises: TooMany."""
        self.per_code.take(code_hash, now=now)

    def miss(self, *, now: float) -> None:
        """Count a wrong code. Raises: TooMany."""
        self.misses.take("", now=now)
