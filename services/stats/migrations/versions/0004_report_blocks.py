# SPDX-License-Identifier: EUPL-1.2
"""Where in which report a block of text stands, and a period long enough for a range."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import BIG_ID

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing has written a block yet, so the table is made anew."""
    op.drop_index("report_blocks_by_period", "report_blocks")
    op.drop_table("report_blocks")
    op.create_table(
        "report_blocks",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("report", sa.String(10), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("slot", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("report_blocks_by_period", "report_blocks", ["municipality", "report", "period"])
