# SPDX-License-Identifier: EUPL-1.2
"""The Logboek Dataverwerkingen: one line per processing of personal data, none left out, each confirmed.

Owns the lines and their way out. A line is written in the transaction of the processing itself, so that neither exists
without the other; afterwards it is moved to the sink, a file of JSON lines, and forgotten here only when the file is
on disk. A crash in between writes a line twice, with the same `operation_id`. Never holds who did something (that is
the audit log) and never a person in clear: the subject is encrypted under the service's own secret.
Source: Logboek Dataverwerkingen 1.0 (Logius); W3C Trace Context.
"""

import asyncio
import datetime as dt
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

import orjson
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.database import Database, Transaction, UtcDateTime, runs
from shared.migrations import BIG_ID

LINES_AT_ONCE: Final = 2_000
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")

_metadata = sa.MetaData()
LINES: Final = sa.Table(
    "processing_lines",
    _metadata,
    sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("activity", sa.String(40)),
    sa.Column("trace_id", sa.String(32)),
    sa.Column("operation_id", sa.String(16)),
    sa.Column("subject", sa.String(64)),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sqlite_autoincrement=True,
)


_DELETE_RUN: Final = sa.delete(LINES).where(LINES.c.seq.between(sa.bindparam("first"), sa.bindparam("last")))


class Activity(StrEnum):
    """The entries of the register of processing activities that this program carries out."""

    RECEIVE = "signaal-ontvangen"
    CORRECT = "signaal-verbeteren"
    WITHDRAW = "signaal-intrekken"
    IMPORT = "bestand-inlezen"
    DELETE = "bewaartermijn-uitvoeren"
    ANONYMISE = "signaal-anonimiseren"
    REVIEW = "signaal-beoordelen"


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a W3C trace."""

    trace_id: str
    span_id: str

    @classmethod
    def following(cls, traceparent: str | None) -> Self:
        """The sender's trace when it gave a good one, else a new one.

        >>> Trace.following("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").trace_id
        '4bf92f3577b34da6a3ce929d0e0e4736'
        """
        given = _TRACEPARENT.fullmatch(traceparent or "")
        return cls(given[1], given[2]) if given else cls(secrets.token_hex(16), secrets.token_hex(8))

    def next_hop(self) -> "Trace":
        """The next operation of the same trace."""
        return Trace(self.trace_id, secrets.token_hex(8))

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


def note(
    tx: Transaction,
    activity: Activity,
    *,
    trace: Trace,
    subject: str,
    at: dt.datetime,
    ended_at: dt.datetime | None = None,
) -> None:
    """A line about this processing, kept when and only when the transaction commits. `subject` is an opaque id."""
    tx.add(
        LINES, activity=activity.value, trace_id=trace.trace_id, operation_id=trace.span_id, subject=subject,
        started_at=at, ended_at=ended_at or at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sink:
    """Where the lines of one service go: a file that only grows, one JSON document per line."""

    path: Path
    service: str
    secret: bytes
    _cipher: AESSIV = field(init=False)

    def __post_init__(self) -> None:
        key = HKDF(hashes.SHA256(), 64, salt=None, info=b"processing log subject").derive(self.secret)
        object.__setattr__(self, "_cipher", AESSIV(key))

    async def drain(self, database: Database) -> int:
        """How many lines were moved to the file. Each is on disk before it is forgotten in the database."""
        done = 0
        while True:
            async with database.reading() as tx:
                rows = await tx.rows(sa.select(LINES).order_by(LINES.c.seq).limit(LINES_AT_ONCE))
            if not rows:
                return done
            await asyncio.to_thread(self._append, [self._line(row) for row in rows])
            moved = [{"first": first, "last": last} for first, last in runs([row["seq"] for row in rows])]
            async with database.transaction() as tx:
                await tx.execute(_DELETE_RUN, moved)
            done += len(rows)

    def _line(self, row: sa.RowMapping) -> bytes:
        return orjson.dumps(
            {
                "trace_id": row["trace_id"],
                "operation_id": row["operation_id"],
                "status_code": "Ok",
                "name": row["activity"],
                "start_time": row["started_at"],
                "end_time": row["ended_at"],
                "resource": {"name": f"seinhuis-{self.service}", "version": "1"},
                "attributes": {
                    "dpl.core.processing_activity_id": f"urn:seinhuis:verwerking:{row['activity']}",
                    "dpl.core.data_subject_id": self._encrypted(row["subject"]),
                },
            },
            option=orjson.OPT_UTC_Z,
        )

    def _encrypted(self, subject: str) -> str:
        """The same subject gives the same text, so that all lines about one can be found by who has the secret."""
        return self._cipher.encrypt(subject.encode(), None).hex()

    def _append(self, lines: Sequence[bytes]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"".join(line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
