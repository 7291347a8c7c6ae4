# SPDX-License-Identifier: EUPL-1.2
"""Settings of intake. Each carries its meaning, unit and effect; the environment prefix is `INTAKE_`."""

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
