# SPDX-License-Identifier: EUPL-1.2
"""Alerts, what people said of them, subscriptions and deliveries, and what staff enter."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _alerts()
    _staff()
    _subscriptions()


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("ground", sa.String(60)),
        sa.Column("terrain", sa.String(60)),
        sa.Column("district", sa.String(60)),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("step", sa.String(30), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("signals", sa.Integer, nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("verdict", sa.String(30)),
        sa.Column("retraction", sa.String(60)),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("reminded_on", sa.Date),
        sa.CheckConstraint("level between 0 and 3", name="level_known"),
        sa.CheckConstraint("since <= until", name="period_ordered"),
    )
    op.create_index("alerts_by_place", "alerts", ["municipality", "status"])
    op.create_table(
        "responses",
        sa.Column("response_id", sa.String(36), primary_key=True),
        sa.Column("alert_id", sa.String(36), sa.ForeignKey("alerts.alert_id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("step", sa.String(30), nullable=False),
        sa.Column("verdict", sa.String(30), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("undone_at", _MOMENT),
        sa.UniqueConstraint("alert_id", "number"),  # two people cannot both answer the same state
    )
    op.create_table(
        "looked",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False),
    )
    op.create_table(
        "chance",
        sa.Column("municipality", sa.String(6), primary_key=True),
        sa.Column("budget_per_year", sa.Float, primary_key=True),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("curve", sa.Text, nullable=False),
    )


def _staff() -> None:
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("municipality", "code", "subject", "since"),
    )
    op.create_table(
        "rules",
        sa.Column("rule_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("values", sa.Text, nullable=False),
        sa.UniqueConstraint("municipality", "number"),
    )
    op.create_table(
        "campaigns",
        sa.Column("campaign_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date, nullable=False),
        sa.Column("grounds", sa.String(400), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "mutes",
        sa.Column("mute_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("ground", sa.String(60)),
        sa.Column("district", sa.String(60)),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", sa.String(36), primary_key=True),
        sa.Column("municipality", sa.String(6), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("districts", sa.Text, nullable=False),
        sa.Column("grounds", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index("subscriptions_by_person", "subscriptions", ["by", "role"])
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.String(36), primary_key=True),
        sa.Column("subscription_id", sa.String(36), sa.ForeignKey("subscriptions.subscription_id"), nullable=False),
        sa.Column("alert_id", sa.String(36)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("once", sa.String(120), nullable=False, unique=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("leased_until", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sa.Column("outcome", sa.String(60)),
        sa.CheckConstraint("(lease is null) = (leased_until is null)", name="lease_whole"),
        sa.CheckConstraint("(status = 'wacht') = (done_at is null)", name="done_when_not_waiting"),
    )
    op.create_index("deliveries_due", "deliveries", ["status", "due_at"])
    op.create_index("deliveries_of", "deliveries", ["subscription_id", "sequence"])
