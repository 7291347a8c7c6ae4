# SPDX-License-Identifier: EUPL-1.2
"""What travels over the bus, and where the bus is.

Owns the shapes that callers of `shared.bus` exchange with it. Never knows FastStream or a client library.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from shared.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to publish; records of one key keep their order."""

    topic: str
    key: bytes
    value: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record as received, undecoded."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Mapping[str, str]
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be."""

    name: str
    partitions: int
    retention_seconds: int


BatchHandler: TypeAlias = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Returns: the batch is handled. Raises: it comes again at once, from its first record on."""

Place: TypeAlias = Path | tuple[str, ...]
"""Where the bus is: the file of the embedded log, or Kafka's servers."""


def place(url: str) -> Place:
    """Where the bus of this address is. Raises Misconfigured `bus_url`.

    >>> place("kafka://a:9092,b:9092")
    ('a:9092', 'b:9092')
    >>> str(place("embedded:///var/lib/seinhuis/bus.sqlite"))
    '/var/lib/seinhuis/bus.sqlite'
    """
    scheme, _, rest = url.partition("://")
    if scheme == "embedded" and rest.startswith("/"):
        return Path(rest)
    servers = tuple(server for server in rest.rstrip("/").split(",") if server)
    if scheme != "kafka" or not servers:
        raise Misconfigured("bus_url")
    return servers
