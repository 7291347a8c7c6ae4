# SPDX-License-Identifier: EUPL-1.2
"""Settings of the anonymizer. Each carries its meaning, unit and effect; the environment prefix is `ANONYMIZER_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AnonymizerSettings(BaseSettings):
    """What an administrator may change about the anonymizer."""

    model_config = SettingsConfigDict(env_prefix="ANONYMIZER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    redaction_processes: int = Field(
        default=1, ge=0, le=32, description="processes beside the main one that redact; 0 redacts in the main process"
    )
    dead_letter_limit: int = Field(
        default=25, ge=1, le=10_000, description="dead letters in a row before consuming stops"
    )
