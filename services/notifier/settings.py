# SPDX-License-Identifier: EUPL-1.2
"""Settings of the notifier. Each carries its meaning, unit and effect; the environment prefix is `NOTIFIER_`."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class NotifierSettings(BaseSettings):
    """What an administrator may change about the notifier.

    The gate and the budget are where every municipality starts; changing them for one goes by the rules page, with a
    reason, and is in the audit log.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFIER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    series_days: int = Field(default=3 * 366, ge=365, le=10 * 366, description="how many days of series are kept")
    gate_signals: int = Field(default=5, ge=3, le=50, description="fewest signals behind an alert")
    gate_partners: int = Field(default=3, ge=2, le=20, description="fewest organisations behind an alert")
    gate_days: int = Field(default=2, ge=1, le=14, description="fewest days on which those signals arrived")
    gate_largest_share: float = Field(default=0.6, gt=0, lt=1, description="largest share of one organisation")
    budget_per_year: float = Field(default=4.0, ge=0.5, le=24, description="false alarms a year that are accepted")
    evaluate_every_seconds: int = Field(default=600, ge=1, le=86_400, description="least time between two looks")
    send_hours: tuple[int, ...] = Field(
        default=(9, 15), min_length=1, description="local hours at which messages leave"
    )
    quiet_hours: tuple[int, int] = Field(
        default=(21, 8), description="local hours from which and until which no mail is tried again; equal: none"
    )
    unconfirmed_days: int = Field(default=14, ge=1, le=90, description="how long an address waits for its receiver")
    deliver_every_seconds: int = Field(default=15, ge=1, le=3_600, description="how often due messages are looked for")

    smtp_host: str | None = Field(default=None, description="mail relay; none: messages are left as files")
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = Field(default="starttls", description="none: only on this machine")
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_password_file: Path | None = Field(default=None, description="a file with the password, in place of the value")
    smtp_ca_file: Path | None = Field(
        default=None, description="certificate authority of the relay, when it is its own"
    )
    mail_from: str = Field(default="seinhuis@localhost.invalid", description="the sender's address")
    notify_url: str | None = Field(default=None, pattern=r"^https?://", description="a NotifyNL-compatible service")
    notify_template: str | None = None
    notify_key_file: Path | None = Field(default=None, description="a file with that service's API key")
    webhook_allow_private: bool = Field(default=False, description="let webhooks reach private addresses: tests only")
    webhook_ca_file: Path | None = Field(default=None, description="an extra certificate authority for webhooks")
    drop_folder: Path | None = Field(default=None, description="where file drops go; embedded: <data>/berichten")

    @model_validator(mode="after")
    def _hours_exist(self) -> Self:
        if list(self.send_hours) != sorted(set(self.send_hours)) or not all(
            0 <= hour <= 23 for hour in self.send_hours
        ):
            raise ValueError("send_hours must be rising hours of a day")
        if not all(0 <= hour <= 23 for hour in self.quiet_hours):
            raise ValueError("quiet_hours must be hours of a day")
        return self

    def password(self) -> str | None:
        """The relay's password, from the file when one is named."""
        if self.smtp_password_file is not None:
            return self.smtp_password_file.read_text(encoding="utf-8").strip()
        return self.smtp_password.get_secret_value() if self.smtp_password else None
