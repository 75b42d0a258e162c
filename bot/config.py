"""Settings: the one place where the environment is read.

Each field of :class:`Config` is one setting; its metadata says what it means, and ``.env.example`` is held against it
by a test. Everything that is wrong is said at once, by name and with what to do, because a person who fixes one
setting per start gives up.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from models.integrations import EndPolicy


class ConfigError(Exception):
    """Settings are missing or malformed; ``problems`` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int


def text(value: str) -> str:
    return value


def switch(value: str) -> bool:
    if value.lower() in {"true", "yes", "on", "1"}:
        return True
    if value.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("must be true or false")


def number(value: str) -> int:
    if not re.fullmatch(r"\d{1,20}", value):
        raise ValueError("must be a whole number")
    return int(value)


def names(value: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if not found:
        raise ValueError("must hold at least one value; several are separated by commas")
    return found


def web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://bot.example.com")
    return value.rstrip("/")


def binding(value: str) -> Address:
    host, separator, port = value.rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return Address(host.strip("[]") or "127.0.0.1", int(port))


_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})\s*(ms|s|m|h|d)", value)
    if not match:
        raise ValueError("must be a number and a unit: 90s, 15m, 72h or 3d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def webhook_secrets(value: str) -> tuple[str, ...]:
    found = names(value)
    if not all(re.fullmatch(r"whsec_[A-Za-z0-9+/]{16,}={0,2}", secret) for secret in found):
        raise ValueError(
            "must be whsec_ and base64, as the platform shows it; several are separated by commas"
        )
    return found


def secret_keys(value: str) -> tuple[str, ...]:
    found = names(value)
    if any(len(key) < 32 for key in found):
        raise ValueError("must hold keys of at least 32 characters each; make one with: openssl rand -hex 32")
    return found


def launch_secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("must be at least 32 characters long")
    return value


def launch_key(value: str) -> str:
    key = value.replace("\\n", "\n")
    if "BEGIN PUBLIC KEY" not in key:
        raise ValueError("must be an Ed25519 public key in PEM form, with \\n for its line ends")
    return key


def log_format(value: str) -> str:
    if value not in {"plain", "json"}:
        raise ValueError("must be plain or json")
    return value


def end_policy(value: str) -> EndPolicy:
    try:
        return EndPolicy(value)
    except ValueError:
        raise ValueError("must be keep, roles or added") from None


def grace_days(value: str) -> int:
    days = number(value)
    if days > 30:
        raise ValueError("must be between 0 and 30")
    return days


def setting(
    read: Callable[[str], Any], meaning: str, *, default: str | None = "", secret: bool = False
) -> Any:
    """Declare a setting; ``default`` None makes it required, the empty string makes it None when unset."""
    return field(metadata={"read": read, "meaning": meaning, "default": default, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    discord_token: str = setting(
        text,
        "The bot's token: Discord's developer portal → your application → Bot.",
        default=None,
        secret=True,
    )
    discord_client_id: int = setting(number, "The application's id: General Information.", default=None)
    discord_client_secret: str = setting(
        text, "The application's client secret: OAuth2.", default=None, secret=True
    )
    discord_api_url: str = setting(
        web_address,
        "Where Discord's HTTP API is; a rate-limit proxy or the sandbox takes its place.",
        default="https://discord.com/api/v10",
    )
    discord_members_intent: bool = setting(
        switch,
        "true: joins, leaves and hand edits are seen at once (switch on Server Members Intent at Discord first).",
        default="false",
    )
    public_url: str = setting(
        web_address, "Where people's browsers and the platform reach this bot, without a path.", default=None
    )
    bind: Address = setting(binding, "Where the web server listens.", default="127.0.0.1:8080")
    ops_bind: Address = setting(
        binding, "Where /metrics and /readyz listen; keep it private.", default="127.0.0.1:9090"
    )
    database_url: str = setting(
        text, "sqlite://PATH, or postgres://USER:PASSWORD@HOST/NAME.", default="sqlite://data/passes.db"
    )
    secret_keys: tuple[str, ...] = setting(
        secret_keys,
        "Encryption at rest and signing: the first writes, all read. Put a new key in front to rotate.",
        default=None,
        secret=True,
    )
    webhook_secrets: tuple[str, ...] = setting(
        webhook_secrets,
        "What the platform signs its webhooks with; several while rotating.",
        default=None,
        secret=True,
    )
    launch_secret: str | None = setting(
        launch_secret,
        "HS256 secret of the platform's hand-over tokens; or set LAUNCH_PUBLIC_KEY.",
        secret=True,
    )
    launch_public_key: str | None = setting(
        launch_key, "Ed25519 public key (PEM) of the platform's hand-over tokens; or set LAUNCH_SECRET."
    )
    membership_login_url: str | None = setting(
        web_address, "Where the platform signs people in and hands them over to /launch."
    )
    membership_api_url: str | None = setting(web_address, "Where the platform answers for the truth.")
    membership_api_token: str | None = setting(text, "Bearer token for MEMBERSHIP_API_URL.", secret=True)
    membership_events_url: str | None = setting(
        web_address, "Where the platform wants to be told what happened."
    )
    support_url: str | None = setting(
        web_address, "Where people get help; shown on every error page and in /passes help."
    )
    log_format: str = setting(log_format, "plain or json.", default="plain")
    slack: timedelta = setting(
        duration,
        "How long an active membership outlives paid_until: the renewal's event may be late.",
        default="72h",
    )
    grace_days: int = setting(
        grace_days, "Days a new integration forgives a failed payment (0 to 30).", default="3"
    )
    end_policy: EndPolicy = setting(
        end_policy,
        "What a new integration does at the end: keep, roles, or added (also put out whom the bot brought in).",
        default="added",
    )
    kick_delay: timedelta = setting(
        duration, "How long after the first decision the second one is made.", default="1h"
    )
    confirm_after: timedelta = setting(
        duration, "How soon what was done in Discord is looked at again; at most 1h.", default="30s"
    )
    account_changes: int = setting(number, "How often a fan may change accounts within 30 days.", default="3")
    session_length: timedelta = setting(duration, "How long a browser stays signed in.", default="12h")
    inbox_kept: timedelta = setting(duration, "How long received webhooks are kept.", default="90d")
    audit_kept: timedelta = setting(
        duration, "How long the record of grants and removals is kept.", default="730d"
    )
    sweep_every: timedelta = setting(
        duration, "How often the clock is looked at for what has ended.", default="30s"
    )

    @property
    def invite_url(self) -> str:
        """Discord's consent page is beside its API: ``…/api/v10`` → ``…/oauth2/authorize``."""
        return self.discord_api_url.split("/api/")[0] + "/oauth2/authorize"


def variable(setting_field: Field[Any]) -> str:
    """The environment variable of a setting."""
    return setting_field.name.upper()


def load(environment: Mapping[str, str]) -> Config:
    """Read every setting from ``environment``.

    Raises ConfigError with one sentence for each setting that is missing or malformed.
    """
    problems: list[str] = []
    values = {item.name: _read(item, environment, problems) for item in fields(Config)}
    problems += _contradictions(values)
    if problems:
        raise ConfigError(problems)
    return Config(**values)


def _read(item: Field[Any], environment: Mapping[str, str], problems: list[str]) -> Any:
    default = item.metadata["default"]
    raw = environment.get(variable(item), "").strip() or default
    if raw is None:
        problems.append(f"{variable(item)} is missing. {item.metadata['meaning']}")
        return MISSING
    if raw == "":
        return None
    try:
        return item.metadata["read"](raw)
    except ValueError as error:
        problems.append(f"{variable(item)} {error}.")
        return MISSING


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    problems = []
    if values["launch_secret"] is None and values["launch_public_key"] is None:
        problems.append(
            "LAUNCH_SECRET or LAUNCH_PUBLIC_KEY is missing. Set the one the platform signs its hand-over tokens with."
        )
    if values["launch_secret"] is not None and values["launch_public_key"] is not None:
        problems.append("LAUNCH_SECRET and LAUNCH_PUBLIC_KEY are both set. Keep the one the platform uses.")
    if values["launch_secret"] and values["launch_secret"] in (values["webhook_secrets"] or ()):
        problems.append("LAUNCH_SECRET must not be a webhook secret. Ask the platform for one of its own.")
    if values["membership_api_url"] and not values["membership_api_token"]:
        problems.append("MEMBERSHIP_API_TOKEN is missing. MEMBERSHIP_API_URL needs it.")
    return problems
