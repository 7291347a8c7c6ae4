# SPDX-License-Identifier: EUPL-1.2
"""The first tables of stats: the ledger, the cases, the counts and the frozen forms."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import BIG_ID, create_plumbing

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_plumbing()
    op.create_table(
        "ledger",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(64), nullable=False, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("entry", sa.String(20), nullable=False),
        sa.Column("facts", sa.Text),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("municipality", sa.String(6)),
        sa.Column("registered_on", sa.Date),
        sa.Column("incident_on", sa.Date),
        sa.Column("facts", sa.Text),
        sa.CheckConstraint("(state = 'counted') = (facts IS NOT NULL)", name="only_counted_cases_have_facts"),
    )
    op.create_index("cases_by_registration", "cases", ["municipality", "registered_on"])
    op.create_index("cases_by_incident", "cases", ["municipality", "incident_on"])
    op.create_table(
        "uncounted",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("sign", sa.SmallInteger, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cells",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("span", sa.String(10), primary_key=True),
        sa.Column("basis", sa.String(10), primary_key=True),
        sa.Column("pair", sa.String(40), primary_key=True),
        sa.Column("counts", sa.Text, nullable=False),
    )
    op.create_table(
        "forms",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("schema", sa.String(40), nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("form_without_mass", sa.Text, nullable=False),
        sa.Column("differences", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.String(100), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(100)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("municipality", "year", "revision", name="one_form_per_revision"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_whole_or_not"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="four_eyes"),
    )
