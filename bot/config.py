"""Settings: the one place where the environment is read.

Each field of :class:`Config` is one setting; its metadata says what it means, and ``.env.example`` is held against it
by a test. Everything that is wrong is said at once, by name and with what to do, because a person who fixes one
setting per start gives up.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import Binding, parse_stream

from bot import readers
from bot.readers import Address
from models.integrations import EndPolicy


class ConfigError(Exception):
    """Settings are missing or malformed; ``problems`` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def setting(
    read: Callable[[str], Any], meaning: str, *, default: str | None = "", secret: bool = False
) -> Any:
    """Declare a setting; ``default`` None makes it required, the empty string makes it None when unset."""
    return field(
        repr=not secret, metadata={"read": read, "meaning": meaning, "default": default, "secret": secret}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    discord_token: str = setting(
        readers.token,
        "The bot's token: Discord's developer portal → your application → Bot.",
        default=None,
        secret=True,
    )
    discord_client_id: int = setting(
        readers.number, "The application's id: General Information.", default=None
    )
    discord_client_secret: str = setting(
        readers.token, "The application's client secret: OAuth2.", default=None, secret=True
    )
    discord_api_url: str = setting(
        readers.web_address,
        "Where Discord's HTTP API is; a rate-limit proxy or the sandbox takes its place.",
        default="https://discord.com/api/v10",
    )
    discord_members_intent: bool = setting(
        readers.switch,
        "true: joins, leaves and hand edits are seen at once (switch on Server Members Intent at Discord first).",
        default="false",
    )
    public_url: str = setting(
        readers.web_origin,
        "Where people's browsers and the platform reach this bot, without a path.",
        default=None,
    )
    bind: Address = setting(readers.binding, "Where the web server listens.", default="127.0.0.1:8080")
    ops_bind: Address = setting(
        readers.binding, "Where /metrics and /readyz listen; keep it private.", default="127.0.0.1:9090"
    )
    database_url: str = setting(
        readers.database_address,
        "sqlite://PATH, or postgres://USER:PASSWORD@HOST/NAME.",
        default="sqlite://data/passes.db",
        secret=True,
    )
    secret_keys: tuple[str, ...] = setting(
        readers.secret_keys,
        "Encryption at rest and signing: the first writes, all read. Put a new key in front to rotate.",
        default=None,
        secret=True,
    )
    webhook_secrets: tuple[str, ...] = setting(
        readers.webhook_secrets,
        "What the platform signs its webhooks with; several while rotating.",
        default=None,
        secret=True,
    )
    launch_secret: str | None = setting(
        readers.launch_secret,
        "HS256 secret of the platform's hand-over tokens; or set LAUNCH_PUBLIC_KEY.",
        secret=True,
    )
    launch_public_key: str | None = setting(
        readers.launch_key,
        "Ed25519 public key (PEM) of the platform's hand-over tokens; or set LAUNCH_SECRET.",
    )
    membership_login_url: str | None = setting(
        readers.web_address, "Where the platform signs people in and hands them over to /launch."
    )
    membership_api_url: str | None = setting(readers.web_address, "Where the platform answers for the truth.")
    membership_api_token: str | None = setting(
        readers.token, "Bearer token for MEMBERSHIP_API_URL.", secret=True
    )
    membership_events_url: str | None = setting(
        readers.web_address, "Where the platform wants to be told what happened."
    )
    support_url: str | None = setting(
        readers.web_address, "Where people get help; shown on every error page and in /passes help."
    )
    log_format: str = setting(readers.log_format, "plain or json.", default="plain")
    slack: timedelta = setting(
        readers.duration,
        "How long an active membership outlives paid_until: the renewal's event may be late.",
        default="72h",
    )
    grace_days: int = setting(
        readers.grace_days, "Days a new integration forgives a failed payment (0 to 30).", default="3"
    )
    end_policy: EndPolicy = setting(
        readers.end_policy,
        "What a new integration does at the end: keep, roles, or added (also put out whom the bot brought in).",
        default="added",
    )
    kick_delay: timedelta = setting(
        readers.duration, "How long after the first decision the second one is made.", default="1h"
    )
    confirm_after: timedelta = setting(
        readers.up_to_an_hour,
        "How soon what was done in Discord is looked at again; at most 1h.",
        default="30s",
    )
    account_changes: int = setting(
        readers.number, "How often a fan may change accounts within 30 days.", default="3"
    )
    session_length: timedelta = setting(
        readers.interval, "How long a browser stays signed in.", default="12h"
    )
    inbox_kept: timedelta = setting(readers.duration, "How long received webhooks are kept.", default="90d")
    audit_kept: timedelta = setting(
        readers.duration, "How long the record of grants and removals is kept.", default="730d"
    )
    sweep_every: timedelta = setting(
        readers.interval, "How often the clock is looked at for what has ended.", default="30s"
    )

    @property
    def invite_url(self) -> str:
        """Discord's consent page is beside its API: ``…/api/v10`` → ``…/oauth2/authorize``."""
        return self.discord_api_url.split("/api/")[0] + "/oauth2/authorize"


def variable(setting_field: Field[Any]) -> str:
    """The environment variable of a setting."""
    return setting_field.name.upper()


def read(dotenv: Path = Path(".env"), *, over: Mapping[str, str] = os.environ) -> Config:
    """The process's environment over what ``dotenv`` holds, if there is such a file.

    Raises ConfigError with one sentence for each line that cannot be understood, and for each setting as ``load`` does.
    """
    lines = _lines(dotenv)
    odd = [f"{dotenv}, line {_line(each)}, is not NAME=value." for each in lines if _is_odd(each)]
    written = {each.key: each.value for each in lines if each.key and each.value}
    try:
        config = load(written | dict(over))
    except ConfigError as error:
        raise ConfigError([*odd, *error.problems]) from None
    if odd:
        raise ConfigError(odd)
    return config


def _lines(dotenv: Path) -> list[Binding]:
    try:
        text = dotenv.read_text(encoding="utf-8-sig")  # Windows puts a mark before the first name
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise ConfigError([f"{dotenv} is not text in UTF-8. Save it as UTF-8."]) from None
    except OSError as error:
        raise ConfigError([f"{dotenv} cannot be read ({error.strerror})."]) from None
    return list(parse_stream(StringIO(text)))


def _is_odd(binding: Binding) -> bool:
    """Whether the parser gave up on it, or found a name without ``=``."""
    return binding.error or (binding.key is not None and binding.value is None)


def _line(binding: Binding) -> int:
    """Where it begins: the parser counts the empty lines before it as its own."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def example() -> str:
    """Every setting with its meaning and default, as ``.env.example`` holds it: what must be set stands open."""
    lines = ["# Copy to .env and fill in what has no # in front. Durations: 300ms, 90s, 15m, 72h, 3d.", ""]
    for item in fields(Config):
        default = item.metadata["default"]
        lines.append(f"# {item.metadata['meaning']}")
        lines.append(f"{variable(item)}=" if default is None else f"# {variable(item)}={default}")
        lines.append("")
    return "\n".join(lines)


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
    """What settings say against each other; one that could not be read (MISSING) contradicts nothing."""
    problems = []
    launch = (values["launch_secret"], values["launch_public_key"])
    if launch == (None, None):
        problems.append(
            "LAUNCH_SECRET or LAUNCH_PUBLIC_KEY is missing. Set the one the platform signs its hand-over tokens with."
        )
    if None not in launch:
        problems.append("LAUNCH_SECRET and LAUNCH_PUBLIC_KEY are both set. Keep the one the platform uses.")
    webhook_secrets = values["webhook_secrets"]
    if webhook_secrets is not MISSING and values["launch_secret"] in webhook_secrets:
        problems.append("LAUNCH_SECRET must not be a webhook secret. Ask the platform for one of its own.")
    if values["membership_api_url"] is not None and values["membership_api_token"] is None:
        problems.append("MEMBERSHIP_API_TOKEN is missing. MEMBERSHIP_API_URL needs it.")
    return problems
