# SPDX-License-Identifier: EUPL-1.2
"""Which epoch's key a review falls with, why a review is there no more, and which ordinary words were put back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the column and the tables. A review of before has no epoch: it opens no more, and retention removes it."""
    op.add_column("reviews", sa.Column("epoch", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "closed_reviews",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("closed_on", sa.Date, nullable=False, index=True),
    )
    op.create_table(
        "put_back_words",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("word", sa.String(32), primary_key=True),
        sa.Column("learned_on", sa.Date, nullable=False),
    )
