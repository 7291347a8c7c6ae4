# SPDX-License-Identifier: EUPL-1.2
"""Which representation the caller asked for.

Owns the reading of `Accept`. Never guesses: a caller who accepts nothing we have gets 406.
"""

import re
from collections.abc import Sequence
from typing import Final

from shared.web.problems import ProblemError

ACCEPT_LIMIT_CHARACTERS: Final = 2_000
_QUALITY: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


def negotiated(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type the caller likes best; the first one offered when there is a tie or no wish.

    Source: RFC 9110, 12.5.1. Raises: ProblemError 406.

    >>> negotiated("text/csv, application/json;q=0.5", ["application/json", "text/csv"])
    'text/csv'
    """
    if not accept or not accept.strip():
        return offered[0]
    wishes = [_wish(part) for part in accept[:ACCEPT_LIMIT_CHARACTERS].split(",") if part.strip()]
    qualities = [_quality(media_type, wishes) for media_type in offered]
    best = max(qualities, default=0.0)
    if best <= 0:
        raise ProblemError(406, code="not_acceptable")
    return offered[qualities.index(best)]


def wants_page(accept: str | None) -> bool:
    """Whether the caller is a browser that shows a page: it names text/html itself."""
    return accept is not None and "text/html" in accept.lower()


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = part.strip().lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            return media_range.strip(), float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return media_range.strip(), 1.0


def _quality(media_type: str, wishes: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers this type."""
    family = media_type.partition("/")[0]
    for media_range in (media_type, f"{family}/*", "*/*"):
        found = [quality for wished, quality in wishes if wished == media_range]
        if found:
            return max(found)
    return 0.0
