# SPDX-License-Identifier: EUPL-1.2
"""Settings of intake. Each carries its meaning, unit and effect; the environment prefix is `INTAKE_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class IntakeSettings(BaseSettings):
    """What an administrator may change about intake."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", frozen=True, extra="ignore", hide_input_in_errors=True)

    rate_limit_per_minute: int = Field(default=600, ge=0, le=1_000_000, description="signals per partner; 0 = off")
    idempotency_hours: int = Field(
        default=72, ge=1, le=24 * 30, description="how long a repeated request is recognised"
    )
    credential_cache_seconds: float = Field(
        default=0.5, ge=0, le=1, description="how long a checked key is trusted unseen; a revoked key stops within it"
    )
    codes_per_minute: int = Field(
        default=60, ge=0, le=100_000, description="tries of one receipt code per minute, by anybody; 0 = no limit"
    )
    wrong_codes_per_minute: int = Field(
        default=120,
        ge=0,
        le=100_000,
        description="wrong receipt codes per minute, from everybody together; 0 = no limit",
    )
    code_answer_seconds: float = Field(
        default=0.2, ge=0, le=5, description="no answer about a receipt code comes sooner, so that time tells nothing"
    )
    sealed_days: int = Field(default=30, ge=1, le=3660, description="how long a sealed signal stays for a new start")
    receipt_days: int = Field(
        default=1096, ge=30, le=3660, description="how long a receipt code works; afterwards nobody can join the two"
    )
    state_days: int = Field(default=1096, ge=30, le=3660, description="how long the state of a case can be asked for")
    dry_run_hours: int = Field(default=24, ge=1, le=72, description="how long what an import file held is kept")
    undo_days: int = Field(default=90, ge=1, le=366, description="how long an import can be undone")
    inbox_days: int = Field(default=60, ge=31, le=366, description="how long a handled event is recognised again")
    deletions_days: int = Field(default=3660, ge=366, le=3660, description="how long the deletion register is kept")
    processing_log: Path | None = Field(
        default=None, description="the file of the Logboek Dataverwerkingen; default: in the data directory"
    )
