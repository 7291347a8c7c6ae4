# SPDX-License-Identifier: EUPL-1.2
"""Settings that every process shares: where the data, the bus and the keys are.

Owns reading the environment (`*_FILE` for secrets is offered by each service's own settings). Embedded mode derives
everything from one data directory; distributed mode names each part. Bad settings stop the process before a socket
opens.
"""

from pathlib import Path
from typing import Final, TypeVar

from pydantic import AnyHttpUrl, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import Misconfigured

SERVICES: Final = ("intake", "anonymizer", "stats", "notifier")


class Installation(BaseSettings):
    """What the processes of one installation agree on."""

    model_config = SettingsConfigDict(env_prefix="SEINHUIS_", frozen=True, extra="ignore", hide_input_in_errors=True)

    data: Path | None = Field(default=None, description="embedded mode: the data directory")
    bus: str | None = Field(default=None, description="distributed mode: kafka://host:port[,host:port]")
    keys: Path | None = Field(default=None, description="the folder with keys; embedded: <data>/keys")
    public_url: AnyHttpUrl | None = Field(default=None, description="the address people use; embedded: that of `up`")
    municipalities: Path | None = Field(default=None, description="the folder with municipalities; default: shipped")
    event_source: str = Field(
        default="urn:nld:oin:00000099000000000000:systeem:seinhuis",
        pattern=r"^urn:nld:(oin:\d{20}|kvknr:\d{8}):systeem:[a-z0-9-]+$",
        description="the CloudEvents source; the default is the free test prefix 00000099",
    )

    @property
    def embedded(self) -> bool:
        """Whether everything lives in one data directory."""
        return self.bus is None

    @property
    def data_folder(self) -> Path:
        """The data directory, absolute."""
        return (self.data or Path("data")).resolve()

    @property
    def bus_url(self) -> str:
        """Where the bus is."""
        return self.bus or f"embedded://{self.data_folder / 'log.sqlite'}"

    @property
    def keys_folder(self) -> Path:
        """Where the keys are."""
        return (self.keys or self.data_folder / "keys").resolve()


class DatabaseSettings(BaseSettings):
    """The databases of distributed mode; embedded mode has one SQLite file per service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    intake_database_url: str | None = None
    anonymizer_database_url: str | None = None
    stats_database_url: str | None = None
    notifier_database_url: str | None = None

    def url(self, service: str, installation: Installation) -> str:
        """The URL of a service's database. Raises: Misconfigured when distributed mode does not name it."""
        named: str | None = getattr(self, f"{service}_database_url")
        if named:
            return named
        if not installation.embedded:
            raise Misconfigured("database_url_missing", setting=f"{service.upper()}_DATABASE_URL")
        return f"sqlite+aiosqlite:///{installation.data_folder / service}.sqlite"


def read_installation(*, data: Path | None = None) -> Installation:
    """The installation's settings; `data` (from the command line) wins over the environment.

    Raises: Misconfigured `bad_setting` with the setting's name.
    """
    return read(Installation, **({"data": data} if data is not None else {}))


S = TypeVar("S", bound=BaseSettings)


def read(model: type[S], **given: object) -> S:
    """Settings from the environment. Raises: Misconfigured `bad_setting` with the setting's name, never its value."""
    try:
        return model(**given)  # type: ignore[arg-type]  # the model itself validates what it is given
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]
        prefix = model.model_config.get("env_prefix", "")
        name = f"{prefix}{'_'.join(str(part) for part in place['loc'])}".upper()
        raise Misconfigured("bad_setting", setting=name) from None
