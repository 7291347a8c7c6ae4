# SPDX-License-Identifier: EUPL-1.2
"""States of cases, partner references, imports, deletions, the processing log."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import BIG_ID, create_processing_log

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    create_processing_log()
    op.add_column("receipts", sa.Column("registered_on", sa.Date))
    op.add_column("receipts", sa.Column("import_id", sa.String(36)))
    op.create_table(
        "case_states",
        sa.Column("state_key", sa.String(32), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("source_ref", sa.String(64), index=True),
        sa.Column("month", sa.String(7)),
        sa.Column("changed_on", sa.Date, nullable=False, index=True),
        sa.Column("review_revision", sa.Integer, nullable=False),
        sa.Column("review_open", sa.Boolean, nullable=False),
    )
    op.create_table(
        "partner_references",
        sa.Column("reference_hash", sa.String(32), primary_key=True),
        sa.Column("received_on", sa.Date, nullable=False, index=True),
    )
    _imports()
    op.create_table(
        "deletions",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("partner_id", sa.String(36), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("good_count", sa.Integer, nullable=False),
        sa.Column("done_count", sa.Integer, nullable=False),
        sa.Column("report", sa.LargeBinary),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("traceparent", sa.String(55), nullable=False),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("signal_id", sa.String(36), nullable=False),
        sa.Column("receipt_hash", sa.String(32), nullable=False),
        sa.Column("reference_hash", sa.String(32)),
        sa.Column("epoch", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("withdrawal", sa.LargeBinary),
        sa.Column("registered_on", sa.Date, nullable=False),
    )
    op.create_table(
        "import_columns",
        sa.Column("partner_id", sa.String(36), primary_key=True),
        sa.Column("header_hash", sa.String(32), primary_key=True),
        sa.Column("field", sa.String(40), nullable=False),
    )
