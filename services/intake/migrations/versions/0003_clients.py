# SPDX-License-Identifier: EUPL-1.2
"""Systems of partners, and the statements they used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clients",
        sa.Column("partner_id", sa.String(36), sa.ForeignKey("partners.id"), primary_key=True),
        sa.Column("keys", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "used_assertions",
        sa.Column("assertion_hash", sa.String(64), primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
