# SPDX-License-Identifier: EUPL-1.2
"""The kinds of failure that callers tell apart, each with a stable code.

Owns the error types of the whole house. An error never carries a value from the data: only a code, safe fields
(numbers, names of settings, topics) and, for bad input, JSON pointers with a reason.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict


class FieldFault(TypedDict):
    """One thing wrong with the input: an RFC 6901 pointer and a sentence that repeats no value."""

    pointer: str
    detail: str


class SeinhuisError(Exception):
    """A failure with a stable code; `fields` hold only what may stand in a log."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields: Mapping[str, object] = fields


class Rejected(SeinhuisError):
    """The sender's fault and permanent: HTTP 400, on the bus a dead letter at once."""

    def __init__(self, code: str, *, errors: Sequence[FieldFault] = (), **fields: object) -> None:
        super().__init__(code, **fields)
        self.errors = list(errors)


class Unauthenticated(SeinhuisError):
    """No, unknown, expired or revoked credential: HTTP 401."""


class Forbidden(SeinhuisError):
    """A valid credential that may not do this: HTTP 403."""


class NotFound(SeinhuisError):
    """There is no such thing, or not for this caller: HTTP 404."""


class Conflict(SeinhuisError):
    """The state does not allow it: HTTP 409."""


class Gone(SeinhuisError):
    """It was there and was taken away for good: HTTP 410."""


class TooLarge(SeinhuisError):
    """Over a limit of size: HTTP 413."""


class TooMany(SeinhuisError):
    """Over a limit of rate: HTTP 429 with Retry-After."""

    def __init__(self, code: str, *, retry_after_seconds: int, **fields: object) -> None:
        super().__init__(code, **fields)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(SeinhuisError):
    """A dependency is away for now: HTTP 503, on the bus a back-off, on the command line exit 3."""


class Misconfigured(SeinhuisError):
    """The settings, keys or files of this installation cannot work: the process stops before a socket opens."""
