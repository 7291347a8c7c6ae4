# SPDX-License-Identifier: EUPL-1.2
"""Settings of the anonymizer. Each carries its meaning, unit and effect; the environment prefix is `ANONYMIZER_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AnonymizerSettings(BaseSettings):
    """What an administrator may change about the anonymizer."""

    model_config = SettingsConfigDict(env_prefix="ANONYMIZER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    redaction_processes: int = Field(
        default=1, ge=0, le=32, description="processes beside the main one that redact; 0 redacts in the main process"
    )
    redaction_seconds: float = Field(
        default=5.0, gt=0, le=60, description="seconds one text may take; a slower one goes to review unread"
    )
    redaction_memory_mb: int = Field(
        default=1024, ge=512, le=65_536, description="address space of a redaction process; a text that needs more goes"
        " to review unread",
    )  # fmt: skip
    review_share: float = Field(
        default=0.0, ge=0, le=1, description="share of the texts the machine was sure of that a person checks as well"
    )
    review_lease_minutes: int = Field(
        default=30, ge=1, le=1_440, description="minutes a reviewer keeps a case from others after opening it"
    )
    review_keep_days: int = Field(
        default=7, ge=1, le=90, description="days a redacted text is kept after its review; undoing takes one"
    )
    review_wait_days: int = Field(
        default=180, ge=1, le=730, description="days a case waits for review before its text is deleted unreviewed"
    )
    processing_log: Path | None = Field(
        default=None, description="the file of the Logboek Dataverwerkingen; default: in the data directory"
    )
    dead_letter_days: int = Field(
        default=30, ge=1, le=365, description="days the sealed content of a dead letter is kept; then it cannot replay"
    )
    dead_letter_limit: int = Field(
        default=25, ge=1, le=10_000, description="dead letters in a row before consuming stops"
    )
