# SPDX-License-Identifier: EUPL-1.2
"""The first tables of the notifier."""

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
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("retracted", sa.Boolean, nullable=False),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("grounds", sa.String(400), nullable=False),
        sa.Column("terrain", sa.String(60), nullable=False),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("source_ref", sa.String(64), nullable=False),
        sa.Column("mass_event", sa.String(80)),
        sa.Column("arrived_on", sa.Date, nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
    )
    op.create_index("cases_by_arrival", "cases", ["municipality", "arrived_on"])
