# SPDX-License-Identifier: EUPL-1.2
"""The lines of the processing log that still have to leave."""

from shared.migrations import create_processing_log

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    create_processing_log()
