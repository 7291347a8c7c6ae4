# SPDX-License-Identifier: EUPL-1.2
"""Bringing a service's schema up to date with Alembic, on either engine.

Owns how migrations are run and the tables every service has (outbox, inbox, dead letters, audit). Each service keeps
its own versions in `services/<name>/migrations/`.
"""

import io
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from shared.database import Database
from shared.errors import Misconfigured

BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


async def migrate(database: Database, folder: Path) -> bool:
    """Whether anything had to be done. Raises: Misconfigured `schema_newer_than_program`, Unavailable."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    async with database.transaction() as tx:
        return await tx.run_sync(lambda connection: _upgrade(connection, config, script))


def _upgrade(connection: sa.Connection, config: Config, script: ScriptDirectory) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return False

    def steps(revision: str, _context: object) -> object:
        return script._upgrade_revs("head", revision)  # Alembic offers no public name for this step

    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        try:
            environment.run_migrations()
        except CommandError:
            raise Misconfigured("schema_newer_than_program") from None
    return True


def create_plumbing() -> None:
    """The tables every service starts with. Never changed afterwards: a later need is a later migration."""
    op.create_table(
        "outbox",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(64), primary_key=True),
        sa.Column("seen_on", sa.Date, nullable=False, index=True),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(64), nullable=False, index=True),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("buried_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("signature", sa.Text, nullable=True),
    )


def create_processing_log() -> None:
    """The table of the Logboek Dataverwerkingen, for the services that process personal data."""
    op.create_table(
        "processing_lines",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("activity", sa.String(40), nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("operation_id", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
