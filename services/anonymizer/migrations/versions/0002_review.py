# SPDX-License-Identifier: EUPL-1.2
"""Reviews, the words that reviewers marked, and the register of deletions."""

import sqlalchemy as sa
from alembic import op

from shared.retention import create_deletion_register

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(64), nullable=False, unique=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(200), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(20), nullable=True),
        sa.Column("decision_reason", sa.String(40), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, index=True),
        sa.CheckConstraint("(leased_by IS NULL) = (leased_until IS NULL)", name="lease_is_whole"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
    )
    op.create_index("reviews_in_order", "reviews", ["opened_at", "id"])
    op.create_table(
        "learned_words",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("first", sa.String(32), primary_key=True),
        sa.Column("whole", sa.String(32), primary_key=True),
        sa.Column("learned_on", sa.Date, nullable=False),
    )
    create_deletion_register()
