# SPDX-License-Identifier: EUPL-1.2
"""The pictures of past months."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "pictures",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
