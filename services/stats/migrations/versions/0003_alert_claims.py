# SPDX-License-Identifier: EUPL-1.2
"""What alerts have told of cases, so that a release does not say the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "alert_claims",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ground", sa.String(80)),
        sa.Column("terrain", sa.String(80)),
        sa.Column("district", sa.String(80)),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("at_least", sa.Integer, nullable=False),
        sa.CheckConstraint("first_day <= last_day", name="claim_days_in_order"),
        sa.CheckConstraint("at_least > 0", name="claim_says_something"),
    )
    op.create_index("alert_claims_by_period", "alert_claims", ["municipality", "last_day"])
