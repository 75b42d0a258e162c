"""The bot itself: its settings, whether it runs, and where it can be reached from."""

from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.config import Config
from bot.fans.vault import fingerprint
from bot.operations.doctor.findings import Finding, bad, good, unknown
from bot.operations.running import Running, Silent

_TIMEOUT = ClientTimeout(total=10)
_START = "Start it with: make run"


def settings(config: Config) -> Finding:
    public = urlsplit(config.public_url)
    if public.scheme != "https" and not _is_loopback(public.hostname or ""):
        return bad(
            "Settings",
            f"PUBLIC_URL is {config.public_url}: browsers keep no sign-in without https.",
            "Put a proxy that speaks TLS in front of BIND, and set PUBLIC_URL to its https address.",
        )
    return good("Settings", "complete.")


def at_work(running: Running | Silent) -> Finding:
    match running:
        case Running(ready=True, attention=()):
            return good("Bot", "it is running, and nothing waits for you.")
        case Running(lacking=lacking, attention=attention):
            says = (
                f"it is running without: {', '.join(lacking)}."
                if lacking
                else "it is running; this waits for you:"
            )
            return bad("Bot", says, *attention)
        case Silent(holds_database=True):
            return bad(
                "Bot",
                "one works on this database, but does not answer at OPS_BIND.",
                "Run this where OPS_BIND is reachable, with the settings the bot was started with.",
            )
        case _:
            return unknown("Bot", "it is not running, so what needs it running was not looked at.", _START)


def keys(config: Config, running: Running | Silent) -> Finding | None:
    if not isinstance(running, Running):
        return None
    if [fingerprint(key) for key in config.secret_keys] == list(running.keys):
        return good("Secret keys", "the running bot has those of the settings.")
    return bad(
        "Secret keys",
        "the running bot was started with other SECRET_KEYS.",
        "Restart it, so that it has the settings as they are now.",
    )


async def reached(config: Config, running: Running | Silent) -> AsyncIterator[Finding]:
    """By the way people and the platform take."""
    status = await _status(f"{config.public_url}/healthz")
    if status == 200:
        yield good("PUBLIC_URL", f"{config.public_url} is reachable from here.")
    elif isinstance(running, Silent) and not running.holds_database:
        yield unknown("PUBLIC_URL", f"{config.public_url} does not answer, since the bot is not running.")
    else:
        says = (
            f"{config.public_url}/healthz answers {status}."
            if status
            else f"{config.public_url} is not reached."
        )
        bind = f"{config.bind.host}:{config.bind.port}"
        yield bad(
            "PUBLIC_URL", says, f"Look at its DNS, its certificate, and that its proxy leads to {bind}."
        )


async def ops_address(config: Config, running: Running | Silent) -> Finding:
    """``/metrics`` is nobody else's business."""
    host, port = config.ops_bind.host, config.ops_bind.port
    about, shown = "OPS_BIND", f"{host}:{port}"
    advice = "Bind it to 127.0.0.1 or to an address of a private network."
    if _is_private(host):
        return good(about, f"{shown} is private.")
    if not _is_everywhere(host):
        return bad(about, f"{shown} is not a private address.", advice)
    if not isinstance(running, Running):
        return unknown(about, f"{shown} listens on every address.", advice)
    public = urlsplit(config.public_url).hostname or ""
    outside = f"http://{f'[{public}]' if ':' in public else public}:{port}/readyz"
    if await _status(outside):
        return bad(about, f"it can be read at {outside}.", advice, "Or close the port in the firewall.")
    return good(about, f"{shown} listens on every address, but is not reached at {public}.")


async def _status(url: str) -> int:
    """0: no answer."""
    async with ClientSession(timeout=_TIMEOUT) as http:
        try:
            async with http.get(url, allow_redirects=False) as answer:
                return answer.status
        except (ClientError, OSError):
            return 0


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    ip = _ip(host)
    return host == "localhost" if ip is None else ip.is_loopback


def _is_everywhere(host: str) -> bool:
    ip = _ip(host)
    return ip is not None and ip.is_unspecified


def _is_private(host: str) -> bool:
    ip = _ip(host)
    if ip is None:
        return "." not in host  # a name of this machine, or of a container's network
    return ip.is_private and not ip.is_unspecified
