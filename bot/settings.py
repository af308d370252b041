"""What the operator sets: `QUNHU_…` in the environment or in `.env`."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from moderation.errors import ConfigError
from moderation.spiral import Tuning
from moderation.storage.scripts import Script
from moderation.storage.sealing import parse_keys
from moderation.vocabulary import Sensitivity

TOKEN_SHAPE = re.compile(r"\d+:[\w-]{8,}")
"""A token in the wrong line is not shown either."""


class ApprovalRule(StrEnum):
    """What becomes of a page that nobody here approved, or that is overdue."""

    OFF = "off"
    SAY = "say"
    HOLD = "hold"


KEY_FILE = "qunhu.key"
SECRETS = {"bot_token", "key", "webhook_secret", "database_url", "phone_url", "phone_secret"}
SHORTEST_SECRET = 16


def _numbers(value: Any) -> Any:
    """`1, 2 3` → [1, 2, 3]; anything else is left for pydantic to refuse."""
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").replace("，", " ").split() if part]
    return [value] if isinstance(value, int) else value


Ids = Annotated[list[int], NoDecode, BeforeValidator(_numbers)]


class Settings(BaseSettings):
    """All settings. Each field's description is what the README's table says."""

    model_config = SettingsConfigDict(
        env_prefix="QUNHU_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    bot_token: SecretStr = Field(
        description="The token that BotFather gave you.", examples=["123456789:AAE…"]
    )
    moderator_chat: int = Field(
        description="Id of the group in which your moderators get alerts.",
        examples=["-1001234567890"],
    )
    counselors: Ids = Field(
        default_factory=list,
        description="User ids of counselors, who get crises in private.",
        examples=["1111, 2222"],
    )
    owners: Ids = Field(
        default_factory=list,
        description="User ids of owners, who are told what is missing.",
        examples=["1111"],
    )
    data: Path = Field(
        default=Path("data"),
        description="Folder for the database and the key file.",
        examples=["/var/lib/qunhu"],
    )
    key: SecretStr | None = Field(
        default=None,
        description="Key for text at rest; without it one is made once, in the data folder.",
        examples=["44 characters of base64 from `qunhu doctor --new-key`"],
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="SQLAlchemy async URL; without it SQLite in the data folder.",
        examples=["sqlite+aiosqlite:///data/qunhu.db"],
    )
    api_base_url: str = Field(
        default="https://api.telegram.org/bot",
        description="Bot API server, for a self-hosted one or the simulator.",
        examples=["http://127.0.0.1:8081/bot"],
    )
    webhook_url: str | None = Field(
        default=None,
        description="Public https address for updates; without it the bot polls.",
        examples=["https://bot.example.org/telegram"],
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="Secret that Telegram sends with every update; needed with a webhook.",
        examples=["1–256 of A-Z a-z 0-9 _ -"],
    )
    webhook_listen: str = Field(
        default="127.0.0.1", description="Address the webhook listens on.", examples=["0.0.0.0"]
    )
    webhook_port: int = Field(
        default=8443, ge=1, le=65535, description="Port the webhook listens on.", examples=["8443"]
    )
    http_listen: str = Field(
        default="127.0.0.1",
        description="Address of /healthz, /readyz and /metrics.",
        examples=["0.0.0.0"],
    )
    http_port: int = Field(
        default=9107,
        ge=0,
        le=65535,
        description="Port of /healthz, /readyz and /metrics; 0 turns them off.",
        examples=["9107"],
    )
    model: Path | None = Field(
        default=None,
        description="Folder of another model; without it the one that ships.",
        examples=["/srv/models/qunhu"],
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        description="CPU threads for the model; without it as many as there are cores.",
        examples=["2"],
    )
    resources: Path | None = Field(
        default=None,
        description="Folder of your community's own pages, which replace or add to ours.",
        examples=["/srv/qunhu/pages"],
    )
    page_approval: ApprovalRule = Field(
        default=ApprovalRule.OFF,
        description="Pages that nobody here approved, or that are overdue: off (shown), say (shown, and said so), hold (kept back; what helps in a crisis never is).",
        examples=["say"],
    )
    script: Script = Field(
        default=Script.SIMPLIFIED,
        description="Characters for whoever has not chosen: simplified or traditional.",
        examples=["traditional"],
    )
    sensitivity: Sensitivity = Field(
        default=Sensitivity.BALANCED,
        description="Operating point of new groups: keen, balanced or quiet.",
        examples=["balanced"],
    )
    spiral_members: int = Field(
        default=3,
        ge=2,
        le=10,
        description="Upset members below which nothing is called a spiral; 2 also calls quarrels of two.",
        examples=["3"],
    )
    spiral_pause_minutes: float = Field(
        default=15,
        ge=0,
        description="After a spiral, before another is told in that group; longer is quieter and tells a second wave later.",
        examples=["30"],
    )
    spiral_history_minutes: float = Field(
        default=10,
        gt=0,
        description="A message older than this when it arrives (outage, import) is learnt from, never alerted as a spiral.",
        examples=["10"],
    )
    spiral_silence_minutes: float = Field(
        default=30,
        gt=0,
        description="Without a strong word, after which a spiral counts as over; shorter may tell one evening twice.",
        examples=["30"],
    )
    spiral_calm_messages: float = Field(
        default=3.2,
        gt=0,
        description="Calm messages after which a spiral counts as over; steadying ones and a moderator's weigh up to twice.",
        examples=["5"],
    )
    ack_imminent_minutes: float = Field(
        default=3,
        gt=0,
        description="An imminent crisis nobody has taken is called again after this long.",
        examples=["3"],
    )
    ack_ideation_minutes: float = Field(
        default=15,
        gt=0,
        description="The same for an ideation crisis.",
        examples=["15"],
    )
    contact_imminent_minutes: float = Field(
        default=10,
        gt=0,
        description="Whoever took an imminent crisis is asked after this long whether contact is made.",
        examples=["10"],
    )
    contact_ideation_minutes: float = Field(
        default=60,
        gt=0,
        description="The same for an ideation crisis.",
        examples=["60"],
    )
    take_back_seconds: float = Field(
        default=8,
        ge=0,
        le=60,
        description="A moderator's act towards a member waits so long and can be taken back.",
        examples=["8"],
    )
    moderator_topic: int | None = Field(
        default=None,
        ge=1,
        description="Topic of the moderators' group in which cards stand, where it has topics.",
        examples=["42"],
    )
    phone_url: str | None = Field(
        default=None,
        description="Address called, signed, when nobody at all answers a crisis; no member's text.",
        examples=["https://phone.example.org/ring"],
    )
    phone_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="Secret of the signature on those calls; needed with the address.",
        examples=["at least 16 characters"],
    )
    timezone: str = Field(
        default="Asia/Shanghai", description="Time zone of times shown.", examples=["Asia/Taipei"]
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="text or json.", examples=["json"]
    )

    @field_validator("webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("webhook_url"):
            raise ValueError("a secret, since without it anybody could post updates")
        if value is not None and not re.fullmatch("[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("1–256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("phone_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("phone_url"):
            raise ValueError("a secret, since without it anybody could ring the phone")
        if value is not None and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"at least {SHORTEST_SECRET} characters")
        return value

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parse_keys(value.get_secret_value())
            except ConfigError:
                raise ValueError("44 characters of base64") from None
        return value

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        number, _, secret = value.get_secret_value().partition(":")
        if not number.isdigit() or len(secret) < 10:
            raise ValueError("a number, a colon and the secret, as BotFather gave it")
        return value

    @field_validator("api_base_url", "webhook_url", "phone_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("an address that starts with http:// or https://")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("a time zone name") from None
        return value

    @property
    def spiral_tuning(self) -> Tuning:
        """What the spiral detector is given."""
        return Tuning(
            members=self.spiral_members,
            pause=60 * self.spiral_pause_minutes,
            history=60 * self.spiral_history_minutes,
            silence=60 * self.spiral_silence_minutes,
            calm=self.spiral_calm_messages,
        )

    @property
    def database(self) -> str:
        """The database's URL, with its default."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data / 'qunhu.db'}"

    @property
    def key_file(self) -> Path:
        """Where the key lives that is made once when none is set."""
        return self.data / KEY_FILE


def load_settings(**given: Any) -> Settings:
    """The settings; ConfigError that lists every mistake together, secrets never echoed."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ConfigError(_report(error)) from None


def variable(field: str) -> str:
    """The environment variable of a field."""
    return f"QUNHU_{field.upper()}"


def _report(error: ValidationError) -> str:
    lines = [_mistake(dict(mistake)) for mistake in error.errors()]
    count = f"{len(lines)} settings are" if len(lines) > 1 else "1 setting is"
    return "\n".join([f"{count} wrong or missing:", *lines])


def _mistake(mistake: dict[str, Any]) -> str:
    name = str(mistake["loc"][0])
    field = Settings.model_fields[name]
    example = (field.examples or [""])[0]
    missing = mistake["type"] == "missing"
    if missing:
        found = "is not set"
    elif mistake["input"] is None:
        found = "is missing"
    elif name in SECRETS or TOKEN_SHAPE.search(str(mistake["input"])):
        found = "was given (not shown here) but does not fit"
    else:
        found = f"is {mistake['input']!r}"
    wanted = "" if missing else f" Expected: {mistake['msg'].removeprefix('Value error, ')}."
    return f"  · {variable(name)} {found}: {field.description}{wanted} Example: {variable(name)}={example}"
