# SPDX-License-Identifier: EUPL-1.2
"""The releases, what sources say against them, and the blocks of text people add to a report."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import BIG_ID

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "releases",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("catalogue_version", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("objections_until", sa.Date),
        sa.Column("approved_by", sa.String(100)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_by", sa.String(100)),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retraction", sa.Text),
        sa.UniqueConstraint("municipality", "period", "revision", name="one_release_per_revision"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="release_approved_whole_or_not"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> made_by", name="release_four_eyes"),
        sa.CheckConstraint("retracted_at IS NULL OR approved_at IS NOT NULL", name="only_approved_is_retracted"),
        sa.CheckConstraint("(retracted_at IS NULL) = (retraction IS NULL)", name="retracted_with_reason"),
    )
    op.create_table(
        "objections",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("release_id", sa.String(36), nullable=False, index=True),
        sa.Column("source_ref", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_blocks",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("report_blocks_by_period", "report_blocks", ["municipality", "period"])
