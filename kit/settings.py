"""Settings: what configures a machine. Policy (deadlines, thresholds, texts) is rows, never here."""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.errors import Misconfigured


class Settings(BaseSettings):
    """Every setting of the processes, read from the environment. `.env.example` documents each one."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=False)

    database_url: str = Field(alias="DATABASE_URL")
    redis_url: str = Field(alias="REDIS_URL")
    storage_url: str = Field(alias="STORAGE_URL")
    storage_access_key: SecretStr = Field(default=SecretStr(""), alias="STORAGE_ACCESS_KEY")
    storage_secret_key: SecretStr = Field(default=SecretStr(""), alias="STORAGE_SECRET_KEY")
    secret_key: SecretStr = Field(alias="JZ_SECRET_KEY", min_length=32)
    vault_public_key: str = Field(alias="JZ_VAULT_PUBLIC_KEY", pattern=r"^[0-9a-f]{64}$")
    demo: bool = Field(default=True, alias="JZ_DEMO")
    second_factor: str = Field(default="", alias="JZ_SECOND_FACTOR", pattern=r"^[a-z_0-9, ]*$")
    vault_socket: str = Field(default="", alias="JZ_VAULT_SOCKET")
    vault_password: SecretStr = Field(default=SecretStr(""), alias="JZ_VAULT_PASSWORD")
    vault_keys: str = Field(default="", alias="JZ_VAULT_KEYS")
    vault_passphrase: SecretStr = Field(default=SecretStr(""), alias="JZ_VAULT_PASSPHRASE")
    host: str = Field(default="127.0.0.1", alias="JZ_HOST")
    port: int = Field(default=8000, alias="JZ_PORT", ge=1, le=65535)
    metrics_port: int = Field(default=0, alias="JZ_METRICS_PORT", ge=0, le=65000)
    metrics_host: str = Field(default="127.0.0.1", alias="JZ_METRICS_HOST")
    public_url: str = Field(default="", alias="JZ_PUBLIC_URL")
    trusted_proxies: str = Field(default="", alias="JZ_TRUSTED_PROXIES")
    smtp_url: SecretStr = Field(default=SecretStr(""), alias="JZ_SMTP_URL")
    mail_from: str = Field(default="", alias="JZ_MAIL_FROM")
    bot_hosts: str = Field(default="", alias="JZ_BOT_HOSTS")
    webhook_networks: str = Field(default="", alias="JZ_WEBHOOK_NETWORKS")
    log_level: str = Field(default="INFO", alias="JZ_LOG_LEVEL")
    api_processes: int = Field(default=1, alias="JZ_API_PROCESSES", ge=1, le=64)
    worker_processes: int = Field(default=2, alias="JZ_WORKER_PROCESSES", ge=1, le=64)
    scratch: Path = Field(default=Path("/tmp"), alias="JZ_SCRATCH")  # noqa: S108 - a default; `./jz up` gives a private one

    @property
    def base_url(self) -> str:
        """The address under which people reach this installation, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """Roles that must have a second factor; `all` in it stands for every role."""
        asked = self.second_factor or ("off" if self.demo else "all")
        return frozenset(part.strip() for part in asked.split(",") if part.strip()) - {"off"}

    @property
    def proxies(self) -> list[str]:
        """Addresses and networks whose X-Forwarded-For is believed."""
        return [part.strip() for part in self.trusted_proxies.split(",") if part.strip()]

    @property
    def named_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks of one's own that webhooks may go to although they are not of the internet; only in a demo."""
        return tuple(ip_network(part.strip()) for part in self.webhook_networks.split(",") if part.strip())

    @field_validator("vault_password")
    @classmethod
    def _is_long_and_plain(cls, said: SecretStr) -> SecretStr:
        """Hexadecimal, so that it may stand in an address and a statement as it is."""
        if not re.fullmatch(r"([0-9a-f]{32,})?", said.get_secret_value()):
            raise ValueError("at least 32 hexadecimal digits")
        return said

    @field_validator("trusted_proxies", "webhook_networks")
    @classmethod
    def _are_addresses(cls, said: str) -> str:
        """Each is an address or a network: a name or a star would let anybody be somebody else."""
        for part in filter(None, (part.strip() for part in said.split(","))):
            ip_network(part)
        return said

    @model_validator(mode="after")
    def _names_networks_only_in_a_demo(self) -> Self:
        """A district's own installation sends webhooks to the internet and into no network behind it."""
        if self.webhook_networks and not self.demo:
            raise ValueError("JZ_WEBHOOK_NETWORKS is for demos and tests (JZ_DEMO=1) alone")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once. A test that changes the environment calls `settings.cache_clear()`.

    Raises Misconfigured.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as failure:
        raise Misconfigured(what_is_wrong(failure)) from failure


def what_is_wrong(failure: ValidationError) -> str:
    """The first bad setting in one sentence, without what was given: it may be a secret."""
    first = failure.errors()[0]
    name = first["loc"][0] if first["loc"] else "a setting"
    if first["type"] == "missing":
        return f"{name} is not given. ./jz up makes what it needs; .env.example says what else it may be."
    return f"{name} is not usable: {first['msg']}. .env.example says what it may be."
