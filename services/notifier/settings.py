# SPDX-License-Identifier: EUPL-1.2
"""Settings of the notifier. Each carries its meaning, unit and effect; the environment prefix is `NOTIFIER_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class NotifierSettings(BaseSettings):
    """What an administrator may change about the notifier."""

    model_config = SettingsConfigDict(env_prefix="NOTIFIER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    series_days: int = Field(default=3 * 366, ge=365, le=10 * 366, description="how many days of series are kept")
