# SPDX-License-Identifier: EUPL-1.2
"""Settings of stats. Each carries its meaning, unit and effect; the environment prefix is `STATS_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class StatsSettings(BaseSettings):
    """What an administrator may change about stats."""

    model_config = SettingsConfigDict(env_prefix="STATS_", frozen=True, extra="ignore", hide_input_in_errors=True)

    forms: Path | None = Field(default=None, description="the folder with form schemas; default: those shipped")
    benchmark: Path | None = Field(
        default=None, description="a JSON or csv file with figures others published; default: those shipped alone"
    )
    count_every_seconds: int = Field(
        default=1, ge=1, le=3600, description="how often changes are added to the counts; figures are right meanwhile"
    )
    count_at_once: int = Field(
        default=500, ge=1, le=50_000, description="changes added to the counts in one transaction; more needs memory"
    )
    dead_letter_limit: int = Field(
        default=25, ge=1, le=10_000, description="dead letters in a row before consuming stops"
    )
