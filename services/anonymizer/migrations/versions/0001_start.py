# SPDX-License-Identifier: EUPL-1.2
"""The first tables of the anonymizer."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import create_plumbing

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_plumbing()
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("submitted", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("correction", sa.Integer, nullable=False),
        sa.Column("updated_on", sa.Date, nullable=False),
    )
