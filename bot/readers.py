"""How the text of a setting becomes a value; what is wrong with it ends "NAME …" in a sentence (ValueError)."""

import base64
import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.exceptions import ConfigurationError

from models.integrations import EndPolicy


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def token(value: str) -> str:
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("must be one word, without spaces; copy it again")
    return value


def switch(value: str) -> bool:
    if value.lower() in {"true", "yes", "on", "1"}:
        return True
    if value.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("must be true or false")


def number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise ValueError("must be a whole number")
    return int(value)


def names(value: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if not found:
        raise ValueError("must hold at least one value; several are separated by commas")
    return found


def web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        complete = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        complete = False
    if not complete or re.search(r"\s", value):
        raise ValueError("must be an address such as https://bot.example.com")
    return value.rstrip("/")


def web_origin(value: str) -> str:
    origin = web_address(value)
    parts = urlsplit(origin)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address without a path, such as https://bot.example.com")
    return origin


def database_address(value: str) -> str:
    form = "must be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"
    if not re.fullmatch(r"(sqlite|postgres|postgresql)://\S+", value):
        raise ValueError(form)
    try:
        expand_db_url(value)
    except (ConfigurationError, ValueError):  # its words may hold the password
        raise ValueError(f"{form}; in a password, @ is written %40, / %2F and # %23") from None
    return value


def binding(value: str) -> Address:
    host, separator, port = value.rpartition(":")
    if not separator or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    host = host.strip("[]") or "127.0.0.1"
    if not _is_host(host):
        raise ValueError("must name a host by its address or name, such as 127.0.0.1:8080 or [::1]:8080")
    return Address(host, int(port))


def _is_host(host: str) -> bool:
    if ":" in host or re.fullmatch(r"[0-9.]+", host):
        try:
            ip_address(host)
        except ValueError:
            return False
        return True
    return re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})", host) is not None


_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: str) -> timedelta:
    match = re.fullmatch(r"([0-9]{1,6})\s*(ms|s|m|h|d)", value)
    if not match:
        raise ValueError("must be a number and a unit: 90s, 15m, 72h or 3d")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > timedelta(days=3650):
        raise ValueError("must be at most 3650d")
    return length


def interval(value: str) -> timedelta:
    length = duration(value)
    if not length:
        raise ValueError("must be longer than nothing")
    return length


def up_to_an_hour(value: str) -> timedelta:
    length = interval(value)
    if length > timedelta(hours=1):
        raise ValueError("must be at most 1h")
    return length


def webhook_secrets(value: str) -> tuple[str, ...]:
    found = names(value)
    if not all(secret.startswith("whsec_") and _is_key(secret.removeprefix("whsec_")) for secret in found):
        raise ValueError(
            "must be whsec_ and base64, as the platform shows it; several are separated by commas"
        )
    return found


def _is_key(encoded: str) -> bool:
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        return len(base64.b64decode(padded, validate=True)) >= 12
    except ValueError:
        return False


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
    try:
        readable = isinstance(load_pem_public_key(key.encode()), Ed25519PublicKey)
    except (ValueError, UnsupportedAlgorithm):
        readable = False
    if not readable:
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
