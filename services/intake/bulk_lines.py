# SPDX-License-Identifier: EUPL-1.2
"""The lines of a bulk, one after another, without ever holding more than one of them as values.

Pure. A line that is broken in itself costs only itself; a body whose brackets do not close cannot be cut at all.
"""

import re
from collections.abc import Iterator
from typing import Final

from shared.errors import FieldFault, Rejected, TooLarge

LINES_LIMIT: Final = 1_000
_MARKS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]|[^\s"\[\]{},]++|"', re.DOTALL)
_STEP: Final = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_STARTS: Final = frozenset({b"[", b","})
_ENDS: Final = frozenset({b",", b"]"})
_BROKEN: Final[list[FieldFault]] = [{"pointer": "", "detail": "Dit is geen JSON-lijst van signalen."}]


def split_ndjson(body: bytes) -> Iterator[bytes]:
    """The lines of NDJSON; empty ones do not count. Raises: TooLarge over the limit."""
    count = start = 0
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        if line := body[start:end].strip():
            count += 1
            _within(count)
            yield line
        start = end + 1


def split_array(body: bytes) -> Iterator[bytes]:
    """The elements of a JSON array as they were sent, in one pass.

    Raises: Rejected when it is no array or its brackets do not close; TooLarge over the limit.

    >>> list(split_array(b'[{"a": [1, 2]}, "x,y" ,3]'))
    [b'{"a": [1, 2]}', b'"x,y"', b'3']
    """
    depth = count = start = 0
    closed = False
    for match in _MARKS.finditer(body):
        mark = match[0] if match.end() - match.start() == 1 else b""
        if closed or (depth == 0 and mark != b"["):
            raise Rejected("bulk_invalid", errors=_BROKEN)
        if depth == 1 and mark in _ENDS:
            element = body[start : match.start()].strip()
            if element or mark == b"," or count:
                count += 1
                _within(count)
                yield element
        depth += _STEP.get(mark, 0)
        if depth == 1 and mark in _STARTS:
            start = match.end()
        closed = depth == 0
    if not closed:
        raise Rejected("bulk_invalid", errors=_BROKEN)


def _within(count: int) -> None:
    if count > LINES_LIMIT:
        raise TooLarge("bulk_too_many_lines", limit=LINES_LIMIT)
