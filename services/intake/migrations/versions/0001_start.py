# SPDX-License-Identifier: EUPL-1.2
"""The first tables of intake."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import create_plumbing

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_plumbing()
    op.create_table(
        "partners",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("adv", sa.Boolean, nullable=False),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("source_ref", sa.String(64), nullable=False, unique=True),
        sa.Column("created_on", sa.Date, nullable=False),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("partner_id", sa.String(36), sa.ForeignKey("partners.id"), nullable=False, index=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("scopes", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_on", sa.Date),
    )
    op.create_table(
        "signals",
        sa.Column("signal_id", sa.String(36), primary_key=True),
        sa.Column("epoch", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False, index=True),
    )
    op.create_table(
        "receipts",
        sa.Column("receipt_hash", sa.String(32), primary_key=True),
        sa.Column("signal_id", sa.String(36), nullable=False, unique=True),
        sa.Column("partner_id", sa.String(36), nullable=False, index=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("corrections", sa.Integer, nullable=False),
    )
    op.create_table(
        "idempotent_answers",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("body_digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
